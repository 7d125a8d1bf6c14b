"""Choices in an address: by code or by the words on the control; what is unknown is left out and named."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from ics_core import geography, search, words
from ics_core.scenario import KEPT, Scenario, is_parameter

PLACE = "place"  # the key under which every page reads a place


def meant(key: str, asked: Any, known: Mapping[str, str], what: str) -> tuple[str | None, str]:
    """Which of ``known`` (code: words on the control) somebody means under ``key``, and a note where one is due.

    Codes and words are known in any case, with what programs and people leave around and within them; a place by
    every name the search knows, old ones too, and where it is none of this page by the one it lies in. None where
    nothing is meant: the note then names ``what`` was asked for, and what is near.
    """
    text = html.unescape(asked[:_LONGEST]) if isinstance(asked, str) else ""
    if text in known:
        return text, ""
    if code := next((code for code, said in known.items() if said == text), None):
        return code, ""
    faces = {_face(said): code for code, said in reversed(known.items())} | {_face(code): code for code in known}
    for face in map(_face, (text, text.replace(" ", "+"))):  # a plus in an address is a space
        if face and face in faces:
            return faces[face], ""
    hit = search.place(text) if key == PLACE else None
    if hit:
        opened = hit.query[PLACE]
        code = next((one for one in (opened, *geography.nest(opened)["code"]) if one in known), None)
        if code:
            named = _face(hit.name) in _face(known[code])
            told = hit.code == code or named and hit.kind == "town or village"
            return code, "" if told else f"{hit.name}: {hit.detail}. Shown is {known[code]}."
    near = [found.name for found in search.find(text, n=3)] if key == PLACE else words.near(text, known.values())
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    # As code, so that nothing in the address can pass for a part of the page.
    said = words.quoted(asked).strip('"').replace("`", "")
    return None, f"The address asks for {what} that is not known here: `{said}`. It was left out.{hint}"


_LONGEST = 300  # characters of a choice that are looked at


def _face(text: str) -> str:
    """A code or a name as it is compared: on one line, in one case, without the marks around it."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(plain.split()).strip(".,;:!?()[]{}<>\"'“”‘’`*_|")


def notes(found: Iterable[tuple[str | None, str]]) -> list[str]:
    """The notes among what was ``meant``, each once."""
    return list(dict.fromkeys(note for _, note in found if note))


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
        code, note = meant(key, self.query[key], known, what)
        self.notes += [note] if note else []
        if code is not None:
            self.found[field or key] = code

    def several(self, key: str, known: Mapping[str, str], what: str, field: str = "") -> None:
        """Any number of ``known`` under ``key``, in a list or parted by commas; in the order of ``known``."""
        if key not in self.query:
            return
        asked = self.query[key]
        whole = isinstance(asked, str) and meant(key, asked, known, what)[0]
        parts = asked if isinstance(asked, list | tuple) else [asked] if whole else _parted(asked)
        told = [meant(key, part, known, what) for part in parts if part]
        self.notes += notes(told)
        codes = {code for code, _ in told}
        self.found[field or key] = tuple(code for code in known if code in codes)

    def whole(self, key: str, low: int, high: int, what: str, field: str = "") -> None:
        """A whole number from ``low`` to ``high`` under ``key``."""
        if key not in self.query:
            return
        value = _number(self.query[key])
        if value is not None and low <= value <= high and value == int(value):
            self.found[field or key] = int(value)
        else:
            self._unknown(self.query[key], f"{what} from {low} to {high}")

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
        found = tuple(value for value in map(_number, parts) if value is not None and low <= value <= high)
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

    def _unknown(self, asked: Any, what: str) -> None:
        self.notes.append(
            f"The address asks for {what} that is not known here: {words.quoted(asked)}. It was left out."
        )


def _number(asked: Any) -> float | None:
    if isinstance(asked, str):
        return words.read(asked)
    return float(asked) if isinstance(asked, int | float) and abs(asked) < 1e15 else None


def _parted(asked: Any) -> list[str]:
    return [part.strip() for part in asked.split(",")] if isinstance(asked, str) else [asked]


def within(year: int | None, first: int, last: int, otherwise: int) -> int:
    """A year held between two others; ``otherwise`` where none is chosen."""
    return otherwise if year is None else min(max(year, first), last)
