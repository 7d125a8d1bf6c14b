"""Charts that change many times a second: the drawing instructions are made once, only the data is sent again.

Altair takes longer to check and copy a chart than the model takes to run, and a browser draws a chart
anew when its instructions change but moves the marks when only its data does. A ``Picture`` keeps the
two apart: instructions as JSON, from a function that is cached by all they depend on, and data by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd
import streamlit as st

from pages.components.charts import lines as charts
from pages.components.frame import presenting


@dataclass(frozen=True)
class Picture:
    """A chart as ``instructions`` (Vega-Lite JSON that names its data) and ``data`` (frames by name)."""

    instructions: str
    data: Mapping[str, pd.DataFrame]

    def draw(self, alt: str, key: str) -> None:
        """Put it on the page; ``alt`` is its accessible name."""
        spec = json.loads(self.instructions)
        spec = presenting.enlarge(spec) if presenting.on() else spec
        st.vega_lite_chart(spec | {"datasets": dict(self.data)}, width="stretch", alt=alt, key=key)

    def still(self) -> alt.TopLevelMixin:
        """The same as an Altair chart, to save as an image."""
        rows = {name: json.loads(frame.to_json(orient="records")) for name, frame in self.data.items()}
        spec = json.loads(self.instructions)
        for parameter in spec.get("params", []):
            parameter.pop("bind", None)  # a saved image has no page around it
        return alt.Chart.from_dict(spec | {"datasets": rows})


def at_once(place: str, otherwise: str) -> str:
    """The expression of a number that an instant answer has at ``place``, unless the row's own place is negative; else ``otherwise``."""
    return f"length(instant) > 0 && datum.place >= 0 ? toNumber(instant_values[{place}]) : {otherwise}"


def instructions(chart: alt.TopLevelMixin, moved_by: str = "") -> str:
    """The drawing instructions of a chart whose data are all ``alt.NamedData``.

    Screen readers get the picture's own description and the table below it, not each of its marks.
    ``moved_by`` names the figure whose instant answers the chart shows in place of data (``at_once``).
    """
    spec = charts.dress(chart).to_dict(validate=False)
    if moved_by:
        spec["params"] = [
            {"name": "instant", "value": "", "bind": {"element": f"#line-{moved_by}", "event": "input"}},
            {"name": "instant_values", "expr": "split(instant, ',')"},
        ]
    for layer in spec.get("layer", [spec]):
        mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
        layer["mark"] = mark | {"aria": False}
    return json.dumps(spec)
