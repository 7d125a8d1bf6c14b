"""Mental Health Services Monthly Statistics, NHS England: the CSV of four-week waits.

The boards' rows are of people by their practice or home, those of the trust cover Suffolk too. Below England counts
are rounded to 5 and shares to whole numbers, as published. The board of this area ended on 31 March 2026, so a later
file gives the trust and England alone.
"""

from __future__ import annotations

from datetime import date

from ics_core import words
from ics_core.area import AREA
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT
from ics_core.importers.registry import Draft, Layout, Publication, Table, a_month

LONG = Layout(
    "long CSV",
    {
        "start": "reporting period start",
        "end": "reporting period end",
        "breakdown": "breakdown",
        "code": "primary level",
        "second": "secondary level",
        "measure": "measure id",
        "value": "measure value",
    },
)
_MEASURES = {
    "MRS01b": "mh_cmh_4wk",
    "MRS02": "mh_cmh_waiting",
    "MRS02f": "mh_cmh_52wk_pct",
    "MRS03a": "mh_cmh_median_second",
    "MRS08b": "mh_cyp_4wk",
    "MRS09": "mh_cyp_waiting",
    "MRS09f": "mh_cyp_52wk_pct",
    "MRS10a": "mh_cyp_median_first",
}
_TRUST = AREA.of_kind("mental health")[0]
_AREAS = {
    ("england", "ENGLAND"): ENGLAND,
    ("icb of gp practice or residence", FOOTPRINT): FOOTPRINT,
    ("provider", _TRUST): _TRUST,
}
_NEEDLES = tuple(code.encode() for code in ("England", "ENGLAND", FOOTPRINT, _TRUST))


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    seen: dict[tuple[str, str, date], float] = {}
    periods: set[tuple[date, date]] = set()
    for record in table.records(_NEEDLES):
        draft.rows_read += 1
        area = _AREAS.get((cells.heading(record["breakdown"]), cells.code(record["code"])))
        indicator_id = _MEASURES.get(cells.text(record["measure"]))
        if area is None or indicator_id is None or cells.text(record["second"]).upper() not in ("", "NONE"):
            continue
        where = f"row {record['line']}"
        start, end = (observed.the_month(record[name], table, where) for name in ("start", "end"))
        value = observed.counted(record, ["value"], table)["value"]
        observed.once(seen, (indicator_id, area, end), value, table, f"{record['measure']} of {record['code']}")
        label = a_month(end) if start == end else f"{_months(start, end)} months to {a_month(end)}"
        rows.add(indicator_id, area, start, cells.month_end(end), label, value)
        periods.add((start, end))
    if not seen:
        draft.problems.append(
            f"It has none of the measures {words.listed(list(_MEASURES))} of the area: they are in the file of "
            "four-week waits."
        )
    draft.frame = rows.frame
    draft.period = words.month(max(end for _, end in periods).isoformat()) if periods else ""
    return draft


def _months(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month + 1


PUBLICATION = Publication(
    id="mental_health",
    title="Mental Health Services Monthly Statistics",
    publisher="NHS England",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "mental-health-services-monthly-statistics",
    table="observations",
    layouts=(LONG,),
    read=_read,
    areas=(ENGLAND, FOOTPRINT, _TRUST),
)
