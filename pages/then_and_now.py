"""Then and now: every figure of the founding documents beside what has been published since."""

import streamlit as st

from ics_core import story
from pages.components.frame import address, page
from pages.components.frame.show import show
from pages.figures import story as figures

texts = figures.text("then_and_now")
figures_told = story.follow_up()["figures"].sum()
page.start("then_and_now", lead=False)
show(*figures.follow_up(figures.ThenView()))
page.standfirst("then_and_now", figures=figures_told)

documents = figures.documents()
address.heed("document", documents, "a document")
address.heed("match", story.LINKS, "a match")
with st.container(horizontal=True, vertical_alignment="bottom"):
    document = st.selectbox(
        "Document",
        list(documents),
        index=None,
        format_func=documents.get,
        placeholder="All documents",
        key="document",
        bind="query-params",
        width=420,
    )
    link = st.selectbox(
        "What was found since",
        list(story.LINKS),
        index=None,
        format_func=story.LINKS.get,
        placeholder="Everything",
        key="match",
        bind="query-params",
        width=320,
    )
    statements = st.toggle("Also statements without a figure", key="statements", bind="query-params")

st.caption(texts["columns_note"])
show(*figures.then_and_now(figures.ThenView(document, link, statements)))
st.markdown(
    "**Read on:** [the promises of 2018 and whether they were kept](promises) · "
    "[the demand outlook of 2018](outlook_2018) · [money](money) · [the story](story)"
)
