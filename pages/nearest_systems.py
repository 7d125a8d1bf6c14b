"""Nearest systems: which are most like one, by characteristics the reader weighs."""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from ics_core import catalogue, systems
from pages.components.charts import systems as system_charts
from pages.components.charts import theme
from pages.components.frame import old_show as figure
from pages.components.frame import page
from pages.components.frame import stage as present
from pages.components.map import old_draw as map
from pages.components.scenario import levers

texts = catalogue.toml("text/pages")["nearest_systems"]
names = systems.names()
head = st.container()
code = system_charts.choose()
name = names[code]
credit = systems.credit(*systems.alike(code)["metric_id"].unique())
with head:
    page.start("nearest_systems", place=name, count=len(names))


def weigh() -> tuple[int, dict[str, float], str]:
    """The sliders: how many systems, the weights, and both as the words of a call."""
    st.markdown(texts["weights"])
    left, right = st.columns(2, gap="medium")
    with left:
        n = int(
            levers.number("neighbours", "How many systems", 1, 10, 1, "", 5, "The number of systems to list and mark.")
        )
    weights = {}
    for place, row in enumerate(systems.characteristics().itertuples()):
        with right if place > 2 else left:
            weights[row.characteristic] = levers.number(
                f"weigh_{row.characteristic}", row.label, 0, 3, 0.1, "times", 1, row.purpose
            )
    moved = {key: weight for key, weight in weights.items() if weight != 1}
    return n, weights, f'"{code}", {n}' + (f", weights={moved}" if moved else "")


def weighed(weights: dict[str, float]) -> bool:
    if not any(weights.values()):
        st.warning(
            "All weights are zero, so no system is nearer than another. Raise at least one of them.",
            icon=":material/balance:",
        )
    return any(weights.values())


@st.fragment
def explore() -> None:
    """Everything, drawn again on its own while a weight moves."""
    answer, sliders = st.columns(2, gap="large")
    with sliders:
        n, weights, call = weigh()
    with answer:
        if not weighed(weights):
            return
        nearest(n, weights, call)
    left, right = st.columns([3, 2], gap="large")
    with left:
        alike(n, weights, call)
    with right:
        where(n, weights, call)


def beside_sliders(draw: Callable[[int, dict[str, float], str], None]) -> Callable[[], None]:
    """One figure with the sliders that move it, for present mode."""

    @wraps(draw)
    def both() -> None:
        answer, sliders = st.columns([3, 2], gap="large")
        with sliders:
            n, weights, call = weigh()
        with answer:
            if weighed(weights):
                draw(n, weights, call)

    return both


def nearest(n: int, weights: dict[str, float], call: str) -> None:
    near = systems.nearest(code, n, weights)
    figure.show(
        figure.Figure(
            id="nearest",
            title=f"{near['name'].iloc[0]} is most like {name}"
            + (f", then {systems.in_a_row(list(near['name'].iloc[1:3]))}" if n > 1 else ""),
            subtitle="Distance by the characteristics beside, 0 is the same; registered patients and residents as each measure says",
            table=near,
            sources=("system_observations",),
            credit=credit,
            method=texts["method"]["nearest"],
            code=f"from ics_core import systems\ntable = systems.nearest({call})",
            alt=f"Bars of the distance from {name}: {systems.in_a_row(list(near['name']))}, nearest first.",
            kind="our calculation",
            columns={
                "rank": "Place",
                "name": "System",
                "distance": "Distance",
                "differs_most_in": "Differs most in",
                "since_2026": "Since April 2026",
            },
        ),
        system_charts.distances(near),
    )


def alike(n: int, weights: dict[str, float], call: str) -> None:
    marks = systems.alike(code, n, weights)
    common = systems.in_common(code, n, weights)
    first = [f"{row.measure.lower()} ({row.side})" for row in common.head(3).itertuples()]
    figure.show(
        figure.Figure(
            id="alike",
            title=f"What sets {name} and its nearest apart: {systems.in_a_row(first)}",
            subtitle="Each characteristic of every system, in standard deviations from their average",
            table=marks,
            sources=("system_observations",),
            credit=credit,
            method=texts["method"]["alike"],
            code=f"from ics_core import systems\ntable = systems.alike({call})",
            alt=f"Strips of marks for {marks['metric_id'].nunique()} measures: {name} a diamond, its nearest circles, all other systems ticks.",
            kind="our calculation",
            columns={
                "label": "Characteristic",
                "measure": "Measure",
                "name": "System",
                "says": "Figure",
                "period": "Period",
                "role": "Shown as",
            },
        ),
        system_charts.strips(marks, name),
    )


def where(n: int, weights: dict[str, float], call: str) -> None:
    colours = theme.palette()
    places = systems.nearest_on_map(code, n, weights)
    layer = map.Areas(
        "systems",
        dict(zip(places["icb_code"], places["class"], strict=True)),
        ("Other systems", "Nearest systems", name),
        colours=(colours.sequence[0], colours.series[3], colours.accent),
        values=dict(zip(places["icb_code"], places["says"], strict=True)),
    )
    regions = places.loc[places["class"] == 1, "region"].value_counts()
    figure.show(
        figure.Figure(
            id="where",
            title=f"Most of the nearest are in one region: {regions.index[0]}"
            if regions.iloc[0] * 2 > n
            else f"The nearest lie in {len(regions)} of the NHS regions",
            subtitle="Systems to March 2026",
            table=places,
            sources=("system_observations", "systems_outlines"),
            credit=credit,
            method=texts["method"]["map"],
            code=f"from ics_core import systems\ntable = systems.nearest_on_map({call})",
            alt=f"Map of the systems of England with {name} and its {n} nearest picked out; they are named in the list above.",
            kind="our calculation",
            columns={"name": "System", "region": "NHS region", "says": "Shown as"},
            still=lambda: map.still([layer]),
        ),
        lambda: map.draw(
            "nearest-map",
            [layer],
            caption=f"{name} and its nearest systems.",
            height=560,
            selected=code,
            selectable=False,
            fit="systems",
        ),
    )


if present.on():
    present.figures([beside_sliders(draw) for draw in (nearest, alike, where)])
else:
    present.switch()
    explore()
