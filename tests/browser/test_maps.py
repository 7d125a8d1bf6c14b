"""The maps in a real browser: what they keep, how they are reached, what they ask the internet, how they print."""

import re
import zipfile
import zlib
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from ics_core import catalogue, geography
from tests.conftest import serve

WAIT = 30_000
TILE_HOST = "tile.openstreetmap.org"
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
AREAS = ".leaflet-overlay-pane path.leaflet-interactive"

# Notes, frame by frame, the fewest coloured areas on the screen and the least height of the map.
WATCH = """(box, areas) => {
  window.seen = { areas: Infinity, height: Infinity, frames: 0 };
  const look = () => {
    const coloured = [...document.querySelectorAll(areas)].filter(path => /^(#|url)/.test(path.getAttribute("fill")) && path.getAttribute("d").length > 9);
    window.seen = { areas: Math.min(seen.areas, coloured.length), height: Math.min(seen.height, box.clientHeight), frames: seen.frames + 1 };
    requestAnimationFrame(look);
  };
  look();
}"""

# A point of an area that nothing covers, from the corner of the box around it.
UNCOVERED = """path => {
  const box = path.getBoundingClientRect();
  for (let down = 0.3; down < 1; down += 0.05) for (let along = 0.3; along < 1; along += 0.05) {
    const [x, y] = [box.left + along * box.width, box.top + down * box.height];
    if (document.elementFromPoint(x, y) === path) return { x: x - box.left, y: y - box.top };
  }
}"""


@pytest.fixture
def page(chromium):
    """A page that notes whom it asks beside this machine; ``page.online`` says whether tiles are answered."""
    window = chromium.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
    page = window.new_page()
    page.asked, page.online, errors = [], True, []

    def gate(route):
        host = urlparse(route.request.url).hostname
        if host in {"127.0.0.1", "localhost"}:
            return route.continue_()
        page.asked.append(host)
        return (
            route.fulfill(body=TILE, content_type="image/png") if host == TILE_HOST and page.online else route.abort()
        )

    window.route("**/*", gate)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    window.close()


def drawn(page, address: str, areas: int):
    """Open a page and wait until its map shows that many areas; returns the frame the map is in."""
    page.goto(address)
    frame = page.frame_locator("[data-testid=stCustomComponentV1]").first
    expect(frame.locator(AREAS)).to_have_count(areas, timeout=60_000)
    at_rest(page)
    return frame


def at_rest(page) -> None:
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached(timeout=WAIT)


def within(frame) -> dict:
    """Zoom and centre of the map, as Leaflet has them."""
    return frame.locator("#map_div").evaluate("() => ({ zoom: map.getZoom(), ...map.getCenter() })")


# A map that has kept zoom and centre for ten looks in a row: a pan and a fit to the window both say "moveend" on their way.
STILL = """() => new Promise(done => {
  let last = null, same = 0;
  const look = () => {
    const now = JSON.stringify([map.getZoom(), map.getCenter()]);
    [same, last] = [now === last ? same + 1 : 0, now];
    same >= 10 ? done() : setTimeout(look, 50);
  };
  look();
})"""


def unmoved(now: dict, before: dict) -> bool:
    """Whether the map is where it was, to the pixel that a key of another height may cost its middle."""
    pixel = 360 / (256 * 2 ** before["zoom"])
    return now["zoom"] == before["zoom"] and all(abs(now[one] - before[one]) <= pixel for one in ("lat", "lng"))


def press(frame, control, key: str) -> None:
    """Press a key on a part of the map and wait until the map has moved and stands still."""
    box = frame.locator("#map_div")
    box.evaluate("() => { window.moved = new Promise(done => map.once('moveend', () => done())) }")
    control.press(key)
    box.evaluate("() => window.moved")
    box.evaluate(STILL)


def look_closer(frame) -> dict:
    """Zoom in and move, by keyboard; returns where the map then is."""
    frame.locator("#map_div").evaluate(STILL)
    before = within(frame)
    press(frame, frame.get_by_role("button", name="Zoom in"), "Enter")
    press(frame, frame.locator("#map_div"), "ArrowRight")
    after = within(frame)
    assert after["zoom"] > before["zoom"] and after["lng"] > before["lng"]
    return after


def click_area(frame, number: int) -> None:
    area = frame.locator(AREAS).nth(number)
    area.click(position=area.evaluate(UNCOVERED), force=True)


def choose_by_keyboard(page, key: str, words: str) -> None:
    """Type in a list of choices until the first one left begins with the words, and take it."""
    page.locator(f".st-key-{key} input").focus()
    page.keyboard.type(words)
    expect(page.get_by_role("option").first).to_have_text(re.compile("^" + re.escape(words)), timeout=WAIT)
    page.keyboard.press("Enter")


def expect_profile(page, name: str) -> None:
    """The list and the address are of that place."""
    expect(page.locator(".st-key-place input")).to_have_value(re.compile(f"^{name}"), timeout=WAIT)
    page.wait_for_function(
        "name => new URLSearchParams(location.search).get('place')?.startsWith(name)", arg=name, timeout=WAIT
    )


def names(level: str) -> list[str]:
    """Names of the areas of a level, in the order in which they are drawn."""
    return [geography.place(code)["name"] for code in catalogue.geometry(geography.GEOMETRIES[level])["code"]]


def painted(pdf: bytes) -> set[str]:
    """Colours that the pages of a PDF are filled with."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    drawing = b"".join(zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"\x78")
    return {
        "#" + "".join(f"{round(float(part) * 255):02X}" for part in colour)
        for colour in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", drawing)
    }


# ------------------------------------------------------------------------------ what a map keeps


def test_another_measure_and_smaller_areas_leave_the_map_where_it_was(page, app):
    frame = drawn(page, f"{app}/places", areas=8)
    closer = look_closer(frame)
    choose_by_keyboard(page, "measure", geography.MEASURES["imd_score"].label)
    expect(frame.get_by_role("application")).to_have_attribute("aria-label", re.compile("eprivation"), timeout=WAIT)
    assert unmoved(within(frame), closer)
    page.get_by_text("Neighbourhoods", exact=True).click()
    expect(frame.locator(AREAS)).to_have_count(len(names("msoa")), timeout=WAIT)
    assert unmoved(within(frame), closer)


@pytest.mark.parametrize(
    ("path", "name", "areas"), [("travel", "Further than", 624), ("reshaped", "Move through the years", 42)]
)
def test_a_step_of_the_slider_recolours_the_map_and_at_no_moment_empties_it(page, app, path, name, areas):
    frame = drawn(page, f"{app}/{path}", areas)
    closer = look_closer(frame)
    box, shown = frame.locator("#map_div"), frame.locator(AREAS)
    colours = "paths => paths.map(path => path.getAttribute('fill')).join()"
    box.evaluate(WATCH, AREAS)
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight"):
        before, said = shown.evaluate_all(colours), box.get_attribute("aria-label")
        page.get_by_role("slider", name=name).press(key)
        expect(box).not_to_have_attribute("aria-label", said, timeout=WAIT)
        assert shown.evaluate_all(colours) != before
    seen = box.evaluate("() => window.seen")
    assert seen["frames"] > 3 and seen["areas"] == areas and seen["height"] > 300
    assert unmoved(within(frame), closer)


# ------------------------------------------------------------------------------ how a place is chosen


def test_a_click_on_an_area_chooses_the_place_and_the_list_does_the_same_by_keyboard(page, app):
    frame = drawn(page, f"{app}/places", areas=8)
    districts = names("district")
    for number in (1, 6):
        click_area(frame, number)
        expect_profile(page, districts[number])
    at_rest(page)
    choose_by_keyboard(page, "place", districts[1])
    expect_profile(page, districts[1])


def test_a_click_on_the_map_of_systems_chooses_the_system(page, app):
    frame = drawn(page, f"{app}/systems", areas=42)
    codes = catalogue.geometry("systems")["code"].tolist()
    listed = catalogue.table("systems").set_index("icb_code")["name"]
    click_area(frame, 10)
    expect(page.get_by_role("heading", level=1)).to_contain_text(listed[codes[10]], timeout=WAIT)


def test_the_keyboard_goes_from_the_map_to_its_buttons_without_a_stop_at_each_area(page, app):
    frame = drawn(page, f"{app}/places?level=lsoa", areas=624)
    box = frame.get_by_role("application")
    assert "list on this page" in box.get_attribute("aria-label")
    box.focus()
    for name, further in (("Zoom in", 1), ("Zoom out", -1)):
        page.keyboard.press("Tab")
        button = frame.get_by_role("button", name=name)
        expect(button).to_be_focused()
        before = within(frame)["zoom"]
        press(frame, button, "Enter")
        assert (within(frame)["zoom"] - before) * further > 0


def test_the_key_and_the_scale_stand_with_the_map(page, app):
    frame = drawn(page, f"{app}/places", areas=8)
    key, scale = page.locator(".key").first, frame.locator(".leaflet-control-scale-line").first
    shades = frame.locator(AREAS).evaluate_all("paths => paths.map(path => path.getAttribute('fill'))")
    assert set(shades) <= set(re.findall("background:(#[0-9A-F]{6})", key.inner_html()))
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        expect(key.get_by_role("listitem").last).to_be_visible()
        expect(scale).to_have_text(re.compile(r"^\d+ km$"))
        page.wait_for_function(
            "width => document.querySelector('[data-testid=stCustomComponentV1]').clientWidth < width", arg=width
        )
        above, below = key.bounding_box(), page.locator("[data-testid=stCustomComponentV1]").first.bounding_box()
        assert 0 <= below["y"] - above["y"] - above["height"] < 60, "the key stands right above the map"


def test_what_the_mark_of_a_hospital_says_can_be_read_in_a_list(page, app):
    drawn(page, f"{app}/places", areas=8)
    page.get_by_role("button", name="Background").press("Enter")
    page.locator("summary", has_text="hospital sites on the map").press("Enter", timeout=WAIT)
    rows = page.get_by_role("table", name="Hospital sites on the map").get_by_role("row")
    sites = geography.hospitals()
    expect(rows).to_have_count(len(sites) + 1, timeout=WAIT)
    for site in sites.itertuples():
        row = rows.filter(has=page.get_by_text(site.name, exact=True))
        expect(row).to_contain_text(site.use_evidence)
        expect(row).to_contain_text(re.compile("ospital|Other site"))


# ------------------------------------------------------------------------------ streets from the internet


def test_streets_are_asked_of_the_tile_host_alone_and_only_while_they_are_switched_on(page, app):
    frame = drawn(page, f"{app}/places", areas=8)
    switch = page.get_by_role("switch", name="Load streets from the internet")
    expect(switch).not_to_be_checked()
    page.get_by_role("button", name="Help for Load streets from the internet").hover()
    expect(page.get_by_text("OpenStreetMap then sees your internet address")).to_be_visible()
    page.mouse.move(5, 300)
    look_closer(frame)
    assert page.asked == []
    switch.press("Space")
    expect(frame.locator("img.leaflet-tile-loaded").first).to_be_attached(timeout=WAIT)
    expect(frame.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap contributors")
    assert set(page.asked) == {TILE_HOST}
    assert "streets" not in page.url, "a link must not send its reader to the internet"
    switch.press("Space")
    expect(frame.locator("img.leaflet-tile")).to_have_count(0, timeout=WAIT)
    expect(frame.locator(".leaflet-control-attribution")).to_be_hidden()
    at_rest(page)
    page.asked.clear()
    press(frame, frame.get_by_role("button", name="Zoom out"), "Enter")
    page.reload()
    expect(page.get_by_role("switch", name="Load streets from the internet")).not_to_be_checked(timeout=WAIT)
    assert page.asked == []


def test_without_an_answer_from_the_internet_the_map_stays_and_says_so(page, app):
    page.online = False
    frame = drawn(page, f"{app}/travel", areas=624)
    page.get_by_role("switch", name="Load streets from the internet").press("Space")
    expect(frame.get_by_role("status")).to_contain_text("streets did not load", timeout=WAIT)
    expect(frame.locator(AREAS)).to_have_count(624)
    assert page.locator("[data-testid=stException]").count() == 0
    page.online = True
    press(frame, frame.get_by_role("button", name="Zoom in"), "Enter")
    expect(frame.get_by_role("status")).to_be_hidden(timeout=WAIT)


# ------------------------------------------------------------------------------ on paper


def test_a_printed_page_has_the_map_its_key_title_and_source_but_no_menu_and_no_controls(page, app):
    frame = drawn(page, f"{app}/places", areas=8)
    seen = within(frame)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name=re.compile("^Residents aged 65 and over"))).to_be_visible()
    expect(page.locator(".key").first).to_be_visible()
    expect(page.get_by_text(re.compile("Source: Office for National Statistics")).first).to_be_visible()
    for gone in (
        ".st-key-bar",
        ".st-key-measure",
        ".st-key-level",
        ".st-key-place",
        ".st-key-places-map-streets",
        "[data-testid=stExpander]",
    ):
        for part in page.locator(gone).all():
            expect(part).to_be_hidden()
    expect(frame.locator(".leaflet-control-zoom")).to_be_hidden()
    shades = set(frame.locator(AREAS).evaluate_all("paths => paths.map(path => path.getAttribute('fill'))"))
    assert shades <= painted(page.pdf(format="A4"))
    page.emulate_media(media="screen")
    expect(page.locator(".st-key-bar")).to_be_visible()
    assert within(frame) == pytest.approx(seen, abs=0.002), "after printing, the map on the screen is where it was"


# ------------------------------------------------------------------------------ under a path of its own


def test_under_a_path_of_the_server_deep_links_maps_menu_and_downloads_work(page):
    process, server = serve(under="nw")
    try:
        drawn(page, f"{server}/places?place=E07000143&level=locality", areas=5)
        expect_profile(page, "Breckland")
        page.get_by_role("button", name="Table, source, method").click()
        page.get_by_role("tab", name="Downloads").first.click()
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV with notes").first.click()
        page.keyboard.press("Escape")
        with zipfile.ZipFile(download.value.path()) as files:
            table = files.read(next(name for name in files.namelist() if name.endswith(".csv")))
        assert "Great Yarmouth and Waveney" in table.decode("utf-8-sig")
        page.get_by_role("button", name="Menu", exact=True).click()
        page.get_by_test_id("stPopoverBody").get_by_role("link", name="How the NHS was reshaped").click()
        page.wait_for_url(f"{server}/reshaped*")
        page.get_by_role("link", name="Norfolk & Waveney ICS Explorer").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Norfolk and Waveney", timeout=WAIT)
        drawn(page, f"{server}/", areas=8)
        assert page.url.startswith(f"{server}/")
    finally:
        process.terminate()
        process.wait(timeout=20)
