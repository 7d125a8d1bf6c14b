"""Control charts, trend charts and what if: shape and word beside every colour."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ics_core import ambitions
from ics_core.ambitions import Break, Status
from pages.components.charts import lines as charts
from pages.components.charts.marks import meaning_colours
from pages.components.charts.theme import Palette, palette

# What a point means, its shape, and its words in the legend.
MEANINGS = {
    "usual": ("circle", "Usual variation"),
    "improving": ("triangle-up", "Improving"),
    "concerning": ("triangle-down", "Getting worse"),
    "high": ("square", "Higher than usual"),
    "low": ("diamond", "Lower than usual"),
}


def series(one: Status, table: pd.DataFrame, steps: pd.DataFrame, *, height: int = 380) -> alt.LayerChart:
    """The chart of one series: control chart with limits, or trend line with intervals; targets and breaks.

    ``table`` is ``ambitions.chart``, ``steps`` is ``ambitions.target_steps``.
    """
    colours = palette()
    shown = table.assign(state=[m or "usual" for m in table.get("meaning", pd.Series([None] * len(table)))])
    title = f"{one.unit} (axis does not start at zero)"
    axis = alt.Y(
        "value:Q", title=title, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(format=",~f", tickCount=6)
    )
    time = alt.X("period_end:T", title=None, axis=alt.Axis(grid=False, tickCount=7))
    base = alt.Chart().encode(x=time)  # the data are given once, to the whole
    layers = []  # channels by their classes: from a short text Altair looks for one among all its classes, each time
    if one.chart_kind == "xmr":
        for column, dash, width in (("lower", [5, 4], 1.2), ("upper", [5, 4], 1.2), ("mean", [1, 0], 1.2)):
            layers.append(
                base.mark_line(color=colours.muted, strokeDash=dash, strokeWidth=width).encode(
                    y=alt.Y(f"{column}:Q", title=title), detail=alt.Detail("phase:N")
                )
            )
    elif shown["lower_ci"].notna().any():
        layers.append(
            base.mark_rule(color=colours.muted, strokeWidth=1.5).encode(
                y=alt.Y("lower_ci:Q", title=title), y2=alt.Y2("upper_ci:Q")
            )
        )
    layers += _steps(steps, title, colours) + _breaks(one.breaks, shown, colours)
    if one.joined:
        layers.append(
            base.mark_line(color=colours.neutral, strokeWidth=1.4).encode(y=axis, detail=alt.Detail("stretch:N"))
        )
    tooltip = [alt.Tooltip("period_label:N", title="Period"), alt.Tooltip("value:Q", title=one.unit, format=",.1f")]
    if one.chart_kind == "xmr":
        tooltip.append(alt.Tooltip("signal:N", title="Signal"))
    here = [m for m in MEANINGS if m in set(shown["state"])]
    words = [MEANINGS[m][1] for m in here]
    shown["means"] = shown["state"].map({m: text for m, (_, text) in MEANINGS.items()})
    legend = (
        alt.Legend(orient="top", title=None, columns=2, labelLimit=240, symbolSize=90)
        if one.chart_kind == "xmr"
        else None
    )
    points = alt.Chart().mark_point(filled=True, size=58, opacity=1)
    layers.append(
        points.encode(
            x=time,
            y=axis,
            color=alt.Color(
                "means:N",
                scale=alt.Scale(domain=words, range=[meaning_colours(colours)[m] for m in here]),
                legend=legend,
            ),
            shape=alt.Shape(
                "means:N", scale=alt.Scale(domain=words, range=[MEANINGS[m][0] for m in here]), legend=legend
            ),
            tooltip=tooltip,
        )
        if one.chart_kind == "xmr"
        else points.encode(x=time, y=axis, color=alt.ColorValue(colours.accent), tooltip=tooltip)
    )
    return alt.layer(*layers, data=shown).properties(height=height)


def _steps(steps: pd.DataFrame, title: str, colours: Palette) -> list[alt.Chart]:
    if steps.empty:
        return []
    base = alt.Chart(steps).encode(y=alt.Y("value:Q", title=title))
    span = base.mark_rule(color=colours.series[2], strokeWidth=2.5).encode(
        x=alt.X("start:T"),
        x2=alt.X2("end:T"),
        strokeDash=alt.condition("datum.provenance === 'found'", alt.value([1, 0]), alt.value([3, 3])),
        tooltip=[
            alt.Tooltip(f"{column}:N", title=title)
            for column, title in (
                ("target", "Target"),
                ("scope", "Set for"),
                ("provenance", "Source"),
                ("state", "Outcome"),
            )
        ],
    )
    name = base.mark_text(align="right", baseline="bottom", dy=-4, color=colours.series[2], fontSize=11).encode(
        x=alt.X("end:T"), text=alt.Text("label:N")
    )
    return [span, name.transform_calculate(label="split(datum.target, ' by ')[0]")]


def _breaks(found: tuple[Break, ...], table: pd.DataFrame, colours: Palette) -> list[alt.Chart]:
    inside = [b for b in found if table["period_start"].iloc[0] < b.date <= table["period_start"].iloc[-1]]
    if not inside:
        return []
    frame = pd.DataFrame(
        {
            "date": [b.date for b in inside],
            "reason": [b.reason for b in inside],
            "number": [str(n) for n in range(1, len(inside) + 1)],
        }
    )
    base = alt.Chart(frame).encode(x=alt.X("date:T"), tooltip=[alt.Tooltip("reason:N", title="Break")])
    return [
        base.mark_rule(color=colours.ink, strokeDash=[2, 3]),
        base.mark_text(align="left", baseline="top", dx=4, color=colours.ink, fontSize=12).encode(
            y=alt.YValue(2), text=alt.Text("number:N")
        ),
    ]


def outlook(one: Status, what_if: ambitions.Outlook, *, height: int = 320) -> alt.LayerChart:
    """A what-if: the series so far, then dashed with its band; the target as a level line."""
    colours = palette()
    ahead = what_if.table["projected"]
    recent = pd.concat([what_if.table[~ahead].tail(48), what_if.table[ahead]])
    chart = charts.line(
        recent, "period_end", "value", unit=one.unit, projected="projected", band=("lower", "upper"), height=height
    )
    if one.target is None:
        return chart
    level = pd.DataFrame({"value": [one.target.value], "label": [f"Target {one.target_text}"]})
    line = alt.Chart(level).mark_rule(color=colours.series[2], strokeWidth=2).encode(y="value:Q")
    text = (
        alt.Chart(level)
        .mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=colours.series[2])
        .encode(y="value:Q", x=alt.value(0), text="label")
    )
    return chart + line + text
