"""An answer at once, from the registry: the very functions that make the page's key results and figures.

A question names a page, the choices of its address, what is being moved and where to, and the figures on the
screen. The answer is keyed by name: each key result with its words, each figure with its finding and the numbers
of its moving lines.
"""

from __future__ import annotations

import json
import math
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

from ics_core.errors import ExplorerError, FigureError
from ics_core.figure import Number
from ics_core.scenario import Lever, levers
from pages.components.charts import theme
from pages.components.charts.picture import Picture
from pages.figures import registry

LONGEST = 4000  # characters of a question
_MOST_CHOICES, _MOST_FIGURES = 60, 4


@dataclass(frozen=True)
class Question:
    """What a page asks as something moves: ``moved`` is a lever's id or the key of a choice, ``to`` its value."""

    page: str
    query: tuple[tuple[str, str], ...]
    moved: str
    to: str
    figures: tuple[str, ...]


def read(text: str, pages: Container[str]) -> Question | None:
    """A question as it comes over the line; None for anything that is none, whatever it holds."""
    if len(text) > LONGEST:
        return None
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict):
        return None
    page, query, figures = asked.get("page"), asked.get("query"), asked.get("figures", [])
    moved, to = asked.get("moved"), _said(asked.get("to"))
    if not (isinstance(page, str) and page in pages and isinstance(moved, str) and to is not None):
        return None
    if not (isinstance(query, dict) and len(query) <= _MOST_CHOICES and all(map(_is_text, query.values()))):
        return None
    if not (isinstance(figures, list) and len(figures) <= _MOST_FIGURES and all(map(_is_text, figures))):
        return None
    return Question(page, tuple(sorted(query.items())), moved, to, tuple(figures))


def foreseen(pages: Mapping[str, Sequence[str]]) -> Iterator[Question]:
    """What people will ask first: of the pages with their groups of levers, each public lever moved alone.

    Page by page in turn, and each lever from where it stands outwards.
    """
    held = [
        [_alone(page, lever) for lever in levers().values() if lever.public and lever.group in groups]
        for page, groups in pages.items()
    ]
    for turn in zip_longest(*held, fillvalue=()):
        yield from chain.from_iterable(turn)


def _alone(page: str, lever: Lever) -> list[Question]:
    places = [
        round(lever.low + n * lever.step, lever.decimals)
        for n in range(round((lever.high - lever.low) / lever.step) + 1)
    ]
    places.sort(key=lambda place: abs(place - lever.default))
    first = registry.first(registry.figures(page)).id
    return [Question(page, (), lever.id, said, (first,)) for said in map(_said, places) if said is not None]


def answer(question: Question) -> dict[str, Any]:
    """What the page will show once it has run, by name. Raises ``ExplorerError`` where that cannot be told."""
    entries = [registry.entry(question.page, id) for id in question.figures]
    view = _moved_view(question)
    strip, title = registry.key_results(question.page), registry.title(question.page)
    said: dict[str, Any] = {"results": {one.name: _words(one) for one in strip.make(view)} if strip else {}}
    if title:
        said["title"] = title(view)
    said["figures"] = {entry.id: _figure(entry, view) for entry in entries}
    return said


def _moved_view(question: Question) -> Any:
    """The view the question leads to."""
    kind = registry.view(question.page)
    view, notes = kind.from_query(dict(question.query) | {question.moved: question.to})
    if len(notes) > _faults(question.page, question.query):
        raise FigureError(notes[-1])
    return view


@lru_cache(512)
def _faults(page: str, query: tuple[tuple[str, str], ...]) -> int:
    """How much in the address a question sets out from is not understood: the page says so, not the answer."""
    return len(registry.view(page).from_query(dict(query))[1])


def _words(number: Number) -> list[str]:
    return [number.value, number.change, number.note, number.label]


def _figure(entry: registry.Entry, view: Any) -> dict[str, str]:
    figure, picture = registry.made(entry, view, theme.palette())
    lines = packed(picture) if isinstance(picture, Picture) else ""
    return {"finding": figure.finding} | ({"lines": lines} if lines else {})


def packed(picture: Picture) -> str:
    """The moving numbers of a picture as its chart reads them: "key,key|value,low,high,value,...".

    A chart knows no dictionary; see ``picture.at_once``.
    """
    moving = picture.moving()
    if not moving:
        return ""
    numbers = ("" if one is None else f"{one:.9g}" for row in moving.values() for one in row)
    return f"{','.join(moving)}|{','.join(numbers)}"


def reply(question: Question) -> str:
    """The answer as JSON; an empty one where it cannot be told, or the data for it are missing."""
    try:
        return json.dumps(answer(question), separators=(",", ":"), ensure_ascii=False)
    except ExplorerError:
        return "{}"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _said(value: object) -> str | None:
    """A value as it would stand in an address; None where it is no text and no number one can move to."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15 or not math.isfinite(value):
        return None
    return str(int(value)) if value == int(value) else repr(value)
