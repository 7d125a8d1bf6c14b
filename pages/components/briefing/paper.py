"""A briefing as one page of HTML, complete in itself: to read on any screen and to print on A4."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from ics_core.figure import in_words
from pages.components.briefing.drawn import image
from pages.components.briefing.gathering import Briefing, Sheet, texts
from pages.components.charts import theme

MOST_ROWS = 24  # of a table beside its picture
_HIGH = 330  # pixels


def html(briefing: Briefing) -> bytes:
    """The page: finding, key numbers, what was changed, picture, numbers, cautions and source of each figure."""
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
        Path(__file__).with_name("briefing.html").read_text(encoding="utf-8")
    )
    sheets = [_shown(sheet) for sheet in briefing.sheets]
    return page.render(briefing=briefing, sheets=sheets, said=texts(), colours=theme.LIGHT).encode()


def rows(sheet: Sheet, drawn: bool, most: int = MOST_ROWS) -> tuple[list[str], list[list[str]], str]:
    """Heads and rows of the figure's table in words, and a sentence where some are left out.

    A long table is left to the app where a picture shows the same; of a list the first ``most`` rows are shown.
    """
    count = len(sheet.figure.table)
    if count > most and drawn:
        return [], [], texts()["long"].format(count=f"{count:,}")
    table = in_words(sheet.figure, most)
    more = texts()["rows"].format(shown=most, count=f"{count:,}") if count > most else ""
    return list(map(str, table.columns)), table.astype(str).to_numpy().tolist(), more


def _shown(sheet: Sheet) -> dict[str, Any]:
    svg = image(sheet.picture, "svg", _HIGH)
    heads, body, more = rows(sheet, bool(svg))
    return {
        "figure": sheet.figure,
        "kind": sheet.kind,
        "numbers": sheet.numbers,
        "changed": sheet.changed,
        "question": sheet.question,
        "expect": sheet.expect,
        "cautions": sheet.cautions,
        # As a file within the page: names within two drawings would otherwise meet.
        "image": f"data:image/svg+xml;base64,{b64encode(svg).decode()}" if svg else "",
        "heads": heads,
        "rows": body,
        "more": more,
    }
