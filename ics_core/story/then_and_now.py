"""Each founding figure beside what has been published since, matched by the hand-made table ``then_and_now``."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from ics_core import catalogue, words
from ics_core.ambitions import promises
from ics_core.errors import StoryError
from ics_core.story.founding import amount, documents, founding
from ics_core.story.timeline import one_of

MOMENT = "A fact of its time, nothing to follow up"


LINKS = {
    "same": "Same measure",
    "related": "Related measure only",
    "none": words.NOT_FOUND,
    "moment": MOMENT,
}


def then_and_now(
    ref: str | None = None, *, document: str | None = None, link: str | None = None, statements: bool = True
) -> pd.DataFrame:
    """Each founding figure beside what has been published since; a figure may have several rows.

    Columns of ``founding`` plus: link (same, related, none, moment), link_label, says (what the
    published figure is), now_value, now_unit, period, now (the words for the screen), source,
    caution, official_dataset (where a figure, or a better one, would be found), verdict (of a commitment: what became
    of it, one of ``promises.VERDICTS``). ``ref`` picks one
    figure, ``document`` a document_id, ``link`` a kind of match; ``statements=False`` leaves out
    statements without a figure. Raises ``StoryError`` for an unknown ref, document or match.
    """
    frame = _then_and_now()
    if ref is not None:
        frame = frame[frame.ref == one_of(ref, list(dict.fromkeys(frame.ref)), "founding figure")]
    if document is not None:
        frame = frame[frame.document_id == one_of(document, list(documents().document_id), "founding document")]
    if link is not None:
        frame = frame[frame.link == one_of(link, list(LINKS), "match")]
    if not statements:
        frame = frame[frame.numeric]
    return frame.reset_index(drop=True)


def follow_up() -> pd.DataFrame:
    """How many founding figures can be followed up, and how well, each counted once by its best match.

    Columns: link, link_label, figures. Statements without a figure are left out.
    """
    frame = _then_and_now()
    order = {link: place for place, link in enumerate(LINKS)}
    best = frame[frame.numeric].assign(place=lambda f: f.link.map(order)).groupby("ref").place.min()
    counts = best.value_counts()
    return pd.DataFrame(
        [{"link": link, "link_label": LINKS[link], "figures": int(counts.get(order[link], 0))} for link in LINKS]
    )


@cache
def _then_and_now() -> pd.DataFrame:
    matches = catalogue.table("then_and_now")
    readings = pd.DataFrame([_reading(row) for row in matches.itertuples()], index=matches.index)
    found = matches[["ref", "link", "says", "official_dataset"]].join(readings).assign(caution=matches.note)
    found = pd.concat([found, _promised()], ignore_index=True)
    frame = founding().merge(found, on="ref", how="left")
    frame["verdict"] = frame.ref.map(promises.listed().set_index("commitment_id").verdict)
    frame["link"] = frame.link.fillna("moment")
    frame["now"] = frame.now.fillna(MOMENT)
    frame["link_label"] = frame.link.map(LINKS)
    return frame


def _promised() -> pd.DataFrame:
    """The commitments that only the ambitions follow up, in the columns of ``then_and_now``."""
    promised = promises.listed()
    numeric = founding().query("kind == 'commitment' and numeric").ref
    promised = promised[
        promised.commitment_id.isin(numeric) & ~promised.commitment_id.isin(catalogue.table("then_and_now").ref)
    ]
    held = promised.evidence != words.NOT_FOUND
    told = ~promised.verdict.isin(["cannot be told", "not yet due"])
    missing = words.NOT_FOUND + ". Official data set: " + promised.dataset + "."
    return pd.DataFrame(
        {
            "ref": promised.commitment_id,
            "link": told.map({True: "same", False: "related"}).where(held, "none"),
            "official_dataset": promised.dataset.mask(held),
            "now": (promised.evidence.str.rstrip(".") + ".").where(held, missing),
            "source": promised.source.where(held),
            "caution": promised.reason,
        }
    )


def _reading(match: Any) -> dict[str, Any]:
    """The published figure a row of ``then_and_now`` points to, in the words for the screen."""
    if match.link == "none":
        return {
            "now_value": None,
            "now_unit": None,
            "period": None,
            "now": f"{words.NOT_FOUND}. Official data set: {match.official_dataset}.",
            "source": None,
        }
    if match.link == "moment":
        return {"now_value": None, "now_unit": None, "period": None, "now": f"{MOMENT}.", "source": None}
    rows = rows_where(match.table, match.where)
    if match.take == "event":
        event = rows.iloc[0]
        return {
            "now_value": None,
            "now_unit": None,
            "period": event.date,
            "now": f"{match.says}: {event.event}, {words.when(event.date, event.date_precision)}.",
            "source": f"{event.source_publisher}, {event.source}",
        }
    value, period = _take(match, rows)
    unit = match.unit if isinstance(match.unit, str) else ""
    period = match.period if isinstance(match.period, str) else period
    sign = " since " in match.take
    said = words.when(value) if isinstance(value, str) else ("+" if sign and value > 0 else "") + amount(value, unit)
    dated = f", {words.when(period)}" if period else ""
    return {
        "now_value": None if isinstance(value, str) else float(value),
        "now_unit": unit,
        "period": period,
        "now": f"{match.says}: {said}{dated}.",
        "source": match.source
        if isinstance(match.source, str)
        else _source(match.table, rows.iloc[-1] if len(rows) else None),
    }


# How the rows of a table follow each other, and how their period is written.
_ORDER = {
    "observations": "period_end",
    "reported_values": "date",
    "targets": "target_date",
    "system_observations": "year",
    "local_activity": "period",
    "timeline": "date",
}


_PERIOD = _ORDER | {"observations": "period_label"}


def rows_where(table: str, where: Any) -> pd.DataFrame:
    """Rows of ``table`` for which every ``column=value`` holds; ``|`` parts alternatives, ``&`` conditions."""
    frame = catalogue.table(table)
    for condition in where.split("&") if isinstance(where, str) else ():
        column, _, values = condition.partition("=")
        frame = frame[frame[column].astype(str).isin(values.split("|"))]
    return frame.sort_values(_ORDER[table], kind="stable") if table in _ORDER else frame


def _take(match: Any, rows: pd.DataFrame) -> tuple[float | str, str | None]:
    """The value a match asks for, and the period it is about."""
    if match.take == "count":
        return len(rows), None
    if match.take == "sum":
        return rows[match.column].sum(), None
    if match.take == "names":
        return " and ".join(dict.fromkeys(rows[match.column])), None
    if rows.empty:
        raise StoryError(f"then_and_now, {match.ref}: no row in {match.table} where {match.where}.")
    period = rows[_PERIOD[match.table]] if match.table in _PERIOD else None
    if match.take == "latest":
        return rows[match.column].iloc[-1], None if period is None else period.iloc[-1]
    how, since = match.take.split(" since ")
    values = rows[match.column].astype("float64")
    if "period_start" in rows:  # a monthly series: twelve months against twelve months
        ends = rows.period_end.str[:7]
        now, then = (_year(values, ends, end) for end in (ends.iloc[-1], since))
        return now - then if how == "change" else 100 * (
            now / then - 1
        ), f"12 months to {words.when(ends.iloc[-1])} against 12 months to {words.when(since)}"
    if period is None:
        raise StoryError(f"then_and_now, {match.ref}: {match.table} has no periods to compare.")
    return values.iloc[-1] - values[period == since].iloc[0], f"{period.iloc[-1]} against {since}"


def _year(values: pd.Series, ends: pd.Series, end: str) -> float:
    months = [str(m) for m in pd.period_range(end=end, periods=12, freq="M")]
    year = values[ends.isin(months)].dropna()
    if len(year) != 12:
        raise StoryError(f"Twelve months to {end} are needed for a yearly total; {len(year)} are held.")
    return year.sum()


def _source(table: str, row: Any) -> str:
    if row is not None and "source_title" in row and isinstance(row["source_title"], str):
        return f"{row['source_publisher']}, {row['source_title']}"
    if table == "observations":
        known = catalogue.table("indicators").set_index("indicator_id").loc[row["indicator_id"]]
        return f"{known.publisher}, {known.official_dataset}"
    source = catalogue.source(table)
    return f"{source.publisher}, {source.title}"
