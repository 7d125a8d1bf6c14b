"""The figures of the money page: what was said, what conflicts, and the model as its levers move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ics_core import catalogue, money, words
from ics_core.area import AREA
from ics_core.figure import Figure, Number
from ics_core.population import DRAWS
from ics_core.scenario import Scenario
from pages.components.charts import lines as charts
from pages.components.charts import projection as projection_charts
from pages.components.charts import story as story_charts
from pages.components.charts.picture import Listing
from pages.figures.choices import Asked
from pages.figures.registry import Made, Moved, against, figure, strip

_CORE = "from ics_core import money\n"
_MODEL = _CORE + "from ics_core.scenario import Scenario\n"


def texts() -> dict:
    """The words of the page."""
    return catalogue.toml("text/pages")["money"]


@dataclass(frozen=True)
class View(Moved):
    """What the reader looks at: the scenario in play and the opening position of the model."""

    opening: str = money.DEFAULT_START

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.scenario()
        asked.one("opening", openings(), "an opening position")
        return cls(**asked.found), asked.notes

    @property
    def start(self) -> pd.Series:
        return money.starts().set_index("start_id").loc[self.opening]

    @property
    def credit(self) -> str:
        return texts()["credit"].format(source=self.start["source"])


def openings() -> dict[str, str]:
    """The opening positions in a few words, by id."""
    return money.starts().set_index("start_id")["said"].to_dict()


# ----------------------------------------------------------------------------------------- in print


def said_in_2018() -> list[tuple[str, str, str]]:
    """The money figures of the bid, large: what it is, the amount, where it stands."""
    said = money.founding().set_index("ref")
    return [
        (label, money.pounds(said.value[ref]), f"{said.then[ref]}. {said.document[ref]}.")
        for ref, label in texts()["headline"].items()
    ]


@figure("conflict", page="money", name="What is in print")
def conflict(view: View) -> Made:
    """The figures published for one year, which do not agree."""
    table = money.conflicting()
    return Figure(
        id="conflict",
        finding=f"For {table['period'].iloc[0]} the money short is put at "
        f"{' or '.join(map(money.pounds, table['value']))}",
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
    ), charts.bars(table, "said", "value", unit="£ million", format=",.0f", height=160)


# ---------------------------------------------------------------------------------------- the model


@strip("money")
def results(view: View) -> tuple[Number, ...]:
    """The gap in the last year, when it closes, and the saving it takes each year to close it."""
    said, now, before = texts()["results"], _results(view, view.scenario), _results(view, view.unmoved)
    years = now["closes"] is not None and before["closes"] is not None and now["closes"] - before["closes"]
    return (
        Number(
            "gap",
            said["gap"].format(last=now["last"]),
            money.pounds(now["gap"]) if now["gap"] > 0 else said["surplus"].format(amount=money.pounds(-now["gap"])),
            against(money.pounds(now["gap"] - before["gap"], signed=True)),
        ),
        Number(
            "closes",
            said["closes"],
            said["never"].format(last=now["last"])
            if now["closes"] is None
            else said["in"].format(year=money.financial_year(now["closes"])),
            against(words.plural(abs(years), "year") + (" later" if years > 0 else " earlier")) if years else "",
        ),
        Number(
            "needed",
            texts()["needed"].format(last=now["last"]),
            f"{words.number(now['needed'], 1)}% of costs" if now["needed"] > 0 else "None",
            against(f"{words.number(now['needed'] - before['needed'], 1, signed=True)} points"),
        ),
    )


def _results(view: View, scenario: Scenario) -> dict[str, Any]:
    gaps = money.project(scenario, start=view.opening).query("measure == 'gap'")
    return {
        "last": gaps["period"].iloc[-1],
        "gap": gaps["value"].iloc[-1],
        "closes": money.balance_year(scenario, start=view.opening),
        "needed": money.efficiency_to_balance(scenario, start=view.opening),
    }


@figure("gap", page="money", name="The gap", moves=True)
def gap(view: View) -> Made:
    """The gap between costs and resources with its band, and A."""
    scenario, kept = view.scenario, view.kept
    table = money.with_band(scenario, ("gap",), view.opening)
    last = table["period"].iloc[-1]
    beside = money.with_band(kept, ("gap",), view.opening) if kept else None
    lines = story_charts.money_lines(table, texts()["measures"], beside, f"A: {kept.label}" if kept else "")
    return Figure(
        id="gap",
        finding=money.finding(scenario, view.opening),
        subtitle=f"Gap between costs and resources, £ million, cash, {table['period'].iloc[0]} "
        f"(shown as {table['year'].iloc[0]}) to {last}, projected; below zero is a surplus",
        table=table,
        sources=("founding_finance",),
        method=texts()["method"]["project"].format(draws=f"{DRAWS:,}"),
        code=f"{_MODEL}table = money.with_band({scenario!r}, ('gap',), {view.opening!r})",
        alt=f"A dashed line of the projected gap with a band. {money.finding(scenario, view.opening)}.",
        kind="projected",
        columns={"period": "Year", "value": "Gap, £ million", "lower": "Lower edge", "upper": "Upper edge"},
        credit=view.credit,
    ), story_charts.with_zero(projection_charts.projected_line(lines, unit="£ million", moved_by="gap"))


@figure("resources-and-costs", page="money", name="Resources and costs", moves=True)
def resources_and_costs(view: View) -> Made:
    """Both lines that leave the gap between them."""
    table = money.with_band(view.scenario, ("resources", "costs"), view.opening)
    ends = table.groupby("measure")["value"].last().map(money.pounds)
    return Figure(
        id="resources-and-costs",
        finding=f"By {table['period'].iloc[-1]} costs reach {ends['costs']} and resources {ends['resources']}",
        subtitle="Resources and costs, £ million, cash, projected; the opening resources are "
        f"{view.start['resources_basis']}",
        table=table,
        sources=("founding_finance",),
        method=texts()["method"]["project"].format(draws=f"{DRAWS:,}"),
        code=f"{_MODEL}table = money.with_band({view.scenario!r}, ('resources', 'costs'), {view.opening!r})",
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
    ), projection_charts.projected_line(story_charts.money_lines(table, texts()["measures"]), unit="£ million")


@figure("money-steps", page="money", name="What opens it", moves=True)
def steps(view: View) -> Made:
    """What each rate does to the gap, one after the other."""
    table = money.steps(view.scenario, start=view.opening)
    told = "; ".join(f"{row.step} {words.number(row.change, signed=True)}" for row in table.itertuples())
    return Figure(
        id="money-steps",
        finding=money.steps_finding(table),
        subtitle="What each rate does to the gap in the last year, £ million, projected",
        table=table,
        sources=("founding_finance",),
        method=texts()["method"]["steps"],
        code=f"{_MODEL}table = money.steps({view.scenario!r}, start={view.opening!r})",
        alt=f"Bars that lead from the opening gap to that of the last year: {told}.",
        kind="projected",
        columns={"step": "Step", "change": "Change in the gap, £ million"},
        credit=view.credit,
    ), projection_charts.waterfall(
        table, unit="£ million", start="Opening gap", end="Gap in the last year", begin=view.start["gap"]
    )


@figure("value-of-a-point", page="money", name="What a point is worth", moves=True)
def value_of_a_point(view: View) -> Made:
    """What one percentage point of each rate does to the gap."""
    table = money.value_of_a_point(view.scenario, start=view.opening)
    worth = table.set_index("lever_id")["first_year"]
    told = "; ".join(f"{row.lever} {words.number(row.last_year, signed=True)}" for row in table.itertuples())
    return Figure(
        id="value-of-a-point",
        finding="One percentage point of efficiency is worth "
        f"{money.pounds(abs(worth['efficiency']))} in the first year",
        subtitle="Change in the gap in the last year when a rate is one percentage point higher in every year, "
        "£ million, projected",
        table=table,
        sources=("founding_finance",),
        method=texts()["method"]["point"],
        code=f"{_MODEL}table = money.value_of_a_point({view.scenario!r}, start={view.opening!r})",
        alt=f"Bars to both sides of zero: {told}.",
        kind="projected",
        columns={
            "lever": "One point more of",
            "first_year": "In the first year, £ million",
            "last_year": "In the last year, £ million",
        },
        credit=view.credit,
    ), projection_charts.differences(table, "lever", "last_year", unit="£ million", format="+,.0f", height=240)


# ------------------------------------------------------------------------------------ said and since


@figure("said-and-since", page="money", name="Said and since")
def said_and_since(view: View) -> Made:
    """Every money figure of the founding documents beside what was published since."""
    table, said = money.since(), money.founding().set_index("ref")
    later = table[table["says"] == texts()["year_later"]].iloc[0]
    return Figure(
        id="said-and-since",
        finding=f"The system was {money.pounds(abs(said.value['FIN-02']))} off plan in {said.as_at['FIN-02']} "
        f"and {money.pounds(abs(later['now_value']))} behind plan in {later['period']}",
        subtitle="Every money figure of the founding documents, and what has been published since",
        table=table,
        sources=("founding_finance", "then_and_now", "reported_values", "observations"),
        method=texts()["method"]["said"],
        code=_CORE + "table = money.since()",
        alt="A list: each money figure of the founding documents, and beside it the published figures since "
        "with their sources.",
        columns=texts()["columns"],
    ), Listing("then_and_now", table)


@figure("assumptions", page="money", name="What is assumed")
def assumptions(view: View) -> Made:
    """The fixed numbers of the model and why they were chosen."""
    table = money.assumptions()
    return Figure(
        id="assumptions",
        finding=f"What the model assumes beside the levers: {len(table)} numbers, none of them official",
        subtitle="Fixed assumptions of the money model",
        table=table,
        sources=("founding_finance",),
        method=texts()["method"]["assumptions"],
        code=_CORE + "table = money.assumptions()",
        alt="A list of the assumptions, their values and why they were chosen.",
        kind="our calculation",
        columns={"what": "What", "said": "Value", "why": "Why", "source": "Source"},
        credit=f"{AREA.title}, assumptions named in each row",
    ), Listing("pairs", table, {"left": "what", "right": "why", "under_left": "said", "under_right": "source"})
