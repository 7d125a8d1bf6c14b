"""Places: what they are, how they nest, how to find one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import GeographyError
from ics_core.geography.ground import COLUMNS, FOOTPRINT, LEVELS, PCN_SETS, estimates_year, lsoa_table, one_of
from ics_core.geography.practices import acute_hospitals, hospitals, pcns, practices


def places(level: str, pcn_set: str = "current_20") -> pd.DataFrame:
    """All places of a level, one row each: code, name, level, parent_code, parent, lat, lon.

    ``parent`` is the place it is shown within: LSOA in MSOA, MSOA in district, practice in PCN,
    district, locality and PCN in the footprint. The point of an area is the mean of its LSOAs'
    population-weighted points, weighted by residents (Census 2021); of a PCN, the list-weighted
    mean of its practices; of a practice, its postcode. Sources: lsoas, pcns, practices.
    """
    one_of(level, LEVELS, "level")
    one_of(pcn_set, PCN_SETS, "PCN set")
    return level_places(level, pcn_set).copy()


@cache
def level_places(level: str, pcn_set: str) -> pd.DataFrame:
    """Places of one level: code, name, people and a point."""
    whole = AREA.name
    if level == "practice":
        one = practices().query("status == 'active'")
        frame = one[["practice_code", "name", "pcn_code", "pcn_name", "lat", "lon"]].set_axis(
            ["code", "name", "parent_code", "parent", "lat", "lon"], axis=1
        )
    elif level == "pcn":
        frame = (
            pcns(pcn_set)[["pcn_code", "pcn_name", "lat", "lon"]]
            .set_axis(["code", "name", "lat", "lon"], axis=1)
            .assign(parent_code=FOOTPRINT, parent=whole)
        )
    else:
        lsoas = lsoa_table()
        names = {
            "footprint": lambda f: whole,
            "locality": lambda f: f["locality"].str.removeprefix("NHS ").str.removesuffix(" CCG"),
            "district": lambda f: f["lad_name"],
            "msoa": lambda f: f["local_name"] + " (" + f["msoa_name"] + ")",
            "lsoa": lambda f: f["local_name"] + " (" + f["name"] + ")",
        }[level]
        above = {"msoa": ("lad_code", "lad_name"), "lsoa": ("msoa_code", "msoa_name")}.get(level)
        people = lsoas["pop_census2021"]
        frame = pd.DataFrame(
            {
                "code": lsoas[COLUMNS[level]],
                "name": names(lsoas),
                "parent_code": lsoas[above[0]] if above else FOOTPRINT if level != "footprint" else "",
                "parent": lsoas[above[1]] if above else whole if level != "footprint" else "",
                "people": people,
                "lat": lsoas["lat"] * people,
                "lon": lsoas["lon"] * people,
            }
        )
        frame = frame.groupby(["code", "name", "parent_code", "parent"], sort=True, as_index=False).sum()
        frame = frame.assign(lat=frame["lat"] / frame["people"], lon=frame["lon"] / frame["people"])
    frame = frame.assign(level=level).sort_values("name", kind="stable")
    return frame[["code", "name", "level", "parent_code", "parent", "lat", "lon"]].reset_index(drop=True)


def directory(pcn_set: str = "current_20") -> pd.DataFrame:
    """Every place once, with a ``label`` to pick it by: the columns of ``places`` and label, large places first.

    Networks are those of ``pcn_set``, then those of the other set that are not in it.
    """
    one_of(pcn_set, PCN_SETS, "PCN set")
    return _directory(pcn_set).copy()


@cache
def _directory(pcn_set: str) -> pd.DataFrame:
    other = next(one for one in PCN_SETS if one != pcn_set)
    gone = level_places("pcn", other).loc[lambda f: ~f["code"].isin(level_places("pcn", pcn_set)["code"])]
    frame = pd.concat(
        [level_places(level, pcn_set) for level in ("footprint", "district", "locality", "pcn")]
        + [gone]
        + [level_places(level, pcn_set) for level in ("practice", "msoa", "lsoa")],
        ignore_index=True,
    )
    kinds = {
        "footprint": "whole footprint",
        "district": "district",
        "locality": "locality",
        "practice": "GP practice",
        "msoa": "neighbourhood",
        "lsoa": "small area",
    }
    said = frame["level"].map(kinds)
    said = said.mask(frame["code"].isin(gone["code"]), PCN_SETS[other].split(", ")[1])
    return frame.assign(label=frame["name"] + said.radd(", ").fillna(""))


def find(text: str, levels: Iterable[str] = tuple(LEVELS), limit: int = 20) -> pd.DataFrame:
    """Places whose name or code holds every word of ``text``, best first: the columns of ``places``.

    Names that begin with the text come first, larger places before smaller ones. If nothing holds
    the words, the nearest names are given.
    """
    every = pd.concat([level_places(level, "current_20") for level in levels], ignore_index=True)
    asked = str(text).casefold().split()
    folded = (every["name"] + " " + every["code"]).str.casefold()
    hits = (
        np.logical_and.reduce([folded.str.contains(word, regex=False) for word in asked])
        if asked
        else np.ones(len(every), bool)
    )
    if not hits.any():
        hits = every["name"].isin(words.near(text, every["name"], n=limit, cutoff=0.5)).to_numpy()
    begins = folded.str.startswith(" ".join(asked))
    order = np.lexsort((np.arange(len(every)), ~begins.to_numpy()))
    return every.iloc[[i for i in order if hits[i]]].head(limit).reset_index(drop=True)


def place(code: str, pcn_set: str = "current_20") -> pd.Series:
    """The row of ``places`` for a code of any level. Raises ``GeographyError`` with near names."""
    for level in LEVELS:
        for one in (pcn_set, *PCN_SETS) if level == "pcn" else (pcn_set,):
            frame = level_places(level, one)
            found = frame[frame["code"] == code]
            if len(found):
                return found.iloc[0]
    near = find(str(code), limit=4)
    hint = (
        "; ".join(f"{row.code} {row.name_}" for row in near.rename(columns={"name": "name_"}).itertuples())
        or f"{FOOTPRINT} {AREA.name}"
    )
    raise GeographyError(f"No place has the code {str(code)!r}. Give a code such as: {hint}.")


def nest(code: str) -> pd.DataFrame:
    """The areas a place lies in, smallest first: level, code, name.

    A practice lies where its main site is; a PCN, having no borders, only in the footprint. An
    MSOA in two localities is counted to the one that holds most of its residents.
    """
    here = place(code)
    rows = [(here["level"], here["code"], here["name"])]
    lsoas = lsoa_table()
    if here["level"] == "practice":
        rows.append(("pcn", here["parent_code"], here["parent"]))
        lsoas = lsoas.loc[[practices().set_index("practice_code").at[code, "lsoa_code"]]]
        inside, order = lsoas, ["lsoa", "msoa", "district", "locality", "footprint"]
    elif here["level"] == "pcn":
        inside, order = lsoas, ["footprint"]
    else:
        inside = lsoas[lsoas[COLUMNS[here["level"]]] == code]
        order = {
            "lsoa": ["msoa", "district", "locality", "footprint"],
            "msoa": ["district", "locality", "footprint"],
            "footprint": [],
        }.get(here["level"], ["footprint"])
    for level in order:
        largest = inside.groupby(COLUMNS[level])["pop_census2021"].sum().idxmax()
        names = level_places(level, "current_20").set_index("code")["name"]
        rows.append((level, largest, names[largest]))
    return pd.DataFrame(rows, columns=["level", "code", "name"])


def small_areas(code: str = FOOTPRINT) -> pd.DataFrame:
    """The rows of the table "lsoas" that lie in an area, by LSOA code; by default all."""
    level = place(code)["level"]
    if level not in COLUMNS:
        raise GeographyError(
            f"{code!r} is a {LEVELS[level]}, which has no area. "
            "Give the code of an area: a footprint, locality, district, MSOA or LSOA."
        )
    return lsoa_table().query(f"{COLUMNS[level]} == @code").copy()


def facts() -> pd.DataFrame:
    """The area in numbers, one row a fact: fact, value, as_at, basis, table (the catalogue name it was counted from).

    ``as_at`` is ISO text; ``basis`` says what kind of count it is: residents are not registered patients.
    """
    year, table = estimates_year(), catalogue.table("base_population")
    people = table.loc[(table["area_code"] == FOOTPRINT) & (table["year"] == year), "population"].sum()
    active = practices().query("status == 'active'")
    listed = active["list_date"].max()
    networks = {name: catalogue.table("pcns").query("pcn_set == @name") for name in PCN_SETS}
    rows = [
        ("Residents", people, f"{year}-06-30", "estimate of people who usually live here", "base_population"),
        (
            "Registered patients",
            active["list_size"].sum(),
            listed,
            "people on the lists of GP practices here",
            "practices",
        ),
        (
            "Districts",
            len(level_places("district", "current_20")),
            *_districts_said(),
            "lsoas",
        ),
        (
            "Localities",
            len(level_places("locality", "current_20")),
            _day_before(AREA.predecessor.since) if AREA.predecessor else listed,
            "the former clinical commissioning groups",
            "lsoas",
        ),
        (
            "Primary care networks",
            len(networks["current_20"]),
            networks["current_20"]["open_date"].max(),
            f"{len(networks['original_17'])} to {words.day(networks['original_17']['members_until'].max())}",
            "pcns",
        ),
        ("GP practices", len(active), listed, "practices with a list of patients", "practices"),
        (
            "Acute hospitals",
            int(acute_hospitals()["inside"].sum()),
            hospitals().query("site_type == 'acute'")["ae_period"].iloc[0][11:18],
            "with a major A&E",
            "hospitals",
        ),
    ]
    return pd.DataFrame(rows, columns=["fact", "value", "as_at", "basis", "table"])


def _districts_said() -> tuple[str, str]:
    """The day up to which the districts stood as they are counted here, and what kind of count that is."""
    moved = next((district for district in AREA.districts if district.until), None)
    if moved is None:
        return date.today().isoformat(), "districts of today"
    stayed = words.spoken(len(AREA.districts) - 1)
    county = lsoa_table().loc[lambda f: f["lad_code"] != moved.code, "county"].iloc[0]
    return moved.until, f"{stayed} of {county} and {moved.name}, which is now part of {moved.now_name}"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
