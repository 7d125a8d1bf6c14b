"""Ranges: many runs of the model at once, with the levers drawn from what has been observed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from ics_core.errors import PopulationError
from ics_core.population import implied
from ics_core.population.answers import totals
from ics_core.population.model import LEVERS, ages_of, codes, evolve, positions, sums
from ics_core.scenario import Scenario, levers

DRAWS = 1000  # runs behind a band
DRAWS_WHILE_MOVING = 100  # and while a lever is on its way
BAND = (10.0, 90.0)  # percentiles between which 80 of 100 draws lie
BROAD_AGES = ("0-14", "15-64", "65-74", "75-84", "85+")


@dataclass(frozen=True)
class Draws:
    """Many runs of the model, with levers drawn from their ranges.

    The runs are not stored one by one: ``node_people`` [node, place, sex, age, year] are a few runs of the
    model, and ``weights`` [draw, node] say how each draw lies between them, so that any sum over people
    of all draws is ``combine(sum over people of the nodes)``. In the two migration levers and in fertility
    this is exact (people depend on them linearly and, over two generations, quadratically); in mortality it
    is a cubic through four runs. A test holds draws against runs of their own.
    """

    basis: str
    places: tuple[str, ...]
    years: np.ndarray
    levers: Mapping[str, np.ndarray]
    ranges: Mapping[str, tuple[float, float]]
    weights: np.ndarray
    node_people: np.ndarray

    def combine(self, node_values: np.ndarray) -> np.ndarray:
        """Values of all draws [draw, ...] from those of the nodes [node, ...], linear in people."""
        flat = np.asarray(node_values).reshape(len(node_values), -1)
        return (self.weights @ flat).reshape(len(self.weights), *np.shape(node_values)[1:])

    def people(self, age_group: str = "all ages", places: str | Iterable[str] | None = None) -> np.ndarray:
        """Residents of an age group [draw, place, year]; all places unless some are named."""
        which = slice(None) if places is None else positions(places)
        return self.combine(self.node_people[:, which, :, ages_of(age_group)].sum((2, 3)))

    @cached_property
    def broad(self) -> np.ndarray:
        """Residents by broad age group [draw, place, age group, year], groups as in ``BROAD_AGES``."""
        groups = [self.node_people[:, :, :, ages_of(group)].sum((2, 3)) for group in BROAD_AGES]
        return self.combine(np.stack(groups, axis=2))


def default_ranges(scenario: Scenario = Scenario()) -> dict[str, tuple[float, float]]:
    """Low and high of each population lever: as the scenario sets it, else as observed, moved to where the lever is."""
    found = {}
    for lever in (levers()[i] for i in LEVERS):
        away = scenario[lever.id] - lever.default
        usual = max(lever.low, lever.observed_low + away), min(lever.high, lever.observed_high + away)
        found[lever.id] = scenario.range_of(lever.id) or usual
    return found


def project_draws(
    scenario: Scenario = Scenario(),
    draws: int = DRAWS,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> Draws:
    """``draws`` runs with the four population levers drawn from ``ranges`` (lever id: low, high).

    A lever not named keeps the range of the scenario (``default_ranges``); low = high holds it still. Each lever is
    drawn on its own from a triangle between low and high with its peak at the scenario's value, evenly stratified,
    from ``seed``.
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
    return _draws(scenario.basis, tuple(scenario[i] for i in LEVERS), tuple(wanted[i] for i in LEVERS), draws, seed)


@lru_cache(maxsize=4)
def _draws(
    basis: str, peaks: tuple[float, ...], ranges: tuple[tuple[float, float], ...], draws: int, seed: int
) -> Draws:
    inputs = implied.inputs(basis)
    drawn = _triangles(np.array(ranges, float), np.array(peaks, float), draws, np.random.default_rng(seed))
    nodes, weights = _nodes(np.array(ranges, float), drawn)
    people, _ = evolve(inputs, *nodes.T)
    summed = sums() @ people.reshape(*people.shape[:2], people.shape[2], -1)  # [year, node, place, sex x age]
    summed = np.moveaxis(summed, 0, -1).reshape(len(nodes), len(sums()), 2, 91, -1)
    return Draws(
        basis,
        codes(),
        inputs.years,
        dict(zip(LEVERS, drawn.T)),
        dict(zip(LEVERS, ranges)),
        weights,
        summed,
    )


def _triangles(ranges: np.ndarray, peaks: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    """Draws from triangles [draw, lever]; the same seed gives the same ranks whatever the ranges."""
    ranks = np.column_stack([random.permutation(draws) for _ in peaks])
    chance = (ranks + random.random((draws, len(peaks)))) / draws
    low, high = ranges.T
    width = high - low
    peak = np.clip(peaks, low, high)
    below = np.divide(peak - low, width, out=np.zeros_like(width), where=width > 0)
    rising = low + np.sqrt(chance * width * (peak - low))
    falling = high - np.sqrt((1 - chance) * width * (high - peak))
    return np.where(chance < below, rising, falling)


def _nodes(ranges: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lever settings of the runs to make [node, lever], and the weight of each in each draw [draw, node]."""
    fertility, by_fertility = _polynomial(*ranges[0], drawn[:, 0], points=3)
    mortality, by_mortality = _polynomial(*ranges[1], drawn[:, 1], points=4)
    (low_m, high_m), (low_r, high_r) = ranges[2:]
    moves = np.array([[low_m, low_r], [high_m, low_r], [low_m, high_r]])
    along_m, along_r = ((drawn[:, 2 + i] - low) / (high - low or 1.0) for i, (low, high) in enumerate(ranges[2:]))
    by_moves = np.column_stack([1 - along_m - along_r, along_m, along_r])
    settings = [[f, m, *pair] for f in fertility for m in mortality for pair in moves]
    weights = np.einsum("df,dm,dp->dfmp", by_fertility, by_mortality, by_moves).reshape(len(drawn), -1)
    return np.array(settings), weights


def _polynomial(low: float, high: float, values: np.ndarray, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Chebyshev points between low and high, and Lagrange weights of ``values`` on them [value, point]."""
    if low == high:
        return np.array([low]), np.ones((len(values), 1))
    at = (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * np.arange(points) / (points - 1))
    weights = [np.prod([(values - other) / (point - other) for other in at if other != point], axis=0) for point in at]
    return at, np.column_stack(weights)


def bands(
    scenario: Scenario = Scenario(),
    places: str | Iterable[str] = "district",
    age_group: str = "all ages",
    draws: int = DRAWS,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """The projected line with its 80% band: ..., age_group, year, population, low, high, unit.

    The band covers the ranges of the levers drawn, not everything that may happen.
    """
    some = project_draws(scenario, draws, seed, ranges)
    low, high = np.percentile(some.people(age_group, places), BAND, axis=0)
    frame = totals(scenario, places, age_group)
    frame.insert(6, "low", low.reshape(-1))
    frame.insert(7, "high", high.reshape(-1))
    return frame
