"""How old a figure is: counted in releases that have come out since, by the rhythm of its publication.

A three-year average that is the newest in existence is not old; a monthly series fifteen months behind is. Counted to
the day of the data release, not to today, so the same data always give the same answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from ics_core import catalogue, words
from ics_core.ambitions.indicator import held_by, listing, months_between, record, whole

YEAR = 12  # a series is old when a year's worth of releases has come out since


@dataclass(frozen=True)
class Age:
    """``missed``: releases that have come out since. ``old``: a year's worth of them, or the publisher has stopped.

    ``words`` says it in a few words; empty for the newest figure there is.
    """

    missed: int
    old: bool
    words: str


@cache
def _publications() -> pd.DataFrame:
    return catalogue.table("publications").set_index("official_dataset")


def age(indicator_id: str, day: str) -> Age:
    """How old the figure of a period is that ended on ``day`` (ISO)."""
    one = _publications().loc[record(indicator_id)["official_dataset"]]
    if one["rhythm"] == "ended":
        return Age(0, True, "the publisher has ended this measure")
    if one["rhythm"] == "once":
        return Age(0, False, "")
    since = months_between(day, catalogue.released()) - one["lag_months"]
    missed = max(0, int(since // one["every_months"]))
    rhythm = "" if one["rhythm"] == "every two years" else f"{one['rhythm']} "
    told = f"{words.plural(missed, f'newer {rhythm}release')} not brought in" if missed else ""
    return Age(missed, missed * one["every_months"] >= YEAR, told)


def behind() -> pd.DataFrame:
    """What is behind its publisher and which file brings it up to date: one row a publication, the furthest first.

    Columns: publication, rhythm, held_to (ISO, end of the newest period held), missed (releases since), old,
    indicators (how many), names, file, address, importer (what reads the file; empty: nothing does yet).
    """
    found: dict[str, dict[str, Any]] = {}
    for indicator_id, row in listing().iterrows():
        newest = max(whole(indicator_id, code)["period_end"].iloc[-1] for code in held_by(indicator_id))
        since = age(indicator_id, newest)
        if not since.missed:
            continue
        one = _publications().loc[row["official_dataset"]]
        at = found.setdefault(one["file"], {"held_to": newest, "missed": 0, "old": False, "names": []})
        if since.missed > at["missed"]:
            at.update(held_to=newest, missed=since.missed, old=since.old)
        at.update(
            publication=re.split("[,;]", row["official_dataset"])[0],
            rhythm=one["rhythm"],
            address=one["address"],
            importer=one["importer"] if isinstance(one["importer"], str) else "",
        )
        at["names"].append(row["name"])
    rows = [
        {**one, "file": file, "indicators": len(one["names"]), "names": "; ".join(one["names"])}
        for file, one in found.items()
    ]
    columns = [
        "publication",
        "rhythm",
        "held_to",
        "missed",
        "old",
        "indicators",
        "names",
        "file",
        "address",
        "importer",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["held_to", "publication"], ignore_index=True)
