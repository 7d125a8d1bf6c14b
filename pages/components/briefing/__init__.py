"""Briefings: chosen figures as slides, a document and a page to print, made with no page running.

    made = gather(RunningOrder("Older people", (Step("population", "over-time", "ages=85%2B"),)), date.today())
    Path("older-people.pptx").write_bytes(file(made, "pptx"))

What writes each kind of file is loaded only when such a file is asked for.
"""

from __future__ import annotations

from types import MappingProxyType

from pages.components.briefing.gathering import MOST, Briefing, Sheet, gather, texts, unknown

KINDS = MappingProxyType(
    {
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "html": "text/html",
    }
)

__all__ = ["KINDS", "MOST", "Briefing", "Sheet", "file", "gather", "texts", "unknown"]


def file(briefing: Briefing, kind: str) -> bytes:
    """The briefing as a file of one of ``KINDS``."""
    if kind == "pptx":
        from pages.components.briefing.slides import pptx as write
    elif kind == "docx":
        from pages.components.briefing.word import docx as write
    else:
        from pages.components.briefing.paper import html as write
    return write(briefing)
