"""Take away: this page, or a running order, as a briefing. A file is made when its button is pressed, not before."""

from __future__ import annotations

from datetime import date
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from ics_core.area import AREA
from ics_core.running_order import RunningOrder, Step
from pages.components import briefing
from pages.components.frame import pages_by_path
from pages.figures import registry

_ICONS = {"pptx": ":material/slideshow:", "docx": ":material/description:", "html": ":material/print:"}
_NOT_CHOICES = ("present", "read", "figure")  # parameters of an address that say how a page is shown


def this_page() -> None:
    """The figures of the page in the address, to choose from, with the choices that the reader made."""
    path = pages_by_path.here()
    page, chosen = registry.page_at(path)
    if page not in registry.MODULES:
        return
    query = {key: ",".join(st.query_params.get_all(key)) for key in st.query_params if key not in _NOT_CHOICES}
    seen, _ = registry.view(page).from_query(query | chosen)
    names = {entry.id: entry.name for entry in registry.figures(page) if entry.when(seen)}
    if not names:
        return
    text = briefing.texts()
    st.markdown(text["take"]["heading"], help=text["take"]["help"])
    picked = st.pills(
        text["take"]["figures"],
        list(names),
        default=list(names),
        format_func=names.get,
        selection_mode="multi",
        key=f"take-{path}",
    )
    if not picked:
        st.caption(text["none"])
        return
    steps = tuple(Step(path, one, urlencode(query)) for one in names if one in picked)
    known = pages_by_path.get(path)
    buttons(RunningOrder(f"{AREA.name}: {known.title}" if known else AREA.title, steps), f"page-{path}")


def order(found: RunningOrder, key: str, ready: bool = False) -> None:
    """A running order as a briefing. What of it leads to no figure is said, but for a ``ready`` one, where all does."""
    text = briefing.texts()
    st.markdown(text["take"]["order"])
    missing = () if ready else briefing.unknown(found)
    if missing:
        st.text(f"{text['left_out']}: {' '.join(missing)}")  # plain, as a link may hold anything
    if len(missing) < len(found.step):
        buttons(found, key)


def buttons(found: RunningOrder, key: str) -> None:
    """A button for each kind of file."""
    with st.container(horizontal=True, gap="small"):
        for kind, mime in briefing.KINDS.items():
            st.download_button(
                briefing.texts()["take"][kind],
                partial(_made, found, kind),
                f"briefing-{registry.page_at(found.step[0].page)[0]}.{kind}",
                mime,
                icon=_ICONS[kind],
                on_click="ignore",
                key=f"take-{kind}-{key}",
            )


def _made(found: RunningOrder, kind: str) -> bytes:
    return briefing.file(briefing.gather(found, date.today()), kind)
