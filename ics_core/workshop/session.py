"""Questions and ready sessions, read from ``data/workshops/*.toml``; what an answer may be; where a workshop stands."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from ics_core import catalogue, register, words
from ics_core.errors import WorkshopError
from ics_core.scenario import ScenarioError, levers
from ics_core.workshop import known

KINDS = MappingProxyType(
    {
        "guess": "Guess first",
        "lever": "Set a lever",
        "priorities": "Share 100 points",
        "ranking": "Put in order",
        "statement": "Agree or disagree",
        "comment": "A short comment",
    }
)
STEPS = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
POINTS = 100
NUMBERS = ("guess", "lever", "statement")  # kinds whose answer is one number
FIELDS = MappingProxyType({"priorities": "points", "ranking": "place"})  # kinds that ask for a number an ambition
LONGEST_COMMENT = 300  # characters
LONGEST_TITLE = 80
MINUTES = (20, 60)  # a ready session takes
_KEPT = "\u200d"  # joins the parts of one emoji

Answer = float | int | str | Mapping[str, int]
Kind = Literal["guess", "lever", "priorities", "ranking", "statement", "comment"]


@dataclass(frozen=True)
class Question:
    """One question as recorded in a session.

    A *guess* names the number it is about (``answer`` with ``given``, see ``known.ANSWERS``) and has ``low``,
    ``high`` and ``step`` for its slider; a *lever* names the lever and the ``outcome`` shown as it moves
    (``known.outcomes``); the others need their text alone. ``note`` is for the facilitator.
    """

    id: str
    kind: Kind
    text: str
    minutes: int = 4
    note: str = ""
    answer: str = ""
    given: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    low: float = 0.0
    high: float = 100.0
    step: float = 1.0
    unit: str = ""
    lever: str = ""
    outcome: str = ""

    @property
    def decimals(self) -> int:
        """Decimals of an answer that is a number."""
        if self.kind == "lever":
            return levers()[self.lever].decimals
        return max(0, -math.floor(math.log10(self.step) + 1e-9))

    @property
    def default(self) -> float | None:
        """Where the lever of a lever question stands when nobody moves it."""
        return levers()[self.lever].default if self.kind == "lever" else None

    def said(self, value: float) -> str:
        """A number of this question with its unit: '12 of 100 people', '−10%'."""
        if self.kind == "lever":
            return levers()[self.lever].show(round(value, 2))
        text = words.number(value, self.decimals)
        return f"{text}{'' if self.unit.startswith('%') else ' '}{self.unit}".strip()

    def between(self, low: float, high: float) -> str:
        """A range of this question with its unit: '40 to 70% of the way'."""
        if self.kind == "lever":
            return levers()[self.lever].between(round(low, 2), round(high, 2))
        return f"{words.number(low, self.decimals)} to {self.said(high)}"

    def in_words(self, answer: Any) -> str:
        """An answer as it is read: '12 of 100 people', 'Agree', 'Later life 60 and Primary care 40'."""
        if self.kind == "statement":
            return STEPS[int(answer) - 1]
        if self.kind in FIELDS:
            ranking = self.kind == "ranking"
            given = sorted(((n, number) for n, number in answer.items() if number), key=lambda one: one[1])
            names = [(priorities()[n], number) for n, number in (given if ranking else given[::-1])]
            return words.listed([f"{number} {name}" if ranking else f"{name} {number}" for name, number in names])
        return str(answer) if self.kind == "comment" else self.said(answer)

    def known(self) -> known.Known | None:
        """The number a guess is about; None for other kinds."""
        return known.answer(self.answer, self.given) if self.kind == "guess" else None

    def check(self, value: Any) -> Answer:
        """An answer as it is kept. Raises ``WorkshopError``, in words for the person who gave it."""
        return _CHECKS[self.kind](self, value)

    def check_by_hand(self, value: Any) -> Answer:
        """As ``check``; of an order the first place alone will do, because that is what hands can be counted for."""
        if self.kind == "ranking" and isinstance(value, Mapping) and list(value.values()) == [1]:
            (first,) = value
            if first in priorities():
                return {first: 1}
        return self.check(value)

    def to_dict(self) -> dict[str, Any]:
        """The record, to keep with a workshop, so that a later change of the file does not change it."""
        return asdict(replace(self, given=dict(self.given)))


@dataclass(frozen=True)
class Session:
    """A ready session: questions in order, with a title, a purpose and how many minutes it takes."""

    id: str
    title: str
    purpose: str
    minutes: int
    questions: tuple[Question, ...]


# ------------------------------------------------------------------------------------------ sessions


def sessions() -> Mapping[str, Session]:
    """Every ready session by id, the names of the files in ``data/workshops``. Read-only."""
    return _sessions()


@cache
def _sessions() -> Mapping[str, Session]:
    return MappingProxyType({name: _session(name) for name in catalogue.records("workshops")})


def _session(name: str) -> Session:
    found = catalogue.toml(f"workshops/{name}")
    return read(name, found)


def read(name: str, found: Mapping[str, Any]) -> Session:
    """A session from its record. Raises ``RegisterError`` or ``WorkshopError`` that name the question and the fault."""
    file = f"data/workshops/{name}.toml"
    questions = register.records(Question, found.get("question", ()), file=file)
    filled = [replace(one, text=_filled(one.text, file, one.id)) for one in questions.values()]
    head = {key: value for key, value in found.items() if key != "question"} | {"id": name}
    session = register.record(Session, head | {"questions": ()}, file=file)
    session = replace(session, questions=tuple(filled))
    for question in session.questions:
        for wrong, fault in _faults(question):
            if wrong:
                raise WorkshopError(f"{file}, {question.id}: {fault}")
    total = sum(question.minutes for question in session.questions)
    if total != session.minutes or not MINUTES[0] <= total <= MINUTES[1]:
        low, high = MINUTES
        raise WorkshopError(
            f"{file}: its questions take {total} minutes, minutes = {session.minutes}. "
            f"Make them agree, {low} to {high}."
        )
    return session


def _filled(text: str, file: str, name: str) -> str:
    try:
        return text.format(**known.facts())
    except (LookupError, ValueError) as problem:
        raise WorkshopError(
            f"{file}, {name}: {{{problem}}} in the text is not a fact.{words.did_you_mean(problem, known.facts())}"
        ) from None


def _faults(question: Question):
    guess, lever = question.kind == "guess", question.kind == "lever"
    yield not re.fullmatch("[a-z0-9-]{1,40}", question.id), "the id should be lower-case words joined by hyphens."
    yield not 0 < len(question.text) <= 200, "the text should have 1 to 200 characters."
    yield (
        guess and question.answer not in known.ANSWERS,
        f"there is no answer {question.answer!r}.{words.did_you_mean(question.answer, known.ANSWERS)}",
    )
    yield guess and not question.low < question.high, "low should be below high."
    yield guess and not question.step > 0, "step should be above 0."
    yield lever and question.lever not in levers(), f"no such lever.{words.did_you_mean(question.lever, levers())}"
    yield (
        lever and question.outcome not in known.outcomes(),
        f"no such outcome.{words.did_you_mean(question.outcome, known.outcomes())}",
    )


def from_dict(values: Mapping[str, Any]) -> Question:
    """A question kept with a workshop (``Question.to_dict``)."""
    return Question(**{**values, "given": MappingProxyType(dict(values["given"]))})


def own(kind: Literal["statement", "comment", "priorities", "ranking"], text: str) -> Question:
    """A question in the facilitator's own words, of a kind that needs nothing else. Raises ``WorkshopError``."""
    cleaned = plain(text)
    if not cleaned or len(cleaned) > 200:
        raise WorkshopError("Write a question of 1 to 200 characters.")
    slug = re.sub("[^a-z0-9]+", "-", cleaned.lower()).strip("-")[:30]
    return Question(f"own-{slug or kind}", kind, cleaned)


# ------------------------------------------------------------------------------------------- answers


def plain(text: str, lines: bool = False) -> str:
    """``text`` without control or formatting characters, each run of spaces as one; ``lines`` keeps line ends."""
    kept = "".join(c for c in text if c in "\n\t " or c == _KEPT or unicodedata.category(c)[0] != "C")
    rows = (" ".join(row.split()) for row in kept.split("\n"))
    return ("\n" if lines else " ").join(row for row in rows if row).strip()


def _number(question: Question, value: Any) -> float:
    if isinstance(value, str):
        value = words.read(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WorkshopError("Please choose a number.")
    return float(value)


def _guess(question: Question, value: Any) -> float:
    number = round(_number(question, value), question.decimals) + 0.0
    if not question.low <= number <= question.high:
        raise WorkshopError(
            "That is outside the scale. "
            f"Choose a number from {words.significant(question.low)} to {question.said(question.high)}."
        )
    return number


def _lever(question: Question, value: Any) -> float:
    lever = levers()[question.lever]
    try:
        return lever.check(_number(question, value))
    except ScenarioError:
        raise WorkshopError(
            f"That is outside the slider. Choose a number from {lever.between(lever.low, lever.high)}."
        ) from None


def _priorities(question: Question, value: Any) -> Mapping[str, int]:
    options = priorities()
    if not isinstance(value, Mapping) or set(map(str, value)) - set(options):
        raise WorkshopError(f"Please share {POINTS} points between the {len(options)} ambitions.")
    points = {}
    for key in options:
        given = value.get(key, 0)
        number = _number(question, given) if str(given).strip() else 0.0
        if not (number.is_integer() and 0 <= number <= POINTS):
            raise WorkshopError(f"{options[key]}: please give a whole number of points from 0 to {POINTS}.")
        points[key] = int(number)
    total = sum(points.values())
    if total != POINTS:
        change = f"take away {total - POINTS}" if total > POINTS else f"share out {POINTS - total} more"
        raise WorkshopError(f"Your points add up to {total}. They should add up to {POINTS}: please {change}.")
    return points


def _ranking(question: Question, value: Any) -> Mapping[str, int]:
    options = priorities()
    most = len(options)
    if not isinstance(value, Mapping) or set(map(str, value)) - set(options):
        raise WorkshopError(f"Please give each of the {words.spoken(most)} ambitions a place from 1 to {most}.")
    places: dict[str, int] = {}
    for key, name in options.items():
        typed = str(value.get(key, "")).strip()
        if typed and not (typed.isdecimal() and 1 <= int(typed) <= most):
            raise WorkshopError(f"{name}: please give a place from 1 to {most}.")
        if typed:
            places[key] = int(typed)
    without = [name for key, name in options.items() if key not in places]
    wrong = []
    for place in sorted(set(places.values())):
        alike = [options[key] for key, one in places.items() if one == place]
        if len(alike) > 1:
            often = "twice" if len(alike) == 2 else f"{words.spoken(len(alike))} times"
            wrong.append(f"You used place {place} {often}: {'; '.join(alike)}.")
    if without:
        wrong.append(f"No place yet: {'; '.join(without) if len(without) <= 2 else words.spoken(len(without))}.")
    if wrong:
        free = [str(place) for place in range(1, most + 1) if place not in places.values()]
        wrong.append(f"Still free: place{'s' if len(free) > 1 else ''} {words.listed(free)}.")
        raise WorkshopError(" ".join(wrong))
    return places


def _statement(question: Question, value: Any) -> int:
    number = _number(question, value)
    if number not in range(1, len(STEPS) + 1):
        raise WorkshopError("Please choose one of the five answers.")
    return int(number)


def _comment(question: Question, value: Any) -> str:
    text = plain(value, lines=True) if isinstance(value, str) else ""
    if not text:
        raise WorkshopError("Please write a few words first.")
    if len(text) > LONGEST_COMMENT:
        raise WorkshopError(
            f"Your comment has {len(text):,} characters. Please shorten it to {LONGEST_COMMENT}, then send it again."
        )
    return text


_CHECKS = {
    "guess": _guess,
    "lever": _lever,
    "priorities": _priorities,
    "ranking": _ranking,
    "statement": _statement,
    "comment": _comment,
}


@cache
def priorities() -> Mapping[str, str]:
    """What a room weighs up: the short names of the eight ambitions, by number as text."""
    table = catalogue.table("ambitions")
    return MappingProxyType({str(n): name for n, name in zip(table["number"], table["short_name"], strict=True)})


# --------------------------------------------------------------------------------------- where it stands

Stage = Literal["waiting", "open", "closed", "shown"]


@dataclass(frozen=True)
class Standing:
    """Where a workshop stands: ``at`` is −1 before the first question and the number of questions after the last."""

    at: int
    stages: tuple[Stage, ...]
    paused: bool = False

    @classmethod
    def start(cls, questions: int) -> Standing:
        """A workshop before its first question."""
        return cls(-1, ("waiting",) * questions)

    @property
    def stage(self) -> Stage | None:
        """Of the current question; None before the first and after the last."""
        return self.stages[self.at] if 0 <= self.at < len(self.stages) else None

    @property
    def over(self) -> bool:
        """Whether the last question is behind."""
        return self.at >= len(self.stages)

    @property
    def forward_words(self) -> str:
        """What ``forward`` would do, for a button."""
        if self.over:
            return "The workshop is over"
        if self.stage in ("open", "closed"):
            return "Show the results"
        if self.stage == "waiting":
            return "Open the question"
        return "Finish" if self.at == len(self.stages) - 1 else "Start" if self.at < 0 else "Next question"

    def after(self, action: str) -> Standing:
        """Where it stands after an action of the facilitator; an action that does not fit changes nothing.

        ``forward`` is the one a clicker needs: open, show the results, go on to the next question and open it.
        """
        if action == "forward":
            action = {None: "next", "shown": "next", "waiting": "open"}.get(self.stage, "reveal")
            moved = replace(self, paused=False).after(action)
            return moved.after("open") if action == "next" and moved.stage == "waiting" else moved
        if action in ("pause", "resume"):
            return replace(self, paused=action == "pause")
        if action in ("next", "previous"):
            closed = self._now("closed") if self.stage == "open" else self
            to = max(-1, self.at - 1) if action == "previous" else min(len(self.stages), self.at + 1)
            return replace(closed, at=to)
        allowed = {"open": ("waiting", "closed"), "close": ("open",), "reveal": ("waiting", "open", "closed")}
        if self.stage in allowed.get(action, ()):
            return self._now({"open": "open", "close": "closed", "reveal": "shown"}[action])
        return self

    def _now(self, stage: Stage) -> Standing:
        return replace(self, stages=(*self.stages[: self.at], stage, *self.stages[self.at + 1 :]))

    def to_json(self) -> str:
        """As it is kept between two requests."""
        return json.dumps({"at": self.at, "stages": self.stages, "paused": self.paused})

    @classmethod
    def from_json(cls, text: str) -> Standing:
        """What ``to_json`` wrote."""
        found = json.loads(text)
        return cls(found["at"], tuple(found["stages"]), found["paused"])


def total_minutes(questions: Sequence[Question]) -> int:
    """How long these questions take."""
    return sum(question.minutes for question in questions)
