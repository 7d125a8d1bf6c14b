"""Population: how many people of what age will live where, as the levers are moved."""

import streamlit as st

from ics_core import population
from pages.components.frame import address, page
from pages.components.frame import stage as present
from pages.components.instant import channel as instant
from pages.components.scenario import bar as scenario_bar
from pages.components.scenario import levers
from pages.figures import population as figures

answer = st.container()  # drawn last, stands first: the big numbers follow the levers too
bar = scenario_bar.show(groups=("population",))

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    codes = list(population.places()["place_code"])
    address.heed("place", {code: figures.place_name(code) for code in codes}, "a place")
    place = st.selectbox(
        "Place",
        codes,
        format_func=figures.place_name,
        key="place",
        bind="query-params",
        persist_state="session",
        width=320,
    )
    address.heed("ages", {one: figures.age_name(one) for one in figures.AGES}, "an age group")
    ages = st.segmented_control(
        "Ages",
        figures.AGES,
        default=figures.AGES[0],
        required=True,
        format_func=figures.age_name,
        key="ages",
        bind="query-params",
        persist_state="session",
    )
view = figures.View(bar, place, ages)
instant.listen(figures.question(view))


def over_time() -> None:
    figures.over_time(view)


def pyramid() -> None:
    figures.pyramid(view)


def drivers() -> None:
    figures.drivers(view)


def older() -> None:
    figures.older(view)


def dependency() -> None:
    figures.dependency(view)


def growth() -> None:
    figures.growth(view)


def likelihood() -> None:
    figures.likelihood(view)


def record() -> None:
    figures.record(view)


present.figures([over_time, pyramid, drivers, older, dependency, growth, likelihood, record], bar)

with answer:
    page.start("population", year=view.years[1])
    if not present.on():
        levers.live("headline", lambda: figures.headline(view))
