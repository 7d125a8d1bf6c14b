"""The demand page says what the model says, for every measure, and follows measure, place, lever and A."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ics_core import demand
from ics_core.scenario import Scenario
from ics_core.words import about
from pages.figures import demand as figures
from pages.figures import registry

PAGE = Path(__file__).resolve().parents[2] / "pages" / "demand.py"
NORTH_NORFOLK = "E07000147"


def make(id: str, **asked: str):
    return registry.make("demand", id, asked)[0]


def results(**asked: str) -> dict:
    view, notes = figures.View.from_query(asked)
    assert not notes
    return {one.name: one for one in figures.headline(view)}


def value(measure: str, scenario: Scenario = Scenario(), year: int = 2047, place: str = "E54000022") -> float:
    return demand.series(measure, scenario, place).set_index("year")["value"][year]


def test_the_page_opens_on_ae_with_the_answer_first():
    page = AppTest.from_file(str(PAGE), default_timeout=120).run()
    assert not page.exception, page.exception
    html = " ".join(element.value for element in page.get("html"))
    after = results()["after"]
    assert (after.label, after.value) == (
        "A&E attendances in 2047, projected",
        f"about {about(value('ae_attendances'))}",
    )
    assert after.value in html and "A&amp;E attendances, Norfolk and Waveney: about 447,000 in 2025" in html


def test_measure_and_place_are_the_readers_choice():
    asked = {"service": "dementia", "place": NORTH_NORFOLK}
    assert results(**asked)["after"].value == f"about {about(value('dementia', place=NORTH_NORFOLK))}"
    lines = make("over-time", **asked)
    assert "North Norfolk" in lines.finding and "Dementia" in lines.finding
    assert "published" not in set(lines.table["kind"])  # no record of a district
    assert make("by-age", **asked).table["value"].sum() == pytest.approx(
        sum(value("dementia", year=y, place=NORTH_NORFOLK) for y in (2025, 2047))
    )


def test_a_lever_in_the_address_moves_the_answer_and_gets_a_step():
    after = results(same_day_care="50")["after"]
    assert after.value == f"about {about(value('ae_attendances', Scenario(same_day_care=50)))}"
    assert after.change.startswith("−") and after.change.endswith("against no lever moved")
    drivers = make("drivers", same_day_care="50")
    assert "same-day and urgent community care −" in drivers.finding
    assert list(drivers.table["step"])[-1] == "Same-day and urgent community care"


@pytest.mark.parametrize("measure", list(demand.measures()))
def test_every_measure_can_be_shown_and_says_what_it_counts(measure):
    m = demand.measure(measure)
    care = figures.care(figures.View(service=measure))
    assert m.whose in care and m.rate_words in care and m.caveat.split(".")[0] in care
    made = [entry.make(figures.View(service=measure))[0] for entry in registry.figures("demand")]
    said = care + " ".join(f.finding + f.subtitle + f.method + f.alt for f in made)
    assert "nan" not in said.lower().split() and "forecast" not in said.lower()
    assert next(f for f in made if f.id == "hold-level").table["words"].str.len().min() > 10


def test_what_would_hold_it_level_names_the_value_or_says_there_is_none():
    one = make("hold-level", service="bed_days", virtual_wards="100")
    table = one.table.set_index("lever_id")
    assert table["value"]["admissions_trend"] < 0 and pd.isna(table["value"]["falls"])
    assert "not on its own" in table["words"]["falls"]
    assert f"hospital stays per person at {table['value']['admissions_trend']:.1f}".replace("-", "−") in one.finding


def test_scenario_a_stands_beside_the_one_in_play():
    view = figures.View(scenario=Scenario(falls=80, same_day_care=40), kept=Scenario(falls=80))
    lines = figures.over_time(view)[0].table
    ours, kept = lines[lines["kind"] == "projected"].set_index("year"), lines[lines["kind"] == "kept"].set_index("year")
    assert kept["value"][2047] == pytest.approx(value("ae_attendances", Scenario(falls=80)))
    assert ours["difference"][2047] == pytest.approx(ours["value"][2047] - kept["value"][2047])
    assert figures.drivers(view)[0].table.set_index("step")["change_a"]["Fewer falls"] < 0
    for entry in registry.figures("demand"):
        one, _ = entry.make(view)
        names: dict = {}
        exec(compile(one.code, one.id, "exec"), names)  # noqa: S102 - our own lines, the point of the test
        pd.testing.assert_frame_equal(names["table"].reset_index(drop=True), one.table, check_dtype=False, obj=one.id)


def test_no_lever_moved_stays_in_sight_and_the_published_base_year_where_it_is():
    lines = make("over-time", migration="4000", ae_trend="1").table
    grey, ours = (lines[lines["kind"] == kind].set_index("year")["value"] for kind in ("unmoved", "projected"))
    assert grey[2047] == pytest.approx(value("ae_attendances")) and ours[2047] > grey[2047]
    assert grey[2025] == ours[2025]
    assert "about 447,000 in 2025" in make("over-time", migration="4000").finding
    assert "unmoved" not in set(make("over-time").table["kind"])


def test_what_each_lever_did_sums_to_the_difference_from_no_lever_moved():
    scenario = Scenario(migration=1500, ae_trend=1, falls=50, same_day_care=30, efficiency=3)
    table = demand.moved.levers_did("ae_attendances", scenario=scenario)
    assert list(table["lever_id"]) == ["migration", "ae_trend", "falls", "same_day_care"]
    difference = value("ae_attendances", scenario) - value("ae_attendances")
    assert table["change"].sum() == pytest.approx(difference, abs=1e-6)
