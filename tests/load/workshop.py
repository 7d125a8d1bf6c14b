"""Load of a workshop, on this machine alone: people join, answer, lose their reply, and the server is killed.

    python -m tests.load.workshop                  400 people join within two minutes and answer ten questions
    python -m tests.load.workshop --people 1000 --join 60 --answer 10

``--screen`` opens the big screen in a Chromium meanwhile and says how long after the last answer it shows all.
Prints p50, p95 and p99 from tap to received, bytes, and memory per participant; ends with 1 if an answer that was
acknowledged is lost or counted twice. ``--kill`` ends the server (SIGKILL) in the middle of a question and starts
it again.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from playwright.async_api import Page, async_playwright

from ics_core.workshop import rehearsal, session, store
from ics_core.workshop.session import Question
from tests.conftest import CHROMIUM_FLAGS, install_chromium
from tests.load.server import Server, finished, percentile

POLL = 2.5  # seconds between two looks of a phone, as in phone.js


@dataclass
class Figures:
    """What was measured: seconds from tap to received by answer, and what the phones were told was received."""

    taps: list[float] = field(default_factory=list)
    joins: list[float] = field(default_factory=list)
    received: dict[tuple[int, str], object] = field(default_factory=dict)
    retries: int = 0
    question_bytes: list[int] = field(default_factory=list)
    counted: dict[tuple[int, str], list[object]] = field(default_factory=dict)
    memory: tuple[int, int] = (0, 0)
    shown: list[float] = field(default_factory=list)  # seconds from the last answer to its count on the screen

    @property
    def lost(self) -> list[tuple[int, str]]:
        return [key for key, value in self.received.items() if self.counted.get(key) != [value]]

    @property
    def doubled(self) -> list[tuple[int, str]]:
        return [key for key, values in self.counted.items() if len(values) > 1]


class Phone:
    """One person: a connection that is kept, a cookie, and the answers that were acknowledged."""

    def __init__(self, number: int, port: int, figures: Figures) -> None:
        self.number, self.port, self.figures = number, port, figures
        self.cookie, self.streams = "", None
        self.random = random.Random(number)

    async def ask(self, method: str, path: str, body: str = "", live: bool = True) -> tuple[int, dict[str, str], bytes]:
        """One request over the kept connection; a broken one is opened again once, as browsers do."""
        host = f"127.0.0.1:{self.port}"
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        head += f"Cookie: me={self.cookie}\r\n" if self.cookie else ""
        head += "X-Live: keep\r\n" if live else ""  # the dearer of the two: the page comes with the receipt
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        for attempt in (1, 2):
            try:
                if self.streams is None:
                    self.streams = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self.streams
                writer.write((head + "\r\n" + body).encode())
                await writer.drain()
                first = await reader.readuntil(b"\r\n\r\n")
                lines = first.decode("latin-1").split("\r\n")
                pairs = (line.split(": ", 1) for line in lines[1:] if ": " in line)
                headers = {name.lower(): text for name, text in pairs}
                content = await reader.readexactly(int(headers.get("content-length", 0)))
                return int(lines[0].split()[1]), headers, first + content
            except (OSError, asyncio.IncompleteReadError):
                self.streams = None
                if attempt == 2:
                    raise
        raise OSError

    async def join(self, code: str) -> None:
        began = time.perf_counter()
        await self.ask("GET", f"/join/{code}", live=False)
        status, _, content = await self.ask("POST", f"/join/{code}", "letter=A", live=False)
        assert status == 303, status
        self.cookie = re.search(rb"set-cookie: me=([^;]+)", content, re.I)[1].decode()
        await self.ask("GET", f"/join/{code}", live=False)
        self.figures.joins.append(time.perf_counter() - began)

    async def answer(self, code: str, question: Question, value: object, patience: float) -> None:
        """Tap, and try again until it is received, as the script on the phone does."""
        fields = {"question": question.id, "id": f"{self.number}-{question.id}"}
        fields |= {f"points-{n}": v for n, v in value.items()} if isinstance(value, dict) else {"value": value}
        began, late = time.perf_counter(), ""
        while time.perf_counter() - began < patience:
            try:
                status, _, content = await self.ask("POST", f"/join/{code}/answer", urlencode(fields) + late)
                if status < 500:
                    assert b'"received":true' in content, content
                    self.figures.taps.append(time.perf_counter() - began)
                    self.figures.received[self.number, question.id] = question.check(value)
                    return
            except OSError:
                pass
            late = "&late=1"
            self.figures.retries += 1
            await asyncio.sleep(0.5 + self.random.random())
        raise AssertionError(f"phone {self.number}: {question.id} was not received in {patience} s")

    async def look(self, code: str, until: asyncio.Event) -> None:
        """Ask again and again what has changed, as a page does."""
        version = 0
        while not until.is_set():
            try:
                status, _, content = await self.ask("GET", f"/join/{code}/now?seen={version}")
                if status == 200:
                    version = int(content.split(b'data-version="')[1].split(b'"')[0])
                    self.figures.question_bytes.append(len(content))
            except OSError:
                pass
            await asyncio.sleep(POLL + self.random.random() - 0.5)


def questions(count: int) -> list[Question]:
    """So many questions of the ready sessions, comments and points among them."""
    found = {q.id: q for one in session.sessions().values() for q in one.questions}
    return list(found.values())[:count]


async def _screen(link: str) -> Page:
    """The big screen in a browser of its own."""
    browsers = await async_playwright().start()
    browser = await browsers.chromium.launch(executable_path=install_chromium(), args=CHROMIUM_FLAGS)
    page = await browser.new_page(viewport={"width": 1280, "height": 720})
    await page.goto(link)
    await page.wait_for_selector(".hall-code", timeout=60_000)
    return page


async def _warm(server: Server, place: store.Store, asked: list[Question]) -> None:
    """One phone goes through all the questions, so that the models are loaded before anything is measured."""
    code, one = place.create("Warm", "", asked)[0].code, Phone(0, server.port, Figures())
    await one.join(code)
    for _ in asked:
        for _ in range(2):
            await asyncio.to_thread(place.act, code, "forward")
            await one.ask("GET", f"/join/{code}", live=False)
    place.delete(code)


async def _run(
    server: Server, folder: Path, people: int, join: float, answer: float, count: int, kill: bool, screen: bool
) -> Figures:
    figures, asked = Figures(), questions(count)
    place = store.at(f"sqlite:///{folder / 'workshops.sqlite'}")
    workshop, secret = place.create("Load", "", asked)
    code, phones = workshop.code, [Phone(n, server.port, figures) for n in range(people)]
    await _warm(server, place, asked)
    before, over = server.memory(), asyncio.Event()

    hall = await _screen(f"http://127.0.0.1:{server.port}/facilitate/{code}#{secret}") if screen else None

    async def arrive(one: Phone) -> None:
        await asyncio.sleep(one.random.uniform(0, join))
        await one.join(code)

    await asyncio.gather(*map(arrive, phones))
    lookers = [Phone(one.number, server.port, figures) for one in phones]
    for looker, one in zip(lookers, phones, strict=True):
        looker.cookie = one.cookie
    looking = [asyncio.create_task(one.look(code, over)) for one in lookers]
    made = np.random.default_rng(1)
    for place_in_row, question in enumerate(asked):
        await asyncio.to_thread(place.act, code, "forward")
        values = [rehearsal.made_up(question, made, n) for n in range(people)]

        async def tap(one: Phone, value: object, question: Question = question) -> None:
            await asyncio.sleep(one.random.triangular(0, answer, answer / 4))
            await one.answer(code, question, value, patience=60)

        taps = [asyncio.create_task(tap(one, value)) for one, value in zip(phones, values, strict=True)]
        if kill and place_in_row == len(asked) // 2:
            await asyncio.sleep(answer / 3)
            server.kill()
            await asyncio.sleep(1)
            await asyncio.to_thread(server.start)
        while not all(task.done() for task in taps):
            await asyncio.sleep(0.2)
        await asyncio.gather(*taps)
        if hall:
            done = time.perf_counter()
            await hall.wait_for_selector(f".hall-count b:text-is('{people}')", timeout=30_000)
            figures.shown.append(time.perf_counter() - done)
        await asyncio.to_thread(place.act, code, "forward")
    if hall:
        await hall.context.browser.close()
    figures.memory = (before, server.memory())
    over.set()
    await asyncio.gather(*looking)
    numbers = _numbers(place, code, phones)
    for one in place.given(code):
        figures.counted.setdefault((numbers[one.participant], one.question_id), []).append(one.value)
    return figures


def _numbers(place: store.Store, code: str, phones: list[Phone]) -> dict[int, int]:
    """Which phone is which participant: only the phones know their tokens."""
    with place._reading() as connection:
        return {place._participant(connection, code, one.cookie).id: one.number for one in phones}


def run(
    people: int,
    join: float,
    answer: float,
    count: int = 10,
    kill: bool = False,
    screen: bool = False,
    folder: Path | None = None,
) -> Figures:
    """Play a workshop against a server of its own and give what was measured."""
    with tempfile.TemporaryDirectory() as own:
        place = Path(folder or own)
        server = Server({store.PLACE: str(place)})
        try:
            return finished(_run(server, place, people, join, answer, count, kill, screen))
        finally:
            server.kill()
            store.at.cache_clear()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--join", type=float, default=120, help="seconds in which they join")
    parser.add_argument("--answer", type=float, default=20, help="seconds in which they answer each question")
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--kill", action="store_true", help="kill the server in the middle and start it again")
    parser.add_argument("--screen", action="store_true", help="with the big screen in a Chromium")
    asked = parser.parse_args()
    found = run(asked.people, asked.join, asked.answer, asked.questions, asked.kill, asked.screen)
    milliseconds = ", ".join(f"p{share} {1000 * percentile(found.taps, share):.0f} ms" for share in (50, 95, 99, 100))
    joining = ", ".join(f"p{share} {1000 * percentile(found.joins, share):.0f} ms" for share in (50, 95, 99))
    grown = (found.memory[1] - found.memory[0]) / asked.people / 1024
    print(f"{asked.people} people, {asked.questions} questions, {len(found.taps):,} answers received")
    print(f"tap to received: {milliseconds}; tried again {found.retries} times")
    print(f"joining (three requests): {joining}")
    print(f"a change as sent to a phone: at most {max(found.question_bytes, default=0):,} bytes with its headers")
    if found.shown:
        print(f"all answers on the big screen {max(found.shown):.1f} s after the last at most")
    print(f"memory: {found.memory[1] / 2**20:.0f} MB, {grown:.0f} KB more for each participant")
    print(f"lost: {len(found.lost)}, counted twice: {len(found.doubled)}")
    return 1 if found.lost or found.doubled or len(found.taps) < asked.people * asked.questions else 0


if __name__ == "__main__":
    sys.exit(main())
