"""Kept for one release, as code printed before it moved uses it: see ``ics_core.population.tables``."""

from ics_core.population.tables import *  # noqa: F403
