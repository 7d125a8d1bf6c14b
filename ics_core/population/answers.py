"""Answers as tidy tables: totals, ages, flows, shares and growth of a run, and what was published beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ics_core import catalogue
from ics_core.area import AREA
from ics_core.errors import PopulationError
from ics_core.population import implied
from ics_core.population.implied import AGES, FOOTPRINT, SEXES
from ics_core.population.model import UNIT, ages_of, codes, codes_frame, places, positions, run, sums, year_position
from ics_core.scenario import BASES, Scenario


def _tidy(
    which: list[int], values: np.ndarray, axes: Mapping[str, Iterable[Any]], value: str, unit: str
) -> pd.DataFrame:
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
    result, which = run(scenario), positions(places)
    people = result.people[which][:, :, ages_of(age_group)].sum((1, 2))
    frame = _tidy(which, people, {"year": result.years}, "population", UNIT)
    frame.insert(3, "age_group", age_group)
    return frame


def ages(
    place: str | Iterable[str] = FOOTPRINT, year: int | None = None, scenario: Scenario = Scenario()
) -> pd.DataFrame:
    """Residents by sex and single age in one year (the first, if not given), for a pyramid.

    Columns: place_code, place, place_type, sex, age, population, unit.
    """
    result, which = run(scenario), positions(place)
    at = year_position(result, result.years[0] if year is None else year)
    return _tidy(which, result.people[which][..., at], {"sex": SEXES, "age": AGES}, "population", UNIT)


def components(scenario: Scenario = Scenario(), places: str | Iterable[str] = FOOTPRINT) -> pd.DataFrame:
    """Births, deaths and net migration by year ending June: ..., year, component, value, unit."""
    result, which = run(scenario), positions(places)
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
    result, which = run(scenario), positions(places)
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
    result, which = run(scenario), positions(places)
    from_year = int(result.years[0]) if from_year is None else from_year
    to_year = int(result.years[-1]) if to_year is None else to_year
    people = result.people[which][:, :, ages_of(age_group)].sum((1, 2))
    before, after = (people[:, year_position(result, year)] for year in (from_year, to_year))
    frame = _tidy(which, before, {}, "before", UNIT).assign(
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


# ------------------------------------------------------------------------------ published, beside ours


def official(
    basis: str = "ons-2022", places: str | Iterable[str] = "district", age_group: str = "all ages"
) -> pd.DataFrame:
    """The projection as published, not carried on from a later estimate: ..., age_group, year, population, unit, kind.

    ``ons-2022``: districts and footprint, from mid-2022. ``ons-2018``: localities and footprint by five-year
    group (give an age group that is made of them), districts in total. Other combinations are not
    published and give no rows. ``kind`` says what was derived.
    """
    which = positions(places)
    asked = [codes()[i] for i in which]
    if basis == "ons-2022":
        table = catalogue.table("projections_2022_by_sex")
        rows = table[table["area_code"].isin(asked) & _within(table["age"], table["age"], age_group)]
    elif basis == "ons-2018":
        table = catalogue.table("projections_2018")
        table = table[table["sex"].isin(SEXES) & (table["age_group"] != "All ages")]
        rows = table[table["area_code"].isin(asked) & _within(table["age_from"], table["age_to"].fillna(90), age_group)]
        rows = rows.assign(kind="published")
        if age_group == "all ages":
            rows = pd.concat([rows, _district_totals_2018(asked)])
    else:
        raise PopulationError(f"basis: {basis!r} is not an official projection in use. Choose {' or '.join(BASES)}.")
    kinds = rows.groupby("area_code")["kind"].agg(
        lambda kinds: next((k for k in kinds if k != "published"), "published")
    )
    summed = rows.groupby(["area_code", "year"], as_index=False)["population"].sum()
    frame = codes_frame(asked).merge(summed, left_on="place_code", right_on="area_code").drop(columns="area_code")
    frame.insert(3, "age_group", age_group)
    return frame.assign(unit=UNIT, kind=frame["place_code"].map(kinds))


def _within(low: pd.Series, high: pd.Series, age_group: str) -> pd.Series:
    wanted = ages_of(age_group)
    inside = (low >= wanted.start) & (high < wanted.stop)
    across = ~inside & (high >= wanted.start) & (low < wanted.stop)
    if across.any():
        raise PopulationError(
            f"age_group: {age_group!r} cuts through published five-year groups. Use ages such as 65+ or 15-64."
        )
    return inside


def _district_totals_2018(asked: list[str]) -> pd.DataFrame:
    table = catalogue.table("components")
    rows = table[
        (table["source"] == "snpp_2018_table5") & (table["component"] == "population") & table["sex"].isin(SEXES)
    ]
    rows = rows[rows["area_code"].isin(set(asked) - {FOOTPRINT})]
    return rows.rename(columns={"value": "population"}).assign(kind="published")[
        ["area_code", "year", "population", "kind"]
    ]


_REVISED = 2023  # the mid-year whose ages we hold as first released and whose totals have been revised since


@cache
def _by_age() -> pd.DataFrame:
    """Estimates with mid-2023 of one vintage with the totals: area_code, sex, age, year, population."""
    table = catalogue.table("base_population")[["area_code", "sex", "age", "year", "population"]]
    parts = implied.parts()
    revised = implied.estimates_of_parts(_REVISED) * _revision()[parts.district_index, None, None]
    index = pd.MultiIndex.from_product([codes(), SEXES, AGES], names=["area_code", "sex", "age"])
    rows = pd.Series(np.tensordot(sums(), revised, axes=1).reshape(-1), index=index, name="population").reset_index()
    return pd.concat([table[table["year"] != _REVISED], rows.assign(year=_REVISED)], ignore_index=True)


def _revision() -> np.ndarray:
    """Revised over first released total of each district, or of the one it is now part of; 1 where it is not known."""
    first = catalogue.table("base_population").query("year == @_REVISED").groupby("area_code")["population"].sum()
    later = catalogue.table("population_totals").query("year == @_REVISED and sex == 'persons'")
    flows = catalogue.table("components").query("year == @_REVISED and component == 'population'")
    found = later.set_index("area_code")["population"]
    parents = flows.loc[flows["kind"] == "estimate"].set_index("area_code")["value"]
    now = {part.code: part.now for part in AREA.districts if part.now}
    ratios = [
        found.get(now[code], np.nan) / parents.get(now[code], np.nan)
        if code in now
        else found.get(code, np.nan) / first.get(code, np.nan)
        for code in implied.parts().districts
    ]
    return np.nan_to_num(ratios, nan=1.0)


def estimates(places: str | Iterable[str] = "district", age_group: str = "all ages") -> pd.DataFrame:
    """Published mid-year estimates: ..., age_group, year, population, unit, series.

    Totals of the Norfolk districts run from 1991, rebased to the Census of 2021. By age, and for Waveney, the
    localities and the footprint, there are mid-2019 and mid-2020 (as first released, before that Census; mid-2018
    too where a projection starts from it), mid-2023 (its ages as first released, scaled to the revised totals of
    districts) and later ones: ``series`` tells them apart, and no line should join them.
    """
    which = positions(places)
    asked = [codes()[i] for i in which]
    table = _by_age()
    rows = table[table["area_code"].isin(asked) & _within(table["age"], table["age"], age_group)]
    rows = rows.groupby(["area_code", "year"], as_index=False)["population"].sum()
    rows["series"] = np.where(rows["year"] < 2021, "before the 2021 Census", "after the 2021 Census")
    if age_group == "all ages":
        long = catalogue.table("population_totals")
        long = long[long["area_code"].isin(asked) & (long["sex"] == "persons")].assign(
            series="rebased to the 2021 Census"
        )
        rows = pd.concat(
            [rows[~rows["area_code"].isin(long["area_code"])], long[["area_code", "year", "population", "series"]]]
        )
    frame = codes_frame(asked).merge(rows, left_on="place_code", right_on="area_code").drop(columns="area_code")
    frame.insert(3, "age_group", age_group)
    return frame.assign(unit=UNIT, population=frame["population"].astype(float))
