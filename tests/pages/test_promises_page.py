"""The promises of 2018 on their page: filters in the address, every card with its verdict, nothing found."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import catalogue
from ics_core.ambitions import promises
from tests.pages.headings import headings

WORDS = catalogue.toml("text/pages")["promises"]["verdicts"]
PAGE = str(Path(__file__).resolve().parents[2] / "pages/promises.py")


def open_page(**query: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=120)
    page.query_params.update(query)
    page.run()
    assert not page.exception, page.exception
    return page


def cards(page: AppTest) -> list[str]:
    return [element.proto.body for element in page.get("html") if '<div class="np">' in element.proto.body]


def test_every_promise_has_a_card_with_its_words_verdict_and_figure():
    shown = cards(open_page())
    table = promises.listed()
    assert len(shown) == len(table)
    by_verdict = table.sort_values("verdict", key=lambda said: said.map(list(WORDS).index), kind="stable")
    for text, one in zip(shown, by_verdict.itertuples(), strict=True):
        for words in (one.commitment, WORDS[one.verdict], one.dataset):
            assert words.replace("'", "&#x27;").replace("&", "&amp;").replace("&amp;#x27;", "&#x27;") in text


def test_the_finding_stands_above_and_does_not_change_with_the_filter():
    assert headings(open_page(), 2)[0] == headings(open_page(verdict="not kept"), 2)[0] == promises.finding()


@pytest.mark.parametrize(
    "query, count",
    [
        ({"verdict": "not kept"}, len(promises.listed("not kept"))),
        ({"verdict": "Not kept"}, len(promises.listed("not kept"))),
        ({"ambition": "5"}, len(promises.listed(ambition=5))),
        ({"verdict": "not kept", "ambition": "6"}, len(promises.listed("not kept", 6))),
    ],
)
def test_filters_come_from_the_address(query, count):
    assert len(cards(open_page(**query))) == count


def test_nothing_found_says_what_to_do():
    page = open_page(ambition="2", verdict="not kept")
    assert not cards(page)
    assert page.info[0].value.startswith("No promise fits this choice")


@pytest.mark.parametrize(
    "query",
    [{"verdict": "broken"}, {"ambition": "0"}, {"verdict": "<script>alert(1)</script>"}, {"ambition": "🙂" * 60}],
)
def test_unknown_filters_are_named_and_left_out(query):
    page = open_page(**query)
    assert "is not known here" in page.warning[0].value
    assert len(cards(page)) == len(promises.listed())
