"""Where everything stands on the stage of every page, figure and size: ``python -m tests.bench.bench_positions``.

With ``--present`` the same in a room: every page with figures, on screens of a hall, and how large the type is.
Pages may be named. Prints a line for each, with what of the promise of one screen it does not keep; asserts nothing.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from pages.figures import registry
from tests.browser.positions import faults, measured, small_type
from tests.browser.test_every_page import settle
from tests.conftest import CHROMIUM_FLAGS, find_chromium, serve

SIZES = ((1440, 900), (1366, 768), (1280, 720), (1024, 768), (820, 1180), (390, 844))
HALLS = ((1280, 720), (1024, 768), (1920, 1080), (3840, 2160))
PAGES = ("population", "demand", "money", "travel", "places", "nearest-systems", "outlook_2018")


def main(pages: list[str], present: bool) -> None:
    process, address = serve("app.py")
    kept = told = 0
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
            for path in pages:
                name, choices = registry.page_at(path)
                view, _ = registry.view(name).from_query(choices)
                for entry in (one for one in registry.figures(name) if one.when(view)):
                    page = browser.new_page()
                    page.goto(f"{address}/{path}?figure={entry.id}" + ("&present=true" if present else ""))
                    for width, height in HALLS if present else SIZES:
                        page.set_viewport_size({"width": width, "height": height})
                        settle(page)
                        page.locator(".st-key-chosen").wait_for(timeout=60_000)
                        found = measured(page)
                        wrong = faults(found, 1 if width < 640 else 3) + (small_type(found) if present else [])
                        told, kept = told + 1, kept + (not wrong)
                        plot, picture = found["plot"], found["picture"]
                        size = f"{plot['width']:.0f}x{plot['height']:.0f} at y={picture['top']:.0f}" if plot else ""
                        print(
                            f"{path:26}{entry.id:22}{f'{width}x{height}':11}{size:24}{'; '.join(wrong) or 'kept'}",
                            flush=True,
                        )
                    page.close()
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=20)
    print(f"{kept} of {told} keep the promise of one screen")


if __name__ == "__main__":
    asked = [one for one in sys.argv[1:] if one != "--present"]
    room = "--present" in sys.argv
    others = [one for one in ("ambition-1-prevention", *registry.MODULES) if one not in (*PAGES, "ambition")]
    main(asked or [*PAGES, *(others if room else ())], room)
