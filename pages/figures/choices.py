"""Choices in an address: by code or by the words on the control; what is unknown is left out and named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ics_core import words
from ics_core.scenario import KEPT, Scenario, is_parameter


class Asked:
    """Reads an address for a view: ``found`` fills its fields, ``notes`` name what could not be used.

    Never raises, whatever ``query`` holds; a choice that is not asked for is in neither.
    """

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.query = {key: value for key, value in query.items() if isinstance(key, str)}
        self.found: dict[str, Any] = {}
        self.notes: list[str] = []

    def scenario(self) -> None:
        """The scenario of the address, from all keys that can belong to one, and the one it is compared with."""
        ours = {key: value for key, value in self.query.items() if is_parameter(key)}
        self.found["scenario"], notes = Scenario.from_query(ours)
        self.notes += notes
        if isinstance(asked := self.query.get(KEPT), str):
            kept, notes = Scenario.from_parameter(asked)
            self.found["kept"] = kept if kept != self.found["scenario"] else None
            self.notes += [f"Scenario A: {note}" for note in notes]

    def one(self, key: str, known: Mapping[str, str], what: str, field: str = "") -> None:
        """One of ``known`` (code: words on the control) under ``key``; ``what`` is said of an unknown one."""
        if key not in self.query:
            return
        code = self._code(self.query[key], known)
        if code is None:
            self._unknown(self.query[key], what)
        else:
            self.found[field or key] = code

    def several(self, key: str, known: Mapping[str, str], what: str, field: str = "") -> None:
        """Any number of ``known`` under ``key``, in a list or parted by commas; in the order of ``known``."""
        if key not in self.query:
            return
        asked = self.query[key]
        parts = asked if isinstance(asked, list | tuple) else [asked] if self._code(asked, known) else _parted(asked)
        codes = {part: self._code(part, known) for part in map(str, parts) if part}
        for part, code in codes.items():
            if code is None:
                self._unknown(part, what)
        self.found[field or key] = tuple(code for code in known if code in codes.values())

    def whole(self, key: str, low: int, high: int, what: str, field: str = "") -> None:
        """A whole number from ``low`` to ``high`` under ``key``."""
        if key not in self.query:
            return
        asked = self.query[key]
        text = str(asked) if isinstance(asked, int) and abs(asked) < 10**9 else asked
        if isinstance(text, str) and text.isascii() and text.isdecimal() and low <= int(text[:9]) <= high:
            self.found[field or key] = int(text[:9])
        else:
            self._unknown(asked, f"{what} from {low} to {high}")

    def number(self, key: str, low: float, high: float, what: str, field: str = "") -> None:
        """A number from ``low`` to ``high`` under ``key``."""
        self.numbers(key, 1, low, high, what, field)
        if (field or key) in self.found:
            (self.found[field or key],) = self.found[field or key]

    def numbers(self, key: str, count: int, low: float, high: float, what: str, field: str = "") -> None:
        """So many numbers from ``low`` to ``high`` under ``key``, in a list or parted by commas."""
        if key not in self.query:
            return
        asked = self.query[key]
        parts = asked if isinstance(asked, list | tuple) else _parted(asked)
        found = tuple(value for value in map(_number, parts) if low <= value <= high)
        if len(found) == len(parts) == count:
            self.found[field or key] = found
        else:
            self._unknown(asked, f"{what} from {low:g} to {high:g}")

    def text(self, key: str, most: int = 80, field: str = "") -> None:
        """Free words under ``key``, ``most`` characters of them."""
        if isinstance(self.query.get(key), str):
            self.found[field or key] = self.query[key].strip()[:most]

    def yes_or_no(self, key: str, what: str, field: str = "") -> None:
        """True or false under ``key``."""
        self.one(key, {"true": "True", "false": "False"}, what, field)
        if (field or key) in self.found:
            self.found[field or key] = self.found[field or key] == "true"

    def _code(self, asked: Any, known: Mapping[str, str]) -> str | None:
        if not isinstance(asked, str):
            return None
        if asked in known:
            return asked
        folded = asked.strip().casefold()
        return next((code for code, said in known.items() if folded in (code.casefold(), said.casefold())), None)

    def _unknown(self, asked: Any, what: str) -> None:
        self.notes.append(
            f"The address asks for {what} that is not known here: {words.quoted(asked)}. It was left out."
        )


def _number(asked: Any) -> float:
    try:
        return float(asked)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _parted(asked: Any) -> list[str]:
    return [part.strip() for part in asked.split(",")] if isinstance(asked, str) else [asked]


def within(year: int | None, first: int, last: int, otherwise: int) -> int:
    """A year held between two others; ``otherwise`` where none is chosen."""
    return otherwise if year is None else min(max(year, first), last)
