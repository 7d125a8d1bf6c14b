"""For pages not yet on the stage: on its way out."""

from pages.components.frame.mode import enlarge, switch  # noqa: F401
from pages.components.frame.mode import presenting as on  # noqa: F401


def scale() -> float:
    return 1.35 if on() else 1.0
