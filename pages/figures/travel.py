"""The big numbers of the page on getting to hospital, on the page and as an instant answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ics_core import geography
from pages.components.frame import numbers
from pages.components.instant.channel import Answer, Question

_KEY = "minutes"  # of the slider


def headline(minutes: int, counts: pd.DataFrame) -> None:
    """Who lives further away than so many minutes; ``counts`` from ``geography.beyond``."""
    numbers.show(_title(minutes), _numbers(counts), "headline")


def question(off: Sequence[str], border: bool) -> Question:
    """What the page asks while the slider moves: the same numbers."""
    return Question("travel", {"off": ",".join(off), "border": str(border)}, widgets=(_KEY,))


def at_once(asked: Mapping[str, str], key: str, minutes: float | str) -> Answer:
    """The answer to ``question``."""
    if key != _KEY:
        raise ValueError(key)
    counts = geography.beyond(minutes, filter(None, asked["off"].split(",")), asked["border"] == "True")
    return Answer({"headline": numbers.words(_title(int(minutes)), _numbers(counts))})


def _title(minutes: int) -> str:
    return f"More than {minutes} minutes away"


def _numbers(counts: pd.DataFrame) -> list[numbers.Number]:
    whole = counts[counts["level"] == "footprint"]
    return [(row.group, f"{row.share:.1f}%", f"about {geography.hundreds(row.beyond)}") for row in whole.itertuples()]
