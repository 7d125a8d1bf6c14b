"""Every figure of every page: made with no page running, keeping the promises of the frame; shown where it is listed."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ics_core import catalogue
from ics_core.figure import KINDS, notes
from pages.components.frame import ambition_pages
from pages.figures import registry

ROOT = Path(__file__).resolve().parents[2]
# page, as in its address -> its file, where the two differ
FILES = {"system": "system_profile", "nearest-systems": "nearest_systems", "then-and-now": "then_and_now"}
# Addresses under which, with the plain one, a page has all its figures.
MORE = {
    "indicators": [
        {"indicator": "rtt_18wk"},
        {"indicator": "suicide_rate_3y", "area": "E07000148", "with": ["E07000144", "E07000147"]},
        {"indicator": "gpps_phone_iq"},
        {"indicator": "qof_dementia"},
    ],
    "ambition": [{"ambition": "2", "indicator": "gpps_phone_iq"}, {"ambition": "8", "indicator": "workforce_fte"}],
    "places": [{"place": "U10602", "measure": "age_band", "ages": ["0", "17"], "level": "lsoa"}, {"place": "D82001"}],
    "systems": [{"system": "Devon", "measure": "need_index", "sort": "name", "down": "false"}],
    "system": [{"system": "Sussex", "with1": "Devon", "with2": "No system", "with3": "none"}],
    "nearest-systems": [{"weigh_rural": "3", "weigh_ethnic_group": "0", "neighbours": "7"}],
    "reshaped": [{"when": "March 2016"}],
    "ambitions": [{"show": "missing target"}, {"show": "Getting worse"}],
    "story": [{"theme": "How services did", "named": "Norfolk and Waveney"}],
    "then-and-now": [{"document": "four-new-systems", "match": "none", "statements": "true"}],
}
CASES = [(page, query) for page in registry.MODULES for query in [{}, *MORE.get(page, [])]]


def made(page: str, query: dict) -> list:
    """Each figure that the page has for this address, with its picture."""
    found = []
    for entry in registry.figures(page):
        view, _ = entry.view.from_query(query)
        if entry.when(view):
            found.append((entry, *entry.make(view)))
    return found


@pytest.mark.parametrize(("page", "query"), CASES, ids=lambda part: str(part)[:40])
def test_every_figure_is_made_with_no_page_running_and_keeps_the_promises_of_the_frame(page, query):
    for entry, one, picture in made(page, query):
        assert one.id == entry.id and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id)
        assert one.finding[0].isupper() or one.finding[0].isdigit(), one.finding
        words = f"{one.finding} {one.subtitle} {one.alt} {one.method}"
        assert "{" not in words and not {"nan", "none:"} & set(words.lower().split()), words
        assert len(one.alt) > 30 and len(one.method) > 30, one.id
        assert one.kind in KINDS and picture is not None
        assert one.sources and all(catalogue.source(name).publisher for name in one.sources)
        assert set(one.columns) <= set(one.table.columns), one.id
        names: dict = {}
        exec(compile(one.code, one.id, "exec"), names)  # noqa: S102 - the lines a reader pastes into a notebook
        pd.testing.assert_frame_equal(
            names["table"].reset_index(drop=True),
            one.table.reset_index(drop=True),
            check_dtype=False,
            check_categorical=False,
            obj=f"{page}/{one.id}",
        )
        lines = notes(one).splitlines()
        assert lines[0] == " ".join(one.finding.split())
        sources = " ".join(row for row in lines if row.startswith("Source: "))
        for name in one.sources[1:] if one.credit else one.sources:
            assert catalogue.source(name).licence in sources, one.id
        assert sources


@pytest.mark.parametrize("page", registry.MODULES)
def test_every_figure_a_page_lists_is_there_under_some_address(page):
    found = {entry.id for query in [{}, *MORE.get(page, [])] for entry, *_ in made(page, query)}
    assert found == {entry.id for entry in registry.figures(page)}


@pytest.mark.parametrize("page", registry.MODULES)
def test_names_that_lead_to_figures_are_few_words_and_told_apart(page):
    names = [entry.name for entry in registry.figures(page)]
    assert len(set(names)) == len(names) and all(len(name.split()) <= 6 for name in names)


@pytest.mark.parametrize("page", registry.MODULES)
def test_a_view_can_be_kept_and_no_address_stops_one_from_being_read(page):
    keys = ("place", "measure", "level", "ages", "over", "system", "with1", "when", "show", "indicator", "area", "with")
    keys += ("beside", "pace", "search", "verdict", "ambition", "theme", "document", "match", "down", "neighbours")
    for nonsense in ("", "<script>", "NaN", "-1e999", "🙂" * 50, None, 7, 1.5, ["a", None], [], "E99999999,x"):
        for entry in registry.figures(page):
            view, notes = entry.view.from_query(dict.fromkeys(keys, nonsense))
            hash(view)  # figures are kept by their view
            assert all(isinstance(note, str) for note in notes)


@pytest.mark.parametrize(("page", "query"), CASES, ids=lambda part: str(part)[:40])
def test_a_view_written_in_an_address_is_read_back_as_it_was(page, query):
    for kind in {entry.view for entry in registry.figures(page)}:
        view, _ = kind.from_query(query)
        assert kind.from_query(registry.to_query(view)) == (view, [])


@pytest.mark.parametrize("page", registry.MODULES)
def test_a_page_shows_the_figures_it_lists_in_their_order(page, shown):
    script = AppTest.from_file(str(ROOT / "pages" / f"{FILES.get(page, page)}.py"), default_timeout=120)
    script.query_params["read"] = "print"  # of a page on a stage: all its figures
    script.run()
    assert not script.exception, script.exception
    assert list(shown) == [entry.id for entry, *_ in made(page, {})]


@pytest.mark.parametrize("number", range(1, 9))
def test_each_ambition_shows_the_figures_it_lists(number, shown, monkeypatch):
    monkeypatch.setattr(ambition_pages, "number", lambda: number)
    script = AppTest.from_file(str(ROOT / "pages/ambition.py"), default_timeout=120).run()
    assert not script.exception, script.exception
    assert list(shown) == [entry.id for entry, *_ in made("ambition", {"ambition": str(number)})]


def test_making_figures_needs_no_streamlit():
    start = """
import sys
from pages.figures import registry
for page in registry.MODULES:
    for entry in registry.figures(page):
        view, _ = entry.view.from_query({})
        if entry.when(view) and page in ("home", "places", "systems", "ambition", "indicators", "story", "method"):
            entry.make(view)
print(sorted(name for name in sys.modules if name.split(".")[0] in ("streamlit", "streamlit_folium", "folium")))
"""
    said = subprocess.run([sys.executable, "-c", start], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "[]", said.stdout + said.stderr
