"""Areas beside each other on one measure: bars, lines over time, and a ranking with intervals."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ics_core import ambitions
from pages.components.charts import lines as charts
from pages.components.charts.lines import SHAPES
from pages.components.charts.theme import palette


def bars(table: pd.DataFrame, own: str, unit: str) -> alt.LayerChart:
    """A bar an area for the one period there is; ``own`` picked out."""
    return charts.bars(table, "area", "shown", unit=f"{unit}, {table['period_label'].iloc[0]}", mark=own, format=",.1f")


def lines(table: pd.DataFrame, scale: str, indicator_id: str) -> alt.LayerChart:
    """Lines that stop where periods are missing, told apart by colour and shape; named breaks as dotted rules."""
    colours = palette()
    names = list(dict.fromkeys(table["area"]))
    title = f"{scale} (axis does not start at zero)"
    legend = alt.Legend(
        orient="top",
        title=None,
        columns=1 if max(map(len, names)) > 16 else 2,
        labelLimit=300,
        symbolOpacity=1,
        symbolSize=90,
    )
    colour = alt.Color("area:N", scale=alt.Scale(domain=names, range=list(colours.series[: len(names)])), legend=legend)
    shape = alt.Shape("area:N", scale=alt.Scale(domain=names, range=SHAPES[: len(names)]), legend=legend)
    tooltip = [
        alt.Tooltip("area", title="Area"),
        alt.Tooltip("period_label", title="Period"),
        alt.Tooltip("shown", title=scale, format=",.2f"),
    ]
    base = alt.Chart(table).encode(
        x=alt.X("period_end:T", title=None, axis=alt.Axis(grid=False, tickCount=7)),
        y=alt.Y(
            "shown:Q", title=title, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(format=",~f", tickCount=6)
        ),
        color=colour,
    )
    # Past two dozen periods a mark on every point hides the lines.
    size = 55 if table.groupby("area").size().max() <= 24 else 18
    layers = [
        base.mark_line(strokeWidth=2).encode(detail=[alt.Detail("stretch:N")]),
        base.mark_point(filled=True, opacity=1, size=size).encode(shape=shape, tooltip=tooltip),
    ]
    first, last = table["period_start"].min(), table["period_start"].max()
    found = {
        b.date: b.reason
        for code in dict.fromkeys(table["area_code"])
        for b in ambitions.breaks(indicator_id, code)
        if first < b.date <= last
    }
    if found:
        marks = alt.Chart(pd.DataFrame({"date": list(found), "reason": list(found.values())}))
        layers.append(
            marks.mark_rule(color=colours.ink, strokeDash=[2, 3]).encode(
                x=alt.X("date:T"), tooltip=[alt.Tooltip("reason", title="Break")]
            )
        )
    return alt.layer(*layers).properties(height=340 + 24 * len(names))


def ranked(table: pd.DataFrame, own_code: str, unit: str) -> alt.LayerChart:
    """A thin bar under the name of each area, so that long names fit on a phone; the chosen one in colour and bold."""
    colours = palette()
    own = alt.datum["area_code"] == own_code
    base = alt.Chart(table.assign(words=table["area"] + ", " + table["says"])).encode(
        y=alt.Y("area:N", sort=None, axis=None)
    )
    tooltip = [
        alt.Tooltip("area", title="Area"),
        alt.Tooltip("says", title=unit.capitalize()),
        alt.Tooltip("rank", title="Rank"),
    ]
    bars = base.mark_bar(height=10).encode(
        x=alt.X("value:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=4)),
        color=alt.condition(own, alt.value(colours.accent), alt.value(colours.neutral)),
        opacity=alt.condition(own, alt.value(1), alt.value(0.5)),
        tooltip=tooltip,
    )
    layers = [bars]
    if table["lower_ci"].notna().any():
        layers.append(
            base.mark_rule(color=colours.ink, strokeWidth=1.5).encode(x=alt.X("lower_ci:Q"), x2=alt.X2("upper_ci:Q"))
        )
    for shown, weight in ((own, "bold"), (alt.datum["area_code"] != own_code, "normal")):
        names = base.mark_text(
            align="left", baseline="middle", dy=-14, fontSize=12.5, fontWeight=weight, color=colours.ink
        )
        layers.append(names.transform_filter(shown).encode(x=alt.XValue(2), text=alt.Text("words:N")))
    return alt.layer(*layers).properties(height=alt.Step(40))
