"""One system: its profile, what the founding documents say of it, and up to four side by side."""

import pandas as pd
import streamlit as st

from ics_core import catalogue, systems
from pages.components.charts import systems as system_charts
from pages.components.frame import old_show as figure
from pages.components.frame import page
from pages.components.instant import channel as instant
from pages.figures import systems as system_figures

texts = catalogue.toml("text/pages")["system_profile"]
names = systems.names()


@st.fragment
def show() -> None:
    """The whole page: choosing another system draws it again without the frame around it."""
    head = st.container()
    code = system_charts.choose()
    with head:
        system_figures.headline(code)
    chart, facts = st.columns([5, 3], gap="large")
    profile = systems.profile(code)
    with chart:
        standing(code, profile)
    with facts:
        who_and_when(profile)
        documents(code)
    st.divider()
    beside(code)


def standing(code: str, profile: pd.DataFrame) -> None:
    name = names[code]
    measured = profile.dropna(subset=["rank"]).sort_values("rank", kind="stable")
    leading = measured[measured["rank"] <= 5]
    figure.show(
        figure.Figure(
            id="profile",
            title=f"{name} is among the five highest on {len(leading)} of {len(measured)} measures",
            subtitle="Rank among the systems, each measure in the latest period in which most systems have a figure; registered patients unless a measure says residents",
            table=profile,
            sources=("system_observations", "systems"),
            credit=systems.credit(*profile["metric_id"].dropna()),
            method=texts["method"]["profile"],
            code=f'from ics_core import systems\ntable = systems.profile("{code}")',
            alt=f"Rank of {name} on {len(measured)} measures, the highest at the right. Highest placed on: {', '.join(measured['item'].head(3))}.",
            columns={
                "section": "About",
                "item": "Measure",
                "says": "Figure",
                "period": "Period",
                "rank": "Rank",
                "england_says": "England",
            },
        ),
        system_charts.standing(systems.compare([code])),
    )


def who_and_when(profile: pd.DataFrame) -> None:
    page.heading("Who and when", 2)
    words = profile[profile["section"].isin(["County and unitary councils", "How it came about"])]
    sections = (
        ["", f"**{section}**", "", *(f"- {row.item}: {row.says}" for row in rows.itertuples())]
        for section, rows in words.groupby("section", sort=False)
    )
    st.markdown("\n".join(line for section in sections for line in section))


def set_system(chosen: str) -> None:
    st.session_state["system"] = chosen


def statement(row: object) -> str:
    as_written = f" As written: **{row.figure_as_stated}**." if row.figure_as_stated else ""
    return f"- {row.fact} ({row.as_at}).{as_written}" + (f" Now: {row.today}" if row.today else "")


def statements(code: str, said: pd.DataFrame) -> None:
    beside, alone = said[said["today"] != ""], said[said["today"] == ""]
    st.markdown("\n".join(statement(row) for row in beside.itertuples()) or "Choose one of the systems they do name:")
    if len(alone):
        with st.expander(f"Statements without a figure to set beside them ({len(alone)})"):
            st.markdown("\n".join(statement(row) for row in alone.itertuples()))
    with st.container(horizontal=True):
        for other, label in systems.named_in_documents().items():
            st.button(
                label, key=system_figures.button(other), on_click=set_system, args=(other,), disabled=other == code
            )


def documents(code: str) -> None:
    """What the founding documents say of it."""
    said = systems.in_documents(code)
    named = systems.named_in_documents()
    st.markdown(texts["documents"])
    figure.show(
        figure.Figure(
            id="documents",
            title=f"Founding documents on {named[code]}: {len(said)} statement{'s' if len(said) > 1 else ''}"
            if len(said)
            else f"The founding documents do not name {names[code]}",
            subtitle="As written at the time, beside the figure nearest to the subject now",
            table=said,
            sources=("founding_documents",),
            credit="; ".join(
                filter(
                    None,
                    [
                        *said["document"].unique(),
                        systems.credit(*said["today_metric"][said["today_metric"] != ""].unique()),
                    ],
                )
            ),
            method=texts["method"]["documents"],
            code=f'from ics_core import systems\ntable = systems.in_documents("{code}")',
            alt=f"List of what the founding documents say of {names[code]}, each with the nearest figure of today.",
            columns={
                "fact": "What it says",
                "figure_as_stated": "As written",
                "as_at": "As at",
                "today": "Now",
                "note": "Note",
                "document": "Document",
            },
        ),
        lambda: statements(code, said),
    )


@st.fragment
def beside(code: str) -> None:
    """Up to four side by side."""
    others = system_charts.choose_others(code, systems.MOST_COMPARED - 1)
    together = [code, *others]
    compared = systems.compare(together)
    figure.show(
        figure.Figure(
            id="compare",
            title=f"{names[code]} beside {systems.in_a_row([names[c] for c in others])}"
            if others
            else f"{names[code]} on its own",
            subtitle="Rank among the systems; further right is a higher figure, which is not the same as better",
            table=compared,
            sources=("system_observations",),
            credit=systems.credit(*compared["metric_id"].unique()),
            method=texts["method"]["profile"],
            code=f"from ics_core import systems\ntable = systems.compare({together})",
            alt=f"Ranks of {systems.in_a_row([names[c] for c in together])} on {compared['metric_id'].nunique()} measures, each system with a mark of its own.",
            columns={"label": "Measure", "name": "System", "says": "Figure", "period": "Period", "rank": "Rank"},
        ),
        system_charts.standing(compared),
    )


instant.listen(system_figures.question())
show()
