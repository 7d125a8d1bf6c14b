"""What people, programs and damaged files may send: tried by the thousand, each understood or refused in words.

    python -m tests.fuzz                      10,000 each of addresses, scenario files and instant questions
    python -m tests.fuzz files --many 500 --seed 7

addresses  choices in the address of each page and figure, through the view of the page and the route of its figures
files      scenario files, as text and as bytes, through the reader of saved files
questions  messages over the line of instant answers, through its route

Each is a sound one, a sound one with something changed, or nothing of the kind. Counted is what became of it; whatever
else happens, an exception or a line in the log with one, is a fault: it is printed and the program ends with 1. Where
nothing comes back within a minute the program ends and shows where it was. The same seed tries the same again.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import logging
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ics_core import geography
from ics_core.errors import ScenarioError
from ics_core.scenario import Scenario, levers, read_file
from pages.components import by_address
from pages.components.frame import headers
from pages.components.instant import answer, channel
from pages.figures import registry

PATIENCE = 60  # seconds for one
PAGES = dict.fromkeys(("population", "demand", "money", "travel", "system"), ())  # that answer at once
STRANGE: tuple[Any, ...] = (
    *(
        "",
        " ",
        "\x00",
        "nan",
        "-inf",
        "1e999",
        "-0",
        "9" * 4400,
        "1,5",
        "−5",
        "+7",
        "٣",
        "½",
        "0x10",
        "1_000",
        "true",
        "null",
    ),
    *("..", "5..1", "-10..5", "[1,2]", "{}", "../../etc/passwd", "%", "%zz", "&amp;", "#", "?", "a=b&c=d", "\r\nX: y"),
    *(
        "<script>alert(1)</script>",
        "{{7*7}}",
        "'; DROP TABLE x; --",
        "=1+1",
        "`",
        "\u202e",
        "\ufeff",
        "e\u0301" * 40,
        "😀" * 60,
    ),
    *("E07000148", "e07000148.", "Norwich, district", "East Suffolk", "85 ", "All ages", "2044", "1066", "x" * 5000),
    *(None, True, False, 0, -1, 1.5, 10**400, -1e308, float("nan"), float("inf"), [], {}, [[]], {"low": 1}, ["a"] * 50),
)
BROKEN = re.compile(r"Traceback|object at 0x|Errno|\bNone\b.*\bNone\b|[A-Z][a-z]+Error\b")  # words of a program


@dataclass
class Tried:
    """What became of so many, and the slowest of them in seconds."""

    became: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def many(self) -> int:
        return self.became.total()

    def each(self, sent: Iterable[Any], what: Callable[[Any], str]) -> Tried:
        """Count what becomes of each; an exception is a fault."""
        for one in sent:
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            began = time.perf_counter()
            try:
                with _heard() as exceptions:
                    became = what(one)
                if exceptions:
                    raise AssertionError(f"in the log: {exceptions[0]}")
            except Exception as fault:
                became = "fault"
                self.faults.append(f"{one!r:.500}\n  {type(fault).__name__}: {fault!s:.500}")
            self.slowest = max(self.slowest, time.perf_counter() - began)
            self.became[became] += 1
            faulthandler.cancel_dump_traceback_later()
        return self


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Exceptions that are logged meanwhile."""
    found: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                found.append(f"{record.getMessage()} {record.exc_info[1]!r}")

    ear = Ear()
    logging.getLogger().addHandler(ear)
    try:
        yield found
    finally:
        logging.getLogger().removeHandler(ear)


def _in_words(said: str) -> str:
    """``said``, if a neighbour can read it. Raises ``AssertionError``."""
    if not said.strip() or len(said) > 2000 or BROKEN.search(said):
        raise AssertionError(f"not in words: {said!r:.300}")
    return said


def _changed(text: str, chance: random.Random) -> str:
    """A text with something left out, doubled, put in or turned into something else."""
    if not text:
        return str(chance.choice(STRANGE))
    at, length = chance.randrange(len(text)), chance.choice((1, 1, 2, 8, len(text)))
    piece = chance.choice(
        ("", text[at : at + length] * 2, chr(chance.randrange(1, 0x3000)), str(chance.choice(STRANGE)))
    )
    return text[:at] + piece + text[at + length :]


def _value(id: str, chance: random.Random) -> str:
    """A value for the lever of that name, mostly one that it takes."""
    lever = levers()[id]
    beyond = (lever.high - lever.low) * chance.choice((0, 0, 0, 0.5))
    return f"{chance.uniform(lever.low - beyond, lever.high + beyond):.{lever.decimals + chance.choice((0, 0, 2))}f}"


def _choices(page: str, chance: random.Random) -> dict[str, str]:
    """Some choices as an address of the page may hold."""
    view = registry.view(page)
    keys = getattr(view, "KEYS", {})
    own = [keys.get(name, name) for name in view.__dataclass_fields__ if name not in ("scenario", "kept")]
    places = list(geography.directory()["code"])
    found = {}
    for key in chance.sample(own, min(len(own), chance.randrange(3))):
        default = str(getattr(view(), key, ""))
        found[key] = chance.choice(
            (default, chance.choice(places), str(chance.randrange(2000, 2050)), str(chance.randrange(60)))
        )
    for id in chance.sample(list(levers()), chance.randrange(4)):
        found[id] = _value(id, chance)
    if chance.random() < 0.15:
        id = chance.choice(list(levers()))
        found[f"{id}_range"] = "..".join((_value(id, chance), _value(id, chance)))
    if chance.random() < 0.15:
        found["kept"] = urlencode(_choices("population", chance))
    if chance.random() < 0.1:
        found |= {"basis": "ons-2018", "name": "Ours"}
    return found


# ---------------------------------------------------------------------------------------- addresses


def addresses(many: int, seed: int) -> Tried:
    """Choices of each page, read by its view; and the figure of the address, made and sent as a file."""
    chance, tried = random.Random(seed), Tried()
    figures = [entry for page in registry.MODULES for entry in registry.figures(page)]
    app = Starlette(routes=[by_address.route()], middleware=[Middleware(headers.SafeAnswers)])
    with TestClient(app) as client:

        def become(asked: tuple[registry.Entry, dict[str, Any], str]) -> str:
            entry, query, path = asked
            _, notes = entry.view.from_query(query)  # type: ignore[attr-defined]
            for note in notes:
                _in_words(note)
            sent = urlencode({k: v for k, v in query.items() if isinstance(v, str)}, errors="replace")
            answered = client.get(f"{path}?{sent}")
            if answered.status_code == 200:
                if notes and all(isinstance(value, str) for value in query.values()):
                    raise AssertionError(f"answered in spite of {notes}")
                return "understood"
            if answered.status_code not in (400, 404):
                raise AssertionError(f"{answered.status_code} {answered.text:.300}")
            _in_words(answered.text)
            return "page says what it left out" if notes else "refused in a line"

        def one() -> tuple[registry.Entry, dict[str, Any], str]:
            entry = chance.choice(figures)
            query: dict[str, Any] = dict(_choices(entry.page, chance))
            path = f"/data/{entry.page}/{entry.id}.{chance.choice(('csv', 'json'))}"
            kind = chance.random()
            if kind > 0.4 and query:
                key = chance.choice(list(query))
                query[key] = _changed(query[key], chance) if kind < 0.7 else chance.choice(STRANGE)
            if kind > 0.85:
                query[_changed(chance.choice(list(query) or ["place"]), chance)] = chance.choice(STRANGE)
            if kind > 0.97:
                path = (
                    quote(_changed(path, chance), errors="replace")
                    if chance.random() < 0.9
                    else f"/data/{'x' * 3000}.csv"
                )
                path = path if path.startswith("/") and not path.startswith("//") else f"/data/{path.lstrip('/')}"
            return entry, query, path

        return tried.each((one() for _ in range(many)), become)


# -------------------------------------------------------------------------------------------- files


def _file(chance: random.Random) -> Any:
    """The content of a sound scenario file."""
    scenario, _ = Scenario.from_query(_choices("population", chance))
    return json.loads(scenario.to_json())


def _elsewhere(content: Any, chance: random.Random) -> Any:
    """The same content with one value or name in it changed, at any depth."""
    if isinstance(content, dict) and content and chance.random() < 0.8:
        key = chance.choice(list(content))
        rest = dict(content)
        if chance.random() < 0.25:
            rest[_changed(key, chance)] = rest.pop(key)
        elif chance.random() < 0.15:
            del rest[key]
        else:
            rest[key] = _elsewhere(rest[key], chance)
        return rest
    return _changed(content, chance) if isinstance(content, str) and chance.random() < 0.5 else chance.choice(STRANGE)


def files(many: int, seed: int) -> Tried:
    """Scenario files; what is understood is written and read again, and is the same."""
    chance = random.Random(seed)

    def become(text: str | bytes) -> str:
        try:
            found = read_file(text)
        except ScenarioError as problem:
            _in_words(str(problem))
            return "refused in a line"
        for note in found.notes:
            _in_words(note)
        if Scenario.from_json(found.scenario.to_json()) != found.scenario:
            raise AssertionError("written and read again it is another one")
        return "understood"

    def one() -> str | bytes:
        content, kind = _file(chance), chance.random()
        if kind < 0.2:
            return json.dumps(content)
        if kind < 0.6:
            return json.dumps(_elsewhere(content, chance))
        text = json.dumps(content, indent=2)
        if kind < 0.75:
            return _changed(text, chance)
        if kind < 0.9:
            raw = bytearray(text.encode(chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-32"))))
            for _ in range(chance.choice((0, 1, 1, 4, 50))):
                raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            return bytes(raw[: chance.choice((len(raw), len(raw), chance.randrange(len(raw))))])
        if kind < 0.95:
            return chance.choice(
                ("[" * 90_000, '{"a":' * 20_000, "{" + '"k": 1,' * 9000, "x" * 200_000, json.dumps([content]))
            )
        return chance.randbytes(chance.randrange(400))

    return Tried().each((one() for _ in range(many)), become)


# ---------------------------------------------------------------------------------------- questions


def questions(many: int, seed: int) -> Tried:
    """Messages over one connection after another, as fast as they are answered."""
    chance, usual = random.Random(seed), channel.A_CONNECTION
    channel.A_CONNECTION = 1_000_000  # else a connection is slowed down to so many a second
    try:
        with TestClient(Starlette(routes=[channel.route("", PAGES)])) as client, ExitStack() as open_lines:
            lines: list[Any] = []

            def become(message: str | bytes) -> str:
                if not lines:
                    lines.append(open_lines.enter_context(client.websocket_connect("/instant")))
                (line,) = lines
                try:
                    line.send_bytes(message) if isinstance(message, bytes) else line.send_text(message)
                    said = json.loads(line.receive_text())
                except WebSocketDisconnect as ended:
                    lines.clear()
                    open_lines.close()
                    if ended.code not in (channel.NOT_TEXT, channel.TOO_BIG):
                        raise
                    return "ended: too long, or no text"
                if said and not (isinstance(said, dict) and {"results", "figures"} <= said.keys()):
                    raise AssertionError(f"answered {said!r:.300}")
                return "answered" if said else "left to the page"

            def one() -> str | bytes:
                page = chance.choice(list(PAGES))
                lever = chance.choice(list(levers()))
                figures = [entry.id for entry in registry.figures(page) if entry.moves]
                asked: Any = {
                    "page": page,
                    "query": _choices(page, chance) if chance.random() < 0.3 else {},
                    "moved": lever if page not in ("travel", "system") else {"travel": "minutes"}.get(page, page),
                    "to": float(_value(lever, chance)) if page != "travel" else chance.randrange(70),
                    "figures": chance.sample(figures, min(len(figures), chance.randrange(3))),
                }
                kind = chance.random()
                if kind < 0.3:
                    return json.dumps(asked)
                if kind < 0.7:
                    return json.dumps(_elsewhere(asked, chance))
                if kind < 0.95:
                    return _changed(json.dumps(asked), chance)
                if kind < 0.98:
                    return chance.choice(
                        ("[" * answer.LONGEST, '{"to":' * 600, "x" * (answer.LONGEST + 1), "", "null", "{}")
                    )
                return chance.randbytes(chance.randrange(200))

            return Tried().each((one() for _ in range(many)), become)
    finally:
        channel.A_CONNECTION = usual


KINDS = {"addresses": addresses, "files": files, "questions": questions}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], help="which; all if none is named")
    parser.add_argument("--many", type=int, default=10_000, help="how many of each")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    faults: list[str] = []
    for name in asked.kinds or KINDS:
        tried = KINDS[name](asked.many, asked.seed)
        became = ", ".join(f"{what} {many:,}" for what, many in tried.became.most_common())
        print(f"{tried.many:,} {name}: {became}; slowest {tried.slowest:.2f} s", flush=True)
        faults += tried.faults
    print("\n".join(faults[:40]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
