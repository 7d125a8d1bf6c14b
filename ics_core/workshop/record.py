"""The record of a workshop as CSV: what was asked, what was said, where it leads. No row is a person."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pandas as pd

from ics_core import catalogue, download, words
from ics_core.area import AREA
from ics_core.scenario import MODEL_VERSION
from ics_core.workshop import summary
from ics_core.workshop.session import FIELDS, Question
from ics_core.workshop.store import Given, Workshop

REHEARSAL = "Rehearsal: the answers were made up by this program. They are nobody's opinion."
COLUMNS = ("question", "kind", "what", "value", "people", "unit")


def table(questions: Sequence[Question], given: Sequence[Given]) -> pd.DataFrame:
    """One row a result: question, kind, what (median, lower quartile, an answer, an ambition ...), value, people, unit.

    Comments are in it once they were let through; nothing tells who gave which answer.
    """
    rows: list[tuple] = []
    for question in questions:
        found = summary.spread(question, given)
        said = (question.text, question.kind)

        def add(what: str, value: object, people: object, unit: str = "", said: tuple = said) -> None:
            rows.append((*said, what, value, people, unit))

        add("answers", "", found.people)
        if found.by_hand:
            add("of these counted by hand", "", found.by_hand)
        if found.late:
            add("of these given without signal and sent later", "", found.late)
        if question.kind in ("guess", "lever") and found.people:
            unit = question.unit if question.kind == "guess" else ""
            for what, value in (
                ("median", found.median),
                ("lower quartile", found.low),
                ("upper quartile", found.high),
            ):
                add(what, round(value, 4), found.people, unit or question.said(value).lstrip("−0123456789., "))
            if question.kind == "lever":
                add("moved from no change", "", found.moved)
            for value, count in summary.dots(question, given)["value"].value_counts().sort_index().items():
                add("answered", value, count, unit)
        if question.kind == "guess":
            add("the figure", round(question.known().value, 4), "", question.unit)
        if question.kind == "statement":
            for row in summary.agreement(question, given).itertuples():
                add(row.answer, row.step, row.people)
        if question.kind == "priorities" and found.people:
            for row in summary.points(question, given).itertuples():
                add(row.ambition, round(row.mean, 2), row.people, "points, mean; people who gave it any")
        if question.kind == "ranking" and found.people:
            for row in summary.order(question, given).itertuples():
                add(row.ambition, round(row.mean, 2), row.people, "place, mean; people who put it first")
        if question.kind in FIELDS and found.people:
            for row in summary.weighed(question, given).itertuples():
                for what, value in (("lower quartile", row.low), ("median", row.median), ("upper quartile", row.high)):
                    add(f"{row.ambition}, {what}", round(value, 2), found.people, FIELDS[question.kind])
        for comment in summary.comments(question, given) if question.kind == "comment" else ():
            add("comment", comment.value, 1)
        for row in summary.groups(question, given).itertuples():
            if question.kind in FIELDS:
                add(f"group {row.letter}, first", row.first, row.people)
            else:
                add(f"group {row.letter}, median", round(row.median, 4), row.people)
    if any(question.kind == "lever" for question in questions):
        for row in summary.future(questions, given).itertuples():
            ends = (("lower quartile of the room", row.low), ("upper quartile of the room", row.high))
            for what, value in (
                ("no change", row.no_change),
                ("the room", row.room),
                *ends[: 2 * (row.low == row.low)],
            ):
                rows.append((f"{row.outcome}, {row.year}", "future", what, round(value, 1), "", row.unit))
            for one in summary.future_of_groups(row.outcome_id, questions, given).itertuples():
                what = f"group {one.letter}"
                rows.append((f"{row.outcome}, {row.year}", "future", what, round(one.room, 1), one.people, row.unit))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def packed(workshop: Workshop, given: Sequence[Given]) -> bytes:
    """The record as a table with its notes in one zip: see ``download.packed``."""
    scenario = summary.room(workshop.questions, given)
    lines = [
        f"{workshop.title}{', ' + workshop.place if workshop.place else ''}, {when(workshop.created)}",
        *([REHEARSAL] if workshop.rehearsal else []),
        f"The room's scenario: {words.listed(scenario.changes()) or 'no lever moved'}",
        f"Data release {workshop.data_release} (now {catalogue.release()}), model {MODEL_VERSION}.",
        f"{AREA.title}. Not an official NHS site.",
    ]
    notes = "".join(" ".join(line.split()) + "\n" for line in lines)
    return download.packed(f"workshop-{workshop.code}", table(workshop.questions, given), notes)


def when(seconds: float) -> str:
    """A moment as the day it fell on, in words."""
    return words.day(time.strftime("%Y-%m-%d", time.localtime(seconds)))
