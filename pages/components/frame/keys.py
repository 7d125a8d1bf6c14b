"""Keys of the stage, a presenter's clicker among them, and what only the browser knows: how wide its window is.

Single-key shortcuts can be switched off, never act in a text field, and a lever in focus keeps its own arrows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ics_core.scenario import Scenario
from pages.components import seams
from pages.components.frame import mode, order, problems
from pages.components.scenario import levers, store
from pages.components.served import part

FIGURE = "figure"  # parameter of the address: which figure is on the stage
_SHORTCUTS = "shortcuts"
_HEARD = "keys-heard"  # when the last key acted upon was pressed
_WIDE = "wide-window"
_HERE = Path(__file__).parent

HELP = {
    "Page Down, right arrow, space": "next figure",
    "Page Up, left arrow": "figure before",
    "Home, End": "first and last figure",
    "B or full stop": "blank the screen, and back",
    "H, held down": "how it would be with no lever moved",
    "R": "play the last change again, three times",
    "Z and Y": "undo and redo",
    "G": "all figures of the page",
    "?": "these keys",
}


def listen(names: Mapping[str, str], in_room: bool) -> None:
    """Let keys lead through the figures ``names`` (by id); ``in_room`` adds arrows, space and the letters."""

    def draw() -> None:
        pressed = part("keys", _HERE)(
            key="stage-keys",
            data={"room": in_room, "letters": st.session_state.get(_SHORTCUTS, True)},
            on_pressed_change=lambda: _hear(st.session_state["stage-keys"].get("pressed"), names),
            on_wide_change=lambda: _widen(st.session_state["stage-keys"].get("wide")),
        ).pressed
        if isinstance(pressed, Mapping) and pressed.get("at") != st.session_state.get(_HEARD):
            _hear(pressed, names)  # the first this visit hears of the page: nothing listened yet as the key was pressed

    st.fragment(problems.part(draw), key="stage-keys-fragment")()


def wide() -> bool:
    """Whether the window has room for two figures side by side: never in a room, where type grows with the window."""
    return bool(st.session_state.get(_WIDE)) and not mode.presenting()


def came_into_view(name: str) -> bool:
    """Whether the place where this is called has come near the window in this run."""
    return bool(part("near", _HERE)(key=f"near-{name}", on_seen_change=lambda: None).seen)


def turn() -> None:
    """Another figure comes on the stage: draw it, and nothing else of the page."""
    levers.redraw("head", "figures", "picture")


def _widen(is_wide: Any) -> None:
    st.session_state[_WIDE] = bool(is_wide)
    levers.redraw("picture")


def _hear(message: Any, names: Mapping[str, str]) -> None:
    if isinstance(message, Mapping):
        st.session_state[_HEARD] = message.get("at")
        _act(message, names)


def _act(message: Any, names: Mapping[str, str]) -> None:
    ids = tuple(names)
    asked = message.get("action") if isinstance(message, Mapping) else None
    if asked in ("next", "before") and order.playing():
        order.forward() if asked == "next" else order.back()
        st.rerun()
    elif asked in ("next", "before", "first", "last"):
        at = ids.index(now) if (now := st.session_state.get(FIGURE)) in ids else 0
        to = {"next": min(at + 1, len(ids) - 1), "before": max(at - 1, 0), "first": 0, "last": len(ids) - 1}[asked]
        if to != at:
            st.session_state[FIGURE] = ids[to]
            seams.write_address(FIGURE, names[ids[to]])
            turn()
    elif asked in _ACTIONS:
        _ACTIONS[asked]()
        if asked in ("undo", "redo"):
            st.rerun()
        levers.redraw()
    elif asked == "help":
        st.session_state["keys-help"] = True
        st.rerun()
    elif asked == "grid":
        st.session_state["keys-grid"] = True
        st.rerun()


_ACTIONS: dict[str, Callable[[], None]] = {
    "undo": store.undo,
    "redo": store.redo,
    "unmoved": lambda: store.follow(Scenario(basis=store.settled().basis)),
    "previous": lambda: store.follow(store.previous()),
    "now": lambda: store.follow(store.settled()),
}


def dialogs(names: Mapping[str, str]) -> None:
    """The keys, or all figures of the page, where a key asked for them; ``names``: what leads to each figure."""
    if st.session_state.pop("keys-help", False):
        _help()
    if st.session_state.pop("keys-grid", False):
        _grid(names)


@st.dialog("Keys")
def _help() -> None:
    st.markdown("\n".join(f"- **{key}**: {does}" for key, does in HELP.items()))
    st.toggle("Keys of one letter", key=_SHORTCUTS, value=True, persist_state="session")


@st.dialog("All figures of this page", width="large")
def _grid(names: Mapping[str, str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for id, name in names.items():
            if st.button(name, key=f"to-{id}", on_click=_go, args=(id,)):
                st.rerun()


def _go(id: str) -> None:
    st.session_state[FIGURE] = id
