"""What all tests share: quiet Streamlit, a Chromium for the browser tests, one running app."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


SLOW = {"browser", "server", "load", "pages", "workshop", "importers"}


def pytest_collection_modifyitems(items):
    """Quick is the core (``-m "not slow"``): slow is what runs a page, a browser or a server, or lands files."""
    for item in items:
        if SLOW & set(Path(item.path).parts) or Path(item.path).name == "test_second_area.py":
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="session")
def quiet_streamlit():
    """Streamlit warns once for every widget outside a running app; the tests do not need to hear it."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)


@pytest.fixture
def data_copy(tmp_path, monkeypatch):
    """A copy of the data folder, in place of the project's, in which a test may do what it likes."""
    from ics_core import catalogue, kept

    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("undo", "live"))
    monkeypatch.setattr(catalogue, "DATA", folder)
    kept.forget()
    yield folder
    monkeypatch.undo()
    kept.forget()


def find_chromium() -> str | None:
    """Path of a Chromium on this machine, or None when Playwright's own is to be used."""
    return next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


def install_chromium() -> str | None:
    """Make sure there is a Chromium; returns its path, or None for Playwright's own. Fails with the command to run."""
    found = find_chromium()
    if found:
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
        found = find_chromium()
        if found:
            return found
        pytest.fail(
            "The browser tests need Chromium and it could not be installed. Run: apt-get update && apt-get install -y chromium",
            pytrace=False,
        )
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if done.returncode:
        pytest.fail(
            f"The browser tests need Chromium and it could not be installed. Run: {sys.executable} -m playwright install chromium",
            pytrace=False,
        )
    return None


def from_debian(find: Callable[[], Path | None], package: str) -> Path:
    """What ``find`` finds, once Debian's ``package`` is there. Fails with the command to run."""
    wait = ["-o", "DPkg::Lock::Timeout=300"]  # another worker may be installing, too
    install = ["install", "-y", "--no-install-recommends", package]
    if not find() and shutil.which("apt-get") and os.geteuid() == 0:
        for arguments in (["update", "-qq"], [*install, "-qq"]):
            subprocess.run(
                ["apt-get", *wait, *arguments], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
    found = find()
    if not found:
        command = f"apt-get update && apt-get {' '.join(install)}"
        pytest.fail(f"These tests need {package} and it could not be installed. Run: {command}", pytrace=False)
    return found


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium, started once for the whole session."""
    from playwright.sync_api import sync_playwright

    path = install_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(address: str) -> None:
    """Wait until the app at an address says that it is healthy; fails after a minute and a half."""
    for _ in range(450):
        with suppress(OSError):
            if urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"The app at {address} did not start.")


def serve(script: str | Path = "app.py", *extra: str, under: str = "") -> tuple[subprocess.Popen, str]:
    """Start a Streamlit app on a free port of this machine, ``under`` a path if given, and wait until it is healthy."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.address",
        "127.0.0.1",
    ]
    extra = (*extra, "--server.baseUrlPath", under) if under else extra
    process = subprocess.Popen(
        [*command, "--server.headless", "true", "--server.fileWatcherType", "none", *extra],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}" + (f"/{under}" if under else "")
    try:
        wait_for(address)
    except RuntimeError:
        process.terminate()
        raise
    return process, address


@pytest.fixture(scope="session")
def app():
    """Address of the running app."""
    process, address = serve()
    yield address
    process.terminate()
    process.wait(timeout=20)
