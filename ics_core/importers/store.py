"""The tables of one data folder as they stand on disk, written back so that only what was edited differs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ics_core import catalogue


class Store:
    """The tables of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[str, pd.DataFrame] = {}

    def path(self, table: str) -> Path:
        """Where the file of a table stands in this folder."""
        return self.folder / catalogue.describe(table)["path"]

    def table(self, name: str) -> pd.DataFrame:
        """The table with its types."""
        if name not in self._kept:
            if self.path(name).suffix == ".parquet":
                return pd.read_parquet(self.path(name))
            fields = catalogue.describe(name)["schema"]["fields"]
            kinds = {f["name"]: float if f["type"] in ("number", "integer") else str for f in fields}
            self._kept[name] = pd.read_csv(self.path(name), dtype=kinds, keep_default_na=False, na_values=[""])
        return self._kept[name]

    def rows(self, name: str) -> list[dict[str, str]]:
        """A CSV as the texts it holds, so that what is not edited is written as it was."""
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, name: str, rows: Sequence[dict[str, str]], columns: Sequence[str]) -> None:
        """A CSV of those rows, LF line ends."""
        write_csv(self.path(name), rows, columns)
        self._kept.pop(name, None)


def write_csv(path: Path, rows: Sequence[dict[str, str]], columns: Sequence[str]) -> None:
    """Rows of texts as a CSV the way the package writes it: UTF-8, LF, quotes only where needed."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(made.getvalue().encode())


def said(value: object) -> str:
    """A value as it is written in a CSV of the package: whole numbers without a point, missing as nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
