"""A server that starts again under an open page: the first thing done there counts, and all of the page agrees."""

import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from ics_core import population
from ics_core.scenario import Scenario
from pages.figures.population import about
from tests.conftest import ROOT
from tests.server.test_server import free_port

WAIT = 60_000
MOVING_IN = "People moving in"


class Restarted:
    """The app on one port, to be ended without a word and started again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([*command, "--server.fileWatcherType", "none"], cwd=ROOT, **quiet)
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1)
                return
            except OSError:
                time.sleep(0.25)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=30)


@pytest.fixture
def server():
    one = Restarted()
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
