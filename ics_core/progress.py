"""How an indicator does: its targets, the pace it moves at, where it stands, and what if it improved.

Ages are counted to the day of the data release, not to today, so the same data always give the
same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, spc
from ics_core.indicators import (
    ENGLAND,
    MOST_DEPRIVED,
    TOTALS,
    Break,
    area_name,
    breaks,
    fitness,
    format_change,
    format_day,
    format_pace,
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

OLD_MONTHS = 18
FURTHEST_MONTHS = 120  # an attainment date further off than this says nothing
RECENT = {1: 24, 3: 8, 12: 5}  # points that make the recent pace, by months between points
LEAST = {1: 6, 3: 4, 12: 3}
STATES = ("improving", "concerning", "missing target", "no recent data")


@dataclass(frozen=True)
class Target:
    """One step of a target. ``provenance``: "found" or "named document, not rechecked".

    ``state``: "met" or "missed" at its date, "due" later, "no figure" for its date, "no date".
    ``value_then`` is the figure that decided it.
    """

    row_id: str
    metric: str
    value: float
    high: float | None
    date: str | None
    scope: str
    strict: bool
    provenance: str
    document: str
    note: str
    state: str
    value_then: float | None

    def met_by(self, value: float, better: str) -> bool:
        """Whether a figure reaches the target, where ``better`` is "up" or "down"."""
        return _reached(value, self.value, self.strict, better)


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
    """A sensible slider for ``projected``: from 0 to ``high`` by ``step``, starting at ``start``, in ``unit`` a month."""

    high: float
    step: float
    start: float
    unit: str
    help: str


@cache
def targets(indicator_id: str, area_code: str) -> tuple[Target, ...]:
    """Targets that may be drawn beside this series, in date order, undated last.

    Only measures mapped as comparable; a unit or area that does not fit is left out (``related``
    names those). An England total is a target for England alone.
    """
    row, frame = record(indicator_id), whole(indicator_id, area_code)
    found = []
    for aim in _aims().get(indicator_id, ()):
        elsewhere = isinstance(aim.fit_area, str) and aim.fit_area != area_code
        if elsewhere or aim.use == "words only" or pd.isna(aim.target_value):
            continue
        flip = aim.use == "complement"
        value = 100 - aim.target_value if flip else aim.target_value
        strict = aim.target_operator == "<"
        when = aim.target_date if isinstance(aim.target_date, str) else None
        state, then = _outcome(frame, when, value, strict, row["better"], yearly=aim.use == "year average")
        notes = " ".join(f"{text}." for text in (aim.note, aim.fit_note) if isinstance(text, str)).replace("..", ".")
        found.append(
            Target(
                row_id=aim.row_id,
                metric=aim.metric,
                value=float(value),
                high=None if pd.isna(aim.target_value_high) else float(aim.target_value_high),
                date=when,
                scope=aim.scope,
                strict=strict,
                provenance="found" if aim.provenance == "found" else "named document, not rechecked",
                document=", ".join(
                    text for text in (aim.source_title, aim.source_publisher, aim.source_date) if isinstance(text, str)
                ),
                note=notes,
                state=state,
                value_then=then,
            )
        )
    return tuple(sorted(found, key=lambda t: (t.date is None, t.date or "", t.scope)))


def target_words(indicator_id: str, area_code: str) -> list[str]:
    """The targets of ``targets``, a sentence each in Markdown: value, date, for whom, outcome, source, note."""
    unit = record(indicator_id)["unit"]
    told = []
    for one in targets(indicator_id, area_code):
        value = format_value(one.value, unit) + (f" to {format_value(one.high, unit)}" if one.high is not None else "")
        by = f"by {format_day(one.date)}" if one.date else "with no date"
        whom = "for this area" if one.scope == "local" else "for England"
        outcome = {"no date": "", "no figure": "No figure for that date.", "due": "Due."}.get(
            one.state, f"{one.state.capitalize()}: {format_value(one.value_then, unit)}."
        )
        checked = "" if one.provenance == "found" else ", not rechecked"
        told.append(
            " ".join(filter(None, (f"**{value}** {by}, {whom}.", outcome, f"{one.document}{checked}.", one.note)))
        )
    return told


def target_steps(indicator_id: str, area_code: str) -> pd.DataFrame:
    """Targets as stretches of time, for a chart: start, end, value, target (words), scope, provenance, state.

    A dated step holds from the step before it, at most twelve months, to its date; a target without a date
    holds throughout. Steps that ended before the series begins, or lie over three years past its end, are left out.
    """
    row, frame = record(indicator_id), whole(indicator_id, area_code)
    first, last = frame["period_end"].iloc[0], frame["period_end"].iloc[-1]
    rows, before = [], ""
    for one in targets(indicator_id, area_code):
        end = one.date or max(last, first)
        start = max(before, months_on(end, -12)) if one.date else first
        words = format_value(one.value, row["unit"]) + (f" by {format_day(end)}" if one.date else ", no date")
        if end > first and end <= months_on(last, 36):
            rows.append((start, end, one.value, words, one.scope, one.provenance, one.state))
        before = one.date or before
    return pd.DataFrame(rows, columns=["start", "end", "value", "target", "scope", "provenance", "state"])


def related(indicator_id: str) -> pd.DataFrame:
    """Targets on the same subject that cannot share an axis: metric, target, date, scope, why_not_drawn."""
    links = catalogue.table("metric_indicator_map")
    aims = catalogue.table("targets").merge(
        links[(links["indicator_id"] == indicator_id) & (links["comparable"] == "no")],
        on="metric_id",
        suffixes=("", "_link"),
    )
    words = pd.DataFrame([aim._asdict() for aim in _aims().get(indicator_id, ()) if aim.use == "words only"])
    both = pd.concat([aims, words.rename(columns={"fit_note": "note_link"})], ignore_index=True)
    value = [
        text if isinstance(text, str) else "" if pd.isna(number) else f"{number:,.6g} {unit}".replace(" %", "%")
        for text, number, unit in zip(both["target_text"], both["target_value"], both["unit"], strict=True)
    ]
    return pd.DataFrame(
        {
            "metric": both["metric"],
            "target": value,
            "date": both["target_date"],
            "scope": both["scope"],
            "why_not_drawn": both["note_link"],
        }
    )


@cache
def _aims() -> dict[str, list]:
    """Rows of comparable targets by indicator, with how each is to be drawn."""
    links = catalogue.table("metric_indicator_map")
    links = links[links["comparable"] == "yes"]
    fit = catalogue.table("target_fit").rename(columns={"area_code": "fit_area", "note": "fit_note"})
    aims = catalogue.table("targets").merge(links[["metric_id", "indicator_id"]], on="metric_id")
    aims = aims.merge(fit, on=["metric_id", "indicator_id"], how="left").fillna({"use": "as it is"})
    found: dict[str, list] = {}
    for aim in aims.itertuples(index=False):
        found.setdefault(aim.indicator_id, []).append(aim)
    return found


def _reached(value: float, goal: float, strict: bool, better: str) -> bool:
    if better == "up":
        return value > goal if strict else value >= goal
    return value < goal if strict else value <= goal


def _outcome(
    frame: pd.DataFrame, when: str | None, goal: float, strict: bool, better: str, yearly: bool
) -> tuple[str, float | None]:
    if when is None:
        return "no date", None
    covering = frame[(frame["period_start"] <= when) & (frame["period_end"] >= when)]
    if yearly:  # the twelve months that end on the day, all of them or none
        year = frame[(frame["period_end"] <= when) & (frame["period_start"] > f"{int(when[:4]) - 1}{when[4:]}")]
        covering = year if len(year) == 12 else year.head(0)
    if len(covering):
        value = float(covering["value"].mean())
        return ("met" if _reached(value, goal, strict, better) else "missed"), value
    return ("due" if when > catalogue.released() else "no figure"), None


def _in_force(found: tuple[Target, ...], today: str) -> Target | None:
    """The step to judge by: the next one due, local before national; else the last one; else one without a date."""
    dated = [t for t in found if t.date]
    ahead = [t for t in dated if t.date >= today]
    if ahead:
        first = min(t.date for t in ahead)
        return min((t for t in ahead if t.date == first), key=lambda t: t.scope != "local")
    if dated:
        last = max(t.date for t in dated)
        return min((t for t in dated if t.date == last), key=lambda t: t.scope != "local")
    return min(found, key=lambda t: t.scope != "local", default=None)


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


def _attain(
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

    target = _in_force(targets(indicator_id, area_code), released) if better != "neither" else None
    judged = judge(row, frame, area_code, target.value if target else None) if kind == "xmr" else None
    pace, stretch = _recent(frame, step, found) if joined else (None, "")
    required, attainment, words = None, None, "no target that can be drawn"
    if target:
        left = months_between(day, target.date) if target.date else 0
        if left > 0 and not target.met_by(latest, better):
            required = (target.value - latest) / left
        attainment, words = _attain(latest, day, target, pace, better, f"from {stretch}")
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


def projected(indicator_id: str, area_code: str, monthly_change: float) -> Outlook:
    """What if it improved by ``monthly_change`` (in the indicator's unit, at least 0) every month from now?

    A straight line from the latest value, within what is possible (shares between 0 and 100, counts from 0).
    Raises ``ValueError`` for a negative or endless change, or a measure where no direction is better.
    """
    one = status(indicator_id, area_code)
    if one.better == "neither":
        raise ValueError(
            f"{indicator_id}: more or less of this is neither good nor bad, so there is nothing to improve."
        )
    if not np.isfinite(monthly_change) or monthly_change < 0:
        raise ValueError(f"monthly_change is {monthly_change!r}: give a number from 0 up, in {one.unit} a month.")
    frame = whole(indicator_id, area_code)
    step = months_apart(record(indicator_id)["frequency"])
    signed = monthly_change if one.better == "up" else -monthly_change
    ahead = months_between(one.date, one.target.date) if one.target and one.target.date else 0
    months = np.arange(step, max(36, min(ahead, FURTHEST_MONTHS)) + step, step)
    ceiling = 100 if one.unit == "%" else np.inf
    floor = 0 if one.unit == "%" or one.unit in TOTALS else -np.inf
    reach = np.clip(one.latest + signed * months, floor, ceiling)
    spread = _spread(frame, one)
    past = pd.DataFrame({"period_end": frame["period_end"], "value": frame["value"], "projected": False})
    future = pd.DataFrame(
        {
            "period_end": [one.date, *(months_on(one.date, m) for m in months)],
            "value": [one.latest, *reach],
            "lower": [one.latest, *np.clip(reach - spread, floor, ceiling)],
            "upper": [one.latest, *np.clip(reach + spread, floor, ceiling)],
            "projected": True,
        }
    )
    attainment, words = (None, "there is no target to reach")
    if one.target:
        attainment, words = _attain(one.latest, one.date, one.target, signed, one.better, "with no improvement")
    by = one.target.date if ahead > 0 and one.target.date >= catalogue.released() else months_on(one.date, 12)
    reached = float(np.clip(one.latest + signed * months_between(one.date, by), floor, ceiling))
    fewer, phrase = _fewer(one, frame, abs(reached - one.latest))
    return Outlook(
        table=pd.concat([past, future], ignore_index=True)[["period_end", "value", "lower", "upper", "projected"]],
        change=signed,
        attainment=attainment,
        attainment_words=words.replace("the recent pace", "this pace"),
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
