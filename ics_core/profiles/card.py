"""The card of a place: what somebody who typed its name wants to know first, from a profile and a projection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ics_core import geography, search, words
from ics_core.errors import GeographyError
from ics_core.geography import gazetteer
from ics_core.profiles.facts import DRIVE_NOTE, Profile

MOST_PRACTICES = 3
ROUGH_NOTE = (
    "Minutes and distances are from one point, which may be a kilometre off: near a border the small area may be the "
    "next one's."
)


@dataclass(frozen=True)
class Card:
    """A place at a glance.

    ``code`` and ``level`` are of the area, practice or network whose profile tells more. ``around``: for a village or
    a postcode, where its point lies. ``hospital`` and ``minutes``: the acute hospital nearest by car, a mean over the
    place, or from the small area of a village. ``practices``: code, name, km (straight line, from a point), date,
    patients, a row for each list and date: the three nearest to a point, else the three longest lists. ``ages``:
    band, people, share, footprint_share, period. ``projected``: place, age_group, from_year, to_year, before, after,
    percent, for the district (or footprint) around, no lever moved. ``sentences`` say the same; ``notes`` are cautions.
    """

    name: str
    code: str
    level: str
    around: str
    hospital: str
    minutes: float
    practices: pd.DataFrame
    ages: pd.DataFrame
    projected: pd.DataFrame
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


def card(asked: str) -> Card:
    """The card of a code, a town or village, a postcode, a practice or a network, named in any case.

    Raises ``GeographyError`` with near names.

    >>> print(card("Cley").hospital, card("nr27 0ht").name)
    Queen Elizabeth Hospital King's Lynn NR27 0
    """
    from ics_core.profiles import profile

    name, code, point = _understood(asked)
    told = profile(code)
    if point is None:
        near, practices = told.nearest, told.practices
    else:
        near, practices = _from_point(point), _near_point(point)
    lists = _lists(practices)
    projected = _projected(code)
    around = "" if point is None else point["around"]
    sentences = (
        f"Nearest A&E: {near['hospital']}, about {words.number(near['minutes'])} minutes by car.",
        *_lists_said(lists),
        _ages_said(told),
        *_projected_said(projected),
    )
    rough = () if point is None else (ROUGH_NOTE,)
    notes = (DRIVE_NOTE, *rough, *(note for note in told.notes if note != DRIVE_NOTE))
    return Card(
        name,
        told.code,
        told.level,
        around,
        str(near["hospital"]),
        float(near["minutes"]),
        lists,
        told.ages.drop(columns="england_share"),
        projected,
        sentences,
        notes,
    )


def _understood(asked: str) -> tuple[str, str, pd.Series | None]:
    """The name to show, the code to profile, and the point of a village or postcode."""
    hit = search.place(asked)
    lsoas = geography.small_areas()
    if gazetteer.sector(asked) and hit is None:
        found = gazetteer.postcode(asked)
        around = lsoas.loc[found["lsoa_code"]]
        code = found["lsoa_code"] if found["level"] == "sector" else around["msoa_code"]
        return found["code"], code, found.rename(None).to_frame().T.assign(around=around["local_name"]).iloc[0]
    if hit is None:
        beginning = [one for one in search.find(asked, 4) if one.kind in search.PLACES]
        same = [one for one in beginning if gazetteer.plain(one.name).startswith(gazetteer.plain(asked) or "-")]
        if not same:
            near = words.listed([one.name for one in beginning]) or "a town, a village or a postcode"
            raise GeographyError(f"There is no place called {str(asked)[:40]!r}. Did you mean {near}?")
        hit = same[0]
    point = gazetteer.village(hit.code) if hit.kind == "town or village" else None
    return hit.name, hit.query["place"], point


def _from_point(point: pd.Series) -> pd.Series:
    """The acute hospital nearest by car from the small area of a point."""
    return geography.drive_times().set_index("code").loc[point["lsoa_code"]]


def _near_point(point: pd.Series) -> pd.DataFrame:
    """The practices nearest to a point in a straight line."""
    table = geography.practices().query("status == 'active'")
    away = geography.kilometres(point["lat"], point["lon"], table["lat"], table["lon"])
    table = table.rename(columns={"practice_code": "code", "list_size": "list_size_2026"}).assign(km=away)
    return table.nsmallest(MOST_PRACTICES, "km")


def _lists(practices: pd.DataFrame) -> pd.DataFrame:
    """A row a practice and date: code, name, km, date, patients."""
    shown = practices.head(MOST_PRACTICES)
    away = shown["km"] if "km" in shown else pd.Series(np.nan, shown.index)
    parts = [
        pd.DataFrame(
            {"code": shown["code"], "name": shown["name"], "km": away, "date": date, "patients": shown[column]}
        )
        for date, column in (
            (geography.dated("first_lists"), "list_size_2022"),
            (geography.dated("lists"), "list_size_2026"),
        )
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset="patients").reset_index(drop=True)


def _lists_said(lists: pd.DataFrame) -> list[str]:
    said = []
    for (_, name), rows in lists.groupby(["code", "name"], sort=False):
        if len(rows) == 2:
            first, last = rows.iloc[0], rows.iloc[1]
            change = words.number(last["patients"] - first["patients"], signed=True)
            said.append(f"{name}: {words.number(last['patients'])} patients, {change} since {first['date']}.")
        else:
            said.append(f"{name}: {words.number(rows['patients'].iloc[0])} patients in {rows['date'].iloc[0]}.")
    return said


def _ages_said(told: Profile) -> str:
    old = told.fact("share_65")
    here, whole = (words.percent(old[column], 0) for column in ("value", "footprint"))
    return f"{here} of {told.basis} are 65 or over ({whole} in the whole footprint), {old['period']}."


def _projected(code: str) -> pd.DataFrame:
    # The models are loaded when a card is asked for, so that a profile needs none of their data.
    from ics_core.population import tables

    around = geography.nest(code)
    district = around[around["level"].isin(["district", "footprint", "locality"])].iloc[0]
    found = tables.headline(district["code"]).drop(columns="unit")
    return found.assign(place=district["name"])[
        ["place", "age_group", "from_year", "to_year", "before", "after", "percent"]
    ]


def _projected_said(projected: pd.DataFrame) -> list[str]:
    rows = projected.set_index("age_group")
    everyone, oldest = rows.loc["all ages"], rows.loc["85+"]
    return [
        f"{everyone['place']} is projected to have {words.about(everyone['after'])} residents in "
        f"{everyone['to_year']} ({words.percent(everyone['percent'], 0, signed=True)} on {everyone['from_year']}), "
        f"and {words.about(oldest['after'])} of 85 or over ({words.percent(oldest['percent'], 0, signed=True)})."
    ]
