"""What is measured for areas, always of *residents*, and how it is sorted into classes for a map.

Small areas are the LSOAs of 2021; what is only known for the LSOAs of 2011 reaches them through ``lsoa11_codes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from ics_core import catalogue, register, words
from ics_core.errors import GeographyError
from ics_core.geography.ground import AREAS, COLUMNS, dated, estimates_year, fill_dates, lsoa_table, one_of
from ics_core.geography.places import level_places, place


@dataclass(frozen=True)
class Measure:
    """One thing measured for areas. ``better`` is "low", "high" or "" (neither)."""

    id: str
    name: str
    unit: str
    decimals: int
    levels: tuple[Literal["district", "locality", "msoa", "lsoa"], ...]
    sources: tuple[str, ...]
    dated: str
    better: Literal["", "low", "high"] = ""
    kind: str = "fact"
    about: str = ""

    @property
    def label(self) -> str:
        """What it is called, with the date that is part of the name."""
        return fill_dates(self.name)

    @property
    def period(self) -> str:
        """What the figures are about: mid-2024."""
        return fill_dates(self.dated)

    @property
    def note(self) -> str:
        """How it is made, and what to beware of."""
        return fill_dates(self.about)


# No table is opened for it: dates are filled in when they are asked for.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    register.records(Measure, catalogue.toml("place_measures")["measure"], file="data/place_measures.toml")
)


def measures(level: str | None = None) -> pd.DataFrame:
    """What can be measured, for one level or all, a row a measure.

    Columns id, label, unit, decimals, levels, sources, period, better, kind, note.
    """
    if level is not None:
        one_of(level, AREAS, "level")
    chosen = [m for m in MEASURES.values() if level is None or level in m.levels]
    columns = ("id", "label", "unit", "decimals", "levels", "sources", "period", "better", "kind", "note")
    return pd.DataFrame([{column: getattr(m, column) for column in columns} for m in chosen])


def measure(measure_id: str, level: str, *, ages: tuple[int, int] = (65, 90)) -> pd.DataFrame:
    """A measure for all areas of a level: code, name, value, unit, period. One row an area.

    All figures are of residents. ``ages`` (first and last year of age, 90 = 90 and over) is used
    by "age_band" alone. Shares are of all residents of the area, in per cent. Raises
    ``GeographyError`` for an unknown measure, or a level it is not known for.

    >>> measure("residents", "district").query("name == 'Norwich'")["value"].item()
    147182.0
    """
    found = MEASURES[one_of(measure_id, MEASURES, "measure")]
    if level not in found.levels:
        raise GeographyError(
            f"Measure {measure_id!r} is not known by level {level!r}. Its levels: {', '.join(found.levels)}."
        )
    values, period = _values(measure_id, level, tuple(ages))
    frame = level_places(level, "current_20")[["code", "name"]]
    return frame.assign(value=frame["code"].map(values), unit=found.unit, period=period)


def value(measure_id: str, code: str) -> float | str:
    """A measure for one area, the whole footprint too.

    Raises ``GeographyError`` where it is not known for such an area.

    >>> round(value("rural_share", "E54000022"), 1)
    46.2
    """
    found = MEASURES[one_of(measure_id, MEASURES, "measure")]
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
    lsoas = lsoa_table()
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
                return _age_share(level, first, 90), dated("estimates")
            return 100 * lsoas[f"pop_{first}_plus"].groupby(by).sum() / counted, dated("census")
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
            f"ages is {(first, last)!r}: give the first and the last year of age, each from 0 to 90 "
            "(90 = 90 and over), the first not above the last."
        )
    ages = _latest_population()
    ages = ages[ages["area_code"].isin(level_places(level, "current_20")["code"])]
    chosen = ages[ages["age"].between(first, last)]
    return 100 * chosen.groupby("area_code")["population"].sum() / ages.groupby("area_code")["population"].sum()


@cache
def _latest_population() -> pd.DataFrame:
    table = catalogue.table("base_population")
    return table.loc[table["year"] == estimates_year(), ["area_code", "age", "population"]]


def finding(measure_id: str, frame: pd.DataFrame) -> str:
    """What stands out in a frame of ``measure``, in a sentence without a full stop.

    >>> print(finding("residents", measure("residents", "district")))
    Residents: from 100,529 in Great Yarmouth to 156,206 in King's Lynn and West Norfolk
    """
    found = MEASURES[one_of(measure_id, MEASURES, "measure")]
    if measure_id == "imd_decile":
        return f"{int((frame['value'] == 1).sum())} of {len(frame)} small areas are among England's most deprived tenth"
    if measure_id == "rural_urban":
        return f"{int((frame['value'] == 'Rural').sum())} of {len(frame)} small areas are rural"
    low, high = frame.loc[frame["value"].idxmin()], frame.loc[frame["value"].idxmax()]
    least, most = (f"{said(row['value'], found)} in {row['name']}" for row in (low, high))
    return f"{found.label}: from {least} to {most}"


def hundreds(people: float) -> str:
    """A number of people to the nearest hundred, as Census counts are to be shown: 224,600."""
    return words.number(round(people, -2))


def said(value: float, measure: Measure) -> str:
    """A value as people read it, with its unit: 24.8%, 1.9 km, 146,620."""
    unit = {"%": "%", "residents": "", "score": "", "decile": ""}.get(measure.unit, f" {measure.unit}")
    return words.number(value, measure.decimals) + unit


@dataclass(frozen=True)
class Classes:
    """``numbers``: class of each value, from 0, by the values' index; ``words``: what each class holds."""

    numbers: pd.Series
    words: tuple[str, ...]


SCHEMES = ("quantiles", "natural breaks", "equal intervals")


def classes(values: pd.Series, scheme: str | None = None, k: int = 5, decimals: int = 0) -> Classes:
    """Sort values into at most ``k`` classes for a shaded map.

    Text makes one class a word; ten or fewer whole numbers from 1 (deciles) one class a number.
    Values are rounded to ``decimals`` first, so that the words hold exactly what is coloured.
    With few areas there are fewer classes. Missing values get no class. ``scheme`` is one of
    ``SCHEMES``; by default natural breaks below 30 areas, where every gap shows, else quantiles.

    >>> classes(pd.Series([1.2, 2.6, 7.1, 9.9]), k=2).words
    ('1 to 3', '7 to 10')
    """
    known = values.dropna()
    scheme = one_of(scheme or ("natural breaks" if len(known) < 30 else "quantiles"), SCHEMES, "scheme")
    if not pd.api.types.is_numeric_dtype(known):
        kinds = tuple(sorted(known.unique()))
        return Classes(known.map({kind: n for n, kind in enumerate(kinds)}), kinds)
    known = known.round(decimals)
    singles = np.unique(known)
    if len(singles) <= 10 and len(known) > 30:
        return Classes(
            known.map({value: n for n, value in enumerate(singles)}),
            tuple(words.number(value, decimals) for value in singles),
        )
    k = max(1, min(k, len(singles), (len(known) + 1) // 2))
    edges = _edges(known.to_numpy(), scheme, k)
    numbers = pd.Series(np.searchsorted(np.unique(edges)[:-1], known), known.index)
    numbers = numbers.map({old: new for new, old in enumerate(np.unique(numbers))})
    spans = known.groupby(numbers).agg(["min", "max"])
    said_as = [[words.number(edge, decimals) for edge in span] for span in spans.itertuples(index=False)]
    return Classes(numbers, tuple(low if low == high else f"{low} to {high}" for low, high in said_as))


def _edges(values: np.ndarray, scheme: str, k: int) -> np.ndarray:
    """The highest value of each of ``k`` classes."""
    if scheme == "quantiles":
        return np.percentile(values, np.linspace(100 / k, 100, k))
    if scheme == "equal intervals":
        return np.linspace(values.min(), values.max(), k + 1)[1:]
    return _natural_breaks(np.sort(values), k)


def _natural_breaks(values: np.ndarray, k: int) -> np.ndarray:
    """The highest value of each of the ``k`` classes of sorted values that differ least within (Fisher 1958).

    >>> _natural_breaks(np.array([1.0, 2.0, 8.0, 9.0, 30.0]), 3).tolist()
    [2.0, 9.0, 30.0]
    """
    n, centred = len(values), values - values.mean()
    counts, sums, squares = np.arange(n + 1), np.r_[0, centred.cumsum()], np.r_[0, (centred**2).cumsum()]
    many = np.maximum(counts[None, :] - counts[:, None], 1)
    within = squares[None, :] - squares[:, None] - (sums[None, :] - sums[:, None]) ** 2 / many  # of values[row:column]
    within[np.tri(n + 1, dtype=bool)] = np.inf
    least, begins = within[0], []
    for _ in range(1, k):
        spread = least[:, None] + within
        begins.append(spread.argmin(axis=0))
        least = spread.min(axis=0)
    ends = [n]
    for begin in reversed(begins):
        ends.append(int(begin[ends[-1]]))
    return values[np.array(ends[::-1]) - 1]
