"""One system or several: an overview, a profile, a comparison, and what the founding documents say of each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import SystemsError
from ics_core.systems.measures import (
    ENGLAND,
    OWN,
    by_code,
    england,
    england_says,
    metric_row,
    names,
    rank,
    ranked,
    sayings,
    system_row,
    worded,
)
from ics_core.systems.reshaping import since_2026

MOST_COMPARED = 4


def overview(by: str = "name", descending: bool = False) -> pd.DataFrame:
    """The 42 systems, one row each, sorted by any column; ties go by name.

    Columns ``icb_code, ods_code, name, region, registered, resident, share_65_over, deprivation, rural_share,
    practices, pcns, councils, announced, since_2026``. ``registered`` are patients, ``resident`` are residents.
    """
    base = catalogue.table("systems")
    values = ranked()["value"].loc[:, ["reg_share_65p", "imd2025_avg_score", "rural_share_2021"]].unstack()
    frame = pd.DataFrame(
        {
            "icb_code": base["icb_code"],
            "ods_code": base["ods_code"],
            "name": base["name"],
            "region": base["nhs_region"],
            "registered": base["registered_population"],
            "resident": base["resident_population"],
            "share_65_over": base["icb_code"].map(values["reg_share_65p"]),
            "deprivation": base["icb_code"].map(values["imd2025_avg_score"]),
            "rural_share": base["icb_code"].map(values["rural_share_2021"]),
            "practices": base["n_gp_practices"],
            "pcns": base["n_pcns"],
            "councils": base["n_upper_tier"],
            "announced": base["announced_date"].str[:7],
            "since_2026": base["icb_code"].map(since_2026),
        }
    )
    if by not in frame:
        raise SystemsError(f"There is no column {by!r} to sort by. There are: {', '.join(frame)}.")
    return frame.sort_values([by, "name"], ascending=[not descending, True]).reset_index(drop=True)


def profile(icb_code: str = OWN) -> pd.DataFrame:
    """What is known of one system, a row an item.

    Columns ``section, item, says, value, unit, period, rank, of, england, england_estimated, england_says, basis,
    metric_id``. ``says`` is the figure or the words to show; rank, England and basis belong to measures only.
    """
    return _profile(system_row(icb_code)["icb_code"]).copy(deep=False)


@cache
def _profile(icb_code: str) -> pd.DataFrame:
    system = by_code()[icb_code]
    figures = ranked().loc[icb_code].to_dict("index")
    rows: list[dict[str, object]] = []

    def add(section: str, item: str, says: str, **more: object) -> None:
        rows.append({"section": section, "item": item, "says": says, **more})

    for part in sayings()["profile"]:
        for metric_id in part["metrics"]:
            about = metric_row(metric_id)
            row = figures.get(metric_id, {"value": math.nan})
            beside = {column: row.get(column) for column in ("rank", "of", "england", "england_estimated", "basis")}
            beside["england_says"] = england_says(*england(metric_id), about["unit"])
            add(
                part["section"],
                about["label"],
                worded(row["value"], about["unit"]),
                metric_id=metric_id,
                value=row["value"],
                unit=about["unit"],
                period=about["period"],
                **beside,
            )
    counts = {"GP practices": "n_gp_practices", "Primary care networks": "n_pcns"}
    for item, column in counts.items():
        add(
            "General practice",
            item,
            f"{system[column]:,}",
            value=float(system[column]),
            unit="number",
            period=system[f"{column}_date"],
        )
    for item, column in {"Whole": "upper_tier_whole", "In part": "upper_tier_part"}.items():
        if isinstance(system[column], str):
            add("County and unitary councils", item, system[column].replace("; ", ", "))
    touched = system["n_lower_tier"]
    add(
        "County and unitary councils",
        "Districts and unitaries touched",
        f"{touched:,}",
        value=float(touched),
        unit="number",
    )
    add("How it came about", "NHS region", system["nhs_region"])
    add("How it came about", "Announced", f"{words.month(system['announced_date'])}, as {system['announced_as']}")
    add("How it came about", "Board by law", words.month(system["statutory_date"]))
    add("How it came about", "Since April 2026", since_2026(icb_code))
    columns = ["section", "item", "says", "value", "unit", "period", "rank", "of"]
    columns += ["england", "england_estimated", "england_says", "basis", "metric_id"]
    return pd.DataFrame(rows)[columns]


def compare(icb_codes: Iterable[str], metric_ids: Iterable[str] | None = None) -> pd.DataFrame:
    """One to four systems on the measures of the profile, or on those named, each in its default period.

    Tidy: ``metric_id, metric, label, unit, period, icb_code, name, value, says, rank, of, england, basis``.
    """
    codes = list(icb_codes)
    for code in codes:
        system_row(code)
    if not 1 <= len(codes) <= MOST_COMPARED or len(set(codes)) < len(codes):
        raise SystemsError(
            f"Compare one to {MOST_COMPARED} different systems; you gave {len(codes)}: {', '.join(codes) or 'none'}."
        )
    wanted = (
        list(metric_ids) if metric_ids is not None else [m for part in sayings()["profile"] for m in part["metrics"]]
    )
    for metric_id in wanted:
        metric_row(metric_id)
    frame = ranked().reindex(pd.MultiIndex.from_product([codes, wanted], names=["icb_code", "metric_id"])).reset_index()
    frame["name"] = frame["icb_code"].map(names())
    for column in ("metric", "label", "unit", "period"):
        frame[column] = frame["metric_id"].map(lambda m, c=column: metric_row(m)[c])
    frame["says"] = [worded(value, unit) for value, unit in zip(frame["value"], frame["unit"], strict=True)]
    frame["_order"] = frame["metric_id"].map(wanted.index)
    frame = frame.sort_values("_order", kind="stable")
    columns = [
        "metric_id",
        "metric",
        "label",
        "unit",
        "period",
        "icb_code",
        "name",
        "value",
        "says",
        "rank",
        "of",
        "england",
        "basis",
    ]
    return frame[columns].reset_index(drop=True)


def in_documents(icb_code: str) -> pd.DataFrame:
    """What the founding documents say of a system, and the measure nearest to it today.

    Columns ``fact_id, topic, fact, figure_as_stated, as_at, note, document, today, today_metric, today_value,
    today_unit, today_period``. ``today`` is a sentence; it says so where no published figure was found and is
    empty where a fact (a name, say) has no figure to set beside it. No rows: the documents do not name it.
    ``ENGLAND`` gives what they say of the country.
    """
    code = ENGLAND if icb_code == ENGLAND else system_row(icb_code)["icb_code"]
    return _said(code).copy(deep=False)


@cache
def _said(icb_code: str) -> pd.DataFrame:
    facts = catalogue.table("founding_facts")
    called = (
        ["England"]
        if icb_code == ENGLAND
        else [system_row(icb_code)["name_in_documents"], system_row(icb_code)["name"]]
    )
    facts = facts[facts["system"].isin(called)]
    documents = catalogue.table("founding_documents").set_index("document_id")
    written = ("fact_id", "topic", "fact", "figure_as_stated", "as_at", "note")
    rows = []
    for fact in facts.to_dict("records"):
        document = documents.loc[fact["document_id"]]
        issued = "" if document["date"] == "undated" else f", {words.month(document['date'])}"
        rows.append(
            {column: fact[column] if isinstance(fact[column], str) else "" for column in written}
            | {"document": f"{document['title']} ({document['publisher']}{issued})"}
            | _today(fact["topic"], icb_code)
        )
    return pd.DataFrame(
        rows, columns=[*written, "document", "today", "today_metric", "today_value", "today_unit", "today_period"]
    )


def named_in_documents() -> dict[str, str]:
    """Code to name as the founding documents write it, of the systems they name."""
    frame = catalogue.table("systems").dropna(subset=["name_in_documents"])
    return dict(zip(frame["icb_code"], frame["name_in_documents"], strict=True))


def _today(topic: str, icb_code: str) -> dict[str, Any]:
    told = sayings()
    nothing = {"today": "", "today_metric": "", "today_value": math.nan, "today_unit": "", "today_period": ""}
    if icb_code == ENGLAND:
        return nothing
    if topic in told["today_missing"]:
        return nothing | {"today": f"{words.NOT_FOUND}. Official publication: {told['today_missing'][topic]}."}
    if topic in ("status", "law"):
        since = words.month(system_row(icb_code)["statutory_date"])
        return nothing | {"today": f"Board by law since {since}. {since_2026(icb_code)}."}
    if topic not in told["today"]:
        return nothing
    stands = rank(told["today"][topic], icb_code)
    if stands is None:
        return nothing | {"today": f"{words.NOT_FOUND}."}
    sentence = (
        f"{stands.metric}: {worded(stands.value, stands.unit)} in {words.when(stands.period)}, {stands.position}."
    )
    return {
        "today": sentence,
        "today_metric": stands.metric_id,
        "today_value": stands.value,
        "today_unit": stands.unit,
        "today_period": stands.period,
    }
