"""Our places: a measure on the map, the services over it, and any place in numbers."""

import streamlit as st

from ics_core import catalogue, geography
from pages.components.frame import address, stage
from pages.components.lists import hospitals
from pages.components.map import services
from pages.figures import places as figures

text = catalogue.toml("text/pages")["places"]
KEEPS = {"bind": "query-params", "persist_state": "session"}


def view() -> figures.View:
    """What the reader looks at now."""
    fields = {"measure": "measure", "level": "level", "aged": "ages", "pcns": "pcn_set", "place": "place"}
    chosen = {field: st.session_state[key] for key, field in fields.items() if st.session_state.get(key) is not None}
    over = st.session_state.get("over", figures.View.over)
    seen = figures.View(**chosen, over=tuple(over))
    return seen if seen.level in figures.levels(seen.measure) else figures.View()


def choose() -> None:
    """The place; what the map shows of which areas, and what over them."""
    pcn_set = st.session_state.get("pcns") or figures.View.pcn_set
    places, measures = figures.places(pcn_set), figures.labels()
    address.heed("place", places, "a place")
    address.heed("measure", measures, "a measure")
    address.heed("level", services.LEVELS, "a level")
    hidden = {"label_visibility": "collapsed"}
    st.selectbox(text["find"], list(places), format_func=places.get, key="place", width=300, **KEEPS, **hidden)
    measure = st.selectbox(
        "Show", list(measures), format_func=measures.get, key="measure", width=300, **KEEPS, **hidden
    )
    levels = figures.levels(measure)
    if st.session_state.get("level") not in (None, *levels):
        st.session_state["level"] = levels[0]
    st.segmented_control(
        "By", levels, default=levels[0], required=True, format_func=services.LEVELS.get, key="level", **KEEPS, **hidden
    )
    with st.popover(text["more"], type="tertiary", key="more-on-the-map"):
        over()
    if measure == "age_band":
        st.slider("Ages (90 is 90 and over)", 0, 90, figures.View.ages, key="aged", width=220, **KEEPS)


def over() -> None:
    """Marks and borders over the areas, and which set of networks."""
    address.heed("over", services.OVER, "a layer")
    address.heed("pcns", geography.PCN_SETS, "a set of networks")
    st.pills(
        "Also on the map",
        list(services.OVER),
        format_func=services.OVER.get,
        selection_mode="multi",
        default=list(figures.View.over),
        key="over",
        wrap=True,
        **KEEPS,
    )
    st.radio(
        "Networks: which set",
        list(geography.PCN_SETS),
        format_func=geography.PCN_SETS.get,
        key="pcns",
        help=text["sets"],
        **KEEPS,
    )


def background() -> None:
    """What there is to know of the place and of the marks on the map."""
    sizes = {
        plural: len(geography.places(level))
        for plural, level in [
            ("districts", "district"),
            ("localities", "locality"),
            ("networks", "pcn"),
            ("practices", "practice"),
            ("neighbourhoods", "msoa"),
            ("small_areas", "lsoa"),
        ]
    }
    seen = view()
    place = figures.profile(seen.place, seen.pcn_set)
    st.markdown(
        f"**{place.name}**: {' · '.join([geography.LEVELS[place.level], *place.within])}. {text['kinds']}".format(
            **sizes
        )
    )
    for caution in figures.cautions(seen):
        st.caption(caution)
    st.markdown("\n".join(f"- {note}" for note in place.notes))
    hospitals.show()
    sites = geography.hospitals(shown=False)
    hidden = sites.loc[sites["show_as"] != "open", "name"]
    st.caption(text["sites"].format(hidden=len(hidden), known=len(sites), names=", ".join(hidden)))


stage.open("places", view, title=text["title"], choose=choose, background=background)
