"""What refreshes have changed so far, from the change log of the data."""

from __future__ import annotations

import pandas as pd

from ics_core import catalogue

CHANGES = "changes"
KINDS = ("new", "revised", "dropped")


def landings() -> pd.DataFrame:
    """Landings so far, the newest first: columns of the change log on the file, and rows new, revised and dropped."""
    held = catalogue.table(CHANGES).fillna("")
    file = ["landing", "publication", "period", "released", "file"]
    rows = held.drop_duplicates([*file, "table_name", "key"])
    counts = rows.groupby([*file, "kind"], sort=False).size().unstack(fill_value=0)
    made = counts.reindex(columns=list(KINDS), fill_value=0).reset_index()
    return made.sort_values(["landing", "released"], ascending=False, ignore_index=True)
