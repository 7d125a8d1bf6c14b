"""Population tables that put several things side by side: estimates, projection, official line, scenario A.

Each function answers one question of the population page for one place, as a tidy table ready to draw
or save. ``kept`` is a second scenario to compare with. People are residents at 30 June; the sums of
``population`` hold here too, ``drivers`` to the person.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from ics_core.errors import PopulationError
from ics_core.population import answers, model
from ics_core.population import draws as ranges
from ics_core.population.draws import DRAWS
from ics_core.population.implied import FOOTPRINT
from ics_core.scenario import Scenario

OFFICIAL = {"ons-2022": "ONS 2022-based", "ons-2018": "ONS 2018-based"}
ESTIMATES, KEPT, UNMOVED = "Published estimates", "A", "No lever moved"
OLDER = ("65 and over", "75 and over", "85 and over")
OPEN_YEARS = 10  # years of age over which a pyramid spreads those of 90 and over
_POINTS_OF_A_CURVE = 200


def name(scenario: Scenario) -> str:
    """What a line of ``scenario`` is called: the official projection it is, or 'This scenario'."""
    return "This scenario" if moved(scenario) else OFFICIAL[scenario.basis]


def moved(scenario: Scenario) -> bool:
    """Whether a lever that acts on people is moved."""
    return any(lever in dict(scenario.moved) for lever in model.LEVERS)


def official_of(scenario: Scenario) -> Scenario:
    """The projection a scenario starts from, with no lever moved."""
    return Scenario(basis=scenario.basis)


def lines(
    place: str = FOOTPRINT,
    age_group: str = "all ages",
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    draws: int = DRAWS,
    errors: bool = True,
    unmoved: bool = False,
) -> pd.DataFrame:
    """Residents by year: published estimates, the scenario with its 80% band, both official projections, A.

    Columns: year, series, kind, stretch, value, low, high, unit and, with ``kept``, difference (scenario
    less A). ``kind`` is "published", "projected", "official" (as published, where it is), "kept" or, with
    ``unmoved`` where a lever is moved, "unmoved". Rows of one series but different ``stretch`` are not comparable: no
    line should join them.

    ``errors`` adds past error to the band; ``population.range_words`` says what a band is.
    """
    fixed = _published_lines(place, age_group)
    ours = _banded(place, age_group, scenario, draws, errors)
    parts = [fixed["published"], ours, fixed["official"]]
    if kept is not None:
        years, people = _people(kept, place, age_group)
        before = dict(zip(years, people))
        ours["difference"] = [value - before.get(year, math.nan) for year, value in zip(ours["year"], ours["value"])]
        parts.append({"year": years, "value": people, "series": KEPT, "kind": "kept"})
    if unmoved and moved(scenario):
        years, people = _people(official_of(scenario), place, age_group)
        parts.append({"year": years, "value": people, "series": UNMOVED, "kind": "unmoved"})
    columns = ["year", "series", "kind", "stretch", "value", "low", "high"]
    return joined(parts, columns + (["difference"] if kept is not None else [])).assign(unit="residents")


_MISSING = {"stretch": "", "low": math.nan, "high": math.nan, "difference": math.nan}


def joined(parts: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    """One table from parts whose columns are lists, or one value for all of a part's years.

    Plain lists joined once: this runs at each step of a lever, and joining small frames takes ten times as long.
    """
    return pd.DataFrame(
        {column: list(chain.from_iterable(_column(part, column) for part in parts)) for column in columns}
    )


def _column(part: Mapping[str, Any], column: str) -> list[Any]:
    found = part.get(column, _MISSING.get(column))
    return found if isinstance(found, list) else [found] * len(part["year"])


def _people(scenario: Scenario, place: str, age_group: str) -> tuple[list[int], list[float]]:
    result = model.run(scenario)
    people = result.people[result.places.index(place)][:, model.ages_of(age_group)].sum((0, 1))
    return result.years.tolist(), people.tolist()


def _banded(place: str, age_group: str, scenario: Scenario, draws: int, errors: bool) -> dict[str, Any]:
    years, people = _people(scenario, place, age_group)
    some = ranges.project_draws(scenario, draws, errors=errors)
    low, high = np.percentile(some.people(age_group, place)[:, 0], ranges.BAND, axis=0)
    edges = {"low": low.tolist(), "high": high.tolist()}
    return {"year": years, "value": people, "series": name(scenario), "kind": "projected", **edges}


@lru_cache(maxsize=256)
def _published_lines(place: str, age_group: str) -> Mapping[str, Mapping[str, Any]]:
    """Estimates and both official projections as lists, under "published" and "official"."""
    estimates = _estimates(place, age_group)
    found = {
        "published": {
            "year": estimates["year"].tolist(),
            "value": estimates["population"].tolist(),
            "stretch": estimates["series"].tolist(),
            "series": ESTIMATES,
            "kind": "published",
        }
    }
    frames = [
        _official(basis, place, age_group).assign(series=f"{label}, as published") for basis, label in OFFICIAL.items()
    ]
    official = pd.concat([frame for frame in frames if len(frame)]) if any(map(len, frames)) else frames[0]
    found["official"] = {
        "year": official["year"].tolist(),
        "value": official["population"].tolist(),
        "series": official["series"].tolist(),
        "kind": "official",
    }
    return found


# What was published does not change while levers move: worked out once for each place and age group.
@lru_cache(maxsize=256)
def _estimates(place: str, age_group: str) -> pd.DataFrame:
    return answers.estimates(place, age_group)


@lru_cache(maxsize=256)
def _official(basis: str, place: str, age_group: str) -> pd.DataFrame:
    return answers.official(basis, place, age_group)


def headline(place: str = FOOTPRINT, scenario: Scenario = Scenario()) -> pd.DataFrame:
    """Everyone, 65 and over and 85 and over in the first and last year.

    Columns: age_group, from_year, to_year, before, after, unit, percent.
    """
    rows = []
    for age_group in ("all ages", "65+", "85+"):
        years, people = _people(scenario, place, age_group)
        rows.append(
            (age_group, years[0], years[-1], people[0], people[-1], "residents", 100 * (people[-1] / people[0] - 1))
        )
    return pd.DataFrame(rows, columns=["age_group", "from_year", "to_year", "before", "after", "unit", "percent"])


def pyramid(
    place: str = FOOTPRINT,
    year: int | None = None,
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    unmoved: bool = False,
) -> pd.DataFrame:
    """Residents by sex and single age, in the first year of the projection and in ``year`` (default the last).

    Columns: year, scenario, sex, age (90 = 90 and over), population, unit.
    """
    years = model.run(scenario).years
    then = int(years[-1]) if year is None else year
    parts = [
        answers.ages(place, at, scenario).assign(year=at, scenario=name(scenario))
        for at in dict.fromkeys((int(years[0]), then))
    ]
    if kept is not None and then in model.run(kept).years:
        parts.append(answers.ages(place, then, kept).assign(year=then, scenario=KEPT))
    if unmoved and moved(scenario):
        parts.append(answers.ages(place, then, official_of(scenario)).assign(year=then, scenario=UNMOVED))
    return pd.concat(parts, ignore_index=True)[["year", "scenario", "sex", "age", "population", "unit"]]


def longest_bar(place: str = FOOTPRINT, scenario: Scenario = Scenario(), kept: Scenario | None = None) -> float:
    """The most residents of one sex and single age in any year, to hold a pyramid's axis still.

    Those of 90 and over count as a tenth, as they are drawn over ten years of age.
    """
    at = list(model.places()["place_code"]).index(place)
    runs = [model.run(s).people[at] for s in (scenario, kept) if s is not None]
    return max(max(float(people[:, :-1].max()), float(people[:, -1].max()) / OPEN_YEARS) for people in runs)


def drivers(
    place: str = FOOTPRINT,
    age_group: str = "all ages",
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    from_year: int | None = None,
    to_year: int | None = None,
    unmoved: bool = False,
) -> pd.DataFrame:
    """Why an age group changes: who grows into it and out of it, deaths, net migration. Sums to the change exactly.

    Columns: step, change, from_year, to_year, before, after, unit and, with ``kept``, change_a and difference.
    """
    frame = _drivers(place, age_group, scenario, from_year, to_year)
    if kept is not None:
        span = frame.loc[0, ["from_year", "to_year"]]
        known = model.run(kept).years
        other = _drivers(
            place, age_group, kept, max(int(span.iloc[0]), int(known[0])), min(int(span.iloc[1]), int(known[-1]))
        )
        frame["change_a"] = other["change"]
        frame["difference"] = frame["change"] - frame["change_a"]
    if unmoved and moved(scenario):
        frame["change_unmoved"] = _drivers(place, age_group, official_of(scenario), from_year, to_year)["change"]
    return frame


def _drivers(
    place: str, age_group: str, scenario: Scenario, from_year: int | None, to_year: int | None
) -> pd.DataFrame:
    result = model.run(scenario)
    group = model.ages_of(age_group)
    at = list(result.places).index(place)
    first = int(result.years[0] if from_year is None else from_year)
    last = int(result.years[-1] if to_year is None else to_year)
    totals = answers.totals(scenario, place, age_group).set_index("year")["population"]
    for year in (first, last):
        if year not in totals.index:
            raise PopulationError(
                f"year: {year!r} is not projected. Choose a year from {totals.index[0]} to {totals.index[-1]}."
            )
    span = slice(first - int(result.years[0]), last - int(result.years[0]))
    deaths = float(result.deaths[at][:, group, span].sum())
    moved = float(result.migration[at][:, group, span].sum())
    births = float(result.births[at][:, span].sum()) if group.start == 0 else 0.0
    change = float(totals[last] - totals[first])
    growing = change - births + deaths - moved  # by ageing, in less out
    steps = []
    if group.start == 0:
        steps.append(("Births", births))
    if group.stop < 91 or group.start > 0:
        label = (
            f"Reach {group.start}"
            if group.stop == 91
            else f"Reach {group.stop}"
            if group.start == 0
            else f"Reach {group.start}, less those who reach {group.stop}"
        )
        steps.append((label, growing))
    steps += [("Deaths", -deaths), ("Net migration", moved)]
    frame = pd.DataFrame(steps, columns=["step", "change"])
    return frame.assign(
        from_year=first, to_year=last, before=float(totals[first]), after=float(totals[last]), unit="residents"
    )


def proportions(
    place: str = FOOTPRINT, scenario: Scenario = Scenario(), kept: Scenario | None = None, unmoved: bool = False
) -> pd.DataFrame:
    """Shares of 65, 75 and 85 and over and the dependency ratio by year, estimated, projected and for A.

    Columns: year, measure, series, kind, stretch, value, unit and, with ``kept``, difference.
    """
    ours = answers.shares(scenario, place).assign(series=name(scenario), kind="projected", stretch="")
    units = ours.drop_duplicates("measure").set_index("measure")["unit"]
    parts = [
        _published_proportions(place).assign(series=ESTIMATES, kind="published"),
        ours,
    ]  # assign copies: the cached frame stays as it is
    if kept is not None:
        other = answers.shares(kept, place).assign(series=KEPT, kind="kept", stretch="")
        before = other.set_index(["year", "measure"])["value"]
        ours["difference"] = (
            ours["value"] - before.reindex(pd.MultiIndex.from_frame(ours[["year", "measure"]])).to_numpy()
        )
        parts.append(other)
    if unmoved and moved(scenario):
        parts.append(answers.shares(official_of(scenario), place).assign(series=UNMOVED, kind="unmoved", stretch=""))
    frame = pd.concat(parts, ignore_index=True).assign(unit=lambda f: f["measure"].map(units))
    return frame[
        ["year", "measure", "series", "kind", "stretch", "value", *(["difference"] if kept is not None else []), "unit"]
    ]


@lru_cache(maxsize=32)
def _published_proportions(place: str) -> pd.DataFrame:
    groups = {
        group: _estimates(place, group).set_index(["year", "series"])["population"]
        for group in ("0-15", "16-64", "65+", "75+", "85+")
    }
    people = pd.DataFrame(groups)
    everyone = people[["0-15", "16-64", "65+"]].sum(axis=1)
    measures = {f"{group[:-1]} and over": 100 * people[group] / everyone for group in ("65+", "75+", "85+")}
    measures["dependency ratio"] = 100 * (everyone - people["16-64"]) / people["16-64"]
    long = pd.DataFrame(measures).reset_index().melt(["year", "series"], var_name="measure", value_name="value")
    return long.rename(columns={"series": "stretch"})


def growth(
    places: str = "district",
    age_group: str = "all ages",
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    to_year: int | None = None,
    unmoved: bool = False,
) -> pd.DataFrame:
    """How fast each place grows, fastest first, as ``answers.growth``; with ``kept`` also percent_a and difference."""
    frame = answers.growth(scenario, None, to_year, age_group, places)
    if kept is not None:
        span = (int(frame["from_year"].iloc[0]), int(frame["to_year"].iloc[0]))
        known = model.run(kept).years
        other = answers.growth(kept, max(span[0], int(known[0])), min(span[1], int(known[-1])), age_group, places)
        frame["percent_a"] = frame["place_code"].map(other.set_index("place_code")["percent"])
        frame["difference"] = frame["percent"] - frame["percent_a"]
    if unmoved and moved(scenario):
        official = answers.growth(official_of(scenario), None, to_year, age_group, places).set_index("place_code")
        frame["percent_unmoved"] = frame["place_code"].map(official["percent"])
    return frame


def likelihood(
    place: str = FOOTPRINT,
    age_group: str = "85+",
    year: int | None = None,
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    draws: int = DRAWS,
    errors: bool = True,
    unmoved: bool = False,
) -> pd.DataFrame:
    """Share of draws in which no more than ``value`` people live there in ``year`` (default the last): an S-curve.

    Columns: scenario, year, value, share (0 to 1), unit; at most 200 points a curve.
    """
    parts = []
    official = official_of(scenario) if unmoved and moved(scenario) else None
    for label, one in ((name(scenario), scenario), (KEPT, kept), (UNMOVED, official)):
        if one is None:
            continue
        some = ranges.project_draws(one, draws, errors=errors)
        at = int(some.years[-1]) if year is None else year
        if at not in some.years:
            continue
        values = np.sort(some.people(age_group, place)[:, 0, at - int(some.years[0])])
        share = (np.arange(len(values)) + 0.5) / len(values)
        keep = np.unique(np.linspace(0, len(values) - 1, min(len(values), _POINTS_OF_A_CURVE)).astype(int))
        parts.append(
            pd.DataFrame(
                {"scenario": label, "year": at, "value": values[keep], "share": share[keep], "unit": "residents"}
            )
        )
    if not parts:
        raise PopulationError(f"year: {year!r} is not projected. Choose another year.")
    return pd.concat(parts, ignore_index=True)
