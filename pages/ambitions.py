"""The eight ambitions at a glance: headline measures, how they move, and what stands between them and the target."""

import streamlit as st

from ics_core import ambitions, catalogue
from pages.components.frame import address, page
from pages.components.frame import old_show as figure
from pages.components.lists import ambitions as ambition_list

LABELS = {
    "all": "All",
    "improving": "Improving",
    "concerning": "Getting worse",
    "missing target": "Missing target",
    "no recent data": "No recent data",
}

counts = ambitions.tally()
page.start("ambitions")
text = catalogue.toml("text/pages")["ambitions"]

address.heed("show", LABELS, "a state")
state = st.pills(
    "Show", list(LABELS), format_func=LABELS.get, default="all", required=True, key="show", bind="query-params"
)
chosen = None if state == "all" else state
table = ambitions.overview(chosen)


def listed() -> None:
    if table.empty:
        st.markdown(text["none"])
    ambition_list.rows(table.itertuples())


figure.show(
    figure.Figure(
        id="overview",
        title=text["finding"].format(**counts),
        subtitle="Headline measures of the Joint Forward Plan of July 2023, latest published figure of each; the small lines show up to 24 periods",
        table=table.drop(columns=["recent", "states"], errors="ignore"),
        sources=("observations", "targets"),
        method=catalogue.text("method_ambitions"),
        code=f'from ics_core import ambitions\ntable = ambitions.overview({chosen!r}).drop(columns=["recent", "states"], errors="ignore")',
        alt="List of the headline measures of the eight ambitions: latest figure, recent course, whether it moves beyond chance, whether the target will be met, the gap and the comparator.",
        columns={
            "ambition": "Ambition",
            "name": "Measure",
            "area": "Area",
            "latest_text": "Latest",
            "period": "Period",
            "change_text": "On the year before",
            "variation": "Movement",
            "assurance": "Against target",
            "target_text": "Target",
            "gap_text": "Gap",
            "comparator": "Compared with",
            "comparator_text": "Its figure",
        }
        if len(table)
        else {},
    ),
    listed,
)
