"""The store of workshops, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from ics_core.errors import WorkshopError
from ics_core.workshop import rehearsal, schema, session
from ics_core.workshop.session import Question
from ics_core.workshop.store import Store
from tests.workshop.databases import postgresql  # noqa: F401 (a fixture)

QUESTIONS = (
    Question("falls", "lever", "How far?", lever="falls", outcome="emergency_admissions"),
    Question("say", "comment", "What else?"),
)


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/workshops.sqlite"
    return request.getfixturevalue("postgresql")()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(address, clock):
    one = Store(address, clock)
    yield one
    one.close()


@pytest.fixture
def workshop(store):
    made, _ = store.create("A workshop", "Cromer", QUESTIONS)
    return store.act(made.code, "forward")


def rows(store: Store, table: str) -> int:
    with store._engine.connect() as connection:
        return connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one()


def test_an_answer_is_there_for_another_process_as_soon_as_it_is_received(store, address, workshop):
    token = store.join(workshop.code)
    assert store.answer(workshop.code, token, "falls", "40") == 40
    other = Store(address, store._clock)
    assert [one.value for one in other.given(workshop.code)] == [40.0]
    assert other.own(workshop.code, token) == {"falls": 40.0}
    other.close()


def test_the_latest_answer_counts_once_and_a_replay_changes_nothing(store, workshop):
    token = store.join(workshop.code)
    store.answer(workshop.code, token, "falls", 10, "first")
    store.answer(workshop.code, token, "falls", 20, "second")
    assert store.answer(workshop.code, token, "falls", 10, "first") == 10
    assert [one.value for one in store.given(workshop.code)] == [20.0]
    assert store.count(workshop.code, "falls") == 1 and rows(store, "answers") == 2


def test_an_answer_that_was_received_is_acknowledged_again_after_the_question_closed(store, workshop):
    token = store.join(workshop.code)
    store.answer(workshop.code, token, "falls", 10, "first")
    store.act(workshop.code, "reveal")
    assert store.answer(workshop.code, token, "falls", 10, "first") == 10


def test_a_closed_question_takes_only_what_was_given_without_signal_and_a_shown_one_nothing(store, workshop):
    early, late = store.join(workshop.code), store.join(workshop.code)
    store.act(workshop.code, "close")
    with pytest.raises(WorkshopError, match="closed"):
        store.answer(workshop.code, early, "falls", 10)
    store.answer(workshop.code, late, "falls", 30, late=True)
    assert [one.late for one in store.given(workshop.code)] == [True]
    store.act(workshop.code, "reveal")
    with pytest.raises(WorkshopError, match="have been shown"):
        store.answer(workshop.code, early, "falls", 10, late=True)


def test_a_paused_workshop_and_a_question_still_to_come_take_no_answer(store, workshop):
    token = store.join(workshop.code)
    with pytest.raises(WorkshopError, match="not open yet"):
        store.answer(workshop.code, token, "say", "Hello")
    store.act(workshop.code, "pause")
    with pytest.raises(WorkshopError, match="paused"):
        store.answer(workshop.code, token, "falls", 10)
    with pytest.raises(WorkshopError, match="not part"):
        store.answer(workshop.code, token, "nonsense", 10)


def test_a_button_drawn_before_another_device_moved_on_does_nothing(store, workshop):
    assert store.act(workshop.code, "forward", seen=workshop.version - 1) == workshop
    assert store.act(workshop.code, "forward", seen=workshop.version).standing.stage == "shown"


def test_many_phones_at_once_lose_nothing_and_double_nothing(store, workshop):
    tokens = [store.join(workshop.code) for _ in range(24)]

    def tap(n: int) -> None:
        for _ in range(3):  # each phone sends its answer three times, as one that heard no reply does
            store.answer(workshop.code, tokens[n], "falls", n, f"answer-{n}")

    threads = [threading.Thread(target=tap, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.value for one in store.given(workshop.code)) == [float(n) for n in range(24)]
    assert rows(store, "answers") == 24


def test_one_workshop_cannot_be_read_or_answered_with_what_belongs_to_another(store, workshop):
    other, secret = store.create("Another", "Thetford", QUESTIONS)
    token = store.join(workshop.code)
    assert not store.has_joined(other.code, token) and store.own(other.code, token) == {}
    with pytest.raises(WorkshopError, match="join"):
        store.answer(other.code, token, "falls", 10)
    assert store.is_facilitator(other.code, secret) and not store.is_facilitator(workshop.code, secret)
    mine = store.answer(workshop.code, token, "falls", 10)
    assert mine == 10 and store.given(other.code) == []


def test_neither_secrets_nor_tokens_are_kept_as_they_are(store, workshop):
    _, secret = store.create("Another", "", QUESTIONS)
    token = store.join(workshop.code)
    with store._engine.connect() as connection:
        kept = [
            str(value)
            for table in ("workshops", "participants", "answers")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
            for value in row
        ]
    assert kept and not any(secret in value or token in value for value in kept)
    assert not store.is_facilitator(workshop.code, "") and not store.is_facilitator("XXXXXX", secret)


def test_what_was_counted_by_hand_counts_the_same_and_can_be_taken_back(store, workshop):
    store.tally(workshop.code, "falls", 50, 12)
    assert store.count(workshop.code, "falls") == 12
    given = store.given(workshop.code, "falls")
    assert len(given) == 12 and {one.participant for one in given} == {None}
    store.untally(workshop.code, store.tallies(workshop.code)[0].id)
    assert store.count(workshop.code, "falls") == 0
    with pytest.raises(WorkshopError):
        store.tally(workshop.code, "falls", 50, 0)
    with pytest.raises(WorkshopError):
        store.tally(workshop.code, "falls", 500, 3)


def test_a_comment_waits_until_it_is_let_through_and_waits_again_when_changed(store, workshop):
    token = store.join(workshop.code)
    store.act(workshop.code, "forward")
    store.act(workshop.code, "forward")
    store.answer(workshop.code, token, "say", "<b>Hello</b>")
    one = store.given(workshop.code, "say")[0]
    assert one.value == "<b>Hello</b>" and not one.approved
    store.approve(workshop.code, one.id, True)
    assert store.given(workshop.code, "say")[0].approved
    store.answer(workshop.code, token, "say", "Changed")
    assert not store.given(workshop.code, "say")[0].approved


def test_simulated_residents_are_in_rehearsals_only_and_marked(store, workshop):
    with pytest.raises(WorkshopError, match="rehearsals"):
        store.join(workshop.code, simulated="token")
    practice, secret = store.create("Practice", "", session.sessions()["what-matters-most"].questions, rehearsal=True)
    tokens = rehearsal.fill(store, practice.code, secret)
    store.act(practice.code, "forward")
    rehearsal.answer_some(store, practice.code, tokens)
    given = store.given(practice.code)
    assert len(given) == 40 and all(one.simulated for one in given)
    assert store.given(workshop.code) == []


def test_deleting_a_workshop_leaves_nothing_of_it(store, workshop):
    store.answer(workshop.code, store.join(workshop.code), "falls", 10)
    store.tally(workshop.code, "falls", 50, 12)
    store.delete(workshop.code)
    assert [rows(store, t) for t in ("workshops", "participants", "answers", "tallies")] == [0, 0, 0, 0]
    with pytest.raises(WorkshopError, match="no workshop"):
        store.get(workshop.code)


def test_an_expired_workshop_has_no_facilitator_and_another_time_than_thirty_days_can_be_chosen(store, clock):
    made, secret = store.create("Short", "", QUESTIONS, days=1)
    clock.now += 0.9 * 86_400
    assert store.is_facilitator(made.code, secret)
    clock.now += 0.2 * 86_400
    assert not store.is_facilitator(made.code, secret)


def test_a_workshop_goes_by_itself_after_thirty_days(store, clock, workshop):
    store.answer(workshop.code, store.join(workshop.code), "falls", 10)
    clock.now += 29.9 * 86_400
    assert store.get(workshop.code).title == "A workshop" and store.sweep() == 0
    clock.now += 0.2 * 86_400
    with pytest.raises(WorkshopError, match="no workshop"):
        store.join(workshop.code)
    store.sweep()
    assert rows(store, "workshops") == rows(store, "answers") == 0


def test_a_workshop_stands_where_it_was_after_a_restart(store, address, clock, workshop):
    store.act(workshop.code, "forward")
    store.close()
    again = Store(address, clock)
    assert again.get(workshop.code).standing == workshop.standing.after("forward")
    assert again.get(workshop.code).questions == QUESTIONS
    again.close()


def test_a_store_of_an_earlier_version_is_brought_up_to_date_once_and_keeps_what_it_holds(store, workshop):
    later = (*schema.MIGRATIONS, ("ALTER TABLE workshops ADD COLUMN weather TEXT",))
    with store._writing() as connection:
        assert schema.migrate(connection, later) == 1
    with store._writing() as connection:
        assert schema.migrate(connection, later) == 0
    with store._engine.connect() as connection:
        assert connection.execute(text("SELECT weather FROM workshops")).scalar_one() is None
    assert store.get(workshop.code).title == "A workshop"
