"""The story: its events, who took part, how the area is built; and what was said then beside what is known now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ics_core import catalogue, story, words
from ics_core.figure import Figure
from pages.components.charts import lines as charts
from pages.components.charts import story as story_charts
from pages.components.charts.picture import Listing
from pages.components.map.layers import Map, Outline, Points
from pages.figures.choices import Asked
from pages.figures.registry import Made, figure

_CODE = "from ics_core import story\ntable = story."


def text(page: str) -> Mapping[str, Any]:
    """The words of a page."""
    return catalogue.toml("text/pages")[page]


# ---------------------------------------------------------------------------------------- the story


@dataclass(frozen=True)
class View:
    """Which events: of one theme, about one system."""

    theme: str | None = None
    system: str | None = None

    KEYS: ClassVar[Mapping[str, str]] = {"system": "named"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.one("theme", story.themes(), "a theme")
        asked.one("named", {name: name for name in story.systems()}, "a system", "system")
        return cls(**asked.found), asked.notes

    @property
    def events(self) -> pd.DataFrame:
        """The events chosen, in order of time."""
        return story.events(self.theme, self.system)


@figure("timeline", page="story", name="Events", when=lambda view: len(view.events) > 0)
def timeline(view: View) -> Made:
    """The events along time."""
    events = view.events
    busiest, count = story.busiest_year(events)
    first, last = events["year"].min(), events["year"].max()
    theme = story.themes().get(view.theme or "", "")
    chosen = ", ".join(part for part in (theme, view.system or "") if part) or "all themes and systems"
    made = Figure(
        id="timeline",
        finding=f"{words.plural(len(events), 'event')} from {first} to {last}; the most, {count}, in {busiest}",
        subtitle=f"Dated events, {chosen}",
        table=events,
        sources=("timeline",),
        method=text("story")["method"]["timeline"],
        code=f"{_CODE}events({view.theme!r}, {view.system!r})",
        alt=f"Events along a line of time from {first} to {last}, a row for each theme. "
        "The list below the picture has each with its source.",
        columns={
            "when": "When",
            "event": "Event",
            "system": "System",
            "theme_label": "Theme",
            "source": "Source",
            "publisher": "Publisher",
            "note": "Note",
        },
    )
    return made, story_charts.timeline(events)


@figure("partners", page="story", name="Organisations")
def partners(view: View) -> Made:
    """The head offices of the organisations of the bid, by what became of them."""
    said = text("story")
    made = Figure(
        id="partners",
        finding=said["partners_title"].format(**story.fates()),
        subtitle="Organisations named in the expression of interest of 2018, and what the latest source found says of "
        "each",
        table=story.partners(),
        sources=("partners",),
        method=said["method"]["partners"],
        code=f"{_CODE}partners()",
        alt=said["partners_caption"],
        columns=said["partners_columns"],
    )
    marks = (
        Points(places, label, shape=shape)
        for (label, places), shape in zip(story.head_offices().items(), ("diamond", "triangle", "circle"), strict=True)
    )
    layers = (Outline("localities"), *marks)
    return made, Map("partners-map", layers, said["partners_caption"], selectable=False, height=440)


@figure("places", page="story", name="Places")
def places(view: View) -> Made:
    """The places and the partnerships of the area."""
    local, said = story.local(), text("story")
    made = Figure(
        id="places",
        finding=said["places_title"].format(**story.local_counts()),
        subtitle="Places are the areas of the former clinical commissioning groups; partnerships follow the district "
        "councils",
        table=local,
        sources=("local_structure",),
        method=said["method"]["places"],
        code=f"{_CODE}local()",
        alt="A list of the places with their districts and main hospital, and of the partnerships with the place they "
        "lie in.",
        columns=said["places_columns"],
    )
    sides = {"left": "name", "right": "districts", "under_left": "part_of", "under_right": "detail"}
    return made, Listing("pairs", local, sides)


# ------------------------------------------------------------------------------------- then and now


@dataclass(frozen=True)
class ThenView:
    """Which figures of the founding documents: of one document, by how they can be followed, statements besides."""

    document: str | None = None
    link: str | None = None
    statements: bool = False

    KEYS: ClassVar[Mapping[str, str]] = {"link": "match"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[ThenView, list[str]]:
        asked = Asked(query)
        asked.one("document", documents(), "a document")
        asked.one("match", story.LINKS, "a match", "link")
        asked.yes_or_no("statements", "a choice of statements")
        return cls(**asked.found), asked.notes


def documents() -> dict[str, str]:
    """The founding documents by their code."""
    return story.documents().set_index("document_id")["title"].to_dict()


@figure("follow-up", page="then-and-now", name="How many can be followed")
def follow_up(view: ThenView) -> Made:
    """How many figures can be followed, whatever is listed."""
    counts = story.follow_up()
    found = counts.set_index("link")["figures"]
    made = Figure(
        id="follow-up",
        finding=f"Of {found.sum()} figures, {found['same']} can be followed by the same measure, {found['related']} by "
        f"a related one, {found['none']} by none",
        subtitle="Figures in the five founding documents by the best published match",
        table=counts,
        sources=("then_and_now", "founding_facts", "founding_projections", "founding_commitments", "founding_finance"),
        method=text("then_and_now")["method"]["counts"],
        code=f"{_CODE}follow_up()",
        alt="Bars: " + ", ".join(f"{row.link_label.lower()} {row.figures}" for row in counts.itertuples()) + ".",
        columns={"link_label": "Match", "figures": "Figures"},
    )
    picture = charts.bars(counts, "link_label", "figures", unit="Figures", sort=None, format="d", height=190)
    return made, picture


@figure("then-and-now", page="then-and-now", name="Each figure")
def then_and_now(view: ThenView) -> Made:
    """Each figure of the documents beside what has been published since."""
    chosen = story.then_and_now(document=view.document, link=view.link, statements=view.statements)
    counted = f"{chosen['ref'].nunique()} {'statements' if view.statements else 'figures'}"
    of = documents()[view.document] if view.document else "All founding documents"
    made = Figure(
        id="then-and-now",
        finding=f"{counted} then, and what is published now"
        if len(chosen)
        else "Nothing in the documents fits this choice",
        subtitle=of + (f"; {story.LINKS[view.link].lower()}" if view.link else ""),
        table=chosen,
        sources=("founding_documents", "then_and_now"),
        method=text("then_and_now")["method"]["list"],
        code=f"{_CODE}then_and_now(document={view.document!r}, link={view.link!r}, statements={view.statements})",
        alt="A list: each figure of the documents, and beside it the published figure with its date and source.",
        kind="our calculation",
        columns=text("then_and_now")["columns"],
    )
    return made, Listing("then_and_now", chosen)
