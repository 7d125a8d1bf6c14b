"""How far to an acute hospital: a slider of minutes, hospitals switched off, and who is affected."""

import streamlit as st

from ics_core import geography
from pages.components.frame import address, stage
from pages.components.scenario import levers
from pages.figures import travel as figures

text, hospitals = figures.text(), figures.hospitals()


def view() -> figures.View:
    """What the reader asks now."""
    # In the first run of a deep link the controls that read the address are still to come.
    first, _ = figures.View.from_query(st.query_params.to_dict() | {"off": st.query_params.get_all("off")})
    return figures.View(
        tuple(st.session_state.get("off", first.off) or ()),
        bool(st.session_state.get("border", first.border)),
        int(levers.number_now("minutes", figures.LEAST, figures.MOST, 30)),
    )


def beside() -> None:
    """The minutes, and which hospitals count."""
    levers.number("minutes", "Further than", figures.LEAST, figures.MOST, 1, "minutes by car", 30)
    address.heed("off", hospitals, "a hospital")
    off = st.pills(
        "Switch off",
        list(hospitals),
        format_func=hospitals.get,
        selection_mode="multi",
        key="off",
        bind="query-params",
    )
    st.toggle(
        "Count hospitals over the border",
        value=True,
        key="border",
        bind="query-params",
        help=", ".join(geography.acute_hospitals().set_index("id")["name"][list(geography.OVER_BORDER)]) + ".",
    )
    if view().alone:
        st.warning(text["alone"], icon=":material/info:")
    if off:
        st.caption(text["switched_off"].format(names=" and ".join(hospitals[one] for one in off)))


stage.open("travel", view, title="Getting to hospital", beside=beside)
