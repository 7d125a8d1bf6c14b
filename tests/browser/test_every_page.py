"""Each page in a real browser: draws, asks nobody else, passes axe in both themes, fits a phone."""

import ast
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from ics_core import ambitions
from pages.components.frame import stage
from tests.browser.positions import faults, measured

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # all of them; of what passes axe would else describe each of thousands of marks
}


def addresses() -> list[str]:
    """The URL path of each page listed in app.py; the default page is the empty path.

    The eight ambitions share one file and are listed by their names.
    """
    found = []
    for node in ast.walk(ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page":
            words = {k.arg: k.value for k in node.keywords}
            if "default" in words:
                found.append("")
            elif isinstance(words.get("url_path"), ast.Constant):
                found.append(words["url_path"].value)
    return [*found, *map(ambitions.slug, range(1, 9))]


QUIET = """() => new Promise(done => {
  let timer = setTimeout(done, 700);
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 700) })
    .observe(document.body, { subtree: true, childList: true, attributes: true });
})"""


# On a busy machine the first answer of a model comes later than a moment in which nothing changes.
ANSWERED = """() => !document.querySelector('.st-key-stage, .st-key-room') ||
  document.querySelector('.st-key-answer h2') && (document.querySelector('.st-key-chosen') || !document.querySelector('.st-key-live-picture'))"""


FITTED = """() => [...document.querySelectorAll('.st-key-chosen, .st-key-beside')]
    .every(stage => stage.scrollHeight <= stage.clientHeight + 1)"""  # heights are rounded


def settle(page) -> None:
    """Wait until Streamlit has finished drawing, nothing has changed for a moment and every lever has its name."""
    page.wait_for_selector("h1", timeout=60_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')", timeout=60_000)
    page.wait_for_function(ANSWERED, timeout=60_000)
    page.evaluate(QUIET)
    expect(page.locator("button.reset:not([aria-label])")).to_have_count(0, timeout=20_000)
    # A picture is fitted to its stage once it is drawn; until then the stage scrolls. What still scrolls after that, axe judges.
    with suppress(PlaywrightTimeoutError):
        page.wait_for_function(FITTED, timeout=5_000)


@pytest.fixture(params=["light", "dark"])
def context(chromium, request):
    """A browser window of that theme that lets nothing leave the machine and notes every attempt."""
    window = chromium.new_context(viewport=SIZES["desk"], color_scheme=request.param)
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
def test_the_page_draws_asks_nobody_else_and_everyone_can_use_it(context, app, path):
    page, refused = context.new_page(), []
    page.on("console", lambda said: "Content Security Policy" in said.text and refused.append(said.text))
    page.goto(f"{app}/{path}")
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        settle(page)
        if path in stage.OWN:
            assert not faults(measured(page), 1 if size == "phone" else 3), size
        assert page.locator("[data-testid=stException]").count() == 0
        assert page.locator("[data-testid=stAlertContentError]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], (
            f"the page scrolls sideways on a {size}"
        )
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, (
            size + "\n" + "\n".join(f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:300]}" for v in found)
        )
    assert context.attempts == []
    assert refused == []


ROOMS = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768}, {"width": 1024, "height": 768})


@pytest.mark.parametrize("path", sorted(stage.OWN))
def test_finding_picture_and_levers_stand_in_the_window_of_a_projector_a_laptop_and_a_tablet(chromium, app, path):
    page = chromium.new_page(viewport=ROOMS[0])
    page.goto(f"{app}/{path}")
    for viewport in ROOMS:
        page.set_viewport_size(viewport)
        settle(page)
        page.locator(".st-key-chosen").wait_for(timeout=60_000)
        assert not faults(measured(page), 3), viewport
    page.close()


@pytest.mark.parametrize("path", ["population", "places", "ambitions", "ambition-4-mental-health", "story"])
def test_at_400_percent_from_right_to_left_and_in_forced_colours_the_page_reads_on_without_scrolling_sideways(
    chromium, app, path
):
    page = chromium.new_page(viewport={"width": 1280, "height": 1024}, forced_colors="active", reduced_motion="reduce")
    page.goto(f"{app}/{path}")
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        for viewport in ({"width": 1280, "height": 1024}, {"width": 320, "height": 256}):  # 100% and 400% of it
            page.set_viewport_size(viewport)
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
            lowest = page.evaluate("""() => {
              document.querySelector('[data-testid=stMain]').scrollTo(0, 1e9);
              return Math.min(...[...document.querySelectorAll('.st-key-picture, [data-testid=stMainBlockContainer]')]
                .map(one => one.getBoundingClientRect().top));
            }""")
            assert lowest < 256  # nothing is out of reach of the scroll
    page.close()


def test_the_picture_of_an_indicator_begins_in_the_upper_half_of_a_laptop_and_of_a_phone(chromium, app):
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{app}/indicators?indicator=rtt_18wk&area=QMM")
    chart = page.get_by_test_id("stVegaLiteChart").first
    for (width, height), most in (((1366, 768), 300), ((390, 844), 420)):
        page.set_viewport_size({"width": width, "height": height})
        chart.wait_for(timeout=60_000)
        settle(page)
        assert chart.bounding_box()["y"] <= most, width
    page.close()


def test_an_unknown_page_says_so_and_leads_on(chromium, app):
    page = chromium.new_page()
    page.goto(f"{app}/no-such-page")
    page.wait_for_selector("text=/page not found/i", timeout=30_000)
    page.close()
