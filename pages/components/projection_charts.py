"""Charts of what is projected: lines with a band, pyramid, waterfall, S-curve, differences.

Published is solid, projected is dashed and says so. Colours come from the theme; every series also
has its name beside it.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from pages.components.theme import palette

HEIGHT = 360
DASHED, DOTTED, SOLID = [6, 4], [2, 3], [1, 0]
_LABEL_GAP = 0.062  # share of the axis two labels at line ends need between them


def projected_line(
    frame: pd.DataFrame,
    *,
    unit: str,
    zero: bool = False,
    format: str = ",.0f",
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Lines over time, what was published solid and what is projected dashed with its band.

    ``frame``: year, series, kind, value and, where there is a band, low and high. ``kind`` is
    "published", "projected", "official" (the official projection beside ours) or "kept" (scenario A).
    Lines that share a ``series`` share a colour, so a published stretch leads into its projection.
    """
    colours = palette()
    names = list(dict.fromkeys(frame.loc[frame["kind"].isin(["published", "projected"]), "series"]))
    tones = dict(zip(names, colours.series)) | {
        name: colours.muted if kind == "official" else colours.series[(len(names) + 1) % len(colours.series)]
        for name, kind in frame[["series", "kind"]].drop_duplicates().itertuples(index=False)
        if name not in names
    }
    colour = alt.Color("series:N", scale=alt.Scale(domain=list(tones), range=list(tones.values())), legend=None)
    edges = [column for column in ("value", "low", "high") if column in frame]
    low, high = (0.0 if zero else float(frame[edges].min().min())), float(frame[edges].max().max())
    margin = (high - low) * 0.04 or 1
    scale = alt.Scale(domain=[low if zero else low - margin, high + margin], nice=False, zero=zero)
    title = unit if zero else f"{unit} (axis does not start at zero)"
    y = alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(format=format, tickCount=6))
    first, last = int(frame["year"].min()), int(frame["year"].max())
    x = alt.X("year:Q", title=None, scale=alt.Scale(domain=[first, last], nice=False), axis=alt.Axis(format="d", tickCount=8, grid=False))
    base = alt.Chart(frame).encode(x=x)
    layers = []
    if {"low", "high"} <= set(frame.columns):
        banded = alt.Chart(frame.dropna(subset=["low", "high"])).encode(x=x)
        layers.append(banded.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q", color=colour, detail="kind:N"))
    dash = alt.StrokeDash("kind:N", scale=alt.Scale(domain=["published", "projected", "official", "kept"], range=[SOLID, DASHED, DOTTED, DASHED]), legend=None)
    tooltip = [alt.Tooltip("year:Q", format="d", title="Year"), alt.Tooltip("series:N", title="What"), alt.Tooltip("kind:N", title="Status"), alt.Tooltip("value:Q", format=format, title=unit)]
    layers.append(base.mark_line(strokeWidth=2.5).encode(y=y, color=colour, strokeDash=dash, detail="kind:N"))
    layers.append(base.mark_point(size=110, filled=True, opacity=0).encode(y=y, tooltip=tooltip))
    ends = _end_labels(frame, (high - low + 2 * margin) * _LABEL_GAP)
    layers.append(
        alt.Chart(ends).mark_text(align="left", dx=7, fontSize=12, fontWeight=600, lineBreak="\n").encode(x=x, y=alt.Y("at:Q", title=title, scale=scale), text="label:N", color=colour)
    )
    turn = frame.loc[frame["kind"] == "projected", "year"].min()
    if turn > first:
        layers.append(alt.Chart(pd.DataFrame({"year": [turn]})).mark_rule(color=colours.rule, strokeDash=DOTTED).encode(x=x))
    room = 14 + 6.6 * max(len(line) for text in ends["label"] for line in text.split("\n"))
    return alt.layer(*layers).properties(height=height, padding={"right": room, "left": 5, "top": 8, "bottom": 5})


def _end_labels(frame: pd.DataFrame, gap: float) -> pd.DataFrame:
    """One label at the end of each line, moved apart where lines end close together."""
    ends = frame.dropna(subset=["value"]).sort_values("year").groupby(["series", "kind"], sort=False).tail(1)
    ends = ends[(ends["kind"] != "published") | ~ends["series"].isin(ends.loc[ends["kind"] == "projected", "series"])]
    ends = ends.sort_values("value").reset_index(drop=True)
    at: list[float] = []
    for value in ends["value"]:
        at.append(max(value, at[-1] + gap) if at else value)
    suffix = ends["kind"].map({"projected": "\nprojected"}).fillna("")
    return ends.assign(at=at, label=ends["series"] + suffix)


def pyramid(frame: pd.DataFrame, *, now: int, then: int, most: float, kept: str = "", height: int = 480) -> alt.LayerChart:
    """Men to the left and women to the right by single year of age: ``now`` grey behind, ``then`` in front.

    ``frame``: year, sex ("female", "male"), age, population and, with ``kept``, a column ``scenario``
    in which scenario A has that name. ``most`` is the largest cell of any year, so that the axis
    stays put while the year moves.
    """
    colours = palette()
    rows = frame.assign(
        across=frame["population"].where(frame["sex"] == "female", -frame["population"]),
        upper=frame["age"] + 0.94,
        zero=0.0,
        sex=frame["sex"].map({"female": "Women", "male": "Men"}),
    )
    ours = rows[rows["scenario"] != kept] if kept else rows
    x = alt.X("across:Q", title="Residents of each single year of age", scale=alt.Scale(domain=[-most, most], nice=False), axis=alt.Axis(tickCount=6, labelExpr="format(abs(datum.value), ',')"))
    y = alt.Y("age:Q", title="Age", scale=alt.Scale(domain=[0, 91], nice=False), axis=alt.Axis(values=list(range(0, 91, 10)), labelExpr="datum.value == 90 ? '90+' : datum.value", grid=False))
    tone = alt.Color("sex:N", scale=alt.Scale(domain=["Men", "Women"], range=[colours.series[1], colours.series[0]]), legend=None)
    tooltip = [alt.Tooltip("sex:N", title="Sex"), alt.Tooltip("age:Q", title="Age"), alt.Tooltip("year:Q", format="d", title="Year"), alt.Tooltip("population:Q", format=",.0f", title="Residents")]
    behind, front = ours[ours["year"] == now], ours[ours["year"] == then]
    layers = [
        alt.Chart(behind).mark_rect(color=colours.neutral, opacity=0.35).encode(x=x, x2="zero:Q", y=y, y2="upper:Q", tooltip=tooltip),
        alt.Chart(front).mark_rect(opacity=0.75).encode(x=x, x2="zero:Q", y=y, y2="upper:Q", color=tone, tooltip=tooltip),
        _outline(behind, x, y, colours.ink, SOLID),
    ]
    if kept:
        layers.append(_outline(rows[(rows["scenario"] == kept) & (rows["year"] == then)], x, y, colours.series[2], DASHED))
    words = pd.DataFrame({"across": [-most * 0.98, most * 0.98], "age": [88.0, 88.0], "sex": ["Men", "Women"]})
    for align, part in (("left", words.iloc[:1]), ("right", words.iloc[1:])):
        layers.append(alt.Chart(part).mark_text(align=align, fontSize=14, fontWeight=600).encode(x=x, y=y, text="sex:N", color=tone))
    return alt.layer(*layers).properties(height=height)


def _outline(rows: pd.DataFrame, x: alt.X, y: alt.Y, colour: str, dash: list[int]) -> alt.Chart:
    return alt.Chart(rows).mark_line(color=colour, strokeWidth=1.2, strokeDash=dash, interpolate="step-before").encode(x=x, y=y, detail="sex:N", order="age:Q")


def waterfall(frame: pd.DataFrame, *, unit: str, start: str, end: str, begin: float = 0.0, format: str = "+,.0f", height: int | None = None) -> alt.LayerChart:
    """Steps that lead from one total to another, as bars that begin where the last one ended.

    ``frame``: step, change and, where there is a range, low and high of the change. ``begin`` is the
    value of the bar named ``start``; the bar named ``end`` closes the sum. With ``begin`` 0 only the
    change is shown, without a first bar.
    """
    colours = palette()
    after = begin + frame["change"].cumsum()
    steps = pd.DataFrame({"step": frame["step"], "change": frame["change"], "start": after - frame["change"], "end": after})
    steps["direction"] = steps["change"].map(lambda v: "adds" if v >= 0 else "takes away")
    total = float(after.iloc[-1]) if len(after) else begin
    whole = [{"step": end, "change": total, "start": 0.0, "end": total, "direction": "total"}]
    if begin:
        whole.insert(0, {"step": start, "change": begin, "start": 0.0, "end": begin, "direction": "total"})
    rows = pd.concat([pd.DataFrame(whole[:-1]), steps, pd.DataFrame(whole[-1:])], ignore_index=True)
    rows["text"] = [f"{v:,.0f}" if d == "total" and begin else _signed(v, format) for v, d in zip(rows["change"], rows["direction"])]
    rows["edge"] = rows[["start", "end"]].max(axis=1)
    order = list(rows["step"])
    y = alt.Y("step:N", sort=order, title=None, axis=alt.Axis(labelLimit=240, ticks=False, domain=False))
    colour = alt.Color("direction:N", scale=alt.Scale(domain=["adds", "takes away", "total"], range=[colours.accent, colours.series[3], colours.neutral]), legend=None)
    base = alt.Chart(rows).encode(y=y)
    x = alt.X("start:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=6))
    tooltip = [alt.Tooltip("step:N", title="Step"), alt.Tooltip("text:N", title=unit)]
    bars = base.mark_bar().encode(x=x, x2="end:Q", color=colour, tooltip=tooltip)
    words = base.mark_text(align="left", dx=5, fontSize=12, color=colours.ink).encode(x=alt.X("edge:Q", title=unit), text="text:N")
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=colours.ink).encode(x="at:Q")
    layers = [bars, zero, words]
    if {"low", "high"} <= set(frame.columns):
        spread = steps.assign(low=steps["start"] + frame["low"].to_numpy(), high=steps["start"] + frame["high"].to_numpy())
        layers.insert(2, alt.Chart(spread).mark_rule(color=colours.ink, strokeWidth=1.5).encode(y=y, x="low:Q", x2="high:Q"))
    return alt.layer(*layers).properties(height=height or max(140, 34 * len(rows)), padding={"right": 60, "left": 5, "top": 5, "bottom": 5})


def s_curve(frame: pd.DataFrame, *, unit: str, height: int = 300, format: str = ",.0f") -> alt.LayerChart:
    """How likely, on the assumptions shown, a value is to stay below: share of draws up to each value.

    ``frame``: value, share (0 to 1), and optionally scenario for two curves.
    """
    colours = palette()
    if "scenario" not in frame:
        frame = frame.assign(scenario="This scenario")
    names = list(dict.fromkeys(frame["scenario"]))
    x = alt.X("value:Q", title=f"{unit} (axis does not start at zero)", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(format=format, tickCount=6))
    y = alt.Y("share:Q", title="Share of draws at or below", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
    colour = alt.Color("scenario:N", scale=alt.Scale(domain=names, range=list(colours.series[: len(names)])), legend=None if len(names) == 1 else alt.Legend(title=None, orient="top"))
    tooltip = [alt.Tooltip("value:Q", format=format, title=unit), alt.Tooltip("share:Q", format=".0%", title="Draws at or below")]
    curve = alt.Chart(frame).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour, strokeDash=alt.StrokeDash("scenario:N", sort=names, legend=None), tooltip=tooltip)
    lines = alt.Chart(pd.DataFrame({"share": [0.1, 0.5, 0.9]})).mark_rule(color=colours.muted, strokeDash=DOTTED).encode(y="share:Q")
    return alt.layer(lines, curve).properties(height=height)


def differences(frame: pd.DataFrame, category: str, value: str, *, unit: str, format: str = "+.1f", height: int | None = None) -> alt.LayerChart:
    """Bars to both sides of zero, each with its value at its end; positive and negative differ in tone."""
    colours = palette()
    rows = frame.assign(text=[_signed(v, format) for v in frame[value]])
    y = alt.Y(f"{category}:N", sort=list(frame[category]), title=None, axis=alt.Axis(labelLimit=240, ticks=False, domain=False))
    x = alt.X(f"{value}:Q", title=unit, axis=alt.Axis(format=format, tickCount=6))
    tone = alt.condition(f"datum['{value}'] >= 0", alt.value(colours.accent), alt.value(colours.series[3]))
    bars = alt.Chart(rows).mark_bar().encode(y=y, x=x, color=tone, tooltip=[alt.Tooltip(f"{category}:N", title="Place"), alt.Tooltip("text:N", title=unit)])
    layers = [bars, alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=colours.ink).encode(x="at:Q")]
    for sign, align, shift in ((">= 0", "left", 5), ("< 0", "right", -5)):
        part = alt.Chart(rows).transform_filter(f"datum['{value}'] {sign}")
        layers.append(part.mark_text(align=align, dx=shift, fontSize=12, color=colours.ink).encode(y=y, x=x, text="text:N"))
    return alt.layer(*layers).properties(height=height or max(120, 30 * len(frame)), padding={"left": 5, "right": 50, "top": 5, "bottom": 5})


def _signed(value: float, form: str) -> str:
    return format(value, form).replace("-", "−")
