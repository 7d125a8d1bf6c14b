"""The profile of one place: who lives or is registered there, their practices and hospitals, beside the footprint and England.

An area is told by its *residents*, a practice or a primary care network by its *registered*
patients. A figure for England stands beside a measure only where a like one is published or can be
added up from published ones; ``england_note`` says where its date or its making differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, geography, systems
from ics_core.geography import FOOTPRINT, MEASURES, PCN_SETS, GeographyError
from ics_core.systems import ENGLAND

HOSPITAL_KINDS = {
    "acute": "Acute hospital",
    "acute_trust_other_site": "Other site of an acute trust",
    "community": "Community hospital",
}

_FACTS = [
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
_CENSUS_BANDS = {
    "0 to 15": (None, "pop_0_15"),
    "65 to 74": ("pop_75_plus", "pop_65_plus"),
    "75 to 84": ("pop_85_plus", "pop_75_plus"),
    "85 and over": (None, "pop_85_plus"),
}
_SCORE = "Deprivation score (IMD 2025; higher is more deprived)"
_DRIVE_NOTE = "Drive times include a fixed start of about five to seven minutes: compare places, do not read them as door to door."
_CURRENT, _ORIGINAL = PCN_SETS


@dataclass(frozen=True)
class Profile:
    """What is known of one place.

    ``basis`` is "residents" or "registered patients". ``facts``: id, fact, value, footprint, england
    (missing: no published figure found), england_note (how England's differs), unit, decimals,
    period, source and england_source (catalogue names), england_metric (of the table
    "system_observations"). ``ages``: band, people, share, footprint_share, england_share, period;
    shares in per cent. ``practices``: code, name, list_size_2022, list_size_2026, change,
    change_pct, and km (straight line) for small areas. ``hospitals``: the three acute hospitals
    nearest by car and the two other NHS sites nearest in a straight line, with hospital, kind, km
    (straight line), minutes (acute only) and footprint (minutes), means over residents or lists. ``notes``: cautions in sentences.
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
        """The row of ``ages`` whose share is most times the footprint's, or least; of the footprint itself, England's."""
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
class _National:
    """A figure for England, where it comes from, and how it differs from the one beside it."""

    value: float | str
    source: str = "system_observations"
    metric: str = ""
    note: str = ""


_NONE = _National(np.nan, "")


def profile(code: str, pcn_set: str = _CURRENT) -> Profile:
    """The profile of a place of any level. Raises ``GeographyError`` with near names for an unknown code.

    >>> print(profile("E02005572").name, profile("E02005572").within)
    Cromer (North Norfolk 003) ('North Norfolk district', 'North Norfolk locality', 'Norfolk and Waveney')
    """
    here = geography.place(code, pcn_set)
    if here["level"] == "pcn":
        return pcn(code, pcn_set)
    if here["level"] == "practice":
        return _registered(here, geography.practices().query("practice_code == @code"), "practice")
    return _resident(here)


def pcn(code: str, pcn_set: str = _CURRENT) -> Profile:
    """A network: members, lists in 2022 and 2026, ages, deprivation and drive times as list-weighted means of its practices.

    A code that exists in one set only is found there. Registered patients; sources: practices,
    pcns, registered_age, drive_times.
    """
    sets = {one: geography.pcns(one) for one in (pcn_set, *PCN_SETS)}
    found = [one for one, table in sets.items() if code in set(table["pcn_code"])]
    if not found:
        near = "; ".join(f"{row.pcn_code} {row.pcn_name}" for row in sets[pcn_set].head(4).itertuples())
        raise GeographyError(f"No primary care network has the code {code!r}. Give a code such as: {near}.")
    column, level = ("pcn_code", "pcn") if found[0] == _CURRENT else ("pcn17_code", "pcn17")
    here = geography.places("pcn", found[0]).set_index("code", drop=False).loc[code]
    return _registered(here, geography.practices().query(f"{column} == @code"), level, found[0])


# Registered patients: practices and networks --------------------------------------------------


def _registered(here: pd.Series, members: pd.DataFrame, level: str, pcn_set: str = "") -> Profile:
    everyone = geography.practices()
    england = _england_registered()
    shares, whole_shares = _registered_shares(level, here["code"]), _registered_shares("system", FOOTPRINT)
    one = level == "practice"

    def weighted(column: str, frame: pd.DataFrame) -> float:
        known = frame.dropna(subset=["list_size", column])
        return float(np.average(known[column], weights=known["list_size"])) if len(known) else np.nan

    def lists(frame: pd.DataFrame) -> tuple[float, float]:
        return float(frame["list_size_2022"].sum()), float(frame["list_size"].sum())

    (before, now), (all_before, all_now) = lists(members), lists(everyone)
    times = geography.minutes_by_car()
    members, everyone = (frame.assign(drive=frame["lsoa_code"].map(times.min(axis=1))) for frame in (members, everyone))
    how = "" if one else ", list-weighted mean"
    rows = [
        _row("list_size", "Registered patients", now, all_now, england, "patients", 0, "July 2026", "practices"),
        _row(
            "list_size_2022", "Registered patients", before, all_before, england, "patients", 0, "May 2022", "practices"
        ),
        _row(
            "list_change",
            "Change in the list",
            _change(before, now),
            _change(all_before, all_now),
            england,
            "%",
            1,
            "May 2022 to July 2026",
            "practices",
        ),
        *(
            _row(
                share,
                f"Patients aged {words}",
                shares[list(bands)].sum(),
                whole_shares[list(bands)].sum(),
                england,
                "%",
                1,
                "July 2026",
                "registered_age",
            )
            for words, (share, bands) in _REGISTERED_SHARES.items()
        ),
        _row(
            "imd_score",
            _SCORE + how,
            weighted("imd_2025_score", members),
            weighted("imd_2025_score", everyone),
            england,
            "score",
            1,
            "2025",
            "practices",
        ),
        _row(
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
        active = [float(frame["list_size"].notna().sum()) for frame in (members, everyone)]
        rows.insert(0, _row("practices", "GP practices", *active, england, "practices", 0, "July 2026", "practices"))
    listed = _listed(members).sort_values("list_size_2026", ascending=False).reset_index(drop=True)
    notes = [
        "Registered patients, not residents: lists count some people who have moved away and some from over the border.",
        _DRIVE_NOTE,
    ]
    notes += (
        ["Minutes are those of the small area where the practice's main site is."]
        if one
        else [
            "Deprivation and minutes are means of the member practices' values, weighted by their lists of July 2026. The point on the map is worked out in the same way; it is not a building.",
            f"This network is one of the {PCN_SETS[pcn_set]}; the two sets are never added. Lists of both dates are of the same members.",
            *_changes_of(here["code"], pcn_set),
        ]
    )
    return Profile(
        here["code"],
        here["name"],
        here["level"],
        "registered patients",
        _within(here["code"]),
        pd.DataFrame(rows, columns=_FACTS),
        _registered_ages(level, here["code"]),
        listed,
        _hospitals(
            *(frame.dropna(subset="list_size").rename(columns={"list_size": "weight"}) for frame in (members, everyone))
        ),
        tuple(notes),
    )


def _changes_of(code: str, pcn_set: str) -> list[str]:
    """What became of a network between its two sets, in sentences."""
    practices = geography.practices()
    table = catalogue.table("pcns").set_index(["pcn_set", "pcn_code"])
    heirs = table.loc[_CURRENT].query("predecessor_pcn_code == @code")["pcn_name"].tolist()
    if heirs:
        return [f"On 1 April 2024 it was divided into {systems.in_a_row(heirs)}."]
    if (_ORIGINAL, code) not in table.index:
        old = table.at[(_CURRENT, code), "predecessor_pcn_code"]
        return [f"It was made on 1 April 2024, when {table.at[(_ORIGINAL, old), 'pcn_name']} was divided."]
    now, before = practices["pcn_code"] == code, practices["pcn17_code"] == code
    closed = practices["status"] != "active"
    said = [
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
    return [words.format(systems.in_a_row(names)) for words, names in said if names] or [
        "Its practices are the same as in January 2022."
    ]


def _registered_shares(level: str, code: str) -> pd.Series:
    """Per cent of a list in each age band, by band."""
    return _registered_rows(level, code)["pct"].astype(float)


def _registered_ages(level: str, code: str) -> pd.DataFrame:
    rows, whole = _registered_rows(level, code), _registered_rows("system", FOOTPRINT)
    england = _england_registered()
    known = {
        "65 to 74": england["share_65"].value - england["share_75"].value,
        "75 and over": england["share_75"].value,
    }
    table = [
        (
            words,
            float(rows.loc[list(bands), "patients"].sum()),
            float(rows.loc[list(bands), "pct"].sum()),
            float(whole.loc[list(bands), "pct"].sum()),
            known.get(words, np.nan),
        )
        for words, bands in _REGISTERED_BANDS.items()
    ]
    return pd.DataFrame(table, columns=["band", "people", "share", "footprint_share", "england_share"]).assign(
        period="July 2026"
    )


def _registered_rows(level: str, code: str) -> pd.DataFrame:
    rows = catalogue.table("registered_age").query("level == @level and band_type == 'age'")
    return (rows if level == "system" else rows[rows["code"] == code]).set_index("band")


@cache
def _england_registered() -> dict[str, _National]:
    """England's lists and the people on them, by fact id."""
    listed = (
        catalogue.table("observations")
        .query("indicator_id == 'gp_registered' and area_code == @ENGLAND")
        .set_index("period_start")["value"]
    )
    before, now = float(listed["2022-05-01"]), _england("reg_pop")
    return {
        "practices": _National(
            float(catalogue.table("systems")["n_gp_practices"].sum()), "systems", note="January 2026"
        ),
        "list_size": _National(now, metric="reg_pop", note="January 2026"),
        "list_size_2022": _National(before, "observations"),
        "list_change": _National(_change(before, now), metric="reg_pop", note="May 2022 to January 2026"),
        "share_65": _National(_england("reg_share_65p"), metric="reg_share_65p", note="January 2026"),
        "share_75": _National(_england("reg_share_75p"), metric="reg_share_75p", note="January 2026"),
        "imd_score": _National(
            _england("imd2025_reg_avg_score"), metric="imd2025_reg_avg_score", note="mean of practices, by list"
        ),
    }


# Residents: areas -----------------------------------------------------------------------------


def _resident(here: pd.Series) -> Profile:
    level, code = here["level"], here["code"]
    own, whole = geography.small_areas(code), geography.small_areas()
    england = _england_resident()
    rows = []
    for measure_id in (
        "residents",
        "density",
        "share_65",
        "share_75",
        "share_85",
        "imd_decile",
        "imd_score",
        "deprived_fifth",
        "rural_urban",
        "rural_share",
        "drive_acute",
        "gp_road_km",
    ):
        about = MEASURES[measure_id]
        if level not in about.levels and (level != "footprint" or "district" not in about.levels):
            continue
        if measure_id.startswith("share_"):
            # Census 2021 at every level here, so that England's are like for like.
            counted = f"pop_{measure_id[-2:]}_plus"
            here_now, footprint = (100 * float(f[counted].sum() / f["pop_census2021"].sum()) for f in (own, whole))
            period = "Census 2021"
        else:
            here_now, period = geography.value(measure_id, code), about.period
            footprint = (
                _shared(measure_id, FOOTPRINT) if about.levels == ("lsoa",) else geography.value(measure_id, FOOTPRINT)
            )
        rows.append(
            _row(
                measure_id,
                _SCORE if measure_id == "imd_score" else about.label,
                here_now,
                footprint,
                england,
                about.unit,
                about.decimals,
                period,
                about.sources[0],
            )
        )
    notes = [
        "Residents, not registered patients.",
        _DRIVE_NOTE,
        "Census counts of small areas carry small random noise.",
    ]
    if code == "E07000206":
        notes.append("Waveney was a district until April 2019; it is now the northern part of East Suffolk.")
    if level == "locality":
        notes.append(
            "Localities are the areas of the five former clinical commissioning groups, matched to small areas by us; there is no official lookup for 2021."
        )
    return Profile(
        code,
        here["name"],
        level,
        "residents",
        _within(code),
        pd.DataFrame(rows, columns=_FACTS),
        _resident_ages(level, code, own, whole),
        _practices_of(level, here, own),
        _hospitals(*(frame.rename(columns={"pop_census2021": "weight"}) for frame in (own, whole))),
        tuple(notes),
    )


def _shared(measure_id: str, code: str) -> str:
    """What stands beside a measure that only a small area has: how many residents live in areas of that sort."""
    if measure_id == "imd_decile":
        return _in_words(measure_id, geography.value("deprived_fifth", code))
    return _in_words(measure_id, geography.value("rural_share", code))


def _in_words(measure_id: str, share: float) -> str:
    return f"{share:.0f}% live in decile 1 or 2" if measure_id == "imd_decile" else f"{share:.0f}% live in rural areas"


def _resident_ages(level: str, code: str, own: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    """Ten-year bands of mid-2024 for districts, localities and the footprint; five bands of Census 2021 for smaller areas."""
    if level in {"msoa", "lsoa"}:
        here, whole = _census_bands(own), _census_bands(everyone)
        over = [_england(f"census_share_{age}") for age in (65, 75, 85)]
        england = pd.Series({"65 to 74": over[0] - over[1], "75 to 84": over[1] - over[2], "85 and over": over[2]})
        period = "Census 2021"
    else:
        table = pd.concat([catalogue.table(name) for name in ("base_population", "england_ages")]).query("year == 2024")
        labels = pd.cut(
            table["age"],
            [*range(0, 100, 10), 120],
            right=False,
            labels=[*(f"{a} to {a + 9}" for a in range(0, 90, 10)), "90 and over"],
        ).astype(str)
        counts = table["population"].groupby([table["area_code"], labels]).sum()
        here, whole, national = counts[code], counts[FOOTPRINT], counts[ENGLAND]
        england = 100 * national / national.sum()
        period = "mid-2024"
    frame = pd.DataFrame(
        {
            "band": here.index,
            "people": here.to_numpy(float),
            "share": 100 * here.to_numpy(float) / here.sum(),
            "footprint_share": 100 * whole.to_numpy(float) / whole.sum(),
        }
    )
    return frame.assign(england_share=frame["band"].map(england).astype(float), period=period)


def _census_bands(areas: pd.DataFrame) -> pd.Series:
    total = areas.sum(numeric_only=True)
    counts = {band: total[all_] - (total[less] if less else 0) for band, (less, all_) in _CENSUS_BANDS.items()}
    middle = total["pop_census2021"] - total["pop_0_15"] - total["pop_65_plus"]
    return pd.Series(
        {
            "0 to 15": counts["0 to 15"],
            "16 to 64": middle,
            **{band: counts[band] for band in ("65 to 74", "75 to 84", "85 and over")},
        }
    )


def _practices_of(level: str, here: pd.Series, own: pd.DataFrame) -> pd.DataFrame:
    """Practices with their main site in the area; for small areas the five nearest, in a straight line."""
    active = geography.practices().query("status == 'active'")
    if level in {"msoa", "lsoa"}:
        active = active.assign(
            km=geography.kilometres(here["lat"], here["lon"], active["lat"], active["lon"])
        ).nsmallest(5, "km")
        return _listed(active).assign(km=active["km"]).reset_index(drop=True)
    return (
        _listed(active[active["lsoa_code"].isin(own.index)])
        .sort_values("list_size_2026", ascending=False)
        .reset_index(drop=True)
    )


@cache
def _england_resident() -> dict[str, _National]:
    """England's residents and how far they live from care, by fact id."""
    people = float(catalogue.table("england_ages")["population"].sum())
    score = catalogue.table("area_deprivation").set_index("area_code").at[ENGLAND, "imd_2025_score"]
    taken = {
        "deprived_fifth": "imd2025_pop_d12",
        "rural_share": "rural_share_2021",
        "gp_road_km": "gp_road_km",
        **{f"share_{age}": f"census_share_{age}" for age in (65, 75, 85)},
    }
    return {
        "residents": _National(people, "england_ages"),
        "density": _National(people / float(catalogue.geometry("systems")["area_km2"].sum()), "systems_outlines"),
        "imd_score": _National(float(score), "area_deprivation"),
        "imd_decile": _National(_in_words("imd_decile", _england("imd2025_pop_d12")), metric="imd2025_pop_d12"),
        "rural_urban": _National(_in_words("rural_urban", _england("rural_share_2021")), metric="rural_share_2021"),
        "drive_acute": _National(
            _england("drive_acute_mean"), metric="drive_acute_mean", note="nearest of 113 hospitals that treat stroke"
        ),
        **{fact: _National(_england(metric), metric=metric) for fact, metric in taken.items()},
    }


# What both have in common ---------------------------------------------------------------------


def _row(
    fact_id: str,
    words: str,
    value: object,
    footprint: object,
    england: dict[str, _National],
    unit: str,
    decimals: int,
    period: str,
    source: str,
) -> tuple:
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


def _hospitals(points: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    """The three acute hospitals nearest by car, over the border too, and the two other NHS sites nearest in a straight line.

    Means over ``points`` (lsoa_code, lat, lon, weight), beside the mean minutes of ``everyone``.
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


def _listed(practices: pd.DataFrame) -> pd.DataFrame:
    names = {
        "practice_code": "code",
        "name": "name",
        "list_size_2022": "list_size_2022",
        "list_size": "list_size_2026",
        "list_change": "change",
        "list_change_pct": "change_pct",
    }
    return practices[list(names)].rename(columns=names)


def _within(code: str) -> tuple[str, ...]:
    """The areas around a place in words; a district and a locality may share a name."""
    around = geography.nest(code).iloc[1:]
    return tuple(
        f"{name} {level}" if level in {"district", "locality"} else name
        for name, level in zip(around["name"], around["level"], strict=True)
    )


def _england(metric_id: str) -> float:
    return systems.england(metric_id)[0]


def _change(before: float, now: float) -> float:
    return 100 * (now - before) / before if before else np.nan
