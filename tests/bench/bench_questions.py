"""Ten questions of residents, answered from the front page on a phone: ``python -m tests.bench.bench_questions``.

Prints for each how many taps it took, and whether what answers it stood in the window without a scroll; asserts
nothing. A word typed into the search counts as one tap.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.test_every_page import settle
from tests.conftest import CHROMIUM_FLAGS, find_chromium, serve

PHONE = {"width": 390, "height": 844}
# The question; what is tapped on the way ("menu: NAME", "search: WORDS", "figure: NAME"); what answers it.
QUESTIONS = (
    ("Are waits in A&E getting shorter?", ("menu: 6. Urgent",), r"A&E within four hours"),
    ("How far is the nearest A&E from Cromer?", ("search: Cromer",), r"\d+ min"),
    ("How many people will be 85 or over?", ("menu: Population", "figure: Older residents"), r"(65|85) (and|or) over"),
    ("Will A&E need to see more people?", ("menu: Demand",), r"A&E attendances.*projected"),
    ("Will the money be enough?", ("menu: Money",), r"(short|gap|Gap|cost)"),
    ("Who lives far from a hospital?", ("menu: Getting to hospital",), r"\d+% of residents"),
    ("Which promises of 2018 were kept?", ("menu: The promises of 2018",), r"\d+ kept"),
    ("Who is in the same boat as we are?", ("menu: Nearest systems",), r"is most like"),
    ("How old are the people of the districts?", ("menu: Our places",), r"Residents aged 65 and over"),
    ("How long do people wait for planned treatment?", ("menu: 7. Elective recovery",), r"18 weeks"),
)


def main() -> None:
    process, address = serve("app.py")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
            for question, way, answer in QUESTIONS:
                page = browser.new_page(viewport=PHONE, has_touch=True)
                page.goto(address)
                settle(page)
                taps = sum(go(page, step) for step in way)
                settle(page)
                seen = in_window(page, answer)
                print(
                    f"{question:50}{taps} taps, {'in the window' if seen else 'NOT in the window'}: {seen}", flush=True
                )
                page.close()
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def go(page: Page, step: str) -> int:
    """Take one step; how many taps it took."""
    kind, _, name = step.partition(": ")
    if kind == "figure":
        page.locator(".st-key-figures").get_by_role("radio", name=name).tap()
        return 1
    box = page.get_by_role("button", name=re.compile("Menu" if kind == "menu" else "Search")).first
    box.tap()
    if kind == "menu":
        page.locator(".st-key-menu").get_by_role("link", name=name).first.tap()
        return 2
    field = page.locator(".st-key-search-box input").first
    expect(field).to_be_visible(timeout=30_000)
    field.fill(name)
    field.press("Enter")
    page.wait_for_timeout(3000)
    return 2


def in_window(page: Page, answer: str) -> str:
    """The first words that answer the question and stand wholly in the window; empty where none do."""
    return page.evaluate(
        """answer => {
          const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), wanted = new RegExp(answer);
          while (words.nextNode()) {
            const around = words.currentNode.parentElement, box = around.getBoundingClientRect();
            const shown = box.width > 1 && box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
            if (shown && wanted.test(words.currentNode.data)) return words.currentNode.data.trim().slice(0, 80);
          }
          return '';
        }""",
        answer,
    )


if __name__ == "__main__":
    main()
