"""What the founding documents said, every figure of theirs in one frame.

Sources: ``founding_facts``, ``founding_projections``, ``founding_commitments`` and ``founding_finance``.
"""

from __future__ import annotations

import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA


def documents() -> pd.DataFrame:
    """The founding documents: document_id, title, publisher, date (ISO or "undated"), address, note."""
    return catalogue.table("founding_documents")


def founding() -> pd.DataFrame:
    """Every row of the four founding tables in one frame, a row each.

    Columns: ref (FCT-01, PRJ-01, COM-01, FIN-01 ...), kind (fact, projection, commitment, finance),
    document_id, document, system, topic, then (what the document says, reworded), figure (as written
    there, or the number counted from it), value, unit, as_at, numeric (whether it holds a figure), note.
    """
    parts = [_facts(), _projections(), _commitments(), _finance()]
    frame = pd.concat(parts, ignore_index=True)
    titles = documents().set_index("document_id")
    frame.insert(3, "document", frame.document_id.map(titles.title))
    frame["numeric"] = frame.value.notna() | frame.figure.notna()
    counted = frame.figure.isna() & frame.value.notna()
    units = frame.unit.where(frame.kind == "finance", "")
    frame.loc[counted, "figure"] = [amount(v, u) for v, u in zip(frame.value[counted], units[counted], strict=True)]
    return frame


def _facts() -> pd.DataFrame:
    t = catalogue.table("founding_facts")
    return pd.DataFrame(
        {
            "ref": t.fact_id,
            "kind": "fact",
            "document_id": t.document_id,
            "system": t.system,
            "topic": t.topic,
            "then": t.fact,
            "figure": t.figure_as_stated,
            "value": t.value,
            "unit": t.unit,
            "as_at": t.as_at,
            "note": t.note,
        }
    )


def _projections() -> pd.DataFrame:
    t = catalogue.table("founding_projections")
    return pd.DataFrame(
        {
            "ref": t.projection_id,
            "kind": "projection",
            "document_id": t.document_id,
            "system": t.area,
            "topic": t.topic,
            "then": t.description,
            "figure": t.figure_as_stated,
            "value": t.change_value.astype("float64"),
            "unit": t.unit,
            "as_at": t.end_year.map(str),
            "note": t.note,
        }
    )


def _commitments() -> pd.DataFrame:
    t = catalogue.table("founding_commitments")
    value = t.target_value.fillna(t.change_value).fillna(t.change_pct).astype("float64")
    return pd.DataFrame(
        {
            "ref": t.commitment_id,
            "kind": "commitment",
            "document_id": t.document_id,
            "system": AREA.name,
            "topic": t.section,
            "then": t.commitment,
            "figure": t.figure_as_stated,
            "value": value,
            "unit": t.unit,
            "as_at": t.deadline_as_stated,
            "note": t.note,
        }
    )


def _finance() -> pd.DataFrame:
    t = catalogue.table("founding_finance")
    millions = t.value_gbp.astype("float64") / 1e6
    unit = millions.notna().map({True: "£ million", False: "%"})
    system = t.document_id.map(lambda d: "Sussex" if d == "four-new-systems" else AREA.name)
    return pd.DataFrame(
        {
            "ref": t.finance_id,
            "kind": "finance",
            "document_id": t.document_id,
            "system": system,
            "topic": t["item"],
            "then": t.description,
            "figure": t.figure_as_stated,
            "value": millions.fillna(t.value_pct),
            "unit": unit,
            "as_at": t.period,
            "note": t.note,
        }
    )


def amount(value: float, unit: str) -> str:
    """A number with its unit: 5.6%, 20 networks, −£96 million."""
    if unit.startswith("£ "):
        return f"{'−' if value < 0 else ''}£{words.significant(abs(value))}{unit[1:]}"
    return f"{words.significant(value)}{'' if unit.startswith('%') else ' '}{unit}".strip()
