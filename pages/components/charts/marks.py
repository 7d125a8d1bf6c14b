"""Small marks in lists: pictures made of text, so that colour, shape and word go together."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import Any

from pages.components.charts.theme import Palette, palette

# A judgement: its mark and its word.
VARIATION = {
    "common cause": ("usual", "Usual variation"),
    "special cause improving": ("improving", "Improving"),
    "special cause concerning": ("concerning", "Getting worse"),
    "special cause neutral high": ("high", "Higher than usual"),
    "special cause neutral low": ("low", "Lower than usual"),
}
ASSURANCE = {
    "consistently passing": ("pass", "Will keep meeting it"),
    "consistently failing": ("fail", "Will keep missing it"),
    "inconsistent": ("unsure", "Will hit and miss"),
    "not enough variation to judge": ("none", "Cannot be judged"),
}


def meaning_colours(colours: Palette) -> dict[str, str]:
    """The colour of each meaning that a point or a series can have."""
    return {
        "usual": colours.neutral,
        "improving": colours.good,
        "concerning": colours.bad,
        "high": colours.series[2],
        "low": colours.series[2],
    }


def icon(kind: str, better: str = "up", *, size: int = 26) -> str:
    """An ``img`` element with the mark for a meaning or an assurance; decorative, the word stands beside it."""
    colours = palette()
    colour = {**meaning_colours(colours), "pass": colours.good, "fail": colours.bad}.get(kind, colours.neutral)
    return _image(_SHAPES[kind].replace("{arrow}", _arrow(kind, better)), colour, 32, 32, size, size)


def sparkline(values: list[float], target: float | None = None, *, width: int = 132, height: int = 34) -> str:
    """An ``img`` element with the recent course of a series, its last point marked; decorative."""
    colours = palette()
    low, high = min(values), max(values)
    near = target is not None and low - (high - low) <= target <= high + (high - low)
    if near:
        low, high = min(low, target), max(high, target)
    spread = (high - low) or 1

    def place(n: int, value: float) -> str:
        return f"{4 + n * (width - 8) / max(1, len(values) - 1):.1f},{height - 4 - (value - low) / spread * (height - 8):.1f}"

    points = [place(n, value) for n, value in enumerate(values)]
    x, y = points[-1].split(",")
    level = place(0, target).split(",")[1] if near else None
    goal = f'<path d="M2 {level}H{width - 2}" stroke="{colours.series[2]}" stroke-dasharray="4 3"/>' if near else ""
    return _image(
        f'{goal}<polyline points="{" ".join(points)}" stroke-width="1.8"/><circle cx="{x}" cy="{y}" r="3.4" fill="{colours.accent}"/>',
        colours.accent,
        width,
        height,
        width,
        height,
    )


_SHAPES = {
    "usual": '<circle cx="16" cy="16" r="13"/><path d="M7 18c3-7 6-7 9-2s6 5 9-2"/>',
    "improving": '<circle cx="16" cy="16" r="13" fill="{fill}"/>{arrow}',
    "concerning": '<rect x="3" y="3" width="26" height="26" rx="3" fill="{fill}"/>{arrow}',
    "high": '<path d="M16 2 30 16 16 30 2 16Z"/><path d="M16 23V10m-5 5 5-5 5 5"/>',
    "low": '<path d="M16 2 30 16 16 30 2 16Z"/><path d="M16 9v13m-5-5 5 5 5-5"/>',
    "pass": '<circle cx="16" cy="16" r="13"/><path d="m9 17 5 5 9-11"/>',
    "fail": '<rect x="3" y="3" width="26" height="26" rx="3"/><path d="m10 10 12 12m0-12L10 22"/>',
    "unsure": '<circle cx="16" cy="16" r="13"/><path d="M12 12c1-5 9-4 8 1-.5 3-4 3-4 6m0 4v.5"/>',
    "none": '<circle cx="16" cy="16" r="13" stroke-dasharray="3 4"/><path d="M11 16h10"/>',
}


def _arrow(kind: str, better: str) -> str:
    rises = (kind == "improving") == (better == "up")
    path = "M16 24V9m-6 6 6-6 6 6" if rises else "M16 8v15m-6-6 6 6 6-6"
    return f'<path d="{path}" stroke="{palette().ground}" stroke-width="3"/>'


def _image(shapes: str, colour: str, wide: int, high: int, width: int, height: int) -> str:
    shapes = shapes.replace("{fill}", colour)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" fill="none" stroke="{colour}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">{shapes}</svg>'
    return f'<img alt="" width="{width}" height="{height}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


def variation_mark(variation: str | None, better: str) -> str:
    """Icon and word for how a series moves."""
    kind, word = VARIATION.get(variation or "", ("none", "No control chart"))
    return _marked(kind, word, better)


def assurance_mark(assurance: str | None, met: bool | None) -> str:
    """Icon and word for whether the target will be met; without a control chart, whether it is met now."""
    if assurance:
        kind, word = ASSURANCE[assurance]
    else:
        kind, word = (
            ("none", "No target drawn") if met is None else ("pass", "Met now") if met else ("fail", "Not met now")
        )
    return _marked(kind, word, "up")


def old_mark(row: Any) -> str:
    """A quiet mark with the age of a figure that is old; nothing for a recent one. ``row`` has age_months and old."""
    return f'<span class="nw-old">{row.age_months} months old</span>' if row.old else ""


def _marked(kind: str, word: str, better: str) -> str:
    return f'{icon(kind, better)}<span class="{"nw-none" if kind == "none" else "nw-told"}">{escape(word)}</span>'
