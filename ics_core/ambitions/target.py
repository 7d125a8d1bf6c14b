"""Targets of an indicator: what was asked, of whom, in which document, by when, and what came of each.

A target is judged on the figure of whomever it binds: a percentage set for England on England's. How this area
does on the same measure is a second outcome, never mixed with the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from ics_core import catalogue, words
from ics_core.ambitions.indicator import (
    BOARD,
    ENGLAND,
    area_kind,
    area_name,
    format_day,
    format_value,
    held_by,
    months_on,
    record,
    whole,
)

ASKED_OF = {
    "England": "asked of England as a whole",
    "each system": "asked of each system",
    "each trust": "asked of each trust",
    "one trust": "asked of one trust",
    "here": "set for this area",
}


@dataclass(frozen=True)
class Outcome:
    """What came of a target for someone: ``who``, ``state``, and the ``value`` that decided it (None without one).

    ``state``: "met" or "missed" at its date, "due" later, "no figure" for its date, "no date".
    """

    who: str
    state: str
    value: float | None


@dataclass(frozen=True)
class Target:
    """One step of a target.

    ``binds``: whom it asks (a key of ``ASKED_OF``); ``bound`` is the outcome for them, ``here`` that of the area
    looked at, on its own figure. ``yearly``: judged on the mean of the financial year that ends on its date.
    ``superseded_by``: the row of the target that took its place, or None. ``stands``: why it still holds though newer
    planning guidance has come out; empty where it is newer. ``provenance``: "found" or "named document, not rechecked".
    """

    row_id: str
    metric: str
    value: float
    high: float | None
    date: str | None
    scope: str
    binds: str
    strict: bool
    yearly: bool
    stated_in: str
    published: str
    valid_from: str | None
    superseded_by: str | None
    stands: str
    provenance: str
    document: str
    note: str
    bound: Outcome
    here: Outcome

    def met_by(self, value: float, better: str) -> bool:
        """Whether a figure reaches the target, where ``better`` is "up" or "down"."""
        return _reached(value, self.value, self.strict, better)

    @property
    def passed(self) -> bool:
        """Whether its date lies before the day of the data release."""
        return self.date is not None and self.date < catalogue.released()


@cache
def targets(indicator_id: str, area_code: str) -> tuple[Target, ...]:
    """Targets that may be drawn beside this series, in date order, undated last.

    Only measures mapped as comparable; a unit or area that does not fit is left out (``related``
    names those). An England total is a target for England alone, a gain asked of each trust one for that trust.
    """
    row, frame = record(indicator_id), whole(indicator_id, area_code)
    found = []
    for aim in _aims().get(indicator_id, ()):
        elsewhere = isinstance(aim.fit_area, str) and aim.fit_area != area_code
        if elsewhere or aim.use == "words only" or pd.isna(aim.target_value):
            continue
        value = _level(aim, frame, area_code)
        if value is None:
            continue
        notes = " ".join(f"{text}." for text in (aim.note, aim.fit_note) if isinstance(text, str)).replace("..", ".")
        step = (_text(aim.target_date), value, aim.target_operator == "<", row["better"], aim.use == "year average")
        found.append(
            Target(
                row_id=aim.row_id,
                metric=aim.metric,
                value=value,
                high=None if pd.isna(aim.target_value_high) else float(aim.target_value_high),
                date=step[0],
                scope=aim.scope,
                binds=aim.binds,
                strict=step[2],
                yearly=step[4],
                stated_in=aim.stated_in,
                published=_text(aim.published) or "",
                valid_from=_text(aim.valid_from),
                superseded_by=_text(aim.superseded_by),
                stands=_text(aim.stands) or "",
                provenance="found" if aim.provenance == "found" else "named document, not rechecked",
                document=", ".join(
                    text for text in (aim.source_title, aim.source_publisher, aim.source_date) if isinstance(text, str)
                ),
                note=notes,
                bound=_bound(indicator_id, area_code, aim, step),
                here=Outcome(area_name(area_code), *_outcome(frame, *step)),
            )
        )
    return tuple(sorted(found, key=lambda t: (t.date is None, t.date or "", t.scope)))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _level(aim: object, frame: pd.DataFrame, area_code: str) -> float | None:
    """The figure to reach, on the scale of the indicator; None where it cannot be drawn for this area."""
    if aim.use == "gain":  # so many points more than the area's own figure of a month
        start = frame.loc[frame["period_end"] == aim.from_date, "value"]
        return (
            float(start.iloc[0]) + float(aim.target_value) if area_kind(area_code) == "trust" and len(start) else None
        )
    return float(100 - aim.target_value if aim.use == "complement" else aim.target_value)


def _bound(indicator_id: str, area_code: str, aim: object, step: tuple) -> Outcome:
    """The outcome for whomever the target asks. Of several trusts, met only if each of those with a figure met it."""
    held = held_by(indicator_id)
    if aim.binds == "England":
        codes = [ENGLAND]
    elif aim.binds == "each trust":
        codes = [area_code] if area_kind(area_code) == "trust" else [c for c in held if area_kind(c) == "trust"]
    elif area_code == ENGLAND or area_kind(area_code) == "comparator":
        codes = [BOARD]
    else:
        codes = [area_code]
    told = {code: _outcome(whole(indicator_id, code), *step) for code in codes if code in held}
    who = "England" if aim.binds == "England" else words.listed([area_name(code) for code in told or codes])
    states = {state for state, _ in told.values()}
    if not told:
        state = "no date" if step[0] is None else "no figure" if step[0] < catalogue.released() else "due"
        return Outcome(who, state, None)
    if len(told) == 1:
        return Outcome(who, *next(iter(told.values())))
    return Outcome(who, next(s for s in ("missed", "due", "no date", "no figure", "met") if s in states), None)


def target_words(indicator_id: str, area_code: str) -> list[str]:
    """The targets, a few sentences each in Markdown: value, date, of whom, both outcomes, document, note."""
    told = [_sentence(one, record(indicator_id)["unit"]) for one in targets(indicator_id, area_code)]
    if area_kind(area_code) != "trust":
        told += _asks_of_trusts(indicator_id)
    return told


def _sentence(one: Target, unit: str) -> str:
    value = format_value(one.value, unit) + (f" to {format_value(one.high, unit)}" if one.high is not None else "")
    by = f"by {format_day(one.date)}" if one.date else "with no date"
    replaced = "Replaced since." if one.superseded_by else ""
    parts = (f"**{value}** {by}, {ASKED_OF[one.binds]}.", *outcome_words(one, unit), f"{one.stated_in}.", replaced)
    return " ".join(filter(None, (*parts, one.stands, one.note)))


def outcome_words(one: Target, unit: str) -> tuple[str, ...]:
    """What came of a target for those it binds and, apart from that, for the area looked at."""
    if one.bound.who == one.here.who:
        return (_told(one.here, unit, f"{one.here.who}: "),)
    here = {
        "met": f"{one.here.who} reached that level: {format_value(one.here.value, unit)}.",
        "missed": f"{one.here.who} did not reach that level: {format_value(one.here.value, unit)}.",
    }.get(one.here.state, "")
    return _told(one.bound, unit, f"{one.bound.who}: "), here


def _told(one: Outcome, unit: str, lead: str) -> str:
    figure = "" if one.value is None else f", {format_value(one.value, unit)}"
    return {
        "no date": "",
        "no figure": f"{lead}no figure for that date.",
        "due": "Due.",
        "met": f"{lead}met{figure}.",
        "missed": f"{lead}missed{figure}.",
    }[one.state]


def _asks_of_trusts(indicator_id: str) -> list[str]:
    """What each trust was asked to gain, trust by trust, for readers of a wider area."""
    unit = record(indicator_id)["unit"]
    told = []
    for aim in _aims().get(indicator_id, ()):
        if aim.use != "gain":
            continue
        found = [t for c in held_by(indicator_id) for t in targets(indicator_id, c) if t.row_id == aim.row_id]
        asks = [f"{t.here.who} {format_value(t.value, unit)}: {_told(t.here, unit, '')[:-1]}" for t in found]
        gain = f"{words.significant(aim.target_value)} points more than in {format_day(aim.from_date)}"
        by = f"by {format_day(aim.target_date)}"
        told.append(f"**{gain}** {by}, {ASKED_OF['each trust']}. {'; '.join(asks)}. {aim.stated_in}.")
    return told


def target_table(indicator_id: str, area_code: str) -> pd.DataFrame:
    """The targets of ``targets`` with their sources, one row each.

    Columns: target (words), date, binds, bound (outcome for whom it binds), here (outcome of the area), stated_in,
    published, valid_from, superseded_by, stands, in_force, checked ("seen" or "not rechecked"), row_id.
    """
    unit = record(indicator_id)["unit"]
    found = targets(indicator_id, area_code)
    now = in_force(found, catalogue.released())
    rows = [
        {
            "target": format_value(one.value, unit),
            "date": one.date,
            "binds": one.binds,
            "bound": f"{one.bound.who}: {one.bound.state}",
            "here": f"{one.here.who}: {one.here.state}",
            "stated_in": one.stated_in,
            "published": one.published,
            "valid_from": one.valid_from,
            "superseded_by": one.superseded_by,
            "stands": why_in_force(one) if one is now else one.stands,
            "in_force": one is now,
            "checked": "seen" if one.provenance == "found" else "not rechecked",
            "row_id": one.row_id,
        }
        for one in found
    ]
    columns = ["target", "date", "binds", "bound", "here", "stated_in", "published", "valid_from", "superseded_by"]
    return pd.DataFrame(rows, columns=[*columns, "stands", "in_force", "checked", "row_id"])


def target_steps(indicator_id: str, area_code: str) -> pd.DataFrame:
    """Targets as stretches of time, for a chart: start, end, value, target (words), scope, binds, provenance, state.

    A dated step holds from the step before it, at most twelve months, to its date; a target without a date
    holds throughout. Steps that ended before the series begins, or lie over three years past its end, are left out.
    ``state`` is that of whomever the target binds.
    """
    row, frame = record(indicator_id), whole(indicator_id, area_code)
    first, last = frame["period_end"].iloc[0], frame["period_end"].iloc[-1]
    rows, before = [], ""
    for one in targets(indicator_id, area_code):
        end = one.date or max(last, first)
        start = max(before, months_on(end, -12)) if one.date else first
        said = format_value(one.value, row["unit"]) + (f" by {format_day(end)}" if one.date else ", no date")
        if end > first and end <= months_on(last, 36):
            rows.append((start, end, one.value, said, one.scope, one.binds, one.provenance, one.bound.state))
        before = one.date or before
    return pd.DataFrame(rows, columns=["start", "end", "value", "target", "scope", "binds", "provenance", "state"])


def related(indicator_id: str) -> pd.DataFrame:
    """Targets on the same subject that cannot share an axis: metric, target, date, scope, why_not_drawn."""
    links = catalogue.table("metric_indicator_map")
    aims = catalogue.table("targets").merge(
        links[(links["indicator_id"] == indicator_id) & (links["comparable"] == "no")],
        on="metric_id",
        suffixes=("", "_link"),
    )
    told = pd.DataFrame([aim._asdict() for aim in _aims().get(indicator_id, ()) if aim.use == "words only"])
    both = pd.concat([aims, told.rename(columns={"fit_note": "note_link"})], ignore_index=True)
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
def newest_guidance() -> tuple[str, str]:
    """Title and day of the newest planning guidance among the targets."""
    table = catalogue.table("targets")
    newest = table[table["stated_kind"] == "planning guidance"].sort_values("published").iloc[-1]
    return newest["stated_in"], newest["published"]


def why_in_force(one: Target) -> str:
    """Why a target is still the one to judge by; empty where nothing newer than its document has come out."""
    if one.published >= newest_guidance()[1]:
        return ""
    return "Its date has passed, and no newer target was found." if one.passed else one.stands


def in_force(found: tuple[Target, ...], today: str) -> Target | None:
    """The step to judge by, of those that nothing has replaced.

    The next one due, local before national; else the last one, its date passed; else one without a date.
    """
    left = [t for t in found if t.superseded_by is None]
    dated = [t for t in left if t.date]
    ahead = [t for t in dated if t.date >= today]
    if ahead:
        first = min(t.date for t in ahead)
        return min((t for t in ahead if t.date == first), key=lambda t: t.scope != "local")
    standing = [t for t in left if not t.date]
    if standing:
        return min(standing, key=lambda t: t.scope != "local")
    last = max((t.date for t in dated), default=None)
    return min((t for t in dated if t.date == last), key=lambda t: t.scope != "local", default=None)


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
