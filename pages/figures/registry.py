"""Every figure by page and id: who makes it, from which choices. Making one needs no page running.

A module of figures registers plain functions, in the order in which the page shows them:

    @figure("over-time", page="population", name="Over time")
    def over_time(view: View) -> Made: ...

``View`` is a frozen dataclass of the reader's choices on that page, every field with a default, and
``View.from_query(mapping) -> (View, notes)`` reads it from an address and never raises on hostile input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache, wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, get_type_hints

from ics_core import catalogue, geography, words
from ics_core.errors import FigureError
from ics_core.figure import Figure, Number
from ics_core.scenario import Scenario
from pages.components.charts.theme import Palette

# page, as in its address -> the module that holds its figures: read off what the modules register, so that none is
# opened before a page asks for it.
_REGISTERS = re.compile(r'^@figure\([^)]*?\bpage="([^"]+)"', re.MULTILINE)
MODULES: Mapping[str, str] = {
    page: path.stem
    for path in sorted(Path(__file__).parent.glob("*.py"))
    for page in _REGISTERS.findall(path.read_text(encoding="utf-8"))
}

Made = tuple[Figure, Any]  # a figure and its picture: see ``pages.components.charts.picture``


class View(Protocol):
    """The reader's choices on one page."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[View, list[str]]: ...


@dataclass(frozen=True)
class Moved:
    """The part of a view that levers move: base of the views of pages with levers.

    ``kept`` is scenario A, to compare with.
    """

    scenario: Scenario = Scenario()
    kept: Scenario | None = None

    @property
    def unmoved(self) -> Scenario:
        """The official projection in play with no lever moved."""
        return Scenario(basis=self.scenario.basis)


def from_a(kept: Scenario | None) -> dict[str, str]:
    """The column of a table that says how far the scenario is from A, where there is an A."""
    return {"difference": "Difference from A"} if kept else {}


def against(change: str) -> str:
    """A change in words as one against no lever moved; nothing where there is none."""
    return catalogue.toml("text/change")["against"].format(change=change) if re.search("[1-9]", change) else ""


@dataclass(frozen=True)
class Entry:
    """One figure of one page. ``name`` is the few words that lead to it; ``when`` tells whether a view has it."""

    id: str
    page: str
    name: str
    make: Callable[[Any], Made]
    view: type
    moves: bool = False  # whether levers move it
    when: Callable[[Any], bool] = lambda view: True


@dataclass(frozen=True)
class Strip:
    """The key results of a page: three to five numbers that stay in sight."""

    page: str
    make: Callable[[Any], tuple[Number, ...]]
    view: type


def to_query(view: Any) -> dict[str, str]:
    """The choices of a view as an address holds them: under its own ``KEYS`` (field: key) where those differ.

    A view whose fields are no single values has a ``to_query`` of its own.
    """
    if hasattr(view, "to_query"):
        return view.to_query()
    keys: Mapping[str, str] = getattr(view, "KEYS", {})
    found: dict[str, str] = {}
    for one in fields(view):
        value = getattr(view, one.name)
        if one.name == "kept" or value == one.default and one.name != "scenario":
            continue
        if one.name == "scenario":
            found |= value.to_query()
        elif isinstance(value, tuple):
            found[keys.get(one.name, one.name)] = ",".join(map(str, value))
        else:
            found[keys.get(one.name, one.name)] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


_entries: dict[tuple[str, str], Entry] = {}
_strips: dict[str, Strip] = {}
_titles: dict[str, Callable[[Any], str]] = {}


def figure(
    id: str, *, page: str, name: str, moves: bool = False, when: Callable[[Any], bool] = lambda view: True
) -> Callable[[Callable[[Any], Made]], Callable[[Any], Made]]:
    """Register the function that makes figure ``id`` of ``page``; it is named ``name`` in the strip of figures."""

    def keep(make: Callable[[Any], Made]) -> Callable[[Any], Made]:
        kind = _view_of(make)

        @wraps(make)
        def made_for(view: Any) -> Made:
            figure, picture = make(view)
            return replace(figure, page=page, query=to_query(view), where=_where(view), **_moved_by(view)), picture

        _entries[page, id] = Entry(id, page, name, made_for, kind, moves, when)
        return made_for

    return keep


def _where(view: Any) -> str:
    """The name of the place a view looks at, where it looks at one."""
    if isinstance(name := getattr(view, "name", None), str):
        return name
    return str(geography.place(view.place)["name"]) if hasattr(view, "place") else ""


def _moved_by(view: Any) -> dict[str, Scenario | None]:
    return {"scenario": view.scenario, "kept": view.kept} if isinstance(view, Moved) else {}


def strip(page: str) -> Callable[[Callable[[Any], tuple[Number, ...]]], Callable[[Any], tuple[Number, ...]]]:
    """Register the function that makes the key results of ``page``."""

    def keep(make: Callable[[Any], tuple[Number, ...]]) -> Callable[[Any], tuple[Number, ...]]:
        _strips[page] = Strip(page, make, _view_of(make))
        return make

    return keep


def titled(page: str) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    """Register the function that words the title of ``page``, where that follows a choice."""

    def keep(make: Callable[[Any], str]) -> Callable[[Any], str]:
        _titles[page] = make
        return make

    return keep


def figures(page: str) -> tuple[Entry, ...]:
    """The figures of a page, in its order. Raises ``FigureError`` naming the pages there are."""
    _load(page)
    return tuple(entry for (of, _), entry in _entries.items() if of == page)


def page_at(path: str) -> tuple[str, dict[str, str]]:
    """The page with figures at the path of an address ("" for Home), and the choices that the path itself makes.

    >>> page_at("ambition-3-mental-health"), page_at("")
    (('ambition', {'ambition': '3'}), ('home', {}))
    """
    ambition = re.fullmatch(r"ambition-(\d)-.*", path)
    return ("ambition", {"ambition": ambition[1]}) if ambition else (path or "home", {})


def first(left: Sequence[Entry]) -> Entry:
    """The figure that stands for a page where none is asked for: the first that levers move, or the first."""
    return next((entry for entry in left if entry.moves), left[0])


def entry(page: str, id: str) -> Entry:
    """One figure of a page; raises ``FigureError`` that names what there is."""
    known = {found.id: found for found in figures(page)}
    if id not in known:
        raise FigureError(f"The page {page} has no figure {id[:60]!r}.{words.did_you_mean(id, known, most=20)}")
    return known[id]


def key_results(page: str) -> Strip | None:
    """The key results of a page, or None where it has none."""
    _load(page)
    return _strips.get(page)


def title(page: str) -> Callable[[Any], str] | None:
    """What words the title of a page, or None where it stays the same."""
    _load(page)
    return _titles.get(page)


def view(page: str) -> Any:
    """The type of the view of a page."""
    return figures(page)[0].view


def make(page: str, id: str, query: Mapping[str, str] | None = None) -> Made:
    """Figure ``id`` of ``page`` for the choices of an address: the one call a slide, a notebook or a test needs."""
    found = entry(page, id)
    view, _ = found.view.from_query(query or {})  # type: ignore[attr-defined]
    return found.make(view)


@lru_cache(128)
def made(entry: Entry, view: Any, colours: Palette) -> Made:
    """The figure and its picture, made once for all who make the same choices in the same ``colours``.

    A page that follows an instant answer finds here what the answer was made from.
    """
    return entry.make(view)


def _load(page: str) -> None:
    if page not in MODULES:
        raise FigureError(f"There is no page {page[:60]!r} with figures.{words.did_you_mean(page, MODULES, most=30)}")
    import_module(f"pages.figures.{MODULES[page]}")


def _view_of(function: Callable[..., Any]) -> type:
    return get_type_hints(function)["view"]
