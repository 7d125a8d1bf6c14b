"""The model: people by age and sex times rates, times what is assumed about use, prevention and other ways of care."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from ics_core import population
from ics_core.demand.record import (
    AGES,
    Measure,
    demand_levers,
    effects,
    history,
    measure,
    measures,
    order,
    people_in,
    rates,
)
from ics_core.errors import DemandError
from ics_core.kept import MEGABYTE, kept, read_only
from ics_core.population import FOOTPRINT
from ics_core.scenario import Scenario, levers

AGE_GROUPS = MappingProxyType(
    {"0 to 17": (0, 17), "18 to 64": (18, 64), "65 to 74": (65, 74), "75 to 84": (75, 84), "85 and over": (85, 90)}
)
OLDER = 65  # effects of prevention may be limited to people of this age and over
OLD = np.arange(AGES) >= OLDER


def people_only(scenario: Scenario) -> Scenario:
    """The scenario's people: setting other levers or ranges never works out demand from people again."""
    people = {i: value for i, value in scenario.moved if i in population.LEVERS}
    return Scenario(basis=scenario.basis).replace(**people)


def told_people(m: Measure, official: population.Projection) -> np.ndarray:
    """The people whom the published level of a measure is of [sex, age]: estimated, where they start later."""
    if m.told_year < official.years[0]:
        return people_in(m.told_year)
    return official.people[place_index(FOOTPRINT, official)][..., year_index(m.told_year, official)]


@cache
def scales(basis: str) -> np.ndarray:
    """What each rate is multiplied by so that the base year equals what was published [measure]; 1 without one."""
    official = population.run(Scenario(basis=basis))
    scales = np.ones(len(measures()))
    for n, (measure_id, m) in enumerate(measures().items()):
        record = history(measure_id)
        if not record.empty:
            expected = (rates()[n] * told_people(m, official)).sum()
            scales[n] = record["value"].iloc[-1] / expected
    read_only(scales)
    return scales


@kept(20 * MEGABYTE)
def _base(people_scenario: Scenario) -> np.ndarray:
    """Demand from people alone [measure, age group, place, year]: today's rates, nobody acting on them.

    Up to the base year of a measure it is that of the official projection, whatever levers are moved: what was
    published stays as it is.
    """
    run = population.run(people_scenario)
    weights = rates() * scales(people_scenario.basis)[:, None, None]
    places, sexes, ages, years = run.people.shape
    people = run.people.reshape(places, sexes * ages, years)
    by_group = [(weights * group).reshape(-1, sexes * ages) @ people for group in (~OLD, OLD)]  # [place, measure, year]
    demand = np.ascontiguousarray(np.stack(by_group).transpose(2, 0, 1, 3))
    if people_scenario.moved:
        official = _base(Scenario(basis=people_scenario.basis))
        for n, start in enumerate(starts()):
            known = slice(0, int(start - run.years[0]) + 1)
            demand[n, ..., known] = official[n, ..., known]
    read_only(demand)
    return demand


def people_of(scenario: Scenario, year: int, measure_id: str) -> population.Projection:
    """The run whose people ask in ``year``: the official one up to the base year of the measure (see ``_base``)."""
    known = year <= measure(measure_id).anchor_year
    return population.run(Scenario(basis=scenario.basis) if known else people_only(scenario))


@cache
def starts() -> np.ndarray:
    """Base year of each measure, in the order of the register."""
    return np.array([m.anchor_year for m in measures().values()])


@cache
def sizes_of(lever_id: str) -> np.ndarray:
    """Effect of a lever at 100% [measure, age group, (central, low, high)]."""
    sizes = np.zeros((len(measures()), 2, 3))
    for e in effects():
        if e.lever == lever_id:
            sizes[order()[e.measure], 1 if e.age_from >= OLDER else slice(None)] = (e.at_full, e.low, e.high)
    return sizes


def factor(lever_id: str, value: float, years: np.ndarray) -> np.ndarray:
    """What the lever multiplies demand by [measure, age group, year]."""
    since = np.maximum(years - starts()[:, None], 0)
    if levers()[lever_id].group == "trends":
        moved = np.array([m.trend == lever_id for m in measures().values()])[:, None]
        return np.repeat(np.where(moved, (1 + value / 100) ** since, 1.0)[:, None, :], 2, axis=1)
    reached = since / (years[-1] - starts())[:, None]
    return 1 + sizes_of(lever_id)[:, :, :1] * (value / 100) * reached[:, None, :]


def moved_levers(scenario: Scenario) -> list[tuple[str, float]]:
    """Levers of demand that are moved, with their values, in the order of the register."""
    return [(i, value) for i, value in scenario.moved if i in demand_levers()]


def all_demand(scenario: Scenario) -> tuple[np.ndarray, population.Projection]:
    """Demand [measure, age group, place, year] with every lever, and the population behind it."""
    people_scenario = people_only(scenario)
    run, demand = population.run(people_scenario), _base(people_scenario)
    for lever_id, value in moved_levers(scenario):
        demand = demand * factor(lever_id, value, run.years)[:, :, None, :]
    return demand, run


def place_index(place_code: str, run: population.Projection | population.Draws) -> int:
    """Place in the arrays of a place; a DemandError names the known."""
    codes = list(run.places)
    if place_code not in codes:
        raise DemandError(f"There is no place {place_code!r} in the model. Choose one of: {', '.join(codes)}.")
    return codes.index(place_code)


def year_index(year: int, run: population.Projection) -> int:
    """Place in the arrays of a year; a DemandError names the first and last."""
    years = run.years
    if not years[0] <= year <= years[-1]:
        raise DemandError(f"year {year} is outside the projection. Choose a year from {years[0]} to {years[-1]}.")
    return int(year - years[0])


@cache
def _template(basis: str) -> pd.DataFrame:
    """Every row of ``project`` but its value: the same for all scenarios on one basis."""
    run = population.run(Scenario(basis=basis))
    names = population.places().set_index("place_code")["place"]
    index = pd.MultiIndex.from_product([measures(), run.places, run.years], names=["measure_id", "place_code", "year"])
    frame = index.to_frame(index=False)
    frame.insert(1, "measure", frame["measure_id"].map({i: m.label for i, m in measures().items()}))
    frame.insert(2, "unit", frame["measure_id"].map({i: m.unit for i, m in measures().items()}))
    frame.insert(4, "place", frame["place_code"].map(names))
    return frame


def project(scenario: Scenario = Scenario()) -> pd.DataFrame:
    """Demand for every measure, place and year: measure_id, measure, unit, place_code, place, year, value.

    Services are counts a year, conditions people at mid-year. A place's figure applies the footprint's
    scaling to the place's residents: people of the same age and sex are taken to ask for the same
    everywhere, so places sum to the footprint within each set (five localities, eight districts).
    """
    demand, _ = all_demand(scenario)
    frame = _template(scenario.basis).copy(deep=False)
    frame["value"] = demand.sum(axis=1).reshape(-1)
    return frame


def series(measure_id: str, scenario: Scenario = Scenario(), place_code: str = FOOTPRINT) -> pd.DataFrame:
    """One measure in one place: year, value."""
    values, run = values_of(measure(measure_id).id, scenario, place_code)
    return pd.DataFrame({"year": run.years, "value": values})


def from_people(measure_id: str, scenario: Scenario, place_code: str) -> tuple[np.ndarray, population.Projection]:
    """Demand from people alone for one measure and place [age group, year]."""
    people_scenario = people_only(scenario)
    run = population.run(people_scenario)
    return _base(people_scenario)[order()[measure_id], :, place_index(place_code, run)], run


def values_of(measure_id: str, scenario: Scenario, place_code: str) -> tuple[np.ndarray, population.Projection]:
    """Demand for one measure and place by year, all steps taken."""
    base, run = from_people(measure_id, scenario, place_code)
    for lever_id, value in moved_levers(scenario):
        base = base * factor(lever_id, value, run.years)[order()[measure_id]]
    return base.sum(axis=0), run


def by_age(
    measure_id: str, scenario: Scenario = Scenario(), years: tuple[int, ...] | None = None, place_code: str = FOOTPRINT
) -> pd.DataFrame:
    """Demand by broad age group: year, age_group, value; the groups sum to the total.

    ``years`` are the base year of the measure and the last year of the projection unless given.
    """
    m = measure(measure_id)
    run = population.run(people_only(scenario))
    n, place = order()[measure_id], place_index(place_code, run)
    weights = rates()[n] * scales(scenario.basis)[n]
    rows = []
    for year in years or (m.anchor_year, int(run.years[-1])):
        at = year_index(year, run)
        by_single_age = (weights * people_of(scenario, year, m.id).people[place, ..., at]).sum(axis=0)
        for lever_id, value in moved_levers(scenario):
            by_single_age = by_single_age * factor(lever_id, value, run.years)[n][OLD.astype(int), at]
        rows += [(year, group, by_single_age[low : high + 1].sum()) for group, (low, high) in AGE_GROUPS.items()]
    return pd.DataFrame(rows, columns=["year", "age_group", "value"])
