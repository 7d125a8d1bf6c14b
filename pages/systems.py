"""Systems: all 42 on a map, ranked on any measure, and in a table to sort."""

import streamlit as st

from ics_core import catalogue, systems
from pages.components.charts import systems as system_charts
from pages.components.frame import old_show as figure
from pages.components.frame import page
from pages.components.map import old_draw as map

method = catalogue.toml("text/pages")["systems"]["method"]
names = systems.names()
head = st.container()
one, two, three = st.columns([3, 5, 2])
with one:
    code = system_charts.choose()
with two:
    measure = system_charts.choose_measure("qof_dementia")
with three:
    period = system_charts.choose_period(measure)
name = names[code]
with head:
    page.start("systems", count=len(names), place=name)

# One measure, all systems.
about = systems.metrics().set_index("metric_id").loc[measure]
stands = systems.rank(measure, code, period)
finding = (
    f"{name} is {stands.position}, at {systems.worded(stands.value, stands.unit)}"
    if stands
    else f"{systems.NOT_FOUND} for {name}"
)
england = systems.england_in_words(measure, period)
subtitle = f"{about['metric']}, {systems.when(period)}. {england}"
credit = systems.credit(measure, period=period)


def set_system(clicked: str) -> None:
    st.session_state["system"] = clicked


left, right = st.columns(2, gap="large")
with left:
    fifths = systems.fifths(measure, period)
    groups = fifths.dropna(subset=["fifth"]).drop_duplicates("fifth").sort_values("fifth")
    top = systems.regions(measure, period).iloc[0]
    layer = map.Areas(
        "systems",
        dict(zip(fifths["icb_code"], fifths["fifth"], strict=True)),
        tuple(groups["range"]),
        values=dict(zip(fifths["icb_code"], fifths["says"], strict=True)),
    )
    figure.show(
        figure.Figure(
            id="map",
            title=f"{about['label']}: highest in the {top['region']}, by the median of its systems",
            subtitle=subtitle,
            table=fifths,
            sources=("system_observations", "systems_outlines"),
            credit=credit,
            method=method["map"],
            code=f'from ics_core import systems\ntable = systems.fifths("{measure}", "{period}")',
            alt=f"Map of the systems of England shaded by {about['metric']}. {finding}. Every figure is in the table.",
            columns={"name": "System", "says": "Figure", "range": "Group"},
            still=lambda: map.still([layer]),
        ),
        lambda: map.draw(
            "systems-map",
            [layer],
            caption=f"{about['metric']}. {finding}.",
            height=600,
            selected=code,
            on_click=set_system,
            fit="systems",
        ),
    )
with right:
    ranking = systems.distribution(measure, code, period)
    figure.show(
        figure.Figure(
            id="rank",
            title=f"{about['label']}: {finding}",
            subtitle=subtitle,
            table=ranking,
            sources=("system_observations",),
            credit=credit,
            method=method["rank"],
            code=f'from ics_core import systems\ntable = systems.distribution("{measure}", "{code}", "{period}")',
            alt=f"Bars of {about['metric']} for each system from highest to lowest. {finding}. {england}.",
            columns={"rank": "Rank", "name": "System", "says": "Figure", "basis": "How it was made"},
        ),
        system_charts.ranked(ranking, name, about["unit"], systems.england(measure, period)[0], england),
    )

with st.container(width=page.READING_WIDTH):
    st.markdown(
        "\n".join(["**Before you compare**", "", *(f"- {caution}" for caution in systems.cautions(measure, period))])
    )

# All of them, to sort.
st.divider()
columns = {
    "name": "System",
    "region": "NHS region",
    "registered": "Registered patients",
    "resident": "Residents",
    "share_65_over": "Aged 65 and over, %",
    "deprivation": "Deprivation score",
    "rural_share": "Rural, %",
    "practices": "GP practices",
    "pcns": "Networks",
    "councils": "Councils",
    "announced": "Announced",
    "since_2026": "Since April 2026",
}
with st.container(horizontal=True, vertical_alignment="bottom"):
    by = st.selectbox(
        "Sort all systems by",
        list(columns),
        index=2,
        format_func=columns.get,
        key="sort",
        bind="query-params",
        width=280,
    )
    down = st.toggle("Highest first", value=True, key="down", bind="query-params")
table = systems.overview(by, down)
first, last = table.iloc[0]["name"], table.iloc[-1]["name"]


def sorted_table() -> None:
    shown = table.rename(columns=columns)[list(columns.values())].style.format(precision=1, thousands=",")
    st.table(shown, hide_index=True, height=480, alt=f"The systems sorted by {columns[by]}")


figure.show(
    figure.Figure(
        id="all",
        title=f"All {len(table)} systems by {columns[by].lower()}: from {first} to {last}",
        subtitle="Registered patients, January 2026, and their ages; residents, 2021 Census, and the share in rural areas; deprivation 2025",
        table=table,
        sources=("system_observations", "systems", "system_successors"),
        credit=systems.credit("reg_pop", "census_pop", "imd2025_avg_score", "rural_share_2021"),
        method=method["overview"],
        code=f'from ics_core import systems\ntable = systems.overview("{by}", {down})',
        alt=f"Table of the {len(table)} systems sorted by {columns[by]}.",
        columns=columns,
    ),
    sorted_table,
)
