"""Workshops and answers in a database: SQLite in a folder of its own, or PostgreSQL by its address.

Every answer is on disk before it counts as received. Answers are only ever added: the latest one of a person to
a question counts, one that was sent twice is kept once. What is kept of a secret is its hash; no name, address
or device of a person is kept at all.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, delete, event, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from ics_core import catalogue
from ics_core.errors import WorkshopError
from ics_core.workshop import codes, schema
from ics_core.workshop.schema import answers, participants, tallies, workshops
from ics_core.workshop.session import LONGEST_TITLE, Answer, Question, Standing, from_dict, plain

PLACE = "EXPLORER_WORKSHOPS"  # environment variable: a folder, or the address of a PostgreSQL database
KEPT_DAYS = 30
CHOICES_OF_DAYS = (1, 7, KEPT_DAYS, 90)
MOST_QUESTIONS = 30
MOST_PARTICIPANTS = 2000
MOST_CHANGES = 50  # of one answer by one person
MOST_BY_HAND = 1000
_DAY = 86_400.0
_NOT_FOUND = "There is no workshop with the code {code}. Look at the screen again: it may have ended and been deleted."


@dataclass(frozen=True)
class Workshop:
    """A workshop as it stands."""

    id: int
    code: str
    title: str
    place: str
    session_id: str
    questions: tuple[Question, ...]
    standing: Standing
    version: int
    rehearsal: bool
    data_release: str
    created: float
    expires: float

    @property
    def current(self) -> Question | None:
        """The question the room is at."""
        return self.questions[self.standing.at] if self.standing.stage else None

    def question(self, question_id: str) -> Question:
        """The question of that id. Raises ``WorkshopError``."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise WorkshopError("That question is not part of this workshop.")


@dataclass(frozen=True)
class Given:
    """One answer that counts. ``participant`` is None where it was counted by hand."""

    id: int
    participant: int | None
    letter: str
    question_id: str
    value: Answer
    late: bool
    approved: bool
    simulated: bool


@dataclass(frozen=True)
class Tally:
    """So many people who answered alike, counted by hand."""

    id: int
    question_id: str
    value: Answer
    people: int


def place() -> str:
    """The address of the store: from the environment, or ``data/live`` beside the data, which git leaves alone."""
    given = os.environ.get(PLACE, "").strip()
    if "://" in given:
        return given.replace("postgresql://", "postgresql+psycopg://", 1)
    folder = Path(given) if given else catalogue.DATA / "live"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return f"sqlite:///{folder.resolve() / 'workshops.sqlite'}"


@cache
def at(address: str) -> Store:
    """The store at an address, one for the whole process."""
    return Store(address)


def shared() -> Store:
    """The store of this server."""
    return at(place())


class Store:
    """A store at a database address; makes or brings up to date its tables when opened."""

    def __init__(self, address: str, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._swept = 0.0
        self._engine = create_engine(address, pool_size=8, max_overflow=40, pool_pre_ping=not _is_file(address))
        self._insert = sqlite.insert if self._is_sqlite else postgresql.insert
        if self._is_sqlite:
            event.listen(self._engine, "connect", _durable)
            event.listen(self._engine, "begin", _begin)
        with self._writing() as connection:
            schema.migrate(connection)
        if self._is_sqlite:
            Path(str(self._engine.url.database)).chmod(0o600)

    @property
    def _is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if not self._is_sqlite:
            with self._engine.begin() as connection:
                yield connection
            return
        # SQLite has one writer at a time: waiting here is fair and cheap, waiting in SQLite is neither.
        with self._lock, self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    # ------------------------------------------------------------------------------ workshops

    def create(
        self,
        title: str,
        place: str,
        questions: Sequence[Question],
        session_id: str = "",
        rehearsal: bool = False,
        days: float = KEPT_DAYS,
    ) -> tuple[Workshop, str]:
        """A new workshop and its facilitator's secret, which is not kept. Raises ``WorkshopError``."""
        title, place = plain(title), plain(place)
        if not title or len(title) > LONGEST_TITLE or len(place) > LONGEST_TITLE:
            raise WorkshopError(f"Give the workshop a title of 1 to {LONGEST_TITLE} characters.")
        if not 0 < len(questions) <= MOST_QUESTIONS:
            raise WorkshopError(f"Choose 1 to {MOST_QUESTIONS} questions.")
        ids = [question.id for question in questions]
        if len(set(ids)) < len(ids):
            raise WorkshopError("Two of the questions are the same. Leave one out.")
        self.sweep()
        secret, now = codes.new_secret(), self._clock()
        row = {
            "secret": codes.hashed(secret),
            "title": title,
            "place": place,
            "session_id": session_id,
            "questions": json.dumps([question.to_dict() for question in questions]),
            "standing": Standing.start(len(questions)).to_json(),
            "version": 1,
            "rehearsal": rehearsal,
            "data_release": catalogue.release(),
            "created": now,
            "expires": now + days * _DAY,
        }
        for _ in range(20):
            code = codes.new_code()
            try:
                with self._writing() as connection:
                    connection.execute(insert(workshops).values(code=code, **row))
                return self.get(code), secret
            except IntegrityError:  # the code is taken
                continue
        raise WorkshopError("No free code was found. Please try again.")

    def get(self, code: str) -> Workshop:
        """The workshop of a code. Raises ``WorkshopError`` if there is none, or it has expired."""
        with self._reading() as connection:
            return self._workshop(connection, code)

    def _workshop(self, connection: Connection, code: str, lock: bool = False) -> Workshop:
        wanted = select(workshops).where(workshops.c.code == code)
        row = connection.execute(wanted.with_for_update() if lock else wanted).mappings().first()
        if row is None or row["expires"] <= self._clock():
            raise WorkshopError(_NOT_FOUND.format(code=code))
        kept = {name: row[name] for name in Workshop.__dataclass_fields__ if name not in ("questions", "standing")}
        return Workshop(**kept, questions=_questions(row["questions"]), standing=Standing.from_json(row["standing"]))

    def is_facilitator(self, code: str, secret: str) -> bool:
        """Whether the secret is that of the workshop."""
        alive = (workshops.c.code == code, workshops.c.expires > self._clock())
        with self._reading() as connection:
            kept = connection.execute(select(workshops.c.secret).where(*alive)).scalar()
        return codes.same(secret, kept or codes.hashed("no workshop")) and kept is not None

    def act(self, code: str, action: str, seen: int | None = None) -> Workshop:
        """Let the facilitator's action happen (``Standing.after``) and give the workshop as it then stands.

        ``seen``: the version the button was drawn for; if the workshop has moved on since, nothing happens.
        """
        with self._writing() as connection:
            workshop = self._workshop(connection, code, lock=True)
            standing = workshop.standing.after(action)
            if standing != workshop.standing and seen in (None, workshop.version):
                changed = update(workshops).where(workshops.c.id == workshop.id)
                values = {"version": workshops.c.version + 1, "standing": standing.to_json()}
                connection.execute(changed.values(**values))
        return self.get(code)

    def delete(self, code: str) -> None:
        """Delete a workshop with everything in it."""
        with self._writing() as connection:
            connection.execute(delete(workshops).where(workshops.c.code == code))
        self._truncate()

    def sweep(self) -> int:
        """Delete what has expired; returns how many workshops. The server runs it every hour, and so does joining."""
        now = self._swept = self._clock()
        with self._writing() as connection:
            gone = connection.execute(delete(workshops).where(workshops.c.expires <= now)).rowcount
        if gone:
            self._truncate()
        return gone

    def _truncate(self) -> None:
        """Leave nothing of what was deleted in the log that SQLite keeps beside its file."""
        if self._is_sqlite:
            with self._lock, self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # ------------------------------------------------------------------------------ people

    def join(self, code: str, letter: str = "", simulated: str = "") -> str:
        """A new participant; returns the token that only their phone has. Raises ``WorkshopError``.

        ``simulated`` is the token of a simulated resident, who joins once however often this is asked.
        """
        if self._clock() - self._swept > 3600:
            self.sweep()
        token = simulated or secrets.token_urlsafe(18)
        letter = letter.strip().upper()
        if letter and not (len(letter) == 1 and "A" <= letter <= "Z"):
            raise WorkshopError("The letter of your group is one letter from A to Z. You can also leave it out.")
        with self._writing() as connection:
            workshop = self._workshop(connection, code)
            if simulated and not workshop.rehearsal:
                raise WorkshopError("Simulated residents take part in rehearsals only.")
            if self._joined(connection, workshop.id) >= MOST_PARTICIPANTS:
                raise WorkshopError("This workshop is full.")
            row = {"workshop_id": workshop.id, "token": codes.hashed(token), "letter": letter}
            row |= {"simulated": bool(simulated)}
            connection.execute(self._insert(participants).values(**row).on_conflict_do_nothing())
        return token

    def has_joined(self, code: str, token: str) -> bool:
        """Whether the token is that of someone who takes part in this workshop."""
        with self._reading() as connection:
            return self._participant(connection, code, token) is not None

    def _participant(self, connection: Connection, code: str, token: str) -> Any:
        found = (
            select(participants.c.id, participants.c.workshop_id)
            .join(workshops, workshops.c.id == participants.c.workshop_id)
            .where(participants.c.token == codes.hashed(token), workshops.c.code == code)
        )
        return connection.execute(found).first()

    def joined(self, code: str) -> int:
        """How many have joined."""
        with self._reading() as connection:
            return self._joined(connection, self._workshop(connection, code).id)

    def _joined(self, connection: Connection, workshop_id: int) -> int:
        found = select(func.count()).select_from(participants).where(participants.c.workshop_id == workshop_id)
        return connection.execute(found).scalar_one()

    # ------------------------------------------------------------------------------ answers

    def answer(
        self, code: str, token: str, question_id: str, value: Any, answer_id: str = "", late: bool = False
    ) -> Answer:
        """Keep an answer; when this returns, it is on disk. Returns it as it is kept.

        The same ``answer_id`` again changes nothing. ``late``: given without signal while the question was open;
        it counts until the results are shown. Raises ``WorkshopError`` for an answer that cannot be taken.
        """
        answer_id = answer_id[:64] or codes.new_secret()
        with self._writing() as connection:
            person = self._participant(connection, code, token)
            workshop = self._workshop(connection, code)
            if person is None:
                raise WorkshopError("Please join the workshop first.")
            question = workshop.question(question_id)
            mine = (answers.c.participant_id == person.id, answers.c.question_id == question_id)
            again = connection.execute(select(answers.c.value).where(*mine, answers.c.answer_id == answer_id)).scalar()
            if again is not None:
                return json.loads(again)
            _may_answer(workshop, question_id, late)
            checked = question.check(value)
            if connection.execute(select(func.count()).where(*mine)).scalar_one() >= MOST_CHANGES:
                raise WorkshopError("You have changed this answer many times: the last one counts.")
            row = {
                "workshop_id": workshop.id,
                "participant_id": person.id,
                "question_id": question_id,
                "answer_id": answer_id,
                "value": json.dumps(dict(checked) if isinstance(checked, dict) else checked),
                "late": late,
                "approved": False,
            }
            connection.execute(self._insert(answers).values(**row).on_conflict_do_nothing())
        return checked

    def own(self, code: str, token: str) -> dict[str, Answer]:
        """What this participant has answered, by question."""
        with self._reading() as connection:
            person = self._participant(connection, code, token)
            if person is None:
                return {}
            rows = select(answers.c.question_id, answers.c.value).where(answers.c.participant_id == person.id)
            return {question: json.loads(value) for question, value in connection.execute(rows.order_by(answers.c.id))}

    def given(self, code: str, question_id: str | None = None) -> list[Given]:
        """Every answer that counts, those counted by hand among them, in the order they came."""
        with self._reading() as connection:
            workshop = self._workshop(connection, code)
            asked = [answers.c.workshop_id == workshop.id]
            if question_id is not None:
                asked.append(answers.c.question_id == question_id)
            last = (
                select(func.max(answers.c.id)).where(*asked).group_by(answers.c.participant_id, answers.c.question_id)
            )
            rows = connection.execute(
                select(
                    answers.c.id,
                    answers.c.participant_id,
                    participants.c.letter,
                    answers.c.question_id,
                    answers.c.value,
                    answers.c.late,
                    answers.c.approved,
                    participants.c.simulated,
                )
                .join(participants, participants.c.id == answers.c.participant_id)
                .where(answers.c.id.in_(last))
                .order_by(answers.c.id)
            ).all()
        counted = [Given(r[0], r[1], r[2], r[3], json.loads(r[4]), bool(r[5]), bool(r[6]), bool(r[7])) for r in rows]
        by_hand = [one for one in self.tallies(code) if question_id in (None, one.question_id)]
        return counted + [
            Given(-one.id, None, "", one.question_id, one.value, False, False, False)
            for one in by_hand
            for _ in range(one.people)
        ]

    def count(self, code: str, question_id: str) -> int:
        """How many have answered a question, those counted by hand among them."""
        with self._reading() as connection:
            workshop = self._workshop(connection, code)
            asked = (answers.c.workshop_id == workshop.id, answers.c.question_id == question_id)
            phones = connection.execute(select(func.count(answers.c.participant_id.distinct())).where(*asked))
            hands = connection.execute(
                select(func.coalesce(func.sum(tallies.c.people), 0)).where(
                    tallies.c.workshop_id == workshop.id, tallies.c.question_id == question_id
                )
            )
            return phones.scalar_one() + int(hands.scalar_one())

    def approve(self, code: str, given_id: int, approved: bool) -> None:
        """Let a comment be shown to the room, or take it back. A comment that was changed waits again."""
        with self._writing() as connection:
            workshop = self._workshop(connection, code)
            one = (answers.c.id == given_id, answers.c.workshop_id == workshop.id)
            connection.execute(update(answers).where(*one).values(approved=approved))

    # ------------------------------------------------------------------------------ by hand

    def tally(self, code: str, question_id: str, value: Any, people: int) -> None:
        """So many people in the room answered like this, counted by hand. Raises ``WorkshopError``."""
        if not 1 <= people <= MOST_BY_HAND:
            raise WorkshopError(f"Give a number of people from 1 to {MOST_BY_HAND:,}.")
        with self._writing() as connection:
            workshop = self._workshop(connection, code)
            question = workshop.question(question_id)
            if question.kind == "comment":
                raise WorkshopError("A comment cannot be counted by hand. Type it in on a phone.")
            checked = question.check_by_hand(value)
            kept = json.dumps(dict(checked) if isinstance(checked, dict) else checked)
            row = {"workshop_id": workshop.id, "question_id": question_id, "value": kept, "people": people}
            connection.execute(insert(tallies).values(**row))

    def untally(self, code: str, tally_id: int) -> None:
        """Take back an entry made by hand."""
        with self._writing() as connection:
            workshop = self._workshop(connection, code)
            connection.execute(delete(tallies).where(tallies.c.id == tally_id, tallies.c.workshop_id == workshop.id))

    def tallies(self, code: str) -> list[Tally]:
        """What was counted by hand, in the order it was entered."""
        with self._reading() as connection:
            workshop = self._workshop(connection, code)
            wanted = select(tallies.c.id, tallies.c.question_id, tallies.c.value, tallies.c.people)
            rows = connection.execute(wanted.where(tallies.c.workshop_id == workshop.id).order_by(tallies.c.id))
            return [Tally(row[0], row[1], json.loads(row[2]), row[3]) for row in rows]


@lru_cache(maxsize=64)
def _questions(text: str) -> tuple[Question, ...]:
    return tuple(from_dict(one) for one in json.loads(text))


def _may_answer(workshop: Workshop, question_id: str, late: bool) -> None:
    stage = workshop.standing.stages[[question.id for question in workshop.questions].index(question_id)]
    if stage == "shown":
        raise WorkshopError("The results of this question have been shown, so your answer could not be counted.")
    if stage == "closed" and not late:
        raise WorkshopError("This question has closed, so your answer was not counted.")
    if stage == "waiting":
        raise WorkshopError("This question is not open yet. Please wait a moment.")
    if workshop.standing.paused and not late:
        raise WorkshopError("The workshop is paused. Please send your answer again in a moment.")


def _is_file(address: str) -> bool:
    return address.startswith("sqlite")


def _durable(connection: Any, _: Any) -> None:
    """Each connection to SQLite: a log that readers do not wait for, on disk at every commit, old text overwritten."""
    connection.isolation_level = None  # transactions begin where _begin says
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
