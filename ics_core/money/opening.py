"""What was said about the money, and where the model starts: published gaps, resources and assumptions.

Opening positions, parts of the resources and assumptions are records in ``data/money.toml``. Amounts are in
£ million, cash. A financial year bears the number of the year in which it begins.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

import pandas as pd

from ics_core import catalogue, demand, register, story, words
from ics_core.area import AREA

UNIT = "£ million"
_FILE = "data/money.toml"
_OPENS = {  # what share of a published figure is still short once the opening year is over
    "gap before savings": 1.0,
    "savings plan": 0.0,  # what has to be saved for balance: a plan that is kept leaves no gap
    "result": 1.0,
}


def founding() -> pd.DataFrame:
    """The money figures of the founding documents as they are written there.

    Columns: ref, document, topic, then, figure, value, unit, as_at, note. Source: ``founding_finance``.
    """
    frame = story.founding()
    columns = ["ref", "document", "topic", "then", "figure", "value", "unit", "as_at", "note"]
    return frame.loc[frame.kind == "finance", columns].reset_index(drop=True)


def since() -> pd.DataFrame:
    """Each money figure of the founding documents beside what has been published since.

    Columns as ``story.then_and_now``; figures for one year may conflict, and the ``caution`` says so.
    """
    frame = story.then_and_now()
    return frame[frame.kind == "finance"].reset_index(drop=True)


def starts() -> pd.DataFrame:
    """The opening positions on offer, first the usual one.

    Columns: start_id, name, said (in a few words), year (2025 is 2025/26), period, figure (as published), meaning
    ("gap before savings", "savings plan", "result"), reading (why it is read so), gap (with which the model opens: a
    savings plan that is kept leaves none), resources, unit, resources_basis ("published" or "published parts carried
    forward"), source, note. Those of one year conflict and are not reconciled.
    """
    return _starts().copy()


def conflicting() -> pd.DataFrame:
    """Figures published for the same year that do not agree.

    Columns: name, said (in a few words), meaning, period, value, unit, source, note.
    """
    frame = _starts()
    several = frame[frame.duplicated("year", keep=False)]
    columns = ["name", "said", "meaning", "period", "figure", "unit", "source", "note"]
    return several[columns].rename(columns={"figure": "value"}).sort_values("value", ignore_index=True)


def resources() -> pd.DataFrame:
    """The resources of the opening year from 2018 on, part by part, and what no figure was found for.

    Columns: part, period (of the figure), published, opening (carried to the opening year), unit, source, note. Where
    nothing was found ``published`` is missing and ``source`` is "No published figure found" with the official dataset.
    The last row is the sum, next to the total of 2018 carried forward at the same rate, for comparison.
    """
    return _resources().copy()


def assumptions() -> pd.DataFrame:
    """What the model assumes beside the levers.

    Columns: assumption_id, what, value, unit, said (value and unit), why, source.
    """
    known = {field.name: getattr(settings(), field.name) for field in fields(Settings)}
    rows = [
        (name, one.what, one.value, one.unit, one.said, one.why, one.source)
        for name, one in known.items()
        if isinstance(one, _Assumption)
    ]
    return pd.DataFrame(rows, columns=["assumption_id", "what", "value", "unit", "said", "why", "source"])


# ---------------------------------------------------------------------------------------- register


@dataclass(frozen=True)
class _Place:
    """Where a figure stands: the table, the column of its keys, the key of the row, the column that holds it."""

    table: str
    key: str
    row: str
    column: str
    year: int = 0

    def read(self) -> pd.Series:
        table = catalogue.table(self.table)
        return table[table[self.key] == self.row].iloc[0]


@dataclass(frozen=True)
class _Start:
    """An opening position; ``reading`` says why its figure is taken to mean what it is."""

    id: str
    said: str
    name: str
    year: int
    gap: _Place
    meaning: Literal["gap before savings", "savings plan", "result"]
    reading: str


@dataclass(frozen=True)
class _Part:
    """A part of the resources: an ``indicator``, a ``share`` of all the others, a ``value``, or none found."""

    id: str
    what: str
    year: int = 0
    indicator: str = ""
    share: str = ""
    value: float = 0.0
    source: str = ""
    address: str = ""
    note: str = ""
    official_dataset: str = ""


@dataclass(frozen=True)
class _Assumption:
    what: str
    value: float
    unit: str
    why: str
    source: str

    @property
    def said(self) -> str:
        return f"{self.value:g}{'' if self.unit.startswith('%') else ' '}{self.unit}"


@dataclass(frozen=True)
class Settings:
    """The numbers that are fixed in the model, each with its reason, and where the total of 2018 stands."""

    horizon: int
    carry_forward: _Assumption
    prevention_effect: _Assumption
    prevention_delay: _Assumption
    uncertainty: _Assumption
    resources: _Place


@cache
def settings() -> Settings:
    """The register without its lists."""
    single = {k: v for k, v in catalogue.toml("money").items() if k not in ("start", "part")}
    return register.record(Settings, single, file=_FILE)


@cache
def _starts() -> pd.DataFrame:
    total = settings().resources
    rows = []
    for start in register.records(_Start, catalogue.toml("money")["start"], file=_FILE).values():
        row = start.gap.read()
        figure = float(abs(row[start.gap.column]) / (1e6 if start.gap.column == "value_gbp" else 1))
        then = start.year == total.year
        rows.append(
            {
                "start_id": start.id,
                "name": start.name,
                "said": start.said,
                "year": start.year,
                "period": financial_year(start.year),
                "figure": figure,
                "meaning": start.meaning,
                "reading": start.reading,
                "gap": figure * _OPENS[start.meaning],
                "resources": _total_then() if then else _parts(start.year)["opening"].sum(),
                "unit": UNIT,
                "resources_basis": "published" if then else "published parts carried forward",
                "source": f"{row['source_publisher']}, {row['source_title']}"
                if "source_title" in row
                else f"{AREA.name} STP, expression of interest, 2018",
                "note": row["note"],
            }
        )
    return pd.DataFrame(rows)


def _total_then() -> float:
    """The total of the bid of 2018."""
    place = settings().resources
    return float(abs(place.read()[place.column]) / 1e6)


def _parts(year: int) -> pd.DataFrame:
    """Parts of the resources carried to ``year``: columns as in ``resources``."""
    rate, found = 1 + settings().carry_forward.value / 100, []
    parts = register.records(_Part, catalogue.toml("money")["part"], file=_FILE).values()
    spent = {part.id: demand.observed(part.indicator).iloc[-1] for part in parts if part.indicator}
    for part in parts:
        begins, published, source = part.year, part.value or float("nan"), part.source
        if part.indicator:
            begins, published = int(spent[part.id]["year"]), float(spent[part.id]["value"])
        if part.share:
            row = demand.observed(part.share).iloc[-1]
            begins, share = int(row["year"]), float(row["value"]) / 100
            published = sum(float(one["value"]) for one in spent.values()) * share / (1 - share)
        if published != published:
            source = f"{words.NOT_FOUND}. Official dataset: {part.official_dataset}"
        carried = published * rate ** (year - begins) if published == published else 0.0
        period = financial_year(begins) if begins else ""
        found.append((part.what, period, published, carried, UNIT, source, part.note))
    return pd.DataFrame(found, columns=["part", "period", "published", "opening", "unit", "source", "note"])


@cache
def _resources() -> pd.DataFrame:
    year, total = int(_starts()["year"].max()), settings().resources
    frame = _parts(year)
    grown = _total_then() * (1 + settings().carry_forward.value / 100) ** (year - total.year)
    note = (
        f"The total of {_total_then():,.0f} in the bid of 2018, carried forward at {settings().carry_forward.value:g}% "
        f"a year, would be {grown:,.0f}: not used, as the published parts are far below it."
    )
    whole = ("All parts found", financial_year(year), float("nan"), frame["opening"].sum(), UNIT, "Sum", note)
    return pd.concat([frame, pd.DataFrame([whole], columns=frame.columns)], ignore_index=True)


def financial_year(year: int) -> str:
    """2025 as 2025/26."""
    return f"{year}/{(year + 1) % 100:02d}"
