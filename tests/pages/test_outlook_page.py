"""The page on the outlook of 2018 holds each of the eight figures to the record, and says how fair that is."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from ics_core import catalogue, outlook
from tests.pages.headings import headings, prose

PAGE = Path(__file__).resolve().parents[2] / "pages" / "outlook_2018.py"


def opened() -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=120).run()
    assert not page.exception, page.exception
    return page


def test_each_of_the_eight_is_quoted_judged_and_qualified():
    page = opened()
    cards = set(headings(page, 3))
    words = " ".join(prose(page))
    said = catalogue.table("founding_projections")["figure_as_stated"]
    for row, quote in zip(outlook.compare().itertuples(), said, strict=True):
        assert f"{row.subject}: {row.verdict.lower()}" in cards
        assert quote in words and row.limits in words


def test_the_headline_counts_the_verdicts():
    verdicts = outlook.compare()["verdict"]
    less, more = (verdicts == outlook.LESS).sum(), (verdicts == outlook.MORE).sum()
    assert (
        headings(opened(), 2)[0]
        == f"{less} of the {len(verdicts)} came out lower than said, {more} higher; {len(verdicts) - less - more} cannot be told from the record"
    )


def test_what_was_not_published_is_said_to_be_missing_with_the_dataset_that_has_it():
    page = opened()
    words = " ".join(prose(page))
    assert "No published figure found for the start" in words
    assert any("Ambulance Collection and Emergency Care Data Set" in caption.value for caption in page.caption)


def test_the_word_forecast_is_not_used():
    page = opened()
    words = " ".join([*headings(page, 2, 3), *prose(page), *(caption.value for caption in page.caption)])
    assert "forecast" not in words.lower()
