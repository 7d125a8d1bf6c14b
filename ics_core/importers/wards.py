"""Virtual ward capacity and occupancy, NHS England, monthly: the workbook by integrated care board.

The board of this area ended on 31 March 2026; the board since is wider, so a later file gives England alone.
"""

from __future__ import annotations

from ics_core import words
from ics_core.area import AREA
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT
from ics_core.importers.opening import preamble
from ics_core.importers.registry import Draft, Layout, Publication, Table

BOARDS = Layout(
    "by integrated care board",
    {
        "code": "icb code",
        "name": "name|icb name",
        "capacity": "virtual ward capacity( see note 1)?",
        "patients": "patients in a virtual ward.*",
        "registered": "gp registered population.*",
    },
)


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    labels = preamble(table.sheet)
    if "month" not in labels and "period" not in labels:
        raise UnreadableFile(
            f"{table.book.path.name} is the virtual ward table, but says nowhere which month it is of. Fetch the "
            "publisher's workbook."
        )
    start = observed.the_month(labels.get("month", labels.get("period")), table, "the line “Month:”")
    observed.released_of(labels, start, draft)
    found: dict[str, dict] = {}
    for record in table.records():
        code = ENGLAND if observed.is_total(record["name"]) else cells.code(record["code"])
        if code not in (ENGLAND, FOOTPRINT):
            draft.rows_read += 1
            continue
        draft.rows_read += 1
        counts = observed.counted(record, ["capacity", "patients", "registered"], table)
        observed.once(found, code, counts, table, f"the row of {code}")
    if FOOTPRINT not in found and found:
        draft.problems.append(f"it has no row for {AREA.name}: its board has become part of a wider one")
    for area, counts in found.items():
        per = counts["capacity"] / counts["registered"] * 100_000 if counts["registered"] > 0 else float("nan")
        rows.month(
            "vw_capacity_rate", area, start, round(per, 1),
            numerator=counts["capacity"], denominator=counts["registered"],
        )  # fmt: skip
        rows.share("vw_occupancy", area, start, counts["patients"], counts["capacity"])
    draft.frame, draft.period = rows.frame, words.month(start.isoformat())
    return draft


PUBLICATION = Publication(
    id="virtual_wards",
    title="Virtual Ward Capacity and Occupancy",
    publisher="NHS England",
    address="https://www.england.nhs.uk/statistics/statistical-work-areas/virtual-ward/",
    table="observations",
    layouts=(BOARDS,),
    read=_read,
)
