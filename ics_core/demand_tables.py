"""Kept for one release, as code printed before it moved uses it: see ``ics_core.demand.tables``."""

from ics_core.demand.tables import *  # noqa: F403
