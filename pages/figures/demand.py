"""The figures of the demand page: each asks the core for one table, puts its finding in words and draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import altair as alt
import pandas as pd

from ics_core import catalogue, demand, population, words
from ics_core.demand import Measure, moved, tables
from ics_core.figure import Figure, Number
from ics_core.population import DRAWS, FOOTPRINT
from ics_core.scenario import Scenario, levers
from ics_core.words import about, capital, change, small
from pages.components.charts.bars import differences, grouped, multipliers, spreads, with_words
from pages.components.charts.lines import line, projected_line, s_curve
from pages.components.charts.picture import Html, Picture
from pages.components.charts.waterfall import waterfall
from pages.figures import levers_did as levers_did_figure
from pages.figures.choices import Asked, within
from pages.figures.population import place_name, place_names
from pages.figures.registry import Made, Moved, against, figure, from_a, strip

PEOPLE = {
    "ons-2022": ("base_population", "projections_2022_by_sex"),
    "ons-2018": ("base_population", "projections_2018"),
}
EVERY = ("demand_rates", "observations", "local_activity", "system_observations")
_BESIDE_UNMOVED = {"lines", "drivers", "ages", "overview", "likelihood"}  # tables with "no lever moved" in them
LOCAL = {"trust_years": ("local_activity",), "register": ("system_observations", "observations"), "none": ()}


@dataclass(frozen=True)
class View(Moved):
    """What the reader chose to look at: a service or condition, a place, the year of a range (None: the middle one)."""

    service: str = "ae_attendances"
    place: str = FOOTPRINT
    range_year: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.scenario()
        asked.one("service", measure_names(), "a service or condition")
        asked.one("place", place_names(), "a place")
        first, last, _ = cls(scenario=asked.found["scenario"], service=asked.found.get("service", cls.service)).span
        asked.whole("range_year", first, last, "a year")
        return cls(**asked.found), asked.notes

    @property
    def measure(self) -> Measure:
        return demand.measure(self.service)

    @property
    def name(self) -> str:
        return place_name(self.place).partition(" (")[0]

    @property
    def last(self) -> int:
        return int(population.run(self.scenario).years[-1])

    @property
    def span(self) -> tuple[int, int, int]:
        """Of the years a range can be shown for: the first, the last, and the one that is shown."""
        first = max(self.measure.anchor_year, int(population.run(self.scenario).years[0])) + 1
        return first, self.last, within(self.range_year, first, self.last, (first + self.last) // 2)

    @property
    def sources(self) -> tuple[str, ...]:
        m = self.measure
        rates = ("demand_rates",) if m.rate["category"] else ()
        return (*rates, *LOCAL.get(m.anchor, ("observations",)), *PEOPLE[self.scenario.basis])

    def words(self, figure_name: str) -> Callable[..., str]:
        """The words of one figure, with the numbers every figure of the page may need filled in."""
        m = self.measure
        common = {
            "label": m.label,
            "noun": m.noun,
            "unit": m.unit,
            "place": self.name,
            "base": m.anchor_year,
            "year": self.last,
            "whose": m.whose,
            "rate_words": m.rate_words,
            "caveat": m.caveat,
        }
        written = catalogue.toml("text/demand")[figure_name]
        return lambda part, **more: written[part].format(**(common | more)).strip()


def measure_names() -> dict[str, str]:
    """Every measure with its kind, for the list to choose from, by id."""
    return {i: f"{demand.KINDS[m.kind]}: {m.label}" for i, m in demand.measures().items()}


# ------------------------------------------------------------------------------------------ figures


@strip("demand")
def headline(view: View) -> tuple[Number, ...]:
    """Demand in the last year, the same in plain units, what ageing adds, and what the levers make of them."""
    say = view.words("headline")
    now, before = (_results(view.service, view.place, one) for one in (view.scenario, view.unmoved))
    by_levers = {name: now[name] - before[name] for name in ("after", "more", "ageing")}
    return (
        Number(
            "after",
            say("after"),
            f"about {about(now['after'])}",
            against(change(by_levers["after"])),
            say("delta", percent=words.percent(now["percent"], 0, signed=True)),
        ),
        Number("more", capital(say("more", unit=now["unit"])), change(now["more"]), against(change(by_levers["more"]))),
        Number(
            "ageing",
            say("ageing"),
            change(now["ageing"]),
            against(change(by_levers["ageing"])),
            say("ageing_delta", growth=change(now["growth"])),
        ),
    )


@lru_cache(64)
def _results(service: str, place: str, scenario: Scenario) -> dict[str, Any]:
    takes = demand.capacity(service, scenario, place_code=place)
    steps = demand.drivers(service, scenario, place_code=place).set_index("step")["change"]
    return {
        "after": demand.series(service, scenario, place)["value"].iloc[-1],
        "percent": takes["value"][1],
        "more": takes["value"].iloc[-1],
        "unit": takes["unit"].iloc[-1],
        "ageing": steps[demand.AGEING],
        "growth": steps[demand.GROWTH],
    }


def care(view: View) -> str:
    """How to read the numbers, in Markdown."""
    return view.words("headline")("care")


@figure("over-time", page="demand", name="Over time", moves=True)
def over_time(view: View) -> Made:
    """The record, the projection with its band, and A."""
    scenario, kept = view.scenario, view.kept
    table = tables.lines(view.service, view.place, scenario, kept, unmoved=True)
    ours = table[table["kind"] == "projected"]
    first, last = ours.iloc[0], ours.iloc[-1]
    say, m = view.words("lines"), view.measure
    recent, limits = demand.past(m.id), demand.trend_range(m.id)
    notes = [say("band", low=about(last["low"]), high=about(last["high"]))]
    if kept is not None and last["difference"] == last["difference"]:
        notes.append(say("kept", difference=_against(last["difference"]), kept=kept.label))
    notes.append(demand.range_words(m.id, scenario, view.place))
    method = say(
        "method",
        **_scaling(view),
        after_base=m.anchor_year + 1,
        low=words.number(limits[0], 1),
        high=words.number(limits[1], 1),
        places=say("places"),
        past=say(
            "past", what=recent.what, per_year=words.number(recent.per_year, 1), first=recent.first, last=recent.last
        )
        if recent
        else say("no_past"),
    )
    record = say("record") + " " if "published" in set(table["kind"]) else say("no_record") + " "
    return _made(
        view,
        "over-time",
        say,
        table,
        projected_line(
            table,
            unit=capital(m.unit),
            moved_by="over-time",
            domain=moved.extremes(view.service, view.place, scenario.basis),
        ),
        _call("lines", view.service, view.place, scenario, kept),
        method=method,
        notes=tuple(notes),
        columns={
            "year": "Year",
            "series": "What",
            "status": "Status",
            "value": capital(m.unit),
            "low": "Low (80% band)",
            "high": "High (80% band)",
        }
        | from_a(kept),
        before=about(first["value"]),
        after=about(last["value"]),
        record=record,
    )


@figure("drivers", page="demand", name="Why it changes", moves=True)
def drivers(view: View) -> Made:
    """Why it changes, step by step."""
    scenario, kept = view.scenario, view.kept
    table = tables.drivers(view.service, view.place, scenario, kept, unmoved=True)
    say, steps = view.words("drivers"), table.set_index("step")["change"]
    rest = steps.drop([demand.GROWTH, demand.AGEING])
    others = "".join(say("other", step=small(step), change=change(by)) for step, by in rest.items() if by)
    shown = (
        table.assign(step=[f"{step} (A {change(by)})" for step, by in zip(table["step"], table["change_a"])])
        if kept
        else table
    )
    picture = waterfall(
        shown,
        unit=f"Change, {view.measure.unit}",
        start="",
        end=f"All together by {view.last}",
        unmoved="change_unmoved" if "change_unmoved" in table else "",
    )
    columns = (
        {"step": "Step", "change": f"Change, {view.measure.unit}", "low": "Low (80% band)", "high": "High (80% band)"}
        | ({"change_a": "Change in A"} if kept else {})
        | ({"change_unmoved": tables.UNMOVED} if "change_unmoved" in table else {})
        | from_a(kept)
    )
    return _made(
        view,
        "drivers",
        say,
        table,
        picture,
        _call("drivers", view.service, view.place, scenario, kept),
        columns=columns,
        growth=change(steps[demand.GROWTH]),
        ageing=change(steps[demand.AGEING]),
        others=others,
    )


@figure("by-age", page="demand", name="By age", moves=True)
def ages(view: View) -> Made:
    """By age group, base year and last year."""
    scenario, kept = view.scenario, view.kept
    table = tables.ages(view.service, view.place, scenario=scenario, kept=kept, unmoved=True)
    say = view.words("ages")
    older = (
        table[table["age_group"].isin(["75 to 84", "85 and over"]) & (table["scenario"] == tables.OURS)]
        .groupby("year")["share"]
        .sum()
    )
    flat = say("flat") if _is_flat(view.measure) else ""
    base = view.measure.anchor_year
    told = {tables.OURS: ", projected", tables.KEPT: ", A", tables.UNMOVED: ", no lever moved"}
    when = [f"{year}{'' if year == base else told[of]}" for year, of in zip(table["year"], table["scenario"])]
    picture = grouped(
        table.assign(when=when),
        "age_group",
        "when",
        "value",
        unit=capital(view.measure.unit),
        beside=f"{view.last}{told[tables.UNMOVED]}",
    )
    columns = {
        "age_group": "Age",
        "year": "Year",
        "scenario": "Scenario",
        "value": capital(view.measure.unit),
        "share": "Share, %",
    }
    return _made(
        view,
        "by-age",
        say,
        table,
        picture,
        _call("ages", view.service, view.place, scenario=scenario, kept=kept),
        columns=columns,
        method=say("method", flat=flat),
        older=say(view.measure.kind),
        before=f"{older.iloc[0]:.0f}",
        after=f"{older.iloc[-1]:.0f}",
    )


@figure("hold-level", page="demand", name="What holds it level", moves=True)
def hold_level(view: View) -> Made:
    """What would hold it level."""
    scenario = view.scenario
    table = demand.hold_levels(view.service, scenario, place_code=view.place)
    say = view.words("hold")
    result = [
        say("held", value=levers()[row.lever_id].show(row.value))
        if row.value == row.value
        else say("left", percent=f"{abs(row.beyond):.0f}", side=say("above" if row.beyond > 0 else "below"))
        for row in table.itertuples()
    ]
    held = table[table["value"].notna()]
    solved = " or ".join(
        say("solved", lever=small(row.lever), value=levers()[row.lever_id].show(row.value)) for row in held.itertuples()
    ) or say("none")
    picture = with_words(
        table.assign(result=result),
        "lever",
        "beyond",
        "result",
        unit=f"Left above the level of {view.measure.anchor_year}, %",
        meaning=(say("more"), say("less")),
    )
    code = (
        "from ics_core import demand\nfrom ics_core.scenario import Scenario\n"
        f"table = demand.hold_levels({view.service!r}, {scenario!r}, place_code={view.place!r})"
    )
    columns = {
        "lever": "Lever",
        "value": "Value that holds it level",
        "unit": "Unit",
        "beyond": "Left at best, %",
        "words": "In words",
    }
    return _made(view, "hold-level", say, table, picture, code, columns=columns, words=solved, kind="projected")


@figure("capacity", page="demand", name="What it takes", moves=True)
def capacity(view: View) -> Made:
    """What the change of every service takes, in plain units."""
    scenario = view.scenario
    table = tables.capacities(view.place, scenario=scenario)
    say = view.words("capacity")
    by_id = table.set_index("measure_id")
    told: dict[str, Any] = {
        name: f"{change(by_id['value'][measure_id])} {by_id['unit'][measure_id]}"
        for name, measure_id in (("beds", "bed_days"), ("visits", "ae_attendances"))
    }

    listed = "; ".join(f"{row.measure}, {change(row.value)} {row.unit}" for row in table.itertuples())
    columns = {
        "measure": "Service",
        "value": "More (less)",
        "unit": "Unit",
        "from_year": "From year",
        "to_year": "To year",
        "how": "How",
    }
    return _made(
        view,
        "capacity",
        say,
        table,
        _numbers(table),
        _call("capacities", view.place, scenario=scenario),
        columns=columns,
        sources=EVERY + PEOPLE[scenario.basis] + ("practices", "targets"),
        words=listed,
        **told,
    )


@figure("overview", page="demand", name="All side by side", moves=True)
def overview(view: View) -> Made:
    """Every service and condition beside each other."""
    scenario, kept = view.scenario, view.kept
    table = tables.overview(view.place, scenario, kept, unmoved=True)
    say, top, bottom = view.words("overview"), table.iloc[0], table.iloc[-1]
    rows = (
        table.assign(
            measure=[
                f"{m} (A {words.number(p, 0, signed=True)}%)" for m, p in zip(table["measure"], table["percent_a"])
            ]
        )
        if kept
        else table
    )
    picture = differences(
        rows,
        "measure",
        "percent",
        unit=f"Change to {view.last}, %",
        decimals=0,
        unmoved="percent_unmoved" if "percent_unmoved" in table else "",
    )
    columns = {
        "measure": "Measure",
        "kind": "Kind",
        "from_year": "From year",
        "before": "Then",
        "after": f"{view.last}, projected",
        "change": "Change",
        "percent": "Change, %",
    } | ({"percent_a": "Change in A, %", "difference": "Difference, points"} if kept else {})
    columns |= {"percent_unmoved": f"{tables.UNMOVED}, %"} if "percent_unmoved" in table else {}
    extremes: dict[str, Any] = {
        "first": f"{top['measure']}",
        "first_change": f"{_verb(say, top['percent'])} {words.percent(top['percent'], 0, signed=True)}",
        "last": small(bottom["measure"]),
        "last_change": words.percent(bottom["percent"], 0, signed=True),
    }
    return _made(
        view,
        "overview",
        say,
        table,
        picture,
        _call("overview", view.place, scenario, kept),
        columns=columns,
        sources=EVERY + PEOPLE[scenario.basis],
        **extremes,
    )


@figure("levers-did", page="demand", name="What each lever did", moves=True)
def levers_did(view: View) -> Made:
    """What each lever that is moved does to the last year, one after the other."""
    unit = view.measure.unit
    return levers_did_figure.made(
        moved.levers_did(view.service, view.place, view.scenario),
        f"{view.measure.noun} of {view.name} in {view.last}",
        unit,
        axis=f"{capital(unit)}, {view.last}",
        column=f"Change, {unit}",
        code="from ics_core.demand import moved\nfrom ics_core.scenario import Scenario\n"
        f"table = moved.levers_did({view.service!r}, {view.place!r}, {view.scenario!r})",
        sources=view.sources,
        credit=view.measure.rate_credit,
    )


@figure("likelihood", page="demand", name="How sure", moves=True)
def likelihood(view: View) -> Made:
    """How wide the range is in a year of the reader's choice."""
    scenario, kept = view.scenario, view.kept
    _, _, year = view.span
    table = tables.likelihood(view.service, view.place, year, scenario, kept, unmoved=True)
    say = view.words("likelihood")
    middle = table[(table["scenario"] == tables.OURS) & (table["share"] >= 0.5)]["value"].iloc[0]
    columns = {
        "scenario": "Scenario",
        "year": "Year",
        "value": capital(view.measure.unit),
        "share": "Share of draws at or below",
    }
    return _made(
        view,
        "likelihood",
        say,
        table,
        s_curve(table, unit=capital(view.measure.unit), unmoved=tables.UNMOVED),
        _call("likelihood", view.service, view.place, year, scenario, kept),
        columns=columns,
        year=year,
        middle=about(middle),
        draws=f"{DRAWS:,}",
    )


@figure("rates", page="demand", name="Who uses it")
def rates(view: View) -> Made:
    """Who uses it, or has it, at which age."""
    m, say = view.measure, view.words("rates")
    table = tables.rates(view.service)
    unit = table["unit"].iloc[0]
    bands = demand.rate_table(view.service)
    top = bands.loc[bands["rate"].idxmax()]
    who = "women" if top["sex"] == "female" else "men"
    at = f"among {who} of {top['age_from']} " + (f"to {top['age_to']}" if top["age_to"] < 90 else "and over")
    highest = say("flat") if _is_flat(m) else say("highest", at=at, rate=f"{table['rate'].max():.3g}", unit=unit)
    shown = table.assign(sex=table["sex"].map({"female": "Women", "male": "Men"}))
    corrections = " ".join(c["why"] for c in m.corrections)
    method = say("method", **_scaling(view), corrections=corrections)
    code = f"from ics_core import demand_tables\ntable = demand_tables.rates({view.service!r})"
    return _made(
        view,
        "rates",
        say,
        table,
        line(shown, "age", "rate", "sex", unit=capital(unit), zero=True),
        code,
        columns={"sex": "Sex", "age": "Age", "rate": capital(unit)},
        kind="our calculation",
        method=method,
        highest=highest,
        unit=unit,
        rate_words=m.rate_words,
    )


@figure("levels", page="demand", name="Where it starts")
def levels(view: View) -> Made:
    """Where every measure starts from."""
    basis = view.scenario.basis
    table = demand.levels(basis)
    say = view.words("levels")
    found = int((table["status"] != "none found").sum())
    columns = {
        "measure": "Measure",
        "period": "Period",
        "published": "Published level",
        "from_rates": "From the rates alone",
        "scale": "Multiplier",
        "status": "Local figure",
    }
    return _made(
        view,
        "levels",
        say,
        table,
        multipliers(table, "measure", "scale", unit="Published level over what the rates give", none="none found"),
        f"from ics_core import demand\ntable = demand.levels({basis!r})",
        columns=columns,
        kind="our calculation",
        sources=EVERY + PEOPLE[basis],
        found=found,
        all=len(table),
    )


@figure("effects", page="demand", name="Sizes of effects")
def effects(view: View) -> Made:
    """How large the effects of prevention and other care are taken to be."""
    table = demand.effect_table()
    say = view.words("effects")
    columns = {
        "lever": "Lever at full reach",
        "measure": "Measure",
        "age_from": "From age",
        "at_full": "Change, %",
        "low": "Small, %",
        "high": "Large, %",
        "basis": "Basis",
        "source": "Source",
        "how": "How",
    }
    return _made(
        view,
        "effects",
        say,
        table,
        spreads(table.assign(what=_what(table), value=table["at_full"]), unit="Change of the measure at full reach, %"),
        "from ics_core import activity\ntable = activity.effect_table()",
        columns=columns,
        kind="our calculation",
        sources=("demand_rates", "observations", "local_activity"),
        credit=say("credit"),
        all=len(table),
        assumed=int((table["basis"] == "assumption").sum()),
    )


# ---------------------------------------------------------------------------------------- their words


def _numbers(table: pd.DataFrame) -> Html:
    """A number for each service with its unit."""
    parts = (
        f"<div><dt>{escape(row.measure)}</dt><dd><b>{escape(change(row.value))}</b>"
        f"<span>{escape(row.unit)}</span></dd></div>"
        for row in table.itertuples()
    )
    return Html(f'<dl class="big">{"".join(parts)}</dl>')


def _made(
    view: View,
    id: str,
    say: Callable[..., str],
    table: pd.DataFrame,
    picture: alt.TopLevelMixin | Picture | Html,
    code: str,
    *,
    columns: dict[str, str],
    sources: tuple[str, ...] = (),
    kind: str = "projected",
    method: str = "",
    notes: tuple[str, ...] = (),
    credit: str = "",
    **values: object,
) -> Made:
    return Figure(
        id=id,
        finding=say("title", **values),
        subtitle=". ".join([say("subtitle", **values), *notes]),
        table=table.reset_index(drop=True),
        sources=sources or view.sources,
        method=method or say("method", **values),
        code=code,
        alt=say("alt", **values),
        kind=kind,
        columns=columns,
        credit=credit or (view.measure.rate_credit if not sources else ""),
    ), picture


def _call(function: str, *arguments: object, **named: object) -> str:
    """The lines that make the same table in a notebook."""
    scenario = next(one for one in (*arguments, *named.values()) if isinstance(one, Scenario))
    shown = function in _BESIDE_UNMOVED and tables.moved(scenario)
    given = (
        [repr(a) for a in arguments if a is not None]
        + [f"{k}={v!r}" for k, v in named.items() if v is not None]
        + (["unmoved=True"] if shown else [])
    )
    needs = "from ics_core.scenario import Scenario\n"
    return f"from ics_core import demand_tables\n{needs}table = demand_tables.{function}({', '.join(given)})"


def _scaling(view: View) -> dict[str, str]:
    row, say = demand.levels(view.scenario.basis).set_index("measure_id").loc[view.service], view.words("lines")
    why = (
        say("unscaled")
        if row["status"] == "none found"
        else say("scaled", period=row["period"], published=about(row["published"]))
    )
    return {"scale": f"{row['scale']:.2f}", "why": why}


def _is_flat(m: Measure) -> bool:
    return not m.rate["category"] or "crude" in m.rate["measure"]


def _what(table: pd.DataFrame) -> list[str]:
    """Each effect in words: the lever, the measure and from which age."""
    return [
        f"{row.lever} → {small(row.measure)}" + (f", {row.age_from} and over" if row.age_from else "")
        for row in table.itertuples()
    ]


def _against(difference: float) -> str:
    return f"about {about(abs(difference))} {'above' if difference >= 0 else 'below'}"


def _verb(say: Callable[..., str], percent: float) -> str:
    return say("changes") if abs(percent) < 0.5 else say("grows" if percent > 0 else "shrinks")
