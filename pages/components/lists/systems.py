"""What the founding documents say of a system, and the boards of a moment: lists in plain text."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from ics_core import systems


def button(code: str) -> str:
    """Key of the button that chooses a system the documents name."""
    return f"named-{code}"


def statements(table: pd.DataFrame, code: str) -> None:
    """Each statement on a system beside the figure of today, and a way to each system the documents do name."""
    beside, alone = table[table["today"] != ""], table[table["today"] == ""]
    st.markdown("\n".join(_statement(row) for row in beside.itertuples()) or "Choose one of the systems they do name:")
    if len(alone):
        with st.expander(f"Statements without a figure to set beside them ({len(alone)})"):
            st.markdown("\n".join(_statement(row) for row in alone.itertuples()))
    with st.container(horizontal=True):
        for other, label in systems.named_in_documents().items():
            st.button(label, key=button(other), on_click=_choose, args=(other,), disabled=other == code)


def boards(table: pd.DataFrame) -> None:
    """The boards formed from more than one area; the table has all."""
    merged = table[table["systems"] > 1]
    if table.empty:
        st.markdown("There were no boards by law yet. Move the slider to July 2022 or later.")
    elif merged.empty:
        st.markdown("Each board covered one area. The table names them all.")
    else:
        st.markdown("\n".join(f"- **{row.board}** ({row.ods_code}): {row.formed_from}" for row in merged.itertuples()))


def _statement(row: Any) -> str:
    as_written = f" As written: **{row.figure_as_stated}**." if row.figure_as_stated else ""
    return f"- {row.fact} ({row.as_at}).{as_written}" + (f" Now: {row.today}" if row.today else "")


def _choose(code: str) -> None:
    st.session_state["system"] = code
