"""Answers within milliseconds when a reader moves something, over a connection beside Streamlit's own.

A run of a page takes the browser many times as long as the model takes to run, because all of the page
is looked at again. So a page names what does not wait for it: the lever or list asks the server
directly, and the browser puts the answer in place (``instant.js``). The run of the page follows
as ever and stands in the end; without this connection it does so alone.

A page is ``ready`` and *listens*; ``answer`` makes the answers. The server's end takes whatever it is sent: it
refuses other sites as Streamlit's own connection does, refuses what is too long before it is read, answers the
latest question of each connection only, works out equal questions once, and keeps to a budget. Most of what a
crowd asks has been asked before: that is answered as it was, by the text of the question, without reading it. What
a crowd will ask first, of levers moved alone, is worked out once it has come and while nobody waits.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st
from anyio.to_thread import run_sync
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ics_core.errors import ExplorerError
from ics_core.kept import MEGABYTE, Kept
from pages.components import seams
from pages.components.instant import answer
from pages.components.instant.answer import LONGEST, Question
from pages.components.served import part
from pages.figures import registry

_LOG = logging.getLogger(__name__)

MOST_OPEN = 1000  # connections at a time
A_CONNECTION = 30  # questions a second of one connection
IN_ALL = 0.8  # seconds of CPU a second to work out answers for all connections, so that pages run besides
_KEPT = 16 * MEGABYTE  # of answers kept for the next who asks the same: one has 1,400 characters or so
CROWD = 10  # connections at a time: people who will all ask at once; for fewer nothing is worked out that nobody asked
QUIET, PAUSE = 0.3, 0.02  # seconds without a new question before one is foreseen, and between two of those

POLICY, TOO_BIG, NOT_TEXT, FULL = 1008, 1009, 1003, 1013  # why a connection is closed (RFC 6455)


# ------------------------------------------------------------------------------------- on the page


def ready(page: str) -> None:
    """Where the charts of ``page`` hear of what moves (``picture.at_once``); call before they are drawn."""
    fields = "".join(f'<input type="hidden" id="line-{entry.id}" value="">' for entry in _moving(page))
    st.html(f'<div hidden class="instant">{fields}</div>')


def listen(
    page: str, view: Any, widgets: tuple[str, ...] = (), buttons: Mapping[str, tuple[str, str]] | None = None
) -> None:
    """Let what moves on this page ask; call each time ``view`` may have changed.

    Levers ask by themselves. The sliders and lists of Streamlit whose keys are in ``widgets`` ask, too, and the
    ``buttons`` (by key: which choice each sets, and to what).
    """
    with st.container(key="instant"):
        part("instant", Path(__file__).parent)(
            key="instant-listener",
            data={
                "page": page,
                "query": registry.to_query(view),
                "figures": [entry.id for entry in _moving(page)],
                "widgets": list(widgets),
                "buttons": {key: list(sets) for key, sets in (buttons or {}).items()},
            },
        )


def _moving(page: str) -> tuple[registry.Entry, ...]:
    return tuple(entry for entry in registry.figures(page) if entry.moves)


# ----------------------------------------------------------------------------------- at the server


def route(base: str, pages: Mapping[str, Sequence[str]]) -> WebSocketRoute:
    """The server's end of the connection, under the path the app is served from, for these pages.

    With each page stand the groups of levers whose answers are foreseen.
    """
    return WebSocketRoute(f"/{base.strip('/')}/instant".replace("//", "/"), Desk(pages).converse)


@dataclass
class Budget:
    """How much of something may be had: ``a_second``, and as much at a go. ``wait`` says how long to hold back."""

    a_second: float
    left: float = field(init=False)
    then: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.left = self.a_second

    def wait(self, now: float, take: float = 1) -> float:
        """Take more at time ``now`` (seconds): how many seconds to wait first."""
        self.left = min(self.a_second, self.left + (now - self.then) * self.a_second) - take
        self.then = now
        return max(0.0, -self.left / self.a_second)


class Desk:
    """Takes the questions of all connections."""

    def __init__(self, pages: Mapping[str, Sequence[str]], work: Callable[[Question], str] = answer.reply) -> None:
        self.pages, self.work = pages, work
        self.open = 0
        self.budget = Budget(IN_ALL)
        self.turn = asyncio.Lock()  # one answer is worked out at a time: two would only take turns
        self.going: dict[Question, asyncio.Task[str]] = {}
        self.kept: Kept[str] = Kept(_KEPT)  # by the question, and by its text as it came
        self.asked = 0.0  # when a question came last that nobody had asked before
        self.ahead: asyncio.Task[None] | None = None

    async def converse(self, socket: WebSocket) -> None:
        """One connection, from its first question to its end."""
        refused = self._refused(socket)
        if refused:
            code, why = refused
            _LOG.warning("A connection for instant answers was refused: %s.", why)
            await socket.close(code)
            return
        await socket.accept()
        seams.limit_message_size(socket, 4 * LONGEST)  # bytes: a character is four at most
        self.open += 1
        if self.open >= CROWD and self.ahead is None:
            self.ahead = asyncio.create_task(self._foresee())
        try:
            await self._serve(socket)
        except WebSocketDisconnect:
            pass
        finally:
            self.open -= 1

    def _refused(self, socket: WebSocket) -> tuple[int, str] | None:
        origin, host = socket.headers.get("origin"), socket.headers.get("host")
        if not seams.origin_allowed(origin, host):
            return POLICY, f"the origin {str(origin)[:100]!r} or host {str(host)[:100]!r} is not allowed"
        return (FULL, f"{MOST_OPEN} are open") if self.open >= MOST_OPEN else None

    async def _serve(self, socket: WebSocket) -> None:
        """Read on while the latest question is answered; older ones that were not begun are dropped."""
        line = _Line(socket)
        tasks = [asyncio.create_task(self._read(line)), asyncio.create_task(self._answer(line))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                    await task

    async def _read(self, line: _Line) -> None:
        budget = Budget(A_CONNECTION)
        while True:
            message = await line.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None or len(text) > LONGEST:
                code, why = (NOT_TEXT, "not text") if text is None else (TOO_BIG, f"over {LONGEST:,} characters")
                _LOG.warning("A connection for instant answers was ended: a message was %s.", why)
                await line.socket.close(code)
                return
            known = None if line.busy else self.kept.find(text)
            if known is not None:
                await line.socket.send_text(known)
            else:
                line.ask(text)
            if hold := budget.wait(time.monotonic()):
                await asyncio.sleep(hold)  # what comes meanwhile waits in the network, and slows down who sends it

    async def _answer(self, line: _Line) -> None:
        while True:
            await line.socket.send_text(await self.answered(await line.latest.get()))
            line.busy = not line.latest.empty()

    async def answered(self, text: str) -> str:
        """The answer to a question as it came, worked out once for all who ask the same."""
        question = answer.read(text, self.pages)
        if question is None:
            return "{}"
        said = self.kept.find(question)
        if said is None:
            self.asked = time.monotonic()
            said = await self._once(question)
        if self.kept.find(question) is not None:
            self.kept.keep(text, said)
        return said

    async def _foresee(self) -> None:
        with suppress(ExplorerError):  # where the data are missing, the page itself will say
            for question in answer.foreseen(self.pages):
                while self.going or time.monotonic() - self.asked < QUIET:
                    await asyncio.sleep(QUIET)
                if self.kept.find(question) is None:
                    await self._once(question)
                await asyncio.sleep(PAUSE)

    async def _once(self, question: Question) -> str:
        task = self.going.get(question)
        if task is None:
            task = self.going[question] = asyncio.create_task(self._work_out(question))
        return await asyncio.shield(task)

    async def _work_out(self, question: Question) -> str:
        try:
            async with self.turn:
                if hold := self.budget.wait(time.monotonic(), 0):
                    await asyncio.sleep(hold)
                said, took = await run_sync(self._timed, question)
                self.budget.wait(time.monotonic(), took)
        except Exception:  # whatever it is, the connection stands and the page itself will say
            _LOG.exception("A question for an instant answer could not be answered: %r", question)
            return "{}"
        finally:
            self.going.pop(question, None)
        self.kept.keep(question, said)
        return said

    def _timed(self, question: Question) -> tuple[str, float]:
        """The answer, and the seconds of CPU it took."""
        began = time.thread_time()
        return self.work(question), time.thread_time() - began


class _Line:
    """One connection: the latest question of it, and whether one waits or is being worked out."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket, self.busy = socket, False
        self.latest: asyncio.Queue[str] = asyncio.Queue(maxsize=1)

    def ask(self, text: str) -> None:
        """Put a question in place of the one that waits."""
        self.busy = True
        if self.latest.full():
            self.latest.get_nowait()
        self.latest.put_nowait(text)
