"""What if it improved by a little every month: a straight line from the latest figure, and what it would mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ics_core import catalogue, spc
from ics_core.ambitions.indicator import (
    TOTALS,
    format_pace,
    judge,
    months_apart,
    months_between,
    months_on,
    possible,
    record,
    whole,
)
from ics_core.ambitions.judgement import FURTHEST_MONTHS, Status, attain, status
from ics_core.errors import IndicatorError


@dataclass(frozen=True)
class Outlook:
    """A what-if: the series, then dashed values projected from the latest one.

    ``table``: period_end, value, lower, upper, projected. The band is the usual variation of the
    series around the line, not everything that may happen. ``reached`` is the value on the day ``by``: the
    target's date, or a year after the latest figure. ``fewer`` counts people, pathways or events by then;
    None where the measure does not count any.
    """

    table: pd.DataFrame
    change: float
    attainment: str | None
    attainment_words: str
    required_pace: float | None
    recent_pace: float | None
    by: str
    reached: float
    fewer: float | None
    fewer_words: str


@dataclass(frozen=True)
class Slider:
    """A slider for ``projected``: from 0 to ``high`` by ``step``, starting at ``start``, in ``unit`` a month."""

    high: float
    step: float
    start: float
    unit: str
    help: str


def projected(indicator_id: str, area_code: str, monthly_change: float) -> Outlook:
    """What if it improved by ``monthly_change`` (in the indicator's unit, at least 0) every month from now?

    A straight line from the latest value (for a target on a financial year, from the mean that is set against it),
    within what is possible: shares between 0 and 100, counts from 0. Raises ``IndicatorError`` for a negative or
    endless change, or a measure where no direction is better.
    """
    one = status(indicator_id, area_code)
    if one.better == "neither":
        raise IndicatorError(
            f"{indicator_id}: more or less of this is neither good nor bad, so there is nothing to improve."
        )
    if not np.isfinite(monthly_change) or monthly_change < 0:
        raise IndicatorError(f"monthly_change is {monthly_change!r}: give a number from 0 up, in {one.unit} a month.")
    frame = whole(indicator_id, area_code)
    step = months_apart(record(indicator_id)["frequency"])
    signed = monthly_change if one.better == "up" else -monthly_change
    ahead = months_between(one.date, one.target.date) if one.target and one.target.date else 0
    months = np.arange(step, max(36, min(ahead, FURTHEST_MONTHS)) + step, step)
    floor, ceiling = possible(one.unit)
    reach = np.clip(one.measured + signed * months, floor, ceiling)
    spread = _spread(frame, one)
    past = pd.DataFrame({"period_end": frame["period_end"], "value": frame["value"], "projected": False})
    future = pd.DataFrame(
        {
            "period_end": [one.date, *(months_on(one.date, m) for m in months)],
            "value": [one.measured, *reach],
            "lower": [one.measured, *np.clip(reach - spread, floor, ceiling)],
            "upper": [one.measured, *np.clip(reach + spread, floor, ceiling)],
            "projected": True,
        }
    )
    attainment, words = (None, "there is no target to reach")
    if one.target:
        attainment, words = attain(one.measured, one.date, one.target, signed, one.better, "")
    by = one.target.date if ahead > 0 and one.target.date >= catalogue.released() else months_on(one.date, 12)
    reached = float(np.clip(one.measured + signed * months_between(one.date, by), floor, ceiling))
    fewer, phrase = _fewer(one, frame, abs(reached - one.measured))
    return Outlook(
        table=pd.concat([past, future], ignore_index=True)[["period_end", "value", "lower", "upper", "projected"]],
        change=signed,
        attainment=attainment,
        attainment_words=words,
        required_pace=one.required_pace,
        recent_pace=one.recent_pace,
        by=by,
        reached=reached,
        fewer=fewer,
        fewer_words=phrase,
    )


def slider(indicator_id: str, area_code: str) -> Slider:
    """How far and how finely to move the what-if: to twice the required pace, and starting at it where there is one."""
    one = status(indicator_id, area_code)
    reach = max(abs(one.required_pace or 0) * 2, abs(one.recent_pace or 0) * 2, abs(one.latest) / 50, 1e-3)
    step = 10.0 ** np.floor(np.log10(reach / 20))
    high = float(np.ceil(reach / step / 10) * 10 * step)
    wanted = abs(one.required_pace) if one.required_pace else high / 4
    start = float(np.clip(np.ceil(wanted / step - 1e-9) * step, step, high))
    words = (
        "Recent pace: "
        + format_pace(one.recent_pace, one.unit)
        + (f", {one.recent_period}" if one.recent_period else "")
    )
    if one.required_pace is not None:
        words += f". Required to reach {one.target_text}: {format_pace(one.required_pace, one.unit)}"
    return Slider(high, float(step), start, format_pace(0.0, one.unit).removeprefix("0 "), words + ".")


def _spread(frame: pd.DataFrame, one: Status) -> float:
    """Half the width of the band: natural limits, or the published interval, or the scatter of the latest points."""
    if one.chart_kind == "xmr":
        last = judge(record(one.indicator_id), frame, one.area_code, None).phases.iloc[-1]
        return float(last["upper"] - last["mean"]) if pd.notna(last["upper"]) else 0.0
    if pd.notna(frame["upper_ci"].iloc[-1]):
        return float(frame["upper_ci"].iloc[-1] - frame["lower_ci"].iloc[-1]) / 2
    steps = np.abs(np.diff(frame["value"].to_numpy(dtype=float)))
    return float(spc.LIMIT * steps.mean()) if len(steps) > 2 else 0.0


def _fewer(one: Status, frame: pd.DataFrame, gained: float) -> tuple[float | None, str]:
    words = catalogue.table("people_words").set_index("indicator_id")["words"]
    base = frame["denominator"].iloc[-1]
    if (
        one.indicator_id not in words.index
        or (one.unit == "%" and pd.isna(base))
        or (one.unit != "%" and one.unit not in TOTALS)
    ):
        return None, ""
    people = gained / 100 * float(base) if one.unit == "%" else gained
    as_now = " if the total stays as it is now" if one.unit == "%" else ""
    return people, f"about {_rounded(people)} fewer {words[one.indicator_id]}{as_now}"


def _rounded(number: float) -> str:
    digits = max(0, len(str(int(abs(number)))) - 2)
    return f"{round(number / 10**digits) * 10**digits:,.0f}"
