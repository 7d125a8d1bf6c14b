"""Dated events of how the system came about, by theme and by system. Source: the table ``timeline``."""

from __future__ import annotations

import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import StoryError


def themes() -> dict[str, str]:
    """Label of each theme of the timeline by id, in reading order."""
    return dict(catalogue.toml("text/story")["theme"])


def systems() -> list[str]:
    """Every system an event names, this area first, then England, then by name."""
    events = catalogue.table("timeline")
    named = {name.strip() for names in events.systems_named.dropna() for name in names.split(";")} | set(events.system)
    first = [AREA.name, "England"]
    return first + sorted(named - set(first))


def events(theme: str | None = None, system: str | None = None) -> pd.DataFrame:
    """Events in order of date, with the words a reader needs and the source of each.

    Columns: event_id, date (ISO, as precise as known), day (the first day it can mean, to draw it by),
    year, when (words), event, system, theme, theme_label, source, publisher, link (None where only a
    repost of the source was seen), sure (False where the source was not seen), note.
    ``system`` finds events of that system and events that name it. Raises ``StoryError``.
    """
    frame = catalogue.table("timeline")
    if theme is not None:
        frame = frame[frame.kind == one_of(theme, list(themes()), "theme")]
    if system is not None:
        one_of(system, systems(), "system")
        named = frame.systems_named.fillna("").map(lambda names: system in [n.strip() for n in names.split(";")])
        frame = frame[(frame.system == system) | named]
    frame = frame.sort_values(["date", "event_id"], kind="stable")
    return pd.DataFrame(
        {
            "event_id": frame.event_id,
            "date": frame.date,
            "day": (frame.date.str.split("/").str[0] + "-01-01").str[:10],
            "year": frame.date.str[:4].astype("int64"),
            "when": [words.when(d, p) for d, p in zip(frame.date, frame.date_precision, strict=True)],
            "event": frame.event,
            "system": frame.system,
            "theme": frame.kind,
            "theme_label": frame.kind.map(themes()),
            "source": frame.source,
            "publisher": frame.source_publisher,
            "link": frame.source_address.where(
                frame.source_address.str.startswith("http")
                & ~(frame.source + frame.source_publisher).str.contains("mirrored|repost", case=False)
            ),
            "sure": frame.provenance == "found",
            "note": frame.note,
        }
    ).reset_index(drop=True)


def busiest_year(events: pd.DataFrame) -> tuple[int, int]:
    """The year with most of these events and how many; the latest of equals."""
    counts = events.year.value_counts()
    year = int(counts[counts == counts.max()].index.max())
    return year, int(counts[year])


def one_of(value: str, allowed: list[str], what: str) -> str:
    """The value if it is allowed; else a StoryError with the nearest."""
    if value in allowed:
        return value
    near = words.near(value, allowed) or allowed[:12]
    raise StoryError(f"There is no {what} {str(value)[:40]!r}. Choose one of: {', '.join(near)}.")
