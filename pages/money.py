"""Money: the figures of 2018 and since, and a model of resources, costs and the gap."""

import streamlit as st

from ics_core import money
from pages.components.frame import page
from pages.components.frame import stage as present
from pages.components.instant import channel as instant
from pages.components.scenario import bar as scenario_bar
from pages.figures import money as figures

texts = figures.texts()
said = money.founding().set_index("ref")
page.start(
    "money",
    resources=money.pounds(said.value["FIN-01"]),
    gap=money.pounds(abs(said.value["FIN-02"])),
    said_in=said.as_at["FIN-02"],
)

reading = not present.on()
if reading:
    figures.headline()
    figures.conflict()
    with st.container(width=page.READING_WIDTH):
        st.markdown(texts["columns_note"].format(period=money.conflicting()["period"].iloc[0]))
    page.heading(texts["model_title"], 2)
    with st.container(width=page.READING_WIDTH):
        st.markdown(texts["model"])

starts = money.starts().set_index("start_id")
start = st.selectbox(
    "Opening position",
    list(starts.index),
    format_func=starts["said"].get,
    key="opening",
    bind="query-params",
    width=420,
)
opening = starts.loc[start]
st.caption(
    f"{opening['name']}: {money.pounds(opening['gap'])}. The model opens in {opening['period']} with resources of {money.pounds(opening['resources'])} ({opening['resources_basis']}). {opening['source']}."
)
view = figures.View(scenario_bar.show(("money",)), start)
instant.listen(figures.question(view))


def gap() -> None:
    figures.gap(view)


def resources_and_costs() -> None:
    figures.resources_and_costs(view)


def steps() -> None:
    figures.steps(view)


def value_of_a_point() -> None:
    figures.value_of_a_point(view)


present.figures([gap, resources_and_costs, steps, value_of_a_point], view.bar)

if reading:
    figures.said_and_since()
    figures.assumptions()
    st.markdown(texts["onward"])
