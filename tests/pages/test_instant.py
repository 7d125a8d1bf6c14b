"""Instant answers: the same words and numbers as the page gives, and nothing for what is not understood."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ics_core import geography, money, systems
from ics_core.population import FOOTPRINT
from pages.components.charts import picture
from pages.components.charts import projection as projection_charts
from pages.components.frame import old_numbers as numbers
from pages.components.instant import channel as instant
from pages.components.instant.channel import Answer
from pages.figures import demand as demand_figures
from pages.figures import money as money_figures
from pages.figures import population as population_figures
from pages.figures import systems as system_figures
from pages.figures import travel as travel_figures
from tests.pages.big_numbers import big_numbers
from tests.pages.headings import headings

ROOT = Path(__file__).parents[2]
PAGES = ("population", "demand", "money", "travel", "systems")
VIEW = {"place": FOOTPRINT, "ages": "all ages"}


def opened(name: str, **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=90)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


@pytest.fixture
def drawn(monkeypatch):
    """The data of each line chart a page draws, by the figure whose answers move it."""
    seen = {}
    original = projection_charts.projected_line

    def remember(frame, *, moved_by="", **more):
        made = original(frame, moved_by=moved_by, **more)
        seen[moved_by] = (frame, made)
        return made

    monkeypatch.setattr(projection_charts, "projected_line", remember)
    return seen


@pytest.mark.parametrize(
    ("lever", "value"), [("fertility", -10), ("mortality", 12), ("migration", 1500), ("retirement_migration", -40)]
)
def test_a_lever_is_answered_with_what_the_page_then_shows(drawn, lever, value):
    page = opened("population", **{lever: str(value)})
    answer = population_figures.at_once(VIEW, lever, value)
    assert set(big_numbers(page).values()) <= set(answer.numbers["headline"])
    frame, _ = drawn["over-time"]
    # The band is as wide as that of the scenario the lever set out from, until the page has run; the line is the line.
    assert answer.lines["over-time"][::3] == pytest.approx(projection_charts.moving(frame)[::3])


def test_levers_already_moved_stay_moved_in_an_answer():
    both = population_figures.at_once(VIEW | {"fertility": "-10"}, "migration", 1500)
    one = population_figures.at_once(VIEW, "migration", 1500)
    assert both.numbers != one.numbers and both.lines != one.lines


@pytest.mark.parametrize(
    ("service", "lever", "value"),
    [("ae_attendances", "mortality", -15), ("dementia", "dementia_risk", 50), ("gp_appointments", "gp_trend", 1.5)],
)
def test_demand_is_answered_with_what_the_page_then_shows(drawn, service, lever, value):
    page = opened("demand", service=service, **{lever: str(value)})
    answer = demand_figures.at_once({"service": service, "place": FOOTPRINT}, lever, value)
    assert set(big_numbers(page).values()) <= set(answer.numbers["headline"])
    frame, _ = drawn["over-time"]
    assert answer.lines["over-time"][::3] == pytest.approx(projection_charts.moving(frame)[::3])


def test_the_gap_is_answered_with_what_the_page_then_shows(drawn):
    page = opened("money", efficiency="2.5")
    start = money.DEFAULT_START
    answer = money_figures.at_once({"opening": start}, "efficiency", 2.5)
    assert set(big_numbers(page, "needed").values()) <= set(answer.numbers["needed"])
    frame, _ = drawn["gap"]
    assert answer.lines["gap"][::3] == pytest.approx(projection_charts.moving(frame)[::3])


@pytest.mark.parametrize("key", ["system", "button"])
def test_another_system_is_answered_with_what_the_page_then_shows(key):
    code = next(iter(systems.named_in_documents()))
    page = opened("system_profile", system=code)
    answer = system_figures.at_once({}, key, systems.name(code) if key == "system" else code)
    assert list(big_numbers(page).values()) == answer.numbers["headline"][::2]
    assert answer.numbers["name"] == headings(page, 1)


@pytest.mark.parametrize("off", ["", geography.ACUTE[0], ",".join(geography.ACUTE[1:])])
def test_the_slider_of_minutes_is_answered_with_what_the_page_then_shows(off):
    away = [one for one in off.split(",") if one]
    names = geography.acute_hospitals().set_index("id")["name"]
    page = opened("travel", minutes="45", **({"off": [names[one] for one in away]} if away else {}))
    answer = travel_figures.at_once({"off": off, "border": "True"}, "minutes", 45)
    assert set(big_numbers(page).values()) <= set(answer.numbers["headline"])


def test_every_moving_number_of_a_chart_has_its_place_and_no_other():
    frame = pd.DataFrame(
        {
            "year": [2023, 2024, 2024, 2025, 2025],
            "series": ["Published", "Published", "Ours", "Ours", "Official"],
            "kind": ["published", "published", "projected", "projected", "official"],
            "value": [1.0, 2.0, 3.0, 6.0, 5.0],
            "low": [float("nan")] * 2 + [2.5, 5.5] + [float("nan")],
            "high": [float("nan")] * 2 + [3.5, 6.5] + [float("nan")],
        }
    )
    made = projection_charts.projected_line(frame, unit="people", moved_by="x")
    moving = projection_charts.moving(frame)
    rows = made.data["lines"]
    assert rows["place"].tolist() == [-1, -1, 0, 3, -1]
    for row in rows[rows["place"] >= 0].itertuples():
        assert moving[row.place : row.place + 3] == [row.value, row.low, row.high]
    ends = made.data["ends"].set_index("kind")["place"]
    assert moving[ends["projected"]] == 6.0 and ends["official"] == -1


def test_a_saved_image_does_not_look_for_the_page_around_it():
    frame = pd.DataFrame({"year": [2024, 2025], "series": "Ours", "kind": "projected", "value": [1.0, 2.0]})
    made = projection_charts.projected_line(frame, unit="people", moved_by="x")
    assert "bind" in made.instructions and "bind" not in json.dumps(made.still().to_dict())
    assert picture.at_once("datum.place", "datum.value") in made.instructions


@pytest.fixture
def reply(monkeypatch):
    """Asks a page that says what it was asked."""
    echo = SimpleNamespace(
        at_once=lambda view, moved, to: Answer({"words": [view["a"], moved, f"{to:g}"]}, {"line": [to, float("nan")]})
    )
    monkeypatch.setitem(sys.modules, "pages.figures.echo", echo)
    return lambda text: json.loads(instant.reply(("echo",), text))


def test_a_question_gets_its_words_and_its_line_with_gaps_left_empty(reply):
    asked = {"page": "echo", "view": {"a": "b"}, "moved": "lever", "to": 2}
    assert reply(json.dumps(asked)) == {"numbers": {"words": ["b", "lever", "2"]}, "lines": {"line": "2.0,"}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '{"page": "none"}',
        '{"page": "echo", "view": {}, "moved": "x", "to": 1}',
        '{"page": "echo", "view": {"a": "b"}, "moved": "x", "to": "many"}',
        '{"page": ["echo"]}',
        '{"page": "echo", "view": [], "moved": "x", "to": 1}',
        "x" * 10_000,
    ],
)
def test_a_question_that_is_not_understood_gets_an_empty_answer(reply, text):
    assert reply(text) == {}


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["place", "ages", "fertility", "basis", "name"]), st.text(max_size=12)),
    st.text(max_size=12),
    st.floats() | st.text(max_size=12),
    st.sampled_from(PAGES),
)
def test_no_question_to_a_page_brings_the_server_down(view, moved, to, page):
    asked = {"page": page, "view": view, "moved": moved, "to": to}
    assert instant.reply(PAGES, json.dumps(asked))


def test_the_server_starts_without_data_and_leaves_a_question_unanswered():
    start = """
from pathlib import Path
from ics_core import catalogue
catalogue.DATA = Path("nowhere")
import app
from pages.components import instant
print(app.app is not None, instant.reply(("population",), '{"page": "population", "view": {}, "moved": "fertility", "to": 1}'))
"""
    said = subprocess.run([sys.executable, "-c", start], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "True {}", said.stderr


def test_words_are_in_the_order_in_which_they_stand_on_the_screen():
    assert numbers.words("Title", [("a", "1", "one"), ("b", "2", "two")]) == ["Title", "1", "one", "2", "two"]
    assert numbers.words("", [("a", "1", "one")]) == ["1", "one"]
