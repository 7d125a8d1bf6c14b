"""How unsure each lever is: the lowest and the highest value from which the draws behind a band are taken.

One line shows the panel, closed until it is asked for: ``ranges.show(bar.groups)``. The ranges are part
of the scenario, so undo, links, files and the comparison with A hold them too.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import streamlit as st

from ics_core import catalogue, demand, money, population
from ics_core import scenario as register
from ics_core.scenario import Lever, ScenarioError
from ics_core.words import plain, read
from pages.components.frame import problems
from pages.components.scenario import store

_ENDS = ("low", "high")


def show(groups: tuple[str, ...] | None = None) -> None:
    """Ranges of the levers in ``groups`` (all if None) that bands are drawn from, to be read and set.

    Shows the levers that have a slider now: public ones, all in the analyst view, and any that is moved or
    has a range of its own. Shows nothing if no band is drawn from a lever of these groups. What is in the
    panel is not made, let alone sent, while it is closed.
    """
    drawn = {register.levers()[i].group for i in (*population.LEVERS, *demand.demand_levers(), *money.LEVERS)}
    if groups is None or drawn & set(groups):
        st.fragment(problems.part(lambda: _panel(groups)), key="ranges")()


def _panel(groups: tuple[str, ...] | None) -> None:
    words = catalogue.toml("text/ranges")
    panel = st.expander(words["title"], key="ranges-open", on_change="rerun")
    if not panel.open:
        return
    with panel:
        st.markdown(words["what"].format(draws=f"{population.DRAWS:,}"))
        st.markdown(words["covers"])
        group = ""
        for lever, row in _rows(groups):
            if lever.group != group:
                group = lever.group
                st.markdown(f"**{register.groups()[group]}**")
            _range(lever, row, words)
        st.button(
            words["reset_all"],
            icon=":material/restart_alt:",
            disabled=not store.current().ranges,
            on_click=_reset_all,
            key="range-reset-all",
        )


def _rows(groups: tuple[str, ...] | None) -> list[tuple[Lever, Any]]:
    """The levers to show, each with its row of ``lever_ranges``."""
    scenario, every = store.current(), st.session_state.get("analyst", False)
    found = []
    for row in chain(*(model.lever_ranges(scenario).itertuples() for model in (demand, money))):
        lever = register.levers()[row.lever_id]
        asked = lever.public or every or row.chosen or lever.id in dict(scenario.moved)
        if asked and (groups is None or lever.group in groups):
            found.append((lever, row))
    return found


def _range(lever: Lever, row: Any, words: dict[str, Any]) -> None:
    usual = (
        lever.show(row.usual_low) if row.usual_low == row.usual_high else lever.between(row.usual_low, row.usual_high)
    )
    with st.container(key=f"range-{lever.id}", gap="xsmall"):
        st.markdown(f"{lever.label}, {lever.unit}")
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            for end, value in (("low", row.low), ("high", row.high)):
                if end == "high":
                    st.markdown(words["to"], width="content")
                key = f"range-{lever.id}-{end}"
                st.session_state[key] = lever.number(value)
                # Not a field for numbers: a browser makes 15 of "1,5" there, and 5 of "−5", without a word.
                st.text_input(
                    words[end].format(lever=lever.label, unit=lever.unit),
                    key=key,
                    label_visibility="collapsed",
                    on_change=_set,
                    args=(lever.id, end, (row.usual_low, row.usual_high)),
                )
        if problem := st.session_state.pop(f"range-{lever.id}-problem", ""):
            st.caption(f":material/error: {problem}")
        value = store.current()[lever.id]
        if not row.low <= value <= row.high:
            st.caption(f":material/warning: {words['outside'].format(value=lever.show(value))}")
        st.caption(words["usual"][row.usual].format(usual=usual, source=lever.source))
        if row.chosen:
            st.button(
                words["reset"].format(usual=usual),
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=_choose,
                args=(lever.id, None),
                key=f"range-{lever.id}-reset",
            )


def _set(lever_id: str, end: str, usual: tuple[float, float]) -> None:
    """Take over what was typed. An end that passes the other takes it along; the usual range is none of its own."""
    lever, typed = register.levers()[lever_id], {one: st.session_state[f"range-{lever_id}-{one}"] for one in _ENDS}
    try:
        low, high = (lever.check(text if (found := read(text)) is None else found) for text in typed.values())
    except ScenarioError as problem:
        st.session_state[f"range-{lever_id}-problem"] = plain(str(problem))
        return
    if end == "low":
        high = max(low, high)
    else:
        low = min(low, high)
    _choose(lever_id, None if (low, high) == usual else (low, high))


def _choose(lever_id: str, limits: tuple[float, float] | None) -> None:
    store.choose(store.current().with_range(lever_id, limits))
    st.rerun()  # the whole page, not this fragment alone


def _reset_all() -> None:
    store.choose(store.current().replace(ranges={}))
    st.rerun()
