"""The facilitator's page without a browser: set up, run by buttons, tally, let comments through, delete."""

from html import unescape

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ics_core.workshop import rehearsal, session, store
from pages.figures import workshop as figures


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setenv(store.PLACE, str(tmp_path))
    monkeypatch.setattr(type(st.context), "cookies", {})  # without a browser there are none
    yield store.shared()
    store.shared().close()
    store.at.cache_clear()


@pytest.fixture
def page(room):
    return AppTest.from_file("../../pages/workshop.py", default_timeout=60).run()


def button(page, label):
    return next(one for one in page.button if one.label == label)


def opened(page, room, label="Open the workshop"):
    button(page, label).click().run()
    assert not page.exception and not page.error
    return room.get(parameter(page, "run"))


def parameter(page, name):
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


def html(page):
    return unescape(" ".join(one.proto.body for one in page.get("html")))


def test_a_workshop_is_set_up_with_one_choice_and_one_press(page, room):
    page.selectbox(key="workshop-session").select("what-matters-most").run()
    workshop = opened(page, room)
    assert workshop.title == "What matters most" and not workshop.rehearsal
    assert workshop.questions == session.sessions()["what-matters-most"].questions
    text = html(page)
    assert workshop.code in text and "data:image/svg+xml" in text


def test_questions_can_be_chosen_in_any_order_with_one_in_ones_own_words(page, room):
    page.selectbox(key="workshop-session").select("own").run()
    page.text_input(key="title-own").input("My hall")
    page.multiselect(key="questions-own").set_value(["falls", "share-85"])
    page.text_input(key="workshop-own").input("Is the bus late?").run()
    workshop = opened(page, room)
    assert [q.id for q in workshop.questions] == ["falls", "share-85", "own-is-the-bus-late"]


def test_what_is_missing_is_said_in_words(page, room):
    page.selectbox(key="workshop-session").select("own").run()
    button(page, "Open the workshop").click().run()
    assert "title" in page.error[0].value


def test_buttons_lead_from_the_lobby_to_results_that_nobody_sees_before(page, room):
    workshop = opened(page, room)
    token = room.join(workshop.code)
    page.button(key="hall-forward").click().run()
    room.answer(workshop.code, token, workshop.questions[0].id, 20)
    page.run()
    question = workshop.questions[0]
    assert "<b>1</b> of 1 answered" in html(page)
    assert question.known().sentence not in html(page)
    page.button(key="hall-forward").click().run()
    assert "The room guesses 20" in html(page) and question.known().sentence in html(page)
    button(page, "Previous").click().run()
    assert room.get(workshop.code).standing.at == -1


def test_a_blank_screen_shows_nothing_and_comes_back(page, room):
    workshop = opened(page, room)
    page.button(key="hall-blanks").click().run()
    assert workshop.code not in html(page)
    page.button(key="unblank").click().run()
    assert workshop.code in html(page)


def test_without_the_secret_there_is_neither_screen_nor_desk(page, room):
    workshop, _ = room.create("Another", "", session.sessions()["what-matters-most"].questions)
    for view in ("screen", "desk"):
        stranger = AppTest.from_file("../../pages/workshop.py", default_timeout=60)
        stranger.query_params["run"], stranger.query_params["view"] = workshop.code, view
        stranger.run()
        assert "does not have the facilitator's secret" in stranger.error[0].value
        assert workshop.title not in html(stranger) and len(stranger.button) == 1


def test_a_screen_whose_workshop_was_deleted_on_another_device_says_so(page, room):
    workshop = opened(page, room)
    room.delete(workshop.code)
    page.run()
    assert not page.exception and "has been deleted" in page.error[0].value


def test_trying_it_alone_fills_the_room_with_simulated_residents_marked_as_such(page, room):
    workshop = opened(page, room, "Try it alone")
    assert workshop.rehearsal and room.joined(workshop.code) == 40
    page.button(key="hall-forward").click().run()
    page.run()
    given = room.given(workshop.code)
    assert given and all(one.simulated for one in given)
    assert "simulated residents" in html(page)


def test_at_the_desk_counts_by_hand_are_added_and_a_comment_is_let_through(page, room):
    workshop = opened(page, room)
    asked = [q.id for q in workshop.questions]
    page.query_params["view"] = "desk"
    page.run()
    first = workshop.questions[0]
    page.text_input(key=f"hand-{first.id}").set_value(str(first.high))
    page.text_input(key="by-hand-people").set_value("12").run()
    page.button(key="by-hand-add").click().run()
    assert room.count(workshop.code, first.id) == 12
    comment = next(q for q in workshop.questions if q.kind == "comment")
    token = room.join(workshop.code)
    for _ in range(2 * asked.index(comment.id) + 1):
        room.act(workshop.code, "forward")
    room.answer(workshop.code, token, comment.id, "**bold** <b>bus</b>")
    page.run()
    assert "**bold** <b>bus</b>" in [one.value for one in page.text]
    button(page, "Show to the room").click().run()
    assert room.given(workshop.code, comment.id)[0].approved
    page.checkbox(key="delete-sure").check().run()
    page.button(key="delete-now").click().run()
    assert "run" not in page.query_params
    with pytest.raises(store.WorkshopError):
        room.get(workshop.code)


def test_an_order_is_counted_by_hands_for_the_first_place_or_typed_in_from_a_sheet(page, room):
    page.selectbox(key="workshop-session").select("growing-older-here").run()
    workshop = opened(page, room)
    order = next(q for q in workshop.questions if q.kind == "ranking")
    page.query_params["view"] = "desk"
    page.run()
    page.selectbox(key=f"by-hand-{workshop.questions[0].id}").select(order.id).run()
    page.selectbox(key=f"hand-{order.id}").select("5")
    page.text_input(key="by-hand-people").set_value("7").run()
    page.button(key="by-hand-add").click().run()
    given = room.given(workshop.code, order.id)
    assert len(given) == 7 and given[0].value == {"5": 1}
    room.tally(workshop.code, order.id, {n: 9 - int(n) for n in session.priorities()}, 1)
    page.run()
    assert any("1 Productivity and efficiency" in one.value.replace("\\", "") for one in page.markdown)


@pytest.mark.parametrize(
    ("typed", "people", "said"),
    [
        ("1 000", 1000, "Taken as 1,000."),
        ("12", 12, ""),
        ("1,6", 2, "Taken as 2."),
        ("−5", 0, "“−5” is not taken. Type a number from 1 to 1,000."),
        ("many", 0, "“many” is not taken. Type a number from 1 to 1,000."),
        ("", 0, "Type a number from 1 to 1,000."),
    ],
)
def test_a_number_at_the_desk_is_read_as_people_write_it_or_it_says_what_it_takes(page, room, typed, people, said):
    workshop = opened(page, room)
    page.query_params["view"] = "desk"
    page.run()
    page.text_input(key="by-hand-people").set_value(typed).run()
    captions = [one.value.replace("\\", "") for one in page.caption]
    assert said in captions if said else not [one for one in captions if "Taken" in one or "taken" in one]
    page.button(key="by-hand-add").click().run()
    assert room.count(workshop.code, workshop.questions[0].id) == people
    assert bool(page.error) == (not people) and not page.exception


def test_the_rooms_future_is_shown_for_each_group_and_as_it_stood_at_an_earlier_moment(page, room):
    page.selectbox(key="workshop-session").select("growing-older-here").run()
    workshop = opened(page, room)
    tokens = [room.join(workshop.code, letter) for letter in "AAAAABBBBBCCCC"]
    for n, question in enumerate(workshop.questions[:4]):
        room.act(workshop.code, "forward")
        for m, token in enumerate(tokens if question.kind == "lever" else ()):
            room.answer(workshop.code, token, question.id, (100 if m < 5 else 20) if n == 2 else 60)
        room.act(workshop.code, "forward")
    page.button(key="hall-future-button").click().run()
    assert page.selectbox(key="upto-3").options == ["After question 3", "After question 4"]
    now = html(page)
    page.selectbox(key="upto-3").select(2).run()
    assert "With the room's choices" in html(page) and html(page) != now
    given = room.given(workshop.code)
    figure, _ = figures.future_of_groups(workshop, workshop.questions, given, "emergency_admissions")
    assert list(figure.table["letter"]) == ["A", "B"] and "group A" in figure.finding


def test_every_figure_has_its_table_and_its_lines_of_python_give_it_again(room):
    workshop, secret = room.create("All", "", session.sessions()["growing-older-here"].questions, rehearsal=True)
    tokens = rehearsal.fill(room, workshop.code, secret, 25)
    for _ in range(2 * len(workshop.questions)):
        room.act(workshop.code, "forward")
        rehearsal.answer_some(room, workshop.code, tokens)
    given = room.given(workshop.code)
    made = [figures.results(workshop, q, room.given(workshop.code, q.id)) for q in workshop.questions]
    made.append(figures.future(workshop, workshop.questions, given))
    future = (figures.over_time, figures.drives, figures.future_of_groups)
    made += [make(workshop, workshop.questions, given, "bed_days") for make in future]
    made += [figures.groups(workshop, q, room.given(workshop.code, q.id)) for q in workshop.questions[:-1]]
    for figure, _ in made:
        assert figure.finding and figure.alt and figure.source and "Rehearsal" in figure.subtitle + figure.method
        names = {}
        exec(compile(figure.code, figure.id, "exec"), names)  # noqa: S102 - our own lines, the point of the test
        pd.testing.assert_frame_equal(names["table"], figure.table, obj=figure.id)
