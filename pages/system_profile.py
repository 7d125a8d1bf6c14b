"""One system: its profile, what the founding documents say of it, and up to four side by side."""

import streamlit as st

from ics_core import catalogue, systems
from pages.components.frame import choices, numbers, page, problems
from pages.components.frame.show import show
from pages.components.instant import channel as instant
from pages.components.lists.systems import button
from pages.figures import systems as figures


@st.fragment
@problems.part
def everything() -> None:
    """The whole page: choosing another system draws it again without the frame around it."""
    head = st.container()
    with page.line():
        view = figures.ProfileView(choices.system())
    about = {"place": view.name, "count": len(systems.names()), "most": systems.MOST_COMPARED}
    with head:
        page.start("system_profile", moved_by="title", lead=False, **about)
    numbers.show(figures.headline(view))
    chart, facts = st.columns([5, 3], gap="large")
    with chart:
        show(*figures.profile(view))
    with facts:
        page.standfirst("system_profile", **about)
        page.heading("Who and when", 2)
        st.markdown(figures.who_and_when(view))
        st.markdown(catalogue.toml("text/pages")["system_profile"]["documents"])
        show(*figures.documents(view))
    beside(view.system)


@st.fragment
@problems.part
def beside(code: str) -> None:
    """Up to four side by side."""
    asked = any(key.startswith("with") for key in st.query_params)
    with st.expander(catalogue.toml("text/pages")["system_profile"]["beside"], expanded=asked):
        picked = choices.beside(figures.choices_beside(), figures.MOST_BESIDE)
        show(*figures.compare(figures.ProfileView(code, tuple(picked))))


instant.ready("system")
instant.listen(
    "system",
    figures.ProfileView(),
    widgets=("system",),
    buttons={button(code): ("system", code) for code in systems.named_in_documents()},
)
everything()
