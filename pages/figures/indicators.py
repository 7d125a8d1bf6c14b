"""Figures of the indicator explorer: each takes what was chosen and returns a figure with its picture."""

from __future__ import annotations

from functools import partial

import altair as alt
import pandas as pd

from ics_core import ambitions, catalogue, systems
from ics_core.ambitions import Status, explorer
from pages.components.charts import lines as charts
from pages.components.charts import systems as system_charts
from pages.components.charts.lines import SHAPES
from pages.components.charts.theme import palette
from pages.components.frame.old_show import Figure
from pages.components.lists import indicators as indicator_list

KINDS = {"trust": "NHS trusts", "district": "districts"}


def _method(name: str) -> str:
    return catalogue.toml("text/pages")["indicators"]["method"][name]


def listing(table: pd.DataFrame, call: str) -> tuple[Figure, partial]:
    """The indicators found, as a list of links; ``call`` is the call of ``explorer.find`` that gives ``table``."""
    figure = Figure(
        id="found",
        title=explorer.finding(table),
        subtitle="Latest published figure of each, in the widest local area it has, or the range of the districts where nothing wider is published; improving or getting worse as its control chart tells, where it has one",
        table=table.drop(columns="states"),
        sources=("observations", "indicators", "targets"),
        method=_method("list"),
        code=f'from ics_core.ambitions import explorer\ntable = explorer.{call}.drop(columns="states")',
        alt="List of indicators, each with a link, its latest figure, the area and period, and how it stands.",
        columns={
            "ambition_name": "Ambition",
            "name": "Indicator",
            "area": "Area",
            "latest_text": "Latest",
            "period": "Period",
            "variation": "Movement",
            "target_text": "Target",
            "gap_text": "Gap",
            "how_often": "Published",
            "publisher": "Publisher",
        },
    )
    return figure, partial(indicator_list.rows, table)


def beside(one: Status, codes: list[str]) -> tuple[Figure, alt.TopLevelMixin]:
    """One to four areas on one scale. Raises ``ValueError`` where they cannot share one."""
    table = explorer.side_by_side(one.indicator_id, codes)
    scale = table.attrs["scale"]
    index = scale.startswith("index, ")
    single = table.groupby("area").size().max() == 1
    return Figure(
        id="beside",
        title=explorer.apart(table),
        subtitle=f"{one.name}, {scale}, the published figures of each area",
        table=table,
        sources=("observations",),
        credit=one.source,
        method=_method("beside"),
        code=f'from ics_core.ambitions import explorer\ntable = explorer.side_by_side("{one.indicator_id}", {codes})',
        alt=f"{'Bars' if single else 'Lines over time'} of {one.name} for {systems.in_a_row(list(dict.fromkeys(table['area'])))}. Latest in common: {explorer.apart(table)}.",
        kind="our calculation" if index else "fact",
        columns={
            "area": "Area",
            "period_label": "Period",
            "value": one.unit.capitalize(),
            **({"shown": scale.capitalize()} if index else {}),
        },
        level=3,
    ), (_bars(table, one.area, scale) if single else _lines(table, scale, one))


def _bars(table: pd.DataFrame, own: str, unit: str) -> alt.LayerChart:
    return charts.bars(table, "area", "shown", unit=f"{unit}, {table['period_label'].iloc[0]}", mark=own, format=",.1f")


def _lines(table: pd.DataFrame, scale: str, one: Status) -> alt.LayerChart:
    """Lines that stop where periods are missing, told apart by colour and shape; named breaks as dotted rules."""
    colours = palette()
    names = list(dict.fromkeys(table["area"]))
    title = f"{scale} (axis does not start at zero)"
    legend = alt.Legend(
        orient="top",
        title=None,
        columns=1 if max(map(len, names)) > 16 else 2,
        labelLimit=300,
        symbolOpacity=1,
        symbolSize=90,
    )
    colour = alt.Color("area:N", scale=alt.Scale(domain=names, range=list(colours.series[: len(names)])), legend=legend)
    shape = alt.Shape("area:N", scale=alt.Scale(domain=names, range=SHAPES[: len(names)]), legend=legend)
    tooltip = [
        alt.Tooltip("area", title="Area"),
        alt.Tooltip("period_label", title="Period"),
        alt.Tooltip("shown", title=scale, format=",.2f"),
    ]
    base = alt.Chart(table).encode(
        x=alt.X("period_end:T", title=None, axis=alt.Axis(grid=False, tickCount=7)),
        y=alt.Y(
            "shown:Q", title=title, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(format=",~f", tickCount=6)
        ),
        color=colour,
    )
    # Past two dozen periods a mark on every point hides the lines.
    size = 55 if table.groupby("area").size().max() <= 24 else 18
    layers = [
        base.mark_line(strokeWidth=2).encode(detail=["stretch:N"]),
        base.mark_point(filled=True, opacity=1, size=size).encode(shape=shape, tooltip=tooltip),
    ]
    first, last = table["period_start"].min(), table["period_start"].max()
    found = {
        b.date: b.reason
        for code in dict.fromkeys(table["area_code"])
        for b in ambitions.breaks(one.indicator_id, code)
        if first < b.date <= last
    }
    if found:
        marks = alt.Chart(pd.DataFrame({"date": list(found), "reason": list(found.values())}))
        layers.append(
            marks.mark_rule(color=colours.ink, strokeDash=[2, 3]).encode(
                x="date:T", tooltip=[alt.Tooltip("reason", title="Break")]
            )
        )
    return alt.layer(*layers).properties(height=340 + 24 * len(names))


def ranked(one: Status, area_type: str) -> tuple[Figure, alt.LayerChart] | None:
    """The trusts or districts in order, the chosen one marked; None where there are too few to rank."""
    table = explorer.ranked(one.indicator_id, area_type)
    if table.empty:
        return None
    standing = explorer.standing(one.indicator_id, table, one.area_code)
    margins = "; thin lines are 95% intervals" if table["lower_ci"].notna().any() else ""
    return Figure(
        id=f"rank-{area_type}",
        title=standing,
        subtitle=f"{one.name}, {one.unit}, {KINDS[area_type]}, {table['period_label'].iloc[0]}{margins}",
        table=table,
        sources=("observations",),
        credit=one.source,
        method=_method(f"rank_{area_type}"),
        code=f'from ics_core.ambitions import explorer\ntable = explorer.ranked("{one.indicator_id}", "{area_type}")',
        alt=f"Bars of {one.name} for {len(table)} {KINDS[area_type]}. {standing}.",
        kind="our calculation",
        columns={"rank": "Rank", "area": "Area", "says": "Figure", "lower_ci": "95% interval from", "upper_ci": "to"},
        level=3,
    ), _ranked(table, one)


def _ranked(table: pd.DataFrame, one: Status) -> alt.LayerChart:
    """A thin bar under the name of each area, so that long names fit on a phone; the chosen one in colour and bold."""
    colours = palette()
    own = alt.datum["area_code"] == one.area_code
    base = alt.Chart(table.assign(words=table["area"] + ", " + table["says"])).encode(
        y=alt.Y("area:N", sort=None, axis=None)
    )
    tooltip = [
        alt.Tooltip("area", title="Area"),
        alt.Tooltip("says", title=one.unit),
        alt.Tooltip("rank", title="Rank"),
    ]
    bars = base.mark_bar(height=10).encode(
        x=alt.X("value:Q", title=one.unit, scale=alt.Scale(zero=True), axis=alt.Axis(format=",~f", tickCount=4)),
        color=alt.condition(own, alt.value(colours.accent), alt.value(colours.neutral)),
        opacity=alt.condition(own, alt.value(1), alt.value(0.5)),
        tooltip=tooltip,
    )
    layers = [bars]
    if table["lower_ci"].notna().any():
        layers.append(base.mark_rule(color=colours.ink, strokeWidth=1.5).encode(x="lower_ci:Q", x2="upper_ci:Q"))
    for shown, weight in ((own, "bold"), (alt.datum["area_code"] != one.area_code, "normal")):
        names = base.mark_text(
            align="left", baseline="middle", dy=-14, fontSize=12.5, fontWeight=weight, color=colours.ink
        )
        layers.append(names.transform_filter(shown).encode(x=alt.value(2), text="words:N"))
    return alt.layer(*layers).properties(height=alt.Step(40))


def among_systems(one: Status, measure: str) -> tuple[Figure, alt.LayerChart]:
    """The 42 systems on the measure that is this very indicator."""
    about = systems.metrics().set_index("metric_id").loc[measure]
    stands = systems.rank(measure)
    table = systems.distribution(measure)
    england, england_words = systems.england(measure)[0], systems.england_in_words(measure)
    finding = f"{stands.name} is {stands.position} systems, at {systems.worded(stands.value, stands.unit)}"
    return Figure(
        id="systems",
        title=finding,
        subtitle=f"{about['metric']}, {systems.when(stands.period)}. {england_words}",
        table=table,
        sources=("system_observations",),
        credit=systems.credit(measure),
        method=_method("systems") + "\n\n" + "\n".join(f"- {caution}" for caution in systems.cautions(measure)),
        code=f'from ics_core import systems\ntable = systems.distribution("{measure}")',
        alt=f"Bars of {about['metric']} for each of {len(table)} systems from highest to lowest. {finding}.",
        columns={"rank": "Rank", "name": "System", "says": "Figure", "basis": "How it was made"},
        level=3,
    ), system_charts.ranked(table, stands.name, stands.unit, england, england_words)


def gaps(ambition: int | None) -> tuple[Figure, partial]:
    """Headline measures without a recent figure, as cards."""
    table = explorer.gaps(ambition)
    plural = "s have" if len(table) > 1 else " has"
    return Figure(
        id="gaps",
        title=f"{len(table)} headline measure{plural} no recent figure here",
        subtitle="What was promised or named in the plan but cannot be followed yet, with the official dataset that would fill the gap",
        table=table,
        sources=("metric_gaps", "reported_values"),
        method=_method("gaps"),
        code=f"from ics_core.ambitions import explorer\ntable = explorer.gaps({ambition or ''})",
        alt=f"Cards for {len(table)} headline measures without a recent figure, each with the official dataset and how to bring it in.",
        columns={
            "ambition_name": "Ambition",
            "what": "Measure",
            "last_known": "Last known",
            "publisher": "Publisher",
            "dataset": "Official dataset",
            "address": "Address",
            "how": "How to bring it in",
        },
    ), partial(indicator_list.gap_cards, table)
