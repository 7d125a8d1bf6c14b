"""Charts and choices of the pages on the 42 systems: the chosen one has a shape or bold type besides its colour."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import systems
from pages.components import address
from pages.components.charts import SHAPES
from pages.components.theme import palette


def choose(label: str = "System") -> str:
    """The system the reader chose, kept in the address as ``?system=`` and between pages; Norfolk and Waveney at first."""
    names = systems.names()
    start = list(names).index(systems.NORFOLK_AND_WAVENEY)
    address.heed("system", names, "a system")
    return st.selectbox(label, list(names), index=start, format_func=names.get, key="system", bind="query-params", persist_state="session")


def choose_measure(default: str) -> str:
    """A measure by its theme and name, kept in the address as ``?measure=``."""
    words = {row.metric_id: f"{row.theme}: {row.label}" for row in systems.metrics().itertuples()}
    address.heed("measure", words, "a measure")
    start = list(words).index(default)
    return st.selectbox("Measure", list(words), index=start, format_func=words.get, key="measure", bind="query-params", persist_state="session")


def choose_period(measure: str) -> str:
    """One of the periods of that measure; at first the one with most systems."""
    known = systems.periods(measure)
    start = known.index(systems.metric_values(measure)["period"].iloc[0])
    # A key of its own for each measure: the periods of one are not those of another.
    return st.selectbox("Period", known, index=start, format_func=systems.when, key=f"period-{measure}", persist_state="session", disabled=len(known) == 1)


def choose_others(chosen: str, most: int) -> list[str]:
    """Systems to set beside the chosen one, in the address as ``?with1=`` and so on; the nearest where none is named."""
    words = {"nearest": "The next nearest", "none": "No system", **systems.names()}
    picked = []
    for place, column in enumerate(st.columns(most), start=1):
        key = f"with{place}"
        with column:
            address.heed(key, words, "a system")
            label = f"{systems.ordinal(place)} system beside it"
            picked.append(st.selectbox(label, list(words), format_func=words.get, key=key, bind="query-params", persist_state="session"))
    named = [code for code in dict.fromkeys(picked) if code not in ("nearest", "none", chosen)]
    nearest = [code for code in systems.nearest(chosen, 2 * most)["icb_code"] if code not in named]
    return named + nearest[: picked.count("nearest")]


def ranked(frame: pd.DataFrame, chosen: str, unit: str, england: float, england_words: str) -> alt.LayerChart:
    """A bar a system from the highest down, ``chosen`` (a name) in colour and bold, England as a dashed line."""
    colours = palette()
    shown = frame.dropna(subset=["value"])
    bold = alt.condition(f"datum.value == {chosen!r}", alt.value("bold"), alt.value("normal"))
    dark = alt.condition(f"datum.value == {chosen!r}", alt.value(colours.ink), alt.value(colours.muted))
    axis = alt.Axis(labelLimit=200, labelOverlap=False, ticks=False, domain=False, labelFontWeight=bold, labelColor=dark)
    base = alt.Chart(shown).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=axis),
        x=alt.X("value:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=4)),
        tooltip=[alt.Tooltip("name", title="System"), alt.Tooltip("says", title="Figure"), alt.Tooltip("rank", title="Rank")],
    )
    picked = alt.datum["name"] == chosen
    bars = base.mark_bar().encode(color=alt.condition(picked, alt.value(colours.accent), alt.value(colours.neutral)), opacity=alt.condition(picked, alt.value(1), alt.value(0.45)))
    label = base.transform_filter(picked).mark_text(align="left", dx=4, fontWeight="bold", color=colours.ink).encode(text="says:N")
    layers = [bars, label]
    if pd.notna(england):
        line = alt.Chart(pd.DataFrame({"england": [england], "words": [england_words]}))
        layers.append(line.mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=colours.ink).encode(x="england:Q", tooltip=[alt.Tooltip("words", title="England")]))
    return alt.layer(*layers).properties(height=alt.Step(17))


def standing(frame: pd.DataFrame) -> alt.LayerChart:
    """Where one to four systems rank on each measure: a row a measure, rank 1 at the right, shape and colour a system."""
    colours = palette()
    names = list(dict.fromkeys(frame["name"]))
    shown = frame.dropna(subset=["rank"]).copy()
    # Under the name of the measure stands the figure itself where there is one system only.
    figure = shown["says"] if len(names) == 1 else shown["period"].map(systems.when)
    shown["row"] = ["|".join([*textwrap.wrap(label, 36), words]) for label, words in zip(shown["label"], figure, strict=True)]
    rows = list(dict.fromkeys(shown["row"]))
    last = int(shown["of"].max())
    scale = alt.Scale(domain=[last + 1, 0], nice=False)
    places = f"datum.value == 1 ? 'highest' : datum.value == {last} ? 'lowest' : 'middle'"
    axis = alt.Axis(values=[last, last // 2, 1], labelExpr=places, grid=True)
    base = alt.Chart(shown).encode(
        x=alt.X("rank:Q", scale=scale, title="Rank among the systems", axis=axis),
        y=alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(labelExpr="split(datum.label, '|')", labelFontSize=12, labelLimit=250, ticks=False, domain=False, labelOverlap=False, grid=True, gridDash=[1, 3])),
        tooltip=[alt.Tooltip("name", title="System"), alt.Tooltip("label", title="Measure"), alt.Tooltip("says", title="Figure"), alt.Tooltip("period", title="Period"), alt.Tooltip("rank", title="Rank"), alt.Tooltip("of", title="Of")],
    )
    if len(names) == 1:
        return alt.layer(base.mark_point(size=130, filled=True, opacity=1, shape="diamond", color=colours.accent)).properties(height=alt.Step(40))
    keys = [_wrapped(label) for label in names]
    marks = base.transform_calculate(key=f"{dict(zip(names, keys, strict=True))}[datum.name]").mark_point(size=130, filled=True, opacity=1)
    marks = marks.encode(
        color=alt.Color("key:N", scale=alt.Scale(domain=keys, range=list(colours.series[: len(names)])), legend=_key(symbolSize=130)),
        shape=alt.Shape("key:N", scale=alt.Scale(domain=keys, range=SHAPES[: len(names)]), legend=_key(symbolSize=130)),
    )
    return alt.layer(marks).properties(height=alt.Step(40))


def distances(near: pd.DataFrame) -> alt.LayerChart:
    """A bar a near system, its distance and what it differs most in."""
    colours = palette()
    words = near.assign(words=near["distance"].map("{:.2f}".format) + ", " + near["differs_most_in"].str.lower())
    base = alt.Chart(words).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False, labelOverlap=False)),
        x=alt.X("distance:Q", title="Distance; beside it, what differs most", scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=5)),
        tooltip=[alt.Tooltip("name", title="System"), alt.Tooltip("distance", title="Distance", format=".2f"), alt.Tooltip("differs_most_in", title="Differs most in")],
    )
    bars = base.mark_bar(color=colours.accent, height=8)
    label = base.mark_text(align="left", baseline="middle", dy=-12, x=2, color=colours.ink, fontSize=12).encode(text="words:N")
    return alt.layer(bars, label).properties(height=alt.Step(44))


def strips(frame: pd.DataFrame, chosen: str) -> alt.LayerChart:
    """A strip a measure: every system a tick, the nearest circles, the chosen one a diamond."""
    colours = palette()
    own = frame[frame["role"] == "chosen"].set_index("metric_id")["says"]
    words = [
        "|".join([*textwrap.wrap(measure, 36), f"{own[metric_id]}{'' if weight == 1 else f' · weight {weight:g}'}"])
        for measure, metric_id, weight in zip(frame["measure"], frame["metric_id"], frame["weight"], strict=True)
    ]
    order = [_wrapped(chosen), "Nearest systems", "Other systems"]
    shown = frame.assign(row=words, who=frame["role"].map(dict(zip(("chosen", "nearest", "other"), order, strict=True))))
    legend = _key(symbolOpacity=1)
    base = alt.Chart(shown).encode(
        x=alt.X("score:Q", title="Standard deviations from average", axis=alt.Axis(grid=True, tickCount=6)),
        y=alt.Y("row:N", sort=list(dict.fromkeys(words)), title=None, axis=alt.Axis(labelExpr="split(datum.label, '|')", labelFontSize=12, labelLimit=250, ticks=False, domain=False, labelOverlap=False)),
        color=alt.Color("who:N", scale=alt.Scale(domain=order, range=[colours.accent, colours.series[3], colours.neutral]), legend=legend),
        shape=alt.Shape("who:N", scale=alt.Scale(domain=order, range=["diamond", "circle", "stroke"]), legend=legend),
        opacity=alt.condition("datum.weight > 0", alt.value(1), alt.value(0.25)),
        tooltip=[alt.Tooltip("name", title="System"), alt.Tooltip("measure", title="Measure"), alt.Tooltip("says", title="Figure"), alt.Tooltip("period", title="Period")],
    )
    others = base.transform_filter(alt.datum.role == "other").mark_point(size=120, angle=90, filled=False, strokeWidth=1.2)
    near = base.transform_filter(alt.datum.role == "nearest").mark_point(size=90, filled=True)
    own_mark = base.transform_filter(alt.datum.role == "chosen").mark_point(size=190, filled=True)
    return alt.layer(others, near, own_mark).properties(height=alt.Step(46))


def stages(frame: pd.DataFrame, moment: str, colour_of: dict[str, str]) -> alt.LayerChart:
    """A bar a moment, its parts the stages of the 42 areas; the moment shown on the map in bold."""
    colours = palette()
    moments = list(dict.fromkeys(frame["moment"]))
    bold = alt.condition(f"datum.value == {moment!r}", alt.value("bold"), alt.value("normal"))
    order = {stage: place for place, stage in enumerate(colour_of)}
    whole = int(frame.groupby("moment")["areas"].sum().max())
    base = alt.Chart(frame.assign(place=frame["stage"].map(order), key=frame["stage"].map(_wrapped))).encode(
        y=alt.Y("moment:N", sort=moments, title=None, axis=alt.Axis(labelFontWeight=bold, ticks=False, domain=False, labelLimit=160)),
        x=alt.X("areas:Q", stack="zero", title="Areas of July 2022", scale=alt.Scale(domain=[0, whole]), axis=alt.Axis(values=[0, 10, 20, 30, whole])),
        order=alt.Order("place:Q"),
        tooltip=[alt.Tooltip("moment", title="After"), alt.Tooltip("stage", title="Stage"), alt.Tooltip("areas", title="Areas")],
    )
    scale = alt.Scale(domain=[_wrapped(stage) for stage in colour_of], range=list(colour_of.values()))
    bars = base.mark_bar(stroke=colours.neutral, strokeWidth=0.6).encode(color=alt.Color("key:N", scale=scale, legend=_key()))
    return alt.layer(bars).properties(height=alt.Step(30))


def stage_colours() -> dict[str, str]:
    """A colour for each stage: darker as the system grows up, two others for what came after."""
    colours = palette()
    return dict(zip(systems.STAGES, (colours.sequence[0], colours.sequence[2], colours.accent, colours.series[3], colours.series[2]), strict=True))


def _wrapped(name: str) -> str:
    """A long name in lines that fit a phone; the key splits it at the bars."""
    return "|".join(textwrap.wrap(name, 22))


def _key(**more: object) -> alt.Legend:
    return alt.Legend(orient="top", title=None, columns=1, labelLimit=240, labelExpr="split(datum.label, '|')", **more)
