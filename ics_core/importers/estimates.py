"""Mid-year population estimates, Office for National Statistics: the workbook's tables MYE2 by single year of age.

Districts, county and England are as published. The parts of a district that belong to different localities keep the
share they had at each age, by sex, in the latest year held; Waveney keeps its share of East Suffolk at each age, split
by sex as East Suffolk is. Of a year that is held already only the districts are compared: its totals have been revised
since, and its parts have a split of their own.
"""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import UnreadableFile
from ics_core.importers import cells, observed
from ics_core.importers.observed import ENGLAND
from ics_core.importers.registry import Draft, Layout, Publication, Table
from ics_core.population import implied

_AGES = {f"age_{age}": str(age) for age in range(90)} | {"age_90": r"90\+"}
BY_AGE = Layout(
    "MYE2, single years of age", {"code": "code", "name": "name", "geography": "geography", "all": "all ages", **_AGES}
)
_TITLE = re.compile(r"\b(Persons|Females|Males) by single year of age\b.*\bmid-(\d{4})", re.IGNORECASE)
_PUBLISHED = re.compile(r"published at .* (\d{1,2} [A-Z][a-z]+ \d{4})")
_SEX = {"persons": "persons", "females": "female", "males": "male"}
_PARENT = {part.code: part.now for part in AREA.districts if part.now}


def _read(tables: list[Table]) -> Draft:
    draft, book = Draft(None, ""), tables[0].book
    found: dict[str, dict[str, np.ndarray]] = {}
    years = set()
    for table in tables:
        sex, year = _title(table)
        years.add(year)
        found[sex] = _rows(table, draft)
    if set(found) != set(_SEX.values()) or len(years) != 1:
        of = words.listed(sorted(map(str, years)))
        raise UnreadableFile(
            f"{book.path.name} has the tables of {words.listed(sorted(found))} for {of}. Expected persons, females and "
            "males of one mid-year: fetch the publisher's workbook again."
        )
    year = years.pop()
    observed.the_month(date(year, 6, 1), tables[0], "the title")
    _check_sexes(found, book.path.name)
    draft.period, draft.released = f"mid-{year}", _released(tables[0])
    base = _districts(found, year, draft)
    held = catalogue.table("base_population")
    if year > (latest := int(held["year"].max())):
        base = pd.concat([base, _parts(found, latest, year)], ignore_index=True)
        draft.more = {"population_totals": _totals(found, year), "england_ages": _england(found, year)}
    draft.frame = base[list(held.columns)]
    return draft


def _title(table: Table) -> tuple[str, int]:
    for row in table.sheet.top[: table.header]:
        for cell in row:
            if title := _TITLE.search(cells.text(cell)):
                return _SEX[title[1].casefold()], int(title[2])
    raise UnreadableFile(
        f"{table.book.path.name} is the table of population by single year of age, but says nowhere whom it counts and "
        "in which mid-year. Fetch the publisher's workbook, whose sheets are titled, and not a CSV made of one."
    )


def _rows(table: Table, draft: Draft) -> dict[str, np.ndarray]:
    """People by age of each area we hold; refused where ages do not add up to all ages."""
    wanted = set(catalogue.table("population_totals")["area_code"])
    found: dict[str, np.ndarray] = {}
    for record in table.records():
        draft.rows_read += 1
        code = cells.code(record["code"])
        if code not in wanted:
            continue
        counts = observed.counted(record, ["all", *_AGES], table)
        people = np.array([counts[age] for age in _AGES])
        if not abs(people.sum() - counts["all"]) < 0.5:
            raise UnreadableFile(
                f"{table.book.path.name}, row {record['line']}: the ages of {code} add up to {people.sum():,.0f}, not "
                f"to its {counts['all']:,.0f} of all ages. Columns may be shifted: download the file again."
            )
        observed.once(found, code, people, table, f"{code} in {table.sheet.name}")
    if lacking := sorted(wanted - set(found)):
        raise UnreadableFile(
            f"{table.book.path.name} has no row for {words.listed(lacking)}. Expected the workbook for England and "
            "Wales, or a district was renamed: compare with the publication's page."
        )
    return found


def _check_sexes(found: dict[str, dict[str, np.ndarray]], name: str) -> None:
    for code, people in found["persons"].items():
        if np.abs(found["female"][code] + found["male"][code] - people).max() > 0.5:
            raise UnreadableFile(
                f"{name}: females and males of {code} do not add up to its persons. Download the file again."
            )


def _released(table: Table) -> str:
    for sheet in table.book.shown:
        for row in sheet.top:
            for cell in row:
                if said := _PUBLISHED.search(cells.text(cell)):
                    return cells.day(said[1]).isoformat()
    return ""


def _tidy(code: str, sex: str, people: np.ndarray, year: int) -> pd.DataFrame:
    rows = pd.DataFrame({"age": np.arange(len(people)), "population": people.round(2)})
    return rows.assign(area_code=code, sex=sex, year=year)


def _named(frame: pd.DataFrame, like: str) -> pd.DataFrame:
    """Rows with the name and kind their area has in a table."""
    columns = [c for c in ("area_code", "area_name", "area_type") if c in catalogue.table(like)]
    return frame.merge(catalogue.table(like)[columns].drop_duplicates(), on="area_code")


def _districts(found: dict[str, dict[str, np.ndarray]], year: int, draft: Draft) -> pd.DataFrame:
    codes = [part.code for part in AREA.districts if part.code in found["persons"]]
    rows = [_tidy(code, sex, found[sex][code], year) for code in codes for sex in ("female", "male")]
    basis = f"ONS mid-year estimates, {draft.period}, by sex"
    return _named(pd.concat(rows), "base_population").assign(status="published", basis=basis)


def _parts(found: dict[str, dict[str, np.ndarray]], latest: int, year: int) -> pd.DataFrame:
    """What is not published: Waveney, the localities and the footprint."""
    parts, before = implied.parts(), implied.estimates_of_parts(latest)
    whole = np.einsum("dp,psa->dsa", parts.in_district, before)
    districts = np.array([_district(code, found) for code in parts.districts])
    share = np.divide(before, whole[parts.district_index], out=np.zeros_like(before), where=before > 0)
    people = share * districts[parts.district_index]
    localities = np.einsum("lp,psa->lsa", parts.in_locality, people)
    made = dict(zip(parts.localities, localities, strict=True)) | {AREA.code: people.sum(0)}
    made |= {code: districts[parts.districts.index(code)] for code in _PARENT}
    rows = [_tidy(code, sex, values[i], year) for code, values in made.items() for i, sex in enumerate(implied.SEXES)]
    basis = f"ONS mid-year estimates, mid-{year}: parts of districts by their shares at each age in mid-{latest}"
    return _named(pd.concat(rows), "base_population").assign(status="derived", basis=basis)


def _district(code: str, found: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
    """A district as published [sex, age], or the share of its parent that is kept for one that is no more."""
    published = np.array([found[sex][_PARENT.get(code, code)] for sex in implied.SEXES])
    if code not in _PARENT:
        return published
    parent = catalogue.table("east_suffolk_ages")
    held = catalogue.table("base_population").query("area_code == @code and year == @parent.year.iat[0]")
    return published * (held.groupby("age")["population"].sum() / parent.set_index("age")["population"]).to_numpy()


def _totals(found: dict[str, dict[str, np.ndarray]], year: int) -> pd.DataFrame:
    rows = [
        {"area_code": code, "sex": sex, "year": year, "population": int(round(people.sum()))}
        for sex, areas in found.items()
        for code, people in areas.items()
    ]
    frame = _named(pd.DataFrame(rows), "population_totals").assign(basis=f"ONS mid-year estimates, mid-{year}")
    return frame[list(catalogue.table("population_totals").columns)]


def _england(found: dict[str, dict[str, np.ndarray]], year: int) -> pd.DataFrame:
    frame = _named(_tidy(ENGLAND, "persons", found["persons"][ENGLAND], year), "england_ages")
    return frame.astype({"population": int})[list(catalogue.table("england_ages").columns)]


PUBLICATION = Publication(
    id="population_estimates",
    title="Mid-year population estimates",
    publisher="Office for National Statistics",
    address="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates",
    table="base_population",
    layouts=(BY_AGE,),
    read=_read,
)
