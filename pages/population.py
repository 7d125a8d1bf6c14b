"""Population: how many people of what age will live where, as the levers are moved."""

from dataclasses import replace

import streamlit as st

from pages.components.frame import address, stage
from pages.components.scenario import bar as scenario_bar
from pages.components.scenario import levers
from pages.figures import population as figures

bar = scenario_bar.show(groups=("population",))


def choose() -> None:
    address.heed("place", figures.place_names(), "a place")
    address.heed("ages", figures.age_names(), "an age group")
    keeps = {"bind": "query-params", "persist_state": "session", "label_visibility": "collapsed"}
    names = figures.place_names()
    st.selectbox("Place", list(names), format_func=names.get, key="place", width=230, **keeps)
    st.selectbox("Ages", figures.AGES, format_func=figures.age_name, key="ages", width=150, **keeps)


def view() -> figures.View:
    """What the reader looks at now, while levers move too."""
    chosen = {key: st.session_state[key] for key in ("place", "ages") if key in st.session_state}
    seen = figures.View(**bar.moved(), **chosen, places=st.session_state.get("places") or "district")
    base, last = seen.years
    return replace(
        seen,
        year=int(levers.number_now("year", base, last, last)),
        range_year=int(levers.number_now("range_year", *seen.span)),
    )


def year() -> None:
    base, last = view().years
    levers.number("year", "Year in front", base, last, 1, "", last, grouped=False)


def kinds() -> None:
    address.heed("places", figures.KINDS, "a type of place")
    st.segmented_control(
        "Places",
        list(figures.KINDS),
        default="district",
        format_func=figures.KINDS.get,
        required=True,
        key="places",
        bind="query-params",
        label_visibility="collapsed",
    )


def range_year() -> None:
    first, last, middle = view().span
    levers.number("range_year", "Year", first, last, 1, "", middle, grouped=False)


stage.open(
    "population",
    view,
    title="Population",
    choose=choose,
    groups=bar.groups,
    controls={"pyramid": year, "growth": kinds, "likelihood": range_year},
)
