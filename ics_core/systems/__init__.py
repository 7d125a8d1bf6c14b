"""The 42 systems: any measure ranked, profiles, comparison, nearest systems, and how the NHS was reshaped.

A system is an integrated care board (ICB) as it stood from 1 July 2022 to 31 March 2026, known by
its ONS code; the one of this area is ``OWN``. Distances between systems are our calculation.
"""

from ics_core.errors import SystemsError
from ics_core.systems.measures import (
    ENGLAND,
    OWN,
    Rank,
    cautions,
    credit,
    distribution,
    england,
    england_in_words,
    fifths,
    metric_values,
    metrics,
    name,
    names,
    periods,
    rank,
    regions,
    worded,
)
from ics_core.systems.nearest import (
    alike,
    characteristics,
    default_weights,
    distances,
    in_common,
    nearest,
    nearest_on_map,
)
from ics_core.systems.profiles import MOST_COMPARED, compare, in_documents, named_in_documents, overview, profile
from ics_core.systems.reshaping import since_2026

__all__ = [
    "ENGLAND",
    "MOST_COMPARED",
    "OWN",
    "Rank",
    "SystemsError",
    "alike",
    "cautions",
    "characteristics",
    "compare",
    "credit",
    "default_weights",
    "distances",
    "distribution",
    "england",
    "england_in_words",
    "fifths",
    "in_common",
    "in_documents",
    "metric_values",
    "metrics",
    "name",
    "named_in_documents",
    "names",
    "nearest",
    "nearest_on_map",
    "overview",
    "periods",
    "profile",
    "rank",
    "regions",
    "since_2026",
    "worded",
]
