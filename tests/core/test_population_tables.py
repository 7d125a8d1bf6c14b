"""Tables that put estimates, projection, official line and a second scenario side by side."""

import numpy as np
import pytest

from ics_core import population
from ics_core.population import tables
from ics_core.scenario import Scenario

MOVED = Scenario(fertility=-10, mortality=-8, migration=500, retirement_migration=20)
NORTH_NORFOLK = "E07000147"
PLACES = list(population.places()["place_code"])


@pytest.mark.parametrize("age_group", ["all ages", "0-14", "15-64", "65+", "85+", "40"])
@pytest.mark.parametrize("scenario", [Scenario(), MOVED, Scenario(basis="ons-2018")], ids=["official", "moved", "2018"])
def test_drivers_sum_to_the_change_exactly(age_group, scenario):
    for place in PLACES:
        frame = tables.drivers(place, age_group, scenario)
        assert frame["change"].sum() == pytest.approx(frame["after"][0] - frame["before"][0], abs=1e-6)


def test_drivers_of_everyone_are_births_deaths_and_migration():
    frame = tables.drivers(NORTH_NORFOLK, "all ages", MOVED).set_index("step")["change"]
    flows = population.components(MOVED, NORTH_NORFOLK).groupby("component")["value"].sum()
    assert list(frame.index) == ["Births", "Deaths", "Net migration"]
    assert frame["Births"] == pytest.approx(flows["births"])
    assert frame["Deaths"] == pytest.approx(-flows["deaths"])
    assert frame["Net migration"] == pytest.approx(flows["net migration"])


def test_who_reaches_85_is_counted_from_those_younger():
    """Checked by hand on one year: those of 84 and over who survive, less those who were over 85 already."""
    frame = tables.drivers(NORTH_NORFOLK, "85+", MOVED, to_year=2025).set_index("step")["change"]
    result = population.run(MOVED)
    at = result.places.index(NORTH_NORFOLK)
    assert frame["Reach 85"] == pytest.approx(result.people[at, :, 84, 0].sum(), rel=1e-9)


def test_the_line_and_its_band_are_those_of_the_model():
    ours = tables.lines(NORTH_NORFOLK, "85+", MOVED, draws=100).query("kind == 'projected'")
    model = population.bands(MOVED, NORTH_NORFOLK, "85+", 100)
    for ours_column, column in (("value", "population"), ("low", "low"), ("high", "high")):
        assert np.allclose(ours[ours_column], model[column])


def test_the_big_numbers_are_those_of_the_model():
    frame = tables.headline(NORTH_NORFOLK, MOVED).set_index("age_group")
    for age_group, row in frame.iterrows():
        model = population.growth(MOVED, None, None, age_group, NORTH_NORFOLK).iloc[0]
        assert row["after"] == pytest.approx(model["after"]) and row["percent"] == pytest.approx(model["percent"])


def test_difference_from_a_is_ours_less_theirs():
    frame = tables.lines(NORTH_NORFOLK, "85+", MOVED, kept=Scenario(), draws=50)
    ours, theirs = (frame[frame["kind"] == kind].set_index("year")["value"] for kind in ("projected", "kept"))
    assert np.allclose(frame[frame["kind"] == "projected"].set_index("year")["difference"], ours - theirs)


def test_the_band_holds_the_line():
    ours = tables.lines(NORTH_NORFOLK, "85+", MOVED, draws=200).query("kind == 'projected'")
    assert (ours["low"] <= ours["value"] + 1e-6).all() and (ours["value"] <= ours["high"] + 1e-6).all()


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_estimates_and_a_projection(place):
    kinds = set(tables.lines(place, "65+", draws=20)["kind"])
    assert {"published", "projected"} <= kinds


def test_published_and_projected_proportions_meet_in_the_base_year():
    for place in PLACES:
        frame = tables.proportions(place).query("year == 2024").pivot(index="measure", columns="kind", values="value")
        assert np.allclose(frame["published"], frame["projected"], rtol=1e-3)


def test_a_pyramid_adds_up_to_the_total():
    frame = tables.pyramid(NORTH_NORFOLK, 2040, MOVED, kept=Scenario())
    total = population.totals(MOVED, NORTH_NORFOLK).set_index("year")["population"]
    ours = frame[frame["scenario"] == tables.name(MOVED)].groupby("year")["population"].sum()
    assert ours[2040] == pytest.approx(total[2040]) and ours[2024] == pytest.approx(total[2024])
    assert frame[frame["age"] < 90]["population"].max() <= tables.longest_bar(NORTH_NORFOLK, MOVED, Scenario())


def test_the_s_curve_rises_from_nought_to_one():
    frame = tables.likelihood(NORTH_NORFOLK, "85+", 2040, MOVED, kept=Scenario(), draws=300)
    for _, curve in frame.groupby("scenario"):
        assert curve["value"].is_monotonic_increasing and curve["share"].is_monotonic_increasing
        assert curve["share"].iloc[0] < 0.01 and curve["share"].iloc[-1] > 0.99


def test_scenarios_on_different_bases_can_be_compared():
    kept = Scenario(basis="ons-2018")
    assert "difference" in tables.growth("district", "85+", MOVED, kept)
    assert "difference" in tables.drivers(NORTH_NORFOLK, "85+", MOVED, kept)
    assert tables.likelihood(NORTH_NORFOLK, "85+", 2047, MOVED, kept, draws=50)["scenario"].unique().tolist() == [
        "This scenario"
    ]
    assert set(tables.pyramid(NORTH_NORFOLK, 2047, MOVED, kept)["scenario"]) == {"This scenario"}


def test_a_year_that_is_not_projected_is_named():
    with pytest.raises(population.PopulationError, match="2099"):
        tables.drivers(NORTH_NORFOLK, "85+", to_year=2099)


def test_a_pyramid_shows_the_first_and_the_last_year_until_another_is_asked_for():
    years = population.run().years
    assert set(tables.pyramid()["year"]) == {years[0], years[-1]}
    assert set(tables.pyramid(year=2036)["year"]) == {years[0], 2036}


def test_a_scenario_that_knows_other_years_is_compared_over_those_both_know():
    other = Scenario(basis="ons-2018")
    first, last = (
        int(pick(population.run().years[at], population.run(other).years[at])) for at, pick in ((0, max), (-1, min))
    )
    own = tables.drivers(scenario=other, from_year=first, to_year=last)
    beside = tables.drivers(kept=other)
    assert beside["change_a"].tolist() == pytest.approx(own["change"].tolist())
    assert last < int(beside["to_year"].iloc[0])


def test_a_scenario_without_the_year_asked_for_hides_no_other_curve():
    moved = Scenario(migration=500)
    found = tables.likelihood(scenario=moved, kept=Scenario(basis="ons-2018"), year=2047, draws=30, unmoved=True)
    assert set(found["scenario"]) == {tables.name(moved), tables.UNMOVED}


@pytest.mark.parametrize("to_year, same", [(None, 2043), (2035, 2035)])
def test_growth_of_another_projection_is_taken_over_the_years_both_have(to_year, same):
    kept = Scenario(basis="ons-2018", migration=500)
    shown = tables.growth("district", "85+", MOVED, kept, to_year).set_index("place_code")
    first = int(shown["from_year"].iloc[0])
    other = population.growth(kept, first, same, "85+", "district").set_index("place_code")["percent"]
    assert shown["percent_a"].to_dict() == other.to_dict()
    assert shown["difference"].to_dict() == (shown["percent"] - shown["percent_a"]).to_dict()
