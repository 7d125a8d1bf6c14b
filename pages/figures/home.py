"""Home: the area on a map, and the eight ambitions at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ics_core import ambitions, catalogue, geography, words
from ics_core.area import AREA
from ics_core.figure import Figure
from pages.components.charts import theme
from pages.components.charts.picture import Listing
from pages.components.map.layers import Areas, Map, Outline, Points
from pages.figures.registry import Made, figure


@dataclass(frozen=True)
class View:
    """Home has nothing to choose."""

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        return cls(), []


@figure("ambitions", page="home", name="Eight ambitions")
def at_a_glance(view: View) -> Made:
    """One headline measure for each ambition."""
    tiles = ambitions.tiles()
    made = Figure(
        id="ambitions",
        finding=ambitions.summary(tiles),
        subtitle="One headline measure for each ambition of the Joint Forward Plan of July 2023, latest published "
        "value; the small lines show the last two years of values",
        table=tiles.drop(columns=["recent", "states"]),
        sources=("indicators", "observations", "targets"),
        method=catalogue.text("home_ambitions"),
        code='from ics_core import ambitions\ntable = ambitions.tiles().drop(columns=["recent", "states"])',
        alt="Eight tiles, one for each ambition, each with the name of a measure, its latest value and date, its "
        "target and how it is moving.",
        columns={
            "ambition_name": "Ambition",
            "name": "Measure",
            "area": "Area",
            "latest_text": "Latest",
            "period": "Date",
            "target_text": "Target",
            "comparator_text": "England",
        },
    )
    return made, Listing("tiles", tiles)


@figure("area", page="home", name="The area")
def area(view: View) -> Made:
    """The districts and the acute hospitals."""
    residents = geography.measure("residents", "district")
    hospitals = geography.hospitals()
    acute = hospitals[hospitals["site_type"] == "acute"]
    people = geography.facts().set_index("fact").loc["Residents", "value"]
    made = Figure(
        id="area",
        finding=f"{len(acute)} acute hospitals serve {words.number(people)} residents in {len(residents)} districts",
        subtitle=f"Districts as they were to March 2019 and acute hospitals; residents, {residents['period'].iloc[0]}",
        table=residents,
        sources=("lsoas", "districts_outlines", "hospitals"),
        method=catalogue.text("home_area"),
        code='from ics_core import geography\ntable = geography.measure("residents", "district")',
        alt=f"Map of {AREA.name} from the Wash to Southwold with its {len(residents)} districts and the acute "
        f"hospitals: {', '.join(acute['name'])}.",
        columns={"name": "District", "value": "Residents", "period": "Date"},
    )
    layers = (
        Areas(
            "districts",
            dict.fromkeys(residents["code"], 0),
            ("District",),
            colours=(theme.palette().sequence[1],),
            values=dict(zip(residents["code"], residents["value"], strict=True)),
            unit=f"residents, {residents['period'].iloc[0]}",
        ),
        Outline("districts", names=True),
        Points(acute, "Acute hospital with a major A&E", shape="cross", radius=9),
    )
    return made, Map("home-map", layers, made.alt, selectable=False, height=430)
