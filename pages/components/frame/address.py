"""Choices in the address of a page: by code or by the words on the control, and kindly when unknown.

A widget bound to the address takes its value from the address as it was when the run began, and
drops what it does not know. These functions stand before such a widget.
"""

from collections.abc import Mapping

import streamlit as st


def heed(key: str, words: Mapping[str, str], what: str) -> None:
    """Let ``?key=`` hold codes as well as words, and name what is unknown; ``words``: code -> words on screen."""
    asked = st.query_params.get_all(key)
    known = [words.get(text, text) for text in asked if text in words or text in words.values()]
    unknown = [text[:60] for text in asked if words.get(text, text) not in known]
    if known != asked:
        st.query_params[key] = known
        st.session_state[f"{key}-unknown"] = (unknown, None)
        st.rerun()
    unknown, chosen = st.session_state.get(f"{key}-unknown", ([], None))
    now = st.session_state.get(key)
    if chosen is not None and now != chosen:
        del st.session_state[f"{key}-unknown"]  # the reader has chosen something else since
    elif unknown:
        st.session_state[f"{key}-unknown"] = (unknown, now)
        # As code, so that nothing in the address can pass for a part of the page.
        names = ", ".join("`" + text.replace("`", "") + "`" for text in unknown)
        st.warning(
            f"The address asks for {what} that is not known here: {names}. It was left out.",
            icon=":material/wrong_location:",
        )
