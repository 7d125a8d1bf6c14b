"""Our places: a measure on the map, the services over it, and a profile of any place."""

import streamlit as st

from ics_core import catalogue, geography, profiles
from pages.components.frame import address, page
from pages.components.frame import old_show as figure
from pages.components.frame import stage as present
from pages.components.map import old_draw as map
from pages.components.map import services as place_layers
from pages.figures import places as place_profile

MAP = "on-the-map"  # the first figure of present mode, as the address names it
text = catalogue.toml("text/pages")["places"]
sizes = {
    plural: len(geography.places(level))
    for plural, level in [
        ("districts", "district"),
        ("localities", "locality"),
        ("networks", "pcn"),
        ("practices", "practice"),
        ("neighbourhoods", "msoa"),
        ("small_areas", "lsoa"),
    ]
}
page.start("places", **sizes)
if present.on():
    found, picture = st.container(), st.container()
    options = st.container() if st.query_params.get("figure", MAP) == MAP else st.expander(text["options"])
else:
    present.enlarge()
    found, picture = st.columns([2, 5], gap="large")
    with picture:
        picture, options = st.container(), st.container()

# What the map shows. These stand under it, so that the answer comes first.
with options:
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="large")
    with row:
        measures = {m.id: m.label for m in geography.measures().itertuples()}
        address.heed("measure", measures, "a measure")
        measure = st.selectbox(
            "Show", list(measures), format_func=measures.get, key="measure", bind="query-params", width=400
        )
        about = geography.MEASURES[measure]
        levels = {level: place_layers.LEVELS[level] for level in place_layers.LEVELS if level in about.levels}
        address.heed("level", place_layers.LEVELS, "a level")
        if st.session_state.get("level") not in (None, *levels):
            st.session_state["level"] = next(iter(levels))
        level = st.radio("By", list(levels), format_func=levels.get, key="level", bind="query-params", horizontal=True)
    ages = (65, 90)
    if measure == "age_band":
        ages = st.slider("Ages (90 is 90 and over)", 0, 90, ages, key="ages", bind="query-params")
    with st.container() if present.on() else st.expander(text["more"]):
        address.heed("over", place_layers.OVER, "a layer")
        over = st.pills(
            "Also on the map",
            list(place_layers.OVER),
            format_func=place_layers.OVER.get,
            selection_mode="multi",
            default=["districts", "hospitals"],
            key="over",
            bind="query-params",
            wrap=True,
        )
        address.heed("pcns", geography.PCN_SETS, "a set of networks")
        pcn_set = st.radio(
            "Networks: which set",
            list(geography.PCN_SETS),
            format_func=geography.PCN_SETS.get,
            key="pcns",
            bind="query-params",
            help=text["sets"],
        )
with found:
    code = place_profile.choose(pcn_set, text["kinds"].format(**sizes))
    place = profiles.profile(code, pcn_set)
    if not present.on():
        place_profile.headline(place)
        st.markdown(f"[Everything about {place.name}](#profile)")


def on_the_map() -> None:
    """The measure, coloured; the place, rimmed."""
    if st.session_state["place"] != code:  # clicked in present mode, where the map runs apart from the page
        st.rerun()
    frame = geography.measure(measure, level, ages=ages)
    layers = [
        place_layers.shaded(measure, level, frame),
        *place_layers.over(over, level, pcn_set),
        *place_profile.marks(place, level),
    ]
    finding = geography.finding(measure, frame)
    wanted = f", ages={ages}" if measure == "age_band" else ""
    aged = f" (aged {ages[0]} to {ages[1]}{' and over' if ages[1] == 90 else ''})" if measure == "age_band" else ""
    figure.show(
        figure.Figure(
            id="places-map",
            title=finding,
            subtitle=f"{about.label}{aged}, {levels[level].lower()}, {frame['period'].iloc[0]}, resident population",
            table=frame,
            sources=(
                *about.sources,
                "lsoas_outlines",
                *(["practices"] if {"practices", "pcns"} & set(over) else []),
                *(["hospitals"] if "hospitals" in over else []),
            ),
            method=text["method"]["map"].format(note=about.note),
            code=f'from ics_core import geography\ntable = geography.measure("{measure}", "{level}"{wanted})',
            alt=f"Map of Norfolk and Waveney by {levels[level].lower()}. {finding}. Every value is in the table.",
            kind=about.kind,
            columns={
                "name": "Area",
                "value": f"{about.label}{f', {about.unit}' if about.unit else ''}",
                "period": "When",
            },
            still=lambda: map.still(layers),
        ),
        lambda: map.draw(
            "places-map",
            layers,
            caption=f"Map: {finding}.",
            height=420 if present.on() else 560,
            selected=code,
            on_click=place_profile.pick,
        ),
    )
    if "hospitals" in over and not present.on():
        place_layers.hospital_list()
        sites = geography.hospitals(shown=False)
        hidden = sites.loc[sites["show_as"] != "open", "name"]
        st.caption(text["sites"].format(hidden=len(hidden), known=len(sites), names=", ".join(hidden)))


def in_numbers() -> None:
    place_profile.compared(place, pcn_set)


def by_age() -> None:
    place_profile.ages(place, pcn_set)


def to_hospital() -> None:
    place_profile.hospitals(place, pcn_set)


def practices() -> None:
    place_profile.practices(place, pcn_set)


with picture:
    if present.on():
        present.figures([on_the_map, in_numbers, by_age, to_hospital, practices])
    else:
        on_the_map()
if not present.on():
    place_profile.show(place, pcn_set)
