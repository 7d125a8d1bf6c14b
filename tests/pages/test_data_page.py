"""The data page: what is there of every table, and official files brought in, looked at, landed and taken back."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import ambitions, catalogue
from ics_core.importers.store import Store
from pages.components.frame import headers

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "tests" / "fixtures" / "importers"
MAY = FILES / "ae_provider_2026-05.xls"


def opened() -> AppTest:
    return AppTest.from_file(str(ROOT / "pages/data.py"), default_timeout=120)


def table(page: AppTest, *columns: str):
    return next(one.value for one in page.table if {*columns} <= {*one.value})


def said(elements) -> str:
    return "\n".join(element.value for element in elements)


def test_every_table_stands_with_rows_release_licence_copy_and_how_to_cite_it():
    page = opened()
    page.query_params["table"] = "practices"
    page.run()
    assert not page.exception
    listed = table(page, "Rows", "Publisher", "Released", "Releases since", "Licence", "Copy from")
    assert len(listed) == len(catalogue.contents())
    lists = listed.set_index("Table")
    missed = catalogue.contents().set_index("name")["missed"]
    assert lists["Releases since"]["GP practices"] == str(missed["practices"]) != "0"
    assert len(table(page, "Publication", "Read")) == len(catalogue.describe("practices")["sources"])
    assert catalogue.citation("practices") in [element.value for element in page.code]
    held = catalogue.table("changes")
    log = table(page, "Landing", "New", "Revised", "Dropped")
    assert set(log["Landing"]) == set(held["landing"]) and set(log["File"]) == set(held["file"])
    assert log["New"].sum() == len(held.query("kind == 'new'").drop_duplicates(["landing", "key"]))


def test_a_table_is_found_by_words_of_its_columns():
    page = opened().run()
    page.text_input(key="find").input("Deprivation PRACTICE").run()
    listed = set(table(page, "Rows", "Copy from")["Table"])
    assert "GP practices" in listed and "Life expectancy at birth" not in listed
    page.text_input(key="find").input("no such thing").run()
    assert "No table has all of these words" in said(page.info)


def test_without_the_setting_there_is_no_upload_and_the_page_says_so(monkeypatch):
    monkeypatch.delenv(headers.REFRESH, raising=False)
    page = opened().run()
    assert not page.file_uploader and f"`{headers.REFRESH}=on`" in said(page.info)


@pytest.fixture
def page(data_copy, monkeypatch):
    """The page where uploads are allowed, over data that end before May 2026."""
    store = Store(data_copy)
    rows = store.rows("observations")
    held = [row for row in rows if not (row["indicator_id"].startswith("ae_") and row["period_start"] >= "2026-05")]
    store.write("observations", held, list(rows[0]))
    catalogue.stamp()
    monkeypatch.setenv(headers.REFRESH, "on")
    return opened().run()


def latest() -> str:
    return ambitions.series("ae_4hr_all", "RM1")["period_label"].iloc[-1]


def upload(page: AppTest, *files: Path) -> None:
    page.file_uploader[0].set_value([(file.name, file.read_bytes(), "") for file in files]).run()


def button(page: AppTest, label: str):
    return next(one for one in page.button if one.label.startswith(label))


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and "undo" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_file_is_seen_then_landed_and_every_page_follows_until_it_is_taken_back(page, data_copy):
    before = contents(data_copy)
    assert latest() == "Apr 2026"
    upload(page, MAY)
    assert "A&E Attendances and Emergency Admissions (NHS England), May 2026, released 11 June 2026" in said(
        page.markdown
    )
    assert "25 new, 0 revised, 0 dropped" in said(page.markdown)
    assert len(table(page, "Change", "Held", "In the file")) == 25
    assert contents(data_copy) == before
    button(page, "Land").click().run()
    assert "Landed" in said(page.success) and latest() == "May 2026"
    assert table(page, "Landing", "New")["File"][0] == MAY.name
    assert not page.file_uploader[0].value
    button(page, "Take back").click().run()
    assert "Took back" in said(page.success) and latest() == "Apr 2026"
    assert contents(data_copy) == before


def test_what_is_suspicious_lands_only_when_someone_has_looked(page, data_copy):
    upload(page, FILES / "ae_2025-12.csv")
    assert "the file has no release date" in said(page.warning)
    assert button(page, "Land").disabled
    next(one for one in page.checkbox if one.key.startswith("refresh-looked")).check().run()
    assert not button(page, "Land").disabled


def test_a_file_that_cannot_be_used_is_named_in_words_and_keeps_all_from_landing(page, data_copy, tmp_path):
    before = contents(data_copy)
    wrong = tmp_path / "May.xls"
    wrong.write_text("<html><title>Sign in</title></html>")
    upload(page, MAY, wrong)
    assert "May.xls is a web page titled “Sign in”" in said(page.error)
    assert not any(one.label.startswith("Land") for one in page.button) and contents(data_copy) == before
