"""The profile of one place: its people, practices and hospitals, beside the footprint and England.

An area is told by its *residents*, a practice or a primary care network by its *registered*
patients. A figure for England stands beside a measure only where a like one is published or can be
added up from published ones; ``england_note`` says where its date or its making differs.
"""

from __future__ import annotations

from ics_core import geography
from ics_core.profiles.card import Card, card
from ics_core.profiles.facts import Profile
from ics_core.profiles.registered import CURRENT, pcn, registered
from ics_core.profiles.resident import resident
from ics_core.systems import ENGLAND

__all__ = ["ENGLAND", "Card", "Profile", "card", "pcn", "profile"]


def profile(code: str, pcn_set: str = CURRENT) -> Profile:
    """The profile of a place of any level. Raises ``GeographyError`` with near names for an unknown code.

    >>> print(profile("E02005572").name, profile("E02005572").within)
    Cromer (North Norfolk 003) ('North Norfolk district', 'North Norfolk locality', 'Norfolk and Waveney')
    """
    here = geography.place(code, pcn_set)
    if here["level"] == "pcn":
        return pcn(code, pcn_set)
    if here["level"] == "practice":
        return registered(here, geography.practices().query("practice_code == @code"), "practice")
    return resident(here)
