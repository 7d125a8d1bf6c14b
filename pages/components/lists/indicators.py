"""Indicators as a list to choose from, and headline measures without a figure as cards: real text and links."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.charts import marks
from pages.components.frame import page

FILE = "pages/indicators.py"
A_PAGE = 12
_FEW = 4  # cards that need no folding


def indicator_rows(table: pd.DataFrame) -> None:
    """A dozen indicators at a time, each a link to itself, with its latest figure and how it stands."""
    pages = -(-len(table) // A_PAGE)
    # A key of its own for each length, so that a new search starts at its first page.
    at = st.session_state.get(f"leaf-{len(table)}", 1)
    before = None
    with st.container(key="indicator-list"):
        for row in table.iloc[(at - 1) * A_PAGE : at * A_PAGE].itertuples():
            if row.ambition_name != before:
                before = row.ambition_name
                st.subheader(f"{row.ambition}. {before}", anchor=False, divider="gray")
            with st.container(gap=None):
                page.link(FILE, f"**{row.name}**", indicator=row.indicator_id, area=row.area_code)
                st.html(_row(row))
    if pages > 1:
        st.pagination(pages, key=f"leaf-{len(table)}")


def gap_cards(table: pd.DataFrame) -> None:
    """A card for each row of ``explorer.gaps``: what, the latest anyone said, the official dataset, how to bring it in.

    More than a few are folded by ambition.
    """
    if len(table) <= _FEW:
        st.html(f'<div class="nx-cards">{"".join(map(_card, table.itertuples()))}</div>')
        return
    parts = [
        f"<details><summary><b>{number}. {escape(name)}</b>, {len(held)}</summary>"
        f'<div class="nx-cards">{"".join(map(_card, held.itertuples()))}</div></details>'
        for (number, name), held in table.groupby(["ambition", "ambition_name"], sort=False)
    ]
    st.html(f'<div class="folded">{"".join(parts)}</div>')


def _row(row: Any) -> str:
    told = [marks.word_mark(row)] if not row.districts else []
    if row.districts:  # none of them is judged for the others
        told += [escape(row.gap_text)] if row.gap_text else []
    elif row.target == row.target:  # a number: there is a target
        told.append(marks.course_mark(row))
    areas = f"{row.areas} areas" if row.areas > 1 else "this area only"
    shown = "".join(f'<span class="nw-mark">{mark}</span>' for mark in told)
    return f"""<div class="nx-row"><div><b>{escape(row.latest_text)}</b> {escape(row.area)}, {escape(row.period)} ·
{escape(row.how_often)}, {areas} {marks.old_mark(row)}</div><div class="nx-marks">{shown}</div></div>"""


def _card(row: Any) -> str:
    dataset = f'<a href="{escape(row.address)}">{escape(row.dataset)}</a>'
    return f"""<div class="nx-card"><b>{escape(row.what)}</b><p>Last known: {escape(row.last_known)}.</p>
<p>{escape(row.publisher)}: {dataset}.</p><p>{escape(row.how)}.</p></div>"""
