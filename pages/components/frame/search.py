"""One search on every page: a village, a practice, a measure, or what somebody wonders about."""

from __future__ import annotations

import streamlit as st

from ics_core import catalogue, profiles, search
from ics_core.errors import ExplorerError
from pages.components.frame import pages_by_path, problems


def box(current: st.Page) -> None:
    """The search in the bar: nothing of it is made before it is opened."""

    @st.fragment(key="search")
    @problems.part
    def opened() -> None:
        # A key of its own on each page closes it behind the reader who chose from it.
        key = f"search-{current.url_path}"
        found = st.popover("Search", icon=":material/search:", type="tertiary", on_change="rerun", key=key)
        if found.open:
            with found, st.container(key="search-box"):
                field("bar")

    opened()


def field(name: str) -> None:
    """The field to type in and what it finds, best first; a place answers at once. Draw it in a fragment."""
    text = catalogue.toml("text/pages")["search"]
    typed = st.text_input(
        text["label"], type="search", live=True, max_chars=80, placeholder=text["placeholder"], key=f"search-{name}"
    )
    if not typed.strip():
        return
    hits = search.find(typed)
    if not hits:
        st.markdown(text["nothing"])
        return
    best = hits[0]
    if best.kind in search.PLACES:
        _card(best)
    for hit in hits:
        target = pages_by_path.get(hit.path)
        if target is not None:
            label = f"{hit.name}: {hit.detail}" if hit.detail else hit.name
            st.page_link(target, label=label, query_params=dict(hit.query) or None)


def _card(hit: search.Hit) -> None:
    try:
        card = profiles.card(hit.code)
    except ExplorerError:
        return
    around = f" ({card.around})" if card.around not in ("", card.name) else ""
    st.markdown(f"**{card.name}**{around}\n\n" + "\n".join(f"- {sentence}" for sentence in card.sentences))
    st.caption(" ".join(card.notes))
