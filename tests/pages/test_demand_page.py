"""The demand page says what the model says, for every measure, and follows measure, place, lever and A."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ics_core import demand
from ics_core.scenario import Scenario
from ics_core.words import about
from tests.pages.big_numbers import big_numbers
from tests.pages.headings import headings

PAGE = Path(__file__).resolve().parents[2] / "pages" / "demand.py"
NORTH_NORFOLK = "E07000147"


def opened(measure: str = "ae_attendances", place: str = "E54000022", **query: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    if measure != "ae_attendances":
        page.selectbox(key="service").set_value(measure).run()
    if place != "E54000022":
        page.selectbox(key="place").set_value(place).run()
    assert not page.exception, page.exception
    return page


def value(measure: str, scenario: Scenario = Scenario(), year: int = 2047, place: str = "E54000022") -> float:
    return demand.series(measure, scenario, place).set_index("year")["value"][year]


def test_the_page_opens_on_ae_with_the_answer_first():
    page = opened()
    assert next(iter(big_numbers(page).items())) == (
        "A&E attendances in 2047, projected",
        f"about {about(value('ae_attendances'))}",
    )
    assert headings(page, 2)[0].startswith("A&E attendances, Norfolk and Waveney: about 447,000 in 2025")


def test_measure_and_place_are_the_readers_choice(shown):
    page = opened("dementia", NORTH_NORFOLK)
    assert f"about {about(value('dementia', place=NORTH_NORFOLK))}" in big_numbers(page).values()
    assert "North Norfolk" in shown["over-time"].finding and "Dementia" in shown["over-time"].finding
    assert "published" not in set(shown["over-time"].table["kind"])  # no record of a district
    assert shown["by-age"].table["value"].sum() == pytest.approx(
        sum(value("dementia", year=y, place=NORTH_NORFOLK) for y in (2025, 2047))
    )


def test_a_lever_in_the_address_moves_the_answer_and_gets_a_step(shown):
    page = opened(same_day_care="50")
    assert f"about {about(value('ae_attendances', Scenario(same_day_care=50)))}" in big_numbers(page).values()
    assert "same-day and urgent community care −" in shown["drivers"].finding
    assert list(shown["drivers"].table["step"])[-1] == "Same-day and urgent community care"


@pytest.mark.parametrize("measure", list(demand.measures()))
def test_every_measure_can_be_shown_and_says_what_it_counts(measure, shown):
    page = opened(measure)
    m = demand.measure(measure)
    words = " ".join(caption.value for caption in page.caption)
    assert m.whose in words and m.rate_words in words and m.caveat.split(".")[0] in words
    assert "nan" not in " ".join(f.finding + f.subtitle for f in shown.values()).lower().split()
    said = words + " ".join(f.finding + f.subtitle + f.method + f.alt for f in shown.values())
    assert "forecast" not in said.lower()
    assert shown["hold-level"].table["words"].str.len().min() > 10


def test_what_would_hold_it_level_names_the_value_or_says_there_is_none(shown):
    opened("bed_days", virtual_wards="100")
    table = shown["hold-level"].table.set_index("lever_id")
    assert table["value"]["admissions_trend"] < 0 and pd.isna(table["value"]["falls"])
    assert "not on its own" in table["words"]["falls"]
    assert (
        f"hospital stays per person at {table['value']['admissions_trend']:.1f}".replace("-", "−")
        in shown["hold-level"].finding
    )


def test_scenario_a_stands_beside_the_one_in_play(shown):
    page = opened(falls="80")
    page.button(key="scenario-pin").click().run()
    page.query_params["same_day_care"] = "40"
    page.session_state["scenario"] = page.session_state["scenario_settled"] = Scenario(falls=80, same_day_care=40)
    page.run()
    assert not page.exception, page.exception
    lines = shown["over-time"].table
    ours, kept = lines[lines["kind"] == "projected"].set_index("year"), lines[lines["kind"] == "kept"].set_index("year")
    assert kept["value"][2047] == pytest.approx(value("ae_attendances", Scenario(falls=80)))
    assert ours["difference"][2047] == pytest.approx(ours["value"][2047] - kept["value"][2047])
    assert shown["drivers"].table.set_index("step")["change_a"]["Fewer falls"] < 0
    for one in shown.values():
        names = {}
        exec(compile(one.code, one.id, "exec"), names)  # noqa: S102 - our own lines, the point of the test
        pd.testing.assert_frame_equal(names["table"].reset_index(drop=True), one.table, check_dtype=False, obj=one.id)
