"""Our places: a measure on the map, the services over it, and a profile of any place."""

import streamlit as st

from ics_core import catalogue, geography
from pages.components import address, figure, map, page, place_layers, place_profile, present

text = catalogue.toml("text/pages")["places"]
sizes = {plural: len(geography.places(level)) for plural, level in [("districts", "district"), ("localities", "locality"), ("networks", "pcn"), ("practices", "practice"), ("neighbourhoods", "msoa"), ("small_areas", "lsoa")]}
page.start("places", **sizes)
present.enlarge()

# What to show. On a phone these come after the map.
picture, controls = st.columns([3, 1], gap="large")
detail = st.container()
with controls:
    measures = {m.id: m.label for m in geography.measures().itertuples()}
    address.heed("measure", measures, "a measure")
    measure = st.selectbox("Show", list(measures), format_func=measures.get, key="measure", bind="query-params")
    about = geography.MEASURES[measure]
    levels = {level: place_layers.LEVELS[level] for level in place_layers.LEVELS if level in about.levels}
    address.heed("level", place_layers.LEVELS, "a level")
    if st.session_state.get("level") not in (None, *levels):
        st.session_state["level"] = next(iter(levels))
    level = st.radio("By", list(levels), format_func=levels.get, key="level", bind="query-params")
    ages = (65, 90)
    if measure == "age_band":
        ages = st.slider("Ages (90 is 90 and over)", 0, 90, ages, key="ages", bind="query-params")
    address.heed("over", place_layers.OVER, "a layer")
    over = st.pills("Also on the map", list(place_layers.OVER), format_func=place_layers.OVER.get, selection_mode="multi", default=["districts", "hospitals"], key="over", bind="query-params", wrap=True)
    address.heed("pcns", geography.PCN_SETS, "a set of networks")
    pcn_set = st.radio("Networks: which set", list(geography.PCN_SETS), format_func=geography.PCN_SETS.get, key="pcns", bind="query-params", help=text["sets"])
with detail:
    st.header(text["detail"], anchor="detail")
    place = place_profile.choose(pcn_set)

# The map, then the place.
frame = geography.measure(measure, level, ages=ages)
layers = [place_layers.shaded(measure, level, frame), *place_layers.over(over, level, pcn_set)]
found = geography.finding(measure, frame)
when = frame["period"].iloc[0]
wanted = f", ages={ages}" if measure == "age_band" else ""
aged = f" (aged {ages[0]} to {ages[1]}{' and over' if ages[1] == 90 else ''})" if measure == "age_band" else ""
with picture:
    figure.show(
        figure.Figure(
            id="places-map",
            title=found,
            subtitle=f"{about.label}{aged}, {levels[level].lower()}, {when}, resident population",
            table=frame,
            sources=(*about.sources, "lsoas_outlines", *(["practices"] if {"practices", "pcns"} & set(over) else []), *(["hospitals"] if "hospitals" in over else [])),
            method=text["method"]["map"].format(note=about.note),
            code=f'from ics_core import geography\ntable = geography.measure("{measure}", "{level}"{wanted})',
            alt=f"Map of Norfolk and Waveney by {levels[level].lower()}. {found}. Every value is in the table.",
            kind=about.kind,
            columns={"name": "Area", "value": f"{about.label}{f', {about.unit}' if about.unit else ''}", "period": "When"},
            still=lambda: map.still(layers),
        ),
        lambda: map.draw("places-map", layers, caption=f"Map: {found}.", height=560, selected=place, on_click=place_profile.pick),
    )
    if "hospitals" in over:
        sites = geography.hospitals(shown=False)
        hidden = sites.loc[sites["show_as"] != "open", "name"]
        st.caption(text["sites"].format(hidden=len(hidden), known=len(sites), names=", ".join(hidden)))

if not present.on():
    with detail:
        place_profile.show(geography.profile(place, pcn_set), pcn_set)
