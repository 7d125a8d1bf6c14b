"""Cancer waiting times, NHS England: the provider extract, several months in one workbook.

Each standard is added up over routes and cancer types. Rows of all treatment modalities are those that count for 31
and 62 days, and rows of all cancers would count every patient twice.
"""

from __future__ import annotations

import math
import re
from datetime import date

from ics_core import words
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT, TRUSTS
from ics_core.importers.registry import Draft, Layout, Publication, Table

EXTRACT = Layout(
    "provider extract",
    {
        "period": "period",
        "standard": "standard( or item)?",
        "code": "org code",
        "route": "stage ?(or )?route",
        "modality": "treatment modality",
        "cancer": "cancer type",
        "total": "total( treated)?",
        "within": "within standard",
        "over": "breaches|outside standard",
    },
    {"year": "year", "month": "month"},
)
_STANDARDS = {"28": "cwt_fds28", "31": "cwt_31d", "62": "cwt_62d"}


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    sums: dict[tuple[str, date], dict[str, list[float]]] = {}
    periods: dict[object, date] = {}
    seen: dict[tuple, tuple] = {}
    codes: list[str] = []
    for record in table.records():
        draft.rows_read += 1
        standard = re.match(r"(\d\d)[- ]day", cells.text(record["standard"]))
        indicator_id = _STANDARDS.get(standard[1]) if standard else None
        modality = cells.heading(record["modality"])
        if indicator_id is None or cells.heading(record["cancer"]).startswith("all cancers"):
            continue
        if indicator_id != "cwt_fds28" and modality != "all modalities":
            continue
        if (said := record["period"]) not in periods:
            periods[said] = observed.the_month(said, table, "the column “PERIOD”")
        code = cells.code(record["code"])
        codes.append(code)
        counts = observed.counted(record, ["total", "within", "over"], table)
        if abs(counts["within"] + counts["over"] - counts["total"]) > 0.01:
            observed.refuse_sum(table, record, counts["within"], counts["over"], counts["total"])
        key = (
            indicator_id,
            periods[said],
            code,
            cells.heading(record["route"]),
            modality,
            cells.heading(record["cancer"]),
        )
        observed.once(seen, key, tuple(counts.values()), table, f"row {record['line']} ({code})")
        part = sums.setdefault((indicator_id, periods[said]), {}).setdefault(code, [0.0, 0.0])
        part[0] += counts["within"]
        part[1] += counts["total"]
    observed.refuse_names(table, codes)
    for (indicator_id, start), found in sums.items():
        _add(rows, indicator_id, start, found, draft)
    draft.suspicious = list(dict.fromkeys(draft.suspicious))
    draft.frame = rows.frame
    months = sorted(set(periods.values()))
    draft.period = (
        " to ".join(dict.fromkeys(words.month(m.isoformat()) for m in (months[0], months[-1]))) if months else ""
    )
    return draft


def _add(rows: observed.Rows, indicator_id: str, start: date, found: dict, draft: Draft) -> None:
    ours = [code for code in TRUSTS if code in found]
    if not ours:
        return
    areas = {code: (*found[code], "") for code in ours}
    if not observed.missing_trusts(ours, draft, start):
        areas[FOOTPRINT] = (*map(math.fsum, zip(*(found[code] for code in TRUSTS))), observed.footprint_note(start))
    providers = [sums for code, sums in found.items() if code not in ("ENG", "ENGLAND", "TOTAL")]
    if len(providers) >= observed.WHOLE_COUNTRY:
        areas[ENGLAND] = (*map(math.fsum, zip(*providers)), observed.PROVIDERS_SUMMED)
    for area, (within, total, note) in areas.items():
        rows.share(indicator_id, area, start, within, total, note)


PUBLICATION = Publication(
    id="cancer_waits",
    title="Cancer Waiting Times",
    publisher="NHS England",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/cancer-waiting-times/",
    table="observations",
    layouts=(EXTRACT,),
    read=_read,
)
