"""The promises of 2018 that carry a number: kept, not kept, or cannot be told, each with its figure and its source."""

import streamlit as st

from ics_core import catalogue
from ics_core.ambitions import explorer, promises
from pages.components.frame import address, page
from pages.components.frame import old_show as figure
from pages.components.lists import promises as promise_list

text = catalogue.toml("text/pages")["promises"]
words = text["verdicts"]
everything = promises.listed()
page.start("promises", count=len(everything))

figure.show(
    figure.Figure(
        id="verdicts",
        title=promises.finding(),
        subtitle="Commitments of 2018 with a number, by the ambition of 2023 they fit best; a mark for each",
        table=everything,
        sources=("founding_commitments", "promise_tests", "observations", "reported_values"),
        method=text["method"]["summary"],
        code="from ics_core.ambitions import promises\ntable = promises.listed()",
        alt=f"Rows of marks, one row for each ambition and one mark for each promise. {promises.finding()}. Each is described below.",
        kind="our calculation",
        columns={
            "ambition_name": "Ambition",
            "commitment": "Promise",
            "stated": "As written",
            "deadline": "By",
            "verdict": "Verdict",
            "evidence": "Known now",
            "as_at": "Figure of",
            "source": "Source",
            "reason": "Why",
            "dataset": "Official dataset",
        },
    ),
    promise_list.dots(everything, words),
)

page.heading("Each promise", 2)
ambitions = {str(number): f"{number}. {name}" for number, name in explorer.ambition_names().items()}
address.heed("verdict", words, "a verdict")
address.heed("ambition", ambitions, "an ambition")
with st.container(horizontal=True, vertical_alignment="bottom"):
    verdict = st.selectbox(
        "Verdict",
        list(words),
        index=None,
        format_func=words.get,
        placeholder="All",
        key="verdict",
        bind="query-params",
        width=240,
    )
    ambition = st.selectbox(
        "Ambition",
        list(ambitions),
        index=None,
        format_func=ambitions.get,
        placeholder="All",
        key="ambition",
        bind="query-params",
        width=320,
    )
found = promises.listed(verdict, int(ambition) if ambition else None)
if found.empty:
    st.info(text["nothing"], icon=":material/search_off:")
promise_list.cards(found, words)
st.markdown(text["onward"])
