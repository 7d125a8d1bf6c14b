"""The model: resources grow at one rate, costs with prices and demand and shrink with efficiency; the gap is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ics_core import chance, demand, population, words
from ics_core.errors import MoneyError
from ics_core.money.opening import UNIT, financial_year, settings, starts
from ics_core.scenario import Scenario, levers, range_table

DEFAULT_START = "board-2025"
LEVERS = ("price_inflation", "demand_growth", "prevention_shift", "efficiency", "resource_growth")
COVER = 0.8
HELD = ("prevention_shift",)  # how far it is taken is a choice: only drawn from a range that is set
_EDGES = ((1 - COVER) / 2, (1 + COVER) / 2)


@dataclass(frozen=True)
class _Rates:
    """Yearly rates as fractions; each a number, or an array with a row a draw. ``demand`` has a value a year."""

    price_inflation: np.ndarray | float
    demand_growth: np.ndarray | float
    prevention_shift: np.ndarray | float
    efficiency: np.ndarray | float
    resource_growth: np.ndarray | float
    demand: np.ndarray


def project(
    scenario: Scenario = Scenario(), demand_growth: float | Sequence[float] | None = None, start: str = DEFAULT_START
) -> pd.DataFrame:
    """Resources, costs and the gap (costs less resources) by year, projected from an opening position.

    Columns: year (2025 is 2025/26), period, measure (resources, costs, gap), value, unit, projected.
    ``demand_growth``: per cent a year before the lever of that name, one number or one a year; None
    takes it from the demand model (``modelled_demand_growth``). Raises ``MoneyError``.
    """
    if demand_growth is None:
        return _projected(scenario.replace(name="", ranges=()), start).copy(deep=False)
    return _project(_opening(start), _rates(scenario, demand_growth, start))


@lru_cache(maxsize=64)
def _projected(scenario: Scenario, start: str) -> pd.DataFrame:
    return _project(_opening(start), _rates(scenario, None, start))


def _project(opening: pd.Series, rates: _Rates) -> pd.DataFrame:
    resources, costs = _paths(opening, rates)
    years = int(opening.year) + np.arange(resources.shape[-1])
    wide = pd.DataFrame({"year": years, "resources": resources[0], "costs": costs[0], "gap": costs[0] - resources[0]})
    frame = wide.melt("year", var_name="measure", value_name="value")
    frame.insert(1, "period", frame.year.map(financial_year))
    return frame.assign(unit=UNIT, projected=frame.year > int(opening.year))


def band(
    scenario: Scenario = Scenario(),
    demand_growth: float | Sequence[float] | None = None,
    start: str = DEFAULT_START,
    draws: int = population.DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """The range that holds 80% of the paths when each yearly rate may be a little off.

    How far off is the assumption ``uncertainty``, or the range the scenario sets; all values in it are as likely.
    Columns: year, measure, lower, upper, unit.
    """
    resources, costs = _drawn_paths(scenario, demand_growth, start, draws, seed)
    years = int(_opening(start).year) + np.arange(resources.shape[-1])
    parts = []
    for measure, values in _measures(resources, costs).items():
        lower, upper = np.quantile(values, _EDGES, axis=0)
        parts.append(pd.DataFrame({"year": years, "measure": measure, "lower": lower, "upper": upper, "unit": UNIT}))
    return pd.concat(parts, ignore_index=True)


def _drawn_paths(
    scenario: Scenario, demand_growth: float | Sequence[float] | None, start: str, draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Resources and costs [draw, year], each rate drawn from the stream of its name."""
    opening, rates, width = _opening(start), _rates(scenario, demand_growth, start), settings().uncertainty.value / 100
    off = {}
    for name in LEVERS:
        limits, value = scenario.range_of(name), getattr(rates, name)
        if limits:
            low, high = (limit / 100 for limit in limits)
        elif name in HELD:
            low = high = value
        else:
            low, high = value - width, value + width
        if low < high:
            off[name] = low + (high - low) * chance.ranks(draws, seed, name)[:, None]
    return _paths(opening, replace(rates, **off))


def lever_ranges(scenario: Scenario = Scenario()) -> pd.DataFrame:
    """From which range each rate is drawn (``scenario.range_table``); ``usual`` is "assumed" or "held"."""
    width, usual = settings().uncertainty.value, {}
    for name in LEVERS:
        lever, kind = levers()[name], "held" if name in HELD else "assumed"
        away = 0.0 if kind == "held" else width
        usual[name] = kind, (max(lever.low, scenario[name] - away), min(lever.high, scenario[name] + away))
    return range_table(scenario, usual)


def with_band(
    scenario: Scenario = Scenario(),
    measures: Sequence[str] = ("gap",),
    start: str = DEFAULT_START,
    draws: int = population.DRAWS,
) -> pd.DataFrame:
    """``project`` and ``band`` in one table, for the measures asked for: resources, costs, gap.

    Columns: year, period, measure, value, lower, upper, unit, projected. Demand is the demand model's.
    """
    opening = _opening(start)
    line = _measures(*_paths(opening, _rates(scenario, None, start)))
    drawn = _measures(*_drawn_paths(scenario, None, start, draws, seed=1))
    first = int(opening.year)
    columns: dict[str, list[Any]] = {name: [] for name in ("year", "period", "measure", "value", "lower", "upper")}
    for measure in (name for name in line if name in measures):
        values = line[measure][0].tolist()
        years = list(range(first, first + len(values)))
        lower, upper = np.quantile(drawn[measure], _EDGES, axis=0).tolist()
        parts = (years, [financial_year(year) for year in years], [measure] * len(years), values, lower, upper)
        for column, part in zip(columns.values(), parts):
            column.extend(part)
    return pd.DataFrame(columns).assign(unit=UNIT, projected=lambda frame: frame["year"] > first)


@lru_cache(maxsize=64)
def extremes(
    measures: tuple[str, ...] = ("gap",), start: str = DEFAULT_START, basis: str = "ons-2022"
) -> tuple[float, float]:
    """Least and most of any year with no lever moved, band included, and with one of the rates at a usual end.

    An axis between the two stays put while a lever moves that far (``Lever.usual``).
    """
    unmoved = with_band(Scenario(basis=basis), measures, start)
    found = [unmoved["lower"], unmoved["upper"]]
    for name in LEVERS:
        for end in levers()[name].usual:
            one = project(Scenario(basis=basis).replace(**{name: levers()[name].check(end)}), start=start)
            found.append(one.loc[one["measure"].isin(measures), "value"])
    return min(float(one.min()) for one in found), max(float(one.max()) for one in found)


def levers_did(scenario: Scenario = Scenario(), start: str = DEFAULT_START) -> pd.DataFrame:
    """What each lever that is moved does to the gap of the last year.

    The levers are moved one after the other in the order of the register, so the changes sum to the difference from
    no lever moved exactly; another order would share it out a little differently. Levers on people and demand count,
    as the model takes its demand from them. Columns: lever_id, step, change, unit; no row where none is moved.
    """
    now, rows = Scenario(basis=scenario.basis), []
    before = _last_gap(now, start)
    for lever_id, value in scenario.moved:
        now = now.replace(**{lever_id: value})
        after = _last_gap(now, start)
        rows.append((lever_id, levers()[lever_id].label, after - before))
        before = after
    return pd.DataFrame(rows, columns=["lever_id", "step", "change"]).assign(unit=UNIT)


def _last_gap(scenario: Scenario, start: str) -> float:
    return float(_gaps(_opening(start), _rates(scenario, None, start))[-1])


def finding(scenario: Scenario = Scenario(), start: str = DEFAULT_START) -> str:
    """What becomes of the gap on these assumptions, as a sentence without a full stop."""
    opening = _opening(start)
    gaps = project(scenario, start=start).query("measure == 'gap'").set_index("year").value
    first, last, closed = gaps.iloc[0], gaps.iloc[-1], balance_year(scenario, start=start)
    saved, by = scenario["efficiency"], financial_year(gaps.index[-1])
    if opening.meaning == "savings plan":
        planned = f"If the {pounds(opening.figure)} of {opening.period} is saved in full"
        after = f"and {saved:g}% of costs every year after" if saved else "and nothing after"
        left = f"a gap of {pounds(last)} opens by {by}" if last > 0 else f"{pounds(-last)} is left over in {by}"
        return f"{planned} {after}, {left}"
    if_saved = f"If {saved:g}% of costs is saved every year" if saved else "If no costs are saved"
    if closed is not None and last <= 0:
        return f"{if_saved}, the gap of {pounds(first)} closes by {financial_year(closed)}"
    way = "grows" if last > first else "shrinks"
    return f"{if_saved}, the gap of {pounds(first)} {way} to {pounds(last)} by {by}"


def pounds(millions: float, signed: bool = False) -> str:
    """An amount in £ million as people say it; nothing is ever "−£0".

    >>> pounds(160), pounds(3_690), pounds(-2.25), pounds(-0.01), pounds(12.5, signed=True)
    ('£160 million', '£3.7 billion', '−£2.2 million', '£0.0 million', '+£12.5 million')
    """
    size = abs(millions)
    decimals = 1 if size >= 1000 or not (size >= 100 or float(size).is_integer()) else 0
    amount = words.number(size / 1000 if size >= 1000 else size, decimals)
    sign = "" if not re.search("[1-9]", amount) else "−" if millions < 0 else "+" if signed else ""
    return f"{sign}£{amount} {'billion' if size >= 1000 else 'million'}"


def steps(
    scenario: Scenario = Scenario(), demand_growth: float | Sequence[float] | None = None, start: str = DEFAULT_START
) -> pd.DataFrame:
    """What each rate does to the gap between the opening and the last year.

    Columns: step, lever_id (None for the model's own demand), change, unit. The rates are switched on
    one after the other in the order shown; the changes add up to the change in the gap exactly.
    """
    opening, rates = _opening(start), _rates(scenario, demand_growth, start)
    on = {
        "Prices and pay": ("price_inflation", rates.price_inflation),
        "Demand": ("demand", rates.demand),
        "Demand beyond the model": ("demand_growth", rates.demand_growth),
        "Shift to prevention": ("prevention_shift", rates.prevention_shift),
        "Efficiency": ("efficiency", rates.efficiency),
        "Growth in resources": ("resource_growth", rates.resource_growth),
    }
    current, gap, rows = _Rates(0.0, 0.0, 0.0, 0.0, 0.0, np.zeros_like(rates.demand)), float(opening.gap), []
    for step, (name, value) in on.items():
        changed: dict[str, Any] = {name: value}
        current = replace(current, **changed)
        new = float(_gaps(opening, current)[-1])
        rows.append({"step": step, "lever_id": None if name == "demand" else name, "change": new - gap, "unit": UNIT})
        gap = new
    return pd.DataFrame(rows)


def steps_finding(table: pd.DataFrame) -> str:
    """Which step of ``steps`` widens the gap most and which narrows it most, as a sentence without a full stop."""
    up, down = table.loc[table.change.idxmax()], table.loc[table.change.idxmin()]
    wider = f"{up.step} would widen the gap most, by {pounds(up.change)}" if up.change > 0 else "Nothing widens the gap"
    if down.change >= 0:
        return f"{wider}; nothing narrows it"
    return f"{wider}; {down.step.lower()} narrows it by {pounds(abs(down.change))}"


def efficiency_to_balance(
    scenario: Scenario = Scenario(),
    demand_growth: float | Sequence[float] | None = None,
    start: str = DEFAULT_START,
    year: int | None = None,
) -> float:
    """Efficiency, per cent of costs a year, with which the gap is nil in ``year`` (default: the last).

    Below zero, no efficiency is needed. The scenario's own efficiency plays no part. Raises ``MoneyError``.
    """
    opening = _opening(start)
    horizon = settings().horizon
    n = horizon if year is None else int(year) - int(opening.year)
    if not 1 <= n <= horizon:
        raise MoneyError(
            f"year: {year} is not a projected year. Choose one from {opening.year + 1} to {opening.year + horizon}."
        )
    resources, costs = _paths(opening, replace(_rates(scenario, demand_growth, start), efficiency=0.0))
    return float(100 * (1 - (resources[0, n] / costs[0, n]) ** (1 / n)))


def balance_year(
    scenario: Scenario = Scenario(), demand_growth: float | Sequence[float] | None = None, start: str = DEFAULT_START
) -> int | None:
    """The first projected year without a gap (2030 is 2030/31), or None."""
    frame = project(scenario, demand_growth, start)
    closed = frame[(frame.measure == "gap") & frame.projected & (frame.value <= 0)]
    return None if closed.empty else int(closed.year.min())


def value_of_a_point(
    scenario: Scenario = Scenario(), demand_growth: float | Sequence[float] | None = None, start: str = DEFAULT_START
) -> pd.DataFrame:
    """What one percentage point more of each rate does to the gap.

    Columns: lever_id, lever, first_year, last_year (change in the gap in the first and last projected
    year, below zero when the gap shrinks), unit.
    """
    opening, rates = _opening(start), _rates(scenario, demand_growth, start)
    before = _gaps(opening, rates)
    rows = []
    for name in LEVERS:
        after = _gaps(opening, replace(rates, **{name: getattr(rates, name) + 0.01}))
        rows.append(
            {
                "lever_id": name,
                "lever": levers()[name].label,
                "first_year": after[1] - before[1],
                "last_year": after[-1] - before[-1],
                "unit": UNIT,
            }
        )
    return pd.DataFrame(rows)


def modelled_demand_growth(scenario: Scenario = Scenario(), start: str = DEFAULT_START) -> pd.DataFrame:
    """Yearly growth of demand from the demand model, its measures weighed as in ``demand.weights``.

    Columns: year (2025 is 2025/26), growth, unit (% on the year before). A start before the latest estimate takes the
    people of the 2018-based projection, whose first growth then stands for the year before it too.
    Levers on people, trends, prevention and care count.
    """
    first = int(_opening(start).year)
    basis = "ons-2018" if first < population.base_year() else scenario.basis
    growth = _growth(
        scenario.replace(basis=basis, name="", ranges=(), **{name: levers()[name].default for name in LEVERS})
    )
    years = range(first + 1, first + 1 + settings().horizon)
    return pd.DataFrame({"year": years, "growth": growth.loc[list(years)].to_numpy(), "unit": "% on the year before"})


@lru_cache(maxsize=32)
def _growth(scenario: Scenario) -> pd.Series:
    return demand.growth(scenario).set_index("year")["growth"].bfill()


@cache
def _opening(start: str) -> pd.Series:
    frame = starts().set_index("start_id")
    if start not in frame.index:
        raise MoneyError(
            f"start: there is no opening position {words.quoted(start)}."
            f"{words.did_you_mean(start, frame.index, n=2, cutoff=0.3)}"
        )
    return frame.loc[start]


def _rates(scenario: Scenario, demand_growth: float | Sequence[float] | None, start: str) -> _Rates:
    n = settings().horizon
    base = modelled_demand_growth(scenario, start).growth if demand_growth is None else demand_growth
    demand = np.asarray(base, dtype="float64")
    if demand.ndim > 1 or demand.size not in (1, n):
        raise MoneyError(f"demand_growth: {demand.size} numbers given. Give one, or one for each of the {n} years.")
    if not np.isfinite(demand).all() or (np.abs(demand) > 50).any():
        raise MoneyError("demand_growth: give numbers from -50 to 50, per cent a year.")
    return _Rates(**{name: scenario[name] / 100 for name in LEVERS}, demand=np.broadcast_to(demand / 100, (n,)))


def _paths(opening: pd.Series, rates: _Rates) -> tuple[np.ndarray, np.ndarray]:
    """Resources and costs, a row a draw, a column a year from the opening year on."""
    n = rates.demand.size
    year = np.arange(1, n + 1)
    # The share moved to prevention rises evenly; what it does to demand follows some years later.
    moved = np.clip((year - settings().prevention_delay.value) / n, 0, None) * rates.prevention_shift
    demand = rates.demand + rates.demand_growth - settings().prevention_effect.value * moved
    costs = (1 + rates.price_inflation) * (1 + demand) * (1 - rates.efficiency)
    resources = 1 + rates.resource_growth + np.zeros(n)
    return _grow(opening.resources, resources), _grow(opening.resources + opening.gap, costs)


def _measures(resources: np.ndarray, costs: np.ndarray) -> dict[str, np.ndarray]:
    return {"resources": resources, "costs": costs, "gap": costs - resources}


def _grow(first: float, factors: np.ndarray) -> np.ndarray:
    factors = np.atleast_2d(factors)
    return first * np.cumprod(np.hstack([np.ones((len(factors), 1)), factors]), axis=1)


def _gaps(opening: pd.Series, rates: _Rates) -> np.ndarray:
    resources, costs = _paths(opening, rates)
    return costs[0] - resources[0]
