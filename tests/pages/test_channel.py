"""The server's end of instant answers takes whatever it is sent: other sites, floods, what is too long or no text."""

import asyncio
import base64
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import config

from ics_core.kept import forget
from pages.components import seams
from pages.components.instant import answer, channel
from pages.components.instant.answer import LONGEST
from pages.components.instant.channel import Budget, Desk

ROOT = Path(__file__).parents[2]
PAGES = {"population": ()}


def question(to: object = 5, moved: str = "fertility") -> str:
    return json.dumps({"page": "population", "query": {}, "moved": moved, "to": to})


def client(base: str = "") -> TestClient:
    return TestClient(Starlette(routes=[channel.route(base, PAGES)]))


# ------------------------------------------------------------------------------------- one question


@pytest.mark.parametrize(
    ("base", "path"), [("", "/instant"), ("/", "/instant"), ("health/app/", "/health/app/instant")]
)
def test_a_question_is_answered_under_the_path_the_app_is_served_from(base, path):
    with client(base).websocket_connect(path) as line:
        line.send_text(question())
        assert "everyone" in json.loads(line.receive_text())["results"]
        line.send_text("no question")
        assert line.receive_text() == "{}"
        line.send_text(question(6))
        assert "everyone" in json.loads(line.receive_text())["results"]


@pytest.mark.parametrize(
    ("origin", "host", "settings", "allowed"),
    [
        (None, "testserver", {}, True),
        ("https://testserver", "testserver", {}, True),
        ("https://evil.example", "testserver", {}, False),
        ("https://testserver.evil.example", "testserver", {}, False),
        ("null", "testserver", {}, False),
        ("http://[", "testserver", {}, False),
        ("http://localhost:3000", "testserver", {}, True),
        ("https://council.example", "testserver", {"server.corsAllowedOrigins": ["https://council.example"]}, True),
        ("https://evil.example", "testserver", {"server.corsAllowedOrigins": ["https://council.example"]}, False),
        ("https://evil.example", "testserver", {"server.enableCORS": False}, True),
        (None, "testserver", {"server.allowedHosts": ["explorer.example"]}, False),
        (None, "explorer.example", {"server.allowedHosts": ["explorer.example"]}, True),
    ],
)
def test_other_sites_are_refused_as_by_streamlits_own_connection(origin, host, settings, allowed):
    before = {name: config.get_option(name) for name in settings}
    headers = {"host": host} | ({"origin": origin} if origin else {})
    try:
        for name, value in settings.items():
            config.set_option(name, value)
        if allowed:
            with client().websocket_connect("/instant", headers=headers) as line:
                line.send_text(question())
                assert line.receive_text() != "{}"
        else:
            with pytest.raises(WebSocketDisconnect) as refused, client().websocket_connect("/instant", headers=headers):
                pass
            assert refused.value.code == channel.POLICY
    finally:
        for name, value in before.items():
            config.set_option(name, value)


def test_the_refusal_of_an_origin_asks_nobody_which_address_we_have(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: pytest.fail(f"looked up {asked}"))
    assert not seams.origin_allowed("https://evil.example", "testserver")


@pytest.mark.parametrize(
    ("send", "code"),
    [
        (lambda line: line.send_bytes(b"\x00" * 10), channel.NOT_TEXT),
        (lambda line: line.send_text("x" * (LONGEST + 1)), channel.TOO_BIG),
    ],
)
def test_what_is_no_text_or_too_long_ends_the_connection_in_quiet(send, code, caplog):
    with client().websocket_connect("/instant") as line:
        send(line)
        with pytest.raises(WebSocketDisconnect) as ended:
            line.receive_text()
    assert ended.value.code == code
    assert len(caplog.records) == 1 and caplog.records[0].exc_info is None


@pytest.mark.parametrize("text", ["[" * LONGEST, '{"to":' * 600, question("9" * 400), question(10**400), "\ud7ff" * 99])
def test_deep_or_monstrous_questions_leave_the_connection_standing(text, caplog):
    with client().websocket_connect("/instant") as line:
        line.send_text(text)
        assert line.receive_text() == "{}"
        line.send_text(question())
        assert line.receive_text() != "{}"
    assert not [record for record in caplog.records if record.exc_info]


def test_a_fault_in_a_figure_is_logged_and_leaves_the_connection_standing(caplog):
    def broken(asked):
        raise RuntimeError("a fault of ours")

    assert asyncio.run(Desk(PAGES, broken).answered(question())) == "{}"
    assert "a fault of ours" in caplog.text


# ------------------------------------------------------------------------------------ many questions


def test_equal_questions_at_the_same_time_are_worked_out_once():
    begun, go, worked = threading.Event(), threading.Event(), []

    def work(asked):
        worked.append(asked.to)
        begun.set()
        assert go.wait(30)
        return f'{{"to":{asked.to}}}'

    async def many() -> list[str]:
        desk = Desk(PAGES, work)
        tasks = [asyncio.create_task(desk.answered(question(5))) for _ in range(20)]
        while not begun.is_set():
            await asyncio.sleep(0)
        go.set()
        found = await asyncio.gather(*tasks, desk.answered(question(6)))
        return [*found, await desk.answered(question(5))]

    said = asyncio.run(many())
    assert said == ['{"to":5}'] * 20 + ['{"to":6}', '{"to":5}']
    assert sorted(worked) == ["5", "6"]  # and the last one was still known


def test_what_was_answered_before_is_sent_again_unread_and_forgotten_when_the_data_change(monkeypatch):
    first = json.dumps({"page": "population", "query": {}, "moved": "fertility", "to": 5})
    read = []
    monkeypatch.setattr(answer, "read", lambda text, pages, read_=answer.read: read.append(text) or read_(text, pages))
    with client().websocket_connect("/instant") as line:
        said = []
        for _ in range(3):
            line.send_text(first)
            said.append(line.receive_text())
        assert read == [first] and len(set(said)) == 1
        forget()
        line.send_text(first)
        assert line.receive_text() == said[0] and read == [first, first]


def test_nothing_is_worked_out_that_nobody_asked_until_a_crowd_has_come(monkeypatch):
    monkeypatch.setattr(channel, "CROWD", 2)
    desk = Desk({"population": ("population",)}, lambda asked: asked.to)
    with TestClient(Starlette(routes=[WebSocketRoute("/instant", desk.converse)])) as visitor:
        with visitor.websocket_connect("/instant") as line:
            line.send_text(question())
            assert line.receive_text() == "5" and desk.ahead is None
            with visitor.websocket_connect("/instant") as another:
                another.send_text(question(6))
                assert another.receive_text() == "6" and desk.ahead is not None


def test_what_a_crowd_will_ask_first_is_worked_out_while_nobody_waits(monkeypatch):
    monkeypatch.setattr(channel, "QUIET", 0.0)
    monkeypatch.setattr(channel, "PAUSE", 0.0)
    pages = {"population": ("population",), "money": ("money",)}
    foreseen = list(answer.foreseen(pages))
    assert {one.page for one in foreseen} == set(pages) and {one.to for one in foreseen} >= {"0", "-30", "30"}
    assert (foreseen[0].moved, foreseen[0].to) == ("fertility", "0")
    worked = []

    async def come() -> str:
        desk = Desk(pages, lambda asked: worked.append(asked) or asked.to)
        desk.budget = Budget(10**6)
        desk.ahead = asyncio.create_task(desk._foresee())
        while len(worked) < 40:
            await asyncio.sleep(0)
        desk.ahead.cancel()
        sent = {"page": "population", "query": {}, "moved": "fertility", "to": 1, "figures": ["over-time"]}
        before = len(worked)
        said = await desk.answered(json.dumps(sent))
        assert len(worked) == before, "a foreseen question is worked out again"
        return said

    assert asyncio.run(come()) == "1" and worked[:40] == foreseen[:40]


def test_no_more_answers_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(channel, "_KEPT", 20_000)
    desk = Desk(PAGES, lambda asked: asked.to * 500)

    async def many() -> None:
        for n in range(20, 60):
            await desk.answered(question(n))

    asyncio.run(many())
    assert desk.kept.held == 20_000 and not desk.going
    assert desk.kept.find(question(49)) is None and desk.kept.find(question(50)) == "50" * 500


def test_answers_take_no_more_of_the_core_than_their_share(monkeypatch):
    """Each takes half a second of CPU, by a clock that moves only while one is worked out or held back."""
    now, sleep = [100.0], asyncio.sleep

    def work(desk: Desk, asked: channel.Question) -> tuple[str, float]:
        now[0] += 0.5
        return asked.to, 0.5

    async def pause(seconds: float) -> None:
        now[0] += seconds
        await sleep(0)

    async def many() -> None:
        for n in range(30):
            await desk.answered(question(n))

    monkeypatch.setattr(Desk, "_timed", work)
    monkeypatch.setattr(asyncio, "sleep", pause)
    monkeypatch.setattr(channel, "time", SimpleNamespace(monotonic=lambda: now[0]))
    desk = Desk(PAGES)
    asyncio.run(many())
    used, share = 30 * 0.5, channel.IN_ALL
    assert used / (now[0] - 100 + 1) == pytest.approx(share, rel=0.05)  # a second's share is there at the start


def test_one_reader_who_leaves_takes_no_answer_from_the_others():
    begun, go = threading.Event(), threading.Event()

    def work(asked):
        begun.set()
        assert go.wait(30)
        return "said"

    async def two() -> str:
        desk = Desk(PAGES, work)
        leaving, staying = (asyncio.create_task(desk.answered(question())) for _ in range(2))
        while not begun.is_set():
            await asyncio.sleep(0)
        leaving.cancel()
        go.set()
        return await staying

    assert asyncio.run(two()) == "said"


class Line:
    """A connection that has sent ``texts`` already, and keeps what comes back."""

    headers = {}

    def __init__(self, texts, last=None):
        self.waiting, self.said, self.last = deque(texts), [], last

    async def receive(self):
        if self.waiting:
            return {"type": "websocket.receive", "text": self.waiting.popleft()}
        await self.last.wait()
        return {"type": "websocket.disconnect"}

    async def send_text(self, text):
        self.said.append(text)
        if not self.waiting:
            self.last.set()


def test_of_a_flood_the_latest_question_is_answered_and_not_each():
    worked = []

    def work(asked):
        worked.append(asked.to)
        return asked.to

    async def flood() -> Line:
        line = Line([question(n) for n in range(channel.A_CONNECTION - 1)], asyncio.Event())
        await Desk(PAGES, work)._serve(line)
        return line

    said = asyncio.run(flood()).said
    assert said[-1] == str(channel.A_CONNECTION - 2)
    assert len(worked) < channel.A_CONNECTION / 2


def test_a_budget_lets_a_burst_pass_and_then_one_at_a_time():
    budget = Budget(10)
    assert [budget.wait(100.0) for _ in range(10)] == [0] * 10
    assert budget.wait(100.0) == pytest.approx(0.1) and budget.wait(100.0) == pytest.approx(0.2)
    assert budget.wait(100.5) == 0  # what was not used is there again, as much as a second holds
    assert [budget.wait(1000.0) for _ in range(10)] == [0] * 10 and budget.wait(1000.0) > 0


def test_only_so_many_connections_are_open_at_a_time(monkeypatch):
    monkeypatch.setattr(channel, "MOST_OPEN", 1)
    visitor = client()
    with visitor.websocket_connect("/instant"):
        with pytest.raises(WebSocketDisconnect) as refused, visitor.websocket_connect("/instant"):
            pass
        assert refused.value.code == channel.FULL
    with visitor.websocket_connect("/instant") as line:
        line.send_text("again")
        assert line.receive_text() == "{}"


# --------------------------------------------------------------------------------- a server around it


@pytest.fixture(scope="module")
def served():
    """Address and port of a server as Streamlit starts it, with our route alone."""
    from streamlit.web.server.starlette.starlette_server import _get_uvicorn_config_kwargs

    app = Starlette(routes=[channel.route("", PAGES)])
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", **_get_uvicorn_config_kwargs())
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join(20)


def opened(address) -> socket.socket:
    """A connection for instant answers, by hand."""
    line = socket.create_connection(address, timeout=30)
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET /instant HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    said = b""
    while b"\r\n\r\n" not in said:
        said += line.recv(1024)
    assert said.startswith(b"HTTP/1.1 101")
    return line


@pytest.mark.parametrize("length", [4 * LONGEST + 1, 100_000_000])
def test_a_long_message_is_refused_by_the_length_it_announces_before_it_is_read(served, length):
    line = opened(served)
    line.sendall(struct.pack("!BBQ", 0x81, 0x80 | 127, length) + b"\0\0\0\0" + b"x" * 100)  # its head, and little more
    code, length, reason = struct.unpack("!BBH", line.recv(4))
    assert code == 0x88 and reason == channel.TOO_BIG
    line.close()


def test_a_question_of_many_bytes_but_few_characters_is_read(served):
    line = opened(served)
    text = ("£" * 3000).encode()
    line.sendall(struct.pack("!BBH", 0x81, 0x80 | 126, len(text)) + b"\0\0\0\0" + text)
    assert line.recv(4) == b"\x81\x02{}"
    line.close()


def test_a_server_whose_data_have_gone_leaves_a_question_unanswered():
    start = """
import app
from pathlib import Path
from ics_core import catalogue
from pages.components.instant import answer
catalogue.DATA = Path("nowhere")
asked = answer.read('{"page": "population", "query": {}, "moved": "fertility", "to": 1}', ("population",))
print(app.app is not None, answer.reply(asked))
"""
    said = subprocess.run([sys.executable, "-c", start], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "True {}", said.stderr
