"""The story: how the system came about, who was in it, how it is built, where the sources disagree."""

import streamlit as st

from ics_core import catalogue, story
from pages.components.charts import story as story_charts
from pages.components.frame import old_show as figure
from pages.components.frame import page
from pages.components.map import old_draw as map

texts = catalogue.toml("text/pages")["story"]
everything = story.events()
page.start("story", first=everything["year"].min(), last=everything["year"].max(), events=len(everything))

page.heading(texts["chapters_title"], 2)
with st.container(width=page.READING_WIDTH):
    for title, text in story.chapters():
        page.heading(title, 3)
        st.markdown(text)

page.heading(texts["events_title"], 2)
themes = story.themes()
with st.container(horizontal=True):
    theme = st.selectbox(
        "Theme",
        list(themes),
        index=None,
        format_func=themes.get,
        placeholder="All themes",
        key="theme",
        bind="query-params",
        width=260,
    )
    system = st.selectbox(
        "System", story.systems(), index=None, placeholder="All systems", key="named", bind="query-params", width=320
    )
events = story.events(theme, system)
chosen = ", ".join(part for part in (themes.get(theme, ""), system or "") if part) or "all themes and systems"
if events.empty:
    st.info("No event has both this theme and this system. Clear one of them.", icon=":material/info:")
else:
    busiest, count = story.busiest_year(events)
    figure.show(
        figure.Figure(
            id="timeline",
            title=f"{len(events)} {'events' if len(events) > 1 else 'event'} from {events['year'].min()} to {events['year'].max()}; the most, {count}, in {busiest}",
            subtitle=f"Dated events, {chosen}",
            table=events,
            sources=("timeline",),
            method=texts["method"]["timeline"],
            code=f"from ics_core import story\ntable = story.events({theme!r}, {system!r})",
            alt=f"Events along a line of time from {events['year'].min()} to {events['year'].max()}, a row for each theme. The list below the picture has each with its source.",
            columns={
                "when": "When",
                "event": "Event",
                "system": "System",
                "theme_label": "Theme",
                "source": "Source",
                "publisher": "Publisher",
                "note": "Note",
            },
            level=3,
        ),
        story_charts.timeline(events),
    )
    story_charts.event_list(events)

# The organisations of the bid, then and now.
partners = story.partners()
fates = story.fates()
layers = [
    map.Outline("localities"),
    *(
        map.Points(places, words, shape=shape)
        for (words, places), shape in zip(story.head_offices().items(), ("diamond", "triangle", "circle"), strict=True)
    ),
]


def partners_then_and_now() -> None:
    map.draw("partners-map", layers, caption=texts["partners_caption"], height=440, selectable=False)
    story_charts.pairs(partners["organisation"], partners["now"], partners["role"], partners["note"])


figure.show(
    figure.Figure(
        id="partners",
        title=texts["partners_title"].format(**fates),
        subtitle="Organisations named in the expression of interest of 2018, and what the latest source found says of each",
        table=partners,
        sources=("partners",),
        method=texts["method"]["partners"],
        code="from ics_core import story\ntable = story.partners()",
        alt=texts["partners_caption"],
        columns=texts["partners_columns"],
        still=lambda: map.still(layers),
    ),
    partners_then_and_now,
)

# Places and partnerships.
local = story.local()
figure.show(
    figure.Figure(
        id="places",
        title=texts["places_title"].format(**story.local_counts()),
        subtitle="Places are the areas of the former clinical commissioning groups; partnerships follow the district councils",
        table=local,
        sources=("local_structure",),
        method=texts["method"]["places"],
        code="from ics_core import story\ntable = story.local()",
        alt="A list of the places with their districts and main hospital, and of the partnerships with the place they lie in.",
        columns=texts["places_columns"],
    ),
    lambda: story_charts.pairs(local["name"], local["districts"], local["part_of"], local["detail"]),
)

page.heading("Where the sources disagree", 2)
with st.container(width=page.READING_WIDTH):
    st.markdown(texts["disagreements"])
for one in story.disagreements():
    with st.expander(one.question):
        st.markdown(one.reading)
        st.table(one.claims.rename(columns=texts["claims_columns"]).fillna(""), hide_index=True)
st.markdown(texts["onward"])
