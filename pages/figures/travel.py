"""The figures of the page on getting to hospital: who lives further away than so many minutes by car."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ics_core import catalogue, geography, words
from ics_core.figure import Figure, Number
from pages.components.charts.lines import line
from pages.components.map import services
from pages.components.map.layers import Areas, Map, Outline
from pages.figures.choices import Asked
from pages.figures.registry import Made, figure, strip

LEAST, MOST = 10, 60  # minutes
EVERYONE, POOREST = "All residents", "In the most deprived fifth"


@dataclass(frozen=True)
class View:
    """What the reader asks: hospitals switched off, whether those over the border count, how many minutes."""

    off: tuple[str, ...] = ()
    border: bool = True
    minutes: int = 30

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.several("off", hospitals(), "a hospital")
        asked.yes_or_no("border", "an answer")
        asked.whole("minutes", LEAST, MOST, "a number of minutes")
        return cls(**asked.found), asked.notes

    @property
    def alone(self) -> bool:
        """Whether no hospital would be left: those over the border are then counted all the same."""
        return not self.border and set(self.off) == set(geography.ACUTE)

    @property
    def counted(self) -> tuple[tuple[str, ...], bool]:
        """Which hospitals are left out, and whether those over the border count."""
        return self.off, self.border or self.alone

    @property
    def arguments(self) -> str:
        without, border = self.counted
        return f"without={without!r}, over_border={border}"


def hospitals() -> dict[str, str]:
    """The acute hospitals of the area by id."""
    names = geography.acute_hospitals().set_index("id")["name"]
    return {one: names[one] for one in geography.ACUTE}


def text() -> dict[str, Any]:
    """The words of the page."""
    return catalogue.toml("text/pages")["travel"]


@strip("travel")
def headline(view: View) -> tuple[Number, ...]:
    """Who lives further away than so many minutes, and what switching hospitals off makes of it."""
    said, now = text()["results"], _whole(geography.beyond(view.minutes, *view.counted))
    before = _whole(geography.beyond(view.minutes, (), True)).set_index("group")["share"]
    numbers = []
    for row in now.itertuples():
        more = words.number(row.share - before[row.group], 1, signed=True)
        numbers.append(
            Number(
                "-".join(row.group.lower().split()),
                said["label"].format(group=row.group, minutes=view.minutes),
                words.percent(row.share),
                said["against"].format(change=more) if more.strip("0.") else "",
                f"about {geography.hundreds(row.beyond)}",
            )
        )
    return tuple(numbers)


def _whole(counts: pd.DataFrame) -> pd.DataFrame:
    return counts[counts["level"] == "footprint"]


@figure("beyond", page="travel", name="Who lives further away", moves=True)
def beyond(view: View) -> Made:
    """The small areas further away than so many minutes, on a map."""
    minutes, counted = view.minutes, view.counted
    counts = geography.beyond(minutes, *counted)
    times = geography.drive_times(*counted).set_index("code")["minutes"]
    everyone = _whole(counts).set_index("group").loc[EVERYONE]
    areas = Areas(
        "lsoas",
        geography.further(times, minutes),
        (f"{minutes} minutes or less", f"over {minutes} minutes"),
        "Drive to an acute hospital",
        values=times,
        unit="minutes",
    )
    return Figure(
        id="beyond",
        finding=f"{everyone['share']:.0f}% of residents, about {geography.hundreds(everyone['beyond'])} people, "
        f"live more than {minutes} minutes' drive from an acute hospital",
        subtitle=f"Car minutes from {len(times)} small areas to the nearest hospital switched on, 2022 model, "
        "resident population",
        table=counts,
        sources=("drive_times", "lsoas", "lsoas_outlines"),
        method=text()["method"]["map"],
        code=f"from ics_core import geography\ntable = geography.beyond({minutes}, {view.arguments})",
        alt=f"Map of small areas more than {minutes} minutes' drive from an acute hospital. "
        "The table gives the numbers for each district.",
        kind="our calculation",
        columns={
            "name": "Area",
            "group": "Group",
            "people": "People",
            "beyond": "Further away",
            "share": "Share, %",
        },
    ), Map(
        "travel-map",
        (areas, Outline("districts", names=True), *services.hospitals(("acute",), evidence=False)),
        f"Areas more than {minutes} minutes' drive from an acute hospital.",
        selectable=False,
        height=540,
    )


@figure("by-minutes", page="travel", name="For every number of minutes")
def by_minutes(view: View) -> Made:
    """The same question for every number of minutes."""
    curve = geography.beyond_by_minutes(*view.counted)
    half = geography.half_beyond(curve)
    return Figure(
        id="by-minutes",
        finding=f"Half of all residents live within {half[EVERYONE]} minutes, "
        f"half of those in the most deprived fifth within {half[POOREST]}",
        subtitle="Share of each group that lives further from an acute hospital than so many minutes by car, %, "
        "resident population",
        table=curve,
        sources=("drive_times", "lsoas"),
        method=text()["method"]["curve"],
        code=f"from ics_core import geography\ntable = geography.beyond_by_minutes({view.arguments})",
        alt="Lines of the share of four groups of residents who live further from an acute hospital than "
        f"{LEAST} to {MOST} minutes by car.",
        kind="our calculation",
        columns={"minutes": "Minutes", "group": "Group", "share": "Further away, %"},
    ), line(curve, "minutes", "share", "group", unit="%", zero=True, x_title="minutes by car")
