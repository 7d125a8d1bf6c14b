"""Money: the figures of 2018 and since, and a model of resources, costs and the gap."""

import streamlit as st

from ics_core import money
from pages.components.frame import address, page
from pages.components.frame import old_numbers as numbers
from pages.components.frame import old_stage as present
from pages.components.frame.show import show
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
    with st.container(horizontal=True):
        for label, amount, where in figures.said_in_2018():
            st.metric(label, amount, help=where, width="content")
    show(*figures.conflict(figures.View()))
    with st.container(width=page.READING_WIDTH):
        st.markdown(texts["columns_note"].format(period=money.conflicting()["period"].iloc[0]))
    page.heading(texts["model_title"], 2)
    with st.container(width=page.READING_WIDTH):
        st.markdown(texts["model"])

openings = figures.openings()
address.heed("opening", openings, "an opening position")
opening = st.selectbox(
    "Opening position", list(openings), format_func=openings.get, key="opening", bind="query-params", width=420
)
start = figures.View(opening=opening).start
st.caption(
    f"{start['name']}: {money.pounds(start['gap'])}. The model opens in {start['period']} with resources of "
    f"{money.pounds(start['resources'])} ({start['resources_basis']}). {start['source']}."
)
bar = scenario_bar.show(("money",))


def view() -> figures.View:
    """What the reader looks at now, while levers move too."""
    return figures.View(**bar.moved(), opening=opening)


def gap() -> None:
    show(*figures.gap(view()))
    numbers.show("", [(one.label, one.value, one.change) for one in figures.results(view())], "headline")
    st.caption(texts["needed_help"])


def resources_and_costs() -> None:
    show(*figures.resources_and_costs(view()))


def steps() -> None:
    show(*figures.steps(view()))


def value_of_a_point() -> None:
    show(*figures.value_of_a_point(view()))


present.figures([gap, resources_and_costs, steps, value_of_a_point], bar)

if reading:
    show(*figures.said_and_since(view()))
    show(*figures.assumptions(view()))
    st.markdown(texts["onward"])
