"""What a refresh must be asked about before it lands: jumps, withdrawn figures, old files, labels that lie."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ics_core import words

SERIES = ["indicator_id", "area_code", "breakdown"]
USUAL_RANGES = 6
FEWEST = 8  # points from which a series has a usual range


def usual_range(values: pd.Series) -> float:
    """How far a series usually moves from one point to the next: its mean moving range, NaN if it is too short."""
    steps = values.diff().abs().dropna()
    return float(steps.mean()) if len(steps) >= FEWEST - 1 else float("nan")


def jumps(rows: pd.DataFrame, held: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """New rows further than six usual ranges from the points held before and after them."""
    found = []
    before = {key: one.sort_values("period_start") for key, one in held.groupby(SERIES)}
    for row in rows.itertuples():
        series = before.get((row.indicator_id, row.area_code, row.breakdown))
        if series is None:
            continue
        usual = usual_range(series["value"])
        earlier = series[series["period_start"] < row.period_start].tail(1)
        later = series[series["period_start"] > row.period_start].head(1)
        beside = pd.concat([earlier, later])
        if usual > 0 and ((beside["value"] - row.value).abs() > USUAL_RANGES * usual).all() and len(beside):
            nearest = beside.iloc[0]
            found.append(
                f"{names[row.indicator_id]}, {row.area_code}, {row.period_label}: {words.significant(row.value)}, "
                f"beside {words.significant(nearest['value'])} in {nearest['period_label']}, where one step is usually "
                f"{words.significant(usual)}"
            )
    return found


def revisions(pairs: pd.DataFrame, held: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """Revised rows that move further than their series usually moves from one period to the next."""
    usual = held.sort_values("period_start").groupby(SERIES)["value"].agg(usual_range)
    found = []
    for row in pairs.itertuples():
        range_ = usual.get((row.indicator_id, row.area_code, row.breakdown), np.nan)
        limit = range_ if range_ > 0 else 0.1 * abs(row.old)
        if abs(row.value - row.old) > max(limit, 1e-9):
            found.append(
                f"{names[row.indicator_id]}, {row.area_code}, {row.period_label}: revised from "
                f"{words.significant(row.old)} to {words.significant(row.value)}, more than it usually moves in "
                "a period"
            )
    return found


def periods(rows: pd.DataFrame) -> list[str]:
    """Rows whose period ends before it starts, or whose label is not their period."""
    found = []
    for start, end, label in rows[["period_start", "period_end", "period_label"]].drop_duplicates().itertuples(False):
        if start > end:
            found.append(f"the period “{label}” starts on {words.day(start)}, after its end on {words.day(end)}")
        elif not _fits(start, end, str(label)):
            found.append(f"the label “{label}” is not its period, {words.day(start)} to {words.day(end)}")
    return found


def _fits(start: str, end: str, label: str) -> bool:
    if month := re.fullmatch(r"([A-Z][a-z]{2,8}) (\d{4})", label):
        return start[:7] == end[:7] and words.month(start).startswith(month[1]) and start.startswith(month[2])
    if years := re.fullmatch(r"(\d{4})(?:/(\d\d))?", label):
        ends = years[1][:2] + years[2] if years[2] else years[1]
        return start.startswith(years[1]) and end.startswith(ends)
    return True


def odd_shares(rows: pd.DataFrame, units: dict[str, str]) -> list[str]:
    """Shares that are no percentage, or not that of their own numerator and denominator."""
    found = []
    for row in rows.itertuples():
        if units.get(row.indicator_id) != "%":
            continue
        wrong = not 0 <= row.value <= 100
        if row.denominator > 0 and row.numerator >= 0:
            wrong |= abs(row.value - 100 * row.numerator / row.denominator) > 0.1
        if wrong:
            found.append(f"{row.indicator_id}, {row.area_code}, {row.period_label}: {row.value:g}% cannot be")
    return found


def odd_growth(held: pd.DataFrame, rows: pd.DataFrame, code: str, year: int) -> list[str]:
    """A place whose people grow or shrink by more than three in a hundred from the year before."""
    earlier = held[(held["area_code"] == code) & (held["year"] == year - 1)]
    later = rows[(rows["area_code"] == code) & (rows["year"] == year)]
    before, now = earlier["population"].sum(), later["population"].sum()
    if before > 0 and abs(now / before - 1) > 0.03:
        return [f"{code} has {words.number(now)} people in {year} after {words.number(before)} a year before"]
    return []
