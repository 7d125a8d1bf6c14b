"""What an address asks for, read kindly: by code or by the words on the control; what is unknown is left out and named."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Query = Mapping[str, str | Sequence[str]]  # a key that stands in an address several times has several values

_LONGEST = 60  # characters of an unknown value repeated to the reader


class Asked:
    """The choices of one address. Each method reads one of them; ``notes`` names what was left out, in words."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self.notes: list[str] = []

    def several(self, key: str, words: Mapping[str, str], what: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """Codes of ``words`` (code -> words on screen), each once and in the order asked for."""
        if key not in self._query:
            return tuple(default)
        codes = {said: code for code, said in words.items()} | {code: code for code in words}
        asked = self._texts(key)
        self._leave_out([text for text in asked if text not in codes], what)
        return tuple(dict.fromkeys(codes[text] for text in asked if text in codes))

    def one(self, key: str, words: Mapping[str, str], what: str, default: str) -> str:
        """One code of ``words``; ``default`` where none is asked for or it is unknown."""
        return next(iter(self.several(key, words, what)), default)

    def number(self, key: str, low: float, high: float, default: float, what: str) -> float:
        """A number from ``low`` to ``high``."""
        return next(iter(self.numbers(key, low, high, (default,), what)), default)

    def numbers(self, key: str, low: float, high: float, default: tuple[float, ...], what: str) -> tuple[float, ...]:
        """As many numbers as ``default`` has, each from ``low`` to ``high``; else ``default``."""
        if key not in self._query:
            return default
        asked = self._texts(key)
        found = [value for value in map(_number, asked) if low <= value <= high]
        if len(found) == len(default) == len(asked):
            return tuple(found)
        self._leave_out([", ".join(asked)], f"{what} (from {low:g} to {high:g})")
        return default

    def yes(self, key: str, default: bool = False) -> bool:
        """A switch: ``true`` or ``false``."""
        return {"true": True, "false": False}.get(self.text(key).lower(), default)

    def text(self, key: str, most: int = 80) -> str:
        """Free words, ``most`` characters of them."""
        return next(iter(self._texts(key)), "")[:most]

    def _texts(self, key: str) -> list[str]:
        value = self._query.get(key, ())
        return [value] if isinstance(value, str) else [str(text) for text in value]

    def _leave_out(self, unknown: list[str], what: str) -> None:
        self.notes += [f"{what} that is not known here: {text[:_LONGEST]!r}. It was left out." for text in unknown]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
