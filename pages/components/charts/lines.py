"""Lines, bars and structures from tidy frames: plain ground, few lines, direct labels, colour never alone.

Published is solid, projected is dashed and says so. Charts that follow a lever prepare their data and ask a cached
function for the instructions, which depend on nothing that changes while it moves (see ``picture``).
"""

from __future__ import annotations

import json
import math
import textwrap
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ics_core.words import capital
from pages.components.charts.picture import Picture, at_once, instructions, said_above
from pages.components.charts.theme import Palette, for_words, palette

HEIGHT = 340
DASHED, DOTTED, SOLID = [6, 4], [2, 3], [1, 0]
BAND = 0.2  # how dense a band is
ROWS = alt.ExprRef("clamp(floor(height / (42 * enlarged)), 2, 7)")  # how many labels an upright axis has room for
_LINE = 15  # pixels, a line of a label
# A label's middle lies at its height, and clear above the line where it stands on it.
LIFTED = alt.ExprRef(f"((1.2 - datum.lines) * {_LINE / 2} - (label_column > 0 ? 0 : {1.1 * _LINE})) * enlarged")
MANY = 64  # instructions kept of each kind of chart


@dataclass(frozen=True)
class Line:
    """How a kind of line is drawn, and what a reader is told of it."""

    said: str
    dash: list[int]


KINDS_OF_LINE = {
    "published": Line("published", SOLID),
    "projected": Line("projected", DASHED),
    "official": Line("official projection, as published", DOTTED),
    "kept": Line("scenario A", [10, 3]),
    "unmoved": Line("projected, no lever moved", DOTTED),
}
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]


def line(
    frame: pd.DataFrame,
    x: str,
    y: str,
    series: str | None = None,
    *,
    unit: str,
    projected: str | None = None,
    band: tuple[str, str] | None = None,
    zero: bool = False,
    x_title: str | None = None,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Lines over time, one for each value of ``series`` (six at most), told apart by colour and shape.

    ``projected`` names a boolean column: those stretches are dashed. ``band`` names the columns
    of the lower and upper edge of a range. The axis starts at zero only if ``zero``; a line may
    start elsewhere, and the line above it then says so. ``x_title`` is what lies across, where it is not time.
    """
    colours = palette()
    names = list(dict.fromkeys(frame[series])) if series else []
    base = alt.Chart(frame).encode(x=_time(frame, x))
    value = alt.Y(f"{y}:Q", title=None, scale=alt.Scale(zero=zero, nice=True), axis=alt.Axis(format=",~f", tickCount=6))
    colour = (
        alt.Color(
            f"{series}:N",
            scale=alt.Scale(domain=names, range=list(colours.series[: len(names)])),
            legend=_legend(names),
        )
        if series
        else alt.value(colours.accent)
    )
    tooltip = [
        alt.Tooltip(x, title=x_title.capitalize() if x_title else _label(x)),
        *([alt.Tooltip(series, title=_label(series))] if series else []),
        alt.Tooltip(y, title=unit, format=",.4~g" if frame[y].abs().max() < 1000 else ",.0f"),
    ]
    layers = []
    if band:
        layers.append(
            base.mark_area(opacity=0.18).encode(
                y=alt.Y(f"{band[0]}:Q", title=None, scale=alt.Scale(zero=zero)), y2=f"{band[1]}:Q", color=colour
            )
        )
    detail = [alt.Detail(projected)] if projected else []
    stroke = (
        alt.condition(f"datum['{projected}']", alt.value([5, 4]), alt.value([1, 0])) if projected else alt.value([1, 0])
    )
    layers.append(
        base.mark_line(strokeWidth=2.5).encode(y=value, color=colour, strokeDash=stroke, detail=detail, tooltip=tooltip)
    )
    layers.append(base.mark_point(size=90, filled=True, opacity=0).encode(y=value, tooltip=tooltip))
    if len(names) > 1:
        # A shape beside the colour, so that lines can be told apart without it.
        shape = alt.Shape(
            f"{series}:N", scale=alt.Scale(domain=names, range=SHAPES[: len(names)]), legend=_legend(names)
        )
        shown = alt.Chart(_some_of_each(frame, x, series)).encode(x=_time(frame, x))
        layers.append(
            shown.mark_point(size=60, filled=True, opacity=1).encode(
                y=value, color=colour, shape=shape, tooltip=tooltip
            )
        )
    above = unit + (f", by {x_title}" if x_title else "") + ("" if zero else "; the axis does not start at zero")
    return alt.layer(*layers).properties(
        height=height + _legend_height(names), title=said_above(capital(above), colours)
    )


def _some_of_each(frame: pd.DataFrame, x: str, series: str) -> pd.DataFrame:
    """About eight points of each line, the last among them, to carry its shape."""
    ordered = frame.sort_values(x)
    back = ordered.groupby(series, sort=False).cumcount(ascending=False)
    step = max(1, ordered.groupby(series).size().max() // 8)
    return ordered[back % step == 0]


def _legend(names: list[str]) -> alt.Legend:
    columns = alt.ExprRef(f"width < 520 ? {_legend_columns(names)} : 4")
    return alt.Legend(orient="top", title=None, columns=columns, offset=8, labelLimit=300, symbolOpacity=1)


def _legend_columns(names: list[str]) -> int:
    # Long names stand below each other, or a phone would cut them off.
    return 2 if max(map(len, names)) <= 16 else 1


def _legend_height(names: list[str]) -> int:
    return 26 * -(-len(names) // _legend_columns(names)) if len(names) > 1 else 0


def bars(
    frame: pd.DataFrame,
    category: str,
    value: str,
    *,
    unit: str,
    mark: object = None,
    sort: str | list | None = "-x",
    format: str = ",~r",
    height: int | None = None,
) -> alt.LayerChart:
    """Horizontal bars from zero with their value written at the end.

    ``mark`` is a category to pick out: it is drawn in the accent colour and its label is bold.
    """
    colours = palette()
    y = alt.Y(
        f"{category}:N",
        sort=sort,
        title=None,
        axis=alt.Axis(labelLimit=260, labelOverlap=False, ticks=False, domain=False),
    )
    picked = alt.datum[category] == mark
    base = alt.Chart(frame).encode(
        y=y, x=alt.X(f"{value}:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=format, tickCount=5))
    )
    colour = (
        alt.condition(picked, alt.value(colours.accent), alt.value(colours.neutral))
        if mark is not None
        else alt.value(colours.accent)
    )
    tooltip = [alt.Tooltip(category, title=_label(category)), alt.Tooltip(value, title=unit, format=format)]
    bar = base.mark_bar().encode(color=colour, tooltip=tooltip)
    label = base.mark_text(align="left", dx=4, fontSize=12, color=colours.ink).encode(
        text=alt.Text(f"{value}:Q", format=format)
    )
    return alt.layer(bar, label).properties(height=height or max(120, 28 * frame[category].nunique()))


def flow(boxes: pd.DataFrame, links: pd.DataFrame, *, height: int = 300) -> alt.LayerChart:
    """Boxes on a grid (name, column, row) and arrows between them (from, to): the picture of a structure."""
    colours = palette()
    places = boxes.set_index("name")[["column", "row"]]
    ends = links.join(places, on="from").join(places.add_suffix("_to"), on="to")
    # Arrows stop at the edge of a box: half its width or height from its middle.
    across, down = ends["column_to"] - ends["column"], ends["row_to"] - ends["row"]
    ends = ends.assign(
        x=ends["column"] + 0.4 * across.clip(-1, 1),
        x2=ends["column_to"] - 0.42 * across.clip(-1, 1),
        y=ends["row"] + 0.28 * down.where(across == 0, 0),
        y2=ends["row_to"] - 0.32 * down.where(across == 0, 0),
    )
    words = boxes.assign(lines=boxes["name"].map(lambda name: "\n".join(textwrap.wrap(name, 15))))
    frame = boxes.assign(
        left=boxes["column"] - 0.4, right=boxes["column"] + 0.4, top=boxes["row"] - 0.28, bottom=boxes["row"] + 0.28
    )
    heads = ends.assign(turn=[_turn(a, d) for a, d in zip(across, ends["y2"] - ends["y"], strict=True)])

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[-0.5, boxes["column"].max() + 0.5]))

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", axis=None, scale=alt.Scale(domain=[-0.5, boxes["row"].max() + 0.5], reverse=True))

    return alt.layer(
        alt.Chart(ends).mark_rule(color=colours.muted, strokeWidth=1.5).encode(x=x("x"), y=y("y"), x2="x2", y2="y2"),
        alt.Chart(heads)
        .mark_point(shape="triangle", filled=True, size=90, opacity=1, color=colours.muted)
        .encode(x=x("x2"), y=y("y2"), angle=alt.Angle("turn:Q", scale=None)),
        alt.Chart(frame)
        .mark_rect(fill=colours.panel, stroke=colours.accent, cornerRadius=4)
        .encode(x=x("left"), x2="right", y=y("top"), y2="bottom"),
        alt.Chart(words)
        .mark_text(color=colours.ink, fontSize=11, lineHeight=14, lineBreak="\n", dy=-14)
        .encode(x=x("column"), y=y("row"), text="lines:N"),
    ).properties(height=height)


def _turn(across: float, down: float) -> float:
    return 0 if across == 0 and down < 0 else 180 if across == 0 else 90 if across > 0 else 270


def sparkline(values: list[float], *, height: int = 48) -> alt.LayerChart:
    """A small line without axes through values in time order, the last one marked."""
    colours = palette()
    frame = pd.DataFrame({"n": range(len(values)), "value": values})
    base = alt.Chart(frame).encode(
        x=alt.X("n:Q", axis=None), y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False))
    )
    last = (
        alt.Chart(frame.tail(1))
        .mark_point(filled=True, size=50, opacity=1, color=colours.accent)
        .encode(x=alt.X("n:Q", axis=None), y=alt.Y("value:Q", axis=None))
    )
    return (
        alt.layer(base.mark_line(strokeWidth=1.8, color=colours.accent), last)
        .properties(height=height)
        .configure_view(strokeWidth=0)
    )


def _time(frame: pd.DataFrame, x: str) -> alt.X:
    if pd.api.types.is_numeric_dtype(frame[x]):
        return alt.X(
            f"{x}:Q",
            title=None,
            scale=alt.Scale(zero=False, nice=False),
            axis=alt.Axis(format="d", tickCount=8, grid=False),
        )
    return alt.X(f"{x}:T", title=None, axis=alt.Axis(grid=False, tickCount=8))


def _label(column: str) -> str:
    return column.replace("_", " ").capitalize()


# ------------------------------------------------------------------------------------------ projected


def projected_line(
    frame: pd.DataFrame,
    *,
    unit: str,
    zero: bool = False,
    format: str = ",.0f",
    height: int = 360,
    moved_by: str = "",
    domain: tuple[float, float] | None = None,
    level: float | None = None,
) -> Picture:
    """Lines over time, what was published solid and what is projected dashed with its band.

    ``frame``: year, series, kind, value; where there is a band, low and high; where a series has
    stretches that should not be joined, stretch. ``kind`` is one of ``KINDS_OF_LINE``. One series has one colour
    throughout. ``moved_by`` names the figure whose instant answers move what is projected. ``domain`` holds the
    axis still: it leaves it only where a value lies outside, by whole steps. ``level`` draws a rule across, where
    resources meet costs say.
    """
    series, kinds = frame["series"].tolist(), frame["kind"].tolist()
    line = [f"{kind} {part}" for kind, part in zip(kinds, frame["stretch"].tolist())] if "stretch" in frame else kinds
    points = Counter(zip(series, line))
    rows = frame.reindex(columns=["year", "series", "kind", "value", "low", "high"])
    rows["line"] = line
    rows["key"] = _keys(series, rows["year"].tolist(), kinds)
    rows["dot"] = [kind == "published" and points[one] < 6 for kind, one in zip(kinds, zip(series, line))]
    numbers = rows[["value", "low", "high"]].to_numpy(float)
    values = (0.0 if zero else float(np.nanmin(numbers)), float(np.nanmax(numbers)))
    turn = sorted(year for year, kind in zip(rows["year"].tolist(), kinds) if kind == "projected")
    made = _projected_line(
        palette(),
        tuple(dict.fromkeys(zip(series, kinds))),
        unit,
        zero,
        format,
        height,
        axis(*values, domain),
        (int(rows["year"].min()), int(rows["year"].max())),
        not np.isnan(numbers[:, 1]).all(),
        moved_by,
        level is not None,
    )
    data = {"lines": rows, "ends": _ends(rows), "turn": pd.DataFrame({"year": turn[:1]})}
    return Picture(made, data | ({} if level is None else {"level": pd.DataFrame({"value": [level]})}))


@lru_cache(MANY)
def _projected_line(
    colours: Palette,
    series: tuple[tuple[str, str], ...],
    unit: str,
    zero: bool,
    format: str,
    height: int,
    domain: tuple[float, float],
    years: tuple[int, int],
    banded: bool,
    moved_by: str,
    level: bool,
) -> str:
    tones = _tones(colours, series)
    colour = alt.Color("series:N", scale=alt.Scale(domain=list(tones), range=list(tones.values())), legend=None)
    scale = alt.Scale(domain=list(domain), nice=False, zero=zero)
    # The labels' column is part of the plot, so that no label ever moves the plot.
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=list(years), nice=False, range=[0, alt.ExprRef("width - label_column")]),
        axis=alt.Axis(format="d", tickCount=alt.ExprRef("max(2, floor(width / 90))"), grid=False),
    )

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", title=None, scale=scale, axis=alt.Axis(format=format, tickCount=ROWS))

    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=list(KINDS_OF_LINE), range=[one.dash for one in KINDS_OF_LINE.values()]),
        legend=None,
    )
    tooltip = [
        alt.Tooltip("year:Q", format="d", title="Year"),
        alt.Tooltip("series:N", title="What"),
        alt.Tooltip("status:N", title="Status"),
        alt.Tooltip("now:Q", format=format, title=unit),
    ]
    said = json.dumps({kind: one.said for kind, one in KINDS_OF_LINE.items()})
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .transform_calculate(now=_now(moved_by, "value"), status=f"{said}[datum.kind]")
        .encode(x=x, y=y("now"))
    )
    layers = [
        lines.mark_line(strokeWidth=2.5).encode(color=colour, strokeDash=dash, detail="line:N"),
        lines.transform_filter("datum.dot").mark_point(size=36, filled=True, opacity=1).encode(color=colour),
        lines.mark_point(size=110, filled=True, opacity=0).encode(tooltip=tooltip),
    ]
    layers.insert(0, alt.Chart(alt.NamedData("turn")).mark_rule(color=colours.rule, strokeDash=DOTTED).encode(x=x))
    if level:
        layers.insert(0, alt.Chart(alt.NamedData("level")).mark_rule(color=colours.muted).encode(y=y("value")))
    if banded:
        band = (
            alt.Chart(alt.NamedData("lines"))
            .transform_filter("isValid(datum.low)")
            .transform_calculate(low_now=_now(moved_by, "low"), high_now=_now(moved_by, "high"))
            .mark_area(opacity=BAND)
            .encode(
                x=x,
                y=y("low_now"),
                y2="high_now:Q",
                color=colour,
                detail="line:N",
            )
        )
        layers.insert(0, band)
    layers += _labels(x, y("at"), {name: for_words(tone, colours) for name, tone in tones.items()}, moved_by, domain)
    start = "" if zero or domain[0] <= 0 <= domain[1] else "; the axis does not start at zero"
    return instructions(
        *layers,
        moved_by=moved_by,
        height=height,
        title=said_above(f"{unit}{start}", colours),
        padding={"right": 6, "left": 5, "top": 5, "bottom": 5},
    )


def _tones(colours: Palette, series: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """A colour for each series: ours first, the official and the unmoved in grey, A in a tone of its own."""
    own = list(dict.fromkeys(name for name, kind in series if kind in ("published", "projected")))
    projected = {name for name, kind in series if kind == "projected"}
    tones = dict(
        zip(own, colours.series if projected >= set(own) else [colours.ink, *colours.series])
    )  # estimates of their own: in ink
    return tones | {
        name: colours.series[2] if kind == "kept" else colours.muted for name, kind in series if name not in tones
    }


def _labels(x: alt.X, y: alt.Y, tones: dict[str, str], moved_by: str, domain: tuple[float, float]) -> list[alt.Chart]:
    """One label for each line: beside its end, or above it where the picture is narrow; moved apart where close.

    The browser places them, as it alone knows how high the picture is: each label takes its lines of text, and
    none may lie lower than the one below it allows.
    """
    low, high = domain
    by_value: list[alt.SortField | dict[str, str]] = [alt.SortField("now")]
    ends = (
        alt.Chart(alt.NamedData("ends"))
        .transform_calculate(now=_now(moved_by, "value"), line=f"{_LINE} * enlarged * {high - low} / height")
        .transform_window(below="sum(lines)", sort=by_value, frame=[None, 0], groupby=["past"])
        .transform_calculate(offset="(datum.below - datum.lines / 2) * datum.line")
        .transform_calculate(free="datum.now - datum.offset")
        .transform_window(least="max(free)", sort=by_value, frame=[None, 0], groupby=["past"])
        .transform_calculate(pushed="datum.least + datum.offset")
        .transform_calculate(by="datum.pushed - datum.now")
        .transform_joinaggregate(shift="mean(by)", top="max(pushed)", groupby=["past"])
        .transform_calculate(
            at=f"datum.past ? datum.now + datum.side * 1.1 * datum.line : "
            f"datum.pushed - max(datum.shift, datum.top + datum.line - {high})"
        )
        .transform_filter(f"datum.at >= {low} || !datum.past")
        .transform_calculate(tone=f"{json.dumps(tones)}[datum.series]")
    )
    halo: dict[str, Any] = {
        "stroke": palette().ground,
        "strokeWidth": 3,
        "strokeJoin": "round",
    }  # over lines it crosses
    made = []
    for past, align, across in (
        ("!datum.past", "label_column > 0 ? 'left' : 'right'", "label_column > 0 ? 7 : -4"),
        ("datum.past", "'left'", "2"),
    ):
        words: dict[str, Any] = {
            "align": alt.ExprRef(align),
            "dx": alt.ExprRef(across),
            "dy": LIFTED,
            "baseline": "middle",
            "fontSize": 12,
            "fontWeight": 600,
            "lineBreak": "\n",
            "lineHeight": _LINE,
        }
        base = ends.transform_filter(past)
        for behind in (halo, {}):
            made.append(
                base.mark_text(**words, **behind).encode(
                    x=x, y=y, text="label:N", color=alt.Color("tone:N", scale=None)
                )
            )
    return made


def s_curve(frame: pd.DataFrame, *, unit: str, height: int = 300, format: str = ",.0f", unmoved: str = "") -> Picture:
    """In what share of the draws a value stays at or below each number.

    ``frame``: value, share (0 to 1), and scenario: ours, then A and, under the name ``unmoved``, no lever moved.
    """
    names = tuple(dict.fromkeys(frame["scenario"]))
    domain = axis(float(frame["value"].min()), float(frame["value"].max()))
    return Picture(_s_curve(palette(), names, unmoved, unit, height, format, domain), {"curve": frame})


@lru_cache(MANY)
def _s_curve(
    colours: Palette,
    names: tuple[str, ...],
    unmoved: str,
    unit: str,
    height: int,
    format: str,
    domain: tuple[float, float],
) -> str:
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=list(domain), zero=False, nice=False),
        axis=alt.Axis(format=format, tickCount=6),
    )
    y = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, 0.1, 0.5, 0.9, 1]),
    )
    looks = dict.fromkeys(names[1:], (colours.series[2], DASHED)) | {names[0]: (colours.series[0], SOLID)}
    looks |= {unmoved: (colours.muted, DOTTED)} if unmoved in names else {}
    tones, dashes = [looks[name][0] for name in names], [looks[name][1] for name in names]
    colour = alt.Color(
        "scenario:N",
        scale=alt.Scale(domain=list(names), range=tones),
        legend=None if len(names) == 1 else alt.Legend(title=None, orient="top"),
    )
    dash = alt.StrokeDash("scenario:N", scale=alt.Scale(domain=list(names), range=dashes), legend=None)
    tooltip = [
        alt.Tooltip("value:Q", format=format, title=unit),
        alt.Tooltip("share:Q", format=".0%", title="Draws at or below"),
    ]
    curve = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(strokeWidth=2.5)
        .encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tooltip)
    )
    above = said_above(f"Share of draws at or below each number. {unit}; the axis does not start at zero", colours)
    return instructions(curve, height=height, title=above)


def _keys(series: list[str], years: list[int], kinds: list[str]) -> list[str]:
    """A name for each row that levers move, by which an instant answer gives its numbers; "" for the others.

    By the place of its series, whose name may change as a lever moves.
    """
    projected = dict.fromkeys(name for name, kind in zip(series, kinds) if kind == "projected")
    place = {name: n for n, name in enumerate(projected)}
    return [
        f"{place[name]}-{year:.0f}" if kind == "projected" else "" for name, year, kind in zip(series, years, kinds)
    ]


def _now(moved_by: str, column: str) -> str:
    return at_once(column, f"datum.{column}") if moved_by else f"datum.{column}"


def axis(low: float, high: float, domain: tuple[float, float] | None = None) -> tuple[float, float]:
    """Ends of an axis that hold the values from ``low`` to ``high``.

    With a ``domain`` they are those of the domain, whatever the values, until a value lies outside: then the end
    that is passed moves on by whole steps of a fifth of it.
    """
    bottom, top = domain or (low, high)
    bottom, top = min(bottom, 0.0) if low == 0 else bottom, top
    fifth = max(top - bottom, 1e-9) / 5
    power = 10 ** math.floor(math.log10(fifth))
    step = power * next(n for n in (1, 2, 5, 10) if power * n >= fifth)
    margin = (top - bottom) * 0.05
    first = 0.0 if low == 0 else math.floor((bottom - margin) / step) * step
    last = math.ceil((top + margin) / step) * step
    if low < first:
        first = math.floor(low / step) * step
    if high > last:
        last = math.ceil(high / step) * step
    return first, last


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """What each line is called, and where it ends; what was published and is not carried on is named at its start.

    ``lines`` counts the lines of text, ``side`` is the free side of a line named at its start. Plain lists, as this
    runs at each step of a lever.
    """
    columns = [rows[column].tolist() for column in ("year", "series", "kind", "value")]
    moves = {series: key for series, key in zip(columns[1], rows["key"].tolist()) if key}  # its last year is last
    carried = {series for series, kind in zip(columns[1], columns[2]) if kind == "projected"}
    first: dict[tuple[str, str], tuple[int, float]] = {}
    last: dict[tuple[str, str], tuple[int, float]] = {}
    for year, series, kind, value in zip(*columns):
        if value == value:
            one = (series, kind)
            first[one] = min(first.get(one, (year, value)), (year, value))
            last[one] = max(last.get(one, (year, value)), (year, value))
    edge = max(columns[0])
    turn = min((value for (_, kind), value in first.items() if kind == "projected"), default=(0, math.inf))[1]
    found: list[tuple[Any, ...]] = [  # below a line that rises, above one that falls
        (year, series, True, value, 1 if value > turn else -1, series, 1, "")
        for (series, kind), (year, value) in first.items()
        if kind == "published" and series not in carried
    ]
    for (series, kind), (_, value) in last.items():
        if kind != "published":
            text = _wrapped(series) + ("\nprojected" if kind == "projected" else "")
            key = moves[series] if kind == "projected" else ""
            found.append((edge, series, False, value, 0, text, text.count("\n") + 1.2, key))
    names = ["year", "series", "past", "value", "side", "label", "lines", "key"]
    return pd.DataFrame(found, columns=names)


@lru_cache(MANY)
def _wrapped(name: str) -> str:
    return "\n".join(textwrap.wrap(name, 17, max_lines=3, placeholder="…"))
