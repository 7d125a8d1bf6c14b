"""The story: how the system came about, who was in it, how it is built, where the sources disagree."""

import streamlit as st

from ics_core import story
from pages.components import lists
from pages.components.charts.picture import Listing
from pages.components.frame import address, choices, page
from pages.components.frame.show import folded, show
from pages.figures import story as figures

texts = figures.text("story")
everything = story.events()
about = {"first": everything["year"].min(), "last": everything["year"].max(), "events": len(everything)}
page.start("story", lead=False, **about)

themes = story.themes()
address.heed("theme", themes, "a theme")
named = {name: name for name in story.systems()}
address.heed("named", named, "a system")
with page.line():
    hidden = {"label_visibility": "collapsed"}
    theme = choices.one("Theme", themes, "theme", placeholder="All themes", width=260, **hidden)
    system = choices.one("System", named, "named", placeholder="All systems", width=320, **hidden)
view = figures.View(theme, system)
if view.events.empty:
    st.info("No event has both this theme and this system. Clear one of them.", icon=":material/info:")
else:
    show(*figures.timeline(view))

page.standfirst("story", **about)
page.heading(texts["chapters_title"], 2)
with st.expander(texts["read"]):
    with st.container(width=page.READING_WIDTH):
        for title, text in story.chapters():
            page.heading(title, 3)
            st.markdown(text)

page.heading(texts["events_title"], 2)
lists.draw(Listing("event_list", view.events))

show(*figures.partners(view))
with st.expander(texts["read_partners"]):
    sides = {"left": "organisation", "right": "now", "under_left": "role", "under_right": "note"}
    lists.draw(Listing("pairs", story.partners(), sides))

folded(*figures.places(view))

page.heading("Where the sources disagree", 2)
with st.container(width=page.READING_WIDTH):
    st.markdown(texts["disagreements"])
for one in story.disagreements():
    with st.expander(one.question):
        st.markdown(one.reading)
        st.table(one.claims.rename(columns=texts["claims_columns"]).fillna(""), hide_index=True)
st.markdown(texts["onward"])
