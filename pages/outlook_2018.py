"""The outlook of 2018 against what happened: eight figures, one by one."""

import streamlit as st

from pages.components.frame import page, stage
from pages.figures import outlook as figures


def each() -> None:
    """Every figure of the outlook in words."""
    page.heading(figures.texts()["each"]["title"], 2)
    for title, text, dataset in figures.cards():
        with st.container(border=True):
            page.heading(title, 3)
            st.markdown(text)
            st.caption(dataset)


stage.open("outlook_2018", figures.View, title="The outlook of 2018", background=each)
