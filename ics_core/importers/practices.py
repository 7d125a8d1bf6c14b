"""GP practices of the Organisation Data Service (``epraccur``): name, status and postcode of the area's practices.

The file has no headings. Status and setting were letters and digits (``A``, ``4``) until 2025 and are words and role
codes since (``ACTIVE``, ``RO76``): both are read. It has no date either; the latest day in it is the nearest to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells
from ics_core.importers.observed import SUB_ICB
from ics_core.importers.opening import Sheet
from ics_core.importers.registry import Draft, Publication, Table

_COLUMNS = {
    "code": 0, "name": 1, "postcode": 9, "opened": 10, "closed": 11, "status": 12, "commissioner": 14,
    "joined": 15, "left": 16, "setting": 25,
}  # fmt: skip
_STATUS = {
    "A": "active", "ACTIVE": "active", "D": "dormant", "DORMANT": "dormant", "C": "closed", "CLOSED": "closed",
    "INACTIVE": "closed", "P": "proposed", "PROPOSED": "proposed",
}  # fmt: skip
_GP_PRACTICE = {"4", "RO76"}
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")


def columns_of(sheet: Sheet, columns: dict[str, int], code: str, opened: str) -> dict[str, int] | None:
    """The ``columns`` of a file of ODS, which has no headings, if most of its first rows have such a code and day."""
    rows = [row for row in sheet.top if any(map(cells.text, row))][:20]
    fitting = [
        row for row in rows
        if len(row) >= 26
        and re.fullmatch(code, cells.code(row[0]))
        and re.fullmatch(opened, cells.text(row[10]))
        and (POSTCODE.fullmatch(cells.text(row[9]).upper()) or not cells.text(row[9]))
    ]  # fmt: skip
    return dict(columns) if rows and len(fitting) > len(rows) / 2 else None


def latest_day(before: str, days: Iterable[str]) -> str:
    """The latest of some days as ODS writes them (20260401) that is not still to come."""
    return max([before, *(day for day in days if re.fullmatch(r"(19|20)\d{6}", day) and day <= today())])


def claims(sheet: Sheet) -> dict[str, int] | None:
    """The columns, if most of the first rows look like practices of ODS."""
    return columns_of(sheet, _COLUMNS, r"[A-Z]\d{5}|[A-Z]{3}\d{3}|\d{5,7}|G\d{7}", r"(\d{8})?")


def _read(tables: list[Table]) -> Draft:
    table, draft = tables[0], Draft(None, "")
    held = catalogue.table("practices").set_index("practice_code")
    found: dict[str, dict] = {}
    latest, unknown = "", set()
    for record in table.records():
        draft.rows_read += 1
        code = cells.code(record["code"])
        days = [cells.text(record[name]) for name in ("opened", "closed", "joined", "left")]
        latest = latest_day(latest, days)
        setting = cells.code(record["setting"])
        ours = code in held.index
        if not ours and (cells.code(record["commissioner"]) != SUB_ICB or setting not in _GP_PRACTICE):
            continue
        said = cells.code(record["status"])
        if said not in _STATUS:
            unknown.add(said or "blank")
            continue
        status = _STATUS[said]
        if not ours:
            if status == "active":
                draft.problems.append(
                    f"{code} ({cells.text(record['name']).title()}) is active in {SUB_ICB} and not in the table: if it "
                    "has a list, add it by hand with its point and network"
                )
            continue
        refuse_postcode(code, record, table)
        if code in found:
            raise UnreadableFile(f"{table.book.path.name} holds the practice {code} twice. Download it again.")
        found[code] = {
            "practice_code": code,
            "name": same_name(cells.text(record["name"]), held["name"][code]),
            "status": status,
            "postcode": cells.text(record["postcode"]).upper(),
        }
    if unknown:
        draft.suspicious.append(
            f"unknown status: {words.listed(sorted(unknown))}; known are A, C, D, P and words for them"
        )
    draft.released = f"{latest[:4]}-{latest[4:6]}-{latest[6:]}" if latest else ""
    draft.period = f"latest change on {words.day(draft.released)}" if latest else ""
    note_missing(found, held.index, draft)
    note_age(draft, draft.released, held["list_date"].max())
    note_moved(found, held, draft)
    draft.frame = pd.DataFrame(list(found.values()), columns=["practice_code", "name", "status", "postcode"])
    return draft


def refuse_postcode(code: str, record: dict, table: Table) -> None:
    """Refuses a row of ours without a postcode where one stands: its cells may be shifted."""
    if not POSTCODE.fullmatch(cells.text(record["postcode"]).upper()):
        raise UnreadableFile(
            f"{table.book.path.name}, row {record['line']}: {code} has {cells.text(record['postcode'])!r} where its "
            "postcode was expected. The columns may be shifted: download the file again."
        )


def same_name(said: str, held: str) -> str:
    """A name written in capitals only is the name we hold, if it differs in nothing else."""
    plain = re.sub(r"[^a-z0-9]", "", said.casefold().replace("&", "and"))
    if plain == re.sub(r"[^a-z0-9]", "", held.casefold().replace("&", "and")):
        return held
    return said.title().replace("'S", "'s") if said.isupper() else said


def note_missing(found, known, draft: Draft) -> None:
    """Practices we hold that the file lacks, unless it lacks all of them."""
    lacking = [code for code in known if code not in found]
    if found and lacking:
        some = words.listed(lacking[:5]) + (" and others" if len(lacking) > 5 else "")
        draft.suspicious.append(f"{words.plural(len(lacking), 'practice')} of ours not in the file: {some}")


def note_moved(found: dict[str, dict], held: pd.DataFrame, draft: Draft) -> None:
    """Practices with another postcode than the one we hold, whose points on the map stay where they were."""
    for code, row in found.items():
        if row["postcode"] != held["postcode"][code]:
            draft.suspicious.append(f"{code} moved to {row['postcode']}: its point and district need a look")


def note_age(draft: Draft, released: str, held: str) -> None:
    """An older file than what is held would take newer facts back."""
    if released and released < held:
        draft.suspicious.append(
            f"the file is as of {words.day(released)}, older than what is held ({words.day(held)}): it would take "
            "newer facts back"
        )


def today() -> str:
    """Today as the files write a day: 20261128."""
    return date.today().strftime("%Y%m%d")


PUBLICATION = Publication(
    id="ods_practices",
    title="GP practices (epraccur)",
    publisher="NHS England, Organisation Data Service",
    address="https://digital.nhs.uk/services/organisation-data-service/data-search-and-export/csv-downloads/"
    "gp-and-gp-practice-related-data",
    table="practices",
    layouts=(),
    read=_read,
    claims=claims,
)
