"""Demand: what people of a given age and sex ask of services, and how many live with a condition.

Activity is people by age and sex times a rate by age and sex, scaled so that the base year equals what
was published here, times what is assumed about use per person, prevention and other ways of care. Each
of these is a named step that keeps its own contribution, so ``drivers`` sums to the change exactly.

>>> project(Scenario(ae_trend=1))                       # every measure, place and year
>>> drivers("ae_attendances", Scenario(falls=50))       # why one of them changes

Rates, published levels and effect sizes are in ``activity``, the levers in ``data/levers.toml``. Arrays
have the axes measure, age group (under 65, 65 and over), place, year. People are residents.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from ics_core import catalogue, population
from ics_core.activity import (
    AGES,
    DAYS,
    DemandError,
    Measure,
    demand_levers,
    effects,
    history,
    levers_of,
    measure,
    measures,
    observed,
    order,
    rates,
    trend_range,
)
from ics_core.implied import FOOTPRINT
from ics_core.scenario import Scenario, levers, range_table

WAVENEY, EAST_SUFFOLK = (
    "E07000206",
    "E07000244",
)  # practices of the area bear the code of the district Waveney is now part of
AGE_GROUPS = MappingProxyType(
    {"0 to 17": (0, 17), "18 to 64": (18, 64), "65 to 74": (65, 74), "75 to 84": (75, 84), "85 and over": (85, 90)}
)
OLDER = 65  # effects of prevention may be limited to people of this age and over
GROWTH, AGEING = "Population growth", "Ageing"
PER_PERSON = MappingProxyType(
    {"service": "Use per person", "condition": "How common at each age"}
)  # by kind of measure
WEEKS, WORKING_DAYS = 52, 253

_OLD = np.arange(AGES) >= OLDER


# ------------------------------------------------------------------------------------------- the model


def _people_only(scenario: Scenario) -> Scenario:
    """The scenario without its demand and money levers and its ranges: setting those never works out demand from people again."""
    return Scenario(basis=scenario.basis, **{i: value for i, value in scenario.moved if i in population.LEVERS})


@cache
def _scales(basis: str) -> np.ndarray:
    """What each rate is multiplied by so that the base year equals what was published [measure]; 1 without a local figure."""
    official = population.run(Scenario(basis=basis))
    people = official.people[_place_index(FOOTPRINT, official)]
    scales = np.ones(len(measures()))
    for n, (measure_id, m) in enumerate(measures().items()):
        record = history(measure_id)
        if not record.empty:
            expected = (rates()[n] * people[..., _year_index(m.anchor_year, official)]).sum()
            scales[n] = record["value"].iloc[-1] / expected
    return scales


@lru_cache(maxsize=32)
def _base(people_scenario: Scenario) -> np.ndarray:
    """Demand from people alone [measure, age group, place, year]: today's rates, nobody acting on them."""
    people = population.run(people_scenario).people
    weights = rates() * _scales(people_scenario.basis)[:, None, None]
    return np.stack(
        [np.tensordot(weights[:, :, group], people[:, :, group], axes=([1, 2], [1, 2])) for group in (~_OLD, _OLD)],
        axis=1,
    )


@cache
def _starts() -> np.ndarray:
    return np.array([m.anchor_year for m in measures().values()])


@cache
def _sizes(lever_id: str) -> np.ndarray:
    """Effect of a lever at 100% [measure, age group, (central, low, high)]."""
    sizes = np.zeros((len(measures()), 2, 3))
    for e in effects():
        if e.lever == lever_id:
            sizes[order()[e.measure], 1 if e.age_from >= OLDER else slice(None)] = (e.at_full, e.low, e.high)
    return sizes


def _factor(lever_id: str, value: float, years: np.ndarray) -> np.ndarray:
    """What the lever multiplies demand by [measure, age group, year]."""
    since = np.maximum(years - _starts()[:, None], 0)
    if levers()[lever_id].group == "trends":
        moved = np.array([m.trend == lever_id for m in measures().values()])[:, None]
        return np.repeat(np.where(moved, (1 + value / 100) ** since, 1.0)[:, None, :], 2, axis=1)
    reached = since / (years[-1] - _starts())[:, None]
    return 1 + _sizes(lever_id)[:, :, :1] * (value / 100) * reached[:, None, :]


def _moved(scenario: Scenario) -> list[tuple[str, float]]:
    return [(i, value) for i, value in scenario.moved if i in demand_levers()]


def _demand(scenario: Scenario) -> tuple[np.ndarray, population.Projection]:
    """Demand [measure, age group, place, year] with every lever, and the population behind it."""
    people_scenario = _people_only(scenario)
    run, demand = population.run(people_scenario), _base(people_scenario)
    for lever_id, value in _moved(scenario):
        demand = demand * _factor(lever_id, value, run.years)[:, :, None, :]
    return demand, run


def _place_index(place_code: str, run: population.Projection) -> int:
    codes = list(run.places)
    if place_code not in codes:
        raise DemandError(f"There is no place {place_code!r} in the model. Choose one of: {', '.join(codes)}.")
    return codes.index(place_code)


def _year_index(year: int, run: population.Projection) -> int:
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
    demand, _ = _demand(scenario)
    frame = _template(scenario.basis).copy(deep=False)
    frame["value"] = demand.sum(axis=1).reshape(-1)
    return frame


def series(measure_id: str, scenario: Scenario = Scenario(), place_code: str = FOOTPRINT) -> pd.DataFrame:
    """One measure in one place: year, value."""
    values, run = _values(measure(measure_id).id, scenario, place_code)
    return pd.DataFrame({"year": run.years, "value": values})


def _one(measure_id: str, scenario: Scenario, place_code: str) -> tuple[np.ndarray, population.Projection]:
    """Demand from people alone for one measure and place [age group, year]."""
    people_scenario = _people_only(scenario)
    run = population.run(people_scenario)
    return _base(people_scenario)[order()[measure_id], :, _place_index(place_code, run)], run


def _values(measure_id: str, scenario: Scenario, place_code: str) -> tuple[np.ndarray, population.Projection]:
    base, run = _one(measure_id, scenario, place_code)
    for lever_id, value in _moved(scenario):
        base = base * _factor(lever_id, value, run.years)[order()[measure_id]]
    return base.sum(axis=0), run


def by_age(
    measure_id: str, scenario: Scenario = Scenario(), years: tuple[int, ...] | None = None, place_code: str = FOOTPRINT
) -> pd.DataFrame:
    """Demand by broad age group: year, age_group, value; the groups sum to the total.

    ``years`` are the base year of the measure and the last year of the projection unless given.
    """
    m = measure(measure_id)
    run = population.run(_people_only(scenario))
    n, at = order()[measure_id], _place_index(place_code, run)
    weights = rates()[n] * _scales(scenario.basis)[n]
    by_single_age = (weights[:, :, None] * run.people[at]).sum(axis=0)
    for lever_id, value in _moved(scenario):
        by_single_age = by_single_age * _factor(lever_id, value, run.years)[n][_OLD.astype(int)]
    chosen = years or (m.anchor_year, int(run.years[-1]))
    rows = [
        (year, group, by_single_age[low : high + 1, _year_index(year, run)].sum())
        for year in chosen
        for group, (low, high) in AGE_GROUPS.items()
    ]
    return pd.DataFrame(rows, columns=["year", "age_group", "value"])


# --------------------------------------------------------------------------------------- what drives it


def drivers(
    measure_id: str,
    scenario: Scenario = Scenario(),
    from_year: int | None = None,
    to_year: int | None = None,
    place_code: str = FOOTPRINT,
) -> pd.DataFrame:
    """What changes demand between two years, in named steps that sum to the change exactly: step, change, group.

    Population growth is what a population of the same age mix would ask; ageing is the rest of what
    people's number, age and sex bring; then use per person (for conditions, how
    common they are at each age); then each prevention lever and each other
    way of care that is moved or drawn, in the order of the register. Levers that act on the number of people
    (births, deaths, migration) show in growth and ageing. Years default to base and last.
    """
    m = measure(measure_id)
    base, run = _one(measure_id, scenario, place_code)
    first = _year_index(m.anchor_year if from_year is None else from_year, run)
    last = _year_index(int(run.years[-1]) if to_year is None else to_year, run)
    people = run.people[_place_index(place_code, run)].sum(axis=(0, 1))
    factors = {i: _factor(i, scenario[i], run.years)[order()[measure_id]] for i in _steps(m, scenario)}
    ends = [(f[..., first], f[..., last]) for f in factors.values()]
    changes = _split(base[..., first], base[..., last], people[last] / people[first], ends)
    names = [(GROWTH, "people"), (AGEING, "people"), *[(_step_name(m, i), levers()[i].group) for i in factors]]
    return pd.DataFrame(
        {"step": [n for n, _ in names], "change": np.array(changes, dtype=float), "group": [g for _, g in names]}
    )


def _steps(m: Measure, scenario: Scenario) -> list[str]:
    """Levers that make a step of their own: the trend always, others when they are moved or drawn."""
    acting = {m.trend, *dict(scenario.moved), *dict(scenario.ranges)}
    return [i for i in levers_of(m.id) if i in acting]


def _step_name(m: Measure, lever_id: str) -> str:
    return PER_PERSON[m.kind] if lever_id == m.trend else levers()[lever_id].label


def _split(start: np.ndarray, end: np.ndarray, growth: Any, factors: list[tuple[np.ndarray, np.ndarray]]) -> list[Any]:
    """The change of demand taken apart, one thing replaced after the other; age groups on the last axis.

    ``start`` and ``end`` are demand from people alone, ``factors`` what each lever multiplies it by in
    the first and the last year. Each step is what it adds to those before it, so nothing is left over.
    """
    now = start
    for before, _ in factors:
        now = now * before
    grown, aged = (
        now * np.expand_dims(growth, -1),
        np.divide(now * end, start, out=np.zeros_like(now * end), where=start > 0),
    )
    changes = [(grown - now).sum(-1), (aged - grown).sum(-1)]
    now = aged
    for before, after in factors:
        moved = now * after / before
        changes.append((moved - now).sum(-1))
        now = moved
    return changes


# ------------------------------------------------------------------------------ what would hold it level


@dataclass(frozen=True)
class Hold:
    """The lever value at which demand in ``year`` equals the base level; ``value`` is None where none does.

    ``level`` is demand in the base year. ``beyond`` is how far demand stays from it, in per cent above
    (or, negative, below), with the lever at whichever end comes nearest; 0 where a value was found.
    """

    lever: str
    label: str
    value: float | None
    year: int
    level: float
    beyond: float
    words: str


def hold_level(
    measure_id: str, scenario: Scenario, lever_id: str, year: int | None = None, place_code: str = FOOTPRINT
) -> Hold:
    """The value of one lever, all others as in the scenario, that keeps demand in ``year`` at the base level.

    Raises ``DemandError`` if the lever does not act on the measure. Solved by bracketing; demand moves
    one way with every lever.
    """
    m = measure(measure_id)
    if lever_id not in levers_of(measure_id):
        raise DemandError(
            f"The lever {lever_id!r} does not act on {m.noun}. Levers that do: {', '.join(levers_of(measure_id))}."
        )
    lever = levers()[lever_id]
    base, run = _one(measure_id, scenario, place_code)
    at = len(run.years) - 1 if year is None else _year_index(year, run)
    n = order()[measure_id]
    for other, value in _moved(scenario):
        if other != lever_id:
            base = base * _factor(other, value, run.years)[n]
    level = float(
        _one(measure_id, Scenario(basis=scenario.basis), place_code)[0][:, _year_index(m.anchor_year, run)].sum()
    )

    def excess(value: float) -> float:
        return float((base[:, at] * _factor(lever_id, value, run.years)[n, :, at]).sum()) - level

    ends = excess(lever.low), excess(lever.high)
    reached = None if ends[0] * ends[1] > 0 else float(brentq(excess, lever.low, lever.high, xtol=1e-9)) + 0.0
    best_at, best = min(zip((lever.low, lever.high), ends), key=lambda end: abs(end[1]))
    beyond = 0.0 if reached is not None else 100 * best / level
    if reached is not None:
        words = f"{lever.label}: {lever.show(reached)}"
    else:
        side = "above" if best > 0 else "below"
        words = (
            f"{lever.label}: not on its own; at {lever.show(best_at)} still {abs(beyond):.0f}% {side} the base level"
        )
    return Hold(lever_id, lever.label, reached, int(run.years[at]), level, beyond, words)


def hold_levels(
    measure_id: str, scenario: Scenario = Scenario(), year: int | None = None, place_code: str = FOOTPRINT
) -> pd.DataFrame:
    """``hold_level`` for every lever that acts on the measure: lever_id, lever, value, unit, beyond, words, year."""
    held = [hold_level(measure_id, scenario, lever_id, year, place_code) for lever_id in levers_of(measure_id)]
    rows = [(h.lever, h.label, h.value, levers()[h.lever].unit, h.beyond, h.words, h.year) for h in held]
    return pd.DataFrame(rows, columns=["lever_id", "lever", "value", "unit", "beyond", "words", "year"]).astype(
        {"value": "float64"}
    )


# -------------------------------------------------------------------------------------------- ranges


def default_ranges(measure_id: str, scenario: Scenario = Scenario()) -> dict[str, tuple[float, float]]:
    """Low and high of each lever that is drawn for this measure: population levers, the trend, and those the scenario has a range for.

    The trend's usual range is ``trend_range``, moved to where the scenario put the lever. Prevention and other
    ways of care are choices: how far they are taken is only drawn if the scenario says so, how large their
    effect is always.
    """
    m = measure(measure_id)
    chosen = {i: scenario.range_of(i) for i, _ in scenario.ranges if i in levers_of(measure_id)}
    return population.default_ranges(scenario) | {m.trend: _usual_trend(measure_id, scenario)} | chosen


def _usual_trend(measure_id: str, scenario: Scenario) -> tuple[float, float]:
    low, high = trend_range(measure_id)
    lever, value = levers()[measure(measure_id).trend], scenario[measure(measure_id).trend]
    return max(lever.low, low + value), min(lever.high, high + value)


def lever_ranges(scenario: Scenario = Scenario()) -> pd.DataFrame:
    """From which range each lever is drawn (``scenario.range_table``): population levers first, then those on demand.

    ``usual`` is "observed" (population), "record" (one trend for all measures it moves), "records" (a trend
    with several: lowest and highest) or "held" (not drawn).
    """
    usual: dict[str, tuple[str, tuple[float, float]]] = {
        i: ("held", (scenario[i], scenario[i])) for i in demand_levers()
    }
    for trend in {m.trend for m in measures().values()}:
        lows, highs = zip(*{_usual_trend(i, scenario) for i, m in measures().items() if m.trend == trend})
        usual[trend] = "record" if len(lows) == 1 else "records", (min(lows), max(highs))
    people = population.default_ranges(scenario.replace(ranges=()))
    return range_table(scenario, {i: ("observed", limits) for i, limits in people.items()} | usual)


@dataclass(frozen=True)
class _Drawn:
    """Many draws of one measure in one place: arrays with the draws first."""

    years: np.ndarray
    base: np.ndarray  # [draw, age group, year] from people alone
    people: np.ndarray  # [draw, year]
    factors: Mapping[str, np.ndarray]  # by lever [draw, age group, year]

    @property
    def values(self) -> np.ndarray:
        """Demand [draw, year]."""
        demand = self.base
        for factor in self.factors.values():
            demand = demand * factor
        return demand.sum(axis=1)


def draw(
    measure_id: str,
    scenario: Scenario = Scenario(),
    place_code: str = FOOTPRINT,
    draws: int = 1000,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> np.ndarray:
    """Demand in each draw [draw, year]: levers drawn from ``ranges`` (lever id: low, high), effects from low to high.

    A lever not named keeps its default range (``default_ranges``); low = high holds it still. The same
    seed gives the same ranks whatever the ranges, so a wider range never makes a narrower band.
    """
    return _draw(measure_id, scenario, place_code, draws, seed, ranges).values


def _draw(
    measure_id: str,
    scenario: Scenario,
    place_code: str,
    draws: int,
    seed: int,
    ranges: Mapping[str, tuple[float, float]] | None,
) -> _Drawn:
    limits = tuple(sorted((ranges or {}).items()))
    return _drawn(measure(measure_id).id, scenario.replace(name=""), place_code, draws, seed, limits)


@lru_cache(maxsize=8)
def _drawn(measure_id: str, scenario: Scenario, place_code: str, draws: int, seed: int, limits: tuple) -> _Drawn:
    m, n, given = measure(measure_id), order()[measure_id], dict(limits)
    unknown = set(given) - set(levers_of(measure_id)) - set(population.LEVERS)
    if unknown:
        known = ", ".join((*population.LEVERS, *levers_of(measure_id)))
        raise DemandError(f"ranges: {min(unknown)!r} does not act on {m.noun}. Choose from {known}.")
    drawn_people = _people_only(scenario).replace(ranges={i: v for i, v in scenario.ranges if i in population.LEVERS})
    some = population.project_draws(
        drawn_people, draws, seed, {i: v for i, v in given.items() if i in population.LEVERS}
    )
    nodes = some.node_people[:, _place_index(place_code, some)]  # [node, sex, age, year]
    weights = (rates()[n] * _scales(scenario.basis)[n])[:, :, None]
    base = np.stack([(nodes[:, :, group] * weights[:, group]).sum(axis=(1, 2)) for group in (~_OLD, _OLD)], axis=1)
    limits_of = default_ranges(measure_id, scenario) | given
    factors = {}
    for lever_id in levers_of(measure_id):
        value = scenario[lever_id]
        random = np.random.default_rng([seed, demand_levers().index(lever_id)])
        low, high = (
            levers()[lever_id].check(limit) if lever_id in given else limit
            for limit in limits_of.get(lever_id, (value, value))
        )
        if low > high:
            raise DemandError(f"ranges: {lever_id} has low {low} above high {high}. Give the lower value first.")
        values = _triangle(_ranks(random, draws), low, min(max(value, low), high), high)
        sizes = _ranks(random, draws)
        if value or lever_id in limits_of:
            factors[lever_id] = _drawn_factors(lever_id, n, values, sizes, some.years)
    return _Drawn(some.years, some.combine(base), some.combine(nodes.sum(axis=(1, 2))), factors)


def _drawn_factors(lever_id: str, n: int, values: np.ndarray, ranks: np.ndarray, years: np.ndarray) -> np.ndarray:
    """What a drawn lever multiplies the measure by [draw, age group, year]."""
    since = np.maximum(years - _starts()[n], 0)
    if levers()[lever_id].group == "trends":
        return np.repeat(((1 + values[:, None] / 100) ** since)[:, None, :], 2, axis=1)
    reached = since / (years[-1] - _starts()[n])
    effects_drawn = np.stack(
        [_triangle(ranks, high, central, low) for central, low, high in _sizes(lever_id)[n]], axis=1
    )
    return 1 + effects_drawn[:, :, None] * (values / 100)[:, None, None] * reached


def _ranks(random: np.random.Generator, draws: int) -> np.ndarray:
    return (random.permutation(draws) + random.random(draws)) / draws


def _triangle(ranks: np.ndarray, low: float, peak: float, high: float) -> np.ndarray:
    """Quantiles of the triangle between low and high at ``ranks`` (0 to 1)."""
    if low == high:
        return np.full_like(ranks, low)
    rising = low + np.sqrt(ranks * (high - low) * (peak - low))
    falling = high - np.sqrt((1 - ranks) * (high - low) * (high - peak))
    return np.where(ranks < (peak - low) / (high - low), rising, falling)


def bands(
    measure_id: str,
    scenario: Scenario = Scenario(),
    place_code: str = FOOTPRINT,
    draws: int = 1000,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """The projected line with its 80% band: year, value, low, high.

    The band covers births, deaths, migration, the trend of use per person and the size of effects as far
    as their ranges go. It does not cover wrong rates, wrong records or what nobody thought of.
    """
    low, high = np.percentile(draw(measure_id, scenario, place_code, draws, seed, ranges), population.BAND, axis=0)
    return series(measure_id, scenario, place_code).assign(low=low, high=high)


def driver_bands(
    measure_id: str,
    scenario: Scenario = Scenario(),
    from_year: int | None = None,
    to_year: int | None = None,
    place_code: str = FOOTPRINT,
    draws: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """``drivers`` with the 80% band of each step over the draws: step, change, group, low, high."""
    frame = drivers(measure_id, scenario, from_year, to_year, place_code)
    drawn = _draw(measure_id, scenario, place_code, draws, seed, None)
    run = population.run(_people_only(scenario))
    first = _year_index(measure(measure_id).anchor_year if from_year is None else from_year, run)
    last = _year_index(int(run.years[-1]) if to_year is None else to_year, run)
    factors = [(f[..., first], f[..., last]) for f in drawn.factors.values()]
    changes = _split(
        drawn.base[..., first], drawn.base[..., last], drawn.people[:, last] / drawn.people[:, first], factors
    )
    low, high = np.percentile(np.array(changes), population.BAND, axis=1)
    return frame.assign(low=low, high=high)


def distribution(
    measure_id: str,
    scenario: Scenario = Scenario(),
    year: int | None = None,
    place_code: str = FOOTPRINT,
    draws: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """Share of draws at or below each value in one year (the last, if not given), for an S-curve: share (0 to 1), value."""
    run = population.run(_people_only(scenario))
    at = len(run.years) - 1 if year is None else _year_index(year, run)
    shares = np.linspace(0, 1, 101)
    return pd.DataFrame(
        {"share": shares, "value": np.quantile(draw(measure_id, scenario, place_code, draws, seed)[:, at], shares)}
    )


# -------------------------------------------------------------------------------------- what it takes


def practices(place_code: str = FOOTPRINT) -> int:
    """General practices at work in the footprint, a locality or a district."""
    table = catalogue.table("practices")
    table = table[table["status"] == "active"]
    if place_code == FOOTPRINT:
        return len(table)
    names = catalogue.table("base_population").drop_duplicates("area_code").set_index("area_code")["area_name"]
    district = EAST_SUFFOLK if place_code == WAVENEY else place_code
    return int(((table["district_code"] == district) | (table["former_ccg"] == names[place_code])).sum())


@cache
def _occupancy() -> float:
    """Share of open general and acute beds that were occupied in the year the bed days are taken from."""
    rows = observed("ga_bed_occupancy")
    rows = rows[rows["year"] == measure("bed_days").anchor_year]
    return float(rows["numerator"].sum() / rows["denominator"].sum())


@cache
def _occupancy_aim() -> float:
    targets = catalogue.table("targets")
    return float(targets.loc[targets["metric_id"] == "UEC_BEDOCC", "target_value"].iloc[0]) / 100


def capacity(
    measure_id: str, scenario: Scenario = Scenario(), year: int | None = None, place_code: str = FOOTPRINT
) -> pd.DataFrame:
    """What the change from base year to ``year`` takes, in plain units: what, value, unit, how.

    The first row is the change itself, the second its percentage; the others put it in visits a day,
    appointments a week for each practice, or beds.
    """
    m = measure(measure_id)
    values, run = _values(measure_id, scenario, place_code)
    at = len(run.years) - 1 if year is None else _year_index(year, run)
    start = _values(measure_id, Scenario(basis=scenario.basis), place_code)[0][_year_index(m.anchor_year, run)]
    more = values[at] - start
    since = f"{run.years[at]} against {m.anchor_year}"
    rows = [("Change", more, m.unit, since), ("Change in per cent", 100 * more / start, "%", since)]
    if m.capacity == "per_day":
        rows.append(("For each day", more / DAYS, f"{m.noun} a day", f"change divided by {DAYS}"))
    elif m.capacity == "per_working_day":
        rows.append(
            (
                "For each working day",
                more / WORKING_DAYS,
                f"{m.noun} a working day",
                f"change divided by {WORKING_DAYS}",
            )
        )
    elif m.capacity == "per_practice_week":
        n = practices(place_code)
        unit, how = f"{m.noun} a week for each of {n} practices", f"change divided by {WEEKS} and by {n}"
        rows.append(("For each practice and week", more / WEEKS / n, unit, how))
    elif m.capacity == "people_per_practice":
        n = practices(place_code)
        rows.append(("For each practice", more / n, f"people for each of {n} practices", f"change divided by {n}"))
    else:
        for words, share in (
            ("as full as in 2024-25", _occupancy()),
            ("as full as the national aim", _occupancy_aim()),
        ):
            rows.append(
                (f"Beds, {words}", more / DAYS / share, "beds", f"change divided by {DAYS} and by {share:.1%} occupied")
            )
    return pd.DataFrame(rows, columns=["what", "value", "unit", "how"])


def levels(basis: str = "ons-2022") -> pd.DataFrame:
    """How the base level of each measure comes about: measure_id, measure, year, period, published, from_rates, scale, status.

    ``from_rates`` is what the rates alone would give for the residents of that year; ``scale`` is
    published over that, 1 where no local figure was found.
    """
    official = population.run(Scenario(basis=basis))
    people = official.people[_place_index(FOOTPRINT, official)]
    rows = []
    for n, (measure_id, m) in enumerate(measures().items()):
        record = history(measure_id)
        last = record.iloc[-1] if not record.empty else None
        expected = (rates()[n] * people[..., _year_index(m.anchor_year, official)]).sum()
        published = last["value"] if last is not None else math.nan
        period, status = (last["period"], last["status"]) if last is not None else ("", "none found")
        rows.append((measure_id, m.label, m.anchor_year, period, published, expected, _scales(basis)[n], status))
    return pd.DataFrame(
        rows, columns=["measure_id", "measure", "year", "period", "published", "from_rates", "scale", "status"]
    )


def weights() -> pd.DataFrame:
    """What each measure counts for in ``growth``: measure_id, measure, spend (million pounds, 2023/24), weight (sums to 1).

    Spending of the board on primary care and on acute care (written answer of 27 June 2025); acute care is
    split between episodes, outpatients and A&E as the costs of English providers were in 2020/21 (£35bn,
    £17bn and £4.5bn of £56.5bn: NHS Digital as reported by HFMA on 21 April 2022, outpatients as the rest).
    """
    spends = observed("icb_spend_primary"), observed("icb_spend_acute")
    spend = {frame["indicator_id"].iloc[0]: frame["value"].iloc[-1] for frame in spends}
    counted = [m for m in measures().values() if m.weight_share]
    rows = [(m.id, m.label, spend[m.weight_spend] * m.weight_share) for m in counted]
    frame = pd.DataFrame(rows, columns=["measure_id", "measure", "spend"])
    return frame.assign(weight=frame["spend"] / frame["spend"].sum())


def growth(scenario: Scenario = Scenario()) -> pd.DataFrame:
    """Growth of the demand for health care as one figure: year, index (first year = 100), growth (% on the year before).

    Weighted as in ``weights``: GP appointments, A&E attendances, outpatients and hospital episodes in the
    footprint. Community, mental health and social care are not in it.
    """
    demand, run = _demand(scenario)
    table = weights()
    rows = [order()[i] for i in table["measure_id"]]
    totals = demand[rows, :, _place_index(FOOTPRINT, run)].sum(axis=1)
    index = 100 * (table["weight"].to_numpy()[:, None] * totals / totals[:, :1]).sum(axis=0)
    return pd.DataFrame(
        {"year": run.years, "index": index, "growth": np.concatenate([[np.nan], 100 * (index[1:] / index[:-1] - 1)])}
    )
