"""A&E attendances and emergency admissions, NHS England, monthly: the CSV, and the workbook by provider of any era.

The four-hour share leaves out what has no four-hour count. From May 2019 to May 2023 fourteen trusts tried other
measures and reported none: workbooks mark them ``-``, the CSV has zeros, so there a provider with a major department
and not one wait over four hours is left out of England's share, as in the published figure.
"""

from __future__ import annotations

import math
import re
from datetime import date

from ics_core import words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT, TRUSTS
from ics_core.importers.opening import preamble
from ics_core.importers.registry import Draft, Layout, Publication, Table

_N = "(number of )?"
_DEPARTMENTS = {"1": "type 1", "2": "type 2", "3": "(other( a and e)? department|type 3)"}
_COUNTED = {f"all_{n}": rf"{_N}a and e attendances {d}" for n, d in _DEPARTMENTS.items()}
_OVER = {f"over_{n}": rf"{_N}attendances over 4 ?(hrs|hours) {d}" for n, d in _DEPARTMENTS.items()}
_BOOKED = {
    **{f"booked_{n}": rf"{_N}a and e attendances booked appointments {d}" for n, d in _DEPARTMENTS.items()},
    **{
        f"bookedover_{n}": rf"{_N}attendances over 4 ?(hrs|hours) booked appointments {d}"
        for n, d in _DEPARTMENTS.items()
    },
}
_ADMITTED = {
    f"admitted_{n}": rf"emergency admissions via a and e {d}"
    for n, d in {"1": "type 1", "2": "type 2", "3": "(other a and e department|type 3( and 4)?)"}.items()
}
_DTA = {"dta_12": r"patients who have waited 12\+ (hrs|hours) from dta to admission"}

CSV = Layout(
    "monthly CSV",
    {
        "period": "period",
        "code": "org code|organisation code",
        "name": "org name|organisation name",
        **_COUNTED,
        **_OVER,
    },
    {"parent": "parent org.*", **_BOOKED, **_ADMITTED, **_DTA},
)
WORKBOOK = Layout(
    "by provider",
    {
        "code": "code|org code|provider code",
        "name": "name|provider name|provider",
        "type_1": "type 1 departments major a and e",
        "all": "total attendances",
        "over": "total attendances over 4 hours",
        "admitted": "total emergency admissions via a and e",
    },
    {
        "parent": "region|parent org.*|sha|area team",
        "within": "total attendances (under 4 hours|in 4 hours or less|within 4 hours)",
        "dta_12": "number of patients spending over 12 hours from decision to admit to admission",
    },
    without=(".*mapped activity", ".*before mapping"),
)
_NOT_READ = r"patients who have waited 4 12 hs? ?(hrs)? from dta to admission|other emergency admissions.*|total.*"
_FIELD_TEST = (date(2019, 5, 1), date(2023, 5, 31))
_FIELD_TEST_NOTE = "leaves out the 14 field-test trusts, which reported attendances but no four-hour breaches"
_MEASURES = ("all", "within", "over", "all_1", "within_1", "over_1", "dta_12", "admitted")


def _read(tables: list[Table]) -> Draft:
    rows, draft, months = observed.Rows(), Draft(None, ""), []
    table = tables[0]
    by_month = _from_csv(table, draft) if table.layout is CSV else _from_workbook(table, draft)
    for start, (providers, england) in sorted(by_month.items()):
        months.append(start)
        _add(rows, start, providers, england, draft)
    draft.frame = rows.frame
    draft.period = words.listed([words.month(start.isoformat()) for start in months])
    return draft


def _from_csv(table: Table, draft: Draft) -> dict[date, tuple[dict, dict | None]]:
    kept = [name for name in table.columns if name not in ("period", "code", "name", "parent")]
    known = set(table.columns.values())
    below = table.sheet.top[table.header + 1 :]
    strange = [
        head for at, head in enumerate(table.headings)
        if head and at not in known and not re.fullmatch(_NOT_READ, head)
        and any(len(row) > at and cells.text(row[at]) for row in below)
    ]  # fmt: skip
    if strange:
        draft.suspicious.append(
            f"columns that are not known, so a definition may have changed: {words.listed(strange)}"
        )
    found: dict[date, tuple[dict, dict, dict]] = {}
    codes, undated = [], []
    for record in table.records():
        draft.rows_read += 1
        cell = observed.counted(record, kept, table)
        total = observed.is_total(record["period"], record["code"], record["name"], record.get("parent"))
        if total and not re.search(r"\d", cells.text(record["period"])):
            undated.append(cell)  # its period says TOTAL
            continue
        start = observed.the_month(record["period"], table, "the column “Period”", _prefix(record["period"]))
        providers, totals, columns = found.setdefault(start, ({}, {}, dict.fromkeys(kept, 0.0)))
        if total:
            observed.once(totals, ENGLAND, cell, table, "the total row", same_ok=True)
            continue
        counts = _sums(cell)
        for name in kept:
            columns[name] += 0 if math.isnan(cell[name]) else cell[name]
        code = cells.code(record["code"])
        codes.append(code)
        observed.once(providers, code, counts, table, f"the row of {code}")
        if code in TRUSTS:
            observed.check_name(code, record["name"], draft)
            _refuse_swapped(counts, table, code)
    observed.refuse_names(table, codes)
    if undated and len(found) == 1:
        for cell in undated:
            observed.once(next(iter(found.values()))[1], ENGLAND, cell, table, "the total row", same_ok=True)
    made = {}
    for start, (providers, totals, columns) in found.items():
        _check_total(table, start, columns, totals.get(ENGLAND), draft)
        made[start] = providers, _england(start, providers, totals.get(ENGLAND))
    return made


def _check_total(table: Table, start: date, columns: dict[str, float], total: dict | None, draft: Draft) -> None:
    if total is None:
        draft.suspicious.append("there is no total row, so the file may be cut off")
        return
    for name, summed in columns.items():
        if not math.isnan(total[name]) and abs(summed - total[name]) > 0.5:
            draft.suspicious.append(
                f"{words.month(start.isoformat())}: the providers add up to {words.number(summed)} under "
                f"“{observed.heading_of(table, name)}”, the total row says {words.number(total[name])}: rows are "
                "missing, doubled or changed"
            )


def _prefix(cell: object) -> str:
    said = cells.text(cell)
    return said[: said.find("-") + 1] if re.match(r"[A-Za-z]+-[A-Za-z]", said) else ""


def _sums(counts: dict[str, float]) -> dict[str, float]:
    """All types, booked appointments included, as one dictionary of measures."""

    def both(kind: str, booked: str, types: str = "123") -> float:
        return math.fsum(counts[f"{kind}_{t}"] for t in types) + math.fsum(
            counts[f"{booked}_{t}"] for t in types if not math.isnan(counts.get(f"{booked}_{t}", math.nan))
        )

    made = {"all": both("all", "booked"), "over": both("over", "bookedover")}
    made |= {"all_1": both("all", "booked", "1"), "over_1": both("over", "bookedover", "1")}
    made["within"], made["within_1"] = made["all"] - made["over"], made["all_1"] - made["over_1"]
    made["dta_12"] = counts.get("dta_12", math.nan)
    admitted = [counts[name] for name in _ADMITTED if name in counts]
    made["admitted"] = math.fsum(admitted) if admitted else math.nan
    return made


def _england(start: date, providers: dict, total: dict | None) -> dict | None:
    """England of a CSV: the sum of its providers, where they are all there."""
    totals = _sums(total) if total else dict.fromkeys(_MEASURES, math.nan)
    if len(providers) < observed.WHOLE_COUNTRY:
        return {**totals, "note": ""} if total and not _FIELD_TEST[0] <= start <= _FIELD_TEST[1] else None
    summed = observed.add_up(providers.values(), _MEASURES)
    summed = {name: totals[name] if math.isnan(value) else value for name, value in summed.items()}
    england = {**summed, "note": observed.PROVIDERS_SUMMED}
    if _FIELD_TEST[0] <= start <= _FIELD_TEST[1]:
        counted = [one for one in providers.values() if not (one["all_1"] > 0 and one["over"] == 0)]
        for name in ("within", "over", "within_1", "over_1"):
            england[name] = math.fsum(one[name] for one in counted)
        england["share_note"] = _FIELD_TEST_NOTE
    return england


def _from_workbook(table: Table, draft: Draft) -> dict[date, tuple[dict, dict | None]]:
    labels = preamble(table.sheet)
    if "period" not in labels:
        raise UnreadableFile(
            f"{table.book.path.name} is the A&E table by provider, but says nowhere which month it is of. Expected a "
            "line “Period:” above the headings: fetch the publisher's workbook or the monthly CSV."
        )
    start = observed.the_month(labels["period"], table, "the line “Period:”")
    observed.released_of(labels, start, draft)
    _check_sheets(table, start, draft)
    columns = _blocks(table)
    providers: dict[str, dict] = {}
    england: dict | None = None
    codes = []
    for line, row in table.rows():
        record = {"line": line, **{name: row[position] for name, position in columns.items()}}
        code, name = cells.code(record["code"]), record["name"]
        total = observed.is_total(record["code"], name, record.get("parent"))
        if not total and not re.fullmatch(r"[A-Z0-9]{3,6}", code):
            codes.append(code if len(code) > 9 else "")
            continue
        draft.rows_read += 1
        codes.append(code)
        counts = dict.fromkeys(_MEASURES, math.nan)
        counts |= observed.counted(record, [name for name in columns if name in _MEASURES], table)
        _complete(counts)
        if total:
            england = counts if england is None else england
            continue
        observed.once(providers, code, counts, table, f"the row of {code}")
        if code in TRUSTS:
            observed.check_name(code, name, draft)
            _refuse_swapped(counts, table, code)
    observed.refuse_names(table, codes)
    if england:
        _refuse_swapped(england, table, "England")
        summed = math.fsum(one["all"] for one in providers.values())
        if abs(summed - england["all"]) > 1 and len(providers) >= observed.WHOLE_COUNTRY:
            draft.suspicious.append(
                f"the providers add up to {words.number(summed)} attendances, the row of England says "
                f"{words.number(england['all'])}: rows are missing or doubled"
            )
        if _FIELD_TEST[0] <= start <= _FIELD_TEST[1]:
            england["share_note"] = _FIELD_TEST_NOTE
    elif providers:
        draft.suspicious.append("there is no row for England, so the file may be cut off")
    return {start: (providers, england)} if providers else {}


def _blocks(table: Table) -> dict[str, int]:
    """Positions of the measures: the same three departments stand under several totals, each before its own."""
    columns = {name: at for name, at in table.columns.items() if name != "type_1"}
    heads = table.headings
    majors = [at for at, head in enumerate(heads) if re.fullmatch(WORKBOOK.columns["type_1"], head)]
    for name in ("all", "within", "over"):
        before = [at for at in majors if at < columns.get(name, -1)]
        if before:
            columns[f"{name}_1"] = before[-1]
    return columns


def _complete(counts: dict[str, float]) -> None:
    """Workbooks of before 2019 do not say who was seen in time: what is not over four hours is."""
    for kind in ("", "_1"):
        if math.isnan(counts[f"within{kind}"]):
            counts[f"within{kind}"] = counts[f"all{kind}"] - counts[f"over{kind}"]


def _check_sheets(table: Table, start: date, draft: Draft) -> None:
    for sheet in table.book.shown:
        said = preamble(sheet).get("period")
        try:
            other = cells.month(said) if said else start
        except ValueError:
            continue
        if other != start:
            draft.suspicious.append(
                f"the sheet “{sheet.name}” says {words.month(other.isoformat())}, “{table.sheet.name}” says "
                f"{words.month(start.isoformat())}"
            )


def _refuse_swapped(counts: dict[str, float], table: Table, whose: str) -> None:
    for kind, what in (("", "all departments"), ("_1", "major departments")):
        seen, over, within = counts[f"all{kind}"], counts[f"over{kind}"], counts[f"within{kind}"]
        whole = whose == "England" and within + over < seen  # some trusts report attendances only
        if over > seen or (not math.isnan(within + over) and abs(within + over - seen) > 1 and not whole):
            raise UnreadableFile(
                f"{table.book.path.name}: for {whose}, {what}, {words.number(over)} waits over four hours and "
                f"{words.number(within)} within do not fit {words.number(seen)} attendances. Columns may be swapped: "
                "download the file again."
            )


def _add(rows: observed.Rows, start: date, providers: dict, england: dict | None, draft: Draft) -> None:
    areas = {code: {**providers[code], "note": ""} for code in TRUSTS if code in providers}
    if not areas:
        return
    if not observed.missing_trusts(areas, draft, start):
        summed = observed.add_up((providers[code] for code in TRUSTS), _MEASURES)
        areas[FOOTPRINT] = {**summed, "note": observed.footprint_note(start)}
    if england and not england["all"] < areas.get(FOOTPRINT, {"all": 0})["all"]:
        areas[ENGLAND] = england
    for area, counts in areas.items():
        note = counts.get("note", "")
        share_note = counts.get("share_note", note)
        rows.share("ae_4hr_all", area, start, counts["within"], counts["within"] + counts["over"], share_note)
        rows.share("ae_4hr_type1", area, start, counts["within_1"], counts["within_1"] + counts["over_1"], share_note)
        rows.month("ae_attendances", area, start, counts["all"], note=note)
        rows.month("ae_12hr_dta", area, start, counts["dta_12"], note=note)
        if not math.isnan(counts["dta_12"]):
            rows.share("ae_12hr_dta_pct", area, start, counts["dta_12"], counts["admitted"], note)


PUBLICATION = Publication(
    id="ae",
    title="A&E Attendances and Emergency Admissions",
    publisher="NHS England",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/ae-waiting-times-and-activity/",
    table="observations",
    layouts=(CSV, WORKBOOK),
    read=_read,
    areas=(*TRUSTS, FOOTPRINT, ENGLAND),
)
