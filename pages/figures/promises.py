"""The commitments of the founding documents, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ics_core import catalogue
from ics_core.ambitions import explorer, promises
from ics_core.figure import Figure
from pages.components.charts import promises as charts
from pages.figures.choices import Asked
from pages.figures.registry import Made, figure


@dataclass(frozen=True)
class View:
    """Which promises to list below the picture of them all: of one verdict, of one ambition."""

    verdict: str | None = None
    ambition: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.one("verdict", text()["verdicts"], "a verdict")
        asked.one("ambition", ambitions(), "an ambition")
        if "ambition" in asked.found:
            asked.found["ambition"] = int(asked.found["ambition"])
        return cls(**asked.found), asked.notes

    @property
    def listed(self) -> pd.DataFrame:
        """The promises listed."""
        return promises.listed(self.verdict, self.ambition)


def text() -> Mapping[str, Any]:
    """The words of the page."""
    return catalogue.toml("text/pages")["promises"]


def ambitions() -> dict[str, str]:
    """The ambitions by their number, in words."""
    return {str(number): f"{number}. {name}" for number, name in explorer.ambition_names().items()}


@figure("verdicts", page="promises", name="Kept or not")
def verdicts(view: View) -> Made:
    """All of them, whatever is listed: a mark for each."""
    everything, finding = promises.listed(), promises.finding()
    made = Figure(
        id="verdicts",
        finding=finding,
        subtitle="Commitments of the founding documents, by the ambition of 2023 they fit best; a mark for each",
        table=everything,
        sources=("founding_commitments", "promise_tests", "observations", "reported_values", "timeline", "milestones"),
        method=catalogue.text("promises"),
        code="from ics_core.ambitions import promises\ntable = promises.listed()",
        alt="Rows of marks, one row for each ambition and one mark for each promise. "
        f"{finding}. Each is described below.",
        kind="our calculation",
        columns={
            "ambition_name": "Ambition",
            "commitment": "Promise",
            "stated": "As written",
            "deadline": "By",
            "verdict": "Verdict",
            "evidence": "Known now",
            "as_at": "Of",
            "source": "Source",
            "reason": "Why",
            "dataset": "Official dataset",
        },
    )
    return made, charts.dots(everything, text()["verdicts"])
