"""Simulated residents, for practice: their answers are made up, marked so, and only ever in a rehearsal."""

from __future__ import annotations

import numpy as np

from ics_core import catalogue
from ics_core.scenario import levers
from ics_core.workshop import codes, summary
from ics_core.workshop.session import POINTS, Answer, Question, priorities
from ics_core.workshop.store import Store

RESIDENTS = 40
GROUPS = "ABCDE"


def tokens(secret: str, people: int = RESIDENTS) -> list[str]:
    """The tokens of simulated residents, the same for the same secret, so that a reload goes on with them."""
    return [codes.hashed(f"{secret} simulated {n}") for n in range(people)]


def fill(store: Store, code: str, secret: str, people: int = RESIDENTS) -> list[str]:
    """Let simulated residents join a rehearsal, in five groups; returns their tokens."""
    made = tokens(secret, people)
    for n, token in enumerate(made):
        store.join(code, GROUPS[n % len(GROUPS)], simulated=token)
    return made


def answer_some(store: Store, code: str, residents: list[str], most: int | None = None) -> int:
    """Let the next of them (all, if ``most`` is None) answer the open question; returns how many did."""
    workshop = store.get(code)
    question = workshop.current
    if not workshop.rehearsal or question is None or workshop.standing.stage != "open" or workshop.standing.paused:
        return 0
    done = min(len(residents), sum(one.simulated for one in store.given(code, question.id)))
    turn = residents[done:] if most is None else residents[done : done + most]
    for n, token in enumerate(turn, start=done):
        random = np.random.default_rng([n, workshop.standing.at])
        store.answer(code, token, question.id, made_up(question, random, n), f"simulated-{question.id}")
    return len(turn)


def made_up(question: Question, random: np.random.Generator, n: int = 0) -> Answer:
    """An answer with a plausible spread: guesses around the figure, mostly too high; levers between some and high."""
    if question.kind == "comment":
        lines = catalogue.toml("text/workshop")["simulated"]["comments"]
        return lines[n % len(lines)]
    if question.kind == "statement":
        return int(random.choice(np.arange(1, 6), p=[0.1, 0.2, 0.2, 0.35, 0.15]))
    if question.kind == "priorities":
        shares = random.dirichlet(np.linspace(2.2, 0.8, len(priorities())))
        whole = np.floor(shares * POINTS / 5).astype(int) * 5
        whole[int(shares.argmax())] += POINTS - int(whole.sum())
        return dict(zip(priorities(), map(int, whole), strict=True))
    if question.kind == "ranking":
        liked = np.linspace(1.2, 0, len(priorities())) + random.gumbel(size=len(priorities()))
        return {list(priorities())[at]: place for place, at in enumerate(np.argsort(-liked), start=1)}
    low, high = summary.limits(question)
    if question.kind == "guess":
        value = question.known().value + (high - low) * random.normal(0.05, 0.14)
        step = question.step
    else:
        lever = levers()[question.lever]
        step = lever.step
        value = lever.low + (lever.high - lever.low) * random.beta(2.2, 2.0)
        value = lever.default if random.random() < 0.1 else value
    return float(round(min(high, max(low, round(value / step) * step)), 6))
