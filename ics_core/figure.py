"""A figure as a value: what it says, its table, where it comes from and how to make it again. No screen in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from ics_core import catalogue, download, words
from ics_core.area import AREA
from ics_core.brief import Brief
from ics_core.scenario import BASES, MODEL_VERSION, Scenario

DIGITS = 6  # significant figures of a number in a file: more than any of ours is known to
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "fact": "Published figures",
        "projected": "Projected, on the assumptions shown",
        "our calculation": "Our calculation from published figures",
    }
)


@dataclass(frozen=True)
class Number:
    """One key result: what it is, its value in words, its change against no lever moved, and a note under it.

    ``name`` is what an instant answer calls it: the same in every answer, unique on its page.
    """

    name: str
    label: str
    value: str
    change: str = ""
    note: str = ""


@dataclass(frozen=True, repr=False)
class Figure(Brief):
    """What a figure says and where it comes from.

    ``finding`` is the active title, computed from ``table``, which holds the same content as the picture;
    ``columns`` names the columns shown, in order. ``sources`` are tables of the catalogue; ``credit`` takes the
    place of the first one's own source line where that table holds figures of many publications. ``method`` says
    how it is worked out (Markdown); ``code`` is a few lines of ``ics_core`` that leave an equal frame in
    ``table``. ``alt`` describes the picture. ``kind`` is one of ``KINDS``. ``numbers`` are the results worth
    reading from the back of a room. ``where`` names the place, ``scenario`` and ``kept`` (scenario A) are those it
    was made for, where levers move it. ``page`` and ``query`` say where in the app it stands, for which choices.
    """

    id: str
    finding: str
    subtitle: str
    table: pd.DataFrame
    sources: tuple[str, ...]
    method: str
    code: str
    alt: str
    kind: str = "fact"
    columns: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[Number, ...] = ()
    credit: str = ""
    where: str = ""
    scenario: Scenario | None = None
    kept: Scenario | None = None
    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The source line: publisher, title, date and licence."""
        return source_line(self.sources[1:], self.credit) if self.credit else source_line(self.sources)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What its sources say a reader must be warned of, each said once."""
        return tuple(dict.fromkeys(note for name in self.sources if (note := catalogue.source(name).note)))


def in_words(figure: Figure, most: int | None = None) -> pd.DataFrame:
    """The columns shown of the table under their names, the first ``most`` rows, numbers as people read them.

    Years and ages stay as they are; what is missing is an empty text.
    """
    shown = (
        figure.table.rename(columns=figure.columns)[list(figure.columns.values())] if figure.columns else figure.table
    )

    def words_of(column: pd.Series) -> pd.Series:
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            return column.astype("object").where(column.notna(), "")
        if str(column.name).lower() in {"year", "age", "from year", "to year"}:
            return column.map(lambda v: "" if pd.isna(v) else f"{v:.0f}")
        big = column.abs().max() >= 1000 or (column.dropna() % 1 == 0).all()
        return column.map(
            lambda v: "" if pd.isna(v) else words.number(v, 0 if big else 1) if big or abs(v) >= 1 else small(v)
        )

    def small(value: float) -> str:
        return f"{'−' if value < 0 else ''}{abs(value):.3g}"

    return shown.head(most if most is not None else len(shown)).apply(words_of)


def source_line(names: tuple[str, ...], *before: str) -> str:
    """Publications with their dates, by publisher and licence, after those already in words.

    >>> source_line((), "Office for National Statistics")
    'Source: Office for National Statistics.'
    """
    publications: dict[tuple[str, str], dict[str, None]] = {}
    for s in map(catalogue.source, names):
        when = f", {words.day(s.released) if s.released[:4].isdigit() else s.released}" if s.released else ""
        publications.setdefault((s.publisher, s.licence), {})[s.title + when] = None
    lines = [f"{publisher}, {', '.join(titles)} ({licence})" for (publisher, licence), titles in publications.items()]
    return "Source: " + "; ".join([*before, *lines]) + "."


def notes(figure: Figure, address: str = "", day: str = "") -> str:
    """What has to be known of the figure's table on its own: scenario, sources, columns, how to make it again.

    ``address`` opens the page as it was, ``day`` is when it was made (both left out where not given).
    """
    lines = [figure.finding, f"{figure.subtitle}. {KINDS[figure.kind]}.", ""]
    for name, scenario in (("Scenario", figure.scenario), ("Scenario A, compared with", figure.kept)):
        if scenario is not None:
            said = "; ".join(scenario.changes()) or "no lever moved"
            called = f"{scenario.name}: " if scenario.name else ""
            lines.append(f"{name}: {called}{said}. Starts from the {BASES[scenario.basis]}.")
    lines += [f"Address: {address}"] if address else []
    for s in map(catalogue.source, figure.sources[1:] if figure.credit else figure.sources):
        lines += [
            f"Source: {s.publisher}, {s.title}, released {s.released}, period {s.period}, {s.licence}, {s.address}"
        ]
    lines += [f"Source: {figure.credit}"] if figure.credit else []
    made = f"Made on {day} with" if day else "Made with"
    model = f"model version {MODEL_VERSION}, data release {catalogue.release()}"
    lines += [f"{made} the {AREA.title}, {model}. Not an official NHS site."]
    lines += ["", "Columns", *(f"{name}: {said}" for name, said in figure.columns.items())] if figure.columns else []
    return "\n".join([*(" ".join(line.split()) for line in lines), "", "The same in Python", figure.code, ""])


def file_name(figure: Figure, page: str) -> str:
    """What a file with the figure is called, without its ending: page, figure, place and scenario."""
    scenario = figure.scenario
    moved = scenario.name or " ".join(f"{i} {value:g}" for i, value in scenario.moved) if scenario else ""
    return download.named(page, figure.id, figure.where, moved)


def packed(figure: Figure, page: str, address: str = "", day: str = "") -> bytes:
    """Table and notes in one zip: see ``download.packed``."""
    return download.packed(file_name(figure, page), figure.table, notes(figure, address, day), DIGITS)
