"""Who was in the system and what they are now: the organisations of the 2018 bid, its places and partnerships.

Sources: the tables ``partners`` and ``local_structure``.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ics_core import catalogue, words
from ics_core.story.timeline import one_of


def partners() -> pd.DataFrame:
    """The 19 organisations of the 2018 bid and what each is now.

    Columns: line (of the bid), organisation, org_type, role, status, now (a sentence), lat, lon
    (head office, EPSG:4326, blank where not found), source, note.
    """
    table = catalogue.table("partners")
    bid = table[table.in_2018_eoi == "yes"]
    return pd.DataFrame(
        {
            "line": bid.eoi_line.astype("int64"),
            "organisation": bid.organisation,
            "org_type": bid.org_type,
            "role": bid.role,
            "status": bid.status_now,
            "now": [_now(row, table) for row in bid.itertuples()],
            "lat": bid.hq_lat,
            "lon": bid.hq_lon,
            "source": bid.status_source,
            "note": bid.note,
        }
    ).reset_index(drop=True)


def _now(row: Any, table: pd.DataFrame) -> str:
    if row.status_now == "not checked":
        return "Not checked: no source found in the material used here."
    if row.status_now == "active":
        return f"Still in being, seen in {words.when(row.status_as_of)}."
    chain, name = [], row.successor
    changed = row.changed_on
    while isinstance(name, str):
        chain.append(f"{name} from {words.when(changed)}")
        following = table[(table.organisation == name) & table.successor.notna()]
        name, changed = (None, None) if following.empty else (following.successor.iloc[0], following.changed_on.iloc[0])
    return "Became " + ", then ".join(chain) + "."


# What became of an organisation, in the words of a key; who was not checked has no place on a map.
_FATES = {
    "merged": "Merged into one commissioner",
    "renamed after merger": "In being under a new name",
    "active": "Still in being",
}


def fates() -> dict[str, str]:
    """How many organisations of the bid met which fate, in words: merged, renamed, active, unchecked, all."""
    counts = partners().status.value_counts()
    named = {"merged": "merged", "renamed": "renamed after merger", "active": "active", "unchecked": "not checked"}
    return {name: words.spoken(counts.get(status, 0)) for name, status in named.items()} | {
        "all": words.spoken(counts.sum())
    }


def head_offices() -> dict[str, pd.DataFrame]:
    """Head offices for a map, by what became of the organisation: code, name, lat, lon, text (EPSG:4326)."""
    known = partners().dropna(subset=["lat", "lon"])
    known = known.assign(code="line-" + known.line.astype(str), name=known.organisation, text=known.now)
    return {
        words: known.loc[known.status == status, ["code", "name", "lat", "lon", "text"]]
        for status, words in _FATES.items()
    }


def local() -> pd.DataFrame:
    """The places and the health and wellbeing partnerships in one table.

    Columns: level, name, part_of (what a place follows, or the place a partnership lies in), districts,
    hospital, sure (high, medium or low confidence), detail (hospital and confidence in words), note.
    Source: ``local_structure``.
    """
    both = [
        structure(level).assign(level=level.capitalize()) for level in ("place", "health and wellbeing partnership")
    ]
    frame = pd.concat(both, ignore_index=True)
    hospital = ("Main acute hospital: " + frame.main_acute_hospital + ". ").fillna("")
    return pd.DataFrame(
        {
            "level": frame.level,
            "name": frame["name"],
            "part_of": ("Place, follows " + frame.predecessor_ccg).fillna("In " + frame.parent),
            "districts": frame.districts,
            "hospital": frame.main_acute_hospital,
            "sure": frame.confidence,
            "detail": hospital + "How sure: " + frame.confidence + ".",
            "note": frame.note,
        }
    )


def local_counts() -> dict[str, str]:
    """How many places and partnerships there are, in words."""
    return {
        "places": words.spoken(len(structure("place"))),
        "partnerships": words.spoken(len(structure("health and wellbeing partnership"))),
    }


def structure(level: str) -> pd.DataFrame:
    """Parts of the system: ``level`` is system, place, health and wellbeing partnership, or primary care network.

    Columns: name, parent, predecessor_ccg, districts, pcns, main_acute_hospital, provenance, confidence
    (high, medium, low), note. Raises ``StoryError`` for another level.
    """
    table = catalogue.table("local_structure")
    one_of(level, list(dict.fromkeys(table.level)), "level")
    columns = [
        "name",
        "parent",
        "predecessor_ccg",
        "districts",
        "pcns",
        "main_acute_hospital",
        "provenance",
        "confidence",
        "note",
    ]
    return table.loc[table.level == level, columns].reset_index(drop=True)
