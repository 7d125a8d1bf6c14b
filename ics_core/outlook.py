"""The outlook of 2018 against what happened: eight projections of the founding document, held to the record.

The document gives no base year and no definitions for most of them, so each comparison says what makes
it unfair (``data/text/outlook.toml``). Beside the record stands what this model says from the people of
the 2018-based projection alone: growth and ageing, nothing else.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ics_core import catalogue, population
from ics_core.demand import DemandError, history, major_departments, order, rates, recorded_shares
from ics_core.population import FOOTPRINT
from ics_core.scenario import Scenario

BASIS = "ons-2018"
START = 2018
_REGISTERS = MappingProxyType(
    {
        "chd": "coronary_heart_disease",
        "stroke": "stroke_tia",
        "hypertension": "hypertension",
        "diabetes": "diabetes_17plus",
    }
)
RECORD, ALIKE, MODEL = "Published record", "Counted alike", "Growth and ageing alone"
SAID, MODEL_2018, MODEL_2022 = "As said in 2018", "Our model, 2018-based people", "Our model, 2022-based people"
MORE, LESS, DEPENDS = "More than said", "Less than said", "Depends on what is counted"
NOT_DUE, NO_RECORD = "Not due yet", "No record to compare"


def compare() -> pd.DataFrame:
    """The eight projections of 2018 against the published record and against this model started in 2018.

    Columns: projection_id, subject, said (the words), said_change, unit, by_year, then from the record
    record_from, from_period, record_to, to_period, record_change, and like_for_like (the change of what was
    counted throughout, where that differs); model_change over model_years (the people of the 2018-based
    projection and nothing else); verdict; limits; dataset. Missing where nothing was published. The base
    year and the definitions of the eight were not stated.
    """
    table = catalogue.table("founding_projections").set_index("projection_id")
    ways = {
        "services": _outlook_service,
        "arrivals": _outlook_arrivals,
        "dementia": _outlook_dementia,
        "register": _outlook_register,
    }
    rows = []
    for projection_id, words in catalogue.toml("text/outlook").items():
        said = table.loc[projection_id]
        record = ways[words["compare"]](words["measure"], said)
        rows.append(
            {
                "projection_id": projection_id,
                "subject": words["subject"],
                "said": said["figure_as_stated"],
                "said_change": said["change_value"],
                "unit": said["unit"],
                "by_year": int(said["end_year"]),
                **record,
                "limits": words["limits"],
                "dataset": words["dataset"],
            }
        )
    numbers = ("record_from", "record_to", "record_change", "like_for_like", "model_change")
    return pd.DataFrame(rows).astype(dict.fromkeys(numbers, "float64"))


def shares() -> pd.DataFrame:
    """Each change as a percentage of the change that was said, to draw side by side: subject, what, value, verdict.

    ``what`` is "Published record", "Counted alike" (only where that differs) or "Growth and ageing alone".
    What is not due yet is left out: its years are not those of the record.
    """
    table = compare()
    table = table[table["verdict"] != NOT_DUE]
    parts = []
    for column, what in (("record_change", RECORD), ("like_for_like", ALIKE), ("model_change", MODEL)):
        parts.append(
            table.assign(what=what, value=100 * table[column] / table["said_change"])[
                ["subject", "what", "value", "verdict"]
            ]
        )
    frame = pd.concat(parts).dropna(subset=["value"])
    order = {subject: n for n, subject in enumerate(table["subject"])}
    return frame.sort_values("subject", key=lambda subjects: subjects.map(order), kind="stable", ignore_index=True)


def _expected(measure_id: str, basis: str) -> pd.Series:
    """What the unscaled rates give for the footprint's official population, by year."""
    official = population.run(Scenario(basis=basis))
    people = official.people[official.places.index(FOOTPRINT)]
    return pd.Series(np.tensordot(rates()[order()[measure_id]], people, axes=([0, 1], [0, 1])), index=official.years)


def _compared(
    first: tuple[Any, ...], last: tuple[Any, ...], model: tuple[Any, ...], verdict: str, like_for_like: float = math.nan
) -> dict[str, Any]:
    """One row's part: values with their periods, and the model's change with its first and last year."""
    return {
        "record_from": first[0],
        "from_period": first[1],
        "record_to": last[0],
        "to_period": last[1],
        "record_change": last[0] - first[0],
        "like_for_like": like_for_like,
        "model_change": model[0],
        "model_years": f"{model[1]} to {model[2]}",
        "verdict": verdict,
    }


def _verdict(changes: list[float], said_change: float) -> str:
    above = {change > said_change for change in changes}
    return DEPENDS if len(above) == 2 else MORE if above.pop() else LESS


def _outlook_service(measure_id: str, said: pd.Series) -> dict[str, Any]:
    record = history(measure_id)
    # 2018-19 where it was published, else the first full year after it: the document looks ahead from early 2018.
    first, last = record[record["year"] >= START].iloc[0], record.iloc[-1]
    expected = _expected(measure_id, BASIS)
    model = first["value"] * (expected[last["year"]] / expected[first["year"]] - 1)
    changes = [last["value"] - first["value"]]
    if measure_id == "ae_attendances":
        major = major_departments()
        changes.append(major[last["year"]] - major[first["year"]])
    verdict = _verdict(changes, said["change_value"])
    periods = (first["value"], first["period"]), (last["value"], last["period"])
    return _compared(*periods, (model, first["year"], last["year"]), verdict, *changes[1:])


def _outlook_arrivals(measure_id: str, said: pd.Series) -> dict[str, Any]:
    last = history(measure_id).iloc[-1]
    expected = _expected(measure_id, BASIS)
    model = last["value"] * (1 - expected[START] / expected[last["year"]])
    return _compared((math.nan, ""), (last["value"], last["period"]), (model, START, last["year"]), NO_RECORD)


def _outlook_dementia(measure_id: str, said: pd.Series) -> dict[str, Any]:
    last, due = history(measure_id).iloc[-1], int(said["end_year"])
    expected = _expected(measure_id, BASIS)
    model = expected[due] - expected[START]
    return _compared((math.nan, ""), (last["value"], f"recorded, {last['period']}"), (model, START, due), NOT_DUE)


def _outlook_register(measure_id: str, said: pd.Series) -> dict[str, Any]:
    """Change from the recorded share of March 2018 to the register of March 2020, on the list of 2020."""
    local = catalogue.table("local_activity").set_index(["topic", "measure", "period"])["value"].sort_index()
    last = local["qof_register", _REGISTERS[measure_id], "2019-20"]
    first = (
        recorded_shares(measure_id)["2017-18"]
        / 100
        * local["qof_list_size", f"{_REGISTERS[measure_id]}_denominator", "2019-20"]
    )
    due = int(said["end_year"])
    expected = _expected(measure_id, BASIS)
    model = last * (1 - expected[START] / expected[due])
    verdict = _verdict([last - first], said["change_value"])
    return _compared((first, "31 March 2018"), (last, "31 March 2020"), (model, START, due), verdict)


def lines(projection_id: str) -> pd.DataFrame:
    """Lines for one of the eight, where there are yearly figures ("PRJ-02" or "PRJ-04"): year, line, value, kind.

    ``kind`` is "published" (a year without a full record has no value), "said" (the outlook, drawn straight
    from the published year before it for A&E, and between its two figures for dementia) or "projected"
    (this model).
    """
    said = catalogue.table("founding_projections").set_index("projection_id").loc[projection_id]
    known = {"PRJ-02": _lines_ae, "PRJ-04": _lines_dementia}
    if projection_id not in known:
        raise DemandError(f"There are no yearly figures for {projection_id!r}. Choose one of: {', '.join(known)}.")
    frames = [
        pd.DataFrame(
            {"year": values.index.astype(int), "line": line, "value": values.to_numpy(dtype=float), "kind": kind}
        )
        for line, values, kind in known[projection_id](said)
    ]
    return pd.concat(frames, ignore_index=True)


def _lines_ae(said: pd.Series) -> list[tuple[str, pd.Series, str]]:
    record = history("ae_attendances").set_index("year")["value"]
    end, start = int(said["end_year"]), START - 1
    expected = _expected("ae_attendances", BASIS).loc[START:end]
    years = range(int(record.index.min()), int(record.index.max()) + 1)
    return [
        ("All departments", record.reindex(years), "published"),
        ("Major departments", major_departments().reindex(years), "published"),
        (SAID, pd.Series({start: record[start], end: record[start] + said["change_value"]}), "said"),
        (MODEL, expected / expected.iloc[0] * record[START], "projected"),
    ]


def _lines_dementia(said: pd.Series) -> list[tuple[str, pd.Series, str]]:
    first, last = int(said["start_year"]), int(said["end_year"])
    years = np.arange(first, last + 1)
    yearly = (said["end_value"] / said["start_value"]) ** ((years - first) / (last - first))
    return [
        (SAID, pd.Series(said["start_value"] * yearly, index=years), "said"),
        (MODEL_2018, _expected("dementia", BASIS).loc[:last], "projected"),
        (MODEL_2022, _expected("dementia", "ons-2022").loc[:last], "projected"),
        ("On GP registers", history("dementia").set_index("year")["value"], "published"),
    ]
