"""A server that starts again under an open page, a line that is cut or hangs: what is done counts, all of the page agrees."""

import socket
import threading
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from ics_core import population
from ics_core.scenario import Scenario
from pages.figures.population import about
from tests.conftest import serve
from tests.load.server import Server

WAIT = 60_000
MOVING_IN = "People moving in"


@pytest.fixture(scope="module")
def server():
    """The app on one port, to be ended without a word and started again."""
    one = Server()
    yield one
    one.kill()


@pytest.fixture
def page(chromium, server):
    """The population page with 200 more people moving in, its server started again behind its back."""
    window = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = window.new_page()
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{server.address}/population?migration=200")
    expect(lever(page)).to_have_value("200", timeout=WAIT)
    expect(head(page)).to_contain_text(residents(200), timeout=WAIT)
    streams = sum("stream" in url for url in sockets)
    server.kill()
    server.start()
    for _ in range(240):
        if sum("stream" in url for url in sockets) > streams:
            break
        page.wait_for_timeout(250)
    page.wait_for_timeout(2000)
    yield page
    window.close()


def lever(page):
    return page.get_by_role("slider", name=MOVING_IN)


def head(page):
    return page.locator(".st-key-live-head")


def residents(migration: float) -> str:
    return about(population.growth(Scenario(migration=migration), places="footprint")["after"].iloc[0])


def test_the_first_move_counts_and_number_finding_lever_and_address_are_one_state(page):
    step = 50
    assert residents(200 + step) != residents(200)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/population?*migration=250*", timeout=WAIT)
    expect(head(page).locator("h2")).to_contain_text(residents(250), timeout=WAIT)
    expect(head(page).locator("b").first).to_contain_text(residents(250), timeout=WAIT)
    expect(lever(page)).to_have_value("250")
    page.get_by_role("button", name="Undo").click(timeout=WAIT)
    page.wait_for_url("**/population?*migration=200*", timeout=WAIT)
    expect(head(page).locator("h2")).to_contain_text(residents(200), timeout=WAIT)
    expect(lever(page)).to_have_value("200", timeout=WAIT)


def test_the_first_reset_counts(page):
    page.get_by_role("button", name="Reset all").click(timeout=WAIT)
    page.wait_for_function("() => !location.search.includes('migration')", timeout=WAIT)
    expect(head(page).locator("h2")).to_contain_text(residents(0), timeout=WAIT)
    expect(lever(page)).to_have_value("0", timeout=WAIT)


# ------------------------------------------------------------------------------ a line that is cut, or hangs


class Line:
    """The line between a browser and a server on this machine, which can be cut, or hang with no word to either end."""

    def __init__(self, port: int) -> None:
        self.to, self.ends, self.is_open, self.flows = port, [], True, threading.Event()
        self.flows.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
                if not self.is_open:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                if self.listener.fileno() < 0:
                    return
                continue
            self.ends += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while data := here.recv(65536):
                self.flows.wait()
                there.sendall(data)
        except OSError:
            pass
        self.flows.wait()  # nor does the end of a connection get through a line that hangs
        for end in (here, there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self.is_open = False
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.flows.set()
        self.listener.close()
        self.cut()


@pytest.fixture(scope="module")
def far_server():
    """A server that gives a closed visit up after a second, and a silent line after two, in place of 120 and 30."""
    options = ("--server.disconnectedSessionTTL", "1", "--server.websocketPingInterval", "2")
    process, address = serve("app.py", *options)
    yield int(address.rpartition(":")[2])
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def over_a_line(chromium, far_server):
    line = Line(far_server)
    window = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = window.new_page()
    with page.expect_response(
        "**/line.js", timeout=WAIT
    ) as code:  # what speaks up when the line is cut has come over it
        page.goto(f"{line.address}/population?migration=200")
    code.value.finished()
    expect(lever(page)).to_have_value("200", timeout=WAIT)
    expect(head(page)).to_contain_text(residents(200), timeout=WAIT)
    yield page, line
    window.close()
    line.close()


def stands_at(page, migration: int) -> None:
    page.wait_for_url(f"**/population?*migration={migration}*", timeout=WAIT)
    expect(head(page).locator("h2")).to_contain_text(residents(migration), timeout=WAIT)
    expect(head(page).locator("b").first).to_contain_text(residents(migration), timeout=WAIT)
    expect(lever(page)).to_have_value(str(migration), timeout=WAIT)


def test_a_line_cut_for_longer_than_a_visit_is_kept_comes_back_by_itself_and_blocks_nothing(over_a_line):
    page, line = over_a_line
    line.cut()
    said = page.locator("#server-line[role=status]")
    expect(said).to_contain_text("The server does not answer", timeout=WAIT)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "internet" not in page.locator("body").inner_text()
    page.wait_for_timeout(1500)  # longer than this server keeps a closed visit
    line.mend()
    expect(said).to_have_count(0, timeout=WAIT)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    stands_at(page, 250)
    page.get_by_role("button", name="Undo").click(timeout=WAIT)
    stands_at(page, 200)


def test_what_is_moved_while_the_line_is_cut_counts_when_it_is_back(over_a_line):
    page, line = over_a_line
    line.cut()
    expect(page.locator("#server-line")).to_contain_text("The server does not answer", timeout=WAIT)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)  # the lever has come to rest, the visit is given up
    line.mend()
    stands_at(page, 250)


def test_what_is_moved_on_a_line_that_hangs_counts_when_it_flows_again(over_a_line):
    page, line = over_a_line
    line.flows.clear()
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(6000)  # past the time after which this server takes the line for dead
    line.flows.set()
    stands_at(page, 250)
    lever(page).focus()
    page.keyboard.press("ArrowRight")
    stands_at(page, 300)
