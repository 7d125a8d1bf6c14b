"""COVER, UK Health Security Agency, quarterly: the workbook's tables of children by upper-tier authority.

Three tables are read, of children who reached 12 months, 24 months and five years in the quarter. The quarter stands in
the table of all data items, as FY2024_25_Q4.
"""

from __future__ import annotations

import re
from datetime import date

from ics_core import words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND
from ics_core.importers.registry import Draft, Layout, Publication, Table

_LOCAL = "(upper tier la|utla|upper tier local authority)"
BY_AUTHORITY = Layout(
    "by upper-tier authority",
    {
        "code": f"code|ons {_LOCAL} code",
        "ods": f"organisation data service code|ods {_LOCAL} code",
        "children": "number of children who reached (12 months|24 months|5 years) in reporting quarter.*"
        "|(12 ?m(onth)?|24 ?m(onth)?|5 ?y(ear)?) denominator",
    },
    {
        "imm_12m_6in1": "coverage at 12 months dtap ipv hib hepb %|12 ?m(onth)? dtap ipv hib( hepb)? ?%",
        "imm_24m_mmr1": "coverage at 24 months mmr1 %|24 ?m(onth)? mmr1 ?%",
        "imm_5y_mmr2": "coverage at 5 years mmr2( booster)? %|5 ?y(ear)? mmr2 ?%",
        "region": "region name|.*government office region name",
        "region_code": ".*office region code",
        "name": f"local authority|{_LOCAL} name",
    },
)
_QUARTER = re.compile(r"FY(?P<year>\d{4})_(?P<ends>\d\d)_Q(?P<quarter>[1-4])")
_OLDER = re.compile(r"England - (?P<year>\d{4})/(?P<ends>\d\d), Quarter (?P<quarter>[1-4])\b.*")


def _read(tables: list[Table]) -> Draft:
    draft, rows = Draft(None, ""), observed.Rows()
    start, label = _quarter(tables[0])
    end, found = cells.month_end(date(start.year, start.month + 2, 1)), set()
    for table in tables:
        indicator_id = next((name for name in table.columns if name.startswith("imm_")), None)
        if indicator_id is None:
            continue
        found.add(indicator_id)
        seen: dict[str, dict] = {}
        for record in table.records():
            draft.rows_read += 1
            area = _area(record)
            if area is None:
                continue
            counts = observed.counted(record, ["children", indicator_id], table)
            observed.once(seen, area, counts, table, f"{area} in {table.sheet.name}")
            value = counts[indicator_id]
            rows.add(indicator_id, area, start, end, label, value, denominator=counts["children"])
    draft.frame, draft.period = rows.frame, label
    if lacking := [name for name in BY_AUTHORITY.optional if name.startswith("imm_") and name not in found]:
        draft.suspicious.append(f"the workbook has no column for {words.listed(lacking)}")
    return draft


def _area(record: dict) -> str | None:
    if observed.is_total(*(record.get(name) for name in ("region", "region_code", "name"))):
        return ENGLAND
    code = cells.code(record["code"])
    return code if observed.is_authority(code) else None


def _quarter(table: Table) -> tuple[date, str]:
    for sheet in table.book.shown:
        for row in sheet.top:
            for cell in row:
                said = cells.text(cell)
                if found := _QUARTER.fullmatch(said) or _OLDER.fullmatch(said):
                    year, ends, quarter = found["year"], found["ends"], found["quarter"]
                    months = {"1": date(int(year), 4, 1), "2": date(int(year), 7, 1), "3": date(int(year), 10, 1)}
                    start = months.get(quarter, date(int(year) + 1, 1, 1))
                    observed.the_month(date(start.year, start.month + 2, 1), table, f"the quarter {found[0]}")
                    return start, f"Q{quarter} {year}/{ends}"
    raise UnreadableFile(
        f"{table.book.path.name} is the table of vaccinations, but says nowhere which quarter it is of. Expected "
        "FY2024_25_Q4 or the like in its table of all data items: fetch the publisher's workbook."
    )


PUBLICATION = Publication(
    id="vaccines",
    title="Cover of vaccination evaluated rapidly (COVER)",
    publisher="UK Health Security Agency",
    address="https://www.gov.uk/government/collections/vaccine-uptake",
    table="observations",
    layouts=(BY_AUTHORITY,),
    read=_read,
    areas=(ENGLAND,),
)
