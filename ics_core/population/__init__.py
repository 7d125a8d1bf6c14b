"""How many people will live where: a cohort-component model by single year of age, sex and place.

Each year people grow a year older, some die, women have children, and people move in and out. With no
lever moved the result is the official projection (see ``implied``); levers change birth rates, death
rates and migration from there. All figures are *residents* at 30 June. Years of births, deaths and
migration are named by the June in which they end.

>>> from ics_core.scenario import Scenario
>>> table = project(Scenario(fertility=-10))      # one row per place, sex, age and year
>>> result = run(Scenario(fertility=-10))         # the same as arrays, with births, deaths and migration

Places are the footprint, the five localities (former CCGs) and the eight districts (Waveney apart from
the rest of East Suffolk). Wherever a function takes ``places``, give a place type ("district"), a code,
or several codes.
"""

from ics_core.errors import PopulationError
from ics_core.population import moved, tables
from ics_core.population.answers import ages, components, estimates, growth, official, shares, totals
from ics_core.population.checks import calibration, method, start_words
from ics_core.population.draws import (
    BAND,
    DRAWS,
    HELD,
    Draws,
    bands,
    default_ranges,
    project_draws,
    range_words,
)
from ics_core.population.implied import AGES, FOOTPRINT, SEXES, base_year
from ics_core.population.model import (
    LEVERS,
    PLACE_TYPES,
    Projection,
    ages_of,
    place_names,
    places,
    project,
    run,
)
from ics_core.population.track_record import BROAD_AGES, back_test

__all__ = [
    "AGES",
    "BAND",
    "BROAD_AGES",
    "DRAWS",
    "FOOTPRINT",
    "HELD",
    "LEVERS",
    "PLACE_TYPES",
    "SEXES",
    "Draws",
    "PopulationError",
    "Projection",
    "ages",
    "ages_of",
    "back_test",
    "bands",
    "base_year",
    "calibration",
    "components",
    "default_ranges",
    "estimates",
    "growth",
    "method",
    "official",
    "place_names",
    "moved",
    "places",
    "project",
    "project_draws",
    "range_words",
    "run",
    "shares",
    "start_words",
    "tables",
    "totals",
]
