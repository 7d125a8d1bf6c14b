"""The data package to read: its tables, what is known of one, what is behind its publisher, what was landed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from ics_core import ambitions, catalogue, words
from ics_core.area import AREA
from ics_core.importers import log

_CONTENTS = {
    "title": "Table",
    "rows": "Rows",
    "publisher": "Publisher",
    "released": "Released",
    "period": "About",
    "missed": "Releases since",
    "licence": "Licence",
    "copy": "Copy from",
}
_BEHIND = {"publication": "Publication", "held_to": "Held to", "missed": "Releases since", "fetch": "File to fetch"}
_LANDINGS = {
    "landing": "Landing",
    "publication": "Publication",
    "period": "About",
    "released": "Released",
    "file": "File",
    "new": "New",
    "revised": "Revised",
    "dropped": "Dropped",
}


def _table(frame: pd.DataFrame, columns: dict[str, str], height: int, alt: str) -> None:
    st.table(frame[list(columns)].rename(columns=columns), hide_index=True, height=height, alt=alt)


def contents(found: pd.DataFrame) -> None:
    """Some rows of ``catalogue.contents``."""
    copies = found["obtained_from"].str.split("@").str[0]
    missed = found["missed"].astype("string").fillna("")
    alt = "Tables of the data package with rows, publisher, dates, licence and copy"
    _table(found.assign(copy=copies, missed=missed), _CONTENTS, 420, alt)


def sources(name: str) -> None:
    """The publications behind a table or outline, and the copies they were taken from."""
    about = catalogue.describe(name)
    alt = f"Publications behind the table {about['title']}, with the copies they are from"
    st.table(_sources(about), hide_index=True, alt=alt)


def columns(name: str) -> None:
    """What each column of a table means."""
    about = catalogue.describe(name)
    st.table(_columns(about), hide_index=True, height=300, alt=f"Columns of the table {about['title']}")


def notes(name: str) -> str:
    """What has to be known of a table on its own: what it is, how to cite it, its sources and columns."""
    about = catalogue.describe(name)
    lines = [about["title"], about.get("description", ""), catalogue.citation(name), about.get("note", ""), made()]
    lines += [". ".join(filter(None, map(str, one.values()))) for one in _sources(about)] + ["", "Columns"]
    lines += [f"{one['Column']}: {one['Meaning']}{one['Unit'] and ', '}{one['Unit']}" for one in _columns(about)]
    return "\n".join(lines)


def made() -> str:
    """By what, from which data and when a file was made."""
    return f"{AREA.title}, data release {catalogue.release()}, {words.day(date.today().isoformat())}."


def behind() -> None:
    """The publications of which a later release is out, with the file that brings each up to date."""
    late, by_hand = ambitions.behind(), catalogue.toml("text/pages")["data"]["by_hand"]
    fetch = [f"[{row.file}]({row.address}){'' if row.importer else by_hand}" for row in late.itertuples()]
    alt = "Publications that are behind, with the file that brings each up to date"
    _table(late.assign(held_to=late["held_to"].map(words.month), fetch=fetch), _BEHIND, 400, alt)


def landings() -> None:
    """Every file brought in, with how many values it changed."""
    found = log.landings()
    released = found["released"].map(lambda day: words.day(day) if day else "")
    alt = "Landings, each with its file and how many values it added, revised and dropped"
    _table(found.assign(released=released), _LANDINGS, 300, alt)


def _sources(about: dict) -> list[dict[str, str]]:
    return [
        {
            "Publisher": one["publisher"],
            "Publication": f"[{one['title']}]({one['path']})" if one.get("path") else one["title"],
            "Released": words.when(one["released"]) if one.get("released") else "not stated",
            "About": one["period"],
            "Licence": one.get("licence", about["licenses"][0]["title"]),
            "Copy from": one.get("obtained_from", ""),
            "Read": words.day(one["retrieved"]) if one.get("retrieved") else "",
        }
        for one in about["sources"]
    ]


def _columns(about: dict) -> list[dict[str, str]]:
    return [
        {"Column": one["name"], "Meaning": one.get("description", ""), "Unit": one.get("unit", "")}
        for one in about["schema"]["fields"]
    ]
