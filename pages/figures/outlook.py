"""The figures of the page on the outlook of 2018: what was said, what the record shows, what the model makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ics_core import catalogue, demand, outlook
from ics_core.figure import Figure
from ics_core.words import about
from pages.components.charts.bars import grouped
from pages.components.charts.lines import line
from pages.figures.registry import Made, figure

_RECORDS = ("observations", "local_activity", "system_observations")


@dataclass(frozen=True)
class View:
    """There is nothing to choose on this page."""

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        return cls(), []


def texts() -> dict[str, Any]:
    """The words of the page."""
    return catalogue.toml("text/outlook_page")


@figure("said-and-happened", page="outlook_2018", name="Said and happened")
def said_and_happened(view: View) -> Made:
    """The change in the record and in the model as a share of the change that was said."""
    table, said = outlook.compare(), texts()["shares"]
    verdicts = table["verdict"].value_counts()
    less, more = int(verdicts.get(outlook.LESS, 0)), int(verdicts.get(outlook.MORE, 0))
    return Figure(
        id="said-and-happened",
        finding=said["title"].format(less=less, more=more, all=len(table), other=len(table) - less - more),
        subtitle=said["subtitle"],
        table=table,
        sources=("founding_projections", *_RECORDS, "demand_rates", "projections_2018"),
        method=said["method"],
        code="from ics_core import outlook\ntable = outlook.compare()",
        alt=said["alt"],
        kind="our calculation",
        columns={
            "subject": "Subject",
            "said": "As said in 2018",
            "record_from": "Record, from",
            "from_period": "Period",
            "record_to": "Record, to",
            "to_period": "Period to",
            "record_change": "Change",
            "like_for_like": "Counted alike",
            "model_change": "Model, people alone",
            "model_years": "Years of the model",
            "verdict": "Verdict",
            "limits": "How fair is that?",
            "dataset": "Official dataset",
        },
    ), grouped(
        outlook.shares(),
        "subject",
        "what",
        "value",
        unit=said["unit"],
        order=(outlook.RECORD, outlook.ALIKE, outlook.MODEL),
        greys=0,
        rule=100,
    )


@figure("ae-lines", page="outlook_2018", name="A&E attendances")
def ae(view: View) -> Made:
    """A&E attendances: said, published and modelled."""
    row = outlook.compare().set_index("projection_id").loc["PRJ-02"]
    return _lines(
        "ae",
        "PRJ-02",
        "Attendances a year",
        ("observations", "founding_projections", "demand_rates", "projections_2018"),
        change=_signed(row["record_change"]),
        alike=_signed(row["like_for_like"]),
        said=_signed(row["said_change"]),
    )


@figure("dementia-lines", page="outlook_2018", name="Dementia")
def dementia(view: View) -> Made:
    """People with dementia: said, recorded and modelled."""
    due = outlook.compare().set_index("projection_id").loc["PRJ-04", "by_year"]
    lines = outlook.lines("PRJ-04")
    in_due_year = lines[lines["year"] == due].set_index("line")["value"]
    return _lines(
        "dementia",
        "PRJ-04",
        "People",
        ("demand_rates", "founding_projections", "system_observations", "projections_2018", "projections_2022_by_sex"),
        credit=demand.measure("dementia").rate_credit,
        said=about(in_due_year[outlook.SAID]),
        year=due,
        ours=about(in_due_year[outlook.MODEL_2018]),
        now=about(in_due_year[outlook.MODEL_2022]),
    )


def _lines(
    name: str, projection_id: str, unit: str, sources: tuple[str, ...], credit: str = "", **values: object
) -> Made:
    said, lines = texts()[name], outlook.lines(projection_id)
    return Figure(
        id=f"{name}-lines",
        finding=said["title"].format(**values),
        subtitle=said["subtitle"],
        table=lines,
        sources=sources,
        method=said["method"],
        code=f"from ics_core import outlook\ntable = outlook.lines({projection_id!r})",
        alt=said["alt"],
        kind="projected",
        credit=credit,
        columns={"year": "Year", "line": "Line", "value": unit, "kind": "Status"},
    ), line(
        lines.assign(dashed=lines["kind"] != "published"),
        "year",
        "value",
        "line",
        unit=unit,
        projected="dashed",
        height=400,
    )


def cards() -> list[tuple[str, str, str]]:
    """The eight, one by one: subject and verdict, what was said and became of it (Markdown), the official data set."""
    said = texts()["each"]
    return [
        (
            f"{row.subject}: {row.verdict.lower()}",
            "  \n".join(
                [
                    said["said"].format(said=row.said),
                    _record(row),
                    said["model"].format(years=row.model_years, change=_signed(row.model_change)),
                    said["limits"].format(limits=row.limits),
                ]
            ),
            said["dataset"].format(dataset=row.dataset),
        )
        for row in outlook.compare().itertuples()
    ]


def _record(row: Any) -> str:
    said = texts()["each"]
    after = {"after": about(row.record_to), "to_period": row.to_period}
    if pd.isna(row.record_change):
        return said["level"].format(**after)
    return said["record"].format(
        before=about(row.record_from),
        from_period=row.from_period,
        change=_signed(row.record_change),
        alike="" if pd.isna(row.like_for_like) else said["alike"].format(change=_signed(row.like_for_like)),
        **after,
    )


def _signed(value: float) -> str:
    return about(value, signed=True)
