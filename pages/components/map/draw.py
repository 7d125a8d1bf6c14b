"""Maps: Folium in the browser, nothing from the internet, recoloured without being rebuilt.

The map itself never changes from run to run. Each run sends a short description (a colour class
for each area, a few points) that ``browser/areas.js`` applies to shapes the browser fetched
once from this server.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Literal

import pandas as pd
import streamlit as st
import xstatic.pkg.leaflet as leaflet_assets
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from ics_core import catalogue
from ics_core.area import AREA
from pages.components import seams
from pages.components.charts import theme
from pages.components.map.layers import Areas, Layer, Map, Outline, Points, codes, mix, ramp_of

# The map is drawn in a frame at component/<its name>/, so these neighbours are one step away from
# it whatever server.baseUrlPath says.
_LEAFLET = "../" + declare_component("leaflet", path=leaflet_assets.BASE_DIR).name
_BROWSER = "../" + declare_component("browser", path=Path(__file__).parent / "browser").name
_GEOMETRY = "../" + declare_component("geometry", path=catalogue.DATA / "geography").name

_STREETS = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_CREDIT = (
    '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">© OpenStreetMap contributors</a>'
)
_STREETS_ON = "OpenStreetMap then sees your internet address and where on the map you look. Off, nothing is asked."
_CHOSEN = "chosen-on-the-map"
_FAILED = "The streets did not load: no answer from the internet. All else on the map is there."
_PLACES = "".join(chr(number) for number in range(48, 123) if chr(number) != "\\")  # one byte each in JSON
_SHAPES = {
    "circle": "circle(45%)",
    "square": "inset(8%)",
    "diamond": "polygon(50% 0,100% 50%,50% 100%,0 50%)",
    "triangle": "polygon(50% 5%,100% 95%,0 95%)",
    "cross": "polygon(33% 5%,67% 5%,67% 33%,95% 33%,95% 67%,67% 67%,67% 95%,33% 95%,33% 67%,5% 67%,5% 33%,33% 33%)",
}


def draw(picture: Map, height: int | Literal["stretch"] | None = None) -> None:
    """Show the key and the map, ``height`` pixels high (default: its own); a click sets the choice it names.

    "stretch" fills the stage it stands on.

    The choice is set before the script runs again, so that every control of it shows it, too.
    """
    colours, key = theme.palette(), picture.key
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-head"):
        st.html(_key(picture.layers, colours))
        # Not in the address, so that no link sends its reader to the internet unasked; forgotten with the page.
        streets = st.toggle("Load streets from the internet", key=f"{key}-streets", help=_STREETS_ON)
    st_folium(
        _Base(location=AREA.map.centre, zoom_start=AREA.map.zoom, tiles=None),
        key=key,
        height=picture.height if height in (None, "stretch") else height,
        width=None,
        returned_objects=[],
        feature_group_to_add=seams.BareGroup().add_child(seams.Told(_described(picture, streets, colours))),
        on_change=(lambda: _choose(picture.chooses, st.session_state[key]["clicked"])) if picture.chooses else None,
    )
    if st.session_state.pop(_CHOSEN, False):
        st.rerun()  # the whole page, not the part of it in which the map stands


def _choose(choice: str, code: str) -> None:
    st.session_state[choice] = code
    st.session_state[_CHOSEN] = True


def _described(picture: Map, streets: bool, colours: theme.Palette) -> dict:
    """What the browser is to show, as short as can be."""
    shaded = any(isinstance(layer, Areas) for layer in picture.layers)
    told = (_spec(n, layer, colours, picture.selectable) for n, layer in enumerate(picture.layers))
    chosen = [{"id": "chosen", "kind": "chosen", "code": picture.selected}] if picture.selected else []
    return {
        "caption": picture.caption,
        "ink": colours.ink,
        "muted": colours.muted,
        "ground": colours.ground,
        "sea": mix(colours.ground, colours.accent, 0.14),
        "fit": _bounds(picture.fit),
        "tiles": streets,
        "layers": [
            *_beneath(picture.fit, shaded, streets, colours),
            *({name: value for name, value in layer.items() if value is not False} for layer in told),
            *chosen,
        ],
    }


class _Base(seams.BareMap):
    """A Folium map whose scripts come from this server."""

    default_js = [("leaflet", f"{_LEAFLET}/leaflet.js"), ("areas", f"{_BROWSER}/areas.js")]
    default_css = [("leaflet_css", f"{_LEAFLET}/leaflet.css"), ("areas_css", f"{_BROWSER}/areas.css")]


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
        list(codes(layer.geometry))
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
    """The land of the neighbouring systems, and of our own unless areas shade it; over it streets, if asked for."""
    layers = []
    if fit != "systems":
        own = catalogue.geometry("footprint")["code"].iloc[0] if shaded else ""
        layers.append(
            {
                "id": "land",
                "kind": "land",
                "file": _address("systems"),
                "without": own,
                "colour": mix(colours.ground, colours.ink, 0.05),
            }
        )
    if streets:
        layers.append({"id": "tiles", "kind": "tiles", "address": _STREETS, "credit": _CREDIT, "failed": _FAILED})
    return layers


def _key(layers: Sequence[Layer], colours: theme.Palette) -> str:
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
        f'<li><i style="width:.95rem;height:.95rem;border:0;background:{layer.colour or colours.ink};'
        f'clip-path:{_SHAPES[layer.shape]}"></i>{escape(layer.label)}</li>'
        for layer in layers
        if isinstance(layer, Points)
    )
    parts += [f"<div><ul>{marks}</ul></div>"] if marks else []
    return f'<div class="key">{"".join(parts)}</div>'


@cache
def _bounds(geometry: str) -> list[list[float]]:
    west, south, east, north = (round(float(edge), 3) for edge in catalogue.geometry(geometry).total_bounds)
    return [[south, west], [north, east]]


@cache
def _address(geometry: str) -> str:
    path = catalogue.geometry_path(geometry)
    return f"{_GEOMETRY}/{path.name}?v={catalogue.source(f'{geometry}_outlines').sha256[:8]}"
