"""Maps as Altair charts, for pictures to keep: on white, with the words that a reader of the live map gets by touch."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import altair as alt
import pandas as pd
import shapely

from ics_core import catalogue, words
from pages.components.charts import theme
from pages.components.map.layers import Layer, Outline, Points, ramp_of

_MARGIN = 0.12  # degrees around the areas in which a mark still belongs to the picture


def still(layers: Sequence[Layer], width: int = 720) -> alt.LayerChart:
    """The same map as an Altair chart, for pictures to download.

    Marks far outside the areas would shrink them: they are left out, and a line above the map names them.
    """
    colours = theme.LIGHT  # a picture to keep is on white
    edge = _edge(layers)
    charts: list[alt.Chart] = []
    names: list[alt.Chart] = []
    outside: list[str] = []
    for layer in layers:
        if isinstance(layer, Points):
            held = layer.table[["lat", "lon", "name", *([layer.size] if layer.size else [])]].assign(what=layer.label)
            inside = held["lon"].between(edge[0], edge[2]) & held["lat"].between(edge[1], edge[3])
            outside += held.loc[~inside, "name"].tolist()
            charts.append(_marks(layer, held[inside], colours))
            names += _named(held[inside], colours, dy=-2 - layer.radius) if layer.names else []
            continue
        shapes = catalogue.geometry(layer.geometry)
        if isinstance(layer, Outline):
            outlines = alt.Chart(shapes[["code", "geometry"]])
            charts.append(outlines.mark_geoshape(fill=None, stroke=colours.ink, strokeWidth=layer.weight))
            names += _named(_middles(shapes), colours) if layer.names else []
            continue
        said = dict(enumerate(layer.words))
        shown = shapes[["code", "geometry"]].assign(
            shown=[said.get(layer.classes.get(code), "No data") for code in shapes["code"]]
        )
        key = [*layer.words, *(["No data"] if (shown["shown"] == "No data").any() else [])]
        ramp = [*(layer.colours or ramp_of(len(layer.words), colours)), "#D5D5D5"][: len(key)]
        colour = alt.Color(
            "shown:N",
            title=layer.title or None,
            scale=alt.Scale(domain=key, range=ramp),
            legend=alt.Legend(orient="bottom", columns=3, titleLimit=600, labelLimit=300, symbolType="square"),
        )
        charts.append(alt.Chart(shown).mark_geoshape(stroke="white", strokeWidth=0.4).encode(color=colour))
    drawn = (
        alt.layer(*charts, *names)
        .resolve_scale(shape="independent", size="independent")
        .resolve_legend(shape="independent")
        .project("mercator")
        .properties(width=width, height=int(width * 0.66))
    )
    if outside:
        drawn = drawn.properties(
            title=alt.TitleParams(
                wrap(f"Outside this picture: {words.listed(outside)}.", 90),
                anchor="start",
                fontSize=12,
                fontWeight="normal",
                color=colours.muted,
            )
        )
    return drawn


def _edge(layers: Sequence[Layer]) -> tuple[float, float, float, float]:
    """West, south, east and north of the areas with a margin; the whole world where there are marks alone."""
    bounds = [catalogue.geometry(layer.geometry).total_bounds for layer in layers if not isinstance(layer, Points)]
    if not bounds:
        return -180.0, -90.0, 180.0, 90.0
    west, south, east, north = zip(*bounds)
    return min(west) - _MARGIN, min(south) - _MARGIN, max(east) + _MARGIN, max(north) + _MARGIN


def _marks(layer: Points, table: pd.DataFrame, colours: theme.Palette) -> alt.Chart:
    """The marks of one layer, with a key of their own that says what they are."""
    tone = layer.colour or colours.ink
    shape = "triangle-up" if layer.shape == "triangle" else layer.shape
    size = (
        alt.Size(f"{layer.size}:Q", legend=None, scale=alt.Scale(range=[4, 4 * layer.radius**2]))
        if layer.size
        else alt.value(3 * layer.radius**2)
    )
    key = alt.Legend(
        orient="right", title=None, symbolFillColor=tone, symbolStrokeColor=tone, symbolSize=90, labelLimit=190
    )
    return (
        alt.Chart(table)
        .mark_point(filled=True, color=tone, opacity=0.85)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=size,
            shape=alt.Shape("what:N", scale=alt.Scale(domain=[layer.label], range=[shape]), legend=key),
        )
    )


def _middles(shapes: pd.DataFrame) -> pd.DataFrame:
    """A point well inside each area, with its name."""
    points = shapely.point_on_surface(shapely.make_valid(shapes["geometry"].to_numpy()))
    return pd.DataFrame({"name": shapes["name"].tolist(), "lon": shapely.get_x(points), "lat": shapely.get_y(points)})


def _named(table: pd.DataFrame, colours: theme.Palette, dy: float = 0) -> list[alt.Chart]:
    """Names at their places, with a halo, so that they are read on any ground."""
    base = alt.Chart(table.assign(name=["\n".join(wrap(name, 15)) for name in table["name"]])).encode(
        longitude="lon:Q", latitude="lat:Q", text="name:N"
    )
    mark = {"fontSize": 11.5, "fontWeight": 600, "lineBreak": "\n", "lineHeight": 13, "dy": dy, "baseline": "middle"}
    return [
        base.mark_text(stroke="white", strokeWidth=3, strokeJoin="round", color="white", **mark),
        base.mark_text(color=colours.ink, **mark),
    ]
