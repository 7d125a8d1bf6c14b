"""The promises of 2018 as cards, folded: shape and word beside every colour."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.charts import marks
from pages.components.frame import page
from pages.components.lists.indicators import FILE

MARKS = {"kept": "pass", "partly": "usual", "not kept": "fail", "cannot be told": "unsure", "not yet due": "none"}


FOLDED = 12  # as many promises are listed outright; more are folded by their verdict


def promise_cards(table: pd.DataFrame, words: Mapping[str, str]) -> None:
    """For each promise its verdict; opened, what was promised, what is known now, when and from whom, and why."""
    if len(table) <= FOLDED or table["verdict"].nunique() < 2:
        _cards(table, words)
        return
    for verdict, held in table.groupby(pd.Categorical(table["verdict"], list(words)), observed=True):
        with st.expander(f"**{words[verdict]}**, {len(held)}", key=f"promises-{verdict}"):
            _cards(held, words)


def _cards(table: pd.DataFrame, words: Mapping[str, str]) -> None:
    for row in table.itertuples():
        with st.expander(f"**{words[row.verdict]}**: {row.commitment}", key=f"promise-{row.Index}"):
            st.html(_card(row, words))
            if row.indicator_id:
                page.link(
                    FILE, "Open the indicator", ":material/monitoring:", indicator=row.indicator_id, area=row.area_code
                )


def _card(row: Any, words: Mapping[str, str]) -> str:
    figure = escape(row.evidence) + ("" if row.evidence.endswith(".") else ".")
    source = escape(row.source)
    if row.address:
        source = f'<a href="{escape(row.address)}">{source}</a>'
    dated = f" Of {escape(row.as_at)}." if row.as_at else ""
    parts = {
        "Promised": f"“{escape(row.stated)}”{escape(_deadline(row))}"
        if row.stated
        else escape(_deadline(row)[2:].capitalize()),
        "Known now": figure,
        "From": f"{source}.{dated}" if source else "",
        "Why": f"{escape(row.reason)}.",
        "How we read it": escape(row.note) if row.note else "",
        "Official dataset": escape(row.dataset),
        "Ambition": f"{row.ambition}. {escape(row.ambition_name)}",
    }
    listed = "".join(f"<dt>{what}</dt><dd>{said}</dd>" for what, said in parts.items() if said)
    return f"""<div class="np"><h3>{escape(row.commitment)}</h3>
<div class="nw-mark">{marks.icon(MARKS[row.verdict])}<span>{words[row.verdict]}</span></div><dl>{listed}</dl></div>"""


def _deadline(row: Any) -> str:
    if row.deadline == "no date":
        return ", with no date."
    return "." if row.deadline in row.stated else f", {row.deadline}."
