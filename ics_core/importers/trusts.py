"""NHS trusts of the Organisation Data Service (``etr``): where the area's trusts have their head office, and whether.

The file has no headings and no date; the latest day in it is the nearest to one. A trust that moved or closed is looked
at: its point on the map and what became of it are put in by hand.
"""

from __future__ import annotations

import pandas as pd

from ics_core import catalogue, words
from ics_core.importers import cells, observed
from ics_core.importers.opening import Sheet
from ics_core.importers.practices import columns_of, latest_day, refuse_postcode
from ics_core.importers.registry import Draft, Publication, Table

_COLUMNS = {"code": 0, "name": 1, "board": 3, "postcode": 9, "opened": 10, "closed": 11}


def claims(sheet: Sheet) -> dict[str, int] | None:
    """The columns, if most of the first rows look like trusts of ODS."""
    return columns_of(sheet, _COLUMNS, r"[RT][A-Z0-9]{2}", r"(19|20)\d{6}")


def _read(tables: list[Table]) -> Draft:
    table, draft = tables[0], Draft(None, "")
    partners = catalogue.table("partners")
    held = partners[partners["org_type"].str.endswith("trust")].set_index("ods_code")
    found: dict[str, dict] = {}
    latest = ""
    for record in table.records():
        draft.rows_read += 1
        days = [cells.text(record[name]) for name in ("opened", "closed")]
        latest = latest_day(latest, days)
        if (code := cells.code(record["code"])) not in held.index:
            continue
        refuse_postcode(code, record, table)
        ours = held.loc[code]
        postcode = cells.text(record["postcode"]).upper()
        moved = postcode != ours["hq_postcode"]
        row = {
            "organisation": ours["organisation"],
            "hq_postcode": postcode,
            "hq_source": "Organisation Data Service, NHS trusts (etr)" if moved else ours["hq_source"],
        }
        observed.once(found, code, row, table, f"the trust {code}")
        if moved:
            draft.suspicious.append(f"{code} moved to {postcode}: its point needs a look")
        if days[1]:
            draft.suspicious.append(
                f"{code} closed on {words.day(cells.day(days[1]).isoformat())}: see what became of it"
            )
    if found and (lacking := [code for code in held.index if code not in found]):
        draft.suspicious.append(
            f"{words.plural(len(lacking), 'trust')} of ours not in the file: {words.listed(lacking)}"
        )
    draft.released = f"{latest[:4]}-{latest[4:6]}-{latest[6:]}" if latest else ""
    draft.period = f"latest change on {words.day(draft.released)}" if latest else ""
    draft.frame = pd.DataFrame(list(found.values()), columns=["organisation", "hq_postcode", "hq_source"])
    return draft


PUBLICATION = Publication(
    id="ods_trusts",
    title="NHS trusts (etr)",
    publisher="NHS England, Organisation Data Service",
    address="https://digital.nhs.uk/services/organisation-data-service/data-search-and-export/csv-downloads/"
    "other-nhs-organisations",
    table="partners",
    layouts=(),
    read=_read,
    claims=claims,
)
