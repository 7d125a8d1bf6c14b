"""Demand tables that put several things side by side: the record, the projection, scenario A.

Each function answers one question of the demand page for one measure and place, as a tidy table ready
to draw or save. ``kept`` is a second scenario, A, to compare with; its columns are missing without it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ics_core import catalogue, population, words
from ics_core.demand import answers, model, record, steps
from ics_core.demand import draws as ranges
from ics_core.demand.record import measure, measures
from ics_core.population import DRAWS, FOOTPRINT
from ics_core.population.tables import joined
from ics_core.scenario import Scenario, levers

KEPT, OURS, RECORD, UNMOVED = "A", "This scenario", "Published", "No lever moved"
_EVERY_NTH_POINT = 2  # of the hundred and one of a curve: as many as a screen shows


def name(scenario: Scenario) -> str:
    """What a line of ``scenario`` is called: with no demand or population lever moved, what it is made of."""
    return OURS if moved(scenario) else "Growth and ageing only"


def moved(scenario: Scenario) -> bool:
    """Whether a lever that acts on people or on demand is moved."""
    return bool({*record.demand_levers(), *population.LEVERS} & set(dict(scenario.moved)))


def official_of(scenario: Scenario) -> Scenario:
    """The projection a scenario starts from, with no lever moved."""
    return Scenario(basis=scenario.basis)


def lines(
    measure_id: str,
    place_code: str = FOOTPRINT,
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    draws: int = DRAWS,
    unmoved: bool = False,
) -> pd.DataFrame:
    """The published record and the projection with its 80% band from the base year on, and A.

    Columns: year, series, kind ("published", "projected", "kept" and, with ``unmoved`` where a lever is moved,
    "unmoved"), stretch, value, low, high, status (of the record), unit and, with ``kept``, difference (scenario
    less A). The record is the footprint's: places have none. Its stretches were counted differently or have years
    missing between them: no line should join them.
    """
    m = measure(measure_id)
    value, run = model.values_of(measure_id, scenario, place_code)
    low, high = np.percentile(ranges.draw(measure_id, scenario, place_code, draws), population.BAND, axis=0)
    since = m.anchor_year - int(run.years[0])
    ours: dict[str, Any] = {"series": name(scenario), "kind": "projected", "status": "projected"}
    for column, values in {"year": run.years, "value": value, "low": low, "high": high}.items():
        ours[column] = values[since:].tolist()
    parts = [_published(measure_id)] if place_code == FOOTPRINT else []
    parts.append(ours)
    if kept is not None:
        before, other = model.values_of(measure_id, kept, place_code)
        by_year = dict(zip(other.years.tolist(), before.tolist()))
        ours["difference"] = [now - by_year.get(year, math.nan) for year, now in zip(ours["year"], ours["value"])]
        parts.append(_from_base(m, KEPT, "kept", before, other.years))
    if unmoved and moved(scenario):
        parts.append(_from_base(m, UNMOVED, "unmoved", *_official(measure_id, scenario, place_code)))
    columns = ["year", "series", "kind", "stretch", "value", "low", "high", "status"]
    columns += ["difference"] if kept is not None else []
    return joined(parts, columns).assign(unit=m.unit)


def _official(measure_id: str, scenario: Scenario, place_code: str) -> tuple[np.ndarray, np.ndarray]:
    values, run = model.values_of(measure_id, official_of(scenario), place_code)
    return values, run.years


def _from_base(m: record.Measure, series: str, kind: str, values: np.ndarray, years: np.ndarray) -> dict[str, Any]:
    """A line from the base year of the measure on, as a part of ``lines``."""
    shown = years >= m.anchor_year
    told = {"year": years[shown].tolist(), "value": values[shown].tolist()}
    return told | {"series": series, "kind": kind, "status": "projected"}


@cache
def _published(measure_id: str) -> Mapping[str, Any]:
    """The record as a part of ``lines``."""
    published = record.history(measure_id)
    parted = (published["year"].diff() > 1) | published["year"].isin(measure(measure_id).breaks)
    columns = {column: published[column].tolist() for column in ("year", "value", "status")}
    return {**columns, "stretch": parted.cumsum().astype(str).tolist(), "series": RECORD, "kind": "published"}


def drivers(
    measure_id: str,
    place_code: str = FOOTPRINT,
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    draws: int = DRAWS,
    unmoved: bool = False,
) -> pd.DataFrame:
    """The steps from the base year to the last, each with its 80% band: step, change, group, low, high, before, unit.

    ``before`` is demand in the base year, the same in every row. With ``kept`` also change_a, the same step
    in A (0 where A does not move that lever), and difference.
    """
    m = measure(measure_id)
    frame = ranges.driver_bands(measure_id, scenario, place_code=place_code, draws=draws)
    if kept is not None:
        other = steps.drivers(measure_id, kept, place_code=place_code)
        frame = frame.merge(other.rename(columns={"change": "change_a"}), on=["step", "group"], how="outer", sort=False)
        order = [
            steps.GROWTH,
            steps.AGEING,
            steps.PER_PERSON[m.kind],
            *(levers()[i].label for i in record.demand_levers()),
        ]
        frame = frame.sort_values("step", key=lambda steps: steps.map(order.index), ignore_index=True)
        frame[["change", "change_a"]] = frame[["change", "change_a"]].fillna(0.0)
        frame["difference"] = frame["change"] - frame["change_a"]
    if unmoved and moved(scenario):
        official = steps.drivers(measure_id, official_of(scenario), place_code=place_code).set_index("step")["change"]
        frame["change_unmoved"] = frame["step"].map(official).fillna(0.0)
    before = model.series(measure_id, scenario, place_code).set_index("year")["value"].loc[m.anchor_year]
    return frame.assign(before=before, unit=m.unit)


def ages(
    measure_id: str,
    place_code: str = FOOTPRINT,
    year: int | None = None,
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    unmoved: bool = False,
) -> pd.DataFrame:
    """Demand by age group in the base year and in ``year`` (the last, if not given), and then in A.

    Columns: age_group, year, scenario, value, share (% of that year), unit.
    """
    m = measure(measure_id)
    last = int(population.run(scenario).years[-1]) if year is None else year
    parts = [
        model.by_age(measure_id, scenario, tuple(dict.fromkeys((m.anchor_year, last))), place_code).assign(
            scenario=OURS
        )
    ]
    if kept is not None and last in population.run(kept).years:
        parts.append(model.by_age(measure_id, kept, (last,), place_code).assign(scenario=KEPT))
    if unmoved and moved(scenario):
        parts.append(model.by_age(measure_id, official_of(scenario), (last,), place_code).assign(scenario=UNMOVED))
    frame = pd.concat(parts, ignore_index=True)
    frame["share"] = 100 * frame["value"] / frame.groupby(["year", "scenario"])["value"].transform("sum")
    return frame.assign(unit=m.unit)[["age_group", "year", "scenario", "value", "share", "unit"]]


def likelihood(
    measure_id: str,
    place_code: str = FOOTPRINT,
    year: int | None = None,
    scenario: Scenario = Scenario(),
    kept: Scenario | None = None,
    draws: int = DRAWS,
    unmoved: bool = False,
) -> pd.DataFrame:
    """How likely demand is to stay below a value, on the assumptions shown.

    Columns: scenario, year, value, share (0 to 1), unit.
    """
    last = int(population.run(scenario).years[-1]) if year is None else year
    known = {OURS: scenario} | ({KEPT: kept} if kept is not None and last in population.run(kept).years else {})
    known |= {UNMOVED: official_of(scenario)} if unmoved and moved(scenario) else {}
    curves = {called: ranges.distribution(measure_id, s, last, place_code, draws) for called, s in known.items()}
    parts = [curve.iloc[::_EVERY_NTH_POINT].assign(scenario=called) for called, curve in curves.items()]
    frame = pd.concat(parts, ignore_index=True).assign(year=last, unit=measure(measure_id).unit)
    return frame[["scenario", "year", "value", "share", "unit"]]


def overview(
    place_code: str = FOOTPRINT, scenario: Scenario = Scenario(), kept: Scenario | None = None, unmoved: bool = False
) -> pd.DataFrame:
    """Change of every measure from its base year to the last year, largest first.

    Columns: measure_id, measure, kind, from_year, to_year, before, after, change, percent, unit and, with
    ``kept``, percent_a and difference (percentage points).
    """
    frame = _overview(place_code, scenario)
    if kept is not None:
        frame["percent_a"] = frame["measure_id"].map(_overview(place_code, kept).set_index("measure_id")["percent"])
        frame["difference"] = frame["percent"] - frame["percent_a"]
    if unmoved and moved(scenario):
        official = _overview(place_code, official_of(scenario)).set_index("measure_id")
        frame["percent_unmoved"] = frame["measure_id"].map(official["percent"])
    return frame.sort_values("percent", ascending=False, ignore_index=True)


def _overview(place_code: str, scenario: Scenario) -> pd.DataFrame:
    last = int(population.run(scenario).years[-1])
    frame = model.project(scenario)
    values = frame[frame["place_code"] == place_code].pivot(index="measure_id", columns="year", values="value")
    rows = []
    for measure_id, m in measures().items():
        before, after = values.at[measure_id, m.anchor_year], values.at[measure_id, last]
        change = after - before, 100 * (after / before - 1)
        rows.append((measure_id, m.label, record.KINDS[m.kind], m.anchor_year, last, before, after, *change, m.unit))
    names = ["measure_id", "measure", "kind", "from_year", "to_year", "before", "after", "change", "percent", "unit"]
    return pd.DataFrame(rows, columns=names)


def capacities(place_code: str = FOOTPRINT, year: int | None = None, scenario: Scenario = Scenario()) -> pd.DataFrame:
    """What the change of every service takes in plain units: measure_id, measure, value, unit, from_year, to_year, how.

    Beds are those needed if wards were as full as the national aim.
    """
    last = int(population.run(scenario).years[-1]) if year is None else year
    rows = []
    for measure_id, m in measures().items():
        if m.kind == "service":
            plain = answers.capacity(measure_id, scenario, last, place_code).iloc[-1]
            rows.append((measure_id, m.label, plain["value"], plain["unit"], m.anchor_year, last, plain["how"]))
    return pd.DataFrame(rows, columns=["measure_id", "measure", "value", "unit", "from_year", "to_year", "how"])


def rates(measure_id: str) -> pd.DataFrame:
    """The rate at every single age as the model uses it, scaled to the local level: sex, age, rate, unit.

    Services are contacts a year for each person; conditions are people in every 100.
    """
    m = measure(measure_id)
    scale = answers.levels().set_index("measure_id")["scale"][measure_id] * (100 if m.kind == "condition" else 1)
    bands = record.rate_table(measure_id)
    rows = [
        (row.sex, age, row.rate * scale) for row in bands.itertuples() for age in range(row.age_from, row.age_to + 1)
    ]
    unit = "people in every 100" if m.kind == "condition" else f"{m.noun} a year for each person"
    return pd.DataFrame(rows, columns=["sex", "age", "rate"]).assign(unit=unit)


# ------------------------------------------------------------------------------------------ the method

_EXAMPLE = ("dementia", "E07000147", 2040)  # small enough to be done by hand: six bands from 65


def example() -> pd.DataFrame:
    """One figure worked out by hand, before the multiplier.

    Columns: age_from, age_to, women, rate_women, men, rate_men, expected.
    """
    measure_id, place_code, year = _EXAMPLE
    people = population.ages(place_code, year).set_index(["sex", "age"])["population"]
    bands = (
        record.rate_table(measure_id).pivot(index=["age_from", "age_to"], columns="sex", values="rate").reset_index()
    )
    counts = {
        sex: [people[sex].loc[row.age_from : row.age_to].sum() for row in bands.itertuples()]
        for sex in ("female", "male")
    }
    frame = pd.DataFrame(
        {
            "age_from": bands["age_from"],
            "age_to": bands["age_to"],
            "women": counts["female"],
            "rate_women": bands["female"],
            "men": counts["male"],
            "rate_men": bands["male"],
        }
    )
    return frame.assign(expected=frame["women"] * frame["rate_women"] + frame["men"] * frame["rate_men"])


def method() -> str:
    """How the model works, in Markdown: ``data/text/method_demand.md`` with its numbers filled in."""
    return catalogue.text("method_demand").format(**_method_numbers())


def _method_numbers() -> dict[str, str]:
    from ics_core import outlook  # here, as the outlook stands on this model

    measure_id, place_code, year = _EXAMPLE
    worked, levels = example(), answers.levels()
    value = model.series(measure_id, place_code=place_code).set_index("year")["value"][year]
    kinds = [m.kind for m in measures().values()]
    past = outlook.compare().set_index("projection_id")
    dementia = outlook.lines("PRJ-04").set_index(["line", "year"])["value"]
    growth, weights = answers.growth()["growth"], answers.weights()
    return {
        "services": str(kinds.count("service")),
        "conditions": str(kinds.count("condition")),
        "levels": words.markdown_table(
            ["Measure", "Level taken from", "Published", "Expected", "Multiplier", "Local figure"],
            [
                [
                    row.measure,
                    row.period or "–",
                    "–" if row.published != row.published else f"{row.published:,.0f}",
                    f"{row.from_rates:,.0f}",
                    f"{row.scale:.2f}",
                    row.status,
                ]
                for row in levels.itertuples()
            ],
        ),
        "measures": "\n".join(
            f"- **{m.label}**: {m.whose}. Rates: {m.rate_words}. {m.caveat}" for m in measures().values()
        ),
        "corrections": " ".join(f"*{m.label}:* {c['why']}" for m in measures().values() for c in m.corrections),
        "effects": words.markdown_table(
            ["Lever", "Measure", "At full reach", "Small", "Large", "Basis", "Source", "How"],
            [
                [
                    row.lever,
                    row.measure + (f", {row.age_from} and over" if row.age_from else ""),
                    *(words.number(v, 1) + "%" for v in (row.at_full, row.low, row.high)),
                    row.basis,
                    row.source or "–",
                    row.how,
                ]
                for row in record.effect_table().itertuples()
            ],
        ),
        "trends": words.markdown_table(
            ["Measure", "Low, % a year", "High, % a year", "The recent past"], [_trend_row(i) for i in measures()]
        ),
        "aged_from": str(record.aged()[0]),
        "aged_to": str(record.aged()[1]),
        "example_measure": measure(measure_id).label,
        "example_place": population.places().set_index("place_code")["place"][place_code],
        "example_year": str(year),
        "example": words.markdown_table(
            ["Ages", "Women", "Share", "Men", "Share", "People with the condition, by the study"],
            [
                [
                    f"{row.age_from} to {row.age_to}" if row.age_to < 90 else f"{row.age_from} and over",
                    f"{row.women:,.0f}",
                    f"{row.rate_women:.1%}",
                    f"{row.men:,.0f}",
                    f"{row.rate_men:.1%}",
                    f"{row.expected:,.1f}",
                ]
                for row in worked.itertuples()
            ],
        ),
        "example_sum": f"{worked['expected'].sum():,.1f}",
        "example_scale": f"{levels.set_index('measure_id')['scale'][measure_id]:.4f}",
        "example_value": f"{value:,.0f}",
        "ae_model": f"{past['model_change']['PRJ-02']:,.0f}",
        "ae_alike": f"{past['like_for_like']['PRJ-02']:,.0f}",
        "ae_all": f"{past['record_change']['PRJ-02']:,.0f}",
        "dementia_said": f"{dementia[outlook.SAID, 2036]:,.0f}",
        "dementia_model": f"{dementia[outlook.MODEL_2018, 2036]:,.0f}",
        "weights": ", ".join(f"{row.measure} {row.weight:.0%}" for row in weights.itertuples()),
        "growth_first": f"{growth.iloc[1]:.1f}",
        "growth_last": f"{growth.iloc[-1]:.1f}",
    }


def _trend_row(measure_id: str) -> list[str]:
    (low, high), recent = record.trend_range(measure_id), record.past(measure_id)
    said = "no local series found"
    if recent:
        at_same_age = words.percent(recent.per_year, signed=True)
        crude = words.percent(recent.crude, signed=True)
        said = f"{recent.what}: {crude} a year from {recent.first} to {recent.last}, {at_same_age} at the same ages"
    return [measure(measure_id).label, words.number(low, 1), words.number(high, 1), said]
