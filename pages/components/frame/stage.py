"""The stage: finding, key results, one picture and the levers that move it, on one screen at every size.

A page gives its name, its view (the reader's choices, read afresh each time) and its controls; the figures come
from the registry. Nothing off the screen is worked out: the figure on the stage is the only one made, on the long
page each is made as it comes into view. Present mode is the same stage with type in proportion to the window.

Layout is hung on the keys of our own containers, which Streamlit turns into class names for this use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from ics_core.area import AREA
from ics_core.errors import FigureError
from ics_core.figure import KINDS
from pages.components.charts import theme
from pages.components.frame import address, keys, mode, numbers, order, page, problems, show
from pages.components.instant import channel as instant
from pages.components.scenario import bar, levers, ranges
from pages.figures import registry
from pages.figures.registry import Entry

_STYLE = Path(__file__).with_name("stage.css")
_MOST_IN_A_ROOM = 3  # levers
OWN = {"population", "demand", "money", "travel", "places", "nearest-systems", "outlook_2018"}  # pages that open on one

Control = Callable[[], object]
View = Callable[[], Any]


def open(
    name: str,
    view: View,
    *,
    title: str,
    choose: Control | None = None,
    groups: tuple[str, ...] = (),
    controls: Mapping[str, Control] | None = None,
    beside: Control | None = None,
    background: Control | None = None,
) -> None:
    """Show page ``name`` on a stage, or as a long page where the address asks for it.

    ``choose`` draws the choices of the whole page in one line, ``controls`` those of one figure by its id.
    ``groups`` are the groups of levers that move the figures; a page without levers may have controls of its own
    ``beside`` the picture. ``background`` draws what else there is to read, on demand.
    """
    levers.forget_figures()
    instant.ready(name)
    reading = bool(mode.reading()) and not mode.presenting()
    mode.take_the_stage(not reading)
    if reading:
        _read(name, view, title, choose, groups, controls or {}, beside, background)
        levers.live("asks", lambda: instant.listen(name, view()))
        return
    st.html(_STYLE)
    with st.container(key="room" if mode.presenting() else "stage"):
        with st.container(key="choices", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f"<h1>{escape(title)}</h1>")
            if groups:
                levers.live("scenario", bar.choose, shows=bar.chosen)
            if choose:
                choose()
            shown = _shown(name, view)
            if order.playing() and mode.presenting():
                order.where()
            else:
                _more(shown, view, background)
        _body(name, view, shown, controls or {})
        if groups or beside:
            with st.container(key="levers"):
                if beside:
                    beside()
                if groups:
                    levers.live("tools", levers.tools, shows=levers.usable)
                    levers.panel(groups, _MOST_IN_A_ROOM if mode.presenting() else 0)
                    if not mode.presenting():
                        levers.live("said", lambda: bar.said(groups))
                        ranges.show(groups)
        levers.live("asks", lambda: instant.listen(name, view()))
    keys.dialogs({entry.id: entry.name for entry in shown})
    keys.listen({entry.id: entry.name for entry in shown}, mode.presenting())


def in_room(current: st.Page) -> bool:
    """In present mode: the figures of a page that is read elsewhere, for the choices of its address.

    False, and nothing shown, where the page has no figures or stands on a stage by itself.
    """
    name, asked = _asked(current)
    if name in OWN or name not in registry.MODULES:
        return False
    view, notes = registry.view(name).from_query(asked)
    for note in notes:
        st.info(note, icon=":material/info:")
    open(name, lambda: view, title=current.title)
    return True


def alone(current: st.Page) -> bool:
    """Within a page of another site: the figure that the address names, its source and the way here, and no more.

    False, and nothing shown, where the app is not embedded or no figure is named.
    """
    name, asked = _asked(current)
    if not st.context.is_embedded or keys.FIGURE not in asked or name not in registry.MODULES:
        return False
    named = [entry for entry in registry.figures(name) if entry.name == asked[keys.FIGURE]]
    view, notes = registry.view(name).from_query(asked)
    for note in notes:
        st.info(note, icon=":material/info:")
    try:
        entry = named[0] if named else registry.entry(name, str(asked[keys.FIGURE]))
        if not entry.when(view):
            raise FigureError(f"For these choices there is no figure {entry.name!r}.")
    except FigureError as problem:
        st.error(str(problem), icon=":material/wrong_location:")
        return True
    instant.ready(name)
    figure, picture = registry.made(entry, view, theme.palette())
    page.heading(figure.finding, 1)
    show.draw(figure, picture)
    here = f"{current.url_path}?{urlencode(asked | {keys.FIGURE: entry.id}, doseq=True)}"
    st.caption(f"{figure.subtitle}. {KINDS[figure.kind]}. {figure.source} [{AREA.title}]({here}). Unofficial.")
    return True


def _asked(current: st.Page) -> tuple[str, dict[str, Any]]:
    """The name of a page in the registry of figures, and the choices of the address."""
    name, chosen = registry.page_at(current.url_path)
    several = {key: st.query_params.get_all(key) for key in st.query_params}
    return name, {key: values[0] if len(values) == 1 else values for key, values in several.items()} | chosen


def _body(name: str, view: View, shown: tuple[Entry, ...], controls: Mapping[str, Control]) -> None:
    names = {entry.id: entry.name for entry in shown}
    address.heed(keys.FIGURE, names, "a figure of this page")
    strip = registry.key_results(name)

    def head() -> None:
        if order.hidden():
            st.html(order.question())
            return
        seen = view()
        entry = _on_stage(shown, seen)
        if entry is None:
            return
        figure, _ = registry.made(entry, seen, theme.palette())
        results = strip.make(seen) if strip else figure.numbers
        st.html(f"<h2 data-instant='finding-{entry.id}'>{escape(figure.finding)}</h2>{numbers.row(results)}")

    def picture() -> None:
        if order.hidden():
            return
        seen = view()
        entry = _on_stage(shown, seen)
        if entry is None:
            return
        with st.container(key="picture", height="stretch", horizontal=keys.wide(), gap="medium"):
            _picture(entry, seen)
            if keys.wide() and len(shown) > 1:
                _picture(shown[(shown.index(entry) + 1) % len(shown)], seen, beside=True)

    def figures() -> None:
        if order.hidden():
            return
        entry = _on_stage(shown, view())
        if entry is None:
            return
        with st.container(key="figures", horizontal=True, vertical_alignment="center", gap="small"):
            if len(shown) > 1:
                _names(names, registry.first(shown).id)
            if control := controls.get(entry.id):
                control()

    with st.container(key="answer", height="stretch", gap="xsmall"):
        levers.live("head", head)
        if len(shown) > 1 or controls:
            levers.live("figures", figures, moves=False)
        levers.live("picture", picture)


def _picture(entry: Entry, seen: Any, beside: bool = False) -> None:
    figure, picture = registry.made(entry, seen, theme.palette())
    with st.container(key="beside" if beside else "chosen", height="stretch", gap="xsmall"):
        if beside:
            st.html(f"<h3>{escape(figure.finding)}</h3>")
        show.draw(figure, picture, "stretch")
        paper = f'<span class="on-paper"> {escape(figure.source)}</span>'
        st.html(f'<p class="about">{show.said(figure)}{paper}</p>')


def _shown(name: str, view: View) -> tuple[Entry, ...]:
    """The figures that the page has for these choices."""
    return tuple(entry for entry in registry.figures(name) if entry.when(view()))


def _on_stage(shown: tuple[Entry, ...], seen: Any) -> Entry | None:
    """The figure the reader chose, else the first; None where the choices leave none."""
    left = [entry for entry in shown if entry.when(seen)]
    # In the first run of a deep link the control that reads the address is still to come.
    asked = st.session_state.get(keys.FIGURE) or st.query_params.get(keys.FIGURE)
    chosen = [entry for entry in left if asked in (entry.id, entry.name)]
    return chosen[0] if chosen else registry.first(left) if left else None


def _names(names: Mapping[str, str], first: str) -> None:
    st.segmented_control(
        "Figure",
        list(names),
        default=first,  # the address names any other
        required=True,
        format_func=names.get,
        key=keys.FIGURE,
        bind="query-params",
        label_visibility="collapsed",
        wrap=False,
        on_change=keys.turn,
    )


def _more(shown: tuple[Entry, ...], view: View, background: Control | None) -> None:
    """What is one touch away: the table, downloads, source, method and code of the figure; the long page."""

    @st.fragment(key="more")
    @problems.part
    def more() -> None:
        with st.container(key="more", horizontal=True, vertical_alignment="center", gap="small"):
            box = st.popover(
                "Table, source, method",
                icon=":material/table_view:",
                on_change="rerun",
                type="tertiary",
                key="about",
            )
            if box.open:
                seen = view()
                entry = _on_stage(shown, seen)
                with box:
                    if entry is None:
                        st.stop()
                    figure, picture = registry.made(entry, seen, theme.palette())
                    st.caption(f"{figure.subtitle}. {figure.source}")
                    show.parts(figure, picture)
            if background:
                told = st.popover(
                    "Background", icon=":material/menu_book:", on_change="rerun", type="tertiary", key="background"
                )
                if told.open:
                    with told:
                        background()
            if not mode.presenting():
                st.button("Read all", icon=":material/article:", type="tertiary", on_click=_read_all, key="read-all")

    more()


def _read_all() -> None:
    st.query_params["read"] = "all"


def _stop_reading() -> None:
    del st.query_params["read"]


# ------------------------------------------------------------------------------------ the long page


def _read(
    name: str,
    view: View,
    title: str,
    choose: Control | None,
    groups: tuple[str, ...],
    controls: Mapping[str, Control],
    beside: Control | None,
    background: Control | None,
) -> None:
    """All figures one below the other, with the same choices and levers above them."""
    page.heading(title, 1)
    with st.container(horizontal=True, gap="small"):
        st.button("Back to one screen", icon=":material/fit_screen:", on_click=_stop_reading, key="stop-reading")
        if mode.reading() == "all":
            st.button("Draw all, to print", icon=":material/print:", on_click=_print, key="draw-all")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if choose:
            choose()
    if groups or beside:
        with st.expander("Levers" if groups else "Controls", icon=":material/tune:", expanded=False):
            if beside:
                beside()
            if groups:
                levers.live("scenario", bar.choose, shows=bar.chosen)
                levers.live("tools", levers.tools, shows=levers.usable)
                levers.panel(groups)
                ranges.show(groups)
    if groups:
        levers.live("said", lambda: bar.said(groups))
    strip = registry.key_results(name)
    if strip:
        levers.live("results", lambda: numbers.show(strip.make(view())))
    for entry in _shown(name, view):
        as_it_comes(entry, view, controls.get(entry.id))
    if background:
        background()


def _print() -> None:
    st.query_params["read"] = "print"


def as_it_comes(entry: Entry, view: View, control: Control | None = None, level: int = 2) -> None:
    """One figure of a page to read: drawn when it comes into view, and again when a lever moves it."""
    seen = st.session_state.setdefault("figures-seen", set())

    def draw() -> None:
        if mode.reading() != "print" and entry.id not in seen:
            if keys.came_into_view(entry.id):
                seen.add(entry.id)
            else:
                page.heading(entry.name, level)
                st.skeleton(height=420)
                return
        if control:
            control()
        show.show(*registry.made(entry, view(), theme.palette()), level=level)

    levers.live(entry.id, draw)
