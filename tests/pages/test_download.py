"""Files to take away: pandas and spreadsheets read them as they are, and what they are stays with them."""

import io
import zipfile

import pandas as pd
import pytest

from ics_core import catalogue, download
from ics_core.area import AREA
from ics_core.figure import file_name, notes, packed
from ics_core.scenario import MODEL_VERSION
from pages.figures import registry

MOVED = {"migration": "200", "fertility": "-5", "place": "E07000147"}


@pytest.fixture(scope="module")
def moved():
    return registry.make("population", "over-time", MOVED)[0]


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_pandas_reads_the_table_with_no_arguments_and_excel_knows_its_letters(moved):
    files = unpacked(packed(moved, "population"))
    content = files[f"{file_name(moved, 'population')}.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(content))
    assert list(table.columns) == list(moved.table.columns) and len(table) == len(moved.table)
    for name in moved.table.select_dtypes("number"):
        pd.testing.assert_series_equal(
            table[name], moved.table[name].reset_index(drop=True), check_dtype=False, rtol=1e-5
        )


def test_numbers_carry_no_noise_and_zero_no_sign():
    frame = pd.DataFrame({"value": [0.1 + 0.2, -0.0, 1 / 3, 1096824.3456, float("nan"), -12.5]})
    assert download.csv(frame, 6).decode("utf-8-sig").split() == [
        *("value", "0.3", "0", "0.333333", "1096824", '""', "-12.5"),
    ]


@pytest.mark.parametrize("typed", ["=SUM(A1)", "+1", "-1+2", "@cmd", "\t=1", "  =1"])
def test_no_text_of_a_table_acts_as_a_formula_and_no_number_is_changed(typed):
    back = pd.read_csv(io.BytesIO(download.csv(pd.DataFrame({"text": [typed], "number": [-1.5]}))))
    assert back.loc[0, "text"] == "'" + typed and back.loc[0, "number"] == -1.5


def test_a_moved_scenario_is_in_the_file_in_words_address_code_versions_and_date(moved):
    address = "http://localhost:8501/population?migration=200"
    text = notes(moved, address, "28 November 2026")
    assert all(said in text for said in moved.scenario.changes()) and len(moved.scenario.changes()) == 2
    assert address in text and "Scenario(" in text and "fertility=-5" in text
    assert f"model version {MODEL_VERSION}, data release {catalogue.release()}" in text and "28 November 2026" in text
    assert set(unpacked(packed(moved, "population"))) == {
        "population_over-time_north-norfolk_fertility-5-migration-200.csv",
        "population_over-time_north-norfolk_fertility-5-migration-200-notes.txt",
    }


def test_a_name_carries_page_figure_and_place_and_no_scenario_where_no_lever_is_moved():
    one = registry.make("population", "over-time")[0]
    assert file_name(one, "population") == download.named("population", "over-time", AREA.name)
    assert "no lever moved" in notes(one)


def test_scenario_a_is_in_the_file_where_it_is_compared_with():
    view, _ = registry.view("population").from_query(MOVED)
    kept = type(view)(scenario=view.scenario, kept=view.scenario.replace(migration=500, name="More"))
    assert "Scenario A, compared with: More: " in notes(registry.entry("population", "over-time").make(kept)[0])


@pytest.mark.parametrize("name", catalogue.tables()[:8])
def test_a_table_of_the_data_comes_back_as_it_is(name):
    table = catalogue.table(name)
    back = pd.read_csv(io.BytesIO(download.csv(table)))
    assert list(back.columns) == list(table.columns) and len(back) == len(table)
