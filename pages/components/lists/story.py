"""What a document said beside what is known since, and other lists in two columns."""

from __future__ import annotations

import pandas as pd

from pages.components.charts import story


def then_and_now(table: pd.DataFrame) -> None:
    """What a document said on the left, what has been published since on the right, folded by document."""
    story.then_and_now(table)


def pairs(table: pd.DataFrame, left: str, right: str, under_left: str, under_right: str) -> None:
    """Two columns of ``table`` side by side, each side with a smaller line under it."""
    story.pairs(table[left], table[right], table[under_left], table[under_right])
