"""How far to an acute hospital: a slider of minutes, hospitals switched off, and who is affected."""

import streamlit as st

from ics_core import catalogue, geography
from pages.components.charts import lines as charts
from pages.components.frame import address, page
from pages.components.frame import old_show as figure
from pages.components.frame import stage as present
from pages.components.instant import channel as instant
from pages.components.map import old_draw as map
from pages.components.map import services as place_layers
from pages.figures import travel as figures

text = catalogue.toml("text/pages")["travel"]
page.start("travel")
acute = geography.acute_hospitals().set_index("id")["name"]
answer = st.container()

# Hospitals to leave out. They stand after the answer, and change the whole page.
page.heading(text["what_if"], 3)
with st.container(border=True):
    address.heed("off", acute[list(geography.ACUTE)].to_dict(), "a hospital")
    off = st.pills(
        "Switch off",
        list(geography.ACUTE),
        format_func=acute.get,
        selection_mode="multi",
        key="off",
        bind="query-params",
    )
    border = st.toggle(
        "Count hospitals over the border",
        value=True,
        key="border",
        bind="query-params",
        help=", ".join(acute[list(geography.OVER_BORDER)]) + ".",
    )
    if len(off) == len(geography.ACUTE) and not border:
        st.warning(
            "At least one hospital has to stay: those over the border are counted again.", icon=":material/info:"
        )
        border = True
    if off:
        st.caption(text["switched_off"].format(names=" and ".join(acute[off])))
instant.listen(figures.question(off, border))
arguments = f"without={tuple(off)!r}, over_border={border}"
times = geography.drive_times(off, border).set_index("code")["minutes"]
fixed = [map.Outline("districts", names=True), *place_layers.hospitals(("acute",), evidence=False)]


def within_reach() -> None:
    """The slider and everything that follows it: a fragment, so that a step redraws nothing else."""
    controls, picture = st.columns([1, 3], gap="large")
    with controls:
        address.heed_number("minutes", 10, 60, "a number of minutes")
        minutes = st.slider("Minutes by car, further than", 10, 60, 30, key="minutes", bind="query-params")
        counts = geography.beyond(minutes, off, border)
        figures.headline(minutes, counts)
    shown = [
        map.Areas(
            "lsoas",
            geography.further(times, minutes),
            (f"{minutes} minutes or less", f"over {minutes} minutes"),
            "Drive to an acute hospital",
            values=times,
            unit="minutes",
        ),
        *fixed,
    ]
    everyone = counts.query("level == 'footprint' and group == 'All residents'").iloc[0]
    with picture:
        figure.show(
            figure.Figure(
                id="beyond",
                title=f"{everyone['share']:.0f}% of residents, about {geography.hundreds(everyone['beyond'])} people, live more than {minutes} minutes' drive from an acute hospital",
                subtitle="Car minutes from 624 small areas to the nearest hospital switched on, 2022 model, resident population",
                table=counts,
                sources=("drive_times", "lsoas", "lsoas_outlines"),
                method=text["method"]["map"],
                code=f"from ics_core import geography\ntable = geography.beyond({minutes}, {arguments})",
                alt=f"Map of small areas more than {minutes} minutes' drive from an acute hospital. The table gives the numbers for each district.",
                kind="our calculation",
                columns={
                    "name": "Area",
                    "group": "Group",
                    "people": "People",
                    "beyond": "Further away",
                    "share": "Share, %",
                },
                still=lambda: map.still(shown),
            ),
            lambda: map.draw(
                "travel-map",
                shown,
                caption=f"Areas more than {minutes} minutes' drive from an acute hospital.",
                height=540,
                selectable=False,
            ),
        )


def by_minutes() -> None:
    """The same question for every number of minutes."""
    curve = geography.beyond_by_minutes(off, border)
    half = geography.half_beyond(curve)
    figure.show(
        figure.Figure(
            id="by-minutes",
            title=f"Half of all residents live within {half['All residents']} minutes, half of those in the most deprived fifth within {half['In the most deprived fifth']}",
            subtitle="Share of each group that lives further from an acute hospital than so many minutes by car, %, resident population",
            table=curve,
            sources=("drive_times", "lsoas"),
            method=text["method"]["curve"],
            code=f"from ics_core import geography\ntable = geography.beyond_by_minutes({arguments})",
            alt="Lines of the share of four groups of residents who live further from an acute hospital than 10 to 60 minutes by car.",
            kind="our calculation",
            columns={"minutes": "Minutes", "group": "Group", "share": "Further away, %"},
        ),
        charts.line(curve, "minutes", "share", "group", unit="%", zero=True, x_title="minutes by car"),
    )


with answer:
    present.figures([within_reach, by_minutes] if present.on() else [within_reach])
if not present.on():
    by_minutes()
