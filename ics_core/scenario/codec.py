"""Scenarios as links and files: what is written, and what may be read back from hostile text."""

from __future__ import annotations

import json
import math
from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import ScenarioError
from ics_core.scenario.lever import RANGE, Lever, lever_of, levers

if TYPE_CHECKING:
    from ics_core.scenario.scenario import Scenario

SCHEMA = "norfolk-waveney-ics-explorer/scenario"
SCHEMA_VERSION = "1.2"  # 1.1: ranges; 1.2: key results when it was saved; older ones are migrated (``saved``)
MODEL_VERSION = "1.1.0"  # major: results change for the same levers; minor: levers added; patch: words
BASES = MappingProxyType(
    {
        "ons-2022": "ONS 2022-based projection, from the latest estimate",
        "ons-2018": "ONS 2018-based projection, from mid-2018",
    }
)
KEPT = "kept"  # parameter of an address: scenario A, as an address of its own
_UNMOVED = "official"  # A with no lever moved
_LONGEST_KEPT = 2000  # characters of A in an address
MOST_RESULTS = 40  # in a file
RESULT = MappingProxyType(
    {"id": "string", "label": "string", "unit": "string", "year": "integer", "value": "number"}
)  # the fields of one, with their types
_LONGEST_FILE = 100_000  # characters; a full scenario file is about 2,000


def is_parameter(key: str) -> bool:
    """Whether a parameter of an address is a scenario's, or a misspelt one; all others belong to the page."""
    return key in {"basis", "name"} or bool(words.near(key.removesuffix(RANGE)[:60], levers(), n=1, cutoff=0.8))


def to_query(scenario: Scenario) -> dict[str, str]:
    """URL parameters: only what differs from the official projection."""
    query = {"basis": scenario.basis} if scenario.basis != "ons-2022" else {}
    query |= {"name": scenario.name} if scenario.name else {}
    query |= {i: f"{value:.{levers()[i].decimals}f}" for i, value in scenario.moved}
    return query | {
        i + RANGE: "..".join(f"{limit:.{levers()[i].decimals}f}" for limit in limits) for i, limits in scenario.ranges
    }


def from_query(
    kind: type[Scenario], mapping: Mapping[str, Any], known: Container[str] = ()
) -> tuple[Scenario, list[str]]:
    """The scenario in URL parameters, and one note for each part that was ignored. Never raises."""
    accepted: dict[str, Any] = {}
    ranges: dict[str, tuple[float, float]] = {}
    notes: list[str] = []
    for key, value in mapping.items():
        if key in known:
            continue
        try:
            if isinstance(key, str) and key.endswith(RANGE):
                lever = lever_of(key.removesuffix(RANGE))
                ranges[lever.id] = _range_from_text(lever, value)
            elif key in ("basis", "name"):
                accepted[key] = getattr(kind(**{key: value}), key)
            else:
                accepted[key] = lever_of(key).check(_number(value) if isinstance(value, str) else value)
        except ScenarioError as problem:
            notes.append(f"Ignored from the link: {problem}")
    return kind(**accepted, ranges=ranges), notes


def to_parameter(scenario: Scenario) -> str:
    """The whole scenario as one parameter of an address (``KEPT``)."""
    return urlencode(to_query(scenario)) or _UNMOVED


def from_parameter(kind: type[Scenario], text: str) -> tuple[Scenario, list[str]]:
    """The scenario of ``to_parameter``, and one note for each part that was ignored. Never raises."""
    return from_query(kind, dict(parse_qsl(text[:_LONGEST_KEPT])) if text != _UNMOVED else {})


def to_json(scenario: Scenario, results: Sequence[Mapping[str, Any]] = ()) -> str:
    """A file's text, with schema, model version and data release, and the ``results`` it has under them."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "model_version": MODEL_VERSION,
        "data_release": catalogue.release(),
        "name": scenario.name,
        "basis": scenario.basis,
        "levers": dict(scenario.moved),
    }
    if scenario.ranges:
        content["ranges"] = {i: {"low": low, "high": high} for i, (low, high) in scenario.ranges}
    if results:
        content["results"] = [dict(one) for one in results]
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def ranges_from_json(ranges: Any) -> dict[str, tuple[Any, Any]]:
    """The ranges of a file by lever. Raises ``ScenarioError``."""
    if not isinstance(ranges, dict):
        raise ScenarioError(
            f'ranges: {words.quoted(ranges)} should be an object such as {{"fertility": {{"low": -20, "high": 5}}}}.'
        )
    for key, limits in ranges.items():
        lever = lever_of(key)
        if not isinstance(limits, dict) or set(limits) != {"low", "high"}:
            raise ScenarioError(
                f"{lever.label} ({lever.id}), range: {words.quoted(limits)} should have a low and a high "
                f"and nothing else, each from {lever.between(lever.low, lever.high)}."
            )
    return {key: (limits["low"], limits["high"]) for key, limits in ranges.items()}


def _range_from_text(lever: Lever, value: Any) -> tuple[float, float]:
    parts = value.split("..") if isinstance(value, str) else ()
    if len(parts) != 2:
        example = "..".join(f"{end:.{lever.decimals}f}" for end in (lever.low, lever.high))
        raise ScenarioError(
            f"{lever.label} ({lever.id}), range: {words.quoted(value)} cannot be read. "
            f"Write two numbers from {lever.between(lever.low, lever.high)} with two dots between them, "
            f"the lower first, such as {example}."
        )
    return lever.check_range([_number(part) for part in parts])


def _number(text: str) -> float | str:
    """``text`` as a number, or as it is: a lever then says in its own words that it is none."""
    found = words.read(text)
    if found is None and text.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
        return math.nan
    return text if found is None else found


def read_json(text: str | bytes) -> dict[str, Any]:
    """The object in a file's text. Raises ``ScenarioError``."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise ScenarioError(f"The scenario file gives {words.quoted(key)} twice. Keep one of them.")
            found[key] = value
        return found

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


def _up_to(version: str, first: int = 0) -> str:
    """The pattern of a version whose first number is at most that of ``version``."""
    return rf"^({'|'.join(map(str, range(first, int(version.partition('.')[0]) + 1)))})\."


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file, generated from the register."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Scenario of the {AREA.name} ICS Explorer",
        "type": "object",
        "required": ["schema", "schema_version", "model_version"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA},
            "schema_version": {"type": "string", "pattern": _up_to(SCHEMA_VERSION, first=1)},
            "model_version": {"type": "string", "pattern": _up_to(MODEL_VERSION)},
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
            "results": {
                "type": "array",
                "maxItems": MOST_RESULTS,
                "description": "Key results when the file was saved, under its model version and data release.",
                "items": {
                    "type": "object",
                    "required": list(RESULT),
                    "additionalProperties": False,
                    "properties": {field: {"type": kind} for field, kind in RESULT.items()},
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
