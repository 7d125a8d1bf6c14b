"""The figures of the population page: each asks the core for one table, puts its finding in words and draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd
import streamlit as st

from ics_core import catalogue, population
from ics_core.population import DRAWS, tables
from ics_core.scenario import BASES, Scenario
from pages.components.charts import projection as projection_charts
from pages.components.charts.picture import Picture
from pages.components.frame import numbers
from pages.components.frame import old_show as figure
from pages.components.instant import channel as instant
from pages.components.instant.channel import Answer, Question
from pages.components.scenario import levers
from pages.components.scenario.bar import Bar

SOURCES = {
    "ons-2022": ("base_population", "projections_2022_by_sex"),
    "ons-2018": ("base_population", "projections_2018", "components"),
}
BOTH = ("base_population", "population_totals", "projections_2022_by_sex", "projections_2018")
AGES = ("all ages", "0-14", "15-64", "65+", "65-74", "75-84", "85+")


@dataclass(frozen=True)
class View:
    """What the reader chose to look at: a scenario, a place and an age group."""

    bar: Bar
    place: str
    ages: str

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
        known = population.run(self.bar.scenario).years
        return int(known[0]), int(known[-1])


@cache
def place_name(code: str) -> str:
    """A place with its type where the name alone could be two places."""
    row = population.places().set_index("place_code").loc[code]
    return row["place"] if row["place_type"] == "footprint" else f"{row['place']} ({row['place_type']})"


def age_name(ages: str) -> str:
    """An age group on a button."""
    return "All ages" if ages == "all ages" else ages.replace("+", " and over").replace("-", "–")


# ------------------------------------------------------------------------------------------ figures


def headline(view: View) -> None:
    """The big numbers: everyone, 65 and over, 85 and over in the last year."""
    numbers.show("", _headline(view.place, view.bar.scenario), "headline")


def _headline(place: str, scenario: Scenario) -> list[numbers.Number]:
    words = catalogue.toml("text/population")["headline"]
    titles = dict(zip(("all ages", "65+", "85+"), (words["all"], words["old"], words["oldest"])))
    return [
        (
            titles[row.age_group].format(year=row.to_year),
            about(row.after),
            words["delta"].format(percent=_percent(row.percent, signed=True), base=row.from_year),
        )
        for row in tables.headline(place, scenario).itertuples()
    ]


def question(view: View) -> Question:
    """What the page asks while a lever moves: the big numbers and the line of ``over_time``."""
    return Question(
        "population",
        {"place": view.place, "ages": view.ages} | view.bar.scenario.to_query(),
        levers=True,
        lines=("over-time",),
    )


def at_once(asked: Mapping[str, str], lever: str, value: float | str) -> Answer:
    """The answer to ``question`` with ``lever`` at ``value``."""
    settled, scenario = instant.scenarios(asked, lever, value)
    table = tables.lines(asked["place"], asked["ages"], scenario, None, DRAWS, settled)
    return Answer(
        {"headline": numbers.words("", _headline(asked["place"], scenario))},
        {"over-time": projection_charts.moving(table)},
    )


def over_time(view: View) -> None:
    """Residents over time with band, official lines and A."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = tables.lines(view.place, view.ages, scenario, kept, DRAWS, view.bar.settled)
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
    columns = {
        "year": "Year",
        "series": "What",
        "kind": "Status",
        "value": "Residents",
        "low": "Low (80% band)",
        "high": "High (80% band)",
    } | ({"difference": "Difference from A"} if kept else {})
    _show(
        "over-time",
        text,
        table,
        projection_charts.projected_line(table, unit="Residents", moved_by="over-time"),
        _call("lines", view.place, view.ages, scenario, kept),
        columns=columns,
        sources=BOTH,
        note=range_said,
    )


def pyramid(view: View) -> None:
    """Ages by sex, now behind and a year of the reader's choice in front."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    base, last = view.years
    year = int(levers.number_now("year", base, last, last))
    table = tables.pyramid(view.place, year, scenario, kept)
    shares = population.shares(scenario, view.place).query("measure == '65 and over'").set_index("year")["value"]
    text = _Text(
        "pyramid",
        place=view.name,
        base=base,
        year=year,
        share_now=_percent(shares[base]),
        share_then=_percent(shares[year]),
        open_years=tables.OPEN_YEARS,
    )
    picture = projection_charts.pyramid(
        table,
        now=base,
        then=year,
        most=tables.longest_bar(view.place, scenario, kept),
        open_years=tables.OPEN_YEARS,
        kept=tables.KEPT if kept else "",
    )
    columns = {"year": "Year", "scenario": "Scenario", "sex": "Sex", "age": "Age", "population": "Residents"}
    _show(
        "pyramid",
        text,
        table,
        picture,
        _call("pyramid", view.place, year, scenario, kept),
        columns=columns,
        sources=SOURCES[scenario.basis],
        above=lambda: levers.number("year", "Year in front", base, last, 1, "", last, grouped=False),
    )


def drivers(view: View) -> None:
    """Why the age group changes: births or ageing, deaths, migration."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = tables.drivers(view.place, view.ages, scenario, kept)
    base, year = int(table["from_year"][0]), int(table["to_year"][0])
    text = _Text("drivers", place=view.name, ages=view.aged, base=base, year=year)
    text.values["reason"] = _reason(view, table, text)
    shown = (
        table.assign(
            step=[
                f"{step} (A {change:+,.0f})".replace("-", "−") for step, change in zip(table["step"], table["change_a"])
            ]
        )
        if kept
        else table
    )
    picture = projection_charts.waterfall(
        shown, unit=f"Residents, change from {base} to {year}", start="", end="Change"
    )
    columns = {"step": "Step", "change": "Change, residents"} | (
        {"change_a": "Change in A", "difference": "Difference"} if kept else {}
    )
    _show(
        "drivers",
        text,
        table,
        picture,
        _call("drivers", view.place, view.ages, scenario, kept),
        columns=columns,
        sources=SOURCES[scenario.basis],
    )


def older(view: View) -> None:
    """Shares of 65, 75 and 85 and over."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = tables.proportions(view.place, scenario, kept)
    ours = table[(table["kind"] == "projected") & (table["measure"] == "85 and over")]
    base, year = view.years
    text = _Text(
        "older",
        place=view.name,
        base=base,
        year=year,
        before=_percent(ours["value"].iloc[0]),
        after=_percent(ours["value"].iloc[-1]),
    )
    lines = table[table["measure"].isin(tables.OLDER)]
    lines = lines.assign(series=lines["measure"].where(lines["kind"] != "kept", "A: " + lines["measure"]))
    picture = projection_charts.projected_line(lines, unit="% of residents", zero=True, format=",.0f")
    code = (
        _call("proportions", view.place, scenario, kept)
        + "\ntable = table[table['measure'].isin(population_tables.OLDER)]"
    )
    _show(
        "older",
        text,
        table[table["measure"].isin(tables.OLDER)],
        picture,
        code,
        columns=_PROPORTION | ({"difference": "Difference from A"} if kept else {}),
        sources=SOURCES[scenario.basis],
    )


def dependency(view: View) -> None:
    """Younger and older residents for every 100 of working age."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = tables.proportions(view.place, scenario, kept).query("measure == 'dependency ratio'")
    ours = table[table["kind"] == "projected"]
    base, year = view.years
    text = _Text(
        "dependency",
        place=view.name,
        base=base,
        year=year,
        before=f"{ours['value'].iloc[0]:.0f}",
        after=f"{ours['value'].iloc[-1]:.0f}",
    )
    picture = projection_charts.projected_line(table, unit="Per 100 of 16 to 64", format=",.0f", height=300)
    code = _call("proportions", view.place, scenario, kept) + "\ntable = table.query(\"measure == 'dependency ratio'\")"
    _show(
        "dependency",
        text,
        table,
        picture,
        code,
        columns=_PROPORTION | ({"difference": "Difference from A"} if kept else {}),
        sources=SOURCES[scenario.basis],
    )


def growth(view: View) -> None:
    """Which places grow fastest."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    kinds = {"district": "Districts", "locality": "Localities"}
    kind = (
        "locality"
        if st.session_state.get("places", st.query_params.get("places", "").lower()) in ("locality", "localities")
        else "district"
    )
    table = tables.growth(kind, view.ages, scenario, kept)
    top = table.iloc[0]
    text = _Text(
        "growth",
        ages=view.aged,
        kind=kinds[kind].lower(),
        base=top["from_year"],
        year=top["to_year"],
        first=top["place"],
        percent=_percent(top["percent"], signed=True),
    )
    rows = (
        table.assign(
            place=[
                f"{place} (A {percent:+.1f})".replace(" -", " −")
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
    _show(
        "growth",
        text,
        table,
        projection_charts.differences(rows, "place", "percent", unit="Change, %"),
        _call("growth", kind, view.ages, scenario, kept),
        columns=columns,
        sources=SOURCES[scenario.basis],
        above=lambda: st.segmented_control(
            "Places",
            list(kinds),
            default="district",
            format_func=kinds.get,
            required=True,
            key="places",
            bind="query-params",
        ),
    )


def likelihood(view: View) -> None:
    """How wide the range is in a year of the reader's choice."""
    scenario, kept, draws = view.bar.scenario, view.bar.pinned, view.bar.draws
    base, last = view.years
    first, middle_year = base + 1, (base + last + 1) // 2
    year = int(levers.number_now("range_year", first, last, middle_year))
    table = tables.likelihood(view.place, view.ages, year, scenario, kept, draws)
    band = population.bands(scenario, view.place, view.ages, draws).set_index("year").loc[year]
    middle = table[table["scenario"] == tables.name(scenario)].query("share <= 0.5")["value"].iloc[-1]
    text = _Text(
        "likelihood",
        place=view.name,
        ages=view.aged,
        year=year,
        draws=f"{draws:,}",
        middle=about(middle),
        low=about(band["low"]),
        high=about(band["high"]),
    )
    columns = {"scenario": "Scenario", "year": "Year", "value": "Residents", "share": "Share of draws at or below"}
    _show(
        "likelihood",
        text,
        table,
        projection_charts.s_curve(table, unit="Residents"),
        _call("likelihood", view.place, view.ages, year, scenario, kept, draws=draws),
        columns=columns,
        sources=SOURCES[scenario.basis],
        above=lambda: levers.number("range_year", "Year", first, last, 1, "", middle_year, grouped=False),
    )


def record(view: View) -> None:
    """How the 2018-based projection has fared."""
    table = population.back_test().sort_values("percent", ascending=False, ignore_index=True)
    districts = table[table["place_type"] == "district"]
    most, least, whole = districts.iloc[0], districts.iloc[-1], table.set_index("place_type").loc["footprint"]
    footprint = f"{_percent(abs(whole['percent']))} too {'high' if whole['percent'] > 0 else 'low'}"
    text = _Text(
        "record",
        year=int(most["year"]),
        most=_percent(most["percent"]),
        place_most=most["place"],
        least=_percent(-least["percent"]),
        place_least=least["place"],
        footprint=footprint,
    )
    picture = projection_charts.differences(
        table, "place", "percent", unit="Projected less estimated, % of the estimate"
    )
    code = "from ics_core import population\ntable = population.back_test().sort_values('percent', ascending=False, ignore_index=True)"
    columns = {
        "place": "Place",
        "projected": "Projected",
        "estimate": "Estimated",
        "difference": "Difference",
        "percent": "Difference, %",
    }
    _show(
        "record",
        text,
        table,
        picture,
        code,
        columns=columns,
        sources=("projections_2018", "components", "population_totals", "base_population"),
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


def _show(
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
    above: Callable[[], object] | None = None,
) -> None:
    """Through the frame; ``above`` draws a control between the title and the picture."""
    subtitle = text("subtitle") + (f". {note.rstrip('.')}" if note else "")
    made = figure.Figure(
        id=id,
        title=text("title"),
        subtitle=subtitle,
        table=table.reset_index(drop=True),
        sources=sources,
        method=text("method"),
        code=code + "\ntable = table.reset_index(drop=True)",
        alt=text("alt"),
        kind=kind,
        columns=columns,
    )
    if above is None:
        figure.show(made, picture)
    else:
        figure.show(replace(made, still=picture.still), lambda: (above(), figure.frame.draw(made.value(), picture)))


def _call(function: str, *arguments: object, draws: int = DRAWS) -> str:
    """The line that makes the same table in a notebook."""
    given = [repr(a) for a in arguments if a is not None] + ([f"draws={draws}"] if draws != DRAWS else [])
    needs = "\nfrom ics_core.scenario import Scenario" if any(isinstance(a, Scenario) for a in arguments) else ""
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
    return text("other", growing=_signed(ageing), deaths=_signed(steps["Deaths"]), migration=_signed(moving))


def _direction(before: float, after: float) -> str:
    words = catalogue.toml("text/population")["direction"]
    return words["level"] if abs(after / before - 1) < 0.005 else words["up" if after > before else "down"]


def about(value: float) -> str:
    """A number of people as it is said: 1,165,000, 61,300, 540."""
    step = 1000 if abs(value) >= 100_000 else 100 if abs(value) >= 10_000 else 10
    return f"{round(value / step) * step:,.0f}"


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "−") + about(abs(value))


def _more(difference: float) -> str:
    return f"about {about(abs(difference))} {'more' if difference >= 0 else 'fewer'}"


def _percent(value: float, signed: bool = False) -> str:
    text = f"{value:+.1f}%" if signed else f"{value:.1f}%"
    return text.replace("-", "−")
