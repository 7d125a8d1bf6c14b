"""XmR charts as NHS Making Data Count draws them: limits, special causes, variation, assurance.

The rules are those of the R package NHSRplotthedots, checked against it point by point; the few
places where we differ on purpose are listed in ``data/text/method_spc.md``. One call, one answer::

    >>> chart = xmr([4, 6, 5, 7, 5, 6, 4, 6], target=12)
    >>> chart.assurance, chart.trial_words
    ('consistently failing', 'Trial limits: 8 points, fewer than twelve')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ics_core import words
from ics_core.brief import Brief

LIMIT = 2.66  # three sigmas in moving ranges of two: 3 / 1.128, rounded as the NHS rounds it
NEAR = 2 / 3  # the "near" limits lie two thirds of the way out
SCREEN = 3.267  # a moving range this many times the mean is left out once
RUN = 7  # points in a run or a trend
ENOUGH = 12  # fewer points than this give trial limits only
DIRECTIONS = ("increase", "decrease", "neutral")

_HIGH = ("above upper limit", "trend up", "two of three high", "run above mean")
_LOW = ("below lower limit", "trend down", "two of three low", "run below mean")


@dataclass(frozen=True, repr=False)
class Xmr(Brief):
    """A judged series.

    ``points``: one row a value, in the order given: value, phase (from 1), mean, lower, upper,
    signal (None or the first rule that applies). A missing value keeps its row, with no signal.
    ``phases``: one row a phase: phase, start (position), points, mean, mean_range, lower, upper,
    trial (fewer than twelve points).
    ``variation`` and ``assurance``: words, or None where they cannot be judged; ``message`` says why.
    """

    points: pd.DataFrame
    phases: pd.DataFrame
    variation: str | None
    assurance: str | None
    message: str

    @property
    def trial(self) -> bool:
        """Whether the limits now in force rest on fewer than twelve points."""
        return bool(self.phases["trial"].iloc[-1]) if len(self.phases) else True

    @property
    def trial_words(self) -> str:
        """What to say beside a judgement that rests on trial limits; empty where the limits stand on enough points."""
        if not self.trial:
            return ""
        held = int(self.phases["points"].iloc[-1]) if len(self.phases) else 0
        return f"Trial limits: {words.plural(held, 'point')}, fewer than {words.spoken(ENOUGH)}"


def xmr(
    values: Sequence[float],
    improvement: str = "increase",
    target: float | None = None,
    fix_after: int | None = None,
    rebase: Sequence[int] = (),
    screen: bool = True,
) -> Xmr:
    """Judge a series in time order.

    ``improvement``: "increase", "decrease" or "neutral" (then nothing is good or bad, and there
    is no assurance). ``fix_after``: limits of each phase from its first so many points.
    ``rebase``: positions, from 0, at which a new phase starts. ``screen``: leave out moving ranges
    of 3.267 times their mean or more, once. Missing values are gaps: they keep their position, and
    the points on either side are treated as neighbours, as when the row is absent.

    Raises ``ValueError`` for text, infinities, an unknown direction, or positions outside the series.
    """
    numbers = _numbers(values)
    target = _target(target)
    starts = _starts(rebase, len(numbers))
    if improvement not in DIRECTIONS:
        raise ValueError(f"improvement is {improvement!r}: choose one of {', '.join(DIRECTIONS)}.")
    if fix_after is not None and (
        isinstance(fix_after, bool) or not isinstance(fix_after, int | np.integer) or fix_after < 2
    ):
        raise ValueError(
            f"fix_after is {fix_after!r}: give a whole number of points, 2 or more, or None for all of them."
        )

    present = ~np.isnan(numbers)
    mean, lower, upper = (np.full(len(numbers), np.nan) for _ in range(3))
    phase = np.zeros(len(numbers), dtype=int)
    signal = np.full(len(numbers), None, dtype=object)
    phases = []
    for number, (start, stop) in enumerate(zip(starts, [*starts[1:], len(numbers)], strict=True), start=1):
        here = start + np.flatnonzero(present[start:stop])
        middle, spread = _centre(numbers[here[:fix_after]], screen)
        near, far = NEAR * LIMIT * spread, LIMIT * spread
        phase[start:stop] = number
        mean[start:stop], lower[start:stop], upper[start:stop] = middle, middle - far, middle + far
        if spread > 0:
            signal[here] = _signals(numbers[here], middle, near, far)
        phases.append((number, start, len(here), middle, spread, middle - far, middle + far, len(here) < ENOUGH))

    points = pd.DataFrame(
        # An object column, or pandas would turn each None into a missing text.
        {
            "value": numbers,
            "phase": phase,
            "mean": mean,
            "lower": lower,
            "upper": upper,
            "signal": pd.Series(signal, dtype=object),
        },
        copy=False,
    )
    columns = ("phase", "start", "points", "mean", "mean_range", "lower", "upper", "trial")
    table = pd.DataFrame(phases, columns=columns)
    last = int(np.flatnonzero(present)[-1]) if present.any() else -1
    known = present.any() and not np.isnan(lower[last])
    return Xmr(
        points=points,
        phases=table,
        variation=_variation(signal[last], improvement) if known else None,
        assurance=_assurance(float(lower[last]), float(upper[last]), improvement, target) if known else None,
        message="" if known else "Not enough points: natural limits need at least two values in the latest phase.",
    )


def _numbers(values: Sequence[float]) -> np.ndarray:
    column = pd.Series(values)
    if column.dtype == object or not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        missing = column.isna()
        for position, value in column[~missing].items():
            if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
                raise ValueError(
                    f"values[{position}] is {value!r}: every value must be a number, or missing (None or NaN)."
                )
        column = column.where(~missing, np.nan)
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    endless = np.flatnonzero(np.isinf(numbers))
    if len(endless):
        raise ValueError(f"values[{endless[0]}] is infinite: give a finite number, or leave it missing (None or NaN).")
    return numbers


def _target(target: float | None) -> float | None:
    if target is None or (isinstance(target, float) and np.isnan(target)):
        return None
    if isinstance(target, bool | str) or not np.isfinite(target):
        raise ValueError(f"target is {target!r}: give a finite number, or None for no target.")
    return float(target)


def _starts(rebase: Sequence[int], length: int) -> list[int]:
    for position in rebase:
        if isinstance(position, bool) or not isinstance(position, int | np.integer) or not 0 <= position < length:
            raise ValueError(f"rebase has {position!r}: positions are whole numbers from 0 to {length - 1}.")
    return sorted({0, *map(int, rebase)})


def _centre(baseline: np.ndarray, screen: bool) -> tuple[float, float]:
    """The mean and the mean moving range; the range is missing with fewer than two points."""
    if len(baseline) < 2:
        return (float(baseline[0]) if len(baseline) else np.nan), np.nan
    ranges = np.abs(np.diff(baseline))
    spread = ranges.mean()
    if screen:
        kept = ranges[ranges < SCREEN * spread]
        # Screening must not wipe out all variation (say five equal values and a jump):
        # limits lying on the mean would call every point a special cause.
        if kept.any():
            spread = kept.mean()
    return float(baseline.mean()), float(spread)


def _signals(values: np.ndarray, mean: float, near: float, far: float) -> np.ndarray:
    """The first rule that applies to each point of one phase, or None."""
    # Rounding noise must not make a point that lies on a line fall beside it.
    noise = max(1e-9 * far, 4 * np.finfo(float).eps * abs(mean))
    distance = values - mean
    side = np.sign(np.where(np.abs(distance) <= noise, 0.0, distance)).astype(int)
    outside = np.abs(distance) > far + noise
    close = ~outside & (np.abs(distance) > near + noise)

    signal = np.full(len(values), None, dtype=object)
    # Written from the last rule to the first, so that the first that applies is what stays.
    for start, stop, way in _stretches(side, RUN):
        signal[start:stop] = "run above mean" if way > 0 else "run below mean"
    if len(values) > 2:
        counts, sums = (
            np.convolve(series, np.ones(3, dtype=int), mode="valid") for series in (close.astype(int), side)
        )
        window = (counts >= 2) & (np.abs(sums) == 3)
        member = np.convolve(window.astype(int), np.ones(3, dtype=int)) > 0
        signal[member & close & (side > 0)] = "two of three high"
        signal[member & close & (side < 0)] = "two of three low"
    steps = np.diff(values)
    steps = np.sign(np.where(np.abs(steps) <= noise, 0.0, steps)).astype(int)
    for start, stop, way in _stretches(steps, RUN - 1):  # a turning point belongs to the trend it starts
        signal[start : stop + 1] = "trend up" if way > 0 else "trend down"
    signal[outside & (side > 0)] = "above upper limit"
    signal[outside & (side < 0)] = "below lower limit"
    return signal


def _stretches(signs: np.ndarray, least: int) -> list[tuple[int, int, int]]:
    """Unbroken stretches of one non-zero sign, ``least`` long or more: (start, stop, sign)."""
    if len(signs) < least:
        return []
    edges = [0, *(np.flatnonzero(np.diff(signs)) + 1).tolist(), len(signs)]
    return [(a, b, int(signs[a])) for a, b in zip(edges, edges[1:], strict=False) if b - a >= least and signs[a]]


def _variation(signal: str | None, improvement: str) -> str:
    if signal is None:
        return "common cause"
    high = signal in _HIGH
    if improvement == "neutral":
        return f"special cause neutral {'high' if high else 'low'}"
    return f"special cause {'improving' if high == (improvement == 'increase') else 'concerning'}"


def _assurance(lower: float, upper: float, improvement: str, target: float | None) -> str | None:
    if target is None or improvement == "neutral":
        return None
    if not upper > lower:
        return "not enough variation to judge"
    if lower <= target <= upper:
        return "inconsistent"
    return "consistently passing" if (target < lower) == (improvement == "increase") else "consistently failing"


def direction(signal: str | None) -> str | None:
    """Which way a signal points: "high", "low" or None for no signal."""
    if signal is None:
        return None
    return "high" if signal in _HIGH else "low" if signal in _LOW else None
