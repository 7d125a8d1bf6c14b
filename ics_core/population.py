"""How many people will live where: a cohort-component model by single year of age, sex and place.

Each year people grow a year older, some die, women have children, and people move in and out. With no
lever moved the result is the official projection (see ``implied``); levers change birth rates, death
rates and migration from there. All figures are *residents* at 30 June. Years of births, deaths and
migration are named by the June in which they end.

>>> table = project(Scenario(fertility=-10))      # one row per place, sex, age and year
>>> result = run(Scenario(fertility=-10))         # the same as arrays, with births, deaths and migration

Places are the footprint, the five localities (former CCGs) and the eight districts (Waveney apart from
the rest of East Suffolk). Wherever a function takes ``places``, give a place type ("district"), a code,
or several codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np
import pandas as pd

from ics_core import catalogue, implied
from ics_core.implied import AGES, BANDS, FEMALE, FOOTPRINT, MOTHERS, SEXES
from ics_core.scenario import BASES, Scenario, levers

PLACE_TYPES = ("footprint", "locality", "district")
BROAD_AGES = ("0-14", "15-64", "65-74", "75-84", "85+")
LEVERS = ("fertility", "mortality", "migration", "retirement_migration")
BAND = (10.0, 90.0)  # percentiles between which 80 of 100 draws lie
_UNIT = "residents"


class PopulationError(ValueError):
    """A place, year or age group the model does not have; the message says which it has."""


@dataclass(frozen=True)
class Projection:
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
        return self.years[1:]


# ------------------------------------------------------------------------------------------- places


@cache
def places() -> pd.DataFrame:
    """The fourteen places in the order of the arrays: place_code, place, place_type."""
    parts = implied.parts()
    names = catalogue.table("base_population").drop_duplicates("area_code").set_index("area_code")["area_name"]
    codes = [FOOTPRINT, *parts.localities, *parts.districts]
    kinds = ["footprint"] + ["locality"] * len(parts.localities) + ["district"] * len(parts.districts)
    short = [re.sub(r"^NHS | CCG$| ICB footprint$", "", names[code]) for code in codes]
    return pd.DataFrame({"place_code": codes, "place": short, "place_type": kinds})


@cache
def place_names() -> dict[str, str]:
    """Name of each place by code; North Norfolk, Norwich and South Norfolk are each a locality and a district."""
    return dict(zip(places()["place_code"], places()["place"]))


@cache
def _sums() -> np.ndarray:
    """Which parts make up which place [place, part]: 1 or 0."""
    parts = implied.parts()
    return np.concatenate([np.ones((1, len(parts.district))), parts.in_locality, parts.in_district])


def _positions(which: str | Iterable[str]) -> list[int]:
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


def _year_position(result: Projection, year: int) -> int:
    if year not in result.years:
        first, last = result.years[[0, -1]]
        raise PopulationError(f"year: {year!r} is outside {BASES[result.basis]}. Choose a year from {first} to {last}.")
    return int(year - result.years[0])


# -------------------------------------------------------------------------------------------- model


def run(scenario: Scenario = Scenario()) -> Projection:
    """The population by place, sex, single age and year, with births, deaths and net migration."""
    return _run(scenario.basis, *(scenario[lever] for lever in LEVERS))


@lru_cache(maxsize=32)
def _run(basis: str, fertility: float, mortality: float, migration: float, retirement: float) -> Projection:
    inputs = implied.inputs(basis)
    people, births = _evolve(inputs, *(np.array([value]) for value in (fertility, mortality, migration, retirement)))
    people, births = people[:, 0], births[:, 0]
    dying = inputs.death * _mortality_factor(inputs, np.array([mortality]))[:, 0]
    dying_infants = inputs.infant_death * _mortality_factor(inputs, np.array([mortality]))[:, 0, ..., 0]
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
    for values in (result.people, result.births, result.deaths, result.migration):
        values.flags.writeable = False
    return result


def _evolve(
    inputs: implied.Inputs, fertility: np.ndarray, mortality: np.ndarray, migration: np.ndarray, retirement: np.ndarray
):
    """People [year, run, part, sex, age] and births [year, run, part, sex] of several runs at once."""
    steps, runs = len(inputs.death), len(fertility)
    people = np.empty((steps + 1, runs, *inputs.start.shape))
    births = np.empty((steps, runs, *inputs.start.shape[:2]))
    people[0] = inputs.start
    factor = _mortality_factor(inputs, mortality)
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


def _mortality_factor(inputs: implied.Inputs, mortality: np.ndarray) -> np.ndarray:
    """What the lever multiplies death rates by, phased in evenly [year, run, 1, 1, 1]."""
    steps = len(inputs.death)
    phase = np.arange(1, steps + 1) / steps
    return (1 + phase[:, None] * mortality / 100)[..., None, None, None]


def _migration(inputs: implied.Inputs, migration: np.ndarray, retirement: np.ndarray) -> np.ndarray:
    """Net migration with both levers [year, run, part, sex, age]."""
    extra = migration[:, None, None, None] * inputs.newcomers
    return inputs.migration[:, None] + extra + retirement[:, None, None, None] / 100 * inputs.retirement[:, None]


def _by_place(values: np.ndarray) -> np.ndarray:
    """[year, part, ...] summed to places: [place, ..., year]."""
    summed = _sums() @ values.reshape(*values.shape[:2], -1)  # [year, place, rest]
    return np.ascontiguousarray(np.moveaxis(summed, 0, -1)).reshape(len(_sums()), *values.shape[2:], len(values))


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


# ------------------------------------------------------------------------------------------ answers


def _tidy(which: list[int], values: np.ndarray, axes: Mapping[str, Iterable], value: str, unit: str) -> pd.DataFrame:
    """Tidy rows from ``values`` [place, *axes]."""
    chosen = places().iloc[which]
    index = pd.MultiIndex.from_product([range(len(which)), *axes.values()], names=["_", *axes])
    frame = index.to_frame(index=False)
    frame[value] = np.asarray(values, dtype=float).reshape(-1)
    frame["unit"] = unit
    for position, column in enumerate(("place_code", "place", "place_type")):
        frame.insert(position, column, chosen[column].to_numpy()[frame["_"]])
    return frame.drop(columns="_")


def totals(
    scenario: Scenario = Scenario(), places: str | Iterable[str] = "district", age_group: str = "all ages"
) -> pd.DataFrame:
    """Projected residents by year: place_code, place, place_type, age_group, year, population, unit."""
    result, which = run(scenario), _positions(places)
    people = result.people[which][:, :, ages_of(age_group)].sum((1, 2))
    frame = _tidy(which, people, {"year": result.years}, "population", _UNIT)
    frame.insert(3, "age_group", age_group)
    return frame


def ages(
    place: str | Iterable[str] = FOOTPRINT, year: int | None = None, scenario: Scenario = Scenario()
) -> pd.DataFrame:
    """Residents by sex and single age in one year (the first, if not given), for a pyramid.

    Columns: place_code, place, place_type, sex, age, population, unit.
    """
    result, which = run(scenario), _positions(place)
    at = _year_position(result, result.years[0] if year is None else year)
    return _tidy(which, result.people[which][..., at], {"sex": SEXES, "age": AGES}, "population", _UNIT)


def components(scenario: Scenario = Scenario(), places: str | Iterable[str] = FOOTPRINT) -> pd.DataFrame:
    """Births, deaths and net migration by year ending June: ..., year, component, value, unit."""
    result, which = run(scenario), _positions(places)
    flows = {
        "births": result.births[which].sum(1),
        "deaths": result.deaths[which].sum((1, 2)),
        "net migration": result.migration[which].sum((1, 2)),
    }
    return _tidy(
        which,
        np.stack(list(flows.values()), axis=-1),
        {"year": result.flow_years, "component": flows},
        "value",
        "people a year",
    )


def shares(scenario: Scenario = Scenario(), places: str | Iterable[str] = "district") -> pd.DataFrame:
    """Older people in proportion, by year: ..., year, measure, value, unit.

    Measures: '65 and over', '75 and over', '85 and over' (% of residents), and 'dependency ratio' (residents
    of 0-15 and of 65 and over for every 100 of 16-64).
    """
    result, which = run(scenario), _positions(places)
    people = result.people[which].sum(1)
    everyone, working = people.sum(1), people[:, 16:65].sum(1)
    measures = {f"{age} and over": 100 * people[:, age:].sum(1) / everyone for age in (65, 75, 85)}
    measures["dependency ratio"] = 100 * (everyone - working) / working
    frame = _tidy(
        which,
        np.stack(list(measures.values()), axis=-1),
        {"year": result.years, "measure": measures},
        "value",
        "% of residents",
    )
    frame.loc[frame["measure"] == "dependency ratio", "unit"] = "residents of 0-15 and 65+ per 100 of 16-64"
    return frame


def growth(
    scenario: Scenario = Scenario(),
    from_year: int | None = None,
    to_year: int | None = None,
    age_group: str = "all ages",
    places: str | Iterable[str] = "district",
) -> pd.DataFrame:
    """Change between two years (the first and last, if not given), fastest-growing place first.

    Columns: place_code, place, place_type, age_group, from_year, to_year, before, after, change, unit, percent.
    """
    result, which = run(scenario), _positions(places)
    from_year = int(result.years[0]) if from_year is None else from_year
    to_year = int(result.years[-1]) if to_year is None else to_year
    people = result.people[which][:, :, ages_of(age_group)].sum((1, 2))
    before, after = (people[:, _year_position(result, year)] for year in (from_year, to_year))
    frame = _tidy(which, before, {}, "before", _UNIT).assign(
        after=after, change=after - before, percent=100 * (after / before - 1)
    )
    frame = frame.assign(age_group=age_group, from_year=from_year, to_year=to_year)
    order = [
        "place_code",
        "place",
        "place_type",
        "age_group",
        "from_year",
        "to_year",
        "before",
        "after",
        "change",
        "unit",
        "percent",
    ]
    return frame[order].sort_values("percent", ascending=False, ignore_index=True)


# ------------------------------------------------------------------------------------------- ranges


@dataclass(frozen=True)
class Draws:
    """Many runs of the model, with levers drawn from their ranges.

    The runs are not stored one by one: ``node_people`` [node, place, sex, age, year] are a few runs of the
    model, and ``weights`` [draw, node] say how each draw lies between them, so that any sum over people
    of all draws is ``combine(sum over people of the nodes)``. In the two migration levers and in fertility
    this is exact (people depend on them linearly and, over two generations, quadratically); in mortality it
    is a cubic through four runs. A test holds draws against runs of their own.
    """

    basis: str
    places: tuple[str, ...]
    years: np.ndarray
    levers: Mapping[str, np.ndarray]
    ranges: Mapping[str, tuple[float, float]]
    weights: np.ndarray
    node_people: np.ndarray

    def combine(self, node_values: np.ndarray) -> np.ndarray:
        """Values of all draws [draw, ...] from those of the nodes [node, ...], linear in people."""
        flat = np.asarray(node_values).reshape(len(node_values), -1)
        return (self.weights @ flat).reshape(len(self.weights), *np.shape(node_values)[1:])

    def people(self, age_group: str = "all ages", places: str | Iterable[str] | None = None) -> np.ndarray:
        """Residents of an age group [draw, place, year]; all places unless some are named."""
        which = slice(None) if places is None else _positions(places)
        return self.combine(self.node_people[:, which, :, ages_of(age_group)].sum((2, 3)))

    @cached_property
    def broad(self) -> np.ndarray:
        """Residents by broad age group [draw, place, age group, year], groups as in ``BROAD_AGES``."""
        groups = [self.node_people[:, :, :, ages_of(group)].sum((2, 3)) for group in BROAD_AGES]
        return self.combine(np.stack(groups, axis=2))


def default_ranges(scenario: Scenario = Scenario()) -> dict[str, tuple[float, float]]:
    """Low and high of each population lever: the range the scenario sets, else the observed one, moved to where the lever is."""
    found = {}
    for lever in (levers()[i] for i in LEVERS):
        away = scenario[lever.id] - lever.default
        usual = max(lever.low, lever.observed_low + away), min(lever.high, lever.observed_high + away)
        found[lever.id] = scenario.range_of(lever.id) or usual
    return found


def project_draws(
    scenario: Scenario = Scenario(),
    draws: int = 1000,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> Draws:
    """``draws`` runs with the four population levers drawn from ``ranges`` (lever id: low, high).

    A lever not named keeps the range of the scenario (``default_ranges``); low = high holds it still. Each lever is drawn on its own from a
    triangle between low and high with its peak at the scenario's value, evenly stratified, from ``seed``.
    Raises ``ScenarioError`` or ``PopulationError`` naming the lever, the value and the allowed range.
    """
    if not isinstance(draws, int) or not 1 <= draws <= 100_000:
        raise PopulationError(
            f"draws: {draws!r} is outside the allowed range. Choose a whole number from 1 to 100,000."
        )
    wanted = default_ranges(scenario)
    for lever_id, limits in (ranges or {}).items():
        if lever_id not in LEVERS:
            raise PopulationError(f"ranges: {lever_id!r} is not a population lever. Choose from {', '.join(LEVERS)}.")
        low, high = (levers()[lever_id].check(limit) for limit in limits)
        if low > high:
            raise PopulationError(f"ranges: {lever_id} has low {low} above high {high}. Give the lower value first.")
        wanted[lever_id] = (low, high)
    return _draws(scenario.basis, tuple(scenario[i] for i in LEVERS), tuple(wanted[i] for i in LEVERS), draws, seed)


@lru_cache(maxsize=4)
def _draws(
    basis: str, peaks: tuple[float, ...], ranges: tuple[tuple[float, float], ...], draws: int, seed: int
) -> Draws:
    inputs = implied.inputs(basis)
    drawn = _triangles(np.array(ranges, float), np.array(peaks, float), draws, np.random.default_rng(seed))
    nodes, weights = _nodes(np.array(ranges, float), drawn)
    people, _ = _evolve(inputs, *nodes.T)
    summed = _sums() @ people.reshape(*people.shape[:2], people.shape[2], -1)  # [year, node, place, sex x age]
    summed = np.moveaxis(summed, 0, -1).reshape(len(nodes), len(_sums()), 2, 91, -1)
    return Draws(
        basis,
        tuple(places()["place_code"]),
        inputs.years,
        dict(zip(LEVERS, drawn.T)),
        dict(zip(LEVERS, ranges)),
        weights,
        summed,
    )


def _triangles(ranges: np.ndarray, peaks: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    """Draws from triangles [draw, lever]; the same seed gives the same ranks whatever the ranges."""
    ranks = np.column_stack([random.permutation(draws) for _ in peaks])
    chance = (ranks + random.random((draws, len(peaks)))) / draws
    low, high = ranges.T
    width = high - low
    peak = np.clip(peaks, low, high)
    below = np.divide(peak - low, width, out=np.zeros_like(width), where=width > 0)
    rising = low + np.sqrt(chance * width * (peak - low))
    falling = high - np.sqrt((1 - chance) * width * (high - peak))
    return np.where(chance < below, rising, falling)


def _nodes(ranges: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lever settings of the runs to make [node, lever], and the weight of each in each draw [draw, node]."""
    fertility, by_fertility = _polynomial(*ranges[0], drawn[:, 0], points=3)
    mortality, by_mortality = _polynomial(*ranges[1], drawn[:, 1], points=4)
    (low_m, high_m), (low_r, high_r) = ranges[2:]
    moves = np.array([[low_m, low_r], [high_m, low_r], [low_m, high_r]])
    along_m, along_r = ((drawn[:, 2 + i] - low) / (high - low or 1.0) for i, (low, high) in enumerate(ranges[2:]))
    by_moves = np.column_stack([1 - along_m - along_r, along_m, along_r])
    settings = [[f, m, *pair] for f in fertility for m in mortality for pair in moves]
    weights = np.einsum("df,dm,dp->dfmp", by_fertility, by_mortality, by_moves).reshape(len(drawn), -1)
    return np.array(settings), weights


def _polynomial(low: float, high: float, values: np.ndarray, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Chebyshev points between low and high, and Lagrange weights of ``values`` on them [value, point]."""
    if low == high:
        return np.array([low]), np.ones((len(values), 1))
    at = (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * np.arange(points) / (points - 1))
    weights = [np.prod([(values - other) / (point - other) for other in at if other != point], axis=0) for point in at]
    return at, np.column_stack(weights)


def bands(
    scenario: Scenario = Scenario(),
    places: str | Iterable[str] = "district",
    age_group: str = "all ages",
    draws: int = 1000,
    seed: int = 1,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """The projected line with its 80% band: ..., age_group, year, population, low, high, unit.

    The band covers the ranges of the levers drawn, not everything that may happen.
    """
    some = project_draws(scenario, draws, seed, ranges)
    low, high = np.percentile(some.people(age_group, places), BAND, axis=0)
    frame = totals(scenario, places, age_group)
    frame.insert(6, "low", low.reshape(-1))
    frame.insert(7, "high", high.reshape(-1))
    return frame


# ------------------------------------------------------------------------------ published, beside ours


def official(
    basis: str = "ons-2022", places: str | Iterable[str] = "district", age_group: str = "all ages"
) -> pd.DataFrame:
    """The projection as published, not carried on from a later estimate: ..., age_group, year, population, unit, kind.

    ``ons-2022``: districts and footprint, from mid-2022. ``ons-2018``: localities and footprint by five-year
    group (give an age group that is made of them), districts in total. Other combinations are not
    published and give no rows. ``kind`` says what was derived.
    """
    which = _positions(places)
    codes = [_codes()[i] for i in which]
    if basis == "ons-2022":
        table = catalogue.table("projections_2022_by_sex")
        rows = table[table["area_code"].isin(codes) & _within(table["age"], table["age"], age_group)]
    elif basis == "ons-2018":
        table = catalogue.table("projections_2018")
        table = table[table["sex"].isin(SEXES) & (table["age_group"] != "All ages")]
        rows = table[table["area_code"].isin(codes) & _within(table["age_from"], table["age_to"].fillna(90), age_group)]
        rows = rows.assign(kind="published")
        if age_group == "all ages":
            rows = pd.concat([rows, _district_totals_2018(codes)])
    else:
        raise PopulationError(f"basis: {basis!r} is not an official projection in use. Choose {' or '.join(BASES)}.")
    kinds = rows.groupby("area_code")["kind"].agg(
        lambda kinds: next((k for k in kinds if k != "published"), "published")
    )
    summed = rows.groupby(["area_code", "year"], as_index=False)["population"].sum()
    frame = _codes_frame(codes).merge(summed, left_on="place_code", right_on="area_code").drop(columns="area_code")
    frame.insert(3, "age_group", age_group)
    return frame.assign(unit=_UNIT, kind=frame["place_code"].map(kinds))


def _codes() -> tuple[str, ...]:
    return tuple(places()["place_code"])


def _codes_frame(codes: list[str]) -> pd.DataFrame:
    return places().set_index("place_code").loc[codes].reset_index()


def _within(low: pd.Series, high: pd.Series, age_group: str) -> pd.Series:
    wanted = ages_of(age_group)
    inside = (low >= wanted.start) & (high < wanted.stop)
    across = ~inside & (high >= wanted.start) & (low < wanted.stop)
    if across.any():
        raise PopulationError(
            f"age_group: {age_group!r} cuts through published five-year groups. Use ages such as 65+ or 15-64."
        )
    return inside


def _district_totals_2018(codes: list[str]) -> pd.DataFrame:
    table = catalogue.table("components")
    rows = table[
        (table["source"] == "snpp_2018_table5") & (table["component"] == "population") & table["sex"].isin(SEXES)
    ]
    rows = rows[rows["area_code"].isin(set(codes) - {FOOTPRINT})]
    return rows.rename(columns={"value": "population"}).assign(kind="published")[
        ["area_code", "year", "population", "kind"]
    ]


def estimates(places: str | Iterable[str] = "district", age_group: str = "all ages") -> pd.DataFrame:
    """Published mid-year estimates: ..., age_group, year, population, unit, series.

    Totals of the Norfolk districts run from 1991, rebased to the Census of 2021. By age, and for Waveney, the
    localities and the footprint, there are mid-2019 and mid-2020 (as first released, before that Census; mid-2018
    too where a projection starts from it), mid-2023 and mid-2024: ``series`` tells them apart, and no line should join them.
    """
    which = _positions(places)
    codes = [_codes()[i] for i in which]
    table = catalogue.table("base_population")
    rows = table[table["area_code"].isin(codes) & _within(table["age"], table["age"], age_group)]
    rows = rows.groupby(["area_code", "year"], as_index=False)["population"].sum()
    rows["series"] = np.where(rows["year"] < 2021, "before the 2021 Census", "after the 2021 Census")
    if age_group == "all ages":
        long = catalogue.table("population_totals")
        long = long[long["area_code"].isin(codes) & (long["sex"] == "persons")].assign(
            series="rebased to the 2021 Census"
        )
        rows = pd.concat(
            [rows[~rows["area_code"].isin(long["area_code"])], long[["area_code", "year", "population", "series"]]]
        )
    frame = _codes_frame(codes).merge(rows, left_on="place_code", right_on="area_code").drop(columns="area_code")
    frame.insert(3, "age_group", age_group)
    return frame.assign(unit=_UNIT, population=frame["population"].astype(float))


# -------------------------------------------------------------------------------------- how good is it


def back_test() -> pd.DataFrame:
    """The published 2018-based projection of mid-2024 against the mid-2024 estimate, by district and footprint.

    Columns: place_code, place, place_type, year, projected, estimate, difference, unit, percent.
    """
    year, codes = 2024, [*implied.parts().districts, FOOTPRINT]
    projected = official("ons-2018", codes).query("year == @year").set_index("place_code")["population"]
    estimate = estimates(codes).query("year == @year").set_index("place_code")["population"]
    frame = _codes_frame(codes).assign(year=year)
    frame["projected"] = projected.loc[codes].to_numpy()
    frame["estimate"] = estimate.loc[codes].to_numpy()
    frame["difference"] = frame["projected"] - frame["estimate"]
    return frame.assign(unit=_UNIT, percent=100 * frame["difference"] / frame["estimate"])


def calibration() -> pd.DataFrame:
    """How closely the model, with no lever moved, repeats what is published.

    One row per check: basis, check, cells, largest_people (largest difference, residents or events a year),
    largest_percent (of the published cell), allowed. The published side is read from the tables afresh.
    """
    rows = [*_checks_2018(), *_checks_2022()]
    return pd.DataFrame(rows, columns=["basis", "check", "cells", "largest_people", "largest_percent", "allowed"])


def _check(
    basis: str,
    check: str,
    ours: np.ndarray,
    published: np.ndarray,
    allowed: str,
    above: float = 0.0,
    per: np.ndarray | None = None,
) -> tuple:
    """One row; per cent of ``per`` (the published cell unless given) in cells above ``above``."""
    off, base = np.abs(ours - published), published if per is None else per
    percent = 100 * np.divide(off, base, out=np.zeros_like(off), where=base > above)
    return basis, check, off.size, float(off.max()), float(percent.max()), allowed


def _published(table: str, codes: list[str], age: str, **wanted: object) -> np.ndarray:
    """Published people [place, sex, age, year] of a projection."""
    rows = catalogue.table(table)
    rows = rows[rows["area_code"].isin(codes) & rows["sex"].isin(SEXES)]
    for column, value in wanted.items():
        rows = rows[rows[column] != value]
    grid = rows.pivot_table(index=["area_code", "sex", age], columns="year", values="population").sort_index()
    return grid.to_numpy().reshape(len(codes), 2, -1, grid.shape[1])


def _components_2018(component: str) -> np.ndarray:
    """A published component [district, sex, year]."""
    codes, rows = list(implied.parts().districts), catalogue.table("components")
    rows = rows[(rows["source"] == "snpp_2018_table5") & (rows["component"] == component) & rows["sex"].isin(SEXES)]
    grid = rows[rows["area_code"].isin(codes)].pivot_table(index=["area_code", "sex"], columns="year", values="value")
    return grid.sort_index().to_numpy().reshape(len(codes), 2, -1)


def _checks_2018() -> list[tuple]:
    basis, result = "ons-2018", run(Scenario(basis="ons-2018"))
    localities, districts = _positions("locality"), _positions("district")
    published = _published("projections_2018", [_codes()[i] for i in localities], "age_from", age_group="All ages")
    banded = np.add.reduceat(result.people, np.unique(BANDS, return_index=True)[1], axis=2)
    table = catalogue.table("projections_2018")
    total = table[(table["area_code"] == FOOTPRINT) & (table["sex"] == "persons") & (table["age_group"] == "All ages")]
    total = total.sort_values("year")["population"].to_numpy()
    return [
        _check(
            basis,
            "each locality, sex, five-year age group and year; per cent of cells above 500",
            banded[localities],
            published,
            "0.1%",
            above=500,
        ),
        _check(basis, "footprint in total, each year", result.people[0].sum((0, 1)), total, "nearest 10"),
        _check(
            basis,
            "each district in total, by sex and year",
            result.people[districts].sum(2),
            _components_2018("population"),
            "0.1%",
        ),
        _check(
            basis, "births, each district, sex and year", result.births[districts], _components_2018("births"), "0.1%"
        ),
        _check(
            basis,
            "deaths, each district, sex and year",
            result.deaths[districts].sum(2),
            _components_2018("deaths"),
            "0.1%",
        ),
    ]


def _checks_2022() -> list[tuple]:
    basis, result = "ons-2022", run()
    districts = _positions("district")
    published = _published("projections_2022_by_sex", [_codes()[i] for i in districts], "age")[
        ..., result.years[0] - 2022 :
    ]
    ours = result.people[districts]
    change, wanted = ours - ours[..., :1], published - published[..., :1]
    bands = np.arange(0, 65, 5)
    young = [np.add.reduceat(values[:, :, :65].sum((0, 1)), bands, axis=0) for values in (change, wanted, published)]
    said = "change since mid-2024; per cent of the published number"
    everyone, under = (1, 2), slice(0, 65)
    return [
        _check(
            basis,
            f"each district, all ages: {said}",
            change.sum(everyone),
            wanted.sum(everyone),
            "0.1%",
            per=published.sum(everyone),
        ),
        _check(
            basis,
            f"each district, 0-64: {said}",
            change[:, :, under].sum(everyone),
            wanted[:, :, under].sum(everyone),
            "0.1%",
            per=published[:, :, under].sum(everyone),
        ),
        _check(
            basis,
            f"each district, each age from 65, by sex: {said}",
            change[:, :, 65:],
            wanted[:, :, 65:],
            "0.1%",
            per=published[:, :, 65:],
        ),
        _check(basis, f"footprint, five-year age groups under 65: {said}", young[0], young[1], "1%", per=young[2]),
    ]


@cache
def method() -> str:
    """How the model works, in Markdown: ``data/text/method_population.md`` with its numbers filled in."""
    return catalogue.text("method_population").format(**_method_numbers())


def _method_numbers() -> dict[str, str]:
    levels = implied.inputs("ons-2018").death_level
    first, inputs = run(), implied.inputs("ons-2022")
    norfolk = [i for i in _positions("district") if _codes()[i] != "E07000206"]
    counted = catalogue.table("components").query("kind == 'estimate' and component == 'births'")
    counted = counted[(counted["area_code"] == "E10000020") & (counted["year"] == 2023)]
    estimate, projected = estimates(FOOTPRINT), official("ons-2022", FOOTPRINT)
    ahead = _in_year(projected, 2024) / _in_year(estimate, 2024) - 1
    students = official("ons-2022", "E07000148", "18-22"), estimates("E07000148", "18-22")
    part, age = implied.parts().district.index(_EXAMPLE_PLACE), _EXAMPLE_AGE
    start, rate = inputs.start[part, FEMALE, age], inputs.death[0, part, FEMALE, age]
    level = inputs.death_level[0, part, FEMALE]
    return {
        "parts": str(len(implied.parts().district)),
        "death_level_low": f"{100 * levels.min():.0f}%",
        "death_level_high": f"{100 * levels.max():.0f}%",
        "births_first": f"{first.births[0, :, 0].sum():,.0f}",
        "births_counted": f"{counted['value'].sum():,.0f}",
        "births_norfolk": f"{first.births[norfolk, :, 0].sum():,.0f}",
        "migration_mean": f"{first.migration[0].sum((0, 1)).mean():,.0f}",
        "oldest": _markdown(
            ["Age", *BASES.values(), "Residents of that age, mid-2024"],
            [
                [
                    group,
                    *(_signed(_left_over(basis, group)) for basis in BASES),
                    f"{first.people[0, :, ages_of(group), 0].sum():,.0f}",
                ]
                for group in ("75-79", "80-84", "85-89", "90+")
            ],
        ),
        "projected_ahead": f"{100 * ahead:.1f}%",
        "norwich_projected": f"{_in_year(students[0], 2024):,.0f}",
        "norwich_estimate": f"{_in_year(students[1], 2024):,.0f}",
        "nodes": str(len(project_draws(draws=1).node_people)),
        "checks": _markdown(
            ["Basis", "What is compared", "Cells", "Largest difference", "In per cent", "Allowed"],
            [
                [
                    row.basis,
                    row.check,
                    f"{row.cells:,}",
                    f"{row.largest_people:,.1f}",
                    f"{row.largest_percent:.4f}%",
                    row.allowed,
                ]
                for row in calibration().itertuples()
            ],
        ),
        "back_test": _markdown(
            ["Place", "Projected", "Estimate", "Difference"],
            [
                [row.place, f"{row.projected:,.0f}", f"{row.estimate:,.0f}", f"{_signed(row.percent, 1)}%"]
                for row in back_test().itertuples()
            ],
        ),
        "example_place": place_names()[_EXAMPLE_PLACE],
        "example_age": str(age),
        "example_next_age": str(age + 1),
        "example_year": str(inputs.years[0]),
        "example_next_year": str(inputs.years[1]),
        "example_start": f"{start:,.1f}",
        "example_rate": f"{100 * rate / level:.3f}",
        "example_level": f"{level:.4f}",
        "example_survivors": f"{start * (1 - rate):,.1f}",
        "example_migration": _signed(inputs.migration[0, part, FEMALE, age + 1], 1),
        "example_result": f"{inputs.official[1, part, FEMALE, age + 1]:,.1f}",
    }


def _left_over(basis: str, age_group: str) -> float:
    """Mean yearly net migration of the footprint at those ages."""
    return run(Scenario(basis=basis)).migration[0, :, ages_of(age_group)].sum((0, 1)).mean()


_EXAMPLE_PLACE, _EXAMPLE_AGE = "E07000147", 80  # North Norfolk is one part, so the sum can be followed by hand


def _in_year(frame: pd.DataFrame, year: int) -> float:
    return float(frame.loc[frame["year"] == year, "population"].sum())


def _signed(value: float, decimals: int = 0) -> str:
    return f"{value:+,.{decimals}f}".replace("-", "−")


def _markdown(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
