"""Large results in a line: what they hold and how much of it, where Python would print every number."""

from __future__ import annotations

from dataclasses import fields
from reprlib import Repr
from typing import Any

import numpy as np
import pandas as pd


class Brief:
    """Base of dataclasses that hold arrays or tables (``repr=False``): they print their shapes, and long texts cut.

    >>> from dataclasses import dataclass
    >>> @dataclass(repr=False)
    ... class Run(Brief):
    ...     name: str
    ...     people: np.ndarray
    >>> Run("high", np.zeros((2, 91)))
    Run(name='high', people=<array 2 x 91>)
    """

    def __repr__(self) -> str:
        held = (f"{one.name}={_SHORT.repr(getattr(self, one.name))}" for one in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(held)})"


class _Short(Repr):
    def repr1(self, value: Any, level: int) -> str:
        if isinstance(value, np.ndarray):
            return f"<array {' x '.join(map(str, value.shape))}>"
        if isinstance(value, pd.DataFrame):
            more = ", ..." if value.shape[1] > 4 else ""
            return f"<table of {len(value)} rows: {', '.join(map(str, value.columns[:4]))}{more}>"
        return super().repr1(value, level)


_SHORT = _Short()
_SHORT.maxstring = _SHORT.maxother = 70
_SHORT.maxtuple = _SHORT.maxdict = 3
