"""A few big numbers in a row, each with its words: one light element, for what follows a slider."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

Number = tuple[str, str, str]


def show(title: str, numbers: Iterable[Number], name: str) -> None:
    """``title`` says what they have in common; each number is (what it is, the number as text, a note under it).

    ``name`` is the place that an instant answer writes to (``words``).
    """
    head = f"<p>{escape(title)}</p>" if title else ""
    items = "".join(
        f"<div><dt>{escape(label)}</dt><dd><b>{escape(number)}</b><span>{escape(note)}</span></dd></div>"
        for label, number, note in numbers
    )
    st.html(f'<div id="instant-{name}">{head}<dl class="big">{items}</dl></div>')


def words(title: str, numbers: Sequence[Number]) -> list[str]:
    """What ``show`` puts on the screen that can change, in its order."""
    return [*([title] if title else []), *(text for _, number, note in numbers for text in (number, note))]
