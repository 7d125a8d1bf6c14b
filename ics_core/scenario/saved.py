"""A scenario file, whatever version wrote it: migrated to today's form, or refused with field, value and what to do.

A file names its schema, the version of the models and the release of the data, and keeps the key results it had
under them: today's can then be set beside them (``ics_core.results``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ics_core import catalogue, words
from ics_core.errors import ScenarioError
from ics_core.scenario import codec
from ics_core.scenario.codec import MODEL_VERSION, MOST_RESULTS, RESULT, SCHEMA, SCHEMA_VERSION
from ics_core.scenario.lever import lever_of

if TYPE_CHECKING:
    from ics_core.scenario.scenario import Scenario

_AGAIN = "Set the levers again and save a new file"
_LONGEST = 120  # characters of a text in a result


@dataclass(frozen=True)
class Result:
    """One key result: what it is, in which unit and year."""

    id: str
    label: str
    unit: str
    year: int
    value: float

    def to_dict(self) -> dict[str, Any]:
        """As it stands in a file."""
        return asdict(self)


@dataclass(frozen=True)
class Saved:
    """What a file holds. ``notes`` say, a sentence each, what was migrated and what has changed since it was saved."""

    scenario: Scenario
    schema_version: str
    model_version: str
    data_release: str
    results: tuple[Result, ...] = ()
    notes: tuple[str, ...] = ()


# A form of the file -> the next one, what is new in that, and what makes it so.
MIGRATIONS: Mapping[str, tuple[str, str, Callable[[dict[str, Any]], dict[str, Any]]]] = MappingProxyType(
    {
        "1.0": ("1.1", "1.1 added ranges, so each lever has its usual one", lambda content: {"ranges": {}} | content),
        "1.1": ("1.2", "1.2 added key results, so it holds none", lambda content: {"results": []} | content),
    }
)


def read(kind: type[Scenario], text: str | bytes) -> Saved:
    """A file's text as what it holds. Raises ``ScenarioError``."""
    content = codec.read_json(text)
    if content.get("schema") != SCHEMA:
        raise ScenarioError(
            f"This is not a scenario file: its schema is {words.quoted(content.get('schema'))}, expected {SCHEMA!r}."
        )
    schema, model = _form(content), _model(content)
    entries = list(codec.json_schema()["properties"])
    for key in content:
        if key not in entries:
            raise ScenarioError(
                f"The file has an unknown entry {words.quoted(key)}.{words.did_you_mean(key, entries, n=2)}"
            )
    release = content.get("data_release", "")
    if not isinstance(release, str):
        raise ScenarioError(
            f"data_release: {words.quoted(release)} is not text. Give the release as it was, such as "
            f"{catalogue.release()!r}, or leave it out."
        )
    at = schema
    while at != SCHEMA_VERSION:
        at, _, migrate = MIGRATIONS[at]
        content = migrate(content)
    chosen = content.get("levers", {})
    if not isinstance(chosen, dict):
        raise ScenarioError(f'levers: {words.quoted(chosen)} should be an object such as {{"fertility": -10}}.')
    for key in chosen:
        lever_of(key)  # before use as arguments: a lever named "basis" is a fault, not a basis
    ranges = codec.ranges_from_json(content.get("ranges", {}))
    scenario = kind(basis=content.get("basis", "ons-2022"), name=content.get("name", ""), ranges=ranges, **chosen)
    results = _results(content.get("results", []))
    release = words.plain(release)[:_LONGEST]
    return Saved(scenario, schema, model, release, results, tuple(_notes(schema, model, release, bool(results))))


def _form(content: dict[str, Any]) -> str:
    """The form of the file, one of those that can be read."""
    given = content.get("schema_version")
    known = [*MIGRATIONS, SCHEMA_VERSION]
    if given in known:
        return str(given)
    newer = _numbers(given) > _numbers(SCHEMA_VERSION)
    raise ScenarioError(
        f"schema_version: the file says {words.quoted(given)}, this app reads {words.listed(known)}. "
        f"{'It was saved by a newer app: update this one. Or: ' if newer else ''}{_AGAIN}."
    )


def _model(content: dict[str, Any]) -> str:
    """The version of the models that made the file, none of a later generation than these."""
    given = content.get("model_version")
    theirs, ours = _numbers(given), _numbers(MODEL_VERSION)
    if not theirs or theirs[0] > ours[0]:
        raise ScenarioError(
            f"model_version: the file says {words.quoted(given)}, this app reads versions up to {ours[0]}, "
            f"such as {MODEL_VERSION}. {'Update this app. Or: ' if theirs else ''}{_AGAIN}."
        )
    return str(given)


def _numbers(version: object) -> tuple[int, ...]:
    """The numbers of a version; none where it is not one."""
    if not isinstance(version, str) or not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){1,2}", version):
        return ()
    return tuple(map(int, version.split(".")))


def _results(given: Any) -> tuple[Result, ...]:
    if not isinstance(given, list) or len(given) > MOST_RESULTS:
        raise ScenarioError(
            f"results: {words.quoted(given)} should be a list of {MOST_RESULTS} results at most. "
            "Leave the entry out to open the scenario without them."
        )
    return tuple(_result(place, one) for place, one in enumerate(given, start=1))


def _result(place: int, given: Any) -> Result:
    types = {"string": str, "integer": int, "number": (int, float)}
    if not isinstance(given, dict) or set(given) != set(RESULT):
        raise ScenarioError(
            f"results, number {place}: {words.quoted(given)} should have {words.listed(list(RESULT))} and nothing else."
        )
    for field, kind in RESULT.items():
        value = given[field]
        of_kind = isinstance(value, types[kind]) and not isinstance(value, bool)  # type: ignore[arg-type]
        if not of_kind or (kind != "string" and not math.isfinite(value)):
            raise ScenarioError(
                f"results, number {place}, {field}: {words.quoted(value)} should be of the type {kind}. "
                "Leave the entry results out to open the scenario without them."
            )
    said = {field: words.plain(given[field])[:_LONGEST] for field in ("id", "label", "unit")}
    return Result(**said, year=given["year"], value=float(given["value"]))


def _notes(schema: str, model: str, release: str, has_results: bool) -> list[str]:
    notes = []
    if schema != SCHEMA_VERSION:
        steps, at = [], schema
        while at != SCHEMA_VERSION:
            at, said, _ = MIGRATIONS[at]
            steps.append(said)
        notes.append(f"The file has the form {schema} and was read as {SCHEMA_VERSION}: {'; '.join(steps)}.")
    if (model, release) != (MODEL_VERSION, catalogue.release()):
        theirs = f"data release {release or 'not named'} and model {model}"
        notes.append(f"Made with {theirs}; here are {catalogue.release()} and {MODEL_VERSION}.")
        if _numbers(model)[0] < _numbers(MODEL_VERSION)[0]:
            notes.append("The models have changed since, so that the same levers give other results.")
        if not has_results:
            notes.append("The file keeps no results of that time to set beside today's.")
    return notes
