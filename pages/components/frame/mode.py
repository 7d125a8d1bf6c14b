"""How a page is shown: on a stage as high as the window, as a long page to read, or on a screen for a room.

The address says which: ``?present=true`` for a room, ``?read=all`` (``?read=print`` to have all of it drawn at
once) for the long page; else a page with levers or controls is a stage and any other page is read.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

READING = {"all": "drawn as it comes into view", "print": "all drawn at once"}

_STAGED = "staged"

# Parts of the window's height: what can be read from the back row of a hall.
_AXIS, _LABEL = 0.03, 0.033
_STEP = 1.8  # times as high is a row of a picture that scrolls
_SIZES = {"fontSize": _LABEL, "labelFontSize": _AXIS, "titleFontSize": _AXIS}


def presenting() -> bool:
    """Whether present mode is on: by its switch, or by the address when the visit begins."""
    return bool(st.session_state.get("present", st.query_params.get("present") == "true"))


def reading() -> str:
    """``"all"`` or ``"print"`` where the address asks for the long page, else an empty text."""
    asked = st.query_params.get("read", "")
    return asked if asked in READING else ""


def staged() -> bool:
    """Whether the page of this run stands on a stage, with nothing around it."""
    return bool(st.session_state.get(_STAGED))


def take_the_stage(on: bool) -> None:
    """Note that the page of this run stands on a stage, or that it does not."""
    st.session_state[_STAGED] = on


def switch() -> None:
    """The switch of present mode."""
    st.toggle(
        "Present",
        key="present",
        bind="query-params",
        persist_state="session",
        help="For a room: large type, one figure and its levers at a time, driven by keys or a clicker.",
    )


def enlarge(spec: dict[str, Any]) -> dict[str, Any]:
    """Vega-Lite instructions whose type grows with the window, which the browser knows and the server does not."""
    axis = {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 0} | spec.get("config", {}).get("axis", {})
    legend = {"labelFontSize": 12, "labelLimit": 0, "offset": 6} | spec.get("config", {}).get("legend", {})
    config = spec.get("config", {}) | {"axis": axis, "legend": legend}
    params = spec.get("params", [])
    parts = spec.keys() | spec.get("encoding", {}).keys()
    alone = parts.isdisjoint(("hconcat", "vconcat", "concat", "facet", "row", "column"))
    # A window's size is asked for once, that of the plot each time it changes: both, that type follows the window.
    tall = {"name": "tall", "expr": "windowSize()[1]" + (" + 0 * (width + height)" if alone else "")}
    larger = {"name": "enlarged", "expr": f"max(1, {_LABEL / 12} * tall)"}
    params = [tall, *(larger if one["name"] == "enlarged" else one for one in params)]
    scaled = {key: part for key, part in spec.items() if key not in ("datasets", "params")} | {"config": config}
    if isinstance(height := spec.get("height"), dict):  # of a picture that scrolls; any other is as high as its stage
        scaled["height"] = {"step": _STEP * height["step"]}
    return _scaled(scaled) | {key: spec[key] for key in ("datasets",) if key in spec} | {"params": params}


def _scaled(part: Any) -> Any:
    if isinstance(part, dict):
        mark = part.get("type") == "text" and "fontSize" not in part
        held = part | ({"fontSize": 12} if mark else {})
        return {
            key: {"expr": f"max({value}, {_SIZES[key]} * tall)"}
            if key in _SIZES and isinstance(value, int | float)
            else {"expr": f"max({value}, {_LABEL * 1.2} * tall)"}
            if key == "lineHeight" and isinstance(value, int | float)
            else {"expr": f"max({value}, {value / 720} * tall)"}
            if key == "strokeWidth" and isinstance(value, int | float)
            else _scaled(value)
            for key, value in held.items()
        }
    return [_scaled(one) for one in part] if isinstance(part, list) else part
