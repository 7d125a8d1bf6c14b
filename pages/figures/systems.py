"""The name and the big numbers of one system, on its page and as an instant answer."""

from __future__ import annotations

from collections.abc import Mapping

from ics_core import catalogue, systems
from pages.components.frame import numbers, page
from pages.components.instant.channel import Answer, Question

HEADLINES = (
    "Registered patients",
    "Residents, 2021 Census",
    "Aged 65 and over",
    "GP practices",
    "Primary care networks",
)
_LIST = "system"  # key of the list to choose from


def headline(code: str) -> None:
    """Its name, what the page is about, and five numbers."""
    page.start(
        "system_profile",
        moved_by="name",
        place=systems.name(code),
        count=len(systems.names()),
        most=systems.MOST_COMPARED,
    )
    numbers.show("", _numbers(code), "headline")


def question() -> Question:
    """What the page asks when another system is chosen."""
    return Question("systems", widgets=(_LIST,), buttons={button(code): code for code in systems.named_in_documents()})


def button(code: str) -> str:
    """Key of the button that chooses a system the documents name."""
    return f"named-{code}"


def at_once(asked: Mapping[str, str], key: str, chosen: float | str) -> Answer:
    """The answer to ``question``; ``chosen`` is a name in the list or a code on a button."""
    code = {name: code for code, name in systems.names().items()}[chosen] if key == _LIST else chosen
    title = catalogue.toml("text/pages")["system_profile"]["title"].format(place=systems.name(code))
    return Answer({"name": [title], "headline": numbers.words("", _numbers(code))})


def _numbers(code: str) -> list[numbers.Number]:
    by_item = systems.profile(code).set_index("item")
    return [
        (item, by_item.loc[item, "says"].removesuffix(" people"), systems.when(by_item.loc[item, "period"]))
        for item in HEADLINES
    ]
