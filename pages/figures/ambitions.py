"""The eight ambitions together, and one of them in full: its measures, what if, its milestones, what has no figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ics_core import ambitions, catalogue
from ics_core.ambitions import ENGLAND, Outlook, Slider, Status
from ics_core.figure import Figure
from pages.components.charts import milestones as milestone_charts
from pages.components.charts import spc as spc_charts
from pages.components.charts.milestones import STATES
from pages.components.charts.picture import Listing
from pages.figures import one_measure
from pages.figures.choices import Asked
from pages.figures.registry import Made, figure

LABELS = {
    "all": "All",
    "improving": "Better",
    "concerning": "Worse",
    "missing target": "Missing target",
    "no recent data": "No recent figure",
}
COLUMNS = {  # of the headline measures
    "ambition": "Ambition",
    "name": "Measure",
    "area": "Area",
    "latest_text": "Latest",
    "period": "Period",
    "change_text": "On the year before",
    "word": "Movement",
    "trial_words": "Limits",
    "course_word": "Against target",
    "target_text": "Target",
    "asked_of": "Asked of",
    "gap_text": "Gap",
    "against_england": "Beside England",
    "age_words": "Age",
}
MOST_BESIDE = 3


# ------------------------------------------------------------------------------------- all together


@dataclass(frozen=True)
class OverviewView:
    """Which headline measures: all, or those in one state."""

    state: str = "all"

    KEYS: ClassVar[Mapping[str, str]] = {"state": "show"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[OverviewView, list[str]]:
        asked = Asked(query)
        asked.one("show", LABELS, "a state", "state")
        return cls(**asked.found), asked.notes


@figure("overview", page="ambitions", name="All headline measures")
def overview(view: OverviewView) -> Made:
    """The headline measures of the eight ambitions."""
    chosen = None if view.state == "all" else view.state
    table = ambitions.overview(chosen)
    made = Figure(
        id="overview",
        finding=ambitions.summary(),
        subtitle="Headline measures of the Joint Forward Plan of July 2023, latest published figure of each; the small "
        "lines show up to 24 periods",
        table=table.drop(columns=["recent", "states"], errors="ignore"),
        sources=("observations", "targets"),
        method=catalogue.text("method_ambitions"),
        code=f"from ics_core import ambitions\ntable = ambitions.overview({chosen!r})"
        '.drop(columns=["recent", "states"], errors="ignore")',
        alt="List of the headline measures of the eight ambitions: latest figure, recent course, one of five words for "
        "how it moves, how it stands to its target and beside England.",
        columns=COLUMNS if len(table) else {},
    )
    return made, Listing("headline_rows", table)


# -------------------------------------------------------------------------------------- one in full


@dataclass(frozen=True)
class View:
    """One ambition, one of its measures in one area, what stands beside it, and the improvement a month to ask of.

    Left open, the measure and the area are the first, England stands beside where it is published, and the
    improvement is the recent pace.
    """

    number: int = 1
    indicator: str = ""
    area: str = ""
    beside: tuple[str, ...] | None = None
    change: float | None = None

    KEYS: ClassVar[Mapping[str, str]] = {"number": "ambition", "change": "pace"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.whole("ambition", 1, 8, "an ambition", "number")
        asked.one("indicator", ambitions.measures(asked.found.get("number", cls.number)), "a measure")
        one = cls(**asked.found).one
        places = areas(one.indicator_id)
        asked.one("area", places, "an area")
        chosen = asked.found.get("area", one.area_code)
        asked.several("beside", {code: name for code, name in places.items() if code != chosen}, "an area")
        if "beside" in asked.found:
            asked.found["beside"] = asked.found["beside"][:MOST_BESIDE]
        scale = cls(**asked.found).slider
        if scale:
            asked.number("pace", 0, scale.high, "a pace", "change")
        return cls(**asked.found), asked.notes

    @property
    def one(self) -> Status:
        """Where the measure stands in the area."""
        indicator = self.indicator or next(iter(ambitions.measures(self.number)))
        return ambitions.status(indicator, self.area or ambitions.first_area(indicator))

    @property
    def others(self) -> tuple[str, ...]:
        """The codes of the areas to set beside it."""
        if self.beside is not None:
            return self.beside
        return (ENGLAND,) if ENGLAND in areas(self.one.indicator_id) and self.one.area_code != ENGLAND else ()

    @property
    def slider(self) -> Slider | None:
        """The range of the improvement to ask of; None for a measure that is neither good nor bad."""
        one = self.one
        return None if one.better == "neither" else ambitions.slider(one.indicator_id, one.area_code)


def areas(indicator: str) -> dict[str, str]:
    """The areas an indicator is held for: code and name."""
    return ambitions.areas(indicator).set_index("area_code")["area"].to_dict()


def _headlines(number: int) -> pd.DataFrame:
    table = ambitions.overview()
    return table[table["ambition"] == number]


@figure("measure", page="ambition", name="Its course")
def measure(view: View) -> Made:
    """One measure so far."""
    return one_measure.course(view.one)


@figure(
    "beside",
    page="ambition",
    name="Beside other areas",
    when=lambda view: one_measure.comparable(view.one, [view.one.area_code, *view.others]),
)
def beside(view: View) -> Made:
    """The measure in other areas. Raises ``ValueError`` where they share no scale."""
    return one_measure.beside(view.one, [view.one.area_code, *view.others])


@figure("bands", page="ambition", name="By deprivation", when=lambda view: one_measure.has_bands(view.one))
def bands(view: View) -> Made:
    """The measure by deprivation, where that is published."""
    return one_measure.bands(view.one)


@figure("what-if", page="ambition", name="What if", when=lambda view: view.slider is not None)
def what_if(view: View) -> Made:
    """The measure if it improved by the same amount every month."""
    one, scale = view.one, view.slider
    if scale is None:
        raise ValueError(f"{one.name} is neither good nor bad, so there is nothing to improve.")
    change = scale.start if view.change is None else view.change
    found = ambitions.projected(one.indicator_id, one.area_code, change)
    said = _reached(one, found)
    few = f", and by {ambitions.format_day(found.by)} {found.fewer_words}" if found.fewer else ""
    pace = ambitions.format_pace(found.change, one.unit)
    made = Figure(
        id="what-if",
        finding=f"{said}{few}",
        subtitle=f"{one.name}, {one.unit}, {one.area}: published to {one.period}, then projected at {pace}",
        table=found.table,
        sources=("observations", "targets") if one.target else ("observations",),
        credit=one.source,
        method="A straight line from the latest figure (for a target on a financial year, the mean set against it), "
        "the same improvement every month, within what is possible. The band is the usual variation of the series from "
        "one point to the next (or its published interval), so it does not cover everything that may happen. The "
        "required pace is the gap to the target over the time between the latest figure and the target's date. The "
        "recent pace is the mean of the latest twelve months less that of the twelve before, in months held in both "
        "years (for yearly figures a line through up to five), never across a named break. People are counted on the "
        "latest total.",
        code="from ics_core import ambitions\n"
        f'table = ambitions.projected("{one.indicator_id}", "{one.area_code}", {change!r}).table',
        alt=f"Line chart of the series, continued dashed as projected. {said}.",
        kind="projected",
        columns={
            "period_end": "Period to",
            "value": one.name,
            "lower": "Band from",
            "upper": "to",
            "projected": "Projected",
        },
    )
    return made, spc_charts.outlook(one, found)


def _reached(one: Status, found: Outlook) -> str:
    if one.target:
        return f"{found.attainment_words[0].upper()}{found.attainment_words[1:]}"
    return f"At this pace {ambitions.format_value(found.reached, one.unit)} by {ambitions.format_day(found.by)}"


@figure("headlines", page="ambition", name="Headline measures")
def headlines(view: View) -> Made:
    """The headline measures of the ambition, as cards."""
    rows = _headlines(view.number)
    made = Figure(
        id="headlines",
        finding=ambitions.summary(rows),
        subtitle="Latest published figure of each; the small lines show up to 24 periods, the dashed line a target",
        table=rows.drop(columns=["recent", "states"]),
        sources=("observations", "targets"),
        method=catalogue.text("method_ambitions"),
        code="from ics_core import ambitions\ntable = ambitions.overview()\n"
        f'table = table[table["ambition"] == {view.number}].drop(columns=["recent", "states"])',
        alt="Cards of the headline measures: latest figure, recent course, movement, and how they stand against the "
        "target.",
        columns={key: said for key, said in COLUMNS.items() if key not in ("ambition", "asked_of", "age_words")},
    )
    return made, Listing("measure_cards", rows)


@figure("milestones", page="ambition", name="Milestones")
def milestones(view: View) -> Made:
    """What was to happen when, and what became of it."""
    table = ambitions.milestones(view.number)
    counts = table["state"].value_counts()
    said = ", ".join(f"{counts[s]} {STATES[s][1].lower()}" for s in STATES if s in counts)
    made = Figure(
        id="milestones",
        finding=f"Of {len(table)} milestones: {said}",
        subtitle="Events and deadlines of this ambition, by date; state on the day of the data release",
        table=table,
        sources=("milestones",),
        method="Milestones were read from pages of NHS bodies, councils and the press; the plan itself, with its own "
        "yearly steps, was not found. Delivered: a source reports it, or whomever an aim binds met it at its date (for "
        "a national aim England's figure decides; how this area did on the same measure stands beside it). Late: "
        "reported as put off, or an aim missed. Not known: the date has passed and no report or figure was found.",
        code=f"from ics_core import ambitions\ntable = ambitions.milestones({view.number})",
        alt=f"Timeline of {len(table)} milestones, {said}.",
        columns={
            "date": "Date",
            "objective_id": "Objective",
            "milestone": "Milestone",
            "state": "State",
            "here": "Here",
            "evidence": "What is known",
            "source": "Source",
        },
    )
    return made, milestone_charts.timeline(table)


@figure("gaps", page="ambition", name="Without a figure", when=lambda view: len(ambitions.gaps(view.number)) > 0)
def gaps(view: View) -> Made:
    """Headline measures of the ambition without a recent figure."""
    return one_measure.gaps(view.number)
