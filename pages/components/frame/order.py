"""A running order in play: which step, whether its figure has been revealed; and the reader's own, in the making."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from ics_core import catalogue
from ics_core.errors import RegisterError
from ics_core.running_order import RunningOrder, Step, from_link
from pages.components import seams
from pages.components.frame import pages_by_path

_PLAYING, _AT, _REVEALED, _GO, _OWN = "order-playing", "order-at", "order-revealed", "order-go", "order-own"
LINK = "steps"  # parameter of the address of the page of running orders


def own() -> RunningOrder:
    """The reader's own running order, in the making."""
    return st.session_state.get(_OWN) or RunningOrder(catalogue.toml("text/pages")["running_order"]["own"])


def take(order: RunningOrder) -> None:
    """Make ``order`` the reader's own."""
    st.session_state[_OWN] = order


def add_this_view() -> None:
    """A button that adds the view on the screen to the reader's own running order."""
    text = catalogue.toml("text/pages")["running_order"]
    if st.button(text["add"], icon=":material/playlist_add:", key="order-add"):
        query = {key: value for key, value in st.query_params.to_dict().items() if key not in ("present", "read")}
        figure = query.pop("figure", "")
        try:
            take(own().with_step(Step(pages_by_path.here(), figure, urlencode(query))))
            st.caption(text["added"].format(count=len(own().step)))
        except RegisterError as problem:
            st.error(str(problem))


def playing() -> RunningOrder | None:
    """The running order in play, or None."""
    return st.session_state.get(_PLAYING)


def play(order: RunningOrder) -> None:
    """Begin with its first step."""
    st.session_state[_PLAYING] = order
    _to(0)


def stop() -> None:
    """Leave the running order where it is."""
    for key in (_PLAYING, _AT, _REVEALED, _GO):
        st.session_state.pop(key, None)


def step() -> Step | None:
    """The step that is on, or None where nothing is in play."""
    order = playing()
    return order.step[st.session_state[_AT]] if order else None


def hidden() -> bool:
    """Whether the figure waits behind its question."""
    now = step()
    return bool(now and now.question and not st.session_state[_REVEALED])


def forward() -> None:
    """Reveal the figure, or go to the next step."""
    if hidden():
        st.session_state[_REVEALED] = True
    elif st.session_state[_AT] + 1 < len(playing().step):
        _to(st.session_state[_AT] + 1)


def back() -> None:
    """To the question of this step, or to the step before, its figure shown."""
    if step().question and not hidden():
        st.session_state[_REVEALED] = False
    elif st.session_state[_AT]:
        _to(st.session_state[_AT] - 1)
        st.session_state[_REVEALED] = True


def _to(place: int) -> None:
    st.session_state[_AT] = place
    st.session_state[_REVEALED] = False
    st.session_state[_GO] = True


def follow() -> None:
    """Open the page of the step, where the running order has moved on; call before the page runs."""
    if st.session_state.pop(_GO, False):
        now = step()
        page = pages_by_path.get(now.page)
        if page is None:
            st.warning(f"This running order asks for a page that is not here: `{now.page}`. Its step is left out.")
        else:
            for key in seams.release_address():
                st.session_state.pop(key, None)  # what the step asks for is in its address
            st.switch_page(page, query_params=now.query() | {"present": "true"})


def question() -> str:
    """The question of the step, and what people tend to say, as HTML for the stage."""
    now, text = step(), catalogue.toml("text/pages")["running_order"]
    hint = f"<p>{escape(text['reveal'])}</p>"
    return f"<h2>{escape(now.question)}</h2>{hint}"


def where() -> None:
    """Which step of how many, with buttons for those who have no keys at hand."""
    order, text = playing(), catalogue.toml("text/pages")["running_order"]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="order"):
        if st.button("Back", icon=":material/arrow_back:", type="tertiary", key="order-back", on_click=back):
            st.rerun()
        st.html(f"<p>{escape(text['at'].format(at=st.session_state[_AT] + 1, count=len(order.step)))}</p>")
        label = text["show"] if hidden() else "Next"
        if st.button(label, icon=":material/arrow_forward:", type="tertiary", key="order-next", on_click=forward):
            st.rerun()
        if st.button("Stop", icon=":material/close:", type="tertiary", key="order-stop", on_click=stop):
            st.rerun()


def from_address() -> None:
    """Take over the steps of a link, once."""
    asked = st.query_params.get(LINK, "")
    if asked and st.session_state.get("order-link") != asked:
        st.session_state["order-link"] = asked
        found = from_link(asked)
        if found.step:
            take(found)
