"""Areas, told by their residents."""

from __future__ import annotations

from functools import cache

import pandas as pd

from ics_core import catalogue, geography, words
from ics_core.area import AREA
from ics_core.geography import FOOTPRINT, MEASURES
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
    within,
)
from ics_core.systems import ENGLAND

_CENSUS_BANDS = {
    "0 to 15": (None, "pop_0_15"),
    "65 to 74": ("pop_75_plus", "pop_65_plus"),
    "75 to 84": ("pop_85_plus", "pop_75_plus"),
    "85 and over": (None, "pop_85_plus"),
}


def resident(here: pd.Series) -> Profile:
    """The profile of an area by its residents."""
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
        here_now: float | str
        footprint: float | str
        if level not in about.levels and (level != "footprint" or "district" not in about.levels):
            continue
        if measure_id.startswith("share_"):
            # The census at every level here, so that England's are like for like.
            counted = f"pop_{measure_id[-2:]}_plus"
            here_now, footprint = (100 * float(f[counted].sum() / f["pop_census2021"].sum()) for f in (own, whole))
            period = geography.dated("census")
        else:
            here_now, period = geography.value(measure_id, code), about.period
            footprint = (
                _shared(measure_id, FOOTPRINT) if about.levels == ("lsoa",) else geography.value(measure_id, FOOTPRINT)
            )
        rows.append(
            fact_row(
                measure_id,
                SCORE if measure_id == "imd_score" else about.label,
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
        DRIVE_NOTE,
        "Census counts of small areas carry small random noise.",
    ]
    notes += [part.note for part in AREA.districts if part.code == code and part.note]
    if level == "locality":
        notes.append(
            f"Localities are the areas of the {words.spoken(len(AREA.localities))} former clinical commissioning "
            "groups, matched to small areas by us; there is no official lookup for 2021."
        )
    return Profile(
        code,
        here["name"],
        level,
        "residents",
        within(code),
        pd.DataFrame(rows, columns=FACTS),
        _resident_ages(level, code, own, whole),
        _practices_of(level, here, own),
        nearest_hospitals(*(frame.rename(columns={"pop_census2021": "weight"}) for frame in (own, whole))),
        tuple(notes),
    )


def _shared(measure_id: str, code: str) -> str:
    """What stands beside a measure that only a small area has: how many residents live in areas of that sort."""
    if measure_id == "imd_decile":
        return _in_words(measure_id, geography.value("deprived_fifth", code))
    return _in_words(measure_id, geography.value("rural_share", code))


def _in_words(measure_id: str, share: float | str) -> str:
    return f"{share:.0f}% live in decile 1 or 2" if measure_id == "imd_decile" else f"{share:.0f}% live in rural areas"


def _resident_ages(level: str, code: str, own: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    """Ten-year bands of the latest estimates down to districts and localities; five of the census for smaller areas."""
    if level in {"msoa", "lsoa"}:
        here, whole = _census_bands(own), _census_bands(everyone)
        over = [england_figure(f"census_share_{age}") for age in (65, 75, 85)]
        england = pd.Series({"65 to 74": over[0] - over[1], "75 to 84": over[1] - over[2], "85 and over": over[2]})
        period = geography.dated("census")
    else:
        table = pd.concat([catalogue.table(name) for name in ("base_population", "england_ages")])
        table = table[table["year"] == geography.estimates_year()]
        labels = pd.cut(
            table["age"],
            [*range(0, 100, 10), 120],
            right=False,
            labels=[*(f"{a} to {a + 9}" for a in range(0, 90, 10)), "90 and over"],
        ).astype(str)
        counts = table["population"].groupby([table["area_code"], labels]).sum()
        here, whole, national = counts[code], counts[FOOTPRINT], counts[ENGLAND]
        england = 100 * national / national.sum()
        period = geography.dated("estimates")
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
        return lists(active).assign(km=active["km"]).reset_index(drop=True)
    return (
        lists(active[active["lsoa_code"].isin(own.index)])
        .sort_values("list_size_2026", ascending=False)
        .reset_index(drop=True)
    )


@cache
def _england_resident() -> dict[str, National]:
    """England's residents and how far they live from care, by fact id."""
    england = catalogue.table("england_ages")
    people = float(england.loc[england["year"] == england["year"].max(), "population"].sum())
    score = catalogue.table("area_deprivation").set_index("area_code").at[ENGLAND, "imd_2025_score"]
    taken = {
        "deprived_fifth": "imd2025_pop_d12",
        "rural_share": "rural_share_2021",
        "gp_road_km": "gp_road_km",
        **{f"share_{age}": f"census_share_{age}" for age in (65, 75, 85)},
    }
    return {
        "residents": National(people, "england_ages"),
        "density": National(people / float(catalogue.geometry("systems")["area_km2"].sum()), "systems_outlines"),
        "imd_score": National(float(score), "area_deprivation"),
        "imd_decile": National(_in_words("imd_decile", england_figure("imd2025_pop_d12")), metric="imd2025_pop_d12"),
        "rural_urban": National(
            _in_words("rural_urban", england_figure("rural_share_2021")), metric="rural_share_2021"
        ),
        "drive_acute": National(
            england_figure("drive_acute_mean"),
            metric="drive_acute_mean",
            note="nearest of 113 hospitals that treat stroke",
        ),
        **{fact: National(england_figure(metric), metric=metric) for fact, metric in taken.items()},
    }
