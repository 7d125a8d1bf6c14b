"""Key results in a row: one light element, whose words an instant answer replaces by name."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from ics_core.figure import Number


def show(results: Iterable[Number]) -> None:
    """Each result with what it is, its value, its change against no lever moved and a note."""
    st.html(row(results))


def row(results: Iterable[Number]) -> str:
    """The same as HTML; nothing where there are no results."""
    items = "".join(map(_one, results))
    return f'<dl class="results" tabindex="0">{items}</dl>' if items else ""


def _one(number: Number) -> str:
    return (
        f'<div data-instant="{escape(number.name)}"><dt>{escape(number.label)}</dt><dd><b>{escape(number.value)}</b>'
        f"<i>{escape(number.change)}</i><small>{escape(number.note)}</small></dd></div>"
    )
