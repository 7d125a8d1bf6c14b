"""How fast figures follow a lever, beside the least a Streamlit page can do: ``python -m tests.bench.bench_levers``.

Starts a blank page (one slider, one number) and the app, and drives both with the same browser, in
turns, so that a busy machine slows both alike. Prints medians; asserts nothing.

The drag is done twice: by the mouse, and inside the page (pointer and input events every 25 ms), which
leaves out what it costs to steer a browser from outside on a machine that also runs the server.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser, Page

from tests.bench.blank import beside_a_blank_page

SECONDS, STEPS = 5, 24
PAGES = {
    "population": ("/population", "Birth rates", "over-time"),
    "pyramid alone": ("/population?present=true&figure=pyramid", "Birth rates", "pyramid"),
}

# Notes the time of each frame in which a figure's marks changed.
WATCH = """(figure) => {
  window.frames_ = []; let due = false;
  const chart = document.querySelector(`.st-key-live-${figure} [data-testid=stVegaLiteChart]`);
  new MutationObserver(() => { if (!due) { due = true; requestAnimationFrame(() => { due = false; window.frames_.push(performance.now()); }); } })
    .observe(chart, { subtree: true, childList: true, attributes: true, characterData: true });
}"""
DRAG_INSIDE = """([input, seconds]) => new Promise(done => {
  const low = Number(input.min), high = Number(input.max), begin = performance.now();
  input.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  const tick = setInterval(() => {
    const t = (performance.now() - begin) / 1000, share = 0.5 + 0.3 * Math.sin(t * 2);
    input.value = low + (high - low) * share;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    if (t > seconds) { clearInterval(tick); window.dispatchEvent(new PointerEvent('pointerup')); input.dispatchEvent(new Event('change', { bubbles: true })); done(null); }
  }, 25);
})"""
ARM = """(selector) => { window.changed = new Promise(done => {
  const place = document.querySelector(selector); let begin = null;
  window.addEventListener('keydown', () => { begin = performance.now(); }, { capture: true, once: true });
  const watch = new MutationObserver(() => { if (begin !== null) { watch.disconnect(); requestAnimationFrame(() => done(performance.now() - begin)); } });
  watch.observe(place, { subtree: true, childList: true, attributes: true, characterData: true });
  setTimeout(() => done(NaN), 15000); }); }"""


def main() -> None:
    with beside_a_blank_page() as (browser, blank, ours):
        report(browser, blank, ours)


def report(browser: Browser, blank: str, ours: str) -> None:
    print(f"{'While dragging':46}{'redraws a second, median':>26}{'slowest of ten, ms':>20}")
    for name, (path, lever, figure) in PAGES.items():
        page = opened(browser, ours + path, lever)
        for way, drag in (("inside the page", drag_inside), ("by the mouse", drag_by_mouse)):
            page.evaluate(WATCH, figure)
            drag(page, lever)
            gaps = gaps_between(page.evaluate("window.frames_"))
            print(f"{name + ', ' + way:46}{1000 / statistics.median(gaps):>26.1f}{quantile(gaps, 0.9):>20.0f}")
            page.wait_for_timeout(3000)
        page.context.close()
    plain, page = opened(browser, blank, ""), opened(browser, ours + "/population", "Birth rates")
    plain_ms, number_ms, chart_ms = [], [], []
    selectors = {"number": "#instant-headline", "chart": ".st-key-live-over-time [data-testid=stVegaLiteChart]"}
    for step in range(STEPS):
        key = "ArrowRight" if step < STEPS / 2 else "ArrowLeft"
        plain_ms.append(pressed(plain, plain.get_by_role("slider"), key, "[data-testid=stMetricValue]"))
        for into, what in ((number_ms, "number"), (chart_ms, "chart")):
            into.append(pressed(page, page.get_by_role("slider", name="Birth rates"), key, selectors[what]))
    base = statistics.median(plain_ms)
    print(f"\n{'One key press':46}{'median ms':>26}{'slowest of ten, ms':>20}{'ratio':>8}")
    for name, spent in (
        ("blank page, number changed", plain_ms),
        ("population, big number changed", number_ms),
        ("population, chart redrawn", chart_ms),
    ):
        print(
            f"{name:46}{statistics.median(spent):>26.0f}{quantile(spent, 0.9):>20.0f}{statistics.median(spent) / base:>8.2f}"
        )


def opened(browser: Browser, address: str, lever: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    for _ in range(2):  # the first visit warms the server
        page.goto(address)
        page.get_by_role("slider", name=lever or None).first.wait_for(timeout=60_000)
        page.wait_for_timeout(5000)
    return page


def drag_inside(page: Page, lever: str) -> None:
    slider = page.get_by_role("slider", name=lever).element_handle()
    page.evaluate(DRAG_INSIDE, [slider, SECONDS])


def drag_by_mouse(page: Page, lever: str) -> None:
    slider = page.get_by_role("slider", name=lever)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    begin = page.evaluate("performance.now()")
    while (spent := (page.evaluate("performance.now()") - begin) / 1000) < SECONDS:
        page.mouse.move(
            box["x"] + box["width"] * (0.5 + 0.3 * ((spent % 2) - 1 if spent % 2 > 1 else -(spent % 2))), middle
        )
        page.wait_for_timeout(20)
    page.mouse.up()


def pressed(page: Page, slider, key: str, selector: str) -> float:
    """Milliseconds from a key press to the change of what ``selector`` shows, by the browser's clock."""
    slider.focus()
    page.evaluate(ARM, selector)
    page.keyboard.press(key)
    spent = page.evaluate("window.changed")
    page.wait_for_timeout(2500)  # until the value has come to rest and the page is whole again
    return spent


def gaps_between(times: list[float]) -> list[float]:
    """Gaps between redraws; changes within 30 ms are one redraw."""
    redraws = times[:1]
    for time in times[1:]:
        if time - redraws[-1] > 30:
            redraws.append(time)
    return [after - before for before, after in zip(redraws, redraws[1:])] or [float("nan")]


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
