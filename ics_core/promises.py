"""The promises of 2018 that carry a number: what was promised, what is known now, and from whom."""

from __future__ import annotations

import pandas as pd

from ics_core import ambitions, catalogue

VERDICTS = ("kept", "not kept", "cannot be told")


def listed(verdict: str | None = None, ambition: int | None = None) -> pd.DataFrame:
    """The promises in order of ambition, those with one verdict or under one ambition only if asked.

    Columns as ``ambitions.promises``, and ambition_name, as_at (of the figure in evidence, or ""), source (of that
    figure; "" without one), address (of that source, or ""), area_code (where to open the indicator), note (on how the
    promise was read). Raises ``ValueError`` for an unknown verdict or ambition.
    """
    if verdict is not None and verdict not in VERDICTS:
        raise ValueError(f"verdict is {verdict!r}: choose one of {', '.join(VERDICTS)}, or None for all.")
    if ambition is not None:
        ambitions.ambition(ambition)
    table = ambitions.promises()
    names = catalogue.table("ambitions").set_index("number")["short_name"]
    table.insert(2, "ambition_name", table["ambition"].map(names))
    tests = _tests(table)
    table[["as_at", "source", "address"]] = pd.DataFrame([_source(one) for one in tests], index=table.index)
    table["indicator_id"] = table["indicator_id"].fillna("")
    table["area_code"] = [_area(one) for one in tests]
    made = catalogue.table("founding_commitments").set_index("commitment_id")
    table["note"] = table["commitment_id"].map(made["note"]).fillna("")
    if verdict:
        table = table[table["verdict"] == verdict]
    if ambition:
        table = table[table["ambition"] == ambition]
    return table.sort_values(["ambition", "commitment_id"], ignore_index=True)


def _tests(table: pd.DataFrame) -> list:
    made = catalogue.table("founding_commitments")[["commitment_id", "related_metric_id"]]
    tests = catalogue.table("promise_tests").merge(made, on="commitment_id").set_index("commitment_id")
    return list(tests.loc[table["commitment_id"]].itertuples())


def _source(test: object) -> tuple[str, str, str]:
    """When the figure in evidence is of, who published it, where."""
    if test.test == "none":
        values = catalogue.table("reported_values")
        # The same choice as behind the words in evidence: the latest dated value that is not doubtful.
        values = values[(values["metric_id"] == test.related_metric_id) & (values["provenance"] != "doubtful") & values["date"].notna()]
        if values.empty:
            return "", "", ""
        one = values.sort_values("date", kind="stable").iloc[-1]
        return one["date"], ", ".join(text for text in (one["source_publisher"], one["source_title"]) if isinstance(text, str)), _web(one["source_address"])
    row = catalogue.table("indicators").set_index("indicator_id").loc[test.indicator_id]
    frame = ambitions.series(test.indicator_id, test.area_codes.split("|")[0])
    last = frame.iloc[-1]
    as_at = f"{int(test.to_year)}/{(int(test.to_year) + 1) % 100:02d}" if test.test == "growth" else last["period_label"]
    note = last["note"] if isinstance(last["note"], str) else ""
    # Figures from news reports carry the report's address in their note.
    address = next((part for part in note.split("; ") if part.startswith("https://")), "")
    return as_at, f"{row['publisher']}, {row['official_dataset']}", address


def _area(test: object) -> str:
    if not isinstance(test.indicator_id, str):
        return ""
    return test.area_codes.split("|")[0] if isinstance(test.area_codes, str) else ambitions.first_area(test.indicator_id)


def _web(address: object) -> str:
    return address if isinstance(address, str) and address.startswith("https://") else ""


def finding() -> str:
    """What became of all of them, in a line."""
    counts = listed()["verdict"].value_counts()
    kept, missed, untold = (int(counts.get(verdict, 0)) for verdict in VERDICTS)
    words = [f"{kept or 'none'} {'was' if kept < 2 else 'were'} kept", f"{missed or 'none'} {'was' if missed < 2 else 'were'} not", f"{untold or 'none'} cannot be told"]
    return f"Of {int(counts.sum())} promises with a number, {words[0]}, {words[1]}, and {words[2]}"
