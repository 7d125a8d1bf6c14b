"""Levers in a real browser: drag, keyboard, typed value, reset, address, other pages, present mode."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ics_core import population
from ics_core.scenario import Scenario
from pages.figures.population import about
from tests.browser.positions import faults, measured, small_type
from tests.browser.test_every_page import RULES, settle

BIRTHS, DEATHS = "Birth rates", "Death rates"
WAIT = 30_000
RESULTS = ".st-key-live-head .results"


@pytest.fixture
def page(chromium, app):
    window = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = window.new_page()
    page.home = app
    yield page
    window.close()


def visit(page, query: str = ""):
    page.goto(f"{page.home}/population{query}")
    slider(page).wait_for(timeout=60_000)
    at_rest(page)
    return page


def slider(page, name: str = BIRTHS):
    return page.get_by_role("slider", name=name)


def at_rest(page) -> None:
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')", timeout=60_000)
    page.wait_for_timeout(600)


def wait_for_address(page, *parts: str, without: str = "") -> None:
    for part in parts:
        page.wait_for_function("part => location.search.includes(part)", arg=part, timeout=WAIT)
    if without:
        page.wait_for_function("part => !location.search.includes(part)", arg=without, timeout=WAIT)


def big_number(page) -> str:
    return page.locator(RESULTS).first.inner_text()


def everyone(births: float) -> str:
    """The number of residents in the last year as the page says it, with birth rates so many per cent higher."""
    return about(population.growth(Scenario(fertility=births), places="footprint")["after"].iloc[0])


def hold(page, name: str = BIRTHS, at: float = 0.5):
    """Press the mouse on the thumb; returns a function that drags to a share of the track."""
    slider(page, name).scroll_into_view_if_needed()
    box = slider(page, name).bounding_box()
    middle = box["y"] + box["height"] / 2

    def drag(share: float) -> None:
        page.mouse.move(box["x"] + box["width"] * share, middle, steps=4)

    drag(at)
    page.mouse.down()
    return drag


def test_figures_follow_the_thumb_before_it_is_released_and_the_last_value_wins(page):
    visit(page)
    before = big_number(page)
    drag = hold(page)
    drag(0.9)
    page.wait_for_function(
        "before => document.querySelector('.st-key-live-head .results').innerText !== before",
        arg=before,
        timeout=WAIT,
    )
    assert "fertility" not in page.url, "the address waits for the release"
    for share in (0.6, 0.8, 0.2, 0.7):
        drag(share)
    page.mouse.up()
    chosen = slider(page).input_value()
    wait_for_address(page, f"fertility={chosen}")
    page.locator(RESULTS).get_by_text(everyone(float(chosen))).wait_for(timeout=WAIT)
    expect(slider(page)).to_have_value(chosen, timeout=WAIT)


def test_the_keyboard_moves_a_lever_by_its_step_and_to_its_ends(page):
    visit(page)
    slider(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_for_address(page, "fertility=3")
    expect(slider(page)).to_have_attribute("aria-valuetext", "3%", timeout=WAIT)
    expect(page.get_by_text("Birth rates 3% higher", exact=True)).to_be_visible()
    page.keyboard.press("Home")
    wait_for_address(page, "fertility=-30")
    expect(slider(page)).to_have_attribute("aria-valuetext", "−30%", timeout=WAIT)
    expect(page.get_by_text("Birth rates 30% lower", exact=True)).to_be_visible()
    assert page.get_by_role("status").filter(has_text="Outside what has been observed").count() == 1


def test_a_typed_value_moves_the_lever_and_a_wrong_one_is_explained(page):
    visit(page)
    box = page.get_by_role("spinbutton", name=DEATHS)
    box.fill("-12")
    box.press("Enter")
    wait_for_address(page, "mortality=-12")
    expect(slider(page, DEATHS)).to_have_value("-12", timeout=WAIT)
    box.fill("99")
    box.press("Enter")
    page.get_by_role("status").filter(has_text="Type a number from −30 to 30%").wait_for(timeout=WAIT)
    assert box.input_value() == "−12" and "mortality=-12" in page.url


def test_reset_undo_and_the_back_button_bring_values_back(page):
    visit(page, "?fertility=5&mortality=-10")
    page.get_by_role("button", name=f"Reset {BIRTHS}").click()
    wait_for_address(page, "mortality=-10", without="fertility")
    expect(slider(page)).to_have_value("0", timeout=WAIT)
    page.get_by_role("button", name="Undo").click()
    wait_for_address(page, "fertility=5")
    at_rest(page)
    expect(slider(page)).to_have_value("5", timeout=WAIT)
    page.get_by_role("button", name="Reset all").click()
    wait_for_address(page, without="fertility")
    at_rest(page)
    expect(slider(page)).to_have_value("0", timeout=WAIT)
    expect(slider(page, DEATHS)).to_have_value("0", timeout=WAIT)
    page.wait_for_timeout(1_600)  # the address is ours to write for a moment after each change
    page.go_back()
    wait_for_address(page, "fertility=5")
    at_rest(page)
    expect(slider(page)).to_have_value("5", timeout=WAIT)


def test_a_preset_moves_the_sliders(page):
    visit(page)
    page.get_by_role("combobox", name="Scenario").click()
    page.get_by_role("option", name="Longer lives").click()
    wait_for_address(page, "life_expectancy=100")
    at_rest(page)
    expect(slider(page, "Life expectancy")).to_have_value("100", timeout=WAIT)


def test_the_scenario_survives_a_reload_and_goes_along_to_another_page(page):
    visit(page, "?migration=500")
    page.reload()
    slider(page, "People moving in").wait_for(timeout=60_000)
    at_rest(page)
    expect(slider(page, "People moving in")).to_have_value("500", timeout=WAIT)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name=re.compile("^Demand|^Money")).first.click()
    page.wait_for_url(re.compile("/(demand|money)"), timeout=WAIT)
    wait_for_address(page, "migration=500")


def test_a_lever_has_a_name_a_purpose_a_unit_and_its_source(page):
    visit(page)
    described = slider(page).evaluate(
        "input => input.getAttribute('aria-describedby').split(' ').map(id => input.getRootNode().getElementById(id).textContent).join(' ')"
    )
    assert "How many children women have" in described and "observed −11 to 6" in described
    page.get_by_text("Background and source").first.click()
    assert page.get_by_text("Source: ONS 2018-based national population projections").first.is_visible()


def test_a_clicker_and_arrows_lead_through_the_figures_but_not_while_a_lever_has_them(page):
    visit(page, "?present=true")
    page.locator("h2").first.click()
    page.keyboard.press("ArrowRight")
    wait_for_address(page, "figure=")
    page.get_by_role("slider", name="Year in front").wait_for(timeout=WAIT)
    second = page.url
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    wait_for_address(page, "fertility=1")
    assert re.search("figure=[^&]*", page.url)[0] == re.search("figure=[^&]*", second)[0]
    page.keyboard.press("PageDown")  # a clicker never moves the lever that happens to have the focus
    page.wait_for_function("second => !location.href.includes(second)", arg=re.search("figure=[^&]*", second)[0])
    expect(slider(page)).to_have_value("1", timeout=WAIT)
    assert "fertility=1" in page.url


def test_the_screen_is_blanked_and_keys_of_one_letter_never_act_in_a_field(page):
    visit(page, "?present=true&fertility=5")
    page.locator("h2").first.click()
    page.keyboard.press("b")
    page.locator("#stage-blank").wait_for(timeout=WAIT)
    page.keyboard.press(".")
    expect(page.locator("#stage-blank")).to_have_count(0, timeout=WAIT)
    page.get_by_role("spinbutton", name=BIRTHS).focus()
    page.keyboard.press("b")
    page.keyboard.press("z")
    page.wait_for_timeout(800)
    assert page.locator("#stage-blank").count() == 0 and "fertility=5" in page.url


def test_holding_h_shows_how_it_would_be_with_no_lever_moved(page):
    visit(page, "?present=true&fertility=20")
    page.locator("h2").first.click()
    page.keyboard.down("h")
    page.locator(RESULTS).get_by_text(everyone(0)).wait_for(timeout=WAIT)
    page.keyboard.up("h")
    page.locator(RESULTS).get_by_text(everyone(20)).wait_for(timeout=WAIT)
    assert "fertility=20" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_present_mode_is_free_of_axe_findings(chromium, app, scheme):
    window = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page = window.new_page()
    page.goto(f"{app}/population?present=true&mortality=-20")
    slider(page).wait_for(timeout=60_000)
    at_rest(page)
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, "\n".join(f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:300]}" for v in found)
    window.close()


HALLS = ({"width": 1280, "height": 720}, {"width": 1024, "height": 768}, {"width": 1920, "height": 1080})


@pytest.mark.parametrize(
    "path", ["population?figure=drivers", "demand?figure=by-age", "places", "ambition-6-urgent-care"]
)
def test_on_the_screen_of_a_hall_finding_picture_and_three_levers_stand_in_the_window_in_type_for_the_back_row(
    chromium, app, path
):
    page = chromium.new_page(viewport=HALLS[0])
    page.goto(f"{app}/{path}{'&' if '?' in path else '?'}present=true")
    for viewport in HALLS:
        page.set_viewport_size(viewport)
        page.locator(".st-key-chosen").wait_for(timeout=60_000)
        settle(page)
        found = measured(page)
        assert not faults(found, 3) + small_type(found), viewport
    page.close()


# ------------------------------------------------------------------------------------ instant answers


# The lines of the first chart, as drawn.
LINES = "[...document.querySelectorAll('.st-key-picture [data-testid=stVegaLiteChart] .mark-line path')].map(path => path.getAttribute('d')).join()"


def without_runs(page) -> None:
    """From now on nothing that the page asks of Streamlit reaches the server: only instant answers do."""
    page.evaluate(
        """() => { const send = WebSocket.prototype.send; WebSocket.prototype.send = function (what) { if (this.url.endsWith("/instant")) send.call(this, what); }; }"""
    )


def test_number_and_line_move_before_the_page_runs(page):
    visit(page)
    number, lines = big_number(page), page.evaluate(LINES)
    without_runs(page)
    slider(page).focus()
    page.keyboard.press("End")
    result = page.locator('[data-instant="everyone"]')
    expect(result.locator("b")).to_have_text(everyone(30), timeout=WAIT)
    expect(result.locator("i")).to_contain_text("against no lever moved")
    expect(result.locator("small")).to_contain_text("since 2024")
    expect(result.locator("dt")).to_contain_text("Residents in")
    expect(page.locator('[data-instant="finding-over-time"]')).to_contain_text(everyone(30))
    page.wait_for_function(f"lines => {LINES} !== lines", arg=lines, timeout=WAIT)
    # No run has followed, so what the page itself said comes back.
    page.wait_for_function(
        "number => document.querySelector('.st-key-live-head .results').innerText === number",
        arg=number,
        timeout=WAIT,
    )
    page.wait_for_function(f"lines => {LINES} === lines", arg=lines, timeout=WAIT)


def test_without_the_connection_for_instant_answers_the_page_follows_all_the_same(page):
    page.route_web_socket(re.compile("/instant$"), lambda socket: socket.close())
    visit(page)
    slider(page).focus()
    page.keyboard.press("Home")
    wait_for_address(page, "fertility=-30")
    page.locator(RESULTS).get_by_text(everyone(-30)).wait_for(timeout=WAIT)


def test_after_a_move_has_come_to_rest_the_page_alone_stands(page):
    visit(page)
    slider(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    wait_for_address(page, "fertility=-3")
    page.wait_for_function("() => document.querySelector('#line-over-time').value === ''", timeout=WAIT)
    assert everyone(-3) in big_number(page)


def test_the_numbers_of_the_travel_page_follow_its_slider_before_the_page_runs(page):
    page.goto(f"{page.home}/travel")
    page.locator(RESULTS).get_by_text("All residents, further than 30 minutes").wait_for(timeout=60_000)
    at_rest(page)
    without_runs(page)
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator(RESULTS).get_by_text("All residents, further than 31 minutes").wait_for(timeout=WAIT)


def test_choosing_a_system_changes_its_name_and_numbers_before_the_page_runs(page):
    page.goto(f"{page.home}/system")
    chosen = page.locator("h1")  # by role it is not there while the list is open
    chosen.get_by_text("Norfolk and Waveney").wait_for(timeout=60_000)
    at_rest(page)
    page.wait_for_timeout(1000)
    numbers = page.locator(".results").inner_text()
    page.get_by_role("combobox", name="System", exact=True).fill("Devon")
    expect(chosen).to_contain_text("Norfolk and Waveney")  # typed, but not chosen
    page.keyboard.press("Enter")
    expect(chosen).to_contain_text("Devon", timeout=WAIT)
    assert page.locator(".results").inner_text() != numbers
    page.wait_for_timeout(4000)  # longer than an instant answer stands for the page
    expect(chosen).to_contain_text("Devon")
    without_runs(page)
    page.get_by_role("button", name="Sussex").click()
    expect(chosen).to_contain_text("Sussex", timeout=WAIT)
    expect(chosen).to_contain_text("Devon", timeout=WAIT)  # no run has followed
