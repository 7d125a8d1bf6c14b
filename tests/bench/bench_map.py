"""How fast the map answers, beside the least a Streamlit page can do: ``python -m tests.bench.bench_map``.

Starts a blank page (one slider, one number) and the app, and drives both with the same browser, in
turns, so that a busy machine slows both alike. Prints a table; asserts nothing.
"""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Browser, Frame, Page

from tests.bench.blank import beside_a_blank_page

STEPS = 24
NUMBERS = {
    "blank": "[data-testid=stMetricValue]",
    "ours": "#instant-headline",
}  # the numbers by the slider, with the minutes they are for
# Waits inside the browser, so that the clock stops at the frame that shows the change.
ARM = "([selector, key]) => { const old = document.querySelector(selector).textContent; window[key] = new Promise(done => { const look = () => document.querySelector(selector).textContent !== old ? done(Date.now()) : requestAnimationFrame(look); look(); setTimeout(() => done(NaN), 10000); }); }"
ARM_MAP = "() => { const box = document.querySelector('.leaflet-container'), old = box.dataset.shown; window.painted = new Promise(done => { const look = () => box.dataset.shown !== old ? requestAnimationFrame(() => done(Date.now())) : requestAnimationFrame(look); look(); setTimeout(() => done(NaN), 10000); }); }"


def main() -> None:
    with beside_a_blank_page() as (browser, blank, ours):
        report(browser, blank, ours + "/travel")


def report(browser: Browser, blank: str, ours: str) -> None:
    firsts = {"blank": [], "map": []}
    for _ in range(4):  # the first visit warms both servers and is left out
        firsts["blank"].append(first(browser, blank, lambda page: page.wait_for_selector(NUMBERS["blank"])))
        firsts["map"].append(first(browser, ours, drawn))
    pages = {"blank": Counted(browser, blank, NUMBERS["blank"]), "ours": Counted(browser, ours, NUMBERS["ours"])}
    frame = drawn(pages["ours"].page)
    for one in pages.values():
        one.page.wait_for_selector(one.number)
        one.page.wait_for_timeout(2000)
    numbers, maps, sizes = {"blank": [], "ours": []}, [], {"blank": [], "ours": []}
    for step in range(STEPS):
        key = "ArrowRight" if step < STEPS / 2 else "ArrowLeft"
        for name, one in pages.items():
            number, painted, size = one.step(key, frame if name == "ours" else None)
            numbers[name].append(number)
            sizes[name].append(size)
            maps += [painted] if painted else []
    middle = statistics.median
    print(f"\n{'':44}{'blank':>10}{'ours':>10}{'ratio':>8}")
    row("number changed after the key press, ms, median", middle(numbers["blank"]), middle(numbers["ours"]))
    row("  the slowest of twenty", high(numbers["blank"]), high(numbers["ours"]))
    row("624 areas recoloured, ms, median", None, middle(maps))
    row("  the slowest of twenty", None, high(maps))
    row("bytes received per step, median", middle(sizes["blank"]), middle(sizes["ours"]))
    row("first number / first map, ms, median", middle(firsts["blank"][1:]), middle(firsts["map"][1:]))


class Counted:
    """A page with a slider, and the bytes its server sends."""

    def __init__(self, browser: Browser, address: str, number: str) -> None:
        self.number = number
        self.page: Page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        self.received = 0
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._count))
        self.page.goto(address)

    def _count(self, payload: bytes | str) -> None:
        self.received += len(payload)

    def step(self, key: str, frame: Frame | None) -> tuple[float, float | None, int]:
        """Press a key on the slider; milliseconds to the number and to the map, and bytes received."""
        self.page.get_by_role("slider").first.focus()
        self.page.evaluate(ARM, [self.number, "numbered"])
        if frame:
            frame.evaluate(ARM_MAP)
        self.received = 0
        start = self.page.evaluate("Date.now()")
        self.page.keyboard.press(key)
        number = self.page.evaluate("window.numbered") - start
        painted = frame.evaluate("window.painted") - start if frame else None
        self.page.wait_for_timeout(350)
        return number, painted, self.received


def first(browser: Browser, address: str, ready) -> float:
    """Milliseconds from asking for the page to what ``ready`` waits for, in a fresh browser profile."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    ready(page)
    taken = 1000 * (time.perf_counter() - start)
    context.close()
    return taken


def drawn(page: Page) -> Frame:
    """The map's frame, once its areas are on the screen."""
    page.frame_locator("iframe").locator(".leaflet-container[data-shown] .leaflet-overlay-pane path").first.wait_for(
        timeout=60_000
    )
    return next(frame for frame in page.frames if "streamlit_folium" in frame.url)


def high(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def row(words: str, blank: float | None, ours: float) -> None:
    ratio = f"{ours / blank:8.2f}" if blank else f"{'':8}"
    print(f"{words:44}{'' if blank is None else f'{blank:,.0f}':>10}{ours:>10,.0f}{ratio}")


if __name__ == "__main__":
    main()
