"""The eight ambitions of the Joint Forward Plan: headline measures, gaps, milestones, and the promises of 2018.

This is the door to everything about them: what one indicator holds (``ics_core.indicators``) and how
it does (``ics_core.progress``) are reached from here as well.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue
from ics_core.indicators import (
    BOARD,
    ENGLAND,
    NO_FIGURE,
    TOTALS,
    Break,
    area_name,
    areas,
    bands,
    breaks,
    chart,
    compare,
    definition,
    first_area,
    format_change,
    format_day,
    format_pace,
    format_value,
    holdings,
    listing,
    months_on,
    rank,
    record,
    series,
    whole,
)
from ics_core.progress import (
    STATES,
    Outlook,
    Slider,
    Status,
    Target,
    answers,
    finding,
    projected,
    related,
    slider,
    status,
    target_steps,
    target_words,
    targets,
)

__all__ = [
    "BOARD", "ENGLAND", "NO_FIGURE", "STATES", "TOTALS", "Break", "Outlook", "Slider", "Status", "Target",
    "ambition", "answers", "area_name", "areas", "bands", "breaks", "chart", "compare", "definition", "finding", "first_area",
    "format_change", "format_day", "format_pace", "format_value", "gaps", "indicators", "measures", "milestones", "objectives",
    "overview", "projected", "promises", "rank", "related", "series", "slider", "slug", "status", "story", "tally",
    "target_steps", "target_words", "targets", "tiles",
]  # fmt: skip


def indicators(search: str = "", ambition: int | None = None, state: str | None = None) -> pd.DataFrame:
    """All indicators, each in its first area, filtered.

    ``search``: words that must all occur in name, definition, publisher, dataset or id. ``state``: one
    of "improving", "concerning", "missing target", "no recent data". Columns as ``overview``, and
    headline, frequency, publisher, definition, areas.
    """
    if state is not None and state not in STATES:
        raise ValueError(f"state is {state!r}: choose one of {', '.join(STATES)}, or None for all.")
    table = listing()
    if ambition is not None:
        table = table[(table["ambition"] == ambition) | (table["also_ambition"] == ambition)]
    text = table[["indicator_id", "name", "definition", "publisher", "official_dataset"]].agg(" ".join, axis=1).str.lower()
    for word in search.lower().split():
        text = text[text.str.contains(word, regex=False)]
    rows = []
    for indicator_id in text.index:
        one = status(indicator_id, first_area(indicator_id))
        if state is None or state in one.states:
            row = table.loc[indicator_id]
            more = {"headline": bool(row["headline"]), "frequency": row["frequency"], "publisher": row["publisher"]}
            rows.append({**_line(one), **more, "definition": row["definition"], "areas": len(areas(indicator_id))})
    return _frame(rows)


def _frame(rows: list[dict]) -> pd.DataFrame:
    """A frame in which None stays None, where pandas would make a missing text of it."""
    table = pd.DataFrame(rows)
    gaps = [name for name in table if any(row[name] is None for row in rows)]
    return table.assign(**{name: pd.Series([row[name] for row in rows], dtype=object) for name in gaps})


def measures(number: int) -> dict[str, str]:
    """Indicators of an ambition by id, with their names: headline picks first, then headline series, then the rest."""
    ambition(number)
    picks = catalogue.table("headline_picks")
    table = listing()
    mine = table[(table["ambition"] == number) | (table["also_ambition"] == number)].sort_values("headline", ascending=False, kind="stable")
    order = [*picks.loc[picks["ambition"] == number, "indicator_id"], *mine["indicator_id"]]
    return {one: table["name"][one] for one in order}


def _line(one: Status) -> dict:
    """One row of a list of indicators."""
    target = one.target
    return {
        "ambition": one.ambition,
        "indicator_id": one.indicator_id,
        "name": one.name,
        "area_code": one.area_code,
        "area": one.area,
        "unit": one.unit,
        "better": one.better,
        "latest": one.latest,
        "latest_text": one.latest_text,
        "period": one.period,
        "date": one.date,
        "change": one.change,
        "change_text": one.change_text,
        "direction": one.direction,
        "chart_kind": one.chart_kind,
        "variation": one.variation,
        "assurance": one.assurance,
        "target": target.value if target else np.nan,
        "target_text": one.target_text,
        "target_date": target.date if target else None,
        "target_scope": target.scope if target else None,
        "provenance": target.provenance if target else None,
        "met": one.met,
        "gap": one.gap if one.gap is not None else np.nan,
        "gap_text": "" if one.gap is None else "met" if one.met else f"{format_change(one.gap, one.unit)} from target",
        "comparator": one.comparator,
        "comparator_text": one.comparator_text,
        "comparator_note": one.comparator_note,
        "age_months": one.age_months,
        "old": one.old,
        "states": one.states,
    }


def ambition(number: int) -> dict:
    """Name, full name, summary and source of one ambition: number from 1 to 8."""
    table = catalogue.table("ambitions").set_index("number")
    if number not in table.index:
        raise ValueError(f"ambition is {number!r}: choose a whole number from 1 to 8.")
    return {"number": number, **table.loc[number].to_dict()}


def overview(state: str | None = None) -> pd.DataFrame:
    """The headline indicators of the eight ambitions, one row each, in order.

    Columns: ambition, ambition_name, summary, rank, indicator_id, name, area_code, area, unit, latest, latest_text,
    period, date, change, change_text, direction, chart_kind, variation, assurance, target, target_text, target_date,
    target_scope, provenance, met, gap, gap_text, comparator, comparator_text, age_months, old, states, recent
    (the latest 24 values, for a sparkline). ``state`` filters as in ``indicators``.
    """
    if state is not None and state not in STATES:
        raise ValueError(f"state is {state!r}: choose one of {', '.join(STATES)}, or None for all.")
    names = catalogue.table("ambitions").set_index("number")
    rows = []
    for pick in catalogue.table("headline_picks").sort_values(["ambition", "rank"]).itertuples():
        one = status(pick.indicator_id, pick.area_code)
        if state is None or state in one.states:
            head = {"ambition_name": names["short_name"][pick.ambition], "summary": names["summary"][pick.ambition], "rank": pick.rank}
            recent = whole(pick.indicator_id, pick.area_code)["value"].tail(24).tolist()
            rows.append({**head, **_line(one), "ambition": pick.ambition, "recent": recent})
    return _frame(rows)


def tally(table: pd.DataFrame | None = None) -> dict[str, int]:
    """How many rows of ``overview`` there are in all, are judged by a control chart, have a target, and are in each state."""
    table = overview() if table is None else table
    counts = {state: int(table["states"].map(lambda states, state=state: state in states).sum()) for state in STATES}
    return {"all": len(table), "judged": int(table["variation"].notna().sum()), "aimed": int(table["target"].notna().sum()), **counts}


def slug(number: int) -> str:
    """The last part of the address of an ambition's page: "ambition-6-urgent-care"."""
    return f"ambition-{_story_file(number)}"


def story(number: int) -> str:
    """The story of an ambition in plain words; its numbers are filled in from the headline series.

    ``{ae_4hr_all.latest_text}`` in the text is that field of the ``Status`` in the indicator's first area.
    """
    return catalogue.text(f"ambitions/{_story_file(number)}").format_map(_Statuses())


def _story_file(number: int) -> str:
    ambition(number)
    return next((catalogue.DATA / "text" / "ambitions").glob(f"{number}-*.md")).stem


class _Statuses(dict):
    def __missing__(self, indicator_id: str) -> Status:
        return status(indicator_id, first_area(indicator_id))


def tiles() -> pd.DataFrame:
    """Eight rows for a front page: the first headline indicator of each ambition.

    Columns as ``overview``, of which number (the ambition), ambition_name, summary, name, area, latest_text, period,
    target_text, target_date, variation, assurance, direction, change_text, old are for show.
    """
    table = overview()
    return table[table["rank"] == 1].rename(columns={"ambition": "number"}).reset_index(drop=True)


def gaps(number: int) -> pd.DataFrame:
    """Headline measures of an ambition without a (recent) figure, and how to bring one in.

    Columns: metric_id, what, last_known, publisher, dataset, address, how.
    """
    ambition(number)
    table = catalogue.table("metric_gaps")
    table = table[table["ambition"] == number]
    known = [_last_known(metric) for metric in table["metric_id"]]
    return table.assign(last_known=known)[["metric_id", "what", "last_known", "publisher", "dataset", "address", "how"]].reset_index(drop=True)


def _last_known(metric_id: str) -> str:
    """The latest value anyone reported for a measure, in words; doubtful ones are left out."""
    values = catalogue.table("reported_values")
    values = values[(values["metric_id"] == metric_id) & (values["provenance"] != "doubtful") & values["date"].notna()]
    if values.empty:
        return NO_FIGURE
    one = values.sort_values("date", kind="stable").iloc[-1]
    unit = {"%": "%", "GBP million": " million pounds"}.get(one["unit"], f" {one['unit']}")
    number = f"{one['value']:,.6g}".replace("-", "−")
    return f"{one['metric']}: {number}{unit}, {one['area']}, {one['date']}"


def objectives(number: int) -> pd.DataFrame:
    """Objectives of an ambition: objective_id, objective, support, confidence, milestones (how many), state, note.

    ``state`` is that of its milestones: "delivered" if all are, "late" if one is, then "due", else "unknown".
    """
    ambition(number)
    table = catalogue.table("objectives")
    table = table[table["ambition"] == number]
    steps = milestones(number)
    states = []
    for one in table["objective_id"]:
        here = set(steps.loc[steps["objective_id"] == one, "state"])
        states.append("unknown" if not here else next((s for s in ("late", "due", "unknown") if s in here), "delivered"))
    columns = ["objective_id", "objective", "support", "confidence", "milestones", "state", "note"]
    return table.rename(columns={"milestone_count": "milestones"}).assign(state=states)[columns].reset_index(drop=True)


def milestones(number: int) -> pd.DataFrame:
    """Milestones of an ambition in date order, with their state on the day of the data release.

    Columns: milestone_id, objective_id, date, day (ISO, for a chart), milestone, kind, state, evidence, source, provenance,
    note. "delivered": reported as done, or a deadline whose aims the figures meet; "due": still ahead or in
    progress; "late": reported as delayed, or an aim missed; "unknown": the date has passed and nothing says.
    """
    ambition(number)
    table = catalogue.table("milestones")
    table = table[table["ambition"] == number].copy()
    table["day"] = table["date"].map(_last_day)
    judged = [_milestone(one) for one in table.itertuples()]
    table["state"], table["evidence"] = [state for state, _ in judged], [text for _, text in judged]
    table["source"] = [f"{t}, {p}" if isinstance(p, str) else t for t, p in zip(table["source_title"], table["source_publisher"], strict=True)]
    columns = ["milestone_id", "objective_id", "date", "day", "milestone", "kind", "state", "evidence", "source", "provenance", "note"]
    return table.sort_values("day", kind="stable")[columns].reset_index(drop=True)


def _last_day(when: str) -> str:
    parts = when[-4:] if re.fullmatch(r"\d{4}-\d{4}", when) else when
    if len(parts) == 4:
        return f"{parts}-12-31"
    return months_on(parts, 0) if len(parts) == 7 else parts


def _milestone(one: object) -> tuple[str, str]:
    if one.kind == "delivered":
        return "delivered", ""
    if one.kind == "delayed":
        return "late", ""
    if one.kind == "in progress" or one.day > catalogue.released():
        return "due", ""
    links = catalogue.table("milestone_targets")
    rows = set(links.loc[links["milestone_id"] == one.milestone_id, "row_id"])
    steps = [(step, indicator, area) for step, indicator, area in _steps_due() if step.row_id in rows and step.state in ("met", "missed")]
    if not steps:
        return "unknown", one.note if isinstance(one.note, str) else "The date has passed; no report or figure says what became of it."
    units = listing()["unit"]
    told = [f"{area_name(a)}: {format_value(s.value_then, units[i])} against {format_value(s.value, units[i])}" for s, i, a in steps]
    return ("late" if any(s.state == "missed" for s, _, _ in steps) else "delivered"), "; ".join(dict.fromkeys(told))


@cache
def _steps_due() -> list[tuple[Target, str, str]]:
    picks = catalogue.table("metric_indicator_map")
    mapped = picks.loc[picks["comparable"] == "yes", "indicator_id"].dropna().unique()
    return [(step, one, first_area(one)) for one in mapped for step in targets(one, first_area(one))]


def promises() -> pd.DataFrame:
    """The quantified commitments of the 2018 expression of interest, and what is known now.

    Columns: commitment_id, ambition, commitment, stated, deadline, verdict ("kept", "not kept", "cannot be told"),
    evidence (the figure), reason, dataset (the official one), indicator_id. No verdict without a figure.
    """
    tests = catalogue.table("promise_tests").merge(catalogue.table("founding_commitments"), on="commitment_id", suffixes=("", "_made"))
    rows = []
    for one in tests.itertuples():
        kept, evidence = _TESTS[one.test](one)
        verdict = "cannot be told" if kept is None or one.judged != "verdict" else "kept" if kept else "not kept"
        rows.append(
            {
                "commitment_id": one.commitment_id,
                "ambition": int(one.ambition),
                "commitment": one.commitment,
                "stated": one.figure_as_stated,
                "deadline": one.deadline_as_stated if isinstance(one.deadline_as_stated, str) else "no date",
                "verdict": verdict,
                "evidence": evidence,
                "reason": one.reason,
                "dataset": one.dataset,
                "indicator_id": one.indicator_id if isinstance(one.indicator_id, str) else None,
            }
        )
    return pd.DataFrame(rows)


def _financial_year(indicator_id: str, code: str, measure: str, year: int) -> float:
    frame = holdings()[indicator_id, code, "all"]
    inside = frame[(frame["period_start"] >= f"{year}-04-01") & (frame["period_end"] <= f"{year + 1}-03-31")]
    return float(inside[measure].sum()) if len(inside) == 12 else np.nan


def _test_growth(one: object) -> tuple[bool | None, str]:
    first, last = int(one.from_year), int(one.to_year)
    growth = {
        code: _financial_year(one.indicator_id, code, one.measure, last) / _financial_year(one.indicator_id, code, one.measure, first) - 1
        for code in (one.area_codes, ENGLAND)
    }
    said = [f"{area_name(code)} {'up' if g > 0 else 'down'} {abs(g):.1%}" for code, g in growth.items()]
    return growth[one.area_codes] < growth[ENGLAND], f"From {first}/{(first + 1) % 100:02d} to {last}/{(last + 1) % 100:02d}: {', '.join(said)}."


def _test_per_head(one: object) -> tuple[bool | None, str]:
    people = {code: float(holdings()["gp_registered", code, "all"]["value"].iloc[-1]) for code in (BOARD, ENGLAND)}
    total = {code: sum(float(holdings()[one.indicator_id, part, "all"][one.measure].mean()) for part in parts) for code, parts in ((BOARD, one.area_codes.split("|")), (ENGLAND, [ENGLAND]))}
    rate = {code: total[code] / people[code] * 1000 for code in people}
    span = series(one.indicator_id, ENGLAND)["period_label"]
    return rate[BOARD] < rate[ENGLAND], f"{rate[BOARD]:.2f} beds a day in use per 1,000 registered people, England {rate[ENGLAND]:.2f} ({span.iloc[0]} to {span.iloc[-1]})."


def _test_standard(one: object) -> tuple[bool | None, str]:
    frame = series(one.indicator_id, one.area_codes)
    goals = catalogue.table("targets")
    goal = float(goals.loc[(goals["metric_id"] == one.related_metric_id) & (goals["scope"] == "local"), "target_value"].iloc[0])
    reached = int((frame["value"] >= goal).sum())
    last = frame.iloc[-1]
    said = f"{format_value(last['value'], '%')} in {last['period_label']} against {format_value(goal, '%')}; reached in {reached} of the {len(frame)} months since {frame['period_label'].iloc[0]}."
    return bool(last["value"] >= goal), said


def _test_reach(one: object) -> tuple[bool | None, str]:
    last = series(one.indicator_id, one.area_codes).iloc[-1]
    said = f"{record(one.indicator_id)['name']}: {last['value']:,.0f} in {last['period_label']}, against {one.target_value:,.0f}."
    return bool(last["value"] <= one.target_value), said


def _test_none(one: object) -> tuple[bool | None, str]:
    return None, _last_known(one.related_metric_id)


_TESTS = {"growth": _test_growth, "per head": _test_per_head, "standard": _test_standard, "reach": _test_reach, "none": _test_none}


def is_total(unit: str) -> bool:
    """Whether a unit counts things, so that a figure in it follows the size of the place: people, beds, pounds."""
    return unit in _TOTALS
