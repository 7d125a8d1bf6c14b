"""English Contractor Monthly General Dental Activity, NHS Business Services Authority: the CSV of one month.

A row is a contract. Ours are the board's and those whose practice lies in a small area of the footprint: contracts
before April 2020 name a wider commissioner, as they may since the board has become part of a wider one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from functools import cache

from ics_core import catalogue, words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT
from ics_core.importers.registry import Draft, Layout, Publication, Table

CONTRACTS = Layout(
    "contracts of a month",
    {
        "month": "year month",
        "commissioner": "commissioner code",
        "contract": "contract number",
        "lsoa": "lsoa11 code",
        "units": "uda delivered",
    },
)
_FEWEST, _COUNTRY = 50, 3_000  # contracts of the area (116 in 2016, 91 in 2026) and of England (about 7,000) at least


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    start: date | None = None
    ours: dict[str, float] = {}
    every: dict[tuple[str, str], float] = {}
    for record in table.records():
        draft.rows_read += 1
        start = _month(record, table, start)
        units = observed.counted(record, ["units"], table)["units"]
        commissioner, contract = cells.code(record["commissioner"]), cells.text(record["contract"])
        observed.once(every, (commissioner, contract), units, table, f"the contract {contract}")
        if commissioner == FOOTPRINT or cells.code(record["lsoa"]) in _small_areas():
            ours[contract] = units
    if start is not None and ours:
        if len(ours) < _FEWEST:
            draft.suspicious.append(f"only {words.plural(len(ours), 'contract')} of the area: the file may be cut")
        note = observed.footprint_note(start, "contracts of the board or with a practice in the area")
        rows.month("dental_uda", FOOTPRINT, start, _sum(ours.values()), note=note)
        if len(every) >= _COUNTRY:
            rows.month("dental_uda", ENGLAND, start, _sum(every.values()), note="sum of all contracts in the file")
    draft.frame = rows.frame
    draft.period = words.month(start.isoformat()) if start else ""
    return draft


@cache
def _small_areas() -> frozenset[str]:
    """Small areas of 2011, by which contracts are placed."""
    return frozenset(catalogue.table("lsoa_links")["lsoa11_code"])


def _month(record: dict, table: Table, start: date | None) -> date:
    found = observed.the_month(f"{cells.text(record['month'])}01", table, f"row {record['line']}")
    if start and found != start:
        raise UnreadableFile(
            f"{table.book.path.name} has rows of {words.month(start.isoformat())} and of "
            f"{words.month(found.isoformat())}. Expected one month: bring one month at a time."
        )
    return found


def _sum(units: Iterable[float]) -> float:
    """All that was reported: a contract without activity has a blank."""
    return round(math.fsum(unit for unit in units if not math.isnan(unit)), 1)


PUBLICATION = Publication(
    id="dental",
    title="English Contractor Monthly General Dental Activity",
    publisher="NHS Business Services Authority",
    address="https://opendata.nhsbsa.net/dataset/english-contractor-monthly-general-dental-activity",
    table="observations",
    layouts=(CONTRACTS,),
    read=_read,
    areas=(FOOTPRINT, ENGLAND),
)
