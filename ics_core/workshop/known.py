"""What the models know that a workshop asks about: numbers to guess, and the outcomes a lever moves.

A session names both in its TOML; the figures themselves always come from the models and the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from ics_core import ambitions, catalogue, demand, geography, money, population, words
from ics_core.area import AREA
from ics_core.errors import WorkshopError
from ics_core.scenario import Scenario, levers

NO_CHANGE = Scenario()
POINTS_OF_A_LEVER = 11  # at which an outcome is worked out along a lever; between them it is drawn straight


@dataclass(frozen=True)
class Known:
    """A number to be guessed: its value, a sentence that tells it, and the source line."""

    value: float
    sentence: str
    credit: str


@dataclass(frozen=True)
class Outcome:
    """What a scenario leads to: ``series`` gives the years and a value each."""

    id: str
    label: str
    unit: str
    said: str  # with {n}
    series: Callable[[Scenario], tuple[tuple[int, ...], tuple[float, ...]]]

    def words(self, value: float) -> str:
        """A value in words: 'about 120,000 emergency admissions a year', 'a surplus of £433 million a year'."""
        if self.id == "gap":
            said = self.said if value >= 0 else self.said.replace("gap", "surplus")
            return said.format(n=money.pounds(abs(value)))
        return self.said.format(n=f"about {words.about(value)}")


# ------------------------------------------------------------------------------------- numbers to guess


def _years() -> tuple[int, int]:
    first, last = population.run().years[[0, -1]]
    return int(first), int(last)


@cache
def facts() -> Mapping[str, str]:
    """What the text of a question may hold in braces: first and last projected year, the last of the money model."""
    first, last = _years()
    money_last = money.project().year.max()
    return MappingProxyType(
        {"first_year": str(first), "last_year": str(last), "money_year": money.financial_year(int(money_last))}
    )


def _credit(*names: str) -> str:
    found = dict.fromkeys(f"{s.publisher}, {s.title} ({s.licence})" for s in map(catalogue.source, names))
    return "; ".join(found)


def _people(ages: str, year: int) -> float:
    table = population.totals(Scenario(), AREA.code, ages).set_index("year")["population"]
    return float(table[year])


def _aged(ages: str) -> str:
    return f"{ages[:-1]} or over" if ages.endswith("+") else ages.replace("-", " to ")


def share_aged(ages: str, year: int | None = None) -> Known:
    """Of 100 residents of the footprint, how many are of these ages in that year (default: the last projected)."""
    year = _years()[1] if year is None else year
    value = 100 * _people(ages, year) / _people("all ages", year)
    sentence = f"Of every 100 residents, {words.number(value, 1)} are projected to be {_aged(ages)} in {year}."
    return Known(value, sentence, _credit("projections_2022"))


def growth_aged(ages: str) -> Known:
    """By how many per cent the residents of these ages grow over the projection."""
    first, last = _years()
    before, after = _people(ages, first), _people(ages, last)
    value = 100 * (after / before - 1)
    sentence = (
        f"Residents aged {_aged(ages)} are projected to go from about {words.about(before)} in {first} "
        f"to about {words.about(after)} in {last}: {words.percent(value, 0, signed=True)}."
    )
    return Known(value, sentence, _credit("projections_2022"))


def demand_growth(measure: str) -> Known:
    """By how many per cent a measure of demand grows when people of the same age ask for as much as now."""
    first, last = _years()
    table = demand.series(measure).set_index("year")["value"]
    value = float(100 * (table[last] / table[first] - 1))
    name = demand.measure(measure).label
    sentence = (
        f"{name}: {words.percent(value, 0, signed=True)} from {first} to {last}, projected, "
        "if people of each age need as much as people of that age do now."
    )
    return Known(value, sentence, f"Our projection from {_credit('projections_2022', 'demand_rates')}")


def indicator(indicator_id: str, area: str = AREA.board.code) -> Known:
    """The latest published value of an indicator."""
    status = ambitions.status(indicator_id, area)
    sentence = f"{status.name}: {status.latest_text} in {words.when(status.period)} ({status.area})."
    return Known(float(status.latest), sentence, status.source)


def within_minutes(minutes: int, group: str = geography.GROUPS[0]) -> Known:
    """Of 100 residents of a group, how many live within that many minutes' drive of an acute hospital."""
    table = geography.beyond(minutes)
    row = table[(table["code"] == AREA.code) & (table["group"] == group)].iloc[0]
    value = 100 - float(row["share"])
    people = "residents" if group == geography.GROUPS[0] else f"residents {words.small(group)}"
    sentence = (
        f"Of every 100 {people}, about {words.number(value)} live within {minutes} minutes' drive of an acute hospital."
    )
    return Known(value, sentence, _credit("lsoas", "drive_times"))


def a_day(measure: str) -> Known:
    """How many a day of a service, in its last recorded year."""
    m = demand.measure(measure)
    table = demand.series(measure).set_index("year")["value"]
    value = float(table[m.anchor_year]) / demand.DAYS
    sentence = f"{m.label}: about {words.about(value)} a day in {m.anchor_year}-{(m.anchor_year + 1) % 100:02d}."
    return Known(value, sentence, _credit("local_activity"))


ANSWERS: Mapping[str, Callable[..., Known]] = MappingProxyType(
    {
        "share_aged": share_aged,
        "growth_aged": growth_aged,
        "demand_growth": demand_growth,
        "indicator": indicator,
        "within_minutes": within_minutes,
        "a_day": a_day,
    }
)


def answer(name: str, given: Mapping[str, Any]) -> Known:
    """The number of that name. Raises ``WorkshopError`` for a name or a choice that is not known."""
    if name not in ANSWERS:
        raise WorkshopError(f"There is no number called {name!r}.{words.did_you_mean(name, ANSWERS)}")
    return _answer(name, tuple(sorted(given.items())))


@lru_cache(maxsize=128)
def _answer(name: str, given: tuple[tuple[str, Any], ...]) -> Known:
    try:
        return ANSWERS[name](**dict(given))
    except TypeError as problem:
        raise WorkshopError(f"{name}: {problem}.") from None


# ------------------------------------------------------------------------------------------- outcomes


def _residents(ages: str) -> Callable[[Scenario], tuple[tuple[int, ...], tuple[float, ...]]]:
    def series(scenario: Scenario) -> tuple[tuple[int, ...], tuple[float, ...]]:
        table = population.totals(scenario, AREA.code, ages)
        return tuple(table["year"]), tuple(table["population"])

    return series


def _births(scenario: Scenario) -> tuple[tuple[int, ...], tuple[float, ...]]:
    table = population.components(scenario)
    table = table[table["component"] == "births"]
    return tuple(table["year"]), tuple(table["value"])


def _demanded(measure: str) -> Callable[[Scenario], tuple[tuple[int, ...], tuple[float, ...]]]:
    def series(scenario: Scenario) -> tuple[tuple[int, ...], tuple[float, ...]]:
        table = demand.series(measure, scenario)
        return tuple(table["year"]), tuple(table["value"])

    return series


def _gap(scenario: Scenario) -> tuple[tuple[int, ...], tuple[float, ...]]:
    table = money.project(scenario).query("measure == 'gap'")
    return tuple(table["year"]), tuple(table["value"])


@cache
def outcomes() -> Mapping[str, Outcome]:
    """Every outcome by id: residents, each service and condition, and the gap between costs and resources."""
    people = [
        Outcome("residents", "Residents", "people", "{n} residents", _residents("all ages")),
        Outcome("residents_55_plus", "Residents of 55 and over", "people", "{n} aged 55 or over", _residents("55+")),
        Outcome("residents_85_plus", "Residents of 85 and over", "people", "{n} aged 85 or over", _residents("85+")),
        Outcome("births", "Births", "births a year", "{n} births a year", _births),
    ]
    care = [
        Outcome(m.id, m.label, m.unit, f"{{n}} {m.noun}{' a year' if m.kind == 'service' else ''}", _demanded(m.id))
        for m in demand.measures().values()
    ]
    short = Outcome("gap", "Gap between costs and money", "£ million", "a gap of {n} a year", _gap)
    return MappingProxyType({one.id: one for one in [*people, *care, short]})


def path(outcome_id: str, scenario: Scenario) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Years and values of an outcome. Raises ``WorkshopError`` for an unknown one."""
    if outcome_id not in outcomes():
        raise WorkshopError(f"There is no outcome {outcome_id!r}.{words.did_you_mean(outcome_id, outcomes())}")
    acting = _acting(outcome_id)
    return _path(outcome_id, Scenario(scenario.basis, **{i: value for i, value in scenario.moved if i in acting}))


@lru_cache(maxsize=8192)
def _path(outcome_id: str, scenario: Scenario) -> tuple[tuple[int, ...], tuple[float, ...]]:
    return outcomes()[outcome_id].series(scenario)


@cache
def _acting(outcome_id: str) -> frozenset[str]:
    """The levers that can move an outcome: of a room's many scenarios most are then alike."""
    if outcome_id == "gap":
        return frozenset(levers())
    if outcome_id in demand.measures():
        return frozenset({*population.LEVERS, *demand.levers_of(outcome_id)})
    return frozenset(population.LEVERS)


def at_end(outcome_id: str, scenario: Scenario = NO_CHANGE) -> tuple[int, float]:
    """The last year of an outcome and its value then."""
    years, values = path(outcome_id, scenario)
    return int(years[-1]), float(values[-1])


@cache
def response(lever_id: str, outcome_id: str) -> tuple[tuple[float, float], ...]:
    """What a lever alone does to an outcome in its last year: lever value and outcome, at evenly spaced points."""
    lever = levers()[lever_id]
    values = np.linspace(lever.low, lever.high, POINTS_OF_A_LEVER).round(lever.decimals)
    return tuple((float(v), at_end(outcome_id, Scenario(**{lever_id: float(v)}))[1]) for v in values)


def year_words(outcome_id: str) -> str:
    """The last year of an outcome in words: 2047, or 2035/36 for money."""
    year = at_end(outcome_id)[0]
    return money.financial_year(year) if outcome_id == "gap" else str(year)
