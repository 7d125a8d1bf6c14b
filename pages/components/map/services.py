"""What the maps of places are made of: shaded areas, borders, and marks for services."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ics_core import geography, words
from pages.components.charts import theme
from pages.components.map.layers import Areas, Layer, Outline, Points, mix, ramp_of

FEW = 8  # areas that each have their own value in the key

LEVELS = {"district": "Districts", "locality": "Localities", "msoa": "Neighbourhoods", "lsoa": "Small areas"}
OVER = {
    "districts": "District borders",
    "localities": "Locality borders",
    "hospitals": "Hospitals",
    "pcns": "Networks (PCNs)",
    "practices": "GP practices",
}
SITES = {
    "acute": ("Acute hospital", "cross", 9),
    "acute_trust_other_site": ("Other site of an acute trust", "square", 6),
    "community": ("Community hospital", "triangle", 7),
    "mental_health": ("Mental health hospital", "diamond", 7),
    "independent": ("Independent hospital", "circle", 6),
}


def shaded(measure_id: str, level: str, frame: pd.DataFrame) -> Areas:
    """Areas of a level coloured by the classes of a frame of ``geography.measure``."""
    measure = geography.MEASURES[measure_id]
    values = frame.set_index("code")["value"]
    title = f"{measure.label}{f', {measure.unit}' if measure.unit not in {'', 'decile', 'score', 'residents'} else ''}"
    if len(frame) <= FEW:
        return _each(level, title, frame.assign(value=values.round(measure.decimals).to_numpy()), measure)
    found = geography.classes(values, decimals=measure.decimals)
    colours = ramp_of(len(found.words))
    named = found.words
    if measure.better == "high":  # the deepest colour is for those worst off
        colours = colours[::-1]
    if measure_id == "imd_decile":
        named = (f"{named[0]} most deprived", *named[1:-1], f"{named[-1]} least deprived")
    said = {} if pd.api.types.is_string_dtype(values) else values
    return Areas(
        geography.GEOMETRIES[level], found.numbers, named, title, colours, said, measure.unit, measure.decimals
    )


def _each(level: str, title: str, frame: pd.DataFrame, measure: geography.Measure) -> Areas:
    """Few areas, each by its name and value in the key: groups of them would leave gaps between."""
    values = sorted(set(frame["value"]))
    spread = (values[-1] - values[0]) or 1
    low, *_, high = ramp_of(5)

    def shade(value: float) -> str:
        share = (value - values[0]) / spread
        return mix(low, high, 1 - share if measure.better == "high" else share)

    names = {value: words.listed(list(held["name"])) for value, held in frame.groupby("value")}
    return Areas(
        geography.GEOMETRIES[level],
        dict(zip(frame["code"], frame["value"].map(values.index), strict=True)),
        tuple(f"{names[value]} {geography.said(value, measure)}" for value in values),
        title,
        tuple(map(shade, values)),
        dict(zip(frame["code"], frame["value"], strict=True)),
        measure.unit,
        measure.decimals,
    )


def over(chosen: Sequence[str], level: str, pcn_set: str) -> list[Layer]:
    """Borders and marks the reader asked for, over the areas; borders of the level itself are there already."""
    colours = theme.palette()
    layers: list[Layer] = []
    for name in ("districts", "localities"):
        if name in chosen:
            layers.append(Outline(name, names=geography.GEOMETRIES[level] != name or level in {"district", "locality"}))
    if "practices" in chosen:
        table = geography.practices().query("status == 'active'").rename(columns={"practice_code": "code"})
        table = table.assign(
            text=[f"{size:,.0f} registered patients, {geography.dated('lists')}" for size in table["list_size"]]
        )
        layers.append(
            Points(table, "GP practice (larger mark, longer list)", "circle", colours.series[2], "list_size", 8)
        )
    if "pcns" in chosen:
        table = geography.pcns(pcn_set).rename(columns={"pcn_code": "code", "pcn_name": "name"})
        table = table.assign(
            text=[
                f"{size:,.0f} registered patients, {geography.dated('lists')}. Mean of its practices' sites"
                for size in table["list_size_2026"]
            ]
        )
        layers.append(
            Points(
                table,
                "Primary care network (larger mark, longer list)",
                "diamond",
                colours.series[1],
                "list_size_2026",
                12,
            )
        )
    if "hospitals" in chosen:
        layers += hospitals()
    return layers


def hospitals(types: tuple[str, ...] = tuple(SITES), evidence: bool = True) -> list[Points]:
    """Marks for hospital sites known to be in use, one layer a type; ``evidence`` says how that is known."""
    table = geography.hospitals()
    if evidence:
        table = table.assign(text=table["trust_name"] + ". Evidence: " + table["use_evidence"])
    colour = theme.palette().series[3]
    return [
        Points(sites, label, shape, colour, radius=radius, select=False)
        for kind, (label, shape, radius) in SITES.items()
        if kind in types and len(sites := table[table["site_type"] == kind])
    ]
