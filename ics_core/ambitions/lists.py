"""Indicators in lists: the headline measures of the eight ambitions, all indicators, and what has no figure."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.ambitions.indicator import (
    NO_FIGURE,
    areas,
    districts,
    first_area,
    format_change,
    format_value,
    listing,
    whole,
)
from ics_core.ambitions.judgement import STATES, Status, status
from ics_core.ambitions.release import age
from ics_core.ambitions.rules import NOT_JUDGED, WORDS
from ics_core.errors import IndicatorError


def ambition(number: int) -> dict:
    """Name, full name, summary and source of one ambition: number from 1 to 8."""
    table = catalogue.table("ambitions").set_index("number")
    if number not in table.index:
        raise IndicatorError(f"ambition is {number!r}: choose a whole number from 1 to 8.")
    return {"number": number, **table.loc[number].to_dict()}


def overview(state: str | None = None) -> pd.DataFrame:
    """The headline indicators of the eight ambitions, one row each, in order.

    Columns: ambition, ambition_name, summary, rank, indicator_id, name, area_code, area, unit, better, latest,
    latest_text, period, date, change, change_text, direction, chart_kind, variation, assurance, word (one of
    ``rules.WORDS``, or "not judged" where no direction is better), reason (of the word), trial, trial_words,
    target, target_text, target_date, target_scope, asked_of, met, gap, gap_text, course (row of the decision
    table), course_word (the same in a few words), comparator, comparator_text, comparator_note, against_england,
    missed_releases, age_words, old, states, recent (the latest 24 values, for a sparkline). ``state`` filters as in
    ``indicators``.
    """
    if state is not None and state not in STATES:
        raise IndicatorError(f"state is {state!r}: choose one of {', '.join(STATES)}, or None for all.")
    names = catalogue.table("ambitions").set_index("number")
    rows = []
    for pick in catalogue.table("headline_picks").sort_values(["ambition", "rank"]).itertuples():
        one = status(pick.indicator_id, pick.area_code)
        if state is None or state in one.states:
            head = {
                "ambition_name": names["short_name"][pick.ambition],
                "summary": names["summary"][pick.ambition],
                "rank": pick.rank,
            }
            recent = whole(pick.indicator_id, pick.area_code)["value"].tail(24).tolist()
            rows.append({**head, **_line(one), "ambition": pick.ambition, "recent": recent})
    return _frame(rows)


def headlines() -> pd.DataFrame:
    """The headline measures in short: one of the five words for each, and a second mark beside England.

    Columns: ambition, ambition_name, indicator_id, name, area, latest_text, period, word, against_england, course_word,
    trial_words, age_words. A part of ``overview``, which ``tally`` counts.
    """
    shown = ["ambition", "ambition_name", "indicator_id", "name", "area", "latest_text", "period", "word"]
    return overview()[[*shown, "against_england", "course_word", "trial_words", "age_words"]]


def tally(table: pd.DataFrame | None = None) -> dict[str, int]:
    """How many rows of ``overview`` there are in all, are judged, have a target, bear each word, and are in each state.

    Counted from the column ``word`` itself, so that a count cannot contradict the list.
    """
    table = overview() if table is None else table
    told = {word: int((table["word"] == word).sum()) for word in WORDS}
    counts = {state: int(table["states"].map(lambda states, state=state: state in states).sum()) for state in STATES}
    return {
        "all": len(table),
        "judged": int((table["word"] != NOT_JUDGED).sum()),
        "aimed": int(table["target"].notna().sum()),
        **told,
        **counts,
    }


def summary(table: pd.DataFrame | None = None) -> str:
    """What ``tally`` counts, in a line: "Of 31 measures judged, 4 are better ..."."""
    table = overview() if table is None else table
    counts = tally(table)
    said = {
        "better": "better than a year ago beyond chance",
        "worse": "worse beyond chance",
        "no clear change": "without a clear change",
        "cannot be told yet": "that cannot be told yet",
        "no recent figure": "without a recent figure",
    }
    told = [f"{counts[word]} {text}" for word, text in said.items() if counts[word]]
    lead = f"Of {words.plural(counts['judged'], 'headline measure')} judged"
    return f"{lead}: {words.listed(told)}" if told else "No headline measure is judged"


def tiles() -> pd.DataFrame:
    """Eight rows for a front page: the first headline indicator of each ambition.

    Columns as ``overview``, of which number (the ambition), ambition_name, summary, name, area, latest_text, period,
    target_text, target_date, variation, assurance, direction, change_text, old are for show.
    """
    table = overview()
    return table[table["rank"] == 1].rename(columns={"ambition": "number"}).reset_index(drop=True)


def indicators(search: str = "", ambition: int | None = None, state: str | None = None) -> pd.DataFrame:
    """All indicators, filtered: each in its first area, or in all districts together where only they are published.

    ``search``: words that must all occur in name, definition, publisher, dataset or id. ``state``: one
    of "improving", "concerning", "missing target" (of districts, any that misses it), "no recent data". Columns as
    ``overview``, and headline, frequency, publisher, definition, areas, districts (how many stand together in the row;
    ``area_code`` is then the first of them, ``latest_text`` the range, ``gap_text`` how many are short of the target).
    """
    if state is not None and state not in STATES:
        raise IndicatorError(f"state is {state!r}: choose one of {', '.join(STATES)}, or None for all.")
    table = listing()
    if ambition is not None:
        table = table[(table["ambition"] == ambition) | (table["also_ambition"] == ambition)]
    text = (
        table[["indicator_id", "name", "definition", "publisher", "official_dataset"]].agg(" ".join, axis=1).str.lower()
    )
    for word in search.lower().split():
        text = text[text.str.contains(word, regex=False)]
    rows = []
    for indicator_id in text.index:
        one, together = status(indicator_id, first_area(indicator_id)), districts(indicator_id)
        line = {**_line(one), "districts": len(together), **(_together(one, together) if len(together) else {})}
        if state is None or state in line["states"]:
            row = table.loc[indicator_id]
            more = {"headline": bool(row["headline"]), "frequency": row["frequency"], "publisher": row["publisher"]}
            rows.append({**line, **more, "definition": row["definition"], "areas": len(areas(indicator_id))})
    return _frame(rows)


def measures(number: int) -> dict[str, str]:
    """Indicators of an ambition by id, with their names: headline picks first, then headline series, then the rest."""
    ambition(number)
    picks = catalogue.table("headline_picks")
    table = listing()
    mine = table[(table["ambition"] == number) | (table["also_ambition"] == number)].sort_values(
        "headline", ascending=False, kind="stable"
    )
    order = [*picks.loc[picks["ambition"] == number, "indicator_id"], *mine["indicator_id"]]
    return {one: table["name"][one] for one in order}


def _together(one: Status, found: pd.DataFrame) -> dict:
    """What a list says of all districts, in place of the figures of the first: none of them stands for the others."""
    low, high, day = found["value"].min(), found["value"].max(), found["period_end"].max()
    short = 0 if one.target is None else sum(not one.target.met_by(value, one.better) for value in found["value"])
    since = age(one.indicator_id, day)
    return {
        "area": f"{len(found)} districts",
        "latest": np.nan,
        "latest_text": f"{format_value(low, one.unit)} to {format_value(high, one.unit)}",
        "period": found["period_label"].iloc[0],
        "date": day,
        "change": None,
        "change_text": "",
        "direction": None,
        "variation": None,
        "assurance": None,
        "word": "no recent figure" if since.old and one.better != "neither" else NOT_JUDGED,
        "reason": "untold",
        "trial": False,
        "trial_words": "",
        "course_word": "",
        "against_england": "not compared",
        "met": None,
        "gap": np.nan,
        "gap_text": "" if one.target is None else f"{short or 'none'} of {len(found)} districts short of target",
        "missed_releases": since.missed,
        "age_words": since.words,
        "old": since.old,
        "states": tuple(
            state
            for state, holds in (
                ("missing target", short > 0 and not since.old),
                ("no recent data", since.old and one.better != "neither"),
            )
            if holds
        ),
    }


def _frame(rows: list[dict]) -> pd.DataFrame:
    """A frame in which None stays None, where pandas would make a missing text of it."""
    table = pd.DataFrame(rows)
    gaps = [name for name in table if any(row[name] is None for row in rows)]
    return table.assign(**{name: pd.Series([row[name] for row in rows], dtype=object) for name in gaps})


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
        "word": one.word,
        "reason": one.reason,
        "trial": one.trial,
        "trial_words": one.trial_words,
        "target": target.value if target else np.nan,
        "target_text": one.target_text,
        "target_date": target.date if target else None,
        "target_scope": target.scope if target else None,
        "asked_of": one.asked_of,
        "met": one.met,
        "gap": one.gap if one.gap is not None else np.nan,
        "gap_text": _gap_text(one),
        "course": one.course,
        "course_word": one.course_word,
        "comparator": one.comparator,
        "comparator_text": one.comparator_text,
        "comparator_note": one.comparator_note,
        "against_england": one.against_england,
        "missed_releases": one.missed_releases,
        "age_words": one.age_words,
        "old": one.old,
        "states": one.states,
    }


def _gap_text(one: Status) -> str:
    """How far a measure is from its target, and of which figure where that is not the latest."""
    if one.gap is None:
        return ""
    apart = "met" if one.met else f"{format_change(one.gap, one.unit)} from target"
    if one.measured == one.latest:
        return apart
    return f"{words.capital(one.measured_words)}, {format_value(one.measured, one.unit)}: {apart}"


def slug(number: int) -> str:
    """The last part of the address of an ambition's page: "ambition-6-urgent-care"."""
    return f"ambition-{_story_file(number)}"


def story(number: int) -> str:
    """The story of an ambition in plain words; its numbers are filled in from the headline series.

    ``{ae_4hr_all.latest_text}`` in the text is that field of the ``Status`` in the indicator's first area.
    """
    return catalogue.text(f"ambitions/{_story_file(number)}").format_map(_Statuses())


@cache
def _story_file(number: int) -> str:
    ambition(number)
    names = [name.removeprefix("ambitions/") for name in catalogue.texts()]
    return next(name for name in names if name.startswith(f"{number}-"))


class _Statuses(dict):
    def __missing__(self, indicator_id: str) -> Status:
        return status(indicator_id, first_area(indicator_id))


def gaps(number: int) -> pd.DataFrame:
    """Headline measures of an ambition without a (recent) figure, and how to bring one in.

    Columns: metric_id, what, last_known, publisher, dataset, address, how.
    """
    ambition(number)
    table = catalogue.table("metric_gaps")
    table = table[table["ambition"] == number]
    known = [_last_known(*pair) for pair in zip(table["metric_id"], table["indicator_id"], strict=True)]
    return table.assign(last_known=known)[
        ["metric_id", "what", "last_known", "publisher", "dataset", "address", "how"]
    ].reset_index(drop=True)


def _last_known(metric_id: str, indicator_id: object) -> str:
    if isinstance(indicator_id, str):
        held = status(indicator_id, first_area(indicator_id))
        return f"{held.name}: {format_value(held.latest, held.unit)}, {held.area}, {held.period}"
    one = last_reported(metric_id)
    return NO_FIGURE if one is None else reported_words(one)


def last_reported(metric_id: str) -> pd.Series | None:
    """The latest dated row of ``reported_values`` for a measure, doubtful ones left out; None without any."""
    values = catalogue.table("reported_values")
    values = values[(values["metric_id"] == metric_id) & (values["provenance"] != "doubtful") & values["date"].notna()]
    return None if values.empty else values.sort_values("date", kind="stable").iloc[-1]


def reported_words(one: pd.Series) -> str:
    """A row of ``reported_values`` in words: what, how much, where, when."""
    unit = {"%": "%", "GBP million": " million pounds"}.get(one["unit"], f" {one['unit']}")
    number = f"{one['value']:,.6g}".replace("-", "−")
    return f"{one['metric']}: {number}{unit}, {one['area']}, {one['date']}"
