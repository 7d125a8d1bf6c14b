"""Each page in a real browser: draws, asks nobody else, passes axe in both themes, fits a phone."""

import ast
from pathlib import Path
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def addresses() -> list[str]:
    """The URL path of each page listed in app.py; the default page is the empty path."""
    found = []
    for node in ast.walk(ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page":
            words = {k.arg: k.value for k in node.keywords}
            if "default" in words:
                found.append("")
            elif isinstance(words.get("url_path"), ast.Constant):
                found.append(words["url_path"].value)
    return found


def open_page(context, address: str):
    """Open a page and wait until Streamlit has finished drawing it."""
    page = context.new_page()
    page.goto(address)
    settle(page)
    return page


def settle(page) -> None:
    page.wait_for_selector("h1", timeout=60_000)
    page.wait_for_function("() => !document.querySelector('[data-test-script-state=\"running\"]')", timeout=60_000)
    page.wait_for_timeout(800)


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def context(chromium, app, theme, size):
    """A browser window of that size and theme that lets nothing leave the machine and notes every attempt."""
    window = chromium.new_context(viewport=SIZES[size], color_scheme=theme)
    window.attempts = []

    def gate(route):
        if urlparse(route.request.url).hostname in {"127.0.0.1", "localhost"}:
            route.continue_()
        else:
            window.attempts.append(route.request.url)
            route.abort()

    window.route("**/*", gate)
    yield window
    window.close()


@pytest.mark.parametrize("path", addresses(), ids=lambda path: path or "home")
def test_the_page_draws_asks_nobody_else_and_everyone_can_use_it(context, app, path, size):
    page = open_page(context, f"{app}/{path}")
    assert page.locator("[data-testid=stException]").count() == 0
    assert context.attempts == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], "the page scrolls sideways"
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, "\n".join(f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:300]}" for v in found)


def test_an_unknown_page_says_so_and_leads_on(chromium, app):
    page = chromium.new_page()
    page.goto(f"{app}/no-such-page")
    page.wait_for_selector("text=/page not found/i", timeout=30_000)
    page.close()
