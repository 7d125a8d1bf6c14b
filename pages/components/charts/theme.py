"""Colours, the same in charts, maps and small elements, for the theme the reader uses.

With no page running the light palette holds; the frame tells which theme a reader uses (``follow``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

import altair as alt


@dataclass(frozen=True)
class Palette:
    """Colours as hexadecimal text; each reaches 3:1 against ``ground``, text 4.5:1."""

    ink: str
    muted: str
    ground: str
    panel: str
    rule: str
    accent: str
    series: tuple[str, ...]
    sequence: tuple[str, ...]  # from little to much, for shaded maps
    good: str
    bad: str
    neutral: str
    band: str


# The Government Analysis Function's set; the dark one keeps the hues and lifts the lightness.
LIGHT = Palette(
    ink="#0B0F14",
    muted="#4A5560",
    ground="#FFFFFF",
    panel="#F2F4F6",
    rule="#C9D0D6",
    accent="#12436D",
    series=("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#7A5FB0"),
    sequence=("#E3EDF6", "#A9C8E1", "#6A9FCA", "#2F6B9E", "#12436D"),
    good="#12436D",
    bad="#D2470B",
    neutral="#5F6B76",
    band="#12436D",
)
DARK = Palette(
    ink="#EEF2F5",
    muted="#B4BFC9",
    ground="#10171E",
    panel="#1B242D",
    rule="#43505C",
    accent="#8DBDEB",
    series=("#8DBDEB", "#3EC1B5", "#E59AC6", "#F58B54", "#C8CED4", "#C3B0E6"),
    sequence=("#1D3A54", "#2F628C", "#4B8BBF", "#86B9E6", "#D3E7F9"),
    good="#8DBDEB",
    bad="#F58B54",
    neutral="#A3AEB8",
    band="#8DBDEB",
)


_dark: Callable[[], bool] = bool
_paper = ContextVar("paper", default=False)


def follow(dark: Callable[[], bool]) -> None:
    """Ask ``dark`` whether the reader's screen is dark, each time a palette is wanted."""
    global _dark
    _dark = dark


@contextmanager
def on_paper() -> Iterator[None]:
    """What is made in here is for white paper or a white slide, whatever theme the reader uses."""
    token = _paper.set(True)
    try:
        yield
    finally:
        _paper.reset(token)


def palette() -> Palette:
    """The palette of the theme on the reader's screen, or of paper."""
    return DARK if not _paper.get() and _dark() else LIGHT


def config() -> dict[str, dict[str, object] | str]:
    """What is alike in all charts, in Vega-Lite's words: text dark enough to read in the reader's theme."""
    colours = palette()
    return {
        "background": colours.ground,
        "view": {"stroke": None},
        "title": {"color": colours.ink, "subtitleColor": colours.muted},
        "axis": {
            "labelColor": colours.muted,
            "titleColor": colours.muted,
            "gridColor": colours.rule,
            "gridOpacity": 0.5,
            "domainColor": colours.rule,
        },
        "legend": {"labelColor": colours.ink, "titleColor": colours.muted},
        "header": {"labelColor": colours.ink, "titleColor": colours.muted},
    }


def dress(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """The chart with axis and legend text dark enough to read in the reader's theme."""
    return chart.configure(**config())  # one call: each of Altair's configure_... methods copies the whole chart


@cache
def mix(one: str, other: str, share: float) -> str:
    """A colour that lies ``share`` of the way from one to the other."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def for_words(colour: str, colours: Palette) -> str:
    """A colour of a mark as words bear it: contrast 4.5 to the ground, where a mark needs 3."""
    return mix(colour, colours.ink, 0.4)
