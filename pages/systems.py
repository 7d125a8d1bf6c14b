"""Systems: all 42 on a map, ranked on any measure, and in a table to sort."""

import streamlit as st

from ics_core import systems
from pages.components.frame import address, choices, page
from pages.components.frame.show import show
from pages.figures import systems as figures

head = st.container()
with page.line():
    code = choices.system()
    measure = choices.measure(figures.measures(), figures.View.measure)
    period = choices.period(measure)
about = {"count": len(systems.names()), "place": systems.name(code)}
with head:
    page.start("systems", lead=False, **about)

view = figures.View(code, measure, period)
left, right = st.columns(2, gap="large")
with left:
    show(*figures.on_the_map(view))
with right:
    show(*figures.in_order(view))
page.standfirst("systems", **about)
with st.container(width=page.READING_WIDTH):
    st.markdown(
        "\n".join(["**Before you compare**", "", *(f"- {caution}" for caution in systems.cautions(measure, period))])
    )

st.divider()
address.heed("sort", figures.COLUMNS, "a column")
with st.container(horizontal=True, vertical_alignment="bottom"):
    by = choices.one("Sort all systems by", figures.COLUMNS, "sort", view.by, width=280)
    down = st.toggle("Highest first", value=view.down, key="down", bind="query-params")
show(*figures.all_in_a_table(figures.View(code, measure, period, by, down)))
