"""The page on the outlook of 2018 holds each of the eight figures to the record, and says how fair that is."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from ics_core import catalogue, outlook
from pages.figures import outlook as figures
from pages.figures import registry

PAGE = Path(__file__).resolve().parents[2] / "pages" / "outlook_2018.py"


def test_each_of_the_eight_is_quoted_judged_and_qualified():
    said = catalogue.table("founding_projections")["figure_as_stated"]
    for row, quote, (title, text, dataset) in zip(outlook.compare().itertuples(), said, figures.cards(), strict=True):
        assert title == f"{row.subject}: {row.verdict.lower()}"
        assert quote in text and row.limits in text and row.dataset in dataset


def test_the_headline_counts_the_verdicts():
    verdicts = outlook.compare()["verdict"]
    less, more = (verdicts == outlook.LESS).sum(), (verdicts == outlook.MORE).sum()
    one, _ = registry.make("outlook_2018", "said-and-happened")
    assert one.finding == (
        f"{less} of the {len(verdicts)} came out lower than said, {more} higher; "
        f"{len(verdicts) - less - more} cannot be told from the record"
    )


def test_what_was_not_published_is_said_to_be_missing_with_the_dataset_that_has_it():
    text = " ".join(" ".join(card) for card in figures.cards())
    assert "No published figure found for the start" in text
    assert "Ambulance Collection and Emergency Care Data Set" in text


def test_the_word_forecast_is_not_used():
    made = [entry.make(figures.View())[0] for entry in registry.figures("outlook_2018")]
    text = " ".join([*(" ".join(card) for card in figures.cards()), *(f.finding + f.subtitle + f.method for f in made)])
    assert "forecast" not in text.lower()


def test_the_page_opens_on_the_eight():
    page = AppTest.from_file(str(PAGE), default_timeout=120).run()
    assert not page.exception, page.exception
    assert "came out lower than said" in " ".join(element.value for element in page.get("html"))
