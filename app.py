"""Norfolk & Waveney ICS Explorer: table of contents and the frame around every page."""

import streamlit as st

from ics_core.catalogue import CatalogueError
from pages.components import page

st.set_page_config(page_title="Norfolk & Waveney ICS Explorer", page_icon=".streamlit/favicon.png", layout="wide")

HOME = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
PAGES = {
    "": [HOME],
    "Systems": [
        st.Page("pages/systems.py", title="The 42 systems", icon=":material/map:", url_path="systems"),
        st.Page("pages/system_profile.py", title="One system", icon=":material/domain:", url_path="system"),
        st.Page("pages/nearest_systems.py", title="Nearest systems", icon=":material/balance:", url_path="nearest-systems"),
        st.Page("pages/reshaped.py", title="How the NHS was reshaped", icon=":material/account_tree:", url_path="reshaped"),
    ],
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
