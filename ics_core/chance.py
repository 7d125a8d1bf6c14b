"""Chance with names: each thing that is drawn has a stream of its own, from a hash of its name and the seed.

A stream knows nothing of the order of registers or of what else is drawn, so that a lever or measure added
leaves every other draw as it was.
"""

from __future__ import annotations

from hashlib import blake2b
from statistics import NormalDist

import numpy as np


def stream(seed: int, *name: str) -> np.random.Generator:
    """The random stream of that name, such as ``stream(1, "smoking", "copd")``; the same for all time."""
    told = "\x1f".join((str(seed), *name)).encode()
    return np.random.default_rng(int.from_bytes(blake2b(told, digest_size=16).digest()))


def ranks(draws: int, seed: int, *name: str) -> np.ndarray:
    """Chances from 0 to 1 [draw], one in each of ``draws`` equal parts, in random order."""
    random = stream(seed, *name)
    return (random.permutation(draws) + random.random(draws)) / draws


def triangle(chance: np.ndarray, low: float, peak: float, high: float) -> np.ndarray:
    """Quantiles at ``chance`` of the triangle from low to high; low may be above high, then both ends change places.

    >>> triangle(np.array([0.0, 0.5, 1.0]), -2.0, 0.0, 2.0).tolist()
    [-2.0, 0.0, 2.0]
    """
    if low == high:
        return np.full_like(chance, low)
    rising = low + np.sqrt(chance * (high - low) * (peak - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - peak))
    return np.where(chance < (peak - low) / (high - low), rising, falling)


def normal(chance: np.ndarray) -> np.ndarray:
    """Quantiles at ``chance``, all between 0 and 1, of the standard normal distribution."""
    return np.fromiter(map(NormalDist().inv_cdf, chance.tolist()), float, len(chance))
