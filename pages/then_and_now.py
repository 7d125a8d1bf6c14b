"""Then and now: every figure of the founding documents beside what has been published since."""

import streamlit as st

from ics_core import catalogue, story
from pages.components.charts import lines as charts
from pages.components.charts import story as story_charts
from pages.components.frame import old_show as figure
from pages.components.frame import page

texts = catalogue.toml("text/pages")["then_and_now"]
counts = story.follow_up()
found = counts.set_index("link")["figures"]
page.start("then_and_now", figures=found.sum())

figure.show(
    figure.Figure(
        id="follow-up",
        title=f"Of {found.sum()} figures, {found['same']} can be followed by the same measure, {found['related']} by a related one, {found['none']} by none",
        subtitle="Figures in the five founding documents by the best published match",
        table=counts,
        sources=("then_and_now", "founding_facts", "founding_projections", "founding_commitments", "founding_finance"),
        method=texts["method"]["counts"],
        code="from ics_core import story\ntable = story.follow_up()",
        alt="Bars: " + ", ".join(f"{row.link_label.lower()} {row.figures}" for row in counts.itertuples()) + ".",
        columns={"link_label": "Match", "figures": "Figures"},
    ),
    charts.bars(counts, "link_label", "figures", unit="Figures", sort=None, format="d", height=190),
)

documents = story.documents().set_index("document_id")["title"].to_dict()
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
chosen = story.then_and_now(document=document, link=link, statements=statements)

st.caption(texts["columns_note"])
figure.show(
    figure.Figure(
        id="then-and-now",
        title=f"{chosen['ref'].nunique()} {'statements' if statements else 'figures'} then, and what is published now"
        if len(chosen)
        else "Nothing in the documents fits this choice",
        subtitle=(documents[document] if document else "All founding documents")
        + (f"; {story.LINKS[link].lower()}" if link else ""),
        table=chosen,
        sources=("founding_documents", "then_and_now"),
        method=texts["method"]["list"],
        code=f"from ics_core import story\ntable = story.then_and_now(document={document!r}, link={link!r}, statements={statements})",
        alt="A list: each figure of the documents, and beside it the published figure with its date and source.",
        kind="our calculation",
        columns=texts["columns"],
    ),
    lambda: (
        story_charts.then_and_now(chosen)
        if len(chosen)
        else st.markdown("Clear the document or the match to see more.")
    ),
)
st.markdown(
    "**Read on:** [the promises of 2018 and whether they were kept](promises) · [the demand outlook of 2018](outlook_2018) · [money](money) · [the story](story)"
)
