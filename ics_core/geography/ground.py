"""What the other rooms of geography stand on: levels, codes, the small areas, distances in a straight line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import GeographyError

FOOTPRINT = AREA.code


LEVELS = {
    "footprint": "Whole footprint",
    "locality": "Locality (former clinical commissioning group)",
    "district": "District",
    "msoa": "Neighbourhood (MSOA)",
    "lsoa": "Small area (LSOA)",
    "pcn": "Primary care network",
    "practice": "GP practice",
}


GEOMETRIES = {
    "footprint": "footprint",
    "locality": "localities",
    "district": "districts",
    "msoa": "msoas",
    "lsoa": "lsoas",
}


PCN_SETS = {"current_20": "20 networks, since April 2024", "original_17": "17 networks, to March 2024"}


COLUMNS = {
    "footprint": "icb_code",
    "locality": "locality_code",
    "district": "lad_code",
    "msoa": "msoa_code",
    "lsoa": "lsoa_code",
}


AREAS = ("footprint", "locality", "district", "msoa", "lsoa")


_EARTH_KM = 6371.0088


@cache
def lsoa_table() -> pd.DataFrame:
    """The small areas, one row each, by code."""
    return catalogue.table("lsoas").set_index("lsoa_code", drop=False).rename_axis(None).sort_index()


def kilometres(lat: float, lon: float, lats: pd.Series, lons: pd.Series) -> pd.Series:
    """How far a point is from others in a straight line, in kilometres, from degrees (haversine)."""
    a, b, c, d = map(np.radians, (lat, lon, lats, lons))
    return (
        2 * _EARTH_KM * np.arcsin(np.sqrt(np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2))
    )


def one_of(value: object, known: Iterable[str], what: str) -> str:
    """The value, if it is one of the known; raises ``GeographyError`` that lists the nearest of them."""
    names = list(known)
    if isinstance(value, str) and value in names:
        return value
    near = names if len(names) <= 8 else words.near(value, names, n=4) or names
    raise GeographyError(f"There is no {what} called {value!r}. Choose one of: {', '.join(near)}.")


def estimates_year() -> int:
    """The year of the latest estimates of residents by age."""
    return int(catalogue.table("base_population")["year"].max())


def dated(what: str) -> str:
    """The date of a source in use, in words, as the data have it.

    "census", "estimates" (of residents), "lists" and "first_lists" (of registered patients), "deprivation",
    "rural", "drive" or "road": Census 2021, mid-2024, July 2026, May 2022, 2025, 2021, 2022, 2019.

    >>> dated("estimates"), dated("lists")
    ('mid-2024', 'July 2026')
    """
    return _DATED[one_of(what, _DATED, "date")]()


_DATED: dict[str, Callable[[], str]] = {
    "census": lambda: catalogue.source("lsoas.pop_census2021").title.partition(",")[0],
    "estimates": lambda: catalogue.source("lsoas.pop_mid2024").period,
    "lists": lambda: words.month(catalogue.table("practices")["list_date"].max()),
    "first_lists": lambda: words.month(catalogue.table("practices")["list_date_2022"].min()),
    "deprivation": lambda: catalogue.source("lsoas.imd2025_score").period,
    "rural": lambda: catalogue.source("lsoas.ruc21").period,
    "drive": lambda: catalogue.source("drive_times").released,
    "road": lambda: catalogue.source("lsoas.gp_road_km").period,
}


def fill_dates(text: str) -> str:
    """A text with the dates it asks for, ``{census}`` say, filled in."""
    return text.format_map({what: dated(what) for what in _DATED if f"{{{what}}}" in text})
