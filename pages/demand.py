"""Demand: what people of this area ask of services, how many live with a condition, and what drives it."""

from dataclasses import replace

import streamlit as st

from pages.components.frame import address, stage
from pages.components.scenario import bar as scenario_bar
from pages.components.scenario import levers
from pages.figures import demand as figures
from pages.figures.population import place_names

bar = scenario_bar.show(groups=("population", "trends", "prevention", "care"))


def choose() -> None:
    measures, places = figures.measure_names(), place_names()
    address.heed("service", measures, "a service or condition")
    address.heed("place", places, "a place")
    keeps = {"bind": "query-params", "persist_state": "session", "label_visibility": "collapsed"}
    st.selectbox("Service or condition", list(measures), format_func=measures.get, key="service", width=250, **keeps)
    st.selectbox("Place", list(places), format_func=places.get, key="place", width=190, **keeps)


def view() -> figures.View:
    """What the reader looks at now, while levers move too."""
    chosen = {key: st.session_state[key] for key in ("service", "place") if key in st.session_state}
    seen = figures.View(**bar.moved(), **chosen)
    return replace(seen, range_year=int(levers.number_now("range_year", *seen.span)))


def range_year() -> None:
    first, last, middle = view().span
    levers.number("range_year", "Year", first, last, 1, "", middle, grouped=False)


stage.open(
    "demand",
    view,
    title="Demand",
    choose=choose,
    groups=bar.groups,
    controls={"likelihood": range_year},
    background=lambda: st.markdown(figures.care(view())),
)
