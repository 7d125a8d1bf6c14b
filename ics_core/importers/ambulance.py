"""Ambulance Systems Indicators (AmbSYS), NHS England: the time series workbook.

The figures stand on its hidden sheet: one row a month and area, headed by the numbers of the indicators. Times are
whole seconds there and minutes here.
"""

from __future__ import annotations

import math
import re
from datetime import date

from ics_core import words
from ics_core.importers import cells, observed
from ics_core.importers.observed import AMBULANCE, ENGLAND
from ics_core.importers.registry import Draft, Layout, Publication, Table

RAW = Layout(
    "time series",
    {
        "year": "year",
        "month": "month",
        "area": "area",
        "trust": "trust|service",
        "c1_count": "a8",
        "c2_count": "a10",
        "c3_count": "a11",
        "c1_total": "a24",
        "c1_mean": "a25",
        "c2_total": "a30",
        "c2_mean": "a31",
        "c2_p90": "a32",
        "c3_p90": "a35",
    },
    {"known": "a140", "mean": "a142", "over_30": "a145", "over_60": "a146"},
    hidden=True,
)


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    columns = [name for name in table.columns if name not in ("year", "month", "area", "trust")]
    seen: dict[tuple, dict] = {}
    for record in table.records():
        draft.rows_read += 1
        place = _place(record)
        if place is None:
            continue
        start = _month(record, table)
        counts = dict.fromkeys((*RAW.columns, *RAW.optional), math.nan)
        counts |= observed.counted(record, columns, table)
        observed.once(seen, (place, start), counts, table, f"{place}, {words.month(start.isoformat())},")
    for (place, start), counts in sorted(seen.items()):
        _add(rows, place, start, counts)
    months = sorted({start for _, start in seen})
    draft.frame = rows.frame
    draft.period = (
        " to ".join(dict.fromkeys(words.month(m.isoformat()) for m in (months[0], months[-1]))) if months else ""
    )
    return draft


def _place(record: dict) -> str | None:
    if cells.code(record["trust"]) == AMBULANCE or cells.code(record["area"]) == AMBULANCE:
        return AMBULANCE
    country = cells.code(record["area"]) in ("ENG", "ENGLAND") and not cells.text(record["trust"])
    return ENGLAND if country else None


def _month(record: dict, table: Table) -> date:
    """A month of a financial year: AUGUST of 2017-18 is in 2017, JANUARY of it in 2018."""
    years = re.fullmatch(r"(\d{4})[-/](\d\d)", cells.text(record["year"]))
    said = cells.text(record["month"])
    if not years:
        return observed.the_month(f"{said} {cells.text(record['year'])}", table, f"row {record['line']}")
    start = observed.the_month(f"{said} {years[1]}", table, f"row {record['line']}", begun=True)
    if start.month < 4:
        start = start.replace(year=start.year + 1)
    return observed.the_month(start, table, f"row {record['line']}")


def _add(rows: observed.Rows, place: str, start: date, counts: dict[str, float]) -> None:
    for indicator_id, kind, total in (("amb_c1_mean", "c1", "c1_total"), ("amb_c2_mean", "c2", "c2_total")):
        if counts[f"{kind}_count"] > 0:
            rows.month(
                indicator_id, place, start, counts[f"{kind}_mean"] / 60,
                numerator=counts[total] / 60, denominator=counts[f"{kind}_count"],
            )  # fmt: skip
    for kind in ("c2", "c3"):
        if counts[f"{kind}_count"] > 0:
            rows.month(f"amb_{kind}_p90", place, start, counts[f"{kind}_p90"] / 60, denominator=counts[f"{kind}_count"])
    if counts["known"] > 0:
        rows.month("amb_handover_mean", place, start, counts["mean"] / 60, denominator=counts["known"])
        for over in ("over_30", "over_60"):
            if not math.isnan(counts[over]):
                rows.share(f"amb_handover_{over.replace('_', '')}", place, start, counts[over], counts["known"])


PUBLICATION = Publication(
    id="ambulance",
    title="Ambulance Systems Indicators",
    publisher="NHS England",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/ambulance-quality-indicators/",
    table="observations",
    layouts=(RAW,),
    read=_read,
)
