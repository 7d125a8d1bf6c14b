"""Every indicator: find one among all of them, or look at one in full in any area it has."""

import streamlit as st

from ics_core import ambitions, catalogue
from ics_core.ambitions import explorer
from pages.components.frame import address, ambition_pages, page
from pages.components.frame.show import show
from pages.components.lists import ambitions as ambition_list
from pages.figures import indicators as figures
from pages.figures import one_measure, registry

text = catalogue.toml("text/pages")["indicators"]
names = explorer.names()
LIST = "list-address"  # search and filters as the reader left them


def one_of_them(indicator: str, area: str | None, others: list[str]) -> None:
    """An indicator in full; ``area`` and the ``others`` to set beside it as the address has them."""
    places = figures.areas(indicator)
    for code in [*([area] if area is not None else []), *others]:
        if code not in places:
            left_out(code, "an area of this indicator")
    area = area if area in places else ambitions.first_area(indicator)
    others = [code for code in dict.fromkeys(others) if code in places and code != area][: explorer.MOST_COMPARED - 1]
    # Written out each time: a link on this very page changes what is shown, but not the address.
    st.query_params.from_dict({"indicator": indicator, "area": area, **({"with": others} if others else {})})
    one = ambitions.status(indicator, area)
    page.start("indicator", lead=False, indicator=one.name)
    choose(indicator, area, places)
    ambition_list.answers(one)
    show(*figures.measure(view := figures.View(indicator=indicator, area=area)))
    page.standfirst("indicator", definition=ambitions.definition(indicator))
    number, cautions = st.columns([2, 3], gap="large")
    with number:
        st.metric(f"{one.area}, {one.period}", one.latest_text, width="content")
        st.markdown("  \n".join(one_measure.beside_the_number(one)))
    with cautions:
        st.markdown("**Read with care**\n\n" + "\n".join(f"- {line}" for line in one_measure.cautions(one)))
    if len(places) > 1:
        compared(one, places, others)
    if one_measure.has_bands(one):
        page.heading("By deprivation", 2)
        show(*figures.bands(view), 3)
    in_order(one)

    page.heading("What it is and who publishes it", 2)
    st.markdown("\n".join(f"- **{label}:** {words}" for label, words in explorer.about(indicator).items()))
    page.link(
        ambition_pages.entry(one.ambition),
        f"Ambition {one.ambition}: {explorer.ambition_names()[one.ambition]}",
        ":material/flag:",
    )


def choose(indicator: str, area: str, places: dict[str, str]) -> None:
    """Another indicator or area, by typing; the address holds their codes."""
    st.session_state.update(pick_indicator=indicator, pick_area=area)
    with page.line():
        st.button("All indicators", icon=":material/arrow_back:", on_click=go)
        st.selectbox(
            "Indicator (type to search)",
            list(names),
            format_func=names.get,
            key="pick_indicator",
            width=420,
            label_visibility="collapsed",
            on_change=lambda: go(st.session_state["pick_indicator"], area),
        )
        st.selectbox(
            "Area",
            list(places),
            format_func=places.get,
            key="pick_area",
            width=300,
            label_visibility="collapsed",
            on_change=lambda: go(indicator, st.session_state["pick_area"]),
        )


def go(indicator: str | None = None, area: str | None = None) -> None:
    """Write the choice in the address, or the list as it was left; an area it lacks gives way to its first one."""
    if indicator is None:
        st.query_params.from_dict(st.session_state.get(LIST, {}))
        return
    held = set(ambitions.areas(indicator)["area_code"])
    st.query_params.from_dict(
        {"indicator": indicator, "area": area if area in held else ambitions.first_area(indicator)}
    )


def compared(one: ambitions.Status, places: dict[str, str], others: list[str]) -> None:
    """Up to four areas side by side, kept in the address as ``?with=``; the comparator where none is chosen."""
    page.heading("Side by side", 2)
    choice = {code: name for code, name in places.items() if code != one.area_code}
    # A key of its own for each series: the areas of one indicator are not those of another.
    key = f"beside-{one.indicator_id}-{one.area_code}"
    st.session_state.setdefault(key, others or explorer.beside(one.indicator_id, one.area_code))
    picked = st.multiselect(
        f"Set beside {one.area}, up to {explorer.MOST_COMPARED - 1}",
        list(choice),
        format_func=choice.get,
        max_selections=explorer.MOST_COMPARED - 1,
        key=key,
        on_change=lambda: st.query_params.update({"with": st.session_state[key]}),
        placeholder="Choose areas",
    )
    try:
        show(*one_measure.beside(one, [one.area_code, *picked]), 3)
    except ValueError as problem:
        st.info(str(problem), icon=":material/info:")


def in_order(one: ambitions.Status) -> None:
    """Among trusts, districts and systems, where there are enough of them."""
    view = figures.View(indicator=one.indicator_id, area=one.area_code)
    ranked = ("rank-trust", "rank-district", "systems")
    rankings = [entry for entry in registry.figures("indicators") if entry.id in ranked and entry.when(view)]
    if rankings:
        page.heading("In order", 2)
    for ranking in rankings:
        show(*ranking.make(view), 3)


def all_of_them() -> None:
    """Search, filters, the list, and what is missing."""
    page.start("indicators", lead=False, count=len(names))
    search = st.text_input(
        "Search",
        label_visibility="collapsed",
        type="search",
        key="search",
        bind="query-params",
        live=True,
        max_chars=80,
        placeholder=text["search"],
    )
    choices = figures.filters()
    chosen = {}
    for key, (label, named) in choices.items():
        address.heed(key, named, f"a filter under {label}")
    narrowed = any(key in st.query_params for key in choices)
    with st.expander(text["filters"], icon=":material/filter_list:", expanded=narrowed), st.container(horizontal=True):
        for key, (label, named) in choices.items():
            chosen[key] = st.selectbox(
                label,
                list(named),
                index=None,
                format_func=named.get,
                placeholder="All",
                key=key,
                bind="query-params",
                width=270,
            )
    ambition = int(chosen["ambition"]) if chosen["ambition"] else None
    view = figures.View(search, ambition, chosen["state"], chosen["often"], chosen["areas"])
    if view.found.empty:
        st.info(text["nothing"], icon=":material/search_off:")
        st.button("Clear the search", on_click=clear, args=(tuple(choices),))
    else:
        show(*figures.found(view))
    show(*figures.gaps(view))
    page.standfirst("indicators", count=len(names))
    st.session_state[LIST] = {
        key: value for key, value in st.query_params.to_dict().items() if key in ("search", *choices)
    }


def left_out(asked: str, what: str) -> None:
    # As code, so that nothing in the address can pass for a part of the page.
    st.warning(
        f"The address asks for {what} that is not known here: `{asked[:60].replace('`', '')}`. It was left out.",
        icon=":material/wrong_location:",
    )


def clear(keys: tuple[str, ...]) -> None:
    st.session_state.update({"search": "", **dict.fromkeys(keys)})


asked = st.query_params.get("indicator")
if asked in names:
    one_of_them(asked, st.query_params.get("area"), st.query_params.get_all("with"))
else:
    if asked is not None:
        left_out(asked, "an indicator")
    all_of_them()
