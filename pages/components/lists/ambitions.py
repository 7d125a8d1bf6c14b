"""Rows, cards and tiles that tell where indicators stand: real text with small marks, one column on a phone."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from ics_core import ambitions, catalogue
from ics_core.ambitions import Status
from pages.components import lists
from pages.components.charts import marks
from pages.components.frame import ambition_pages, page


def headline_rows(table: pd.DataFrame) -> None:
    """A strip of all entries of ``ambitions.overview`` by the word each bears; below it a row each, by ambition."""
    if table.empty:
        st.markdown(catalogue.toml("text/pages")["ambitions"]["none"])
        return
    st.html(_strip(table))
    for (number, name), held in table.groupby(["ambition", "ambition_name"], sort=False):
        with st.expander(f"**{number}. {name}**, {len(held)}", key=f"headlines-{number}"):
            st.markdown(held["summary"].iloc[0])
            page.link(ambition_pages.entry(number), "Its measures, story and milestones", ":material/arrow_forward:")
            for row in held.itertuples():
                with st.container(gap="xsmall"):
                    page.link(
                        ambition_pages.entry(number),
                        f"**{row.name}**",
                        indicator=row.indicator_id,
                        area=row.area_code,
                    )
                    st.html(_row(row))


def measure_cards(table: pd.DataFrame) -> None:
    """The same as cards, for the measures of one ambition."""
    st.html(f'<div class="nw-cards">{"".join(map(_card, table.itertuples()))}</div>')


def tiles(table: pd.DataFrame) -> None:
    """A tile for each row of ``ambitions.tiles``: name, latest figure, recent course, how it moves."""
    for part in (table.iloc[:4], table.iloc[4:]):
        for column, row in zip(st.columns(4, gap="xsmall"), part.itertuples(), strict=True):
            with column.container(border=True, height="stretch", gap="xxsmall"):
                page.link(ambition_pages.entry(row.number), f"**{row.ambition_name}**")
                st.html(_tile(row))


def answers(one: Status) -> None:
    """The three questions on a measure and their answers, in a row."""
    lists.style()
    said = "".join(f"<div><dt>{escape(q)}</dt><dd>{escape(a)}</dd></div>" for q, a in ambitions.answers(one).items())
    st.html(f'<dl class="nw-answers">{said}</dl>')


def _strip(table: pd.DataFrame) -> str:
    """All headline measures under the word each bears, with a second mark for how it stands beside England."""
    columns = []
    for word, (kind, said) in {**marks.WORDS, "": ("none", "Not judged")}.items():
        held = table[table["word"] == word] if word else table[~table["word"].isin(list(marks.WORDS))]
        items = "".join(map(_in_strip, held.itertuples()))
        if items:
            head = f'<div class="nw-mark">{marks.icon(kind, size=20)}<span>{said}, {len(held)}</span></div>'
            columns.append(f"<div>{head}<ul>{items}</ul></div>")
    return f'<div class="nw-strip">{"".join(columns)}</div>'


def _in_strip(row: Any) -> str:
    address = f"{ambitions.slug(row.ambition)}?{urlencode({'indicator': row.indicator_id, 'area': row.area_code})}"
    beside = f" <small>{escape(row.against_england)}</small>" if row.against_england != "not compared" else ""
    return f'<li><a href="{address}" target="_self">{escape(row.name)}</a>{beside}</li>'


def _row(row: Any) -> str:
    return f"""<div class="nw-row">
<div class="nw-value"><b>{escape(row.latest_text)}</b><span>{escape(row.area)}, {escape(row.period)}</span>
{marks.old_mark(row)}</div>
<div>{marks.sparkline(row.recent, row.target)}<span>{_change(row)}</span></div>
<div class="nw-mark">{marks.word_mark(row)}</div>
<div class="nw-mark">{marks.course_mark(row)}</div>
<div><span>{_target(row)}</span></div>
<div><span>{_comparator(row)}</span></div>
</div>"""


def _card(row: Any) -> str:
    said = "<br>".join(filter(None, (_change(row), _target(row), _comparator(row))))
    return f"""<div class="nw-card"><span class="nw-name">{escape(row.name)}</span><b>{escape(row.latest_text)}</b>
<span>{escape(row.area)}, {escape(row.period)} {marks.old_mark(row)}</span>
{marks.sparkline(row.recent, row.target, width=220, height=48)}
<div class="nw-mark">{marks.word_mark(row)}</div>
<div class="nw-mark">{marks.course_mark(row)}</div>
<span>{said}</span></div>"""


def _tile(row: Any) -> str:
    return f"""<div class="nw-tile"><span>{escape(row.name)}</span><b>{escape(row.latest_text)}</b>
{marks.sparkline(row.recent, row.target, width=150, height=30)}
<div class="nw-mark">{marks.word_mark(row)}</div>
<small>{escape(row.area)}, {escape(row.period)} {marks.old_mark(row)}</small></div>"""


def _change(row: Any) -> str:
    return f"{escape(row.change_text)} on the year before" if row.direction else "No figure a year before"


def _target(row: Any) -> str:
    if row.target != row.target:  # not a number: no target
        return ""
    gap = "" if row.gap_text == "met" else f". {escape(row.gap_text)}"
    return f"Target {escape(row.target_text)}, {escape(row.asked_of)}{gap}"


def _comparator(row: Any) -> str:
    if not row.comparator_text:
        return "Not compared"
    other_period = "" if row.comparator_note == "same period" else f" ({escape(row.comparator_note)})"
    beside = (
        ""
        if row.against_england == "not compared"
        else f"{row.against_england.capitalize().replace('england', 'England')}. "
    )
    return f"{beside}{escape(row.comparator)}: {escape(row.comparator_text)}{other_period}"
