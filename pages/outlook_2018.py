"""The outlook of 2018 against what happened: eight figures, one by one."""

import streamlit as st

from pages.components.frame import page
from pages.components.frame.show import show
from pages.figures import outlook as figures

page.start("outlook_2018")
view = figures.View()
show(*figures.said_and_happened(view))
show(*figures.ae(view))
show(*figures.dementia(view))

page.heading(figures.texts()["each"]["title"], 2)
with st.container(horizontal=True, gap="medium"):
    for title, text, dataset in figures.cards():
        with st.container(border=True, width=620):
            page.heading(title, 3)
            st.markdown(text)
            st.caption(dataset)
