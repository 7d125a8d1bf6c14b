"""The figures of the demand page: each asks the core for one table, puts its finding in words and draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import catalogue, demand, population
from ics_core.demand import Measure, tables
from ics_core.population import DRAWS
from ics_core.scenario import Scenario, levers
from pages.components.charts import demand as demand_charts
from pages.components.charts import lines as charts
from pages.components.charts import projection as projection_charts
from pages.components.charts.picture import Picture
from pages.components.frame import numbers, page
from pages.components.frame import old_show as figure
from pages.components.instant import channel as instant
from pages.components.instant.channel import Answer, Question
from pages.components.scenario import levers as sliders
from pages.components.scenario.bar import Bar, label
from pages.figures.population import about, place_name

PEOPLE = {
    "ons-2022": ("base_population", "projections_2022_by_sex"),
    "ons-2018": ("base_population", "projections_2018"),
}
EVERY = ("demand_rates", "observations", "local_activity", "system_observations")
LOCAL = {"trust_years": ("local_activity",), "register": ("system_observations", "observations"), "none": ()}


@dataclass(frozen=True)
class View:
    """What the reader chose to look at: a scenario, a service or condition, and a place."""

    bar: Bar | instant.Still
    measure_id: str
    place: str

    @property
    def measure(self) -> Measure:
        return demand.measure(self.measure_id)

    @property
    def name(self) -> str:
        return place_name(self.place).partition(" (")[0]

    @property
    def last(self) -> int:
        return int(population.run(self.bar.scenario).years[-1])

    @property
    def sources(self) -> tuple[str, ...]:
        m = self.measure
        rates = ("demand_rates",) if m.rate["category"] else ()
        return (*rates, *LOCAL.get(m.anchor, ("observations",)), *PEOPLE[self.bar.scenario.basis])

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


def measure_name(measure_id: str) -> str:
    """A measure with its kind, for the list to choose from."""
    m = demand.measure(measure_id)
    return f"{demand.KINDS[m.kind]}: {m.label}"


# ------------------------------------------------------------------------------------------ figures


def headline(view: View) -> None:
    """The big numbers: demand in the last year, the same in plain units, what ageing adds; and how to read them."""
    numbers.show("", _headline(view), "headline")
    with st.container(width=page.READING_WIDTH):
        st.caption(view.words("headline")("care"))


def _headline(view: View) -> list[numbers.Number]:
    say = view.words("headline")
    takes = demand.capacity(view.measure_id, view.bar.scenario, place_code=view.place)
    steps = demand.drivers(view.measure_id, view.bar.scenario, place_code=view.place).set_index("step")["change"]
    after = demand.series(view.measure_id, view.bar.scenario, view.place)["value"].iloc[-1]
    return [
        (say("after"), f"about {about(after)}", say("delta", percent=_percent(takes["value"][1]))),
        (_capital(say("more", unit=takes["unit"].iloc[-1])), _signed(takes["value"].iloc[-1]), ""),
        (say("ageing"), _signed(steps[demand.AGEING]), say("ageing_delta", growth=_signed(steps[demand.GROWTH]))),
    ]


def question(view: View) -> Question:
    """What the page asks while a lever moves: the big numbers and the line of ``over_time``."""
    return Question(
        "demand",
        {"service": view.measure_id, "place": view.place} | view.bar.scenario.to_query(),
        levers=True,
        lines=("over-time",),
    )


def at_once(asked: Mapping[str, str], lever: str, value: float | str) -> Answer:
    """The answer to ``question`` with ``lever`` at ``value``."""
    settled, scenario = instant.scenarios(asked, lever, value)
    view = View(instant.Still(scenario), asked["service"], asked["place"])
    table = tables.lines(view.measure_id, view.place, scenario, None, DRAWS, settled)
    return Answer({"headline": numbers.words("", _headline(view))}, {"over-time": projection_charts.moving(table)})


def over_time(view: View) -> None:
    """The record, the projection with its band, and A."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = tables.lines(view.measure_id, view.place, scenario, kept, DRAWS, view.bar.settled)
    ours = table[table["kind"] == "projected"]
    first, last = ours.iloc[0], ours.iloc[-1]
    say, m = view.words("lines"), view.measure
    recent, limits = demand.past(m.id), demand.trend_range(m.id)
    notes = [say("band", low=about(last["low"]), high=about(last["high"]))]
    if kept is not None and last["difference"] == last["difference"]:
        notes.append(say("kept", difference=_against(last["difference"]), kept=label(kept)))
    method = say(
        "method",
        **_scaling(view),
        after_base=m.anchor_year + 1,
        low=_number(limits[0], 1),
        high=_number(limits[1], 1),
        places=say("places"),
        past=say("past", what=recent.what, per_year=_number(recent.per_year, 1), first=recent.first, last=recent.last)
        if recent
        else say("no_past"),
    )
    record = say("record") + " " if "published" in set(table["kind"]) else say("no_record") + " "
    _show(
        view,
        "over-time",
        say,
        table,
        projection_charts.projected_line(table, unit=_capital(m.unit), moved_by="over-time"),
        _call("lines", view.measure_id, view.place, scenario, kept),
        method=method,
        notes=notes,
        columns={
            "year": "Year",
            "series": "What",
            "status": "Status",
            "value": _capital(m.unit),
            "low": "Low (80% band)",
            "high": "High (80% band)",
        }
        | _difference(kept),
        before=about(first["value"]),
        after=about(last["value"]),
        record=record,
    )


def drivers(view: View) -> None:
    """Why it changes, step by step."""
    scenario, kept, draws = view.bar.scenario, view.bar.pinned, view.bar.draws
    table = tables.drivers(view.measure_id, view.place, scenario, kept, draws)
    say, steps = view.words("drivers"), table.set_index("step")["change"]
    rest = steps.drop([demand.GROWTH, demand.AGEING])
    others = "".join(say("other", step=_small(step), change=_signed(change)) for step, change in rest.items() if change)
    shown = (
        table.assign(step=[f"{step} (A {_signed(change)})" for step, change in zip(table["step"], table["change_a"])])
        if kept
        else table
    )
    picture = projection_charts.waterfall(
        shown,
        unit=f"Change, {view.measure.unit}",
        start="",
        end=f"All together by {view.last}",
        height=110 + 42 * len(shown),
    )
    columns = (
        {"step": "Step", "change": f"Change, {view.measure.unit}", "low": "Low (80% band)", "high": "High (80% band)"}
        | ({"change_a": "Change in A"} if kept else {})
        | _difference(kept)
    )
    _show(
        view,
        "drivers",
        say,
        table,
        picture,
        _call("drivers", view.measure_id, view.place, scenario, kept, draws=draws),
        columns=columns,
        growth=_signed(steps[demand.GROWTH]),
        ageing=_signed(steps[demand.AGEING]),
        others=others,
    )


def ages(view: View) -> None:
    """By age group, base year and last year."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = tables.ages(view.measure_id, view.place, scenario=scenario, kept=kept)
    say = view.words("ages")
    older = (
        table[table["age_group"].isin(["75 to 84", "85 and over"]) & (table["scenario"] == tables.OURS)]
        .groupby("year")["share"]
        .sum()
    )
    flat = say("flat") if _is_flat(view.measure) else ""
    picture = demand_charts.ages(table, unit=_capital(view.measure.unit), base=view.measure.anchor_year)
    columns = {
        "age_group": "Age",
        "year": "Year",
        "scenario": "Scenario",
        "value": _capital(view.measure.unit),
        "share": "Share, %",
    }
    _show(
        view,
        "by-age",
        say,
        table,
        picture,
        _call("ages", view.measure_id, view.place, scenario=scenario, kept=kept),
        columns=columns,
        method=say("method", flat=flat),
        older=say(view.measure.kind),
        before=f"{older.iloc[0]:.0f}",
        after=f"{older.iloc[-1]:.0f}",
    )


def hold_level(view: View) -> None:
    """What would hold it level."""
    scenario = view.bar.scenario
    table = demand.hold_levels(view.measure_id, scenario, place_code=view.place)
    say = view.words("hold")
    result = [
        say("held", value=levers()[row.lever_id].show(row.value))
        if row.value == row.value
        else say("left", percent=f"{abs(row.beyond):.0f}", side=say("above" if row.beyond > 0 else "below"))
        for row in table.itertuples()
    ]
    held = table[table["value"].notna()]
    solved = " or ".join(
        say("solved", lever=_small(row.lever), value=levers()[row.lever_id].show(row.value))
        for row in held.itertuples()
    ) or say("none")
    picture = demand_charts.bars_with_words(
        table.assign(result=result),
        "lever",
        "beyond",
        "result",
        unit=f"Left above the level of {view.measure.anchor_year}, %",
    )
    code = f"from ics_core import demand\n{_import(scenario)}table = demand.hold_levels({view.measure_id!r}, {scenario!r}, place_code={view.place!r})"
    columns = {
        "lever": "Lever",
        "value": "Value that holds it level",
        "unit": "Unit",
        "beyond": "Left at best, %",
        "words": "In words",
    }
    _show(view, "hold-level", say, table, picture, code, columns=columns, words=solved, kind="projected")


def capacity(view: View) -> None:
    """What the change of every service takes, in plain units."""
    scenario = view.bar.scenario
    table = tables.capacities(view.place, scenario=scenario)
    say = view.words("capacity")
    by_id = table.set_index("measure_id")
    told = {
        name: f"{_signed(by_id['value'][measure_id])} {by_id['unit'][measure_id]}"
        for name, measure_id in (("beds", "bed_days"), ("visits", "ae_attendances"))
    }

    def numbers() -> None:
        with st.container(horizontal=True, gap="medium"):
            for row in table.itertuples():
                with st.container(width=250, gap=None):
                    st.metric(row.measure, _signed(row.value), help=_capital(row.how), width="stretch")
                    st.caption(row.unit)

    words = "; ".join(f"{row.measure}, {_signed(row.value)} {row.unit}" for row in table.itertuples())
    columns = {
        "measure": "Service",
        "value": "More (less)",
        "unit": "Unit",
        "from_year": "From year",
        "to_year": "To year",
        "how": "How",
    }
    _show(
        view,
        "capacity",
        say,
        table,
        numbers,
        _call("capacities", view.place, scenario=scenario),
        columns=columns,
        sources=EVERY + PEOPLE[scenario.basis] + ("practices", "targets"),
        words=words,
        **told,
    )


def overview(view: View) -> None:
    """Every service and condition beside each other."""
    scenario, kept = view.bar.scenario, view.bar.pinned
    table = tables.overview(view.place, scenario, kept)
    say, top, bottom = view.words("overview"), table.iloc[0], table.iloc[-1]
    rows = (
        table.assign(measure=[f"{m} (A {_number(p, 0, True)}%)" for m, p in zip(table["measure"], table["percent_a"])])
        if kept
        else table
    )
    picture = projection_charts.differences(rows, "measure", "percent", unit=f"Change to {view.last}, %", format="+.0f")
    columns = {
        "measure": "Measure",
        "kind": "Kind",
        "from_year": "From year",
        "before": "Then",
        "after": f"{view.last}, projected",
        "change": "Change",
        "percent": "Change, %",
    } | ({"percent_a": "Change in A, %", "difference": "Difference, points"} if kept else {})
    change = {
        "first": f"{top['measure']}",
        "first_change": f"{_verb(say, top['percent'])} {_percent(top['percent'])}",
        "last": _small(bottom["measure"]),
        "last_change": _percent(bottom["percent"]),
    }
    _show(
        view,
        "overview",
        say,
        table,
        picture,
        _call("overview", view.place, scenario, kept),
        columns=columns,
        sources=EVERY + PEOPLE[scenario.basis],
        **change,
    )


def likelihood(view: View) -> None:
    """How wide the range is in a year of the reader's choice."""
    scenario, kept, draws = view.bar.scenario, view.bar.pinned, view.bar.draws
    first = max(view.measure.anchor_year, int(population.run(scenario).years[0])) + 1
    middle_year = (first + view.last) // 2
    year = int(sliders.number_now("range_year", first, view.last, middle_year))
    table = tables.likelihood(view.measure_id, view.place, year, scenario, kept, draws)
    say = view.words("likelihood")
    middle = table[(table["scenario"] == tables.OURS) & (table["share"] >= 0.5)]["value"].iloc[0]
    columns = {
        "scenario": "Scenario",
        "year": "Year",
        "value": _capital(view.measure.unit),
        "share": "Share of draws at or below",
    }
    _show(
        view,
        "likelihood",
        say,
        table,
        projection_charts.s_curve(table, unit=_capital(view.measure.unit)),
        _call("likelihood", view.measure_id, view.place, year, scenario, kept, draws=draws),
        columns=columns,
        above=lambda: sliders.number("range_year", "Year", first, view.last, 1, "", middle_year, grouped=False),
        year=year,
        middle=about(middle),
        draws=f"{draws:,}",
    )


def rates(view: View) -> None:
    """Who uses it, or has it, at which age."""
    m, say = view.measure, view.words("rates")
    table = tables.rates(view.measure_id)
    unit = table["unit"].iloc[0]
    bands = demand.rate_table(view.measure_id)
    top = bands.loc[bands["rate"].idxmax()]
    who = "women" if top["sex"] == "female" else "men"
    at = f"among {who} of {top['age_from']} " + (f"to {top['age_to']}" if top["age_to"] < 90 else "and over")
    highest = say("flat") if _is_flat(m) else say("highest", at=at, rate=f"{table['rate'].max():.3g}", unit=unit)
    shown = table.assign(sex=table["sex"].map({"female": "Women", "male": "Men"}))
    corrections = " ".join(c["why"] for c in m.corrections)
    method = say("method", **_scaling(view), corrections=corrections)
    code = f"from ics_core import demand_tables\ntable = demand_tables.rates({view.measure_id!r})"
    _show(
        view,
        "rates",
        say,
        table,
        charts.line(shown, "age", "rate", "sex", unit=_capital(unit), zero=True),
        code,
        columns={"sex": "Sex", "age": "Age", "rate": _capital(unit)},
        kind="our calculation",
        method=method,
        highest=highest,
        unit=unit,
        rate_words=m.rate_words,
    )


def levels(view: View) -> None:
    """Where every measure starts from."""
    basis = view.bar.scenario.basis
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
    _show(
        view,
        "levels",
        say,
        table,
        demand_charts.multipliers(table, "measure", "scale", unit="Published level over what the rates give"),
        f"from ics_core import demand\ntable = demand.levels({basis!r})",
        columns=columns,
        kind="our calculation",
        sources=EVERY + PEOPLE[basis],
        found=found,
        all=len(table),
    )


def effects(view: View) -> None:
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
    _show(
        view,
        "effects",
        say,
        table,
        demand_charts.effects(table),
        "from ics_core import activity\ntable = activity.effect_table()",
        columns=columns,
        kind="our calculation",
        sources=("demand_rates", "observations", "local_activity"),
        credit=say("credit"),
        all=len(table),
        assumed=int((table["basis"] == "assumption").sum()),
    )


# ---------------------------------------------------------------------------------------- their words


def _show(
    view: View,
    id: str,
    say: Callable[..., str],
    table: pd.DataFrame,
    picture: alt.TopLevelMixin | Picture | Callable[[], None],
    code: str,
    *,
    columns: dict[str, str],
    sources: tuple[str, ...] = (),
    kind: str = "projected",
    method: str = "",
    notes: list[str] = [],
    above: Callable[[], object] | None = None,
    credit: str = "",
    **values: object,
) -> None:
    """Through the frame; ``above`` draws a control between the title and the picture."""
    credit = credit or (view.measure.rate_credit if not sources else "")
    made = figure.Figure(
        id=id,
        title=say("title", **values),
        subtitle=". ".join([say("subtitle", **values), *notes]),
        table=table.reset_index(drop=True),
        sources=sources or view.sources,
        method=method or say("method", **values),
        code=code,
        alt=say("alt", **values),
        kind=kind,
        columns=columns,
        credit=credit,
    )
    if above is None:
        figure.show(made, picture)
    else:
        figure.show(replace(made, still=picture.still), lambda: (above(), figure.frame.draw(made.value(), picture)))


def _call(function: str, *arguments: object, draws: int = DRAWS, **named: object) -> str:
    """The lines that make the same table in a notebook."""
    given = (
        [repr(a) for a in arguments if a is not None]
        + [f"{k}={v!r}" for k, v in named.items() if v is not None]
        + ([f"draws={draws}"] if draws != DRAWS else [])
    )
    needs = (
        "from ics_core.scenario import Scenario\n"
        if any(isinstance(a, Scenario) for a in (*arguments, *named.values()))
        else ""
    )
    return f"from ics_core import demand_tables\n{needs}table = demand_tables.{function}({', '.join(given)})"


def _import(scenario: Scenario) -> str:
    return "from ics_core.scenario import Scenario\n"


def _scaling(view: View) -> dict[str, str]:
    row, say = demand.levels(view.bar.scenario.basis).set_index("measure_id").loc[view.measure_id], view.words("lines")
    why = (
        say("unscaled")
        if row["status"] == "none found"
        else say("scaled", period=row["period"], published=about(row["published"]))
    )
    return {"scale": f"{row['scale']:.2f}", "why": why}


def _is_flat(m: Measure) -> bool:
    return not m.rate["category"] or "crude" in m.rate["measure"]


def _difference(kept: Scenario | None) -> dict[str, str]:
    return {"difference": "Difference from A"} if kept else {}


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _small(text: str) -> str:
    """A label in the middle of a sentence; abbreviations keep their capitals."""
    return text if text[:2].isupper() or text[1:2] in "&" else text[0].lower() + text[1:]


def _number(value: float, decimals: int, signed: bool = False) -> str:
    return f"{value:{'+' if signed else ''},.{decimals}f}".replace("-", "−")


def _percent(value: float) -> str:
    return _number(value, 0, True) + "%"


def _signed(value: float) -> str:
    """A change as it is said: +13,600, −240, +3.2."""
    if abs(value) < 100:
        return _number(value, 0 if abs(value) >= 20 else 1, True)
    return ("+" if value >= 0 else "−") + about(abs(value))


def _against(difference: float) -> str:
    return f"about {about(abs(difference))} {'above' if difference >= 0 else 'below'}"


def _verb(say: Callable[..., str], percent: float) -> str:
    return say("changes") if abs(percent) < 0.5 else say("grows" if percent > 0 else "shrinks")
