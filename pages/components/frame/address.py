"""Choices in the address of a page: by code or by the words on the control, and kindly when unknown.

A widget bound to the address takes its value from the address as it was when the run began, and
drops what it does not know. These functions stand before such a widget.
"""

from collections.abc import Mapping

import streamlit as st

from pages.components import seams
from pages.figures import choices

_PAGE, _NOTES = "address-page", "address-notes"
_OF_A_MAIL = "amp;"  # what is left of the first "&" of "&amp;" between two choices


def tidy() -> None:
    """Take "&amp;" between choices, as mail programs leave it, for "&"; call before a page reads its address."""
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    meant = {key.removeprefix(_OF_A_MAIL): texts for key, texts in asked.items()}
    if meant.keys() != asked.keys():
        st.query_params.from_dict(meant)
        st.rerun()


def enter(page: str) -> None:
    """Forget what was said of the address of the page before."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        _said().clear()


def _said() -> dict[str, tuple[list[str], object]]:
    """By key: notes on what the address asked for, and what was chosen as they were first shown."""
    return st.session_state.setdefault(_NOTES, {})


def heed(key: str, words: Mapping[str, str], what: str) -> None:
    """Let ``?key=`` hold what people send, and say what is unknown; ``words``: code -> words on screen.

    What the reader chose on another page stays where it is among ``words``, too.
    """
    _carry_over(key, words, what)
    asked = st.query_params.get_all(key)
    told = [choices.meant(key, text, words, what) for text in asked]
    known = [words[code] for code, _ in told if code is not None]
    if known != asked:
        seams.write_address(key, known)
        if known and key in st.session_state:  # a link within the visit: the control has a value already
            codes = [code for code, _ in told if code is not None]
            st.session_state[key] = codes if isinstance(st.session_state[key], list | tuple) else codes[0]
        _said()[key] = (choices.notes(told), None)
        st.rerun()
    notes, chosen = _said().get(key, ([], None))
    now = st.session_state.get(key)
    if chosen is not None and now != chosen:
        del _said()[key]  # the reader has chosen something else since
    elif notes:
        _said()[key] = (notes, now)
        for note in notes:
            st.warning(note, icon=":material/wrong_location:")


def _carry_over(key: str, words: Mapping[str, str], what: str) -> None:
    """What another page keeps under this key, as far as this one knows it: a control takes no other value."""
    held = st.session_state.get(key)
    if isinstance(held, list | tuple):
        kept = [one for one in held if one in words]
        if len(kept) < len(held):
            st.session_state[key] = kept
    elif held is not None and held not in words:
        code, _ = choices.meant(key, held, words, what)
        if code is None:
            del st.session_state[key]
        else:
            st.session_state[key] = code
