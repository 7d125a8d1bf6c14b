"""Ready-made scenarios: records of ``data/scenarios.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from ics_core import catalogue, register
from ics_core.errors import ScenarioError
from ics_core.scenario.scenario import Scenario

_FILE = "data/scenarios.toml"


@dataclass(frozen=True)
class _Record:
    id: str
    label: str
    sentence: str
    basis: str = "ons-2022"
    levers: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Preset:
    """A ready-made scenario with a sentence on what it asks."""

    id: str
    label: str
    sentence: str
    scenario: Scenario


@cache
def presets() -> tuple[Preset, ...]:
    """Ready-made scenarios, the official projection first. Raises ``ScenarioError`` naming file, record and fault."""
    records = register.records(_Record, catalogue.toml("scenarios").get("preset", []), file=_FILE, error=ScenarioError)
    return tuple(Preset(one.id, one.label, one.sentence, _scenario(one)) for one in records.values())


def _scenario(record: _Record) -> Scenario:
    try:
        scenario = Scenario(basis=record.basis).replace(**record.levers)
    except ScenarioError as problem:
        raise ScenarioError(f"{_FILE}, {record.id}: {problem}") from None
    # The official projection goes without a name, as when nothing was ever chosen.
    return scenario if scenario == Scenario() else scenario.replace(name=record.label)
