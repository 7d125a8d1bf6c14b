"""Official files into the data package: ``read`` says what a file is and gives its rows, ``landing`` puts them in.

>>> found = importers.read("May-26-AE-by-provider.xls")  # doctest: +SKIP
>>> found.publication, found.table, found.frame, found.problems  # doctest: +SKIP

A publication is known by its content. ``UnreadableFile`` says what a file looks like, what was expected and what to
do. ``python -m ics_core.importers FILE... [--dry-run]`` shows what would change and lands it, ``--undo`` takes the
last landing back, ``--rebuild`` makes the derived tables anew from the inputs that are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ics_core import words
from ics_core.errors import UnreadableFile
from ics_core.importers.opening import opened
from ics_core.importers.registry import Publication, recognised

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Imported", "UnreadableFile", "publications", "read"]


@dataclass(frozen=True)
class Imported:
    """What an official file holds for the area.

    ``publication`` is its title, ``table`` the table of the data package the rows belong to, ``frame`` the rows in
    that table's columns, ``problems`` remarks on the file in words; ``suspicious`` are those that stop a landing
    until someone has looked. ``released`` is the day of publication where the file says it (ISO), ``period`` what the
    figures are of. ``more`` are rows of further tables that the same file feeds, by table.
    """

    publication: str
    table: str
    frame: pd.DataFrame
    problems: tuple[str, ...]
    suspicious: tuple[str, ...]
    publication_id: str
    publisher: str
    address: str
    licence: str
    released: str
    period: str
    file: str
    sha256: str
    rows_read: int
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def publications() -> tuple[Publication, ...]:
    """Every publication that can be read."""
    from ics_core.importers import (
        ae,
        ambulance,
        appointments,
        cancer,
        dental,
        diagnostics,
        estimates,
        fingertips,
        mental_health,
        networks,
        practices,
        projections,
        quality,
        registered,
        rtt,
        trusts,
        vaccines,
        wards,
    )

    return (
        ae.PUBLICATION,
        rtt.PUBLICATION,
        ambulance.PUBLICATION,
        cancer.PUBLICATION,
        diagnostics.PUBLICATION,
        wards.PUBLICATION,
        mental_health.PUBLICATION,
        vaccines.PUBLICATION,
        appointments.PUBLICATION,
        dental.PUBLICATION,
        quality.PUBLICATION,
        practices.PUBLICATION,
        trusts.PUBLICATION,
        networks.PUBLICATION,
        registered.MAP,
        registered.TOTALS,
        fingertips.PUBLICATION,
        estimates.PUBLICATION,
        projections.PUBLICATION,
    )


def read(path: str | Path) -> Imported:
    """What the file at ``path`` is and the rows of it that concern the area.

    Raises ``UnreadableFile`` for a file that is no official table we know, is damaged, or holds other areas only.
    """
    book = opened(path)
    publication, tables = recognised(book, publications())
    draft = publication.read(tables)
    if draft.frame.empty:
        raise UnreadableFile(
            f"{book.path.name} is {publication.title}, {draft.period or 'period unknown'}, but holds none of the "
            f"area's organisations. {words.capital(' '.join(draft.problems))} Fetch the file for all of England from "
            f"{publication.address}."
        )
    return Imported(
        publication=publication.title,
        table=draft.table or publication.table,
        frame=draft.frame.reset_index(drop=True),
        problems=tuple(draft.problems),
        suspicious=tuple(draft.suspicious),
        publication_id=publication.id,
        publisher=publication.publisher,
        address=publication.address,
        licence=publication.licence,
        released=draft.released,
        period=draft.period,
        file=book.path.name,
        sha256=book.sha256,
        rows_read=draft.rows_read,
        more=draft.more,
    )
