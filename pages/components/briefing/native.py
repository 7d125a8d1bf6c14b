"""Charts that stay charts: what of a picture an office program can draw itself, so that its numbers can be edited.

Lines over time, bars and curves are carried over with the colours of the picture. What no office program draws
(control charts, maps, pyramids, structures) stays a picture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from pages.components.charts import theme
from pages.components.charts.lines import KINDS_OF_LINE, axis
from pages.components.charts.picture import Picture

MOST_BARS = 30  # more cannot be told apart on a slide
_TOO_MANY = 3000  # points
_FEW = 12  # points of a line that are marked

Dash = Literal["solid", "dashed", "dotted"]
_DASHES: dict[str, Dash] = {
    "published": "solid",
    "projected": "dashed",
    "kept": "dashed",
    "official": "dotted",
    "unmoved": "dotted",
}


@dataclass(frozen=True)
class Series:
    """One line or one set of bars: a value for each category, None for a gap.

    ``colours`` is one colour, or one for each bar. ``edge`` marks the end of a range, drawn thin; ``dots`` a line of
    so few points that each is marked. ``named`` says whether the key names it. A curve has an ``across`` for each
    value.
    """

    name: str
    values: tuple[float | None, ...]
    colours: tuple[str, ...]
    dash: Dash = "solid"
    edge: bool = False
    dots: bool = False
    named: bool = True
    across: tuple[float, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Lines over time, bars or a curve. ``above`` says what the numbers are, ``format`` how they are written.

    The categories of lines are years or days; ``joined`` says whether a line goes on over a gap. ``ends`` are those
    of the axis of values where the picture sets them; ``across`` is how the numbers along a curve are written.
    """

    kind: Literal["lines", "bars", "curve"]
    categories: tuple[Any, ...]
    series: tuple[Series, ...]
    above: str
    format: str
    ends: tuple[float, float] | None = None
    across: str = "0"
    joined: bool = False


def chart(picture: object) -> Chart | None:
    """The picture as a chart of an office program; None where it has to stay a picture or is a list."""
    if isinstance(picture, alt.TopLevelMixin):
        return _drawn(picture.to_dict(validate=False))
    if not isinstance(picture, Picture) or sum(map(len, picture.data.values())) > _TOO_MANY:
        return None
    spec = json.loads(picture.instructions)
    data = picture.data
    if "lines" in data:
        return _lines(spec, data["lines"])
    if "curve" in data:
        return _curve(spec, data["curve"])
    if "steps" in data:
        steps = data["steps"].assign(value=data["steps"]["change"])
        # A first and last total would dwarf what leads from one to the other; their difference stands for them.
        whole = steps["start"].eq(0) & steps["direction"].eq("total")
        return _bars(spec, steps if whole.sum() < 2 else steps[~whole], "direction")
    if "rows" in data and {"what", "value"} <= set(data["rows"]) and data["rows"]["what"].nunique() <= MOST_BARS:
        return _bars(spec, data["rows"], "meaning" if "meaning" in data["rows"] else "status")
    return None


def _lines(spec: dict[str, Any], rows: pd.DataFrame) -> Chart:
    tones = _scale(spec, "color")
    years = tuple(range(int(rows["year"].min()), int(rows["year"].max()) + 1))
    made: list[Series] = []
    kinds = rows.groupby("series")["kind"].agg(set)
    for (series, kind), part in rows.groupby(["series", "kind"], sort=False):
        many = len(kinds[series]) > 1
        name = f"{series}, {KINDS_OF_LINE[kind].said}" if kind == "projected" or many else str(series)
        tone = (tones.get(str(series), theme.LIGHT.muted),)
        past = kind == "published" and "projected" in kinds[series]  # the dashed line that goes on names both
        dots = bool(part["dot"].any())
        made.append(Series(name, _by_year(part, "value", years), tone, _DASHES[kind], dots=dots, named=not past))
        for edge in ("low", "high"):
            if part[edge].notna().any():
                name = f"{series}, {edge} end of the range"
                made.append(Series(name, _by_year(part, edge, years), tone, edge=True, named=False))
    above = _above(spec)
    above += "; solid lines are published" if any(not (one.named or one.edge) for one in made) else ""
    above += "; thin lines are the ends of the range" if any(one.edge for one in made) else ""
    return Chart("lines", years, tuple(made), above, _format(rows["value"]), _ends(spec))


def _by_year(rows: pd.DataFrame, column: str, years: tuple[int, ...]) -> tuple[float | None, ...]:
    known = {int(year): float(value) for year, value in zip(rows["year"], rows[column]) if value == value}
    return tuple(known.get(year) for year in years)


def _bars(spec: dict[str, Any], rows: pd.DataFrame, meaning: str) -> Chart:
    colours = theme.LIGHT
    signed = bool((rows["value"] < 0).any())
    format = _format(rows["value"], signed)
    tones = _scale(spec, "color")
    if "series" in rows:
        names = tuple(dict.fromkeys(rows["what"]))
        table = rows.pivot_table("value", "what", "series", "first", sort=False)
        made = tuple(
            Series(str(name), _values(table[name].reindex(names)), (tones.get(str(name), colours.accent),))
            for name in (tones or table.columns)
            if name in table
        )
        return Chart("bars", names, made, _above(spec), format)

    def tone(row: Any) -> str:
        said = getattr(row, meaning, None)
        if said in tones:
            return tones[said]
        return colours.accent if row.value >= 0 else colours.series[3]

    one = Series(_above(spec), _values(rows["value"]), tuple(map(tone, rows.itertuples())))
    return Chart("bars", tuple(rows["what"]), (one,), _above(spec), format)


def _curve(spec: dict[str, Any], rows: pd.DataFrame) -> Chart:
    tones = _scale(spec, "color")
    made = tuple(
        Series(
            str(name),
            _values(part["share"]),
            (tones.get(str(name), theme.LIGHT.accent),),
            "solid" if place == 0 else "dashed",
            across=tuple(map(float, part["value"])),
        )
        for place, (name, part) in enumerate(rows.groupby("scenario", sort=False))
    )
    return Chart("curve", (), made, _above(spec), "0%", (0.0, 1.0), _format(rows["value"]))


def _drawn(spec: dict[str, Any]) -> Chart | None:
    """A chart whose instructions hold its data: lines and their points, or bars and their values, and nothing else."""
    layers = [one for one in spec.get("layer", [spec]) if "mark" in one]
    marks = set(map(_mark, layers))
    main = next((one for one in layers if _mark(one) in ("line", "bar")), None)
    if main is None or not (marks <= {"line", "point"} or marks <= {"bar", "text"}):
        return None
    rows = pd.DataFrame(spec["datasets"][main.get("data", spec.get("data"))["name"]])
    x, y = main["encoding"]["x"], main["encoding"]["y"]
    if "bar" in marks:
        return _bars_drawn(spec, rows, x, y)
    return _lines_drawn(spec, rows, x, y, main["encoding"])


def _mark(layer: dict[str, Any]) -> str:
    return layer["mark"] if isinstance(layer["mark"], str) else layer["mark"]["type"]


def _bars_drawn(spec: dict[str, Any], rows: pd.DataFrame, x: dict[str, Any], y: dict[str, Any]) -> Chart | None:
    if x.get("type") != "quantitative" or y.get("type") != "nominal" or not 0 < len(rows) <= MOST_BARS:
        return None
    rows = rows.sort_values(x["field"], ascending=False) if y.get("sort") == "-x" else rows
    values = rows[x["field"]]
    one = Series(str(x.get("title") or ""), _values(values), (theme.LIGHT.accent,))
    return Chart("bars", tuple(rows[y["field"]]), (one,), one.name, _format(values))


def _lines_drawn(
    spec: dict[str, Any], rows: pd.DataFrame, x: dict[str, Any], y: dict[str, Any], encoding: dict[str, Any]
) -> Chart | None:
    by, tones = encoding.get("color", {}).get("field"), _scale(spec, "color")
    if not by or len(rows) > _TOO_MANY:
        return None
    detail = encoding.get("detail", [])
    apart = [one["field"] for one in (detail if isinstance(detail, list) else [detail])]
    dashed = re.findall(r"datum\['(\w+)'\]", json.dumps(encoding.get("strokeDash", "")))[:1]
    in_time = x["type"] == "temporal" or x["field"] == "year"
    places = pd.to_datetime(rows[x["field"]]).dt.date if x["type"] == "temporal" else rows[x["field"]]
    categories = tuple(sorted(set(places))) if in_time else ()
    made: list[Series] = []
    for key, part in rows.assign(place=places).groupby([by, *apart], sort=False):
        name, ahead = str(key[0]), bool(dashed) and bool(part[dashed[0]].iloc[0])
        known = dict(zip(part["place"], _values(part[y["field"]])))
        first = all(one.name != name for one in made)
        made.append(
            Series(
                name if first else f"{name}, continued",
                tuple(map(known.get, categories)) if in_time else tuple(known.values()),
                (tones.get(name, theme.LIGHT.accent),),
                "dashed" if ahead else "solid",
                dots=in_time and len(part) <= _FEW,
                named=first,
                across=() if in_time else tuple(map(float, known)),
            )
        )
    values = rows[y["field"]]
    zero = (y.get("scale") or {}).get("zero", True)
    ends = axis(0.0 if zero else float(values.min()), float(values.max()))
    above, format = _above(spec) or str(y.get("title") or ""), _format(values)
    return Chart("lines" if in_time else "curve", categories, tuple(made), above, format, ends, joined=True)


def _values(column: pd.Series) -> tuple[float | None, ...]:
    return tuple(None if value != value else float(value) for value in column.astype(float))


def _format(values: pd.Series, signed: bool = False) -> str:
    """How numbers of this size are written: thousands parted, as many decimals as they need."""
    known = values.astype(float).dropna().abs()
    decimals = 0 if known.max() >= 100 or (known % 1 == 0).all() else 1 if known.max() >= 2 else 2
    plain = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"+{plain};−{plain};0" if signed else plain


def _above(spec: dict[str, Any]) -> str:
    said = spec.get("title", {}).get("text", "")
    text = " ".join(said) if isinstance(said, list) else said
    return text.partition("; grey marks")[0]


def _encodings(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in [spec, *spec.get("layer", [])]:
        yield layer.get("encoding", {})


def _scale(spec: dict[str, Any], channel: str) -> dict[str, str]:
    """The colours of a picture by what they stand for."""
    for encoding in _encodings(spec):
        scale = encoding.get(channel, {}).get("scale") or {}
        if "domain" in scale and "range" in scale:
            return dict(zip(scale["domain"], scale["range"]))
    return {}


def _ends(spec: dict[str, Any]) -> tuple[float, float] | None:
    """The ends of the upright axis, where the picture holds them still."""
    for encoding in _encodings(spec):
        domain = (encoding.get("y", {}).get("scale") or {}).get("domain")
        if isinstance(domain, list) and len(domain) == 2:
            return float(domain[0]), float(domain[1])
    return None
