"""Maps: Folium in the browser, nothing from the internet, recoloured without being rebuilt.

The map itself never changes from run to run. Each run sends a short description (a colour class
for each area, a few points) that ``browser/areas.js`` applies to shapes the browser fetched
once from this server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import escape
from pathlib import Path

import altair as alt
import folium
import pandas as pd
import streamlit as st
import xstatic.pkg.leaflet as leaflet_assets
from branca.element import MacroElement
from folium.template import Template
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from ics_core import catalogue
from ics_core.area import AREA
from pages.components.charts import theme

# The map is drawn in a frame at component/<its name>/, so these neighbours are one step away from
# it whatever server.baseUrlPath says.
_LEAFLET = "../" + declare_component("leaflet", path=leaflet_assets.BASE_DIR).name
_BROWSER = "../" + declare_component("browser", path=Path(__file__).parent / "browser").name
_GEOMETRY = "../" + declare_component("geometry", path=catalogue.geometry_path("footprint").parent).name

_STREETS = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_CREDIT = (
    '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">© OpenStreetMap contributors</a>'
)
_STREETS_ON = "OpenStreetMap then sees your internet address and where on the map you look. Off, nothing is asked."
_FAILED = "The streets did not load: no answer from the internet. All else on the map is there."
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PLACES = "".join(chr(number) for number in range(48, 123) if chr(number) != "\\")  # one byte each in JSON
_SHAPES = {
    "circle": "circle(45%)",
    "square": "inset(8%)",
    "diamond": "polygon(50% 0,100% 50%,50% 100%,0 50%)",
    "triangle": "polygon(50% 5%,100% 95%,0 95%)",
    "cross": "polygon(33% 5%,67% 5%,67% 33%,95% 33%,95% 67%,67% 67%,67% 95%,33% 95%,33% 67%,5% 67%,5% 33%,33% 33%)",
}


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
        numbers = pd.Series(self.classes, dtype="float64").reindex(list(_codes(self.geometry)))
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


def draw(
    key: str,
    layers: list[Layer],
    *,
    caption: str,
    height: int = 520,
    selected: str = "",
    selectable: bool = True,
    on_click: Callable[[str], None] | None = None,
    fit: str = "footprint",
) -> str | None:
    """Show the key and the map; returns the code of the place clicked since the last run, or None.

    ``caption`` is what the picture shows, in a sentence: the accessible name. ``selected`` is the
    code of a place to rim. ``on_click`` is called with the code before the script runs again, the
    moment to set another widget. ``fit`` names the geometry that fills the map at first.
    """
    colours = theme.palette()
    st.html(_key(layers, colours))
    streets = st.session_state.get(f"{key}-streets", False)
    beneath = _beneath(fit, any(isinstance(layer, Areas) for layer in layers), streets, colours)
    description = {
        "caption": caption,
        "ink": colours.ink,
        "muted": colours.muted,
        "ground": colours.ground,
        "sea": _mix(colours.ground, colours.accent, 0.14),
        "fit": _bounds(fit),
        "tiles": streets,
        "layers": [
            *beneath,
            *(
                {name: told for name, told in _spec(n, layer, colours, selectable).items() if told is not False}
                for n, layer in enumerate(layers)
            ),
        ],
    }
    if selected:
        description["layers"].append({"id": "chosen", "kind": "chosen", "code": selected})
    answer = st_folium(
        _Base(location=AREA.map.centre, zoom_start=AREA.map.zoom, tiles=None),
        key=key,
        height=height,
        width=None,
        returned_objects=[],
        feature_group_to_add=_Group().add_child(_Description(description)),
        on_change=(lambda: on_click(st.session_state[key]["clicked"])) if on_click else None,
    )
    # Not in the address, so that no link sends its reader to the internet unasked; forgotten with the page.
    st.toggle("Load streets from the internet", key=f"{key}-streets")
    st.caption(_STREETS_ON)  # under it, because Streamlit cuts a long label short on a phone
    return _new_click(key, answer)


def still(layers: list[Layer], width: int = 720) -> alt.LayerChart:
    """The same map as an Altair chart, for pictures to download."""
    colours = theme.LIGHT  # a picture to keep is on white
    charts = []
    for layer in layers:
        if isinstance(layer, Points):
            size = (
                {"size": alt.Size(f"{layer.size}:Q", legend=None, scale=alt.Scale(range=[4, 4 * layer.radius**2]))}
                if layer.size
                else {"size": alt.value(3 * layer.radius**2)}
            )
            shape = "triangle-up" if layer.shape == "triangle" else layer.shape
            charts.append(
                alt.Chart(layer.table[["lat", "lon", *([layer.size] if layer.size else [])]])
                .mark_point(filled=True, shape=shape, color=layer.colour or colours.ink, opacity=0.85)
                .encode(longitude="lon:Q", latitude="lat:Q", **size)
            )
            continue
        shapes = catalogue.geometry(layer.geometry)[["code", "geometry"]]
        if isinstance(layer, Outline):
            charts.append(alt.Chart(shapes).mark_geoshape(fill=None, stroke=colours.ink, strokeWidth=layer.weight))
            continue
        names = dict(enumerate(layer.words))
        shown = shapes.assign(shown=[names.get(layer.classes.get(code), "No data") for code in shapes["code"]])
        words = [*layer.words, *(["No data"] if (shown["shown"] == "No data").any() else [])]
        ramp = [*(layer.colours or ramp_of(len(layer.words), colours)), "#D5D5D5"][: len(words)]
        colour = alt.Color(
            "shown:N",
            title=layer.title,
            scale=alt.Scale(domain=words, range=ramp),
            legend=alt.Legend(orient="bottom", columns=3, titleLimit=600, labelLimit=300),
        )
        charts.append(alt.Chart(shown).mark_geoshape(stroke="white", strokeWidth=0.4).encode(color=colour))
    return alt.layer(*charts).project("mercator").properties(width=width, height=int(width * 0.66))


def ramp_of(classes: int, colours: theme.Palette | None = None) -> tuple[str, ...]:
    """That many colours from little to much, between the ends of the theme's sequence."""
    stops = (colours or theme.palette()).sequence
    if classes == 1:
        return (stops[-2],)
    places = [i * (len(stops) - 1) / (classes - 1) for i in range(classes)]
    return tuple(_mix(stops[int(p)], stops[min(int(p) + 1, len(stops) - 1)], p % 1) for p in places)


class _Unrendered:
    """st_folium writes an element's script itself; the page Folium would write besides only costs time."""

    def render(self, **kwargs: object) -> str:
        return ""


class _Base(_Unrendered, folium.Map):
    """A Folium map whose scripts come from this server."""

    default_js = [("leaflet", f"{_LEAFLET}/leaflet.js"), ("areas", f"{_BROWSER}/areas.js")]
    default_css = [("leaflet_css", f"{_LEAFLET}/leaflet.css"), ("areas_css", f"{_BROWSER}/areas.css")]

    # Folium's own template sends a kilobyte of page head with each run; this frame needs none of it.
    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }}=icsMap.open({{ this.get_name()|tojson }},{{ this.location|tojson }},{{ this.options['zoom'] }});{% endmacro %}"
    )


class _Group(_Unrendered, folium.FeatureGroup):
    _template = Template("{% macro script(this, kwargs) %}var {{ this.get_name() }}=L.layerGroup();{% endmacro %}")


class _Description(_Unrendered, MacroElement):
    _template = Template("{% macro script(this, kwargs) %}icsMap.show({{ this.json }});{% endmacro %}")

    def __init__(self, description: dict) -> None:
        super().__init__()
        text = json.dumps(description, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        # In single quotes, because Streamlit sends this inside JSON, where each double one costs a backslash.
        self.json = text.replace('\\"', "\\u0022").replace("'", "\\u0027").replace('"', "'")


def _spec(n: int, layer: Layer, colours: theme.Palette, select: bool) -> dict:
    if isinstance(layer, Outline):
        return {
            "id": f"outline-{layer.geometry}",
            "kind": "outline",
            "file": _address(layer.geometry),
            "names": layer.names,
            "weight": layer.weight,
            "colour": layer.colour or colours.ink,
        }
    if isinstance(layer, Points):
        return {
            "id": f"points-{n}",
            "kind": "points",
            "rows": layer.rows,
            "shape": layer.shape,
            "colour": layer.colour or colours.ink,
            "opacity": 0.8 if layer.size else 1,
            "names": layer.names,
            "select": select and layer.select,
        }
    return {
        "id": "areas",
        "kind": "areas",
        "file": _address(layer.geometry),
        "select": select,
        "words": layer.words,
        "weight": 0.4 if len(layer.digits) > 200 else 1,
        "colours": layer.colours or ramp_of(len(layer.words), colours),
        "unit": layer.unit or False,
        "decimals": layer.decimals or False,
        "say": layer.say,
        **_told(layer),
    }


def _told(layer: Areas) -> dict:
    """Class and value of each area, as short as can be; a number is a whole count of its last decimal.

    A few different pairs of class and value are listed once, and each area has one character for
    its place in the list.
    """
    values = pd.Series(layer.values, dtype=None if len(layer.values) else "float64").reindex(
        list(_codes(layer.geometry))
    )
    if pd.api.types.is_numeric_dtype(values):
        values = (values * 10**layer.decimals).round()
    listed = [
        None if value != value else int(value) if isinstance(value, float) else value
        for value in values.astype(object).tolist()
    ]
    pairs = list(zip(layer.digits, listed, strict=True))
    place = {pair: n for n, pair in enumerate(dict.fromkeys(pairs))}
    if len(place) > len(_PLACES):
        return {"digits": layer.digits, "values": listed}
    return {
        "places": "".join(_PLACES[place[pair]] for pair in pairs),
        "digits": "".join(digit for digit, _ in place),
        "values": [value for _, value in place],
    }


def _beneath(fit: str, shaded: bool, streets: bool, colours: theme.Palette) -> list[dict]:
    """The land of the neighbouring systems, and of our own unless areas shade it; over it streets, if the reader asked for them."""
    layers = []
    if fit != "systems":
        own = catalogue.geometry("footprint")["code"].iloc[0] if shaded else ""
        layers.append(
            {
                "id": "land",
                "kind": "land",
                "file": _address("systems"),
                "without": own,
                "colour": _mix(colours.ground, colours.ink, 0.05),
            }
        )
    if streets:
        layers.append({"id": "tiles", "kind": "tiles", "address": _STREETS, "credit": _CREDIT, "failed": _FAILED})
    return layers


def _key(layers: list[Layer], colours: theme.Palette) -> str:
    """The key as a real list: a swatch and words for each class, a shape and words for each kind of point."""
    parts = []
    for layer in layers:
        if isinstance(layer, Areas):
            ramp = layer.colours or ramp_of(len(layer.words), colours)
            boxes = [(f"background:{colour}", word) for colour, word in zip(ramp, layer.words, strict=True)]
            if "-" in layer.digits:
                boxes.append(
                    (
                        f"background:repeating-linear-gradient(135deg,{colours.ground} 0 4px,{colours.muted} 4px 6px)",
                        "no data",
                    )
                )
            items = "".join(f'<li><i style="{style}"></i>{escape(word)}</li>' for style, word in boxes)
            parts.append(f"<div>{f'<b>{escape(layer.title)}</b>' if layer.title else ''}<ul>{items}</ul></div>")
    marks = "".join(
        f'<li><i style="width:.95rem;height:.95rem;border:0;background:{layer.colour or colours.ink};clip-path:{_SHAPES[layer.shape]}"></i>{escape(layer.label)}</li>'
        for layer in layers
        if isinstance(layer, Points)
    )
    parts += [f"<div><ul>{marks}</ul></div>"] if marks else []
    return f'<div class="key">{"".join(parts)}</div>'


def _new_click(key: str, answer: dict) -> str | None:
    count = (answer or {}).get("count", 0)
    # A map that was drawn anew counts its clicks from one again.
    if count == st.session_state.get(f"{key}-count", 0):
        return None
    st.session_state[f"{key}-count"] = count
    return answer["clicked"] if count else None


@cache
def _codes(geometry: str) -> tuple[str, ...]:
    return tuple(catalogue.geometry(geometry)["code"])


@cache
def _bounds(geometry: str) -> list[list[float]]:
    west, south, east, north = (round(float(edge), 3) for edge in catalogue.geometry(geometry).total_bounds)
    return [[south, west], [north, east]]


@cache
def _address(geometry: str) -> str:
    path = catalogue.geometry_path(geometry)
    return f"{_GEOMETRY}/{path.name}?v={catalogue.checksum(path)[:8]}"


@cache
def _mix(one: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
