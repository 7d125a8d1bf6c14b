"""Small marks in lists: pictures made of text, so that colour, shape and word go together."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import Any

from pages.components.charts.theme import Palette, palette

# The five words a measure may bear, each with its mark; "not judged" where no direction is better.
WORDS = {
    "better": ("improving", "Better"),
    "worse": ("concerning", "Worse"),
    "no clear change": ("usual", "No clear change"),
    "cannot be told yet": ("unsure", "Cannot be told yet"),
    "no recent figure": ("none", "No recent figure"),
}
NEUTRAL = {"high": ("high", "Higher than usual"), "low": ("low", "Lower than usual")}
# How a measure stands to its target, by the row of the decision table; those left out cannot be told yet.
COURSES = {
    "pass": ("passed, met", "met, steady", "met, new", "met"),
    "fail": ("passed, missed", "late", "far", "far, out of reach", "still", "still, out of reach", "out of reach"),
    "none": ("neutral", "none", "replaced"),
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


def icon(kind: str, better: str = "up", *, size: int = 26, trial: bool = False) -> str:
    """An ``img`` element with the mark for a word or a course; decorative, the word stands beside it.

    A judgement on trial limits has a broken edge.
    """
    colours = palette()
    colour = {**meaning_colours(colours), "pass": colours.good, "fail": colours.bad}.get(kind, colours.neutral)
    shape = _SHAPES[kind].replace("{arrow}", _arrow(kind, better))
    if trial:
        shape = shape.replace("/>", ' stroke-dasharray="4 3"/>', 1)
    return _image(shape, colour, 32, 32, size, size)


def sparkline(values: list[float], target: float | None = None, *, width: int = 132, height: int = 34) -> str:
    """An ``img`` element with the recent course of a series, its last point marked; decorative."""
    colours = palette()
    low, high = min(values), max(values)
    near = target is not None and low - (high - low) <= target <= high + (high - low)
    if near:
        low, high = min(low, target), max(high, target)
    spread = (high - low) or 1

    def place(n: int, value: float) -> str:
        across, up = n / max(1, len(values) - 1), (value - low) / spread
        return f"{4 + across * (width - 8):.1f},{height - 4 - up * (height - 8):.1f}"

    points = [place(n, value) for n, value in enumerate(values)]
    x, y = points[-1].split(",")
    level = place(0, target).split(",")[1] if near else None
    goal = f'<path d="M2 {level}H{width - 2}" stroke="{colours.series[2]}" stroke-dasharray="4 3"/>' if near else ""
    line = f'<polyline points="{" ".join(points)}" stroke-width="1.8"/>'
    end = f'<circle cx="{x}" cy="{y}" r="3.4" fill="{colours.accent}"/>'
    return _image(f"{goal}{line}{end}", colours.accent, width, height, width, height)


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
    drawn = f'fill="none" stroke="{colour}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" {drawn}>{shapes}</svg>'
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    return f'<img alt="" width="{width}" height="{height}" src="{source}">'


def word_mark(row: Any) -> str:
    """Icon and word for what a series does, and whether that rests on trial limits.

    ``row`` has word, reason, better, trial and trial_words, as a row of ``ambitions.overview`` has.
    """
    kind, word = WORDS.get(row.word) or NEUTRAL.get(row.reason, ("none", "Not judged"))
    mark = _marked(kind, word, row.better, row.trial)
    return f'{mark}<small class="nw-trial">{escape(row.trial_words)}</small>' if row.trial else mark


def course_mark(row: Any) -> str:
    """Icon and words for how a measure stands to its target. ``row`` has course, course_word and old."""
    kind = next((kind for kind, courses in COURSES.items() if row.course in courses), "unsure")
    return _marked("none" if row.old else kind, row.course_word, "up")


def old_mark(row: Any) -> str:
    """A quiet mark where newer releases have come out, with how many; nothing for the newest. ``row`` has age_words."""
    return f'<span class="nw-old">{escape(row.age_words)}</span>' if row.age_words else ""


def _marked(kind: str, word: str, better: str, trial: bool = False) -> str:
    told = "nw-none" if kind == "none" else "nw-told"
    return f'{icon(kind, better, trial=trial)}<span class="{told}">{escape(word)}</span>'
