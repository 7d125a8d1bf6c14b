"""Charts of the pages on the 42 systems: the chosen one has a shape or bold type besides its colour."""

from __future__ import annotations

import textwrap
from functools import lru_cache

import altair as alt
import pandas as pd

from ics_core import words
from ics_core.systems import reshaping
from pages.components.charts.lines import SHAPES
from pages.components.charts.picture import Picture, instructions, said_above
from pages.components.charts.theme import Palette, palette

_MANY = 64  # instructions kept of each kind of chart
_PICKED = "◆"  # before the name of the chosen system
_IN_ORDER = alt.EncodingSortField("place", op="min")


def ranked(frame: pd.DataFrame, chosen: str, unit: str, england: float, england_words: str) -> Picture:
    """A bar a system from the highest down, ``chosen`` (a name) in colour and bold, England as a dashed line."""
    named = frame.assign(row=[f"{_PICKED} {name}" if name == chosen else name for name in frame["name"]])
    # The figure of the chosen one stands beside its bar, or inside a bar so long that a phone would cut it off.
    end = named["value"].clip(lower=0)
    named = named.assign(end=end, inside=end > 0.5 * end.max())
    rows = _placed(named.dropna(subset=["value"]), ["row", "name", "value", "says", "rank", "chosen", "end", "inside"])
    line = pd.DataFrame({"england": [england], "words": [england_words]}).dropna()
    return Picture(_ranked(palette(), unit), {"systems": rows, "england": line})


@lru_cache(_MANY)
def _ranked(colours: Palette, unit: str) -> str:
    own = f"datum.value[0] == '{_PICKED}'"  # the mark in the label, so that another choice needs no new instructions
    axis = alt.Axis(
        labelLimit=200,
        labelOverlap=False,
        ticks=False,
        domain=False,
        labelFontWeight=alt.condition(own, alt.value("bold"), alt.value("normal")),
        labelColor=alt.condition(own, alt.value(colours.ink), alt.value(colours.muted)),
    )
    x = alt.X("value:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=4))
    tooltip = [
        alt.Tooltip("name:N", title="System"),
        alt.Tooltip("says:N", title="Figure"),
        alt.Tooltip("rank:Q", title="Rank"),
    ]
    base = alt.Chart(alt.NamedData("systems")).encode(
        x=x, y=alt.Y("row:N", sort=_IN_ORDER, title=None, axis=axis), tooltip=tooltip
    )
    bars = base.mark_bar().encode(
        color=alt.condition("datum.chosen", alt.value(colours.accent), alt.value(colours.neutral)),
        opacity=alt.condition("datum.chosen", alt.value(1), alt.value(0.45)),
    )
    words = base.transform_filter("datum.chosen").encode(text="says:N", x="end:Q")
    beside = words.transform_filter("!datum.inside").mark_text(align="left", dx=4, fontWeight="bold", color=colours.ink)
    inside = words.transform_filter("datum.inside").mark_text(
        align="right", dx=-4, fontWeight="bold", color=colours.ground
    )
    line = alt.Chart(alt.NamedData("england")).mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=colours.ink)
    line = line.encode(x=alt.X("england:Q"), tooltip=[alt.Tooltip("words:N", title="England")])
    return instructions(bars, line, beside, inside, height=alt.Step(18))


def standing(frame: pd.DataFrame) -> Picture:
    """Where one to four systems rank on each measure: a row a measure, rank 1 at the right."""
    names = list(dict.fromkeys(frame["name"]))
    shown = frame.dropna(subset=["rank"])
    # Under the name of the measure stands the figure itself where there is one system only.
    below = shown["says"] if len(names) == 1 else shown["period"].map(words.when)
    lines = ["|".join([*textwrap.wrap(label, 36), words]) for label, words in zip(shown["label"], below, strict=True)]
    rows = _placed(
        shown.assign(row=lines, key=shown["name"].map(_wrapped)),
        ["row", "key", "name", "label", "says", "period", "rank", "of"],
    )
    made = _standing(palette(), len(names), int(frame["of"].max()))
    return Picture(made, {"ranks": rows}, scrolls=True)


@lru_cache(_MANY)
def _standing(colours: Palette, count: int, last: int) -> str:
    places = f"datum.value == 1 ? 'highest' : datum.value == {last} ? 'lowest' : 'middle'"
    axis = alt.Axis(values=[last, last // 2, 1], labelExpr=places, grid=True)
    tooltip = [
        alt.Tooltip(f"{column}:N", title=title)
        for column, title in (
            ("name", "System"),
            ("label", "Measure"),
            ("says", "Figure"),
            ("period", "Period"),
            ("rank", "Rank"),
            ("of", "Of"),
        )
    ]
    marks = alt.Chart(alt.NamedData("ranks")).mark_point(
        size=130, filled=True, opacity=1, **({"shape": "diamond", "color": colours.accent} if count == 1 else {})
    )
    marks = marks.encode(
        x=alt.X("rank:Q", scale=alt.Scale(domain=[last + 1, 0], nice=False), title="Rank among the systems", axis=axis),
        y=alt.Y("row:N", sort=_IN_ORDER, title=None, axis=_lines_of_words(grid=True, gridDash=[1, 3])),
        tooltip=tooltip,
    )
    if count > 1:
        # The names come with the data, in their order, so that other systems need no new instructions.
        marks = marks.encode(
            color=alt.Color(
                "key:N", sort=_IN_ORDER, scale=alt.Scale(range=colours.series[:count]), legend=_key(symbolSize=130)
            ),
            shape=alt.Shape(
                "key:N", sort=_IN_ORDER, scale=alt.Scale(range=SHAPES[:count]), legend=_key(symbolSize=130)
            ),
        )
    return instructions(marks, height=alt.Step(40))


def distances(near: pd.DataFrame) -> Picture:
    """A bar a near system; its name, its distance and what it differs most in stand above the bar."""
    words = near["name"] + ": " + near["distance"].map("{:.2f}".format) + ", " + near["differs_most_in"].str.lower()
    return Picture(
        _distances(palette()),
        {"near": _placed(near.assign(words=words), ["name", "distance", "words", "differs_most_in"])},
    )


@lru_cache(_MANY)
def _distances(colours: Palette) -> str:
    base = alt.Chart(alt.NamedData("near")).encode(
        y=alt.Y("name:N", sort=_IN_ORDER, axis=None),
        x=alt.X("distance:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=5)),
        tooltip=[
            alt.Tooltip("name:N", title="System"),
            alt.Tooltip("distance:Q", title="Distance", format=".2f"),
            alt.Tooltip("differs_most_in:N", title="Differs most in"),
        ],
    )
    bars = base.mark_bar(color=colours.accent, height=8)
    above = said_above("Distance; beside it, what differs most", colours)
    return instructions(bars, _above(base, "words", colours), height=alt.Step(44), title=above)


def _above(base: alt.Chart, words: str, colours: Palette) -> alt.Chart:
    """What a row is, above its marks: beside them it would take half of a phone from the plot."""
    words_above = base.mark_text(align="left", baseline="middle", dy=-12, color=colours.ink, fontSize=12)
    return words_above.encode(text=f"{words}:N", x=alt.value(2))


def strips(frame: pd.DataFrame, chosen: str) -> Picture:
    """A strip a measure: every system a tick, the nearest circles, the chosen one a diamond."""
    own = frame[frame["role"] == "chosen"].set_index("metric_id")["says"]
    lines = [
        f"{measure}: {own[metric_id]}{'' if weight == 1 else f' · weight {weight:g}'}"
        for measure, metric_id, weight in zip(frame["measure"], frame["metric_id"], frame["weight"], strict=True)
    ]
    order = (_wrapped(chosen), "Nearest systems", "Other systems")
    who = frame["role"].map(dict(zip(("chosen", "nearest", "other"), order, strict=True)))
    columns = ["row", "who", "role", "weight", "name", "measure", "says", "period", "score"]
    return Picture(_strips(palette(), order), {"marks": _placed(frame.assign(row=lines, who=who), columns)})


@lru_cache(_MANY)
def _strips(colours: Palette, order: tuple[str, ...]) -> str:
    base = alt.Chart(alt.NamedData("marks")).encode(
        x=alt.X("score:Q", title=None, axis=alt.Axis(grid=True, tickCount=6)),
        y=alt.Y("row:N", sort=_IN_ORDER, axis=None),
        color=alt.Color(
            "who:N",
            scale=alt.Scale(domain=order, range=[colours.accent, colours.series[3], colours.neutral]),
            legend=_key(symbolOpacity=1),
        ),
        shape=alt.Shape(
            "who:N", scale=alt.Scale(domain=order, range=["diamond", "circle", "stroke"]), legend=_key(symbolOpacity=1)
        ),
        opacity=alt.condition("datum.weight > 0", alt.value(1), alt.value(0.25)),
        tooltip=[
            alt.Tooltip(f"{column}:N", title=title)
            for column, title in (("name", "System"), ("measure", "Measure"), ("says", "Figure"), ("period", "Period"))
        ],
    )
    others = base.transform_filter("datum.role == 'other'").mark_point(
        size=120, angle=90, filled=False, strokeWidth=1.2
    )
    near = base.transform_filter("datum.role == 'nearest'").mark_point(size=90, filled=True)
    own = base.transform_filter("datum.role == 'chosen'").mark_point(size=190, filled=True)
    named = alt.Chart(alt.NamedData("marks")).transform_filter("datum.role == 'chosen'")
    named = _above(named.encode(y=alt.Y("row:N", sort=_IN_ORDER, axis=None)), "row", colours)
    title = said_above("Standard deviations from average", colours)
    return instructions(others, near, own, named, height=alt.Step(46), title=title)


def stages(frame: pd.DataFrame, moment: str, colour_of: dict[str, str]) -> Picture:
    """A bar a moment, its parts the stages of the areas; the moment shown on the map in bold."""
    order = {stage: place for place, stage in enumerate(colour_of)}
    rows = _placed(
        frame.assign(part=frame["stage"].map(order), key=frame["stage"].map(_wrapped)),
        ["moment", "stage", "key", "part", "areas"],
    )
    whole = int(frame.groupby("moment")["areas"].sum().max())
    return Picture(_stages(palette(), moment, tuple(colour_of.items()), whole), {"stages": rows})


@lru_cache(_MANY)
def _stages(colours: Palette, moment: str, colour_of: tuple[tuple[str, str], ...], whole: int) -> str:
    bold = alt.condition(f"datum.value == {moment!r}", alt.value("bold"), alt.value("normal"))
    scale = alt.Scale(domain=[_wrapped(stage) for stage, _ in colour_of], range=[colour for _, colour in colour_of])
    bars = (
        alt.Chart(alt.NamedData("stages"))
        .mark_bar(stroke=colours.neutral, strokeWidth=0.6)
        .encode(
            y=alt.Y(
                "moment:N",
                sort=_IN_ORDER,
                title=None,
                axis=alt.Axis(labelFontWeight=bold, ticks=False, domain=False, labelLimit=160),
            ),
            x=alt.X(
                "areas:Q",
                stack="zero",
                title="Areas of July 2022",
                scale=alt.Scale(domain=[0, whole]),
                axis=alt.Axis(values=[0, 10, 20, 30, whole]),
            ),
            order=alt.Order("part:Q"),
            color=alt.Color("key:N", scale=scale, legend=_key()),
            tooltip=[
                alt.Tooltip("moment:N", title="After"),
                alt.Tooltip("stage:N", title="Stage"),
                alt.Tooltip("areas:Q", title="Areas"),
            ],
        )
    )
    return instructions(bars, height=alt.Step(30))


def stage_colours() -> dict[str, str]:
    """A colour for each stage: darker as the system grows up, two others for what came after."""
    colours = palette()
    return dict(
        zip(
            reshaping.STAGES,
            (colours.sequence[0], colours.sequence[2], colours.accent, colours.series[3], colours.series[2]),
            strict=True,
        )
    )


def _placed(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The columns a chart needs, and the order of the rows, which the chart is to keep."""
    return frame[columns].assign(place=range(len(frame)))


def _wrapped(name: str) -> str:
    """A long name in lines that fit a phone; the key splits it at the bars."""
    return "|".join(textwrap.wrap(name, 22))


def _lines_of_words(**more: object) -> alt.Axis:
    return alt.Axis(
        labelExpr="split(datum.label, '|')",
        labelFontSize=12,
        labelLimit=250,
        ticks=False,
        domain=False,
        labelOverlap=False,
        **more,
    )


def _key(**more: object) -> alt.Legend:
    columns = alt.ExprRef("enlarged > 1 ? 2 : narrow ? 1 : 3")  # in a room names are long and lines dear
    lines = "enlarged > 1 ? replace(datum.label, /[|]/g, ' ') : split(datum.label, '|')"
    words = {"labelLimit": alt.ExprRef("enlarged > 1 ? 0 : 240"), "labelExpr": lines}
    return alt.Legend(orient="top", title=None, columns=columns, **words, **more)
