"""The pages there are, by the path of their address: for links to what a search or a running order names."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

_KEY = "pages-by-path"


def know(pages: Mapping[str, list[st.Page]]) -> None:
    """Remember the pages of this run."""
    st.session_state[_KEY] = {entry.url_path: entry for entries in pages.values() for entry in entries}


def here() -> str:
    """The path of the page in the address ("" for Home), whatever path the app itself is served under."""
    under = st.get_option("server.baseUrlPath").strip("/")
    return urlsplit(st.context.url or "").path.strip("/").removeprefix(under).strip("/")


def get(path: str) -> st.Page | None:
    """The page with that path ("" for Home), or None."""
    return st.session_state.get(_KEY, {}).get(path)
