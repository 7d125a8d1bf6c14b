"""Monthly diagnostics waiting times and activity (DM01), NHS England: the workbook by provider."""

from __future__ import annotations

import re

from ics_core import words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT, TRUSTS
from ics_core.importers.opening import preamble
from ics_core.importers.registry import Draft, Layout, Publication, Table

PROVIDER = Layout(
    "by provider",
    {
        "code": "provider code|org code",
        "name": "provider name|org name",
        "waiting": "total waiting list",
        "over_6": "number waiting 6\\+ weeks",
        "over_13": "number waiting 13\\+ weeks",
    },
    without=("diagnostic test( name)?|diagnostic id",),
)
_MEASURES = ("waiting", "over_6", "over_13")


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    labels = preamble(table.sheet)
    if "period" not in labels:
        raise UnreadableFile(
            f"{table.book.path.name} is the diagnostics table, but says nowhere which month it is of. Expected a line "
            "“Period:” above the headings: fetch the publisher's workbook."
        )
    start = observed.the_month(labels["period"], table, "the line “Period:”")
    observed.released_of(labels, start, draft)
    found: dict[str, dict] = {}
    for record in table.records():
        code = ENGLAND if observed.is_total(record["code"], record["name"]) else cells.code(record["code"])
        if not re.fullmatch(r"[A-Z0-9]{3,9}", code):
            continue
        draft.rows_read += 1
        counts = observed.counted(record, _MEASURES, table)
        if not counts["over_13"] <= counts["over_6"] <= counts["waiting"]:
            raise UnreadableFile(
                f"{table.book.path.name}, row {record['line']}: {words.number(counts['over_13'])} over 13 weeks and "
                f"{words.number(counts['over_6'])} over 6 do not fit {words.number(counts['waiting'])} waiting. "
                "Columns may be swapped: download the file again."
            )
        observed.once(found, code, counts, table, f"the row of {code}")
        if code in TRUSTS:
            observed.check_name(code, record["name"], draft)
    ours = {code: {**found[code], "note": ""} for code in TRUSTS if code in found}
    if ours:
        if not observed.missing_trusts(ours, draft, start):
            summed = observed.add_up(ours.values(), _MEASURES)
            ours[FOOTPRINT] = {**summed, "note": observed.footprint_note(start)}
        if ENGLAND in found:
            ours[ENGLAND] = {**found[ENGLAND], "note": ""}
        else:
            draft.suspicious.append("there is no total row, so the file may be cut off")
    for area, counts in ours.items():
        rows.month("dm01_wl", area, start, counts["waiting"], note=counts["note"])
        rows.share("dm01_6wk", area, start, counts["over_6"], counts["waiting"], counts["note"])
        rows.share("dm01_13wk", area, start, counts["over_13"], counts["waiting"], counts["note"])
    draft.frame, draft.period = rows.frame, words.month(start.isoformat())
    return draft


PUBLICATION = Publication(
    id="diagnostics",
    title="Monthly Diagnostics Waiting Times and Activity",
    publisher="NHS England",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/diagnostics-waiting-times-and-activity/",
    table="observations",
    layouts=(PROVIDER,),
    read=_read,
    areas=(*TRUSTS, FOOTPRINT),
)
