"""Rows and cards that tell where indicators stand: real text with small marks, one column on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from pages.components.charts import spc as spc_chart
from pages.components.charts.theme import palette
from pages.components.frame import ambition_pages, page


def rows(found: Iterable) -> None:
    """One row for each entry of ``ambitions.overview``, under the name of its ambition."""
    before = None
    for row in found:
        if row.ambition != before:
            before = row.ambition
            st.subheader(
                f"{row.ambition}. {row.ambition_name}", anchor=ambition_pages.anchor(row.ambition), divider="gray"
            )
            st.markdown(row.summary)
            page.link(
                ambition_pages.entry(row.ambition), "Story, milestones and all its measures", ":material/arrow_forward:"
            )
        with st.container(gap="xsmall"):
            page.link(
                ambition_pages.entry(row.ambition), f"**{row.name}**", indicator=row.indicator_id, area=row.area_code
            )
            st.html(_row(row))


def cards(found: Iterable) -> None:
    """The same as cards, for the measures of one ambition."""
    st.html(f'{_style()}<div class="nw-cards">{"".join(_card(row) for row in found)}</div>')


def _row(row: object) -> str:
    return f"""{_style()}<div class="nw-row">
<div class="nw-value"><b>{escape(row.latest_text)}</b><span>{escape(row.area)}, {escape(row.period)}</span>{spc_chart.old_mark(row)}</div>
<div>{spc_chart.sparkline(row.recent, row.target)}<span>{_change(row)}</span></div>
<div class="nw-mark">{spc_chart.variation_mark(row.variation, row.better)}</div>
<div class="nw-mark">{spc_chart.assurance_mark(row.assurance, row.met)}</div>
<div><span>{_target(row)}</span></div>
<div><span>{_comparator(row)}</span></div>
</div>"""


def _card(row: object) -> str:
    return f"""<div class="nw-card"><span class="nw-name">{escape(row.name)}</span><b>{escape(row.latest_text)}</b>
<span>{escape(row.area)}, {escape(row.period)}</span>{spc_chart.old_mark(row)}{spc_chart.sparkline(row.recent, row.target, width=220, height=48)}
<div class="nw-mark">{spc_chart.variation_mark(row.variation, row.better)}</div><div class="nw-mark">{spc_chart.assurance_mark(row.assurance, row.met)}</div>
<span>{"<br>".join(filter(None, (_change(row), _target(row), _comparator(row))))}</span></div>"""


def _change(row: object) -> str:
    return f"{escape(row.change_text)} on the year before" if row.direction else "No figure a year before"


def _target(row: object) -> str:
    if row.target != row.target:  # not a number: no target
        return ""
    checked = "" if row.provenance == "found" else "; document not rechecked"
    gap = "" if row.gap_text == "met" else f". {escape(row.gap_text)}"
    return f"Target {escape(row.target_text)} ({escape(row.target_scope)}{checked}){gap}"


def _comparator(row: object) -> str:
    if not row.comparator_text:
        return "Not compared"
    other_period = "" if row.comparator_note == "same period" else f" ({escape(row.comparator_note)})"
    return f"{escape(row.comparator)}: {escape(row.comparator_text)}{other_period}"


def _style() -> str:
    c = palette()
    return f"""<style>
.nw-row {{display: grid; grid-template-columns: 1.5fr 1.3fr 1.1fr 1.2fr 1.5fr 1.2fr; gap: .4rem 1rem; align-items: center; padding: 0 0 .7rem; font-size: .875rem; color: {c.ink}}}
.nw-row > div > span, .nw-card span {{color: {c.muted}; line-height: 1.35}}
.nw-row img, .nw-card img {{display: block; max-width: 100%}}
.nw-value span {{display: block; width: fit-content}}
.nw-value b {{display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums}}
.nw-mark {{display: flex; gap: .5rem; align-items: center}}
.nw-row .nw-mark > span, .nw-card .nw-mark > span {{color: {c.ink}; font-weight: 600}}
.nw-row .nw-mark > .nw-none, .nw-card .nw-mark > .nw-none {{color: {c.muted}; font-weight: 400}}
.nw-cards {{display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 1rem; color: {c.ink}; font-size: .875rem}}
.nw-card {{border: 1px solid {c.rule}; border-radius: 4px; padding: .8rem; display: flex; flex-direction: column; gap: .35rem; align-items: flex-start}}
.nw-card b {{font-size: 1.5rem; font-variant-numeric: tabular-nums}}
.nw-card .nw-name {{color: {c.ink}; font-weight: 600}}
@media (max-width: 800px) {{.nw-row {{grid-template-columns: 1fr 1fr}} .nw-value {{grid-column: 1 / -1}}}}
</style>"""
