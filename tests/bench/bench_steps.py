"""What one step of a lever costs at rest, beside a blank page with a slider: ``python -m tests.bench.bench_steps``.

CPU of the server process and bytes sent to the browser, over 16 steps of one lever that each come to rest, at
1440x900. Prints a table; asserts nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bench.blank import SCRIPT
from tests.conftest import CHROMIUM_FLAGS, find_chromium, serve
from tests.load.server import cpu

STEPS = 16
PAGES = {"population": "Birth rates", "demand": "Birth rates", "money": "Efficiency"}


def main(pages: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        blank = Path(folder) / "blank.py"
        blank.write_text(SCRIPT, encoding="utf-8")
        servers = [serve(blank), serve("app.py")]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        try:
            (plain, plain_address), (ours, address) = servers
            base, *rest = measured(browser, plain, plain_address, "")
            print(f"{'Page':14}{'CPU a step, ms':>16}{'KB a step':>12}{'KB first visit':>16}{'CPU over blank':>16}")
            print(f"{'blank page':14}{base:>16.1f}{rest[0]:>12.1f}{rest[1]:>16.1f}{1:>16.1f}")
            for name in pages:
                cpu, step, first = measured(browser, ours, f"{address}/{name}", PAGES[name])
                print(f"{name:14}{cpu:>16.1f}{step:>12.1f}{first:>16.1f}{cpu / base:>16.1f}")
        finally:
            browser.close()
            for process, _ in servers:
                process.terminate()
                process.wait(timeout=20)


def measured(browser: Browser, server: subprocess.Popen, address: str, lever: str) -> tuple[float, float, float]:
    """CPU milliseconds and KB of one step, and KB of the first visit's messages (the second visitor's)."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    received = [0]
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: received.__setitem__(0, received[0] + len(frame))),
    )
    for _ in range(2):  # the first visit warms the server
        received[0] = 0
        page.goto(address)
        page.get_by_role("slider", name=lever or None).first.wait_for(timeout=60_000)
        page.wait_for_timeout(6000)
    first = received[0]
    slider = page.get_by_role("slider", name=lever or None).first
    slider.focus()
    page.wait_for_timeout(1000)
    received[0], before = 0, cpu(server.pid)
    for step in range(STEPS):
        page.keyboard.press("ArrowRight" if step < STEPS / 2 else "ArrowLeft")
        page.wait_for_timeout(1500)
    spent = cpu(server.pid) - before
    page.context.close()
    return 1000 * spent / STEPS, received[0] / STEPS / 1024, first / 1024


if __name__ == "__main__":
    main(sys.argv[1:] or list(PAGES))
