"""A figure as a value: its source line, the notes beside its table, and that nobody can alter it."""

import io
import zipfile
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import pandas as pd
import pytest

from ics_core import catalogue
from ics_core.figure import Figure, Number, file_name, in_words, notes, packed, source_line
from ics_core.scenario import Scenario

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
    assert sources_in(notes(credited)) == [
        "Source: Board of Beds, Beds, released undated paper, period 2018, OGL, https://example.org/beds",
        "Source: NHS England, A&E",
    ]


def sources_in(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("Source: ")]


def test_notes_say_finding_kind_each_source_the_release_and_the_columns():
    said = notes(figure(kind="projected", columns={"beds": "Beds open"}), "https://x.org/?y=1", "28 November 2026")
    assert said.splitlines()[:2] == ["Beds fell", "Beds, Norfolk. Projected, on the assumptions shown."]
    assert sources_in(said) == [
        "Source: Office of Numbers, People, released 2025-07-14, period mid-2024, OGL, https://example.org/people",
        "Source: Board of Beds, Beds, released undated paper, period 2018, OGL, https://example.org/beds",
    ]
    for line in ("Address: https://x.org/?y=1", "beds: Beds open", "The same in Python"):
        assert line in said.splitlines()
    assert "Made on 28 November 2026 with" in said and f"data release {catalogue.release()}" in said
    assert "Address" not in notes(figure()) and "Made with" in notes(figure()) and "Columns" not in notes(figure())


def test_a_figure_and_its_numbers_cannot_be_altered():
    with pytest.raises(FrozenInstanceError):
        figure().finding = "Beds rose"
    with pytest.raises(FrozenInstanceError):
        Number("beds", "Beds", "5").value = "7"


def test_a_table_in_words_names_its_columns_and_rounds_by_size():
    table = pd.DataFrame(
        {"n": [1234.5, 2.25, None], "share": [0.12345, -0.5, 1.0], "whole": [1.0, 2.0, 3.0], "left": "x"}
    )
    named = {"n": "People", "share": "Share", "whole": "Beds"}
    said = in_words(figure(table=table, columns=named))
    assert list(said) == ["People", "Share", "Beds"]
    assert said.values.tolist() == [["1,234", "0.123", "1"], ["2", "−0.5", "2"], ["", "1.0", "3"]]
    assert list(in_words(figure(table=table[["share"]] * 10))["share"]) == ["1.2", "−5.0", "10.0"]
    edge = pd.DataFrame({"year": [2024.0, None], "n": [1000.0, 0.5]})
    assert in_words(figure(table=edge)).values.tolist() == [["2024", "1,000"], ["", "0"]]
    assert len(in_words(figure(table=table), most=2)) == 2
    assert list(in_words(figure(table=table))) == list(table)


def test_notes_say_of_which_scenario_a_table_is_and_what_it_is_compared_with():
    moved = Scenario(migration=500, name="More come")
    said = notes(figure(scenario=moved, kept=Scenario(fertility=-5))).splitlines()
    change, other = moved.changes(), Scenario(fertility=-5).changes()
    assert any(line.startswith(f"Scenario: More come: {change[0]}. Starts from the ") for line in said)
    assert any(line.startswith(f"Scenario A, compared with: {other[0]}. Starts from the ") for line in said)
    assert any(
        line.startswith("Scenario: no lever moved. ") for line in notes(figure(scenario=Scenario())).splitlines()
    )
    assert not any(line.startswith("Scenario") for line in notes(figure()).splitlines())


def test_a_file_is_named_after_its_scenario_or_what_was_moved():
    assert file_name(figure(scenario=Scenario(migration=500, name="More come")), "money") == "money_beds_more-come"
    assert file_name(figure(scenario=Scenario(migration=500)), "money") == "money_beds_migration-500"
    assert file_name(figure(), "money") == "money_beds"


def test_numbers_in_a_file_have_six_figures():
    table = pd.DataFrame({"share": [1 / 3, 12345.678]})
    with zipfile.ZipFile(io.BytesIO(packed(figure(table=table), "money"))) as files:
        text = files.read("money_beds.csv").decode("utf-8-sig")
    assert text.split() == ["share", "0.333333", "12345.7"]
