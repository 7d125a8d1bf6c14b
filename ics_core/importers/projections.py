"""Subnational population projections, Office for National Statistics: the CSV of persons or of females.

One row an area and age, one column a year. Only what is published is compared: Waveney, Norfolk, the footprint and
males are made from it. The files of all variants look alike and none says which it is, so a figure that differs is
looked at.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.registry import Draft, Layout, Publication, Table

BY_AGE = Layout(
    "by area and age",
    {"code": "area code", "name": "area name", "component": "component", "sex": "sex", "age": "age group"},
)
_TABLES = {"persons": "projections_2022", "females": "projections_2022_by_sex"}
_ALL, _OLDEST = "all ages", "90 and over"
_Found = dict[tuple[str, str], np.ndarray]  # people of an area and age [year]


def _read(tables: list[Table]) -> Draft:
    table, draft = tables[0], Draft(pd.DataFrame(), "")
    years = {at: int(head) for at, head in enumerate(table.headings) if re.fullmatch(r"20\d\d", head)}
    _check_base(table, list(years.values()))
    held = catalogue.table("projections_2022")
    ours = set(held.loc[held["kind"] == "published", "area_code"])
    found: _Found = {}
    sexes = set()
    for line, row in table.rows():
        draft.rows_read += 1
        code, age = cells.code(row[table.columns["code"]]), cells.heading(row[table.columns["age"]])
        if code not in ours or cells.heading(row[table.columns["component"]]) != "population":
            continue
        sexes.add(cells.heading(row[table.columns["sex"]]))
        cells_of = {str(year): row[at] for at, year in years.items()}
        people = observed.counted({"line": line, **cells_of}, cells_of, table)
        observed.once(found, (code, age), np.array([*people.values()]), table, f"{code} at age {age}")
    if found:
        sex = _sex(sexes, table)
        areas = _checked(found, table)
        if lacking := sorted(ours - areas):
            draft.suspicious.append(f"it has no row for {words.listed(lacking)}")
        draft.frame = _filled(_TABLES[sex], found, areas, list(years.values()))
        _compare(draft, _TABLES[sex])
        draft.table = _TABLES[sex]
        draft.period = f"{min(years.values())} to {max(years.values())}, {sex}"
    return draft


def _check_base(table: Table, years: list[int]) -> None:
    first = int(catalogue.table("projections_2022")["year"].min())
    if not years or years[0] != first:
        raise UnreadableFile(
            f"{table.book.path.name} is a subnational projection {f'from {years[0]}' if years else 'without years'}, "
            f"and the one in use is {first}-based. Expected that one. A projection of another base has its own table: "
            "compare the two on the page of the population before one takes the place of the other."
        )


def _sex(sexes: set[str], table: Table) -> str:
    if len(sexes) == 1 and sexes <= set(_TABLES):
        return sexes.pop()
    raise UnreadableFile(
        f"{table.book.path.name} counts {words.listed(sorted(sexes))}. Expected persons, or females (males are the "
        "difference): fetch the file of one of them."
    )


def _checked(found: _Found, table: Table) -> set[str]:
    """The areas of the file; refused where one lacks an age, or its ages are not its total."""
    areas = {code for code, _ in found}
    for code in sorted(areas):
        ages = [found.get((code, age)) for age in (*map(str, range(90)), _OLDEST)]
        whole = found.get((code, _ALL))
        if whole is None or any(one is None for one in ages):
            raise UnreadableFile(
                f"{table.book.path.name} lacks ages of {code}. Expected single ages, 90 and over and all ages: it may "
                "be cut off, or be by five-year group. Download the file by single year of age again."
            )
        if not np.abs(np.sum(ages, axis=0) - whole).max() < 0.5:
            raise UnreadableFile(
                f"{table.book.path.name}: the ages of {code} do not add up to its all ages. Columns may be shifted: "
                "download the file again."
            )
    return areas


def _filled(table: str, found: _Found, areas: set[str], years: list[int]) -> pd.DataFrame:
    """The published rows held of those areas, with the people of the file."""
    rows = catalogue.table(table)
    rows = rows[rows["area_code"].isin(areas) & (rows["kind"] == "published")]
    ages = rows["age_group"] if "age_group" in rows else rows["age"].astype(str)
    ages = ages.str.casefold().replace({"90": _OLDEST, "90+": _OLDEST})
    at = {year: n for n, year in enumerate(years)}
    people = [found[code, age][at[year]] for code, age, year in zip(rows["area_code"], ages, rows["year"], strict=True)]
    return rows.assign(population=np.round(people, 3))


def _compare(draft: Draft, table: str) -> None:
    held = catalogue.table(table)["population"].loc[draft.frame.index]
    if differ := int(((held - draft.frame["population"]).abs() > 0.001).sum()):
        draft.suspicious.append(
            f"{words.plural(differ, 'figure')} differ from what is held: it may be another variant, which the file "
            "does not say, and males, ages 0-64, Norfolk, Waveney and the footprint, made from it, must follow"
        )


PUBLICATION = Publication(
    id="population_projections",
    title="2022-based subnational population projections",
    publisher="Office for National Statistics",
    address="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationprojections/bulletins/"
    "subnationalpopulationprojectionsforengland/2022based",
    table="projections_2022",
    layouts=(BY_AGE,),
    read=_read,
)
