"""How long the systems take: core calls, and switching the profile in a browser beside a page with almost nothing on it.

    python -m tests.bench.bench_systems

Both pages are timed in turn, so that a slow moment of the machine hits both alike. Target: the title of
the profile has changed within 1.5 times the blank page's time.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from ics_core import systems
from tests.bench.bench_population import median_ms
from tests.conftest import CHROMIUM_FLAGS, find_chromium, serve

BLANK = """
import streamlit as st
names = ["Sussex", "South East London"]
for label in names:
    st.button(label, key=label, on_click=st.session_state.__setitem__, args=("chosen", label))
st.title(st.session_state.get("chosen", "None"))
"""
ROUNDS = 15
# From the press of the button to the moment the heading holds the new words, as the browser sees it.
PRESS = """([label, heading]) => new Promise(done => {
    const start = performance.now();
    const seen = () => [...document.querySelectorAll(heading)].some(h => h.textContent.startsWith(label));
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
        ("marks of all systems, weights moved", median_ms(lambda i: systems.alike(codes[i % 42], 5, {"rural": i / 20}), 42)),
        ("ranks on one measure", median_ms(lambda i: systems.distribution("qof_dementia", codes[i % 42]), 42)),
    ]
    print(f"{'':45} {'median ms':>10}")
    for name, spent in rows:
        print(f"{name:45} {spent:10.1f}")


def browser() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "blank.py"
        script.write_text(BLANK)
        servers = [serve(script), serve("app.py")]
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        try:
            blank, app = (chromium.new_page(viewport={"width": 1440, "height": 900}) for _ in servers)
            blank.goto(servers[0][1])
            app.goto(f"{servers[1][1]}/system")
            for page in (blank, app):
                page.wait_for_selector("button:has-text('Sussex')", timeout=60_000)
                page.wait_for_timeout(4000)
            spent = {"blank page, title": [], "profile, title": [], "profile, last heading": []}
            for i in range(ROUNDS):
                label = ("Sussex", "South East London", "Sussex", "Surrey Heartlands")[i % 4]
                spent["blank page, title"].append(blank.evaluate(PRESS, [("Sussex", "South East London")[i % 2], "h1"]))
                spent["profile, title"].append(app.evaluate(PRESS, [label, "h1"]))
                app.wait_for_timeout(1500)
                back = ("Greater Manchester", "South West London")[i % 2]
                spent["profile, last heading"].append(app.evaluate(PRESS, [back, "#compare, #compare *"]))
                app.wait_for_timeout(1500)
        finally:
            chromium.close()
            for process, _ in servers:
                process.terminate()
    floor = statistics.median(spent["blank page, title"])
    print(f"\n{'':45} {'median ms':>10} {'of blank':>9}")
    for name, values in spent.items():
        print(f"{name:45} {statistics.median(values):10.0f} {statistics.median(values) / floor:9.2f}")


if __name__ == "__main__":
    core()
    browser()
