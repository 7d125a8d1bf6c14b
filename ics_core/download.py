"""A table to take away: CSV that spreadsheets and pandas read as it is, and a text beside it that says what it is."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_LONGEST_NAME = 120  # characters


def csv(frame: pd.DataFrame, digits: int | None = None) -> bytes:
    """The frame as CSV in UTF-8, with the mark by which Excel knows that; no text in it can act as a formula.

    Numbers keep ``digits`` significant figures (whole numbers all of theirs); None leaves them as they are.

    >>> csv(pd.DataFrame({"a": [0.1 + 0.2, 1234567.89], "b": ["=1", "−1"]}), 6).decode("utf-8-sig").split()
    ['a,b', "0.3,'=1", '1234568,−1']
    """
    shown = frame.copy()
    for position, dtype in enumerate(frame.dtypes):
        column = frame.iloc[:, position]
        if pd.api.types.is_float_dtype(dtype) and digits is not None:
            shown.isetitem(position, column.map(lambda value: _shortened(value, digits)))
        elif not pd.api.types.is_numeric_dtype(dtype):
            shown.isetitem(position, column.astype("object").map(harmless))
    return b"\xef\xbb\xbf" + shown.to_csv(index=False, lineterminator="\r\n").encode()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip(" ")[:1] in _FORMULA:
        return "'" + cell
    return cell


def packed(name: str, frame: pd.DataFrame, notes: str, digits: int | None = None) -> bytes:
    """A zip of ``name.csv`` and ``name-notes.txt``: the table and what has to be known of it stay together."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.csv", csv(frame, digits))
        archive.writestr(f"{name}-notes.txt", b"\xef\xbb\xbf" + notes.replace("\n", "\r\n").encode())
    return made.getvalue()


def named(*parts: str) -> str:
    """A file's name from what it holds.

    >>> named("Population", "over-time", "King's Lynn", "", "migration 200")
    'population_over-time_kings-lynn_migration-200'
    """
    plain = (unicodedata.normalize("NFKD", part).replace("−", "minus-").replace("'", "") for part in parts)
    slugs = (
        re.sub(r"[^a-z0-9]+", "-", part.casefold().encode("ascii", "ignore").decode()).strip("-") for part in plain
    )
    return "_".join(filter(None, slugs))[:_LONGEST_NAME].rstrip("-_")


def _shortened(value: float, digits: int) -> str:
    if value != value:
        return ""
    value += 0.0  # no "-0"
    return f"{value:.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"
