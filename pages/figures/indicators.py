"""Every indicator: the list of those found, or one of them in full in any area it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ics_core import ambitions, catalogue
from ics_core.ambitions import Status, explorer
from ics_core.figure import Figure
from pages.components.charts.picture import Listing
from pages.figures import one_measure
from pages.figures.ambitions import areas
from pages.figures.choices import Asked
from pages.figures.registry import Made, figure

MOST_BESIDE = explorer.MOST_COMPARED - 1


@dataclass(frozen=True)
class View:
    """What to look for; or, with ``indicator``, that one in one area (the first if open) beside others.

    ``beside`` left open sets beside it what it is best compared with.
    """

    search: str = ""
    ambition: int | None = None
    state: str | None = None
    often: str | None = None
    held_for: str | None = None
    indicator: str = ""
    area: str = ""
    beside: tuple[str, ...] | None = None

    KEYS: ClassVar[Mapping[str, str]] = {"held_for": "areas", "beside": "with"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.text("search")
        for key, (what, known) in filters().items():
            asked.one(key, known, f"a filter under {what}", "held_for" if key == "areas" else key)
        if "ambition" in asked.found:
            asked.found["ambition"] = int(asked.found["ambition"])
        asked.one("indicator", explorer.names(), "an indicator")
        indicator = asked.found.get("indicator")
        if indicator:
            places = areas(indicator)
            asked.one("area", places, "an area of this indicator")
            chosen = asked.found.get("area", ambitions.first_area(indicator))
            asked.several("with", places, "an area of this indicator", "beside")
            others = (code for code in asked.found.get("beside", ()) if code != chosen)
            asked.found["beside"] = tuple(others)[:MOST_BESIDE] or None
        return cls(**asked.found), asked.notes

    @property
    def one(self) -> Status:
        """Where the indicator stands in the area."""
        return ambitions.status(self.indicator, self.area or ambitions.first_area(self.indicator))

    @property
    def found(self) -> pd.DataFrame:
        """The indicators found."""
        return explorer.find(self.search, self.ambition, self.state, self.often, self.held_for)

    @property
    def side_by_side(self) -> list[str]:
        """The codes of the areas to show beside each other, the chosen one first."""
        one = self.one
        others = explorer.beside(one.indicator_id, one.area_code) if self.beside is None else self.beside
        return [one.area_code, *others]


def filters() -> dict[str, tuple[str, dict[str, str]]]:
    """The filters by their key in the address: what each is called, and its codes with their words."""
    text = catalogue.toml("text/pages")["indicators"]
    return {
        "ambition": ("Ambition", {str(n): f"{n}. {name}" for n, name in explorer.ambition_names().items()}),
        "state": ("How it stands", text["states"]),
        "often": ("Published", text["how_often"]),
        "areas": ("Has figures for", explorer.AREA_TYPES),
    }


# ---------------------------------------------------------------------------------------- the list


@figure("found", page="indicators", name="The list", when=lambda view: not view.indicator and len(view.found) > 0)
def found(view: View) -> Made:
    """The indicators found, as a list of links."""
    table = view.found
    call = ", ".join(map(repr, (view.search, view.ambition, view.state, view.often, view.held_for)))
    made = Figure(
        id="found",
        finding=explorer.finding(table),
        subtitle="Latest published figure of each, in the widest local area it has, or the range of the districts "
        "where nothing wider is published; better or worse where that is more than chance",
        table=table.drop(columns="states"),
        sources=("observations", "indicators", "targets"),
        method=catalogue.toml("text/pages")["indicators"]["method"]["list"],
        code=f'from ics_core.ambitions import explorer\ntable = explorer.find({call}).drop(columns="states")',
        alt="List of indicators, each with a link, its latest figure, the area and period, and how it stands.",
        columns={
            "ambition_name": "Ambition",
            "name": "Indicator",
            "area": "Area",
            "latest_text": "Latest",
            "period": "Period",
            "variation": "Movement",
            "target_text": "Target",
            "gap_text": "Gap",
            "how_often": "Published",
            "publisher": "Publisher",
        },
    )
    return made, Listing("indicator_rows", table)


@figure("gaps", page="indicators", name="Without a figure", when=lambda view: not view.indicator)
def gaps(view: View) -> Made:
    """Headline measures without a recent figure."""
    return one_measure.gaps(view.ambition)


# --------------------------------------------------------------------------------------- one in full


def _is_one(view: View) -> bool:
    return bool(view.indicator)


@figure("measure", page="indicators", name="Its course", when=_is_one)
def measure(view: View) -> Made:
    """One indicator so far."""
    return one_measure.course(view.one)


@figure(
    "beside",
    page="indicators",
    name="Side by side",
    when=lambda view: (
        _is_one(view) and len(areas(view.indicator)) > 1 and one_measure.comparable(view.one, view.side_by_side)
    ),
)
def beside(view: View) -> Made:
    """Up to four areas beside each other. Raises ``ValueError`` where they share no scale."""
    return one_measure.beside(view.one, view.side_by_side)


@figure(
    "bands",
    page="indicators",
    name="By deprivation",
    when=lambda view: _is_one(view) and one_measure.has_bands(view.one),
)
def bands(view: View) -> Made:
    """The indicator by deprivation, where that is published."""
    return one_measure.bands(view.one)


def _ranks(area_type: str) -> Any:
    return lambda view: _is_one(view) and one_measure.has_ranks(view.one, area_type)


@figure("rank-trust", page="indicators", name="NHS trusts in order", when=_ranks("trust"))
def trusts_in_order(view: View) -> Made:
    """The trusts in order."""
    return one_measure.ranked(view.one, "trust")


@figure("rank-district", page="indicators", name="Districts in order", when=_ranks("district"))
def districts_in_order(view: View) -> Made:
    """The districts in order."""
    return one_measure.ranked(view.one, "district")


@figure(
    "systems",
    page="indicators",
    name="Among the 42 systems",
    when=lambda view: _is_one(view) and explorer.system_measure(view.indicator) is not None,
)
def among_systems(view: View) -> Made:
    """The 42 systems on the same measure."""
    return one_measure.among_systems(view.one)
