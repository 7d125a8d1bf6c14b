"""Pictures of figures as images: crisp, made on this machine, without a browser or the internet."""

from __future__ import annotations

import json
import re
from typing import Any

import altair as alt

from pages.components.charts import theme
from pages.components.charts.picture import Picture
from pages.components.map.layers import Map
from pages.components.map.still import still as map_still

WIDE = 640  # pixels of a picture on a slide or a page: its type of 12 pixels is then read from the back of a hall
_HIGH_MAP = 300  # pixels
_MOST_SHRUNK = 2  # times
_WINDOW = "[1280, 720]"  # pixels, for marks that keep a proportion to the window: a saved picture has none
_VERSION = alt.SCHEMA_VERSION.rpartition(".")[0]  # of Vega-Lite


def still(picture: object) -> alt.TopLevelMixin | None:
    """The picture as an Altair chart to save as an image; None where it is a list or a table."""
    match picture:
        case Picture():
            return picture.still()
        case alt.TopLevelMixin():
            return picture
        case Map():
            return map_still(picture.layers)
    return picture() if callable(picture) else None


def drawn(chart: alt.TopLevelMixin | dict[str, Any], form: str, ppi: int = 144) -> bytes:
    """The chart, or its instructions, as "svg" or "png", the latter with so many pixels to 72 of its own."""
    import vl_convert  # 40 MB that only those load who take a picture away

    # Altair's own check of a chart takes longer than drawing it.
    spec = json.dumps(chart if isinstance(chart, dict) else chart.to_dict(validate=False))
    spec = json.loads(spec.replace("windowSize()", _WINDOW))  # a gap in the data is NaN, which only a value may be
    svg = vl_convert.vegalite_to_svg(spec, vl_version=_VERSION)
    return svg.encode() if form == "svg" else vl_convert.svg_to_png(svg, ppi=ppi)


def image(picture: object, form: str, height: int, shrinks: bool = False) -> bytes | None:
    """The picture ``WIDE`` pixels wide and so many high, on white; None where it is a list or a table.

    A picture of many rows keeps its own height. Where it has to shrink into the room, it is as much wider; None
    where its words would then be too small to read.
    """
    with theme.on_paper():
        chart = still(picture)
        if chart is None:
            return None
        spec = theme.dress(chart).to_dict(validate=False)
    if "layer" in spec or "mark" in spec:
        spec["width"] = WIDE
        if isinstance(spec.get("height"), int | float) and not (isinstance(picture, Picture) and picture.scrolls):
            spec["height"] = height
        elif shrinks and not isinstance(picture, Map):
            across, down = _size(drawn(spec, "svg"))
            if down > _MOST_SHRUNK * height:
                return None
            spec["width"] = max(WIDE, int(WIDE + down * WIDE / height - across))
    if isinstance(picture, Map):  # its names need room
        spec["height"] = max(height, _HIGH_MAP)
    return drawn(spec, form, ppi=216)


def _size(svg: bytes) -> tuple[float, float]:
    """Pixels across and down."""
    sides = dict(re.findall(r' (width|height)="([\d.]+)"', svg[:600].decode())[::-1])  # the first of each
    return float(sides["width"]), float(sides["height"])
