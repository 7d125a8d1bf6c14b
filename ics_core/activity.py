"""Kept for one release, as code printed before it moved uses it: see ``ics_core.demand``."""

from ics_core.demand.record import *  # noqa: F403
