"""How the models hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ics_core import catalogue
from ics_core.figure import Figure
from pages.components.charts import lines as charts
from pages.figures.registry import Made, figure


@dataclass(frozen=True)
class View:
    """The picture has nothing to choose."""

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        return cls(), []


@figure("structure", page="method", name="How the models hang together")
def structure(view: View) -> Made:
    """Boxes and arrows: what leads to what."""
    found = catalogue.toml("text/model_structure")
    links = pd.DataFrame(found["link"])
    made = Figure(
        id="structure",
        finding="People lead to demand, and demand to money; levers act on each",
        subtitle="How the three models hang together",
        table=links,
        sources=("base_population", "demand_rates", "local_activity", "founding_finance"),
        method="Each arrow is an input of the box it points to. Nothing flows back: money does not change demand, and "
        "demand does not change the population.",
        code="import pandas as pd\nfrom ics_core import catalogue\n"
        'table = pd.DataFrame(catalogue.toml("text/model_structure")["link"])',
        alt="Boxes and arrows: official estimates and projections feed the population model, which with published "
        "activity feeds the demand model, which with published money figures feeds the money model. Levers act on all "
        "three models.",
        kind="our calculation",
        columns={"from": "From", "to": "To", "carries": "What it carries"},
    )
    return made, charts.flow(pd.DataFrame(found["box"]), links)
