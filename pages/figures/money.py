"""The figures of the money page: what was said, what conflicts, and the model as its levers move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import pandas as pd

from ics_core import catalogue, money, words
from ics_core.area import AREA
from ics_core.figure import Figure, Number
from ics_core.population import DRAWS
from ics_core.population.tables import UNMOVED
from ics_core.scenario import Scenario
from pages.components.charts.bars import differences, plain
from pages.components.charts.lines import projected_line
from pages.components.charts.picture import Listing
from pages.components.charts.waterfall import waterfall
from pages.figures import levers_did as levers_did_figure
from pages.figures.choices import Asked
from pages.figures.registry import Made, Moved, against, figure, strip

_CORE = "from ics_core import money\n"
_MODEL = _CORE + "from ics_core.scenario import Scenario\n"


def texts() -> dict[str, Any]:
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


def resources_table() -> str:
    """What the opening resources are made of, and what no figure was found for, in Markdown."""
    table = money.resources()
    rows = [
        [
            row.part,
            row.period,
            words.number(row.published, 1) if row.published == row.published else "–",
            words.number(row.opening, 0) if row.opening else "–",
            f"{row.source}. {row.note}".rstrip(". ") + ".",
        ]
        for row in table.itertuples()
    ]
    year = table["period"].iloc[-1]
    return words.markdown_table(["Part", "Year", "Published, £ million", f"In {year}, £ million", "Source"], rows)


@figure("conflict", page="money", name="What is in print")
def conflict(view: View) -> Made:
    """The figures published for one year, which do not agree."""
    table = money.conflicting()
    return Figure(
        id="conflict",
        finding=f"For {table['period'].iloc[0]} the board's gap, or what it has to save, is put at "
        f"{' or '.join(map(money.pounds, table['value']))}",
        subtitle="Figures in print for the same year, £ million, the board's budget",
        table=table,
        sources=("reported_values",),
        method=texts()["method"]["conflict"],
        code=_CORE + "table = money.conflicting()",
        alt="Bars of the conflicting figures: "
        + "; ".join(f"{row.name}, {money.pounds(row.value)}" for row in table.itertuples(index=False))
        + ".",
        columns={
            "name": "What",
            "meaning": "Kind of figure",
            "period": "Year",
            "value": "£ million",
            "source": "Source",
            "note": "Note",
        },
        credit="; ".join(table["source"]),
    ), plain(table, "said", "value", unit="£ million")


# ---------------------------------------------------------------------------------------- the model


@strip("money")
def results(view: View) -> tuple[Number, ...]:
    """The gap in the last year, when it closes, and the saving it takes each year to close it."""
    said, now, before = texts()["results"], _results(view.opening, view.scenario), _results(view.opening, view.unmoved)
    gap = money.pounds(now["gap"]) if now["gap"] > 0 else said["surplus"].format(amount=money.pounds(-now["gap"]))
    found = [
        Number(
            "gap",
            said["gap"].format(last=now["last"]),
            gap,
            against(money.pounds(now["gap"] - before["gap"], signed=True)),
        ),
        Number(
            "costs",
            said["costs"].format(last=now["last"]),
            money.pounds(now["costs"]),
            against(money.pounds(now["costs"] - before["costs"], signed=True)),
        ),
        Number(
            "needed",
            texts()["needed"].format(last=now["last"]),
            f"{words.number(now['needed'], 1)}% of costs" if now["needed"] > 0 else "None",
            against(f"{words.number(now['needed'] - before['needed'], 1, signed=True)} points"),
        ),
    ]
    return (*found, _closing(now, before)) if now["first"] > 0 else tuple(found)


def _closing(now: Mapping[str, Any], before: Mapping[str, Any]) -> Number:
    """When a gap there is at the start closes."""
    said = texts()["results"]
    years = (now["closes"] or 0) - (before["closes"] or 0) if now["closes"] and before["closes"] else 0
    return Number(
        "closes",
        said["closes"],
        said["in"].format(year=money.financial_year(now["closes"]))
        if now["closes"] and now["gap"] <= 0
        else said["never"].format(last=now["last"]),
        against(words.plural(abs(years), "year") + (" later" if years > 0 else " earlier")) if years else "",
    )


@lru_cache(64)
def _results(opening: str, scenario: Scenario) -> dict[str, Any]:
    frame = money.project(scenario, start=opening)
    ends = frame.groupby("measure")["value"]
    return {
        "first": ends.first()["gap"],
        "last": frame["period"].iloc[-1],
        "gap": ends.last()["gap"],
        "costs": ends.last()["costs"],
        "closes": money.balance_year(scenario, start=opening),
        "needed": money.efficiency_to_balance(scenario, start=opening),
    }


@figure("gap", page="money", name="The gap", moves=True)
def gap(view: View) -> Made:
    """The gap between costs and resources with its band, and A."""
    scenario = view.scenario
    said = money.finding(scenario, view.opening)
    table = money.with_band(scenario, ("gap",), view.opening)
    last = table["period"].iloc[-1]
    return Figure(
        id="gap",
        finding=said,
        subtitle=f"Gap between costs and resources, £ million, cash, {table['period'].iloc[0]} "
        f"(shown as {table['year'].iloc[0]}) to {last}, projected; below zero is a surplus",
        table=table,
        sources=("founding_finance",),
        method=texts()["method"]["project"].format(draws=f"{DRAWS:,}"),
        code=f"{_MODEL}table = money.with_band({scenario!r}, ('gap',), {view.opening!r})",
        alt=f"A dashed line of the projected gap with a band. {said}.",
        kind="projected",
        columns={"period": "Year", "value": "Gap, £ million", "lower": "Lower edge", "upper": "Upper edge"},
        credit=view.credit,
    ), projected_line(
        _lines(view, table, ("gap",)),
        unit="Gap, £ million: above zero is more pressure, below a surplus",
        moved_by="gap",
        domain=money.extremes(("gap",), view.opening, scenario.basis),
        level=0.0,
    )


def _lines(view: View, table: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    """The rows of ``table`` to draw: the opening position as a dot, A and no lever moved beside."""
    names = texts()["measures"]
    ours = table.rename(columns={"lower": "low", "upper": "high"})
    ours = ours.assign(series=ours["measure"].map(names), kind="projected")
    parts = [ours[~ours["projected"]].assign(kind="published").drop(columns=["low", "high"]), ours]
    beside = [("kept", f"A: {view.kept.label}", view.kept)] if view.kept else []
    beside += [("unmoved", UNMOVED, view.unmoved)] if view.scenario.moved else []
    for kind, name, scenario in beside:
        other = money.project(scenario, start=view.opening)
        other = other[other["measure"].isin(measures)]
        series = name if len(measures) == 1 else name + ": " + other["measure"].map(names).str.lower()
        parts.append(other.assign(series=series, kind=kind))
    return pd.concat(parts, ignore_index=True)


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
    ), projected_line(
        _lines(view, table, ("resources", "costs")),
        unit="£ million",
        moved_by="resources-and-costs",
        domain=money.extremes(("resources", "costs"), view.opening, view.scenario.basis),
    )


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
    ), waterfall(
        table,
        unit="£ million",
        start="Opening gap",
        end="Gap in the last year",
        begin=view.start["gap"],
        meaning=(texts()["pressure"]["more"], texts()["pressure"]["less"]),
    )


@figure("levers-did", page="money", name="What each lever did", moves=True)
def levers_did(view: View) -> Made:
    """What each lever that is moved does to the gap of the last year, one after the other."""
    return levers_did_figure.made(
        money.levers_did(view.scenario, view.opening),
        texts()["did"].format(last=_results(view.opening, view.scenario)["last"]),
        money.UNIT,
        axis="£ million",
        column="Change in the gap, £ million",
        code=f"{_MODEL}table = money.levers_did({view.scenario!r}, {view.opening!r})",
        sources=("founding_finance",),
        say=partial(money.pounds, signed=True),
        titles=(texts()["did_title"], texts()["did_none"]),
        meaning=(texts()["pressure"]["more"], texts()["pressure"]["less"]),
        credit=view.credit,
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
    ), differences(
        table,
        "lever",
        "last_year",
        unit="£ million",
        decimals=0,
        meaning=(texts()["pressure"]["more"], texts()["pressure"]["less"]),
    )


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
