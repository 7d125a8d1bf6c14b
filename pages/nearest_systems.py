"""Nearest systems: which are most like one, by characteristics the reader weighs."""

import streamlit as st

from ics_core import catalogue, systems
from pages.components.frame import choices, stage
from pages.components.scenario import levers
from pages.figures import systems as figures

text = catalogue.toml("text/pages")["nearest_systems"]


def weight(key: str) -> str:
    return f"weigh_{key}"


def view() -> figures.NearestView:
    """What the reader looks at now, while a weight moves too."""
    weights = {key: levers.number_now(weight(key), 0, 3, 1) for key in systems.default_weights()}
    if not any(weights.values()):  # said beside the picture
        weights = systems.default_weights()
    n = int(levers.number_now("neighbours", 1, 10, figures.NearestView.n))
    system = st.session_state.get("system", figures.NearestView.system)
    return figures.NearestView(system, n, tuple(weights.items()))


def weigh() -> None:
    """The sliders: how many systems, and what each characteristic weighs."""
    st.caption(text["weights"])
    words = "The number of systems to list and mark."
    levers.number("neighbours", "How many systems", 1, 10, 1, "", figures.NearestView.n, words)
    for row in systems.characteristics().itertuples():
        levers.number(weight(row.characteristic), row.label, 0, 3, 0.1, "times", 1, row.purpose)
    levers.live("weighed", weighed)


def weighed() -> None:
    """A word where nothing weighs anything."""
    if not any(levers.number_now(weight(key), 0, 3, 1) for key in systems.default_weights()):
        st.warning(text["none"], icon=":material/balance:")


stage.open(
    "nearest-systems",
    view,
    title=text["short"],
    choose=choices.system,
    beside=weigh,
    background=lambda: st.markdown(text["standfirst"].format(count=len(systems.names()))),
)
