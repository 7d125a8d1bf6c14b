"""A whole workshop in browsers: a facilitator and three phones, one without JavaScript, one that loses its signal."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, expect

from ics_core.workshop import session, store
from tests.browser.test_every_page import RULES, SIZES, settle
from tests.conftest import serve

HALL = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("workshops")


@pytest.fixture(scope="module")
def hall(folder):
    """Address of an app with a store of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(store.PLACE, str(folder))
        process, address = serve()
    yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def window(chromium):
    """Opens windows of a size, and closes them in the end."""
    opened = []

    def open_one(size=SIZES["phone"], **options):
        opened.append(chromium.new_context(viewport=size, **options))
        return opened[-1].new_page()

    yield open_one
    for context in opened:
        context.close()


def accessible(page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, "\n".join(f"{v['id']}: {v['nodes'][0]['html'][:300]}" for v in found)


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def join(phone, hall, code) -> None:
    phone.goto(f"{hall}/join")
    phone.get_by_label("The code on the screen").fill(f"{code[:3]} {code[3:]}".lower())
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_role("button", name="Join").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You are in")


def press(screen, key, seen) -> None:
    """Press a clicker's key; once more if the screen, just opened, did not hear it, as a person would."""
    screen.keyboard.press(key)
    try:
        seen.wait_for(timeout=5_000)
    except TimeoutError:
        screen.keyboard.press(key)
        expect(seen).to_be_visible(timeout=20_000)


def test_a_whole_workshop_with_three_phones(hall, window):
    screen = window(HALL)
    screen.goto(f"{hall}/workshop")
    settle(screen)
    screen.get_by_role("combobox", name="Start from").click()
    screen.get_by_role("option", name="What matters most").click()
    expect(screen.get_by_role("textbox", name="Title")).to_have_value("What matters most")
    screen.get_by_role("textbox", name="Place").fill("Cromer")
    screen.get_by_role("button", name="Open the workshop").click()
    code = screen.locator(".hall-code").inner_text(timeout=20_000)

    live, tunnel, plain = window(), window(), window({"width": 320, "height": 640}, java_script_enabled=False)
    for phone in (live, tunnel, plain):
        join(phone, hall, code)
    expect(screen.get_by_text("3 people in the room so far")).to_be_visible(timeout=10_000)
    accessible(screen)

    # Points: with buttons, with a form alone, and in a tunnel.
    press(screen, "PageDown", screen.locator(".hall-ask"))
    for phone in (live, tunnel):
        expect(phone.get_by_role("button", name="Send my answer")).to_be_visible(timeout=10_000)
    accessible(live)
    for _ in range(20):
        live.get_by_role("button", name="5 points more for Later life").click()
    expect(live.get_by_text("All 100 points are shared")).to_be_visible()
    live.get_by_role("button", name="Send my answer").click()
    expect(live.locator("#said")).to_contain_text("Received")

    plain.get_by_role("link", name="Look for the next question").click()
    plain.get_by_label("Later life").fill("60")
    plain.get_by_role("button", name="Send my answer").click()
    expect(plain.get_by_role("alert")).to_contain_text("share out 40 more")
    expect(plain.get_by_label("Later life")).to_have_value("60")
    plain.get_by_label("Primary care").fill("40")
    plain.get_by_role("button", name="Send my answer").click()
    expect(plain.locator("#said")).to_contain_text("Received")
    assert fits(plain)

    tunnel.context.set_offline(True)
    tunnel.get_by_label("Mental health", exact=True).fill("100")
    tunnel.get_by_role("button", name="Send my answer").click()
    expect(tunnel.locator("#said")).to_contain_text("kept on this phone", timeout=15_000)
    expect(screen.locator(".hall-count")).to_have_text("2 of 3 answered", timeout=10_000)
    tunnel.context.set_offline(False)
    expect(tunnel.locator("#said")).to_contain_text("Received", timeout=15_000)
    expect(screen.locator(".hall-count")).to_have_text("3 of 3 answered", timeout=10_000)

    press(screen, "PageDown", screen.locator(".hall-finding"))
    expect(screen.locator(".hall-finding")).to_contain_text("Later life gets most")
    expect(live.get_by_text("The results are on the screen")).to_be_visible(timeout=10_000)

    # A lever: what it does is said as it moves, and the answer is there after a reload.
    press(screen, "PageDown", screen.locator(".hall-ask"))
    expect(live.locator("#effect")).to_contain_text("By 20", timeout=10_000)
    before = live.locator("#effect").inner_text()
    live.get_by_role("button", name="All the way").click()
    assert live.locator("#effect").inner_text() != before
    live.get_by_role("button", name="Send my answer").click()
    expect(live.locator("#said")).to_contain_text("Received")
    live.reload()
    expect(live.locator("input#value")).to_have_value("100")
    expect(live.locator("#said")).to_contain_text("Received")
    assert fits(live)

    # The facilitator's browser starts again: the workshop stands where it was.
    screen.reload()
    expect(screen.locator(".hall-count")).to_have_text("1 of 3 answered", timeout=30_000)
    press(screen, "PageDown", screen.locator(".hall-finding"))
    press(screen, "f", screen.get_by_text("Left undone"))
    expect(screen.locator(".hall-finding")).to_contain_text("With the room's choices", timeout=20_000)
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight") and fits(screen)
    press(screen, "b", screen.get_by_role("button", name="Back to the screen"))
    press(screen, "b", screen.locator(".hall-finding"))

    # On to the comment, which waits at the desk until it is let through, and is text then.
    press(screen, "f", screen.get_by_role("button", name="Next question"))
    for number in range(3, 8):
        screen.get_by_role("button", name="Next Shortcut N").click()
        expect(screen.locator(".hall-head")).to_contain_text(f"Question {number} of 7", timeout=10_000)
    press(screen, "PageDown", screen.get_by_role("button", name="Show the results"))
    tunnel.get_by_label("Your comment").fill("<b>More buses</b>", timeout=10_000)
    tunnel.get_by_role("button", name="Send my answer").click()
    expect(tunnel.locator("#said")).to_contain_text("Received")
    press(screen, "PageDown", screen.locator(".hall-finding"))
    expect(screen.get_by_text("More buses")).to_have_count(0)
    screen.get_by_role("button", name="Desk").click()
    settle(screen)
    screen.get_by_role("button", name="Show to the room").click()
    expect(screen.get_by_role("button", name="Hide")).to_be_visible(timeout=10_000)
    accessible(screen)
    screen.get_by_role("tab", name="Record").click()
    with screen.context.expect_page() as printed:
        screen.get_by_role("link", name="Record, to read and print").click()
    expect(printed.value.get_by_text("<b>More buses</b>")).to_be_visible()
    accessible(printed.value)
    screen.get_by_role("button", name="To the big screen").click()
    expect(screen.get_by_text("<b>More buses</b>").first).to_be_visible(timeout=20_000)


def test_the_facilitators_link_opens_the_workshop_in_another_browser_and_leaves_no_secret_behind(hall, folder, window):
    questions = session.sessions()["what-matters-most"].questions
    workshop, secret = store.at(f"sqlite:///{folder / 'workshops.sqlite'}").create("Another browser", "", questions)
    code = workshop.code
    second = window({"width": 1024, "height": 768}, color_scheme="dark")
    asked = []
    second.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    second.goto(f"{hall}/facilitate/{code}#{secret}")
    expect(second.locator(".hall-code")).to_have_text(code, timeout=30_000)
    accessible(second)
    second.keyboard.press("PageDown")
    expect(second.get_by_role("button", name="Show the results")).to_be_visible(timeout=10_000)
    accessible(second)
    assert fits(second) and secret not in second.url
    assert not any(secret in part for request in asked[1:] for part in request)
    stranger = window(HALL)
    stranger.goto(f"{hall}/workshop?run={code}")
    expect(stranger.get_by_text("does not have the facilitator's secret")).to_be_visible(timeout=30_000)


# What a browser answers only with a promise is waited for in the browser.
WATCHED = """async () => {
  const worker = navigator.serviceWorker;
  if (!worker.controller) await new Promise(done => worker.addEventListener("controllerchange", done));
}"""
FORGOTTEN = """async () => {
  for (let i = 0; i < 200; i++) {
    if (!(await caches.keys()).length && !(await navigator.serviceWorker.getRegistrations()).length) return true;
    await new Promise(done => setTimeout(done, 100));
  }
  return false;
}"""


def test_a_phone_that_reloads_without_a_network_has_its_page_its_own_answer_and_what_waits(hall, folder, window):
    place = store.at(f"sqlite:///{folder / 'workshops.sqlite'}")
    ready = {q.id: q for one in session.sessions().values() for q in one.questions}
    first, order = ready["falls"], ready["matters-in-order"]
    workshop, _ = place.create("In a tunnel", "", [first, order])
    path = f"/join/{workshop.code}"
    phone = window()
    join(phone, hall, workshop.code)
    phone.evaluate(WATCHED)
    place.act(workshop.code, "forward")
    phone.locator("input#value").fill("40", timeout=20_000)
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.locator("#said")).to_contain_text("Received")

    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text(first.text)
    expect(phone.locator("input#value")).to_have_value("40")
    expect(phone.locator("#said")).to_contain_text("Received")
    expect(phone.locator("#signal")).to_contain_text("No signal", timeout=20_000)
    phone.locator("input#value").fill("60")
    phone.get_by_role("button", name="Change my answer").click()
    expect(phone.locator("#said")).to_contain_text("kept on this phone", timeout=20_000)
    phone.reload()
    expect(phone.locator("input#value")).to_have_value("60")
    expect(phone.locator("#said")).to_contain_text("ept on this phone")
    assert [one.value for one in place.given(workshop.code)] == [40.0]
    twin = phone.context.new_page()  # a second tab has it, too, and both send it once
    twin.goto(hall + path)
    expect(twin.locator("input#value")).to_have_value("60")
    phone.context.set_offline(False)
    expect(phone.locator("#said")).to_contain_text("Received", timeout=20_000)
    twin.close()
    assert [(one.value, one.late) for one in place.given(workshop.code)] == [(60.0, True)]

    # The eight in order by keyboard: the first by its place, the others one after the other.
    for _ in range(2):
        place.act(workshop.code, "forward")
    phone.get_by_label("Later life", exact=True).fill("1", timeout=20_000)
    for name in session.priorities().values():
        if name != "Later life":
            phone.get_by_role("button", name=f"Choose: {name}").press("Enter")
    expect(phone.get_by_text("All are in order")).to_be_visible()
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.locator("#said")).to_contain_text("Received")
    assert place.given(workshop.code, order.id)[0].value == dict(zip("12345678", (2, 3, 4, 5, 1, 6, 7, 8), strict=True))
    assert fits(phone)
    accessible(phone)

    # It keeps nothing but this workshop's page and its style and script, and drops them with the workshop.
    phone.goto(f"{hall}/workshop")
    settle(phone)
    phone.goto(f"{hall}/join")
    kept = phone.evaluate(
        "async () => { const found = []; for (const name of await caches.keys())"
        " for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname); return found; }"
    )
    assert set(kept) == {path, f"{path}/now", "/join/files/phone.css", "/join/files/phone.js"}
    scopes = "async () => (await navigator.serviceWorker.getRegistrations()).map(one => one.scope)"
    assert phone.evaluate(scopes) == [hall + path]
    phone.goto(hall + path)
    place.delete(workshop.code)
    phone.reload()
    expect(phone.get_by_role("alert")).to_contain_text("no workshop with the code")
    assert phone.evaluate(FORGOTTEN)
