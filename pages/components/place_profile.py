"""The profile of one place: headline numbers, how it compares, ages, practices, hospitals."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import catalogue, geography
from ics_core.geography import Profile
from pages.components import address, charts, figure, theme

MISSING = "No published figure found"
HEADLINES = {
    "residents": ("residents", "share_65", "imd_score", "drive_acute"),
    "registered patients": ("list_size", "list_change", "share_65", "imd_score"),
}


def choose(pcn_set: str) -> str:
    """The place the reader picked from the list, clicked or asked for in the address; its code."""
    labels = geography.directory(pcn_set).set_index("code")["label"].to_dict()
    address.heed("place", labels, "a place")
    return st.selectbox("Pick a place (type to search)", list(labels), format_func=labels.get, key="place", bind="query-params")


def pick(code: str) -> None:
    """Make a clicked place the chosen one."""
    st.session_state["place"] = code


def show(place: Profile, pcn_set: str) -> None:
    """Everything known of a place."""
    method = catalogue.toml("text/pages")["places"]["method"]
    code = f'from ics_core import geography\nprofile = geography.profile("{place.code}", "{pcn_set}")\ntable = profile.'
    st.subheader(place.name, anchor="place")
    st.caption(" · ".join([geography.LEVELS[place.level], *place.within]) + f". Figures are of {place.basis}.")
    with st.container(horizontal=True, gap="large"):
        for fact_id in HEADLINES[place.basis]:
            fact = place.fact(fact_id)
            st.metric(fact["fact"], _say(fact["value"], fact), width="content", help=f"{fact['period']}. Footprint: {_say(fact['footprint'], fact)}.")
    left, right = st.columns([3, 2], gap="large")
    with left:
        old = place.fact("share_65")
        figure.show(
            figure.Figure(
                id="place-compared", level=3,
                title=f"{_say(old['value'], old)} of {place.basis} are 65 or over; {_say(old['footprint'], old)} in the whole footprint",
                subtitle=f"{place.name} beside the footprint and England, {place.basis}",
                table=place.facts, sources=tuple(dict.fromkeys([*place.facts["source"], "system_observations", "drive_times"])), method=method["profile"],
                code=code + "facts", kind="our calculation",
                alt=f"Table of {place.name}, the footprint of Norfolk and Waveney, and England where a like figure is published.",
                columns={"fact": "Measure", "value": "Here", "footprint": "Footprint", "england": "England", "unit": "Unit", "period": "When"},
            ),
            lambda: st.table(_compared(place.facts), hide_index=True),
        )  # fmt: skip
    with right:
        band = place.largest_band
        figure.show(
            figure.Figure(
                id="place-ages", level=3,
                title=f"Most are aged {band['band'].replace('-', ' to ')}: {band['share']:.1f}% of {place.basis}",
                subtitle=f"Share of {place.basis} by age, %, {place.name}, {band['period']}; the line across each bar is the footprint",
                table=place.ages, sources=("registered_age",) if place.basis.startswith("registered") else ("base_population", "lsoas"),
                method=method["ages"].format(basis=place.basis.capitalize(), period=band["period"]),
                code=code + "ages",
                alt=f"Bars of the share of {place.basis} of {place.name} by age band, with the footprint's share marked on each. The largest band is {band['band']}.",
                columns={"band": "Age", "people": "People", "share": "Share, %", "footprint_share": "Footprint, %"},
            ),
            _ages(place),
        )  # fmt: skip
        near = place.nearest
        figure.show(
            figure.Figure(
                id="place-hospitals", level=3,
                title=f"{near['hospital']} is the nearest, {near['minutes']:.0f} minutes by car in the drive-time model",
                subtitle=f"Mean minutes by car to the three acute hospitals of the footprint, {place.name}, 2022 model; compare, do not read door to door",
                table=place.hospitals, sources=("drive_times", "lsoas"), method=method["hospitals"], code=code + "hospitals", kind="our calculation",
                alt=f"Bars of minutes by car from {place.name} to three acute hospitals; the nearest is {near['hospital']}.",
                columns={"hospital": "Hospital", "minutes": "Minutes", "footprint": "Whole footprint, minutes"},
            ),
            charts.bars(place.hospitals, "hospital", "minutes", unit="minutes", mark=near["hospital"], sort="x", format=".0f"),
        )  # fmt: skip
    figure.show(
        figure.Figure(
            id="place-practices", level=3, title=_practice_title(place),
            subtitle="Registered patients on 1 May 2022 and 1 July 2026, GP practices", table=place.practices, sources=("practices",),
            method=method["practices"], code=code + "practices", kind="our calculation",
            alt=f"Table of GP practices of {place.name} with their lists at two dates and the change.",
            columns=_practice_columns(place),
        ),
        lambda: st.table(_practices(place), hide_index=True, height=min(420, 60 + 36 * len(place.practices))),
    )  # fmt: skip
    st.markdown("\n".join(f"- {note}" for note in place.notes))


def _say(value: object, fact: pd.Series) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return MISSING
    unit = {"%": "%", "minutes": " min", "km": " km", "per km²": " per km²"}.get(fact["unit"], "")
    sign = "+" if fact["id"] == "list_change" and value > 0 else ""
    return f"{sign}{value:,.{fact['decimals']}f}{unit}"


def _compared(facts: pd.DataFrame) -> pd.DataFrame:
    rows = [(f["fact"], *(_say(f[column], f) for column in ("value", "footprint", "england")), f["period"]) for _, f in facts.iterrows()]
    table = pd.DataFrame(rows, columns=["Measure", "Here", "Footprint", "England", "When"])
    # Of registered patients hardly a figure for England is in these data: a column of gaps helps nobody.
    return table if facts["england"].notna().sum() > 1 else table.drop(columns="England")


def _ages(place: Profile) -> alt.LayerChart:
    colours = theme.palette()
    base = alt.Chart(place.ages).encode(x=alt.X("band:N", sort=None, title="Age", axis=alt.Axis(labelAngle=-45)))
    tooltip = [alt.Tooltip("band", title="Age"), alt.Tooltip("people", title="People", format=",.0f"), alt.Tooltip("share", title="Share, %", format=".1f"), alt.Tooltip("footprint_share", title="Footprint, %", format=".1f")]
    bars = base.mark_bar(color=colours.accent).encode(y=alt.Y("share:Q", title="%"), tooltip=tooltip)
    line = base.mark_tick(color=colours.series[3], thickness=3, width=26).encode(y="footprint_share:Q", tooltip=tooltip)
    return alt.layer(bars, line).properties(height=230)


def _practice_title(place: Profile) -> str:
    table = place.practices
    if place.level == "practice":
        change = place.fact("list_change")
        return f"The list changed by {_say(change['value'], change)} between May 2022 and July 2026"
    if place.level in {"msoa", "lsoa"}:
        return f"{table['name'].iloc[0]} is the nearest practice, {table['km'].iloc[0]:.1f} km in a straight line"
    where = "belong to the network" if place.level == "pcn" else "have their main site here"
    return f"{len(table)} practices {where}; {table['name'].iloc[0]} has the longest list"


def _practice_columns(place: Profile) -> dict[str, str]:
    names = {"name": "Practice", "list_size_2022": "May 2022", "list_size_2026": "July 2026", "change": "Change", "change_pct": "Change, %"}
    return names | ({"km": "Kilometres, straight line"} if "km" in place.practices else {})


def _practices(place: Profile) -> pd.DataFrame:
    table = place.practices
    whole = {column: table[column].map(lambda v: MISSING if pd.isna(v) else f"{v:,.0f}") for column in ("list_size_2022", "list_size_2026")}
    moved = {"change": table["change"].map(lambda v: "" if pd.isna(v) else f"{v:+,.0f}"), "change_pct": table["change_pct"].map(lambda v: "" if pd.isna(v) else f"{v:+.1f}%")}
    table = table.assign(**whole, **moved)
    if "km" in table:
        table = table.assign(km=table["km"].map("{:.1f}".format))
    columns = _practice_columns(place)
    return table[list(columns)].rename(columns=columns)
