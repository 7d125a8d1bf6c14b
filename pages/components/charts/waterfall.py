"""Steps that lead from one total to another, as bars that begin where the last one ended, each named above its bar."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from ics_core import words
from pages.components.charts.bars import BAR, EMS, LEFT, VALUES, at, bar_mark, ends, held, names_over, tall, value_mark
from pages.components.charts.lines import MANY
from pages.components.charts.picture import Picture, instructions, said_above
from pages.components.charts.theme import Palette, palette

ADDS, TAKES = "adds", "takes away"


def waterfall(
    frame: pd.DataFrame,
    *,
    unit: str,
    start: str,
    end: str,
    begin: float = 0.0,
    step: float = 1.0,
    meaning: tuple[str, str] | None = None,
    unmoved: str = "",
) -> Picture:
    """Steps from the bar named ``start`` with the value ``begin`` to the bar named ``end``, which closes the sum.

    ``frame``: step, change and, where there is a range, low and high of the change. With ``begin`` 0 only the
    change is shown, without a first bar. What is written at the bars is rounded to ``step`` so that it sums to the
    total that is written. ``meaning`` says what more and what less mean, where one is pressure: then more is orange
    and less blue, and a key says so. ``unmoved`` names a column: each step with no lever moved.
    """
    after = begin + frame["change"].cumsum()
    steps = pd.DataFrame(
        {"what": frame["step"], "change": frame["change"], "start": after - frame["change"], "end": after}
    )
    more, less = meaning or (ADDS, TAKES)
    steps["direction"] = [more if v >= 0 else less for v in steps["change"]]
    for edge in ("low", "high"):
        steps[edge] = steps["start"] + frame[edge] if edge in frame else float("nan")
    steps["grey"] = steps["start"] + frame[unmoved] if unmoved else float("nan")
    total = float(after.iloc[-1]) if len(after) else begin
    whole = [{"what": end, "change": total, "start": 0.0, "end": total, "direction": "total"}]
    if begin:
        whole.insert(0, {"what": start, "change": begin, "start": 0.0, "end": begin, "direction": "total"})
    rows = pd.concat([part for part in (pd.DataFrame(whole[:-1]), steps, pd.DataFrame(whole[-1:])) if len(part)])
    rows = rows.reset_index(drop=True).reindex(
        columns=["what", "change", "start", "end", "direction", "low", "high", "grey"]
    )
    shown = words.parts([begin, *frame["change"]] if begin else list(frame["change"]), step)
    decimals = max(0, -int(f"{step:e}".partition("e")[2]))
    rows["text"] = [
        words.number(value, decimals, signed=not (begin and kind == "total"))
        for value, kind in zip([*shown, sum(shown)], rows["direction"])
    ]
    rows["edge"] = rows[["start", "end", "high", "grey"]].astype(float).max(axis=1).clip(lower=0)
    rows["rank"] = range(len(rows))
    grey = bool(((rows["grey"] - rows["end"]).astype(float).abs() > 1e-9).any())
    made = _waterfall(
        palette(),
        unit,
        len(rows),
        (more, less),
        meaning is not None,
        grey,
        bool(rows["low"].notna().any()),
    )
    return Picture(made, {"steps": rows, "ends": ends(*(rows[one] for one in ("start", "end", "low", "high", "grey")))})


@lru_cache(MANY)
def _waterfall(
    colours: Palette,
    unit: str,
    count: int,
    directions: tuple[str, str],
    key: bool,
    grey: bool,
    ranged: bool,
) -> str:
    y, names = names_over("steps")
    tones = [colours.series[3], colours.accent] if key else [colours.accent, colours.series[3]]

    def x(name: str) -> alt.X:
        return alt.X(
            f"{name}:Q",
            title=None,
            scale=alt.Scale(
                zero=True,
                nice=False,
                range=[alt.ExprRef(f"8 + {EMS} * {LEFT}"), alt.ExprRef(f"width - {VALUES + 14} * enlarged")],
            ),
            axis=alt.Axis(format=",~f", tickCount=alt.ExprRef("narrow ? 3 : 6")),
        )

    colour = alt.Color(
        "direction:N",
        scale=alt.Scale(domain=[*directions, "total"], range=[*tones, colours.neutral]),
        legend=alt.Legend(title=None, orient="top") if key else None,
    )
    tooltip = [alt.Tooltip("what:N", title="Step"), alt.Tooltip("text:N", title=unit)]
    base = alt.Chart(alt.NamedData("steps")).encode(y=y)
    layers = [
        base.mark_bar(**bar_mark()).encode(x=x("start"), x2="end:Q", color=colour, tooltip=tooltip),
        names,
        held(),
    ]
    if ranged:
        layers.append(
            base.transform_filter("isValid(datum.low)")
            .mark_rule(color=colours.ink, strokeWidth=1.5, yOffset=at(BAR))
            .encode(x=x("low"), x2="high:Q")
        )
    if grey:
        layers.append(
            base.transform_filter("isValid(datum.grey)")
            .mark_tick(color=colours.muted, thickness=3, yOffset=at(BAR), height=alt.RelativeBandSize(band=0.6))
            .encode(x=x("grey"))
        )
    layers.append(base.mark_text(**value_mark(colours)).encode(x=x("edge"), text="text:N"))
    note = "; grey marks: no lever moved" if grey else ""
    return instructions(*layers, height=tall(count, key), title=said_above(unit + note, colours))
