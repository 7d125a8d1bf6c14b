"""The server around the pages: what it asks of others, what it tells browsers, what it refuses."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from ics_core import __version__, catalogue
from ics_core.errors import ScenarioError
from ics_core.scenario import Scenario
from ics_core.scenario.codec import MODEL_VERSION, SCHEMA
from pages.components import seams
from pages.components.frame import headers
from pages.components.map import draw
from tests.browser.test_every_page import addresses
from tests.conftest import free_port, wait_for
from tests.load.server import finished

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def handshake(port: int, path: str, origin: str) -> str:
    """The first line a server answers to a browser of another site that asks for a stream."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        return line.recv(100).decode().splitlines()[0]


class Server:
    """The app as its README starts it, in a process that notes every name it looks up."""

    def __init__(self, folder: Path, *extra: str, program: tuple[str, ...] = (), env: dict[str, str] | None = None):
        self.port, self.notes, self.log = free_port(), folder / "look-ups", folder / "log"
        self.notes.touch()
        watch = str(Path(__file__).with_name("watch"))
        command = program or (sys.executable, "-m", "streamlit", "run", "app.py")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--server.port", str(self.port), *extra],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONPATH": watch, "NOTED_LOOK_UPS": str(self.notes)} | (env or {}),
            )
        wait_for(f"http://127.0.0.1:{self.port}")

    def get(self, path: str, **headers: str):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        return urllib.request.urlopen(request, timeout=60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    one = Server(tmp_path_factory.mktemp("server"), env={headers.FRAMED_BY: "https://www.council.example"})
    yield one
    one.stop()


def status(server: Server, path: str, **headers: str) -> int:
    try:
        return server.get(path, **headers).status
    except urllib.error.HTTPError as refused:
        return refused.code


# ------------------------------------------------------------------------------------ asks nobody


def test_the_ways_to_start_are_those_tried_here():
    run = set(re.findall(r"streamlit run app\.py([^`\n;]*)", README))
    switches = set(re.findall(r"--server\.\w+ [\d.]+", README))
    assert run == {""} and switches == {"--server.address 0.0.0.0"}


def ask_all(server: Server) -> None:
    assert server.get("/").status == 200
    for path in ("/_stcore/stream", "/instant"):
        assert " 403 " in handshake(server.port, path, "https://elsewhere.example") + " "


def test_started_as_documented_nothing_outside_is_looked_up(server):
    ask_all(server)
    assert server.notes.read_text() == ""


def test_a_name_of_another_site_in_the_settings_changes_nothing(tmp_path):
    one = Server(tmp_path, "--browser.serverAddress", "explorer.example")
    try:
        ask_all(one)
        assert one.notes.read_text() == ""
    finally:
        one.stop()


def test_opened_to_a_hall_it_prints_the_address_to_type_and_looks_nothing_up(tmp_path):
    one = Server(tmp_path, "--server.address", "0.0.0.0")
    try:
        ask_all(one)
        assert one.notes.read_text() == ""
        assert re.search(rf"Phones on the same network: http://[\w.-]+:{one.port}/join opens", one.log.read_text())
    finally:
        one.stop()


def test_it_answers_this_machine_alone_unless_told_otherwise(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        own = probe.getsockname()[0]
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    if own != "127.0.0.1":
        with pytest.raises(OSError), socket.create_connection((own, server.port), timeout=5):
            pass
    assert "Phones" not in server.log.read_text()


# ---------------------------------------------------------------------------------------- answers


def test_a_shared_link_says_what_its_page_is_about_and_no_other_says_the_same(server):
    told = set()
    for path in addresses():
        sent = server.get(f"/{path}")
        first = sent.read().decode()
        about = re.search(r'<meta name="description" content="([^"]+)">', first)
        assert about and "{" not in about[1], path
        assert f'<meta property="og:description" content="{about[1]}">' in first and "<title>Norfolk" in first, path
        assert int(sent.headers["content-length"]) == len(first.encode())
        told.add(about[1])
    assert len(told) == len(addresses())
    assert '<meta name="description"' not in server.get("/no-such-page").read().decode()


def test_every_answer_carries_safe_headers(server):
    for path in ("/", "/population", "/_stcore/health", "/version", "/static/nothing"):
        try:
            found = server.get(path).headers
        except urllib.error.HTTPError as refused:
            found = refused.headers
        assert found["x-content-type-options"] == "nosniff", path
        assert found["referrer-policy"] == "same-origin", path
        assert "default-src 'self'" in found["content-security-policy"], path
        assert "frame-ancestors 'self' https://www.council.example" in found["content-security-policy"], path


def test_only_streets_on_a_map_may_come_from_elsewhere():
    outside = re.findall(r"https?://[^ ;]+", headers.policy())
    assert [one in draw._STREETS for one in outside] == [True]


def test_pages_for_phones_keep_their_own_stricter_policy(server):
    assert "default-src 'none'" in server.get("/join").headers["content-security-policy"]


def test_the_policy_holds_no_word_that_would_end_a_rule(monkeypatch):
    monkeypatch.setenv(headers.FRAMED_BY, "https://a.example https://b.example;script-src https://c.example,*")
    assert headers.policy().endswith("frame-ancestors 'self' https://a.example")


def test_the_version_of_app_model_and_data_can_be_asked(server):
    told = json.load(server.get("/version"))
    assert told == {"version": __version__, "model": MODEL_VERSION, "data_release": catalogue.release()}


def test_a_figure_is_served_by_its_address_to_programs_of_any_site(server):
    sent = server.get("/data/method/structure.csv", Origin="https://elsewhere.example")
    assert sent.headers["access-control-allow-origin"] == "*" and sent.headers["x-content-type-options"] == "nosniff"
    assert b"from,to,carries" in sent.read() and status(server, "/data/method/nothing.csv") == 404
    assert status(server, "/data") == 200  # the page of that name is still the app's


def test_metrics_are_for_this_machine_alone(server):
    assert status(server, "/_stcore/metrics") == 200
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert status(server, "/_stcore/metrics", **{name: "192.0.2.7"}) == 404


def test_a_visitor_sees_no_file_paths_and_sends_no_large_files():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["client"]["showErrorDetails"] == "none"
    assert config["server"]["maxUploadSize"] == 1 and config["server"]["enableXsrfProtection"] is True


# --------------------------------------------------------------------------------------- refusals


async def swallow(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


UPLOAD = "/_stcore/upload_file/visit/file"


def client(address: str = "127.0.0.1") -> TestClient:
    routes = [Route(path, swallow, methods=["PUT"]) for path in ("/swallow", UPLOAD)]
    routes += [Route("/_stcore/metrics", swallow), Route("/media/0af3.png", swallow)]
    app = Starlette(routes=routes, middleware=[Middleware(headers.SafeAnswers)])
    return TestClient(app, client=(address, 5000))


def test_a_browser_keeps_a_picture_named_by_what_is_in_it_and_nothing_else():
    assert "immutable" in client().get("/media/0af3.png").headers["cache-control"]
    assert "cache-control" not in client().get("/media/0af4.png").headers
    assert "cache-control" not in client().get("/_stcore/metrics").headers


def test_a_body_too_long_is_refused_whether_it_says_so_or_not():
    most = headers.LARGEST_BODY
    assert client().put("/swallow", content=b"x" * most).text == str(most)
    assert client().put("/swallow", content=b"x" * (most + 1)).status_code == 413
    pieces = (b"x" * 100_000 for _ in range(most // 100_000 + 1))
    refused = client().put("/swallow", content=pieces)
    assert refused.status_code == 413 and refused.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("setting", "path", "status"), [("on", UPLOAD, 200), ("", UPLOAD, 413), ("on", "/swallow", 413)]
)
def test_an_official_file_may_be_large_where_uploads_are_allowed(setting, path, status, monkeypatch):
    monkeypatch.setenv(headers.REFRESH, setting)
    assert client().put(path, content=b"x" * 5_000_000).status_code == status


def test_no_file_is_larger_than_the_largest_official_one(monkeypatch):
    monkeypatch.setenv(headers.REFRESH, "on")
    length = {"content-length": str((headers.LARGEST_FILE + 2) * 1024**2)}
    assert client().put(UPLOAD, headers=length, content=b"").status_code == 413


@pytest.mark.parametrize("said", ["many", "-1", "9" * 4400, "1e3"])
def test_a_length_that_is_no_number_is_refused(said):
    assert client().put("/swallow", headers={"content-length": said}, content=b"").status_code == 413


@contextmanager
def half_open_for(seconds: float, monkeypatch, **settings: int):
    """A small server that ends what is half open after so long; its port."""
    for name in ("connection_made", "data_received"):
        monkeypatch.setattr(seams.H11Protocol, name, getattr(seams.H11Protocol, name))
    seams.end_half_open(seconds)

    async def echo(stream: WebSocket) -> None:
        await stream.accept()
        await stream.send_text(await stream.receive_text())

    here = Route("/version", lambda request: PlainTextResponse("here"))
    config = uvicorn.Config(
        Starlette(routes=[here, WebSocketRoute("/stream", echo)]),
        port=free_port(),
        log_level="error",
        http="h11",
        ws="websockets-sansio",
        **settings,
    )
    served = uvicorn.Server(config)
    thread = threading.Thread(target=served.run)
    thread.start()
    while not served.started:
        time.sleep(0.05)
    yield config.port
    served.should_exit = True
    thread.join(timeout=30)


@pytest.mark.parametrize("before", [b"", b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n"], ids=["first", "second"])
@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost:"], ids=["silent", "half a head"])
def test_a_request_that_is_begun_and_left_hanging_is_ended(before, begun, monkeypatch):
    """With a limit of half a second in place of twenty."""
    pause = 600 if begun else 1  # the server's own limit, for the pause between two requests
    with half_open_for(0.5, monkeypatch, timeout_keep_alive=pause) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(before)
            answered = b""
            while before and b"here" not in answered:
                answered += line.recv(1000)
            line.sendall(begun)
            assert line.recv(1000) == b"", "it is still open"


def test_a_stream_stays_open_for_longer_than_a_half_open_request(monkeypatch):
    with half_open_for(0.3, monkeypatch) as port, connect(f"ws://127.0.0.1:{port}/stream") as stream:
        time.sleep(1)
        stream.send("still here")
        assert stream.recv(timeout=60) == "still here"


def test_a_body_that_stops_coming_is_refused(monkeypatch):
    monkeypatch.setattr(headers, "SLOWEST", 0.2)
    sent = []

    async def never() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    async def note(message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "PUT", "path": "/swallow", "headers": [(b"content-length", b"9")]}
    scope |= {"query_string": b"", "client": ("127.0.0.1", 1), "server": ("a", 1), "scheme": "http", "root_path": ""}
    finished(client().app(scope, never, note))
    assert sent[0]["status"] == 408


def test_strangers_get_no_metrics():
    assert client("192.0.2.9").get("/_stcore/metrics").status_code == 404


# --------------------------------------------------------------------------------- scenario files


def test_looking_for_a_repeated_key_looks_at_each_key_once(monkeypatch):
    """Each look at a key asks for its hash; a file of n keys may ask for a few n, not for n squared."""
    looks = 0

    class Key(str):
        def __hash__(self):
            nonlocal looks
            looks += 1
            return super().__hash__()

    def decode(text, object_pairs_hook, **more):
        return object_pairs_hook([(Key(f"key{i}"), 1) for i in range(3000)])

    monkeypatch.setattr("ics_core.scenario.codec.json.loads", decode)
    with pytest.raises(ScenarioError):
        Scenario.from_json("{}")
    assert looks < 5 * 3000


def test_a_key_given_twice_is_still_named():
    with pytest.raises(ScenarioError, match='"schema" twice'):
        Scenario.from_json(f'{{"schema": "{SCHEMA}", "schema": "{SCHEMA}"}}')


# -------------------------------------------------------------------------------------- without data


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_the_server_starts_without_data_and_says_so_in_words(tmp_path, chromium, folder):
    data = tmp_path / "data"
    if folder == "empty":
        data.mkdir()
    one = Server(tmp_path, env={"ICS_DATA": str(data)})
    page = chromium.new_page()
    try:
        assert one.get("/_stcore/health").status == 200 and status(one, "/version") == 503
        page.goto(f"http://127.0.0.1:{one.port}/population")
        said = page.get_by_test_id("stAlert")
        said.wait_for(timeout=60_000)
        assert "is missing" in said.inner_text() and "To restore it" in said.inner_text()
        assert "Traceback" not in one.log.read_text()
    finally:
        page.close()
        one.stop()
