"""Patients registered at a GP practice, NHS England, monthly: which network each practice is in, and its list size."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import SUB_ICB
from ics_core.importers.practices import note_age, note_missing, note_moved, same_name
from ics_core.importers.registry import Draft, Layout, Publication, Table

_ADDRESS = "https://digital.nhs.uk/data-and-information/publications/statistical/patients-registered-at-a-gp-practice"
MAP_LAYOUT = Layout(
    "practice map",
    {
        "date": "extract date",
        "code": "practice code",
        "name": "practice name",
        "postcode": "practice postcode",
        "network": "pcn code",
        "network_name": "pcn name",
        "commissioner": "(ccg|sub icb location) code",
    },
)
TOTALS_LAYOUT = Layout(
    "totals",
    {
        "date": "extract date",
        "code": "code|practice code|org code",
        "commissioner": "(ccg|sub icb location) code",
        "sex": "sex",
        "age": "age",
        "patients": "number of patients",
    },
    {"type": "type|org type"},
)


def _read_map(tables: list[Table]) -> Draft:
    table, draft = tables[0], Draft(None, "")
    held = catalogue.table("practices").set_index("practice_code")
    networks, strangers = held_networks(), Counter()
    found, start = {}, None
    for record in table.records():
        draft.rows_read += 1
        code = cells.code(record["code"])
        start = _extracted(record, table, start)
        if code not in held.index:
            _note_new(code, record, draft)
            continue
        row = {
            "practice_code": code,
            "name": same_name(cells.text(record["name"]), held["name"][code]),
            **network(record, networks, strangers),
            "postcode": cells.text(record["postcode"]).upper(),
        }
        observed.once(found, code, row, table, f"the practice {code}")
    note_strangers(strangers, draft)
    note_moved(found, held, draft)
    return _drafted(draft, found, start, held, ["practice_code", "name", "pcn_code", "pcn_name", "postcode"])


def held_networks() -> pd.Series:
    """Names of the networks since April 2024 by code."""
    return catalogue.table("pcns").query("pcn_set == 'current_20'").set_index("pcn_code")["pcn_name"]


def network(record: dict, networks: pd.Series, strangers: Counter) -> dict[str, str]:
    """Code and name of a practice's network, the name as we hold it; one that is not held is counted."""
    code = cells.code(record["network"])
    name = networks.get(code, cells.text(record["network_name"]).title().replace("Pcn", "PCN"))
    if code not in networks:
        strangers[f"{name} ({code})"] += 1
    return {"pcn_code": code, "pcn_name": name}


def note_strangers(strangers: Counter, draft: Draft) -> None:
    """Notes networks that are not among those held."""
    for name, count in strangers.items():
        draft.suspicious.append(f"{words.plural(count, 'practice')} in {name}, a network that is not among those held")


def _read_totals(tables: list[Table]) -> Draft:
    table, draft = tables[0], Draft(None, "")
    held = catalogue.table("practices").set_index("practice_code")
    found, start = {}, None
    for record in table.records():
        draft.rows_read += 1
        if {cells.heading(record["sex"]), cells.heading(record["age"])} != {"all"}:
            continue
        code = cells.code(record["code"])
        start = _extracted(record, table, start)
        if code not in held.index:
            _note_new(code, record, draft)
            continue
        patients = observed.counted(record, ["patients"], table)["patients"]
        row = {"practice_code": code, "list_size": patients, "list_date": start.isoformat()}
        observed.once(found, code, row, table, f"the practice {code}")
        before = held["list_size"][code]
        if before and abs(patients / before - 1) > 0.25:
            draft.suspicious.append(
                f"{code} ({held['name'][code]}) has {words.number(patients)} patients after {words.number(before)}"
            )
    return _drafted(draft, found, start, held, ["practice_code", "list_size", "list_date"])


def _extracted(record: dict, table: Table, start: date | None) -> date:
    found = observed.the_month(record["date"], table, "the extract date", begun=True)
    if start and found != start:
        raise UnreadableFile(
            f"{table.book.path.name} has rows of {words.day(start.isoformat())} and of {words.day(found.isoformat())}. "
            "Expected one extract date: bring one month at a time."
        )
    return found


def _note_new(code: str, record: dict, draft: Draft) -> None:
    if cells.code(record["commissioner"]) == SUB_ICB:
        draft.suspicious.append(
            f"{code} is a practice of {SUB_ICB} that is not in the table: add it by hand with its point and network"
        )


def _drafted(draft: Draft, found: dict, start: date | None, held: pd.DataFrame, columns: list[str]) -> Draft:
    draft.frame = pd.DataFrame(list(found.values()), columns=columns)
    if start:
        draft.period = words.day(start.isoformat())
        note_missing(found, held.index[held["status"] == "active"], draft)
        note_age(draft, start.isoformat(), held["list_date"].max())
    return draft


MAP = Publication(
    id="gp_registered_map",
    title="Patients Registered at a GP Practice (practice map)",
    publisher="NHS England",
    address=_ADDRESS,
    table="practices",
    layouts=(MAP_LAYOUT,),
    read=_read_map,
)
TOTALS = Publication(
    id="gp_registered",
    title="Patients Registered at a GP Practice (totals)",
    publisher="NHS England",
    address=_ADDRESS,
    table="practices",
    layouts=(TOTALS_LAYOUT,),
    read=_read_totals,
)
