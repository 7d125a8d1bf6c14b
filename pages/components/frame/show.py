"""The frame every chart and map goes through: finding, picture, table, downloads, source, method, code."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date
from functools import partial
from html import escape
from textwrap import wrap
from typing import Literal
from urllib.parse import urlencode

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from ics_core import ambitions, catalogue, words
from ics_core.area import AREA
from ics_core.figure import KINDS, Figure, file_name, in_words, packed
from ics_core.scenario import MODEL_VERSION
from ics_core.takeaway import notebook
from pages.components import lists
from pages.components.briefing.drawn import drawn, still
from pages.components.charts import theme
from pages.components.charts.picture import Html, Listing, Picture, Table
from pages.components.frame import mode, page, pages_by_path, problems
from pages.components.map import draw as map_of_places
from pages.components.map.layers import Map
from pages.components.scenario import store

ROWS_ON_SCREEN = 200
WIDE = 900  # pixels of a saved picture, which its title and sources keep to


def show(figure: Figure, picture: object, level: int = 2, height: int | None = None) -> None:
    """Draw a figure as part of a page to read: title, picture, subtitle and source, and the rest on demand.

    ``level`` is the heading level of the title: 2 on the page itself, 3 under a section heading.
    """
    page.heading(figure.finding, level, f"finding-{figure.id}")
    draw(figure, picture, height)
    st.html(f'<details class="source"><summary>{said(figure)}</summary>{escape(figure.source)}</details>')
    details(figure, picture)


def folded(figure: Figure, picture: object) -> None:
    """A figure of a page to read that is drawn when its finding, the name of a box, is opened."""
    box = st.expander(figure.finding, on_change="rerun", key=f"fold-{figure.id}")
    if box.open:
        with box:
            show(figure, picture, level=3)


def draw(figure: Figure, picture: object, height: int | Literal["stretch"] | None = None) -> None:
    """Draw the picture alone, whatever kind it is; ``height`` in pixels or "stretch" where its kind can follow."""
    key = f"picture-{figure.id}"
    match picture:
        case Picture() | alt.TopLevelMixin():
            spec = json.loads(picture.instructions) if isinstance(picture, Picture) else theme.dress(picture).to_dict()
            if isinstance(picture, Picture):
                spec |= {"datasets": {name: _light(frame) for name, frame in picture.data.items()}}
            spec = mode.enlarge(spec) if mode.presenting() else spec
            scrolls = isinstance(picture, Picture) and picture.scrolls
            if height == "stretch" and not scrolls:
                spec.pop("height", None)
            with st.container(key=f"scrolls-{figure.id}") if scrolls else nullcontext():
                tall = "content" if scrolls else height or "content"
                st.vega_lite_chart(spec, width="stretch", height=tall, alt=figure.alt, key=key)
        case Map():
            map_of_places.draw(picture, height)
        case Html():
            st.html(picture.body)
        case Table():
            shown = picture.styled if picture.styled is not None else figure.table
            st.table(shown, hide_index=True, border="horizontal", height=picture.height or "content", alt=figure.alt)
        case Listing():
            lists.draw(picture)
        case _:
            raise TypeError(f"The picture of {figure.id} is of no kind the frame can draw: {type(picture).__name__}.")


def _light(frame: pd.DataFrame) -> pa.Table:
    """The same as it is sent: without an index, each word of a column of few words once and a number a row."""
    columns = {name: pa.array(values.to_numpy(), from_pandas=True) for name, values in frame.items()}
    for name, column in columns.items():
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            few = column.dictionary_encode()
            if 2 * len(few.dictionary) < len(few):
                columns[name] = few
    return pa.table(columns)


@st.fragment
@problems.part
def details(figure: Figure, picture: object) -> None:
    # Drawn only when open: a closed figure sends neither its table nor its code.
    box = st.expander(
        "Table, downloads, method and code", icon=":material/table_view:", on_change="rerun", key=f"details-{figure.id}"
    )
    if not box.open:
        return
    with box, problems.in_words("part"):
        parts(figure, picture)


def parts(figure: Figure, picture: object) -> None:
    """Table, downloads, method and code of a figure."""
    table, downloads, method, code = st.tabs(["Table", "Downloads", "How this is worked out", "The same in Python"])
    with table:
        _table(figure)
    with downloads:
        _downloads(figure, picture)
    with method:
        st.markdown(figure.method)
        _notes(figure)
    with code:
        st.markdown(
            "Pasted in a notebook, these lines give the table; `pip install .` in a clone brings what they need."
        )
        st.code(figure.code, language="python")


def said(figure: Figure) -> str:
    """What is measured, of whom, when and on what ground: the line under a picture, as HTML."""
    return escape(f"{figure.subtitle}. {KINDS[figure.kind]}.")


def _table(figure: Figure) -> None:
    rows = len(figure.table)
    if not rows:
        st.markdown("There is nothing to list for this choice.")
        return
    st.table(in_words(figure, ROWS_ON_SCREEN), hide_index=True, height=min(420, 60 + 36 * rows), alt=figure.finding)
    if any(pd.api.types.is_float_dtype(kind) for kind in figure.table.dtypes):
        st.caption(
            "Each number is rounded by itself, so parts may not add up to the last digit; the CSV has more digits."
        )
    if rows > ROWS_ON_SCREEN:
        st.caption(f"The first {ROWS_ON_SCREEN:,} of {rows:,} rows; the CSV has them all.")


def _downloads(figure: Figure, picture: object) -> None:
    page_name = pages_by_path.here() or "home"
    name, day = file_name(figure, page_name), words.day(date.today().isoformat())
    with st.container(horizontal=True):
        st.download_button(
            "CSV with notes",
            partial(packed, figure, page_name, store.link(), day),
            f"{name}.zip",
            "application/zip",
            key=f"csv-{figure.id}",
            icon=":material/download:",
            on_click="ignore",
        )
        if still(picture) is not None:
            # The chart is put together now, in the reader's theme; only the slow drawing waits for the click.
            chart = _titled(figure, still(picture), day)
            for form, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
                drawing = partial(drawn, chart, form)
                st.download_button(
                    form.upper(),
                    drawing,
                    f"{name}.{form}",
                    mime,
                    key=f"{form}-{figure.id}",
                    icon=":material/image:",
                    on_click="ignore",
                )
        st.download_button(
            "Notebook",
            partial(notebook.text, figure),
            f"{figure.page}-{figure.id}.ipynb",
            "application/x-ipynb+json",
            key=f"ipynb-{figure.id}",
            icon=":material/code_blocks:",
            on_click="ignore",
        )
    st.caption(
        "The CSV comes in a zip with a text that says what it is, of which scenario, and where it comes from. "
        "The notebook sets the scenario, makes the table and draws it, step by step. "
        "Slides, a document or a page to print, of one figure or of all: Share, in the bar above."
    )
    if figure.page:
        asked = f"?{urlencode(figure.query)}" if figure.query else ""
        forms = (("csv", "CSV"), ("json", "JSON"), ("ipynb", "notebook"))
        links = ", ".join(f"[{said}](data/{figure.page}/{figure.id}.{form}{asked})" for form, said in forms)
        st.caption(
            f"For programs and spreadsheets, by address: {links}. To show this figure on a page of your own: "
            f"[the figure alone]({_alone(figure)})."
        )


def _alone(figure: Figure) -> str:
    """The address of the figure with nothing around it; the page of each ambition has a name of its own."""
    of_ambition = ambitions.slug(int(figure.query.get("ambition", 1)))
    path = {"home": "", "ambition": of_ambition}.get(figure.page, figure.page)
    return f"{path}?{urlencode({**figure.query, 'figure': figure.id, 'embed': 'true'})}"


def _titled(figure: Figure, chart: alt.TopLevelMixin, day: str) -> alt.TopLevelMixin:
    own = chart.title.to_dict()["text"] if isinstance(chart.title, alt.TitleParams) else ""  # what its numbers are
    made = f"{AREA.title}, model {MODEL_VERSION}, data release {catalogue.release()}, {day}. Not an official NHS site."
    of = figure.scenario
    moved = f"Scenario: {'; '.join(of.changes()) or 'no lever moved'}." if of else ""
    beneath = [figure.subtitle, moved, figure.source, made, " ".join(own) if isinstance(own, list) else own]
    title = alt.TitleParams(
        wrap(figure.finding, WIDE // 10),
        subtitle=[line for text in beneath for line in wrap(text, WIDE // 6)],
        anchor="start",
        fontSize=18,
        offset=12,
    )
    return theme.dress(chart.properties(width=WIDE, title=title))


def _notes(figure: Figure) -> None:
    if figure.cautions:
        st.markdown("**Cautions about the data**\n\n" + "\n".join(f"- {note}" for note in figure.cautions))
