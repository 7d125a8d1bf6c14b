"""Which publication a file is: told by its headings, never by its name.

Each publication has one module with its ``Layout``s (the columns that tell it) and a function that turns a table of
that layout into rows of ours. A layout that almost fits is named in the refusal, with the columns it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ics_core import words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells
from ics_core.importers.opening import Book, Sheet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Layout:
    """One way a publication lays its table out: our name of a column and the heading it has, as a pattern.

    Headings are compared as ``cells.heading`` makes them; a pattern must match a whole heading. ``without`` are
    headings that belong to another publication with the same columns.
    """

    name: str
    columns: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    hidden: bool = False  # the figures stand on a sheet that is not shown


@dataclass(frozen=True)
class Publication:
    """An official publication we can read: what it is called, who publishes it, where, under what licence."""

    id: str
    title: str
    publisher: str
    address: str
    table: str
    layouts: tuple[Layout, ...]
    read: Callable[[list[Table]], Draft] = field(repr=False)
    licence: str = "Open Government Licence v3.0"
    areas: tuple[str, ...] = ()  # of which every file of this publication has a row
    claims: Callable[[Sheet], dict[str, int] | None] | None = field(default=None, repr=False)


@dataclass
class Draft:
    """What a publication's module found in a table: rows of ours, what they are of, and what gave pause.

    ``table`` is the one they belong to, where a publication feeds one or another; ``more`` are rows of further tables
    that the same file feeds, by table.
    """

    frame: pd.DataFrame
    period: str
    released: str = ""
    problems: list[str] = field(default_factory=list)
    suspicious: list[str] = field(default_factory=list)
    rows_read: int = 0
    table: str = ""
    more: dict[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A sheet whose headings were recognised: the columns we want, row by row."""

    book: Book
    sheet: Sheet
    layout: Layout
    header: int
    columns: dict[str, int]
    width: int

    @property
    def headings(self) -> list[str]:
        """The headings as they are compared, one a column."""
        return [cells.heading(cell) for cell in self.sheet.top[self.header]]

    def rows(self, needles: tuple[bytes, ...] = ()) -> Iterator[tuple[int, list]]:
        """Rows below the headings that hold anything, with their line; a repeated heading row is left out.

        A row with cells beyond the headings, or cut off before its end, is refused: its figures may stand under
        the wrong heading.
        """
        heads = self.headings if self.header >= 0 else [""]
        first = next((i for i, head in enumerate(heads) if head), 0)
        ragged: list[int] = []
        line, row = 0, []
        for line, row in enumerate(self.sheet.rows(needles)):
            if line <= self.header or not any(row) or not any(map(cells.text, row)):
                continue
            if self.sheet.text and len(row) != self.width:
                if len(row) < self.width or any(map(cells.text, row[self.width :])):
                    ragged.append(line + 1)
            if (
                heads[first]
                and cells.heading(row[first]) == heads[first]
                and [cells.heading(c) for c in row[: len(heads)]] == heads
            ):
                continue
            yield line + 1, [*row, *[None] * (self.width - len(row))]
        if ragged:
            last = len(ragged) == 1 and ragged[0] == line + 1 and len(row) < self.width
            raise UnreadableFile(
                f"{self.book.path.name} is cut off in the middle of its last row. Download it again."
                if last
                else f"{self.book.path.name}: {words.plural(len(ragged), 'row')} (the first is row {ragged[0]:,}) do "
                f"not have the {self.width} cells of the headings, so figures may stand under the wrong heading. "
                "Download it again, and do not edit it in a spreadsheet."
            )

    def records(self, needles: tuple[bytes, ...] = ()) -> Iterator[dict[str, object]]:
        """The same as dictionaries by our names, with ``line``; blank columns of an optional name are absent."""
        for line, row in self.rows(needles):
            yield {"line": line, **{name: row[position] for name, position in self.columns.items()}}


def find(sheet: Sheet, layout: Layout) -> tuple[int, dict[str, int]] | None:
    """The heading row and the position of each column, or None; the first of repeated headings counts."""
    best: dict[str, int] = {}
    for line, row in enumerate(sheet.top):
        found = _columns(row, layout)
        if len(found.keys() & layout.columns.keys()) == len(layout.columns):
            return line, found
        best = max(best, found, key=len)
    return None


def _columns(row: list, layout: Layout) -> dict[str, int]:
    heads = [cells.heading(cell) for cell in row]
    if any(re.fullmatch(pattern, head) for pattern in layout.without for head in heads):
        return {}
    found: dict[str, int] = {}
    for name, pattern in {**layout.columns, **layout.optional}.items():
        for position, head in enumerate(heads):
            if head and re.fullmatch(pattern, head):
                found[name] = position
                break
    return found


def recognised(book: Book, known: tuple[Publication, ...]) -> tuple[Publication, list[Table]]:
    """Whose file this is and its tables of the best layout; ``UnreadableFile`` with the nearest otherwise."""
    fits: list[tuple[int, Publication, list[Table]]] = []
    for publication in known:
        for layout in publication.layouts:
            tables = []
            for sheet in book.sheets if layout.hidden else book.shown:
                if found := find(sheet, layout):
                    row = sheet.top[found[0]]
                    tables.append(Table(book, sheet, layout, *found, len(row)))
            if tables:
                fits.append((len(layout.columns), publication, tables))
        if publication.claims:
            for sheet in book.shown:
                if (columns := publication.claims(sheet)) is not None:
                    width = max(len(row) for row in sheet.top)
                    layout = Layout("without headings", {})
                    fits.append((1, publication, [Table(book, sheet, layout, -1, columns, width)]))
                    break
    if fits:
        _, publication, tables = max(fits, key=lambda fit: fit[0])
        return publication, tables
    raise UnreadableFile(_unknown(book, known))


def _unknown(book: Book, known: tuple[Publication, ...]) -> str:
    nearest: tuple[float, Publication, Layout, set[str], Sheet] | None = None
    for publication in known:
        for layout in publication.layouts:
            for sheet in book.shown:
                for row in sheet.top:
                    found = _columns(row, layout).keys() & layout.columns.keys()
                    share = len(found) / len(layout.columns) if layout.columns else 0
                    if nearest is None or share > nearest[0]:
                        nearest = share, publication, layout, set(layout.columns) - found, sheet
    name = book.path.name
    if nearest and nearest[0] >= 0.5:
        _, publication, layout, missing, sheet = nearest
        lacking = words.listed([f"“{_plain(layout.columns[column])}”" for column in sorted(missing)])
        return (
            f"{name} looks like {publication.title} ({layout.name}), but has no column {lacking}. Headings seen: "
            f"{_headings(sheet)}. The publisher may have renamed a column: compare with the publication's page, "
            f"{publication.address}."
        )
    seen = next((said for sheet in book.shown if (said := _headings(sheet))), "")
    what = f"a {book.kind} with the headings {seen}" if seen else f"a {book.kind} without headings"
    return (
        f"{name} looks like {what}: no publication we can read. Expected one of: "
        f"{'; '.join(publication.title for publication in known)}. Check that it is the data file and not a summary, "
        "a guide or another month's notes."
    )


def _plain(pattern: str) -> str:
    """A heading that a pattern expects, the first of its forms.

    >>> _plain("emergency admissions via a and e (other department|type 3( and 4)?)"), _plain("code|org code")
    ('emergency admissions via a and e other department', 'code')
    """
    while pattern != (pattern := re.sub(r"\(([^()|]*)(?:\|[^()]*)?\)(\??)", lambda m: "" if m[2] else m[1], pattern)):
        pass
    return re.sub(r"[\\?]|\.\*", "", pattern.split("|")[0])


def _headings(sheet: Sheet) -> str:
    """The first row with several different texts, shortened, as it stands in the file."""
    for row in sheet.top:
        said = [cells.text(cell)[:40] for cell in row if cells.text(cell)]
        if len(said) >= 3 and sum(not re.fullmatch(r"[\d.,%-]+", cell) for cell in said) >= 3:
            return "“" + "”, “".join(said[:6]) + ("” …" if len(said) > 6 else "”")
    return ""


def a_month(start: date) -> str:
    """A month as periods are labelled in the tables: ``Mar 2026``."""
    return f"{words.MONTHS[start.month - 1][:3]} {start.year}"
