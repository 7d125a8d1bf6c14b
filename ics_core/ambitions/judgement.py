"""How an indicator does: where it stands, the pace it moves at, whether it will reach its target.

Ages are counted to the day of the data release, not to today, so the same data always give the
same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue
from ics_core.ambitions.indicator import (
    ENGLAND,
    MOST_DEPRIVED,
    TOTALS,
    Break,
    area_name,
    breaks,
    fitness,
    format_change,
    format_day,
    format_value,
    holdings,
    judge,
    months_apart,
    months_between,
    months_on,
    phase_starts,
    record,
    whole,
)
from ics_core.ambitions.target import Target, in_force, targets

OLD_MONTHS = 18
FURTHEST_MONTHS = 120  # an attainment date further off than this says nothing
RECENT = {1: 24, 3: 8, 12: 5}  # points that make the recent pace, by months between points
LEAST = {1: 6, 3: 4, 12: 3}
STATES = ("improving", "concerning", "missing target", "no recent data")


@dataclass(frozen=True)
class Status:
    """Where an indicator stands in an area; None wherever the data do not say.

    ``change`` is the latest value less that of the same period a year before, ``gap`` the latest
    less the target, paces are in the indicator's unit a month. ``attainment`` is the day the target
    is reached at the recent pace, ``attainment_words`` says it or why there is none.
    """

    indicator_id: str
    name: str
    ambition: int
    area_code: str
    area: str
    unit: str
    better: str
    latest: float
    latest_text: str
    period: str
    date: str
    previous: float | None
    change: float | None
    direction: str | None  # "better", "worse", "the same", or for neutral series "higher", "lower"
    beyond_margin: bool | None  # whether the two published intervals lie apart
    target: Target | None
    gap: float | None
    met: bool | None
    variation: str | None
    assurance: str | None
    trial: bool
    chart_kind: str  # "xmr" or "trend"
    chart_reason: str
    joined: bool  # whether a line may be drawn through the points
    required_pace: float | None
    recent_pace: float | None
    recent_period: str
    attainment: str | None
    attainment_words: str
    comparator: str | None
    comparator_value: float | None
    comparator_note: str
    age_months: int
    old: bool
    caveats: tuple[str, ...]
    breaks: tuple[Break, ...]
    source: str

    @property
    def previous_text(self) -> str:
        """The value of the year before, as people read it."""
        return format_value(self.previous, self.unit)

    @property
    def change_text(self) -> str:
        """The change on the year before, with its sign."""
        return "no figure a year before" if self.change is None else format_change(self.change, self.unit)

    @property
    def target_text(self) -> str:
        """The target in force and its date."""
        if self.target is None:
            return "no target drawn"
        return format_value(self.target.value, self.unit) + (
            f" by {format_day(self.target.date)}" if self.target.date else ""
        )

    @property
    def comparator_text(self) -> str:
        """The comparator's value; empty without one."""
        return "" if self.comparator is None else format_value(self.comparator_value, self.unit)

    @property
    def states(self) -> tuple[str, ...]:
        """The filters this status falls under."""
        told = (
            (self.variation or "").endswith("improving"),
            (self.variation or "").endswith("concerning"),
            self.met is False,
            self.old,
        )
        return tuple(state for state, holds in zip(STATES, told, strict=True) if holds)


@cache
def status(indicator_id: str, area_code: str) -> Status:
    """Where an indicator stands in an area. Raises ``ValueError`` for an unknown indicator or area."""
    row, frame = record(indicator_id), whole(indicator_id, area_code)
    released = catalogue.released()
    last = frame.iloc[-1]
    latest, day, better, unit = float(last["value"]), last["period_end"], row["better"], row["unit"]
    kind, reason, joined = fitness(row, frame)
    step, found = months_apart(row["frequency"]), breaks(indicator_id, area_code)

    before = frame[frame["period_start"] == f"{int(last['period_start'][:4]) - 1}{last['period_start'][4:]}"]
    previous = float(before["value"].iloc[-1]) if len(before) else None
    change = None if previous is None else latest - previous
    apart = None
    if len(before) and pd.notna(last["lower_ci"]) and pd.notna(before["lower_ci"].iloc[-1]):
        apart = bool(last["lower_ci"] > before["upper_ci"].iloc[-1] or last["upper_ci"] < before["lower_ci"].iloc[-1])

    target = in_force(targets(indicator_id, area_code), released) if better != "neither" else None
    judged = judge(row, frame, area_code, target.value if target else None) if kind == "xmr" else None
    pace, stretch = _recent(frame, step, found) if joined else (None, "")
    required, attainment, words = None, None, "no target that can be drawn"
    if target:
        left = months_between(day, target.date) if target.date else 0
        if left > 0 and not target.met_by(latest, better):
            required = (target.value - latest) / left
        attainment, words = attain(latest, day, target, pace, better, f"from {stretch}")
    age = months_between(day, released)
    comparator, comparator_value, comparator_note = _comparator(row, frame, area_code)

    return Status(
        indicator_id=indicator_id,
        name=row["name"],
        ambition=int(row["ambition"]),
        area_code=area_code,
        area=area_name(area_code)
        + (", practices in the most deprived band" if last["breakdown"] == MOST_DEPRIVED else ""),
        unit=unit,
        better=better,
        latest=latest,
        latest_text=format_value(latest, unit),
        period=last["period_label"],
        date=day,
        previous=previous,
        change=change,
        direction=_direction(latest, previous, row),
        beyond_margin=apart,
        target=target,
        gap=latest - target.value if target else None,
        met=target.met_by(latest, better) if target else None,
        variation=judged.variation if judged else None,
        assurance=judged.assurance if judged else None,
        trial=judged.trial if judged else False,
        chart_kind=kind,
        chart_reason=reason,
        joined=joined,
        required_pace=required,
        recent_pace=pace,
        recent_period=stretch,
        attainment=attainment,
        attainment_words=words,
        comparator=comparator,
        comparator_value=comparator_value,
        comparator_note=comparator_note,
        age_months=int(age),
        old=age > OLD_MONTHS,
        caveats=_caveats(row, frame, target),
        breaks=found,
        source=f"{row['publisher']}, {row['official_dataset']} ({row['licence']})",
    )


def _recent(frame: pd.DataFrame, step: int, found: tuple[Break, ...]) -> tuple[float | None, str]:
    """Least-squares change a month over the latest stretch, never reaching back over a break."""
    start = max([0, *phase_starts(frame, found)])
    days = frame["period_end"].tolist()[start:][-RECENT[step] :]
    values = frame["value"].to_numpy(dtype=float)[start:][-RECENT[step] :]
    back = np.array([months_between(day, days[-1]) for day in days])
    near = back < 1.5 * step * RECENT[step]  # points with holes between them must not reach back ten years
    if near.sum() < LEAST[step]:
        return None, ""
    slope = -float(np.polyfit(back[near], values[near], 1)[0])
    return slope, f"{format_day(days[int(np.argmax(near))])} to {format_day(days[-1])}"


def attain(
    latest: float, day: str, target: Target, pace: float | None, better: str, stretch: str
) -> tuple[str | None, str]:
    if target.met_by(latest, better):
        return day, "already met"
    if pace is None:
        return None, "too few recent points to tell the pace"
    short = target.value - latest
    if pace * short <= 0:
        return None, f"not at this pace: {stretch} it does not move towards the target"
    months = short / pace
    if months > FURTHEST_MONTHS:
        return None, f"not at this pace: more than {FURTHEST_MONTHS // 12} years away"
    when = months_on(day, months)
    if when < catalogue.released():
        return (
            when,
            f"at the recent pace it would have been about {format_day(when)}; the figures stop in {format_day(day)}",
        )
    return when, f"about {format_day(when)} at the recent pace"


def _direction(latest: float, previous: float | None, row: pd.Series) -> str | None:
    if previous is None:
        return None
    if format_value(latest, row["unit"]) == format_value(previous, row["unit"]):  # the same to the figures shown
        return "the same"
    if row["better"] == "neither":
        return "higher" if latest > previous else "lower"
    return "better" if (latest > previous) == (row["better"] == "up") else "worse"


def _comparator(row: pd.Series, frame: pd.DataFrame, area_code: str) -> tuple[str | None, float | None, str]:
    if row["unit"] in TOTALS:
        return None, None, "A total is not compared with England's: the index below puts both on one scale."
    last = frame.iloc[-1]
    for code in [ENGLAND, *str(row["comparator"]).split()]:
        other = holdings().get((row["indicator_id"], code, last.get("breakdown", "all")))
        if code == area_code or other is None:
            continue
        same = other[other["period_start"] == last["period_start"]]
        if len(same):
            return area_name(code), float(same["value"].iloc[-1]), "same period"
        return area_name(code), float(other["value"].iloc[-1]), f"latest held: {other['period_label'].iloc[-1]}"
    return None, None, "No comparator is held."


def _caveats(row: pd.Series, frame: pd.DataFrame, target: Target | None) -> tuple[str, ...]:
    found = [row["caveat"]] if isinstance(row["caveat"], str) else []
    notes = frame["note"].tolist()
    summed = [isinstance(note, str) and "sum of the three acute trusts" in note for note in notes]
    if any(summed):
        found.append("Norfolk and Waveney here is the sum of the three acute hospitals: their patients, not residents.")
    if isinstance(notes[-1], str) and not summed[-1]:
        found.append(f"Note on the latest figure: {notes[-1]}.")
    if target and target.scope == "national":
        found.append("The target is national: it was set for England, not for this area.")
    if target and target.provenance != "found":
        found.append(f"The target comes from a named document that was not rechecked: {target.document}.")
    return tuple(found)


def answers(one: Status) -> dict[str, str]:
    """The three questions a board asks, each answered in a sentence."""
    when = "the year before"
    if one.change is None:
        year = f"There is no figure for {when}, so this cannot be said."
    elif one.direction == "the same":
        year = f"The same as {when}: {one.latest_text}."
    else:
        lead = {"better": "Yes", "worse": "No, worse", "higher": "Higher", "lower": "Lower"}[one.direction]
        year = f"{lead}: {one.latest_text}, {format_change(one.change, one.unit)} on {when} ({format_value(one.previous, one.unit)})."
    if one.variation:
        real = {
            "common cause": "No sign of it: the latest point is within the usual month-to-month variation.",
            "special cause improving": "Yes, improving: the latest point is part of a signal, not noise.",
            "special cause concerning": "Yes, getting worse: the latest point is part of a signal, not noise.",
            "special cause neutral high": "Yes, higher than usual: the latest point is part of a signal, neither good nor bad in itself.",
            "special cause neutral low": "Yes, lower than usual: the latest point is part of a signal, neither good nor bad in itself.",
        }[one.variation] + (" The limits rest on fewer than twelve points." if one.trial else "")
    elif one.beyond_margin is not None:
        real = (
            "Yes: the two published margins of error lie apart."
            if one.beyond_margin
            else "Cannot be told: the two published margins of error overlap."
        )
    else:
        real = f"Cannot be told. {one.chart_reason}"
    return {"Better than a year ago?": year, "Is it real?": real, "Will the target be met?": _outlook(one)}


def finding(one: Status) -> str:
    """One line that says where a series stands: "76.7% in Mar 2026, improving beyond chance"."""
    where = f"{one.latest_text} in {one.period}".replace(" in year to", " in the year to")
    move = {
        "common cause": "within its usual variation",
        "special cause improving": "improving beyond chance",
        "special cause concerning": "worse than chance explains",
        "special cause neutral high": "higher than usual",
        "special cause neutral low": "lower than usual",
    }.get(one.variation or "") or {
        "better": "better than a year before",
        "worse": "worse than a year before",
        "the same": "the same as a year before",
        "higher": "higher than a year before",
        "lower": "lower than a year before",
    }.get(one.direction or "", "")
    goal = (
        ""
        if one.target is None
        else f"; the target of {format_value(one.target.value, one.unit)} is {'met' if one.met else 'not met'}"
    )
    return f"{one.name}: {where}{', ' if move else ''}{move}{goal}"


def _outlook(one: Status) -> str:
    if one.better == "neither":
        return "There is no target: more or less of this is neither good nor bad in itself."
    if one.target is None:
        return "No target was found that measures the same thing."
    goal = format_value(one.target.value, one.unit)
    by = f" by {format_day(one.target.date)}" if one.target.date else ", which has no date"
    if one.met:
        text = f"The latest figure meets it ({goal}{by})."
    elif one.target.date and one.target.date < catalogue.released():
        text = f"The date has passed: {goal} was due{by}; the latest figure, for {one.period}, is {one.latest_text}."
    elif one.attainment and one.target.date:
        verdict = (
            "Yes, if the recent pace holds" if one.attainment <= one.target.date else "Not in time at the recent pace"
        )
        text = f"{verdict}: {goal}{by} is the target, {one.attainment_words}."
    else:
        text = f"{one.attainment_words[0].upper()}{one.attainment_words[1:]}. The target is {goal}{by}."
    assured = {
        "consistently failing": " As the process runs, it will go on missing the target.",
        "consistently passing": " As the process runs, it will go on meeting the target.",
        "inconsistent": " As the process runs, it will sometimes meet the target and sometimes not.",
    }.get(one.assurance or "", "")
    return text + assured
