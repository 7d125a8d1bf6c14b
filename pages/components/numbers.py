"""A few big numbers in a row, each with its words: one light element, for what follows a slider."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from pages.components import theme

_STYLE = "<style>.big{{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem;font-size:.875rem}}.big b{{display:block;font-size:2.25rem;font-weight:400;line-height:1.2;color:{ink}}}.big dd{{margin:0;color:{muted}}}</style>"

Number = tuple[str, str, str]


def show(title: str, numbers: Iterable[Number], name: str) -> None:
    """``title`` says what they have in common; each number is (what it is, the number as text, a note under it).

    ``name`` is the place that an instant answer writes to (``words``).
    """
    colours = theme.palette()
    numbers = list(numbers)
    items = "".join(f'<div><dt>{escape(label)}</dt><dd><b class="now">{escape(number)}</b><span class="now">{escape(note)}</span></dd></div>' for label, number, note in numbers)
    head = f'<p class="now" style="margin:0 0 .5rem">{escape(title)}</p>' if title else ""
    st.html(f'{_STYLE.format(muted=colours.muted, ink=colours.ink)}<div id="instant-{name}">{head}<dl class="big" style="padding:0;margin:0;max-width:{16 * len(numbers)}rem">{items}</dl></div>')


def words(title: str, numbers: Sequence[Number]) -> list[str]:
    """What ``show`` puts on the screen that can change, in its order."""
    return [*([title] if title else []), *(text for _, number, note in numbers for text in (number, note))]
