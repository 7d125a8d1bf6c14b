"""Money: the figures of 2018 and since, and a model of resources, costs and the gap."""

import streamlit as st

from ics_core import catalogue, money
from pages.components import charts, figure, page, present, projection_charts, scenario_bar, story_charts

texts = catalogue.toml("text/pages")["money"]
said = money.founding().set_index("ref")
page.start("money", resources=money.pounds(said.value["FIN-01"]), gap=money.pounds(abs(said.value["FIN-02"])), said_in=said.as_at["FIN-02"])

with st.container(horizontal=True):
    for ref, label in texts["headline"].items():
        st.metric(label, money.pounds(said.value[ref]), help=f"{said.then[ref]}. {said.document[ref]}.", width="content")

conflict = money.conflicting()
figure.show(
    figure.Figure(
        id="conflict",
        title=f"For {conflict['period'].iloc[0]} the money short is put at {' or '.join(map(money.pounds, conflict['value']))}",
        subtitle="Figures in print for the same year, £ million, the board's budget",
        table=conflict,
        sources=("reported_values",),
        method=texts["method"]["conflict"],
        code="from ics_core import money\ntable = money.conflicting()",
        alt="Bars of the conflicting figures: " + "; ".join(f"{row.name}, {money.pounds(row.value)}" for row in conflict.itertuples(index=False)) + ".",
        columns={"name": "What", "period": "Year", "value": "£ million", "source": "Source", "note": "Note"},
        credit="; ".join(conflict["source"]),
    ),
    charts.bars(conflict, "said", "value", unit="£ million", format=",.0f", height=160),
)
with st.container(width=page.READING_WIDTH):
    st.markdown(texts["columns_note"].format(period=conflict["period"].iloc[0]))

st.header(texts["model_title"], anchor="model")
with st.container(width=page.READING_WIDTH):
    st.markdown(texts["model"])
starts = money.starts().set_index("start_id")
start = st.selectbox("Opening position", list(starts.index), format_func=starts["said"].get, key="opening", bind="query-params")
opening = starts.loc[start]
st.caption(f"{opening['name']}: {money.pounds(opening['gap'])}. The model opens in {opening['period']} with resources of {money.pounds(opening['resources'])} ({opening['resources_basis']}). {opening['source']}.")
bar = scenario_bar.show(("money",))
credit = texts["credit"].format(source=opening["source"])


def code(call: str) -> str:
    return f"from ics_core import money\nfrom ics_core.scenario import Scenario\ntable = money.{call}"


def gap() -> None:
    table = money.with_band(bar.scenario, ("gap",), start, bar.draws)
    needed = money.efficiency_to_balance(bar.scenario, start=start)
    lines = story_charts.money_lines(table, texts["measures"], money.with_band(bar.pinned, ("gap",), start, bar.draws) if bar.pinned else None, bar.pinned_label)
    figure.show(
        figure.Figure(
            id="gap",
            title=money.finding(bar.scenario, start),
            subtitle=f"Gap between costs and resources, £ million, cash, {table['period'].iloc[0]} (shown as {table['year'].iloc[0]}) to {table['period'].iloc[-1]}, projected; below zero is a surplus",
            table=table,
            sources=("founding_finance",),
            method=texts["method"]["project"].format(draws=f"{bar.draws:,}"),
            code=code(f"with_band({bar.scenario!r}, ('gap',), {start!r})"),
            alt=f"A dashed line of the projected gap with a band. {money.finding(bar.scenario, start)}.",
            kind="projected",
            columns={"period": "Year", "value": "Gap, £ million", "lower": "Lower edge", "upper": "Upper edge"},
            level=3,
            credit=credit,
        ),
        story_charts.with_zero(projection_charts.projected_line(lines, unit="£ million")),
    )
    st.metric(f"Saving needed each year to close the gap by {table['period'].iloc[-1]}", f"{max(needed, 0):.1f}% of costs" if needed > 0 else "None", help=texts["needed_help"])


def resources_and_costs() -> None:
    table = money.with_band(bar.scenario, ("resources", "costs"), start, bar.draws)
    ends = table.groupby("measure")["value"].last()
    figure.show(
        figure.Figure(
            id="resources-and-costs",
            title=f"By {table['period'].iloc[-1]} costs reach {money.pounds(ends['costs'])} and resources {money.pounds(ends['resources'])}",
            subtitle="Resources and costs, £ million, cash, projected; opening resources are the 2018 total, carried forward where the start is later",
            table=table,
            sources=("founding_finance",),
            method=texts["method"]["project"].format(draws=f"{bar.draws:,}"),
            code=code(f"with_band({bar.scenario!r}, ('resources', 'costs'), {start!r})"),
            alt=f"Two dashed lines with bands: costs reach {money.pounds(ends['costs'])}, resources {money.pounds(ends['resources'])}.",
            kind="projected",
            columns={"period": "Year", "measure": "What", "value": "£ million", "lower": "Lower edge", "upper": "Upper edge"},
            level=3,
            credit=credit,
        ),
        projection_charts.projected_line(story_charts.money_lines(table, texts["measures"]), unit="£ million"),
    )


def steps() -> None:
    table = money.steps(bar.scenario, start=start)
    up, down = table.loc[table["change"].idxmax()], table.loc[table["change"].idxmin()]
    figure.show(
        figure.Figure(
            id="money-steps",
            title=f"{up['step']} would widen the gap most, by {money.pounds(up['change'])}; {down['step'][0].lower()}{down['step'][1:]} narrows it by {money.pounds(abs(down['change']))}",
            subtitle="What each rate does to the gap in the last year, £ million, projected",
            table=table,
            sources=("founding_finance",),
            method=texts["method"]["steps"],
            code=code(f"steps({bar.scenario!r}, start={start!r})"),
            alt="Bars that lead from the opening gap to that of the last year: " + "; ".join(f"{row.step} {row.change:+,.0f}" for row in table.itertuples()) + ".",
            kind="projected",
            columns={"step": "Step", "change": "Change in the gap, £ million"},
            level=3,
            credit=credit,
        ),
        projection_charts.waterfall(table, unit="£ million", start="Opening gap", end="Gap in the last year", begin=opening["gap"]),
    )


def value_of_a_point() -> None:
    table = money.value_of_a_point(bar.scenario, start=start)
    worth = table.set_index("lever_id")["first_year"]
    figure.show(
        figure.Figure(
            id="value-of-a-point",
            title=f"One percentage point of efficiency is worth {money.pounds(abs(worth['efficiency']))} in the first year",
            subtitle="Change in the gap in the last year when a rate is one percentage point higher in every year, £ million, projected",
            table=table,
            sources=("founding_finance",),
            method=texts["method"]["point"],
            code=code(f"value_of_a_point({bar.scenario!r}, start={start!r})"),
            alt="Bars to both sides of zero: " + "; ".join(f"{row.lever} {row.last_year:+,.0f}" for row in table.itertuples()) + ".",
            kind="projected",
            columns={"lever": "One point more of", "first_year": "In the first year, £ million", "last_year": "In the last year, £ million"},
            level=3,
            credit=credit,
        ),
        projection_charts.differences(table, "lever", "last_year", unit="£ million", format="+,.0f", height=240),
    )


present.figures([gap, resources_and_costs, steps, value_of_a_point], bar)

since = money.since()
later = since[since["says"] == texts["year_later"]].iloc[0]
figure.show(
    figure.Figure(
        id="said-and-since",
        title=f"The system was {money.pounds(abs(said.value['FIN-02']))} off plan in {said.as_at['FIN-02']} and {money.pounds(abs(later['now_value']))} behind plan in {later['period']}",
        subtitle="Every money figure of the founding documents, and what has been published since",
        table=since,
        sources=("founding_finance", "then_and_now", "reported_values", "observations"),
        method=texts["method"]["said"],
        code="from ics_core import money\ntable = money.since()",
        alt="A list: each money figure of the founding documents, and beside it the published figures since with their sources.",
        columns=texts["columns"],
    ),
    lambda: story_charts.then_and_now(since),
)

assumptions = money.assumptions()
figure.show(
    figure.Figure(
        id="assumptions",
        title=f"What the model assumes beside the levers: {len(assumptions)} numbers, none of them official",
        subtitle="Fixed assumptions of the money model",
        table=assumptions,
        sources=("founding_finance",),
        method=texts["method"]["assumptions"],
        code="from ics_core import money\ntable = money.assumptions()",
        alt="A table of the assumptions, their values and why they were chosen.",
        kind="our calculation",
        columns={"what": "What", "value": "Value", "unit": "Unit", "why": "Why"},
    ),
    lambda: story_charts.pairs(assumptions["what"], assumptions["why"], assumptions["said"], assumptions["source"]),
)
