"""The one scenario of a visit: where sliders, links, presets, files and undo all meet.

``st.session_state["scenario"]`` is the truth. Controls never keep a value of their own: they show
the scenario and ask for another one, either in passing (``follow``, while a thumb moves) or for good
(``choose``, which can be undone and goes into the address).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from ics_core.scenario import KEPT, Scenario, is_parameter
from pages.components import seams

SCENARIO = "scenario"
_SETTLED = "scenario_settled"  # the scenario before the thumb that is moving now began to move
_PAST = "scenario_past"
_FUTURE = "scenario_future"  # what was undone, and can be done again
_PINNED = "scenario_pinned"
_NOTES = "scenario_notes"
_ADDRESS = "scenario_address"  # what we last saw or wrote: (page, parameters, parameters before, when)
_REMEMBERED = 50
_ON_ITS_WAY = 1.5  # seconds in which the browser may still send the address from before our last change


def current() -> Scenario:
    """The scenario in play."""
    if SCENARIO not in st.session_state:
        _meet_address({})
    return st.session_state[SCENARIO]


def follow(scenario: Scenario) -> None:
    """Show ``scenario`` while a lever is on its way; nothing is remembered yet."""
    current()
    st.session_state[SCENARIO] = scenario


def choose(scenario: Scenario) -> None:
    """Make ``scenario`` the one in play; the one before can be had back with ``undo``."""
    before = settled()
    if scenario != before:
        st.session_state[_PAST] = [*st.session_state.get(_PAST, []), before][-_REMEMBERED:]
        st.session_state[_FUTURE] = []
    st.session_state[_NOTES] = []
    _settle(scenario)


def undo() -> None:
    """Back to the scenario before the last choice."""
    _step(_PAST, _FUTURE)


def redo() -> None:
    """Forward again to the scenario that was undone last."""
    _step(_FUTURE, _PAST)


def can_undo() -> bool:
    """Whether there is a choice to undo."""
    return bool(st.session_state.get(_PAST))


def can_redo() -> bool:
    """Whether there is an undone choice to do again."""
    return bool(st.session_state.get(_FUTURE))


def _step(take: str, leave: str) -> None:
    held = st.session_state.get(take, [])
    if held:
        st.session_state[leave] = [*st.session_state.get(leave, []), settled()]
        st.session_state[take] = held[:-1]
        _settle(held[-1])


def settled() -> Scenario:
    """The last scenario chosen, whatever thumb is moving now."""
    current()
    return st.session_state[_SETTLED]


def previous() -> Scenario:
    """The scenario before the last choice; the one in play where there was none."""
    past = st.session_state.get(_PAST, [])
    return past[-1] if past else settled()


def moving() -> bool:
    """Whether a lever is on its way, so that figures had better be quick than fine."""
    return SCENARIO in st.session_state and st.session_state[SCENARIO] != st.session_state[_SETTLED]


def pin() -> None:
    """Keep the scenario in play as A, to compare others with."""
    st.session_state[_PINNED] = current()


def unpin() -> None:
    """Compare with nothing."""
    st.session_state.pop(_PINNED, None)


def pinned() -> Scenario | None:
    """The scenario kept as A, if any."""
    return st.session_state.get(_PINNED)


def note(text: str) -> None:
    """Say what could not be used, until the next choice."""
    st.session_state[_NOTES] = [text]


def notes() -> list[str]:
    """What could not be used from a link or a lever, until the next choice."""
    return st.session_state.get(_NOTES, [])


def visit() -> None:
    """Bring scenario and address in step; call in the body of a page, before its figures.

    The address wins when someone other than us changed it: a shared link, the back button, a link
    between pages. Else the scenario wins, so it goes along to the next page.
    """
    page = urlsplit(st.context.url or "").path
    asked = {key: value for key, value in st.query_params.items() if _ours(key)}
    if SCENARIO not in st.session_state:
        _meet_address(asked)
    else:
        last_page, known, before, when = st.session_state[_ADDRESS]
        moved_page = page != last_page
        late = asked == before and time.monotonic() - when < _ON_ITS_WAY
        if asked if moved_page else asked != known and not late:
            _meet_address(asked)
    write()


def write() -> None:
    """Bring the address in step with the scenario in play and with A; one choice is one step back for the browser."""
    page = urlsplit(st.context.url or "").path
    asked = {key: value for key, value in st.query_params.items() if _ours(key)}
    wanted = _query()
    st.session_state[_ADDRESS] = (page, wanted, asked, time.monotonic())
    if wanted != asked:
        # Each change through st.query_params is a step back for the browser. One choice is one step,
        # so what has to go goes silently and the update tells the browser of it all at once.
        seams.forget_quietly(asked.keys() - wanted.keys())
        st.query_params.update(wanted)


def link() -> str:
    """The address of this page with the scenario in it, to share."""
    parts = urlsplit(st.context.url or "")
    others = {key: value for key, value in st.query_params.items() if not _ours(key)}
    return urlunsplit(parts._replace(query=urlencode(others | _query())))


def _query() -> dict[str, str]:
    kept = pinned()
    return settled().to_query() | ({KEPT: kept.to_parameter()} if kept is not None else {})


def _meet_address(parameters: Mapping[str, str]) -> None:
    scenario, ignored = Scenario.from_query({key: value for key, value in parameters.items() if key != KEPT})
    if KEPT in parameters:
        kept, of_kept = Scenario.from_parameter(parameters[KEPT])
        st.session_state[_PINNED] = kept
        ignored = [*ignored, *(f"Scenario A: {note}" for note in of_kept)]
    elif SCENARIO in st.session_state:
        unpin()
    if SCENARIO in st.session_state:
        choose(scenario)
    else:
        st.session_state[_ADDRESS] = ("", {}, {}, 0.0)
        _settle(scenario)
    st.session_state[_NOTES] = ignored


def _settle(scenario: Scenario) -> None:
    st.session_state[SCENARIO] = st.session_state[_SETTLED] = scenario


def _ours(key: str) -> bool:
    """Whether a parameter is the scenario's or that of A; all others belong to the page."""
    return key == KEPT or is_parameter(key)
