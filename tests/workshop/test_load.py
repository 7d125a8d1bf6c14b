"""A small workshop against a running app that is killed in the middle: the large one is ``tests/load/workshop.py``."""

from tests.load import workshop


def test_a_server_killed_in_the_middle_of_a_question_has_every_answer_it_acknowledged(tmp_path):
    found = workshop.run(people=30, join=1, answer=1.5, count=3, kill=True, folder=tmp_path)
    assert len(found.received) == 30 * 3 == len(found.counted)
    assert found.lost == [] and found.doubled == []
    assert found.retries > 0, "nobody noticed that the server was gone"
