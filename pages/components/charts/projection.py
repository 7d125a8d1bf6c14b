"""Charts of what is projected: lines with a band, pyramid, waterfall, S-curve, differences.

Published is solid, projected is dashed and says so. Colours come from the theme; every series also
has its name beside it. Each chart prepares its data and asks a cached function for the instructions,
which depend on nothing that changes while a lever moves (see ``picture``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from pages.components.charts.picture import Picture, at_once, instructions
from pages.components.charts.theme import Palette, palette

HEIGHT = 360
DASHED, DOTTED, SOLID = [6, 4], [2, 3], [1, 0]
_LINE = 15  # pixels, a line of a label
_MANY = 64  # instructions kept of each kind of chart


# ---------------------------------------------------------------------------------------- over time


def projected_line(
    frame: pd.DataFrame,
    *,
    unit: str,
    zero: bool = False,
    format: str = ",.0f",
    height: int = HEIGHT,
    moved_by: str = "",
) -> Picture:
    """Lines over time, what was published solid and what is projected dashed with its band.

    ``frame``: year, series, kind, value; where there is a band, low and high; where a series has
    stretches that should not be joined, stretch. ``kind`` is "published", "projected", "official" (the
    official projection beside ours) or "kept" (scenario A). One series has one colour throughout.
    ``moved_by`` names the figure whose instant answers (``moving``) move what is projected.
    """
    series, kinds = frame["series"].tolist(), frame["kind"].tolist()
    line = [f"{kind} {part}" for kind, part in zip(kinds, frame["stretch"].tolist())] if "stretch" in frame else kinds
    points = Counter(zip(series, line))
    rows = frame.reindex(columns=["year", "series", "kind", "value", "low", "high"])
    rows["line"] = line
    rows["key"] = _keys(series, rows["year"].tolist(), kinds)
    rows["dot"] = [kind == "published" and points[one] < 6 for kind, one in zip(kinds, zip(series, line))]
    numbers = rows[["value", "low", "high"]].to_numpy(float)
    low, high = _axis(0.0 if zero else float(np.nanmin(numbers)), float(np.nanmax(numbers)))
    years = int(rows["year"].min()), int(rows["year"].max())
    ends = _ends(rows, years[1], (high - low) * _LINE / height)
    turn = min((year for year, kind in zip(rows["year"].tolist(), kinds) if kind == "projected"), default=years[0])
    made = _projected_line(
        palette(),
        tuple(dict.fromkeys(zip(series, kinds))),
        unit,
        zero,
        format,
        height,
        (low, high),
        years,
        turn,
        not np.isnan(numbers[:, 1]).all(),
        moved_by,
    )
    return Picture(made, {"lines": rows, "ends": ends})


@lru_cache(_MANY)
def _projected_line(
    colours: Palette,
    series: tuple[tuple[str, str], ...],
    unit: str,
    zero: bool,
    format: str,
    height: int,
    domain: tuple[float, float],
    years: tuple[int, int],
    turn: int,
    banded: bool,
    moved_by: str,
) -> str:
    own = list(dict.fromkeys(name for name, kind in series if kind in ("published", "projected")))
    projected = {name for name, kind in series if kind == "projected"}
    tones = dict(
        zip(own, colours.series if projected >= set(own) else [colours.ink, *colours.series])
    )  # estimates of their own: in ink
    tones |= {
        name: colours.muted if kind == "official" else colours.series[2] for name, kind in series if name not in tones
    }
    colour = alt.Color("series:N", scale=alt.Scale(domain=list(tones), range=list(tones.values())), legend=None)
    scale = alt.Scale(domain=list(domain), nice=False, zero=zero)
    title = unit if zero or domain[0] <= 0 <= domain[1] else f"{unit} (axis does not start at zero)"
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=list(years), nice=False),
        axis=alt.Axis(format="d", tickCount=8, grid=False),
    )
    y = alt.Y("now:Q", title=title, scale=scale, axis=alt.Axis(format=format, tickCount=6))
    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=["published", "projected", "official", "kept"], range=[SOLID, DASHED, DOTTED, [10, 3]]),
        legend=None,
    )
    tooltip = [
        alt.Tooltip("year:Q", format="d", title="Year"),
        alt.Tooltip("series:N", title="What"),
        alt.Tooltip("kind:N", title="Status"),
        alt.Tooltip("now:Q", format=format, title=unit),
    ]
    lines = alt.Chart(alt.NamedData("lines")).transform_calculate(now=_now(moved_by, "value")).encode(x=x, y=y)
    layers = [
        alt.Chart(alt.NamedData("lines"))
        .transform_filter(f"datum.year == {turn} && datum.kind == 'projected'")
        .mark_rule(color=colours.rule, strokeDash=DOTTED)
        .encode(x=x),
        lines.mark_line(strokeWidth=2.5).encode(color=colour, strokeDash=dash, detail="line:N"),
        lines.transform_filter("datum.dot").mark_point(size=36, filled=True, opacity=1).encode(color=colour),
        lines.mark_point(size=110, filled=True, opacity=0).encode(tooltip=tooltip),
    ]
    ends = alt.Chart(alt.NamedData("ends")).transform_calculate(now=_now(moved_by, "value", "at"))
    for past, across in (("!datum.past", 7), ("datum.past", 2)):
        words = ends.transform_filter(past).mark_text(
            align="left", dx=across, baseline="middle", fontSize=12, fontWeight=600, lineBreak="\n", lineHeight=_LINE
        )
        layers.append(words.encode(x=x, y=alt.Y("now:Q", title=title, scale=scale), text="label:N", color=colour))
    if banded:
        band = (
            alt.Chart(alt.NamedData("lines"))
            .transform_filter("isValid(datum.low)")
            .transform_calculate(low_now=_now(moved_by, "low"), high_now=_now(moved_by, "high"))
            .mark_area(opacity=0.2)
        )
        layers.insert(
            0,
            band.encode(
                x=x, y=alt.Y("low_now:Q", title=title, scale=scale), y2="high_now:Q", color=colour, detail="line:N"
            ),
        )
    return instructions(
        alt.layer(*layers).properties(height=height, padding={"right": 12, "left": 5, "top": 8, "bottom": 5}), moved_by
    )


def _keys(series: list[str], years: list[int], kinds: list[str]) -> list[str]:
    """A name for each row that levers move, by which an instant answer gives its numbers; "" for the others."""
    return [
        f"{_slug(name)}-{year:.0f}" if kind == "projected" else "" for name, year, kind in zip(series, years, kinds)
    ]


@lru_cache(_MANY)
def _slug(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def _now(moved_by: str, column: str, otherwise: str = "") -> str:
    return at_once(column, f"datum.{otherwise or column}") if moved_by else f"datum.{otherwise or column}"


def _axis(low: float, high: float) -> tuple[float, float]:
    """Ends of an axis that hold the values and stay put while they move a little."""
    fifth = max(high - low, 1e-9) / 5
    power = 10 ** math.floor(math.log10(fifth))
    step = power * next(n for n in (1, 2, 5, 10) if power * n >= fifth)
    margin = (high - low) * 0.05
    return (math.floor((low - margin) / step) * step if low else 0.0, math.ceil((high + margin) / step) * step)


def _ends(rows: pd.DataFrame, edge: int, line: float) -> pd.DataFrame:
    """One label for each line: at the right edge, moved apart where lines end close together.

    What was published and is not carried on is named where it begins. ``line`` is the height of a
    line of text in units of the axis. Plain lists, as this runs at each step of a lever.
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
    turn = min((value for (_, kind), value in first.items() if kind == "projected"), default=(0, math.inf))[1]
    labels = [  # on the side of the line that is free: below one that rises, above one that falls
        (year, series, kind, True, value + line * (1.1 if value > turn else -1.1), series, "")
        for (series, kind), (year, value) in first.items()
        if kind == "published" and series not in carried
    ]
    ends = sorted((value, series, kind) for (series, kind), (_, value) in last.items() if kind != "published")
    words = [
        series.replace(", as published", "\nas published") + ("\nprojected" if kind == "projected" else "")
        for _, series, kind in ends
    ]
    half = [(text.count("\n") + 1) * line / 2 + line * 0.1 for text in words]
    at: list[float] = []
    for place, (value, _, _) in enumerate(ends):
        at.append(max(value, at[-1] + half[place - 1] + half[place]) if at else value)
    shift = (sum(at) - sum(value for value, _, _ in ends)) / max(len(at), 1)
    labels += [
        (edge, series, kind, False, where - shift, text, moves[series] if kind == "projected" else "")
        for (_, series, kind), where, text in zip(ends, at, words)
    ]
    return pd.DataFrame(labels, columns=["year", "series", "kind", "past", "at", "label", "key"])


# ------------------------------------------------------------------------------------------ pyramid


def pyramid(
    frame: pd.DataFrame, *, now: int, then: int, most: float, open_years: int = 10, kept: str = "", height: int = 500
) -> Picture:
    """Men to the left and women to the right by single year of age: ``now`` grey behind, ``then`` in front.

    ``frame``: year, sex ("female", "male"), age, population and, with ``kept``, a column ``scenario``
    in which scenario A has that name. ``most`` is the longest bar of any year, so that the axis stays
    put while the year moves. Areas stand for people: 90 and over is spread over ``open_years`` of age.
    """
    last = frame["age"] == frame["age"].max()
    length = frame["population"] / last.map({True: open_years, False: 1})
    rows = frame.assign(
        across=length.where(frame["sex"] == "female", -length),
        upper=frame["age"] + last.map({True: open_years, False: 0.94}),
        zero=0.0,
        sex=frame["sex"].map({"female": "Women", "male": "Men"}),
    )[["year", "sex", "age", "upper", "zero", "across", "population", "scenario"]]
    ours = rows[rows["scenario"] != kept]
    _, edge = _axis(0.0, most)
    top = int(rows["upper"].max())
    data = {
        "now": ours[ours["year"] == now],
        "then": ours[ours["year"] == then],
        "kept": rows[(rows["scenario"] == kept) & (rows["year"] == then)],
    }
    return Picture(_pyramid(palette(), edge, top, height), data)


@lru_cache(_MANY)
def _pyramid(colours: Palette, edge: float, top: int, height: int) -> str:
    x = alt.X(
        "across:Q",
        title="Residents of each single year of age",
        scale=alt.Scale(domain=[-edge, edge], nice=False),
        axis=alt.Axis(tickCount=6, labelExpr="format(abs(datum.value), ',')"),
    )
    y = alt.Y(
        "age:Q",
        title="Age",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(values=list(range(0, 91, 10)), labelExpr="datum.value == 90 ? '90+' : datum.value", grid=False),
    )
    tone = alt.Color(
        "sex:N", scale=alt.Scale(domain=["Men", "Women"], range=[colours.series[1], colours.series[0]]), legend=None
    )
    tooltip = [
        alt.Tooltip("sex:N", title="Sex"),
        alt.Tooltip("age:Q", title="Age"),
        alt.Tooltip("year:Q", format="d", title="Year"),
        alt.Tooltip("population:Q", format=",.0f", title="Residents"),
    ]
    span = {"x": x, "x2": "zero:Q", "y": y, "y2": "upper:Q", "tooltip": tooltip}

    def outline(name: str, colour: str, dash: list[int], width: float) -> alt.Chart:
        return (
            alt.Chart(alt.NamedData(name))
            .mark_line(color=colour, strokeWidth=width, strokeDash=dash, interpolate="step-before")
            .encode(x=x, y=y, detail="sex:N", order="age:Q")
        )

    def word(text: str, at: float, align: str, colour: str) -> alt.Chart:
        return (
            alt.Chart(alt.NamedData("then"))
            .transform_aggregate(n="count()")
            .mark_text(align=align, fontSize=14, fontWeight=600, color=colour, text=text)
            .encode(x=alt.datum(at, type="quantitative"), y=alt.datum(0.96 * top, type="quantitative"))
        )

    return instructions(
        alt.layer(
            alt.Chart(alt.NamedData("now")).mark_rect(color=colours.neutral, opacity=0.35).encode(**span),
            alt.Chart(alt.NamedData("then")).mark_rect(opacity=0.78).encode(color=tone, **span),
            outline("now", colours.ink, SOLID, 1.1),
            outline("kept", colours.series[2], DASHED, 1.8),
            word("Men", -0.98 * edge, "left", colours.series[1]),
            word("Women", 0.98 * edge, "right", colours.series[0]),
        ).properties(height=height)
    )


# ---------------------------------------------------------------------------------- steps and bars


def waterfall(
    frame: pd.DataFrame,
    *,
    unit: str,
    start: str,
    end: str,
    begin: float = 0.0,
    format: str = "+,.0f",
    height: int | None = None,
) -> Picture:
    """Steps that lead from one total to another, as bars that begin where the last one ended.

    ``frame``: step, change and, where there is a range, low and high of the change. ``begin`` is the
    value of the bar named ``start``; the bar named ``end`` closes the sum. With ``begin`` 0 only the
    change is shown, without a first bar.
    """
    after = begin + frame["change"].cumsum()
    steps = pd.DataFrame(
        {"step": frame["step"], "change": frame["change"], "start": after - frame["change"], "end": after}
    )
    steps["direction"] = steps["change"].map(lambda v: "adds" if v >= 0 else "takes away")
    for edge in ("low", "high"):
        steps[edge] = steps["start"] + frame[edge] if edge in frame else float("nan")
    total = float(after.iloc[-1]) if len(after) else begin
    whole = [{"step": end, "change": total, "start": 0.0, "end": total, "direction": "total"}]
    if begin:
        whole.insert(0, {"step": start, "change": begin, "start": 0.0, "end": begin, "direction": "total"})
    rows = pd.concat([pd.DataFrame(whole[:-1]), steps, pd.DataFrame(whole[-1:])], ignore_index=True)
    rows["text"] = [
        f"{v:,.0f}" if d == "total" and begin else _signed(v, format) for v, d in zip(rows["change"], rows["direction"])
    ]
    rows["edge"] = rows[[c for c in ("start", "end", "high") if c in rows]].max(axis=1).clip(lower=0)
    rows["rank"] = range(len(rows))
    made = _waterfall(palette(), unit, height or max(150, 38 * len(rows)))
    return Picture(
        made, {"steps": rows, "ranges": rows.dropna(subset=["low", "high"]) if "low" in rows else rows.iloc[:0]}
    )


@lru_cache(_MANY)
def _waterfall(colours: Palette, unit: str, height: int) -> str:
    y = alt.Y(
        "step:N",
        sort=alt.EncodingSortField("rank", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=260, ticks=False, domain=False),
    )
    x = alt.X("start:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=6))
    colour = alt.Color(
        "direction:N",
        scale=alt.Scale(
            domain=["adds", "takes away", "total"], range=[colours.accent, colours.series[3], colours.neutral]
        ),
        legend=None,
    )
    base = alt.Chart(alt.NamedData("steps")).encode(y=y)
    layers = [
        base.mark_bar().encode(
            x=x,
            x2="end:Q",
            color=colour,
            tooltip=[alt.Tooltip("step:N", title="Step"), alt.Tooltip("text:N", title=unit)],
        ),
        alt.Chart(alt.NamedData("ranges"))
        .mark_rule(color=colours.ink, strokeWidth=1.5, aria=False)
        .encode(y=y, x=alt.X("low:Q", title=unit), x2="high:Q"),
        base.mark_text(align="left", dx=6, fontSize=13, color=colours.ink).encode(
            x=alt.X("edge:Q", title=unit), text="text:N"
        ),
    ]
    return instructions(
        alt.layer(*layers).properties(height=height, padding={"right": 70, "left": 5, "top": 5, "bottom": 5})
    )


def differences(
    frame: pd.DataFrame, category: str, value: str, *, unit: str, format: str = "+.1f", height: int | None = None
) -> Picture:
    """Bars to both sides of zero, each with its value at its end; positive and negative differ in tone."""
    rows = pd.DataFrame({"what": frame[category], "value": frame[value].astype(float), "rank": range(len(frame))})
    rows["text"] = [_signed(v, format) for v in rows["value"]]
    return Picture(
        _differences(palette(), unit, format, height or max(120, 32 * len(frame)), bool((rows["value"] < 0).any())),
        {"rows": rows},
    )


@lru_cache(_MANY)
def _differences(colours: Palette, unit: str, format: str, height: int, both: bool) -> str:
    y = alt.Y(
        "what:N",
        sort=alt.EncodingSortField("rank", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=260, ticks=False, domain=False),
    )
    x = alt.X(
        "value:Q",
        title=unit,
        scale=alt.Scale(zero=True, padding=40 if both else 0),
        axis=alt.Axis(format=format.replace(",", ""), tickCount=6),
    )
    base = alt.Chart(alt.NamedData("rows")).encode(y=y, x=x)
    tone = alt.condition("datum.value >= 0", alt.value(colours.accent), alt.value(colours.series[3]))
    layers = [
        base.mark_bar().encode(
            color=tone, tooltip=[alt.Tooltip("what:N", title="What"), alt.Tooltip("text:N", title=unit)]
        )
    ]
    for side, align, shift in ((">= 0", "left", 5), ("< 0", "right", -5)):
        layers.append(
            base.transform_filter(f"datum.value {side}")
            .mark_text(align=align, dx=shift, fontSize=12, color=colours.ink)
            .encode(text="text:N")
        )
    return instructions(
        alt.layer(*layers).properties(height=height, padding={"left": 5, "right": 45, "top": 5, "bottom": 5})
    )


def s_curve(frame: pd.DataFrame, *, unit: str, height: int = 300, format: str = ",.0f") -> Picture:
    """In what share of the draws a value stays at or below each number.

    ``frame``: value, share (0 to 1), and optionally scenario for two curves.
    """
    rows = frame if "scenario" in frame else frame.assign(scenario="This scenario")
    names = tuple(dict.fromkeys(rows["scenario"]))
    return Picture(
        _s_curve(palette(), names, unit, height, format, _axis(float(rows["value"].min()), float(rows["value"].max()))),
        {"curve": rows},
    )


@lru_cache(_MANY)
def _s_curve(
    colours: Palette, names: tuple[str, ...], unit: str, height: int, format: str, domain: tuple[float, float]
) -> str:
    x = alt.X(
        "value:Q",
        title=f"{unit} (axis does not start at zero)",
        scale=alt.Scale(domain=list(domain), zero=False, nice=False),
        axis=alt.Axis(format=format, tickCount=6),
    )
    y = alt.Y(
        "share:Q",
        title="Share of draws at or below",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, 0.1, 0.5, 0.9, 1]),
    )
    tones = [colours.series[0], colours.series[2]][: len(names)]
    colour = alt.Color(
        "scenario:N",
        scale=alt.Scale(domain=list(names), range=tones),
        legend=None if len(names) == 1 else alt.Legend(title=None, orient="top"),
    )
    dash = alt.StrokeDash(
        "scenario:N", scale=alt.Scale(domain=list(names), range=[SOLID, DASHED][: len(names)]), legend=None
    )
    tooltip = [
        alt.Tooltip("value:Q", format=format, title=unit),
        alt.Tooltip("share:Q", format=".0%", title="Draws at or below"),
    ]
    curve = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(strokeWidth=2.5)
        .encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tooltip)
    )
    return instructions(curve.properties(height=height))


def _signed(value: float, form: str) -> str:
    return format(value, form).replace("-", "−")
