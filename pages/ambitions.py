"""The eight ambitions at a glance: headline measures, how they move, and what stands between them and the target."""

import streamlit as st

from pages.components.frame import address, page
from pages.components.frame.show import show
from pages.figures import ambitions as figures

page.start("ambitions", lead=False)
address.heed("show", figures.LABELS, "a state")
state = st.pills(
    "Show",
    list(figures.LABELS),
    format_func=figures.LABELS.get,
    default="all",
    required=True,
    key="show",
    bind="query-params",
    label_visibility="collapsed",
)
show(*figures.overview(figures.OverviewView(state)))
page.standfirst("ambitions")
