"""Every indicator: find one among all of them, or look at one in full in any area it has."""

import streamlit as st

from ics_core import catalogue
from ics_core.ambitions import explorer
from pages.components.frame import address, choices, page
from pages.components.frame.show import show
from pages.components.lists import one_indicator
from pages.figures import indicators as figures

text = catalogue.toml("text/pages")["indicators"]


def all_of_them() -> None:
    """Search, filters, the list, and what is missing."""
    count = len(explorer.names())
    page.start("indicators", lead=False, count=count)
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
    filters = figures.filters()
    for key, (label, named) in filters.items():
        address.heed(key, named, f"a filter under {label}")
    narrowed = any(key in st.query_params for key in filters)
    with st.expander(text["filters"], icon=":material/filter_list:", expanded=narrowed), st.container(horizontal=True):
        chosen = {
            key: choices.one(label, named, key, placeholder="All", width=270) for key, (label, named) in filters.items()
        }
    ambition = int(chosen["ambition"]) if chosen["ambition"] else None
    view = figures.View(search, ambition, chosen["state"], chosen["often"], chosen["areas"])
    if view.found.empty:
        st.info(text["nothing"], icon=":material/search_off:")
        st.button("Clear the search", on_click=clear, args=(tuple(filters),))
    else:
        show(*figures.found(view))
    show(*figures.gaps(view))
    page.standfirst("indicators", count=count)
    st.session_state[one_indicator.LIST] = {
        key: value for key, value in st.query_params.to_dict().items() if key in ("search", *filters)
    }


def clear(keys: tuple[str, ...]) -> None:
    st.session_state.update({"search": "", **dict.fromkeys(keys)})


asked = {key: st.query_params[key] for key in ("indicator", "area") if key in st.query_params}
one, notes = figures.View.from_query(asked | {"with": st.query_params.get_all("with")})
for note in notes:
    st.warning(note, icon=":material/wrong_location:")
if one.indicator:
    one_indicator.in_full(one)
else:
    all_of_them()
