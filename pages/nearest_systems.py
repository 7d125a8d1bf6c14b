"""Nearest systems: which are most like one, by characteristics the reader weighs."""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from ics_core import catalogue, systems
from pages.components.frame import choices, page
from pages.components.frame import stage as present
from pages.components.frame.show import show
from pages.components.scenario import levers
from pages.figures import systems as figures
from pages.figures.registry import Made

head = st.container()
code = choices.system()
with head:
    page.start("nearest_systems", place=systems.name(code), count=len(systems.names()))


def weigh() -> figures.NearestView:
    """The sliders: how many systems, and the weights."""
    st.markdown(catalogue.toml("text/pages")["nearest_systems"]["weights"])
    left, right = st.columns(2, gap="medium")
    with left:
        n = levers.number("neighbours", "How many systems", 1, 10, 1, "", 5, "The number of systems to list and mark.")
    weights = {}
    for place, row in enumerate(systems.characteristics().itertuples()):
        with right if place > 2 else left:
            weights[row.characteristic] = levers.number(
                f"weigh_{row.characteristic}", row.label, 0, 3, 0.1, "times", 1, row.purpose
            )
    return figures.NearestView(code, int(n), weights)


def weighed(view: figures.NearestView) -> bool:
    if not view.weighed:
        st.warning(
            "All weights are zero, so no system is nearer than another. Raise at least one of them.",
            icon=":material/balance:",
        )
    return view.weighed


@st.fragment
def explore() -> None:
    """Everything, drawn again on its own while a weight moves."""
    answer, sliders = st.columns(2, gap="large")
    with sliders:
        view = weigh()
    with answer:
        if not weighed(view):
            return
        show(*figures.nearest(view))
    left, right = st.columns([3, 2], gap="large")
    with left:
        show(*figures.alike(view))
    with right:
        show(*figures.where(view))


def beside_sliders(make: Callable[[figures.NearestView], Made]) -> Callable[[], None]:
    """One figure with the sliders that move it, for present mode."""

    @wraps(make)
    def both() -> None:
        answer, sliders = st.columns([3, 2], gap="large")
        with sliders:
            view = weigh()
        with answer:
            if weighed(view):
                show(*make(view))

    return both


if present.on():
    present.figures([beside_sliders(make) for make in (figures.nearest, figures.alike, figures.where)])
else:
    present.switch()
    explore()
