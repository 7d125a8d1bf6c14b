"""A figure as JSON: its table row by row, and all that has to be known of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ics_core import __version__, catalogue
from ics_core.figure import KINDS, Figure

if TYPE_CHECKING:
    from ics_core.scenario import Scenario


def text(figure: Figure) -> str:
    """The figure as JSON (UTF-8 text). ``rows`` holds the table, one object a row, null where there is no value."""
    return json.dumps(about(figure) | {"rows": _rows(figure)}, ensure_ascii=False)


def about(figure: Figure) -> dict[str, Any]:
    """What a program has to know of a figure's table: what it says, of what choices, from where, how worked out."""
    from ics_core.scenario.codec import MODEL_VERSION  # whoever reads a record alone needs no model

    return {
        "page": figure.page,
        "figure": figure.id,
        "choices": dict(figure.query),
        "finding": figure.finding,
        "subtitle": figure.subtitle,
        "scenario": _scenario(figure.scenario),
        "compared_with": _scenario(figure.kept),
        "kind": KINDS[figure.kind],
        "columns": dict(figure.columns),
        "sources": [*([{"citation": figure.credit}] if figure.credit else []), *map(_source, origins(figure))],
        "cautions": list(figure.cautions),
        "method": figure.method,
        "python": figure.code,
        "official": False,
        "data_release": catalogue.release(),
        "model_version": MODEL_VERSION,
        "version": __version__,
    }


def _scenario(scenario: Scenario | None) -> dict[str, Any] | None:
    """The projection it starts from, each lever that is moved and each range that is set, in words and as values."""
    if scenario is None:
        return None
    from ics_core.scenario import BASES, levers

    known = levers()
    return {
        "name": scenario.name,
        "basis": scenario.basis,
        "starts_from": BASES[scenario.basis],
        "changes": scenario.changes(),
        "levers": [
            {"lever": i, "label": known[i].label, "value": value, "usual": known[i].default, "unit": known[i].unit}
            for i, value in scenario.moved
        ],
        "ranges": [
            {"lever": i, "label": known[i].label, "low": low, "high": high, "unit": known[i].unit}
            for i, (low, high) in scenario.ranges
        ],
    }


def origins(figure: Figure) -> tuple[str, ...]:
    """The tables whose publications are named: without the first where a credit stands for it."""
    return figure.sources[1:] if figure.credit else figure.sources


def _source(name: str) -> dict[str, str]:
    one = catalogue.source(name)
    return {
        "table": name,
        "publisher": one.publisher,
        "title": one.title,
        "released": one.released,
        "period": one.period,
        "licence": one.licence,
        "address": one.address,
        "citation": catalogue.citation(name.partition(".")[0]),
    }


def _rows(figure: Figure) -> list[dict[str, Any]]:
    return json.loads(figure.table.to_json(orient="records", double_precision=12, date_format="iso"))
