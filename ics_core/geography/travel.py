"""How far it is to an acute hospital by car, and who lives beyond so many minutes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from ics_core.errors import GeographyError
from ics_core.geography.ground import lsoa_table, one_of
from ics_core.geography.places import level_places
from ics_core.geography.practices import ACUTE, OVER_BORDER, acute_hospitals, minutes_matrix

GROUPS = ("All residents", "Aged 65 and over", "Aged 85 and over", "In the most deprived fifth")


MINUTES = (0, 240)


def drive_times(without: Iterable[str] = (), over_border: bool = True) -> pd.DataFrame:
    """Minutes by car from each LSOA to the nearest acute hospital: code, minutes, hospital_id, hospital.

    ``without`` leaves hospitals out ("what if"); ``over_border=False`` leaves out the four beyond
    the footprint. Minutes include a fixed start of about five to seven: compare areas, do not read
    them as door to door. Times flagged as doubtful are left out. Source: drive_times.
    """
    minutes, nearest = _nearest(_open(without, over_border))
    ids = list(minutes_matrix().columns)
    names = acute_hospitals().set_index("id")["name"]
    closest = pd.Series([ids[i] for i in nearest])
    return pd.DataFrame(
        {"code": lsoa_table().index, "minutes": minutes, "hospital_id": closest, "hospital": closest.map(names)}
    )


def beyond(minutes: float, without: Iterable[str] = (), over_border: bool = True) -> pd.DataFrame:
    """Who lives further than that many minutes' drive from an acute hospital.

    Columns code, name, level, group, people, beyond, share (per cent of the group): a row for the
    footprint and each district, and each group of ``GROUPS``. All residents and those in England's
    most deprived fifth (deciles 1 and 2, IMD 2025) are as of mid-2024; those aged 65 or 85 and over
    as of Census 2021, whose counts carry small random noise: round to the nearest hundred. An LSOA
    counts as a whole. Arguments as in ``drive_times``. Sources: lsoas, drive_times.
    """
    if not (isinstance(minutes, (int, float)) and MINUTES[0] <= minutes <= MINUTES[1]):
        raise GeographyError(f"minutes is {minutes!r}: give a number from {MINUTES[0]} to {MINUTES[1]}.")
    times, _ = _nearest(_open(without, over_border))
    inside, people, labels = _tally()
    everyone, away = inside @ people, inside @ (people * (times > minutes)[:, None])
    with np.errstate(invalid="ignore"):
        share = np.where(everyone > 0, 100 * away / everyone, np.nan)
    return labels.assign(people=everyone.ravel(), beyond=away.ravel(), share=share.ravel())


def beyond_by_minutes(
    without: Iterable[str] = (), over_border: bool = True, minutes: Iterable[int] | None = None
) -> pd.DataFrame:
    """The footprint's ``beyond`` for a run of minutes (by default until nobody is left): minutes, group, share."""
    times, _ = _nearest(_open(without, over_border))
    _, people, _ = _tally()
    minutes = np.arange(int(times.min()), int(times.max()) + 2) if minutes is None else np.asarray(list(minutes))
    away = (times[None, :] > minutes[:, None]) @ people
    share = 100 * away / people.sum(axis=0)
    return pd.DataFrame(
        {"minutes": np.repeat(minutes, len(GROUPS)), "group": list(GROUPS) * len(minutes), "share": share.ravel()}
    )


def further(minutes: pd.Series, than: float) -> pd.Series:
    """1 where the drive is longer than that, else 0, by the index of ``minutes``: classes for a map."""
    return (minutes > than).astype(int)


def half_beyond(curve: pd.DataFrame) -> dict[str, int]:
    """The fewest minutes within which at least half of each group lives, from ``beyond_by_minutes``; by group."""
    return curve[curve["share"] <= 50].groupby("group", sort=False)["minutes"].min().to_dict()


def _open(without: Iterable[str], over_border: bool) -> tuple[str, ...]:
    without = tuple(without)
    for one in without:
        one_of(one, ACUTE + OVER_BORDER, "hospital")
    left = tuple(h for h in ACUTE + (OVER_BORDER if over_border else ()) if h not in without)
    if not left:
        raise GeographyError(
            "No hospital is left: keep at least one of " + ", ".join(ACUTE) + " or set over_border=True."
        )
    return left


@cache
def _nearest(hospitals: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    matrix = minutes_matrix()
    filled = matrix.where(matrix.columns.isin(hospitals)[None, :] & matrix.notna(), np.inf).to_numpy()
    return filled.min(axis=1), filled.argmin(axis=1)


@cache
def _tally() -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Which LSOA is in which place (9 by 624), how many of each group live in it (624 by 4), and the row labels."""
    lsoas = lsoa_table()
    where = pd.concat([level_places("footprint", "current_20"), level_places("district", "current_20")])
    inside = np.array([(lsoas["icb_code"] == c) | (lsoas["lad_code"] == c) for c in where["code"]], dtype=float)
    poorest = lsoas["pop_mid2024"].where(lsoas["imd2025_decile"] <= 2, 0)
    people = np.column_stack([lsoas["pop_mid2024"], lsoas["pop_65_plus"], lsoas["pop_85_plus"], poorest]).astype(float)
    labels = where[["code", "name", "level"]].iloc[np.repeat(range(len(where)), len(GROUPS))].reset_index(drop=True)
    return inside, people, labels.assign(group=list(GROUPS) * len(where))
