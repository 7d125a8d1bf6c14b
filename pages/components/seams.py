"""Every private call of Streamlit or Folium, in one place: what an upgrade may break, each with a test that says so."""

from __future__ import annotations

from streamlit.runtime.pages_manager import PagesManager


def only_listed_pages() -> None:
    """Let no file in ``pages/`` be a page of Streamlit's own making before ``st.navigation`` has run once.

    Else the first visit to a fresh server shows the list of files, and a deep link a page without its frame.
    """
    PagesManager.uses_pages_directory = False
