"""Scenarios: which levers are moved, how far, and from which official projection they start.

The levers themselves are records in ``data/levers.toml``. Everything that knows a lever's name,
range or words (sliders, help, links, files, schema, tests) takes them from there, through
``levers()``. A ``Scenario`` is a plain value: it can be compared, hashed and used as a cache key.
"""

from ics_core.errors import ScenarioError
from ics_core.scenario.codec import BASES, KEPT, MODEL_VERSION, SCHEMA, SCHEMA_VERSION, is_parameter, json_schema
from ics_core.scenario.lever import (
    LONGEST_PURPOSE,
    MOST_PUBLIC_LEVERS,
    RANGE,
    Lever,
    groups,
    levers,
    read_register,
)
from ics_core.scenario.preset import Preset, presets
from ics_core.scenario.saved import Result, Saved
from ics_core.scenario.scenario import Scenario, range_table, read_file

__all__ = [
    "BASES",
    "KEPT",
    "LONGEST_PURPOSE",
    "MODEL_VERSION",
    "MOST_PUBLIC_LEVERS",
    "RANGE",
    "SCHEMA",
    "SCHEMA_VERSION",
    "Lever",
    "Preset",
    "Result",
    "Saved",
    "Scenario",
    "ScenarioError",
    "groups",
    "is_parameter",
    "json_schema",
    "levers",
    "presets",
    "range_table",
    "read_file",
    "read_register",
]
