"""Milestones and objectives of an ambition, with their state on the day of the data release."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from ics_core import catalogue
from ics_core.ambitions.indicator import area_name, first_area, format_value, listing, months_on
from ics_core.ambitions.lists import ambition
from ics_core.ambitions.target import Target, targets


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

    Columns: milestone_id, objective_id, date, day (ISO, for a chart), milestone, kind, state, evidence, source, provenance,
    note. "delivered": reported as done, or a deadline whose aims the figures meet; "due": still ahead or in
    progress; "late": reported as delayed, or an aim missed; "unknown": the date has passed and nothing says.
    """
    ambition(number)
    table = catalogue.table("milestones")
    table = table[table["ambition"] == number].copy()
    table["day"] = table["date"].map(_last_day)
    judged = [_milestone(one) for one in table.itertuples()]
    table["state"], table["evidence"] = [state for state, _ in judged], [text for _, text in judged]
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


def _milestone(one: object) -> tuple[str, str]:
    if one.kind == "delivered":
        return "delivered", ""
    if one.kind == "delayed":
        return "late", ""
    if one.kind == "in progress" or one.day > catalogue.released():
        return "due", ""
    links = catalogue.table("milestone_targets")
    rows = set(links.loc[links["milestone_id"] == one.milestone_id, "row_id"])
    steps = [
        (step, indicator, area)
        for step, indicator, area in _steps_due()
        if step.row_id in rows and step.state in ("met", "missed")
    ]
    if not steps:
        return "unknown", one.note if isinstance(
            one.note, str
        ) else "The date has passed; no report or figure says what became of it."
    units = listing()["unit"]
    told = [
        f"{area_name(a)}: {format_value(s.value_then, units[i])} against {format_value(s.value, units[i])}"
        for s, i, a in steps
    ]
    return ("late" if any(s.state == "missed" for s, _, _ in steps) else "delivered"), "; ".join(dict.fromkeys(told))


@cache
def _steps_due() -> list[tuple[Target, str, str]]:
    picks = catalogue.table("metric_indicator_map")
    mapped = picks.loc[picks["comparable"] == "yes", "indicator_id"].dropna().unique()
    return [(step, one, first_area(one)) for one in mapped for step in targets(one, first_area(one))]
