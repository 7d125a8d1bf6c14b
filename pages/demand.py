"""Demand: what the people of tomorrow ask of services, how many live with a condition, and what drives it."""

import streamlit as st

from ics_core import demand, population
from pages.components.frame import address, page
from pages.components.frame import stage as present
from pages.components.instant import channel as instant
from pages.components.scenario import bar as scenario_bar
from pages.components.scenario import levers
from pages.figures import demand as figures
from pages.figures.population import place_name

answer = st.container()  # drawn last, stands first: the big numbers follow the levers too
bar = scenario_bar.show(groups=("population", "trends", "prevention", "care"))

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    measures = {measure_id: figures.measure_name(measure_id) for measure_id in demand.measures()}
    places = {code: place_name(code) for code in population.places()["place_code"]}
    address.heed("service", measures, "a service or condition")
    address.heed("place", places, "a place")
    keeps = {"bind": "query-params", "persist_state": "session"}
    measure = st.selectbox(
        "Service or condition", list(measures), format_func=measures.get, key="service", width=360, **keeps
    )
    place = st.selectbox("Place", list(places), format_func=places.get, key="place", width=320, **keeps)
view = figures.View(bar, measure, place)
instant.listen(figures.question(view))


def over_time() -> None:
    figures.over_time(view)


def drivers() -> None:
    figures.drivers(view)


def by_age() -> None:
    figures.ages(view)


def hold_level() -> None:
    figures.hold_level(view)


def capacity() -> None:
    figures.capacity(view)


def overview() -> None:
    figures.overview(view)


def likelihood() -> None:
    figures.likelihood(view)


def rates() -> None:
    figures.rates(view)


def start() -> None:
    figures.levels(view)


def effects() -> None:
    figures.effects(view)


present.figures([over_time, drivers, by_age, hold_level, capacity, overview, likelihood, rates, start, effects], bar)

with answer:
    page.start("demand", year=view.last)
    if not present.on():
        levers.live("headline", lambda: figures.headline(view))
