"""The figures of the money page: what was said, what conflicts, and the model as its levers move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ics_core import catalogue, money
from ics_core.population import DRAWS_WHILE_MOVING
from ics_core.scenario import Scenario
from pages.components.charts import lines as charts
from pages.components.charts import projection as projection_charts
from pages.components.charts import story as story_charts
from pages.components.frame import numbers
from pages.components.frame import old_show as figure
from pages.components.instant import channel as instant
from pages.components.instant.channel import Answer, Question
from pages.components.scenario.bar import Bar

_CORE = "from ics_core import money\n"
_MODEL = _CORE + "from ics_core.scenario import Scenario\n"


def texts() -> dict:
    """The words of the page."""
    return catalogue.toml("text/pages")["money"]


@dataclass(frozen=True)
class View:
    """What the reader looks at: the scenario in play and the opening position."""

    bar: Bar
    start: str

    @property
    def opening(self) -> pd.Series:
        return money.starts().set_index("start_id").loc[self.start]

    @property
    def credit(self) -> str:
        return texts()["credit"].format(source=self.opening["source"])


def headline() -> None:
    """The money figures of the bid, large."""
    said = money.founding().set_index("ref")
    with st.container(horizontal=True):
        for ref, label in texts()["headline"].items():
            st.metric(
                label, money.pounds(said.value[ref]), help=f"{said.then[ref]}. {said.document[ref]}.", width="content"
            )


def conflict() -> None:
    table = money.conflicting()
    figure.show(
        figure.Figure(
            id="conflict",
            title=f"For {table['period'].iloc[0]} the money short is put at {' or '.join(map(money.pounds, table['value']))}",
            subtitle="Figures in print for the same year, £ million, the board's budget",
            table=table,
            sources=("reported_values",),
            method=texts()["method"]["conflict"],
            code=_CORE + "table = money.conflicting()",
            alt="Bars of the conflicting figures: "
            + "; ".join(f"{row.name}, {money.pounds(row.value)}" for row in table.itertuples(index=False))
            + ".",
            columns={"name": "What", "period": "Year", "value": "£ million", "source": "Source", "note": "Note"},
            credit="; ".join(table["source"]),
        ),
        charts.bars(table, "said", "value", unit="£ million", format=",.0f", height=160),
    )


def said_and_since() -> None:
    table, said = money.since(), money.founding().set_index("ref")
    later = table[table["says"] == texts()["year_later"]].iloc[0]
    figure.show(
        figure.Figure(
            id="said-and-since",
            title=f"The system was {money.pounds(abs(said.value['FIN-02']))} off plan in {said.as_at['FIN-02']} and {money.pounds(abs(later['now_value']))} behind plan in {later['period']}",
            subtitle="Every money figure of the founding documents, and what has been published since",
            table=table,
            sources=("founding_finance", "then_and_now", "reported_values", "observations"),
            method=texts()["method"]["said"],
            code=_CORE + "table = money.since()",
            alt="A list: each money figure of the founding documents, and beside it the published figures since with their sources.",
            columns=texts()["columns"],
        ),
        lambda: story_charts.then_and_now(table),
    )


def question(view: View) -> Question:
    """What the page asks while a lever moves: the line of ``gap`` and the saving needed."""
    return Question("money", {"opening": view.start} | view.bar.scenario.to_query(), levers=True, lines=("gap",))


def at_once(asked: Mapping[str, str], lever: str, value: float | str) -> Answer:
    """The answer to ``question`` with ``lever`` at ``value``."""
    _, scenario = instant.scenarios(asked, lever, value)
    table = money.with_band(scenario, ("gap",), asked["opening"], DRAWS_WHILE_MOVING)
    lines = story_charts.money_lines(table, texts()["measures"])
    return Answer(
        {"needed": numbers.words("", _needed(scenario, asked["opening"], table["period"].iloc[-1]))},
        {"gap": projection_charts.moving(lines)},
    )


def _needed(scenario: Scenario, start: str, last: str) -> list[numbers.Number]:
    needed = money.efficiency_to_balance(scenario, start=start)
    return [(texts()["needed"].format(last=last), f"{needed:.1f}% of costs" if needed > 0 else "None", "")]


def gap(view: View) -> None:
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = money.with_band(scenario, ("gap",), view.start, view.bar.draws)
    last = table["period"].iloc[-1]
    beside = money.with_band(kept, ("gap",), view.start, view.bar.draws) if kept else None
    figure.show(
        figure.Figure(
            id="gap",
            title=money.finding(scenario, view.start),
            subtitle=f"Gap between costs and resources, £ million, cash, {table['period'].iloc[0]} (shown as {table['year'].iloc[0]}) to {last}, projected; below zero is a surplus",
            table=table,
            sources=("founding_finance",),
            method=texts()["method"]["project"].format(draws=f"{view.bar.draws:,}"),
            code=f"{_MODEL}table = money.with_band({scenario!r}, ('gap',), {view.start!r})",
            alt=f"A dashed line of the projected gap with a band. {money.finding(scenario, view.start)}.",
            kind="projected",
            columns={"period": "Year", "value": "Gap, £ million", "lower": "Lower edge", "upper": "Upper edge"},
            credit=view.credit,
        ),
        story_charts.with_zero(
            projection_charts.projected_line(
                story_charts.money_lines(table, texts()["measures"], beside, view.bar.pinned_label),
                unit="£ million",
                moved_by="gap",
            )
        ),
    )
    numbers.show("", _needed(scenario, view.start, last), "needed")
    st.caption(texts()["needed_help"])


def resources_and_costs(view: View) -> None:
    scenario = view.bar.scenario
    table = money.with_band(scenario, ("resources", "costs"), view.start, view.bar.draws)
    ends = table.groupby("measure")["value"].last().map(money.pounds)
    figure.show(
        figure.Figure(
            id="resources-and-costs",
            title=f"By {table['period'].iloc[-1]} costs reach {ends['costs']} and resources {ends['resources']}",
            subtitle=f"Resources and costs, £ million, cash, projected; the opening resources are {view.opening['resources_basis']}",
            table=table,
            sources=("founding_finance",),
            method=texts()["method"]["project"].format(draws=f"{view.bar.draws:,}"),
            code=f"{_MODEL}table = money.with_band({scenario!r}, ('resources', 'costs'), {view.start!r})",
            alt=f"Two dashed lines with bands: costs reach {ends['costs']}, resources {ends['resources']}.",
            kind="projected",
            columns={
                "period": "Year",
                "measure": "What",
                "value": "£ million",
                "lower": "Lower edge",
                "upper": "Upper edge",
            },
            credit=view.credit,
        ),
        projection_charts.projected_line(story_charts.money_lines(table, texts()["measures"]), unit="£ million"),
    )


def steps(view: View) -> None:
    scenario = view.bar.scenario
    table = money.steps(scenario, start=view.start)
    figure.show(
        figure.Figure(
            id="money-steps",
            title=money.steps_finding(table),
            subtitle="What each rate does to the gap in the last year, £ million, projected",
            table=table,
            sources=("founding_finance",),
            method=texts()["method"]["steps"],
            code=f"{_MODEL}table = money.steps({scenario!r}, start={view.start!r})",
            alt="Bars that lead from the opening gap to that of the last year: "
            + "; ".join(f"{row.step} {row.change:+,.0f}" for row in table.itertuples())
            + ".",
            kind="projected",
            columns={"step": "Step", "change": "Change in the gap, £ million"},
            credit=view.credit,
        ),
        projection_charts.waterfall(
            table, unit="£ million", start="Opening gap", end="Gap in the last year", begin=view.opening["gap"]
        ),
    )


def value_of_a_point(view: View) -> None:
    scenario = view.bar.scenario
    table = money.value_of_a_point(scenario, start=view.start)
    worth = table.set_index("lever_id")["first_year"]
    figure.show(
        figure.Figure(
            id="value-of-a-point",
            title=f"One percentage point of efficiency is worth {money.pounds(abs(worth['efficiency']))} in the first year",
            subtitle="Change in the gap in the last year when a rate is one percentage point higher in every year, £ million, projected",
            table=table,
            sources=("founding_finance",),
            method=texts()["method"]["point"],
            code=f"{_MODEL}table = money.value_of_a_point({scenario!r}, start={view.start!r})",
            alt="Bars to both sides of zero: "
            + "; ".join(f"{row.lever} {row.last_year:+,.0f}" for row in table.itertuples())
            + ".",
            kind="projected",
            columns={
                "lever": "One point more of",
                "first_year": "In the first year, £ million",
                "last_year": "In the last year, £ million",
            },
            credit=view.credit,
        ),
        projection_charts.differences(table, "lever", "last_year", unit="£ million", format="+,.0f", height=240),
    )


def assumptions() -> None:
    table = money.assumptions()
    figure.show(
        figure.Figure(
            id="assumptions",
            title=f"What the model assumes beside the levers: {len(table)} numbers, none of them official",
            subtitle="Fixed assumptions of the money model",
            table=table,
            sources=("founding_finance",),
            method=texts()["method"]["assumptions"],
            code=_CORE + "table = money.assumptions()",
            alt="A list of the assumptions, their values and why they were chosen.",
            kind="our calculation",
            columns={"what": "What", "said": "Value", "why": "Why", "source": "Source"},
            credit="Norfolk & Waveney ICS Explorer, assumptions named in each row",
        ),
        lambda: story_charts.pairs(table["what"], table["why"], table["said"], table["source"]),
    )
