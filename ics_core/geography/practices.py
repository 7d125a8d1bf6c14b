"""GP practices, their networks and the hospitals, with minutes by car between small areas and acute hospitals.

Practices and primary care networks (PCNs) hold *registered* patients.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from ics_core import catalogue
from ics_core.area import AREA
from ics_core.geography.ground import PCN_SETS, lsoa_table, one_of

ACUTE = AREA.inside  # the acute hospitals inside the footprint


OVER_BORDER = AREA.over_border


def practices() -> pd.DataFrame:
    """The table "practices" with list_change, list_change_pct, lsoa_code and minutes to each acute hospital.

    ``lsoa_code`` is where the main site is, and the minutes are those of that LSOA. Registered patients.
    Sources: practices, drive_times.
    """
    return _practices().copy()


@cache
def _practices() -> pd.DataFrame:
    import geopandas

    frame = catalogue.table("practices")
    points = geopandas.GeoDataFrame(
        frame[["practice_code"]], geometry=geopandas.points_from_xy(frame["lon"], frame["lat"]), crs=4326
    )
    # Metres, so that a site in the water of a simplified coast joins the area really nearest to it.
    found = (
        points.to_crs(27700)
        .sjoin_nearest(catalogue.geometry("lsoas")[["code", "geometry"]].to_crs(27700))
        .drop_duplicates("practice_code")
    )
    frame = frame.assign(lsoa_code=frame["practice_code"].map(found.set_index("practice_code")["code"]))
    change = frame["list_size"] - frame["list_size_2022"]
    frame = frame.assign(list_change=change, list_change_pct=100 * change / frame["list_size_2022"])
    return frame.merge(minutes_matrix()[list(ACUTE)], left_on="lsoa_code", right_index=True, how="left").sort_index()


def pcns(pcn_set: str = "current_20") -> pd.DataFrame:
    """One set of the table "pcns" with list_change and list_change_pct. Registered patients; never add the two."""
    one_of(pcn_set, PCN_SETS, "PCN set")
    frame = catalogue.table("pcns")
    frame = frame[frame["pcn_set"] == pcn_set].reset_index(drop=True)
    change = frame["list_size_2026"] - frame["list_size_2022"]
    return frame.assign(list_change=change, list_change_pct=100 * change / frame["list_size_2022"])


def hospitals(shown: bool = True) -> pd.DataFrame:
    """Hospital sites: the table "hospitals" with a ``code``; ``shown`` keeps those known to be in use after 2020."""
    frame = catalogue.table("hospitals")
    frame = frame.assign(
        code=frame["site_code"].fillna(frame["name"].str.lower().str.replace(r"[^a-z]+", "-", regex=True))
    )
    return frame[frame["show_as"] == "open"].reset_index(drop=True) if shown else frame


def acute_hospitals() -> pd.DataFrame:
    """The acute hospitals of the drive times: id, name, lat, lon, inside (the footprint). Source: drive_times."""
    return _acute_hospitals().copy()


@cache
def _acute_hospitals() -> pd.DataFrame:
    found = (
        catalogue.table("drive_times")
        .query("measure == 'drive time'")
        .drop_duplicates("destination_id")
        .set_index("destination_id")
    )
    found = found.loc[[*ACUTE, *OVER_BORDER], ["destination", "destination_lat", "destination_lon"]].reset_index()
    found.columns = ["id", "name", "lat", "lon"]
    return found.assign(inside=found["id"].isin(ACUTE))


def minutes_by_car() -> pd.DataFrame:
    """Minutes from each LSOA (rows, by code) to each acute hospital (columns, by id); doubtful ones are missing."""
    return minutes_matrix().copy()


@cache
def minutes_matrix() -> pd.DataFrame:
    """Minutes from each LSOA of 2021 (rows) to each of the hospitals; a merged LSOA has the mean of its parts."""
    times = catalogue.table("drive_times").query("measure == 'drive time' and flag.isna()")
    wide = times.pivot(index="lsoa11_code", columns="destination_id", values="value")[[*ACUTE, *OVER_BORDER]]
    parts = lsoa_table()["lsoa11_codes"].str.split("; ").explode()
    return wide.loc[parts].groupby(parts.index).mean().loc[lsoa_table().index]
