"""Any figure by its address, for programs and for spreadsheets: ``/data/PAGE/FIGURE.csv``, ``.json`` or ``.ipynb``.

The choices stand in the address as on the page. The answers are open to programs of other sites, as the data are
public; ``/data/figures.json`` lists what there is. A figure or choice that is not known is answered in one line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ics_core import download, words
from ics_core.errors import ExplorerError, FigureError
from ics_core.figure import DIGITS, Figure
from ics_core.kept import MEGABYTE, Kept
from ics_core.scenario import levers
from ics_core.takeaway import notebook, record
from pages.figures import registry

FORMS = {"csv": "text/csv", "json": "application/json", "ipynb": "application/x-ipynb+json"}
_WRITERS: dict[str, Callable[[Figure], bytes]] = {
    "csv": lambda figure: download.csv(figure.table, DIGITS),
    "json": lambda figure: record.text(figure).encode(),
    "ipynb": lambda figure: notebook.text(figure).encode(),
}
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
LONGEST = 4000  # characters of the choices in an address
MOST_WAITING = 20  # answers being worked out or waiting for that; then others are asked to come again
_AROUND = {"figure", "embed", "embed_options", "present", "read"}  # of a page, not of what its figures show
_KEPT: Kept[bytes] = Kept(20 * MEGABYTE)
_LIST = " /data/figures.json lists them all."
_NONSENSE = "\N{REPLACEMENT CHARACTER}"  # no choice of any figure, so that whoever heeds it says so


def route(base: str = "") -> Route:
    """The address of all figures, under the path the app is served from."""
    root = f"/{base.strip('/')}" if base.strip("/") else ""
    return Route(f"{root}/data/{{name:path}}", Desk().answer)


class NoSuchFigure(FigureError):
    """No figure has that address."""


class Desk:
    """Takes what is asked, one at a time: what is kept is answered in any case."""

    def __init__(self) -> None:
        self.waiting = 0
        self.limiter: CapacityLimiter | None = None  # made where there is a loop

    async def answer(self, request: Request) -> Response:
        """The figure asked for, or one line that says what is wrong with the question."""
        if self.waiting >= MOST_WAITING:
            return _said("Too many are asking at the moment. Please come again in a few seconds.", 503)
        self.limiter = self.limiter or CapacityLimiter(1)
        self.waiting += 1
        try:
            content, form = await run_sync(find, request.path_params["name"], request.url.query, limiter=self.limiter)
        except NoSuchFigure as problem:
            return _said(str(problem), 404)
        except FigureError as problem:
            return _said(str(problem), 400)
        except ExplorerError as problem:  # data that are missing or damaged
            return _said(str(problem), 503)
        finally:
            self.waiting -= 1
        mark = f'"{blake2b(content, digest_size=12).hexdigest()}"'
        headers = OPEN | {"ETag": mark, "Cache-Control": "public, max-age=300"}
        if request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers | {"Content-Type": f"{FORMS[form]}; charset=utf-8"})


def find(name: str, query: str) -> tuple[bytes, str]:
    """The file at ``/data/NAME?QUERY`` and its form. Raises ``NoSuchFigure``, or ``FigureError`` for a wrong choice."""
    path, _, form = name.rpartition(".")
    if form not in FORMS:
        raise NoSuchFigure(f"The address of a figure ends in .csv, .json or .ipynb.{_LIST}")
    if name == "figures.json":
        return _KEPT.get(name, _contents), form
    page, _, id = path.rpartition("/")
    entry = _entry(page, id)
    view = _view(entry, query)
    return _KEPT.get((entry, view, form), lambda: _made(entry, view, form)), form


def _entry(page: str, id: str) -> registry.Entry:
    if page:
        try:
            return registry.entry(page, id)
        except FigureError as problem:
            raise NoSuchFigure(f"{problem}{_LIST}") from None
    everywhere = [entry for one in registry.MODULES for entry in registry.figures(one)]
    named = [entry for entry in everywhere if entry.id == id]
    if len(named) == 1:
        return named[0]
    if named:
        several = words.listed([f"/data/{entry.page}/{id}" for entry in named])
        raise NoSuchFigure(f"More than one page has a figure {id!r}: {several}.")
    near = words.did_you_mean(id, dict.fromkeys(entry.id for entry in everywhere), most=0)
    raise NoSuchFigure(f"There is no figure {id[:60]!r}.{near}{_LIST}")


def _view(entry: registry.Entry, query: str) -> Any:
    """The choices of the address. Raises ``FigureError`` for the first that is not known, and does not leave it out."""
    if len(query) > LONGEST:
        raise FigureError(f"The choices in this address are longer than {LONGEST:,} characters.")
    try:
        said = parse_qs(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise FigureError("There are more than 100 choices in this address.") from None
    asked = {key: values if len(values) > 1 else values[0] for key, values in said.items() if key not in _AROUND}
    read = entry.view.from_query  # type: ignore[attr-defined]
    for key in asked:
        others = {other: value for other, value in asked.items() if other != key}
        if read(others | {key: _NONSENSE}) == read(others):  # nobody heeds it
            near = words.did_you_mean(key, _choices(read({})[0]), most=20)
            raise FigureError(f"This figure has no choice {key[:60]!r}.{near}")
    view, notes = read(asked)
    if notes:
        raise FigureError(notes[0].replace(" It was left out.", "").removeprefix("Ignored from the link: "))
    if not entry.when(view):
        raise NoSuchFigure(f"For these choices the page {entry.page} has no figure {entry.id!r}.")
    return view


def _choices(view: Any) -> list[str]:
    keys: Mapping[str, str] = getattr(view, "KEYS", {})
    named = [keys.get(one.name, one.name) for one in fields(view) if one.name not in ("scenario", "kept")]
    return named + (list(levers()) if hasattr(view, "scenario") else [])


def _made(entry: registry.Entry, view: Any, form: str) -> bytes:
    one, _ = entry.make(view)
    return _WRITERS[form](one)


def _contents() -> bytes:
    listed = [
        {"page": entry.page, "figure": entry.id, "name": entry.name, "address": f"data/{entry.page}/{entry.id}"}
        for page in registry.MODULES
        for entry in registry.figures(page)
    ]
    return json.dumps({"forms": list(FORMS), "figures": listed}).encode()


def _said(line: str, status: int) -> Response:
    later = {"Retry-After": "5"} if status == 503 else {}
    return PlainTextResponse(f"{line}\n", status, OPEN | later)
