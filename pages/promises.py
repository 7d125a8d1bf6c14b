"""The commitments of the founding documents: what became of each, what that rests on, and its source."""

import streamlit as st

from ics_core.ambitions import promises
from pages.components import lists
from pages.components.charts.picture import Listing
from pages.components.frame import address, choices, page
from pages.components.frame.show import show
from pages.figures import promises as figures

text = figures.text()
words = text["verdicts"]
everything = promises.listed()
about = {"count": len(everything), "numbered": int(everything["numbered"].sum())}
page.start("promises", lead=False, **about)
show(*figures.verdicts(figures.View()))
page.standfirst("promises", **about)

page.heading("Each promise", 2)
ambitions = figures.ambitions()
address.heed("verdict", words, "a verdict")
address.heed("ambition", ambitions, "an ambition")
with st.container(horizontal=True, vertical_alignment="bottom"):
    verdict = choices.one("Verdict", words, "verdict", placeholder="All", width=240)
    ambition = choices.one("Ambition", ambitions, "ambition", placeholder="All", width=320)
found = figures.View(verdict, int(ambition) if ambition else None).listed
if found.empty:
    st.info(text["nothing"], icon=":material/search_off:")
lists.draw(Listing("promise_cards", found, {"words": words}))
st.markdown(text["onward"])
