"""Answers within milliseconds when a reader moves something, over a connection beside Streamlit's own.

A run of a page takes the browser many times as long as the model takes to run, because all of the page
is looked at again. So a page can name numbers and lines that do not wait for it: the lever or list asks the server
directly, and the browser puts the answer in place (``instant.js``). The run of the page follows
as ever and stands in the end; without this connection it does so alone.

A page *listens* with a ``Question``; ``at_once`` in its module of figures answers. ``app.py`` lists the pages.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from ics_core.scenario import Scenario

_LONGEST = 4000  # characters of a question
_listener = st.components.v2.component("instant", js=Path(__file__).with_name("instant.js").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Question:
    """What a page asks as something moves.

    ``page`` names the page, ``view`` what an answer has to know besides (text by name; a
    scenario as in an address). Who asks: with ``levers`` our levers, by their id and value; the
    sliders and lists of Streamlit whose keys are in ``widgets``, by key and value or words; the
    ``buttons`` (by key: what each chooses), as "button". ``lines`` are the figures with a line that
    answers move.
    """

    page: str
    view: Mapping[str, str] = field(default_factory=dict)
    levers: bool = False
    widgets: tuple[str, ...] = ()
    buttons: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """``numbers``: by name of the place, the words that ``numbers.show`` puts there. ``lines``: by figure, the moving values in the order of ``Picture``."""

    numbers: Mapping[str, list[str]]
    lines: Mapping[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Still:
    """A scenario where there is no visitor and no scenario bar, for the words and numbers of an answer."""

    scenario: Scenario


def listen(question: Question) -> None:
    """Let what moves on this page ask; call once in the body of a page, before the charts that listen."""
    with st.container(key="instant"):
        fields = "".join(f'<input type="hidden" id="line-{name}" value="">' for name in question.lines)
        st.html(f"<style>.st-key-instant{{display:none}}</style>{fields}")
        _listener(key="instant-listener", data=asdict(question))


def scenarios(view: Mapping[str, str], moved: str, to: float | str) -> tuple[Scenario, Scenario]:
    """The scenario on the page, and the one a lever is being moved to."""
    settled, _ = Scenario.from_query(view)
    return settled, settled.replace(**{moved: to})


def route(base: str, pages: Container[str]) -> WebSocketRoute:
    """The server's end of the connection, under the path the app is served from, for these pages."""

    async def converse(socket: WebSocket) -> None:
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(await run_in_threadpool(reply, pages, text))

    return WebSocketRoute(f"/{base.strip('/')}/instant".replace("//", "/"), converse)


def reply(pages: Container[str], text: str) -> str:
    """The answer to a question, as JSON; an empty one to a question that is not understood, or whose data are missing."""
    try:
        asked: dict[str, Any] = json.loads(text[:_LONGEST])
        page, to = asked["page"], asked["to"]
        if page not in pages:
            return "{}"
        # Only now, so that the server starts without the models, and without the data they need.
        figures = import_module(f"pages.figures.{page}")
        answer = figures.at_once(asked["view"], asked["moved"], to if isinstance(to, str) else float(to))
    except (ValueError, LookupError, TypeError, AttributeError):  # what our own errors are made of, too
        return "{}"
    lines = {
        name: ",".join("" if value != value else f"{value:.1f}" for value in values)
        for name, values in answer.lines.items()
    }
    return json.dumps(
        {"numbers": dict(answer.numbers)} | ({"lines": lines} if lines else {}),
        separators=(",", ":"),
        ensure_ascii=False,
    )
