"""For maps not yet values: on its way out."""

from pages.components.map import draw as maps
from pages.components.map.layers import Areas, Layer, Map, Outline, Points, ramp_of  # noqa: F401
from pages.components.map.still import still  # noqa: F401


def draw(key, layers, *, caption, height=520, selected="", selectable=True, on_click=None, fit="footprint"):
    chooses = {"pick": "place", "set_system": "system"}.get(getattr(on_click, "__name__", ""), "")
    maps.draw(Map(key, tuple(layers), caption, selected, selectable, chooses, fit, height))
