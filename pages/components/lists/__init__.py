"""Lists to read, drawn by kind: real text and links, one column on a phone.

Each module of this room registers what it can draw; ``draw`` finds it by the kind of the ``Listing``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from pages.components.charts.picture import Listing

# kind of listing -> the module of this room that draws it with a function of that name
KINDS: dict[str, str] = {}


def draw(listing: Listing) -> None:
    """Draw a listing with the function its kind names."""
    drawing: Callable = getattr(import_module(f"pages.components.lists.{KINDS[listing.kind]}"), listing.kind)
    drawing(listing.table, **listing.options)
