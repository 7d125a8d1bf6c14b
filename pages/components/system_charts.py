"""Charts and choices of the pages on the 42 systems: the chosen one has a shape or bold type besides its colour."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import systems
from pages.components.charts import SHAPES
from pages.components.theme import palette


def choose(label: str = "System") -> str:
    """The system the reader chose, kept in the address as ``?system=`` and between pages; Norfolk and Waveney at first."""
    names = systems.names()
    start = list(names).index(systems.NORFOLK_AND_WAVENEY)
    _heed_address("system", names.values(), systems.find)
    return st.selectbox(label, list(names), index=start, format_func=names.get, key="system", bind="query-params", persist_state="session")


def choose_measure(default: str) -> tuple[str, str]:
    """A measure and one of its periods, kept in the address as ``?measure=`` and ``?period=``."""
    frame = systems.metrics().set_index("metric_id")
    words = {row.Index: f"{row.theme}: {row.label}" for row in frame.itertuples()}
    _heed_address("measure", words.values(), systems.find_metric)
    start = list(words).index(default)
    measure = st.selectbox("Measure", list(words), index=start, format_func=words.get, key="measure", bind="query-params", persist_state="session")
    known = systems.periods(measure)
    # A key of its own for each measure: the periods of one are not those of another.
    period = st.selectbox("Period", known, index=known.index(frame.loc[measure, "period"]), key=f"period-{measure}", disabled=len(known) == 1)
    return measure, period


def choose_others(chosen: str, most: int) -> list[str]:
    """Systems to set beside the chosen one, kept in the address as ``?with=``; the nearest ones where none is chosen."""
    names = systems.names()
    _heed_address("with", names.values(), systems.find, several=True)
    picked = st.multiselect(
        f"Compare with (up to {most}; the nearest {most} if left empty)", list(names), format_func=names.get, max_selections=most,
        key="with", bind="query-params", persist_state="session", placeholder="Choose systems",
    )  # fmt: skip
    others = [code for code in picked if code != chosen]
    return others or list(systems.nearest(chosen, most)["icb_code"])


def _heed_address(key: str, written: Iterable[str], find: Callable[[str], str], several: bool = False) -> None:
    """Let the address hold codes as well as names; say which name it should have been when one is unknown."""
    asked = st.query_params.get_all(key)
    if all(text in written for text in asked):
        return
    del st.query_params[key]
    found = []
    for text in asked:
        try:
            found.append(find(text))
        except systems.SystemsError as problem:
            st.warning(f"The address asks for something unknown. {problem}", icon=":material/wrong_location:")
    if found:
        st.session_state[key] = list(dict.fromkeys(found)) if several else found[0]


def ranked(frame: pd.DataFrame, chosen: str, unit: str, england: float, england_words: str) -> alt.LayerChart:
    """A bar a system from the highest down, ``chosen`` (a name) in colour and bold, England as a dashed line."""
    colours = palette()
    shown = frame.dropna(subset=["value"])
    bold = alt.condition(f"datum.value == {chosen!r}", alt.value("bold"), alt.value("normal"))
    dark = alt.condition(f"datum.value == {chosen!r}", alt.value(colours.ink), alt.value(colours.muted))
    axis = alt.Axis(labelLimit=190, labelOverlap=False, ticks=False, domain=False, labelFontWeight=bold, labelColor=dark)
    base = alt.Chart(shown).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=axis),
        x=alt.X("value:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=4)),
        tooltip=[alt.Tooltip("name", title="System"), alt.Tooltip("value", title=unit, format=",.4~g"), alt.Tooltip("rank", title="Rank")],
    )
    picked = alt.datum["name"] == chosen
    bars = base.mark_bar().encode(color=alt.condition(picked, alt.value(colours.accent), alt.value(colours.neutral)), opacity=alt.condition(picked, alt.value(1), alt.value(0.45)))
    label = base.transform_filter(picked).mark_text(align="left", dx=4, fontWeight="bold", color=colours.ink).encode(text=alt.Text("value:Q", format=",.4~g"))
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
    figure = shown["says"] if len(names) == 1 else shown["period"]
    shown["row"] = ["|".join([*textwrap.wrap(label, 27), words]) for label, words in zip(shown["label"], figure, strict=True)]
    rows = list(dict.fromkeys(shown["row"]))
    scale = alt.Scale(domain=[43, 0], nice=False)
    axis = alt.Axis(values=[42, 21, 1], labelExpr="datum.value == 1 ? 'highest' : datum.value == 42 ? 'lowest' : 'middle'", grid=True)
    base = alt.Chart(shown).encode(
        x=alt.X("rank:Q", scale=scale, title="Rank among the systems", axis=axis),
        y=alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(labelExpr="split(datum.label, '|')", labelLimit=220, ticks=False, domain=False, labelOverlap=False, grid=True, gridDash=[1, 3])),
        tooltip=[alt.Tooltip("name", title="System"), alt.Tooltip("label", title="Measure"), alt.Tooltip("says", title="Figure"), alt.Tooltip("period", title="Period"), alt.Tooltip("rank", title="Rank"), alt.Tooltip("of", title="Of")],
    )
    if len(names) == 1:
        return alt.layer(base.mark_point(size=130, filled=True, opacity=1, shape="diamond", color=colours.accent)).properties(height=alt.Step(44))
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=320, symbolSize=130)
    marks = base.mark_point(size=130, filled=True, opacity=1).encode(
        color=alt.Color("name:N", scale=alt.Scale(domain=names, range=list(colours.series[: len(names)])), legend=legend),
        shape=alt.Shape("name:N", scale=alt.Scale(domain=names, range=SHAPES[: len(names)]), legend=legend),
    )
    return alt.layer(marks).properties(height=alt.Step(44))


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
        "|".join([*textwrap.wrap(measure, 27), f"{own[metric_id]}{'' if weight == 1 else f' · weight {weight:g}'}"])
        for measure, metric_id, weight in zip(frame["measure"], frame["metric_id"], frame["weight"], strict=True)
    ]
    shown = frame.assign(row=words, who=frame["role"].map({"chosen": chosen, "nearest": "Nearest systems", "other": "Other systems"}))
    order = [chosen, "Nearest systems", "Other systems"]
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=320, symbolOpacity=1)
    base = alt.Chart(shown).encode(
        x=alt.X("score:Q", title="Standard deviations from the average of the systems", axis=alt.Axis(grid=True, tickCount=6)),
        y=alt.Y("row:N", sort=list(dict.fromkeys(words)), title=None, axis=alt.Axis(labelExpr="split(datum.label, '|')", labelLimit=220, ticks=False, domain=False, labelOverlap=False)),
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
    base = alt.Chart(frame.assign(place=frame["stage"].map(order))).encode(
        y=alt.Y("moment:N", sort=moments, title=None, axis=alt.Axis(labelFontWeight=bold, ticks=False, domain=False, labelLimit=160)),
        x=alt.X("areas:Q", stack="zero", title="Areas of July 2022", scale=alt.Scale(domain=[0, 42]), axis=alt.Axis(values=[0, 10, 20, 30, 42])),
        order=alt.Order("place:Q"),
        tooltip=[alt.Tooltip("moment", title="After"), alt.Tooltip("stage", title="Stage"), alt.Tooltip("areas", title="Areas")],
    )
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=340)
    bars = base.mark_bar(stroke=colours.ground).encode(color=alt.Color("stage:N", scale=alt.Scale(domain=list(colour_of), range=list(colour_of.values())), legend=legend))
    return alt.layer(bars).properties(height=alt.Step(30))


def stage_colours() -> dict[str, str]:
    """A colour for each stage: darker as the system grows up, two others for what came after."""
    colours = palette()
    return dict(zip(systems.STAGES, (colours.sequence[0], colours.sequence[2], colours.accent, colours.series[3], colours.series[2]), strict=True))
