"""The app beside the least a Streamlit page can do: one slider and one number."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_FLAGS, find_chromium, serve

SCRIPT = 'import streamlit as st\nst.metric("Number", st.slider("Slider", 10, 60, 30))\n'


@contextmanager
def beside_a_blank_page() -> Iterator[tuple[Browser, str, str]]:
    """A browser, the address of a blank page and the address of the app, each with a server of its own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        blank = Path(folder) / "blank.py"
        blank.write_text(SCRIPT, encoding="utf-8")
        servers = [serve(blank), serve("app.py")]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        try:
            yield browser, servers[0][1], servers[1][1]
        finally:
            browser.close()
            for process, _ in servers:
                process.terminate()
                process.wait(timeout=20)
