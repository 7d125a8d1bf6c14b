"""Method: what each model is for, what goes in, how it works, how well it does and where its limits lie."""

import streamlit as st

from ics_core import catalogue, demand, money, population
from ics_core.scenario import MODEL_VERSION
from pages.components.frame import address, page
from pages.components.frame.show import show
from pages.figures import method as figures


def overview() -> None:
    show(*figures.structure(figures.View()))
    page.standfirst("method")
    read(catalogue.text("method_overview").format(version=MODEL_VERSION, release=catalogue.release()))


def about_money() -> None:
    words = catalogue.toml("text/pages")["money"]["method"]
    read("\n\n".join(words[part].format(draws="1,000") for part in ("project", "steps", "point", "assumptions")))
    columns = {"what": "Assumption", "said": "Value", "why": "Why", "source": "Source"}
    st.table(
        money.assumptions()[list(columns)].rename(columns=columns),
        hide_index=True,
        alt="Assumptions of the money model",
    )


def read(text: str) -> None:
    with st.container(width=page.READING_WIDTH):
        st.markdown(text)


TOPICS = {
    "Overview": overview,
    "Population": lambda: read(population.method()),
    "Demand": lambda: read(demand.tables.method()),
    "Money": about_money,
    "Control charts": lambda: read(catalogue.text("method_spc")),
    "Ambitions": lambda: read(catalogue.text("method_ambitions")),
}

page.start("method", lead=False)
address.heed("part", dict(zip(TOPICS, TOPICS, strict=True)), "a part")
topic = st.segmented_control(
    "Which part",
    list(TOPICS),
    default="Overview",
    required=True,
    key="part",
    bind="query-params",
    label_visibility="collapsed",
)
TOPICS[topic]()
