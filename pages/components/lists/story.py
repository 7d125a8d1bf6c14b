"""Lists of the story: events by year, what was said beside what followed, pairs."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from ics_core import words
from pages.components.charts.story import OWN


def event_list(events: pd.DataFrame) -> None:
    """Every event with its source, folded by year."""
    years = []
    for year, held in events.groupby("year"):
        items = "".join(_event(row) for row in held.itertuples())
        count = f"{len(held)} event{'s' if len(held) > 1 else ''}"
        years.append(f"<details><summary><b>{year}</b>, {count}</summary><ol>{items}</ol></details>")
    st.html(f'<div class="story-years folded">{"".join(years)}</div>')


def _event(row: Any) -> str:
    where = "" if row.system == OWN else f" ({escape(row.system)})"
    title = escape(f"{row.publisher}, {row.source}")
    source = (
        f'<a href="{escape(row.link)}" target="_blank" rel="noopener">{title}</a>'
        if isinstance(row.link, str)
        else title
    )
    unsure = "" if row.sure else " Known in general; the source itself was not seen."
    note = f" {escape(row.note)}" if isinstance(row.note, str) else ""
    return (
        f"<li><b>{escape(row.when)}</b> {escape(row.event)}{where}.<small>Source: {source}.{unsure}{note}</small></li>"
    )


def then_and_now(frame: pd.DataFrame) -> None:
    """What a document said on the left, what has been published since on the right, folded by document.

    On a phone the two stand one below the other.
    """
    parts = []
    if frame.empty:
        st.markdown("Clear the document or the match to see more.")
    for document, held in frame.groupby("document", sort=False):
        rows = "".join(_pair(found) for _, found in held.groupby("ref", sort=False))
        summary = f"<summary><b>{escape(document)}</b>, {held['ref'].nunique()}</summary>"
        parts.append(f'<details>{summary}<div class="story-pairs">{rows}</div></details>')
    st.html(f'<div class="folded">{"".join(parts)}</div>')


def pairs(table: pd.DataFrame, left: str, right: str, under_left: str, under_right: str) -> None:
    """A list in two columns of the table, names in bold to the left, each side with a smaller line under it if any."""

    def small(text: object) -> str:
        return f"<small>{escape(text)}</small>" if isinstance(text, str) else ""

    rows = (
        f"<div><b>{escape(a)}</b>{small(c)}</div>"
        f'<div class="story-now">{escape(b) if isinstance(b, str) else ""}{small(d)}</div>'
        for a, b, c, d in zip(*(table[column] for column in (left, right, under_left, under_right)), strict=True)
    )
    st.html(f'<div class="story-pairs">{"".join(rows)}</div>')


def _pair(found: pd.DataFrame) -> str:
    first = found.iloc[0]
    figure = f"<b>{escape(first.figure)}</b><br>" if isinstance(first.figure, str) else ""
    about = ", ".join(
        escape(str(part))
        for part in (first.system, words.when(first.as_at) if isinstance(first.as_at, str) else None)
        if part
    )
    note = f" {escape(first.note)}" if isinstance(first.note, str) else ""
    before = [None, *found["link"]]
    now = "".join(_now(row, new=row.link != last) for row, last in zip(found.itertuples(), before))
    then = f"{figure}{escape(first.then)}.<small>{about}.{note}</small>"
    return f'<div class="story-then">{then}</div><div class="story-now">{now}</div>'


def _now(row: Any, new: bool) -> str:
    """One published figure; how well it matches is said where that begins, unless the words say it anyway."""
    told = (
        f"; promise {escape(row.verdict)}"
        if isinstance(row.verdict, str) and row.verdict in ("kept", "not kept")
        else ""
    )
    match = f"<span>{escape(row.link_label)}{told}</span>" if new and row.link in ("same", "related") else ""
    source = f" Source: {escape(row.source)}." if isinstance(row.source, str) else ""
    caution = f" {escape(row.caution.rstrip('.'))}." if isinstance(row.caution, str) else ""
    missing = (
        f" Official data set: {escape(row.official_dataset)}."
        if isinstance(row.official_dataset, str) and row.link != "none"
        else ""
    )
    small = f"{caution}{source}{missing}".strip()
    return f"{match}<p>{escape(row.now)}{f'<small>{small}</small>' if small else ''}</p>"
