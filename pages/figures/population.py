"""The figures of the population page: each asks the core for one table, puts its finding in words and draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from ics_core import catalogue, population, words
from ics_core.figure import Figure, Number
from ics_core.population import DRAWS, FOOTPRINT, moved, tables
from ics_core.scenario import BASES, Scenario
from ics_core.words import about
from pages.components.charts.bars import differences
from pages.components.charts.lines import projected_line, s_curve
from pages.components.charts.picture import Picture
from pages.components.charts.pyramid import pyramid as pyramid_chart
from pages.components.charts.waterfall import waterfall
from pages.figures import levers_did as levers_did_figure
from pages.figures.choices import Asked, within
from pages.figures.registry import Made, Moved, against, figure, from_a, strip

SOURCES = {
    "ons-2022": ("base_population", "projections_2022_by_sex"),
    "ons-2018": ("base_population", "projections_2018", "components"),
}
BOTH = ("base_population", "population_totals", "projections_2022_by_sex", "projections_2018")
_SCENARIO = "from ics_core.scenario import Scenario\n"
AGES = ("all ages", "0-14", "15-64", "65+", "65-74", "75-84", "85+")
KINDS = {"district": "Districts", "locality": "Localities"}


@dataclass(frozen=True)
class View(Moved):
    """What the reader chose to look at.

    ``year`` stands in front of the pyramid (None: the last), ``range_year`` is that of the likelihood (None: the
    middle one), ``places`` the type of place whose growth is compared.
    """

    place: str = FOOTPRINT
    ages: str = AGES[0]
    year: int | None = None
    places: str = "district"
    range_year: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.scenario()
        asked.one("place", place_names(), "a place")
        asked.one("ages", age_names(), "an age group")
        asked.one("places", KINDS, "a type of place")
        base, last = cls(scenario=asked.found["scenario"]).years
        asked.whole("year", base, last, "a year")
        asked.whole("range_year", base + 1, last, "a year")
        return cls(**asked.found), asked.notes

    @property
    def name(self) -> str:
        return place_name(self.place).partition(" (")[0]

    @property
    def group(self) -> str:
        """The age group as the subject of a sentence."""
        return "the population" if self.ages == "all ages" else f"the number of people {self.aged}"

    @property
    def aged(self) -> str:
        """The age group after a noun: 'aged 85 and over'."""
        if self.ages == "all ages":
            return "of all ages"
        return f"aged {self.ages.replace('-', ' to ').replace('+', ' and over')}"

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of the projection."""
        known = population.run(self.scenario).years
        return int(known[0]), int(known[-1])

    @property
    def front(self) -> int:
        """The year in front of the pyramid."""
        return within(self.year, *self.years, self.years[1])

    @property
    def span(self) -> tuple[int, int, int]:
        """Of the years a range can be shown for: the first, the last, and the one that is shown."""
        first, last = self.years[0] + 1, self.years[1]
        return first, last, within(self.range_year, first, last, (first + last) // 2)


@cache
def place_names() -> dict[str, str]:
    """Every place with its type where the name alone could be two places, by code."""
    return {
        row.place_code: row.place if row.place_type == "footprint" else f"{row.place} ({row.place_type})"
        for row in population.places().itertuples()
    }


def place_name(code: str) -> str:
    """A place with its type where the name alone could be two places."""
    return place_names()[code]


def age_names() -> dict[str, str]:
    """The age groups as they stand on their buttons."""
    return {ages: age_name(ages) for ages in AGES}


def age_name(ages: str) -> str:
    """An age group on a button."""
    return "All ages" if ages == "all ages" else ages.replace("+", " and over").replace("-", "–")


# ------------------------------------------------------------------------------------------ figures


@strip("population")
def headline(view: View) -> tuple[Number, ...]:
    """Everyone, 65 and over, 85 and over in the last year, and what the levers make of them."""
    said = catalogue.toml("text/population")["headline"]
    names = {"all ages": ("everyone", "all"), "65+": ("older", "old"), "85+": ("oldest", "oldest")}
    before = _unmoved(view.place, view.unmoved)
    return tuple(
        Number(
            names[row.age_group][0],
            said[names[row.age_group][1]].format(year=row.to_year),
            about(row.after),
            against(about(row.after - before[row.age_group], signed=True)),
            said["delta"].format(percent=words.percent(row.percent, signed=True), base=row.from_year),
        )
        for row in tables.headline(view.place, view.scenario).itertuples()
    )


@lru_cache(64)
def _unmoved(place: str, scenario: Scenario) -> dict[str, float]:
    return tables.headline(place, scenario).set_index("age_group")["after"].to_dict()


@figure("over-time", page="population", name="Over time", moves=True)
def over_time(view: View) -> Made:
    """Residents over time with band, official lines and A."""
    scenario, kept = view.scenario, view.kept
    table = tables.lines(view.place, view.ages, scenario, kept, unmoved=True)
    ours = table[table["kind"] == "projected"].reset_index(drop=True)
    first, last = ours.iloc[0], ours.iloc[-1]
    base, year = view.years
    text = _Text(
        "lines",
        place=view.name,
        group=view.group,
        ages=view.aged,
        direction=_direction(first["value"], last["value"]),
        before=about(first["value"]),
        after=about(last["value"]),
        base=base,
        year=year,
        basis=BASES[scenario.basis],
    )
    range_said = text("band", low=about(last["low"]), high=about(last["high"]))
    if kept is not None and last["difference"] == last["difference"]:
        range_said += " " + text("kept", difference=_more(last["difference"]))
    range_said += f" {population.range_words()}."
    columns = {
        "year": "Year",
        "series": "What",
        "kind": "Status",
        "value": "Residents",
        "low": "Low (80% band)",
        "high": "High (80% band)",
    } | from_a(kept)
    return _made(
        "over-time",
        text,
        table,
        projected_line(
            table,
            unit=f"Residents {view.aged}",
            moved_by="over-time",
            domain=moved.extremes(view.place, view.ages, scenario.basis),
        ),
        _call("lines", view.place, view.ages, scenario, kept),
        columns=columns,
        sources=BOTH,
        note=range_said,
    )


@figure("pyramid", page="population", name="By age", moves=True)
def pyramid(view: View) -> Made:
    """Ages by sex, now behind and a year of the reader's choice in front."""
    scenario, kept = view.scenario, view.kept
    base, year = view.years[0], view.front
    table = tables.pyramid(view.place, year, scenario, kept, unmoved=True)
    shares = population.shares(scenario, view.place).query("measure == '65 and over'").set_index("year")["value"]
    text = _Text(
        "pyramid",
        place=view.name,
        base=base,
        year=year,
        share_now=words.percent(shares[base]),
        share_then=words.percent(shares[year]),
        open_years=tables.OPEN_YEARS,
    )
    picture = pyramid_chart(
        table,
        now=base,
        then=year,
        most=max(tables.longest_bar(view.place, scenario, kept), tables.longest_bar(view.place, view.unmoved)),
        open_years=tables.OPEN_YEARS,
        kept=tables.KEPT if kept else "",
        unmoved=tables.UNMOVED,
    )
    columns = {"year": "Year", "scenario": "Scenario", "sex": "Sex", "age": "Age", "population": "Residents"}
    return _made(
        "pyramid",
        text,
        table,
        picture,
        _call("pyramid", view.place, year, scenario, kept),
        columns=columns,
        sources=SOURCES[scenario.basis],
    )


@figure("drivers", page="population", name="Why it changes", moves=True)
def drivers(view: View) -> Made:
    """Why the age group changes: births or ageing, deaths, migration."""
    scenario, kept = view.scenario, view.kept
    table = tables.drivers(view.place, view.ages, scenario, kept, unmoved=True)
    base, year = int(table["from_year"][0]), int(table["to_year"][0])
    text = _Text("drivers", place=view.name, ages=view.aged, base=base, year=year)
    text.values["reason"] = _reason(view, table, text)
    shown = (
        table.assign(
            step=[
                f"{step} (A {words.number(change, signed=True)})"
                for step, change in zip(table["step"], table["change_a"])
            ]
        )
        if kept
        else table
    )
    picture = waterfall(
        shown,
        unit=f"Residents {view.aged}, change from {base} to {year}",
        start="",
        end="Change",
        unmoved="change_unmoved" if "change_unmoved" in table else "",
    )
    columns = {"step": "Step", "change": "Change, residents"} | (
        ({"change_a": "Change in A", "difference": "Difference"} if kept else {})
        | ({"change_unmoved": tables.UNMOVED} if "change_unmoved" in table else {})
    )
    return _made(
        "drivers",
        text,
        table,
        picture,
        _call("drivers", view.place, view.ages, scenario, kept),
        columns=columns,
        sources=SOURCES[scenario.basis],
    )


@figure("older", page="population", name="Older residents", moves=True)
def older(view: View) -> Made:
    """Shares of 65, 75 and 85 and over."""
    code = "table[table['measure'].isin(population_tables.OLDER)]"
    return _proportion(view, "older", tables.OLDER, "85 and over", code, unit="% of residents", zero=True)


@figure("dependency", page="population", name="Working age and others", moves=True)
def dependency(view: View) -> Made:
    """Younger and older residents for every 100 of working age."""
    code, ratio = "table.query(\"measure == 'dependency ratio'\")", "dependency ratio"
    return _proportion(view, "dependency", (ratio,), ratio, code, unit="For every 100 residents of 16 to 64")


def _proportion(view: View, id: str, measures: tuple[str, ...], told: str, code: str, **drawn: object) -> Made:
    """Proportions over the years; ``told`` is the one that is put in words, ``code`` picks them in a notebook."""
    scenario, kept = view.scenario, view.kept
    table = tables.proportions(view.place, scenario, kept, unmoved=True)
    table = table[table["measure"].isin(measures)]
    ours = table.loc[(table["kind"] == "projected") & (table["measure"] == told), "value"]
    say = words.percent if measures == tables.OLDER else "{:.0f}".format
    base, year = view.years
    text = _Text(id, place=view.name, base=base, year=year, before=say(ours.iloc[0]), after=say(ours.iloc[-1]))
    lines = table
    if len(measures) > 1:
        own = lines["kind"].isin(["published", "projected"])
        lines = lines.assign(series=lines["measure"].where(own, lines["series"] + ": " + lines["measure"]))
    domain = moved.proportion_extremes(view.place, measures, scenario.basis)
    return _made(
        id,
        text,
        table,
        projected_line(lines, moved_by=id, domain=domain, **drawn),
        _call("proportions", view.place, scenario, kept) + f"\ntable = {code}",
        columns=_PROPORTION | from_a(kept),
        sources=SOURCES[scenario.basis],
    )


@figure("growth", page="population", name="Fastest growing", moves=True)
def growth(view: View) -> Made:
    """Which places grow fastest."""
    scenario, kept = view.scenario, view.kept
    kind = view.places
    table = tables.growth(kind, view.ages, scenario, kept, unmoved=True)
    top = table.iloc[0]
    text = _Text(
        "growth",
        ages=view.aged,
        kind=KINDS[kind].lower(),
        base=top["from_year"],
        year=top["to_year"],
        first=top["place"],
        percent=words.percent(top["percent"], signed=True),
    )
    rows = (
        table.assign(
            place=[
                f"{place} (A {words.percent(percent, signed=True)})"
                for place, percent in zip(table["place"], table["percent_a"])
            ]
        )
        if kept
        else table
    )
    columns = {
        "place": "Place",
        "before": f"Residents {top['from_year']}",
        "after": f"Residents {top['to_year']}, projected",
        "change": "Change",
        "percent": "Change, %",
    } | ({"percent_a": "Change in A, %", "difference": "Difference, points"} if kept else {})
    columns |= {"percent_unmoved": f"{tables.UNMOVED}, %"} if "percent_unmoved" in table else {}
    return _made(
        "growth",
        text,
        table,
        differences(
            rows,
            "place",
            "percent",
            unit=f"Change in residents {view.aged}, %",
            unmoved="percent_unmoved" if "percent_unmoved" in table else "",
        ),
        _call("growth", kind, view.ages, scenario, kept),
        columns=columns,
        sources=SOURCES[scenario.basis],
    )


@figure("likelihood", page="population", name="How sure", moves=True)
def likelihood(view: View) -> Made:
    """How wide the range is in a year of the reader's choice."""
    scenario, kept = view.scenario, view.kept
    _, _, year = view.span
    table = tables.likelihood(view.place, view.ages, year, scenario, kept, unmoved=True)
    band = population.bands(scenario, view.place, view.ages).set_index("year").loc[year]
    middle = table[table["scenario"] == tables.name(scenario)].query("share <= 0.5")["value"].iloc[-1]
    text = _Text(
        "likelihood",
        place=view.name,
        ages=view.aged,
        year=year,
        draws=f"{DRAWS:,}",
        middle=about(middle),
        low=about(band["low"]),
        high=about(band["high"]),
    )
    columns = {"scenario": "Scenario", "year": "Year", "value": "Residents", "share": "Share of draws at or below"}
    return _made(
        "likelihood",
        text,
        table,
        s_curve(table, unit=f"Residents {view.aged}", unmoved=tables.UNMOVED),
        _call("likelihood", view.place, view.ages, year, scenario, kept),
        columns=columns,
        sources=SOURCES[scenario.basis],
    )


@figure("levers-did", page="population", name="What each lever did", moves=True)
def levers_did(view: View) -> Made:
    """What each lever that is moved does to the last year, one after the other."""
    year = view.years[1]
    return levers_did_figure.made(
        moved.levers_did(view.place, view.ages, view.scenario),
        f"residents {view.aged} of {view.name} in {year}",
        "residents",
        axis=f"Residents in {year}, change against no lever moved",
        column="Change, residents",
        code=f"{_SCENARIO}from ics_core.population import moved\n"
        f"table = moved.levers_did({view.place!r}, {view.ages!r}, {view.scenario!r})",
        sources=SOURCES[view.scenario.basis],
    )


@figure("record", page="population", name="Past projections")
def record(view: View) -> Made:
    """How the 2018-based projection has fared."""
    table = population.back_test().sort_values("percent", ascending=False, ignore_index=True)
    districts = table[table["place_type"] == "district"]
    most, least, whole = districts.iloc[0], districts.iloc[-1], table.set_index("place_type").loc["footprint"]
    footprint = f"{words.percent(abs(whole['percent']))} too {'high' if whole['percent'] > 0 else 'low'}"
    text = _Text(
        "record",
        year=int(most["year"]),
        most=words.percent(most["percent"]),
        place_most=most["place"],
        least=words.percent(-least["percent"]),
        place_least=least["place"],
        footprint=footprint,
    )
    picture = differences(table, "place", "percent", unit="Projected less estimated, % of the estimate")
    code = (
        "from ics_core import population\n"
        "table = population.back_test().sort_values('percent', ascending=False, ignore_index=True)"
    )
    columns = {
        "place": "Place",
        "projected": "Projected",
        "estimate": "Estimated",
        "difference": "Difference",
        "percent": "Difference, %",
    }
    return _made(
        "record",
        text,
        table,
        picture,
        code,
        columns=columns,
        sources=("projections_2018", "components", "population_totals", "base_population"),
        kind="our calculation",
    )


@figure("record-ages", page="population", name="Past projections by age")
def record_ages(view: View) -> Made:
    """How the 2018-based projection has fared by age, in the place on the screen."""
    table = population.back_test("age")
    table = table[table["place_code"] == view.place].reset_index(drop=True)
    most = table.loc[table["percent"].abs().idxmax()]
    text = _Text(
        "record_ages",
        place=view.name,
        year=int(most["year"]),
        percent=words.percent(abs(most["percent"])),
        way="high" if most["percent"] > 0 else "low",
        age=most["age_group"],
        ours=catalogue.toml("text/population")["record_ages"]["ours"] if most["kind"] == "modelled" else "",
    )
    code = (
        "from ics_core import population\ntable = population.back_test('age')\n"
        f"table = table[table['place_code'] == {view.place!r}].reset_index(drop=True)"
    )
    columns = {
        "age_group": "Ages",
        "projected": "Projected",
        "estimate": "Estimated",
        "difference": "Difference",
        "percent": "Difference, %",
        "kind": "Ages are",
    }
    return _made(
        "record-ages",
        text,
        table,
        differences(table, "age_group", "percent", unit="Projected less estimated, % of the estimate"),
        code,
        columns=columns,
        sources=("projections_2018", "components", "base_population"),
        kind="our calculation",
    )


# ---------------------------------------------------------------------------------------- their words

_PROPORTION = {
    "year": "Year",
    "measure": "Measure",
    "series": "What",
    "kind": "Status",
    "value": "Value",
    "unit": "Unit",
}


class _Text:
    """The words of one figure, its numbers filled in."""

    def __init__(self, name: str, **values: object) -> None:
        self.words = catalogue.toml("text/population")[name]
        self.values = values

    def __call__(self, part: str, **more: object) -> str:
        return self.words[part].format(**(self.values | more)).strip()


def _made(
    id: str,
    text: _Text,
    table: pd.DataFrame,
    picture: Picture,
    code: str,
    *,
    columns: dict[str, str],
    sources: tuple[str, ...],
    kind: str = "projected",
    note: str = "",
) -> Made:
    return Figure(
        id=id,
        finding=text("title"),
        subtitle=text("subtitle") + (f". {note.rstrip('.')}" if note else ""),
        table=table.reset_index(drop=True),
        sources=sources,
        method=text("method"),
        code=code + "\ntable = table.reset_index(drop=True)",
        alt=text("alt"),
        kind=kind,
        columns=columns,
    ), picture


def _call(function: str, *arguments: object) -> str:
    """The line that makes the same table in a notebook."""
    scenario = next(one for one in arguments if isinstance(one, Scenario))
    given = [repr(a) for a in arguments if a is not None]
    given += ["unmoved=True"] if tables.moved(scenario) else []
    needs = "\nfrom ics_core.scenario import Scenario"
    return f"from ics_core import population_tables{needs}\ntable = population_tables.{function}({', '.join(given)})"


def _reason(view: View, table: pd.DataFrame, text: _Text) -> str:
    steps = table.set_index("step")["change"]
    moving = steps["Net migration"]
    moved = text("more" if moving >= 0 else "fewer", number=about(abs(moving)))
    growing = next((value for step, value in steps.items() if step.startswith("Reach")), 0.0)
    if view.ages == "all ages":
        return text("everyone", births=about(steps["Births"]), deaths=about(-steps["Deaths"]), moved=moved)
    if view.ages.endswith("+"):
        return text("growing", growing=about(growing), age=view.ages[:-1], deaths=about(-steps["Deaths"]), moved=moved)
    ageing = growing + steps.get("Births", 0.0)
    return text(
        "other",
        growing=about(ageing, signed=True),
        deaths=about(steps["Deaths"], signed=True),
        migration=about(moving, signed=True),
    )


def _direction(before: float, after: float) -> str:
    words = catalogue.toml("text/population")["direction"]
    return words["level"] if abs(after / before - 1) < 0.005 else words["up" if after > before else "down"]


def _more(difference: float) -> str:
    return f"about {about(abs(difference))} {'more' if difference >= 0 else 'fewer'}"
