"""Ranges: many runs of the model at once, with the levers drawn from what has been observed and past error added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from ics_core import chance
from ics_core.brief import Brief
from ics_core.errors import PopulationError
from ics_core.kept import MEGABYTE, kept, read_only
from ics_core.population.answers import totals
from ics_core.population.mesh import mesh, people_at_nodes
from ics_core.population.model import LEVERS, ages_of, codes, positions, sums
from ics_core.population.track_record import BROAD_AGES, TESTED, error_factors, tested_year, within
from ics_core.scenario import BASES, Scenario, levers

DRAWS = 1000  # runs behind a band
BAND = (10.0, 90.0)  # percentiles between which 80 of 100 draws lie
HELD = ("mortality",)  # not drawn unless a range is set: how death rates may differ is drawn in the published shape


@dataclass(frozen=True, repr=False)
class Draws(Brief):
    """Many runs of the model, with levers drawn from their ranges. Arrays are read-only.

    The runs are not made one by one: all lie between the few runs of ``mesh``, and ``weights`` [draw, node] say how, so
    that any sum over people of all draws is ``combine(sum over people of the nodes)``. A test holds draws against
    runs of their own. With ``errors``, people also carry an error such as official projections have had.
    """

    basis: str
    places: tuple[str, ...]
    years: np.ndarray
    levers: Mapping[str, np.ndarray]
    ranges: Mapping[str, tuple[float, float]]
    weights: np.ndarray
    seed: int
    errors: bool

    def combine(self, node_values: np.ndarray) -> np.ndarray:
        """Values of all draws [draw, ...] from those of the nodes [node, ...], linear in people and without error."""
        flat = np.asarray(node_values).reshape(len(node_values), -1)
        return (self.weights @ flat).reshape(len(self.weights), *np.shape(node_values)[1:])

    def nodes(self, place: str) -> np.ndarray:
        """People of a place at the nodes [node, sex, age, year]."""
        (at,) = positions(place)
        return np.tensordot(sums()[at], mesh(self.basis).people, axes=(0, 1))

    def people(self, age_group: str = "all ages", places: str | Iterable[str] | None = None) -> np.ndarray:
        """Residents of an age group [draw, place, year]; all places unless some are named."""
        which, ages = range(len(self.places)) if places is None else positions(places), ages_of(age_group)
        return np.stack([self._people(at, ages) for at in which], axis=1)

    def _people(self, at: int, ages: slice) -> np.ndarray:
        if not self.errors:
            return self.weights @ people_at_nodes(self.basis, at, ages.start, ages.stop)
        steps, draws = len(self.years), len(self.weights)
        total = np.zeros((draws, steps))
        for group, shared in within(ages):
            error = error_factors(self.places[at], group, steps, draws, self.seed)
            total += (self.weights @ people_at_nodes(self.basis, at, shared.start, shared.stop)) * error
        return total

    @property
    def broad(self) -> np.ndarray:
        """Residents by broad age group [draw, place, age group, year], groups as in ``BROAD_AGES``."""
        return np.stack([self.people(group) for group in BROAD_AGES], axis=2)


def default_ranges(scenario: Scenario = Scenario()) -> dict[str, tuple[float, float]]:
    """Low and high of each population lever: as the scenario sets it, else as observed, moved to where the lever is.

    Levers in ``HELD`` stay where they are unless the scenario sets a range.
    """
    found = {}
    for lever in (levers()[i] for i in LEVERS):
        value = scenario[lever.id]
        away = value - lever.default
        usual = value, value
        if lever.observed and lever.id not in HELD:
            usual = max(lever.low, lever.observed[0] + away), min(lever.high, lever.observed[1] + away)
        found[lever.id] = scenario.range_of(lever.id) or usual
    return found


def project_draws(
    scenario: Scenario = Scenario(),
    draws: int = DRAWS,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    errors: bool = True,
) -> Draws:
    """``draws`` runs with the population levers drawn from ``ranges`` (lever id: low, high).

    A lever not named keeps the range of the scenario (``default_ranges``); low = high holds it still. Each lever is
    drawn on its own from a triangle between low and high with its peak at the scenario's value, evenly stratified,
    from the stream of its name and ``seed``. ``errors`` adds past error (``back_test``), by age and place.
    Raises ``ScenarioError`` or ``PopulationError`` naming the lever, the value and the allowed range.
    """
    if not isinstance(draws, int) or not 1 <= draws <= 100_000:
        raise PopulationError(
            f"draws: {draws!r} is outside the allowed range. Choose a whole number from 1 to 100,000."
        )
    wanted = default_ranges(scenario)
    for lever_id, limits in (ranges or {}).items():
        if lever_id not in LEVERS:
            raise PopulationError(f"ranges: {lever_id!r} is not a population lever. Choose from {', '.join(LEVERS)}.")
        low, high = (levers()[lever_id].check(limit) for limit in limits)
        if low > high:
            raise PopulationError(f"ranges: {lever_id} has low {low} above high {high}. Give the lower value first.")
        wanted[lever_id] = (low, high)
    peaks, drawn_from = tuple(scenario[i] for i in LEVERS), tuple(wanted[i] for i in LEVERS)
    return _draws(scenario.basis, peaks, drawn_from, draws, seed, errors)


@kept(60 * MEGABYTE)
def _draws(
    basis: str,
    peaks: tuple[float, ...],
    ranges: tuple[tuple[float, float], ...],
    draws: int,
    seed: int,
    errors: bool,
) -> Draws:
    drawn = {}
    for lever, peak, (low, high) in zip(LEVERS, peaks, ranges):
        drawn[lever] = chance.triangle(chance.ranks(draws, seed, lever), low, min(max(peak, low), high), high)
    found = mesh(basis)
    weights = found.weights(np.column_stack(list(drawn.values())))
    read_only(weights, *drawn.values())
    limits = dict(zip(LEVERS, ranges))
    return Draws(basis, codes(), found.years, MappingProxyType(drawn), MappingProxyType(limits), weights, seed, errors)


def bands(
    scenario: Scenario = Scenario(),
    places: str | Iterable[str] = "district",
    age_group: str = "all ages",
    draws: int = DRAWS,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    errors: bool = True,
) -> pd.DataFrame:
    """The projected line with its 80% band: ..., age_group, year, population, low, high, unit.

    The band covers the ranges of the levers drawn and, with ``errors``, misses as large as those of the last official
    projection; not everything that may happen.
    """
    some = project_draws(scenario, draws, seed, ranges, errors)
    low, high = np.percentile(some.people(age_group, places), BAND, axis=0)
    frame = totals(scenario, places, age_group)
    frame.insert(6, "low", low.reshape(-1))
    frame.insert(7, "high", high.reshape(-1))
    return frame


def range_words(errors: bool = True) -> str:
    """What the band is: a sentence without a full stop, for beside the picture."""
    if not errors:
        return "Band: the range of these assumptions, 80 of 100 draws of births, deaths and migration"
    basis = BASES[TESTED.basis].partition(" projection")[0]
    return (
        "Band: 80 of 100 draws of births, deaths and migration, with errors as large as the "
        f"{basis} projection had by {tested_year()}, growing with the years"
    )
