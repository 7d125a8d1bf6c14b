"""The money page shows what was said, what conflicts, and a model that follows its levers."""

from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import money
from ics_core.scenario import Scenario, levers
from pages.figures import money as figures
from pages.figures import registry

PAGE = Path(__file__).resolve().parents[2] / "pages" / "money.py"


def opened(**query: str) -> str:
    """The page as HTML, all its figures drawn."""
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return unescape(" ".join(element.value for element in [*page.get("html"), *page.markdown, *page.get("metric")]))


def make(id: str, **asked: str):
    return registry.make("money", id, asked)[0]


def results(**asked: str) -> dict:
    return {one.name: one for one in figures.results(figures.View.from_query(asked)[0])}


def test_the_figures_of_2018_are_as_the_documents_have_them():
    shown = {label: amount for label, amount, _ in figures.said_in_2018()}
    assert shown["Resources a year, 2018"] == "£2.6 billion"
    assert shown["Forecast against plan, 2017/18"] == "−£66.2 million"
    assert shown["Savings against plan, 2017/18"] == "−£17.7 million"
    assert shown["Planned surplus, 2017/18"] == "£6.7 million"


def test_every_money_figure_of_the_documents_is_there_with_what_followed():
    text = opened(read="print")
    for row in money.since().itertuples():
        assert row.figure in text and row.now.split(":")[0] in text


def test_conflicting_figures_are_shown_as_conflicting():
    amounts = money.conflicting()["value"]
    assert make("conflict").finding.endswith(f"is put at {' or '.join(map(money.pounds, amounts))}")
    assert len(amounts) == 3 and amounts.is_monotonic_increasing


def test_the_finding_follows_a_lever_and_the_opening_position_in_the_address():
    assert money.finding() in opened()
    assert make("gap", efficiency="0.0").finding == money.finding(Scenario(efficiency=0))
    assert "opens" in money.finding(Scenario(efficiency=0))
    assert "£66.2 million" in make("gap", opening="Off plan, bid of 2018").finding


def test_the_key_results_are_those_worked_out():
    plain, saved = results(), results(efficiency="2.5")
    assert plain["needed"].value == f"{money.efficiency_to_balance():.1f}% of costs"
    assert results(resource_growth="8.0")["needed"].value == "None"
    gaps = [
        money.project(s).query("measure == 'gap'")["value"].iloc[-1] for s in (Scenario(efficiency=2.5), Scenario())
    ]
    assert saved["gap"].change == f"{money.pounds(gaps[0] - gaps[1], signed=True)} against no lever moved"
    assert "closes" not in plain  # the usual start is a plan to save it all
    closes = money.balance_year(Scenario(efficiency=3), start="bbc-280")
    assert results(efficiency="3", opening="bbc-280")["closes"].value == f"In {money.financial_year(closes)}"
    assert results(efficiency="0.0", opening="bbc-280")["closes"].value.startswith("Not by")


def test_the_model_is_called_an_illustration_and_projected_never_a_forecast():
    made = [entry.make(figures.View())[0] for entry in registry.figures("money")]
    said = " ".join(f.finding + f.subtitle + f.alt for f in made).lower()
    assert "projected" in said and "forecast" not in said and "illustration" in figures.texts()["model_title"]


@pytest.mark.parametrize("nonsense", ["the moon", "-1", ""])
def test_an_unknown_opening_position_shows_the_usual_one(nonsense):
    assert money.finding() in opened(opening=nonsense)


@pytest.mark.parametrize("end", ["low", "high"])
def test_levers_at_their_ends_still_give_a_finding(end):
    ends = {name: getattr(levers()[name], end) for name in money.LEVERS}
    assert make("gap", **{name: str(value) for name, value in ends.items()}).finding == money.finding(Scenario(**ends))


def test_what_each_lever_did_sums_to_the_difference_from_no_lever_moved():
    scenario = Scenario(migration=1500, efficiency=3, price_inflation=5)
    table = money.levers_did(scenario)
    gaps = [money.project(s).query("measure == 'gap'")["value"].iloc[-1] for s in (scenario, Scenario())]
    assert list(table["lever_id"]) == [i for i, _ in scenario.moved]
    assert table["change"].sum() == pytest.approx(gaps[0] - gaps[1], abs=1e-9)


def test_more_pressure_is_orange_and_less_is_blue_and_a_key_says_so():
    for id in ("money-steps", "value-of-a-point", "levers-did"):
        picture = registry.make("money", id, {"efficiency": "3"})[1]
        assert '"more pressure", "less pressure"' in picture.instructions
        assert picture.instructions.index("#F46A25") < picture.instructions.index(
            "#12436D", picture.instructions.index("#F46A25")
        )


def test_the_bars_that_are_shown_sum_to_the_total_that_is_shown():
    for asked in ({}, {"efficiency": "2.7"}, {"price_inflation": "5.1", "resource_growth": "3.3"}):
        rows = registry.make("money", "money-steps", asked)[1].data["steps"]
        said = [float(text.replace(",", "").replace("−", "-")) for text in rows["text"]]
        assert sum(said[:-1]) == pytest.approx(said[-1])
