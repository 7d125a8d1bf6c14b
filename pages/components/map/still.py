"""Maps as Altair charts, for pictures to download."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from ics_core import catalogue
from pages.components.charts import theme
from pages.components.map.layers import Layer, Outline, Points, ramp_of


def still(layers: Sequence[Layer], width: int = 720) -> alt.LayerChart:
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
