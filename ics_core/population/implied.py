"""What the official projections imply: the rates and flows that make our model repeat them.

An official projection publishes how many people it expects; it does not publish, for these places,
the single-age rates behind that. ``inputs(basis)`` works them out: death and birth rates from the
national assumptions, scaled to the place, and net migration as what is left: the official people of a
year less the survivors of the year before. Run with these, the cohort-component model of
``population`` returns the official projection.

Everything is worked out for eleven *parts*: the pieces in which the boundaries of the eight districts
and of the five localities cut the footprint. Each part lies in one district and one locality, so both
sets are plain sums of parts and both sum to the footprint in every cell.

Arrays have the axes part, sex (female, male), age (0 to 90, the last being 90 and over); a leading
axis of years where there is one. People are residents at 30 June.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from ics_core import catalogue
from ics_core.area import AREA
from ics_core.kept import MEGABYTE, kept, read_only

FOOTPRINT = AREA.code
SEXES = ("female", "male")
FEMALE = 0
AGES = np.arange(91)  # 90 stands for 90 and over
MOTHERS = slice(15, 47)  # ages with a birth rate; the ends stand for younger and older mothers
BANDS = np.minimum(AGES // 5, 18)  # the 19 five-year groups of the 2018-based projection
MOVERS = slice(16, 30)  # ages at which many move to study and to work, so that net migration steps from age to age
CHILDREN, STUDENTS, ADULTS = (
    slice(0, 18),
    slice(18, 25),
    slice(25, 65),
)  # groups whose district totals are followed under 65
RETIREMENT = slice(55, 91)  # ages the retirement lever acts on
VARIANT_AGES = MappingProxyType({"0-64": slice(0, 65), "65-84": slice(65, 85), "85+": slice(85, 91)})
LAST_YEARS = 5  # years over which a level is averaged before it is held


@dataclass(frozen=True)
class Parts:
    """The eleven parts and how they add up to places."""

    locality: tuple[str, ...]  # code of the locality of each part
    district: tuple[str, ...]  # code of the district of each part
    localities: tuple[str, ...]
    districts: tuple[str, ...]

    @property
    def in_locality(self) -> np.ndarray:
        """Part of each locality (rows) or not: 1 or 0."""
        return np.array([[code == at for at in self.locality] for code in self.localities], dtype=float)

    @property
    def in_district(self) -> np.ndarray:
        """Part of each district (rows) or not: 1 or 0."""
        return np.array([[code == at for at in self.district] for code in self.districts], dtype=float)

    @property
    def district_index(self) -> np.ndarray:
        """Position in ``districts`` of the district of each part."""
        return np.array([self.districts.index(code) for code in self.district])

    @property
    def locality_index(self) -> np.ndarray:
        """Position in ``localities`` of the locality of each part."""
        return np.array([self.localities.index(code) for code in self.locality])


@dataclass(frozen=True)
class Inputs:
    """All that one run of the model needs. ``years`` has one more entry than the yearly arrays.

    ``death``: probability that someone of that age at the start of the year dies within it [year, part, sex, age].
    ``infant_death``: the same for those born in the year [year, part, sex].
    ``fertility``: births per woman and year by age of mother, 15 to 46 [year, part, age].
    ``sex_at_birth``: share of births that are girls, boys [year, part, sex].
    ``migration``: net people a year by age at the end of the year [year, part, sex, age].
    ``death_level``: what England's death rates were multiplied by [year, part, sex].
    ``newcomers``: how one extra net migrant is shared [part, sex, age]; sums to 1.
    ``retirement``: net migration at 55 and over that the retirement lever scales [year, part, sex, age].
    ``official``: the projection itself, with the starting year, which the model must return [year, part, sex, age].
    """

    basis: str
    years: np.ndarray
    start: np.ndarray
    death: np.ndarray
    infant_death: np.ndarray
    fertility: np.ndarray
    sex_at_birth: np.ndarray
    migration: np.ndarray
    death_level: np.ndarray
    newcomers: np.ndarray
    retirement: np.ndarray
    official: np.ndarray


@cache
def parts() -> Parts:
    """The parts, from the lookup of small areas (table ``lsoas``)."""
    pairs = (
        catalogue.table("lsoas")[["locality_code", "lad_code"]]
        .drop_duplicates()
        .sort_values(["locality_code", "lad_code"])
    )
    return Parts(
        locality=tuple(pairs["locality_code"]),
        district=tuple(pairs["lad_code"]),
        localities=tuple(sorted(pairs["locality_code"].unique())),
        districts=tuple(sorted(pairs["lad_code"].unique())),
    )


@kept(50 * MEGABYTE)
def inputs(basis: str) -> Inputs:
    """Calibrated inputs of the model for ``ons-2022`` or ``ons-2018``; worked out once, then kept, read-only."""
    made = {"ons-2022": _inputs_2022, "ons-2018": _inputs_2018}[basis]()
    read_only(*(getattr(made, field.name) for field in fields(made) if field.name != "basis"))
    return made


# --------------------------------------------------------------------------------- reading the tables


def _cube(frame: pd.DataFrame, areas: tuple[str, ...], age: str = "age") -> np.ndarray:
    """[year, area, sex, age] from tidy rows with the columns area_code, sex, year, ``age``, population."""
    rows = frame[frame["area_code"].isin(areas) & frame["sex"].isin(SEXES)]
    years, ages = np.sort(rows["year"].unique()), np.sort(rows[age].unique())
    index = pd.MultiIndex.from_product([years, areas, SEXES, ages])
    values = rows.set_index(["year", "area_code", "sex", age])["population"].reindex(index).to_numpy()
    if np.isnan(values).any():
        raise catalogue.CatalogueError(f"A population table lacks {index[np.isnan(values)][0]} of the footprint.")
    return values.reshape(len(years), len(areas), 2, len(ages))


def estimates_of_parts(year: int) -> np.ndarray:
    """Mid-year estimate of each part [part, sex, age]: the one split that fits both published sets.

    A part that is a whole district, or the rest of a locality or district whose other parts are known,
    follows by subtraction; the equations have one solution.
    """
    p, table = parts(), catalogue.table("base_population")
    table = table[table["year"] == year]
    sums = np.concatenate([_cube(table, p.localities)[0], _cube(table, p.districts)[0]])
    equations = np.concatenate([p.in_locality, p.in_district])
    solution = np.linalg.lstsq(equations, sums.reshape(len(sums), -1), rcond=None)[0]
    return np.maximum(solution, 0.0).reshape(len(p.district), 2, 91)


def _components(component: str, sexes: tuple[str, ...] = SEXES) -> np.ndarray:
    """A component of the 2018-based projection [year from 2019 (2018 for population), district, sex]."""
    table = catalogue.table("components")
    rows = table[(table["source"] == "snpp_2018_table5") & (table["component"] == component)]
    rows = rows[rows["area_code"].isin(parts().districts) & rows["sex"].isin(sexes)]
    grid = rows.pivot_table(index="year", columns=["area_code", "sex"], values="value")
    return (
        grid.reindex(columns=pd.MultiIndex.from_product([parts().districts, sexes]))
        .to_numpy()
        .reshape(len(grid), -1, len(sexes))
    )


@cache
def base_year() -> int:
    """The latest mid-year of which everybody is counted: where the projection in use starts from."""
    return int(catalogue.table("base_population")["year"].max())


@cache
def _national() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """England's assumptions from the year ending mid-2019.

    Death [year, sex, age], infant death [year, sex], births per woman [year, age].
    The chance of dying at 90 and over is the mean over single ages to 104 of a stationary population
    with the same death rates, as the published projections end in one open group.
    """
    table = catalogue.table("national_assumptions")
    table = table[table["variant"] == "principal"]
    deaths = table[table["measure"].str.startswith("mortality")]
    grid = deaths.pivot_table(index="year_ending_mid", columns=["sex", "age"], values="value").sort_index()
    rates = np.stack([grid[sex].to_numpy() for sex in SEXES], axis=1) / 100_000  # ages -1 to 104
    oldest = rates[..., 91:]
    alive = np.cumprod(np.concatenate([np.ones_like(oldest[..., :1]), 1 - oldest[..., :-1]], axis=-1), axis=-1)
    open_group = (oldest * alive).sum(-1) / alive.sum(-1)
    death = np.concatenate([rates[..., 1:91], open_group[..., None]], axis=-1)
    births = table[table["measure"].str.startswith("asfr")]
    fertility = (
        births.pivot_table(index="year_ending_mid", columns="age", values="value").sort_index().to_numpy() / 1000
    )
    return death, rates[..., 0], fertility


@cache
def variants_of_deaths(first: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """England's death rates with low and with high life expectancy over the principal ones [year, age].

    Published for three groups of ages and the years to 2043; before and after, the nearest year stands.
    """
    table = catalogue.table("variant_ranges")
    found = []
    for variant in ("low life expectancy", "high life expectancy"):
        ratios = np.empty((steps, len(AGES)))
        for group, ages in VARIANT_AGES.items():
            rows = table[(table["variant"] == variant) & (table["measure"] == f"mortality_ages_{group}")]
            by_year = rows.set_index("year_ending_mid")["ratio_to_principal"].sort_index()
            years = np.clip(np.arange(first, first + steps), by_year.index[0], by_year.index[-1])
            ratios[:, ages] = by_year.loc[years].to_numpy()[:, None]
        ratios.flags.writeable = False
        found.append(ratios)
    return found[0], found[1]


def _national_from(first: int, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """England's assumptions for the years ending mid-``first`` on; after the last published year that one stands."""
    skip = first - int(catalogue.table("national_assumptions")["year_ending_mid"].min())
    death, infant, birth = (
        values[np.minimum(np.arange(skip, skip + steps), len(values) - 1)] for values in _national()
    )
    return death, infant, birth


# ------------------------------------------------------------------------------- what a path implies


@dataclass(frozen=True)
class Path:
    """An official projection split over the parts, with the levels of births and deaths that go with it.

    ``people`` [year, part, sex, age]; ``death_level`` [year, part, sex] and ``birth_level`` [year, part]
    relative to England's age-specific rates; ``sex_at_birth`` [year, part, sex].
    """

    years: np.ndarray
    people: np.ndarray
    death_level: np.ndarray
    birth_level: np.ndarray
    sex_at_birth: np.ndarray


def _mothers(people: np.ndarray) -> np.ndarray:
    """Women of child-bearing age, mean of start and end of each year [year, part, age]."""
    women = people[..., FEMALE, MOTHERS]
    return (women[:-1] + women[1:]) / 2


def survivors(people: np.ndarray, babies: np.ndarray, death: np.ndarray, infant_death: np.ndarray) -> np.ndarray:
    """People a year on, each one year older, before migration [..., sex, age]; ``babies`` [..., sex] become age 0."""
    alive = people * (1 - death)
    aged = np.concatenate([(babies * (1 - infant_death))[..., None], alive[..., :-1]], axis=-1)
    aged[..., -1] += alive[..., -1]
    return aged


def _pattern(net: np.ndarray) -> np.ndarray:
    """Sex and age pattern of the footprint's net gain [sex, age], smoothed, nothing below zero."""
    pattern = np.maximum(_smooth(net.sum(0), reach=3), 0.0)
    pattern[:, MOVERS] = pattern[:, MOVERS].mean(-1, keepdims=True)  # those who come to study and leave cancel out
    return pattern


def _newcomers(net: np.ndarray) -> np.ndarray:
    """How one extra net migrant is shared [part, sex, age], from mean yearly net migration of the base.

    By age group as the footprint gains people; within each group to the parts that gain, and by sex and
    single age as the footprint gains.
    """
    pattern, shares = _pattern(net), np.zeros_like(net)
    for ages in (slice(0, MOVERS.start), MOVERS, slice(MOVERS.stop, 65), slice(65, 91)):
        gains = np.maximum(net[..., ages].sum((1, 2)), 0.0)
        within = pattern[:, ages] / pattern[:, ages].sum()
        shares[..., ages] = max(net[..., ages].sum(), 0.0) * (gains / gains.sum())[:, None, None] * within
    return shares / shares.sum()


def _retirement(migration: np.ndarray) -> np.ndarray:
    """Net migration at 55 and over of each part that gains by it [year, part, sex, age].

    The yearly total is the base's own; ages and sexes follow the footprint's pattern, so that the lever
    scales a smooth flow and not the noise of single ages.
    """
    net = migration.mean(0)
    pattern = np.zeros(net.shape[1:])
    pattern[:, RETIREMENT] = _pattern(net)[:, RETIREMENT]
    totals = np.maximum(migration[..., RETIREMENT].sum((2, 3)), 0.0) * (net[..., RETIREMENT].sum((1, 2)) > 0)
    return totals[..., None, None] * pattern / pattern.sum()


def _imply(basis: str, path: Path) -> Inputs:
    """The inputs with which the model repeats ``path``: net migration is what births and deaths leave over."""
    death, infant, birth = _national_from(int(path.years[0]) + 1, len(path.years) - 1)
    death = np.minimum(death[:, None] * path.death_level[..., None], 1.0)
    infant = infant[:, None] * path.death_level
    fertility = birth[:, None] * path.birth_level[..., None]
    births = (_mothers(path.people) * fertility).sum(-1)[..., None] * path.sex_at_birth
    migration = path.people[1:] - survivors(path.people[:-1], births, death, infant)
    return Inputs(
        basis=basis,
        years=path.years,
        start=path.people[0],
        death=death,
        infant_death=infant,
        fertility=fertility,
        sex_at_birth=path.sex_at_birth,
        migration=migration,
        death_level=path.death_level,
        newcomers=_newcomers(migration.mean(0)),
        retirement=_retirement(migration),
        official=path.people,
    )


# --------------------------------------------------------------------------- the 2018-based projection


def _inputs_2018() -> Inputs:
    return _imply("ons-2018", _path_2018())


@kept(20 * MEGABYTE)
def _path_2018() -> Path:
    """The 2018-based projection: localities by sex and five-year group, districts by sex, births and deaths.

    Single ages within a group come from ageing the parts year by year and fitting each year to what is
    published.
    """
    p = parts()
    at = p.district_index
    bands = _bands_2018()
    totals, births, deaths = _components("population"), _components("births"), _components("deaths")
    death, infant, birth = _national_from(2019, len(births))
    pattern = _recent_migration()
    people, death_level, birth_level = [_start_2018(totals[0])], [], []
    for t in range(len(births)):
        now = people[-1]
        babies = births[t][at] * _share_of_district((now[:, FEMALE, MOTHERS] * birth[t]).sum(-1))[:, None]
        expected = p.in_district @ ((now * death[t]).sum(-1) + babies * infant[t])
        level = (deaths[t] / expected)[at]
        still_here = survivors(now, babies, death[t] * level[..., None], infant[t] * level)
        then = _fit(np.maximum(still_here + pattern, still_here / 2), bands[t + 1], totals[t + 1])
        mothers = _mothers(np.array([now, then]))[0]
        people.append(then)
        death_level.append(level)
        birth_level.append((births[t].sum(-1) / (p.in_district @ (mothers * birth[t]).sum(-1)))[at])
    return Path(
        years=np.arange(2018, 2018 + len(people)),
        people=np.array(people),
        death_level=np.array(death_level),
        birth_level=np.array(birth_level),
        sex_at_birth=(births / births.sum(-1, keepdims=True))[:, at],
    )


def _bands_2018() -> np.ndarray:
    """Published people [year, locality, sex, five-year group], freed of rounding: each set adds up to its all ages."""
    table = catalogue.table("projections_2018")
    total = table["age_group"] == "All ages"
    bands = _cube(table[~total], parts().localities, "age_from")
    return bands * (_cube(table[total], parts().localities, "age_from") / bands.sum(-1, keepdims=True))


def _share_of_district(amount: np.ndarray) -> np.ndarray:
    """Each part's share of its district's ``amount`` [part]."""
    p = parts()
    return amount / (p.in_district @ amount)[p.district_index]


def _start_2018(totals: np.ndarray) -> np.ndarray:
    """Mid-2018 [part, sex, age]: published locality age groups, single ages and parts as a year later.

    Single ages follow the generation: people of 71 at mid-2018 are, but for deaths, those of 72 at mid-2019.
    (The births of 1946-47 stand out so much that an average of neighbouring years would blur them.) At 16 to
    29, where many move, they follow the age instead.
    """
    death, infant, _ = _national_from(2019, 1)
    a_year_on = estimates_of_parts(2019)
    seed = a_year_on.copy()
    seed[..., :89] = a_year_on[..., 1:90] / (1 - death[0, :, :89])
    seed[..., MOVERS] = a_year_on[..., MOVERS]
    return _fit(seed, _bands_2018()[0], totals)


def _fit(people: np.ndarray, bands: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """``people`` [part, sex, age] scaled, in turn, to district totals by sex and locality age groups by sex.

    Iterative proportional fitting; the age groups come last and so are met exactly.
    """
    p = parts()
    district, locality = p.district_index, p.locality_index
    of_group = (BANDS[:, None] == np.unique(BANDS)).astype(float)  # [age, group]
    for _ in range(60):
        people = people * (totals / (p.in_district @ people.sum(-1)))[district][..., None]
        grouped = np.tensordot(p.in_locality, people @ of_group, axes=1)
        people = people * (bands / grouped)[locality][..., BANDS]
    return people


def _recent_migration() -> np.ndarray:
    """Net migration of the year to mid-2020 by part, sex and age: the pattern for single ages within groups.

    Single years are noisy, so it is smoothed over five ages, except at 16 to 29, where moves for study
    and first jobs are real steps.
    """
    death, infant, _ = _national_from(2020, 1)
    before, after = estimates_of_parts(2019), estimates_of_parts(2020)
    net = after - survivors(before, np.zeros((len(before), 2)), death[0], infant[0])
    net[..., 0] = 0
    smooth = _smooth(net)
    smooth[..., MOVERS] = net[..., MOVERS]
    return smooth


def _smooth(values: np.ndarray, reach: int = 2) -> np.ndarray:
    """Moving mean over the last axis, ``reach`` ages to each side, ends repeated."""
    padded = np.concatenate([values[..., :1].repeat(reach, -1), values, values[..., -1:].repeat(reach, -1)], axis=-1)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=-1).mean(-1)


# --------------------------------------------------------------------------- the 2022-based projection


def _inputs_2022() -> Inputs:
    return _imply("ons-2022", _path_2022())


def _path_2022() -> Path:
    """The 2022-based projection from the latest estimates on: the published change added to them."""
    p, first = parts(), base_year()
    at = p.district_index
    targets = _districts_2022()
    start = estimates_of_parts(first)
    steps = len(targets) - 1
    people = np.array([start, *(targets[t][at] * _shares_2022(start, t) for t in range(1, steps + 1))])
    earlier = _path_2018()
    death_level, birth_level = (
        _held(level[first - earlier.years[0] :], steps) for level in (earlier.death_level, earlier.birth_level)
    )
    _, infant, birth = _national_from(first + 1, steps)
    babies = targets[1:, ..., 0][:, at] / (1 - infant[:, None] * death_level)  # [year, part, sex] of the whole district
    born = babies.sum(-1)
    expected = (_mothers(people) * birth[:, None]).sum(-1)
    of_district = np.einsum("dp,tp->td", p.in_district, expected)[:, at]
    path = Path(
        years=np.arange(first, first + 1 + steps),
        people=people,
        death_level=death_level,
        birth_level=born / of_district,
        sex_at_birth=babies / born[..., None],
    )
    return path


def _held(levels: np.ndarray, steps: int) -> np.ndarray:
    """``levels`` by year for ``steps`` years: after the last published year the mean of its last five."""
    more = np.repeat(levels[-LAST_YEARS:].mean(0)[None], max(0, steps - len(levels)), axis=0)
    return np.concatenate([levels, more])[:steps]


def _districts_2022() -> np.ndarray:
    """What each district should hold [year from that of the latest estimate, district, sex, age].

    The latest estimate plus the change the projection publishes since its year: in each district at each age
    from 65, and for 0-17, 18-24 and 25-64 as a whole; in the footprint at every age. Single ages under 65
    within districts start from a pattern and are fitted to these. At 18 to 24 the pattern is that of the
    estimate, because the projection itself puts far too many students in Norwich and its single-age changes
    would carry that on. At other ages it is the projection, scaled for generations living in the year of the
    estimate by how far they were off then.
    """
    table = catalogue.table("projections_2022_by_sex")
    projected = _cube(table[table["year"] >= base_year()], parts().districts)
    estimate = np.einsum("dp,psa->dsa", parts().in_district, estimates_of_parts(base_year()))
    target = estimate + projected - projected[0]
    pattern = projected.copy()
    found_off = estimate / projected[0]
    for t in range(len(pattern)):
        for ages in (slice(t, CHILDREN.stop), slice(ADULTS.start + t, ADULTS.stop)):
            pattern[t, ..., ages] *= found_off[..., ages.start - t : max(ages.stop - t, ages.start - t)]
    pattern[..., STUDENTS] = estimate[..., STUDENTS]
    for ages in (CHILDREN, STUDENTS, ADULTS):
        by_district, by_age = target[..., ages].sum(-1, keepdims=True), target[..., ages].sum(1, keepdims=True)
        fitted = pattern[..., ages]
        for _ in range(100):
            fitted = fitted * (by_district / fitted.sum(-1, keepdims=True))
            fitted = fitted * (by_age / fitted.sum(1, keepdims=True))
        target[..., ages] = fitted
    return target


def _shares_2022(start: np.ndarray, years_on: int) -> np.ndarray:
    """Each part's share of its district [part, sex, age], ``years_on`` years after the latest estimate.

    The share at each age is that of the estimate, smoothed; how far a generation lies from that goes with it as it
    ages.
    """
    p = parts()
    share = start / np.einsum("dp,psa->dsa", p.in_district, start)[p.district_index]
    smooth = _smooth(_smooth(share))
    own = np.zeros_like(share)
    own[..., years_on:] = (share - smooth)[..., : 91 - years_on]
    return smooth + own
