"""An indicator in full: its course first, then its figure, cautions, other areas, ranks, and who publishes it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ics_core import ambitions
from ics_core.ambitions import explorer
from pages.components.frame import ambition_pages, page
from pages.components.frame.show import show
from pages.components.lists import ambitions as ambition_list
from pages.figures import indicators as figures
from pages.figures import one_measure, registry

LIST = "list-address"  # search and filters of the list, as the reader left them


def in_full(view: figures.View) -> None:
    """All there is on the indicator of a view; what is chosen here is written in the address."""
    one = view.one
    view = replace(view, area=one.area_code)
    places = figures.areas(view.indicator)
    # Written out each time: a link on this very page changes what is shown, but not the address.
    beside = {"with": list(view.beside)} if view.beside else {}
    st.query_params.from_dict({"indicator": view.indicator, "area": view.area, **beside})
    with page.first_screen():
        page.start("indicator", lead=False, indicator=one.name)
        _choose(view, places)
        ambition_list.answers(one)
        show(*figures.measure(view))
    page.standfirst("indicator", definition=ambitions.definition(view.indicator))
    number, cautions = st.columns([2, 3], gap="large")
    with number:
        st.metric(f"{one.area}, {one.period}", one.latest_text, width="content")
        st.markdown("  \n".join(one_measure.beside_the_number(one)))
    with cautions:
        st.markdown("**Read with care**\n\n" + "\n".join(f"- {line}" for line in one_measure.cautions(one)))
    if len(places) > 1:
        _compared(view, places)
    if one_measure.has_bands(one):
        page.heading("By deprivation", 2)
        show(*figures.bands(view), 3)
    _in_order(view)

    page.heading("What it is and who publishes it", 2)
    st.markdown("\n".join(f"- **{label}:** {words}" for label, words in explorer.about(view.indicator).items()))
    page.link(
        ambition_pages.entry(one.ambition),
        f"Ambition {one.ambition}: {explorer.ambition_names()[one.ambition]}",
        ":material/flag:",
    )


def _choose(view: figures.View, places: dict[str, str]) -> None:
    """Another indicator or area, by typing; the address holds their codes."""
    names = explorer.names()
    st.session_state.update(pick_indicator=view.indicator, pick_area=view.area)
    with page.line():
        st.button("All indicators", icon=":material/arrow_back:", on_click=_back)
        for label, known, key, width in (
            ("Indicator (type to search)", names, "pick_indicator", 420),
            ("Area", places, "pick_area", 300),
        ):
            st.selectbox(
                label,
                list(known),
                format_func=known.get,
                key=key,
                width=width,
                label_visibility="collapsed",
                on_change=_go,
            )


def _back() -> None:
    """Write the list in the address as it was left."""
    st.query_params.from_dict(st.session_state.get(LIST, {}))


def _go() -> None:
    """Write what was picked in the address; an area the indicator lacks gives way to its first one."""
    indicator, area = st.session_state["pick_indicator"], st.session_state["pick_area"]
    area = area if area in figures.areas(indicator) else ambitions.first_area(indicator)
    st.query_params.from_dict({"indicator": indicator, "area": area})


def _compared(view: figures.View, places: dict[str, str]) -> None:
    """Up to four areas side by side, kept in the address as ``?with=``; the comparator where none is chosen."""
    page.heading("Side by side", 2)
    choice = {code: name for code, name in places.items() if code != view.area}
    # A key of its own for each series: the areas of one indicator are not those of another.
    key = f"beside-{view.indicator}-{view.area}"
    st.session_state.setdefault(key, view.side_by_side[1:])
    picked = st.multiselect(
        f"Set beside {view.one.area}, up to {figures.MOST_BESIDE}",
        list(choice),
        format_func=choice.get,
        max_selections=figures.MOST_BESIDE,
        key=key,
        on_change=lambda: st.query_params.update({"with": st.session_state[key]}),
        placeholder="Choose areas",
    )
    try:
        show(*figures.beside(replace(view, beside=tuple(picked))), 3)
    except ValueError as problem:
        st.info(str(problem), icon=":material/info:")


def _in_order(view: figures.View) -> None:
    """Among trusts, districts and systems, where there are enough of them."""
    ranked = ("rank-trust", "rank-district", "systems")
    rankings = [entry for entry in registry.figures("indicators") if entry.id in ranked and entry.when(view)]
    if rankings:
        page.heading("In order", 2)
    for ranking in rankings:
        show(*ranking.make(view), 3)
