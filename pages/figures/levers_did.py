"""What each lever that is moved does, one after the other. The recipe of three pages."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ics_core import catalogue, words
from ics_core.figure import Figure
from pages.components.charts.waterfall import waterfall
from pages.figures.registry import Made


def made(
    table: pd.DataFrame,
    what: str,
    unit: str,
    *,
    axis: str,
    column: str,
    code: str,
    sources: tuple[str, ...],
    say: Callable[[float], str] = words.change,
    titles: tuple[str, str] | None = None,
    meaning: tuple[str, str] | None = None,
    credit: str = "",
) -> Made:
    """``table``: step and change, a row for each lever that is moved; ``what`` they change, in ``unit``.

    ``say`` words a change; ``titles`` are the finding with levers moved and with none, where it is not a number of
    things that changes; ``meaning`` is that of more and of less.
    """
    said = catalogue.toml("text/change")["did"]
    some, none = titles or (said["title"], said["none"])
    text = {
        "what": what,
        "unit": unit,
        "total": say(table["change"].sum()),
        "steps": words.listed([f"{words.small(row.step)} {say(row.change)}" for row in table.itertuples()]),
    }
    return Figure(
        id="levers-did",
        finding=(some if len(table) else none).format(**text),
        subtitle=said["subtitle"].format(**text),
        table=table,
        sources=sources,
        method=said["method"],
        code=code,
        alt=said["alt" if len(table) else "alt_none"].format(**text),
        kind="projected",
        columns={"step": "Lever", "change": column},
        credit=credit,
    ), waterfall(table, unit=axis, start="", end="All levers together", meaning=meaning)
