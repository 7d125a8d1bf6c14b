"""The population page: what its figures find, as the model says it, and the page around them."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import population
from ics_core.scenario import Scenario
from ics_core.words import about
from pages.figures import population as figures
from pages.figures import registry

PAGE = Path(__file__).parents[2] / "pages" / "population.py"
NORTH_NORFOLK = "E07000147"
OLDEST = {"place": NORTH_NORFOLK, "ages": "85+"}


def open_page(**asked: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=90)
    page.query_params.update(asked)
    page.run()
    assert not page.exception, page.exception
    return page


def make(id: str, **asked: str):
    return registry.make("population", id, asked)[0]


def results(**asked: str) -> dict:
    view, notes = figures.View.from_query(asked)
    assert not notes
    return {one.name: one for one in figures.headline(view)}


def test_every_figure_of_the_page_is_projected_but_the_record_and_says_a_number():
    for entry in registry.figures("population"):
        one, _ = entry.make(figures.View(scenario=Scenario(migration=500)))
        assert any(sign.isdigit() for sign in one.finding), one.id
        assert "{" not in one.finding + one.subtitle + one.alt + one.method
        assert len(one.alt) > 40 and len(one.table) < 2000
        assert "forecast" not in (one.finding + one.subtitle + one.alt + one.method).lower()
        assert one.kind == ("our calculation" if one.id.startswith("record") else "projected")


def test_the_finding_is_what_the_model_says():
    row = population.growth(Scenario(mortality=-10), None, None, "85+", NORTH_NORFOLK).iloc[0]
    finding = make("over-time", mortality="-10", **OLDEST).finding
    assert about(row["before"]) in finding and about(row["after"]) in finding


def test_why_names_those_who_reach_the_age_and_those_who_die():
    why = make("drivers", **OLDEST)
    table = why.table.set_index("step")["change"]
    for step in ("Reach 85", "Deaths"):
        assert about(abs(table[step])) in why.finding


def test_the_key_results_follow_the_levers_and_say_by_how_much():
    before, after = results(), results(migration="2000")
    for name, one in after.items():
        assert one.value != before[name].value
        assert one.change.startswith("+") and one.change.endswith("against no lever moved")
        assert before[name].change == ""


def test_a_kept_scenario_is_in_every_figure_that_is_projected():
    view = figures.View(scenario=Scenario(fertility=5), kept=Scenario(migration=1000))
    for entry in registry.figures("population"):
        one, _ = entry.make(view)
        if one.kind == "projected" and one.id != "levers-did":
            words = " ".join(map(str, one.table.columns)) + " ".join(one.table.select_dtypes("str").stack().unique())
            assert "difference" in words or "A" in set(one.table.get("scenario", [])), one.id


@pytest.mark.parametrize("moved", [False, True])
def test_no_lever_moved_is_in_every_figure_that_levers_move_once_one_is(moved):
    view = figures.View(scenario=Scenario(migration=1000) if moved else Scenario())
    for entry in registry.figures("population"):
        one, _ = entry.make(view)
        if entry.moves and one.id != "levers-did":
            beside = {*one.table.get("kind", []), *one.table.get("scenario", [])}
            shown = bool({"unmoved", "No lever moved"} & beside) or any(
                c.endswith("_unmoved") for c in one.table.columns
            )
            assert shown is moved, one.id


def test_what_each_lever_did_sums_to_the_difference_from_no_lever_moved():
    scenario = Scenario(fertility=-10, mortality=8, migration=1500, retirement_migration=-20)
    for group in ("all ages", "85+", "0-14"):
        table = population.moved.levers_did("E54000022", group, scenario)
        ours, official = (
            population.totals(s, "E54000022", group)["population"].iloc[-1] for s in (scenario, Scenario())
        )
        assert list(table["lever_id"]) == ["fertility", "mortality", "migration", "retirement_migration"]
        assert table["change"].sum() == pytest.approx(ours - official, abs=1e-6)
    assert population.moved.levers_did(scenario=Scenario(ae_trend=2)).empty


def test_the_axis_stays_where_it_is_while_a_lever_moves_through_its_usual_range():
    def domain(scenario: Scenario) -> list[float]:
        layers = json.loads(figures.over_time(figures.View(scenario=scenario))[1].instructions)["layer"]
        return next(
            one["encoding"]["y"]["scale"]["domain"] for one in layers if "scale" in one["encoding"].get("y", {})
        )

    still = domain(Scenario())
    for value in (-11, -5, 1, 6):
        assert domain(Scenario(fertility=value)) == still
    assert domain(Scenario(migration=4000)) != still  # beyond what has been observed: the axis makes room
    assert domain(Scenario(migration=4000))[0] == still[0]


def test_the_year_of_the_pyramid_comes_from_the_address_and_stays_in_range():
    assert set(make("pyramid", year="2035").table["year"]) == {2024, 2035}
    view = figures.View(scenario=Scenario(basis="ons-2018"), year=2047)
    assert set(figures.pyramid(view)[0].table["year"]) == {2018, 2043}


def test_the_page_shows_the_finding_and_the_results_of_its_first_figure():
    page = open_page()
    html = " ".join(element.value for element in page.get("html"))
    assert make("over-time").finding in html
    assert all(f'data-instant="{name}"' in html and one.value in html for name, one in results().items())


@pytest.mark.parametrize(
    "asked",
    [
        {"place": "Atlantis"},
        {"ages": "over nine thousand"},
        {"year": "nan"},
        {"places": "<script>"},
        {"figure": "none", "present": "true"},
    ],
)
def test_what_an_address_cannot_mean_is_left_aside(asked):
    assert "Norfolk and Waveney: the population" in " ".join(e.value for e in open_page(**asked).get("html"))
