"""The words of the field, explained to a neighbour."""

from contextlib import nullcontext

import streamlit as st

from ics_core import catalogue


def terms() -> dict[str, str]:
    """Each term with one plain sentence, in alphabetical order."""
    return dict(sorted(catalogue.toml("text/glossary").items(), key=lambda pair: pair[0].lower()))


def show() -> None:
    """All terms as a list that can be searched; the search is part of the address."""
    wanted = (
        st.text_input("Search the words", key="word", placeholder="for example ICB", bind="query-params")
        .strip()
        .lower()
    )
    found = {term: words for term, words in terms().items() if wanted in term.lower() or wanted in words.lower()}
    if not found:
        st.markdown("No word matches that. Clear the search to see them all.")
    with nullcontext() if wanted else st.expander(f"All {len(found)} words"):
        st.markdown("\n".join(f"- **{term}**: {words}" for term, words in found.items()))
