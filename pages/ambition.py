"""One ambition: how one of its measures does, then all of them, what if, its milestones. Serves all eight."""

import streamlit as st

from ics_core import ambitions, catalogue
from pages.components.frame import address, ambition_pages, choices, page, problems
from pages.components.frame.show import folded, show
from pages.components.lists import ambitions as ambition_list
from pages.components.scenario import levers
from pages.figures import ambitions as figures
from pages.figures import one_measure

number = ambition_pages.number()
about = ambitions.ambition(number)
text = catalogue.toml("text/pages")["ambition"]

# The answer first: which measure, the three questions answered, its chart.
with page.first_screen():
    page.heading(text["title"].format(**about), 1)
    with page.line():
        measures = ambitions.measures(number)
        address.heed("indicator", measures, "a measure")
        hidden = {"label_visibility": "collapsed"}
        indicator = choices.one("Measure", measures, "indicator", next(iter(measures)), width=420, **hidden)
        places = figures.areas(indicator)
        address.heed("area", places, "an area")
        area = choices.one("Area", places, "area", ambitions.first_area(indicator), width=260, **hidden)
    view = figures.View(number, indicator, area)
    one = view.one
    ambition_list.answers(one)
    show(*figures.measure(view))
with st.expander(text["notes"]):
    for line in one_measure.notes(one):
        st.markdown(line)

others = {code: name for code, name in places.items() if code != area}
if others:
    address.heed("beside", others, "an area")
    beside = st.multiselect(
        "Set beside",
        list(others),
        default=view.others,
        max_selections=figures.MOST_BESIDE,
        format_func=others.get,
        key="beside",
        bind="query-params",
    )
    if beside:
        try:
            show(*figures.beside(figures.View(number, indicator, area, tuple(beside))), 3)
        except ValueError as problem:
            st.info(str(problem))
if one_measure.has_bands(one):
    show(*figures.bands(view), 3)


@st.fragment
@problems.part
def what_if() -> None:
    scale = ambitions.slider(indicator, area)
    change = levers.number(
        "pace", "Improvement a month", 0.0, scale.high, scale.step, scale.unit, scale.start, help=scale.help
    )
    show(*figures.what_if(figures.View(number, indicator, area, change=change)), 3)


page.heading("What if it improved by a little every month?", 3)
if view.slider is None:
    st.markdown(text["neutral"])
else:
    st.markdown(text["what_if"])
    what_if()

with st.expander(text["targets"]):
    for said in one_measure.counted(one):
        st.markdown(said)
    if ambitions.target_words(indicator, area):
        with st.expander(text["sources"]):
            sources = ambitions.target_table(indicator, area)[list(text["source_columns"])].fillna("")
            st.table(sources.rename(columns=text["source_columns"]), hide_index=True, alt=text["sources"])

page.heading("The ambition as a whole", 2)
with st.expander(text["story"]):
    with st.container(width=page.READING_WIDTH):
        st.markdown(text["standfirst"].format(**about))
        st.markdown(ambitions.story(number))

show(*figures.headlines(view))
folded(*figures.milestones(view))
with st.expander(text["objectives"]):
    st.markdown(
        "\n".join(
            f"- **{o.objective_id}** {o.objective} ({o.state if o.milestones else 'no milestone found'})"
            for o in ambitions.objectives(number).itertuples()
        )
    )

if len(ambitions.gaps(number)):
    folded(*figures.gaps(view))

with st.container(horizontal=True, gap="medium"):
    page.link("pages/ambitions.py", "All eight ambitions", ":material/apps:")
    for other in (number - 1, number + 1):
        if 1 <= other <= 8:
            page.link(
                ambition_pages.entry(other),
                ambition_pages.entry(other).title,
                ":material/arrow_forward:" if other > number else ":material/arrow_back:",
            )
