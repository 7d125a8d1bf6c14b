"""Where an indicator stands: the year before, the pace it moves at, its target, and what may be said of each.

Pace is taken from means of twelve months (or four quarters) set beside the same months of the year before, never from
a line through part of a seasonal series. What is said follows the two decision tables of ``rules``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.ambitions import rules
from ics_core.ambitions.indicator import (
    ENGLAND,
    HELD_SHARE,
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
from ics_core.ambitions.release import age
from ics_core.ambitions.target import ASKED_OF, Target, in_force, targets, why_in_force
from ics_core.area import AREA

FURTHEST_MONTHS = 120  # an attainment date further off than this says nothing
YEARS, LEAST_YEARS = 5, 3  # yearly points that make the pace
STATES = ("improving", "concerning", "missing target", "no recent data")
AGAINST_ENGLAND = ("better than England", "worse than England", "level with England", "not compared")


@dataclass(frozen=True)
class Status:
    """Where an indicator stands in an area; None wherever the data do not say.

    ``change`` is the latest value less that of the same period a year before. ``measured`` is the figure set against
    the target: the latest one, or for a target on a financial year the mean of that year so far (``measured_words``
    says which); ``gap`` is ``measured`` less the target. Paces are in the indicator's unit a month. ``attainment`` is
    the day the target is reached at the recent pace, counted from the end of the series; ``attainment_words`` says it
    or why there is none. ``word`` is one of ``rules.WORDS``, or "not judged" where no direction is better; ``reason``
    and ``course`` are the rows of the decision tables that apply.
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
    changed: str | None  # the month of a named break that keeps the year before from being compared
    direction: str | None  # "better", "worse", "the same", or for neutral series "higher", "lower"
    beyond_margin: bool | None  # whether the two published intervals lie apart
    target: Target | None
    measured: float
    measured_words: str
    gap: float | None
    met: bool | None
    variation: str | None
    assurance: str | None
    trial: bool
    trial_words: str
    chart_kind: str  # "xmr" or "trend"
    chart_reason: str
    joined: bool  # whether a line may be drawn through the points
    step: int  # months between points
    required_pace: float | None
    recent_pace: float | None
    recent_period: str
    attainment: str | None
    attainment_words: str
    word: str
    reason: str
    course: str
    comparator: str | None
    comparator_value: float | None
    comparator_note: str
    against_england: str  # one of AGAINST_ENGLAND
    missed_releases: int
    old: bool
    age_words: str
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
    def asked_of(self) -> str:
        """Whom the target in force asks; empty without one."""
        return "" if self.target is None else ASKED_OF[self.target.binds]

    @property
    def comparator_text(self) -> str:
        """The comparator's value; empty without one."""
        return "" if self.comparator is None else format_value(self.comparator_value, self.unit)

    @property
    def course_word(self) -> str:
        """How it stands against its target, in a few words."""
        marks = catalogue.toml("text/judgement")["mark"]
        return marks["old"] if self.old and self.target is not None else marks[self.course]

    @property
    def states(self) -> tuple[str, ...]:
        """The filters this status falls under: they follow ``word``, so a list and its count cannot disagree."""
        told = (
            self.word == "better",
            self.word == "worse",
            self.met is False and not self.old,
            self.word == "no recent figure",
        )
        return tuple(state for state, holds in zip(STATES, told, strict=True) if holds)


@cache
def status(indicator_id: str, area_code: str) -> Status:
    """Where an indicator stands in an area. Raises ``IndicatorError`` for an unknown indicator or area."""
    row, frame = record(indicator_id), whole(indicator_id, area_code)
    last = frame.iloc[-1]
    latest, day, better, unit = float(last["value"]), last["period_end"], row["better"], row["unit"]
    kind, reason, joined = fitness(row, frame)
    step, found = months_apart(row["frequency"]), breaks(indicator_id, area_code)
    previous, changed, apart = _year_before(frame, found)
    direction = _direction(latest, previous, row)

    aims = targets(indicator_id, area_code) if better != "neither" else ()
    target = in_force(aims, catalogue.released())
    judged = judge(row, frame, area_code, target.value if target else None) if kind == "xmr" else None
    variation, assurance = (judged.variation, judged.assurance) if judged else (None, None)
    pace, span = recent(frame, step, found) if joined else (None, "")
    measured, measured_words = _measured(frame, target, latest)
    met = target.met_by(measured, better) if target else None
    required, attainment, told = None, None, "no target that can be drawn"
    if target:
        left = months_between(day, target.date) if target.date else 0
        if left > 0 and not met:
            required = (target.value - measured) / left
        attainment, told = attain(measured, day, target, pace, better, span)

    signal, year = _signal(variation), direction if direction in ("better", "worse", "the same") else None
    towards = _pace_word(pace, unit, better)
    since = age(indicator_id, day)
    word, because = rules.movement(signal, year, towards, apart)
    if better == "neither":
        word = rules.NOT_JUDGED
        because = {"special cause neutral high": "high", "special cause neutral low": "low"}.get(
            variation or "", "usual" if variation else "untold"
        )
    comparator, comparator_value, comparator_note = _comparator(row, frame, area_code)
    if target is None:
        course = "neutral" if better == "neither" else "replaced" if aims else "none"
    else:
        course = rules.course(
            bool(met), target.passed, signal, assurance, year, towards, *_in_time(attainment, target, bool(met))
        )
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
        change=None if previous is None else latest - previous,
        changed=changed,
        direction=direction,
        beyond_margin=apart,
        target=target,
        measured=measured,
        measured_words=measured_words,
        gap=measured - target.value if target else None,
        met=met,
        variation=variation,
        assurance=assurance,
        trial=judged.trial if judged else False,
        trial_words=judged.trial_words if judged else "",
        chart_kind=kind,
        chart_reason=reason,
        joined=joined,
        step=step,
        required_pace=required,
        recent_pace=pace,
        recent_period=span,
        attainment=attainment,
        attainment_words=told,
        word="no recent figure" if since.old and better != "neither" else word,
        reason=because,
        course=course,
        comparator=comparator,
        comparator_value=comparator_value,
        comparator_note=comparator_note,
        against_england=_against_england(row, frame, area_code),
        missed_releases=since.missed,
        old=since.old,
        age_words=since.words,
        caveats=_caveats(row, frame, target),
        breaks=found,
        source=f"{row['publisher']}, {row['official_dataset']} ({row['licence']})",
    )


def _year_before(frame: pd.DataFrame, found: tuple[Break, ...]) -> tuple[float | None, str | None, bool | None]:
    """The value of the same period a year before, a break that forbids comparing, whether the two margins lie apart."""
    last = frame.iloc[-1]
    before = frame[frame["period_start"] == _a_year_back(last["period_start"])]
    if before.empty:
        return None, None, None
    then = before.iloc[-1]
    between = [b.date for b in found if then["period_start"] < b.date <= last["period_start"]]
    if between:
        return None, format_day(between[-1]), None
    apart = None
    if pd.notna(last["lower_ci"]) and pd.notna(then["lower_ci"]):
        apart = bool(last["lower_ci"] > then["upper_ci"] or last["upper_ci"] < then["lower_ci"])
    return float(then["value"]), None, apart


def _a_year_back(iso: str) -> str:
    return f"{int(iso[:4]) - 1}{iso[4:]}"


def _direction(latest: float, previous: float | None, row: pd.Series) -> str | None:
    if previous is None:
        return None
    if format_value(latest, row["unit"]) == format_value(previous, row["unit"]):  # the same to the figures shown
        return "the same"
    if row["better"] == "neither":
        return "higher" if latest > previous else "lower"
    return "better" if (latest > previous) == (row["better"] == "up") else "worse"


def recent(frame: pd.DataFrame, step: int, found: tuple[Break, ...]) -> tuple[float | None, str]:
    """The change a month of the latest year, never across a break, and the year it is taken from, in words.

    Monthly and quarterly series: the mean of the latest twelve months less that of the twelve before, over twelve; of
    months held in both years only, and three quarters of them at least. Yearly series: the slope of up to five points.
    """
    part = frame[max([0, *phase_starts(frame, found)]) :]
    end = part["period_end"].iloc[-1]
    if step == 12:
        return _slope(part)
    values = dict(zip(part["period_start"], part["value"], strict=True))
    latest = part.loc[part["period_end"] > months_on(end, -12), "period_start"]
    rises = [values[start] - values[_a_year_back(start)] for start in latest if _a_year_back(start) in values]
    if len(rises) < HELD_SHARE * 12 / step:
        return None, ""
    return float(np.mean(rises)) / 12, f"the year to {format_day(end)}"


def _slope(part: pd.DataFrame) -> tuple[float | None, str]:
    days = part["period_end"].tolist()[-YEARS:]
    back = np.array([months_between(day, days[-1]) for day in days])
    near = back < 1.5 * 12 * YEARS  # points with holes between them must not reach back ten years
    if near.sum() < LEAST_YEARS:
        return None, ""
    slope = -float(np.polyfit(back[near], part["value"].to_numpy(dtype=float)[-YEARS:][near], 1)[0])
    return slope, f"{format_day(days[int(np.argmax(near))])} to {format_day(days[-1])}"


def _pace_word(pace: float | None, unit: str, better: str) -> str | None:
    """Whether the latest year was better or worse than the one before, or level to the figures shown."""
    if pace is None or better == "neither":
        return None
    if format_change(pace * 12, unit).startswith("±"):
        return "level"
    return "better" if (pace > 0) == (better == "up") else "worse"


def _signal(variation: str | None) -> str | None:
    if variation is None:
        return None
    return next((word for word in ("improving", "concerning") if variation.endswith(word)), "usual")


def _measured(frame: pd.DataFrame, target: Target | None, latest: float) -> tuple[float, str]:
    """The figure to set against the target: for one on a financial year, the mean of that year so far.

    Where nothing of that year is held, the mean of the latest twelve months; where those have holes, the latest figure.
    """
    if target is None or not target.yearly or target.date is None:
        return latest, "latest figure"
    for first, last in (
        (_a_year_back(target.date), target.date),
        (months_on(frame["period_end"].iloc[-1], -12), frame["period_end"].iloc[-1]),
    ):
        inside = frame[(frame["period_start"] > first) & (frame["period_end"] <= last)]
        held = inside["period_label"]
        if len(inside) and (last == target.date or len(inside) == 12):
            of = held.iloc[0] if len(held) == 1 else f"{held.iloc[0]} to {held.iloc[-1]}"
            return float(inside["value"].mean()), f"mean of {of}"
    return latest, "latest figure"


def attain(now: float, day: str, target: Target, pace: float | None, better: str, span: str) -> tuple[str | None, str]:
    """The day a target is reached from ``now`` at a pace, counted from ``day``; or None, and why."""
    if target.met_by(now, better):
        return day, "already met"
    if pace is None:
        return None, "too few comparable points to tell the pace"
    short = target.value - now
    at = f"at the pace of {span}" if span else "at this pace"
    if pace * short <= 0:
        return None, f"not {at}: it does not move towards the target"
    months = short / pace
    if months > FURTHEST_MONTHS:
        return None, f"not {at}: more than {FURTHEST_MONTHS // 12} years away"
    when = months_on(day, months)
    if when < catalogue.released():
        return when, f"{at} it would have been about {format_day(when)}; the figures stop in {format_day(day)}"
    return when, f"about {format_day(when)} {at}"


def _in_time(attainment: str | None, target: Target, met: bool) -> tuple[bool | None, bool]:
    """Whether the date of attainment comes before the target's (None where one lacks), and whether there is one."""
    attained = attainment is not None and not met
    return (attainment <= target.date if attained and target.date else None), attained


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


def _against_england(row: pd.Series, frame: pd.DataFrame, area_code: str) -> str:
    """Beside England's figure of the same period; level where they read the same or their margins of error overlap."""
    last = frame.iloc[-1]
    other = holdings().get((row["indicator_id"], ENGLAND, last["breakdown"]))
    if other is None or area_code == ENGLAND or row["unit"] in TOTALS or row["better"] == "neither":
        return "not compared"
    same = other[other["period_start"] == last["period_start"]]
    if same.empty:
        return "not compared"
    theirs, ours, unit = same.iloc[-1], float(last["value"]), row["unit"]
    overlap = (
        pd.notna(last["lower_ci"])
        and pd.notna(theirs["lower_ci"])
        and last["lower_ci"] <= theirs["upper_ci"]
        and theirs["lower_ci"] <= last["upper_ci"]
    )
    if overlap or format_value(ours, unit) == format_value(float(theirs["value"]), unit):
        return "level with England"
    ahead = (ours > float(theirs["value"])) == (row["better"] == "up")
    return "better than England" if ahead else "worse than England"


def _caveats(row: pd.Series, frame: pd.DataFrame, target: Target | None) -> tuple[str, ...]:
    found = [row["caveat"]] if isinstance(row["caveat"], str) else []
    notes = frame["note"].tolist()
    summed = [isinstance(note, str) and "sum of the three acute trusts" in note for note in notes]
    if any(summed):
        hospitals = f"{words.spoken(len(AREA.acute))} acute hospitals"
        found.append(f"{AREA.name} here is the sum of the {hospitals}: their patients, not residents.")
    if isinstance(notes[-1], str) and not summed[-1]:
        found.append(f"Note on the latest figure: {notes[-1]}.")
    if target:
        if target.binds != "here":
            found.append(
                f"The target is {ASKED_OF[target.binds]}: what it says of this area is how it stands beside it."
            )
        if why := why_in_force(target):
            found.append(f"The target is older than the newest planning guidance. {why}")
    return tuple(found)


def clauses(one: Status) -> dict[str, str]:
    """The signs a series gives, as clauses by where they come from (signal, year, pace); those that say something."""
    said = catalogue.toml("text/judgement")["sign"]
    signal, pace = _signal(one.variation), _pace_word(one.recent_pace, one.unit, one.better)
    found = {
        "signal": said.get(signal or "", ""),
        "year": said.get(f"year, {one.direction}", "").format(period=one.period),
        "pace": said.get(f"{'run' if one.step == 12 else 'pace'}, {pace}", "").format(span=one.recent_period),
    }
    return {source: text for source, text in found.items() if text}
