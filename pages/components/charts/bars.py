"""Bars across, each with its name over it and its value at its end: names beside bars would leave a phone no plot.

Bars start at zero. Charts that follow a lever prepare their data and ask a cached function for the instructions.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from ics_core import words
from pages.components.charts.lines import MANY, axis
from pages.components.charts.picture import Picture, instructions, said_above
from pages.components.charts.theme import Palette, mix, palette

ROW = 42  # pixels: a name and its bar
NAME, BAR = 0.24, 0.68  # of a row: the middles of the name and of the bar
THICK = 0.42  # of a row: a bar
# In a room (type is enlarged) rows too low for a name over its bar have it beside the bar, at the left.
CROWDED = "(enlarged > 1 && bandwidth('y') < 26 * enlarged)"
_EM = f"min(13 * enlarged, ({CROWDED} ? 0.9 : 0.46) * bandwidth('y'))"
TYPE = alt.ExprRef(_EM)  # as large as a row has room for
LEFT = f"({CROWDED} ? {_EM} : 0)"  # of a bar's begin: for each em of its name
EMS = 16  # of a name
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+,~f')"  # a label of an axis of changes
KEY = 48  # pixels: a line that says what the colours mean
VALUES = 64  # pixels beside the bars for their values


def names_over(rows: str, middle: alt.ExprRef | None = None) -> tuple[alt.Y, alt.Chart]:
    """The rows of a chart of bars in the order of ``rank``, and the name of each at the left above its bar.

    ``middle`` is that of the name, from the middle of the row.
    """
    y = alt.Y(
        "what:N",
        sort=alt.EncodingSortField("rank", op="min"),
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0, paddingOuter=0),
    )
    text = (
        alt.Chart(alt.NamedData(rows))
        .transform_aggregate(rank="min(rank)", groupby=["what"])
        .mark_text(align="left", baseline="middle", fontSize=TYPE, dy=middle or at(NAME), color=palette().ink)
        .encode(y=y, x=alt.value(0), text="what:N")
    )
    return y, text


def at(share: float) -> alt.ExprRef:
    """So far from the middle of a row, by its height; in its middle where rows are crowded."""
    return alt.ExprRef(f"({CROWDED} ? 0 : {share - 0.5}) * bandwidth('y')")


def room(left: bool, right: bool = True, ems: int = EMS) -> list[Any]:
    """The width of the bars: what is left once their values, and names beside them, have their room."""
    of_values = f"{VALUES} * enlarged"
    start = f"{ems} * {LEFT}" + (f" + {of_values}" if left else "")
    return [alt.ExprRef(start), alt.ExprRef(f"width - {of_values}" if right else "width")]


def bar_mark(**more: Any) -> dict[str, Any]:
    """How a bar lies in its row."""
    return {"height": alt.RelativeBandSize(band=THICK), "yOffset": at(BAR)} | more


def value_mark(colours: Palette, align: str = "left") -> dict[str, Any]:
    """How a value stands at the end of its bar."""
    across = {"left": 5, "right": -5}[align]
    return {"align": align, "baseline": "middle", "dx": across, "dy": at(BAR), "fontSize": TYPE, "color": colours.ink}


def tall(rows: int, key: bool = False) -> int:
    """The height of a chart of so many rows on a page to read, with room for a ``key`` above them."""
    return max(110, ROW * rows + 30) + (KEY if key else 0)


def ends(*values: pd.Series) -> pd.DataFrame:
    """Ends of an axis from zero on that hold the values, rounded so far that they move by whole steps only.

    They go with the data: the instructions of the picture, and so the picture, stay as they are (``held``).
    """
    known = pd.concat([pd.Series([0.0]), *(one.astype(float) for one in values)]).dropna()
    low, high = float(known.min()), float(known.max())
    first, last = axis(low, high)
    return pd.DataFrame({"value": [0.0 if low == 0 else first, 0.0 if high == 0 else last]})


def held() -> alt.Chart:
    """What makes the axis reach to its ``ends``: marks there that nobody sees."""
    return alt.Chart(alt.NamedData("ends")).mark_point(opacity=0).encode(x=alt.X("value:Q", title=None))


def differences(
    frame: pd.DataFrame,
    category: str,
    value: str,
    *,
    unit: str,
    decimals: int = 1,
    unmoved: str = "",
    meaning: tuple[str, str] | None = None,
) -> Picture:
    """Bars to both sides of zero, each with its value at its end; positive and negative differ in tone.

    ``unmoved`` names a column: where the bar would end with no lever moved. ``meaning`` says what more and what
    less mean, where one is pressure: then more is orange and less blue, and a key says so.
    """
    rows = pd.DataFrame({"what": frame[category], "value": frame[value].astype(float), "rank": range(len(frame))})
    rows["text"] = [words.number(v, decimals, signed=True) for v in rows["value"]]
    rows["unmoved"] = frame[unmoved].astype(float) if unmoved else float("nan")
    if meaning:
        rows["meaning"] = [meaning[0] if v >= 0 else meaning[1] for v in rows["value"]]
    both = bool((rows["value"] < 0).any()), bool((rows["value"] >= 0).any())
    grey = bool(((rows["unmoved"] - rows["value"]).abs() > 1e-9).any())
    rows["edge"] = [
        max(v, u, 0) if v >= 0 else min(v, u) for v, u in zip(rows["value"], rows["unmoved"].fillna(rows["value"]))
    ]
    made = _differences(palette(), unit, len(rows), both, grey, meaning)
    return Picture(made, {"rows": rows, "ends": ends(rows["value"], rows["unmoved"])})


@lru_cache(MANY)
def _differences(
    colours: Palette,
    unit: str,
    count: int,
    both: tuple[bool, bool],
    grey: bool,
    meaning: tuple[str, str] | None,
) -> str:
    y, names = names_over("rows")
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=True, nice=False, range=room(*both)),
        axis=alt.Axis(labelExpr=SIGNED, tickCount=5),
    )
    base = alt.Chart(alt.NamedData("rows")).encode(y=y)
    tooltip = [alt.Tooltip("what:N", title="What"), alt.Tooltip("text:N", title=unit)]
    tone = (
        alt.Color(
            "meaning:N",
            scale=alt.Scale(domain=list(meaning), range=[colours.series[3], colours.accent]),
            legend=alt.Legend(title=None, orient="top", labelLimit=240),
        )
        if meaning
        else alt.condition("datum.value >= 0", alt.value(colours.accent), alt.value(colours.series[3]))
    )
    layers = [base.mark_bar(**bar_mark()).encode(x=x, color=tone, tooltip=tooltip), names, held()]
    if grey:
        layers.append(
            base.mark_tick(
                color=colours.muted, thickness=3, yOffset=at(BAR), height=alt.RelativeBandSize(band=0.6)
            ).encode(x=alt.X("unmoved:Q", title=None))
        )
    for side, align in ((">= 0", "left"), ("< 0", "right")):
        layers.append(
            base.transform_filter(f"datum.value {side}")
            .mark_text(**value_mark(colours, align))
            .encode(x=alt.X("edge:Q", title=None), text="text:N")
        )
    note = "; grey marks: no lever moved" if grey else ""
    return instructions(*layers, height=tall(count, key=bool(meaning)), title=said_above(unit + note, colours))


def plain(frame: pd.DataFrame, category: str, value: str, *, unit: str, decimals: int = 0) -> Picture:
    """Bars from zero in the order of ``frame``, each with its value at its end."""
    rows = pd.DataFrame({"what": frame[category], "value": frame[value].astype(float), "rank": range(len(frame))})
    rows["text"] = [words.number(one, decimals) for one in rows["value"]]
    return Picture(_plain(palette(), unit, len(rows)), {"rows": rows})


@lru_cache(MANY)
def _plain(colours: Palette, unit: str, count: int) -> str:
    y, over = names_over("rows")
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=True, nice=False, range=room(False)),
        axis=alt.Axis(format=",~f", tickCount=4),
    )
    tooltip = [alt.Tooltip("what:N", title="What"), alt.Tooltip("text:N", title=unit)]
    base = alt.Chart(alt.NamedData("rows")).encode(y=y, x=x)
    layers = [
        base.mark_bar(**bar_mark(color=colours.accent)).encode(tooltip=tooltip),
        over,
        base.mark_text(**value_mark(colours)).encode(text="text:N"),
    ]
    return instructions(*layers, height=tall(count), title=said_above(unit, colours))


def grouped(
    frame: pd.DataFrame,
    category: str,
    series: str,
    value: str,
    *,
    unit: str,
    order: tuple[str, ...] = (),
    greys: int = 1,
    beside: str = "",
    rule: float | None = None,
) -> Picture:
    """Bars of several series in each category, its name over them; a key says which is which.

    ``frame`` is in the order to draw, unless ``order`` gives that of the series. The first ``greys`` series are
    grey, where they are what the others are compared with, and so is the one named ``beside``. ``rule`` draws a line
    at that value.
    """
    names = tuple(name for name in order or dict.fromkeys(frame[series]) if name in set(frame[series]))
    rows = pd.DataFrame({"what": frame[category], "series": frame[series], "value": frame[value].astype(float)})
    rows["rank"] = range(len(rows))
    rows["edge"] = rows["value"].clip(lower=0)
    rows["text"] = [words.number(one) for one in rows["value"]]
    made = _grouped(palette(), names, rows["what"].nunique(), unit, greys, beside, rule is not None)
    data = {"rows": rows, "ends": ends(rows["value"])}
    return Picture(made, data | ({} if rule is None else {"rule": pd.DataFrame({"value": [rule]})}))


@lru_cache(MANY)
def _grouped(
    colours: Palette,
    names: tuple[str, ...],
    count: int,
    unit: str,
    greys: int,
    beside: str,
    rule: bool,
) -> str:
    tones = ([colours.neutral] * greys + [colours.accent, colours.series[1], colours.series[2]])[: len(names)]
    pale = mix(colours.neutral, colours.ground, 0.28)
    tones = [pale if name == beside else tone for name, tone in zip(names, tones)]
    name_share = 1.15 / (len(names) + 1.15)  # of a row
    y, over = names_over("rows", alt.ExprRef(f"{name_share / 2 - 0.5} * bandwidth('y')"))
    offset = alt.YOffset(
        "series:N",
        sort=list(names),
        scale=alt.Scale(
            paddingInner=0.12,
            range=[alt.ExprRef(f"bandwidth('y') * {name_share}"), alt.ExprRef("bandwidth('y') * 0.97")],
        ),
    )
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=True, nice=False, range=room(False)),
        axis=alt.Axis(format=",~f", tickCount=alt.ExprRef("narrow ? 3 : 5")),
    )
    legend = alt.Legend(orient="top", title=None, columns=1 if max(map(len, names)) > 24 else 0, labelLimit=340)
    colour = alt.Color("series:N", sort=list(names), scale=alt.Scale(domain=list(names), range=tones), legend=legend)
    tooltip = [
        alt.Tooltip("what:N", title="What"),
        alt.Tooltip("series:N", title="Of which"),
        alt.Tooltip("text:N", title=unit),
    ]
    base = alt.Chart(alt.NamedData("rows")).encode(y=y, yOffset=offset)
    layers = [
        base.mark_bar().encode(x=x, color=colour, tooltip=tooltip),
        base.mark_text(align="left", baseline="middle", dx=5, fontSize=12, color=colours.ink).encode(
            x=alt.X("edge:Q", title=None), text="text:N"
        ),
        over,
        held(),
    ]
    if rule:
        layers.append(
            alt.Chart(alt.NamedData("rule")).mark_rule(color=colours.ink, strokeDash=[4, 3]).encode(x="value:Q")
        )
    height = count * 18 * (len(names) + 1) + 40
    return instructions(*layers, height=height, title=said_above(unit, colours))


def with_words(
    frame: pd.DataFrame, category: str, value: str, said: str, *, unit: str, meaning: tuple[str, str]
) -> Picture:
    """Bars to either side of zero, what a column of text says of each beside its name; more is orange, less blue."""
    named = [f"{name}: {text}" for name, text in zip(frame[category], frame[said])]
    rows = pd.DataFrame({"what": named, "value": frame[value].astype(float), "rank": range(len(frame))})
    rows["meaning"] = [meaning[0] if v > 0 else meaning[1] for v in rows["value"]]
    rows["text"] = [words.number(v, 1, signed=True) for v in rows["value"]]
    both = bool((rows["value"] < 0).any()), True
    rows["edge"] = rows["value"]
    made = _differences(palette(), unit, len(rows), both, False, meaning)
    return Picture(made, {"rows": rows, "ends": ends(rows["value"])})


def multipliers(frame: pd.DataFrame, category: str, value: str, *, unit: str, none: str) -> Picture:
    """Bars from zero with a rule at 1; those whose ``status`` is ``none`` are grey."""
    rows = pd.DataFrame({"what": frame[category], "value": frame[value].astype(float), "status": frame["status"]})
    rows["rank"] = range(len(rows))
    rows["text"] = [words.number(one, 2) for one in rows["value"]]
    return Picture(
        _multipliers(palette(), unit, none, len(rows)), {"rows": rows, "one": pd.DataFrame({"value": [1.0]})}
    )


@lru_cache(MANY)
def _multipliers(colours: Palette, unit: str, none: str, count: int) -> str:
    y, over = names_over("rows")
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=True, nice=False, range=room(False)),
        axis=alt.Axis(format=".1f", tickCount=5),
    )
    tone = alt.condition(alt.datum["status"] == none, alt.value(colours.neutral), alt.value(colours.accent))
    tooltip = [
        alt.Tooltip("what:N", title="Measure"),
        alt.Tooltip("text:N", title=unit),
        alt.Tooltip("status:N", title="Local figure"),
    ]
    base = alt.Chart(alt.NamedData("rows")).encode(y=y, x=x)
    rule = alt.Chart(alt.NamedData("one")).mark_rule(color=colours.ink, strokeDash=[4, 3]).encode(x="value:Q")
    layers = [
        base.mark_bar(**bar_mark()).encode(color=tone, tooltip=tooltip),
        over,
        rule,
        base.mark_text(**value_mark(colours)).encode(text="text:N"),
    ]
    return instructions(*layers, height=tall(count), title=said_above(unit, colours))


def spreads(frame: pd.DataFrame, *, unit: str) -> Picture:
    """One bar for each effect with the range it is drawn from; a key says on what ground its size stands.

    ``frame``: what, value, low, high, basis, source.
    """
    rows = frame[["what", "value", "low", "high", "basis", "source"]].assign(rank=range(len(frame)))
    rows["text"] = [
        f"{words.number(v, 1, signed=True)} ({words.number(a, 1, signed=True)} to {words.number(b, 1, signed=True)})"
        for v, a, b in zip(rows["value"], rows["low"], rows["high"])
    ]
    kinds = tuple(kind for kind in ("published", "derived", "assumption") if kind in set(rows["basis"]))
    return Picture(_spreads(palette(), unit, kinds, len(rows)), {"rows": rows}, scrolls=True)


@lru_cache(MANY)
def _spreads(colours: Palette, unit: str, kinds: tuple[str, ...], count: int) -> str:
    y, over = names_over("rows")
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=True, range=room(False, False, 24)),
        axis=alt.Axis(labelExpr=SIGNED, tickCount=5),
    )
    looks = {"published": colours.series[0], "derived": colours.series[1], "assumption": colours.neutral}
    tone = alt.Color(
        "basis:N",
        sort=list(kinds),
        scale=alt.Scale(domain=list(kinds), range=[looks[kind] for kind in kinds]),
        legend=alt.Legend(orient="top", title=None),
    )
    tooltip = [
        alt.Tooltip("what:N", title="Effect"),
        alt.Tooltip("text:N", title=unit),
        alt.Tooltip("basis:N", title="Basis"),
        alt.Tooltip("source:N", title="Source"),
    ]
    base = alt.Chart(alt.NamedData("rows")).encode(y=y)
    layers = [
        base.mark_bar(**bar_mark()).encode(x=x, color=tone, tooltip=tooltip),
        base.mark_rule(color=colours.ink, strokeWidth=1.5, yOffset=at(BAR)).encode(
            x=alt.X("low:Q", title=None), x2="high:Q"
        ),
        over,
    ]
    return instructions(*layers, height=tall(count), title=said_above(unit, colours))
