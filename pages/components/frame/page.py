"""The frame around every page: title and standfirst at the top, status and footer."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError
from streamlit.runtime.pages_manager import PagesManager

from ics_core import catalogue, words
from ics_core.catalogue import CatalogueError
from pages.components.charts import theme
from pages.components.frame import presenting

_STYLE = Path(__file__).with_name("page.css")
theme.follow(lambda: st.context.theme.type == "dark")
READING_WIDTH = 760  # pixels; longer lines of prose are tiring to read


def start(name: str, moved_by: str = "", **values: object) -> None:
    """Open a page: its title and standfirst, with ``values`` filled in; for ``moved_by`` see ``heading``.

    In present mode the figures stand alone, without either.
    """
    enter_by_the_front_door()
    st.html(_STYLE)
    if presenting.on():
        return
    entry = catalogue.toml("text/pages")[name]
    heading(entry["title"].format(**values), 1, moved_by)
    if entry.get("standfirst"):
        with st.container(width=READING_WIDTH):
            st.markdown(entry["standfirst"].format(**values))


def heading(words: str, level: int, moved_by: str = "") -> None:
    """A heading of level 1, 2 or 3, which looks as ``st.title``, ``st.header`` or ``st.subheader`` would.

    The browser draws those three anew each time anything on the page moves, and Markdown only when its words change.
    Its address within the page (``#words-of-the-heading``) is made from its words. ``moved_by`` is the name under
    which an instant answer gives it other words.
    """
    with st.container(key=f"instant-{moved_by}") if moved_by else nullcontext():
        st.markdown(f"{'#' * level} {words}")


def enter_by_the_front_door() -> None:
    """Load the address again if it is a deep link and the very first visit to a fresh server.

    Until ``st.navigation`` has run once, Streamlit takes each file in ``pages/`` for a page of its own making:
    it would show the file without ``app.py`` around it, or say that there is no page of that name.
    """
    path = urlsplit(st.context.url or "").path
    if PagesManager.uses_pages_directory and path.strip("/"):
        PagesManager.uses_pages_directory = False
        # By now the browser may have been told to go home: name the address it came for. Both parts are percent-encoded, so no quote can end the string.
        wanted = "/" + quote(path.lstrip("/"), safe="/%") + "?" + urlencode(st.query_params.to_dict())
        st.html(f"<script>window.location.replace('{wanted}')</script>", unsafe_allow_javascript=True)
        st.stop()


@contextmanager
def problems_in_words() -> Iterator[None]:
    """Say what is wrong with a missing or damaged data file, and how to mend it, in place of the page that needs it."""
    try:
        yield
    except CatalogueError as problem:
        st.error(f"This page cannot be shown. {problem} The other pages still work.", icon=":material/error:")


def menu(pages: dict[str, list[st.Page]], current: st.Page) -> None:
    """The way to every page: a link for each page without a section, a menu for each section.

    Streamlit's own menu on a phone nests its lists in a way that screen readers trip over.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="menu"):
        for section, entries in pages.items():
            # A key of its own on each page, so that a menu closes behind the reader who chose from it.
            with (
                st.popover(section, type="tertiary", key=f"menu-{section}-{current.url_path}")
                if section
                else st.container(width="content")
            ):
                for entry in entries:
                    st.page_link(entry)


def status() -> None:
    """One line on every page: unofficial, and whose footprint, when."""
    st.caption(catalogue.toml("text/pages")["frame"]["status"])


def footer() -> None:
    """How old the data are, under what licence, and where to read more."""
    st.divider()
    st.caption(
        catalogue.toml("text/pages")["frame"]["footer"].format(
            release=catalogue.release(), released=words.day(catalogue.released())
        )
    )


def link(path: str | st.Page, label: str, icon: str | None = None, **query: str) -> None:
    """A link to another page; where that page is not listed, its label alone."""
    try:
        st.page_link(path, label=label, icon=icon, query_params=query or None)
    except StreamlitPageNotFoundError:
        st.markdown(label)
