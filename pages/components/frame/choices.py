"""Choices that several pages share: one of a list, a system, a measure and its period, systems to set beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ics_core import systems, words
from pages.components.frame import address

_IN_LINE = {"persist_state": "session", "label_visibility": "collapsed"}


def one(label: str, known: Mapping[str, str], key: str, first: str | None = None, **more: Any) -> Any:
    """One of the ``known`` (code: words on screen), in the address as ``?key=``; to begin with ``first``, or none.

    ``address.heed`` stands before it, where there is room for what it says.
    """
    index = None if first is None else list(known).index(first)
    return st.selectbox(label, list(known), index, format_func=known.get, key=key, bind="query-params", **more)


def system(label: str = "System") -> str:
    """The system the reader chose, kept in the address as ``?system=`` and between pages."""
    names = systems.names()
    address.heed("system", names, "a system")
    return one(label, names, "system", systems.OWN, width=300, **_IN_LINE)


def measure(known: dict[str, str], default: str) -> str:
    """One of the ``known`` measures by its theme and name, kept in the address as ``?metric=``."""
    address.heed("metric", known, "a measure")
    return one("Measure", known, "metric", default, width=420, **_IN_LINE)


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
        disabled=len(known) == 1,
        width=160,
        **_IN_LINE,
    )


def beside(known: dict[str, str], most: int) -> list[str]:
    """What is to stand beside the chosen system, ``most`` of the ``known``, in the address as ``?with1=`` and so on."""
    picked = []
    for place, column in enumerate(st.columns(most), start=1):
        key = f"with{place}"
        with column:
            address.heed(key, known, "a system")
            label = f"{words.ordinal(place)} system beside it"
            picked.append(one(label, known, key, next(iter(known)), persist_state="session"))
    return picked
