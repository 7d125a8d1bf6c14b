"""Practices and primary care networks, told by their registered patients."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, geography, systems, words
from ics_core.errors import GeographyError
from ics_core.geography import FOOTPRINT, PCN_SETS
from ics_core.profiles.facts import (
    DRIVE_NOTE,
    FACTS,
    SCORE,
    National,
    Profile,
    england_figure,
    fact_row,
    lists,
    nearest_hospitals,
    per_cent_change,
    within,
)
from ics_core.systems import ENGLAND

_REGISTERED_SHARES = {
    "0 to 14": ("share_0_14", ("0-14",)),
    "65 and over": ("share_65", ("65-74", "75-79", "80+")),
    "75 and over": ("share_75", ("75-79", "80+")),
    "80 and over": ("share_80", ("80+",)),
}


_REGISTERED_BANDS = {
    "0 to 14": ("0-14",),
    "15 to 64": ("15-64",),
    "65 to 74": ("65-74",),
    "75 and over": ("75-79", "80+"),
}


CURRENT, ORIGINAL = PCN_SETS


def pcn(code: str, pcn_set: str = CURRENT) -> Profile:
    """A network: members, lists in 2022 and 2026, ages, deprivation and drive times.

    Deprivation and minutes are list-weighted means of its practices. A code that exists in one
    set only is found there. Registered patients; sources: practices, pcns, registered_age, drive_times.
    """
    sets = {one: geography.pcns(one) for one in (pcn_set, *PCN_SETS)}
    found = [one for one, table in sets.items() if code in set(table["pcn_code"])]
    if not found:
        near = "; ".join(f"{row.pcn_code} {row.pcn_name}" for row in sets[pcn_set].head(4).itertuples())
        raise GeographyError(f"No primary care network has the code {code!r}. Give a code such as: {near}.")
    column, level = ("pcn_code", "pcn") if found[0] == CURRENT else ("pcn17_code", "pcn17")
    here = geography.places("pcn", found[0]).set_index("code", drop=False).loc[code]
    return registered(here, geography.practices().query(f"{column} == @code"), level, found[0])


def registered(here: pd.Series, members: pd.DataFrame, level: str, pcn_set: str = "") -> Profile:
    """The profile of a practice or network by its registered patients."""
    everyone = geography.practices()
    england = _england_registered()
    shares, whole_shares = _registered_shares(level, here["code"]), _registered_shares("system", FOOTPRINT)
    one = level == "practice"
    then, now_on = geography.dated("first_lists"), geography.dated("lists")

    def weighted(column: str, frame: pd.DataFrame) -> float:
        known = frame.dropna(subset=["list_size", column])
        return float(np.average(known[column], weights=known["list_size"])) if len(known) else np.nan

    def totals(frame: pd.DataFrame) -> tuple[float, float]:
        return float(frame["list_size_2022"].sum()), float(frame["list_size"].sum())

    (before, now), (all_before, all_now) = totals(members), totals(everyone)
    times = geography.minutes_by_car()
    members, everyone = (frame.assign(drive=frame["lsoa_code"].map(times.min(axis=1))) for frame in (members, everyone))
    how = "" if one else ", list-weighted mean"
    rows = [
        fact_row("list_size", "Registered patients", now, all_now, england, "patients", 0, now_on, "practices"),
        fact_row(
            "list_size_2022", "Registered patients", before, all_before, england, "patients", 0, then, "practices"
        ),
        fact_row(
            "list_change",
            "Change in the list",
            per_cent_change(before, now),
            per_cent_change(all_before, all_now),
            england,
            "%",
            1,
            f"{then} to {now_on}",
            "practices",
        ),
        *(
            fact_row(
                share,
                f"Patients aged {ages}",
                shares[list(bands)].sum(),
                whole_shares[list(bands)].sum(),
                england,
                "%",
                1,
                now_on,
                "registered_age",
            )
            for ages, (share, bands) in _REGISTERED_SHARES.items()
        ),
        fact_row(
            "imd_score",
            SCORE + how,
            weighted("imd_2025_score", members),
            weighted("imd_2025_score", everyone),
            england,
            "score",
            1,
            "2025",
            "practices",
        ),
        fact_row(
            "drive_acute",
            f"Drive from {'the practice' if one else 'its practices'} to the nearest acute hospital{how}",
            weighted("drive", members),
            weighted("drive", everyone),
            england,
            "minutes",
            1,
            "2022",
            "drive_times",
        ),
    ]
    if not one:
        here_now, all_active = (float(frame["list_size"].notna().sum()) for frame in (members, everyone))
        counted = ("practices", "GP practices", here_now, all_active, england, "practices", 0, now_on, "practices")
        rows.insert(0, fact_row(*counted))
    listed = lists(members).sort_values("list_size_2026", ascending=False).reset_index(drop=True)
    notes = [
        "Registered patients, not residents: lists count some people who have moved away "
        "and some from over the border.",
        DRIVE_NOTE,
    ]
    notes += (
        ["Minutes are those of the small area where the practice's main site is."]
        if one
        else [
            "Deprivation and minutes are means of the member practices' values, weighted by their lists "
            f"of {now_on}. "
            "The point on the map is worked out in the same way; it is not a building.",
            f"This network is one of the {PCN_SETS[pcn_set]}; the two sets are never added. "
            "Lists of both dates are of the same members.",
            *_changes_of(here["code"], pcn_set),
        ]
    )
    return Profile(
        here["code"],
        here["name"],
        here["level"],
        "registered patients",
        within(here["code"]),
        pd.DataFrame(rows, columns=FACTS),
        _registered_ages(level, here["code"]),
        listed,
        nearest_hospitals(
            *(frame.dropna(subset="list_size").rename(columns={"list_size": "weight"}) for frame in (members, everyone))
        ),
        tuple(notes),
    )


def _changes_of(code: str, pcn_set: str) -> list[str]:
    """What became of a network between its two sets, in sentences."""
    practices = geography.practices()
    table = catalogue.table("pcns").set_index(["pcn_set", "pcn_code"])
    heirs = table.loc[CURRENT].query("predecessor_pcn_code == @code")["pcn_name"].tolist()
    if heirs:
        return [f"On 1 April 2024 it was divided into {words.listed(heirs)}."]
    if (ORIGINAL, code) not in table.index:
        old = table.at[(CURRENT, code), "predecessor_pcn_code"]
        return [f"It was made on 1 April 2024, when {table.at[(ORIGINAL, old), 'pcn_name']} was divided."]
    now, before = practices["pcn_code"] == code, practices["pcn17_code"] == code
    closed = practices["status"] != "active"
    moved = [
        (
            "Joined since January 2022: {}.",
            [f"{row['name']} (from {row['pcn17_name']})" for _, row in practices[now & ~before].iterrows()],
        ),
        (
            "Left since January 2022: {}.",
            [f"{row['name']} (to {row['pcn_name']})" for _, row in practices[before & ~now].iterrows()],
        ),
        ("No list of its own any more: {}.", practices.loc[(now | before) & closed, "name"].tolist()),
    ]
    return [said.format(words.listed(names)) for said, names in moved if names] or [
        "Its practices are the same as in January 2022."
    ]


def _registered_shares(level: str, code: str) -> pd.Series:
    """Per cent of a list in each age band, by band."""
    return _registered_rows(level, code)["pct"].astype(float)


def _registered_ages(level: str, code: str) -> pd.DataFrame:
    rows, whole = _registered_rows(level, code), _registered_rows("system", FOOTPRINT)
    england = _england_registered()
    over_65, over_75 = (float(england[share].value) for share in ("share_65", "share_75"))
    known = {"65 to 74": over_65 - over_75, "75 and over": over_75}
    table = [
        (
            band,
            float(rows.loc[list(bands), "patients"].sum()),
            float(rows.loc[list(bands), "pct"].sum()),
            float(whole.loc[list(bands), "pct"].sum()),
            known.get(band, np.nan),
        )
        for band, bands in _REGISTERED_BANDS.items()
    ]
    return pd.DataFrame(table, columns=["band", "people", "share", "footprint_share", "england_share"]).assign(
        period=geography.dated("lists")
    )


def _registered_rows(level: str, code: str) -> pd.DataFrame:
    rows = catalogue.table("registered_age").query("level == @level and band_type == 'age'")
    return (rows if level == "system" else rows[rows["code"] == code]).set_index("band")


@cache
def _england_registered() -> dict[str, National]:
    """England's lists and the people on them, by fact id."""
    listed = (
        catalogue.table("observations")
        .loc[lambda f: (f["indicator_id"] == "gp_registered") & (f["area_code"] == ENGLAND)]
        .set_index("period_start")["value"]
    )
    before = float(listed[catalogue.table("practices")["list_date_2022"].min()])
    now, then = england_figure("reg_pop"), geography.dated("first_lists")
    told = words.when(systems.metric_values("reg_pop")["period"].iat[0])
    return {
        "practices": National(float(catalogue.table("systems")["n_gp_practices"].sum()), "systems", note=told),
        "list_size": National(now, metric="reg_pop", note=told),
        "list_size_2022": National(before, "observations"),
        "list_change": National(per_cent_change(before, now), metric="reg_pop", note=f"{then} to {told}"),
        "share_65": National(england_figure("reg_share_65p"), metric="reg_share_65p", note=told),
        "share_75": National(england_figure("reg_share_75p"), metric="reg_share_75p", note=told),
        "imd_score": National(
            england_figure("imd2025_reg_avg_score"), metric="imd2025_reg_avg_score", note="mean of practices, by list"
        ),
    }
