"""The frame around every page: bar, title and standfirst at the top, footer."""

from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitPageNotFoundError

from ics_core import catalogue, words
from pages.components import seams
from pages.components.charts import theme
from pages.components.frame import mode, problems, search
from pages.components.scenario import bar as scenario
from pages.components.served import part

STYLE = Path(__file__).with_name("page.css")
theme.follow(seams.dark)
READING_WIDTH = 760  # pixels; longer lines of prose are tiring to read


def start(name: str, moved_by: str = "", lead: bool = True, **values: object) -> None:
    """Open a page: its title and standfirst, with ``values`` filled in; for ``moved_by`` see ``heading``.

    Without ``lead`` the standfirst is left for ``standfirst``, after the first picture.

    In present mode the figures stand alone, without either.
    """
    if mode.presenting():
        return
    entry = catalogue.toml("text/pages")[name]
    heading(entry["title"].format(**values), 1, moved_by)
    if lead:
        standfirst(name, **values)


def standfirst(name: str, **values: object) -> None:
    """What a page is about, with ``values`` filled in; nothing in present mode."""
    said = catalogue.toml("text/pages")[name].get("standfirst")
    if said and not mode.presenting():
        with st.container(width=READING_WIDTH):
            st.markdown(said.format(**values))


def line(name: str = "line") -> DeltaGenerator:
    """The choices of a page in one line, which a narrow window scrolls sideways; ``name`` tells two lines apart."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key=name)


def first_screen() -> DeltaGenerator:
    """What a page to read says and shows first, close together, so that its first picture stands in the window."""
    return st.container(gap="xxsmall", key="first")


def heading(words: str, level: int, moved_by: str = "") -> None:
    """A heading of level 1, 2 or 3, which looks as ``st.title``, ``st.header`` or ``st.subheader`` would.

    The browser draws those three anew each time anything on the page moves, and Markdown only when its words change.
    Its address within the page (``#words-of-the-heading``) is made from its words. ``moved_by`` is the name under
    which an instant answer gives it other words.
    """
    with st.container(key=f"instant-{moved_by}") if moved_by else nullcontext():
        st.markdown(f"{'#' * level} {words}")


def style() -> None:
    """What every page looks like, in the colours of its theme."""
    colours = theme.palette()
    st.html(f"<style>:root {{ --ground: {colours.ground}; --rule: {colours.rule}; --muted: {colours.muted}; }}</style>")
    st.html(STYLE)


def bar(pages: dict[str, list[st.Page]], current: st.Page) -> None:
    """The slim bar over every page: the name, the way to every page, sharing, present mode."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="bar"):
        st.page_link(pages[""][0], label=_frame()["name"], icon=":material/home:")
        st.html(f'<p class="unofficial">{_frame()["short"]}</p>')
        _menu(pages, current)
        search.box(current)
        scenario.share()
        mode.switch()
    with st.container(key="hands"):
        part("hands", STYLE.parent)(key="hands-and-ears")
        part("line", STYLE.parent)(key="server-line", data=_frame()["line"])


def _menu(pages: dict[str, list[st.Page]], current: st.Page) -> None:
    @st.fragment(key="menu")
    @problems.part
    def menu() -> None:
        # Sent only when it is opened; a key of its own on each page closes it behind the reader who chose from it.
        box = st.popover(
            "Menu", icon=":material/menu:", type="tertiary", on_change="rerun", key=f"menu-{current.url_path}"
        )
        if box.open:
            with box, st.container(key="menu"):
                for section, entries in pages.items():
                    if section:
                        st.markdown(f"**{section}**")
                    for entry in entries:
                        st.page_link(entry)

    menu()


def _frame() -> dict[str, str]:
    return catalogue.toml("text/pages")["frame"]


def footer() -> None:
    """Whose footprint this is and when; how old the data are, under what licence, and where to read more."""
    st.divider()
    st.caption(_frame()["status"])
    told = {"release": catalogue.release(), "released": words.day(catalogue.released()), "privacy": privacy("line")}
    st.caption(_frame()["footer"].format(**told))


def privacy(part: str) -> str:
    """What becomes of what a reader does, where this app runs: ``part`` "line" or "text"."""
    return catalogue.toml("text/pages")["privacy"]["local" if runs_here(st.context.url) else "hosted"][part]


def runs_here(address: str | None) -> bool:
    """Whether the app is served from the reader's own machine; unknown, it is taken not to be."""
    return urlsplit(address or "").hostname in ("localhost", "127.0.0.1", "::1")


def link(path: str | st.Page, label: str, icon: str | None = None, **query: str) -> None:
    """A link to another page; where that page is not listed, its label alone."""
    try:
        st.page_link(path, label=label, icon=icon, query_params=query or None)
    except StreamlitPageNotFoundError:
        st.markdown(label)
