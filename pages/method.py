"""Method: what each model is for, what goes in, how it works, how well it does and where its limits lie."""

import pandas as pd
import streamlit as st

from ics_core import catalogue, demand, money, population
from ics_core.scenario import MODEL_VERSION
from pages.components.charts import lines as charts
from pages.components.frame import address, page
from pages.components.frame import old_show as figure


def overview() -> None:
    structure = catalogue.toml("text/model_structure")
    links = pd.DataFrame(structure["link"])
    figure.show(
        figure.Figure(
            id="structure",
            title="People lead to demand, and demand to money; levers act on each",
            subtitle="How the three models hang together",
            table=links,
            sources=("base_population", "demand_rates", "local_activity", "founding_finance"),
            method="Each arrow is an input of the box it points to. Nothing flows back: money does not change demand, and demand does not change the population.",
            code='import pandas as pd\nfrom ics_core import catalogue\ntable = pd.DataFrame(catalogue.toml("text/model_structure")["link"])',
            alt="Boxes and arrows: official estimates and projections feed the population model, which with published activity feeds the demand model, which with published money figures feeds the money model. Levers act on all three models.",
            kind="our calculation",
            columns={"from": "From", "to": "To", "carries": "What it carries"},
        ),
        charts.flow(pd.DataFrame(structure["box"]), links),
    )
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

page.start("method")
address.heed("part", dict(zip(TOPICS, TOPICS, strict=True)), "a part")
topic = st.segmented_control(
    "Which part", list(TOPICS), default="Overview", required=True, key="part", bind="query-params"
)
TOPICS[topic]()
