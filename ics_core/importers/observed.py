"""Rows for the table of observations, and the checks that every monthly publication of counts shares."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import UnreadableFile
from ics_core.importers import cells
from ics_core.importers.registry import Draft, Table, a_month

TRUSTS = AREA.acute
FOOTPRINT, BOARD, ENGLAND = AREA.board.code, AREA.code, "E92000001"
SUB_ICB = AREA.predecessor.code  # the former commissioning group is the sub-ICB location since 2022
AMBULANCE = AREA.of_kind("ambulance")[0]
TRUSTS_SUMMED = "sum of the three acute trusts"
PROVIDERS_SUMMED = "sum of all providers in the file"
WHOLE_COUNTRY = 100  # providers a file for all of England has at least

_TOTALS = {"england", "total", "grand total", "england total", "all providers", "national", "all england"}
_COLUMNS = (
    "indicator_id area_code area_name area_type breakdown period_start period_end period_label value numerator "
    "denominator lower_ci upper_ci source_id note"
).split()
_SMALL_WORDS = {"and", "of", "the", "nhs", "foundation", "trust", "ft", "hospital", "hospitals", "university"}


@dataclass
class Rows:
    """Collects observations; ``frame`` is them in the columns of the table."""

    found: list[dict] = field(default_factory=list)

    def add(
        self,
        indicator_id: str,
        area_code: str,
        start: date,
        end: date,
        label: str,
        value: float,
        *,
        numerator: float = math.nan,
        denominator: float = math.nan,
        lower: float = math.nan,
        upper: float = math.nan,
        note: str = "",
    ) -> None:
        """One observation; a missing value adds nothing."""
        if math.isnan(value):
            return
        name, kind = _areas()[area_code]
        self.found.append(
            {
                "indicator_id": indicator_id,
                "area_code": area_code,
                "area_name": name,
                "area_type": kind,
                "breakdown": "all",
                "period_start": start.isoformat(),
                "period_end": end.isoformat(),
                "period_label": label,
                "value": round(value, 4),
                "numerator": numerator,
                "denominator": denominator,
                "lower_ci": lower,
                "upper_ci": upper,
                "source_id": "",
                "note": note or None,
            }
        )

    def month(self, indicator_id: str, area_code: str, start: date, value: float, **more) -> None:
        """One observation of a month."""
        self.add(indicator_id, area_code, start, cells.month_end(start), a_month(start), value, **more)

    def share(self, indicator_id: str, area_code: str, start: date, part: float, whole: float, note: str = "") -> None:
        """One observation of a month that is a part of a whole in per cent; none of nothing is no share."""
        if whole > 0:
            self.month(indicator_id, area_code, start, 100 * part / whole, numerator=part, denominator=whole, note=note)

    @property
    def frame(self) -> pd.DataFrame:
        """The observations so far, in the columns of the table."""
        return pd.DataFrame(self.found, columns=_COLUMNS)


@cache
def _areas() -> dict[str, tuple[str, str]]:
    areas = catalogue.table("indicator_areas")
    return {row.area_code: (row.area_name, row.area_type) for row in areas.itertuples()}


def is_authority(code: str) -> bool:
    """Whether a code is that of an upper-tier authority of which series are held."""
    return _areas().get(code, ("", ""))[1] == "utla"


def is_total(*said: object) -> bool:
    """Whether a row is the total of the country: one of its labels says so, however spelt."""
    return any(cells.heading(cell) in _TOTALS for cell in said)


def footprint_note(start: date, what: str = TRUSTS_SUMMED) -> str:
    """How the footprint's figure of that month was made, and that its board has become part of a wider one."""
    board = AREA.successor
    if board is None or start.isoformat() < board.since:
        return what
    return f"{what}; since {words.day(board.since)} the board is {board.name}, which is wider than this area"


def counted(record: Mapping[str, object], columns: Iterable[str], table: Table) -> dict[str, float]:
    """The counts of one row; refused with row and heading where one is text, negative or absurd."""
    found = {}
    for name in columns:
        try:
            found[name] = cells.number(record.get(name))
        except ValueError as problem:
            raise UnreadableFile(
                f"{table.book.path.name}, row {record['line']}: under “{heading_of(table, name)}” stands "
                f"{cells.text(record.get(name))!r} ({problem}). The columns may be shifted or swapped: download the "
                "file again."
            ) from None
        if found[name] < 0:
            raise UnreadableFile(
                f"{table.book.path.name}, row {record['line']}: “{heading_of(table, name)}” is "
                f"{words.number(found[name])}, and a count cannot be negative. Download the file again."
            )
    return found


def heading_of(table: Table, name: str) -> str:
    """A column's heading as it stands in the file."""
    return cells.text(table.sheet.top[table.header][table.columns[name]]) if name in table.columns else name


def the_month(cell: object, table: Table, where: str, prefix: str = "", begun: bool = False) -> date:
    """The first day of the month a cell names; refused where there is none, it is ambiguous, or it has not ended.

    ``begun``: the figure is of that first day, so the month need not have ended.
    """
    said = cells.text(cell)
    try:
        start = cells.month(said.removeprefix(prefix).replace("_", " ") if prefix else cell)
    except ValueError as problem:
        what = "is ambiguous" if isinstance(problem, cells.Ambiguous) else "names no month"
        raise UnreadableFile(
            f"{table.book.path.name}: {where} {what} ({said or 'blank'}). Expected a month such as March 2026. "
            "Fetch the file again from the publisher; do not save it from a spreadsheet."
        ) from None
    if start.year < 2000 or (start if begun else cells.month_end(start)) > date.today():
        raise UnreadableFile(
            f"{table.book.path.name} says it is of {words.month(start.isoformat())}, which "
            f"{'is still to come or under way' if start.year >= 2000 else 'cannot be'}. Check the file and this "
            "machine's clock."
        )
    return start


def released_of(labels: Mapping[str, object], start: date, draft: Draft) -> None:
    """Puts the day of publication into the draft: that of the last revision, where there was one."""
    for label in ("revised", "published", "date"):
        try:
            day = cells.day(labels[label])
        except (KeyError, ValueError):
            continue
        if day <= cells.month_end(start):
            draft.suspicious.append(
                f"the file says it was {label} on {words.day(day.isoformat())}, before its period ended"
            )
        draft.released = day.isoformat()
        return


def refuse_names(table: Table, codes: Iterable[str]) -> None:
    """Refuses a table whose codes are names: two headings were swapped or the columns shifted."""
    seen = [code for code in codes if code]
    if seen and sum(len(code) > 9 for code in seen) > len(seen) / 2:
        raise UnreadableFile(
            f"{table.book.path.name}: under “{heading_of(table, 'code')}” stand names such as {seen[0]!r} where codes "
            "such as RM1 were expected. The columns may be shifted or swapped: download the file again."
        )


def check_name(code: str, name: object, draft: Draft) -> None:
    """Notes a row whose name is not the organisation's: rows or columns may be shifted."""
    official = set(cells.heading(_areas()[code][0]).split()) - _SMALL_WORDS
    said = set(cells.heading(name).split()) - _SMALL_WORDS
    if said and not official & said:
        draft.suspicious.append(f"the row of {code} is named {cells.text(name)!r}, not {_areas()[code][0]}")


def once(found: dict, key: object, value: object, table: Table, what: str, same_ok: bool = False) -> None:
    """Puts a value under a key; refused if the file holds the key twice, unless it may with the same figures."""
    if key in found and not (same_ok and found[key] == value):
        raise UnreadableFile(
            f"{table.book.path.name} holds {what} twice. Download the file again, and do not paste files together."
        )
    found[key] = value


def missing_trusts(found: Iterable[str], draft: Draft, start: date) -> bool:
    """Notes which of the three trusts a month lacks; whether any is there but not all."""
    lacking = [code for code in TRUSTS if code not in set(found)]
    if lacking and len(lacking) < len(TRUSTS):
        names = words.listed([f"{code} ({_areas()[code][0]})" for code in lacking])
        draft.suspicious.append(f"{words.month(start.isoformat())} has no row for {names}, so none for the footprint")
    return bool(lacking)


def add_up(parts: Iterable[Mapping[str, float]], columns: Iterable[str]) -> dict[str, float]:
    """The sum of each column over organisations; missing where one of them is."""
    parts = list(parts)
    return {name: math.fsum(part[name] for part in parts) for name in columns}


def refuse_sum(table: Table, record: Mapping[str, object], within: float, over: float, total: float) -> None:
    """Refuses a row whose parts are not its total."""
    raise UnreadableFile(
        f"{table.book.path.name}, row {record['line']}: {words.number(within)} within the standard and "
        f"{words.number(over)} outside do not make {words.number(total)}. Columns may be swapped: download the "
        "file again."
    )
