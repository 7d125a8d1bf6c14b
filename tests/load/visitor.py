"""A visitor without a browser: speaks Streamlit's own protocol, the protobuf messages of the version installed.

It opens a page, reads what the server sends as a browser would, moves a lever and waits until the page has settled:
until the run that follows has ended and what the page then tells its scripts holds the lever's new value.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

PATIENCE = 60  # seconds after which a visitor gives up
_TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget that carries what a part in the browser sends


class Unsettled(Exception):
    """A page did not come, or did not come to show what was asked of it."""


class Visitor:
    """One browser on one page; ``path`` such as ``population?figure=By+age``. ``number`` seeds what it chooses."""

    def __init__(self, address: str, path: str, number: int = 0) -> None:
        self.address, self.random = address.replace("http", "ws", 1), random.Random(number)
        self.page, _, self.query = path.partition("?")
        self.url = f"{address}/{path}"
        self.session = self.page_hash = ""
        self.parts: dict[str, tuple[str, str, dict[str, Any]]] = {}  # by key: id, its part of the page, its data
        self.cached: set[str] = set()
        self.received = 0  # bytes
        self.stream: ClientConnection | None = None
        self.instant: ClientConnection | None = None

    async def open(self) -> float:
        """Come to the page; the seconds until it stands."""
        began = time.perf_counter()
        self.stream = await self._connect(
            "_stcore/stream", ["streamlit", "none", *([self.session] * bool(self.session))]
        )
        await self._run()
        await self._settled(lambda: bool(self.parts))
        waited = time.perf_counter() - began
        if self.asks():
            await self.listen()
        return waited

    async def close(self) -> None:
        for line in (self.stream, self.instant):
            if line:
                await line.close()

    def levers(self) -> dict[str, Mapping[str, Any]]:
        """What the page's levers say of themselves, by id."""
        return {data["id"]: data for _, _, data in self.parts.values() if {"low", "high", "step"} <= data.keys()}

    def asks(self) -> Mapping[str, Any]:
        """What the page asks when something moves at once; empty where nothing is answered so."""
        return next((data for _, _, data in self.parts.values() if {"page", "query", "figures"} <= data.keys()), {})

    def elsewhere(self, id: str) -> float:
        """A value the lever does not have now."""
        lever = self.levers()[id]
        steps = round((lever["high"] - lever["low"]) / lever["step"])
        now = round((lever["value"] - lever["low"]) / lever["step"])
        step = self.random.choice([n for n in range(steps + 1) if n != now])
        return round(lever["low"] + step * lever["step"], lever["decimals"])

    async def move(self, id: str, value: float) -> float:
        """Let a lever come to rest; the seconds until the page has settled on it."""
        began = time.perf_counter()
        key, (part, place, _) = next(
            (k, one) for k, one in self.parts.items() if one[2].get("id") == id and "low" in one[2]
        )
        message = {"value": value, "sent": round(1000 * time.time()), "final": True, "seen": []}
        await self._run(place, {_TRIGGERS.format(part): json.dumps([{"event": "moved", "value": message}])})
        # The lever itself is not drawn again: what the page tells of the scenario, or of the address, shows it.
        await self._settled(lambda: self._stands_at(id, value))
        _, _, data = self.parts[key]
        data["value"] = value
        return time.perf_counter() - began

    def _stands_at(self, id: str, value: float) -> bool:
        said = dict(parse_qsl(self.query)) | self.asks().get("query", {})
        default = self.levers()[id]["default"]
        return float(said.get(id, default)) == value

    def question(self, id: str, value: float) -> str:
        """What the page asks at once as a lever stands at ``value``."""
        asks = self.asks()
        asked = {"page": asks["page"], "query": asks["query"], "moved": id, "to": value, "figures": asks["figures"][:1]}
        return json.dumps(asked)

    async def listen(self) -> None:
        """Have the line for instant answers, as a browser has once the page stands."""
        if self.instant is None:
            self.instant = await self._connect("instant", None)

    async def answer(self, question: str) -> str:
        """The answer to a question, as it came."""
        await self.listen()
        await self.instant.send(question)
        return str(await asyncio.wait_for(self.instant.recv(), PATIENCE))

    async def ask(self, id: str, value: float) -> tuple[float, dict[str, Any]]:
        """Ask how it would be with a lever at ``value``; the seconds until the answer and what it said."""
        began = time.perf_counter()
        said = json.loads(await self.answer(self.question(id, value)))
        return time.perf_counter() - began, said

    async def _connect(self, path: str, tokens: list[str] | None) -> ClientConnection:
        return await connect(
            f"{self.address}/{path}",
            subprotocols=tokens,  # type: ignore[arg-type]
            origin=self.address.replace("ws", "http", 1),  # type: ignore[arg-type]
            open_timeout=PATIENCE,
            max_size=None,
            compression=None,
            proxy=None,
        )

    async def _run(self, place: str = "", widgets: Mapping[str, str] | None = None) -> None:
        """Ask for a run of the page, or of a part of it, with what widgets say."""
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = self.query
        state.page_script_hash, state.page_name = self.page_hash, "" if self.page_hash else self.page
        state.fragment_id = place
        state.cached_message_hashes.extend(self.cached)
        for id, value in (widgets or {}).items():
            state.widget_states.widgets.add(id=id, json_trigger_value=value)
        state.context_info.timezone, state.context_info.locale = "Europe/London", "en-GB"
        state.context_info.url, state.context_info.color_scheme = self.url, "light"
        await self.stream.send(asked.SerializeToString())

    async def _settled(self, stands: Any) -> None:
        """Read until a run has ended and ``stands`` says that the page is what it should be."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    message = await self.stream.recv()
                    self.received += len(message)
                    if self._take(ForwardMsg.FromString(message)) and stands():
                        return
        except TimeoutError:
            raise Unsettled(f"{self.page}: nothing that stands came in {PATIENCE} s") from None
        except WebSocketException as gone:
            raise Unsettled(f"{self.page}: the line was cut ({gone})") from gone

    def _take(self, message: ForwardMsg) -> bool:
        """Take note of a message; whether it says that a run has ended, with no other to follow."""
        if message.metadata.cacheable:
            self.cached.add(message.hash or message.ref_hash)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
            self.url = f"{self.url.partition('?')[0]}?{self.query}"
        elif kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") == "bidi_component":
                part = element.bidi_component
                data = json.loads(part.json or part.mixed.json or "null")
                if isinstance(data, dict):
                    self.parts[part.id] = part.id, message.delta.fragment_id, data
            elif element.WhichOneof("type") == "exception":
                raise Unsettled(f"{self.page}: {element.exception.type} {element.exception.message[:200]}")
        elif kind == "script_finished":
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False
