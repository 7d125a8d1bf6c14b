"""Levers: records of ``data/levers.toml``, each one assumption that can be moved."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from types import MappingProxyType
from typing import Any, Literal

from ics_core import catalogue, register, words
from ics_core.errors import ScenarioError

MOST_PUBLIC_LEVERS = 15
LONGEST_PURPOSE = 20  # words
RANGE = "_range"  # in links, what follows the name of a lever whose range is set
_FILE = "data/levers.toml"


@dataclass(frozen=True)
class Lever:
    """One assumption that can be moved, as recorded in ``data/levers.toml``.

    ``low`` and ``high`` are what a slider allows; ``observed_low`` and ``observed_high`` what has been
    seen or officially considered possible (None where no published range was found). ``moves`` is the
    measure it acts on and ``direction`` which way that measure goes when the lever is raised.
    ``raised`` and ``lowered`` put a change in words, with ``{amount}`` (distance from the default),
    ``{value}`` and ``{default}``. ``levels`` are ambition words with their values, mildest first.
    """

    id: str
    label: str
    group: str
    public: bool
    purpose: str
    background: str
    unit: str
    default: float
    low: float
    high: float
    step: float
    decimals: int
    source: str
    moves: str
    direction: Literal["up", "down"]
    raised: str
    lowered: str
    observed_low: float | None = None
    observed_high: float | None = None
    levels: tuple[tuple[str, float], ...] = ()

    def number(self, value: float) -> str:
        """``value`` as it is written in a sentence, without unit: '1,050', '−2.5'."""
        return words.number(value, self.decimals)

    def show(self, value: float) -> str:
        """``value`` with its unit: '−10%', '500 people a year'."""
        return f"{self.number(value)}{'' if self.unit.startswith('%') else ' '}{self.unit}"

    def between(self, low: float, high: float) -> str:
        """A range with its unit: '−11 to 6%'."""
        return f"{self.number(low)} to {self.show(high)}"

    def change(self, value: float) -> str:
        """What moving the lever to ``value`` means, in words: 'Birth rates 10% lower'."""
        said = self.raised if value > self.default else self.lowered
        amount = self.number(abs(value - self.default))
        return said.format(amount=amount, value=self.number(value), default=self.number(self.default))

    def is_unusual(self, value: float) -> bool:
        """Whether ``value`` lies outside what has been observed (False where no range is known)."""
        return self.observed is not None and not self.observed[0] <= value <= self.observed[1]

    @property
    def observed(self) -> tuple[float, float] | None:
        """The observed range, or None where none is known."""
        if self.observed_low is None or self.observed_high is None:
            return None
        return self.observed_low, self.observed_high

    @property
    def usual(self) -> tuple[float, float]:
        """What an axis makes room for: the observed range; all of it where there are levels; else half of each way."""
        if self.observed:
            return self.observed
        if self.levels:
            return self.low, self.high
        return (self.default + self.low) / 2, (self.default + self.high) / 2

    def check(self, value: Any, part: str = "") -> float:
        """``value`` as a number within the lever's range, rounded to its decimals.

        ``part`` says in a message what of the lever it is. Raises ``ScenarioError`` naming the lever, the
        value, the range and the fix.
        """
        allowed = f"Choose a number from {self.between(self.low, self.high)}."
        name = f"{self.label} ({self.id}){part and ', '}{part}"
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ScenarioError(f"{name}: {words.quoted(value)} is not a number. {allowed}")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise ScenarioError(f"{name}: {words.quoted(value)} is not a finite number. {allowed}")
        number = round(number, self.decimals) + 0.0  # + 0.0: no "-0"
        if not self.low <= number <= self.high:
            raise ScenarioError(f"{name}: {words.quoted(value)} is outside the allowed range. {allowed}")
        return number

    def check_range(self, limits: Any) -> tuple[float, float]:
        """``limits`` as a low and a high value of the lever, each as ``check`` has it, low not above high.

        Raises ``ScenarioError`` naming the lever, the value, the range and the fix.
        """
        try:
            low, high = limits
        except (TypeError, ValueError):
            fix = f"Give two numbers from {self.between(self.low, self.high)}, the lower first."
            raise ScenarioError(
                f"{self.label} ({self.id}), range: {words.quoted(limits)} is not a low and a high value. {fix}"
            ) from None
        low, high = self.check(low, "low end of the range"), self.check(high, "high end of the range")
        if low > high:
            fix = f"Give two numbers from {self.between(self.low, self.high)}, the lower first."
            raise ScenarioError(
                f"{self.label} ({self.id}), range: the low end {self.number(low)} is above "
                f"the high end {self.number(high)}. {fix}"
            )
        return low, high


def levers() -> Mapping[str, Lever]:
    """Every lever by id, in the order of the register. Read-only."""
    return _register()[0]


def groups() -> Mapping[str, str]:
    """Label of each group of levers by id, in the order of the register."""
    return _register()[1]


@cache
def _register() -> tuple[Mapping[str, Lever], Mapping[str, str]]:
    return _checked(catalogue.toml("levers"))


def read_register(text: str) -> tuple[Mapping[str, Lever], Mapping[str, str]]:
    """Levers and group labels from the text of a register, every record checked.

    Raises ``ScenarioError`` naming the lever and the field that is wrong.
    """
    try:
        return _checked(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise ScenarioError(f"The lever register is not valid TOML: {problem}") from None


def _checked(found: Mapping[str, Any]) -> tuple[Mapping[str, Lever], Mapping[str, str]]:
    labels = {group["id"]: group["label"] for group in found.get("group", [])}
    # levels are a table in the file: in order, as pairs, a lever stays a value that can be a key
    rows = [
        row | {"levels": tuple(row["levels"].items())} if "levels" in row else row for row in found.get("lever", [])
    ]
    made = register.records(Lever, rows, file=_FILE, error=ScenarioError)
    for lever in made.values():
        for wrong, message in _faults(lever, labels):
            if wrong:
                raise ScenarioError(f"{_FILE}, {lever.id}: {message}")
    public = [lever.id for lever in made.values() if lever.public]
    if len(public) > MOST_PUBLIC_LEVERS:
        raise ScenarioError(
            f"{_FILE}: {len(public)} levers are public; at most {MOST_PUBLIC_LEVERS} may be. "
            "Set public = false on some."
        )
    return MappingProxyType(made), MappingProxyType(labels)


def _faults(lever: Lever, labels: Mapping[str, str]) -> Iterator[tuple[bool, str]]:
    from ics_core.scenario.scenario import Scenario  # here, as a scenario is made of levers

    yield (
        not (lever.id.isidentifier() and lever.id.islower()),
        "the id should be lower-case words joined by underscores.",
    )
    taken = lever.id in {"basis", "name", "moved", "ranges"} or lever.id.endswith(RANGE) or hasattr(Scenario, lever.id)
    yield taken, "the id is taken by the scenario itself."
    yield lever.group not in labels, f"the group {lever.group!r} is unknown.{words.did_you_mean(lever.group, labels)}"
    yield (
        not lever.low <= lever.default <= lever.high,
        f"the default {lever.default} is not between low {lever.low} and high {lever.high}.",
    )
    yield not lever.low < lever.high, "low should be below high."
    yield not lever.step > 0, f"step = {lever.step} should be above 0."
    yield lever.decimals < 0, f"decimals = {lever.decimals} should be 0 or more."
    yield len(lever.purpose.split()) > LONGEST_PURPOSE, f"the purpose has more than {LONGEST_PURPOSE} words."
    one_end = (lever.observed_low is None) != (lever.observed_high is None)
    yield one_end, "give both observed_low and observed_high, or neither."
    if lever.observed:
        inside = lever.low <= lever.observed[0] <= lever.observed[1] <= lever.high
        yield not inside, f"the observed range {lever.observed} is not inside {lever.low} to {lever.high}."
    for word, value in lever.levels:
        yield (
            not lever.low <= value <= lever.high,
            f"the level {word!r} = {value} is not inside {lever.low} to {lever.high}.",
        )


def lever_of(lever_id: object) -> Lever:
    """The lever of that id. Raises ``ScenarioError`` with the nearest names."""
    lever = levers().get(lever_id) if isinstance(lever_id, str) else None
    if lever is None:
        quoted = words.quoted(lever_id)
        raise ScenarioError(f"There is no lever {quoted}.{words.did_you_mean(quoted.strip(chr(34)), levers(), n=2)}")
    return lever
