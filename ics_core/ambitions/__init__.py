"""The eight ambitions of the Joint Forward Plan: what is measured, what was asked, how it goes, what was promised.

One indicator in one area is a series (``indicator``), as old as the releases it has missed (``release``). A target
says what was asked of whom (``target``). ``status`` sets the one beside the other (``judgement``) by two decision
tables (``rules``), ``answers`` puts it in words (``sentences``), ``projected`` asks what if (``what_if``). Lists of
many are in ``lists``, milestones in ``milestone``. ``ambitions.promises`` are those of 2018, ``ambitions.explorer``
finds any indicator and sets it beside others. Modules carry the singular because the functions here carry the plural.
"""

from ics_core.ambitions.indicator import (
    BOARD,
    ENGLAND,
    NO_FIGURE,
    TOTALS,
    Break,
    area_name,
    areas,
    bands,
    breaks,
    chart,
    compare,
    definition,
    districts,
    first_area,
    format_change,
    format_day,
    format_pace,
    format_value,
    held,
    rank,
    series,
)
from ics_core.ambitions.judgement import AGAINST_ENGLAND, STATES, Status, status
from ics_core.ambitions.lists import (
    ambition,
    gaps,
    headlines,
    indicators,
    last_reported,
    measures,
    overview,
    reported_words,
    slug,
    story,
    summary,
    tally,
    tiles,
)
from ics_core.ambitions.milestone import milestones, objectives
from ics_core.ambitions.release import behind
from ics_core.ambitions.rules import WORDS
from ics_core.ambitions.sentences import answers, finding
from ics_core.ambitions.target import Outcome, Target, related, target_steps, target_table, target_words, targets
from ics_core.ambitions.what_if import Outlook, Slider, projected, slider
from ics_core.errors import IndicatorError

from ics_core.ambitions import explorer, promises  # isort: skip  # they use what is above

__all__ = [
    "AGAINST_ENGLAND",
    "BOARD",
    "ENGLAND",
    "NO_FIGURE",
    "STATES",
    "TOTALS",
    "Break",
    "IndicatorError",
    "Outcome",
    "Outlook",
    "Slider",
    "Status",
    "Target",
    "WORDS",
    "ambition",
    "answers",
    "area_name",
    "areas",
    "bands",
    "behind",
    "breaks",
    "chart",
    "compare",
    "definition",
    "districts",
    "explorer",
    "finding",
    "first_area",
    "format_change",
    "format_day",
    "format_pace",
    "format_value",
    "held",
    "gaps",
    "headlines",
    "indicators",
    "last_reported",
    "measures",
    "milestones",
    "objectives",
    "overview",
    "projected",
    "promises",
    "rank",
    "related",
    "reported_words",
    "series",
    "slider",
    "slug",
    "status",
    "story",
    "summary",
    "tally",
    "target_steps",
    "target_table",
    "target_words",
    "targets",
    "tiles",
]
