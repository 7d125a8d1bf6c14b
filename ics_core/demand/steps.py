"""What drives demand, step by step, and what would hold it level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ics_core.demand.model import factor, from_people, moved_levers, people_of, place_index, year_index
from ics_core.demand.record import Measure, levers_of, measure, order
from ics_core.errors import DemandError
from ics_core.population import FOOTPRINT
from ics_core.scenario import Scenario, levers

GROWTH, AGEING = "Population growth", "Ageing"
PER_PERSON = MappingProxyType(
    {"service": "Use per person", "condition": "How common at each age"}
)  # by kind of measure


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
    base, run = from_people(measure_id, scenario, place_code)
    first = year_index(m.anchor_year if from_year is None else from_year, run)
    last = year_index(int(run.years[-1]) if to_year is None else to_year, run)
    place = place_index(place_code, run)
    people = [people_of(scenario, int(run.years[at]), m.id).people[place, ..., at].sum() for at in (first, last)]
    factors = {i: factor(i, scenario[i], run.years)[order()[measure_id]] for i in _steps(m, scenario)}
    ends = [(f[..., first], f[..., last]) for f in factors.values()]
    changes = split(base[..., first], base[..., last], people[1] / people[0], ends)
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


def split(start: np.ndarray, end: np.ndarray, growth: Any, factors: list[tuple[np.ndarray, np.ndarray]]) -> list[Any]:
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

    Raises ``DemandError`` if the lever does not act on the measure. Solved by halving; demand moves
    one way with every lever.
    """
    m = measure(measure_id)
    if lever_id not in levers_of(measure_id):
        raise DemandError(
            f"The lever {lever_id!r} does not act on {m.noun}. Levers that do: {', '.join(levers_of(measure_id))}."
        )
    lever = levers()[lever_id]
    base, run = from_people(measure_id, scenario, place_code)
    at = len(run.years) - 1 if year is None else year_index(year, run)
    n = order()[measure_id]
    for other, value in moved_levers(scenario):
        if other != lever_id:
            base = base * factor(other, value, run.years)[n]
    level = float(
        from_people(measure_id, Scenario(basis=scenario.basis), place_code)[0][:, year_index(m.anchor_year, run)].sum()
    )

    def excess(value: float) -> float:
        return float((base[:, at] * factor(lever_id, value, run.years)[n, :, at]).sum()) - level

    ends = excess(lever.low), excess(lever.high)
    reached = None if ends[0] * ends[1] > 0 else _crossing(excess, lever.low, lever.high)
    best_at, best = min(zip((lever.low, lever.high), ends), key=lambda end: abs(end[1]))
    beyond = 0.0 if reached is not None else 100 * best / level
    if reached is not None:
        said = f"{lever.label}: {lever.show(reached)}"
    else:
        side = "above" if best > 0 else "below"
        said = f"{lever.label}: not on its own; at {lever.show(best_at)} still {abs(beyond):.0f}% {side} the base level"
    return Hold(lever_id, lever.label, reached, int(run.years[at]), level, beyond, said)


def _crossing(excess: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that moves one way crosses nought between two values, to a billionth.

    >>> _crossing(lambda value: 9 - value**2, 0.0, 10.0)
    3.0
    """
    rises = excess(low) < excess(high)
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if (excess(middle) < 0) == rises else (low, middle)
    return round(high, 9) + 0.0


def hold_levels(
    measure_id: str, scenario: Scenario = Scenario(), year: int | None = None, place_code: str = FOOTPRINT
) -> pd.DataFrame:
    """``hold_level`` for every lever that acts on the measure: lever_id, lever, value, unit, beyond, words, year."""
    held = [hold_level(measure_id, scenario, lever_id, year, place_code) for lever_id in levers_of(measure_id)]
    rows = [(h.lever, h.label, h.value, levers()[h.lever].unit, h.beyond, h.words, h.year) for h in held]
    return pd.DataFrame(rows, columns=["lever_id", "lever", "value", "unit", "beyond", "words", "year"]).astype(
        {"value": "float64"}
    )
