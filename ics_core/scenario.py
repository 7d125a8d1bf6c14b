"""Scenarios: which levers are moved, how far, and from which official projection they start.

The levers themselves are records in ``data/levers.toml``. Everything that knows a lever's name,
range or words (sliders, help, links, files, schema, tests) takes them from there, through
``levers()``. A ``Scenario`` is a plain value: it can be compared, hashed and used as a cache key.
"""

from __future__ import annotations

import json
import math
import tomllib
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from functools import cache
from numbers import Real
from types import MappingProxyType
from typing import Any

import pandas as pd

from ics_core import catalogue

SCHEMA = "norfolk-waveney-ics-explorer/scenario"
SCHEMA_VERSION = "1.1"  # 1.1: ranges; a file without them is read as before
MODEL_VERSION = "1.0.0"  # major: results change for the same levers; minor: levers added; patch: words
BASES = MappingProxyType(
    {
        "ons-2022": "ONS 2022-based projection, from mid-2024",
        "ons-2018": "ONS 2018-based projection, from mid-2018",
    }
)
MOST_PUBLIC_LEVERS = 15
LONGEST_PURPOSE = 20  # words
RANGE = "_range"  # in links, what follows the name of a lever whose range is set
_LONGEST_NAME = 80
_LONGEST_FILE = 100_000  # characters; a full scenario file is about 2,000


class ScenarioError(ValueError):
    """A lever, basis or scenario file that cannot be used; the message says what would be right."""


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
    direction: str
    raised: str
    lowered: str
    observed_low: float | None = None
    observed_high: float | None = None
    levels: tuple[tuple[str, float], ...] = ()

    def number(self, value: float) -> str:
        """``value`` as it is written in a sentence, without unit: '1,050', '−2.5'."""
        return f"{value:,.{self.decimals}f}".replace("-", "−")

    def show(self, value: float) -> str:
        """``value`` with its unit: '−10%', '500 people a year'."""
        return f"{self.number(value)}{'' if self.unit.startswith('%') else ' '}{self.unit}"

    def between(self, low: float, high: float) -> str:
        """A range with its unit: '−11 to 6%'."""
        return f"{self.number(low)} to {self.show(high)}"

    def change(self, value: float) -> str:
        """What moving the lever to ``value`` means, in words: 'Birth rates 10% lower'."""
        words = self.raised if value > self.default else self.lowered
        amount = self.number(abs(value - self.default))
        return words.format(amount=amount, value=self.number(value), default=self.number(self.default))

    def is_unusual(self, value: float) -> bool:
        """Whether ``value`` lies outside what has been observed (False where no range is known)."""
        if self.observed_low is None or self.observed_high is None:
            return False
        return not self.observed_low <= value <= self.observed_high

    def check(self, value: Any, part: str = "") -> float:
        """``value`` as a number within the lever's range, rounded to its decimals.

        ``part`` says in a message what of the lever it is. Raises ``ScenarioError`` naming the lever, the
        value, the range and the fix.
        """
        allowed = f"Choose a number from {self.between(self.low, self.high)}."
        name = f"{self.label} ({self.id}){part and ', '}{part}"
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ScenarioError(f"{name}: {_quote(value)} is not a number. {allowed}")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise ScenarioError(f"{name}: {_quote(value)} is not a finite number. {allowed}")
        number = round(number, self.decimals) + 0.0  # + 0.0: no "-0"
        if not self.low <= number <= self.high:
            raise ScenarioError(f"{name}: {_quote(value)} is outside the allowed range. {allowed}")
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
                f"{self.label} ({self.id}), range: {_quote(limits)} is not a low and a high value. {fix}"
            ) from None
        low, high = self.check(low, "low end of the range"), self.check(high, "high end of the range")
        if low > high:
            fix = f"Give two numbers from {self.between(self.low, self.high)}, the lower first."
            raise ScenarioError(
                f"{self.label} ({self.id}), range: the low end {self.number(low)} is above the high end {self.number(high)}. {fix}"
            )
        return low, high


def _quote(value: Any) -> str:
    """A foreign value, short enough and clean enough to stand in a message."""
    text = _plain(value if isinstance(value, str) else _represent(value))
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def _represent(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # a number of more than 4,300 digits, or an object that cannot describe itself
        return type(value).__name__


def _plain(text: str) -> str:
    """``text`` on one line, without control, formatting or unassigned characters."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c)[0] != "C").split())


# ---------------------------------------------------------------------------------------- register


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


def _checked(register: Mapping[str, Any]) -> tuple[Mapping[str, Lever], Mapping[str, str]]:
    labels = {group["id"]: group["label"] for group in register.get("group", [])}
    found: dict[str, Lever] = {}
    for record in register.get("lever", []):
        lever = _lever(record, labels)
        if lever.id in found:
            raise ScenarioError(f"Lever {lever.id}: the register holds it twice. Remove one.")
        found[lever.id] = lever
    public = [lever.id for lever in found.values() if lever.public]
    if len(public) > MOST_PUBLIC_LEVERS:
        raise ScenarioError(
            f"{len(public)} levers are public; at most {MOST_PUBLIC_LEVERS} may be. Set public = false on some."
        )
    return MappingProxyType(found), MappingProxyType(labels)


_KINDS = {"str": str, "bool": bool, "int": int, "float": (int, float), "float | None": (int, float)}


def _lever(record: dict, labels: Mapping[str, str]) -> Lever:
    name = f"Lever {record.get('id', '(without id)')}"
    known = {field.name: field for field in fields(Lever)}
    for key in record:
        if key not in known:
            raise ScenarioError(f"{name}: there is no field {key!r}.{_near(key, known)}")
    values: dict[str, Any] = {}
    for key, field in known.items():
        if key not in record:
            if field.default is MISSING:
                raise ScenarioError(f"{name}: the field {key!r} is missing.")
            continue
        value = record[key]
        if key == "levels":
            values[key] = tuple((word, float(amount)) for word, amount in value.items())
            continue
        if not isinstance(value, _KINDS[field.type]) or isinstance(value, bool) != (field.type == "bool"):
            raise ScenarioError(f"{name}: {key} = {value!r} should be of type {field.type}.")
        values[key] = float(value) if field.type.startswith("float") else value
    lever = Lever(**values)
    for wrong, message in _faults(lever, labels):
        if wrong:
            raise ScenarioError(f"{name}: {message}")
    return lever


def _faults(lever: Lever, labels: Mapping[str, str]) -> Iterator[tuple[bool, str]]:
    yield (
        not (lever.id.isidentifier() and lever.id.islower()),
        "the id should be lower-case words joined by underscores.",
    )
    taken = lever.id in {"basis", "name", "moved", "ranges"} or lever.id.endswith(RANGE) or hasattr(Scenario, lever.id)
    yield taken, "the id is taken by the scenario itself."
    yield lever.group not in labels, f"the group {lever.group!r} is unknown.{_near(lever.group, labels)}"
    yield (
        not lever.low <= lever.default <= lever.high,
        f"the default {lever.default} is not between low {lever.low} and high {lever.high}.",
    )
    yield not lever.low < lever.high, "low should be below high."
    yield not lever.step > 0, f"step = {lever.step} should be above 0."
    yield lever.decimals < 0, f"decimals = {lever.decimals} should be 0 or more."
    yield len(lever.purpose.split()) > LONGEST_PURPOSE, f"the purpose has more than {LONGEST_PURPOSE} words."
    yield lever.direction not in {"up", "down"}, f"direction = {lever.direction!r} should be 'up' or 'down'."
    observed = (lever.observed_low, lever.observed_high)
    yield (observed[0] is None) != (observed[1] is None), "give both observed_low and observed_high, or neither."
    if None not in observed:
        inside = lever.low <= observed[0] <= observed[1] <= lever.high
        yield not inside, f"the observed range {observed} is not inside {lever.low} to {lever.high}."
    for word, value in lever.levels:
        yield (
            not lever.low <= value <= lever.high,
            f"the level {word!r} = {value} is not inside {lever.low} to {lever.high}.",
        )


def _near(name: str, known: Any) -> str:
    near = get_close_matches(str(name), list(known), n=2, cutoff=0.6)
    if near:
        return f" Did you mean {' or '.join(near)}?"
    return f" Known: {', '.join(known)}." if len(known) < 10 else ""


# ---------------------------------------------------------------------------------------- scenario


@dataclass(frozen=True, init=False, repr=False)
class Scenario:
    """A choice of levers on one official projection. ``Scenario()`` is that projection itself.

    >>> s = Scenario(fertility=-10, migration=500)
    >>> s.fertility, s["migration"], s.mortality
    (-10.0, 500.0, 0.0)

    ``basis`` is one of ``BASES``; ``name`` is plain text, cleaned of control characters and cut at
    80 characters. Raises ``ScenarioError`` naming the lever, the value, the allowed range and the fix.

    ``ranges`` says how unsure a lever is: the low and the high value from which draws are taken,
    ``{"fertility": (-20, 5)}``. A lever without one has its usual range, which moves with the lever; one that
    is set stays where it is, even where it equals the usual one. Where the lever's own value lies outside,
    the draws reach out to it (``range_of``).
    """

    basis: str
    name: str
    moved: tuple[tuple[str, float], ...]  # only levers away from their default, in register order
    ranges: tuple[tuple[str, tuple[float, float]], ...]  # only levers whose range is set, in register order

    def __init__(
        self,
        basis: str = "ons-2022",
        name: str = "",
        *,
        ranges: Mapping[str, tuple[float, float]] | tuple = (),
        **values: float,
    ) -> None:
        if not isinstance(basis, str) or basis not in BASES:
            raise ScenarioError(
                f"basis: {_quote(basis)} is not an official projection in use. Choose {' or '.join(BASES)}."
            )
        if not isinstance(name, str):
            raise ScenarioError(
                f"name: {_quote(name)} is not text. Give a name of up to {_LONGEST_NAME} characters, or none."
            )
        checked = {key: _known(key).check(value) for key, value in values.items()}
        moved = tuple((i, checked[i]) for i, lever in levers().items() if i in checked and checked[i] != lever.default)
        object.__setattr__(self, "basis", basis)
        object.__setattr__(self, "name", _plain(name)[:_LONGEST_NAME].rstrip())
        object.__setattr__(self, "moved", moved)
        object.__setattr__(self, "ranges", _ranges(ranges) if ranges != () else ())

    def __getitem__(self, lever_id: str) -> float:
        lever = _known(lever_id)
        return dict(self.moved).get(lever.id, lever.default)

    def __getattr__(self, lever_id: str) -> float:
        if lever_id.startswith("_") or lever_id in ("moved", "ranges"):  # copying and pickling look for hooks here
            raise AttributeError(lever_id)
        try:
            return self[lever_id]
        except ScenarioError as problem:
            raise AttributeError(str(problem)) from None

    def __repr__(self) -> str:
        parts = [f"basis={self.basis!r}"] if self.basis != "ons-2022" else []
        parts += [f"name={self.name!r}"] if self.name else []
        parts += [f"{i}={v:g}" for i, v in self.moved]
        ranges = ", ".join(f"{i!r}: ({low:g}, {high:g})" for i, (low, high) in self.ranges)
        return f"Scenario({', '.join(parts + ([f'ranges={{{ranges}}}'] if ranges else []))})"

    def replace(self, **changes: Any) -> Scenario:
        """This scenario with some levers, the basis, the name or all the ranges changed."""
        return Scenario(
            **{"basis": self.basis, "name": self.name, "ranges": self.ranges, **dict(self.moved), **changes}
        )

    def with_range(self, lever_id: str, limits: tuple[float, float] | None) -> Scenario:
        """This scenario with the range of one lever set, or (None) back to its usual one."""
        others = {i: known for i, known in self.ranges if i != _known(lever_id).id}
        return self.replace(ranges=others if limits is None else others | {lever_id: limits})

    def range_of(self, lever_id: str) -> tuple[float, float] | None:
        """The range set for a lever, reaching out to the lever's value where that lies outside; None where none is set.

        The value is where draws are most likely. As a wider range leaves it in place, its band is never narrower.
        """
        limits = dict(self.ranges).get(lever_id)
        if limits is None:
            return None
        value = self[lever_id]
        return min(limits[0], value), max(limits[1], value)

    def values(self) -> dict[str, float]:
        """Every lever's value by id, moved or not."""
        return {i: lever.default for i, lever in levers().items()} | dict(self.moved)

    def changes(self) -> list[str]:
        """What differs from the official projection, in words, one sentence part each."""
        return [levers()[i].change(value) for i, value in self.moved] + [
            self._drawn(levers()[i]) for i, _ in self.ranges
        ]

    def _drawn(self, lever: Lever) -> str:
        low, high = self.range_of(lever.id)
        return (
            f"{lever.label} held at {lever.show(low)} in every draw"
            if low == high
            else f"{lever.label} drawn from {lever.between(low, high)}"
        )

    def warnings(self) -> list[str]:
        """One sentence for each lever that lies outside its observed range, or outside the range set for it."""
        unusual = [(levers()[i], value) for i, value in self.moved if levers()[i].is_unusual(value)]
        return [
            f"{lever.label}: {lever.show(value)} is outside the observed range of {lever.between(lever.observed_low, lever.observed_high)} ({lever.source})"
            for lever, value in unusual
        ] + [
            f"{lever.label}: {lever.show(self[lever.id])} is outside the range set for it, {lever.between(*limits)}, so the draws reach out to it"
            for lever, limits in ((levers()[i], limits) for i, limits in self.ranges)
            if self.range_of(lever.id) != limits
        ]

    # ------------------------------------------------------------------------------ links and files

    def to_query(self) -> dict[str, str]:
        """The scenario as URL parameters: only what differs from ``Scenario()``."""
        query = {"basis": self.basis} if self.basis != "ons-2022" else {}
        query |= {"name": self.name} if self.name else {}
        query |= {i: f"{value:.{levers()[i].decimals}f}" for i, value in self.moved}
        return query | {
            i + RANGE: "..".join(f"{limit:.{levers()[i].decimals}f}" for limit in limits) for i, limits in self.ranges
        }

    @classmethod
    def from_query(cls, mapping: Mapping[str, Any], known: Container[str] = ()) -> tuple[Scenario, list[str]]:
        """The scenario in URL parameters, and one note for each part that was ignored.

        A range is written ``fertility_range=-20..5``. Never raises, whatever the parameters hold. ``known``
        names the page's own parameters.
        """
        accepted: dict[str, Any] = {}
        ranges: dict[str, tuple[float, float]] = {}
        notes: list[str] = []
        for key, value in mapping.items():
            if key in known:
                continue
            try:
                if isinstance(key, str) and key.endswith(RANGE):
                    lever = _known(key.removesuffix(RANGE))
                    ranges[lever.id] = _range_from_text(lever, value)
                else:
                    accepted[key] = _from_text(key, value)
            except ScenarioError as problem:
                notes.append(f"Ignored from the link: {problem}")
        return cls(**accepted, ranges=ranges), notes

    def to_json(self) -> str:
        """The scenario as a file's text, with schema, model version and data release."""
        content = {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "model_version": MODEL_VERSION,
            "data_release": catalogue.release(),
            "name": self.name,
            "basis": self.basis,
            "levers": dict(self.moved),
        }
        if self.ranges:
            content["ranges"] = {i: {"low": low, "high": high} for i, (low, high) in self.ranges}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Scenario:
        """The scenario in a file's text.

        Raises ``ScenarioError`` for damaged or foreign files, repeated entries, another major version
        of schema or model, and levers that are unknown or out of range.
        """
        content = _read_json(text)
        if content.get("schema") != SCHEMA:
            raise ScenarioError(
                f"This is not a scenario file: its schema is {_quote(content.get('schema'))}, expected {SCHEMA!r}."
            )
        for field, ours in (("schema_version", SCHEMA_VERSION), ("model_version", MODEL_VERSION)):
            theirs = str(content.get(field))
            if theirs.partition(".")[0] != ours.partition(".")[0]:
                raise ScenarioError(
                    f"{field}: the file says {_quote(theirs)}, this app reads {ours}. Set the levers again and save a new file."
                )
        for key in content:
            if key not in json_schema()["properties"]:
                raise ScenarioError(
                    f"The file has an unknown entry {_quote(key)}.{_near(key, json_schema()['properties'])}"
                )
        chosen = content.get("levers", {})
        if not isinstance(chosen, dict):
            raise ScenarioError(f'levers: {_quote(chosen)} should be an object such as {{"fertility": -10}}.')
        for key in chosen:
            _known(key)  # before use as arguments: a lever named "basis" is a fault, not a basis
        ranges = _ranges_from_json(content.get("ranges", {}))
        return cls(basis=content.get("basis", "ons-2022"), name=content.get("name", ""), ranges=ranges, **chosen)


def range_table(scenario: Scenario, usual: Mapping[str, tuple[str, tuple[float, float]]]) -> pd.DataFrame:
    """From which range each lever is drawn, to be read and set; ``usual``: by lever, why that range and the range.

    Columns: lever_id, low, high (as set by the scenario, else as usual), chosen (whether it was set), usual_low,
    usual_high, usual (why), all in the lever's unit and to its decimals.
    """
    chosen, rows = dict(scenario.ranges), []
    for lever_id, (why, limits) in usual.items():
        low, high = (round(float(limit), levers()[lever_id].decimals) + 0.0 for limit in limits)
        rows.append((lever_id, *chosen.get(lever_id, (low, high)), lever_id in chosen, low, high, why))
    return pd.DataFrame(rows, columns=["lever_id", "low", "high", "chosen", "usual_low", "usual_high", "usual"])


def _known(lever_id: Any) -> Lever:
    lever = levers().get(lever_id) if isinstance(lever_id, str) else None
    if lever is None:
        quoted = _quote(lever_id)
        raise ScenarioError(f"There is no lever {quoted}.{_near(quoted.strip(chr(34)), levers())}")
    return lever


def _ranges(ranges: Any) -> tuple[tuple[str, tuple[float, float]], ...]:
    """Ranges by lever, checked and in register order."""
    try:
        given = dict(ranges)
    except (TypeError, ValueError):
        raise ScenarioError(
            f'ranges: {_quote(ranges)} is not a range for each lever. Give for example {{"fertility": (-20, 5)}}.'
        ) from None
    checked = {key: _known(key).check_range(limits) for key, limits in given.items()}
    return tuple((i, checked[i]) for i in levers() if i in checked)


def _ranges_from_json(ranges: Any) -> dict[str, tuple[Any, Any]]:
    if not isinstance(ranges, dict):
        raise ScenarioError(
            f'ranges: {_quote(ranges)} should be an object such as {{"fertility": {{"low": -20, "high": 5}}}}.'
        )
    for key, limits in ranges.items():
        lever = _known(key)
        if not isinstance(limits, dict) or set(limits) != {"low", "high"}:
            raise ScenarioError(
                f"{lever.label} ({lever.id}), range: {_quote(limits)} should have a low and a high and nothing else, each from {lever.between(lever.low, lever.high)}."
            )
    return {key: (limits["low"], limits["high"]) for key, limits in ranges.items()}


def _range_from_text(lever: Lever, value: Any) -> tuple[float, float]:
    parts = value.split("..") if isinstance(value, str) else ()
    if len(parts) != 2:
        example = "..".join(f"{end:.{lever.decimals}f}" for end in (lever.low, lever.high))
        raise ScenarioError(
            f"{lever.label} ({lever.id}), range: {_quote(value)} cannot be read. "
            f"Write two numbers from {lever.between(lever.low, lever.high)} with two dots between them, the lower first, such as {example}."
        )
    return lever.check_range([_number(part) for part in parts])


def _number(text: str) -> float | str:
    """``text`` as a number, or as it is: a lever then says in its own words that it is none."""
    try:
        return float(text)
    except ValueError:
        return text


def _from_text(key: Any, value: Any) -> Any:
    if key == "basis":
        return Scenario(basis=value).basis
    if key == "name":
        return Scenario(name=value).name
    return _known(key).check(_number(value) if isinstance(value, str) else value)


def _read_json(text: str | bytes) -> dict:
    def once(pairs: list[tuple[str, Any]]) -> dict:
        repeated = [key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i])]
        if repeated:
            raise ScenarioError(f"The scenario file gives {_quote(repeated[0])} twice. Keep one of them.")
        return dict(pairs)

    def never(constant: str) -> None:
        raise ScenarioError(
            f"The scenario file holds {constant}, which is not a number. Give a number in the lever's range."
        )

    if len(text) > _LONGEST_FILE:
        raise ScenarioError(
            f"The file is too long for a scenario ({len(text):,} characters; at most {_LONGEST_FILE:,})."
        )
    try:
        content = json.loads(text, object_pairs_hook=once, parse_constant=never)
    except ScenarioError:
        raise
    except (ValueError, RecursionError, TypeError) as problem:
        raise ScenarioError(
            f"The scenario file is damaged or cut short ({problem}). Save it again from the app."
        ) from None
    if not isinstance(content, dict):
        raise ScenarioError("This is not a scenario file: it should be one JSON object. Save it again from the app.")
    return content


@cache
def json_schema() -> dict:
    """JSON Schema (2020-12) of a scenario file, generated from the register."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of the Norfolk and Waveney ICS Explorer",
        "type": "object",
        "required": ["schema", "schema_version", "model_version"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA},
            "schema_version": {"type": "string", "pattern": rf"^{SCHEMA_VERSION.partition('.')[0]}\."},
            "model_version": {"type": "string", "pattern": rf"^{MODEL_VERSION.partition('.')[0]}\."},
            "data_release": {"type": "string"},
            "name": {"type": "string"},
            "basis": {"enum": list(BASES), "default": "ons-2022"},
            "levers": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    lever.id: {
                        "type": "number",
                        "title": lever.label,
                        "description": f"{lever.purpose} Unit: {lever.unit}.",
                        "default": lever.default,
                        "minimum": lever.low,
                        "maximum": lever.high,
                    }
                    for lever in levers().values()
                },
            },
            "ranges": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    lever.id: {
                        "type": "object",
                        "title": f"Range of {lever.label}",
                        "description": f"From which value to which it is drawn. Unit: {lever.unit}.",
                        "required": ["low", "high"],
                        "additionalProperties": False,
                        "properties": {
                            end: {"type": "number", "minimum": lever.low, "maximum": lever.high}
                            for end in ("low", "high")
                        },
                    }
                    for lever in levers().values()
                },
            },
        },
    }


# ----------------------------------------------------------------------------------------- presets


@dataclass(frozen=True)
class Preset:
    """A ready-made scenario with a sentence on what it asks."""

    id: str
    label: str
    sentence: str
    scenario: Scenario


@cache
def presets() -> tuple[Preset, ...]:
    """Ready-made scenarios from ``data/scenarios.toml``, the official projection first."""
    found = []
    for record in catalogue.toml("scenarios").get("preset", []):
        scenario = Scenario(basis=record.get("basis", "ons-2022"), **record.get("levers", {}))
        if scenario != Scenario():  # the official projection goes without a name, as when nothing was ever chosen
            scenario = scenario.replace(name=record["label"])
        found.append(Preset(record["id"], record["label"], record["sentence"], scenario))
    return tuple(found)
