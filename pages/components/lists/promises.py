"""The promises of 2018 as a picture, a row of marks for each ambition, and as cards: shape and word beside every colour."""

from __future__ import annotations

from html import escape

import altair as alt
import pandas as pd
import streamlit as st

from pages.components.charts import spc as spc_chart
from pages.components.charts.theme import Palette, palette
from pages.components.frame import page
from pages.components.lists.indicators import FILE

MARKS = {"kept": "pass", "not kept": "fail", "cannot be told": "unsure"}
_SHAPES = {"kept": "circle", "not kept": "square", "cannot be told": "diamond"}


def _colours(colours: Palette) -> dict[str, str]:
    return {"kept": colours.good, "not kept": colours.bad, "cannot be told": colours.neutral}


def dots(table: pd.DataFrame, words: dict[str, str]) -> alt.LayerChart:
    """A mark for each promise in the row of its ambition; ``words``: verdict -> word on screen."""
    colours = palette()
    shown = table.assign(
        row=[f"{row.ambition}. {row.ambition_name}" for row in table.itertuples()],
        place=table.groupby("ambition").cumcount() + 1,
        word=table["verdict"].map(words),
    )
    here = [verdict for verdict in words if verdict in set(table["verdict"])]
    domain = [words[verdict] for verdict in here]
    legend = alt.Legend(orient="top", title=None, columns=3, symbolSize=150, symbolOpacity=1)
    base = alt.Chart(shown).encode(
        x=alt.X("place:Q", axis=None, scale=alt.Scale(domain=[0.7, 11])),
        y=alt.Y("row:N", sort=None, axis=None),
        tooltip=[
            alt.Tooltip("commitment", title="Promise"),
            alt.Tooltip("word", title="Verdict"),
            alt.Tooltip("evidence", title="Known now"),
        ],
    )
    marks = base.mark_point(filled=True, size=320, opacity=1).encode(
        color=alt.Color(
            "word:N",
            scale=alt.Scale(domain=domain, range=[_colours(colours)[verdict] for verdict in here]),
            legend=legend,
        ),
        shape=alt.Shape(
            "word:N", scale=alt.Scale(domain=domain, range=[_SHAPES[verdict] for verdict in here]), legend=legend
        ),
    )
    # Above the marks, so that long names fit on a phone.
    names = (
        base.transform_filter(alt.datum["place"] == 1)
        .mark_text(align="left", dy=-20, fontSize=13, color=colours.ink)
        .encode(x=alt.value(0), text="row:N")
    )
    return alt.layer(marks, names).properties(height=alt.Step(58))


def cards(table: pd.DataFrame, words: dict[str, str]) -> None:
    """A card for each promise: verdict, what was promised, what is known now, when and from whom, and why."""
    for row in table.itertuples():
        with st.container(border=True):
            st.html(_card(row, words))
            if row.indicator_id:
                page.link(
                    FILE, "Open the indicator", ":material/monitoring:", indicator=row.indicator_id, area=row.area_code
                )


def _card(row: object, words: dict[str, str]) -> str:
    c = palette()
    figure = escape(row.evidence) + ("" if row.evidence.endswith(".") else ".")
    source = escape(row.source)
    if row.address:
        source = f'<a href="{escape(row.address)}">{source}</a>'
    dated = f" Figure of {escape(row.as_at)}." if row.as_at else ""
    known = f"<dt>Known now</dt><dd>{figure}</dd>" + (f"<dt>From</dt><dd>{source}.{dated}</dd>" if source else "")
    note = f"<dt>How we read it</dt><dd>{escape(row.note)}</dd>" if row.note else ""
    return f"""<style>
.np-head {{display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: center; justify-content: space-between; color: {c.ink}}}
.np-head h3 {{margin: 0; padding: 0; font-size: 1.1rem; line-height: 1.35; font-weight: 600; color: {c.ink}}}
.np-mark {{display: inline-flex; gap: .5rem; align-items: center; font-weight: 700}}
.np dl {{display: grid; grid-template-columns: 9.5rem 1fr; gap: .35rem 1rem; margin: .6rem 0 0; padding: 0; font-size: .925rem; line-height: 1.45; color: {c.ink}}}
.np dt {{color: {c.muted}; margin: 0; padding: 0; font-weight: 400}} .np dd {{margin: 0; padding: 0; overflow-wrap: anywhere}} .np a {{color: {c.accent}}}
@media (max-width: 640px) {{.np dl {{grid-template-columns: 1fr; gap: .1rem}} .np dd {{margin-bottom: .5rem}}}}
</style><div class="np"><div class="np-head"><h3>{escape(row.commitment)}</h3><span class="np-mark">{spc_chart.icon(MARKS[row.verdict])}{words[row.verdict]}</span></div>
<dl><dt>Promised</dt><dd>“{escape(row.stated)}”{escape(_deadline(row))}</dd>{known}<dt>Why</dt><dd>{escape(row.reason)}.</dd>{note}
<dt>Official dataset</dt><dd>{escape(row.dataset)}</dd><dt>Ambition</dt><dd>{row.ambition}. {escape(row.ambition_name)}</dd></dl></div>"""


def _deadline(row: object) -> str:
    if row.deadline == "no date":
        return ", with no date."
    return "." if row.deadline in row.stated else f", {row.deadline}."
