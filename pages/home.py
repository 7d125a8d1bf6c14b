"""Home: what this is, the area on a map, the eight ambitions at a glance, where to start."""

import streamlit as st

from ics_core import ambitions, catalogue, geography, words
from pages.components.charts import lines as charts
from pages.components.charts import theme
from pages.components.frame import ambition_pages, page
from pages.components.frame import old_show as figure
from pages.components.map import old_draw as map

STATES = {
    "improving": ":material/trending_up: improving",
    "concerning": ":material/trending_down: getting worse",
    "missing target": ":material/flag: short of target",
    "no recent data": ":material/history: old figure",
}

facts = geography.facts().set_index("fact")
residents = geography.measure("residents", "district")
hospitals = geography.hospitals()
acute = hospitals[hospitals["site_type"] == "acute"]
tiles = ambitions.tiles()

page.start("home")
with st.container(horizontal=True, gap="medium"):
    for label, icon, path in catalogue.toml("text/home")["start"]:
        with st.container(width=250):
            page.link(path, label, icon)

with st.container(horizontal=True, gap="small"):
    for fact in facts.itertuples():
        with st.container(width=152):
            st.metric(fact.Index, f"{fact.value:,.0f}")
            st.caption(f"{words.day(fact.as_at)}: {fact.basis}")


def area() -> None:
    layers = [
        map.Areas(
            "districts",
            dict.fromkeys(residents["code"], 0),
            ("District",),
            colours=(theme.palette().sequence[1],),
            values=dict(zip(residents["code"], residents["value"], strict=True)),
            unit="residents, mid-2024",
        ),
        map.Outline("districts", names=True),
        map.Points(acute, "Acute hospital with a major A&E", shape="cross", radius=9),
    ]
    map.draw("home-map", layers, caption=AREA.alt, height=430, selectable=False)


AREA = figure.Figure(
    id="area",
    title=f"{len(acute)} acute hospitals serve {facts.loc['Residents', 'value']:,.0f} residents in {len(residents)} districts",
    subtitle=f"Districts as they were to March 2019 and acute hospitals; residents, {residents['period'].iloc[0]}",
    table=residents,
    sources=("lsoas", "districts_outlines", "hospitals"),
    method=catalogue.text("home_area"),
    code='from ics_core import geography\ntable = geography.measure("residents", "district")',
    alt=f"Map of Norfolk and Waveney from the Wash to Southwold with its {len(residents)} districts and the acute hospitals: {', '.join(acute['name'])}.",
    columns={"name": "District", "value": "Residents", "period": "Date"},
)
figure.show(AREA, area)


def glance() -> None:
    for row in (tiles.iloc[:4], tiles.iloc[4:]):
        for column, tile in zip(st.columns(4), row.itertuples(), strict=True):
            with column.container(border=True, height="stretch"):
                page.link(ambition_pages.entry(tile.number), f"**{tile.number}. {tile.ambition_name}**")
                st.markdown(tile.name)
                st.metric(tile.name, tile.latest_text, label_visibility="collapsed")
                st.altair_chart(
                    charts.sparkline(tile.recent), alt=f"{tile.name}, recent values, the last {tile.latest_text}"
                )
                england = f" {tile.comparator}: {tile.comparator_text}." if tile.comparator_text else ""
                st.caption(
                    f"{tile.area}, {tile.period}; a year before: {tile.change_text}. Target: {tile.target_text}.{england}"
                )
                st.markdown(
                    "  \n".join(STATES[state] for state in tile.states) or ":material/trending_flat: no clear change"
                )


counts = {state: int(tiles["states"].map(lambda states, state=state: state in states).sum()) for state in STATES}
figure.show(
    figure.Figure(
        id="ambitions",
        title=f"Of the eight ambitions, {counts['improving']} headline measures are improving and {counts['missing target']} are short of their target",
        subtitle="One headline measure for each ambition of the Joint Forward Plan of July 2023, latest published value; the small lines show the last two years of values",
        table=tiles.drop(columns=["recent", "states"]),
        sources=("indicators", "observations", "targets"),
        method=catalogue.text("home_ambitions"),
        code='from ics_core import ambitions\ntable = ambitions.tiles().drop(columns=["recent", "states"])',
        alt="Eight tiles, one for each ambition, each with the name of a measure, its latest value and date, its target and how it is moving.",
        columns={
            "ambition_name": "Ambition",
            "name": "Measure",
            "area": "Area",
            "latest_text": "Latest",
            "period": "Date",
            "target_text": "Target",
            "comparator_text": "England",
        },
    ),
    glance,
)
