"""Hospital sites to read: what a mark on the map tells the mouse, in a table for keyboards and screen readers."""

from __future__ import annotations

import streamlit as st

from ics_core import geography
from pages.components.map.services import SITES


def show() -> None:
    """Every hospital site on the map, folded: name, type, who runs it and how it is known to be in use."""
    table = geography.hospitals()
    table = table.assign(type=table["site_type"].map({kind: label for kind, (label, _, _) in SITES.items()}))
    columns = {"name": "Hospital", "type": "Type", "trust_name": "Run by", "use_evidence": "Evidence of use"}
    order = table["site_type"].map(list(SITES).index).sort_values(kind="stable").index
    with st.expander(
        f"The {len(table)} hospital sites on the map: name, type and evidence", icon=":material/local_hospital:"
    ):
        st.table(
            table.loc[order, list(columns)].rename(columns=columns),
            hide_index=True,
            alt="Hospital sites on the map, by type",
        )
