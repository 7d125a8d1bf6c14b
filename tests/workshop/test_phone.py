"""The workshop's pages for phones over HTTP, as a browser without JavaScript and our own script use them."""

import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ics_core.workshop import codes, session, store
from ics_core.workshop.session import LONGEST_COMMENT, Question, priorities
from pages.components import workshop as pages
from pages.components.workshop import phone, web

HOST = "http://hall.example"
OURS = {"origin": HOST}
LIVE = OURS | {"x-live": "1"}
QUESTIONS = (
    Question("guess", "guess", "How many?", answer="share_aged", given={"ages": "85+"}, high=30, unit="of 100 people"),
    Question("falls", "lever", "How far?", lever="falls", outcome="emergency_admissions"),
    Question("points", "priorities", "Where do your points go?"),
    Question("order", "ranking", "What comes first?"),
    Question("agree", "statement", "Cake is good."),
    Question("say", "comment", "What else?"),
)


@pytest.fixture(autouse=True)
def fresh_limits(monkeypatch):
    for name in ("_wrong_codes", "_joins", "_answers"):
        old = getattr(phone, name)
        monkeypatch.setattr(phone, name, codes.Limit(old.most, old.in_all, old.seconds))
    phone._versions.clear()


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setenv(store.PLACE, str(tmp_path))
    yield store.shared()
    store.shared().close()
    store.at.cache_clear()


@pytest.fixture
def workshop(room):
    return room.create("Growing older <here>", "Cromer & Sheringham", QUESTIONS)[0]


def client():
    return TestClient(Starlette(routes=pages.routes()), base_url=HOST, follow_redirects=True)


@pytest.fixture
def me(workshop):
    one = client()
    assert one.post(f"/join/{workshop.code}", headers=OURS).status_code == 200
    return one


def forward(room, workshop, times=1):
    for _ in range(times):
        room.act(workshop.code, "forward")


def at(room, workshop, question_id):
    while (now := room.get(workshop.code)).current is None or now.current.id != question_id:
        assert not now.standing.over, f"{question_id} lies behind"
        room.act(workshop.code, "forward")


# ------------------------------------------------------------------------------------------- joining


def test_one_joins_with_a_code_and_no_name_and_sees_the_first_question_once_it_opens(room, workshop):
    one = client()
    way_in = one.post("/join", data={"code": workshop.code.lower()}, headers=OURS)
    assert "Growing older &lt;here&gt;" in way_in.text and 'name="name"' not in way_in.text
    waiting = one.post(f"/join/{workshop.code}", data={"letter": "b"}, headers=OURS)
    assert "You are in" in waiting.text
    forward(room, workshop)
    assert "How many?" in one.get(f"/join/{workshop.code}").text


def test_the_cookie_is_for_this_workshop_alone_and_out_of_reach_of_scripts(workshop):
    one = TestClient(Starlette(routes=pages.routes()), base_url=HOST, follow_redirects=False)
    cookie = one.post(f"/join/{workshop.code}", headers=OURS).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and f"path=/join/{workshop.code.lower()}" in cookie
    secure = one.post(f"/join/{workshop.code}", headers=OURS | {"x-forwarded-proto": "https"})
    assert "secure" in secure.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("O0XY34", "cannot have O and 0"), ("XXXXXX", "no workshop with the code XXXXXX"), ("acx", "six letters")],
)
def test_a_wrong_or_mistyped_code_gets_a_plain_sentence_and_stays_in_the_field(workshop, typed, said):
    page = client().post("/join", data={"code": typed}, headers=OURS)
    assert page.status_code == 404 and said in page.text and f'value="{typed}"' in page.text


def test_codes_cannot_be_found_by_trying_but_those_who_are_in_go_on(room, workshop, me):
    for _ in range(phone._wrong_codes.most):
        client().get("/join/XXXXXX")
    blocked = client().get(f"/join/{workshop.code}").text
    assert "many wrong codes" in blocked and "Growing older" not in blocked
    forward(room, workshop)
    assert "How many?" in me.get(f"/join/{workshop.code}").text
    sent = me.post(f"/join/{workshop.code}/answer", data={"question": "guess", "value": "6"}, headers=LIVE)
    assert sent.json() == {"received": True}


def test_an_expired_workshop_says_so_in_words(room, workshop):
    room.delete(workshop.code)
    assert "may have ended and been deleted" in client().get(f"/join/{workshop.code}").text


# ------------------------------------------------------------------------------------------- answering


def test_without_javascript_an_answer_is_received_and_still_there_after_reload(room, workshop, me):
    forward(room, workshop)
    page = me.post(f"/join/{workshop.code}/answer", data={"question": "guess", "value": "6"}, headers=OURS)
    assert page.status_code == 200 and "Received" in page.text and 'value="6"' in page.text
    again = me.get(f"/join/{workshop.code}").text
    assert "Received" in again and 'value="6"' in again
    me.post(f"/join/{workshop.code}/answer", data={"question": "guess", "value": "9"}, headers=OURS)
    assert [one.value for one in room.given(workshop.code)] == [9.0]


def test_received_is_only_said_of_what_is_on_disk(room, workshop, me, monkeypatch):
    forward(room, workshop)

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(store.Store, "answer", full)
    with pytest.raises(OSError):
        me.post(f"/join/{workshop.code}/answer", data={"question": "guess", "value": "6"}, headers=OURS)
    assert "Received" not in me.get(f"/join/{workshop.code}").text


def test_each_kind_of_question_can_be_answered_with_a_plain_form(room, workshop, me):
    points = {f"points-{n}": "0" for n in priorities()} | {"points-1": "70", "points-5": "30"}
    sent = {"guess": {"value": "6"}, "falls": {"value": "50"}, "points": points}
    sent |= {"order": {f"place-{n}": str(9 - int(n)) for n in priorities()}, "agree": {"value": "4"}}
    for question_id, fields in (sent | {"say": {"value": "A bus on Sundays"}}).items():
        at(room, workshop, question_id)
        page = me.get(f"/join/{workshop.code}").text
        names = set(re.findall(r'name="([a-z0-9-]+)"', page))
        assert {"question", *fields} <= names, question_id
        fields = {"question": question_id} | fields
        assert "Received" in me.post(f"/join/{workshop.code}/answer", data=fields, headers=OURS).text
        room.act(workshop.code, "reveal")
    assert len(room.given(workshop.code)) == len(QUESTIONS)


def test_what_a_lever_does_is_said_without_javascript_and_given_to_the_script(room, workshop, me):
    at(room, workshop, "falls")
    page = me.get(f"/join/{workshop.code}").text
    assert re.search(r"0% of older people: about [\d,]+ emergency admissions a year in 20\d\d", page)
    curve = json.loads(re.search(r'data-curve="([^"]+)"', page)[1])
    assert curve[0][0] == 0 and curve[-1][0] == 100 and curve[0][1] > curve[-1][1]
    for level in ("None", "Some", "High", "All"):
        assert f">{level}<" in page


@pytest.mark.parametrize(
    ("question_id", "fields", "said"),
    [
        ("guess", {"value": "1000"}, "outside the scale"),
        ("guess", {"value": "lots"}, "choose a number"),
        ("guess", {}, "choose a number"),
        ("falls", {"value": "-5"}, "outside the slider"),
        ("falls", {"value": "NaN"}, "choose a number"),
        ("points", {"points-1": "60"}, "share out 40 more"),
        ("points", {"points-1": "lots"}, "choose a number"),
        (
            "order",
            {f"place-{n}": str(n) for n in range(1, 8)},
            "No place yet: Productivity and efficiency. Still free: place 8",
        ),
        ("order", {f"place-{n}": str(min(n, 7)) for n in range(1, 9)}, "You used place 7 twice"),
        ("order", {f"place-{n}": str(n + 1) for n in range(1, 9)}, "a place from 1 to 8"),
        ("agree", {"value": "9"}, "one of the five"),
        ("say", {"value": "word " * 2000}, "shorten it to 300"),
        ("say", {"value": "   "}, "a few words"),
        ("nonsense", {"value": "1"}, "not part of this workshop"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_words_and_stays_where_it_was_typed(
    room, workshop, me, question_id, fields, said
):
    at(room, workshop, question_id if question_id != "nonsense" else "guess")
    sent = {"question": question_id} | fields
    page = me.post(f"/join/{workshop.code}/answer", data=sent, headers=OURS)
    assert page.status_code == 422 and said in page.text and "Received" not in page.text
    for name, value in fields.items():
        assert name == "value" or re.search(f'name="{name}"[^>]* value="{value}"', page.text)
    typed = next((value for value in fields.values() if value.strip()), "")
    assert question_id == "nonsense" or question_id == "agree" or typed in page.text
    assert said in me.post(f"/join/{workshop.code}/answer", data=sent, headers=LIVE).json()["problem"]
    assert room.given(workshop.code) == []


@pytest.mark.parametrize("stage", ["closed", "shown", "paused"])
def test_an_answer_that_comes_too_late_is_refused_and_what_was_written_is_still_on_the_page(room, workshop, me, stage):
    at(room, workshop, "say")
    room.act(workshop.code, {"closed": "close", "shown": "reveal", "paused": "pause"}[stage])
    fields = {"question": "say", "value": "My long story"}
    page = me.post(f"/join/{workshop.code}/answer", data=fields, headers=OURS)
    assert page.status_code == 422 and "My long story" in page.text
    assert {"closed": "has closed", "shown": "have been shown", "paused": "paused"}[stage] in page.text


def test_a_guess_is_answered_by_the_figure_only_once_it_is_shown(room, workshop, me):
    at(room, workshop, "guess")
    truth = QUESTIONS[0].known().sentence
    assert truth not in me.get(f"/join/{workshop.code}").text
    room.act(workshop.code, "close")
    assert truth not in me.get(f"/join/{workshop.code}").text
    room.act(workshop.code, "reveal")
    assert truth in me.get(f"/join/{workshop.code}").text


def test_an_answer_sent_again_by_a_phone_that_heard_no_reply_counts_once_and_one_kept_offline_is_marked(
    room, workshop, me
):
    forward(room, workshop)
    fields = {"question": "guess", "value": "6", "id": "a1", "late": "1"}
    for _ in range(3):
        assert me.post(f"/join/{workshop.code}/answer", data=fields, headers=LIVE).json() == {"received": True}
    assert [(one.value, one.late) for one in room.given(workshop.code)] == [(6.0, True)]


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "=SUM(A1:A9)", "مرحبا \u202e dlrow", "👩‍👩‍👧 ❤️", "a\x00b"]
)
def test_hostile_and_foreign_text_comes_back_as_text(room, workshop, me, typed):
    at(room, workshop, "say")
    page = me.post(f"/join/{workshop.code}/answer", data={"question": "say", "value": typed}, headers=OURS)
    assert "Received" in page.text
    assert "<script>alert" not in page.text and "\u202e" not in page.text and "\x00" not in page.text


def test_a_phone_that_keeps_its_page_is_given_it_with_the_receipt(room, workshop, me):
    forward(room, workshop)
    fields = {"question": "guess", "value": "6"}
    said = me.post(f"/join/{workshop.code}/answer", data=fields, headers=OURS | {"x-live": "keep"}).json()
    assert said["received"] and 'value="6"' in said["part"] and "Received" in said["part"]


# --------------------------------------------------------------------------------------------- safe


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {}, {"sec-fetch-site": "cross-site"}]
)
def test_a_form_from_another_site_is_refused(room, workshop, me, headers):
    forward(room, workshop)
    sent = {"question": "guess", "value": "6"}
    assert me.post(f"/join/{workshop.code}/answer", data=sent, headers=headers).status_code == 422
    assert client().post(f"/join/{workshop.code}", headers=headers).status_code == 422
    assert room.given(workshop.code) == [] and room.joined(workshop.code) == 1


def test_pages_allow_nothing_from_elsewhere_and_hold_no_script_or_style_of_their_own(room, workshop, me):
    forward(room, workshop, 3)
    for page in (me.get(f"/join/{workshop.code}"), client().get("/join"), client().get(f"/join/{workshop.code}")):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert page.headers["cache-control"] == "no-store" and page.headers["referrer-policy"] == "same-origin"
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=|https?://", page.text)


def test_one_phone_cannot_see_another_workshop_with_its_cookie(room, workshop, me):
    other = room.create("Another", "", QUESTIONS)[0]
    forward(room, other)
    token = me.cookies["me"]
    stranger = client()
    stranger.cookies.set("me", token)
    assert "How many?" not in stranger.get(f"/join/{other.code}").text
    assert stranger.get(f"/join/{other.code}/now?seen=0").status_code == 403
    sent = stranger.post(f"/join/{other.code}/answer", data={"question": "guess", "value": "6"}, headers=LIVE)
    assert sent.status_code == 422 and room.given(other.code) == []


def test_a_form_of_a_megabyte_or_a_thousand_fields_is_refused_in_words(room, workshop, me):
    forward(room, workshop)
    for body in ("value=" + "x" * 1_000_000, "&".join(f"a{n}=1" for n in range(1000))):
        headers = LIVE | {"content-type": "application/x-www-form-urlencoded"}
        answer = me.post(f"/join/{workshop.code}/answer", content=body, headers=headers)
        assert answer.status_code == 422 and answer.json()["problem"]


# --------------------------------------------------------------------------------------------- live


def test_a_page_is_told_only_what_has_changed(room, workshop, me):
    version = room.get(workshop.code).version
    assert me.get(f"/join/{workshop.code}/now?seen={version}").status_code == 204
    forward(room, workshop)
    phone._versions.clear()
    part = me.get(f"/join/{workshop.code}/now?seen={version}")
    assert part.status_code == 200 and "How many?" in part.text and "<html" not in part.text
    room.delete(workshop.code)
    phone._versions.clear()
    assert me.get(f"/join/{workshop.code}/now?seen={version}").status_code == 410


def test_a_first_visit_is_under_forty_kilobytes_and_a_question_under_two(room, workshop, me):
    sizes = {
        name: len((Path(web.__file__).parent / name).read_bytes()) for name in ("phone.css", "phone.js", "worker.js")
    }
    files = sum(sizes.values())
    assert files + len(client().get(f"/join/{workshop.code}").content) < 25_000
    for one in session.sessions().values():
        made = room.create(one.title, "", one.questions)[0]
        someone = client()
        someone.post(f"/join/{made.code}", headers=OURS)
        for question in one.questions:
            at(room, made, question.id)
            phone._versions.clear()
            part = someone.get(f"/join/{made.code}/now?seen=0")
            assert len(part.content) < 2048, (question.id, len(part.content))
            page = someone.get(f"/join/{made.code}").content
            assert files + 2 * len(page) < 40_000  # the worker fetches the page once more


def test_the_worker_of_a_phone_may_see_its_own_workshop_alone(workshop):
    answer = client().get(f"/join/{workshop.code}/worker.js")
    assert answer.headers["service-worker-allowed"] == f"/join/{workshop.code}"
    assert (
        answer.headers["content-type"].startswith("text/javascript") and answer.headers["cache-control"] == "no-store"
    )
    one = TestClient(Starlette(routes=pages.routes("explorer")), base_url=HOST)
    assert (
        one.get(f"/explorer/join/{workshop.code}/worker.js").headers["service-worker-allowed"].startswith("/explorer/")
    )


def test_a_wrong_clock_of_a_phone_changes_nothing():
    for name in ("phone.js", "worker.js"):
        assert "Date" not in (Path(web.__file__).parent / name).read_text(encoding="utf-8")


def test_the_longest_comment_that_is_allowed_is_received(room, workshop, me):
    at(room, workshop, "say")
    sent = {"question": "say", "value": "é" * LONGEST_COMMENT}
    assert "Received" in me.post(f"/join/{workshop.code}/answer", data=sent, headers=OURS).text


def test_the_pages_work_under_a_path_of_the_server(room, workshop):
    one = TestClient(Starlette(routes=pages.routes("explorer")), base_url=HOST, follow_redirects=True)
    page = one.post("/explorer/join", data={"code": workshop.code}, headers=OURS)
    assert f'action="/explorer/join/{workshop.code}"' in page.text
    assert one.post(f"/explorer/join/{workshop.code}", headers=OURS).status_code == 200
    assert one.get("/explorer/join/files/phone.js").status_code == 200
    assert one.get("/explorer/join/files/phone.py").status_code == 404
