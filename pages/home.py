"""Home: what this is, the area on a map, the eight ambitions at a glance, where to start."""

import streamlit as st

from ics_core import catalogue, geography, words
from pages.components.frame import page
from pages.components.frame.show import show
from pages.figures import home as figures

page.start("home")
with st.container(horizontal=True, gap="medium"):
    for label, icon, path in catalogue.toml("text/home")["start"]:
        with st.container(width=250):
            page.link(path, label, icon)

with st.container(horizontal=True, gap="small"):
    for fact in geography.facts().itertuples():
        with st.container(width=152):
            st.metric(fact.fact, words.number(fact.value))
            st.caption(f"{words.day(fact.as_at)}: {fact.basis}")

view = figures.View()
show(*figures.at_a_glance(view))
show(*figures.area(view))
