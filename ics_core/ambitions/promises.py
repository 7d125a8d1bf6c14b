"""The commitments of the founding documents: what was promised, what is known now, from whom, what became of it.

Every one has a fate of five by the rule in ``data/text/promises.md``. What decides each is the table ``promise_tests``;
the commitments themselves are in ``founding_commitments``.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.ambitions import lists
from ics_core.ambitions.indicator import (
    BOARD,
    ENGLAND,
    NO_FIGURE,
    area_name,
    districts,
    first_area,
    format_value,
    holdings,
    record,
    series,
)
from ics_core.errors import IndicatorError

VERDICTS = ("kept", "partly", "not kept", "cannot be told", "not yet due")
_TOLD = {
    "kept": "{n} kept",
    "partly": "{n} kept in part",
    "not kept": "{n} not kept",
    "cannot be told": "{n} cannot be told",
    "not yet due": "{n} not yet due",
}


def listed(verdict: str | None = None, ambition: int | None = None) -> pd.DataFrame:
    """The commitments in order of ambition, those with one verdict or under one ambition only if asked.

    Columns: commitment_id, document_id, ambition, ambition_name, commitment, stated, deadline, verdict (one of
    ``VERDICTS``), numbered (whether it carries a number), evidence (the figure or event in words), reason, dataset (the
    official one), indicator_id and area_code (where to open the indicator, or ""), as_at (date of what the verdict
    rests on, or ""), source (of it; "" without one), address (of that source, or ""), note (on how the promise was
    read). No verdict of kept, partly or not kept without a figure or a dated event. Raises ``IndicatorError``.
    """
    if verdict is not None and verdict not in VERDICTS:
        raise IndicatorError(f"verdict is {verdict!r}: choose one of {', '.join(VERDICTS)}, or None for all.")
    if ambition is not None:
        lists.ambition(ambition)
    table = _judged()
    if verdict:
        table = table[table["verdict"] == verdict]
    if ambition:
        table = table[table["ambition"] == ambition]
    return table.reset_index(drop=True)


def finding() -> str:
    """What became of all of them, in a line."""
    table = listed()
    counts = table["verdict"].value_counts()
    told = [_TOLD[verdict].format(n=int(counts.get(verdict, 0)) or "none") for verdict in VERDICTS]
    return f"Of {len(table)} commitments, {words.listed(told)}"


@cache
def _judged() -> pd.DataFrame:
    tests = catalogue.table("promise_tests").merge(
        catalogue.table("founding_commitments"), on="commitment_id", suffixes=("", "_made")
    )
    text = [
        "indicator_id",
        "area_codes",
        "measure",
        "also",
        "deadline_as_stated",
        "figure_as_stated",
        "note",
        "rests_on",
    ]
    tests[text] = tests[text].fillna("")
    names = catalogue.table("ambitions").set_index("number")["short_name"]
    rows = []
    for one in tests.sort_values(["ambition", "commitment_id"]).itertuples():
        kept, evidence = _TESTS[one.test](one)
        as_at, source, address = _source(one)
        rows.append(
            {
                "commitment_id": one.commitment_id,
                "document_id": one.document_id,
                "ambition": int(one.ambition),
                "ambition_name": names[one.ambition],
                "commitment": one.commitment,
                "stated": one.figure_as_stated,
                "deadline": one.deadline_as_stated or "no date",
                "verdict": _verdict(one, kept),
                "numbered": one.numbered == "yes",
                "evidence": evidence,
                "reason": one.reason,
                "dataset": one.dataset,
                "indicator_id": one.indicator_id,
                "area_code": _area(one),
                "as_at": as_at,
                "source": source,
                "address": address,
                "note": one.note,
            }
        )
    return pd.DataFrame(rows)


def _verdict(one: object, kept: bool | None) -> str:
    """The fate of a commitment; where a figure decides, kept if it reaches what was promised."""
    if one.fate != "by figure":
        return one.fate
    return "cannot be told" if kept is None else "kept" if kept else "not kept"


# --- Tests: whether the promise was kept (None where no figure decides), and what is known in words ----


def _growth(one: object) -> tuple[bool | None, str]:
    first, last = int(one.from_year), int(one.to_year)
    growth = {
        code: _financial_year(one.indicator_id, code, one.measure, last)
        / _financial_year(one.indicator_id, code, one.measure, first)
        - 1
        for code in (one.area_codes, ENGLAND)
    }
    said = [f"{area_name(code)} {'up' if g > 0 else 'down'} {abs(g):.1%}" for code, g in growth.items()]
    return growth[one.area_codes] < growth[ENGLAND], f"From {_years(first)} to {_years(last)}: {', '.join(said)}."


def _financial_year(indicator_id: str, code: str, measure: str, year: int) -> float:
    frame = holdings()[indicator_id, code, "all"]
    inside = frame[(frame["period_start"] >= f"{year}-04-01") & (frame["period_end"] <= f"{year + 1}-03-31")]
    return float(inside[measure].sum()) if len(inside) == 12 else np.nan


def _years(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def _per_head(one: object) -> tuple[bool | None, str]:
    people = {code: float(holdings()["gp_registered", code, "all"]["value"].iloc[-1]) for code in (BOARD, ENGLAND)}
    total = {
        code: sum(float(holdings()[one.indicator_id, part, "all"][one.measure].mean()) for part in parts)
        for code, parts in ((BOARD, one.area_codes.split("|")), (ENGLAND, [ENGLAND]))
    }
    rate = {code: total[code] / people[code] * 1000 for code in people}
    span = series(one.indicator_id, ENGLAND)["period_label"]
    return (
        rate[BOARD] < rate[ENGLAND],
        f"{rate[BOARD]:.2f} beds a day in use per 1,000 registered people, England {rate[ENGLAND]:.2f} "
        f"({span.iloc[0]} to {span.iloc[-1]}).",
    )


def _standard(one: object) -> tuple[bool | None, str]:
    frame = series(one.indicator_id, one.area_codes)
    goals = catalogue.table("targets")
    goal = float(
        goals.loc[(goals["metric_id"] == one.related_metric_id) & (goals["scope"] == "local"), "target_value"].iloc[0]
    )
    reached = int((frame["value"] >= goal).sum())
    last = frame.iloc[-1]
    said = (
        f"{format_value(last['value'], '%')} in {last['period_label']} against {format_value(goal, '%')}; reached in "
        f"{reached} of the {len(frame)} months since {frame['period_label'].iloc[0]}."
    )
    return bool(last["value"] >= goal), said


def _reach(one: object) -> tuple[bool | None, str]:
    last = series(one.indicator_id, one.area_codes).iloc[-1]
    name = record(one.indicator_id)["name"]
    said = f"{name}: {last['value']:,.0f} in {last['period_label']}, against {one.target_value:,.0f}."
    return bool(last["value"] <= one.target_value), f"{said} {_across(one.also)}".strip()


def _across(indicator_id: str) -> str:
    """The districts at the two ends of a measure that stands beside the one tested."""
    if not indicator_id:
        return ""
    table, about = districts(indicator_id), record(indicator_id)
    low, high = (
        f"{format_value(end['value'], about['unit'])} in {end['area']}" for end in (table.iloc[0], table.iloc[-1])
    )
    return f"{about['name']} in {table['period_label'].iloc[0]}, {len(table)} districts: from {low} to {high}."


def _reported(one: object) -> tuple[bool | None, str]:
    last = lists.last_reported(one.measure)
    return bool(last["value"] <= one.target_value), f"{lists.reported_words(last)}, against {one.target_value:,.0f}."


def _none(one: object) -> tuple[bool | None, str]:
    last = lists.last_reported(one.related_metric_id) if isinstance(one.related_metric_id, str) else None
    return None, NO_FIGURE if last is None else lists.reported_words(last)


def _record(one: object) -> tuple[bool | None, str]:
    event = _event(one.rests_on)
    return None, f"{event['event']}, {words.when(event['date'], event['date_precision'])}."


def _event(ref: str) -> pd.Series:
    """An event of the timeline or a milestone: event, date, date_precision, source, publisher, address."""
    if ref.startswith("EVT"):
        table = catalogue.table("timeline").set_index("event_id")
        row = table.loc[ref]
        return pd.Series({**row, "publisher": row["source_publisher"], "address": row["source_address"]})
    row = catalogue.table("milestones").set_index("milestone_id").loc[ref]
    titles = {
        "event": "milestone",
        "source": "source_title",
        "publisher": "source_publisher",
        "address": "source_address",
    }
    return pd.Series({"date": row["date"], "date_precision": "day"} | {key: row[name] for key, name in titles.items()})


def _places(one: object) -> tuple[bool | None, str]:
    held = _rows_of_places()
    return None, f"{len(held)} places, as listed in {_listed_in(one)}: {words.listed(held['name'].tolist())}."


def _listed_in(one: object) -> str:
    """The year in which the places were counted, as the story of then and now has it."""
    return catalogue.table("then_and_now").set_index("ref")["period"][one.commitment_id]


def _rows_of_places() -> pd.DataFrame:
    structure = catalogue.table("local_structure")
    return structure[structure["level"] == "place"]


def _networks(one: object) -> tuple[bool | None, str]:
    held = _rows_of_networks()
    first, last = held["open_date"].min(), held["members_until"].max()
    return None, f"{len(held)} networks on the national list from {words.day(first)} to {words.day(last)}."


def _rows_of_networks() -> pd.DataFrame:
    networks = catalogue.table("pcns")
    return networks[networks["pcn_set"] == "original_17"]


_TESTS = {
    "growth": _growth,
    "per head": _per_head,
    "standard": _standard,
    "reach": _reach,
    "reported": _reported,
    "record": _record,
    "places": _places,
    "networks": _networks,
    "none": _none,
}


# --- Where what is known comes from --------------------------------------------------------------------


def _source(one: object) -> tuple[str, str, str]:
    """The date of what the verdict rests on, who published it, where."""
    if one.test == "record":
        event = _event(one.rests_on)
        said = [event[key] for key in ("publisher", "source") if isinstance(event[key], str)]
        return words.when(event["date"], event["date_precision"]), ", ".join(said), _https(event["address"])
    if one.test == "places":
        source = catalogue.source("local_structure")
        return _listed_in(one), f"{source.publisher}, {source.title}", _https(source.address)
    if one.test == "networks":
        source, last = catalogue.source("pcns.open_date"), _rows_of_networks()["members_until"].max()
        return words.day(last), f"{source.publisher}, {source.title}", _https(source.address)
    if one.test in ("none", "reported"):
        metric = one.measure or one.related_metric_id
        last = lists.last_reported(metric) if isinstance(metric, str) else None
        if last is None:
            return "", "", ""
        said = [text for text in (last["source_publisher"], last["source_title"]) if isinstance(text, str)]
        return last["date"], ", ".join(said), _https(last["source_address"])
    about = record(one.indicator_id)
    last = series(one.indicator_id, one.area_codes.split("|")[0]).iloc[-1]
    note = last["note"] if isinstance(last["note"], str) else ""
    # Figures from news reports carry the report's address in their note.
    address = next((part for part in note.split("; ") if part.startswith("https://")), "")
    return (
        _years(int(one.to_year)) if one.test == "growth" else last["period_label"],
        f"{about['publisher']}, {about['official_dataset']}",
        address,
    )


def _https(address: object) -> str:
    return address if isinstance(address, str) and address.startswith("https://") else ""


def _area(one: object) -> str:
    if not one.indicator_id:
        return ""
    return one.area_codes.split("|")[0] or first_area(one.indicator_id)
