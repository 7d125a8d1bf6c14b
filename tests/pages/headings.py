"""The words of a page under test, told apart: its headings by level, and the text between them."""

import re

from streamlit.testing.v1 import AppTest

_MARKS = re.compile(r"^(#{1,3}) (.+)$", re.S)
_OWN = {"title": 1, "header": 2, "subheader": 3}  # Streamlit's own headings


def headings(page: AppTest, level: int, *more: int) -> list[str]:
    """The words of all headings of one level or more, in the order of the page."""
    found = []
    for element in page.main:
        marked = _MARKS.match(element.value) if element.type == "markdown" else None
        own, words = (len(marked[1]), marked[2]) if marked else (_OWN.get(element.type), getattr(element, "value", ""))
        if own in (level, *more):
            found.append(words)
    return found


def prose(page: AppTest) -> list[str]:
    """The words of every piece of Markdown that is no heading."""
    return [element.value for element in page.markdown if not _MARKS.match(element.value)]
