"""The profile of one place: headline numbers, how it compares, ages, practices, hospitals."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import ambitions, catalogue, geography, profiles, systems
from ics_core.profiles import Profile
from pages.components.charts import theme
from pages.components.frame import address, numbers, page, presenting
from pages.components.frame import old_show as figure
from pages.components.map import old_draw as map

MISSING = "No published figure found"
HEADLINES = {
    "residents": ("residents", "share_65", "imd_score", "drive_acute"),
    "registered patients": ("list_size", "list_change", "share_65", "imd_score"),
}
COUNTS = {"residents", "patients", "practices"}


def choose(pcn_set: str, help: str) -> str:
    """The place the reader picked from the list, clicked or asked for in the address; its code."""
    labels = geography.directory(pcn_set).set_index("code")["label"].to_dict()
    address.heed("place", labels, "a place")
    return st.selectbox(
        _text()["find"], list(labels), format_func=labels.get, key="place", bind="query-params", help=help, width=640
    )


def pick(code: str) -> None:
    """Make a clicked place the chosen one."""
    st.session_state["place"] = code


def marks(place: Profile, level: str) -> list[map.Points]:
    """What shows the chosen place on a map of ``level`` that would not rim it: a practice, a network among its practices, an area smaller than those shown."""
    colours = theme.palette()
    at = geography.place(place.code)
    point = pd.DataFrame([{"code": place.code, "name": place.name, "lat": at["lat"], "lon": at["lon"]}])
    if place.level == "pcn":
        every = geography.practices().rename(columns={"practice_code": "code"})
        members = every[every["code"].isin(place.practices["code"])]
        return [
            map.Points(members, "Its practices", "circle", colours.series[2], radius=6),
            map.Points(point, f"{place.name}: list-weighted mean of its practices", "diamond", colours.ink, radius=9),
        ]
    if place.level == "practice" or place.level in {"msoa", "lsoa"} and place.level != level:
        return [map.Points(point, place.name, "diamond", colours.ink, radius=8)]
    return []


def headline(place: Profile) -> None:
    """Four numbers, each beside the footprint and England."""
    _large(place, HEADLINES[place.basis])


def show(place: Profile, pcn_set: str) -> None:
    """Everything known of a place."""
    st.html('<span id="profile"></span>')
    page.heading(place.name, 2)
    st.caption(" · ".join([geography.LEVELS[place.level], *place.within]) + f". Figures are of {place.basis}.")
    left, right = st.columns([3, 2], gap="large")
    with left:
        compared(place, pcn_set)
        practices(place, pcn_set)
    with right:
        ages(place, pcn_set)
        hospitals(place, pcn_set)
    st.markdown("\n".join(f"- {note}" for note in place.notes))


def compared(place: Profile, pcn_set: str) -> None:
    """Every measure here, in the footprint and in England."""
    facts = place.facts
    old = place.fact("share_65")
    text = _text()
    figure.show(
        figure.Figure(
            id="place-compared",
            level=_level(),
            title=_named(place, f"{_say(old['value'], old)} of {place.basis} are 65 or over; {_beside(place, old)}"),
            subtitle=f"{place.name} beside the footprint and England, {place.basis}",
            table=facts,
            sources=_sources(facts),
            credit=_credit(facts),
            method=text["method"]["patients" if place.basis == "registered patients" else "residents"],
            code=_code(place, pcn_set, "facts"),
            kind="our calculation",
            alt=f"Table of {place.name}, the footprint of Norfolk and Waveney, and England where a like figure is published.",
            columns={
                "fact": "Measure",
                "value": "Here",
                "footprint": "Footprint",
                "england": "England",
                "unit": "Unit",
                "period": "When",
                "england_note": "England's date or making",
            },
        ),
        lambda: _comparison(place),
    )
    asked = {}
    for fact_id in place.without_england:
        asked.setdefault(text["datasets"][fact_id], []).append(place.fact(fact_id)["fact"].split(",")[0].lower())
    for dataset, found in asked.items():
        st.caption(text["missing"].format(facts=" and ".join(found), dataset=dataset))
    if place.level == "pcn":
        st.caption(text["point"])


def ages(place: Profile, pcn_set: str) -> None:
    """Who lives or is registered here, by age."""
    band = place.standout
    beside = "england_share" if place.code == geography.FOOTPRINT else "footprint_share"
    figure.show(
        figure.Figure(
            id="place-ages",
            level=_level(),
            title=_named(
                place,
                f"Aged {band['band']}: {band['share']:.1f}% of {place.basis}, {band[beside]:.1f}% in {'England' if beside == 'england_share' else 'the footprint'}",
            ),
            subtitle=f"Share of {place.basis} by age, %, {place.name}, {band['period']}",
            table=place.ages,
            **_age_sources(place),
            method=_text()["method"]["ages"].format(basis=place.basis.capitalize(), period=band["period"]),
            code=_code(place, pcn_set, "ages"),
            alt=f"Bars of the share of {place.basis} of {place.name} by age band, with the shares of the footprint and of England marked on each.",
            columns={
                "band": "Age",
                "people": "People",
                "share": "Share, %",
                "footprint_share": "Footprint, %",
                "england_share": "England, %",
            },
        ),
        _ages(place),
    )


def hospitals(place: Profile, pcn_set: str) -> None:
    """The nearest hospitals, by car and in a straight line."""
    near = place.nearest
    figure.show(
        figure.Figure(
            id="place-hospitals",
            level=_level(),
            title=_named(
                place,
                f"{near['hospital']} is nearest of the acute hospitals, {near['minutes']:.0f} minutes by car in the drive-time model",
            ),
            subtitle=f"Mean minutes by car from {place.name}, 2022 model: compare, do not read door to door. The line across a bar is the whole footprint's mean to that hospital; kilometres are in a straight line",
            table=place.hospitals,
            sources=("drive_times", "lsoas", "hospitals"),
            method=_text()["method"]["hospitals"],
            code=_code(place, pcn_set, "hospitals"),
            kind="our calculation",
            alt=f"Bars of minutes by car from {place.name} to the three nearest acute hospitals, and two other hospital sites with their distance in a straight line; the nearest acute hospital is {near['hospital']}.",
            columns={
                "hospital": "Hospital",
                "kind": "Kind",
                "minutes": "Minutes",
                "km": "Kilometres, straight line",
                "footprint": "Whole footprint, minutes",
            },
        ),
        _hospitals(place),
    )


def practices(place: Profile, pcn_set: str) -> None:
    """The practices and their lists at two dates."""
    shown = _practices(place)
    figure.show(
        figure.Figure(
            id="place-practices",
            level=_level(),
            title=_named(place, _practice_title(place)),
            subtitle=f"Registered patients on 1 May 2022 and 1 July 2026, GP practices, {place.name}",
            table=place.practices,
            sources=("practices",),
            method=_text()["method"]["practices"],
            code=_code(place, pcn_set, "practices"),
            kind="our calculation",
            alt=f"Table of GP practices of {place.name} with their lists at two dates and the change.",
            columns={
                "name": "Practice",
                "list_size_2022": "May 2022",
                "list_size_2026": "July 2026",
                "change": "Change",
                "change_pct": "Change, %",
            }
            | ({"km": "Kilometres, straight line"} if "km" in place.practices else {}),
        ),
        lambda: st.table(
            shown,
            hide_index=True,
            border="horizontal",
            height="content" if len(shown) <= 12 or presenting.on() else 460,
            alt=f"GP practices of {place.name}",
        ),
    )


def _text() -> dict:
    return catalogue.toml("text/pages")["places"]


def _level() -> int:
    return 2 if presenting.on() else 3


def _named(place: Profile, finding: str) -> str:
    # On the page the place's name stands above its figures; on a screen in a meeting each stands alone.
    return f"{place.name}: {finding}" if presenting.on() else finding


def _code(place: Profile, pcn_set: str, part: str) -> str:
    return f'from ics_core import profiles\ntable = profiles.profile("{place.code}", "{pcn_set}").{part}'


def _sources(facts: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            [
                "system_observations",
                *facts["source"],
                *(name for name in facts["england_source"] if name not in {"", "observations"}),
            ]
        )
    )


def _credit(facts: pd.DataFrame) -> str:
    """Who published England's figures: their tables hold many publications, of which only some are used here."""
    lines = [systems.credit(*dict.fromkeys(metric for metric in facts["england_metric"] if metric))]
    lines += (
        [ambitions.status("gp_registered", profiles.ENGLAND).source]
        if "observations" in set(facts["england_source"])
        else []
    )
    return "; ".join(lines)


def _age_sources(place: Profile) -> dict[str, object]:
    if place.basis == "registered patients":
        return {"sources": ("system_observations", "registered_age"), "credit": systems.credit("reg_share_65p")}
    if place.level in {"msoa", "lsoa"}:
        return {"sources": ("system_observations", "lsoas"), "credit": systems.credit("census_share_65")}
    return {"sources": ("base_population", "england_ages")}


def _say(value: object, fact: pd.Series) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return MISSING
    unit = {"%": "%", "minutes": "\u00a0min", "km": "\u00a0km"}.get(fact["unit"], "")
    sign = "+" if fact["id"] == "list_change" and value > 0 else ""
    return f"{sign}{value:,.{fact['decimals']}f}{unit}"


def _beside(place: Profile, fact: pd.Series) -> str:
    """The footprint's figure and England's, in words."""
    where = (
        {"England": fact["england"]}
        if place.code == geography.FOOTPRINT
        else {"the footprint": fact["footprint"], "England": fact["england"]}
    )
    return ", ".join(f"{_say(value, fact)} in {name}" for name, value in where.items() if not pd.isna(value))


def _comparison(place: Profile) -> None:
    if presenting.on():
        _large(place, list(place.facts["id"]))  # a table would be too small from the back row
    else:
        st.table(_table(place), hide_index=True, border="horizontal", alt=f"{place.name} in numbers")


def _large(place: Profile, fact_ids: Iterable[str]) -> None:
    rows = [place.fact(fact_id) for fact_id in fact_ids]
    shown = [
        (fact["fact"], _say(fact["value"], fact), fact["period"] if fact["unit"] in COUNTS else _beside(place, fact))
        for fact in rows
    ]
    numbers.show(f"{geography.LEVELS[place.level]}, {place.basis}", shown, "place")


def _table(place: Profile) -> pd.DataFrame:
    def small(words: str) -> str:
        return f" :small[:gray[({words})]]" if words else ""

    rows = [
        (
            f["fact"] + small(f["period"]),
            _say(f["value"], f),
            _say(f["footprint"], f),
            _say(f["england"], f) + small(f["england_note"]),
        )
        for _, f in place.facts.iterrows()
    ]
    table = pd.DataFrame(rows, columns=["Measure", "Here", "Footprint", "England"])
    return table.drop(columns="Footprint") if place.code == geography.FOOTPRINT else table


def _ages(place: Profile) -> alt.LayerChart:
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
        title="Age",
        axis=alt.Axis(labelAngle=-45 if len(place.ages) > 5 else 0, labelOverlap=False),
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
    # A pale ground inside the diamond keeps it apart from the bar behind it. A layer each, because a scale of sizes would hide the key.
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
    return alt.layer(bars, *points).properties(height=300 * presenting.scale())


def _hospitals(place: Profile) -> alt.LayerChart:
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
    return alt.layer(bars, lines, names, values).properties(height=(58 * len(table) + 40) * presenting.scale())


def _practice_title(place: Profile) -> str:
    table = place.practices
    if place.level in {"msoa", "lsoa"}:
        return f"{table['name'].iloc[0]} is the nearest practice, {table['km'].iloc[0]:.1f} km in a straight line"
    if place.basis == "registered patients":
        change = place.fact("list_change")["value"]
        who = "The list" if len(table) == 1 else f"Together the lists of {len(table)} practices"
        return f"{who} {'grew' if change > 0 else 'shrank'} by {abs(change):.1f}% from May 2022 to July 2026"
    return f"{len(table)} practices have their main site here; {table['name'].iloc[0]} has the longest list"


def _practices(place: Profile) -> pd.DataFrame:
    table = place.practices
    shown = pd.DataFrame({"Practice": table["name"]})
    for column, when in (("list_size_2022", "May 2022"), ("list_size_2026", "July 2026")):
        shown[when] = table[column].map(lambda v: "no list" if pd.isna(v) else f"{v:,.0f}")
    shown["Change"] = [
        f"{change:+,.0f} ({share:+.1f}%)" if change == change else ""
        for change, share in zip(table["change"], table["change_pct"], strict=True)
    ]
    if "km" in table:  # in the same cell: a fifth column would be too wide for a phone
        shown["Practice"] += [f" :small[:gray[({km:.1f} km)]]" for km in table["km"]]
    return shown
