"""The story pages show every event and every founding figure, and their links and filters work."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import catalogue, story
from ics_core.words import NOT_FOUND
from tests.pages.headings import headings, prose

PAGES = Path(__file__).resolve().parents[2] / "pages"


def opened(name: str, **query: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=120)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def words(page: AppTest) -> str:
    """All text on a page: markdown, headings, captions, tables of HTML."""
    html = [re.sub(r"<style>.*?</style>|<[^>]+>", " ", element.proto.body, flags=re.S) for element in page.get("html")]
    text = [*headings(page, 1, 2, 3), *prose(page), *(caption.value for caption in page.caption)]
    return " ".join(unescape(" ".join([*text, *html])).split())


@pytest.fixture(scope="module")
def then_and_now() -> str:
    return words(opened("then_and_now"))


# The checklist: every numeric fact of the founding tables, read from the tables themselves.
FIGURES = [
    *(
        ("founding_facts", row.fact_id, row.fact, row.figure_as_stated)
        for row in catalogue.table("founding_facts").itertuples()
        if row.value == row.value or isinstance(row.figure_as_stated, str)
    ),
    *(
        ("founding_projections", row.projection_id, row.description, row.figure_as_stated)
        for row in catalogue.table("founding_projections").itertuples()
    ),
    *(
        ("founding_commitments", row.commitment_id, row.commitment, row.figure_as_stated)
        for row in catalogue.table("founding_commitments").itertuples()
        if isinstance(row.figure_as_stated, str)
    ),
    *(
        ("founding_finance", row.finance_id, row.description, row.figure_as_stated)
        for row in catalogue.table("founding_finance").itertuples()
    ),
]


@pytest.mark.parametrize(("table", "ref", "says", "figure"), FIGURES, ids=[figure[1] for figure in FIGURES])
def test_every_numeric_fact_of_the_founding_documents_is_on_the_page_with_what_followed(
    then_and_now, table, ref, says, figure
):
    assert " ".join(says.split()) in then_and_now
    if isinstance(figure, str):
        assert " ".join(figure.split()) in then_and_now
    for row in story.then_and_now(ref).itertuples():
        assert " ".join(row.now.split()) in then_and_now
        assert row.document in then_and_now


def test_the_checklist_covers_what_the_tables_hold():
    numbers = {ref for _, ref, _, _ in FIGURES}
    assert numbers == set(story.founding().query("numeric").ref)
    for table, columns in {
        "founding_commitments": ["baseline_value", "target_value", "change_value", "change_pct"],
        "founding_finance": ["value_gbp", "value_pct"],
    }.items():
        frame = catalogue.table(table)
        assert set(frame.loc[frame[columns].notna().any(axis=1)].iloc[:, 0]) <= numbers


def test_statements_without_a_figure_are_there_when_asked_for():
    text = words(opened("then_and_now", statements="true"))
    for row in story.founding().itertuples():
        assert " ".join(row.then.split()) in text


def test_a_document_and_a_match_in_the_address_narrow_the_list():
    text = words(
        opened(
            "then_and_now",
            document=story.documents().set_index("document_id").title["four-new-systems"],
            match=NOT_FOUND,
        )
    )
    assert "140 schools" in text and "1.1m" not in text


def test_every_event_is_on_the_story_page_with_its_date_and_source():
    text = words(opened("story"))
    for event in story.events().itertuples():
        assert event.event in text and event.when in text and event.source in text


def test_a_theme_and_a_system_in_the_address_narrow_the_timeline():
    text = words(opened("story", theme="How services did", named="Norfolk and Waveney"))
    assert "Critical incident stood down" in text and "Supplier chosen" not in text


def test_a_choice_without_events_says_so():
    page = opened("story", theme="Money", named="Sussex")
    assert [note.value for note in page.info] == ["No event has both this theme and this system. Clear one of them."]


def test_no_repost_is_linked():
    links = {
        link for element in opened("story").get("html") for link in re.findall(r'href="([^"]+)"', element.proto.body)
    }
    assert links and not [
        link for link in links if re.search("snackydog|celebritiesdeaths|newsforfriends|writerstown|europesays", link)
    ]


def test_all_nineteen_organisations_have_their_fate_on_the_page():
    text = words(opened("story"))
    for row in story.partners().itertuples():
        assert row.organisation in text and row.now in text


def test_five_places_and_eight_partnerships_are_named(shown):
    text = words(opened("story"))
    assert all(name in text for name in story.local().name)


def test_the_disagreements_are_explained_with_every_claim():
    page = opened("story")
    assert len(page.table) >= len(story.disagreements())
    text = words(page)
    for one in story.disagreements():
        assert one.reading in text
