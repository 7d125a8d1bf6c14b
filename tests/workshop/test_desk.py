"""The facilitator's way in and what a facilitator takes home, over HTTP."""

import asyncio
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from pptx import Presentation
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ics_core.workshop import codes, rehearsal, session, store
from pages.components import briefing
from pages.components import workshop as pages
from pages.components.workshop import desk

HOST = "http://hall.example"
OURS = {"origin": HOST}


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setenv(store.PLACE, str(tmp_path))
    monkeypatch.setattr(desk, "_wrong_secrets", codes.Limit(10, 100, 60))
    yield store.shared()
    store.shared().close()
    store.at.cache_clear()


@pytest.fixture
def made(room):
    """A workshop whose questions have all been answered by five phones at one table, and its secret."""
    questions = session.sessions()["growing-older-here"].questions
    workshop, secret = room.create("Growing older here", "Cromer", questions, "growing-older-here")
    tokens = [room.join(workshop.code, "A") for _ in range(5)]
    order = {n: 9 - int(n) for n in session.priorities()}
    values = {"guess": 10, "lever": 50, "statement": 4, "comment": "=HYPERLINK(1) <b>bus</b>", "ranking": order}
    for question in questions:
        room.act(workshop.code, "forward")
        for token in tokens:
            room.answer(workshop.code, token, question.id, values[question.kind])
        room.act(workshop.code, "forward")
    return workshop, secret


def client(code="", secret="", follow=True):
    one = TestClient(Starlette(routes=pages.routes()), base_url=HOST, follow_redirects=follow)
    if secret:
        one.cookies.set(desk.cookie(code), secret)
    return one


def test_the_secret_is_handed_over_once_and_kept_out_of_addresses_and_scripts(made):
    workshop, secret = made
    page = client().get(f"/facilitate/{workshop.code}")
    assert page.status_code == 200 and secret not in page.text
    sent = client(follow=False).post(f"/facilitate/{workshop.code}", data={"secret": secret}, headers=OURS)
    assert sent.headers["location"] == f"/workshop?run={workshop.code}"
    cookie = sent.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie


def test_a_wrong_secret_or_one_from_another_site_is_refused_and_trying_is_limited(made):
    workshop, secret = made
    path = f"/facilitate/{workshop.code}"
    assert "not the facilitator" in client().post(path, data={"secret": "guess"}, headers=OURS).text
    foreign = client(follow=False).post(path, data={"secret": secret}, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 422 and "set-cookie" not in foreign.headers
    for _ in range(10):
        client().post(path, data={"secret": "guess"}, headers=OURS)
    assert "many wrong tries" in client().post(path, data={"secret": secret}, headers=OURS).text


@pytest.mark.parametrize("page", ["record", "record.zip", "sheets", "briefing.pptx"])
def test_the_record_needs_the_secret_of_its_own_workshop(room, made, page):
    workshop, secret = made
    other, other_secret = room.create("Another", "", workshop.questions)
    assert client().get(f"/facilitate/{workshop.code}/{page}").status_code == 403
    assert client(workshop.code, other_secret).get(f"/facilitate/{workshop.code}/{page}").status_code == 403
    assert client(workshop.code, secret).get(f"/facilitate/{workshop.code}/{page}").status_code == 200


def test_the_record_tells_what_was_asked_and_said_and_where_it_leads(room, made):
    workshop, secret = made
    text = client(workshop.code, secret).get(f"/facilitate/{workshop.code}/record").text
    for question in workshop.questions:
        assert question.text in text
    assert "5 people answered on phones" in text and "The room's future" in text
    assert "&lt;b&gt;bus" not in text  # no comment was let through yet
    assert "place 1.0 on average, first for 5" in text
    comment = next(one for one in room.given(workshop.code) if one.question_id == "one-thing")
    room.approve(workshop.code, comment.id, True)
    text = client(workshop.code, secret).get(f"/facilitate/{workshop.code}/record").text
    assert "&lt;b&gt;bus&lt;/b&gt;" in text and "<b>bus" not in text
    assert workshop.data_release in text and "Group A, 5 people" in text


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_csv_opens_in_a_spreadsheet_without_doing_anything(room, made):
    workshop, secret = made
    comment = next(one for one in room.given(workshop.code) if one.question_id == "one-thing")
    room.approve(workshop.code, comment.id, True)
    answer = client(workshop.code, secret).get(f"/facilitate/{workshop.code}/record.zip")
    assert "attachment" in answer.headers["content-disposition"]
    rows = pd.read_csv(io.BytesIO(unpacked(answer.content)[f"workshop-{workshop.code}.csv"]), dtype=str)
    assert len(rows.columns) == 6
    cells = [cell for column in rows for cell in rows[column].dropna()]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell[:1] in "=+@" for cell in cells if cell)


def test_the_record_can_be_taken_away_as_slides_and_as_a_page_and_only_as_what_there_is(room, made):
    workshop, secret = made
    one, path = client(workshop.code, secret), f"/facilitate/{workshop.code}/briefing"
    assert f"{path}.pptx" in one.get(f"/facilitate/{workshop.code}/record").text
    slides = one.get(f"{path}.pptx")
    assert slides.headers["content-type"] == briefing.KINDS["pptx"] and "no-store" in slides.headers["cache-control"]
    titles = [slide.shapes.title.text for slide in Presentation(io.BytesIO(slides.content)).slides]
    assert titles[0] == "Growing older here, Cromer" and "The room guesses" in titles[1]
    assert "Bear in mind" in titles[-1] and one.get(f"{path}.exe").status_code == 404
    empty, key = room.create("Empty", "", session.sessions()["growing-older-here"].questions, "growing-older-here")
    none = client(empty.code, key).get(f"/facilitate/{empty.code}/briefing.html")
    assert none.status_code == 404 and "Nobody has answered" in none.text


def test_a_rehearsal_says_so_on_every_record(room):
    questions = session.sessions()["what-matters-most"].questions
    workshop, secret = room.create("Practice", "", questions, rehearsal=True)
    tokens = rehearsal.fill(room, workshop.code, secret, 8)
    for _ in range(2 * len(questions)):
        room.act(workshop.code, "forward")
        rehearsal.answer_some(room, workshop.code, tokens)
    one = client(workshop.code, secret)
    assert "nobody" in one.get(f"/facilitate/{workshop.code}/record").text
    files = unpacked(one.get(f"/facilitate/{workshop.code}/record.zip").content)
    assert "nobody" in files[f"workshop-{workshop.code}-notes.txt"].decode()


def test_there_is_a_sheet_of_paper_for_each_question(made):
    workshop, secret = made
    text = client(workshop.code, secret).get(f"/facilitate/{workshop.code}/sheets").text
    assert text.count('class="sheet"') == len(workshop.questions)
    assert "Strongly disagree" in text and "Later life" in text
    assert "Write a place in each box: 1 matters most, 8 least" in text


def test_the_server_deletes_what_has_expired_by_itself_even_after_a_try_that_failed(room, made, monkeypatch):
    workshop, secret = made
    monkeypatch.setattr(pages, "_FIRST", 0.01)
    monkeypatch.setattr(pages, "_EVERY", 0.01)
    sweep, tries = room.sweep, []

    def failing_once():
        tries.append(1)
        if len(tries) == 1:
            raise OSError("disk full")
        monkeypatch.setattr(room, "_clock", lambda: workshop.expires)
        swept.append(sweep())

    swept: list[int] = []
    monkeypatch.setattr(room, "sweep", failing_once)

    async def serve() -> None:
        async with pages.lifespan(None):
            while not swept:
                await asyncio.sleep(0.01)

    with ThreadPoolExecutor(1) as own:  # a thread of its own: a browser test before may have left a loop in this one
        own.submit(lambda: asyncio.run(asyncio.wait_for(serve(), 30))).result()
    assert swept[0] == 1 and len(tries) >= 2 and not room.is_facilitator(workshop.code, secret)
