"""The money page shows what was said, what conflicts, and a model that follows its levers."""

from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import money
from ics_core.scenario import Scenario, levers
from tests.pages.big_numbers import big_numbers
from tests.pages.headings import headings, prose

PAGE = Path(__file__).resolve().parents[2] / "pages" / "money.py"


def opened(**query: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def test_the_figures_of_2018_are_the_first_on_the_page():
    shown = {metric.label: metric.value for metric in opened().metric}
    assert shown["Resources a year, 2018"] == "£2.6 billion"
    assert shown["Forecast against plan, 2017/18"] == "−£66.2 million"
    assert shown["Savings against plan, 2017/18"] == "−£17.7 million"
    assert shown["Planned surplus, 2017/18"] == "£6.7 million"


def test_every_money_figure_of_the_documents_is_there_with_what_followed():
    text = unescape(" ".join(element.proto.body for element in opened().get("html")))
    for row in money.since().itertuples():
        assert row.figure in text and row.now.split(":")[0] in text


def test_conflicting_figures_are_shown_as_conflicting():
    conflict = [heading for heading in headings(opened(), 2, 3) if "or £280 million" in heading]
    assert conflict == ["For 2025/26 the money short is put at £150 million or £160 million or £280 million"]


def test_the_finding_follows_a_lever_in_the_address():
    assert money.finding() in headings(opened(), 2, 3)
    wasteful = opened(efficiency="0.0")
    assert money.finding(Scenario(efficiency=0)) in headings(wasteful, 2, 3)
    assert "grows" in money.finding(Scenario(efficiency=0))


def test_the_opening_position_can_be_chosen_in_the_address():
    assert any(
        "£66.2 million" in heading
        for heading in headings(opened(opening="Off plan, bid of 2018"), 2, 3)
        if heading.startswith("If ")
    )


def test_the_saving_needed_is_the_one_worked_out():
    assert f"{money.efficiency_to_balance():.1f}% of costs" in big_numbers(opened()).values()
    assert "None" in big_numbers(opened(resource_growth="8.0")).values()


def test_the_model_is_called_an_illustration_and_projected_never_a_forecast():
    page = opened()
    text = " ".join([*headings(page, 2, 3), *prose(page), *(caption.value for caption in page.caption)]).lower()
    assert "illustration" in text and "projected" in text
    assert "forecast" not in text


@pytest.mark.parametrize("nonsense", ["the moon", "-1", ""])
def test_an_unknown_opening_position_shows_the_usual_one(nonsense):
    assert money.finding() in headings(opened(opening=nonsense), 2, 3)


@pytest.mark.parametrize("end", ["low", "high"])
def test_levers_at_their_ends_still_give_a_finding(end):
    ends = {name: getattr(levers()[name], end) for name in money.LEVERS}
    page = opened(**{name: str(value) for name, value in ends.items()})
    assert money.finding(Scenario(**ends)) in headings(page, 2, 3)


def test_present_mode_shows_one_figure():
    assert headings(opened(present="true"), 2, 3) == [money.finding()]
