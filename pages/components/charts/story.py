"""Pictures of the story: events on a line of time, lists of events, then beside now."""

from __future__ import annotations

import json
from html import escape

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import story
from pages.components.charts.picture import Picture
from pages.components.charts.theme import palette

OWN, OTHER = "Norfolk and Waveney", "England and other systems"


def timeline(events: pd.DataFrame) -> alt.LayerChart:
    """A mark an event, a row a theme, along time; events elsewhere have another shape and tone."""
    colours = palette()
    frame = events.assign(whose=events["system"].where(events["system"] == OWN, OTHER))
    order = [label for label in story.themes().values() if label in set(frame["theme_label"])]
    key = alt.Legend(orient="top", title=None, columns=1, labelLimit=300, symbolOpacity=1)
    domain = [OWN, OTHER]
    chart = (
        alt.Chart(frame)
        .mark_point(size=90, filled=True, opacity=0.8)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(grid=True, tickCount="year", format="%Y", labelOverlap=True)),
            y=alt.Y(
                "theme_label:N",
                sort=order,
                title=None,
                axis=alt.Axis(labelLimit=150, ticks=False, domain=False, grid=False),
            ),
            color=alt.Color(
                "whose:N", scale=alt.Scale(domain=domain, range=[colours.accent, colours.neutral]), legend=key
            ),
            shape=alt.Shape("whose:N", scale=alt.Scale(domain=domain, range=["circle", "diamond"]), legend=key),
            tooltip=[
                alt.Tooltip("when", title="When"),
                alt.Tooltip("event", title="What"),
                alt.Tooltip("system", title="Where"),
                alt.Tooltip("publisher", title="Source"),
            ],
        )
    )
    return alt.layer(chart).properties(height=40 * max(len(order), 2) + 70)


def event_list(events: pd.DataFrame) -> None:
    """Every event with its source, folded by year, the latest year open."""
    years = []
    for year, held in events.groupby("year"):
        items = "".join(_event(row) for row in held.itertuples())
        count = f"{len(held)} event{'s' if len(held) > 1 else ''}"
        years.append(
            f"<details{' open' if year == events['year'].max() else ''}><summary><b>{year}</b>, {count}</summary><ol>{items}</ol></details>"
        )
    st.html(f'{_style()}<div class="story-years">{"".join(years)}</div>')


def _event(row: object) -> str:
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
    parts = [_style()]
    for place, (document, held) in enumerate(frame.groupby("document", sort=False)):
        rows = "".join(_pair(found) for _, found in held.groupby("ref", sort=False))
        summary = f"<summary><b>{escape(document)}</b>, {held['ref'].nunique()}</summary>"
        parts.append(
            f'<details class="story-document"{"" if place else " open"}>{summary}<div class="story-pairs">{rows}</div></details>'
        )
    st.html("".join(parts))


def pairs(left: pd.Series, right: pd.Series, under_left: pd.Series, under_right: pd.Series) -> None:
    """A list in two columns, names in bold to the left, each side with a smaller line under it where there is one."""

    def small(text: object) -> str:
        return f"<small>{escape(text)}</small>" if isinstance(text, str) else ""

    rows = (
        f'<div><b>{escape(a)}</b>{small(c)}</div><div class="story-now">{escape(b) if isinstance(b, str) else ""}{small(d)}</div>'
        for a, b, c, d in zip(left, right, under_left, under_right, strict=True)
    )
    st.html(f'{_style()}<div class="story-pairs">{"".join(rows)}</div>')


def _pair(found: pd.DataFrame) -> str:
    first = found.iloc[0]
    figure = f"<b>{escape(first.figure)}</b><br>" if isinstance(first.figure, str) else ""
    about = ", ".join(
        escape(str(part))
        for part in (first.system, story.when(first.as_at) if isinstance(first.as_at, str) else None)
        if part
    )
    note = f" {escape(first.note)}" if isinstance(first.note, str) else ""
    before = [None, *found["link"]]
    now = "".join(_now(row, new=row.link != last) for row, last in zip(found.itertuples(), before))
    return f'<div class="story-then">{figure}{escape(first.then)}.<small>{about}.{note}</small></div><div class="story-now">{now}</div>'


def _now(row: object, new: bool) -> str:
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


def money_lines(
    table: pd.DataFrame, names: dict[str, str], kept: pd.DataFrame | None = None, kept_name: str = ""
) -> pd.DataFrame:
    """The money model's rows as ``projected_line`` wants them: the opening position as a dot, scenario A beside."""
    columns = {"lower": "low", "upper": "high"}
    lines = table.assign(series=table["measure"].map(names), kind="projected").rename(columns=columns)
    opening = lines[~lines["projected"]].assign(kind="published").drop(columns=["low", "high"])
    parts = [opening, lines]
    if kept is not None:
        parts.append(kept.assign(series=kept_name, kind="kept").drop(columns=["lower", "upper"]))
    return pd.concat(parts, ignore_index=True)


def with_zero(chart: Picture) -> Picture:
    """The chart with a line at zero, where resources meet costs."""
    spec = json.loads(chart.instructions)
    rule = {
        "data": {"values": [{"value": 0}]},
        "mark": {"type": "rule", "color": palette().muted},
        "encoding": {"y": {"field": "value", "type": "quantitative"}},
    }
    return Picture(json.dumps(spec | {"layer": [rule, *spec["layer"]]}), chart.data)


def _style() -> str:
    colours = palette()
    return f"""<style>
.story-years summary {{ cursor: pointer; padding: .45rem 0; border-top: 1px solid {colours.rule}; }}
.story-years ol {{ list-style: none; margin: 0 0 .8rem; padding: 0 0 0 1rem; }}
.story-years li {{ margin: 0 0 .7rem; max-width: 46rem; }}
.story-years a {{ color: {colours.accent}; }}
.story-years small, .story-pairs small {{ display: block; color: {colours.muted}; font-size: .875rem; line-height: 1.45; }}
.story-document summary {{ cursor: pointer; padding: .6rem 0; border-top: 1px solid {colours.rule}; font-size: 1.1rem; }}
.story-pairs {{ display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); }}
.story-pairs > div {{ border-top: 1px solid {colours.rule}; padding: .7rem 1.2rem .7rem 0; overflow-wrap: anywhere; }}
.story-now p {{ margin: 0 0 .5rem; }}
.story-now span {{ font-size: .8rem; color: {colours.muted}; }}
@media (max-width: 48rem) {{
  .story-pairs {{ grid-template-columns: minmax(0, 1fr); }}
  .story-pairs > .story-now {{ border-top: 0; padding: 0 0 .9rem 1rem; }}
}}
</style>"""
