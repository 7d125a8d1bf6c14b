"""Whether present mode is on, and its switch; ``present`` draws the figures in it."""

from __future__ import annotations

from typing import Any

import streamlit as st

LARGER = 1.35  # how much larger type is in present mode
_SIZES = ("fontSize", "labelFontSize", "titleFontSize", "lineHeight", "strokeWidth", "dx", "dy")


def on() -> bool:
    """Whether present mode is on: by its switch, or by the address when the visit begins."""
    return bool(st.session_state.get("present", st.query_params.get("present") == "true"))


def switch() -> None:
    """The switch of present mode; the scenario bar has it, too."""
    st.toggle(
        "Present mode",
        key="present",
        bind="query-params",
        persist_state="session",
        help="Large type, one figure and its levers at a time, for a meeting.",
    )


def scale() -> float:
    """How much larger type is now than on a page to read."""
    return LARGER if on() else 1.0


def enlarge(spec: dict[str, Any]) -> dict[str, Any]:
    """Vega-Lite instructions with type and lines to be read from the back row."""
    axis = {"labelFontSize": 12, "titleFontSize": 12} | spec.get("config", {}).get("axis", {})
    return _scaled(spec | {"config": spec.get("config", {}) | {"axis": axis}})


def _scaled(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            key: value * LARGER if key in _SIZES and isinstance(value, int | float) else _scaled(value)
            for key, value in part.items()
            if key != "datasets"
        } | {key: value for key, value in part.items() if key == "datasets"}
    return [_scaled(one) for one in part] if isinstance(part, list) else part
