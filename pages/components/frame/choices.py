"""Choices that several pages share: a system, a measure of the systems and its period, systems to set beside it."""

from __future__ import annotations

import streamlit as st

from ics_core import systems, words
from pages.components.frame import address


def system(label: str = "System") -> str:
    """The system the reader chose, kept in the address as ``?system=`` and between pages."""
    names = systems.names()
    address.heed("system", names, "a system")
    return st.selectbox(
        label,
        list(names),
        index=list(names).index(systems.OWN),
        format_func=names.get,
        key="system",
        bind="query-params",
        persist_state="session",
        width=300,
        label_visibility="collapsed",
    )


def measure(known: dict[str, str], default: str) -> str:
    """One of the ``known`` measures by its theme and name, kept in the address as ``?metric=``."""
    address.heed("metric", known, "a measure")
    return st.selectbox(
        "Measure",
        list(known),
        index=list(known).index(default),
        format_func=known.get,
        key="metric",
        bind="query-params",
        persist_state="session",
        width=420,
        label_visibility="collapsed",
    )


def period(measure: str) -> str:
    """One of the periods of that measure; at first the one with most systems."""
    known = systems.periods(measure)
    start = known.index(systems.metric_values(measure)["period"].iloc[0])
    # A key of its own for each measure: the periods of one are not those of another.
    return st.selectbox(
        "Period",
        known,
        index=start,
        format_func=words.when,
        key=f"period-{measure}",
        persist_state="session",
        disabled=len(known) == 1,
        width=160,
        label_visibility="collapsed",
    )


def beside(known: dict[str, str], most: int) -> list[str]:
    """What is to stand beside the chosen system, ``most`` of the ``known``, in the address as ``?with1=`` and so on."""
    picked = []
    for place, column in enumerate(st.columns(most), start=1):
        key = f"with{place}"
        with column:
            address.heed(key, known, "a system")
            label = f"{words.ordinal(place)} system beside it"
            picked.append(
                st.selectbox(
                    label, list(known), format_func=known.get, key=key, bind="query-params", persist_state="session"
                )
            )
    return picked
