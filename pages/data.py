"""Data: what is in here, who published it and how old it is; files to bring in; words, access and privacy."""

import streamlit as st

from ics_core import ambitions, catalogue, download
from pages.components.frame import address, choices, headers, page
from pages.components.lists import glossary, package

text = catalogue.toml("text/pages")["data"]
contents = catalogue.contents()
page.start("data", tables=len(contents), publishers=contents["publisher"].nunique())
as_file = {"icon": ":material/download:", "on_click": "ignore"}

page.heading("Every table, with its publisher and date", 2)
folders = ["all", *contents["folder"].drop_duplicates()]
address.heed("subject", {one: one.capitalize() for one in folders}, "a subject")
search = st.text_input(text["search"], key="find", bind="query-params", max_chars=80)
folder = st.segmented_control(
    "Subject", folders, default="all", required=True, format_func=str.capitalize, key="subject", bind="query-params"
)
found = catalogue.contents(search)
shown = found if folder == "all" else found[found["folder"] == folder]
if shown.empty:
    st.info(text["nothing"], icon=":material/search_off:")
else:
    package.contents(shown)
st.caption(text["missed"])
about = f"Every table of the data, with its publisher and dates.\n{package.made()}\n"
st.download_button(
    "List as CSV",
    download.packed("data_contents", contents, about),
    "data_contents.zip",
    "application/zip",
    **as_file,
)

page.heading("Look inside a table", 2)
titles = dict(zip(contents["name"], contents["title"], strict=True))
address.heed("table", titles, "a table")
name = choices.one("Table", titles, "table", "observations" if "observations" in titles else next(iter(titles)))
described = catalogue.describe(name)
st.markdown(described.get("description", ""))
if described.get("note"):
    st.info(described["note"], icon=":material/warning:")
package.sources(name)
if name in catalogue.tables():
    package.columns(name)
    table = catalogue.table(name)
    st.download_button(
        f"{name}.csv with notes, {len(table):,} rows",
        lambda: download.packed(f"data_{name}", table, package.notes(name)),
        f"data_{name}.zip",
        "application/zip",
        **as_file,
    )
    st.code(f'from ics_core import catalogue\ntable = catalogue.table("{name}")', language="python")
else:
    st.download_button(
        f"{name}.geojson",
        lambda: catalogue.geometry_path(name.removesuffix("_outlines")).read_bytes(),
        f"{name}.geojson",
        "application/geo+json",
        **as_file,
    )
st.markdown(text["cite"])
st.code(catalogue.citation(name), language=None, wrap_lines=True)

page.heading("What is behind its publisher, and the file to fetch", 2)
st.markdown(text["behind"].format(count=len(ambitions.behind())))
package.behind()

page.heading(text["refresh"]["title"], 2)
if headers.takes_files():
    from pages.components import refresh  # knows the trusts of the area, which another area may not have

    refresh.show()
else:
    st.info(text["refresh"]["off"].format(setting=headers.REFRESH), icon=":material/upload_file:")

page.heading(text["refresh"]["log"], 2)
st.markdown(text["refresh"]["log_how"])
package.landings()

page.heading("Words used here", 2)
glossary.show()

page.heading("Accessibility", 2)
with st.expander("Who can use this, and how it is tested"):
    st.markdown(catalogue.text("accessibility"))

page.heading("Privacy and attribution", 2)
st.markdown(catalogue.text("privacy").format(where=page.privacy("text")))
with st.expander("Whose data these are, and under what licence"):
    st.markdown(catalogue.text("attribution"))
