"""What fingers, typed numbers, high contrast and a screen reader meet: nothing changes unless it was meant, all is said."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_every_page import settle

WAIT = 30_000
BIRTHS, MOVING_IN = "Birth rates", "People moving in"
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


@pytest.fixture
def phone(chromium):
    window = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = window.new_page()
    touch = window.new_cdp_session(page)

    def swipe(box: dict, across: float, down: float, at: tuple[float, float] = (0.5, 0.5)) -> None:
        """One finger from that part of a box, so many pixels across and down, and off."""
        x, y = box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"]
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 13):
            point = {"x": x + across * step / 12, "y": y + down * step / 12}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
            page.wait_for_timeout(16)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.swipe = swipe
    yield page
    window.close()


@pytest.fixture
def page(chromium):
    window = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield window.new_page()
    window.close()


def slider(page, name=BIRTHS):
    return page.get_by_role("slider", name=name)


def test_a_finger_that_scrolls_moves_no_lever_and_one_that_goes_sideways_does(phone, app):
    phone.goto(f"{app}/population?read=all")
    settle(phone)
    phone.get_by_text("Levers", exact=True).first.click()
    slider(phone).wait_for(timeout=WAIT)
    settle(phone)
    slider(phone).scroll_into_view_if_needed()
    before = phone.evaluate(SCROLLED)
    phone.swipe(slider(phone).bounding_box(), 0, -250, at=(0.8, 0.5))
    phone.wait_for_function(f"before => {SCROLLED} > before + 100", arg=before, timeout=WAIT)
    settle(phone)
    expect(slider(phone)).to_have_value("0")
    assert "fertility" not in phone.url
    slider(phone).scroll_into_view_if_needed()
    phone.swipe(slider(phone).bounding_box(), 80, 0)
    phone.wait_for_url(re.compile("fertility=1"), timeout=WAIT)
    assert 8 <= int(slider(phone).input_value()) <= 20


def test_a_tap_near_a_line_shows_value_and_year_until_the_next_tap(phone, app):
    phone.goto(f"{app}/population")
    settle(phone)
    chart = phone.locator(".st-key-chosen [data-testid=stVegaLiteChart] svg")
    chart.wait_for(timeout=WAIT)
    points = chart.locator(".mark-symbol path").last
    points.wait_for(state="attached", timeout=WAIT)
    box = points.bounding_box()
    phone.touchscreen.tap(box["x"] - 8, box["y"] + 8)
    told = phone.locator("#vg-tooltip-element.visible")
    expect(told).to_contain_text(re.compile(r"20\d\d"), timeout=WAIT)
    expect(told).to_contain_text(re.compile(r"\d,\d{3}"))
    assert "_" not in told.inner_text(), "columns by their names in code"
    phone.locator(".st-key-answer h2").tap()
    expect(phone.locator("#vg-tooltip-element.visible")).to_have_count(0, timeout=WAIT)


def test_a_map_on_a_phone_lets_one_finger_scroll_past_it_and_says_how_it_is_moved(phone, app):
    phone.goto(f"{app}/")
    settle(phone)
    frame = phone.locator("iframe").first
    frame.scroll_into_view_if_needed()
    inside = phone.frame_locator("iframe").first
    inside.locator(".leaflet-interactive").first.wait_for(state="attached", timeout=WAIT)
    settle(phone)
    expect(inside.get_by_text("Two fingers move the map")).to_be_visible()
    pane = inside.locator(".leaflet-map-pane")
    where, before = pane.get_attribute("style"), phone.evaluate(SCROLLED)
    box = frame.bounding_box()
    way = -150 if box["y"] + 0.5 * box["height"] > 300 else 150
    phone.swipe(box, 0, way)
    phone.wait_for_function(f"before => Math.abs({SCROLLED} - before) > 60", arg=before, timeout=WAIT)
    assert pane.get_attribute("style") == where


def test_box_lever_and_address_are_one_value_and_the_box_says_what_it_took(page, app):
    page.goto(f"{app}/population")
    settle(page)
    for name, typed, value, shown, said in (
        (BIRTHS, "1,5", "fertility=2", "2", "“1,5” is taken as 2%."),
        (BIRTHS, "2.7", "fertility=3", "3", "“2.7” is taken as 3%."),
        (MOVING_IN, "−500", "migration=-500", "−500", ""),
        (MOVING_IN, "1,050", "migration=1050", "1,050", ""),
        (MOVING_IN, "120", "migration=120", "120", ""),
    ):
        box = page.get_by_role("spinbutton", name=name)
        box.fill(typed)
        box.press("Enter")
        page.wait_for_url(re.compile(rf"{value}\b"), timeout=WAIT)
        expect(box).to_have_value(shown, timeout=WAIT)
        expect(slider(page, name)).to_have_value(value.partition("=")[2], timeout=WAIT)
        if said:
            expect(page.get_by_role("status").filter(has_text=said)).to_have_count(1, timeout=WAIT)


def test_the_settled_answer_is_said_once_in_one_polite_region(page, app):
    page.goto(f"{app}/population")
    settle(page)
    region = page.locator("#said")
    expect(region).to_have_attribute("aria-live", "polite")
    page.wait_for_timeout(2_500)  # what stands when the page opens is read with it, not said besides
    assert region.inner_text() == ""
    page.evaluate("""() => { window.said = []; new MutationObserver(() => window.said.push(document.getElementById('said').textContent))
        .observe(document.getElementById('said'), { childList: true, characterData: true, subtree: true }); }""")
    slider(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("fertility=3"), timeout=WAIT)
    expect(region).to_contain_text("against no lever moved", timeout=WAIT)
    finding = page.locator(".st-key-answer h2").inner_text()
    expect(region).to_contain_text(finding)
    assert len(page.evaluate("window.said")) <= 2


@pytest.mark.parametrize("how", ["fertility=5", "fertility=5&read=print"])
def test_on_paper_the_scenario_is_said_and_no_control_is_printed(page, app, how):
    page.goto(f"{app}/population?{how}")
    settle(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})
    expect(page.get_by_text("Changed: Birth rates 5% higher")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("slider").first).to_be_hidden()
    assert not [one for one in page.get_by_role("button").all() if one.is_visible()]
    results = page.locator(".results").first
    assert results.evaluate("element => element.scrollWidth <= element.clientWidth + 1"), "key results are cut"
    expect(page.get_by_text("Source: Office for National Statistics").first).to_be_visible()


def test_in_high_contrast_what_a_colour_says_can_still_be_seen(chromium, app):
    window = chromium.new_context(viewport={"width": 1440, "height": 900}, forced_colors="active")
    page = window.new_page()
    page.goto(f"{app}/places")
    settle(page)
    colour = "element => getComputedStyle(element).backgroundColor"
    swatches = page.locator(".key i")
    swatches.first.wait_for(timeout=WAIT)
    assert len({swatches.nth(n).evaluate(colour) for n in range(swatches.count())}) > 3, "the key of the map is blank"
    chosen, other = page.get_by_role("radio", name="Districts"), page.get_by_role("radio", name="Localities")
    assert chosen.evaluate(colour) != other.evaluate(colour), "what is chosen cannot be told"
    assert (
        page.locator("[data-testid=stCheckbox] label > span + div").first.evaluate(
            "element => getComputedStyle(element).borderStyle"
        )
        == "solid"
    ), "a switch cannot be seen"
    page.goto(f"{app}/travel")
    settle(page)
    track = page.get_by_role("slider").first
    seen = Image.open(io.BytesIO(track.screenshot()))
    left = seen.width // 20  # of the thumb and of what has been observed
    assert len({seen.getpixel((left, down)) for down in range(seen.height)}) > 1, "the track of a lever vanishes"
    window.close()
