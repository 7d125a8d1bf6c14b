"""The key results of a scenario: kept in its file, and set beside what the same levers give today."""

from __future__ import annotations

import pandas as pd

from ics_core import catalogue, money, words
from ics_core.scenario import Result, Saved, Scenario
from ics_core.workshop import known, summary

NO_LONGER = "no longer worked out"


def key_results(scenario: Scenario) -> tuple[Result, ...]:
    """Residents, services, conditions and the gap between costs and money, each in its last projected year.

    >>> [one.id for one in key_results(Scenario())][:2]
    ['residents', 'residents_85_plus']
    """
    found = []
    for outcome_id in summary.FUTURE:
        outcome, (year, value) = known.outcomes()[outcome_id], known.at_end(outcome_id, scenario)
        found.append(Result(outcome.id, outcome.label, outcome.unit, year, value))
    return tuple(found)


def to_file(scenario: Scenario) -> str:
    """The scenario as a file's text with its key results of today."""
    return scenario.to_json([one.to_dict() for one in key_results(scenario)])


def then_and_today(saved: Saved) -> pd.DataFrame:
    """The results in a file beside those of the same levers under today's models and data.

    Columns: id, label, unit, year, then, today, difference; NaN where today has no such result or year.
    """
    rows = []
    for one in saved.results:
        today = float("nan")
        if one.id in known.outcomes():
            today = dict(zip(*known.path(one.id, saved.scenario))).get(one.year, today)
        rows.append((one.id, one.label, one.unit, one.year, one.value, today, today - one.value))
    return pd.DataFrame(rows, columns=["id", "label", "unit", "year", "then", "today", "difference"])


def worded(saved: Saved) -> pd.DataFrame:
    """``then_and_today`` as people read it: what and when, as saved, today, difference, headed by the releases."""
    table = then_and_today(saved)

    def said(values: str, signed: bool = False) -> list[str]:
        return [
            NO_LONGER
            if value != value
            else money.pounds(value, signed)
            if unit == known.outcomes()["gap"].unit
            else words.number(value, signed=signed)
            for value, unit in zip(table[values], table["unit"])
        ]

    years = [money.financial_year(year) if id == "gap" else str(year) for id, year in zip(table["id"], table["year"])]
    return pd.DataFrame(
        {
            "What": [f"{label}, {year}" for label, year in zip(table["label"], years)],
            f"When saved, {saved.data_release or 'release not named'}": said("then"),
            f"Today, {catalogue.release()}": said("today"),
            "Difference": said("difference", signed=True),
        }
    )


def finding(saved: Saved) -> str:
    """How far today's results differ from those in the file, in a sentence; empty where it keeps none."""
    table = then_and_today(saved).dropna()
    if table.empty:
        return ""
    percent = 100 * table["difference"] / table["then"].abs().clip(lower=1e-9)
    changed = percent.abs() >= 0.05
    if not changed.any():
        return "Today's models and data give the same key results as when the file was saved."
    most = percent.abs().idxmax()
    return (
        f"Today's models and data change {changed.sum()} of {len(table)} key results since the file was saved, "
        f"most of all {words.small(table['label'][most])}, {words.percent(percent[most], 1, signed=True)}."
    )
