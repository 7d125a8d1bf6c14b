"""How long the systems take: core calls, and switching the profile in a browser beside a page with almost nothing on it.

    python -m tests.bench.bench_systems

Both pages are timed in turn, so that a slow moment of the machine hits both alike. Target: the title of
the profile has changed within 1.5 times the blank page's time. A page of 40 lines that never change says
how much of that the mere number of elements takes: the browser looks at each of them in every run.

The map of the 42 is timed from the first byte of its page to its shapes, and from the choice of another
measure to their new colours.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ics_core import systems
from tests.bench.bench_map import ARM_MAP, drawn, first
from tests.bench.bench_population import median_ms
from tests.conftest import CHROMIUM_FLAGS, find_chromium, serve

BLANK = """
import streamlit as st
names = ["Sussex", "South East London"]
for label in names:
    st.button(label, key=label, on_click=st.session_state.__setitem__, args=("chosen", label))
st.title(st.session_state.get("chosen", "None"))
"""
LINES = (
    BLANK
    + """
for i in range(40):
    st.markdown(f"Line {i}")
"""
)
ROUNDS = 15
NUMBER = "#instant-headline b"  # the first is the number of registered patients
GREATER_MANCHESTER = next(code for code, name in systems.names().items() if name == "Greater Manchester")
# From the press of the button to the moment the place holds the new words, as the browser sees it.
PRESS = """([label, place, words]) => new Promise(done => {
    const start = performance.now();
    const seen = () => [...document.querySelectorAll(place)].some(h => h.textContent.startsWith(words));
    const watch = new MutationObserver(() => { if (seen()) { watch.disconnect(); done(performance.now() - start); } });
    watch.observe(document.body, {childList: true, subtree: true, characterData: true});
    [...document.querySelectorAll('button')].find(b => b.textContent.trim() === label).click();
})"""


def core() -> None:
    codes = list(systems.names())
    systems.profile(), systems.in_documents(codes[0])
    rows = [
        ("profile", median_ms(lambda i: systems.profile(codes[i % 42]), 42)),
        ("compare four", median_ms(lambda i: systems.compare(codes[i % 38 : i % 38 + 4]), 42)),
        ("nearest, weights moved", median_ms(lambda i: systems.nearest(codes[i % 42], 5, {"rural": i / 20}), 42)),
        (
            "marks of all systems, weights moved",
            median_ms(lambda i: systems.alike(codes[i % 42], 5, {"rural": i / 20}), 42),
        ),
        ("ranks on one measure", median_ms(lambda i: systems.distribution("qof_dementia", codes[i % 42]), 42)),
    ]
    print(f"{'':45} {'median ms':>10}")
    for name, spent in rows:
        print(f"{name:45} {spent:10.1f}")


def browser() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        scripts = {"blank": BLANK, "lines": LINES}
        for name, text in scripts.items():
            (Path(folder) / f"{name}.py").write_text(text)
        servers = {name: serve(Path(folder) / f"{name}.py") for name in scripts} | {"app": serve("app.py")}
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        try:
            switching(chromium, {name: address for name, (_, address) in servers.items()})
            drawing(chromium, servers["app"][1])
        finally:
            chromium.close()
            for process, _ in servers.values():
                process.terminate()


def switching(chromium: Browser, addresses: dict[str, str]) -> None:
    pages = {name: chromium.new_page(viewport={"width": 1440, "height": 900}) for name in addresses}
    for name, page in pages.items():
        page.goto(addresses[name] + ("/system" if name == "app" else ""))
        page.wait_for_selector("button:has-text('Sussex')", timeout=60_000)
        page.wait_for_timeout(4000)
    spent = {
        "blank page, title": [],
        "blank page and 40 lines, title": [],
        "profile, title": [],
        "profile, number": [],
        "profile, last heading": [],
    }
    for i in range(ROUNDS):
        label = ("Sussex", "South East London")[i % 2]
        spent["blank page, title"].append(pages["blank"].evaluate(PRESS, [label, "h1", label]))
        spent["blank page and 40 lines, title"].append(pages["lines"].evaluate(PRESS, [label, "h1", label]))
        for what, button, place, seen in (
            ("profile, title", label, "h1", label),
            (
                "profile, number",
                "Greater Manchester",
                NUMBER,
                systems.profile(GREATER_MANCHESTER)["value"].map("{:,.0f}".format).iloc[0],
            ),
            ("profile, last heading", "South West London", "h2", "South West London beside"),
        ):
            spent[what].append(pages["app"].evaluate(PRESS, [button, place, seen]))
            pages["app"].wait_for_timeout(1500)
    floor = statistics.median(spent["blank page, title"])
    print(f"\n{'':45} {'median ms':>10} {'of blank':>9} {'fastest':>9}")
    for name, values in spent.items():
        print(
            f"{name:45} {statistics.median(values):10.0f} {statistics.median(values) / floor:9.2f} {min(values):9.0f}"
        )


def drawing(chromium: Browser, address: str) -> None:
    """The map of the 42: until its shapes are there, and until they have the colours of another moment."""
    firsts = [first(chromium, f"{address}/systems", drawn) for _ in range(4)]
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/reshaped")
    frame = drawn(page)
    page.wait_for_timeout(2000)
    recoloured = []
    for i in range(ROUNDS):
        page.get_by_role("slider").first.focus()
        frame.evaluate(ARM_MAP)
        start = page.evaluate("Date.now()")
        page.keyboard.press("ArrowRight" if i % 2 else "ArrowLeft")
        recoloured.append(frame.evaluate("window.painted") - start)
        page.wait_for_timeout(800)
    print(f"\n{'first map of the 42, fresh browser':45} {statistics.median(firsts[1:]):10.0f}")
    print(f"{'the 42 recoloured':45} {statistics.median(recoloured):10.0f}")


if __name__ == "__main__":
    core()
    browser()
