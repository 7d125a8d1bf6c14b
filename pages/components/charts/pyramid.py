"""A population pyramid: men to the left, women to the right, one year of the reader's choice in front of another."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from pages.components.charts.lines import DASHED, DOTTED, MANY, SOLID, axis
from pages.components.charts.picture import Picture, instructions, said_above
from pages.components.charts.theme import Palette, for_words, palette


def pyramid(
    frame: pd.DataFrame,
    *,
    now: int,
    then: int,
    most: float,
    open_years: int = 10,
    kept: str = "",
    unmoved: str = "",
    height: int = 500,
) -> Picture:
    """Men to the left and women to the right by single year of age: ``now`` grey behind, ``then`` in front.

    ``frame``: year, sex ("female", "male"), age, population and, with ``kept``, a column ``scenario``
    in which scenario A has that name; ``unmoved`` names the one with no lever moved. ``most`` is the longest bar of
    any year, so that the axis stays put while the year moves. Areas stand for people: 90 and over is spread over
    ``open_years`` of age.
    """
    last = frame["age"] == frame["age"].max()
    length = frame["population"] / last.map({True: open_years, False: 1})
    rows = frame.assign(
        across=length.where(frame["sex"] == "female", -length),
        upper=frame["age"] + last.map({True: open_years, False: 0.94}),
        zero=0.0,
        sex=frame["sex"].map({"female": "Women", "male": "Men"}),
    )[["year", "sex", "age", "upper", "zero", "across", "population", "scenario"]]
    ours = rows[~rows["scenario"].isin([kept, unmoved])]
    _, edge = axis(0.0, most)
    top = int(rows["upper"].max())
    data = {
        "now": ours[ours["year"] == now],
        "then": ours[ours["year"] == then],
        "kept": rows[(rows["scenario"] == kept) & (rows["year"] == then)],
        "unmoved": rows[(rows["scenario"] == unmoved) & (rows["year"] == then)],
    }
    return Picture(_pyramid(palette(), edge, top, height), data)


@lru_cache(MANY)
def _pyramid(colours: Palette, edge: float, top: int, height: int) -> str:
    x = alt.X(
        "across:Q",
        title=None,
        scale=alt.Scale(domain=[-edge, edge], nice=False),
        axis=alt.Axis(tickCount=6, labelExpr="format(abs(datum.value), ',')"),
    )
    y = alt.Y(
        "age:Q",
        title=None,
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
            .mark_text(align=align, fontSize=14, fontWeight=600, color=for_words(colour, colours), text=text)
            .encode(x=alt.datum(at, type="quantitative"), y=alt.datum(0.96 * top, type="quantitative"))
        )

    return instructions(
        alt.Chart(alt.NamedData("now")).mark_rect(color=colours.neutral, opacity=0.35).encode(**span),
        alt.Chart(alt.NamedData("then")).mark_rect(opacity=0.78).encode(color=tone, **span),
        outline("now", colours.ink, SOLID, 1.1),
        outline("unmoved", colours.muted, DOTTED, 1.8),
        outline("kept", colours.series[2], DASHED, 1.8),
        word("Men", -0.98 * edge, "left", colours.series[1]),
        word("Women", 0.98 * edge, "right", colours.series[0]),
        height=height,
        title=said_above("Residents of each single year of age; the outline is the first year", colours),
    )
