"""Targets of an indicator: what was asked, of whom, by when, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from ics_core import catalogue
from ics_core.ambitions.indicator import format_day, format_value, months_on, record, whole


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


def in_force(found: tuple[Target, ...], today: str) -> Target | None:
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
