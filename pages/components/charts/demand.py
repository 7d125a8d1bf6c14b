"""Charts of the demand page that the shared ones do not cover: ages then and now, what holds a level, sizes of effects."""

from __future__ import annotations

import math
from functools import lru_cache

import altair as alt
import pandas as pd

from pages.components.charts.picture import Picture, instructions
from pages.components.charts.theme import Palette, palette

_MANY = 64  # instructions kept of each kind of chart


def ages(frame: pd.DataFrame, *, unit: str, base: int) -> Picture:
    """Bars by age group, the base year grey beside the later ones.

    ``frame``: age_group, year, scenario, value. Bars of a group stand together; the key says which is which.
    """
    projected = frame["scenario"].map(lambda scenario: "A" if scenario == "A" else "projected")
    rows = frame.assign(when=frame["year"].astype(str) + (", " + projected).where(frame["year"] != base, ""))
    rows = rows.assign(rank=range(len(rows)))[["age_group", "when", "value", "rank"]]
    return Picture(
        _ages(palette(), tuple(dict.fromkeys(rows["when"])), tuple(dict.fromkeys(rows["age_group"])), unit),
        {"rows": rows},
    )


@lru_cache(_MANY)
def _ages(colours: Palette, names: tuple[str, ...], groups: tuple[str, ...], unit: str) -> str:
    tones = [colours.neutral, colours.accent, colours.series[2]][: len(names)]
    colour = alt.Color(
        "when:N",
        sort=list(names),
        scale=alt.Scale(domain=list(names), range=tones),
        legend=alt.Legend(orient="top", title=None),
    )
    y = alt.Y("age_group:N", sort=list(groups), title=None, axis=alt.Axis(ticks=False, domain=False))
    base = alt.Chart(alt.NamedData("rows")).encode(y=y, yOffset=alt.YOffset("when:N", sort=list(names)))
    x = alt.X("value:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=5))
    tooltip = [
        alt.Tooltip("age_group:N", title="Age"),
        alt.Tooltip("when:N", title="Year"),
        alt.Tooltip("value:Q", format=",.0f", title=unit),
    ]
    bars = base.mark_bar().encode(x=x, color=colour, tooltip=tooltip)
    words = base.mark_text(align="left", dx=4, fontSize=11, color=colours.ink).encode(
        x=x, text=alt.Text("value:Q", format=",.0f")
    )
    height = len(groups) * (24 * len(names) + 12) + 100
    return instructions(
        alt.layer(bars, words).properties(height=height, padding={"right": 50, "left": 5, "top": 5, "bottom": 5})
    )


def bars_with_words(frame: pd.DataFrame, category: str, value: str, words: str, *, unit: str) -> Picture:
    """Bars to either side of zero, each with the words of a column of text to its right."""
    rows = pd.DataFrame(
        {"what": frame[category], "value": frame[value].astype(float), "words": frame[words], "rank": range(len(frame))}
    )
    low, high = min(0.0, rows["value"].min()), max(0.0, rows["value"].max())
    step = max(5.0, 5 * math.ceil((high - low) / 25))
    ends = (step * math.floor(low / step), step * math.ceil(high / step))
    # Words stand to the right of the bars: leave them about half of the width.
    return Picture(
        _bars_with_words(palette(), unit, len(rows), (ends[0], ends[1] + max(step, ends[1] - ends[0]) * 1.2)),
        {"rows": rows.assign(edge=rows["value"].clip(lower=0))},
    )


@lru_cache(_MANY)
def _bars_with_words(colours: Palette, unit: str, count: int, domain: tuple[float, float]) -> str:
    y = alt.Y(
        "what:N",
        sort=alt.EncodingSortField("rank", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=260, labelOverlap=False, ticks=False, domain=False),
    )
    scale = alt.Scale(domain=list(domain), nice=False)
    x = alt.X("value:Q", title=unit, scale=scale, axis=alt.Axis(format="+.0f", tickCount=5))
    base = alt.Chart(alt.NamedData("rows")).encode(y=y)
    tone = alt.condition("datum.value > 0", alt.value(colours.series[3]), alt.value(colours.accent))
    layers = [
        base.mark_bar().encode(
            x=x, color=tone, tooltip=[alt.Tooltip("what:N", title="Lever"), alt.Tooltip("words:N", title="Result")]
        ),
        alt.Chart(alt.NamedData("rows"))
        .mark_tick(color=colours.ink, thickness=2, size=20)
        .encode(y=y, x=alt.datum(0, type="quantitative", scale=scale)),
        base.mark_text(align="left", dx=8, fontSize=13, color=colours.ink).encode(
            x=alt.X("edge:Q", scale=scale, title=unit), text="words:N"
        ),
    ]
    return instructions(
        alt.layer(*layers).properties(height=75 + 40 * count, padding={"right": 20, "left": 5, "top": 5, "bottom": 5})
    )


def multipliers(frame: pd.DataFrame, category: str, value: str, *, unit: str) -> alt.LayerChart:
    """Bars from zero with a rule at 1, each with its value at the end."""
    colours = palette()
    y = alt.Y(
        f"{category}:N",
        sort=list(frame[category]),
        title=None,
        axis=alt.Axis(labelLimit=230, ticks=False, domain=False),
    )
    x = alt.X(f"{value}:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=".1f", tickCount=5))
    tone = alt.condition("datum.status == 'none found'", alt.value(colours.neutral), alt.value(colours.accent))
    tooltip = [
        alt.Tooltip(f"{category}:N", title="Measure"),
        alt.Tooltip(f"{value}:Q", format=".2f", title=unit),
        alt.Tooltip("status:N", title="Local figure"),
    ]
    bars = alt.Chart(frame).mark_bar().encode(y=y, x=x, color=tone, tooltip=tooltip)
    one = alt.Chart(pd.DataFrame({"at": [1.0]})).mark_rule(color=colours.ink, strokeDash=[4, 3]).encode(x="at:Q")
    text = (
        alt.Chart(frame)
        .mark_text(align="left", dx=5, fontSize=12, color=colours.ink)
        .encode(y=y, x=x, text=alt.Text(f"{value}:Q", format=".2f"))
    )
    return alt.layer(bars, one, text).properties(
        height=29 * len(frame) + 60, padding={"right": 30, "left": 5, "top": 5, "bottom": 5}
    )


def effects(frame: pd.DataFrame) -> alt.LayerChart:
    """One bar for each effect with the range it is drawn from, by lever and measure."""
    colours = palette()
    rows = frame.assign(
        what=frame["lever"]
        + " → "
        + frame["measure"].str[0].str.lower()
        + frame["measure"].str[1:]
        + frame["age_from"].map(lambda age: f", {age} and over" if age else "")
    )
    rows["sort"] = range(len(rows))
    y = alt.Y(
        "what:N",
        sort=list(rows["what"]),
        title=None,
        axis=alt.Axis(labelLimit=400, labelOverlap=False, ticks=False, domain=False),
    )
    x = alt.X("at_full:Q", title="Change of the measure at full reach, %", axis=alt.Axis(format="+.0f", tickCount=6))
    tone = alt.Color(
        "basis:N",
        sort=["published", "derived", "assumption"],
        scale=alt.Scale(
            domain=["published", "derived", "assumption"], range=[colours.series[0], colours.series[1], colours.neutral]
        ),
        legend=alt.Legend(orient="top", title=None),
    )
    tooltip = [
        alt.Tooltip("what:N", title="Effect"),
        alt.Tooltip("at_full:Q", format="+.1f", title="%"),
        alt.Tooltip("basis:N", title="Basis"),
        alt.Tooltip("source:N", title="Source"),
    ]
    bars = alt.Chart(rows).mark_bar().encode(y=y, x=x, color=tone, tooltip=tooltip)
    spread = alt.Chart(rows).mark_rule(color=colours.ink, strokeWidth=1.5).encode(y=y, x=alt.X("low:Q"), x2="high:Q")
    return alt.layer(bars, spread).properties(height=27 * len(rows))


def shares_of_said(frame: pd.DataFrame, names: list[str], *, unit: str) -> alt.LayerChart:
    """Bars of what the record and the model say as a percentage of what was said; a rule at 100.

    ``frame``: subject, what, value, in the order to draw; ``names`` are the kinds of bar in their order.
    """
    colours = palette()
    y = alt.Y(
        "subject:N",
        sort=list(dict.fromkeys(frame["subject"])),
        title=None,
        axis=alt.Axis(labelLimit=230, labelOverlap=False, ticks=False, domain=False),
    )
    base = alt.Chart(frame).encode(y=y, yOffset=alt.YOffset("what:N", sort=names))
    x = alt.X("value:Q", title=unit, axis=alt.Axis(format=".0f", tickCount=6))
    colour = alt.Color(
        "what:N",
        sort=names,
        scale=alt.Scale(domain=names, range=[colours.series[0], colours.series[1], colours.neutral]),
        legend=alt.Legend(orient="top", title=None, columns=1),
    )
    tooltip = [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("what:N", title="What"),
        alt.Tooltip("value:Q", format=".0f", title=unit),
    ]
    bars = base.mark_bar().encode(x=x, color=colour, tooltip=tooltip)
    words = (
        alt.Chart(frame.assign(edge=frame["value"].clip(lower=0)))
        .encode(y=y, yOffset=alt.YOffset("what:N", sort=names))
        .mark_text(align="left", dx=4, fontSize=11, color=colours.ink)
        .encode(x=alt.X("edge:Q", title=unit), text=alt.Text("value:Q", format=".0f"))
    )
    rule = alt.Chart(pd.DataFrame({"at": [100.0]})).mark_rule(color=colours.ink, strokeDash=[4, 3]).encode(x="at:Q")
    return alt.layer(bars, rule, words).properties(
        height=33 * len(frame) + 40, padding={"right": 30, "left": 5, "top": 5, "bottom": 5}
    )
