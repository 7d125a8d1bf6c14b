"""How far to an acute hospital: a slider of minutes, hospitals switched off, and who is affected."""

import streamlit as st

from ics_core import geography
from pages.components.frame import address, page
from pages.components.frame import old_numbers as numbers
from pages.components.frame import old_stage as present
from pages.components.frame.show import show
from pages.figures import travel as figures

text = figures.text()
page.start("travel")
hospitals = figures.hospitals()
answer = st.container()

# Hospitals to leave out. They stand after the answer, and change the whole page.
page.heading(text["what_if"], 3)
with st.container(border=True):
    address.heed("off", hospitals, "a hospital")
    off = st.pills(
        "Switch off",
        list(hospitals),
        format_func=hospitals.get,
        selection_mode="multi",
        key="off",
        bind="query-params",
    )
    border = st.toggle(
        "Count hospitals over the border",
        value=True,
        key="border",
        bind="query-params",
        help=", ".join(geography.acute_hospitals().set_index("id")["name"][list(geography.OVER_BORDER)]) + ".",
    )
    if figures.View(tuple(off), border).alone:
        st.warning(text["alone"], icon=":material/info:")
    if off:
        st.caption(text["switched_off"].format(names=" and ".join(hospitals[one] for one in off)))


def within_reach() -> None:
    """The slider and everything that follows it: a fragment, so that a step redraws nothing else."""
    controls, picture = st.columns([1, 3], gap="large")
    with controls:
        address.heed_number("minutes", figures.LEAST, figures.MOST, "a number of minutes")
        minutes = st.slider(
            "Minutes by car, further than", figures.LEAST, figures.MOST, 30, key="minutes", bind="query-params"
        )
        view = figures.View(tuple(off), border, minutes)
        numbers.show(
            "",
            [(one.label, one.value, f"{one.note} {one.change}".strip()) for one in figures.headline(view)],
            "headline",
        )
    with picture:
        show(*figures.beyond(view))


def by_minutes() -> None:
    show(*figures.by_minutes(figures.View(tuple(off), border)))


with answer:
    present.figures([within_reach, by_minutes] if present.on() else [within_reach])
if not present.on():
    by_minutes()
