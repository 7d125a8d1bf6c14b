"""Fingertips downloads, OHID: the API's CSV, a profile's, or one indicator for a few areas ("compare").

Which Fingertips indicator is which of ours, for which sex and age, is in ``data/fingertips.toml``. Breakdowns by
deprivation or another category are left out: they are other measures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pandas as pd

from ics_core import catalogue, register, words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import BOARD, FOOTPRINT
from ics_core.importers.registry import Draft, Layout, Publication, Table

DOWNLOAD = Layout(
    "download",
    {
        "id": "indicator id",
        "name": "indicator( name)?",
        "code": "area ?code",
        "sex": "sex",
        "age": "age",
        "period": "time ?period",
        "value": "value",
    },
    {
        "area": "area ?name",
        "category": "category",
        "lower": "lower ci( 95 0)? limit|lower ci 95",
        "upper": "upper ci( 95 0)? limit|upper ci 95",
        "count": "count",
        "denominator": "denominator",
        "remark": "value note",
    },
)


@dataclass(frozen=True)
class Link:
    """One Fingertips indicator and ours: the same people, the same unit."""

    id: str
    indicator_id: str
    name: str
    sex: str = "Persons"
    age: str = ""


@cache
def links() -> Mapping[str, Link]:
    """Fingertips indicators by their number."""
    return register.records(Link, catalogue.toml("fingertips")["indicator"], file="data/fingertips.toml")


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    areas = set(catalogue.table("indicator_areas")["area_code"])
    seen: dict[tuple, float] = {}
    strangers: dict[str, str] = {}
    periods: set[str] = set()
    ids: set[str] = set()
    for record in table.records():
        draft.rows_read += 1
        number = cells.text(record["id"])
        if not re.fullmatch(r"\d{1,6}", number):
            raise UnreadableFile(
                f"{table.book.path.name}, row {record['line']}: under “Indicator ID” stands {number!r}, not a number. "
                "The columns may be shifted: download the file again."
            )
        link = links().get(number)
        if link is None:
            strangers[number] = cells.text(record["name"])
            continue
        ids.add(number)
        code = _area(record["code"])
        if code not in areas or cells.text(record.get("category")) or not _same_people(record, link):
            continue
        if cells.heading(link.name) not in cells.heading(record["name"]):
            draft.suspicious.append(
                f"indicator {number} is called {cells.text(record['name'])!r} now, not {link.name!r}: "
                "its definition may have changed"
            )
        label = cells.text(record["period"])
        counts = _numbers(record, table)
        if math.isnan(counts["value"]):
            continue
        start, end, ours = period(label, link.indicator_id, table)
        known = len(seen)
        what = f"indicator {number}, {code}, {label},"
        observed.once(seen, (number, code, label), counts["value"], table, what, same_ok=True)
        if len(seen) > known:  # an area stands under each of its parents
            periods.add(ours)
            rows.add(
                link.indicator_id, code, start, end, ours, counts["value"],
                numerator=counts["count"], denominator=counts["denominator"],
                lower=counts["lower"], upper=counts["upper"], note=cells.text(record.get("remark")),
            )  # fmt: skip
    draft.suspicious = list(dict.fromkeys(draft.suspicious))
    draft.frame = rows.frame
    draft.period = " to ".join(dict.fromkeys([min(periods), max(periods)])) if periods else ""
    if strangers:
        some = [f"{name} ({number})" for number, name in list(strangers.items())[:3]]
        draft.problems.append(f"left out, for no indicator of ours: {words.listed(some)}")
    if not rows.found and ids:
        draft.problems.append("it has none of our areas for the sex and age we hold.")
    return draft


def _area(cell: object) -> str:
    code = cells.code(cell)
    return FOOTPRINT if code == BOARD else code


def _same_people(record: dict, link: Link) -> bool:
    if cells.heading(record["sex"]) != cells.heading(link.sex):
        return False
    return not link.age or cells.heading(record["age"]) == cells.heading(link.age)


def _numbers(record: dict, table: Table) -> dict[str, float]:
    found = dict.fromkeys(("value", "lower", "upper", "count", "denominator"), math.nan)
    found |= observed.counted(record, [name for name in found if name in table.columns], table)
    _refuse_mixed(record, found, table)
    if found["lower"] > found["value"] + 1e-6 or found["upper"] < found["value"] - 1e-6:
        raise UnreadableFile(
            f"{table.book.path.name}, row {record['line']}: the value {found['value']:g} lies outside its own "
            "confidence limits. Columns may be swapped: download the file again."
        )
    return found


def _refuse_mixed(record: dict, found: dict[str, float], table: Table) -> None:
    """A percentage that is its count over its denominator as a fraction, or is neither."""
    unit = (
        catalogue.table("indicators")
        .set_index("indicator_id")["unit"]
        .get(links()[cells.text(record["id"])].indicator_id)
    )
    share = found["count"] / found["denominator"] if found["denominator"] > 0 else math.nan
    if unit == "%" and share <= 1 and abs(found["value"] - 100 * share) > max(0.5, 5 * share):
        what = "the fraction" if abs(found["value"] - share) < 0.01 else "neither"
        raise UnreadableFile(
            f"{table.book.path.name}, row {record['line']}: the value {found['value']:g} is {what}, where "
            f"{words.number(found['count'])} of {words.number(found['denominator'])} is {100 * share:.1f}%. Expected "
            "percentages throughout: download the file again."
        )


def period(label: str, indicator_id: str, table: Table) -> tuple[date, date, str]:
    """First and last day of a Fingertips period, and its label as we write it.

    2023, 2022/23, 2020 - 22 (three years) and 2023/24 Q1; a survey's own year is kept from what is held.
    """
    said = re.sub(r"\s*[-–]\s*", "-", label)
    if found := re.fullmatch(r"(\d{4})(?:/(\d\d))?(?: Q([1-4]))?(?:-(\d{2,4})(?:/(\d\d))?)?", said):
        first, split, quarter, last, _ = found.groups()
        ours = said.replace("-", " to ") if last else said
        held = _offset(indicator_id, bool(split))
        if held and not last and not quarter:
            begin, length = held
            start = date(int(first), begin.month, begin.day)
            return start, _shift(start, length), ours
        if quarter:
            month = (3 * int(quarter) + (1 if split else -2) - 1) % 12 + 1
            start = date(int(first) + (1 if split and quarter == "4" else 0), month, 1)
            return start, cells.month_end(date(start.year, month + 2, 1)), ours
        final = int(first[: 4 - len(last)] + last) if last else int(first)
        if split:
            return date(int(first), 4, 1), date(final + 1, 3, 31), ours
        return date(int(first), 1, 1), date(final, 12, 31), ours
    raise UnreadableFile(
        f"{table.book.path.name}: {label!r} is no time period. Expected a year such as 2023, 2022/23 or 2020 - 22."
    )


@cache
def _offset(indicator_id: str, split: bool) -> tuple[date, int] | None:
    """The day on which a held year of this indicator begins, and its length in days."""
    held = catalogue.table("observations").query("indicator_id == @indicator_id")
    form = r"\d{4}/\d\d" if split else r"\d{4}"
    same = held[held["period_label"].str.fullmatch(form)].sort_values("period_start")
    if same.empty:
        return None
    last = same.iloc[-1]
    start, end = pd.Timestamp(last["period_start"]).date(), pd.Timestamp(last["period_end"]).date()
    return start, (end - start).days


def _shift(start: date, length: int) -> date:
    """The end of a period of about that many days, on the day before the anniversary of its start."""
    years = round((length + 1) / 365.25)
    return date(start.year + years, start.month, start.day) - timedelta(days=1) if years else start


PUBLICATION = Publication(
    id="fingertips",
    title="Fingertips",
    publisher="Office for Health Improvement and Disparities",
    address="https://fingertips.phe.org.uk/",
    table="observations",
    layouts=(DOWNLOAD,),
    read=_read,
)
