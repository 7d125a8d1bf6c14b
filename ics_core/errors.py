"""Every error of the core, in one place. The message is for the reader: what is wrong, what is allowed, what to do."""

from __future__ import annotations


class ExplorerError(Exception):
    """Base of all: whoever shows a page can say any of them in words."""


class CatalogueError(ExplorerError, LookupError):
    """A table, text or outline that is not there or is damaged; the message says which file and how to restore it."""


class RegisterError(ExplorerError, ValueError):
    """A record of a register (TOML) with a wrong field: file, record, field, value, what is allowed, nearest name."""


class ScenarioError(RegisterError):
    """A lever, value, link or file that cannot be used: lever, value given, allowed range, fix."""


class PopulationError(ExplorerError, ValueError):
    """A place, age group, year or basis the population model does not have."""


class DemandError(ExplorerError, ValueError):
    """A measure, place, lever or year the demand model does not have."""


class MoneyError(ExplorerError, ValueError):
    """An opening position, year or rate the money model does not have."""


class GeographyError(ExplorerError, ValueError):
    """A place, level, measure or hospital that is not known."""


class IndicatorError(ExplorerError, ValueError):
    """An indicator, area, ambition or filter that is not known."""


class SystemsError(ExplorerError, ValueError):
    """A system, measure, period or weight that is not known."""


class StoryError(ExplorerError, ValueError):
    """A theme, document or kind of link the story does not have."""


class FigureError(ExplorerError, ValueError):
    """A figure or a choice of it that is not known."""


class UnreadableFile(ExplorerError, ValueError):
    """A file no importer takes: what it looks like, what was expected, what to do."""


class WorkshopError(ExplorerError, ValueError):
    """A workshop, question or answer that cannot be used, in words for the person who gave it."""


class LandingError(ExplorerError, RuntimeError):
    """A refresh that cannot land or be taken back, with the data as they were: why, and what to do."""
