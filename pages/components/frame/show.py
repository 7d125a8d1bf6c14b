"""The frame every chart and map goes through: finding, picture, table, downloads, source, method, code."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import catalogue
from ics_core.area import AREA
from pages.components.charts import lines as charts
from pages.components.charts.picture import Picture
from pages.components.frame import page, presenting

KINDS = {
    "fact": (":material/fact_check:", "Published figures"),
    "projected": (":material/timeline:", "Projected, on the assumptions shown"),
    "our calculation": (":material/calculate:", "Our calculation from published figures"),
}
ROWS_ON_SCREEN = 200


@dataclass(frozen=True)
class Figure:
    """What a figure says and where it comes from.

    ``table`` holds the same content as the picture; ``code`` is a few lines of ``ics_core``
    that leave an equal frame in ``table``. ``columns`` names the columns shown, in order.
    ``still`` makes an Altair chart of a map for the PNG and SVG downloads. ``level`` is the
    heading level of the title: 2 on the page itself, 3 under a section heading. ``credit`` takes the
    place of the first table's own source where that table holds figures of many publications.
    """

    id: str
    title: str
    subtitle: str
    table: pd.DataFrame
    sources: tuple[str, ...]
    method: str
    code: str
    alt: str
    kind: str = "fact"
    columns: dict[str, str] = field(default_factory=dict)
    still: Callable[[], alt.TopLevelMixin] | None = None
    level: int = 2
    credit: str = ""

    @property
    def source(self) -> str:
        """The source line: publisher, title, date and licence."""
        return source_line(self.sources[1:], self.credit) if self.credit else source_line(self.sources)


def show(figure: Figure, picture: alt.TopLevelMixin | Picture | Callable[[], object]) -> object:
    """Draw the figure; ``picture`` is an Altair chart, a ``Picture``, or a callable that draws a map or own element.

    Returns what the callable returned (a map returns the place clicked), else None.
    """
    page.heading(figure.title, figure.level)
    icon, words = KINDS[figure.kind]
    st.caption(f"{figure.subtitle}. {icon} {words}.")
    result = None
    if isinstance(picture, Picture):
        picture.draw(figure.alt, f"picture-{figure.id}")
        still = picture.still
    elif callable(picture):
        result = picture()
        still = figure.still
    else:
        chart = charts.dress(picture)
        if presenting.on():
            st.vega_lite_chart(
                presenting.enlarge(chart.to_dict()), width="stretch", alt=figure.alt, key=f"picture-{figure.id}"
            )
        else:
            st.altair_chart(chart, width="stretch", alt=figure.alt, key=f"picture-{figure.id}")
        still = lambda: picture  # noqa: E731
    st.caption(figure.source)
    _details(figure, still)
    return result


def source_line(names: tuple[str, ...], *before: str) -> str:
    """Publications with their dates, by publisher and licence, after those already in words."""
    publications: dict[tuple[str, str], dict[str, None]] = {}
    for s in map(catalogue.source, names):
        when = f", {page.day(s.released) if s.released[:4].isdigit() else s.released}" if s.released else ""
        publications.setdefault((s.publisher, s.licence), {})[s.title + when] = None
    lines = [f"{publisher}, {', '.join(titles)} ({licence})" for (publisher, licence), titles in publications.items()]
    return "Source: " + "; ".join([*before, *lines]) + "."


@st.fragment
def _details(figure: Figure, still: Callable[[], alt.TopLevelMixin] | None) -> None:
    # Drawn only when open: a closed figure sends neither its table nor its code.
    box = st.expander(
        "Table, downloads, method and code", icon=":material/table_view:", on_change="rerun", key=f"details-{figure.id}"
    )
    if not box.open:
        return
    with box:
        table, downloads, method, code = st.tabs(["Table", "Downloads", "How this is worked out", "The same in Python"])
        with table:
            _table(figure)
        with downloads:
            _downloads(figure, still)
        with method:
            st.markdown(figure.method)
            _notes(figure.sources)
        with code:
            st.markdown("Pasted in a notebook beside the project, these lines give the table above.")
            st.code(figure.code, language="python")


def _table(figure: Figure) -> None:
    shown = (
        figure.table.rename(columns=figure.columns)[list(figure.columns.values())] if figure.columns else figure.table
    )
    if shown.empty:
        st.markdown("There is nothing to list for this choice.")
        return
    st.table(
        _readable(shown.head(ROWS_ON_SCREEN)), hide_index=True, height=min(420, 60 + 36 * len(shown)), alt=figure.title
    )
    if len(shown) > ROWS_ON_SCREEN:
        st.caption(f"The first {ROWS_ON_SCREEN:,} of {len(shown):,} rows; the CSV has them all.")


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers as people read them; years and codes stay as they are."""

    def words(column: pd.Series) -> pd.Series:
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            return column.astype("object").where(column.notna(), "")
        if str(column.name).lower() in {"year", "age", "from year", "to year"}:
            return column.map(lambda v: "" if pd.isna(v) else f"{v:.0f}")
        big = column.abs().max() >= 1000 or (column.dropna() % 1 == 0).all()
        return column.map(
            lambda v: "" if pd.isna(v) else f"{v:,.0f}" if big else f"{v:,.1f}" if abs(v) >= 1 else f"{v:,.3g}"
        )

    return frame.apply(words)


def _downloads(figure: Figure, still: Callable[[], alt.TopLevelMixin] | None) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "CSV with notes",
            csv(figure),
            f"{figure.id}.csv",
            "text/csv",
            key=f"csv-{figure.id}",
            icon=":material/download:",
            on_click="ignore",
        )
        if still:
            # The chart is put together now, in the reader's theme; only the slow drawing waits for the click.
            chart = _titled(figure, still())
            for form, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
                drawing = partial(_drawn, chart, form)
                st.download_button(
                    form.upper(),
                    drawing,
                    f"{figure.id}.{form}",
                    mime,
                    key=f"{form}-{figure.id}",
                    icon=":material/image:",
                    on_click="ignore",
                )
    st.caption("The first lines of the CSV, which begin with #, say what it is and where it comes from.")


def csv(figure: Figure) -> str:
    """The table as CSV, headed by lines that begin with # and carry title, source and licence."""
    lines = [figure.title, figure.subtitle, KINDS[figure.kind][1]]
    for s in map(catalogue.source, figure.sources[1:] if figure.credit else figure.sources):
        lines += [
            f"Source: {s.publisher}, {s.title}, released {s.released}, period {s.period}, {s.licence}, {s.address}"
        ]
    lines += [f"Source: {figure.credit}"] if figure.credit else []
    lines += [f"{AREA.title}, data release {catalogue.release()}. Not an official NHS site."]
    return "".join(f"# {' '.join(line.split())}\n" for line in lines) + figure.table.to_csv(
        index=False, lineterminator="\n"
    )


def _titled(figure: Figure, chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    title = alt.TitleParams(
        figure.title, subtitle=[figure.subtitle, figure.source], anchor="start", fontSize=18, offset=12
    )
    return charts.dress(chart.properties(width=900, title=title))


def _drawn(chart: alt.TopLevelMixin, form: str) -> bytes:
    buffer = io.BytesIO()
    chart.save(buffer, format=form, **({"ppi": 144} if form == "png" else {}))
    return buffer.getvalue()


def _notes(names: tuple[str, ...]) -> None:
    notes = [n for n in dict.fromkeys(catalogue.source(name).note for name in names) if n]
    if notes:
        st.markdown("**Cautions about the data**\n\n" + "\n".join(f"- {note}" for note in notes))
