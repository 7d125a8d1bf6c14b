"""Ranges: demand in many draws of the population, the trend and the size of effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from ics_core import chance, population
from ics_core.demand.model import (
    OLD,
    from_people,
    people_only,
    place_index,
    scales,
    series,
    sizes_of,
    starts,
    year_index,
)
from ics_core.demand.record import demand_levers, levers_of, measure, measures, order, rates, trend_range
from ics_core.demand.steps import drivers, split
from ics_core.errors import DemandError
from ics_core.kept import MEGABYTE, kept, read_only
from ics_core.population import DRAWS, FOOTPRINT
from ics_core.scenario import Scenario, levers, range_table

Limits = tuple[tuple[str, tuple[float, float]], ...]  # by lever, low and high


def default_ranges(measure_id: str, scenario: Scenario = Scenario()) -> dict[str, tuple[float, float]]:
    """Low and high of each lever drawn for this measure: people, the trend, and what the scenario has a range for.

    The trend's usual range is ``trend_range``, moved to where the scenario put the lever. Prevention and other
    ways of care are choices: how far they are taken is only drawn if the scenario says so, how large their
    effect is always.
    """
    m = measure(measure_id)
    drawn = {i: scenario.range_of(i) for i, _ in scenario.ranges if i in levers_of(measure_id)}
    chosen = {i: limits for i, limits in drawn.items() if limits}
    return population.default_ranges(scenario) | {m.trend: _usual_trend(measure_id, scenario)} | chosen


def _usual_trend(measure_id: str, scenario: Scenario) -> tuple[float, float]:
    low, high = trend_range(measure_id)
    lever, value = levers()[measure(measure_id).trend], scenario[measure(measure_id).trend]
    return max(lever.low, low + value), min(lever.high, high + value)


def lever_ranges(scenario: Scenario = Scenario()) -> pd.DataFrame:
    """From which range each lever is drawn (``scenario.range_table``): population levers first, then those on demand.

    ``usual`` is "observed" (population), "variants" (held, as another lever follows them), "record" (one trend for
    all measures it moves), "records" (a trend with several: lowest and highest) or "held" (not drawn).
    """
    usual: dict[str, tuple[str, tuple[float, float]]] = {
        i: ("held", (scenario[i], scenario[i])) for i in demand_levers()
    }
    for trend in {m.trend for m in measures().values()}:
        lows, highs = zip(*{_usual_trend(i, scenario) for i, m in measures().items() if m.trend == trend})
        usual[trend] = "record" if len(lows) == 1 else "records", (min(lows), max(highs))
    people = population.default_ranges(scenario.replace(ranges=()))
    why = {i: "variants" if i in population.HELD else "observed" for i in people}
    return range_table(scenario, {i: (why[i], limits) for i, limits in people.items()} | usual)


@dataclass(frozen=True)
class _Drawn:
    """Many draws of one measure in one place: arrays with the draws first, read-only."""

    years: np.ndarray
    base: np.ndarray  # [draw, age group, year] from people alone
    people: np.ndarray  # [draw, year]
    factors: Mapping[str, np.ndarray]  # by lever [draw, age group, year]
    values: np.ndarray  # demand [draw, year]


def draw(
    measure_id: str,
    scenario: Scenario = Scenario(),
    place_code: str = FOOTPRINT,
    draws: int = DRAWS,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> np.ndarray:
    """Demand in each draw [draw, year], read-only: levers drawn from ``ranges`` (lever id: low, high), effects too.

    A lever not named keeps its default range (``default_ranges``); low = high holds it still. Every lever, and the
    effect of each on each measure, has the stream of its name and the seed. Past error of the official projection,
    which ``population.bands`` can carry, is not in it.
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


@kept(30 * MEGABYTE)
def _drawn(measure_id: str, scenario: Scenario, place_code: str, draws: int, seed: int, limits: Limits) -> _Drawn:
    m, n, given = measure(measure_id), order()[measure_id], dict(limits)
    unknown = set(given) - set(levers_of(measure_id)) - set(population.LEVERS)
    if unknown:
        known = ", ".join((*population.LEVERS, *levers_of(measure_id)))
        raise DemandError(f"ranges: {min(unknown)!r} does not act on {m.noun}. Choose from {known}.")
    drawn_people = people_only(scenario).replace(ranges={i: v for i, v in scenario.ranges if i in population.LEVERS})
    some = population.project_draws(
        drawn_people, draws, seed, {i: v for i, v in given.items() if i in population.LEVERS}, errors=False
    )
    limits_of = default_ranges(measure_id, scenario) | given
    factors = {}
    for lever_id in levers_of(measure_id):
        value = scenario[lever_id]
        if not value and lever_id not in limits_of:
            continue
        low, high = (
            levers()[lever_id].check(limit) if lever_id in given else limit
            for limit in limits_of.get(lever_id, (value, value))
        )
        if low > high:
            raise DemandError(f"ranges: {lever_id} has low {low} above high {high}. Give the lower value first.")
        values = chance.triangle(chance.ranks(draws, seed, lever_id), low, min(max(value, low), high), high)
        sizes = chance.ranks(draws, seed, lever_id, measure_id)
        factors[lever_id] = _drawn_factors(lever_id, n, values, sizes, some.years)
    base, people = (some.combine(at_nodes) for at_nodes in _at_nodes(scenario.basis, measure_id, place_code))
    # What was published does not depend on what may happen.
    official, run = from_people(measure_id, Scenario(basis=scenario.basis), place_code)
    past = slice(0, year_index(m.anchor_year, run) + 1)
    base[..., past] = official[..., past]
    people[..., past] = run.people[place_index(place_code, run)].sum(axis=(0, 1))[past]
    demand = base
    for factor in factors.values():
        demand = demand * factor
    demand = demand.sum(axis=1)
    read_only(base, people, demand, *factors.values())
    return _Drawn(some.years, base, people, MappingProxyType(factors), demand)


@kept(20 * MEGABYTE)
def _at_nodes(basis: str, measure_id: str, place_code: str) -> tuple[np.ndarray, np.ndarray]:
    """Demand from people alone [node, age group, year] and people [node, year] at the nodes of the population."""
    some = population.project_draws(Scenario(basis=basis), draws=1, errors=False)
    place_index(place_code, some)  # says which places there are
    nodes = some.nodes(place_code)  # [node, sex, age, year]
    weights = (rates()[order()[measure_id]] * scales(basis)[order()[measure_id]])[:, :, None]
    base = np.stack([(nodes[:, :, group] * weights[:, group]).sum(axis=(1, 2)) for group in (~OLD, OLD)], axis=1)
    people = nodes.sum(axis=(1, 2))
    read_only(base, people)
    return base, people


def _drawn_factors(lever_id: str, n: int, values: np.ndarray, ranks: np.ndarray, years: np.ndarray) -> np.ndarray:
    """What a drawn lever multiplies the measure by [draw, age group or 1, year]."""
    since = np.maximum(years - starts()[n], 0)
    if levers()[lever_id].group == "trends":
        return ((1 + values[:, None] / 100) ** since)[:, None, :]
    reached = since / (years[-1] - starts()[n])
    effects_drawn = np.stack(
        [chance.triangle(ranks, high, central, low) for central, low, high in sizes_of(lever_id)[n]], axis=1
    )
    return 1 + effects_drawn[:, :, None] * (values / 100)[:, None, None] * reached


def bands(
    measure_id: str,
    scenario: Scenario = Scenario(),
    place_code: str = FOOTPRINT,
    draws: int = DRAWS,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """The projected line with its 80% band: year, value, low, high.

    The band covers births, deaths, migration, the trend of use per person and the size of effects as far
    as their ranges go. It does not cover wrong rates, wrong records or what nobody thought of.
    """
    low, high = np.percentile(draw(measure_id, scenario, place_code, draws, seed, ranges), population.BAND, axis=0)
    return series(measure_id, scenario, place_code).assign(low=low, high=high)


LEVEL = (40, 60)  # per cent of draws below the line: outside, the line lies far off their middle


def range_words(
    measure_id: str, scenario: Scenario = Scenario(), place_code: str = FOOTPRINT, draws: int = DRAWS
) -> str:
    """What the band is and, where the line lies far off the middle of its draws, which way it leans and why.

    A sentence without a full stop, for beside the picture.
    """
    m = measure(measure_id)
    some = draw(measure_id, scenario, place_code, draws)[:, -1]
    line = series(measure_id, scenario, place_code)
    below = round(100 * float((some < line["value"].iloc[-1]).mean()))
    said = "Band: the range of these assumptions, 80 of 100 draws"
    if LEVEL[0] <= below <= LEVEL[1]:
        return said
    up = below < LEVEL[0]
    lean = f"it leans {'up' if up else 'down'}, with {100 - below if up else below} of 100 draws "
    lean += f"{'above' if up else 'below'} the line in {line['year'].iloc[-1]}"
    lever = levers()[m.trend]
    low, high = default_ranges(measure_id, scenario)[m.trend]
    value, middle = scenario[m.trend], (low + high) / 2
    if middle == value or (middle > value) != up:
        return f"{said}; {lean}, because of the ranges drawn from"
    drawn = "use per person" if m.kind == "service" else "how common it is at each age"
    line_takes = f"the line takes {lever.show(value)}"
    return f"{said}; {lean}, because {drawn} is drawn from {lever.between(low, high)} and {line_takes}"


def driver_bands(
    measure_id: str,
    scenario: Scenario = Scenario(),
    from_year: int | None = None,
    to_year: int | None = None,
    place_code: str = FOOTPRINT,
    draws: int = DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """``drivers`` with the 80% band of each step over the draws: step, change, group, low, high."""
    frame = drivers(measure_id, scenario, from_year, to_year, place_code)
    drawn = _draw(measure_id, scenario, place_code, draws, seed, None)
    run = population.run(people_only(scenario))
    first = year_index(measure(measure_id).anchor_year if from_year is None else from_year, run)
    last = year_index(int(run.years[-1]) if to_year is None else to_year, run)
    factors = [(f[..., first], f[..., last]) for f in drawn.factors.values()]
    changes = split(
        drawn.base[..., first], drawn.base[..., last], drawn.people[:, last] / drawn.people[:, first], factors
    )
    low, high = np.percentile(np.array(changes), population.BAND, axis=1)
    return frame.assign(low=low, high=high)


def distribution(
    measure_id: str,
    scenario: Scenario = Scenario(),
    year: int | None = None,
    place_code: str = FOOTPRINT,
    draws: int = DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """Share of draws at or below each value in one year (default the last), for an S-curve: share (0 to 1), value."""
    run = population.run(people_only(scenario))
    at = len(run.years) - 1 if year is None else year_index(year, run)
    shares = np.linspace(0, 1, 101)
    return pd.DataFrame(
        {"share": shares, "value": np.quantile(draw(measure_id, scenario, place_code, draws, seed)[:, at], shares)}
    )
