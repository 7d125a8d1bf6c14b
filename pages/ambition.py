"""One ambition in full: its story, its measures, what if, its milestones, and what has no figure. Serves all eight."""

import streamlit as st

from ics_core import ambitions, catalogue
from pages.components.frame import address, ambition_pages, page
from pages.components.frame import old_show as figure
from pages.components.lists import ambitions as ambition_list
from pages.components.scenario import levers
from pages.figures import ambitions as ambition_figures
from pages.figures import indicators as indicator_figures

number = ambition_pages.number()
text = catalogue.toml("text/pages")["ambition"]
headlines = ambitions.overview()
headlines = headlines[headlines["ambition"] == number]

page.start("ambition", **ambitions.ambition(number))
with st.container(width=page.READING_WIDTH):
    st.markdown(ambitions.story(number))

figure.show(ambition_figures.headlines(number, headlines), lambda: ambition_list.cards(headlines.itertuples()))

page.heading("One measure in full", 2)
measures = ambitions.measures(number)
left, right = st.columns(2)
address.heed("indicator", measures, "a measure")
indicator = left.selectbox("Measure", list(measures), format_func=measures.get, key="indicator", bind="query-params")
places = ambitions.areas(indicator).set_index("area_code")["area"].to_dict()
first = ambitions.first_area(indicator)
address.heed("area", places, "an area")
area = right.selectbox(
    "Area", list(places), index=list(places).index(first), format_func=places.get, key="area", bind="query-params"
)
one = ambitions.status(indicator, area)

for column, (question, answer) in zip(st.columns(3), ambitions.answers(one).items(), strict=True):
    with column.container(border=True, height="stretch"):
        st.markdown(f"**{question}**  \n{answer}")

figure.show(*ambition_figures.series(one))
for place, found in enumerate(one.breaks, start=1):
    st.markdown(f"**{place}** · {ambitions.format_day(found.date)}: {found.reason}.")
st.markdown(
    f":material/info: {one.chart_reason}"
    + ("" if one.comparator is None else f" {one.comparator}: {one.comparator_text} ({one.comparator_note}).")
)
for caveat in one.caveats:
    st.markdown(f":material/warning: {caveat}")

others = [code for code in places if code != area]
if others:
    address.heed("beside", {code: places[code] for code in others}, "an area")
    beside = st.multiselect(
        "Set beside",
        others,
        default=["E92000001"] if "E92000001" in others else [],
        max_selections=3,
        format_func=places.get,
        key="beside",
        bind="query-params",
    )
    if beside:
        try:
            figure.show(*indicator_figures.beside(one, [area, *beside]))
        except ValueError as problem:
            st.info(str(problem))
if not ambitions.bands(indicator, area).empty:
    figure.show(*ambition_figures.bands(one))


@st.fragment
def what_if() -> None:
    scale = ambitions.slider(indicator, area)
    change = levers.number(
        "pace", "Improvement a month", 0.0, scale.high, scale.step, scale.unit, scale.start, help=scale.help
    )
    figure.show(*ambition_figures.what_if(one, ambitions.projected(indicator, area, change), change))


page.heading("What if it improved by a little every month?", 3)
if one.better == "neither":
    st.markdown(text["neutral"])
else:
    st.markdown(text["what_if"])
    what_if()

page.heading("Targets and definition", 3)
st.markdown(f"**What it counts.** {ambitions.definition(indicator)} {one.source}.")
drawn, near = ambitions.target_words(indicator, area), ambitions.related(indicator).fillna("no date")
if drawn:
    st.markdown("**Targets**\n" + "\n".join(f"- {words}" for words in drawn))
if len(near):
    st.markdown(
        "**On the same subject, but not the same measure, so not drawn**\n"
        + "\n".join(f"- {n.metric}: {n.target}, {n.date} ({n.scope}). {n.why_not_drawn}." for n in near.itertuples())
    )
if not drawn and not len(near):
    st.markdown(text["none_in_words"])

figure.show(*ambition_figures.timeline(number))
st.markdown(
    "\n".join(
        f"- **{o.objective_id}** {o.objective} ({o.state if o.milestones else 'no milestone found'})"
        for o in ambitions.objectives(number).itertuples()
    )
)

if len(ambitions.gaps(number)):
    figure.show(*indicator_figures.gaps(number))

with st.container(horizontal=True, gap="medium"):
    page.link("pages/ambitions.py", "All eight ambitions", ":material/apps:")
    for other in (number - 1, number + 1):
        if 1 <= other <= 8:
            page.link(
                ambition_pages.entry(other),
                ambition_pages.entry(other).title,
                ":material/arrow_forward:" if other > number else ":material/arrow_back:",
            )
