"""Indicators as a list to choose from, and headline measures without a figure as cards: real text and links, one column on a phone."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from pages.components.charts import spc as spc_chart
from pages.components.charts.theme import palette
from pages.components.frame import page

FILE = "pages/indicators.py"
A_PAGE = 12


def rows(table: pd.DataFrame) -> None:
    """A dozen indicators at a time, each a link to itself, with its latest figure and how it stands."""
    pages = -(-len(table) // A_PAGE)
    # A key of its own for each length, so that a new search starts at its first page.
    at = st.session_state.get(f"leaf-{len(table)}", 1)
    before = None
    with st.container(key="indicator-list"):
        st.html(_style())
        for row in table.iloc[(at - 1) * A_PAGE : at * A_PAGE].itertuples():
            if row.ambition_name != before:
                before = row.ambition_name
                st.subheader(f"{row.ambition}. {before}", anchor=False, divider="gray")
            with st.container(gap=None):
                page.link(FILE, f"**{row.name}**", indicator=row.indicator_id, area=row.area_code)
                st.html(_row(row))
    if pages > 1:
        st.pagination(pages, key=f"leaf-{len(table)}")


def _row(row: object) -> str:
    marks = [spc_chart.variation_mark(row.variation, row.better)] if row.variation else []
    if row.districts:  # none of them is judged for the others
        marks += [escape(row.gap_text)] if row.gap_text else []
    elif row.target == row.target:  # a number: there is a target
        marks.append(spc_chart.assurance_mark(row.assurance, row.met))
    areas = f"{row.areas} areas" if row.areas > 1 else "this area only"
    return f"""<div class="nx-row"><div><b>{escape(row.latest_text)}</b> {escape(row.area)}, {escape(row.period)} · {escape(row.how_often)}, {areas} {spc_chart.old_mark(row)}</div>
<div class="nx-marks">{"".join(f'<span class="nx-mark">{mark}</span>' for mark in marks)}</div></div>"""


def gap_cards(table: pd.DataFrame) -> None:
    """A card for each row of ``explorer.gaps``: what, the latest anyone said, the official dataset, how to bring it in."""
    several = table["ambition"].nunique() > 1
    cards = "".join(
        f"""<div class="nx-card">{f"<span>{row.ambition}. {escape(row.ambition_name)}</span>" if several else ""}<b>{escape(row.what)}</b>
<p>Last known: {escape(row.last_known)}.</p><p>{escape(row.publisher)}: <a href="{escape(row.address)}">{escape(row.dataset)}</a>.</p><p>{escape(row.how)}.</p></div>"""
        for row in table.itertuples()
    )
    st.html(f'{_style()}<div class="nx-cards">{cards}</div>')


def _style() -> str:
    c = palette()
    return f"""<style>
/* A long name takes a second line, and a link to this very page is not shown as the place where one is. */
.st-key-indicator-list a, .st-key-indicator-list a * {{white-space: normal; overflow: visible; text-overflow: clip; background: none; color: {c.accent}; text-decoration: underline; text-underline-offset: .2em}}
.st-key-indicator-list a {{padding-left: 0}}
.nx-row {{display: grid; grid-template-columns: minmax(0, 40rem) auto; justify-content: start; align-items: center; gap: .2rem 2rem; padding: 0 0 .8rem; font-size: .875rem; line-height: 1.45; color: {c.muted}}}
.nx-row b {{color: {c.ink}; font-size: 1rem; font-variant-numeric: tabular-nums; margin-right: .35rem}}
.nx-marks {{display: flex; flex-wrap: wrap; gap: .2rem 1.2rem}}
.nx-mark {{display: flex; gap: .45rem; align-items: center; color: {c.ink}; font-weight: 600}}
@media (max-width: 800px) {{.nx-row {{grid-template-columns: 1fr}}}}
.nx-cards {{display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 1rem; font-size: .875rem; line-height: 1.45; color: {c.ink}}}
.nx-card {{border: 1px dashed {c.muted}; border-radius: 4px; padding: .8rem 1rem; overflow-wrap: anywhere}}
.nx-card b {{display: block; font-size: 1rem; margin: .1rem 0 .5rem}}
.nx-card span {{color: {c.muted}}}
.nx-card p {{margin: 0 0 .5rem; font-size: .875rem}}
.nx-card a {{color: {c.accent}}}
</style>"""
