"""The population page: its figures, their findings, and that their code gives their tables."""

import json
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ics_core import population
from ics_core.scenario import Scenario
from ics_core.words import about
from tests.pages.big_numbers import big_numbers

PAGE = Path(__file__).parents[2] / "pages" / "population.py"
FIGURES = ["over-time", "pyramid", "drivers", "older", "dependency", "growth", "likelihood", "record"]
CHOICES = {
    "as it opens": {},
    "the over-85s of North Norfolk, moved": {
        "place": "North Norfolk (district)",
        "ages": "85 and over",
        "mortality": "-10",
        "migration": "500",
    },
    "a locality on the other basis": {"place": "West Norfolk (locality)", "ages": "65–74", "basis": "ons-2018"},
}


def open_page(**asked: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=90)
    page.query_params.update(asked)
    return page.run()


@pytest.fixture(params=CHOICES, ids=str)
def choice(request):
    return CHOICES[request.param]


def test_every_figure_is_there_and_its_code_gives_its_table(shown, choice):
    page = open_page(**choice)
    assert not page.exception
    assert list(shown) == FIGURES
    for one in shown.values():
        scope: dict = {}
        exec(one.code, scope)  # noqa: S102 - the lines a reader pastes into a notebook
        pd.testing.assert_frame_equal(scope["table"], one.table, check_like=True)


def test_figures_have_a_finding_words_for_screen_readers_and_few_marks(shown, choice):
    open_page(**choice)
    for one in shown.values():
        assert any(sign.isdigit() for sign in one.finding), one.id
        assert "{" not in one.finding + one.subtitle + one.alt + one.method
        assert len(one.alt) > 40 and len(one.table) < 2000
        assert "forecast" not in (one.finding + one.subtitle + one.alt + one.method).lower()
        assert one.kind == ("our calculation" if one.id == "record" else "projected")


def test_the_finding_is_what_the_model_says(shown):
    open_page(place="North Norfolk (district)", ages="85 and over", mortality="-10")
    row = population.growth(Scenario(mortality=-10), None, None, "85+", "E07000147").iloc[0]
    for number in (row["before"], row["after"]):
        assert about(number) in shown["over-time"].finding


def test_why_names_those_who_reach_the_age_and_those_who_die(shown):
    open_page(place="North Norfolk (district)", ages="85 and over")
    table = shown["drivers"].table.set_index("step")["change"]
    for step in ("Reach 85", "Deaths"):
        assert about(abs(table[step])) in shown["drivers"].finding


def test_the_big_numbers_follow_the_levers():
    before, after = big_numbers(open_page()), big_numbers(open_page(migration="2000"))
    assert len(before) == 3 and all(after[label] != value for label, value in before.items())


def test_a_kept_scenario_is_in_every_figure_that_is_projected(shown):
    page = open_page(migration="1000")
    next(b for b in page.button if b.label == "Keep as A").click().run()
    shown.clear()
    next(b for b in page.button if b.label == "Reset all").click().run()
    assert not page.exception
    for one in shown.values():
        if one.kind == "projected":
            words = " ".join(map(str, one.table.columns)) + " ".join(one.table.select_dtypes("str").stack().unique())
            assert "difference" in words or "A" in set(one.table.get("scenario", [])), one.id


def test_the_year_of_the_pyramid_comes_from_the_address_and_stays_in_range(shown):
    open_page(year="2035")
    assert set(shown["pyramid"].table["year"]) == {2024, 2035}
    open_page(year="2047", basis="ons-2018")
    assert set(shown["pyramid"].table["year"]) == {2018, 2043}


def test_present_mode_shows_one_figure_with_the_levers(shown):
    page = open_page(present="true", figure="drivers")
    assert list(shown) == ["drivers"]
    labels = [json.loads(element.proto.json).get("label") for element in page.get("bidi_component")]
    assert "Birth rates" in labels


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
def test_what_an_address_cannot_mean_is_left_aside(shown, asked):
    page = open_page(**asked)
    assert not page.exception and shown
