"""How the NHS was reshaped: partnerships, waves of integrated care systems, 42 boards, then 36."""

import streamlit as st

from ics_core import catalogue
from ics_core.systems import reshaping
from pages.components.frame import address, page
from pages.components.frame.show import show
from pages.figures import systems as figures

counts = reshaping.counted()
page.start("reshaped", lead=False, **counts)

dates = figures.moments()
address.heed("when", {moment: moment for moment in dates}, "a moment")
moment = st.select_slider(
    "Move through the years",
    list(dates),
    value=list(dates)[-1],
    key="when",
    bind="query-params",
    label_visibility="collapsed",
)
step = reshaping.moments().set_index("moment").loc[moment]
view = figures.ReshapedView(moment)
left, right = st.columns([3, 2], gap="large")
with left:
    show(*figures.areas(view))
with right:
    show(*figures.steps(view))
with st.container(width=page.READING_WIDTH):
    st.markdown(
        f"**{moment}.** {step['event']}. Source: {step['publisher']}; it counts {step['published_total']} in all."
        + (f" Named: {step['named']}." if step["named"] else "")
    )
    st.markdown(catalogue.toml("text/pages")["reshaped"]["counts"].format(**counts))
show(*figures.boards(view))
page.standfirst("reshaped", **counts)
