"""Resources, costs and the gap: what was said in 2018, what has been published since, and an illustration.

The model is a sum anyone can do by hand: resources grow at one rate; costs grow with prices and
demand and shrink with efficiency; the gap is what is left. All rates are levers of the scenario.
Opening positions and assumptions are records in ``data/money.toml``. Amounts are in £ million, cash.
It illustrates how the rates work on each other. It is no budget and no forecast.
"""

from ics_core.errors import MoneyError
from ics_core.money.model import (
    COVER,
    DEFAULT_START,
    HELD,
    LEVERS,
    balance_year,
    band,
    efficiency_to_balance,
    extremes,
    finding,
    lever_ranges,
    levers_did,
    modelled_demand_growth,
    pounds,
    project,
    steps,
    steps_finding,
    value_of_a_point,
    with_band,
)
from ics_core.money.opening import (
    UNIT,
    assumptions,
    conflicting,
    financial_year,
    founding,
    resources,
    since,
    starts,
)

__all__ = [
    "COVER",
    "DEFAULT_START",
    "HELD",
    "LEVERS",
    "UNIT",
    "MoneyError",
    "assumptions",
    "balance_year",
    "band",
    "conflicting",
    "efficiency_to_balance",
    "extremes",
    "financial_year",
    "finding",
    "founding",
    "lever_ranges",
    "levers_did",
    "modelled_demand_growth",
    "pounds",
    "project",
    "resources",
    "since",
    "starts",
    "steps",
    "steps_finding",
    "value_of_a_point",
    "with_band",
]
