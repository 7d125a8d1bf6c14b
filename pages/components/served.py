"""Parts of a page with code of their own in the browser, loaded once from this machine.

Streamlit sends the whole code of such a part along with each place it stands in, on each run: the levers of Demand
alone would carry 200 KB. So what is sent is a line that loads ``NAME.js`` from beside its Python file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

_LOADER = """let code;
export default function (part) {
  let end;
  (code ??= import(new URL("component/FOLDER/NAME.js", document.baseURI))).then((it) => { end = it.default(part); });
  return () => end?.();
}"""


@cache
def part(name: str, folder: Path) -> Any:
    """The component whose code is ``NAME.js`` in ``folder``. Call it in a run: the server has to be there."""
    served = declare_component(f"{folder.name}-files", path=folder).name
    return st.components.v2.component(name, js=_LOADER.replace("FOLDER", served).replace("NAME", name))
