"""Journeys through the app in a real browser, as people make them."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import SIZES, settle
from tests.conftest import serve


@pytest.fixture
def page(chromium):
    window = chromium.new_context(viewport=SIZES["desk"])
    yield window.new_page()
    window.close()


@pytest.mark.parametrize(
    ("link", "title", "chosen"),
    [("data?table=GP+practices", "The data", ("Table", "GP practices")), ("ambition-6-urgent-care", "Urgent", None)],
)
def test_the_first_visit_to_a_fresh_server_may_be_a_deep_link(chromium, link, title, chosen):
    process, address = serve()
    try:
        page = chromium.new_page()
        page.goto(f"{address}/{link}")
        settle(page)
        expect(page.get_by_role("button", name="Menu", exact=True)).to_be_visible(timeout=20_000)
        expect(page.locator("h1")).to_contain_text(title)
        expect(page.get_by_role("dialog")).to_have_count(0)
        if chosen:
            expect(page.get_by_label(chosen[0], exact=True).first).to_have_value(chosen[1], timeout=20_000)
        page.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_home_draws_the_area_on_a_map(page, app):
    page.goto(app)
    settle(page)
    frame = page.frame_locator("iframe[title*=st_folium], iframe").first
    frame.locator("path.leaflet-interactive").first.wait_for(timeout=20_000)
    assert frame.locator("path.leaflet-interactive").count() >= 8


def test_the_menu_leads_to_another_page_and_back_leads_home(page, app):
    page.goto(app)
    settle(page)
    home = page.locator("h1").inner_text()
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_test_id("stPopoverBody").get_by_role("link", name="The data").click()
    page.wait_for_url("**/data")
    settle(page)
    assert page.locator("h1").inner_text() != home
    page.go_back()
    page.wait_for_function("home => document.querySelector('h1')?.innerText === home", arg=home)


def test_a_figure_opens_its_table_its_method_and_its_lines_of_python(page, app):
    page.goto(f"{app}/method")
    settle(page)
    page.get_by_text("Table, downloads, method and code").first.click()
    page.locator("table").first.wait_for()
    page.get_by_role("tab", name="The same in Python").first.click()
    page.get_by_text("from ics_core import catalogue").first.wait_for()
    page.get_by_role("tab", name="Downloads").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG", exact=True).click()
    assert download.value.suggested_filename == "method_structure.png"


def test_the_keyboard_alone_reaches_the_menu_and_opens_it(page, app):
    page.goto(app)
    settle(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName + document.activeElement.innerText").startswith(
            "BUTTON"
        ) and "Menu" in page.evaluate("document.activeElement.innerText"):
            break
    page.keyboard.press("Enter")
    page.get_by_test_id("stPopoverBody").get_by_role("link", name="The data").wait_for()
