"""Present mode: for a public meeting, one figure and its levers at a time, in large type.

``?present=true`` turns it on. The same call draws a page's figures in both modes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components.frame.presenting import on, switch
from pages.components.scenario import bar as scenario_bar
from pages.components.scenario import levers, ranges
from pages.components.scenario.bar import Bar

_FIGURE = "figure"  # parameter of the address: which figure is on the screen

# Hung on the keys we give our own containers, which Streamlit turns into class names for this use.
_SIDE_BY_SIDE = """
<style>
@media (min-width: 64rem) {
  .st-key-stage { display: grid; grid-template-columns: minmax(0, 1fr) LEVERS; column-gap: 2.5rem; align-items: start; }
  .st-key-stage > * { grid-column: 1; min-width: 0; }
  .st-key-stage > :has(> .st-key-levers) {
    grid-column: 2; grid-row: 1 / span ROWS; position: sticky; top: 3.5rem;
    max-height: calc(100vh - 4.5rem); overflow-y: auto; padding: 0.25rem 0.5rem 0.25rem 1.25rem; border-left: 1px solid rgba(128, 128, 128, 0.35);
  }
}
</style>
"""
_LARGE = "<style>@media (min-width: 40rem) { html { font-size: 1.35rem !important; } } .st-key-stage > :has(> .st-key-levers) { max-height: none !important; }</style>"


def figures(draw: Sequence[Callable[[], object]], bar: Bar | None = None) -> None:
    """Show the figures of a page: all in order, or in present mode one at a time.

    Each callable draws one figure and reads ``bar.scenario`` itself, so that it can be drawn again
    while a lever moves. With a ``bar`` its levers stand beside the figures (on a phone, after the
    first one). The names of the callables name the figures in the address.
    """
    shown = [_one_of(draw)] if on() else list(draw)
    if bar is None or on():
        enlarge()
    levers.forget_figures()
    if bar is not None:
        st.html(_SIDE_BY_SIDE.replace("LEVERS", "23rem").replace("ROWS", str(len(shown))))
    with st.container(key="stage", gap="large"):
        for place, figure in enumerate(shown):
            levers.live(_name(figure), figure)
            if bar is not None and place == 0:
                with st.container(key="levers"):
                    if not on():
                        scenario_bar.choose(bar.groups)
                    levers.panel(bar.groups)
                    if not on():
                        ranges.show(bar.groups)
                        scenario_bar.keep()


def enlarge() -> None:
    """Large type if present mode is on, else its switch: for a page with one figure, which needs no ``figures``."""
    if on():
        st.html(_LARGE)
    else:
        switch()


def _one_of(draw: Sequence[Callable[[], object]]) -> Callable[[], object]:
    names = [_name(figure) for figure in draw]
    asked = st.query_params.get(_FIGURE)
    at = names.index(asked) if asked in names else 0
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.button(
            "Back",
            icon=":material/arrow_back:",
            shortcut="Left",
            disabled=at == 0,
            on_click=_go,
            args=(names[max(at - 1, 0)],),
            key="present-back",
        )
        st.markdown(f"Figure {at + 1} of {len(names)}", width="content")
        st.button(
            "Next",
            icon=":material/arrow_forward:",
            shortcut="Right",
            disabled=at == len(names) - 1,
            on_click=_go,
            args=(names[min(at + 1, len(names) - 1)],),
            key="present-next",
        )
    return draw[at]


def _go(name: str) -> None:
    st.query_params[_FIGURE] = name


def _name(figure: Callable[[], object]) -> str:
    return figure.__name__.strip("_").replace("_", "-")
