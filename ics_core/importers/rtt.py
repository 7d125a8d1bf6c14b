"""Referral to treatment waiting times, NHS England, monthly: the full extract, as a CSV or the zip it comes in.

Of about 180,000 rows those of incomplete pathways, all treatment functions, are read. The file lists every provider
beside every commissioner, so a cut of a few providers has only part of what a commissioner's people wait for: the
footprint and England are worked out only from a file of the whole country.
"""

from __future__ import annotations

import math
import re
from datetime import date

from ics_core import words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT, SUB_ICB, TRUSTS
from ics_core.importers.registry import Draft, Layout, Publication, Table

FULL = Layout(
    "full extract",
    {
        "period": "period",
        "code": "provider org code|provider code",
        "name": "provider org name|provider name",
        "commissioner": "commissioner org code|commissioner code",
        "part": "rtt part type",
        "function": "treatment function code",
        "total": "total all",
        "first": "gt 0?0 to 0?1 weeks sum 1",
    },
    {"commissioner_parent": "commissioner parent org code", "known": "total", "unknown": "patients with unknown.*"},
)
_INCOMPLETE, _ALL_FUNCTIONS = "PART_2", "C_999"
_NOT_ENGLISH = "NONC"
_MEASURES = ("total", "within_18", "over_52", "over_65")
_WEEKS = re.compile(r"gt (\d+)(?: to (\d+))? weeks sum 1")
_CHANGED_NOTE = "not like for like with earlier months, which counted the board's own list"


def _read(tables: list[Table]) -> Draft:
    draft, rows = Draft(None, ""), observed.Rows()
    table = tables[0]
    bands = _bands(table)
    months: dict[date, dict] = {}
    codes: list[str] = []
    periods: dict[object, date] = {}
    for record, row in _incomplete(table, draft):
        said = record["period"]
        if said not in periods:
            periods[said] = observed.the_month(said, table, "the column “Period”", "RTT-")
        found = months.setdefault(periods[said], {"providers": {}, "footprint": None, "england": {}, "seen": {}})
        code, commissioner = cells.code(record["code"]), cells.code(record["commissioner"])
        codes.append(code)
        counts = _counts(record, row, table, bands)
        observed.once(found["seen"], (code, commissioner), counts, table, f"the row of {code} and {commissioner}")
        if code in TRUSTS:
            observed.check_name(code, record["name"], draft)
        _put(found["providers"], code, counts)
        if commissioner == SUB_ICB or cells.code(record.get("commissioner_parent")) == FOOTPRINT:
            found["footprint"] = _added(found["footprint"], counts)
        if commissioner != _NOT_ENGLISH:
            _put(found["england"], ENGLAND, counts)
    observed.refuse_names(table, codes)
    if not months:
        raise UnreadableFile(
            f"{table.book.path.name} is the RTT extract, but has no row of incomplete pathways (Part_2) for all "
            f"treatment functions ({_ALL_FUNCTIONS}). Fetch the full extract, not a cut of it."
        )
    for start, found in sorted(months.items()):
        _add(rows, start, found, draft)
    if not rows.found:
        providers = sorted({code for found in months.values() for code in found["providers"]})
        draft.problems.append(f"it has {words.listed(providers[:5])}{' and others' if len(providers) > 5 else ''}.")
    draft.frame = rows.frame
    draft.period = words.listed([words.month(start.isoformat()) for start in sorted(months)])
    return draft


def _incomplete(table: Table, draft: Draft):
    for line, row in table.rows((_ALL_FUNCTIONS.encode(), b"c_999")):
        draft.rows_read += 1
        record = {"line": line, **{name: row[position] for name, position in table.columns.items()}}
        if cells.code(record["function"]) == _ALL_FUNCTIONS and cells.code(record["part"]) == _INCOMPLETE:
            if not observed.is_total(record["code"], record["name"]):
                yield record, row


def _bands(table: Table) -> dict[str, list[int]]:
    """Positions of the week bands under 18 weeks, from 52 and from 65; the last is empty before they were split."""
    bands: dict[str, list[int]] = {"within_18": [], "over_52": [], "over_65": []}
    last = 0
    for position, head in enumerate(table.headings):
        if week := _WEEKS.fullmatch(head):
            start = last = int(week[1])
            if start < 18:
                bands["within_18"].append(position)
            if start >= 52:
                bands["over_52"].append(position)
            if start >= 65:
                bands["over_65"].append(position)
    if len(bands["within_18"]) != 18 or not bands["over_52"]:
        raise UnreadableFile(
            f"{table.book.path.name} is the RTT extract, but its columns of weeks are not complete up to 52 and over "
            f"(the last is {last}). Fetch the full extract."
        )
    return bands


def _counts(record: dict, row: list, table: Table, bands: dict[str, list[int]]) -> dict[str, float]:
    counts = observed.counted(record, ["total"], table)
    for name, positions in bands.items():
        counts[name] = _weeks(record, row, table, positions) if positions else math.nan
    if counts["within_18"] + counts["over_52"] > counts["total"]:
        raise UnreadableFile(
            f"{table.book.path.name}, row {record['line']}: more pathways by week than in total. Columns may be "
            "swapped: download the file again."
        )
    return counts


def _weeks(record: dict, row: list, table: Table, positions: list[int]) -> float:
    """The sum of the bands; what is not plain digits goes the careful way, with its message."""
    there = [row[position] for position in positions if row[position] not in ("", "0", None)]
    if all(isinstance(cell, str) and cell.isdigit() and len(cell) < 8 for cell in there):
        return float(sum(map(int, there)))
    weeks = {table.headings[position]: row[position] for position in positions}
    found = observed.counted({"line": record["line"], **weeks}, weeks, table)
    return math.fsum(v for v in found.values() if not math.isnan(v))


def _put(found: dict, key: str, counts: dict[str, float]) -> None:
    found[key] = _added(found.get(key), counts)


def _added(one: dict | None, other: dict) -> dict:
    return other if one is None else {name: one[name] + other[name] for name in _MEASURES}


def _add(rows: observed.Rows, start: date, found: dict, draft: Draft) -> None:
    providers = found["providers"]
    areas = {code: {**providers[code], "note": ""} for code in TRUSTS if code in providers}
    if not areas:
        return
    lacking = observed.missing_trusts(areas, draft, start)
    if len(providers) >= observed.WHOLE_COUNTRY:
        areas[ENGLAND] = {
            **found["england"][ENGLAND],
            "note": "sum of all providers and English commissioners in the file",
        }
        if found["footprint"]:
            areas[FOOTPRINT] = {**found["footprint"], "note": "sum over the providers of the people of this area"}
        elif not lacking:
            summed = observed.add_up((providers[code] for code in TRUSTS), _MEASURES)
            areas[FOOTPRINT] = {**summed, "note": f"{observed.footprint_note(start)}; {_CHANGED_NOTE}"}
            draft.suspicious.append(
                f"{words.month(start.isoformat())} has no row of commissioner {SUB_ICB}: the footprint is the "
                f"{observed.TRUSTS_SUMMED}, {_CHANGED_NOTE}"
            )
    else:
        draft.problems.append(
            f"the file has {words.plural(len(providers), 'provider')} only, so no figure for the footprint or England"
        )
    for area, counts in areas.items():
        total, note = counts["total"], counts["note"]
        rows.month("rtt_wl", area, start, total, note=note)
        rows.share("rtt_18wk", area, start, counts["within_18"], total, note)
        rows.month("rtt_52wk", area, start, counts["over_52"], note=note)
        rows.share("rtt_52wk_pct", area, start, counts["over_52"], total, note)
        rows.month("rtt_65wk", area, start, counts["over_65"], note=note)


PUBLICATION = Publication(
    id="rtt",
    title="Referral to Treatment Waiting Times",
    publisher="NHS England",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/rtt-waiting-times/",
    table="observations",
    layouts=(FULL,),
    read=_read,
    areas=(*TRUSTS, FOOTPRINT),
)
