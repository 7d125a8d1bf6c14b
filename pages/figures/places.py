"""Our places: a measure on the map, and one place in numbers, by age, to hospital and by its practices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import altair as alt
import pandas as pd

from ics_core import ambitions, catalogue, geography, profiles, systems, words
from ics_core.area import AREA
from ics_core.figure import Figure, Number
from ics_core.profiles import Profile
from pages.components.charts import theme
from pages.components.charts.picture import Table
from pages.components.map import services
from pages.components.map.layers import Layer, Map, Points
from pages.figures.choices import Asked
from pages.figures.registry import Made, figure, strip

HEADLINES = {
    "residents": ("residents", "share_65", "imd_score", "drive_acute"),
    "registered patients": ("list_size", "list_change", "share_65", "imd_score"),
}
COUNTS = {"residents", "patients", "practices"}


@dataclass(frozen=True)
class View:
    """A measure and how it is mapped, what stands over it, and the place."""

    measure: str = next(iter(geography.MEASURES))
    level: str = "district"
    ages: tuple[int, int] = (65, 90)
    over: tuple[str, ...] = ("districts", "hospitals")
    pcn_set: str = next(iter(geography.PCN_SETS))
    place: str = geography.FOOTPRINT

    KEYS: ClassVar[Mapping[str, str]] = {"pcn_set": "pcns", "ages": "aged"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.one("measure", labels(), "a measure")
        asked.one("level", services.LEVELS, "a level")
        asked.numbers("aged", 2, 0, 90, "ages", "ages")
        asked.several("over", services.OVER, "a layer")
        asked.one("pcns", geography.PCN_SETS, "a set of networks", "pcn_set")
        asked.one("place", places(asked.found.get("pcn_set", cls.pcn_set)), "a place")
        first, last = sorted(asked.found.get("ages", cls.ages))
        known = levels(asked.found.get("measure", cls.measure))
        if asked.found.get("level", cls.level) not in known:
            asked.found["level"] = known[0]
        return cls(**asked.found | {"ages": (int(first), int(last))}), asked.notes


def labels() -> dict[str, str]:
    """Each measure of the map by its id, in words."""
    return {row.id: row.label for row in geography.measures().itertuples()}


def places(pcn_set: str) -> dict[str, str]:
    """Every place by its code, with its kind, as the list to choose from has it."""
    return geography.directory(pcn_set).set_index("code")["label"].to_dict()


def levels(measure: str) -> tuple[str, ...]:
    """The levels of area that a measure is known for, the largest first."""
    return tuple(level for level in services.LEVELS if level in geography.MEASURES[measure].levels)


@lru_cache(64)
def profile(code: str, pcn_set: str) -> Profile:
    """What is known of a place; for reading only."""
    return profiles.profile(code, pcn_set)


def _place(view: View) -> Profile:
    return profile(view.place, view.pcn_set)


# ------------------------------------------------------------------------------------------ numbers


@strip("places")
def headline(view: View) -> tuple[Number, ...]:
    """Four numbers of the place, each beside the footprint and England."""
    place = _place(view)
    return _numbers(place, HEADLINES[place.basis])


def _numbers(place: Profile, fact_ids: Iterable[str]) -> tuple[Number, ...]:
    facts = [place.fact(fact_id) for fact_id in fact_ids]
    return tuple(
        Number(
            fact["id"],
            fact["fact"],
            _say(fact["value"], fact),
            note=fact["period"] if fact["unit"] in COUNTS else _beside(place, fact),
        )
        for fact in facts
    )


# ---------------------------------------------------------------------------------------------- map


@figure("places-map", page="places", name="On the map")
def on_the_map(view: View) -> Made:
    """The measure, coloured; the place, rimmed."""
    about = geography.MEASURES[view.measure]
    frame = geography.measure(view.measure, view.level, ages=view.ages)
    finding = geography.finding(view.measure, frame)
    level = services.LEVELS[view.level].lower()
    wanted = aged = ""
    if view.measure == "age_band":
        first, last = view.ages
        wanted = f", ages={view.ages}"
        aged = f" (aged {first} to {last}{' and over' if last == 90 else ''})"
    made = Figure(
        id="places-map",
        finding=finding,
        subtitle=f"{about.label}{aged}, {level}, {frame['period'].iloc[0]}, resident population",
        table=frame,
        sources=(
            *about.sources,
            "lsoas_outlines",
            *(["practices"] if {"practices", "pcns"} & set(view.over) else []),
            *(["hospitals"] if "hospitals" in view.over else []),
        ),
        method=_text()["method"]["map"].format(note=about.note),
        code=f'from ics_core import geography\ntable = geography.measure("{view.measure}", "{view.level}"{wanted})',
        alt=f"Map of {AREA.name} by {level}. {finding}. Every value is in the table.",
        kind=about.kind,
        columns={
            "name": "Area",
            "value": f"{about.label}{f', {about.unit}' if about.unit else ''}",
            "period": "When",
        },
    )
    layers: tuple[Layer, ...] = (
        services.shaded(view.measure, view.level, frame),
        *services.over(view.over, view.level, view.pcn_set),
        *_marks(_place(view), view.level),
    )
    return made, Map("places-map", layers, f"Map: {finding}.", view.place, chooses="place", height=560)


def _marks(place: Profile, level: str) -> list[Points]:
    """What shows the place where the map does not rim it: a practice, a network, an area smaller than those shown."""
    colours = theme.palette()
    at = geography.place(place.code)
    point = pd.DataFrame([{"code": place.code, "name": place.name, "lat": at["lat"], "lon": at["lon"]}])
    if place.level == "pcn":
        every = geography.practices().rename(columns={"practice_code": "code"})
        members = every[every["code"].isin(place.practices["code"])]
        return [
            Points(members, "Its practices", "circle", colours.series[2], radius=6),
            Points(point, f"{place.name}: list-weighted mean of its practices", "diamond", colours.ink, radius=9),
        ]
    if place.level == "practice" or (place.level in {"msoa", "lsoa"} and place.level != level):
        return [Points(point, place.name, "diamond", colours.ink, radius=8)]
    return []


# ---------------------------------------------------------------------------------------- one place


@figure("place-compared", page="places", name="In numbers")
def compared(view: View) -> Made:
    """Every measure here, in the footprint and in England; ``numbers`` are all of them, to be read from afar."""
    place = _place(view)
    facts = place.facts
    old = place.fact("share_65")
    made = Figure(
        id="place-compared",
        finding=_named(view, f"{_say(old['value'], old)} of {place.basis} are 65 or over; {_beside(place, old)}"),
        subtitle=f"{place.name} beside the footprint and England, {place.basis}",
        table=facts,
        sources=_sources(facts),
        credit=_credit(facts),
        method=_text()["method"]["patients" if place.basis == "registered patients" else "residents"].format(
            lists=geography.dated("lists")
        ),
        code=_code(view, "facts"),
        kind="our calculation",
        alt=f"Table of {place.name}, the footprint of {AREA.name}, and England where a like figure is published.",
        columns={
            "fact": "Measure",
            "value": "Here",
            "footprint": "Footprint",
            "england": "England",
            "unit": "Unit",
            "period": "When",
            "england_note": "England's date or making",
        },
        numbers=_numbers(place, facts["id"]),
    )
    return made, Table(_comparison(place))


def cautions(view: View) -> list[str]:
    """What was not found for England, with the official dataset; and that a network's point is no building."""
    place, text = _place(view), _text()
    asked: dict[str, list[str]] = {}
    for fact_id in place.without_england:
        asked.setdefault(text["datasets"][fact_id], []).append(place.fact(fact_id)["fact"].split(",")[0].lower())
    said = [text["missing"].format(facts=" and ".join(found), dataset=dataset) for dataset, found in asked.items()]
    return said + ([text["point"]] if place.level == "pcn" else [])


@figure("place-ages", page="places", name="By age")
def ages(view: View) -> Made:
    """Who lives or is registered here, by age."""
    place = _place(view)
    band = place.standout
    whole = place.code == geography.FOOTPRINT
    share = f"{band['england_share']:.1f}% in England" if whole else f"{band['footprint_share']:.1f}% in the footprint"
    sources, credit = _age_sources(place)
    made = Figure(
        id="place-ages",
        finding=_named(view, f"Aged {band['band']}: {band['share']:.1f}% of {place.basis}, {share}"),
        subtitle=f"Share of {place.basis} by age, %, {place.name}, {band['period']}",
        table=place.ages,
        sources=sources,
        credit=credit,
        method=_text()["method"]["ages"].format(basis=place.basis.capitalize(), period=band["period"]),
        code=_code(view, "ages"),
        alt=f"Bars of the share of {place.basis} of {place.name} by age band, with the shares of the footprint and of "
        "England marked on each.",
        columns={
            "band": "Age",
            "people": "People",
            "share": "Share, %",
            "footprint_share": "Footprint, %",
            "england_share": "England, %",
        },
    )
    return made, _ages(place)


@figure("place-hospitals", page="places", name="To hospital")
def hospitals(view: View) -> Made:
    """The nearest hospitals, by car and in a straight line."""
    place = _place(view)
    near = place.nearest
    made = Figure(
        id="place-hospitals",
        finding=_named(
            view,
            f"{near['hospital']} is nearest of the acute hospitals, {near['minutes']:.0f} minutes by car in the "
            "drive-time model",
        ),
        subtitle=f"Mean minutes by car from {place.name}, 2022 model: compare, do not read door to door. The line "
        "across a bar is the whole footprint's mean to that hospital; kilometres are in a straight line",
        table=place.hospitals,
        sources=("drive_times", "lsoas", "hospitals"),
        method=_text()["method"]["hospitals"],
        code=_code(view, "hospitals"),
        kind="our calculation",
        alt=f"Bars of minutes by car from {place.name} to the three nearest acute hospitals, and two other hospital "
        f"sites with their distance in a straight line; the nearest acute hospital is {near['hospital']}.",
        columns={
            "hospital": "Hospital",
            "kind": "Kind",
            "minutes": "Minutes",
            "km": "Kilometres, straight line",
            "footprint": "Whole footprint, minutes",
        },
    )
    return made, _hospitals(place)


@figure("place-practices", page="places", name="GP practices")
def practices(view: View) -> Made:
    """The practices and their lists at two dates."""
    place = _place(view)
    shown = _practices(place)
    made = Figure(
        id="place-practices",
        finding=_named(view, _practice_title(place)),
        subtitle=f"Registered patients in {geography.dated('first_lists')} and {geography.dated('lists')}, "
        f"GP practices, {place.name}",
        table=place.practices,
        sources=("practices",),
        method=_text()["method"]["practices"],
        code=_code(view, "practices"),
        kind="our calculation",
        alt=f"Table of GP practices of {place.name} with their lists at two dates and the change.",
        columns={
            "name": "Practice",
            "list_size_2022": geography.dated("first_lists"),
            "list_size_2026": geography.dated("lists"),
            "change": "Change",
            "change_pct": "Change, %",
        }
        | ({"km": "Kilometres, straight line"} if "km" in place.practices else {}),
    )
    return made, Table(shown, None if len(shown) <= 12 else 460)


# -------------------------------------------------------------------------------- words and sources


def _text() -> Mapping[str, Any]:
    return catalogue.toml("text/pages")["places"]


def _named(view: View, finding: str) -> str:
    return f"{_place(view).name}: {finding}"


def _code(view: View, part: str) -> str:
    return f'from ics_core import profiles\ntable = profiles.profile("{view.place}", "{view.pcn_set}").{part}'


def _sources(facts: pd.DataFrame) -> tuple[str, ...]:
    england = (name for name in facts["england_source"] if name not in {"", "observations"})
    return tuple(dict.fromkeys(["system_observations", *facts["source"], *england]))


def _credit(facts: pd.DataFrame) -> str:
    """Who published England's figures: their tables hold many publications, of which only some are used here."""
    lines = [systems.credit(*dict.fromkeys(metric for metric in facts["england_metric"] if metric))]
    lines += (
        [ambitions.status("gp_registered", profiles.ENGLAND).source]
        if "observations" in set(facts["england_source"])
        else []
    )
    return "; ".join(lines)


def _age_sources(place: Profile) -> tuple[tuple[str, ...], str]:
    if place.basis == "registered patients":
        return ("system_observations", "registered_age"), systems.credit("reg_share_65p")
    if place.level in {"msoa", "lsoa"}:
        return ("system_observations", "lsoas"), systems.credit("census_share_65")
    return ("base_population", "england_ages"), ""


def _say(value: Any, fact: pd.Series) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return words.NOT_FOUND
    unit = {"%": "%", "minutes": "\u00a0min", "km": "\u00a0km"}.get(fact["unit"], "")
    return words.number(value, fact["decimals"], signed=fact["id"] == "list_change") + unit


def _beside(place: Profile, fact: pd.Series) -> str:
    """The footprint's figure and England's, in words."""
    where = (
        {"England": fact["england"]}
        if place.code == geography.FOOTPRINT
        else {"the footprint": fact["footprint"], "England": fact["england"]}
    )
    return ", ".join(f"{_say(value, fact)} in {name}" for name, value in where.items() if not pd.isna(value))


def _small(text: str) -> str:
    return f" :small[:gray[({text})]]" if text else ""


def _comparison(place: Profile) -> pd.DataFrame:
    rows = [
        (
            f["fact"] + _small(f["period"]),
            _say(f["value"], f),
            _say(f["footprint"], f),
            _say(f["england"], f) + _small(f["england_note"]),
        )
        for _, f in place.facts.iterrows()
    ]
    table = pd.DataFrame(rows, columns=["Measure", "Here", "Footprint", "England"])
    return table.drop(columns="Footprint") if place.code == geography.FOOTPRINT else table


def _practice_title(place: Profile) -> str:
    table = place.practices
    if place.level in {"msoa", "lsoa"}:
        return f"{table['name'].iloc[0]} is the nearest practice, {table['km'].iloc[0]:.1f} km in a straight line"
    if place.basis == "registered patients":
        change = place.fact("list_change")["value"]
        who = "The list" if len(table) == 1 else f"Together the lists of {len(table)} practices"
        first, last = geography.dated("first_lists"), geography.dated("lists")
        return f"{who} {'grew' if change > 0 else 'shrank'} by {abs(change):.1f}% from {first} to {last}"
    return f"{len(table)} practices have their main site here; {table['name'].iloc[0]} has the longest list"


def _practices(place: Profile) -> pd.DataFrame:
    table = place.practices
    shown = pd.DataFrame({"Practice": table["name"]})
    for column, when in (
        ("list_size_2022", geography.dated("first_lists")),
        ("list_size_2026", geography.dated("lists")),
    ):
        shown[when] = table[column].map(lambda v: "no list" if pd.isna(v) else words.number(v))
    shown["Change"] = [
        "" if pd.isna(change) else f"{words.number(change, signed=True)} ({words.percent(share, 1, signed=True)})"
        for change, share in zip(table["change"], table["change_pct"], strict=True)
    ]
    if "km" in table:  # in the same cell: a fifth column would be too wide for a phone
        shown["Practice"] += [f" :small[:gray[({km:.1f} km)]]" for km in table["km"]]
    return shown


# ----------------------------------------------------------------------------------------- pictures


def _ages(place: Profile) -> alt.TopLevelMixin:
    colours = theme.palette()
    whole = {} if place.code == geography.FOOTPRINT else {"footprint_share": "Footprint"}
    beside = (
        place.ages.rename(columns={**whole, "england_share": "England"})
        .melt("band", [*whole.values(), "England"], "who", "beside")
        .dropna()
    )
    names = list(dict.fromkeys(beside["who"]))
    looks = {"Footprint": ("stroke", colours.series[3], 900), "England": ("diamond", colours.series[2], 170)}
    shapes, colour, sizes = zip(*(looks[name] for name in names), strict=True)
    legend = alt.Legend(orient="top", title=None, columns=2, symbolSize=180, symbolStrokeWidth=3)
    x = alt.X(
        "band:N",
        sort=None,
        title=None,
        axis=alt.Axis(
            labelAngle=0,
            labelOverlap="parity",
            labelExpr="replace(replace(datum.label, ' to ', '\u2013'), ' and over', '+')",
        ),
    )
    bars = (
        alt.Chart(place.ages)
        .mark_bar(color=colours.accent)
        .encode(
            x=x,
            y=alt.Y("share:Q", title="%"),
            tooltip=[
                alt.Tooltip("band", title="Age"),
                alt.Tooltip("people", title="People", format=",.0f"),
                alt.Tooltip("share", title="Here, %", format=".1f"),
            ],
        )
    )
    # A pale ground inside the diamond keeps it apart from the bar behind it. A layer each, because a scale of
    # sizes would hide the key.
    points = [
        alt.Chart(beside[beside["who"] == name])
        .mark_point(fill=colours.ground, opacity=1, strokeWidth=3.5, size=size)
        .encode(
            x=x,
            y="beside:Q",
            shape=alt.Shape("who:N", scale=alt.Scale(domain=names, range=shapes), legend=legend),
            stroke=alt.Stroke("who:N", scale=alt.Scale(domain=names, range=colour), legend=legend),
            tooltip=[
                alt.Tooltip("band", title="Age"),
                alt.Tooltip("who", title="Where"),
                alt.Tooltip("beside", title="%", format=".1f"),
            ],
        )
        for name, size in zip(names, sizes, strict=True)
    ]
    return alt.layer(bars, *points).properties(height=300)


def _hospitals(place: Profile) -> alt.TopLevelMixin:
    """A name over each bar, as names beside the bars would leave a phone no room."""
    colours = theme.palette()
    table = place.hospitals.assign(
        said=[
            f"{km:.0f} km" if pd.isna(minutes) else f"{minutes:.0f} min, {km:.0f} km"
            for minutes, km in zip(place.hospitals["minutes"], place.hospitals["km"], strict=True)
        ]
    )
    edge = float(table[["minutes", "footprint"]].max().max())
    y = alt.Y("hospital:N", sort=None, axis=None)
    base = alt.Chart(table).encode(
        y=y,
        tooltip=[
            alt.Tooltip("hospital", title="Hospital"),
            alt.Tooltip("kind", title="Kind"),
            alt.Tooltip("said", title="By car, straight line"),
            alt.Tooltip("footprint", title="Footprint, minutes", format=".0f"),
        ],
    )
    scale = alt.Scale(domain=[0, edge], nice=False)
    bars = base.mark_bar(height=12, yOffset=10, color=colours.accent).encode(
        x=alt.X("minutes:Q", scale=scale, title="minutes by car", axis=alt.Axis(tickCount=5))
    )
    lines = base.mark_tick(color=colours.series[3], thickness=3, height=20, yOffset=10).encode(
        x=alt.X("footprint:Q", scale=scale)
    )
    names = base.mark_text(align="left", dy=-8, fontSize=12.5, color=colours.ink).encode(
        x=alt.datum(0, scale=scale), text="hospital:N"
    )
    values = base.mark_text(align="right", dy=-8, fontSize=12.5, fontWeight="bold", color=colours.ink).encode(
        x=alt.datum(edge, scale=scale), text="said:N"
    )
    return alt.layer(bars, lines, names, values).properties(height=58 * len(table) + 40)
