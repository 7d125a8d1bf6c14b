"""Money: the figures of 2018 and since, and a model of resources, costs and the gap."""

import streamlit as st

from ics_core import money
from pages.components.frame import address, stage
from pages.components.scenario import bar as scenario_bar
from pages.figures import money as figures

texts = figures.texts()
bar = scenario_bar.show(("money",))


def choose() -> None:
    openings = figures.openings()
    address.heed("opening", openings, "an opening position")
    st.selectbox(
        "Opening position",
        list(openings),
        format_func=openings.get,
        key="opening",
        bind="query-params",
        label_visibility="collapsed",
        width=330,
    )


def view() -> figures.View:
    """What the reader looks at now, while levers move too."""
    return figures.View(**bar.moved(), opening=st.session_state.get("opening", money.DEFAULT_START))


def background() -> None:
    said = money.founding().set_index("ref")
    st.markdown(
        texts["standfirst"].format(
            resources=money.pounds(said.value["FIN-01"]),
            gap=money.pounds(abs(said.value["FIN-02"])),
            said_in=said.as_at["FIN-02"],
        )
    )
    with st.container(horizontal=True):
        for label, amount, where in figures.said_in_2018():
            st.metric(label, amount, help=where, width="content")
    st.markdown(f"**{texts['model_title']}**\n\n{texts['model']}")
    start = view().start
    st.markdown(
        f"{start['name']}: {money.pounds(start['figure'])}. {texts['meanings'][start['meaning']]} {start['reading']} "
        f"The model opens in {start['period']} with resources of {money.pounds(start['resources'])} "
        f"({start['resources_basis']}). {start['source']}."
    )
    st.markdown(figures.resources_table())
    st.markdown(texts["needed_help"])
    st.markdown(texts["columns_note"].format(period=money.conflicting()["period"].iloc[0]))
    st.markdown(texts["onward"])


stage.open("money", view, title="Money", choose=choose, groups=bar.groups, background=background)
