"""Every figure can be made with no page running, for any address, and keeps the promises of the frame."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue
from ics_core.figure import KINDS, notes
from pages.figures import registry

PAGES = ("population", "demand", "money", "outlook_2018", "travel")
ENTRIES = [entry for page in PAGES for entry in registry.figures(page)]
VIEWS = {
    "as it opens": {},
    "a district, its oldest, levers moved": {
        "place": "North Norfolk (district)",
        "ages": "85 and over",
        "mortality": "-10",
        "migration": "500",
        "year": "2035",
    },
    "a locality on the other basis": {"place": "West Norfolk (locality)", "ages": "65-74", "basis": "ons-2018"},
}


@pytest.fixture(params=ENTRIES, ids=lambda entry: f"{entry.page}/{entry.id}")
def entry(request):
    return request.param


@pytest.mark.parametrize("query", VIEWS.values(), ids=VIEWS)
def test_a_figure_keeps_the_promises_of_the_frame(entry, query):
    one, picture = registry.make(entry.page, entry.id, query)
    assert one.id == entry.id and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id)
    assert one.finding[0].isupper() or one.finding[0].isdigit()
    words = f"{one.finding} {one.subtitle} {one.alt} {one.method}"
    assert "{" not in words and "nan" not in words.lower().split() and "forecast" not in one.finding.lower()
    assert len(one.alt) > 30 and len(one.method) > 30 and one.kind in KINDS
    assert one.sources and all(catalogue.source(name).publisher for name in one.sources)
    assert len(one.table) < 2000 and picture is not None
    names: dict = {}
    exec(compile(one.code, one.id, "exec"), names)  # noqa: S102 - the lines a reader pastes into a notebook
    pd.testing.assert_frame_equal(
        names["table"].reset_index(drop=True), one.table.reset_index(drop=True), check_dtype=False, obj=one.id
    )
    lines = notes(one).splitlines()
    assert lines[0] == " ".join(one.finding.split())
    assert any(row.startswith("Source: ") for row in lines)


@pytest.mark.parametrize("page", PAGES)
def test_names_that_lead_to_figures_are_few_words_and_told_apart(page):
    names = [entry.name for entry in registry.figures(page)]
    assert len(set(names)) == len(names) and all(len(name.split()) <= 5 for name in names)


@pytest.mark.parametrize("page", [page for page in PAGES if registry.key_results(page)])
def test_key_results_are_three_to_five_told_apart_and_say_no_change_until_a_lever_moves(page):
    strip = registry.key_results(page)
    results = strip.make(strip.view())
    assert 1 <= len(results) <= 5 and len({one.name for one in results}) == len(results)
    assert not any(one.change for one in results)
    assert all(one.label and one.value for one in results)


HOSTILE = st.text(max_size=20) | st.integers() | st.none() | st.floats() | st.lists(st.text(max_size=3), max_size=3)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PAGES),
    st.dictionaries(
        st.sampled_from(
            ["place", "ages", "year", "range_year", "places", "basis", "name", "fertility", "mortality_range"]
            + ["service", "opening", "off", "border", "minutes"]
        )
        | st.text(max_size=8),
        HOSTILE,
    ),
)
def test_no_address_stops_a_view_from_being_read(page, query):
    view, notes = registry.figures(page)[0].view.from_query(query)
    assert view == replace(view) and all(isinstance(note, str) for note in notes)


def test_what_is_unknown_is_named_and_left_out():
    view, notes = registry.figures("population")[0].view.from_query({"place": "Atlantis", "ages": "85 and over"})
    assert view.place == "E54000022" and view.ages == "85+"
    assert len(notes) == 1 and "Atlantis" in notes[0]
