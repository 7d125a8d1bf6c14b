"""The cohort-component model: one run of it by place, sex, single age and year, and the places it knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from ics_core import catalogue
from ics_core.brief import Brief
from ics_core.errors import PopulationError
from ics_core.kept import MEGABYTE, kept, read_only
from ics_core.population import implied
from ics_core.population.implied import AGES, FEMALE, FOOTPRINT, MOTHERS, SEXES
from ics_core.scenario import BASES, Scenario

PLACE_TYPES = ("footprint", "locality", "district")
LEVERS = ("fertility", "mortality", "migration", "retirement_migration", "life_expectancy")
UNIT = "residents"


@dataclass(frozen=True, repr=False)
class Projection(Brief):
    """One run of the model. Arrays are read-only; ``places`` and ``years`` name their first and last axis.

    ``people`` [place, sex, age, year]; ``births`` [place, sex, flow year]; ``deaths`` and ``migration``
    [place, sex, age, flow year], both by age at the end of the year (a child who dies in the year of its
    birth counts at age 0). ``flow_years`` are the years after the first.
    """

    basis: str
    places: tuple[str, ...]
    years: np.ndarray
    people: np.ndarray
    births: np.ndarray
    deaths: np.ndarray
    migration: np.ndarray

    @property
    def flow_years(self) -> np.ndarray:
        """Years ending mid-year of the births, deaths and moves: all but the first."""
        return self.years[1:]


# ------------------------------------------------------------------------------------------- places


def places() -> pd.DataFrame:
    """The fourteen places in the order of the arrays: place_code, place, place_type."""
    return _places().copy(deep=False)  # copy on write: what is kept stays as it is


@cache
def _places() -> pd.DataFrame:
    parts = implied.parts()
    names = catalogue.table("base_population").drop_duplicates("area_code").set_index("area_code")["area_name"]
    codes = [FOOTPRINT, *parts.localities, *parts.districts]
    kinds = ["footprint"] + ["locality"] * len(parts.localities) + ["district"] * len(parts.districts)
    short = [re.sub(r"^NHS | CCG$| ICB footprint$", "", names[code]) for code in codes]
    return pd.DataFrame({"place_code": codes, "place": short, "place_type": kinds})


@cache
def place_names() -> Mapping[str, str]:
    """Name of each place by code; North Norfolk, Norwich and South Norfolk are each a locality and a district."""
    return MappingProxyType(dict(zip(_places()["place_code"], _places()["place"])))


@cache
def codes() -> tuple[str, ...]:
    """Codes of the places in the order of the arrays."""
    return tuple(_places()["place_code"])


def codes_frame(which: list[str]) -> pd.DataFrame:
    """``places`` of these codes, in their order."""
    return places().set_index("place_code").loc[which].reset_index()


@cache
def sums() -> np.ndarray:
    """Which parts make up which place [place, part]: 1 or 0."""
    parts = implied.parts()
    made = np.concatenate([np.ones((1, len(parts.district))), parts.in_locality, parts.in_district])
    read_only(made)
    return made


def positions(which: str | Iterable[str]) -> list[int]:
    """Places in the arrays of those named: a type, a code or several codes."""
    frame = places()
    if isinstance(which, str):
        which = frame.loc[frame["place_type"] == which, "place_code"] if which in PLACE_TYPES else [which]
    codes = list(frame["place_code"])
    found = []
    for code in which:
        if code not in codes:
            raise PopulationError(
                f"place: {code!r} is not modelled. Give one of {', '.join(PLACE_TYPES)}, or a code: {', '.join(codes)}."
            )
        found.append(codes.index(code))
    return found


def ages_of(age_group: str) -> slice:
    """Single ages of a group written '65+', '15-64', '40' or 'all ages', as a slice of the age axis.

    Raises ``PopulationError`` for anything else, or ages outside 0 to 90 (90 is 90 and over).
    """
    text = str(age_group).strip().lower()
    if text == "all ages":
        return slice(0, 91)
    match = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2})|(\+))?", text)
    if match:
        low = int(match[1])
        high = 90 if match[3] else int(match[2] or low)
        if low <= high <= 90:
            return slice(low, high + 1)
    raise PopulationError(
        f"age_group: {age_group!r} is not understood. Write 'all ages', '65+', '15-64' or '40'; ages run from 0 to 90."
    )


def year_position(result: Projection, year: int) -> int:
    """Place in the arrays of a year; a PopulationError names the first and last."""
    if year not in result.years:
        first, last = result.years[[0, -1]]
        raise PopulationError(f"year: {year!r} is outside {BASES[result.basis]}. Choose a year from {first} to {last}.")
    return int(year - result.years[0])


# -------------------------------------------------------------------------------------------- model


def run(scenario: Scenario = Scenario()) -> Projection:
    """The population by place, sex, single age and year, with births, deaths and net migration."""
    return _run(scenario.basis, *(scenario[lever] for lever in LEVERS))


@kept(60 * MEGABYTE)
def _run(
    basis: str, fertility: float, mortality: float, migration: float, retirement: float, life_expectancy: float
) -> Projection:
    inputs = implied.inputs(basis)
    asked = (fertility, mortality, migration, retirement, life_expectancy)
    people, births = evolve(inputs, *(np.array([value]) for value in asked))
    people, births = people[:, 0], births[:, 0]
    factor = _mortality_factor(inputs, np.array([mortality]), np.array([life_expectancy]))[:, 0]
    dying, dying_infants = inputs.death * factor, inputs.infant_death * factor[..., 0]
    lost = people[:-1] * dying
    deaths = np.concatenate([(births * dying_infants)[..., None], lost[..., :-1]], axis=-1)
    deaths[..., -1] += lost[..., -1]
    survivors = implied.survivors(people[:-1], births, dying, dying_infants)
    moved = _migration(inputs, np.array([migration]), np.array([retirement]))[:, 0]
    moved = np.maximum(moved, -survivors)  # no more can leave than are there
    result = Projection(
        basis=basis,
        places=tuple(places()["place_code"]),
        years=inputs.years,
        people=_by_place(people),
        births=_by_place(births),
        deaths=_by_place(deaths),
        migration=_by_place(moved),
    )
    read_only(result.years, result.people, result.births, result.deaths, result.migration)
    return result


def evolve(
    inputs: implied.Inputs,
    fertility: np.ndarray,
    mortality: np.ndarray,
    migration: np.ndarray,
    retirement: np.ndarray,
    life_expectancy: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """People [year, run, part, sex, age] and births [year, run, part, sex] of several runs at once."""
    steps, runs = len(inputs.death), len(fertility)
    people = np.empty((steps + 1, runs, *inputs.start.shape))
    births = np.empty((steps, runs, *inputs.start.shape[:2]))
    people[0] = inputs.start
    factor = _mortality_factor(inputs, mortality, life_expectancy)
    alive = 1 - inputs.death[:, None] * factor
    infants_alive = 1 - inputs.infant_death[:, None] * factor[..., 0]
    moved = _migration(inputs, migration, retirement)
    rates = (
        inputs.fertility[:, None] * (1 + fertility / 100)[:, None, None] / 2
    )  # half: women of start and end are added up
    for t in range(steps):
        now, then = people[t], people[t + 1]
        surviving = now * alive[t]
        then[..., 1:] = surviving[..., :-1]
        then[..., -1] += surviving[..., -1]
        then[..., 1:] += moved[t, ..., 1:]
        np.maximum(then, 0.0, out=then, where=AGES > 0)
        women = now[..., FEMALE, MOTHERS] + then[..., FEMALE, MOTHERS]
        births[t] = (women * rates[t]).sum(-1)[..., None] * inputs.sex_at_birth[t]
        then[..., 0] = np.maximum(births[t] * infants_alive[t] + moved[t, ..., 0], 0.0)
    return people, births


def _mortality_factor(inputs: implied.Inputs, mortality: np.ndarray, life_expectancy: np.ndarray) -> np.ndarray:
    """What two levers multiply death rates by [year, run, 1, 1, age].

    One is alike at every age and phased in evenly; the other follows the published variants by age and year,
    on the parabola through low (−100), principal (0) and high life expectancy (100).
    """
    steps = len(inputs.death)
    even = 1 + (np.arange(1, steps + 1) / steps)[:, None] * mortality / 100
    low, high = (ratios[:, None] - 1 for ratios in implied.variants_of_deaths(int(inputs.years[0]) + 1, steps))
    along = life_expectancy[:, None] / 100
    varied = 1 + along * (high - low) / 2 + along**2 * (high + low) / 2
    return (even[..., None] * varied)[:, :, None, None]


def _migration(inputs: implied.Inputs, migration: np.ndarray, retirement: np.ndarray) -> np.ndarray:
    """Net migration with both levers [year, run, part, sex, age]."""
    extra = migration[:, None, None, None] * inputs.newcomers
    return inputs.migration[:, None] + extra + retirement[:, None, None, None] / 100 * inputs.retirement[:, None]


def _by_place(values: np.ndarray) -> np.ndarray:
    """[year, part, ...] summed to places: [place, ..., year]."""
    summed = sums() @ values.reshape(*values.shape[:2], -1)  # [year, place, rest]
    return np.ascontiguousarray(np.moveaxis(summed, 0, -1)).reshape(len(sums()), *values.shape[2:], len(values))


def project(scenario: Scenario = Scenario()) -> pd.DataFrame:
    """The population as a tidy table, one row per place, sex, age and year.

    Columns: place_code, place, place_type, sex, age (90 = 90 and over), year, population (residents).
    Footprint, localities and districts overlap: keep to one place_type when adding up.
    """
    result = run(scenario)
    return _skeleton(scenario.basis).assign(population=result.people.reshape(-1))


@cache
def _skeleton(basis: str) -> pd.DataFrame:
    """All columns but the population, in the order of the array; text as categories to be quick."""
    years, frame = implied.inputs(basis).years, places()
    place, sex, age, year = (grid.reshape(-1) for grid in np.indices((len(frame), 2, 91, len(years)), dtype=np.int16))
    kinds = frame["place_type"].map(PLACE_TYPES.index).to_numpy()
    names = list(dict.fromkeys(frame["place"]))  # North Norfolk is a locality and a district
    name_of_place = np.array([names.index(name) for name in frame["place"]])
    return pd.DataFrame(
        {
            "place_code": pd.Categorical.from_codes(place, frame["place_code"]),
            "place": pd.Categorical.from_codes(name_of_place[place], names),
            "place_type": pd.Categorical.from_codes(kinds[place], PLACE_TYPES),
            "sex": pd.Categorical.from_codes(sex, SEXES),
            "age": age,
            "year": (years[0] + year).astype(np.int16),
        }
    )
