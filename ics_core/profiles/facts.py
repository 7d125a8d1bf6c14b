"""What every profile of a place is made of: rows of facts beside the footprint and England, hospitals, lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ics_core import geography, systems
from ics_core.brief import Brief
from ics_core.geography import FOOTPRINT

HOSPITAL_KINDS = {
    "acute": "Acute hospital",
    "acute_trust_other_site": "Other site of an acute trust",
    "community": "Community hospital",
}


FACTS = [
    "id",
    "fact",
    "value",
    "footprint",
    "england",
    "england_note",
    "unit",
    "decimals",
    "period",
    "source",
    "england_source",
    "england_metric",
]


SCORE = "Deprivation score (IMD 2025; higher is more deprived)"


DRIVE_NOTE = (
    "Drive times include a fixed start of about five to seven minutes: "
    "compare places, do not read them as door to door."
)


@dataclass(frozen=True, repr=False)
class Profile(Brief):
    """What is known of one place.

    ``basis`` is "residents" or "registered patients". ``facts``: id, fact, value, footprint, england
    (missing: no published figure found), england_note (how England's differs), unit, decimals,
    period, source and england_source (catalogue names), england_metric (of the table
    "system_observations"). ``ages``: band, people, share, footprint_share, england_share, period;
    shares in per cent. ``practices``: code, name, list_size_2022, list_size_2026, change,
    change_pct, and km (straight line) for small areas. ``hospitals``: the three acute hospitals
    nearest by car and the two other NHS sites nearest in a straight line, with hospital, kind, km
    (straight line), minutes (acute only) and footprint (minutes), means over residents or lists.
    ``notes``: cautions in sentences.
    """

    code: str
    name: str
    level: str
    basis: str
    within: tuple[str, ...]
    facts: pd.DataFrame
    ages: pd.DataFrame
    practices: pd.DataFrame
    hospitals: pd.DataFrame
    notes: tuple[str, ...]

    def fact(self, fact_id: str) -> pd.Series:
        """The row of ``facts`` with that id."""
        return self.facts.set_index("id", drop=False).loc[fact_id]

    @property
    def standout(self) -> pd.Series:
        """The row of ``ages`` whose share is most times the footprint's, or least; of the footprint, England's."""
        beside = "england_share" if self.code == FOOTPRINT else "footprint_share"
        with np.errstate(divide="ignore"):
            return self.ages.loc[np.log(self.ages["share"] / self.ages[beside]).abs().idxmax()]

    @property
    def nearest(self) -> pd.Series:
        """The row of ``hospitals`` with the shortest drive."""
        return self.hospitals.loc[self.hospitals["minutes"].idxmin()]

    @property
    def without_england(self) -> tuple[str, ...]:
        """The ids of the facts for which no figure for England was found."""
        return tuple(self.facts.loc[self.facts["england"].isna(), "id"])


@dataclass(frozen=True)
class National:
    """A figure for England, where it comes from, and how it differs from the one beside it."""

    value: float | str
    source: str = "system_observations"
    metric: str = ""
    note: str = ""


_NONE = National(np.nan, "")


def fact_row(
    fact_id: str,
    words: str,
    value: object,
    footprint: object,
    england: dict[str, National],
    unit: str,
    decimals: int,
    period: str,
    source: str,
) -> tuple[object, ...]:
    """One measure of a place: here, in the footprint and in England, with its dates."""
    national = england.get(fact_id, _NONE)
    return (
        fact_id,
        words,
        value,
        footprint,
        national.value,
        national.note,
        unit,
        decimals,
        period,
        source,
        national.source,
        national.metric,
    )


def nearest_hospitals(points: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    """The three acute hospitals nearest by car, and the two other NHS sites nearest in a straight line.

    Hospitals over the border count, too. Means over ``points`` (lsoa_code, lat, lon, weight),
    beside the mean minutes of ``everyone``.
    """
    names = geography.acute_hospitals().set_index("id")
    acute = names.assign(
        kind=HOSPITAL_KINDS["acute"], minutes=_mean_minutes(points), footprint=_mean_minutes(everyone)
    ).nsmallest(3, "minutes")
    sites = geography.hospitals().query("site_type != 'acute' and site_type in @HOSPITAL_KINDS")
    sites = sites.assign(kind=sites["site_type"].map(HOSPITAL_KINDS), minutes=np.nan, footprint=np.nan)
    acute, sites = (
        frame.assign(
            km=[
                np.average(geography.kilometres(lat, lon, points["lat"], points["lon"]), weights=points["weight"])
                for lat, lon in zip(frame["lat"], frame["lon"], strict=True)
            ]
        )
        for frame in (acute, sites)
    )
    found = pd.concat([acute, sites.nsmallest(2, "km")], ignore_index=True).rename(columns={"name": "hospital"})
    return found[["hospital", "kind", "km", "minutes", "footprint"]]


def _mean_minutes(points: pd.DataFrame) -> pd.Series:
    """Weighted mean of minutes to each hospital, by its id. A missing time is left out."""
    times = geography.minutes_by_car()
    found = times.loc[points["lsoa_code"]].to_numpy()
    known = np.where(np.isnan(found), 0, points["weight"].to_numpy(float)[:, None])
    return pd.Series(np.nansum(found * known, axis=0) / known.sum(axis=0), index=times.columns)


def lists(practices: pd.DataFrame) -> pd.DataFrame:
    """Facts of the lists of some practices: patients at two dates and the change."""
    names = {
        "practice_code": "code",
        "name": "name",
        "list_size_2022": "list_size_2022",
        "list_size": "list_size_2026",
        "list_change": "change",
        "list_change_pct": "change_pct",
    }
    return practices[list(names)].rename(columns=names)


def within(code: str) -> tuple[str, ...]:
    """The areas around a place in words; a district and a locality may share a name."""
    around = geography.nest(code).iloc[1:]
    return tuple(
        f"{name} {level}" if level in {"district", "locality"} else name
        for name, level in zip(around["name"], around["level"], strict=True)
    )


def england_figure(metric_id: str) -> float:
    """England's figure of a measure, with the note and the source that go with it."""
    return systems.england(metric_id)[0]


def per_cent_change(before: float, now: float) -> float:
    """The change from one number to another, %."""
    return 100 * (now - before) / before if before else np.nan
