"""Levers on screen: sliders that figures follow while the thumb moves, made from the register.

The browser's part is in ``lever.js``: a native range input. Each lever is a fragment of its own, and
so is each figure that follows the levers (``live``). While a thumb moves, only that lever and the
figures on the screen are drawn again; when it comes to rest, the whole page is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from ics_core import population, words
from ics_core import scenario as register
from ics_core.scenario import Lever, Scenario, ScenarioError
from pages.components.frame import problems
from pages.components.scenario import store
from pages.components.served import part

_LIVE = "live_figures"  # by name: what the drawing depends on, where that is known
_SHOWN = "live_shown"  # by name: what that was when it was drawn
EVERY = "analyst"  # whether the levers meant for analysts are shown, too
PICKED = "room_levers"  # in a room: the levers on the screen; in the address "levers"
_KEEP = "To compare: every chart then shows both this scenario, A, and the one you make next, with the difference."
_HEARD = "levers_heard"  # by lever: the number of the last message acted upon


# ------------------------------------------------------------------------------- levers of a scenario


def panel(groups: tuple[str, ...] | None = None, most: int = 0) -> None:
    """Sliders of the levers in ``groups`` (all if None), reading and writing the one scenario.

    The reader can ask for those meant for analysts; a lever that is moved is always shown. With ``most``
    there are at most so many: those the reader picked, else the first public ones.
    """
    scenario = store.current()
    chosen = [g for g in register.groups() if groups is None or g in groups]
    held = {g: [lever for lever in register.levers().values() if lever.group == g] for g in chosen}
    moved = dict(scenario.moved)
    if most:
        for lever in _picked([lever for found in held.values() for lever in found], moved, most):
            live_slider(lever)
        return
    every = st.session_state.get(EVERY, False)
    for group in chosen:
        shown = [lever for lever in held[group] if lever.public or every or lever.id in moved]
        if not shown:
            continue
        box = st.container(gap="xsmall", key=f"levers-{group}")
        if len(chosen) > 1:
            named = f"{register.groups()[group]} ({len(shown)})"
            box = st.expander(named, expanded=group == chosen[0] or any(lever.id in moved for lever in shown))
        with box:
            for lever in shown:
                live_slider(lever)
    if "population" in chosen:
        _basis(scenario)
        st.caption(population.start_words(scenario.basis))
    if any(not lever.public for found in held.values() for lever in found):
        st.toggle("All levers", key=EVERY, persist_state="session", help="Shows the levers meant for analysts as well.")


def _picked(held: list[Lever], moved: Mapping[str, float], most: int) -> list[Lever]:
    """At most ``most`` levers for a room: by the reader's choice, at first the moved ones, then the public ones."""
    by_id = {lever.id: lever for lever in held}
    first = sorted(held, key=lambda lever: (lever.id not in moved, not lever.public))[:most]
    asked = [one for one in st.query_params.get("levers", "").split(",") if one in by_id]
    st.session_state.setdefault(PICKED, (asked or [lever.id for lever in first])[:most])
    with st.popover(f"Which levers (at most {most})", icon=":material/tune:", type="tertiary"):
        picked = st.multiselect(
            f"Levers on the screen, at most {most}",
            list(by_id),
            format_func=lambda one: by_id[one].label,
            max_selections=most,
            key=PICKED,
            persist_state="session",
        )
    return [by_id[one] for one in picked if one in by_id]


def usable() -> tuple[bool, bool, bool, bool]:
    """Whether there is something to undo, to redo and to reset, and an A to drop."""
    return store.can_undo(), store.can_redo(), store.current() != Scenario(), store.pinned() is not None


def tools() -> None:
    """Undo, redo and reset of the one scenario, and A to compare with."""
    undo, redo, reset, drop = usable()
    buttons = (
        ("Undo", ":material/undo:", store.undo, not undo, "lever-undo", ""),
        ("Redo", ":material/redo:", store.redo, not redo, "lever-redo", ""),
        ("Reset all", ":material/restart_alt:", reset_all, not reset, "lever-reset", ""),
        ("Keep as A", ":material/push_pin:", store.pin, False, "scenario-pin", _KEEP)
        if not drop
        else ("Drop A", ":material/close:", store.unpin, False, "scenario-unpin", "Stop comparing with scenario A."),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lever-tools"):
        for label, icon, act, off, key, help in buttons:
            if st.button(label, icon=icon, disabled=off, key=key, type="tertiary", help=help or None):
                act()  # not as a callback: on a page the server has not run before, that would not be called
                st.rerun()


def live_slider(lever: Lever) -> float:
    """One lever of the scenario, as a fragment of its own. Returns its value now."""

    def draw() -> None:
        _mount(f"lever-{lever.id}", _spec(lever), store.current()[lever.id], lambda message: receive(lever, message))

    st.fragment(problems.part(draw), key=f"lever-{lever.id}")()
    return store.current()[lever.id]


def receive(lever: Lever, message: Mapping[str, Any]) -> None:
    """Act on what a slider sent: follow the thumb, or choose where it came to rest."""
    try:
        scenario = store.current().replace(**{lever.id: message.get("value")})
    except ScenarioError as problem:
        store.note(str(problem))
        return
    if message.get("final"):
        store.choose(scenario)
    else:
        store.follow(scenario)


def reset_all() -> None:
    """Every lever and the basis back to the official projection."""
    store.choose(Scenario())


def _basis(scenario: Scenario) -> None:
    key = "lever-basis"
    st.session_state[key] = scenario.basis
    st.radio(
        "Official projection to start from",
        list(register.BASES),
        format_func=register.BASES.get,
        key=key,
        on_change=lambda: store.choose(store.current().replace(basis=st.session_state[key])),
    )


# ------------------------------------------------------------------------- figures that follow levers


def live(
    name: str, draw: Callable[[], object], moves: bool = True, shows: Callable[[], Hashable] | None = None
) -> None:
    """Draw what follows the levers: ``draw`` reads the scenario itself, each time it runs.

    Without ``moves`` levers leave it as it is, and it is drawn again only by its name (``redraw``). With ``shows``,
    all that the drawing depends on, a lever has it drawn again only where that has changed since.
    """

    def part() -> None:
        if shows:
            st.session_state.setdefault(_SHOWN, {})[name] = shows()
        draw()

    if moves:
        st.session_state.setdefault(_LIVE, {})[name] = shows
    with st.container(key=f"live-{name}"):
        st.fragment(problems.part(part), key=f"live-{name}")()


def changed() -> list[str]:
    """The names of what follows the levers, without what would show just the same again."""
    known, shown = st.session_state.get(_LIVE, {}), st.session_state.get(_SHOWN, {})
    return [name for name, shows in known.items() if shows is None or shown.get(name) != shows()]


def forget_figures() -> None:
    """A page begins: no figure follows the levers yet."""
    st.session_state[_LIVE] = {}


# ------------------------------------------------------------------------------------- plain numbers


def number(
    key: str,
    label: str,
    low: float,
    high: float,
    step: float,
    unit: str,
    default: float,
    help: str = "",
    grouped: bool = True,
) -> float:
    """A slider for a plain number, kept in the address as ``key``: what follows the levers follows it, too.

    It keeps its value between pages. Values from the address that are no number or out of range are ignored.
    ``grouped``: thousands get a separator (not for years).
    """
    decimals = max(0, -math.floor(math.log10(step))) if step < 1 else 0
    name = f"number-{key}"
    value = number_now(key, low, high, default)
    asked = st.query_params.get(key)
    if asked is not None and _within(asked, low, high, None) is None:
        # What stands in the address is never other than what is shown. As code: it can pass for no part of the page.
        del st.query_params[key]
        st.session_state[f"{name}-address"] = None
        said = words.quoted(asked).strip('"').replace("`", "")
        scale = f"{words.number(low, decimals)} to {words.number(high, decimals)}" if grouped else f"{low} to {high}"
        st.warning(f"{label}: the address asks for `{said}`. It takes {scale}.", icon=":material/wrong_location:")

    def moved(message: Mapping[str, Any]) -> None:
        st.session_state[name] = value = round(
            _within(message.get("value"), low, high, st.session_state[name]), decimals
        )
        if message.get("final"):
            written = None if value == default else f"{value:.{decimals}f}"
            st.session_state[f"{name}-address"] = written
            if written is not None:
                st.query_params[key] = written
            elif key in st.query_params:
                del st.query_params[key]

    spec = {
        "id": key,
        "label": label,
        "purpose": help,
        "background": "",
        "source": "",
        "unit": unit,
        "default": default,
        "low": low,
        "high": high,
        "step": step,
        "decimals": decimals,
        "observed": None,
        "levels": [],
        "raised": "",
        "lowered": "",
        "grouped": grouped,
    }

    def draw() -> None:
        _mount(f"lever-number-{key}", spec, number_now(key, low, high, default), moved)

    st.fragment(problems.part(draw), key=f"lever-number-{key}")()
    return value


def number_now(key: str, low: float, high: float, default: float) -> float:
    """What ``number`` with this key would return, for words that stand above it."""
    name = f"number-{key}"
    asked = st.query_params.get(key)
    if name not in st.session_state or asked != st.session_state.get(f"{name}-address"):
        # New here, or the address was changed by someone else: a link, the back button.
        if name not in st.session_state or asked is not None:
            st.session_state[name] = _within(asked, low, high, st.session_state.get(name, default))
        st.session_state[f"{name}-address"] = asked
    st.session_state[name] = min(max(st.session_state[name], low), high)  # the range may have changed since
    return st.session_state[name]


def _within(value: Any, low: float, high: float, otherwise: float | None) -> float | None:
    found = words.read(value) if isinstance(value, str) else value
    return found if isinstance(found, int | float) and low <= found <= high else otherwise


# ------------------------------------------------------------------------------------ the component


def _spec(lever: Lever) -> dict[str, Any]:
    known = lever.observed_low is not None
    return {
        "id": lever.id,
        "label": lever.label,
        "purpose": lever.purpose,
        "background": lever.background,
        "source": lever.source,
        "unit": lever.unit,
        "default": lever.default,
        "low": lever.low,
        "high": lever.high,
        "step": lever.step,
        "decimals": lever.decimals,
        "observed": [lever.observed_low, lever.observed_high] if known else None,
        "levels": [list(level) for level in lever.levels],
        "raised": lever.raised,
        "lowered": lever.lowered,
        "grouped": True,
    }


def _mount(key: str, spec: dict[str, Any], value: float, moved: Callable[[Mapping[str, Any]], None]) -> None:
    heard = st.session_state.setdefault(_HEARD, {})

    def hear() -> None:
        message = st.session_state[key].get("moved")
        if isinstance(message, dict):
            take(message)
            _redraw(message, key)

    def take(message: Mapping[str, Any]) -> None:
        heard[key] = message.get("sent", 0)
        moved(message)

    mounted = part("lever", Path(__file__).parent)(
        key=key, data=spec | {"value": value, "heard": heard.get(key, 0)}, on_moved_change=hear
    )
    if isinstance(mounted.moved, dict) and heard.get(key) != mounted.moved.get("sent", 0):
        take(mounted.moved)  # the first this visit hears of the page: nothing listened yet as the lever was moved
        st.rerun()


def _redraw(message: Mapping[str, Any], key: str) -> None:
    known, seen = changed(), message.get("seen")
    if store.notes():
        st.rerun()  # what could not be used is said at the top of the page
    if message.get("final"):
        store.write()  # the page itself does not run again
        redraw(*known, lever=key)  # the lever shows its value already, and is told that it was heard
    else:
        redraw(*([name for name in seen if name in known] if isinstance(seen, list) else known))  # from the top


def redraw(*names: str, lever: str = "") -> None:
    """Draw these figures that follow the levers (all if none is named) and a lever again, nothing else of the page."""
    try:
        st.rerun([f"live-{name}" for name in names or st.session_state.get(_LIVE, {})] + [lever] * bool(lever))
    except StreamlitAPIException:  # the page under the thumb has just changed: draw what is there
        st.rerun()
