"""Demand: what people of this area ask of services, how many live with a condition, and what drives it."""

import streamlit as st

from pages.components.frame import address, page
from pages.components.frame import old_numbers as numbers
from pages.components.frame import old_stage as present
from pages.components.frame.show import show
from pages.components.scenario import bar as scenario_bar
from pages.components.scenario import levers
from pages.figures import demand as figures
from pages.figures.population import place_names

answer = st.container()  # drawn last, stands first: the big numbers follow the levers too
bar = scenario_bar.show(groups=("population", "trends", "prevention", "care"))

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    measures, places = figures.measure_names(), place_names()
    address.heed("service", measures, "a service or condition")
    address.heed("place", places, "a place")
    keeps = {"bind": "query-params", "persist_state": "session"}
    service = st.selectbox(
        "Service or condition", list(measures), format_func=measures.get, key="service", width=360, **keeps
    )
    place = st.selectbox("Place", list(places), format_func=places.get, key="place", width=320, **keeps)


def view(**more: object) -> figures.View:
    """What the reader looks at now, while levers move too."""
    return figures.View(**bar.moved(), service=service, place=place, **more)


def over_time() -> None:
    show(*figures.over_time(view()))


def drivers() -> None:
    show(*figures.drivers(view()))


def by_age() -> None:
    show(*figures.ages(view()))


def hold_level() -> None:
    show(*figures.hold_level(view()))


def capacity() -> None:
    show(*figures.capacity(view()))


def overview() -> None:
    show(*figures.overview(view()))


def likelihood() -> None:
    first, last, middle = view().span
    year = levers.number("range_year", "Year", first, last, 1, "", middle, grouped=False)
    show(*figures.likelihood(view(range_year=int(year))))


def rates() -> None:
    show(*figures.rates(view()))


def start() -> None:
    show(*figures.levels(view()))


def effects() -> None:
    show(*figures.effects(view()))


def headline() -> None:
    results = figures.headline(view())
    numbers.show("", [(one.label, one.value, f"{one.note} {one.change}".strip()) for one in results], "headline")
    with st.container(width=page.READING_WIDTH):
        st.caption(figures.care(view()))


present.figures([over_time, drivers, by_age, hold_level, capacity, overview, likelihood, rates, start, effects], bar)

with answer:
    page.start("demand", year=view().last)
    if not present.on():
        levers.live("headline", headline)
