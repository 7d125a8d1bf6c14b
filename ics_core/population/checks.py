"""How good is it: the model held to what it should repeat, and the last projection to what happened."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import PopulationError
from ics_core.population import implied
from ics_core.population.answers import estimates, official
from ics_core.population.draws import bands, project_draws
from ics_core.population.implied import BANDS, FEMALE, FOOTPRINT, SEXES
from ics_core.population.mesh import mesh
from ics_core.population.model import LEVERS, ages_of, codes, place_names, positions, run
from ics_core.population.track_record import BROAD_AGES, TESTED, back_test, spread, tested_year
from ics_core.scenario import BASES, Scenario, levers


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
) -> tuple[Any, ...]:
    """One row; per cent of ``per`` (the published cell unless given) in cells above ``above``."""
    off, base = np.abs(ours - published), published if per is None else per
    percent = 100 * np.divide(off, base, out=np.zeros_like(off), where=base > above)
    return basis, check, off.size, float(off.max()), float(percent.max()), allowed


def _published(table: str, asked: list[str], age: str, **wanted: object) -> np.ndarray:
    """Published people [place, sex, age, year] of a projection."""
    rows = catalogue.table(table)
    rows = rows[rows["area_code"].isin(asked) & rows["sex"].isin(SEXES)]
    for column, value in wanted.items():
        rows = rows[rows[column] != value]
    grid = rows.pivot_table(index=["area_code", "sex", age], columns="year", values="population").sort_index()
    return grid.to_numpy().reshape(len(asked), 2, -1, grid.shape[1])


def _components_2018(component: str) -> np.ndarray:
    """A published component [district, sex, year]."""
    asked, rows = list(implied.parts().districts), catalogue.table("components")
    rows = rows[(rows["source"] == "snpp_2018_table5") & (rows["component"] == component) & rows["sex"].isin(SEXES)]
    grid = rows[rows["area_code"].isin(asked)].pivot_table(index=["area_code", "sex"], columns="year", values="value")
    return grid.sort_index().to_numpy().reshape(len(asked), 2, -1)


def _checks_2018() -> list[tuple[Any, ...]]:
    basis, result = "ons-2018", run(Scenario(basis="ons-2018"))
    localities, districts = positions("locality"), positions("district")
    published = _published("projections_2018", [codes()[i] for i in localities], "age_from", age_group="All ages")
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


def _checks_2022() -> list[tuple[Any, ...]]:
    basis, result = "ons-2022", run()
    districts = positions("district")
    first = catalogue.table("projections_2022_by_sex")["year"].min()
    published = _published("projections_2022_by_sex", [codes()[i] for i in districts], "age")[
        ..., result.years[0] - first :
    ]
    ours = result.people[districts]
    change, wanted = ours - ours[..., :1], published - published[..., :1]
    bands = np.arange(0, 65, 5)
    young = [np.add.reduceat(values[:, :, :65].sum((0, 1)), bands, axis=0) for values in (change, wanted, published)]
    said = f"change since mid-{result.years[0]}; per cent of the published number"
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
def start_words(basis: str = "ons-2022") -> str:
    """How the model with no lever moved differs from what was published: a sentence with its full stop."""
    if basis not in BASES:
        raise PopulationError(f"basis: {basis!r} is not an official projection in use. Choose {' or '.join(BASES)}.")
    first = int(implied.inputs(basis).years[0])
    if basis != "ons-2022":
        return (
            f"With no lever moved this is the {BASES[basis].partition(',')[0]} as published; single ages within "
            "five-year groups, and ages within districts, are ours."
        )
    off = 100 * (_in_year(estimates(FOOTPRINT), first) / _in_year(official(basis, FOOTPRINT), first) - 1)
    young = {
        code: _in_year(estimates(code, STUDENTS), first) / _in_year(official(basis, code, STUDENTS), first) - 1
        for code in implied.parts().districts
    }
    most = min(young, key=young.__getitem__)
    return (
        f"With no lever moved this is not quite what ONS published: it adds the changes of the {BASES[basis][4:14]} "
        f"projection (migration category variant) to the estimate of mid-{first}, which is "
        f"{words.percent(abs(off), 2)} {'below' if off < 0 else 'above'} the projection's own mid-{first}, and "
        f"{words.percent(abs(100 * young[most]), 0)} below it among those of {STUDENTS.replace('-', ' to ')} in "
        f"{place_names()[most]}; the published line is dotted."
    )


@cache
def method() -> str:
    """How the model works, in Markdown: ``data/text/method_population.md`` with its numbers filled in."""
    return catalogue.text("method_population").format(**_method_numbers())


def _method_numbers() -> dict[str, str]:
    levels = implied.inputs("ons-2018").death_level
    first, inputs = run(), implied.inputs("ons-2022")
    moved = {part.code for part in AREA.districts if part.now}
    norfolk = [i for i in positions("district") if codes()[i] not in moved]
    counted = catalogue.table("components").query("kind == 'estimate' and component == 'births'")
    counted = counted[(counted["area_code"] == "E10000020") & (counted["year"] == counted["year"].max())]
    estimate, projected = estimates(FOOTPRINT), official("ons-2022", FOOTPRINT)
    base = implied.base_year()
    ahead = _in_year(projected, base) / _in_year(estimate, base) - 1
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
        "oldest": words.markdown_table(
            ["Age", *BASES.values(), f"Residents of that age, mid-{base}"],
            [
                [
                    group,
                    *(words.number(_left_over(basis, group), signed=True) for basis in BASES),
                    f"{first.people[0, :, ages_of(group), 0].sum():,.0f}",
                ]
                for group in ("75-79", "80-84", "85-89", "90+")
            ],
        ),
        "base_year": str(base),
        "projected_ahead": f"{100 * ahead:.1f}%",
        "norwich_projected": f"{_in_year(students[0], base):,.0f}",
        "norwich_estimate": f"{_in_year(students[1], base):,.0f}",
        "nodes": str(len(mesh("ons-2022").people)),
        "checks": words.markdown_table(
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
        **_error_numbers(),
        "back_test": words.markdown_table(
            ["Place", "Projected", "Estimate", "Difference"],
            [
                [row.place, f"{row.projected:,.0f}", f"{row.estimate:,.0f}", words.percent(row.percent, signed=True)]
                for row in back_test().itertuples()
            ],
        ),
        "back_test_ages": words.markdown_table(["Place", *BROAD_AGES], _back_test_ages()),
        "example_place": place_names()[_EXAMPLE_PLACE],
        "example_age": str(age),
        "example_next_age": str(age + 1),
        "example_year": str(inputs.years[0]),
        "example_next_year": str(inputs.years[1]),
        "example_start": f"{start:,.1f}",
        "example_rate": f"{100 * rate / level:.3f}",
        "example_level": f"{level:.4f}",
        "example_survivors": f"{start * (1 - rate):,.1f}",
        "example_migration": words.number(inputs.migration[0, part, FEMALE, age + 1], 1, signed=True),
        "example_result": f"{inputs.official[1, part, FEMALE, age + 1]:,.1f}",
    }


def _error_numbers() -> dict[str, str]:
    """What the method says about past error."""
    found, lever = spread(), levers()["mortality"]
    cells = {errors: _cells_inside(errors) for errors in (False, True)}
    still = dict.fromkeys(LEVERS, (0.0, 0.0))
    ahead = project_draws(ranges=still).people("all ages", "district")[..., 10]
    lines = run().people[positions("district"), :, :, 10].sum((1, 2))
    return {
        "tested": str(tested_year()),
        "tested_years": words.spoken(found.years),
        "cells": str(len(cells[True])),
        "cells_levers": words.spoken(sum(cells[False])),
        "cells_errors": str(sum(cells[True])),
        "spread": words.listed(
            [f"{words.percent(100 * share)} at {group}" for group, share in zip(BROAD_AGES, found.by_age)]
        ),
        "common": words.percent(100 * found.common, 0),
        "of_place": words.percent(100 * found.of_place, 0),
        "ten_years": words.percent(100 * float(np.median(np.abs(ahead / lines - 1)))),
        "even_high": words.percent(lever.observed_high or 0.0, 0, signed=True),
        "even_low": words.percent(lever.observed_low or 0.0, 0, signed=True),
    }


def _cells_inside(errors: bool) -> list[bool]:
    """Whether each cell of district and age group of the back-test lies in its band."""
    found: list[bool] = []
    for group, cells in back_test("age").query("place_type == 'district'").groupby("age_group"):
        band = bands(TESTED, list(cells["place_code"]), str(group), errors=errors)
        band = band[band["year"] == tested_year()].set_index("place_code").loc[cells["place_code"]]
        found += cells["estimate"].between(band["low"].to_numpy(), band["high"].to_numpy()).tolist()
    return found


def _back_test_ages() -> list[list[str]]:
    table = back_test("age")
    table = table[table["place_type"] != "locality"]
    wide = table.pivot(index="place_code", columns="age_group", values="percent")[list(BROAD_AGES)]
    return [
        [place_names()[code], *(words.percent(value, signed=True) for value in wide.loc[code])]
        for code in dict.fromkeys(table["place_code"])
    ]


def _left_over(basis: str, age_group: str) -> float:
    """Mean yearly net migration of the footprint at those ages."""
    return run(Scenario(basis=basis)).migration[0, :, ages_of(age_group)].sum((0, 1)).mean()


STUDENTS = "18-22"  # ages at which the projection's own start is furthest from the estimate
_EXAMPLE_PLACE, _EXAMPLE_AGE = "E07000147", 80  # North Norfolk is one part, so the sum can be followed by hand


def _in_year(frame: pd.DataFrame, year: int) -> float:
    return float(frame.loc[frame["year"] == year, "population"].sum())
