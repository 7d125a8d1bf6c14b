"""Data: what is in here, who published it and how old it is; files to bring in; words, access and privacy."""

from datetime import date

import streamlit as st

from ics_core import ambitions, catalogue, download, words
from ics_core.area import AREA
from ics_core.importers import log
from pages.components.frame import address, headers, page
from pages.components.lists import glossary

text = catalogue.toml("text/pages")["data"]
contents = catalogue.contents()
page.start("data", tables=len(contents), publishers=contents["publisher"].nunique())

page.heading("Every table, with its publisher and date", 2)
folders = ["all", *contents["folder"].drop_duplicates()]
address.heed("subject", {one: one.capitalize() for one in folders}, "a subject")
search = st.text_input(text["search"], key="find", bind="query-params", max_chars=80)
folder = st.segmented_control(
    "Subject", folders, default="all", required=True, format_func=str.capitalize, key="subject", bind="query-params"
)
found = catalogue.contents(search)
shown = found if folder == "all" else found[found["folder"] == folder]
columns = {
    "title": "Table",
    "rows": "Rows",
    "publisher": "Publisher",
    "released": "Released",
    "period": "About",
    "missed": "Releases since",
    "licence": "Licence",
    "copy": "Copy from",
}
if shown.empty:
    st.info(text["nothing"], icon=":material/search_off:")
else:
    copies = shown["obtained_from"].str.split("@").str[0]
    missed = shown["missed"].astype("string").fillna("")
    st.table(
        shown.assign(copy=copies, missed=missed)[list(columns)].rename(columns=columns),
        hide_index=True,
        height=420,
        alt="Tables of the data package with rows, publisher, dates, licence and copy",
    )
st.caption(text["missed"])
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
first = list(titles).index("observations") if "observations" in titles else 0
name = st.selectbox("Table", list(titles), first, format_func=titles.get, key="table", bind="query-params")
about = catalogue.describe(name)
st.markdown(about.get("description", ""))
if about.get("note"):
    st.info(about["note"], icon=":material/warning:")
sources = [
    {
        "Publisher": one["publisher"],
        "Publication": f"[{one['title']}]({one['path']})" if one.get("path") else one["title"],
        "Released": words.when(one["released"]) if one.get("released") else "not stated",
        "About": one["period"],
        "Licence": one.get("licence", about["licenses"][0]["title"]),
        "Copy from": one.get("obtained_from", ""),
        "Read": words.day(one["retrieved"]) if one.get("retrieved") else "",
    }
    for one in about["sources"]
]
st.table(sources, hide_index=True, alt=f"Publications behind the table {titles[name]}, with the copies they are from")
if name in catalogue.tables():
    table = catalogue.table(name)
    fields = [
        {"Column": f["name"], "Meaning": f.get("description", ""), "Unit": f.get("unit", "")}
        for f in about["schema"]["fields"]
    ]
    st.table(fields, hide_index=True, height=300, alt=f"Columns of the table {titles[name]}")
    notes = [titles[name], about.get("description", ""), catalogue.citation(name), about.get("note", ""), made]
    notes += [". ".join(filter(None, map(str, one.values()))) for one in sources] + ["", "Columns"]
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
st.markdown(text["cite"])
st.code(catalogue.citation(name), language=None, wrap_lines=True)

page.heading("What is behind its publisher, and the file to fetch", 2)
late = ambitions.behind()
st.markdown(text["behind"].format(count=len(late)))
fetch = [f"[{row.file}]({row.address})" for row in late.itertuples()]
columns = {"publication": "Publication", "held_to": "Held to", "missed": "Releases since", "fetch": "File to fetch"}
shown = late.assign(held_to=late["held_to"].map(words.month), fetch=fetch)[list(columns)].rename(columns=columns)
st.table(
    shown, hide_index=True, height=400, alt="Publications that are behind, with the file that brings each up to date"
)

page.heading(text["refresh"]["title"], 2)
if headers.takes_files():
    from pages.components import refresh  # knows the trusts of the area, which another area may not have

    refresh.show()
else:
    st.info(text["refresh"]["off"].format(setting=headers.REFRESH), icon=":material/upload_file:")

page.heading(text["refresh"]["log"], 2)
st.markdown(text["refresh"]["log_how"])
columns = {
    "landing": "Landing",
    "publication": "Publication",
    "period": "About",
    "released": "Released",
    "file": "File",
    "new": "New",
    "revised": "Revised",
    "dropped": "Dropped",
}
landings = log.landings()
st.table(
    landings.assign(released=landings["released"].map(lambda day: words.day(day) if day else ""))[list(columns)].rename(
        columns=columns
    ),
    hide_index=True,
    height=300,
    alt="Landings, each with its file and how many values it added, revised and dropped",
)

page.heading("Words used here", 2)
glossary.show()

page.heading("Accessibility", 2)
st.markdown(catalogue.text("accessibility"))

page.heading("Privacy and attribution", 2)
st.markdown(catalogue.text("privacy").format(where=page.privacy("text")))
st.markdown(catalogue.text("attribution"))
