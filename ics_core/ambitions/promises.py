"""The promises of 2018 that carry a number: what was promised, what is known now, from whom, and whether it was kept.

How each is tested is the table ``promise_tests``; the promises themselves are in ``founding_commitments``.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from ics_core import ambitions, catalogue
from ics_core.ambitions.indicator import (
    BOARD,
    ENGLAND,
    NO_FIGURE,
    area_name,
    districts,
    first_area,
    format_value,
    holdings,
    record,
    series,
)
from ics_core.errors import IndicatorError

VERDICTS = ("kept", "not kept", "cannot be told")


def listed(verdict: str | None = None, ambition: int | None = None) -> pd.DataFrame:
    """The promises in order of ambition, those with one verdict or under one ambition only if asked.

    Columns: commitment_id, ambition, ambition_name, commitment, stated, deadline, verdict (one of ``VERDICTS``),
    evidence (the figure in words), reason, dataset (the official one), indicator_id and area_code (where to open the
    indicator, or ""), as_at (of the figure in evidence, or ""), source (of that figure; "" without one), address (of that
    source, or ""), note (on how the promise was read). No verdict without a figure. Raises ``ValueError`` for an
    unknown verdict or ambition.
    """
    if verdict is not None and verdict not in VERDICTS:
        raise IndicatorError(f"verdict is {verdict!r}: choose one of {', '.join(VERDICTS)}, or None for all.")
    if ambition is not None:
        ambitions.ambition(ambition)
    table = _judged()
    if verdict:
        table = table[table["verdict"] == verdict]
    if ambition:
        table = table[table["ambition"] == ambition]
    return table.reset_index(drop=True)


def finding() -> str:
    """What became of all of them, in a line."""
    counts = listed()["verdict"].value_counts()
    kept, missed, untold = (int(counts.get(verdict, 0)) for verdict in VERDICTS)
    words = [
        f"{kept or 'none'} {'was' if kept < 2 else 'were'} kept",
        f"{missed or 'none'} {'was' if missed < 2 else 'were'} not",
        f"{untold or 'none'} cannot be told",
    ]
    return f"Of {int(counts.sum())} promises with a number, {words[0]}, {words[1]}, and {words[2]}"


@cache
def _judged() -> pd.DataFrame:
    tests = catalogue.table("promise_tests").merge(
        catalogue.table("founding_commitments"), on="commitment_id", suffixes=("", "_made")
    )
    text = ["indicator_id", "area_codes", "measure", "also", "deadline_as_stated", "note"]
    tests[text] = tests[text].fillna("")
    names = catalogue.table("ambitions").set_index("number")["short_name"]
    rows = []
    for one in tests.sort_values(["ambition", "commitment_id"]).itertuples():
        kept, evidence = _TESTS[one.test](one)
        as_at, source, address = _source(one)
        rows.append(
            {
                "commitment_id": one.commitment_id,
                "ambition": int(one.ambition),
                "ambition_name": names[one.ambition],
                "commitment": one.commitment,
                "stated": one.figure_as_stated,
                "deadline": one.deadline_as_stated or "no date",
                "verdict": "cannot be told"
                if kept is None or one.judged != "verdict"
                else "kept"
                if kept
                else "not kept",
                "evidence": evidence,
                "reason": one.reason,
                "dataset": one.dataset,
                "indicator_id": one.indicator_id,
                "area_code": _area(one),
                "as_at": as_at,
                "source": source,
                "address": address,
                "note": one.note,
            }
        )
    return pd.DataFrame(rows)


# --- Tests: whether the promise was kept (None where there is no figure), and the figure in words ----


def _growth(one: object) -> tuple[bool | None, str]:
    first, last = int(one.from_year), int(one.to_year)
    growth = {
        code: _financial_year(one.indicator_id, code, one.measure, last)
        / _financial_year(one.indicator_id, code, one.measure, first)
        - 1
        for code in (one.area_codes, ENGLAND)
    }
    said = [f"{area_name(code)} {'up' if g > 0 else 'down'} {abs(g):.1%}" for code, g in growth.items()]
    return growth[one.area_codes] < growth[ENGLAND], f"From {_years(first)} to {_years(last)}: {', '.join(said)}."


def _financial_year(indicator_id: str, code: str, measure: str, year: int) -> float:
    frame = holdings()[indicator_id, code, "all"]
    inside = frame[(frame["period_start"] >= f"{year}-04-01") & (frame["period_end"] <= f"{year + 1}-03-31")]
    return float(inside[measure].sum()) if len(inside) == 12 else np.nan


def _years(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def _per_head(one: object) -> tuple[bool | None, str]:
    people = {code: float(holdings()["gp_registered", code, "all"]["value"].iloc[-1]) for code in (BOARD, ENGLAND)}
    total = {
        code: sum(float(holdings()[one.indicator_id, part, "all"][one.measure].mean()) for part in parts)
        for code, parts in ((BOARD, one.area_codes.split("|")), (ENGLAND, [ENGLAND]))
    }
    rate = {code: total[code] / people[code] * 1000 for code in people}
    span = series(one.indicator_id, ENGLAND)["period_label"]
    return (
        rate[BOARD] < rate[ENGLAND],
        f"{rate[BOARD]:.2f} beds a day in use per 1,000 registered people, England {rate[ENGLAND]:.2f} ({span.iloc[0]} to {span.iloc[-1]}).",
    )


def _standard(one: object) -> tuple[bool | None, str]:
    frame = series(one.indicator_id, one.area_codes)
    goals = catalogue.table("targets")
    goal = float(
        goals.loc[(goals["metric_id"] == one.related_metric_id) & (goals["scope"] == "local"), "target_value"].iloc[0]
    )
    reached = int((frame["value"] >= goal).sum())
    last = frame.iloc[-1]
    said = f"{format_value(last['value'], '%')} in {last['period_label']} against {format_value(goal, '%')}; reached in {reached} of the {len(frame)} months since {frame['period_label'].iloc[0]}."
    return bool(last["value"] >= goal), said


def _reach(one: object) -> tuple[bool | None, str]:
    last = series(one.indicator_id, one.area_codes).iloc[-1]
    said = f"{record(one.indicator_id)['name']}: {last['value']:,.0f} in {last['period_label']}, against {one.target_value:,.0f}."
    return bool(last["value"] <= one.target_value), f"{said} {_across(one.also)}".strip()


def _across(indicator_id: str) -> str:
    """The districts at the two ends of a measure that stands beside the one tested."""
    if not indicator_id:
        return ""
    table, about = districts(indicator_id), record(indicator_id)
    low, high = (
        f"{format_value(end['value'], about['unit'])} in {end['area']}" for end in (table.iloc[0], table.iloc[-1])
    )
    return f"{about['name']} in {table['period_label'].iloc[0]}, {len(table)} districts: from {low} to {high}."


def _reported(one: object) -> tuple[bool | None, str]:
    last = ambitions.last_reported(one.measure)
    return bool(
        last["value"] <= one.target_value
    ), f"{ambitions.reported_words(last)}, against {one.target_value:,.0f}."


def _none(one: object) -> tuple[bool | None, str]:
    last = ambitions.last_reported(one.related_metric_id)
    return None, NO_FIGURE if last is None else ambitions.reported_words(last)


_TESTS = {
    "growth": _growth,
    "per head": _per_head,
    "standard": _standard,
    "reach": _reach,
    "reported": _reported,
    "none": _none,
}


# --- Where the figure in evidence comes from ---------------------------------------------------------


def _source(one: object) -> tuple[str, str, str]:
    """When the figure in evidence is of, who published it, where."""
    if one.test in ("none", "reported"):
        last = ambitions.last_reported(one.measure or one.related_metric_id)
        if last is None:
            return "", "", ""
        address = last["source_address"]
        said = [text for text in (last["source_publisher"], last["source_title"]) if isinstance(text, str)]
        return (
            last["date"],
            ", ".join(said),
            address if isinstance(address, str) and address.startswith("https://") else "",
        )
    about = record(one.indicator_id)
    last = series(one.indicator_id, one.area_codes.split("|")[0]).iloc[-1]
    note = last["note"] if isinstance(last["note"], str) else ""
    # Figures from news reports carry the report's address in their note.
    address = next((part for part in note.split("; ") if part.startswith("https://")), "")
    return (
        _years(int(one.to_year)) if one.test == "growth" else last["period_label"],
        f"{about['publisher']}, {about['official_dataset']}",
        address,
    )


def _area(one: object) -> str:
    if not one.indicator_id:
        return ""
    return one.area_codes.split("|")[0] or first_area(one.indicator_id)
