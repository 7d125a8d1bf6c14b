"""The frame around pages: links with nonsense in them, missing files, dates in words."""

import importlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ics_core import ambitions, catalogue, words
from pages.components.frame import page, pages_by_path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")
KINDS = (
    "selectbox",
    "multiselect",
    "slider",
    "select_slider",
    "number_input",
    "text_input",
    "toggle",
    "checkbox",
    "radio",
    "button_group",
)
HOSTILE = ("<script>alert(1)</script>", "-1e999", "NaN", "", "E99999999", "'; DROP TABLE", "🙂" * 50)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_link_with_nonsense_in_it_opens_the_page_all_the_same(path):
    first = AppTest.from_file(str(path), default_timeout=120).run()
    keys = {widget.key for kind in KINDS for widget in first.get(kind) if getattr(widget, "key", None)}
    keys |= {"place", "system", "metric", "indicator", "area", "year", "fertility", "basis", "name", "present"}
    for nonsense in HOSTILE:
        again = AppTest.from_file(str(path), default_timeout=120)
        for key in keys:
            again.query_params[key] = nonsense
        again.run()
        assert not again.exception, (nonsense, again.exception)


@pytest.fixture
def data_without(monkeypatch, tmp_path):
    """A copy of the data folder with one file gone after the server has started: what it reads at start it has."""
    importlib.import_module("pages.components.instant.channel")
    caches = [thing for thing in vars(catalogue).values() if hasattr(thing, "cache_clear")]

    def without(file: str) -> None:
        shutil.copytree(catalogue.DATA, tmp_path / "data")
        (tmp_path / "data" / file).unlink()
        monkeypatch.setattr(catalogue, "DATA", tmp_path / "data")
        for cached in caches:
            cached.cache_clear()

    yield without
    for cached in caches:
        cached.cache_clear()


@pytest.mark.parametrize("file", ["datapackage.json", "text/pages.toml"])
def test_a_missing_file_is_named_with_the_way_to_restore_it(data_without, file):
    data_without(file)
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not opened.exception
    assert [error.value for error in opened.error] == [
        f"This page cannot be shown. data/{file} is missing. To restore it, install or unpack the project again. "
        "The other pages still work."
    ]


@pytest.mark.parametrize(
    ("iso", "said"), [("2026-11-21", "21 November 2026"), ("2026-11", "November 2026"), ("2026", "2026")]
)
def test_dates_are_written_in_words(iso, said):
    assert words.day(iso) == said


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:8501/data", True),
        ("http://127.0.0.1:8501", True),
        ("http://[::1]:8501/", True),
        ("https://explorer.example.org/data", False),
        ("https://localhost.example.org/", False),
        ("", False),
        (None, False),
    ],
)
def test_where_the_app_runs_is_read_from_its_address(address, here):
    assert page.runs_here(address) == here


@pytest.mark.parametrize(
    ("url", "under", "path"),
    [
        ("http://localhost:8501/population", "", "population"),
        ("https://example.org/nw/population/", "/nw/", "population"),
        ("https://example.org/nw/", "nw", ""),
        (None, "", ""),
    ],
)
def test_the_page_of_an_address_is_known_wherever_the_app_is_served(url, under, path, monkeypatch):
    monkeypatch.setattr(type(st.context), "url", url)
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": under}.get)
    assert pages_by_path.here() == path


@pytest.mark.parametrize(("here", "said"), [(True, "leaves this machine"), (False, "sent to the server")])
def test_what_is_said_of_privacy_is_true_where_the_app_runs(here, said, monkeypatch):
    monkeypatch.setattr(page, "runs_here", lambda address: here)
    one = AppTest.from_file(str(ROOT / "pages/data.py"), default_timeout=120).run()
    shown = " ".join(element.value for element in one.markdown)
    assert page.privacy("text") in shown and said in page.privacy("line")
    other = catalogue.toml("text/pages")["privacy"]["hosted" if here else "local"]["text"]
    assert other not in shown and "{" not in page.privacy("text")


def test_the_data_page_lists_what_is_behind_with_the_file_to_fetch():
    one = AppTest.from_file(str(ROOT / "pages/data.py"), default_timeout=120).run()
    late = ambitions.behind()
    listed = next(element.value for element in one.table if "File to fetch" in element.value)
    assert len(listed) == len(late)
    assert all(file in told for file, told in zip(late["file"], listed["File to fetch"], strict=True))
    assert [told.endswith("(not read yet)") for told in listed["File to fetch"]] == (late["importer"] == "").tolist()


def test_numbers_in_a_table_have_one_minus_sign_and_zero_has_none():
    from ics_core.figure import Figure, in_words

    table = pd.DataFrame(
        {"Change": [-0.04, -1234.5, 12.0], "Share": [-0.935, 0.0001, -0.0], "year": [2025, 2026, 2027]}
    )
    shown = in_words(Figure("x", "X", "X", table, (), "", "", ""))
    assert shown["Change"].tolist() == ["0", "−1,234", "12"]
    assert shown["Share"].tolist() == ["−0.935", "0.0001", "0"]
    assert shown["year"].tolist() == ["2025", "2026", "2027"]


EMBEDDED = """
import streamlit as st
from pages.components.frame import stage
from types import SimpleNamespace
st.text(stage.alone(SimpleNamespace(url_path={path!r}, title="")))
"""


def embedded(monkeypatch, path: str, **query: str) -> AppTest:
    monkeypatch.setattr(type(st.context), "is_embedded", property(lambda self: True))
    script = AppTest.from_string(EMBEDDED.format(path=path), default_timeout=120)
    for key, value in query.items():
        script.query_params[key] = value
    script.run()
    assert not script.exception, script.exception
    return script


@pytest.mark.parametrize("asked", ["growth", "Fastest growing"])
def test_embedded_a_figure_stands_alone_with_its_source_and_the_way_to_the_app(monkeypatch, shown, asked):
    script = embedded(monkeypatch, "population", figure=asked, migration="500")
    assert script.text[0].value == "True" and list(shown) == ["growth"]
    assert script.markdown[0].value.startswith("# Fastest growth") and not script.button and not script.selectbox
    assert "Office for National Statistics" in script.caption[0].value
    assert "(population?figure=growth&migration=500)" in script.caption[0].value


def test_embedded_the_page_of_an_ambition_shows_its_own_figure(monkeypatch, shown):
    first = embedded(monkeypatch, "ambition-2-primary-care", figure="milestones").markdown[0].value
    assert first != embedded(monkeypatch, "ambition-3-any", figure="milestones").markdown[0].value
    assert list(shown) == ["milestones"]


def test_embedded_a_figure_that_is_not_known_is_named_with_the_nearest(monkeypatch):
    script = embedded(monkeypatch, "population", figure="growt")
    assert "Did you mean growth?" in script.error[0].value and len(script.markdown) == 0


def test_embedded_without_a_figure_the_page_is_shown_as_ever(monkeypatch):
    assert embedded(monkeypatch, "population").text[0].value == "False"
