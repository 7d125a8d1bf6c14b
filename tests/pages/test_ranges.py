"""The panel of ranges on a small page of its own: what it says, and that undo, link, file and comparison know of it."""

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import catalogue, demand, population, results, words
from ics_core.scenario import Scenario, levers
from pages.figures import registry

WORDS = catalogue.toml("text/ranges")
GROUPS = ("population", "trends", "prevention", "care")


def _page() -> None:
    import streamlit as st

    from ics_core import demand, population
    from pages.components.scenario import bar as scenario_bar
    from pages.components.scenario import levers, ranges

    groups = st.session_state.get("groups", ("population", "trends", "prevention", "care"))
    bar = scenario_bar.show(groups=groups)
    scenario_bar.choose()
    scenario_bar.said(groups)
    levers.tools()
    if groups is None or "money" not in groups:
        levers.panel(groups)
    ranges.show(bar.groups)
    st.session_state["share-box"] = True
    scenario_bar.share()
    people = population.bands(bar.scenario, "footprint", "85+", errors=False).iloc[-1]
    visits = demand.bands("ae_attendances", bar.scenario).iloc[-1]
    curve = demand.distribution("ae_attendances", bar.scenario)["value"]
    st.metric("people", people["high"] / people["low"] - 1)
    st.metric("visits", visits["high"] / visits["low"] - 1)
    st.metric("curve", curve.iloc[90] / curve.iloc[10] - 1)
    if bar.pinned:
        kept = population.bands(bar.pinned, "footprint", "85+", errors=False).iloc[-1]
        st.metric("people in A", kept["high"] / kept["low"] - 1)


@pytest.fixture
def page() -> AppTest:
    made = AppTest.from_function(_page, default_timeout=60)
    made.session_state["ranges-open"] = True
    return made


class Field:
    """One end of a range, as a number."""

    def __init__(self, found):
        self.found, self.label = found, found.label

    @property
    def value(self) -> float | None:
        return words.read(self.found.value)

    def set_value(self, value: float | str):
        return self.found.set_value(str(value))


def fields(page: AppTest) -> dict[str, float]:
    return {one.label: words.read(one.value) for one in page.text_input if one.key.startswith("range-")}


def field(page: AppTest, lever_id: str, end: str):
    lever = levers()[lever_id]
    label = WORDS[end].format(lever=lever.label, unit=lever.unit)
    return next(Field(one) for one in page.text_input if one.label == label)


def widths(page: AppTest) -> dict[str, float]:
    """How wide bands are, in proportion: what lowers the middle of a band also lowers both edges."""
    return {metric.label: float(metric.value.replace(",", "")) for metric in page.metric}


def asked(page: AppTest, key: str) -> str | None:
    value = page.query_params[key] if key in page.query_params else None
    return value[-1] if isinstance(value, list) else value


def button(page: AppTest, label: str):
    return next(one for one in page.button if one.label == label)


def said(page: AppTest) -> str:
    return " ".join(one.value for one in (*page.markdown, *page.caption))


def test_the_panel_is_closed_until_it_is_asked_for():
    closed = AppTest.from_function(_page, default_timeout=60).run()
    assert not closed.exception and not fields(closed)
    assert [one.label for one in closed.expander if one.label == WORDS["title"]] == [WORDS["title"]]


def test_the_panel_says_what_a_range_does_and_what_a_band_covers(page):
    page.run()
    assert not page.exception
    assert "1,000 draws" in said(page) and WORDS["covers"] in said(page)


def test_every_public_lever_has_both_ends_with_its_limits_unit_usual_range_and_source(page):
    page.run()
    shown = {lever.id for lever in levers().values() if lever.public and lever.group in GROUPS}
    assert len(fields(page)) == 2 * len(shown)
    usual = demand.lever_ranges().set_index("lever_id")
    for lever_id in shown:
        lever, ends = levers()[lever_id], [field(page, lever_id, end) for end in ("low", "high")]
        assert [one.value for one in ends] == usual.loc[lever_id, ["usual_low", "usual_high"]].to_list()
        assert all(lever.unit in one.label for one in ends)
    for lever_id in ("fertility", "migration", "retirement_migration", "ae_trend"):
        lever = levers()[lever_id]
        assert any(
            lever.source in one.value and lever.between(*usual.loc[lever_id, ["usual_low", "usual_high"]]) in one.value
            for one in page.caption
        )


def test_all_levers_are_shown_in_the_analyst_view_and_those_moved_or_ranged_always(page):
    page.query_params.update(pharmacy_first="50", gp_trend_range="0..1")
    page.run()
    assert field(page, "pharmacy_first", "low").value == 50 and field(page, "gp_trend", "high").value == 1
    assert not any("Outpatient" in label for label in fields(page))
    next(one for one in page.toggle if one.key == "analyst").set_value(True).run()
    assert len(fields(page)) == 2 * (len(population.LEVERS) + len(demand.demand_levers()))


@pytest.mark.parametrize(("group", "number"), [("population", 4), ("money", 3)])
def test_a_page_shows_its_own_levers(page, group, number):
    page.session_state["groups"] = (group,)
    page.run()
    assert not page.exception and len(fields(page)) == 2 * number


def test_a_range_set_is_in_the_scenario_its_words_and_its_address_and_widens_what_is_shown(page):
    before = widths(page.run())
    field(page, "mortality", "low").set_value(-30.0).run()
    assert page.session_state["scenario"] == Scenario(ranges={"mortality": (-30, 0)})
    assert asked(page, "mortality_range") == "-30..0"
    assert "Death rates drawn from −30 to 0%" in page.text[0].value
    after = widths(page)
    assert after["people"] > 1.2 * before["people"] and after["visits"] > before["visits"]


def test_longer_ranges_on_screen_make_wider_bands_and_holding_all_leaves_none(page):
    page.query_params["life_expectancy_range"] = "0..0"
    last = widths(page.run())
    for lever_id, end, value in (
        ("ae_trend", "high", 4.0),
        ("ae_trend", "low", -2.0),
        ("mortality", "high", 25.0),
        ("falls", "high", 40.0),
        ("same_day_care", "high", 60.0),
    ):
        field(page, lever_id, end).set_value(value).run()
        now = widths(page)
        assert all(now[name] >= 0.98 * last[name] for name in now), (lever_id, end)  # of these, in proportion
        last = now
    for lever_id in (*population.LEVERS[:4], "ae_trend", "falls", "same_day_care"):
        field(page, lever_id, "low").set_value(0.0).run()
        field(page, lever_id, "high").set_value(0.0).run()
    assert widths(page) == pytest.approx({"people": 0, "visits": 0, "curve": 0}, abs=1e-9)
    assert "Birth rates held at 0% in every draw" in page.text[0].value


def test_an_end_that_passes_the_other_takes_it_along(page):
    page.run()
    field(page, "fertility", "high").set_value(-20.0).run()
    assert page.session_state["scenario"].ranges == (("fertility", (-20, -20)),)
    field(page, "fertility", "low").set_value(10.0).run()
    assert page.session_state["scenario"].ranges == (("fertility", (10, 10)),)
    assert [field(page, "fertility", end).value for end in ("low", "high")] == [10, 10]


def test_the_usual_range_is_none_of_its_own(page):
    page.run()
    field(page, "fertility", "high").set_value(8.0).run()
    field(page, "fertility", "high").set_value(6.0).run()
    assert page.session_state["scenario"] == Scenario() and asked(page, "fertility_range") is None


def test_each_range_and_all_of_them_can_be_put_back(page):
    page.query_params.update(
        fertility="-10", fertility_range="-20..0", mortality_range="0..5", resource_growth_range="1..5"
    )
    page.run()
    button(page, WORDS["reset"].format(usual="−21 to −4%")).click().run()
    assert [i for i, _ in page.session_state["scenario"].ranges] == ["mortality", "resource_growth"]
    assert [field(page, "fertility", end).value for end in ("low", "high")] == [-21, -4]
    button(page, WORDS["reset_all"]).click().run()
    assert page.session_state["scenario"] == Scenario(fertility=-10) and button(page, WORDS["reset_all"]).disabled
    button(page, "Undo").click().run()
    assert asked(page, "mortality_range") == "0..5"


def test_a_range_can_be_undone_and_reset_with_everything_else(page):
    page.run()
    field(page, "fertility", "low").set_value(-20.0).run()
    field(page, "fertility", "high").set_value(20.0).run()
    button(page, "Undo").click().run()
    assert asked(page, "fertility_range") == "-20..6" and field(page, "fertility", "high").value == 6
    button(page, "Reset all").click().run()
    assert page.session_state["scenario"] == Scenario() and asked(page, "fertility_range") is None
    assert field(page, "fertility", "low").value == -11


def test_a_lever_outside_its_range_is_pointed_out(page):
    page.query_params.update(fertility="10", fertility_range="-20..0")
    page.run()
    assert any(WORDS["outside"].format(value="10%") in one.value for one in page.caption)
    assert [field(page, "fertility", end).value for end in ("low", "high")] == [-20, 0]
    page.query_params.update(fertility="-5")
    page.run()
    assert not any("outside this range" in one.value for one in page.caption)


@pytest.mark.parametrize("value", ["5..-5", "-99..0", "nan..1", "<b>", "", "1..2..3", "five..six"])
def test_a_bad_range_in_a_link_is_named_and_the_rest_is_used(page, value):
    page.query_params.update(fertility="-10", fertility_range=value, mortality_range="0..5")
    page.run()
    assert not page.exception
    assert page.session_state["scenario"] == Scenario(fertility=-10, ranges={"mortality": (0, 5)})
    assert any(
        "Ignored from the link: Birth rates (fertility)" in note.value and "−30 to 30%" in note.value
        for note in page.info
    )
    assert asked(page, "fertility_range") is None


def test_a_saved_file_brings_ranges_back(page):
    page.run()
    saved = Scenario(name="Mine", ranges={"fertility": (-20, 0)})
    page.file_uploader[0].upload("scenario.json", saved.to_json().encode(), "application/json").run()
    assert page.session_state["scenario"] == saved and field(page, "fertility", "low").value == -20
    assert asked(page, "fertility_range") == "-20..0"


def test_a_file_of_another_release_shows_its_results_beside_those_of_today(page):
    page.run()
    saved = results.to_file(Scenario(fertility=-10)).replace(catalogue.release(), "2025.01")
    page.file_uploader[0].upload("scenario.json", saved.encode(), "application/json").run()
    assert not page.exception and page.session_state["scenario"] == Scenario(fertility=-10)
    assert any("Made with data release 2025.01" in one.value for one in page.caption)
    assert any("the same key results" in one.value for one in page.caption)
    shown = next(one.value for one in page.table if "When saved, 2025.01" in one.value)
    assert shown["When saved, 2025.01"].tolist() == shown[f"Today, {catalogue.release()}"].tolist()
    assert shown["What"].str.startswith(("Residents, 20", "Dementia, 20")).sum() == 2


def test_a_file_with_a_range_that_cannot_be_changes_nothing(page):
    page.run()
    damaged = Scenario(ranges={"fertility": (-20, 0)}).to_json().replace("-20.0", "20.0")
    page.file_uploader[0].upload("scenario.json", damaged.encode(), "application/json").run()
    assert page.session_state["scenario"] == Scenario()
    assert any(
        "fertility" in error.value and "above the high end" in error.value and "stays as it was" in error.value
        for error in page.error
    )


def test_a_kept_scenario_keeps_its_ranges_while_the_other_is_given_more(page):
    page.query_params.update(mortality_range="-5..5", life_expectancy_range="0..0")
    page.run()
    button(page, "Keep as A").click().run()
    field(page, "mortality", "low").set_value(-30.0).run()
    field(page, "mortality", "high").set_value(30.0).run()
    now = widths(page)
    assert now["people"] > 3 * now["people in A"]
    assert (
        "Death rates drawn from −5 to 5%" in page.text[0].value
        and "Death rates drawn from −30 to 30%" in page.text[0].value
    )


def test_the_demand_page_shows_the_range_in_band_steps_and_curve():
    opened = []
    for given in ({}, {"ae_trend_range": "-3..5", "falls_range": "0..50"}):
        asked = given | {"service": "ae_attendances"}
        made = {name: registry.make("demand", name, asked)[0] for name in ("over-time", "drivers", "likelihood")}
        opened.append({name: figure.table for name, figure in made.items()})
    usual, wide = opened
    assert wide["over-time"].iloc[-1]["high"] > usual["over-time"].iloc[-1]["high"]
    steps = [frames["drivers"].set_index("step").loc["Use per person"] for frames in opened]
    assert steps[1]["high"] - steps[1]["low"] > 1.5 * (steps[0]["high"] - steps[0]["low"])
    assert wide["likelihood"]["value"].max() > usual["likelihood"]["value"].max()
    assert "ranges={'ae_trend': (-3, 5), 'falls': (0, 50)}" in made["over-time"].code


@pytest.mark.parametrize(("typed", "low"), [("−5", -5), ("-7", -7), ("1,5", 2), ("2.4 %", 2)])
def test_an_end_is_read_as_people_write_it(page, typed, low):
    page.run()
    field(page, "fertility", "low").set_value(typed).run()
    assert field(page, "fertility", "low").value == low and asked(page, "fertility_range").startswith(f"{low}..")


@pytest.mark.parametrize("typed", ["abc", "99", "", "5..6"])
def test_an_end_that_cannot_be_is_refused_in_words_and_nothing_changes(page, typed):
    page.run()
    before = fields(page)
    field(page, "fertility", "low").set_value(typed).run()
    assert fields(page) == before and asked(page, "fertility_range") is None
    assert "Birth rates" in said(page) and "Choose a number from −30 to 30%" in said(page) and not page.exception
