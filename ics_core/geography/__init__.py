"""Places of Norfolk and Waveney: what they are, how they nest, what is measured, how far it is to care.

Areas hold *residents*; practices and primary care networks (PCNs) hold *registered* patients. The
two are never mixed in one figure. Small areas are the LSOAs of 2021; what is only known for the
LSOAs of 2011 reaches them through ``lsoa11_codes``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue

FOOTPRINT = "E54000022"
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
ACUTE = ("nnuh", "jpuh", "qehkl")  # the acute hospitals inside the footprint
OVER_BORDER = ("wsh", "addenbrookes", "ipswich", "peterborough")
GROUPS = ("All residents", "Aged 65 and over", "Aged 85 and over", "In the most deprived fifth")
MINUTES = (0, 240)

COLUMNS = {
    "footprint": "icb_code",
    "locality": "locality_code",
    "district": "lad_code",
    "msoa": "msoa_code",
    "lsoa": "lsoa_code",
}
_AREAS = ("footprint", "locality", "district", "msoa", "lsoa")
_EARTH_KM = 6371.0088


class GeographyError(ValueError):
    """A place, level, measure or hospital that is not known; the message lists what is."""


# Places ---------------------------------------------------------------------------------------


def places(level: str, pcn_set: str = "current_20") -> pd.DataFrame:
    """All places of a level, one row each: code, name, level, parent_code, parent, lat, lon.

    ``parent`` is the place it is shown within: LSOA in MSOA, MSOA in district, practice in PCN,
    district, locality and PCN in the footprint. The point of an area is the mean of its LSOAs'
    population-weighted points, weighted by residents (Census 2021); of a PCN, the list-weighted
    mean of its practices; of a practice, its postcode. Sources: lsoas, pcns, practices.
    """
    _one_of(level, LEVELS, "level")
    _one_of(pcn_set, PCN_SETS, "PCN set")
    return _places(level, pcn_set).copy()


@cache
def _places(level: str, pcn_set: str) -> pd.DataFrame:
    whole = "Norfolk and Waveney"
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
        lsoas = _lsoas()
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
    _one_of(pcn_set, PCN_SETS, "PCN set")
    return _directory(pcn_set).copy()


@cache
def _directory(pcn_set: str) -> pd.DataFrame:
    other = next(one for one in PCN_SETS if one != pcn_set)
    gone = _places("pcn", other).loc[lambda f: ~f["code"].isin(_places("pcn", pcn_set)["code"])]
    frame = pd.concat(
        [_places(level, pcn_set) for level in ("footprint", "district", "locality", "pcn")]
        + [gone]
        + [_places(level, pcn_set) for level in ("practice", "msoa", "lsoa")],
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
    words = frame["level"].map(kinds)
    words = words.mask(frame["code"].isin(gone["code"]), PCN_SETS[other].split(", ")[1])
    return frame.assign(label=frame["name"] + words.radd(", ").fillna(""))


def find(text: str, levels: Iterable[str] = tuple(LEVELS), limit: int = 20) -> pd.DataFrame:
    """Places whose name or code holds every word of ``text``, best first: the columns of ``places``.

    Names that begin with the text come first, larger places before smaller ones. If nothing holds
    the words, the nearest names are given.
    """
    every = pd.concat([_places(level, "current_20") for level in levels], ignore_index=True)
    words = str(text).casefold().split()
    folded = (every["name"] + " " + every["code"]).str.casefold()
    hits = (
        np.logical_and.reduce([folded.str.contains(word, regex=False) for word in words])
        if words
        else np.ones(len(every), bool)
    )
    if not hits.any():
        near = get_close_matches(str(text).casefold(), every["name"].str.casefold(), n=limit, cutoff=0.5)
        hits = every["name"].str.casefold().isin(near).to_numpy()
    begins = folded.str.startswith(" ".join(words))
    order = np.lexsort((np.arange(len(every)), ~begins.to_numpy()))
    return every.iloc[[i for i in order if hits[i]]].head(limit).reset_index(drop=True)


def place(code: str, pcn_set: str = "current_20") -> pd.Series:
    """The row of ``places`` for a code of any level. Raises ``GeographyError`` with near names."""
    for level in LEVELS:
        for one in (pcn_set, *PCN_SETS) if level == "pcn" else (pcn_set,):
            frame = _places(level, one)
            found = frame[frame["code"] == code]
            if len(found):
                return found.iloc[0]
    near = find(str(code), limit=4)
    hint = (
        "; ".join(f"{row.code} {row.name_}" for row in near.rename(columns={"name": "name_"}).itertuples())
        or "E07000148 Norwich"
    )
    raise GeographyError(f"No place has the code {str(code)!r}. Give a code such as: {hint}.")


def nest(code: str) -> pd.DataFrame:
    """The areas a place lies in, smallest first: level, code, name.

    A practice lies where its main site is; a PCN, having no borders, only in the footprint. An
    MSOA in two localities is counted to the one that holds most of its residents.
    """
    here = place(code)
    rows = [(here["level"], here["code"], here["name"])]
    lsoas = _lsoas()
    if here["level"] == "practice":
        rows.append(("pcn", here["parent_code"], here["parent"]))
        lsoas = lsoas.loc[[practices().set_index("practice_code").at[code, "lsoa_code"]]]
        inside, order = lsoas, ("lsoa", "msoa", "district", "locality", "footprint")
    elif here["level"] == "pcn":
        inside, order = lsoas, ("footprint",)
    else:
        inside = lsoas[lsoas[COLUMNS[here["level"]]] == code]
        order = {
            "lsoa": ("msoa", "district", "locality", "footprint"),
            "msoa": ("district", "locality", "footprint"),
            "footprint": (),
        }.get(here["level"], ("footprint",))
    for level in order:
        largest = inside.groupby(COLUMNS[level])["pop_census2021"].sum().idxmax()
        names = _places(level, "current_20").set_index("code")["name"]
        rows.append((level, largest, names[largest]))
    return pd.DataFrame(rows, columns=["level", "code", "name"])


# Measures -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """One thing measured for areas. ``better`` is "low", "high" or "" (neither)."""

    id: str
    label: str
    unit: str
    decimals: int
    levels: tuple[str, ...]
    sources: tuple[str, ...]
    period: str
    better: str = ""
    kind: str = "fact"
    note: str = ""


_ABOVE_LSOA = ("district", "locality", "msoa")
_CENSUS = "Census 2021 for neighbourhoods and small areas, mid-2024 for districts and localities"
_WEIGHTED = "Above small areas: the mean of the small areas, weighted by residents (Census 2021)."
MEASURES = {
    m.id: m
    for m in (
        Measure(
            "share_65",
            "Residents aged 65 and over",
            "%",
            1,
            (*_ABOVE_LSOA, "lsoa"),
            ("lsoas", "base_population"),
            _CENSUS,
        ),
        Measure(
            "share_75",
            "Residents aged 75 and over",
            "%",
            1,
            (*_ABOVE_LSOA, "lsoa"),
            ("lsoas", "base_population"),
            _CENSUS,
        ),
        Measure(
            "share_85",
            "Residents aged 85 and over",
            "%",
            1,
            (*_ABOVE_LSOA, "lsoa"),
            ("lsoas", "base_population"),
            _CENSUS,
        ),
        Measure(
            "age_band",
            "Residents of an age you choose",
            "%",
            1,
            ("district", "locality"),
            ("base_population",),
            "mid-2024",
        ),
        Measure("residents", "Residents", "residents", 0, (*_ABOVE_LSOA, "lsoa"), ("lsoas",), "mid-2024"),
        Measure(
            "density",
            "Residents per square kilometre",
            "per km²",
            0,
            (*_ABOVE_LSOA, "lsoa"),
            ("lsoas",),
            "mid-2024",
            kind="our calculation",
        ),
        Measure(
            "imd_decile",
            "Deprivation decile (IMD 2025)",
            "decile",
            0,
            ("lsoa",),
            ("lsoas",),
            "2025",
            "high",
            note="1 is the most deprived tenth of England's small areas. Not to be compared with 2019.",
        ),
        Measure(
            "imd_score",
            "Deprivation score (IMD 2025)",
            "score",
            1,
            (*_ABOVE_LSOA, "lsoa"),
            ("lsoas", "area_deprivation"),
            "2025",
            "low",
            note="Higher is more deprived. Published for small areas, the seven Norfolk districts and the footprint; elsewhere our mean of the small areas, weighted by residents (Census 2021).",
        ),
        Measure(
            "deprived_fifth",
            "Residents in England's most deprived fifth of small areas",
            "%",
            1,
            _ABOVE_LSOA,
            ("lsoas",),
            "2025",
            "low",
            "our calculation",
            "Deciles 1 and 2 of IMD 2025; residents as in Census 2021.",
        ),
        Measure(
            "rural_urban",
            "Rural or urban",
            "",
            0,
            ("lsoa",),
            ("lsoas",),
            "2021",
            note="Rural Urban Classification 2021.",
        ),
        Measure(
            "rural_share",
            "Residents of rural small areas",
            "%",
            1,
            _ABOVE_LSOA,
            ("lsoas",),
            "2021",
            kind="our calculation",
            note="Rural Urban Classification 2021; residents as in Census 2021.",
        ),
        Measure(
            "drive_acute",
            "Drive to the nearest acute hospital",
            "minutes",
            1,
            (*_ABOVE_LSOA, "lsoa"),
            ("lsoas", "drive_times"),
            "2022",
            "low",
            "our calculation",
            f"A fixed start of about five to seven minutes is in every time: compare areas, do not read door to door. {_WEIGHTED}",
        ),
        Measure(
            "gp_road_km",
            "Road distance to a GP surgery",
            "km",
            1,
            (*_ABOVE_LSOA, "lsoa"),
            ("lsoas",),
            "2019",
            "low",
            "our calculation",
            f"From the Indices of Deprivation 2019. {_WEIGHTED}",
        ),
    )
}


def measures(level: str | None = None) -> pd.DataFrame:
    """What can be measured, for one level or all: id, label, unit, decimals, better, levels, sources, period, kind, note."""
    if level is not None:
        _one_of(level, _AREAS, "level")
    chosen = [m for m in MEASURES.values() if level is None or level in m.levels]
    return pd.DataFrame([vars(m) for m in chosen])


def measure(measure_id: str, level: str, *, ages: tuple[int, int] = (65, 90)) -> pd.DataFrame:
    """A measure for all areas of a level: code, name, value, unit, period. One row an area.

    All figures are of residents. ``ages`` (first and last year of age, 90 = 90 and over) is used
    by "age_band" alone. Shares are of all residents of the area, in per cent. Raises
    ``GeographyError`` for an unknown measure, or a level it is not known for.

    >>> measure("residents", "district").query("name == 'Norwich'")["value"].item()
    147182.0
    """
    found = MEASURES[_one_of(measure_id, MEASURES, "measure")]
    if level not in found.levels:
        raise GeographyError(
            f"Measure {measure_id!r} is not known by level {level!r}. Its levels: {', '.join(found.levels)}."
        )
    values, period = _values(measure_id, level, tuple(ages))
    frame = _places(level, "current_20")[["code", "name"]]
    return frame.assign(value=frame["code"].map(values), unit=found.unit, period=period)


def value(measure_id: str, code: str) -> float | str:
    """A measure for one area, the whole footprint too. Raises ``GeographyError`` where it is not known for such an area.

    >>> round(value("rural_share", FOOTPRINT), 1)
    46.2
    """
    found = MEASURES[_one_of(measure_id, MEASURES, "measure")]
    level = place(code)["level"]
    levels = (*found.levels, "footprint") if "district" in found.levels else found.levels
    if level not in levels:
        raise GeographyError(
            f"Measure {measure_id!r} is not known by level {level!r}. Its levels: {', '.join(levels)}."
        )
    known = _values(measure_id, level, (65, 90))[0][code]
    return known if isinstance(known, str) else float(known)


@cache
def _values(measure_id: str, level: str, ages: tuple[int, int]) -> tuple[pd.Series, str]:
    lsoas = _lsoas()
    by = lsoas[COLUMNS[level]]
    residents, counted = lsoas["pop_mid2024"].groupby(by).sum(), lsoas["pop_census2021"].groupby(by).sum()

    def mean(column: str) -> pd.Series:
        return (lsoas[column] * lsoas["pop_census2021"]).groupby(by).sum() / counted

    def share(inside: pd.Series) -> pd.Series:
        return 100 * lsoas["pop_census2021"].where(inside, 0).groupby(by).sum() / counted

    period = MEASURES[measure_id].period
    match measure_id:
        case "residents":
            return residents.astype(float), period
        case "density":
            return residents / lsoas["area_km2"].groupby(by).sum(), period
        case "share_65" | "share_75" | "share_85":
            first = int(measure_id[-2:])
            if level in {"district", "locality", "footprint"}:
                return _age_share(level, first, 90), "mid-2024"
            return 100 * lsoas[f"pop_{first}_plus"].groupby(by).sum() / counted, "Census 2021"
        case "age_band":
            return _age_share(level, *ages), period
        case "imd_decile":
            return lsoas["imd2025_decile"].astype(float), period
        case "imd_score":
            published = catalogue.table("area_deprivation").set_index("area_code")["imd_2025_score"]
            ours = mean("imd2025_score")
            return published.reindex(ours.index).fillna(ours), period
        case "deprived_fifth":
            return share(lsoas["imd2025_decile"] <= 2), period
        case "rural_urban":
            return lsoas["rural_urban"], period
        case "rural_share":
            return share(lsoas["rural_urban"] == "Rural"), period
        case "drive_acute":
            return mean("nearest_acute_min"), period
        case "gp_road_km":
            return mean("gp_road_km"), period
    raise AssertionError(measure_id)


def _age_share(level: str, first: int, last: int) -> pd.Series:
    if not (isinstance(first, int) and isinstance(last, int) and 0 <= first <= last <= 90):
        raise GeographyError(
            f"ages is {(first, last)!r}: give the first and the last year of age, each from 0 to 90 (90 = 90 and over), the first not above the last."
        )
    ages = _population_2024()
    ages = ages[ages["area_code"].isin(_places(level, "current_20")["code"])]
    chosen = ages[ages["age"].between(first, last)]
    return 100 * chosen.groupby("area_code")["population"].sum() / ages.groupby("area_code")["population"].sum()


def finding(measure_id: str, frame: pd.DataFrame) -> str:
    """What stands out in a frame of ``measure``, in a sentence without a full stop.

    >>> print(finding("residents", measure("residents", "district")))
    Residents: from 100,529 in Great Yarmouth to 156,206 in King's Lynn and West Norfolk
    """
    found = MEASURES[_one_of(measure_id, MEASURES, "measure")]
    if measure_id == "imd_decile":
        return f"{int((frame['value'] == 1).sum())} of {len(frame)} small areas are among England's most deprived tenth"
    if measure_id == "rural_urban":
        return f"{int((frame['value'] == 'Rural').sum())} of {len(frame)} small areas are rural"
    low, high = frame.loc[frame["value"].idxmin()], frame.loc[frame["value"].idxmax()]
    return f"{found.label}: from {said(low['value'], found)} in {low['name']} to {said(high['value'], found)} in {high['name']}"


def hundreds(people: float) -> str:
    """A number of people to the nearest hundred, as Census counts are to be shown: 224,600."""
    return f"{round(people, -2):,.0f}"


def said(value: float, measure: Measure) -> str:
    """A value as people read it, with its unit: 24.8%, 1.9 km, 146,620."""
    unit = {"%": "%", "residents": "", "score": "", "decile": ""}.get(measure.unit, f" {measure.unit}")
    return f"{value:,.{measure.decimals}f}{unit}"


@dataclass(frozen=True)
class Classes:
    """``numbers``: class of each value, from 0, by the values' index; ``words``: what each class holds."""

    numbers: pd.Series
    words: tuple[str, ...]


SCHEMES = {"quantiles": "Quantiles", "natural breaks": "FisherJenks", "equal intervals": "EqualInterval"}


def classes(values: pd.Series, scheme: str | None = None, k: int = 5, decimals: int = 0) -> Classes:
    """Sort values into at most ``k`` classes for a shaded map, with mapclassify.

    Text makes one class a word; ten or fewer whole numbers from 1 (deciles) one class a number.
    Values are rounded to ``decimals`` first, so that the words hold exactly what is coloured.
    With few areas there are fewer classes. Missing values get no class. ``scheme`` is one of
    ``SCHEMES``; by default natural breaks below 30 areas, where every gap shows, else quantiles.

    >>> classes(pd.Series([1.2, 2.6, 7.1, 9.9]), k=2).words
    ('1 to 3', '7 to 10')
    """
    known = values.dropna()
    scheme = _one_of(scheme or ("natural breaks" if len(known) < 30 else "quantiles"), SCHEMES, "scheme")
    if not pd.api.types.is_numeric_dtype(known):
        words = tuple(sorted(known.unique()))
        return Classes(known.map({word: n for n, word in enumerate(words)}), words)
    known = known.round(decimals)
    singles = np.unique(known)
    if len(singles) <= 10 and len(known) > 30:
        return Classes(
            known.map({value: n for n, value in enumerate(singles)}),
            tuple(f"{value:,.{decimals}f}" for value in singles),
        )
    import mapclassify  # slow to import, and only maps need it

    k = max(1, min(k, len(singles), (len(known) + 1) // 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # tied values make fewer classes, as promised above
        edges = getattr(mapclassify, SCHEMES[scheme])(known.to_numpy(), k=k).bins if k > 1 else singles[-1:]
    numbers = pd.Series(np.searchsorted(np.unique(edges)[:-1], known), known.index)
    numbers = numbers.map({old: new for new, old in enumerate(np.unique(numbers))})
    spans = known.groupby(numbers).agg(["min", "max"])
    words = tuple(
        f"{low:,.{decimals}f}" if low == high else f"{low:,.{decimals}f} to {high:,.{decimals}f}"
        for low, high in spans.itertuples(index=False)
    )
    return Classes(numbers, words)


# Travel ---------------------------------------------------------------------------------------


def acute_hospitals() -> pd.DataFrame:
    """The seven acute hospitals of the drive times: id, name, lat, lon, inside (the footprint). Source: drive_times."""
    found = (
        catalogue.table("drive_times")
        .query("measure == 'drive time'")
        .drop_duplicates("destination_id")
        .set_index("destination_id")
    )
    found = found.loc[[*ACUTE, *OVER_BORDER], ["destination", "destination_lat", "destination_lon"]].reset_index()
    found.columns = ["id", "name", "lat", "lon"]
    return found.assign(inside=found["id"].isin(ACUTE))


def drive_times(without: Iterable[str] = (), over_border: bool = True) -> pd.DataFrame:
    """Minutes by car from each LSOA to the nearest acute hospital: code, minutes, hospital_id, hospital.

    ``without`` leaves hospitals out ("what if"); ``over_border=False`` leaves out the four beyond
    the footprint. Minutes include a fixed start of about five to seven: compare areas, do not read
    them as door to door. Times flagged as doubtful are left out. Source: drive_times.
    """
    minutes, nearest = _nearest(_open(without, over_border))
    ids = list(_matrix().columns)
    names = acute_hospitals().set_index("id")["name"]
    closest = pd.Series([ids[i] for i in nearest])
    return pd.DataFrame(
        {"code": _lsoas().index, "minutes": minutes, "hospital_id": closest, "hospital": closest.map(names)}
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
        _one_of(one, ACUTE + OVER_BORDER, "hospital")
    left = tuple(h for h in ACUTE + (OVER_BORDER if over_border else ()) if h not in without)
    if not left:
        raise GeographyError(
            "No hospital is left: keep at least one of " + ", ".join(ACUTE) + " or set over_border=True."
        )
    return left


def minutes_by_car() -> pd.DataFrame:
    """Minutes from each LSOA (rows, by code) to each of the seven acute hospitals (columns, by id), as in ``drive_times``; doubtful ones are missing."""
    return _matrix().copy()


@cache
def _nearest(hospitals: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    matrix = _matrix()
    filled = matrix.where(matrix.columns.isin(hospitals)[None, :] & matrix.notna(), np.inf).to_numpy()
    return filled.min(axis=1), filled.argmin(axis=1)


@cache
def _matrix() -> pd.DataFrame:
    """Minutes from each LSOA of 2021 (rows) to each of the seven hospitals; a merged LSOA has the mean of its parts."""
    times = catalogue.table("drive_times").query("measure == 'drive time' and flag.isna()")
    wide = times.pivot(index="lsoa11_code", columns="destination_id", values="value")[[*ACUTE, *OVER_BORDER]]
    parts = _lsoas()["lsoa11_codes"].str.split("; ").explode()
    return wide.loc[parts].groupby(parts.index).mean().loc[_lsoas().index]


@cache
def _tally() -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Which LSOA is in which place (9 by 624), how many of each group live in it (624 by 4), and the row labels."""
    lsoas = _lsoas()
    where = pd.concat([_places("footprint", "current_20"), _places("district", "current_20")])
    inside = np.array([(lsoas["icb_code"] == c) | (lsoas["lad_code"] == c) for c in where["code"]], dtype=float)
    poorest = lsoas["pop_mid2024"].where(lsoas["imd2025_decile"] <= 2, 0)
    people = np.column_stack([lsoas["pop_mid2024"], lsoas["pop_65_plus"], lsoas["pop_85_plus"], poorest]).astype(float)
    labels = where[["code", "name", "level"]].iloc[np.repeat(range(len(where)), len(GROUPS))].reset_index(drop=True)
    return inside, people, labels.assign(group=list(GROUPS) * len(where))


# Practices and networks -----------------------------------------------------------------------


def practices() -> pd.DataFrame:
    """The table "practices" with list_change, list_change_pct, lsoa_code (where the main site is) and minutes to each acute hospital.

    The minutes are those of that LSOA. Registered patients. Sources: practices, drive_times.
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
    return frame.merge(_matrix()[list(ACUTE)], left_on="lsoa_code", right_index=True, how="left").sort_index()


def pcns(pcn_set: str = "current_20") -> pd.DataFrame:
    """One set of the table "pcns" with list_change and list_change_pct. The two sets are never added. Registered patients."""
    _one_of(pcn_set, PCN_SETS, "PCN set")
    frame = catalogue.table("pcns")
    frame = frame[frame["pcn_set"] == pcn_set].reset_index(drop=True)
    change = frame["list_size_2026"] - frame["list_size_2022"]
    return frame.assign(list_change=change, list_change_pct=100 * change / frame["list_size_2022"])


def facts() -> pd.DataFrame:
    """The area in numbers, one row a fact: fact, value, as_at, basis, table (the catalogue name it was counted from).

    ``as_at`` is ISO text; ``basis`` says what kind of count it is. Residents and registered patients are different counts.
    """
    people = catalogue.table("base_population").query("area_code == @FOOTPRINT and year == 2024")["population"].sum()
    active = practices().query("status == 'active'")
    listed = active["list_date"].max()
    networks = {name: catalogue.table("pcns").query("pcn_set == @name") for name in PCN_SETS}
    rows = [
        ("Residents", people, "2024-06-30", "estimate of people who usually live here", "base_population"),
        (
            "Registered patients",
            active["list_size"].sum(),
            listed,
            "people on the lists of GP practices here",
            "practices",
        ),
        (
            "Districts",
            len(_places("district", "current_20")),
            "2019-03-31",
            "seven of Norfolk and Waveney, which is now part of East Suffolk",
            "lsoas",
        ),
        (
            "Localities",
            len(_places("locality", "current_20")),
            "2020-03-31",
            "the former clinical commissioning groups",
            "lsoas",
        ),
        (
            "Primary care networks",
            len(networks["current_20"]),
            "2024-04-01",
            f"{len(networks['original_17'])} to 31 March 2024",
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


def hospitals(shown: bool = True) -> pd.DataFrame:
    """Hospital sites: the table "hospitals" with a ``code``; ``shown`` keeps those known to be in use after 2020."""
    frame = catalogue.table("hospitals")
    frame = frame.assign(
        code=frame["site_code"].fillna(frame["name"].str.lower().str.replace(r"[^a-z]+", "-", regex=True))
    )
    return frame[frame["show_as"] == "open"].reset_index(drop=True) if shown else frame


# Ground ---------------------------------------------------------------------------------------


def small_areas(code: str = FOOTPRINT) -> pd.DataFrame:
    """The rows of the table "lsoas" that lie in an area, by LSOA code; by default all."""
    level = place(code)["level"]
    if level not in COLUMNS:
        raise GeographyError(
            f"{code!r} is a {LEVELS[level]}, which has no area. Give the code of an area: a footprint, locality, district, MSOA or LSOA."
        )
    return _lsoas().query(f"{COLUMNS[level]} == @code").copy()


@cache
def _lsoas() -> pd.DataFrame:
    return catalogue.table("lsoas").set_index("lsoa_code", drop=False).rename_axis(None).sort_index()


@cache
def _population_2024() -> pd.DataFrame:
    table = catalogue.table("base_population")
    return table.loc[table["year"] == 2024, ["area_code", "age", "population"]]


def kilometres(lat: float, lon: float, lats: pd.Series, lons: pd.Series) -> pd.Series:
    """How far a point is from others in a straight line, in kilometres; degrees of latitude and longitude (haversine)."""
    a, b, c, d = map(np.radians, (lat, lon, lats, lons))
    return (
        2 * _EARTH_KM * np.arcsin(np.sqrt(np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2))
    )


def _one_of(value: object, known: Iterable[str], what: str) -> str:
    if value in known:
        return value
    known = list(known)
    near = known if len(known) <= 8 else get_close_matches(str(value), known, n=4, cutoff=0.4) or known
    raise GeographyError(f"There is no {what} called {value!r}. Choose one of: {', '.join(near)}.")
