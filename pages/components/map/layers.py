"""What a map shows, as values: shaded areas, borders, marks, and the whole map. Nothing here draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

import pandas as pd

from ics_core import catalogue
from pages.components.charts import theme
from pages.components.charts.theme import mix

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Areas:
    """Areas of one catalogue geometry, coloured by class.

    ``classes`` holds a class number from 0 for each code; a code without one is drawn hatched as
    "no data". ``words`` names the classes for the key and the tooltip, ``colours`` gives them
    colours (default: little to much, from the theme). ``values`` are what the tooltip says:
    numbers, written with ``decimals`` and ``unit``, or text. ``say`` adds the class in words.
    """

    geometry: str
    classes: Mapping[str, float]
    words: tuple[str, ...]
    title: str = ""
    colours: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    unit: str = ""
    decimals: int = 0
    say: bool = False

    @cached_property
    def digits(self) -> str:
        """One character an area, in the order of the shapes: its class, or "-" for no data."""
        numbers = pd.Series(self.classes, dtype="float64").reindex(list(codes(self.geometry)))
        return "".join("-" if number != number else _DIGITS[int(number)] for number in numbers.tolist())


@dataclass(frozen=True)
class Outline:
    """Borders of a catalogue geometry, drawn over the areas; ``names`` writes each name on the map."""

    geometry: str
    names: bool = False
    weight: float = 1.6
    colour: str = ""


@dataclass(frozen=True)
class Points:
    """Marks at ``table``'s lat and lon, with code and name, and optionally ``text`` for the tooltip.

    ``size`` names a column that the mark's area is in proportion to. ``shape`` is circle, square,
    diamond, triangle or cross, so that colour never speaks alone. ``names`` writes each name beside
    its mark; ``select=False`` makes marks that only show their tooltip.
    """

    table: pd.DataFrame
    label: str
    shape: str = "circle"
    colour: str = ""
    size: str = ""
    radius: float = 7
    names: bool = False
    select: bool = True

    @cached_property
    def rows(self) -> list[list]:
        """One list a mark, as the browser takes them: lat, lon, radius in pixels, code, name, text."""
        table = self.table
        radius = (
            self.radius * (table[self.size] / table[self.size].max()) ** 0.5
            if self.size
            else pd.Series(self.radius, table.index)
        )
        text = table["text"] if "text" in table else pd.Series("", table.index)
        columns = (
            table["lat"].round(4),
            table["lon"].round(4),
            radius.clip(lower=2).round(1),
            table["code"],
            table["name"],
            text,
        )
        return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


Layer = Areas | Outline | Points


@dataclass(frozen=True)
class Map:
    """A map as a figure's picture. ``caption`` is what it shows, in a sentence: the accessible name.

    ``selected`` is the code of a place to rim; ``chooses`` the key of the choice that a click on the map sets.
    ``fit`` names the geometry that fills the map at first; ``height`` is in pixels, on a page to read.
    """

    key: str
    layers: tuple[Layer, ...]
    caption: str
    selected: str = ""
    selectable: bool = True
    chooses: str = ""
    fit: str = "footprint"
    height: int = 520


def ramp_of(classes: int, colours: theme.Palette | None = None) -> tuple[str, ...]:
    """That many colours from little to much, between the ends of the theme's sequence."""
    stops = (colours or theme.palette()).sequence
    if classes == 1:
        return (stops[-2],)
    places = [i * (len(stops) - 1) / (classes - 1) for i in range(classes)]
    return tuple(mix(stops[int(p)], stops[min(int(p) + 1, len(stops) - 1)], p % 1) for p in places)


@cache
def codes(geometry: str) -> tuple[str, ...]:
    return tuple(catalogue.geometry(geometry)["code"])
