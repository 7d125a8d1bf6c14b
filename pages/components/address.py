"""Choices in the address of a page: by code or by the words on the control, and kindly when unknown."""

from collections.abc import Mapping

import streamlit as st


def heed(key: str, words: Mapping[str, str], what: str, several: bool = False) -> None:
    """Call before a widget bound to ``?key=``, whose options are ``words``: code -> words on screen.

    Streamlit writes the words in the address; this lets a link hold the codes as well, and names
    what is unknown instead of passing over it in silence. ``several``: the widget holds a list.
    """
    asked = st.query_params.get_all(key)
    if all(text in words.values() for text in asked):
        return
    by_words = {text: code for code, text in words.items()}
    known = [text if text in words else by_words[text] for text in asked if text in words or text in by_words]
    del st.query_params[key]
    if known:
        st.session_state[key] = known if several else known[0]
    _say([text[:60] for text in asked if text not in words and text not in by_words], what)


def heed_number(key: str, low: int, high: int, what: str) -> None:
    """Call before a slider bound to ``?key=``: names a number that is not one, or out of range."""
    asked = st.query_params.get_all(key)
    if all(text.lstrip("-").isdecimal() and low <= int(text) <= high for text in asked):
        return
    del st.query_params[key]
    _say([f"{text[:60]} (it goes from {low} to {high})" for text in asked], what)


def _say(unknown: list[str], what: str) -> None:
    if unknown:
        # As code, so that nothing in the address can pass for a part of the page.
        names = ", ".join("`" + text.replace("`", "") + "`" for text in unknown)
        st.warning(f"The address asks for {what} that is not known here: {names}. It was left out.", icon=":material/wrong_location:")
