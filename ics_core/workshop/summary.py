"""What a room said, as pure functions over its questions and answers, and the future that follows from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ics_core import demand, words
from ics_core.errors import WorkshopError
from ics_core.scenario import Scenario, levers
from ics_core.workshop import known
from ics_core.workshop.session import FIELDS, NUMBERS, POINTS, STEPS, Question, priorities
from ics_core.workshop.store import Given

LEAST = 5  # people in a group that is shown
BINS = 20
FUTURE = (
    "residents",
    "residents_85_plus",
    "ae_attendances",
    "emergency_admissions",
    "bed_days",
    "gp_appointments",
    "dementia",
    "diabetes",
    "stroke",
    "copd",
    "gap",
)
_QUARTILES = (25, 50, 75)


@dataclass(frozen=True)
class Spread:
    """Numbers a room gave: how many, median, middle half, ends; ``moved``: how many left the default of a lever."""

    people: int
    by_hand: int
    late: int
    median: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    least: float = float("nan")
    most: float = float("nan")
    moved: int = 0


def of(given: Iterable[Given], question: Question) -> list[Given]:
    """The answers to one question."""
    return [one for one in given if one.question_id == question.id]


def spread(question: Question, given: Sequence[Given]) -> Spread:
    """Median and quartiles of a guess, a lever or a statement (1 strongly disagree to 5 strongly agree)."""
    answers = of(given, question)
    people, by_hand, late = len(answers), sum(a.participant is None for a in answers), sum(a.late for a in answers)
    if question.kind not in NUMBERS or not answers:
        return Spread(people, by_hand, late)
    values = np.array([float(a.value) for a in answers])
    low, median, high = (float(v) for v in np.percentile(values, _QUARTILES))
    moved = 0 if question.default is None else int((values != question.default).sum())
    return Spread(people, by_hand, late, median, low, high, float(values.min()), float(values.max()), moved)


def dots(question: Question, given: Sequence[Given]) -> pd.DataFrame:
    """One row a person of a guess or a lever: value, bin (the middle of it), place in its stack from 1, by_hand.

    At most ``BINS`` bins over the slider, so that a stack shows where the room is.
    """
    low, high = limits(question)
    answers = of(given, question)
    width = (high - low) / BINS
    frame = pd.DataFrame(
        {
            "value": [float(a.value) for a in answers],
            "by_hand": [a.participant is None for a in answers],
        }
    ).astype({"value": float, "by_hand": bool})
    at = np.clip(((frame["value"] - low) / width).astype(int), 0, BINS - 1)
    frame["bin"] = low + (at + 0.5) * width
    frame["place"] = frame.groupby("bin").cumcount() + 1
    return frame[["value", "bin", "place", "by_hand"]]


def limits(question: Question) -> tuple[float, float]:
    """The ends of a question's slider."""
    if question.kind == "lever":
        return levers()[question.lever].low, levers()[question.lever].high
    return question.low, question.high


def agreement(question: Question, given: Sequence[Given]) -> pd.DataFrame:
    """How many chose each of the five steps: step, answer, people, share (%)."""
    values = [int(a.value) for a in of(given, question)]
    counts = [values.count(step) for step in range(1, len(STEPS) + 1)]
    shares = [100 * count / len(values) if values else 0.0 for count in counts]
    return pd.DataFrame({"step": range(1, len(STEPS) + 1), "answer": STEPS, "people": counts, "share": shares})


def points(question: Question, given: Sequence[Given]) -> pd.DataFrame:
    """Points of each ambition, most first: number, ambition, mean, median, low, high, people (who gave it any)."""
    table = _by_ambition([[a.value[n] for n in priorities()] for a in of(given, question)], lambda points: points > 0)
    return table.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def order(question: Question, given: Sequence[Given]) -> pd.DataFrame:
    """Places of each ambition, first first: number, ambition, mean, median, low, high, people (who put it first).

    Where hands were counted for the first place alone, the other ambitions share the places that are left.
    """
    table = _by_ambition([_places(a.value) for a in of(given, question)], lambda places: places == 1)
    return table.sort_values("mean", kind="stable", ignore_index=True)


def _places(given: dict[str, int]) -> list[float]:
    every = len(priorities())
    left = (every * (every + 1) / 2 - sum(given.values())) / max(1, every - len(given))
    return [given.get(number, left) for number in priorities()]


def _by_ambition(answers: Sequence[Sequence[float]], counts: Callable[[np.ndarray], np.ndarray]) -> pd.DataFrame:
    values = np.array(answers, dtype=float).reshape(-1, len(priorities()))
    low, median, high = (
        np.percentile(values, _QUARTILES, axis=0) if len(values) else np.full((3, len(priorities())), np.nan)
    )
    return pd.DataFrame(
        {
            "number": [int(number) for number in priorities()],
            "ambition": list(priorities().values()),
            "mean": values.mean(axis=0) if len(values) else np.nan,
            "median": median,
            "low": low,
            "high": high,
            "people": counts(values).sum(axis=0),
        }
    )


def weighed(question: Question, given: Sequence[Given]) -> pd.DataFrame:
    """``points`` or ``order``, as the question asks: the ambitions, with what matters most to the room first."""
    return (order if question.kind == "ranking" else points)(question, given)


def comments(question: Question, given: Sequence[Given], approved: bool = True) -> list[Given]:
    """Comments that were let through; with ``approved=False`` those that wait."""
    return [a for a in of(given, question) if a.approved == approved]


def groups(question: Question, given: Sequence[Given]) -> pd.DataFrame:
    """Groups of the room side by side: letter, people, median, low, high; for priorities first, second and third.

    Groups of fewer than five people are left out, and no number is given from which theirs could be worked out.
    """
    rows: list[tuple] = []
    for letter, answers in _by_letter(of(given, question)).items():
        if question.kind in NUMBERS:
            found = spread(question, answers)
            rows.append((letter, found.people, found.median, found.low, found.high))
        elif question.kind in FIELDS:
            rows.append((letter, len(answers), *weighed(question, answers)["ambition"][:3]))
    names = ["first", "second", "third"] if question.kind in FIELDS else ["median", "low", "high"]
    return pd.DataFrame(rows, columns=["letter", "people", *names])


def _by_letter(given: Sequence[Given]) -> dict[str, list[Given]]:
    """The answers of each group of five people or more, by its letter."""
    people = {one.participant: one.letter for one in given if one.letter}
    letters = sorted(set(people.values()))
    shown = [letter for letter in letters if list(people.values()).count(letter) >= LEAST]
    return {letter: [one for one in given if one.letter == letter] for letter in shown}


def finding(question: Question, given: Sequence[Given]) -> str:
    """What the room said to a question, as a sentence without a full stop."""
    found = spread(question, given)
    if not found.people:
        return "Nobody has answered this question"
    if question.kind == "comment":
        shown = len(comments(question, given))
        came = words.plural(found.people, "comment")
        return (
            f"{came} from the room"
            if shown == found.people
            else f"{came} from the room, {shown or 'none'} shown so far"
        )
    if question.kind == "priorities":
        first, second, *_ = points(question, given).itertuples()
        return (
            f"{first.ambition} gets most: {words.number(first.mean)} of {POINTS} points; "
            f"then {words.small(second.ambition)}, {words.number(second.mean)}"
        )
    if question.kind == "ranking":
        first, second, *_ = order(question, given).itertuples()
        put = f"{first.people} of {found.people} put it first"
        return f"{first.ambition} comes first in the room's order, then {words.small(second.ambition)}; {put}"
    if question.kind == "statement":
        table = agreement(question, given)
        agree, against = table["people"][3:].sum(), table["people"][:2].sum()
        return f"{agree} of {found.people} agree, {against} disagree"
    middle = f"half the room says {question.between(found.low, found.high)}"
    if question.kind == "lever":
        return f"The room's middle answer is {question.said(found.median)}; {middle}"
    truth = question.known().value
    return f"The room guesses {question.said(found.median)}; it is {question.said(truth)}"


# ------------------------------------------------------------------------------------------ the future


def up_to(questions: Sequence[Question], place: int) -> list[Question]:
    """The questions up to that place (from 0), to look at the room's future as it stood then."""
    return list(questions[: place + 1])


def room(questions: Sequence[Question], given: Sequence[Given]) -> Scenario:
    """The median of every lever that was answered, as a scenario."""
    return _scenario({q.lever: [a.value for a in of(given, q)] for q in questions if q.kind == "lever"}, "The room")


def _scenario(values: dict[str, list], name: str = "") -> Scenario:
    chosen = {lever: levers()[lever].check(float(np.median(v))) for lever, v in values.items() if v}
    return Scenario(name=name if chosen else "", **chosen)


def own(questions: Sequence[Question], given: Sequence[Given]) -> list[Scenario]:
    """Each participant's own scenario, of those who set any lever. Answers counted by hand belong to nobody."""
    asked = {q.id: q.lever for q in questions if q.kind == "lever"}
    by_person: dict[int, dict[str, list]] = {}
    for a in given:
        if a.participant is not None and a.question_id in asked:
            by_person.setdefault(a.participant, {})[asked[a.question_id]] = [a.value]
    return [_scenario(values) for values in by_person.values()]


def future(questions: Sequence[Question], given: Sequence[Given], pause: float = 0.0) -> pd.DataFrame:
    """Where the room's choices lead, in the last projected year, beside no change.

    ``pause``: seconds to rest after each participant's scenario, for a run that should not be in anyone's way.

    Columns: outcome_id, outcome, unit, year, no_change, room, difference, percent, low, high (quartiles over the
    participants' own scenarios; NaN for fewer than five of them).
    """
    middle, each = room(questions, given), own(questions, given)
    for one in each if pause else ():
        for outcome_id in FUTURE:
            known.path(outcome_id, one)
        time.sleep(pause)
    rows = []
    for outcome_id in FUTURE:
        outcome = known.outcomes()[outcome_id]
        year, none = known.at_end(outcome_id)
        value = known.at_end(outcome_id, middle)[1]
        ends = [known.at_end(outcome_id, one)[1] for one in each]
        low, high = np.percentile(ends, (25, 75)) if len(ends) >= LEAST else (np.nan, np.nan)
        percent = 100 * (value - none) / abs(none)
        rows.append(
            (outcome_id, outcome.label, outcome.unit, year, none, value, value - none, percent, float(low), float(high))
        )
    names = ["outcome_id", "outcome", "unit", "year", "no_change", "room", "difference", "percent", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def future_path(outcome_id: str, questions: Sequence[Question], given: Sequence[Given]) -> pd.DataFrame:
    """One outcome year by year: year, no_change, room, low, high (quartiles over the participants' own scenarios)."""
    years, none = known.path(outcome_id, Scenario())
    _, middle = known.path(outcome_id, room(questions, given).replace(name=""))
    each = [known.path(outcome_id, one)[1] for one in own(questions, given)]
    low, high = np.percentile(each, (25, 75), axis=0) if len(each) >= LEAST else (np.full(len(years), np.nan),) * 2
    return pd.DataFrame({"year": years, "no_change": none, "room": middle, "low": low, "high": high})


def future_of_groups(outcome_id: str, questions: Sequence[Question], given: Sequence[Given]) -> pd.DataFrame:
    """Where the choices of each group lead in the last projected year: letter, people, room, low, high (quartiles).

    Groups of fewer than five people who set a lever are left out.
    """
    asked = {q.id for q in questions if q.kind == "lever"}
    rows = []
    for letter, answers in _by_letter([one for one in given if one.question_id in asked]).items():
        ends = [known.at_end(outcome_id, one)[1] for one in own(questions, answers)]
        value = known.at_end(outcome_id, room(questions, answers).replace(name=""))[1]
        rows.append((letter, len(ends), value, *map(float, np.percentile(ends, (25, 75)))))
    return pd.DataFrame(rows, columns=["letter", "people", "room", "low", "high"])


def future_finding(table: pd.DataFrame) -> str:
    """The greatest difference of ``future`` but for the money, as a sentence without a full stop."""
    moved = table[(table["difference"].abs() > 1e-9) & (table["outcome_id"] != "gap")]
    if moved.empty:
        return money_finding(table) or "The room's choices leave everything as projected"
    row = moved.loc[moved["percent"].abs().idxmax()]
    outcome = known.outcomes()[row.outcome_id]
    return (
        f"With the room's choices, {known.year_words(row.outcome_id)} has {outcome.words(row.room)} "
        f"instead of {words.about(row.no_change)}"
    )


def money_finding(table: pd.DataFrame) -> str:
    """What the choices do to the gap between costs and money, as a sentence without a full stop; empty for nothing."""
    row = table.set_index("outcome_id").loc["gap"]
    if abs(row.difference) < 0.5:  # half a million pounds
        return ""
    outcome = known.outcomes()["gap"]
    return (
        f"Money in {known.year_words('gap')}: {outcome.words(row.room)}, with no change {outcome.words(row.no_change)}"
    )


def undone(table: pd.DataFrame) -> list[str]:
    """What the room's choices leave undone: outcomes that still grow, in words, the fastest growing first."""
    rows = []
    for row in table.itertuples():
        if row.outcome_id in demand.measures():
            _, values = known.path(row.outcome_id, Scenario())
            rows.append((100 * (row.room / values[0] - 1), row.outcome_id))
    return [
        f"{known.outcomes()[i].label}: still {words.percent(growth, 0, signed=True)} on {known.facts()['first_year']}"
        for growth, i in sorted(rows, reverse=True)
        if growth > 0.5
    ]


def drives(outcome_id: str, questions: Sequence[Question], given: Sequence[Given]) -> pd.DataFrame:
    """What makes the difference between the room and no change in the last year of a measure of demand.

    Columns: step, change; the steps sum to the difference exactly. Raises ``WorkshopError`` for another outcome.
    """
    if outcome_id not in demand.measures():
        raise WorkshopError(f"{outcome_id} has no steps.{words.did_you_mean(outcome_id, demand.measures())}")
    steps = demand.drivers(outcome_id, room(questions, given)).set_index("step")["change"]
    without = demand.drivers(outcome_id).set_index("step")["change"]
    change = steps.sub(without, fill_value=0.0).reindex(steps.index)
    return change[change.abs() > 1e-9].rename("change").reset_index()


def compare(rooms: dict[str, tuple[Sequence[Question], Sequence[Given]]]) -> pd.DataFrame:
    """The same questions in several rooms: question, about (an ambition, where it asks about each), workshop, people,
    median, low, high.

    Only questions that every room was asked, and rooms with at least five answers to one.
    """
    rows = []
    for question in next(iter(rooms.values()))[0] if rooms else ():
        asked = {
            name: of(given, question)
            for name, (questions, given) in rooms.items()
            if any((q.id, q.kind) == (question.id, question.kind) for q in questions)
        }
        if question.kind != "comment" and len(asked) == len(rooms) and min(map(len, asked.values())) >= LEAST:
            middles = {name: _middles(question, given) for name, given in asked.items()}
            for about in next(iter(middles.values())):
                rows += [(question.text, about, name, len(asked[name]), *each[about]) for name, each in middles.items()]
    return pd.DataFrame(rows, columns=["question", "about", "workshop", "people", "median", "low", "high"])


def _middles(question: Question, given: Sequence[Given]) -> dict[str, tuple[float, float, float]]:
    """Median and quartiles of a question, or of each ambition it asks about."""
    if question.kind in FIELDS:
        table = weighed(question, given).sort_values("number")
        return {row.ambition: (row.median, row.low, row.high) for row in table.itertuples()}
    found = spread(question, given)
    return {"": (found.median, found.low, found.high)}
