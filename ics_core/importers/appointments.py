"""Appointments in general practice, NHS England: the regional CSV (or a zip of one a system), the coverage file.

Appointments are of practices in sub-ICB location 26A, which is the footprint, whoever the patient. Shares leave out
the rows whose mode, status or booking gap is not known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from ics_core import words
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT, SUB_ICB
from ics_core.importers.registry import Draft, Layout, Publication, Table

REGIONAL = Layout(
    "regional CSV",
    {
        "code": "(ccg|sub icb location) code",
        "month": "appointment month",
        "status": "appt status",
        "mode": "appt mode",
        "gap": "time between book and appt",
        "count": "count of appointments",
    },
    {"practice": "gp code|practice code"},
)
COVERAGE = Layout(
    "coverage",
    {
        "code": "(ccg|sub icb location) code",
        "month": "appointment month",
        "registered": "patients registered at open practices",
    },
)
_WITHIN_14 = {"same day", "1 day", "2 to 7 days", "8 to 14 days"}
_NEEDLE = SUB_ICB.encode()


def _read(tables: list[Table]) -> Draft:
    draft, rows = Draft(None, ""), observed.Rows()
    layout = tables[0].layout
    months = _coverage(tables, rows, draft) if layout is COVERAGE else _regional(tables, rows, draft)
    draft.frame = rows.frame
    draft.period = _span(sorted(months))
    if not rows.found:
        draft.problems.append(f"it has no row of sub-ICB location {SUB_ICB}.")
    return draft


def _span(months: list[date]) -> str:
    ends = [words.month(start.isoformat()) for start in (months[0], months[-1])] if months else []
    return " to ".join(dict.fromkeys(ends))


def _regional(tables: list[Table], rows: observed.Rows, draft: Draft) -> set[date]:
    sums: dict[date, dict[str, dict[str, float]]] = {}
    lines: dict[date, int] = defaultdict(int)
    seen: dict[tuple, float] = {}
    months: dict[object, date] = {}
    for table in tables:
        for line, row in table.rows((_NEEDLE,)):
            draft.rows_read += 1
            record = {"line": line, **{name: row[position] for name, position in table.columns.items()}}
            if cells.code(record["code"]) != SUB_ICB:
                continue
            if record["month"] not in months:
                months[record["month"]] = observed.the_month(record["month"], table, "the column of months")
            start = months[record["month"]]
            count = observed.counted(record, ["count"], table)["count"]
            key = tuple(cells.text(c) for i, c in enumerate(row) if i != table.columns["count"])
            observed.once(seen, key, count, table, f"row {line}")
            parts = sums.setdefault(start, {name: defaultdict(float) for name in ("status", "mode", "gap")})
            for name, part in parts.items():
                part[cells.heading(record[name])] += count
            lines[start] += 1
    for start, parts in sums.items():
        _add(rows, start, parts)
    _check_whole(lines, draft)
    return set(sums)


def _add(rows: observed.Rows, start: date, parts: dict[str, dict[str, float]]) -> None:
    status, mode, gap = parts["status"], parts["mode"], parts["gap"]
    rows.month("gp_appts", FOOTPRINT, start, sum(status.values()))
    rows.share("gp_dna", FOOTPRINT, start, status["dna"], status["dna"] + status["attended"])
    known = sum(count for name, count in mode.items() if not name.startswith("unknown"))
    rows.share("gp_f2f", FOOTPRINT, start, mode["face to face"], known)
    known = sum(count for name, count in gap.items() if not name.startswith("unknown"))
    rows.share("gp_same_day", FOOTPRINT, start, gap["same day"], known)
    rows.share("gp_within14", FOOTPRINT, start, sum(gap[name] for name in _WITHIN_14), known)


def _check_whole(lines: dict[date, int], draft: Draft) -> None:
    """A file that skips months, or has far fewer rows for one, is a cut of the publisher's."""
    months = sorted(lines)
    if not months:
        return
    span = (months[-1].year - months[0].year) * 12 + months[-1].month - months[0].month + 1
    if span > len(months):
        draft.suspicious.append(
            f"between {words.month(months[0].isoformat())} and {words.month(months[-1].isoformat())} "
            f"{words.plural(span - len(months), 'month')} are missing: the file may be cut"
        )
    usual = sorted(lines.values())[len(lines) // 2]
    for start in months:
        if lines[start] < usual / 2:
            draft.suspicious.append(
                f"{words.month(start.isoformat())} has {words.plural(lines[start], 'row')} where months have about "
                f"{usual}: it may be cut off"
            )


def _coverage(tables: list[Table], rows: observed.Rows, draft: Draft) -> set[date]:
    found: dict[date, dict[str, float]] = {}
    for table in tables:
        for record in table.records():
            draft.rows_read += 1
            code = cells.code(record["code"])
            if not re.fullmatch(r"[A-Z0-9]{3,6}", code):
                continue
            start = observed.the_month(record["month"], table, "the column of months")
            count = observed.counted(record, ["registered"], table)["registered"]
            observed.once(found.setdefault(start, {}), code, count, table, f"the row of {code}")
    for start, by_code in found.items():
        if SUB_ICB not in by_code:
            continue
        rows.month("gp_registered", FOOTPRINT, start, by_code[SUB_ICB])
        if len(by_code) >= observed.WHOLE_COUNTRY:
            note = "sum of sub-ICB locations (before July 2022, of commissioning groups)"
            rows.month("gp_registered", ENGLAND, start, sum(by_code.values()), note=note)
    return set(found)


PUBLICATION = Publication(
    id="gp_appointments",
    title="Appointments in General Practice",
    publisher="NHS England",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/appointments-in-general-practice",
    table="observations",
    layouts=(REGIONAL, COVERAGE),
    read=_read,
    areas=(FOOTPRINT,),
)
