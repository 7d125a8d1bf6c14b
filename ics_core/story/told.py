"""The story in words: its chapters, and the questions on which sources differ, with dates and counts from the data.

The texts are in ``data/text/story.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from ics_core import catalogue, words
from ics_core.story.founding import founding
from ics_core.story.partners import partners
from ics_core.story.then_and_now import rows_where


def chapters() -> list[tuple[str, str]]:
    """The story in a few paragraphs, title and text, its dates and counts filled in from the data."""
    return [(c["title"], c["text"].format_map(_fields())) for c in catalogue.toml("text/story")["chapter"]]


@dataclass(frozen=True)
class Disagreement:
    """A question on which sources differ: what each says, and how this site reads it.

    ``claims`` has a row a source: claim, when, source, note.
    """

    id: str
    question: str
    reading: str
    claims: pd.DataFrame


def disagreements() -> tuple[Disagreement, ...]:
    """The questions on which the sources differ, each with every claim and its source."""
    return tuple(replace(one, claims=one.claims.copy(deep=False)) for one in _disagreements())


@cache
def _disagreements() -> tuple[Disagreement, ...]:
    known, facts, fields = catalogue.table("timeline").set_index("event_id"), founding().set_index("ref"), _fields()
    return tuple(
        Disagreement(
            record["id"],
            record["question"],
            record["reading"].format_map(fields),
            pd.DataFrame(
                [_claim(claim, known, facts, fields) for claim in record["claim"]],
                columns=["claim", "when", "source", "note"],
            ),
        )
        for record in catalogue.toml("text/story")["disagreement"]
    )


@cache
def _fields() -> Mapping[str, str]:
    """What the texts may ask for: dates of events, values of founding figures (small counts in words), counts."""
    events = catalogue.table("timeline")
    dates = {i: words.when(d, p) for i, d, p in zip(events.event_id, events.date, events.date_precision, strict=True)}
    return (
        dates
        | founding().set_index("ref").value.dropna().map(words.spoken).to_dict()
        | {name: str(count()) for name, count in _COUNTS.items()}
    )


_COUNTS: dict[str, Callable[[], int]] = {
    "networks_to_2024": lambda: len(rows_where("pcns", "pcn_set=original_17")),
    "networks_now": lambda: len(rows_where("pcns", "pcn_set=current_20")),
    "organisations": lambda: len(partners()),
    "systems_named_by_may_2020": lambda: len(
        rows_where(
            "systems",
            "announced_wave=Wave 1 accountable care system|Wave 1 devolved health system|Wave 2|June 2019|May 2020",
        )
    ),
}


def _claim(
    claim: Mapping[str, str], events: pd.DataFrame, facts: pd.DataFrame, fields: Mapping[str, str]
) -> tuple[object, ...]:
    ref = claim.get("ref", "")
    if ref in events.index:
        event = events.loc[ref]
        return event.event, fields[ref], f"{event.source_publisher}, {event.source}", event.note
    if ref in facts.index:
        fact = facts.loc[ref]
        figure = f"{fact.then}: {fact.figure}" if isinstance(fact.figure, str) else fact.then
        return figure, words.when(fact.as_at), fact.document, fact.note
    return claim["says"].format_map(fields), claim["when"], claim["source"], claim.get("note")
