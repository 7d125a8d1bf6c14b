"""The figures of an ambition's page: each takes what was chosen and returns a figure with its picture."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ics_core import ambitions, catalogue
from ics_core.ambitions import Outlook, Status
from pages.components.charts import lines as charts
from pages.components.charts import spc as spc_chart
from pages.components.charts.theme import palette
from pages.components.frame.old_show import Figure

STATES = {
    "delivered": ("circle", "Delivered or met"),
    "due": ("diamond", "Due"),
    "late": ("triangle-down", "Late or missed"),
    "unknown": ("square", "Not known"),
}


def headlines(number: int, rows: pd.DataFrame) -> Figure:
    counts = ambitions.tally(rows)
    moving = (
        f"{counts['improving']} of {counts['judged']} headline measures with a control chart improving"
        if counts["judged"]
        else "No headline measure fit for a control chart"
    )
    missing = (
        f"{counts['missing target']} of {counts['aimed']} with a target missing it"
        if counts["aimed"]
        else "none with a target"
    )
    return Figure(
        id="headlines",
        title=f"{moving}, {missing}",
        subtitle="Latest published figure of each; the small lines show up to 24 periods, the dashed line a target",
        table=rows.drop(columns=["recent", "states"]),
        sources=("observations", "targets"),
        method=catalogue.text("method_ambitions"),
        code=f'from ics_core import ambitions\ntable = ambitions.overview()\ntable = table[table["ambition"] == {number}].drop(columns=["recent", "states"])',
        alt="Cards of the headline measures: latest figure, recent course, movement, and how they stand against the target.",
        columns={
            "name": "Measure",
            "area": "Area",
            "latest_text": "Latest",
            "period": "Period",
            "change_text": "On the year before",
            "variation": "Movement",
            "target_text": "Target",
            "gap_text": "Gap",
        },
    )


def series(one: Status) -> tuple[Figure, alt.LayerChart]:
    table = ambitions.chart(one.indicator_id, one.area_code)
    steps = ambitions.target_steps(one.indicator_id, one.area_code)
    reading = "control chart with mean and natural limits" if one.chart_kind == "xmr" else "trend"
    drawn = "; thick lines are targets" if len(steps) else ""
    figure = Figure(
        id="measure",
        title=ambitions.finding(one),
        subtitle=f"{one.unit}, {one.area}, {table['period_label'].iloc[0]} to {one.period}, {reading}{drawn}",
        table=table,
        sources=("observations", "targets") if len(steps) else ("observations",),
        credit=one.source,
        method=catalogue.text("method_spc"),
        code=f'from ics_core import ambitions\ntable = ambitions.chart("{one.indicator_id}", "{one.area_code}")',
        alt=f"Line chart. {ambitions.finding(one)}. {one.chart_reason}",
        columns={"period_label": "Period", "value": one.name, "lower_ci": "95% interval from", "upper_ci": "to"}
        if one.chart_kind == "trend"
        else {
            "period_label": "Period",
            "value": one.name,
            "mean": "Mean",
            "lower": "Lower limit",
            "upper": "Upper limit",
            "signal": "Signal",
        },
        level=3,
    )
    return figure, spc_chart.series(one, table, steps)


def bands(one: Status) -> tuple[Figure, alt.LayerChart]:
    table = ambitions.bands(one.indicator_id, one.area_code)
    last = table[table["period_end"] == table["period_end"].max()].set_index("band")["value"]
    figure = Figure(
        id="bands",
        title=f"Most deprived band {ambitions.format_value(last['Most deprived'], one.unit)}, least deprived {ambitions.format_value(last['Least deprived'], one.unit)}",
        subtitle=f"{one.name}, {one.unit}, by deprivation of the GP practice, {one.area.split(',')[0]}, {one.period}",
        table=table,
        sources=("observations",),
        credit=one.source,
        method="Averages or medians of GP practices, put in bands by the deprivation of the area they serve. The bands are those of the compiler; people are not grouped by where they live.",
        code=f'from ics_core import ambitions\ntable = ambitions.bands("{one.indicator_id}", "{one.area_code}")',
        alt="Line chart of the measure over time, one line for each deprivation band of GP practices.",
        columns={"band": "Band", "period_label": "Period", "value": one.name},
        level=3,
    )
    return figure, charts.line(table, "period_end", "value", "band", unit=one.unit)


def what_if(one: Status, found: Outlook, change: float) -> tuple[Figure, alt.LayerChart]:
    said = (
        f"{found.attainment_words[0].upper()}{found.attainment_words[1:]}"
        if one.target
        else f"At this pace {ambitions.format_value(found.reached, one.unit)} by {ambitions.format_day(found.by)}"
    )
    few = f", and by {ambitions.format_day(found.by)} {found.fewer_words}" if found.fewer else ""
    figure = Figure(
        id="what-if",
        title=f"{said}{few}",
        subtitle=f"{one.name}, {one.unit}, {one.area}: published to {one.period}, then projected at {ambitions.format_pace(found.change, one.unit)}",
        table=found.table,
        sources=("observations", "targets") if one.target else ("observations",),
        credit=one.source,
        method="A straight line from the latest figure, the same improvement every month, within what is possible. The band is the usual month-to-month variation of the series (or its published interval), so it does not cover everything that may happen. The required pace is the gap to the target over the time between the latest figure and the target's date. The recent pace is a straight line fitted to the latest two years (five for yearly figures), never across a named break. People are counted on the latest total.",
        code=f'from ics_core import ambitions\ntable = ambitions.projected("{one.indicator_id}", "{one.area_code}", {change!r}).table',
        alt=f"Line chart of the series, continued dashed as projected. {said}.",
        kind="projected",
        columns={
            "period_end": "Period to",
            "value": one.name,
            "lower": "Band from",
            "upper": "to",
            "projected": "Projected",
        },
        level=3,
    )
    return figure, spc_chart.outlook(one, found)


def timeline(number: int) -> tuple[Figure, alt.LayerChart]:
    table = ambitions.milestones(number)
    counts = table["state"].value_counts()
    said = ", ".join(f"{counts[s]} {STATES[s][1].lower()}" for s in STATES if s in counts)
    figure = Figure(
        id="milestones",
        title=f"Of {len(table)} milestones: {said}",
        subtitle="Events and deadlines of this ambition, by date; state on the day of the data release",
        table=table,
        sources=("milestones",),
        method="Milestones were read from pages of NHS bodies, councils and the press; the plan itself, with its own yearly steps, was not found. Delivered: a source reports it, or the figures meet the national aims of that date. Late: reported as put off, or a figure misses an aim. Not known: the date has passed and no report or figure was found.",
        code=f"from ics_core import ambitions\ntable = ambitions.milestones({number})",
        alt=f"Timeline of {len(table)} milestones, {said}.",
        columns={
            "date": "Date",
            "objective_id": "Objective",
            "milestone": "Milestone",
            "state": "State",
            "evidence": "What is known",
            "source": "Source",
        },
    )
    return figure, _timeline(table)


def _timeline(table: pd.DataFrame) -> alt.LayerChart:
    colours = palette()
    paint = {"delivered": colours.good, "due": colours.neutral, "late": colours.bad, "unknown": colours.series[2]}
    here = [s for s in STATES if s in set(table["state"])]
    shown = table.assign(
        words=table["state"].map({s: text for s, (_, text) in STATES.items()}),
        label=table["milestone"].where(table["milestone"].str.len() < 62, table["milestone"].str.slice(0, 59) + "…"),
    )
    y = alt.Y("milestone_id:N", sort=shown["milestone_id"].tolist(), axis=None)
    domain = [STATES[s][1] for s in here]
    legend = alt.Legend(orient="top", title=None, columns=2, symbolSize=110)
    base = alt.Chart(shown).encode(
        y=y,
        tooltip=[
            alt.Tooltip("date", title="Date"),
            alt.Tooltip("milestone", title="Milestone"),
            alt.Tooltip("words", title="State"),
            alt.Tooltip("evidence", title="What is known"),
        ],
    )
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(grid=True, tickCount=6)),
        color=alt.Color("words:N", scale=alt.Scale(domain=domain, range=[paint[s] for s in here]), legend=legend),
        shape=alt.Shape("words:N", scale=alt.Scale(domain=domain, range=[STATES[s][0] for s in here]), legend=legend),
    )
    today = pd.DataFrame({"day": [catalogue.released()], "label": ["data release"]})
    rule = alt.Chart(today).mark_rule(color=colours.ink, strokeDash=[2, 3]).encode(x="day:T")
    track = base.mark_rule(color=colours.rule).encode(x=alt.value(0), x2=alt.value("width"))
    names = base.mark_text(align="left", dy=-15, fontSize=12, color=colours.ink).encode(x=alt.value(0), text="label")
    return alt.layer(track, rule, dots, names).properties(height=alt.Step(44))
