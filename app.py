"""Norfolk & Waveney ICS Explorer: table of contents and the frame around every page."""

import streamlit as st

from ics_core.catalogue import CatalogueError
from pages.components import page

st.set_page_config(page_title="Norfolk & Waveney ICS Explorer", page_icon=".streamlit/favicon.png", layout="wide")

HOME = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
PAGES = {
    "": [HOME],
    "About": [
        st.Page("pages/data.py", title="The data", icon=":material/database:", url_path="data"),
    ],
}

contents = st.navigation(PAGES, position="top")
try:
    page.status()
    contents.run()
    page.footer()
except CatalogueError as problem:
    st.error(f"This page cannot be shown. {problem} The other pages still work.", icon=":material/error:")
