"""Runs of the model between which all scenarios of one basis lie, so that a thousand draws cost no run of their own.

People depend on the two migration levers linearly, on birth rates quadratically (over two generations) and on
death rates smoothly. So a few runs, the *nodes*, say what any other setting of the levers gives: a weighted
sum of theirs. They are made once for a basis, whatever the scenario. A test holds them against runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ics_core.kept import MEGABYTE, kept, read_only
from ics_core.population import implied
from ics_core.population.model import LEVERS, evolve, sums
from ics_core.scenario import levers

# Positions of the nodes of a lever from low (-1) to high (1), each list as long as its highest power.
_FERTILITY = (0.0, -1.0, 1.0)
_DEATHS = (0.0, -1.0, 1.0, -0.6, 0.6, 0.3)
# Both migration levers stand near their middle at the nodes, where nobody is held back for want of people to leave.
_MOVES = ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25))
# Powers of fertility, mortality and life expectancy: births hardly depend on death rates, so few of both.
_POWERS = tuple(
    (f, m, e) for f in range(3) for m in range(6) for e in range(6) if (m + e <= 5 if f == 0 else m + e <= 1)
)


@dataclass(frozen=True)
class Mesh:
    """``people`` [node, part, sex, age, year]; ``to_weights`` turns powers of settings into weights of the nodes."""

    years: np.ndarray
    people: np.ndarray
    to_weights: np.ndarray

    def weights(self, settings: np.ndarray) -> np.ndarray:
        """Weights [draw, node] of lever settings [draw, lever], levers as in ``LEVERS``."""
        return _powers(_scaled(settings)) @ self.to_weights


@cache
def _limits() -> tuple[np.ndarray, np.ndarray]:
    found = [levers()[lever] for lever in LEVERS]
    return np.array([lever.low for lever in found]), np.array([lever.high for lever in found])


def _scaled(settings: np.ndarray) -> np.ndarray:
    low, high = _limits()
    return (2 * settings - low - high) / (high - low)


def _powers(at: np.ndarray) -> np.ndarray:
    """What a setting contributes [draw, node]: products of powers, alone and times each migration lever."""
    fertility, mortality, migration, retirement, life = at.T
    by_lever = [[lever**power for power in range(6)] for lever in (fertility, mortality, life)]
    curved = np.stack([by_lever[0][f] * by_lever[1][m] * by_lever[2][e] for f, m, e in _POWERS], axis=1)
    return np.concatenate([curved, curved * migration[:, None], curved * retirement[:, None]], axis=1)


@kept(100 * MEGABYTE)
def mesh(basis: str) -> Mesh:
    """The nodes of a basis, worked out once."""
    low, high = _limits()
    at = np.array(
        [(_FERTILITY[f], _DEATHS[m], *moves, _DEATHS[e]) for moves in _MOVES for f, m, e in _POWERS], dtype=float
    )
    settings = (low + high) / 2 + at * (high - low) / 2
    inputs = implied.inputs(basis)
    people, _ = evolve(inputs, *settings.T)
    people = np.ascontiguousarray(np.moveaxis(people, 0, -1))
    to_weights = np.linalg.inv(_powers(at))
    read_only(people, to_weights)
    return Mesh(inputs.years, people, to_weights)


@kept(20 * MEGABYTE)
def ages_at_nodes(basis: str, place: int) -> np.ndarray:
    """People of a place at the nodes, both sexes [node, age, year]."""
    people = np.tensordot(sums()[place], mesh(basis).people.sum(axis=2), axes=(0, 1))
    read_only(people)
    return people


@kept(10 * MEGABYTE)
def people_at_nodes(basis: str, place: int, first: int, end: int) -> np.ndarray:
    """Those of a place from age ``first`` to before ``end`` at the nodes [node, year]: the same for every draw."""
    people = ages_at_nodes(basis, place)[:, first:end].sum(axis=1)
    read_only(people)
    return people
