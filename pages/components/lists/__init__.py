"""Lists to read, drawn by kind: real text and links, one column on a phone.

Each module of this room registers what it can draw; ``draw`` finds it by the kind of the ``Listing``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import streamlit as st

from pages.components.charts.picture import Listing

_STYLE = Path(__file__).with_name("lists.css")

# kind of listing -> the module of this room that draws it with a function of that name
KINDS: dict[str, str] = {
    "tiles": "ambitions",
    "headline_rows": "ambitions",
    "measure_cards": "ambitions",
    "indicator_rows": "indicators",
    "gap_cards": "indicators",
    "promise_cards": "promises",
    "statements": "systems",
    "boards": "systems",
    "event_list": "story",
    "pairs": "story",
    "then_and_now": "story",
}


def draw(listing: Listing) -> None:
    """Draw a listing with the function its kind names."""
    style()
    drawing: Callable = getattr(import_module(f"pages.components.lists.{KINDS[listing.kind]}"), listing.kind)
    drawing(listing.table, **listing.options)


def style() -> None:
    """The look of lists, for what is drawn on its own."""
    st.html(_STYLE)
