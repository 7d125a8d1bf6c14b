"""Our places: a measure on the map, the services over it, and a profile of any place."""

import streamlit as st

from ics_core import catalogue, geography
from pages.components.frame import address, numbers, page
from pages.components.frame import stage as present
from pages.components.frame.show import show
from pages.components.lists import hospitals
from pages.components.map import services
from pages.figures import places as figures

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
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        measures = figures.labels()
        address.heed("measure", measures, "a measure")
        measure = st.selectbox(
            "Show", list(measures), format_func=measures.get, key="measure", bind="query-params", width=400
        )
        levels = figures.levels(measure)
        address.heed("level", services.LEVELS, "a level")
        if st.session_state.get("level") not in (None, *levels):
            st.session_state["level"] = levels[0]
        level = st.radio(
            "By", levels, format_func=services.LEVELS.get, key="level", bind="query-params", horizontal=True
        )
    ages = figures.View.ages
    if measure == "age_band":
        ages = st.slider("Ages (90 is 90 and over)", 0, 90, ages, key="ages", bind="query-params")
    with st.container() if present.on() else st.expander(text["more"]):
        address.heed("over", services.OVER, "a layer")
        over = st.pills(
            "Also on the map",
            list(services.OVER),
            format_func=services.OVER.get,
            selection_mode="multi",
            default=list(figures.View.over),
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
    labels = geography.directory(pcn_set).set_index("code")["label"].to_dict()
    address.heed("place", labels, "a place")
    code = st.selectbox(
        text["find"],
        list(labels),
        format_func=labels.get,
        key="place",
        bind="query-params",
        help=text["kinds"].format(**sizes),
        width=640,
    )
    view = figures.View(measure, level, ages, tuple(over), pcn_set, code, alone=present.on())
    place = figures.profile(code, pcn_set)
    if not present.on():
        numbers.show(
            f"{geography.LEVELS[place.level]}, {place.basis}",
            [(number.label, number.value, number.note) for number in figures.headline(view)],
            "place",
        )
        st.markdown(f"[Everything about {place.name}](#profile)")


def on_the_map() -> None:
    if st.session_state["place"] != code:  # clicked in present mode, where the map runs apart from the page
        st.rerun()
    show(*figures.on_the_map(view))


def in_numbers() -> None:
    figure, picture = figures.compared(view)
    show(figure, picture, 2 if present.on() else 3)
    for caution in figures.cautions(view):
        st.caption(caution)


def by_age() -> None:
    show(*figures.ages(view), 2 if present.on() else 3)


def to_hospital() -> None:
    show(*figures.hospitals(view), 2 if present.on() else 3)


def practices() -> None:
    show(*figures.practices(view), 2 if present.on() else 3)


if present.on():
    with picture:
        present.figures([on_the_map, in_numbers, by_age, to_hospital, practices])
else:
    with picture:
        on_the_map()
        if "hospitals" in over:
            hospitals.show()
            sites = geography.hospitals(shown=False)
            hidden = sites.loc[sites["show_as"] != "open", "name"]
            st.caption(text["sites"].format(hidden=len(hidden), known=len(sites), names=", ".join(hidden)))
    st.html('<span id="profile"></span>')
    page.heading(place.name, 2)
    st.caption(" · ".join([geography.LEVELS[place.level], *place.within]) + f". Figures are of {place.basis}.")
    left, right = st.columns([3, 2], gap="large")
    with left:
        in_numbers()
        practices()
    with right:
        by_age()
        to_hospital()
    st.markdown("\n".join(f"- {note}" for note in place.notes))
