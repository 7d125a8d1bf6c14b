"""A crowd on one server of its own, over Streamlit's own protocol, on this machine alone.

    python -m tests.load.crowd                     all of it, about nine minutes
    python -m tests.load.crowd steps --people 20   one part: steps, instant, limit or memory

steps    50 people on mixed pages, each moving a lever every three seconds for two minutes
instant  200 people dragging one of four levers on four pages at five questions a second, an eighth with others moved
limit    more and more people until one in twenty steps takes longer than a second
memory   what one more visit holds, and what is left of 300 that came and went, and of 300 more once caches are full

Prints p50, p95 and p99 in milliseconds, who was refused, and memory; asserts nothing. The people take the same
cores as the server: the share of the machine that each had, and everybody else on it, is printed beside.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from websockets.exceptions import WebSocketException

from tests.load.server import Server, percentile
from tests.load.visitor import Unsettled, Visitor

PAGES = (
    "population",
    "demand",
    "money",
    "travel",
    "population?figure=By+age",
    "demand?figure=Why+it+changes",
    "population?figure=How+sure",
    "demand?figure=How+sure",
    "nearest-systems",
    "money?figure=Resources+and+costs",
)
AT_ONCE = ("population", "demand", "money", "travel")
MANY_LEVERS = 4  # the first of a page, of which each person drags one
OWN = 8  # of so many one has moved another lever before, so that nobody else asks the same
EVERY = 3.0  # seconds between two moves of one person
SETTLE = 0.35  # from the last key to the chosen value, as in lever.js
TOO_LONG = 1.0  # seconds
FORGOTTEN = 15  # seconds after which the server under test gives a closed visit up; 120 unless told otherwise


@dataclass
class Heard:
    """What people waited for, in seconds, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def said(self, name: str) -> str:
        waits = getattr(self, name)
        return f"{len(waits):,} {name}: " + ", ".join(
            f"p{p} {1000 * percentile(waits, p):,.0f} ms" for p in (50, 95, 99)
        )


class Machine:
    """Who used the machine's cores between two looks."""

    def __init__(self, server: Server) -> None:
        self.server, self.began, self.before = server, time.perf_counter(), self._now(server)

    @staticmethod
    def _now(server: Server) -> tuple[float, float, float]:
        ticks = [int(one) for one in Path("/proc/stat").read_text(encoding="ascii").split()[1:9]]
        busy = (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
        return server.cpu(), time.process_time(), busy

    def said(self, name: str, many: int) -> str:
        """Who took how much, and what each of so many cost the server, which others on the machine hardly change."""
        spent = time.perf_counter() - self.began
        server, people, busy = (b - a for a, b in zip(self.before, self._now(self.server), strict=True))
        others = busy - server - people
        return (
            f"of {os.cpu_count()} cores: server {server / spent:.2f}, these people {people / spent:.2f}, "
            f"everybody else {others / spent:.2f}; {1000 * server / max(1, many):.2f} ms of the server's CPU a{name}"
        )


async def come(address: str, pages: tuple[str, ...], people: int, heard: Heard, within: float) -> list[Visitor]:
    """So many people open mixed pages within so many seconds; those who were let in."""
    visitors = [Visitor(address, page, n) for n, page in enumerate(islice(cycle(pages), people))]

    async def come(one: Visitor) -> Visitor | None:
        await asyncio.sleep(one.random.uniform(0, within))
        try:
            heard.opened.append(await one.open())
        except (OSError, Unsettled, WebSocketException) as refused:
            heard.refused.append(repr(refused))
            return None
        return one

    return [one for one in await asyncio.gather(*map(come, visitors)) if one]


async def go(visitors: list[Visitor]) -> None:
    """All of them close their pages."""
    await asyncio.gather(*(one.close() for one in visitors))


async def _stepping(one: Visitor, seconds: float, heard: Heard) -> None:
    """Move a lever every three seconds by the clock, however long the page takes; the answer at once comes beside."""
    began = time.perf_counter()
    due = began + one.random.uniform(0, EVERY)
    asking: asyncio.Task[None] | None = None

    async def ask(id: str, value: float) -> None:
        heard.answers.append((await one.ask(id, value))[0])

    try:
        while due < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            id = one.random.choice(list(one.levers()))
            value = one.elsewhere(id)
            if one.asks().get("page") in AT_ONCE and (asking is None or asking.done()):
                asking = asyncio.create_task(ask(id, value))
                await asyncio.sleep(SETTLE)
            heard.steps.append(await one.move(id, value))
            due = max(due + EVERY, time.perf_counter())
        if asking:
            await asking
    except (OSError, Unsettled, TimeoutError, WebSocketException) as refused:
        heard.refused.append(repr(refused))


async def _steps(server: Server, people: int, seconds: float) -> Heard:
    heard = Heard()
    visitors = await come(server.address, PAGES, people, heard, within=people / 10)
    await asyncio.gather(*(_stepping(one, seconds, heard) for one in visitors))
    await go(visitors)
    return heard


async def steps(server: Server, people: int, seconds: float) -> None:
    before, machine = server.memory(), Machine(server)
    heard = await _steps(server, people, seconds)
    used = machine.said(" step", len(heard.steps))
    print(f"{people} people on mixed pages, a lever every {EVERY:.0f} s for {seconds:.0f} s")
    for name in ("opened", "steps", "answers"):
        print(f"  {heard.said(name)}")
    after = server.memory()
    await asyncio.sleep(FORGOTTEN + 35)
    print(f"  refused: {len(heard.refused)} {heard.refused[:3] or ''}")
    print(f"  memory: {_mb(before)} before, {_mb(after)} at the end, {_mb(server.memory())} once they are gone")
    print(f"  {used}")


@dataclass
class _Dragging:
    """One person who drags a lever as a browser tells of it: one question on its way, and after it the latest."""

    one: Visitor
    texts: list[str]  # the question at each position of the lever, from low to high
    own: bool  # whether other levers of this person are moved, so that nobody else asks the same
    answers: list[tuple[float, float]] = field(default_factory=list)  # seconds since the start, and waited
    overtaken: int = 0
    latest: tuple[str, float] | None = None
    asking: asyncio.Task[None] | None = None

    async def drag(self, seconds: float, rate: float) -> None:
        chance, began = self.one.random, time.perf_counter()
        at, way, due = chance.randrange(len(self.texts)), chance.choice((-1, 1)), chance.uniform(0, 1 / rate)
        while due < seconds:
            await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
            far = at + way * chance.choice((1, 2, 3))
            if not 0 <= far < len(self.texts):
                way, far = -way, min(max(far, 0), len(self.texts) - 1)
            at = far
            self.overtaken += self.latest is not None
            self.latest = self.texts[at], time.perf_counter()
            if self.asking is None or self.asking.done():
                self.asking = asyncio.create_task(self._ask(began))
            due = max(due + 1 / rate, time.perf_counter() - began)
        if self.asking:
            await self.asking

    async def _ask(self, began: float) -> None:
        while self.latest:
            (text, moved), self.latest = self.latest, None
            await self.one.answer(text)
            self.answers.append((moved - began, time.perf_counter() - moved))


async def instant(server: Server, people: int, seconds: float, rate: float = 5.0) -> None:
    """Everybody drags one of the first levers of his page up and down, a question every fifth of a second."""
    heard = Heard()
    visitors = await come(server.address, AT_ONCE, people, heard, within=people / 10)
    crowd = []
    for one in visitors:
        levers = dict(islice(one.levers().items(), MANY_LEVERS))
        id = one.random.choice(list(levers))
        others = [other for other in levers if other != id]
        own = bool(others) and len(crowd) // len(AT_ONCE) % OWN == 0
        if own:
            other = one.random.choice(others)
            await one.move(other, one.elsewhere(other))
        places = round((levers[id]["high"] - levers[id]["low"]) / levers[id]["step"])
        values = [levers[id]["low"] + n * levers[id]["step"] for n in range(places + 1)]
        crowd.append(_Dragging(one, [one.question(id, round(v, levers[id]["decimals"])) for v in values], own))
    machine = Machine(server)

    async def drag(person: _Dragging) -> None:
        try:
            await person.drag(seconds, rate)
        except (OSError, TimeoutError, WebSocketException) as refused:
            heard.refused.append(repr(refused))

    await asyncio.gather(*map(drag, crowd))
    used = machine.said("n answer", sum(len(person.answers) for person in crowd))
    await go(visitors)
    heard.answers = [wait for person in crowd for _, wait in person.answers]
    first = [wait for person in crowd for when, wait in person.answers if when < 10]
    own = [wait for person in crowd if person.own for _, wait in person.answers]
    print(f"{people} people dragging a lever, {rate:.0f} questions a second each for {seconds:.0f} s")
    print(f"  {heard.said('opened')}\n  {heard.said('answers')}")
    print(f"  p95 of the first ten seconds {1000 * percentile(first, 95):,.0f} ms, ", end="")
    print(f"of the {sum(person.own for person in crowd)} with other levers moved {1000 * percentile(own, 95):,.0f} ms")
    print(
        f"  {len({text for person in crowd for text in person.texts}):,} different questions could be asked; ", end=""
    )
    print(f"overtaken {sum(person.overtaken for person in crowd):,}, refused {len(heard.refused)}")
    print(f"  {used}")


async def limit(server: Server, people: int, seconds: float) -> None:
    print(f"steps of {seconds:.0f} s with more and more people, until one in twenty takes longer than {TOO_LONG:.0f} s")
    stood = 0
    for count in range(10, people + 1, 10):
        machine = Machine(server)
        heard = await _steps(server, count, seconds)
        print(
            f"  {count}: {heard.said('steps')}; refused {len(heard.refused)}; {machine.said(' step', len(heard.steps))}",
            flush=True,
        )
        if percentile(heard.steps, 95) > TOO_LONG or heard.refused:
            break
        stood = count
    print(f"  {stood} people are served within {TOO_LONG:.0f} s")


async def memory(server: Server, people: int, seconds: float) -> None:
    heard = Heard()
    before = server.memory()
    visitors = await come(server.address, PAGES, people, heard, within=people / 10)
    for one in visitors:
        id = next(iter(one.levers()))
        await one.move(id, one.elsewhere(id))
    print(f"memory: {_mb(before)}; {people} visits open: {(server.memory() - before) / 2**20 / people:.2f} MB each")
    await go(visitors)
    for when in ("of a warm server", "after 300 that came and went", "after 300 more"):
        for _ in range(0 if when.startswith("of") else 300 // people):
            visitors = await come(server.address, PAGES, people, heard, within=people / 10)
            await go(visitors)
        full = server.memory()
        await asyncio.sleep(FORGOTTEN + 35)
        print(f"  {when}: {_mb(full)}, {_mb(server.memory())} once they are given up")
    print(f"  refused: {len(heard.refused)} {heard.refused[:3] or ''}")


def _mb(amount: float) -> str:
    return f"{amount / 2**20:,.0f} MB"


async def _warm(server: Server) -> None:
    """One visitor goes through all pages, and a few people step on them: data are loaded, kept results fill up."""
    for page in PAGES:
        one = Visitor(server.address, page)
        await one.open()
        for id in list(one.levers())[:3]:
            await one.move(id, one.elsewhere(id))
        await one.close()
    await _steps(server, 2 * len(PAGES), 20)


Part = Callable[[Server, int, float], Awaitable[None]]
PARTS: dict[str, tuple[Part, int, float]] = {
    "steps": (steps, 50, 120),
    "instant": (instant, 200, 60),
    "limit": (limit, 150, 20),
    "memory": (memory, 50, 0),
}


async def _all(server: Server, parts: list[str], people: int | None, seconds: float | None) -> None:
    await _warm(server)
    for name in parts:
        part, usual, long = PARTS[name]
        await part(server, people or usual, seconds or long)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="which parts; all if none is named")
    parser.add_argument("--people", type=int, help="how many (at most, in limit)")
    parser.add_argument("--seconds", type=float, help="how long")
    asked = parser.parse_args()
    server = Server({}, "--server.disconnectedSessionTTL", str(FORGOTTEN))
    try:
        asyncio.run(_all(server, asked.parts or list(PARTS), asked.people, asked.seconds))
    finally:
        server.kill()


if __name__ == "__main__":
    main()
