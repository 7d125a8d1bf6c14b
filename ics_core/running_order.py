"""Running orders of a meeting: steps across pages, each a question, what the room may expect, and a figure to reveal.

Ready ones stand in ``data/running_orders``; others are read from a file of the same form, or from a link.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode

from ics_core import catalogue, register
from ics_core.errors import RegisterError

READY = ("growing-older", "an-evening-on-hospitals", "the-eight-ambitions")
MOST_STEPS = 40
_LONGEST = 60_000  # characters of a file
_PAGE = re.compile(r"[a-z0-9_-]{0,60}")


@dataclass(frozen=True)
class Step:
    """One view: ``page`` as in its address ("" for Home), ``figure`` by id, ``choices`` as an address holds them.

    ``question`` is put to the room before the figure is shown, ``expect`` is what people tend to say.
    """

    page: str
    figure: str = ""
    choices: str = ""
    question: str = ""
    expect: str = ""

    def query(self) -> dict[str, str]:
        """The parameters of the address that opens the view."""
        return dict(parse_qsl(self.choices)) | ({"figure": self.figure} if self.figure else {})


@dataclass(frozen=True)
class RunningOrder:
    """A title, about how many minutes it takes, and the steps."""

    title: str
    step: tuple[Step, ...] = ()
    minutes: int = 0

    def with_step(self, step: Step) -> RunningOrder:
        """The same with one more step at its end; raises ``RegisterError`` where it is full."""
        if len(self.step) >= MOST_STEPS:
            raise RegisterError(f"A running order holds {MOST_STEPS} steps at most. Remove one first.")
        return replace(self, step=(*self.step, step))

    def to_toml(self) -> str:
        """As a file that ``read`` takes.

        >>> read(RunningOrder("Mine", (Step("demand", "over-time"),)).to_toml()).step[0].figure
        'over-time'
        """
        lines = [f"title = {_text(self.title)}", f"minutes = {self.minutes}"]
        for step in self.step:
            lines += ["", "[[step]]", f"page = {_text(step.page)}"]
            given = ("figure", "choices", "question", "expect")
            lines += [f"{name} = {_text(getattr(step, name))}" for name in given if getattr(step, name)]
        return "\n".join(lines) + "\n"

    def to_link(self) -> str:
        """The pages and choices of the steps in one parameter of an address; questions are only in the file."""
        return "|".join(quote(f"{step.page}?{urlencode(step.query())}", safe="/?=&") for step in self.step)


def read(text: str | bytes, file: str = "The file") -> RunningOrder:
    """A running order from TOML; raises ``RegisterError`` with the step, the field, the value and what is allowed."""
    try:
        written = text.decode("utf-8") if isinstance(text, bytes) else text
        if len(written) > _LONGEST:
            raise RegisterError(f"{file} has {len(written):,} characters; a running order has {_LONGEST:,} at most.")
        found = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise RegisterError(
            f"{file} is not a running order: {problem}. It should be TOML with [[step]] records."
        ) from None
    return _checked(register.record(RunningOrder, found, file=file), file)


def from_link(text: str) -> RunningOrder:
    """The steps of ``to_link``; what cannot be one is left out."""
    steps = []
    for part in text[:_LONGEST].split("|")[:MOST_STEPS]:
        page, _, choices = unquote(part).partition("?")
        if _PAGE.fullmatch(page) and (page or choices):
            query = dict(parse_qsl(choices))
            steps.append(Step(page, query.pop("figure", ""), urlencode(query)))
    return RunningOrder("From a link", tuple(steps))


def ready() -> dict[str, RunningOrder]:
    """The ready ones by id."""
    return {
        name: _checked(
            register.record(
                RunningOrder, catalogue.toml(f"running_orders/{name}"), file=f"data/running_orders/{name}.toml"
            ),
            f"data/running_orders/{name}.toml",
        )
        for name in READY
    }


def _checked(order: RunningOrder, file: str) -> RunningOrder:
    if not order.step:
        raise RegisterError(f"{file} has no [[step]], so there is nothing to show.")
    if len(order.step) > MOST_STEPS:
        raise RegisterError(f"{file} has {len(order.step)} steps; there may be {MOST_STEPS}.")
    for place, step in enumerate(order.step, start=1):
        if not _PAGE.fullmatch(step.page):
            raise RegisterError(
                f"{file}, step {place}: page = {step.page!r} should be as in an address, such as demand."
            )
    return order


def _text(value: str) -> str:
    def written(c: str) -> str:
        if c in '"\\':
            return f"\\{c}"
        return f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c

    return f'"{"".join(map(written, value))}"'
