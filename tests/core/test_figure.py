"""A figure as a value: its source line, its CSV, and that nobody can alter it."""

from dataclasses import FrozenInstanceError
from io import StringIO
from types import SimpleNamespace

import pandas as pd
import pytest

from ics_core import catalogue
from ics_core.area import AREA
from ics_core.figure import Figure, Number, csv, source_line

PUBLISHED = {
    "people": ("Office of Numbers", "People", "2025-07-14", "mid-2024", "OGL"),
    "births": ("Office of Numbers", "Births", "2024", "2023", "OGL"),
    "streets": ("Office of Numbers", "Streets", "2020 to 2024", "2024", "other terms"),
    "beds": ("Board of Beds", "Beds", "undated paper", "2018", "OGL"),
    "ours": ("Board of Beds", "Notes", "", "2018", "OGL"),
}


@pytest.fixture(autouse=True)
def published(monkeypatch):
    """Five tables of two publishers, whatever the data say today."""

    def source(name):
        fields = dict(zip(("publisher", "title", "released", "period", "licence"), PUBLISHED[name]))
        return SimpleNamespace(**fields, address=f"https://example.org/{name}")

    monkeypatch.setattr(catalogue, "source", source)


def figure(**other) -> Figure:
    given = {
        "id": "beds",
        "finding": "Beds\nfell",
        "subtitle": "Beds, Norfolk",
        "table": pd.DataFrame({"year": [2023, 2024], "beds": [7, 5]}),
        "sources": ("people", "beds"),
        "method": "Counted.",
        "code": "",
        "alt": "Two bars",
    }
    return Figure(**given | other)


def test_a_source_line_names_each_publisher_and_licence_once_with_titles_and_dates_in_words():
    assert source_line(("people", "births")) == "Source: Office of Numbers, People, 14 July 2025, Births, 2024 (OGL)."
    assert source_line(("people", "beds", "births")) == (
        "Source: Office of Numbers, People, 14 July 2025, Births, 2024 (OGL); Board of Beds, Beds, undated paper (OGL)."
    )
    assert source_line(("births", "streets")).count("Office of Numbers") == 2  # another licence


def test_a_release_that_is_not_known_is_left_out_and_a_title_named_twice_stands_once():
    assert source_line(("ours", "ours")) == "Source: Board of Beds, Notes (OGL)."


def test_a_credit_takes_the_place_of_the_first_table_and_of_no_other():
    assert figure().source.startswith("Source: Office of Numbers, People")
    credited = figure(credit="NHS England, A&E")
    assert credited.source == "Source: NHS England, A&E; Board of Beds, Beds, undated paper (OGL)."
    lines = csv(credited).splitlines()
    assert [line for line in lines if line.startswith("# Source")] == [
        "# Source: Board of Beds, Beds, released undated paper, period 2018, OGL, https://example.org/beds",
        "# Source: NHS England, A&E",
    ]


def test_a_csv_is_headed_by_finding_subtitle_kind_each_source_and_whose_it_is_then_the_table_alone():
    assert csv(figure(kind="projected")).splitlines() == [
        "# Beds fell",
        "# Beds, Norfolk",
        "# Projected, on the assumptions shown",
        "# Source: Office of Numbers, People, released 2025-07-14, period mid-2024, OGL, https://example.org/people",
        "# Source: Board of Beds, Beds, released undated paper, period 2018, OGL, https://example.org/beds",
        f"# {AREA.name} ICS Explorer, data release {catalogue.release()}. Not an official NHS site.",
        "year,beds",
        "2023,7",
        "2024,5",
    ]
    pd.testing.assert_frame_equal(pd.read_csv(StringIO(csv(figure())), comment="#"), figure().table)


def test_a_figure_and_its_numbers_cannot_be_altered():
    with pytest.raises(FrozenInstanceError):
        figure().finding = "Beds rose"
    with pytest.raises(FrozenInstanceError):
        Number("beds", "Beds", "5").value = "7"
