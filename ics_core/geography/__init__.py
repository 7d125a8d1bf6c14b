"""Places of the area: what they are, how they nest, what is measured, how far it is to care.

Areas hold *residents*; practices and primary care networks (PCNs) hold *registered* patients. The
two are never mixed in one figure. Small areas are the LSOAs of 2021; what is only known for the
LSOAs of 2011 reaches them through ``lsoa11_codes``.
"""

from ics_core.errors import GeographyError
from ics_core.geography.ground import (
    COLUMNS,
    FOOTPRINT,
    GEOMETRIES,
    LEVELS,
    PCN_SETS,
    dated,
    estimates_year,
    kilometres,
)
from ics_core.geography.measures import (
    MEASURES,
    SCHEMES,
    Classes,
    Measure,
    classes,
    finding,
    hundreds,
    measure,
    measures,
    said,
    value,
)
from ics_core.geography.places import directory, facts, find, nest, place, places, small_areas
from ics_core.geography.practices import (
    ACUTE,
    OVER_BORDER,
    acute_hospitals,
    hospitals,
    minutes_by_car,
    pcns,
    practices,
)
from ics_core.geography.travel import (
    GROUPS,
    MINUTES,
    beyond,
    beyond_by_minutes,
    drive_times,
    further,
    half_beyond,
)

__all__ = [
    "ACUTE",
    "COLUMNS",
    "FOOTPRINT",
    "GEOMETRIES",
    "GROUPS",
    "LEVELS",
    "MEASURES",
    "MINUTES",
    "OVER_BORDER",
    "PCN_SETS",
    "SCHEMES",
    "Classes",
    "GeographyError",
    "Measure",
    "acute_hospitals",
    "beyond",
    "beyond_by_minutes",
    "classes",
    "dated",
    "directory",
    "drive_times",
    "estimates_year",
    "facts",
    "find",
    "finding",
    "further",
    "half_beyond",
    "hospitals",
    "hundreds",
    "kilometres",
    "measure",
    "measures",
    "minutes_by_car",
    "nest",
    "pcns",
    "place",
    "places",
    "practices",
    "said",
    "small_areas",
    "value",
]
