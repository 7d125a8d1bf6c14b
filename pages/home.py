"""Home: one sentence, the eight ambitions at a glance, the area on a map, where to start."""

import streamlit as st

from ics_core import catalogue, geography, words
from pages.components.frame import page
from pages.components.frame.show import show
from pages.figures import home as figures

page.start("home", lead=False)
st.markdown(catalogue.toml("text/home")["sentence"])
view = figures.View()
left, right = st.columns([13, 7], gap="medium")
with left:
    show(*figures.at_a_glance(view), 3)
with right:
    show(*figures.area(view), 3)

page.standfirst("home")
with st.container(horizontal=True, gap="medium"):
    for label, icon, path in catalogue.toml("text/home")["start"]:
        with st.container(width=250):
            page.link(path, label, icon)
with st.container(horizontal=True, gap="small"):
    for fact in geography.facts().itertuples():
        with st.container(width=152):
            st.metric(fact.fact, words.number(fact.value))
            st.caption(f"{words.day(fact.as_at)}: {fact.basis}")
