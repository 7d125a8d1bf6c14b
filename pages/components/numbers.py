"""A few big numbers in a row, each with its words: one light element, for what follows a slider."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from pages.components import theme

_STYLE = "<style>.big{{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem;font-size:.875rem}}.big b{{display:block;font-size:2.1rem;line-height:1.2;color:{ink}}}.big dd{{margin:0;color:{muted}}}</style>"


def show(title: str, numbers: Iterable[tuple[str, str, str]]) -> None:
    """``title`` says what they have in common; each number is (what it is, the number as text, a note under it)."""
    colours = theme.palette()
    items = "".join(f"<div><dt>{escape(label)}</dt><dd><b>{escape(number)}</b>{escape(note)}</dd></div>" for label, number, note in numbers)
    st.html(_STYLE.format(muted=colours.muted, ink=colours.ink) + f'<p style="margin:0 0 .5rem">{escape(title)}</p><dl class="big" style="padding:0">{items}</dl>')
