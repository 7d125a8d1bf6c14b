"""How the NHS was reshaped: partnerships, waves of integrated care systems, 42 boards, then 36."""

import streamlit as st

from ics_core import catalogue, systems
from ics_core.systems import reshaping
from pages.components.charts import systems as system_charts
from pages.components.frame import old_show as figure
from pages.components.frame import page
from pages.components.map import old_draw as map

texts = catalogue.toml("text/pages")["reshaped"]
moments = reshaping.moments()
counts = reshaping.counted()
page.start("reshaped", **counts)

colour_of = system_charts.stage_colours()
dates = dict(zip(moments["moment"], moments["date"], strict=True))
moment = st.select_slider("Move through the years", list(dates), value=list(dates)[-1], key="when", bind="query-params")
step = moments.set_index("moment").loc[moment]
with st.container(width=page.READING_WIDTH):
    st.markdown(
        f"**{moment}.** {step['event']}. Source: {step['publisher']}; it counts {step['published_total']} in all."
        + (f" Named: {step['named']}." if step["named"] else "")
    )

areas = reshaping.areas(dates[moment])
tally = reshaping.tally(dates[moment])
own = areas.set_index("icb_code").loc[systems.NORFOLK_AND_WAVENEY]
numbers = {stage: place for place, stage in enumerate(reshaping.STAGES)}
layer = map.Areas(
    "systems",
    {row.icb_code: numbers[row.stage] for row in areas.itertuples()},
    reshaping.STAGES,
    colours=tuple(colour_of.values()),
    values=dict(zip(areas["icb_code"], areas["detail"], strict=True)),
    say=True,
)
stages = reshaping.stages()
left, right = st.columns([3, 2], gap="large")
with left:
    figure.show(
        figure.Figure(
            id="areas",
            title=f"{moment}: the {len(areas)} areas are {tally}",
            subtitle=f"Stage reached by the areas that were boards from July 2022 to March 2026. Norfolk and Waveney: {own['stage'].lower()}",
            table=areas,
            sources=("systems", "system_successors", "systems_outlines"),
            method=texts["method"]["areas"],
            code=f'from ics_core.systems import reshaping\ntable = reshaping.areas("{dates[moment]}")',
            alt=f"Map of England in {moment}: {tally}.",
            columns={"name": "Area", "stage": "Stage", "detail": "What and when"},
            still=lambda: map.still([layer]),
        ),
        lambda: map.draw(
            "reshaped-map",
            [layer],
            caption=f"Stage of each area in {moment}.",
            height=580,
            selected=systems.NORFOLK_AND_WAVENEY,
            selectable=False,
            fit="systems",
        ),
    )
with right:
    figure.show(
        figure.Figure(
            id="steps",
            title="From {first_named} areas named in {first_wave} to all {boards} in {last_wave}; {remaining} boards since {merged}".format(
                **counts
            ),
            subtitle=f"The {counts['boards']} areas of July 2022 by the stage they had reached after each step",
            table=stages,
            sources=("timeline", "systems", "system_successors"),
            method=texts["method"]["stages"],
            code="from ics_core.systems import reshaping\ntable = reshaping.stages()",
            alt="Bars for each step from partnerships to merged boards; their parts are the number of areas at each stage.",
            columns={"moment": "After", "stage": "Stage", "areas": "Areas"},
        ),
        system_charts.stages(stages, moment, colour_of),
    )

with st.container(width=page.READING_WIDTH):
    st.markdown(texts["counts"].format(**counts))

on = dates[moment]
boards = reshaping.boards(on)
merged = boards[boards["systems"] > 1]


def list_of_boards() -> None:
    if boards.empty:
        st.markdown("There were no boards by law yet. Move the slider to July 2022 or later.")
    for row in merged.itertuples():
        st.markdown(f"- **{row.board}** ({row.ods_code}): {row.formed_from}")
    if not boards.empty and merged.empty:
        st.markdown("Each board covered one area. The table names them all.")


figure.show(
    figure.Figure(
        id="boards",
        title=f"{moment}: {len(boards)} boards by law"
        + (f", {len(merged)} of them with more than one of the old areas" if len(merged) else ""),
        subtitle="NHS integrated care boards in force on the day",
        table=boards,
        sources=("systems", "system_successors"),
        method=texts["method"]["boards"],
        code=f'from ics_core.systems import reshaping\ntable = reshaping.boards("{on}")',
        alt="List of the boards that took over more than one area, with the areas they were formed from.",
        columns={"board": "Board", "ods_code": "NHS code", "since": "Since", "formed_from": "Formed from"},
    ),
    list_of_boards,
)
