"""The outlook of 2018 against what happened: eight figures, one by one."""

import streamlit as st

from ics_core import catalogue, demand, outlook
from pages.components.charts import demand as demand_charts
from pages.components.charts import lines as charts
from pages.components.frame import old_show as figure
from pages.components.frame import page
from pages.figures.population import about

texts = catalogue.toml("text/outlook_page")
RECORDS = ("observations", "local_activity", "system_observations")
page.start("outlook_2018")

table = outlook.compare()
shares = outlook.shares()
verdicts = table["verdict"].value_counts()
less, more = int(verdicts.get(outlook.LESS, 0)), int(verdicts.get(outlook.MORE, 0))


def signed(value: float) -> str:
    return ("+" if value >= 0 else "−") + about(abs(value))


figure.show(
    figure.Figure(
        id="said-and-happened",
        title=texts["shares"]["title"].format(less=less, more=more, all=len(table), other=len(table) - less - more),
        subtitle=texts["shares"]["subtitle"],
        table=table,
        sources=("founding_projections", *RECORDS, "demand_rates", "projections_2018"),
        method=texts["shares"]["method"],
        code="from ics_core import outlook\ntable = outlook.compare()",
        alt=texts["shares"]["alt"],
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
    ),
    demand_charts.shares_of_said(shares, [outlook.RECORD, outlook.ALIKE, outlook.MODEL], unit=texts["shares"]["unit"]),
)

by_id = table.set_index("projection_id")
attendances, dementia = outlook.lines("PRJ-02"), outlook.lines("PRJ-04")
ae, due = by_id.loc["PRJ-02"], by_id.loc["PRJ-04", "by_year"]
at_due = dementia[dementia["year"] == due].set_index("line")["value"]
dementia_said, ours, now = (about(at_due[line]) for line in (outlook.SAID, outlook.MODEL_2018, outlook.MODEL_2022))
for id, projection_id, lines, unit, sources, values in (
    (
        "ae",
        "PRJ-02",
        attendances,
        "Attendances a year",
        ("observations", "founding_projections", "demand_rates", "projections_2018"),
        {
            "change": signed(ae["record_change"]),
            "alike": signed(ae["like_for_like"]),
            "said": signed(ae["said_change"]),
        },
    ),
    (
        "dementia",
        "PRJ-04",
        dementia,
        "People",
        ("demand_rates", "founding_projections", "system_observations", "projections_2018", "projections_2022_by_sex"),
        {"said": dementia_said, "year": due, "ours": ours, "now": now},
    ),
):
    figure.show(
        figure.Figure(
            id=f"{id}-lines",
            title=texts[id]["title"].format(**values),
            subtitle=texts[id]["subtitle"],
            table=lines,
            sources=sources,
            method=texts[id]["method"],
            code=f"from ics_core import outlook\ntable = outlook.lines({projection_id!r})",
            alt=texts[id]["alt"],
            kind="projected",
            credit=demand.measure("dementia").rate_credit if id == "dementia" else "",
            columns={"year": "Year", "line": "Line", "value": unit, "kind": "Status"},
        ),
        charts.line(
            lines.assign(dashed=lines["kind"] != "published"),
            "year",
            "value",
            "line",
            unit=unit,
            projected="dashed",
            height=400,
        ),
    )

page.heading(texts["each"]["title"], 2)
words = texts["each"]
cards = st.container(horizontal=True, gap="medium")
for row in table.itertuples():
    with cards.container(border=True, width=620):
        page.heading(f"{row.subject}: {row.verdict.lower()}", 3)
        alike = (
            words["alike"].format(change=signed(row.like_for_like)) if row.like_for_like == row.like_for_like else ""
        )
        known = row.record_change == row.record_change
        after = {"after": about(row.record_to), "to_period": row.to_period}
        record = (
            words["record"].format(
                before=about(row.record_from),
                from_period=row.from_period,
                change=signed(row.record_change),
                alike=alike,
                **after,
            )
            if known
            else words["level"].format(**after)
        )
        said, model = (
            words["said"].format(said=row.said),
            words["model"].format(years=row.model_years, change=signed(row.model_change)),
        )
        st.markdown("  \n".join([said, record, model, words["limits"].format(limits=row.limits)]))
        st.caption(words["dataset"].format(dataset=row.dataset))
