"""Where everything stands on the stage of every page, figure and size: ``python -m tests.bench.bench_positions``.

Prints a line for each, with what of the promise of one screen it does not keep; asserts nothing.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from pages.figures import registry
from tests.browser.positions import faults, measured
from tests.browser.test_every_page import settle
from tests.conftest import CHROMIUM_FLAGS, find_chromium, serve

SIZES = ((1440, 900), (1366, 768), (1280, 720), (1024, 768), (820, 1180), (390, 844))
PAGES = ("population", "demand", "money", "travel", "places", "nearest-systems", "outlook_2018")


def main(pages: list[str]) -> None:
    process, address = serve("app.py")
    kept = told = 0
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
            for name in pages:
                for entry in registry.figures(name):
                    page = browser.new_page()
                    page.goto(f"{address}/{name}?figure={entry.id}")
                    for width, height in SIZES:
                        page.set_viewport_size({"width": width, "height": height})
                        settle(page)
                        page.locator(".st-key-chosen").wait_for(timeout=60_000)
                        found = measured(page)
                        wrong = faults(found, 1 if width < 640 else 3)
                        told, kept = told + 1, kept + (not wrong)
                        plot, picture = found["plot"], found["picture"]
                        size = f"{plot['width']:.0f}x{plot['height']:.0f} at y={picture['top']:.0f}" if plot else ""
                        print(
                            f"{name:16}{entry.id:22}{width}x{height:<6}{size:24}{'; '.join(wrong) or 'kept'}",
                            flush=True,
                        )
                    page.close()
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=20)
    print(f"{kept} of {told} keep the promise of one screen")


if __name__ == "__main__":
    main(sys.argv[1:] or list(PAGES))
