"""How the system came about: dated events, who was in it and what they are now, what documents said then.

Words for themes and disagreements are in ``data/text/story.toml``.
"""

from ics_core.errors import StoryError
from ics_core.story.founding import documents, founding
from ics_core.story.partners import fates, head_offices, local, local_counts, partners, structure
from ics_core.story.then_and_now import LINKS, MOMENT, follow_up, then_and_now
from ics_core.story.timeline import busiest_year, events, systems, themes
from ics_core.story.told import Disagreement, chapters, disagreements

__all__ = [
    "LINKS",
    "MOMENT",
    "Disagreement",
    "StoryError",
    "busiest_year",
    "chapters",
    "disagreements",
    "documents",
    "events",
    "fates",
    "follow_up",
    "founding",
    "head_offices",
    "local",
    "local_counts",
    "partners",
    "structure",
    "systems",
    "themes",
    "then_and_now",
]
