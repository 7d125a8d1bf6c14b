"""Demand: what people of a given age and sex ask of services, and how many live with a condition.

Activity is people by age and sex times a rate by age and sex, scaled so that the base year equals what
was published here, times what is assumed about use per person, prevention and other ways of care. Each
of these is a named step that keeps its own contribution, so ``drivers`` sums to the change exactly.

>>> from ics_core.scenario import Scenario
>>> table = project(Scenario(ae_trend=1))               # every measure, place and year
>>> steps = drivers("ae_attendances", Scenario(falls=50))  # why one of them changes

Rates, published levels and effect sizes are in ``record``, the levers in ``data/levers.toml``. Arrays
have the axes measure, age group (under 65, 65 and over), place, year. People are residents.
"""

from ics_core.demand import moved, tables
from ics_core.demand.answers import (
    capacity,
    growth,
    levels,
    practices,
    weights,
)
from ics_core.demand.draws import (
    bands,
    default_ranges,
    distribution,
    draw,
    driver_bands,
    lever_ranges,
    range_words,
)
from ics_core.demand.model import (
    AGE_GROUPS,
    by_age,
    project,
    series,
)
from ics_core.demand.record import (
    BOARD,
    DAYS,
    KINDS,
    SERVICE,
    TREND_MARGIN,
    TRUSTS,
    Effect,
    Measure,
    Past,
    demand_levers,
    effect_table,
    effects,
    history,
    levers_of,
    major_departments,
    measure,
    measures,
    observed,
    order,
    past,
    rate_table,
    rates,
    recorded_shares,
    trend_range,
)
from ics_core.demand.steps import (
    AGEING,
    GROWTH,
    PER_PERSON,
    Hold,
    drivers,
    hold_level,
    hold_levels,
)
from ics_core.errors import DemandError

__all__ = [
    "AGEING",
    "AGE_GROUPS",
    "BOARD",
    "DAYS",
    "DemandError",
    "Effect",
    "GROWTH",
    "Hold",
    "KINDS",
    "Measure",
    "PER_PERSON",
    "Past",
    "SERVICE",
    "TREND_MARGIN",
    "TRUSTS",
    "bands",
    "by_age",
    "capacity",
    "default_ranges",
    "demand_levers",
    "distribution",
    "draw",
    "driver_bands",
    "drivers",
    "effect_table",
    "effects",
    "growth",
    "history",
    "hold_level",
    "hold_levels",
    "levels",
    "lever_ranges",
    "levers_of",
    "major_departments",
    "measure",
    "measures",
    "moved",
    "observed",
    "order",
    "past",
    "practices",
    "project",
    "range_words",
    "rate_table",
    "rates",
    "recorded_shares",
    "series",
    "tables",
    "trend_range",
    "weights",
]
