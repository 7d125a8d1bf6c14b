"""Milestones and objectives of an ambition, with their state on the day of the data release."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from ics_core import catalogue
from ics_core.ambitions.indicator import first_area, format_value, listing, months_on
from ics_core.ambitions.lists import ambition
from ics_core.ambitions.target import Target, outcome_words, targets


def objectives(number: int) -> pd.DataFrame:
    """Objectives of an ambition: objective_id, objective, support, confidence, milestones (how many), state, note.

    ``state`` is that of its milestones: "delivered" if all are, "late" if one is, then "due", else "unknown".
    """
    ambition(number)
    table = catalogue.table("objectives")
    table = table[table["ambition"] == number]
    steps = milestones(number)
    states = []
    for one in table["objective_id"]:
        here = set(steps.loc[steps["objective_id"] == one, "state"])
        states.append(
            "unknown" if not here else next((s for s in ("late", "due", "unknown") if s in here), "delivered")
        )
    columns = ["objective_id", "objective", "support", "confidence", "milestones", "state", "note"]
    return table.rename(columns={"milestone_count": "milestones"}).assign(state=states)[columns].reset_index(drop=True)


def milestones(number: int) -> pd.DataFrame:
    """Milestones of an ambition in date order, with their state on the day of the data release.

    Columns: milestone_id, objective_id, date, day (ISO, for a chart), milestone, kind, state, here, evidence, source,
    provenance, note. "delivered": reported as done, or a deadline whose aims were met by whomever they bind (for a
    national aim England's figure decides); "due": still ahead or in progress; "late": reported as delayed, or an aim
    missed; "unknown": the date has passed and nothing says. ``here``: whether this area's own figures reached the
    same aims, "met", "missed" or "".
    """
    ambition(number)
    table = catalogue.table("milestones")
    table = table[table["ambition"] == number].copy()
    table["day"] = table["date"].map(_last_day)
    judged = [_milestone(one) for one in table.itertuples()]
    for at, column in enumerate(("state", "here", "evidence")):
        table[column] = [found[at] for found in judged]
    table["source"] = [
        f"{t}, {p}" if isinstance(p, str) else t
        for t, p in zip(table["source_title"], table["source_publisher"], strict=True)
    ]
    columns = [
        "milestone_id",
        "objective_id",
        "date",
        "day",
        "milestone",
        "kind",
        "state",
        "here",
        "evidence",
        "source",
        "provenance",
        "note",
    ]
    return table.sort_values("day", kind="stable")[columns].reset_index(drop=True)


def _last_day(when: str) -> str:
    parts = when[-4:] if re.fullmatch(r"\d{4}-\d{4}", when) else when
    if len(parts) == 4:
        return f"{parts}-12-31"
    return months_on(parts, 0) if len(parts) == 7 else parts


def _milestone(one: object) -> tuple[str, str, str]:
    """State, state on this area's own figures ("met", "missed", "" where no aim was measured here), what is known."""
    if one.kind == "delivered":
        return "delivered", "", ""
    if one.kind == "delayed":
        return "late", "", ""
    if one.kind == "in progress" or one.day > catalogue.released():
        return "due", "", ""
    links = catalogue.table("milestone_targets")
    rows = set(links.loc[links["milestone_id"] == one.milestone_id, "row_id"])
    aims = [(step, indicator) for step, indicator in _steps_due() if step.row_id in rows]
    told = " ".join(dict.fromkeys(_evidence(step, listing()["unit"][indicator]) for step, indicator in aims)).strip()
    bound, here = ({getattr(step, whose).state for step, _ in aims} & {"met", "missed"} for whose in ("bound", "here"))
    mine = "missed" if "missed" in here else "met" if here else ""
    if not bound:
        note = one.note if isinstance(one.note, str) else ""
        return "unknown", mine, told or note or "The date has passed; no report or figure says what became of it."
    return ("late" if "missed" in bound else "delivered"), mine, told


def _evidence(one: Target, unit: str) -> str:
    """What came of one aim, for whom it binds and here."""
    said = " ".join(filter(None, outcome_words(one, unit)))
    return f"{format_value(one.value, unit)}: {said}" if said else ""


@cache
def _steps_due() -> list[tuple[Target, str]]:
    picks = catalogue.table("metric_indicator_map")
    mapped = picks.loc[picks["comparable"] == "yes", "indicator_id"].dropna().unique()
    return [(step, one) for one in mapped for step in targets(one, first_area(one))]
