"""Questions, sessions and what a room said: the pure part of a workshop."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue, demand, download
from ics_core.errors import RegisterError, WorkshopError
from ics_core.scenario import Scenario, levers
from ics_core.workshop import codes, known, record, session, summary
from ics_core.workshop.session import Question, Standing, priorities
from ics_core.workshop.store import Given

FALLS = Question("falls", "lever", "How far?", lever="falls", outcome="emergency_admissions")
WARDS = Question("wards", "lever", "How many?", lever="virtual_wards", outcome="bed_days")
GUESS = Question(
    "guess", "guess", "How many?", answer="share_aged", given={"ages": "85+"}, high=30, unit="of 100 people"
)
AGREE = Question("agree", "statement", "Cake is good.")
POINTS = Question("points", "priorities", "Where do they go?")
ORDER = Question("order", "ranking", "What comes first?")
COMMENT = Question("say", "comment", "What else?")


def answers(question, values, letter="", participants=True, **more):
    return [
        Given(n, n if participants else None, letter, question.id, value, False, False, False, **more)
        for n, value in enumerate(values)
    ]


# ------------------------------------------------------------------------------------------ sessions


def test_there_are_three_ready_sessions_of_twenty_to_sixty_minutes():
    found = session.sessions()
    assert {s.title for s in found.values()} == {"Growing older here", "Getting to hospital", "What matters most"}
    for one in found.values():
        assert 20 <= session.total_minutes(one.questions) == one.minutes <= 60


def test_every_ready_guess_lies_on_its_own_slider_and_is_told_with_its_source():
    guesses = [q for s in session.sessions().values() for q in s.questions if q.kind == "guess"]
    assert len(guesses) >= 5
    for question in guesses:
        told = question.known()
        assert question.low <= told.value <= question.high, question.id
        assert "licence" in told.credit.lower(), question.id


def test_no_session_holds_a_figure_that_the_models_should_give():
    for path in (catalogue.DATA / "workshops").glob("*.toml"):
        texts = re.findall(r'^text = "(.*)"$', path.read_text(encoding="utf-8"), re.M)
        assert texts
        for text in texts:
            assert not re.search(r"\d[\d,]*(?:\.\d+)?%|20[2-9]\d", text), text


def test_every_ready_lever_moves_the_outcome_it_shows():
    for one in session.sessions().values():
        for question in one.questions:
            if question.kind == "lever":
                values = [value for _, value in known.response(question.lever, question.outcome)]
                assert max(values) > min(values), question.id


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "gues"}, "guess"),
        ({"answer": "share_agd"}, "share_aged"),
        ({"text": "In {lst_year}?"}, "last_year"),
        ({"low": 50}, "low should be below high"),
        ({"leverr": "falls"}, "lever"),
        ({"minutes": 500}, "minutes"),
    ],
)
def test_a_wrong_session_file_is_refused_with_what_would_be_right(changes, said):
    question = {"id": "a", "kind": "guess", "text": "How many?", "answer": "share_aged", "given": {"ages": "85+"}}
    found = {
        "title": "T",
        "purpose": "P",
        "minutes": 20,
        "question": [question | {"high": 30, "minutes": 20} | changes],
    }
    with pytest.raises((WorkshopError, RegisterError), match=said):
        session.read("mine", found)


def test_a_number_to_guess_is_the_models_own():
    people = known.share_aged("85+")
    assert people.value == pytest.approx(float(known.answer("share_aged", {"ages": "85+"}).value))
    growth = known.demand_growth("dementia").value
    table = demand.series("dementia").set_index("year")["value"]
    assert growth == pytest.approx(100 * (table.iloc[-1] / table.iloc[0] - 1))


@pytest.mark.parametrize("outcome_id", summary.FUTURE)
def test_an_outcome_follows_every_lever_that_its_model_follows(outcome_id):
    whole = known.outcomes()[outcome_id].series
    for lever in levers().values():
        moved = Scenario(**{lever.id: lever.high if lever.default != lever.high else lever.low})
        assert known.path(outcome_id, moved)[1] == pytest.approx(whole(moved)[1]), lever.id


# ------------------------------------------------------------------------------------------- answers


@given(st.floats(allow_nan=True, allow_infinity=True) | st.text(max_size=20) | st.none() | st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_a_phone_sends_an_answer_is_within_the_scale_or_refused_in_words(sent):
    for question in (FALLS, GUESS, AGREE):
        try:
            value = question.check(sent)
        except WorkshopError as problem:
            assert str(problem)[0].isupper() and str(problem).endswith(".")
        else:
            low, high = (1, 5) if question is AGREE else summary.limits(question)
            assert low <= value <= high


@pytest.mark.parametrize(
    ("typed", "taken"), [("1,6", 1.6), ("−1.5", -1.5), ("1,000", 1000), ("1 000", 1000), ("3%", 3)]
)
def test_a_number_from_a_phone_is_read_as_people_write_it(typed, taken):
    assert replace(GUESS, low=-2000, high=2000, step=0.1).check(typed) == taken


@given(st.text(max_size=600))
@settings(max_examples=100, deadline=None)
def test_a_comment_is_kept_as_text_without_control_characters_or_refused(sent):
    try:
        kept = COMMENT.check(sent)
    except WorkshopError:
        return
    assert 0 < len(kept) <= session.LONGEST_COMMENT
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", kept)


def test_points_have_to_add_up_and_the_message_says_what_is_missing():
    whole = dict.fromkeys(priorities(), 0)
    assert sum(POINTS.check(whole | {"1": "60", "2": "40"}).values()) == 100
    with pytest.raises(WorkshopError, match="share out 30 more"):
        POINTS.check(whole | {"1": 70})
    with pytest.raises(WorkshopError, match="take away 20"):
        POINTS.check(whole | {"1": 70, "2": 50})
    with pytest.raises(WorkshopError):
        POINTS.check(whole | {"1": -10, "2": 110})
    with pytest.raises(WorkshopError):
        POINTS.check({"9": 100})


IN_ORDER = {number: place for place, number in enumerate(priorities(), start=1)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"3": 2}, "You used place 2 twice: {2}; {3}. Still free: place 3."),
        ({"2": "", "3": " "}, "No place yet: {2}; {3}. Still free: places 2 and 3."),
        ({"2": "", "3": 8}, "place 8 twice: {3}; {8}. No place yet: {2}. Still free: places 2 and 3."),
        ({"4": 2, "3": 2}, "You used place 2 three times: {2}; {3}; {4}. Still free: places 3 and 4."),
        ({str(n): "" for n in range(1, 8)}, "No place yet: seven. Still free: places 1, 2"),
        ({"3": "9"}, "{3}: please give a place from 1 to 8."),
        ({"1": "0"}, "from 1 to 8"),
        ({"1": "1.5"}, "from 1 to 8"),
        ({"1": "first"}, "from 1 to 8"),
        ({"9": "1"}, "give each of the eight ambitions a place"),
    ],
)
def test_an_order_with_a_tie_or_a_gap_is_refused_and_the_message_says_which_places_are_free(changes, said):
    said = said.format(*("", *priorities().values()))
    with pytest.raises(WorkshopError) as refused:
        ORDER.check(IN_ORDER | changes)
    assert said in str(refused.value)


@given(st.permutations(range(1, 9)), st.booleans())
def test_any_order_of_the_eight_is_kept_as_it_was_given(places, typed):
    sent = dict(zip(priorities(), map(str, places) if typed else places, strict=True))
    assert list(ORDER.check(sent).values()) == list(places)
    words = ORDER.in_words(ORDER.check(sent))
    assert [int(n) for n in re.findall(r"\d", words)] == list(range(1, 9))


# --------------------------------------------------------------------------------------- where it stands

ACTIONS = ("forward", "open", "close", "reveal", "next", "previous", "pause", "resume", "nonsense")


@given(st.integers(1, 6), st.lists(st.sampled_from(ACTIONS), max_size=40))
@settings(deadline=None)
def test_whatever_is_pressed_at_most_the_question_on_the_screen_is_open_and_shown_stays_shown(questions, pressed):
    standing = Standing.start(questions)
    for action in pressed:
        after = standing.after(action)
        assert -1 <= after.at <= questions
        assert all(stage != "open" for n, stage in enumerate(after.stages) if n != after.at)
        assert all(new == "shown" for old, new in zip(standing.stages, after.stages) if old == "shown")
        assert Standing.from_json(after.to_json()) == after
        standing = after


def test_the_one_button_of_a_clicker_leads_through_the_whole_workshop():
    standing, seen = Standing.start(2), []
    while not standing.over:
        standing = standing.after("forward")
        seen.append((standing.at, standing.stage))
    assert seen == [(0, "open"), (0, "shown"), (1, "open"), (1, "shown"), (2, None)]


# ------------------------------------------------------------------------------------------- summaries


@given(st.lists(st.integers(0, 20).map(lambda n: 5.0 * n), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_the_middle_half_lies_round_the_median_and_every_person_is_one_dot(values):
    found = answers(FALLS, values)
    one = summary.spread(FALLS, found)
    assert one.least <= one.low <= one.median <= one.high <= one.most
    assert one.people == len(values) == len(summary.dots(FALLS, found))
    assert one.median == pytest.approx(np.median(values))
    assert one.moved == sum(v != 0 for v in values)
    assert summary.spread(FALLS, found[::-1]) == one


@given(st.lists(st.sampled_from("AB"), max_size=30))
@settings(deadline=None)
def test_no_group_below_five_people_is_ever_shown(letters):
    found = [Given(n, n, letter, "falls", 50.0, False, False, False) for n, letter in enumerate(letters)]
    shown = summary.groups(FALLS, found)
    assert set(shown["letter"]) == {letter for letter in "AB" if letters.count(letter) >= 5}
    assert (shown["people"] >= 5).all()


def test_the_room_is_the_median_of_each_lever_and_its_future_is_the_models():
    found = answers(FALLS, [0.0, 50.0, 100.0]) + answers(WARDS, [20.0, 20.0, 80.0])
    middle = summary.room([FALLS, WARDS], found)
    assert middle == Scenario(name="The room", falls=50, virtual_wards=20)
    table = summary.future([FALLS, WARDS], found).set_index("outcome_id")
    assert table.loc["bed_days", "room"] == pytest.approx(demand.series("bed_days", middle)["value"].iloc[-1])
    assert table.loc["bed_days", "no_change"] == pytest.approx(demand.series("bed_days")["value"].iloc[-1])
    steps = summary.drives("bed_days", [FALLS, WARDS], found)
    assert steps["change"].sum() == pytest.approx(table.loc["bed_days", "difference"])
    assert set(steps["step"]) == {levers()["falls"].label, levers()["virtual_wards"].label}


def test_the_range_of_the_room_is_over_each_persons_own_scenario_not_over_each_lever():
    pairs = [(0.0, 100.0), (100.0, 0.0), (0.0, 100.0), (100.0, 0.0), (0.0, 100.0), (100.0, 0.0)]
    found = answers(FALLS, [a for a, _ in pairs]) + answers(WARDS, [b for _, b in pairs])
    ends = [known.at_end("bed_days", Scenario(falls=a, virtual_wards=b))[1] for a, b in pairs]
    row = summary.future([FALLS, WARDS], found).set_index("outcome_id").loc["bed_days"]
    assert (row["low"], row["high"]) == pytest.approx(tuple(np.percentile(ends, (25, 75))))


def test_a_range_of_fewer_than_five_people_is_not_told():
    table = summary.future([FALLS], answers(FALLS, [10.0, 20.0, 30.0, 40.0]))
    assert table["low"].isna().all()
    by_hand = answers(FALLS, [50.0] * 12, participants=False)
    assert summary.own([FALLS], by_hand) == []
    assert summary.room([FALLS], by_hand)["falls"] == 50


def test_one_can_step_back_to_the_room_before_its_last_choice():
    found = answers(FALLS, [50.0]) + answers(WARDS, [20.0])
    assert summary.room(summary.up_to([FALLS, WARDS], 0), found) == Scenario(name="The room", falls=50)


def test_two_rooms_are_compared_only_on_questions_both_were_asked():
    here = ([FALLS, WARDS], answers(FALLS, [10.0] * 5) + answers(WARDS, [10.0] * 5))
    there = ([FALLS], answers(FALLS, [30.0] * 6))
    table = summary.compare({"Cromer": here, "Thetford": there})
    assert list(table["workshop"]) == ["Cromer", "Thetford"]
    assert list(table["median"]) == [10, 30]


def test_what_comes_first_in_the_rooms_order_is_the_lowest_mean_place():
    last_first = {number: 9 - place for number, place in IN_ORDER.items()}
    found = answers(ORDER, [IN_ORDER, IN_ORDER, last_first])
    table = summary.order(ORDER, found)
    assert list(table["number"]) == list(range(1, 9)) and list(table["people"]) == [2, 0, 0, 0, 0, 0, 0, 1]
    assert table["mean"].iloc[0] == pytest.approx((1 + 1 + 8) / 3) and table["mean"].sum() == pytest.approx(36)
    name = priorities()["1"]
    assert summary.finding(ORDER, found).startswith(f"{name} comes first") and "2 of 3" in summary.finding(ORDER, found)


def test_hands_counted_for_what_comes_first_leave_the_other_places_to_the_other_ambitions_alike():
    assert ORDER.check_by_hand({"3": 1}) == {"3": 1}
    for wrong in ({"3": 2}, {"9": 1}, {"3": 1, "4": 2}):
        with pytest.raises(WorkshopError):
            ORDER.check_by_hand(wrong)
    with pytest.raises(WorkshopError):
        ORDER.check({"3": 1})
    table = summary.order(ORDER, answers(ORDER, [{"3": 1}] * 4, participants=False)).set_index("number")
    assert table.loc[3, "mean"] == 1 and set(table["mean"].drop(3)) == {5.0} and table.loc[3, "people"] == 4


@pytest.mark.parametrize(
    ("question", "first"), [(ORDER, IN_ORDER), (POINTS, dict.fromkeys(priorities(), 0) | {"1": 100})]
)
def test_groups_say_what_they_put_first_and_none_below_five_people_is_told(question, first):
    given = [Given(n, n, letter, question.id, first, False, False, False) for n, letter in enumerate("AAAAABBBB")]
    shown = summary.groups(question, given)
    assert list(shown["letter"]) == ["A"] and shown["first"].iloc[0] == priorities()["1"]


def test_the_futures_of_groups_stand_side_by_side_and_none_below_five_people_is_told():
    given = [
        Given(n, n, letter, "falls", 100.0 * (letter == "B"), False, False, False)
        for n, letter in enumerate("AAAAABBBBBCCCC")
    ]
    table = summary.future_of_groups("bed_days", [FALLS], given).set_index("letter")
    assert list(table.index) == ["A", "B"]
    assert table.loc["A", "room"] == pytest.approx(known.at_end("bed_days")[1])
    assert table.loc["B", "room"] == pytest.approx(known.at_end("bed_days", Scenario(falls=100))[1])
    assert (table["low"] <= table["room"]).all() and (table["room"] <= table["high"]).all()


def test_rooms_are_compared_ambition_by_ambition_and_never_points_with_places():
    here, there = answers(ORDER, [IN_ORDER] * 5), answers(ORDER, [IN_ORDER] * 6)
    table = summary.compare({"Cromer": ([ORDER], here), "Thetford": ([ORDER], there)})
    assert list(table["workshop"][:2]) == ["Cromer", "Thetford"] and len(table) == 16
    assert list(table["about"][::2]) == list(priorities().values()) and list(table["median"][::2]) == list(range(1, 9))
    shared = Question("order", "priorities", "Where do they go?")
    assert summary.compare({"A": ([ORDER], here), "B": ([shared], there)}).empty
    assert summary.compare({"A": ([ORDER], here), "B": ([ORDER], there[:4])}).empty


# ------------------------------------------------------------------------------------------- the record


def test_the_record_tells_the_order_of_the_room():
    table = record.table([ORDER], answers(ORDER, [IN_ORDER] * 3)).set_index("what")
    assert table.loc[priorities()["2"], "value"] == 2 and table.loc[priorities()["1"], "people"] == 3
    assert table.loc[f"{priorities()['8']}, median", "value"] == 8


@pytest.mark.parametrize("typed", ["=SUM(A1)", "+1", "-1+2", "@cmd", "\t=1", "  =1", "|x", "%0"])
def test_no_cell_of_the_record_can_act_as_a_formula(typed):
    assert download.harmless(typed).startswith("'")
    assert download.harmless(-3.5) == -3.5


def test_only_comments_that_were_let_through_are_in_the_record():
    rows = [
        Given(1, 1, "", "say", "=HYPERLINK(1)", False, True, False),
        Given(2, 2, "", "say", "secret", False, False, False),
    ]
    table = record.table([COMMENT], rows)
    assert "=HYPERLINK(1)" in set(table["value"]) and "secret" not in set(table["value"])


# -------------------------------------------------------------------------------------- codes and limits


def test_a_code_has_six_characters_that_nobody_can_mistake():
    made = {codes.new_code() for _ in range(200)}
    assert len(made) > 190
    for code in made:
        assert re.fullmatch("[34679CDFGHJKMNPRTWXY]{6}", code)
        assert codes.tidy(f" {code[:3].lower()}-{code[3:]} ") == code


@pytest.mark.parametrize(("typed", "said"), [("XO3467", "O"), ("", "type the code"), ("X34", "six"), ("<a>", "six")])
def test_a_mistyped_code_is_answered_with_a_plain_sentence(typed, said):
    with pytest.raises(WorkshopError, match=said):
        codes.tidy(typed)


def test_a_limit_stops_one_source_then_all_and_forgets_both_with_time():
    now = [0.0]
    limit = codes.Limit(most=2, in_all=3, seconds=60, clock=lambda: now[0])
    assert [limit.take("a"), limit.take("a"), limit.take("a")] == [True, True, False]
    assert [limit.take("b"), limit.take("c")] == [True, False]
    assert b"a" not in limit._seen and "a" not in limit._seen
    now[0] = 61
    assert limit.take("a") and len(limit._seen) == 1
