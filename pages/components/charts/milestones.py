"""Milestones along time: shape and word beside every colour."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ics_core import catalogue
from pages.components.charts.theme import palette

STATES = {
    "delivered": ("circle", "Delivered or met"),
    "due": ("diamond", "Due"),
    "late": ("triangle-down", "Late or missed"),
    "unknown": ("square", "Not known"),
}


def timeline(table: pd.DataFrame) -> alt.LayerChart:
    """A mark a milestone on a line of time, under its words; the day of the data release as a dotted rule."""
    colours = palette()
    paint = {"delivered": colours.good, "due": colours.neutral, "late": colours.bad, "unknown": colours.series[2]}
    here = [s for s in STATES if s in set(table["state"])]
    shown = table.assign(
        words=table["state"].map({s: text for s, (_, text) in STATES.items()}),
        label=table["milestone"].where(table["milestone"].str.len() < 62, table["milestone"].str.slice(0, 59) + "…"),
    )
    y = alt.Y("milestone_id:N", sort=shown["milestone_id"].tolist(), axis=None)
    domain = [STATES[s][1] for s in here]
    legend = alt.Legend(orient="top", title=None, columns=2, symbolSize=110)
    base = alt.Chart(shown).encode(
        y=y,
        tooltip=[
            alt.Tooltip("date", title="Date"),
            alt.Tooltip("milestone", title="Milestone"),
            alt.Tooltip("words", title="State"),
            alt.Tooltip("evidence", title="What is known"),
        ],
    )
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(grid=True, tickCount=6)),
        color=alt.Color("words:N", scale=alt.Scale(domain=domain, range=[paint[s] for s in here]), legend=legend),
        shape=alt.Shape("words:N", scale=alt.Scale(domain=domain, range=[STATES[s][0] for s in here]), legend=legend),
    )
    today = pd.DataFrame({"day": [catalogue.released()], "label": ["data release"]})
    rule = alt.Chart(today).mark_rule(color=colours.ink, strokeDash=[2, 3]).encode(x="day:T")
    track = base.mark_rule(color=colours.rule).encode(x=alt.value(0), x2=alt.value("width"))
    names = base.mark_text(align="left", dy=-15, fontSize=12, color=colours.ink).encode(x=alt.value(0), text="label")
    return alt.layer(track, rule, dots, names).properties(height=alt.Step(44))
