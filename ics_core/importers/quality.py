"""Quality and Outcomes Framework, NHS England, yearly: the raw CSV of registers by practice, alone or in its zip.

The year stands in the name of the CSV alone (``PREVALENCE_2425.csv``, also inside the zip), so that name must be kept.
The footprint is the sum of its practices, England of all: people on the register of those on the list it is drawn from.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from datetime import date

from ics_core import catalogue, words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND, FOOTPRINT
from ics_core.importers.practices import note_missing
from ics_core.importers.registry import Draft, Layout, Publication, Table

REGISTERS = Layout(
    "registers by practice",
    {
        "practice": "practice code",
        "group": "group code",
        "register": "register",
        "ages": "patient list type",
        "list": "practice list size",
    },
)
_GROUPS = {  # the register, and the list it is drawn from: all ages, or people of 17 and over
    ("AF", "TOTAL"): "qof_af",
    ("DEM", "TOTAL"): "qof_dementia",
    ("DM", "17OV"): "qof_diabetes",
    ("HYP", "TOTAL"): "qof_hypertension",
    ("PC", "TOTAL"): "qof_palliative",
    ("STIA", "TOTAL"): "qof_stroke",
}
_NAMED = re.compile(r"PREVALENCE_(\d\d)(\d\d)(?:_V\d+)?\.CSV", re.IGNORECASE)
_COUNTRY = 5_000  # practices of England at least; there were 6,188 in 2024/25


def _read(tables: list[Table]) -> Draft:
    table, draft, rows = tables[0], Draft(None, ""), observed.Rows()
    start, end, label = _year(table)
    held = catalogue.table("practices").set_index("practice_code")["status"]
    counts: dict[tuple[str, str], dict[str, tuple[float, float]]] = defaultdict(dict)
    for record in table.records():
        draft.rows_read += 1
        found = observed.counted(record, ["register", "list"], table)
        group, practice = cells.code(record["group"]), cells.code(record["practice"])
        if (indicator_id := _GROUPS.get((group, cells.code(record["ages"])))) is None:
            continue
        if found["register"] > found["list"]:
            raise UnreadableFile(
                f"{table.book.path.name}, row {record['line']}: {words.number(found['register'])} on a register of a "
                f"list of {words.number(found['list'])}. Columns may be swapped: download the file again."
            )
        pair = found["register"], found["list"]
        for area in (ENGLAND, FOOTPRINT) if practice in held.index else (ENGLAND,):
            observed.once(counts[indicator_id, area], practice, pair, table, f"{group} of the practice {practice}")
    for (indicator_id, area), pairs in counts.items():
        whole = {practice: pair for practice, pair in pairs.items() if not math.isnan(sum(pair))}
        if area == FOOTPRINT:
            note_missing(whole, held.index[held == "active"], draft)
        if area == FOOTPRINT or len(whole) >= _COUNTRY:
            register, listed = (sum(pair[i] for pair in whole.values()) for i in (0, 1))
            note = f"sum of {words.plural(len(whole), 'practice')}"
            rows.add(
                indicator_id, area, start, end, label, 100 * register / listed,
                numerator=register, denominator=listed, note=note,
            )  # fmt: skip
    draft.suspicious = list(dict.fromkeys(draft.suspicious))
    draft.frame, draft.period = rows.frame, label
    return draft


def _year(table: Table) -> tuple[date, date, str]:
    found = _NAMED.search(table.sheet.name)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise UnreadableFile(
            f"{table.book.path.name} is the table of registers, but its year stands in its name alone. Expected "
            "PREVALENCE_2425.csv or the like, or the zip that holds it: save it under the name the publisher gave it."
        )
    start, end = date(2000 + int(found[1]), 4, 1), date(2000 + int(found[2]), 3, 1)
    observed.the_month(end, table, f"the year {found[1]}/{found[2]}")
    return start, cells.month_end(end), f"{start.year}/{found[2]}"


PUBLICATION = Publication(
    id="quality",
    title="Quality and Outcomes Framework",
    publisher="NHS England",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "quality-and-outcomes-framework-achievement-prevalence-and-exceptions-data",
    table="observations",
    layouts=(REGISTERS,),
    read=_read,
    areas=(FOOTPRINT,),
)
