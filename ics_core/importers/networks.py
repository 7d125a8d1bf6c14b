"""Primary care networks, Organisation Data Service (ePCN): which practice is in which network, with dates.

A practice is in the network whose relationship with it has no end date; those that ended are history. The file bears no
date of its own, so it is as of the latest change in it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.practices import note_age, note_missing
from ics_core.importers.registered import held_networks, network, note_strangers
from ics_core.importers.registry import Draft, Layout, Publication, Table

PARTNERS = Layout(
    "core partner details",
    {
        "code": "partner organisation code",
        "network": "pcn code",
        "network_name": "pcn name",
        "start": "practice to pcn relationship start date",
        "end": "practice to pcn relationship end date",
    },
)


def _read(tables: list[Table]) -> Draft:
    table, draft = tables[0], Draft(None, "")
    held = catalogue.table("practices").set_index("practice_code")
    networks, strangers, found = held_networks(), Counter(), {}
    changes: list[date] = []
    for record in table.records():
        draft.rows_read += 1
        changes += [_day(record, name, table) for name in ("start", "end") if cells.text(record[name])]
        code = cells.code(record["code"])
        if code not in held.index or cells.text(record["end"]):
            continue
        row = {"practice_code": code, **network(record, networks, strangers)}
        observed.once(found, code, row, table, f"an open relationship of the practice {code}")
    note_strangers(strangers, draft)
    draft.frame = pd.DataFrame(list(found.values()), columns=["practice_code", "pcn_code", "pcn_name"])
    if changes:
        latest = max(changes).isoformat()
        draft.period = f"latest change on {words.day(latest)}"
        note_missing(found, held.index[held["status"] == "active"], draft)
        note_age(draft, latest, held["list_date"].max())
    return draft


def _day(record: dict, name: str, table: Table) -> date:
    try:
        return cells.day(cells.text(record[name]))
    except ValueError as problem:
        raise UnreadableFile(
            f"{table.book.path.name}, row {record['line']}: {problem} under “{observed.heading_of(table, name)}”. "
            "Expected a day such as 20191001. The columns may be shifted: download the file again."
        ) from None


PUBLICATION = Publication(
    id="ods_networks",
    title="Primary care networks (ePCN)",
    publisher="NHS England, Organisation Data Service",
    address="https://digital.nhs.uk/services/organisation-data-service/data-search-and-export/csv-downloads/"
    "gp-and-gp-practice-related-data",
    table="practices",
    layouts=(PARTNERS,),
    read=_read,
)
