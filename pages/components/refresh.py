"""Official files by upload, where this server takes them: what they would change is seen before it lands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st

from ics_core import catalogue
from ics_core.errors import ExplorerError
from ics_core.importers import Imported, landing, read, transaction
from pages.components.frame import headers

_TYPES = ["csv", "txt", "tsv", "xls", "xlsx", "xlsm", "ods", "zip"]
_SHOWN = 200  # changes of one file on the page; all of them are in the file to download
_COLUMNS = {"kind": "Change", "key": "Row", "column": "Column", "old": "Held", "new": "In the file"}


def show() -> None:
    """The way in for files, what they would change, landing, and taking back."""
    said = catalogue.toml("text/pages")["data"]["refresh"]
    st.markdown(said["how"])
    if done := st.session_state.pop("refresh-done", ""):
        st.success(done, icon=":material/check:")
    try:
        transaction.recover()
    except ExplorerError as problem:
        st.warning(str(problem), icon=":material/hourglass:")
    turn = st.session_state.setdefault("refresh-turn", 0)  # another one after each landing, with no files chosen
    files = st.file_uploader(
        said["files"], _TYPES, accept_multiple_files=True, key=f"refresh-{turn}", max_upload_size=headers.LARGEST_FILE
    )
    with st.container(horizontal=True):
        day = st.date_input(said["released"], value=None, max_value="today", format="DD/MM/YYYY", key="refresh-day")
        repository = st.text_input(said["origin"], key="refresh-origin", max_chars=200)
    found = [_read(file) for file in files]
    origin = landing.Origin(day.isoformat() if day else "", repository)
    plans = [landing.plan(one, origin) for one in found if isinstance(one, Imported)]
    for problem in (one for one in found if isinstance(one, str)):
        st.error(problem, icon=":material/error:")
    for place, one in enumerate(plans):
        _difference(one, place)
    if len(plans) < len(found):
        st.warning(said["unread"], icon=":material/block:")
    elif any(one.changes for one in plans):
        suspicious = any(one.suspicious for one in plans)
        looked = not suspicious or st.checkbox(said["looked"], key=f"refresh-looked-{turn}")
        if st.button(said["land"], type="primary", disabled=not looked, icon=":material/download_done:"):
            _do(lambda: landing.land(plans, origin))
    elif plans:
        st.info(said["same"], icon=":material/check:")
    if number := transaction.last():
        with st.popover(said["undo"].format(number=number), icon=":material/undo:"):
            st.markdown(said["undo_how"])
            if st.button(said["undo"].format(number=number), key="refresh-undo"):
                _do(transaction.undo)


def _do(change: Callable[[], str]) -> None:
    try:
        with st.spinner("Working …"):
            st.session_state["refresh-done"] = change()
    except ExplorerError as problem:
        st.error(f"{problem} The data are as they were.", icon=":material/error:")
        return
    st.session_state["refresh-turn"] += 1
    st.rerun()


def _read(file: Any) -> Imported | str:
    """What the file holds, or in words why it cannot be used; read once in a visit."""
    known = st.session_state.setdefault("refresh-read", {})
    if file.file_id not in known:
        name = re.sub(r"[^\w .()+-]", "_", file.name)[-120:].lstrip(".") or "file"
        with st.spinner(f"Reading {name} …"), TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / name
            path.write_bytes(file.getbuffer())
            try:
                known[file.file_id] = read(path)
            except ExplorerError as problem:
                known[file.file_id] = str(problem)
    return known[file.file_id]


def _difference(one: landing.Plan, place: int) -> None:
    st.markdown(f"**{one.imported.file}**: {one.what}.  \n{one.counts}.")
    if one.suspicious:
        st.warning("\n".join(["Look at:", "", *(f"- {text}" for text in one.suspicious)]), icon=":material/visibility:")
    for text in one.imported.problems:
        st.caption(text)
    if not one.changes:
        return
    order = {"revised": 0, "dropped": 1, "new": 2}
    changes = pd.DataFrame(sorted(one.changes, key=lambda change: order[change.kind]))
    shown = changes.head(_SHOWN)[list(_COLUMNS)].rename(columns=_COLUMNS)
    st.table(
        shown, hide_index=True, height=400 if len(shown) > 10 else "content", alt=f"What {one.imported.file} changes"
    )
    st.download_button(
        f"All {len(changes):,} changes as CSV",
        changes.to_csv(index=False),
        "changes.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"refresh-changes-{place}",
    )
