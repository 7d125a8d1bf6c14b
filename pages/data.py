"""Data: what is in here, who published it and how old it is; words, access and privacy."""

from datetime import date

import streamlit as st

from ics_core import ambitions, catalogue, download, words
from ics_core.area import AREA
from pages.components.frame import address, page
from pages.components.lists import glossary

contents = catalogue.contents()
page.start("data", tables=len(contents), publishers=contents["publisher"].nunique())

page.heading("Every table, with its publisher and date", 2)
folders = ["all", *contents["folder"].drop_duplicates()]
address.heed("subject", {one: one.capitalize() for one in folders}, "a subject")
folder = st.segmented_control(
    "Subject", folders, default="all", required=True, format_func=str.capitalize, key="subject", bind="query-params"
)
shown = contents if folder == "all" else contents[contents["folder"] == folder]
columns = {"title": "Table", "publisher": "Publisher", "released": "Released", "period": "About", "licence": "Licence"}
st.table(
    shown[list(columns)].rename(columns=columns),
    hide_index=True,
    height=420,
    alt="Tables of the data package with publisher, dates and licence",
)
made = f"{AREA.title}, data release {catalogue.release()}, {words.day(date.today().isoformat())}."
st.download_button(
    "List as CSV",
    download.packed("data_contents", contents, f"Every table of the data, with its publisher and dates.\n{made}\n"),
    "data_contents.zip",
    "application/zip",
    icon=":material/download:",
    on_click="ignore",
)

page.heading("Look inside a table", 2)
titles = dict(zip(contents["name"], contents["title"], strict=True))
address.heed("table", titles, "a table")
name = st.selectbox("Table", list(titles), format_func=titles.get, key="table", bind="query-params")
about = catalogue.describe(name)
source = catalogue.source(name)
st.markdown(about.get("description", ""))
st.markdown(
    f"**{source.publisher}**, {source.title}. Released {source.released or 'on a date not stated'}; "
    f"about {source.period or 'a period not stated'}. {source.licence}."
)
if source.address:
    st.markdown(f"Address: {source.address}")
if source.obtained_from:
    st.caption(
        f"This copy was obtained from {source.obtained_from}"
        + (f" on {words.day(source.retrieved)}" if source.retrieved else "")
        + "."
    )
if source.note:
    st.info(source.note, icon=":material/warning:")
if name in catalogue.tables():
    table = catalogue.table(name)
    fields = [
        {"Column": f["name"], "Meaning": f.get("description", ""), "Unit": f.get("unit", "")}
        for f in about["schema"]["fields"]
    ]
    st.table(fields, hide_index=True, height=300, alt=f"Columns of the table {titles[name]}")
    notes = [titles[name], about.get("description", ""), f"{source.publisher}, {source.title}. {source.licence}."]
    notes += [f"Released {source.released}; about {source.period}. {source.address}", source.note, made, "", "Columns"]
    notes += [f"{f['Column']}: {f['Meaning']}{f['Unit'] and ', '}{f['Unit']}" for f in fields]
    st.download_button(
        f"{name}.csv with notes, {len(table):,} rows",
        lambda: download.packed(f"data_{name}", table, "\n".join(map(str, notes))),
        f"data_{name}.zip",
        "application/zip",
        icon=":material/download:",
        on_click="ignore",
    )
    st.code(f'from ics_core import catalogue\ntable = catalogue.table("{name}")', language="python")
else:
    st.download_button(
        f"{name}.geojson",
        lambda: catalogue.geometry_path(name.removesuffix("_outlines")).read_bytes(),
        f"{name}.geojson",
        "application/geo+json",
        icon=":material/download:",
        on_click="ignore",
    )

page.heading("What is behind its publisher, and the file to fetch", 2)
late = ambitions.behind()
st.markdown(catalogue.toml("text/pages")["data"]["behind"].format(count=len(late)))
fetch = [f"[{row.file}]({row.address})" for row in late.itertuples()]
columns = {"publication": "Publication", "held_to": "Held to", "missed": "Releases since", "fetch": "File to fetch"}
shown = late.assign(held_to=late["held_to"].map(words.month), fetch=fetch)[list(columns)].rename(columns=columns)
st.table(
    shown, hide_index=True, height=400, alt="Publications that are behind, with the file that brings each up to date"
)

page.heading("Words used here", 2)
glossary.show()

page.heading("Accessibility", 2)
st.markdown(catalogue.text("accessibility"))

page.heading("Privacy and attribution", 2)
st.markdown(catalogue.text("privacy").format(where=page.privacy("text")))
st.markdown(catalogue.text("attribution"))
