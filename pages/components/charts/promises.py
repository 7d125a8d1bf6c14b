"""The promises of 2018 as a picture, a row of marks for each ambition: shape and word beside every colour."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from pages.components.charts.theme import Palette, palette

_SHAPES = {
    "kept": "circle",
    "partly": "triangle-up",
    "not kept": "square",
    "cannot be told": "diamond",
    "not yet due": "cross",
}


def _colours(colours: Palette) -> dict[str, str]:
    return {
        "kept": colours.good,
        "partly": colours.series[2],
        "not kept": colours.bad,
        "cannot be told": colours.neutral,
        "not yet due": colours.muted,
    }


def dots(table: pd.DataFrame, words: Mapping[str, str]) -> alt.LayerChart:
    """A mark for each promise in the row of its ambition; ``words``: verdict -> word on screen."""
    colours = palette()
    shown = table.assign(
        row=[f"{row.ambition}. {row.ambition_name}" for row in table.itertuples()],
        place=table.groupby("ambition").cumcount() + 1,
        word=table["verdict"].map(words),
    )
    here = [verdict for verdict in words if verdict in set(table["verdict"])]
    domain = [words[verdict] for verdict in here]
    legend = alt.Legend(orient="top", title=None, columns=3, symbolSize=150, symbolOpacity=1)
    base = alt.Chart(shown).encode(
        x=alt.X("place:Q", axis=None, scale=alt.Scale(domain=[0.7, max(11, shown["place"].max() + 0.3)])),
        y=alt.Y("row:N", sort=None, axis=None),
        tooltip=[
            alt.Tooltip("commitment", title="Promise"),
            alt.Tooltip("word", title="Verdict"),
            alt.Tooltip("evidence", title="Known now"),
        ],
    )
    marks = base.mark_point(filled=True, size=220, opacity=1).encode(
        color=alt.Color(
            "word:N",
            scale=alt.Scale(domain=domain, range=[_colours(colours)[verdict] for verdict in here]),
            legend=legend,
        ),
        shape=alt.Shape(
            "word:N", scale=alt.Scale(domain=domain, range=[_SHAPES[verdict] for verdict in here]), legend=legend
        ),
    )
    # Above the marks, so that long names fit on a phone.
    names = (
        base.transform_filter(alt.datum["place"] == 1)
        .mark_text(align="left", dy=-20, fontSize=13, color=colours.ink)
        .encode(x=alt.value(0), text="row:N")
    )
    return alt.layer(marks, names).properties(height=alt.Step(58))
