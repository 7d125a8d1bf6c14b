"""Control charts, trend charts and the marks that go with them: shape and word beside every colour."""

from __future__ import annotations

from base64 import b64encode
from html import escape

import altair as alt
import pandas as pd

from ics_core import ambitions
from ics_core.ambitions import Break, Status
from pages.components.charts import lines as charts
from pages.components.charts.theme import Palette, palette

# What a point means, its shape, and its words in the legend.
MEANINGS = {
    "usual": ("circle", "Usual variation"),
    "improving": ("triangle-up", "Improving"),
    "concerning": ("triangle-down", "Getting worse"),
    "high": ("square", "Higher than usual"),
    "low": ("diamond", "Lower than usual"),
}
VARIATION = {
    "common cause": ("usual", "Usual variation"),
    "special cause improving": ("improving", "Improving"),
    "special cause concerning": ("concerning", "Getting worse"),
    "special cause neutral high": ("high", "Higher than usual"),
    "special cause neutral low": ("low", "Lower than usual"),
}
ASSURANCE = {
    "consistently passing": ("pass", "Will keep meeting it"),
    "consistently failing": ("fail", "Will keep missing it"),
    "inconsistent": ("unsure", "Will hit and miss"),
    "not enough variation to judge": ("none", "Cannot be judged"),
}


def _meaning_colours(colours: Palette) -> dict[str, str]:
    return {
        "usual": colours.neutral,
        "improving": colours.good,
        "concerning": colours.bad,
        "high": colours.series[2],
        "low": colours.series[2],
    }


def series(one: Status, table: pd.DataFrame, steps: pd.DataFrame, *, height: int = 380) -> alt.LayerChart:
    """The chart of one series: control chart with limits, or trend line with intervals; targets as steps, breaks as rules.

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
    layers = []
    if one.chart_kind == "xmr":
        for column, dash, width in (("lower", [5, 4], 1.2), ("upper", [5, 4], 1.2), ("mean", [1, 0], 1.2)):
            layers.append(
                base.mark_line(color=colours.muted, strokeDash=dash, strokeWidth=width).encode(
                    y=alt.Y(f"{column}:Q", title=title), detail="phase:N"
                )
            )
    elif shown["lower_ci"].notna().any():
        layers.append(
            base.mark_rule(color=colours.muted, strokeWidth=1.5).encode(
                y=alt.Y("lower_ci:Q", title=title), y2="upper_ci:Q"
            )
        )
    layers += _steps(steps, title, colours) + _breaks(one.breaks, shown, colours)
    if one.joined:
        layers.append(base.mark_line(color=colours.neutral, strokeWidth=1.4).encode(y=axis, detail="stretch:N"))
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
                scale=alt.Scale(domain=words, range=[_meaning_colours(colours)[m] for m in here]),
                legend=legend,
            ),
            shape=alt.Shape(
                "means:N", scale=alt.Scale(domain=words, range=[MEANINGS[m][0] for m in here]), legend=legend
            ),
            tooltip=tooltip,
        )
        if one.chart_kind == "xmr"
        else points.encode(x=time, y=axis, color=alt.value(colours.accent), tooltip=tooltip)
    )
    return alt.layer(*layers, data=shown).properties(height=height)


def _steps(steps: pd.DataFrame, title: str, colours: Palette) -> list[alt.Chart]:
    if steps.empty:
        return []
    base = alt.Chart(steps).encode(y=alt.Y("value:Q", title=title))
    span = base.mark_rule(color=colours.series[2], strokeWidth=2.5).encode(
        x="start:T",
        x2="end:T",
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
        x="end:T", text="label:N"
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
    base = alt.Chart(frame).encode(x="date:T", tooltip=[alt.Tooltip("reason:N", title="Break")])
    return [
        base.mark_rule(color=colours.ink, strokeDash=[2, 3]),
        base.mark_text(align="left", baseline="top", dx=4, color=colours.ink, fontSize=12).encode(
            y=alt.value(2), text="number:N"
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


# --- Small marks in lists: pictures made of text, so that colour, shape and word go together -----


def icon(kind: str, better: str = "up", *, size: int = 26) -> str:
    """An ``img`` element with the mark for a meaning or an assurance; decorative, the word stands beside it."""
    colours = palette()
    colour = {**_meaning_colours(colours), "pass": colours.good, "fail": colours.bad}.get(kind, colours.neutral)
    return _image(_SHAPES[kind].replace("{arrow}", _arrow(kind, better)), colour, 32, 32, size, size)


def sparkline(values: list[float], target: float | None = None, *, width: int = 132, height: int = 34) -> str:
    """An ``img`` element with the recent course of a series, its last point marked; decorative."""
    colours = palette()
    low, high = min(values), max(values)
    near = target is not None and low - (high - low) <= target <= high + (high - low)
    if near:
        low, high = min(low, target), max(high, target)
    spread = (high - low) or 1

    def place(n: int, value: float) -> str:
        return f"{4 + n * (width - 8) / max(1, len(values) - 1):.1f},{height - 4 - (value - low) / spread * (height - 8):.1f}"

    points = [place(n, value) for n, value in enumerate(values)]
    x, y = points[-1].split(",")
    level = place(0, target).split(",")[1] if near else None
    goal = f'<path d="M2 {level}H{width - 2}" stroke="{colours.series[2]}" stroke-dasharray="4 3"/>' if near else ""
    return _image(
        f'{goal}<polyline points="{" ".join(points)}" stroke-width="1.8"/><circle cx="{x}" cy="{y}" r="3.4" fill="{colours.accent}"/>',
        colours.accent,
        width,
        height,
        width,
        height,
    )


_SHAPES = {
    "usual": '<circle cx="16" cy="16" r="13"/><path d="M7 18c3-7 6-7 9-2s6 5 9-2"/>',
    "improving": '<circle cx="16" cy="16" r="13" fill="{fill}"/>{arrow}',
    "concerning": '<rect x="3" y="3" width="26" height="26" rx="3" fill="{fill}"/>{arrow}',
    "high": '<path d="M16 2 30 16 16 30 2 16Z"/><path d="M16 23V10m-5 5 5-5 5 5"/>',
    "low": '<path d="M16 2 30 16 16 30 2 16Z"/><path d="M16 9v13m-5-5 5 5 5-5"/>',
    "pass": '<circle cx="16" cy="16" r="13"/><path d="m9 17 5 5 9-11"/>',
    "fail": '<rect x="3" y="3" width="26" height="26" rx="3"/><path d="m10 10 12 12m0-12L10 22"/>',
    "unsure": '<circle cx="16" cy="16" r="13"/><path d="M12 12c1-5 9-4 8 1-.5 3-4 3-4 6m0 4v.5"/>',
    "none": '<circle cx="16" cy="16" r="13" stroke-dasharray="3 4"/><path d="M11 16h10"/>',
}


def _arrow(kind: str, better: str) -> str:
    rises = (kind == "improving") == (better == "up")
    path = "M16 24V9m-6 6 6-6 6 6" if rises else "M16 8v15m-6-6 6 6 6-6"
    return f'<path d="{path}" stroke="{palette().ground}" stroke-width="3"/>'


def _image(shapes: str, colour: str, wide: int, high: int, width: int, height: int) -> str:
    shapes = shapes.replace("{fill}", colour)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" fill="none" stroke="{colour}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">{shapes}</svg>'
    return f'<img alt="" width="{width}" height="{height}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


def variation_mark(variation: str | None, better: str) -> str:
    """Icon and word for how a series moves."""
    kind, word = VARIATION.get(variation or "", ("none", "No control chart"))
    return _marked(kind, word, better)


def assurance_mark(assurance: str | None, met: bool | None) -> str:
    """Icon and word for whether the target will be met; without a control chart, whether it is met now."""
    if assurance:
        kind, word = ASSURANCE[assurance]
    else:
        kind, word = (
            ("none", "No target drawn") if met is None else ("pass", "Met now") if met else ("fail", "Not met now")
        )
    return _marked(kind, word, "up")


def old_mark(row: object) -> str:
    """A dashed label with the age of a figure that is old; nothing for a recent one. ``row`` has age_months and old."""
    colours = palette()
    dress = f"display: inline-block; border: 1px dashed {colours.bad}; border-radius: 3px; padding: 0 .35rem; margin-top: .2rem; font-size: .8rem; color: {colours.ink}"
    return (
        f'<span class="nw-old" style="{dress}">Old figure: {row.age_months} months before this release</span>'
        if row.old
        else ""
    )


def _marked(kind: str, word: str, better: str) -> str:
    return f'{icon(kind, better)}<span class="{"nw-none" if kind == "none" else "nw-told"}">{escape(word)}</span>'
