"""What a figure shows, as a value: drawing instructions and data, a map, a list. Drawing it is the frame's business.

Charts change many times a second while a lever moves, so their instructions are made once and only the data is
sent again: Altair takes longer to check and copy a chart than the model takes to run, and a browser draws a chart
anew when its instructions change but moves the marks when only its data does. A ``Picture`` keeps the two apart:
instructions as JSON, from a function that is cached by all they depend on, and data by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from pages.components.charts import theme

MOVING = ("value", "low", "high")  # the columns of a row that an instant answer gives anew


@dataclass(frozen=True)
class Picture:
    """A chart as ``instructions`` (Vega-Lite JSON that names its data) and ``data`` (frames by name).

    Where a chart answers a moving lever, the frame "lines" has a column ``key`` that names each moving row.
    ``scrolls`` is for a picture of many rows, which keeps its height where there is less room.
    """

    instructions: str
    data: Mapping[str, pd.DataFrame]
    scrolls: bool = False

    def moving(self) -> dict[str, list[float | None]]:
        """By the key of its row: value, low and high of each row that levers move; None for a gap."""
        rows = self.data.get("lines")
        if rows is None or "key" not in rows:
            return {}
        numbers = rows[list(MOVING)].to_numpy(float).tolist()
        return {
            key: [None if value != value else value for value in one]
            for key, one in zip(rows["key"].tolist(), numbers, strict=True)
            if key
        }

    def still(self) -> alt.TopLevelMixin:
        """The same as an Altair chart, to save as an image."""
        rows = {name: json.loads(frame.to_json(orient="records")) for name, frame in self.data.items()}
        spec = json.loads(self.instructions)
        for parameter in spec.get("params", []):
            parameter.pop("bind", None)  # a saved image has no page around it
        return alt.Chart.from_dict(spec | {"datasets": rows})


@dataclass(frozen=True)
class Listing:
    """A list to read: ``kind`` names its drawing in ``pages.components.lists``, ``table`` and ``options`` fill it."""

    kind: str
    table: pd.DataFrame
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Html:
    """A picture in markup of our own, every text in it escaped by its maker."""

    body: str


@dataclass(frozen=True)
class Table:
    """The figure's own table as its picture; ``styled`` is the frame as it is to be read (default: the table)."""

    styled: pd.DataFrame | None = None
    height: int | None = None


# What a picture may ask of its window: how many times larger its type is than on a page (present mode says), whether
# it is narrow, and how wide the column of labels beside its plot is.
LAYOUT = (
    {"name": "enlarged", "value": 1},
    {"name": "narrow", "expr": "width < 520 * enlarged"},
    {"name": "label_column", "expr": "narrow ? 0 : 132 * enlarged"},
)


def said_above(text: str, colours: theme.Palette) -> alt.TitleParams:
    """What the numbers of a picture are, in a line above it: beside its axis it would take room from the plot."""
    lines = wrap(text, 58)  # as much as a phone has room for
    return alt.TitleParams(
        lines if len(lines) > 1 else text,
        anchor="start",
        frame="group",
        fontSize=12,
        fontWeight="normal",
        offset=2,
        color=colours.muted,
    )


def at_once(column: str, otherwise: str, key: str = "datum.key") -> str:
    """The expression of a number that an instant answer has under the row's key, else ``otherwise``.

    A chart knows no dictionary: the answer comes as "key,key,...|value,value,...", three values to a key.
    """
    at = f"indexof(instant_keys, {key})"  # a row that no lever moves has no key, and nothing is called that
    return f"{at} < 0 ? {otherwise} : toNumber(instant_values[3 * {at} + {MOVING.index(column)}])"


def instructions(*layers: alt.Chart, moved_by: str = "", **of_all: Any) -> str:
    """The drawing instructions of a picture whose data are all ``alt.NamedData``, ``of_all`` for all its layers.

    Screen readers get the picture's own description and the table below it, not each of its marks.
    ``moved_by`` names the figure whose instant answers the chart shows in place of data (``at_once``).
    Layers are put together as JSON: ``alt.layer`` and what follows it copy every layer four times.
    """
    parts = [layer.to_dict(validate=False, context={"top_level": False}) for layer in layers]
    top = {name: value.to_dict() if isinstance(value, alt.SchemaBase) else value for name, value in of_all.items()}
    spec = {"$schema": alt.SCHEMA_URL, "config": theme.config()} | top
    spec |= {"layer": parts} if len(parts) > 1 else parts[0]
    spec["params"] = [dict(one) for one in LAYOUT]
    if moved_by:
        spec["params"] += [
            {"name": "instant", "value": "", "bind": {"element": f"#line-{moved_by}", "event": "input"}},
            {"name": "instant_keys", "expr": "instant ? split(split(instant, '|')[0], ',') : []"},
            {"name": "instant_values", "expr": "split(split(instant + '|', '|')[1], ',')"},
        ]
    _share(spec)
    for layer in spec.get("layer", [spec]):
        mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
        told = "tooltip" in spec.get("encoding", {}) or "tooltip" in layer.get("encoding", {})
        silent = {} if told else {"tooltip": None}  # else it says all its columns, by their names in code
        layer["mark"] = mark | {"aria": False} | silent
    return json.dumps(spec)


def _share(spec: dict[str, Any]) -> None:
    """Say once what all layers say alike of a channel: the instructions go along with each step of a lever."""
    layers = spec.get("layer", [])
    for channel in list(layers[0].get("encoding", {})) if len(layers) > 1 else []:
        said = layers[0]["encoding"][channel]
        if all("layer" not in one and one.get("encoding", {}).get(channel) == said for one in layers):
            spec.setdefault("encoding", {})[channel] = said
            for layer in layers:
                del layer["encoding"][channel]
