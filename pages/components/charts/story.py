"""Pictures of the story: events on a line of time; the money of the model along time."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ics_core import story
from ics_core.area import AREA
from pages.components.charts.theme import palette

OWN, OTHER = AREA.name, "England and other systems"


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
