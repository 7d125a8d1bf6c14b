"""Population: how many people of what age will live where, as the levers are moved."""

import streamlit as st

from pages.components.frame import address, numbers, page
from pages.components.frame import stage as present
from pages.components.frame.show import show
from pages.components.scenario import bar as scenario_bar
from pages.components.scenario import levers
from pages.figures import population as figures

answer = st.container()  # drawn last, stands first: the big numbers follow the levers too
bar = scenario_bar.show(groups=("population",))

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    address.heed("place", figures.place_names(), "a place")
    place = st.selectbox(
        "Place",
        list(figures.place_names()),
        format_func=figures.place_name,
        key="place",
        bind="query-params",
        persist_state="session",
        width=320,
    )
    address.heed("ages", figures.age_names(), "an age group")
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


def view(**more: object) -> figures.View:
    """What the reader looks at now, while levers move too."""
    return figures.View(**bar.moved(), place=place, ages=ages, **more)


def over_time() -> None:
    show(*figures.over_time(view()))


def pyramid() -> None:
    base, last = view().years
    year = levers.number("year", "Year in front", base, last, 1, "", last, grouped=False)
    show(*figures.pyramid(view(year=int(year))))


def drivers() -> None:
    show(*figures.drivers(view()))


def older() -> None:
    show(*figures.older(view()))


def dependency() -> None:
    show(*figures.dependency(view()))


def growth() -> None:
    kind = st.segmented_control(
        "Places",
        list(figures.KINDS),
        default="district",
        format_func=figures.KINDS.get,
        required=True,
        key="places",
        bind="query-params",
    )
    show(*figures.growth(view(places=kind)))


def likelihood() -> None:
    first, last, middle = view().span
    year = levers.number("range_year", "Year", first, last, 1, "", middle, grouped=False)
    show(*figures.likelihood(view(range_year=int(year))))


def record() -> None:
    show(*figures.record(view()))


def headline() -> None:
    results = figures.headline(view())
    numbers.show("", [(one.label, one.value, f"{one.note} {one.change}".strip()) for one in results], "headline")


present.figures([over_time, pyramid, drivers, older, dependency, growth, likelihood, record], bar)

with answer:
    page.start("population", year=view().years[1])
    if not present.on():
        levers.live("headline", headline)
