"""Charts from tidy frames, all in one hand: plain ground, few lines, direct labels, colour never alone."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from pages.components.charts.theme import palette

HEIGHT = 340
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
    start elsewhere, and its axis title then says so.
    """
    colours = palette()
    names = list(dict.fromkeys(frame[series])) if series else []
    base = alt.Chart(frame).encode(x=_time(frame, x).title(x_title))
    title = unit if zero else f"{unit} (axis does not start at zero)"
    value = alt.Y(
        f"{y}:Q", title=title, scale=alt.Scale(zero=zero, nice=True), axis=alt.Axis(format=",~f", tickCount=6)
    )
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
        alt.Tooltip(x, title=_label(x)),
        *([alt.Tooltip(series, title=_label(series))] if series else []),
        alt.Tooltip(y, title=unit, format=",.4~g" if frame[y].abs().max() < 1000 else ",.0f"),
    ]
    layers = []
    if band:
        layers.append(
            base.mark_area(opacity=0.18).encode(
                y=alt.Y(f"{band[0]}:Q", title=title, scale=alt.Scale(zero=zero)), y2=f"{band[1]}:Q", color=colour
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
        shown = alt.Chart(_some_of_each(frame, x, series)).encode(x=_time(frame, x).title(x_title))
        layers.append(
            shown.mark_point(size=60, filled=True, opacity=1).encode(
                y=value, color=colour, shape=shape, tooltip=tooltip
            )
        )
    return alt.layer(*layers).properties(height=height + _legend_height(names))


def _some_of_each(frame: pd.DataFrame, x: str, series: str) -> pd.DataFrame:
    """About eight points of each line, the last among them, to carry its shape."""
    ordered = frame.sort_values(x)
    back = ordered.groupby(series, sort=False).cumcount(ascending=False)
    step = max(1, ordered.groupby(series).size().max() // 8)
    return ordered[back % step == 0]


def _legend(names: list[str]) -> alt.Legend:
    return alt.Legend(orient="top", title=None, columns=_legend_columns(names), labelLimit=300, symbolOpacity=1)


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
    words = boxes.assign(lines=boxes["name"].map(lambda name: textwrap.wrap(name, 15)))
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
        .mark_text(color=colours.ink, fontSize=11, lineHeight=14, dy=-14)
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
