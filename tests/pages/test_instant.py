"""Instant answers say what the figures say: the same numbers in the same places, the same bands, the same words."""

import json
import re

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import demand, geography, money, population, systems
from ics_core.scenario import Scenario, levers
from ics_core.words import about
from pages.components.charts import lines
from pages.components.charts.picture import Picture
from pages.components.instant import answer as answers
from pages.components.instant.answer import Question
from pages.figures import registry

PAGES = ("population", "demand", "money", "travel", "system")
NORTH_NORFOLK = "E07000147"
SUSSEX = next(iter(systems.named_in_documents()))
MOVES = {
    "population, deaths": ("population", {"place": NORTH_NORFOLK, "ages": "85+"}, "mortality", -10),
    "population, on top of births": ("population", {"fertility": "-10"}, "migration", 1500),
    "population, a year": ("population", {"fertility": "-10"}, "year", 2035),
    "demand, a place": ("demand", {"service": "ae_attendances", "place": NORTH_NORFOLK}, "mortality", -15),
    "demand, prevention": ("demand", {"service": "dementia"}, "dementia_risk", 50),
    "demand, trend": ("demand", {"service": "gp_appointments"}, "gp_trend", 1.5),
    "money, saving": ("money", {}, "efficiency", 2.5),
    "money, people": ("money", {"opening": "bbc-280", "efficiency": "3"}, "migration", 2000),
    "travel": ("travel", {"off": geography.ACUTE[0]}, "minutes", 45),
    "travel, all off": ("travel", {"off": ",".join(geography.ACUTE), "border": "false"}, "minutes", 20),
    "system, from the list": ("system", {}, "system", systems.name(SUSSEX)),
    "system, from a button": ("system", {}, "system", SUSSEX),
}


@pytest.fixture(params=MOVES.values(), ids=MOVES)
def move(request):
    return request.param


def ask(page: str, query: dict, moved: str, to: object, figures: tuple[str, ...] = ()) -> dict:
    """The answer as the browser gets it."""
    text = json.dumps({"page": page, "query": query, "moved": moved, "to": to, "figures": list(figures)})
    question = answers.read(text, PAGES)
    return json.loads(answers.reply(question)) if question else {}


def view_of(page: str, query: dict, moved: str, to: object):
    """What the page looks at once it has come to rest."""
    view, notes = registry.view(page).from_query(query | {moved: str(to)})
    assert not notes
    return view


def moving(page: str) -> list[registry.Entry]:
    return [entry for entry in registry.figures(page) if entry.moves]


def unpacked(text: str) -> dict[str, list[float | None]]:
    """Value, low and high by key, read as a chart reads them."""
    keys, numbers = text.split("|")
    values = [float(one) if one else None for one in numbers.split(",")]
    return {key: values[3 * n : 3 * n + 3] for n, key in enumerate(keys.split(","))}


# --------------------------------------------------------------------- the same as the page at rest


def test_key_results_are_those_of_the_page_by_name(move):
    page, *_ = move
    strip = registry.key_results(page)
    shown = strip.make(view_of(*move))
    results = ask(*move)["results"]
    assert results == {one.name: [one.value, one.change, one.note, one.label] for one in shown}
    assert len(results) == len(shown)


def test_findings_are_those_of_the_figures(move):
    page, *_ = move
    for entry in moving(page):
        figure, _ = entry.make(view_of(*move))
        assert ask(*move, figures=(entry.id,))["figures"][entry.id]["finding"] == figure.finding


def test_lines_are_those_of_the_figures(move):
    page, *_ = move
    for entry in moving(page):
        _, picture = entry.make(view_of(*move))
        said = ask(*move, figures=(entry.id,))["figures"][entry.id]
        expected = picture.moving() if isinstance(picture, Picture) else {}
        assert ("lines" in said) == bool(expected), entry.id
        if expected:
            answered = unpacked(said["lines"])
            assert list(answered) == list(expected)
            assert [one[0] for one in answered.values()] == pytest.approx(
                [one[0] for one in expected.values()], rel=1e-6
            )


def test_the_title_of_a_system_is_that_of_its_page():
    title = ask("system", {}, "system", SUSSEX)["title"]
    assert title.startswith(systems.name(SUSSEX)) and title == registry.title("system")(registry.view("system")(SUSSEX))


# ------------------------------------------------------------- against the models, not against ourselves


def test_the_numbers_stand_under_their_own_names():
    scenario = Scenario(mortality=-10)
    results = ask("population", {}, "mortality", -10)["results"]
    for name, group in (("everyone", "all ages"), ("older", "65+"), ("oldest", "85+")):
        row, before = (population.growth(s, None, None, group, "E54000022").iloc[0] for s in (scenario, Scenario()))
        assert results[name][0] == about(row["after"])
        assert results[name][1] == f"{about(row['after'] - before['after'], signed=True)} against no lever moved"
        assert f"{row['percent']:+.1f}%" in results[name][2]
    after = demand.series("ae_attendances", scenario)["value"].iloc[-1]
    assert ask("demand", {}, "mortality", -10)["results"]["after"][0] == f"about {about(after)}"
    needed = money.efficiency_to_balance(Scenario(resource_growth=4.0))
    assert ask("money", {}, "resource_growth", 4.0)["results"]["needed"][0] == f"{needed:.1f}% of costs"
    far = geography.beyond(45).query("level == 'footprint' and group == 'Aged 85 and over'").iloc[0]
    assert ask("travel", {}, "minutes", 45)["results"]["aged-85-and-over"][0] == f"{far['share']:.1f}%"


@pytest.mark.parametrize(
    ("page", "figure", "lever", "to", "table"),
    [
        (
            "population",
            "over-time",
            "migration",
            900,
            lambda s: population.tables.lines(scenario=s),
        ),
        (
            "demand",
            "over-time",
            "falls",
            60,
            lambda s: demand.tables.lines("ae_attendances", scenario=s),
        ),
        (
            "money",
            "gap",
            "efficiency",
            2.6,
            lambda s: money.with_band(s).rename(columns={"lower": "low", "upper": "high"}),
        ),
    ],
)
def test_a_band_lies_where_the_model_puts_it_low_edge_below(page, figure, lever, to, table):
    expected = table(Scenario(**{lever: to}))
    expected = expected[expected["kind"] == "projected"] if "kind" in expected else expected
    band = list(unpacked(ask(page, {}, lever, to, (figure,))["figures"][figure]["lines"]).values())
    assert len(band) == len(expected)
    for (value, low, high), row in zip(band, expected.itertuples(), strict=True):
        assert low <= value <= high
        assert (value, low, high) == pytest.approx((row.value, row.low, row.high), rel=1e-6)
    assert band[-1][1] < band[-1][0] < band[-1][2]


def drawn(picture: Picture, instant: str = "") -> list[str]:
    """The lines and bands of a picture as a browser draws them, with an answer in place of its own numbers or none."""
    chart = picture.still().properties(width=700, height=300).to_dict()
    for parameter in chart["params"]:
        if parameter["name"] == "instant":
            parameter["value"] = instant
    svg = vl_convert.vegalite_to_svg(chart)
    return re.findall(r'<path d="(M[-\d.,]+L[^"]+)"', svg)


@pytest.mark.parametrize(
    ("page", "figure", "lever", "to"),
    [
        ("population", "over-time", "fertility", -8),
        ("demand", "over-time", "falls", 60),
        ("money", "gap", "efficiency", 2.6),
    ],
)
def test_a_chart_draws_an_answer_as_it_would_draw_the_figure(page, figure, lever, to):
    entry, kind = registry.entry(page, figure), registry.view(page)
    unmoved, moved = kind(), view_of(page, {}, lever, to)
    answered = ask(page, {}, lever, to, (figure,))["figures"][figure]["lines"]
    before, at_once, after = (
        drawn(entry.make(unmoved)[1]),
        drawn(entry.make(unmoved)[1], answered),
        drawn(entry.make(moved)[1]),
    )
    assert before and at_once != before
    # The figure itself has the line of no lever moved besides.
    assert set(at_once) <= set(after)


def test_a_change_of_words_goes_the_way_the_lever_went():
    for lever in levers().values():
        up, down = lever.default + lever.step, lever.default - lever.step
        amount = lever.number(lever.step)
        if up <= lever.high:
            assert lever.change(up) == lever.raised.format(
                amount=amount, value=lever.number(up), default=lever.number(lever.default)
            )
        if down >= lever.low:
            assert lever.change(down) == lever.lowered.format(
                amount=amount, value=lever.number(down), default=lever.number(lever.default)
            )
    up, down = (ask("population", {}, "migration", to)["results"]["everyone"][1] for to in (1000, -1000))
    assert up.startswith("+") and down.startswith("−")
    told = set()
    for saved in (0.5, 1.0, 1.5, 2.5, 3.0, 3.5, 4.0):
        year, usual = (money.balance_year(s, start="bbc-280") for s in (Scenario(efficiency=saved), Scenario()))
        said = ask("money", {"opening": "bbc-280"}, "efficiency", saved)["results"]["closes"][1]
        if year and usual and year != usual:
            told.add("later" if year > usual else "earlier")
            assert said.startswith(f"{abs(year - usual)} year") and ("later" in said) is (year > usual), said
        else:
            assert said == ""
    assert told


def test_levers_already_moved_stay_moved_in_an_answer():
    both = ask("population", {"fertility": "-10"}, "migration", 1500)["results"]
    one = ask("population", {}, "migration", 1500)["results"]
    assert both["everyone"] != one["everyone"]


def test_a_lever_back_where_it_set_out_from_changes_nothing():
    results = ask("population", {"fertility": "-10"}, "fertility", 0)["results"]
    assert all(change == "" for _, change, _, _ in results.values())


# ---------------------------------------------------------------------------- questions of any kind


def test_a_view_and_its_address_say_the_same(move):
    page, query, moved, to = move
    if page == "system":
        return
    view = view_of(*move)
    again, notes = registry.view(page).from_query(registry.to_query(view))
    assert again == view and not notes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '{"page": "none", "query": {}, "moved": "fertility", "to": 1}',
        '{"page": ["population"], "query": {}, "moved": "fertility", "to": 1}',
        '{"page": "population", "query": [], "moved": "fertility", "to": 1}',
        '{"page": "population", "query": {"place": 7}, "moved": "fertility", "to": 1}',
        '{"page": "population", "query": {}, "moved": 7, "to": 1}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": null}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": true}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": NaN}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": Infinity}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": 1e999}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": %s}' % ("9" * 400),
        '{"page": "population", "query": {}, "moved": "fertility", "to": -%s}' % ("9" * 400),
        '{"page": "population", "query": {}, "moved": "fertility", "to": 1, "figures": "over-time"}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": 1, "figures": [1]}',
        '{"page": "population", "query": {}, "moved": "fertility", "to": 1, "figures": ["a","b","c","d","e"]}',
        "[" * 3900,
        '{"page":' * 480,
        "x" * 10_000,
    ],
)
def test_what_is_no_question_is_none(text):
    assert answers.read(text, PAGES) is None


@pytest.mark.parametrize(
    ("moved", "to", "figures"),
    [("fertility", "many", ()), ("fertility", 3000, ()), ("fertility", 1, ("none",)), ("year", 1066, ())],
)
def test_a_question_that_cannot_be_answered_gets_an_empty_answer(moved, to, figures):
    assert ask("population", {}, moved, to, figures) == {}


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["place", "ages", "fertility", "basis", "name", "off"]), st.text(max_size=12)),
    st.text(max_size=12) | st.sampled_from(["fertility", "minutes", "system", "year"]),
    st.floats() | st.text(max_size=12) | st.integers(),
    st.sampled_from(PAGES),
)
def test_no_question_to_a_page_brings_the_server_down(query, moved, to, page):
    text = json.dumps({"page": page, "query": query, "moved": moved, "to": to})
    question = answers.read(text, PAGES)
    assert question is None or isinstance(json.loads(answers.reply(question)), dict)


def test_a_saved_image_does_not_look_for_the_page_around_it():
    _, made = registry.make("population", "over-time")
    assert "bind" in made.instructions and "bind" not in json.dumps(made.still().to_dict())


def test_the_numbers_of_an_answer_are_looked_up_by_the_key_of_their_row():
    frame = registry.make("population", "over-time")[0].table
    made = lines.projected_line(frame, unit="people", moved_by="x")
    rows = made.data["lines"]
    held = rows[rows["key"] != ""]
    assert set(held["kind"]) == {"projected"} and held["key"].is_unique
    for row in held.itertuples():
        assert made.moving()[row.key] == [row.value, row.low, row.high]
    ends = made.data["ends"].set_index("label")
    assert ends["key"]["ONS 2022-based\nprojected"] == held["key"].iloc[-1]
    assert set(ends["key"].drop("ONS 2022-based\nprojected")) == {""}


def test_a_question_is_a_value_that_others_may_share():
    one, two = (
        answers.read(f'{{"page": "population", "query": {q}, "moved": "fertility", "to": {to}}}', PAGES)
        for q, to in (('{"a": "1", "b": "2"}', "5"), ('{"b": "2", "a": "1"}', "5.0"))
    )
    assert isinstance(one, Question) and one == two and hash(one) == hash(two)
