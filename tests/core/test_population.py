"""The population model: identities, the official projection with no lever moved, levers, ranges.

``baseline/population.csv`` keeps the results of a few scenarios, ``population_bands.csv`` their bands. If a change to the model or its data moves
them, say why in the commit that brings the change and in CHANGELOG.md, raise ``MODEL_VERSION`` in
``ics_core/scenario/codec.py`` if the same levers now give other results, and write the file anew with

    python -m tests.core.test_population
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue, chance, population, scenario
from ics_core.population import draws, implied, model, tables, track_record
from ics_core.scenario import BASES, Scenario, ScenarioError
from ics_core.scenario import lever as register

BASELINE = Path(__file__).parent / "baseline" / "population.csv"
BANDS = Path(__file__).parent / "baseline" / "population_bands.csv"
REGISTER = {i: scenario.levers()[i] for i in population.LEVERS}
PLACES = list(population.places()["place_code"])
LOCALITIES, DISTRICTS = slice(1, 6), slice(6, 14)
MOVED = [Scenario(basis=basis, fertility=-10, mortality=8, migration=700, retirement_migration=20) for basis in BASES]
EVERY = [*(Scenario(basis=basis) for basis in BASES), *MOVED]
both_bases = pytest.mark.parametrize("basis", BASES)
every_scenario = pytest.mark.parametrize("s", EVERY, ids=str)


@st.composite
def settings_of_levers(draw):
    return Scenario(
        basis=draw(st.sampled_from(list(BASES))),
        **{
            i: draw(st.sampled_from([lever.low, lever.high]) | st.floats(lever.low, lever.high))
            for i, lever in REGISTER.items()
        },
    )


# ---------------------------------------------------------------------------------------- identities


@every_scenario
def test_localities_and_districts_each_sum_to_the_footprint_in_every_cell(s):
    result = population.run(s)
    for values in (result.people, result.births, result.deaths, result.migration):
        np.testing.assert_allclose(values[LOCALITIES].sum(0), values[0], rtol=0, atol=1e-6)
        np.testing.assert_allclose(values[DISTRICTS].sum(0), values[0], rtol=0, atol=1e-6)


def balance(result):
    people = result.people.sum((1, 2))
    flows = result.births.sum(1) - result.deaths.sum((1, 2)) + result.migration.sum((1, 2))
    return people[:, :-1] + flows - people[:, 1:]


@every_scenario
def test_births_deaths_and_migration_account_for_every_person_in_every_place_and_year(s):
    assert np.abs(balance(population.run(s))).max() < 1e-6


@every_scenario
def test_each_generation_is_accounted_for_by_sex_and_age(s):
    result = population.run(s)
    before = np.concatenate([result.births[:, :, None], result.people[:, :, :-1, :-1]], axis=2)
    before[:, :, -1] += result.people[:, :, -1, :-1]
    np.testing.assert_allclose(before - result.deaths + result.migration, result.people[..., 1:], rtol=0, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(settings_of_levers())
def test_whatever_the_levers_nobody_is_negative_and_all_are_accounted_for(s):
    result = population.run(s)
    assert np.isfinite(result.people).all() and result.people.min() >= 0
    assert result.births.min() >= 0 and result.deaths.min() >= 0
    assert np.abs(balance(result)).max() < 1e-6


@both_bases
def test_births_are_rates_times_women(basis):
    s = Scenario(basis=basis, fertility=25, migration=1000)
    inputs, result = implied.inputs(basis), population.run(s)
    women = result.people[DISTRICTS, 0, 15:47]
    parts = implied.parts()
    rates = np.array([inputs.fertility[:, parts.district.index(code)] for code in PLACES[DISTRICTS]]).transpose(0, 2, 1)
    expected = (1.25 * rates * (women[..., :-1] + women[..., 1:]) / 2).sum(1)
    np.testing.assert_allclose(result.births[DISTRICTS].sum(1), expected, rtol=1e-9)


# ------------------------------------------------------- no lever moved: the official projection


@both_bases
def test_with_no_lever_moved_the_model_returns_the_calibrated_path_in_every_cell(basis):
    official = implied.inputs(basis).official
    parts = np.concatenate([np.ones((1, 11)), implied.parts().in_locality, implied.parts().in_district])
    expected = np.einsum("pq,tqsa->psat", parts, official)
    np.testing.assert_allclose(population.run(Scenario(basis=basis)).people, expected, rtol=0, atol=1e-6)


def test_the_2018_based_projection_is_repeated_in_every_published_cell():
    table = catalogue.table("projections_2018").query(
        "area_code != 'E92000001' and sex != 'persons' and age_group != 'All ages'"
    )
    ours = population.project(Scenario(basis="ons-2018"))
    ours = ours[ours["place_type"] != "district"]
    ours = ours.assign(
        age_from=np.minimum(ours["age"] // 5 * 5, 90), code=ours["place_code"].astype(str), sex=ours["sex"].astype(str)
    )
    ours = ours.groupby(["code", "sex", "age_from", "year"])["population"].sum().rename("ours")
    both = table.join(ours, on=["area_code", "sex", "age_from", "year"])
    assert len(both) == 6 * 2 * 19 * 26 and both["ours"].notna().all()
    off = (both["ours"] - both["population"]).abs()
    assert (off[both["population"] > 500] / both["population"]).max() < 0.001
    assert off.max() < 1


def test_the_2018_based_footprint_is_right_to_the_nearest_ten():
    table = catalogue.table("projections_2018").query(
        "area_code == 'E54000022' and sex == 'persons' and age_group == 'All ages'"
    )
    ours = population.totals(Scenario(basis="ons-2018"), "footprint").set_index("year")["population"]
    for year, people in table.set_index("year")["population"].items():
        assert round(ours[year], -1) == round(people, -1)


def published_2022():
    table = catalogue.table("projections_2022")
    return table[table["area_code"].isin(PLACES[DISTRICTS]) & (table["year"] >= 2024)]


@pytest.mark.parametrize("group", ["All ages", "0-64", *map(str, range(65, 90)), "90+"])
def test_each_district_follows_the_published_change_since_2024(group):
    wanted = (
        published_2022()
        .query("age_group == @group")
        .pivot_table(index="area_code", columns="year", values="population")
    )
    ours = population.totals(places="district", age_group=group).pivot_table(
        index="place_code", columns="year", values="population"
    )
    change, published = ours.sub(ours[2024], axis=0), wanted.sub(wanted[2024], axis=0)
    assert ((change - published).abs() / wanted).to_numpy().max() < 0.001


def test_each_district_follows_the_published_change_by_sex_from_65():
    wanted = catalogue.table("projections_2022_by_sex").query("age >= 65 and year >= 2024")
    wanted = (
        wanted[wanted["area_code"].isin(PLACES[DISTRICTS])]
        .set_index(["area_code", "sex", "age", "year"])["population"]
        .sort_index()
    )
    wanted = wanted.to_numpy().reshape(8, 2, 26, 24)
    ours = population.run().people[DISTRICTS, :, 65:]
    assert (np.abs((ours - ours[..., :1]) - (wanted - wanted[..., :1])) / wanted).max() < 0.001


def test_under_65_the_footprint_follows_the_published_change_by_five_year_group():
    wanted = catalogue.table("projections_2022_by_sex").query("area_code == 'E54000022' and age < 65 and year >= 2024")
    wanted = wanted.groupby([wanted["age"] // 5, "year"])["population"].sum().unstack().to_numpy()
    ours = population.run().people[0, :, :65].sum(0).reshape(13, 5, -1).sum(1)
    assert (np.abs((ours - ours[:, :1]) - (wanted - wanted[:, :1])) / wanted).max() < 0.01


def test_the_2022_based_run_starts_from_the_mid_2024_estimates():
    for kind in population.PLACE_TYPES:
        estimate = population.estimates(kind).query("year == 2024").set_index("place_code")["population"]
        ours = population.totals(places=kind).query("year == 2024").set_index("place_code")["population"]
        assert (ours - estimate).abs().max() < 0.6


def test_student_ages_in_norwich_follow_the_estimate_and_not_the_projections_overshoot():
    ours = population.totals(places="E07000148", age_group="18-22").set_index("year")["population"]
    estimate = population.estimates("E07000148", "18-22").set_index("year")["population"][2024]
    projected = population.official("ons-2022", "E07000148", "18-22").set_index("year")["population"][2024]
    assert projected > 1.15 * estimate
    assert ours[2024] == pytest.approx(estimate, abs=1) and ours[2025] < 1.05 * estimate


def test_how_the_start_differs_from_what_was_published_is_said_in_the_first_sentence():
    said = population.start_words()
    assert said.startswith("With no lever moved this is not quite what ONS published") and said.endswith(".")
    for fact in ("2022-based", "migration category variant", "mid-2024", "0.57% below", "15% below", "in Norwich"):
        assert fact in said, fact
    assert "2018-based projection as published" in population.start_words("ons-2018")
    lines = tables.lines(draws=20)
    published = lines[lines["series"] == "ONS 2022-based, as published"].set_index("year")["value"]
    ours = lines[lines["kind"] == "projected"].set_index("year")["value"]
    assert 100 * (ours[2024] / published[2024] - 1) == pytest.approx(-0.57, abs=0.01), "the published line is there"
    with pytest.raises(population.PopulationError, match="basis"):
        population.start_words("ons-1066")


def test_a_year_of_estimates_is_of_one_vintage_whatever_is_asked_of_it():
    by_group = sum(
        population.estimates("district", group).query("year == 2023")["population"].to_numpy()
        for group in population.BROAD_AGES
    )
    total = population.estimates("district").query("year == 2023").set_index("place")["population"]
    assert total["Breckland"] == pytest.approx(144_934), "as revised, not 145,081 as first released"
    np.testing.assert_allclose(by_group, total, rtol=1e-6)
    for kind in population.PLACE_TYPES:
        summed = population.estimates(kind).query("year == 2023")["population"].sum()
        assert summed == pytest.approx(total.sum(), abs=0.5), kind


def test_the_calibration_report_keeps_what_it_allows():
    report = population.calibration()
    assert set(report["basis"]) == set(BASES) and len(report) >= 9
    for row in report.itertuples():
        if row.allowed.endswith("%"):
            assert row.largest_percent < float(row.allowed.rstrip("%")), row.check
        else:
            assert row.largest_people < 1, row.check


def test_our_death_rates_leave_little_migration_at_the_oldest_ages():
    for basis, most in (("ons-2022", 0.01), ("ons-2018", 0.02)):
        result = population.run(Scenario(basis=basis))
        for ages in (slice(80, 85), slice(85, 90), slice(90, 91)):
            left_over = result.migration[0, :, ages].sum((0, 1)).mean()
            assert abs(left_over) < most * result.people[0, :, ages].sum((0, 1)).mean()


def test_births_of_the_default_base_are_near_the_latest_count():
    counted = catalogue.table("components").query(
        "area_code == 'E10000020' and year == 2023 and component == 'births' and kind == 'estimate'"
    )
    norfolk = [i for i, code in enumerate(PLACES) if code in PLACES[DISTRICTS] and code != "E07000206"]
    assert population.run().births[norfolk, :, 0].sum() == pytest.approx(counted["value"].sum(), rel=0.03)


def test_the_2018_based_projection_has_fared_as_published():
    found = population.back_test().set_index("place_code")["percent"].round(1)
    assert (found["E07000147"], found["E07000206"], found["E07000148"], found["E54000022"]) == (4.9, 4.1, -2.1, 0.6)


# -------------------------------------------------------------------------------------------- levers

MEASURES = {
    "births": lambda result: result.births[..., 1:].sum(1),
    "residents": lambda result: result.people[..., 1:].sum((1, 2)),
    "residents_55_plus": lambda result: result.people[:, :, 55:, 1:].sum((1, 2)),
    "residents_85_plus": lambda result: result.people[:, :, 85:, 1:].sum((1, 2)),
}


@both_bases
@pytest.mark.parametrize("lever", REGISTER.values(), ids=list(REGISTER))
def test_each_lever_moves_what_it_says_in_the_direction_it_says(lever, basis):
    measure, sign = MEASURES[lever.moves], {"up": 1, "down": -1}[lever.direction]
    low, still, high = (
        measure(population.run(Scenario(basis=basis, **{lever.id: value})))
        for value in (lever.low, lever.default, lever.high)
    )
    for less, more in ((low, still), (still, high)):
        assert (sign * (more - less) >= -1e-6).all(), "no place moves the wrong way in any year"
        assert (sign * (more - less)[0] > 0).all(), "the footprint moves in every year"
        assert (np.diff(sign * (more - less)[0]) > 0).sum() > 15 or lever.id == "fertility", "and further as years pass"


def test_fertility_changes_the_births_of_the_first_year_by_just_that_much():
    still, moved = population.run(), population.run(Scenario(fertility=-10))
    np.testing.assert_allclose(moved.births[..., 0], 0.9 * still.births[..., 0])


def test_mortality_is_phased_in_evenly_to_the_last_year():
    still, moved = population.run(), population.run(Scenario(mortality=-20))
    rate = [result.deaths[0, 0, 86] / result.people[0, 0, 85, :-1] for result in (still, moved)]
    steps = len(still.flow_years)
    # one rate for each district and shifting weights between them: equal but for a thousandth
    np.testing.assert_allclose(rate[1] / rate[0], 1 - 0.2 * np.arange(1, steps + 1) / steps, atol=2e-3)


def oldest(year, scenario):
    return float(population.totals(scenario, "footprint", "85+").set_index("year")["population"][year])


@pytest.mark.parametrize(("variant", "named"), [(-100, "low life expectancy"), (100, "high life expectancy")])
@pytest.mark.parametrize(("group", "age"), [("0-64", 40), ("65-84", 70), ("85+", 88)])
def test_at_full_the_variant_lever_has_the_published_death_rates_of_that_age_and_year(variant, named, group, age):
    still, moved = population.run(), population.run(Scenario(life_expectancy=variant))
    rate = [result.deaths[0, 0, age + 1] / result.people[0, 0, age, :-1] for result in (still, moved)]
    measure = f"mortality_ages_{group}"  # noqa: F841 - the query names it
    table = catalogue.table("variant_ranges").query("variant == @named and measure == @measure")
    published = table.set_index("year_ending_mid")["ratio_to_principal"]
    for year in (2025, 2035, 2043):
        assert (rate[1] / rate[0])[year - 2025] == pytest.approx(published[year], rel=2e-3)


def test_the_variants_change_the_number_of_oldest_people_later_and_less_than_a_change_alike_at_every_age():
    still, low, even = (
        Scenario(basis="ons-2018", **moved) for moved in ({}, {"life_expectancy": -100}, {"mortality": 14})
    )
    shares = {
        (name, year): 100 * (oldest(year, s) / oldest(year, still) - 1)
        for name, s in (("low", low), ("even", even))
        for year in (2030, 2043)
    }
    assert shares["low", 2043] == pytest.approx(-8.3, abs=0.1) and shares["even", 2043] == pytest.approx(-11.0, abs=0.1)
    assert shares["low", 2030] == pytest.approx(-2.1, abs=0.3) and shares["even", 2030] == pytest.approx(-4.1, abs=0.1)


def test_the_observed_range_of_the_even_lever_leaves_as_many_oldest_people_as_the_variants():
    for end, variant in (("observed_high", -100), ("observed_low", 100)):
        even = oldest(2043, Scenario(mortality=getattr(REGISTER["mortality"], end)))
        assert even == pytest.approx(oldest(2043, Scenario(life_expectancy=variant)), rel=0.005)


@both_bases
def test_migration_adds_just_so_many_people_every_year(basis):
    still, moved = (
        population.run(Scenario(basis=basis, migration=value)).migration[0].sum((0, 1)) for value in (0, 500)
    )
    np.testing.assert_allclose(moved - still, 500)


@both_bases
def test_retirement_migration_at_its_lowest_leaves_no_place_gaining_at_55_and_over(basis):
    still, moved = (
        population.run(Scenario(basis=basis, retirement_migration=value)).migration[:, :, 55:].sum((1, 2))
        for value in (0, -100)
    )
    single_part = [
        i for i, code in enumerate(PLACES) if code in {"E07000145", "E07000146", "E07000147", "E07000148", "E07000206"}
    ]
    for i in single_part:
        gains = still[i].mean() > 0
        np.testing.assert_allclose(moved[i], np.minimum(still[i], 0) if gains else still[i], atol=1e-6)


def test_retirement_migration_leaves_the_young_movers_alone():
    still, moved = (population.run(Scenario(retirement_migration=value)).migration[:, :, :55] for value in (0, 80))
    np.testing.assert_allclose(moved, still, atol=1e-9)


def test_levers_of_demand_and_money_do_not_touch_the_population():
    others = {i: lever.high for i, lever in scenario.levers().items() if i not in REGISTER}
    assert population.run(Scenario(**others)) is population.run(Scenario())


# ----------------------------------------------------------------------------------- tables and errors


def test_the_tidy_table_has_one_row_for_each_place_sex_age_and_year():
    table = population.project()
    assert list(table.columns) == ["place_code", "place", "place_type", "sex", "age", "year", "population"]
    assert len(table) == 14 * 2 * 91 * 24 and not table.duplicated(["place_code", "sex", "age", "year"]).any()
    assert table["population"].notna().all() and table["year"].min() == 2024 and table["year"].max() == 2047
    row = table.query("place_code == 'E07000147' and sex == 'female' and age == 85 and year == 2040").iloc[0]
    assert row["place"] == "North Norfolk" and row["place_type"] == "district"
    assert row["population"] == population.run().people[PLACES.index("E07000147"), 0, 85, 16]


def test_the_2018_basis_runs_from_2018_to_2043():
    assert population.run(Scenario(basis="ons-2018")).years.tolist() == list(range(2018, 2044))


def test_results_that_are_kept_cannot_be_changed_by_a_caller():
    with pytest.raises(ValueError):
        population.run().people[0] = 0
    table = population.project()
    table["population"] = 0
    assert population.project()["population"].sum() > 0


def test_answers_agree_with_each_other():
    s = MOVED[0]
    total = population.totals(s, "footprint").set_index("year")["population"]
    by_age = population.ages("E54000022", 2040, s)["population"].sum()
    assert total[2040] == pytest.approx(by_age)
    flows = population.components(s).pivot_table(index="year", columns="component", values="value")
    change = flows["births"] - flows["deaths"] + flows["net migration"]
    np.testing.assert_allclose(total.diff().dropna(), change, atol=1e-6)
    shares = population.shares(s, "footprint").set_index(["year", "measure"])["value"]
    older = population.totals(s, "footprint", "65+").set_index("year")["population"]
    assert shares[2040, "65 and over"] == pytest.approx(100 * older[2040] / total[2040])
    grown = population.growth(s, 2024, 2040, "65+", "footprint").iloc[0]
    assert grown["change"] == pytest.approx(older[2040] - older[2024]) and grown["after"] == pytest.approx(older[2040])


def test_growth_puts_the_fastest_growing_place_first():
    assert population.growth(age_group="85+")["percent"].is_monotonic_decreasing


def test_the_published_line_stands_beside_ours():
    published = population.official("ons-2018", "locality", "85+")
    ours = population.totals(Scenario(basis="ons-2018"), "locality", "85+")
    both = published.merge(ours, on=["place_code", "year"])
    assert len(both) == 5 * 26 and (both["population_x"] - both["population_y"]).abs().max() < 1
    assert population.official("ons-2022", "locality").empty, "not published by locality"
    assert set(population.official("ons-2022", "E07000206")["kind"]) != {"published"}, "Waveney is derived, and says so"


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: population.totals(places="E07000244"), "E07000244.*E07000206"),
        (lambda: population.totals(places=["district"]), "place"),
        (lambda: population.totals(age_group="old"), "age_group.*65\\+"),
        (lambda: population.totals(age_group="70-60"), "age_group"),
        (lambda: population.totals(age_group="91+"), "age_group"),
        (lambda: population.ages(year=2060), "year.*2024 to 2047"),
        (lambda: population.ages(year=2045, scenario=Scenario(basis="ons-2018")), "year.*2018 to 2043"),
        (lambda: population.official("ons-1066"), "basis.*ons-2022"),
        (lambda: population.official("ons-2018", "locality", "66+"), "age_group.*five-year"),
        (lambda: population.project_draws(draws=0), "draws.*1 to 100,000"),
        (lambda: population.project_draws(ranges={"ae_trend": (0, 1)}), "ranges.*fertility"),
        (lambda: population.project_draws(ranges={"fertility": (5, -5)}), "fertility.*low"),
    ],
)
def test_errors_name_the_field_the_value_and_what_is_allowed(call, complaint):
    with pytest.raises(population.PopulationError, match=rf"(?s){complaint}"):
        call()


def test_a_range_beyond_the_lever_is_refused_as_the_lever_would():
    with pytest.raises(ScenarioError, match="fertility.*Choose"):
        population.project_draws(ranges={"fertility": (-99, 0)})


def test_the_method_is_filled_in_from_the_model():
    text = population.method()
    assert "{" not in text and "North Norfolk" in text and "+4.9%" in text
    for heading in ("What goes in", "One year, step by step", "Limits", "What it must not be used for"):
        assert f"## {heading}" in text


# -------------------------------------------------------------------------------------------- ranges


@pytest.mark.parametrize("s", [Scenario(), MOVED[1], Scenario(mortality=-30, life_expectancy=150)], ids=str)
def test_draws_are_what_runs_of_their_own_would_give(s):
    draws = population.project_draws(s, draws=400, seed=3, ranges={"mortality": (-30, 30)}, errors=False)
    people = {group: draws.people(group) for group in population.BROAD_AGES}
    extremes = {int(pick(values)) for values in draws.levers.values() for pick in (np.argmin, np.argmax)}
    for draw in sorted(extremes | {0, 1, 2}):
        own = model._run.__wrapped__(s.basis, *(draws.levers[i][draw] for i in population.LEVERS))
        for group, drawn in people.items():
            expected = own.people[:, :, population.ages_of(group)].sum((1, 2))
            np.testing.assert_allclose(drawn[draw], expected, rtol=2e-4)


def test_draws_keep_broad_ages_and_any_other_sum_alike():
    draws = population.project_draws(draws=50)
    assert draws.broad.shape == (50, 14, 5, 24)
    np.testing.assert_allclose(draws.broad.sum(2), draws.people(), rtol=1e-9)
    calm = population.project_draws(draws=50, errors=False)
    by_sex = calm.combine(calm.nodes("E54000022").sum(2))
    np.testing.assert_allclose(by_sex.sum(1), calm.people(places="footprint")[:, 0], rtol=1e-6)


def test_draws_repeat_for_the_same_seed_and_differ_for_another():
    first, again, other = (population.project_draws(draws=50, seed=seed).people() for seed in (1, 1, 2))
    assert (first == again).all() and not np.allclose(first, other)


def test_draws_stay_in_their_range_and_peak_at_the_scenario():
    draws = population.project_draws(Scenario(fertility=-5), draws=1000, ranges={"fertility": (-20, 10)})
    values = draws.levers["fertility"]
    assert values.min() >= -20 and values.max() <= 10
    assert np.median(values) == pytest.approx(-5, abs=0.2)
    assert draws.ranges["mortality"] == (0, 0) and draws.ranges["life_expectancy"] == (-100, 100)


def test_what_is_drawn_has_nothing_to_do_with_what_else_is():
    one, other = (
        population.project_draws(draws=100, ranges={"migration": limits}).levers for limits in ((0, 0), (-500, 500))
    )
    assert all((one[i] == other[i]).all() for i in population.LEVERS if i != "migration")
    pairs = np.corrcoef(list(population.project_draws(draws=2000, ranges=EVERY_RANGE).levers.values()))
    assert np.abs(pairs - np.eye(len(pairs))).max() < 0.1, "and no two levers share a stream"


EVERY_RANGE = {i: (lever.observed_low, lever.observed_high) for i, lever in REGISTER.items()}


def test_levers_held_still_leave_no_band_but_past_error():
    still = dict.fromkeys(population.LEVERS, (0, 0))
    table = population.bands(places="footprint", draws=20, ranges=still, errors=False)
    np.testing.assert_allclose(table["low"], table["population"], rtol=1e-6)
    np.testing.assert_allclose(table["high"], table["population"], rtol=1e-6)
    table = population.bands(places="footprint", draws=200, ranges=still)
    assert ((table["high"] - table["low"]).iloc[1:] > 0).all()


@pytest.mark.parametrize("errors", [False, True])
@pytest.mark.parametrize("age_group", ["all ages", "85+", "65+"])
def test_the_edges_of_a_band_are_the_tenth_and_the_ninetieth_percentile_of_the_draws(age_group, errors):
    table = population.bands(MOVED[0], "E07000147", age_group, draws=300, errors=errors)
    drawn = np.sort(
        population.project_draws(MOVED[0], draws=300, errors=errors).people(age_group, "E07000147")[:, 0], 0
    )
    for edge, below in (("low", 0.1), ("high", 0.9)):
        share = (drawn < table[edge].to_numpy()).mean(axis=0)[1:]
        assert np.abs(share - below).max() < 0.01, edge
    lines = tables.lines("E07000147", age_group, MOVED[0], draws=300, errors=errors).query("kind == 'projected'")
    np.testing.assert_allclose(lines[["low", "high"]], table[["low", "high"]])


def drawn(group, scenario):
    return population.project_draws(scenario, 200, errors=False).people(group, "footprint")[:, 0]


@given(st.sampled_from(list(REGISTER)), st.sampled_from(["all ages", "0-14", "85+"]), st.data())
@settings(max_examples=25, deadline=None)
def test_a_range_made_longer_at_one_end_moves_every_draw_that_way_or_not_at_all(lever_id, group, data):
    lever = REGISTER[lever_id]
    low, high = sorted(data.draw(st.tuples(*[st.floats(lever.low, lever.high)] * 2)))
    s = Scenario(**{lever_id: data.draw(st.floats(lever.low, lever.high))})
    up = 1 if lever.direction == "up" else -1
    usual = drawn(group, s.with_range(lever_id, (low, high)))
    allowed = 1e-6 * usual  # the weights of nodes are exact to about this
    lower = drawn(group, s.with_range(lever_id, (data.draw(st.floats(lever.low, low)), high)))
    higher = drawn(group, s.with_range(lever_id, (low, data.draw(st.floats(high, lever.high)))))
    assert (up * (usual - lower) >= -allowed).all() and (up * (higher - usual) >= -allowed).all()


@given(st.floats(-10, 10), st.floats(0, 10), st.floats(0, 10), st.floats(0, 10), st.floats(0, 10))
def test_a_wider_range_never_holds_the_lever_itself_more_narrowly(peak, below, above, further_below, further_above):
    chances = np.array([0.1, 0.9])
    usual = chance.triangle(chances, peak - below, peak, peak + above)
    wider = chance.triangle(chances, peak - below - further_below, peak, peak + above + further_above)
    assert np.diff(wider) >= np.diff(usual) - 1e-9


def width(ranges, group, scenario=Scenario(), errors=False):
    table = population.bands(scenario, "footprint", group, draws=1000, ranges=ranges, errors=errors)
    return (table["high"] - table["low"]).to_numpy()[1:]


@pytest.mark.parametrize("lever", REGISTER)
def test_a_lever_drawn_from_twice_its_range_makes_a_wider_band_than_from_half(lever):
    group = {"fertility": "0-14", "mortality": "85+", "life_expectancy": "85+"}.get(lever, "all ages")
    still = dict.fromkeys(population.LEVERS, (0, 0))
    low, high = EVERY_RANGE[lever]
    less, more = (width(still | {lever: (low * by, high * by)}, group) for by in (0.5, 1.5))
    assert (more > 2 * less).all()


def test_the_band_widens_with_the_years_and_holds_the_projected_line():
    for errors in (False, True):
        table = population.bands(places="district", age_group="85+", errors=errors)
        assert ((table["low"] <= table["population"] + 0.1) & (table["population"] <= table["high"] + 0.1)).all()
    footprint = width({}, "85+")
    assert footprint[-1] > 5 * footprint[0] > 0


def test_a_moved_lever_carries_its_range_along():
    ranges = population.default_ranges(Scenario(fertility=-10, life_expectancy=120, mortality=7))
    assert ranges["fertility"] == (-21, -4) and ranges["life_expectancy"] == (20, 150), "cut at the end of the slider"
    assert ranges["mortality"] == (7, 7), "held: how death rates may differ is drawn in the published shape"


def test_a_range_set_in_the_scenario_stays_put_and_is_drawn_from():
    s = Scenario(fertility=-5, mortality=5, ranges={"fertility": (-20, 10)})
    assert (
        population.default_ranges(s)["fertility"]
        == (-20, 10)
        == population.default_ranges(s.replace(fertility=3))["fertility"]
    )
    assert population.default_ranges(s)["migration"] == population.default_ranges(Scenario())["migration"]
    asked = population.project_draws(Scenario(fertility=-5, mortality=5), draws=200, ranges={"fertility": (-20, 10)})
    assert (population.project_draws(s, draws=200).people() == asked.people()).all()


def test_a_range_given_by_hand_goes_before_that_of_the_scenario():
    s = Scenario(ranges={"fertility": (-20, 10)})
    assert population.project_draws(s, draws=1, ranges={"fertility": (0, 1)}).ranges["fertility"] == (0, 1)


def test_a_lever_outside_the_range_set_for_it_is_where_draws_are_most_likely():
    values = population.project_draws(Scenario(fertility=10, ranges={"fertility": (-10, 0)}), draws=1000).levers
    assert values["fertility"].min() >= -10 and 9 < values["fertility"].max() <= 10
    assert np.histogram(values["fertility"], bins=4, range=(-10, 10))[0].argmax() == 3


@pytest.mark.parametrize("value", [-20, 0, 12])
def test_levers_held_still_by_the_scenario_leave_no_band(value):
    moved = {i: float(value) for i in population.LEVERS}
    held = Scenario(**moved, ranges=dict.fromkeys(moved, (value, value)))
    table = population.bands(held, places="footprint", draws=20, errors=False)
    np.testing.assert_allclose(table["low"], table["population"], rtol=1e-4)
    np.testing.assert_allclose(table["high"], table["population"], rtol=1e-4)


def test_every_table_with_a_band_follows_the_range_of_the_scenario():
    usual, wide = Scenario(), Scenario(ranges={"life_expectancy": (-150, 150), "mortality": (-30, 30)})
    plain, ours = (
        tables.lines(age_group="85+", scenario=s, errors=False).query("kind == 'projected'") for s in (usual, wide)
    )
    assert (ours["value"].to_numpy() == plain["value"].to_numpy()).all()
    assert (ours["high"] - ours["low"]).iloc[-1] > 1.5 * (plain["high"] - plain["low"]).iloc[-1]
    plain, ours = (tables.likelihood(age_group="85+", scenario=s, errors=False)["value"] for s in (usual, wide))
    assert np.ptp(ours) > 1.5 * np.ptp(plain)
    beside = tables.likelihood(age_group="85+", scenario=usual, kept=wide, errors=False)
    beside = beside.groupby("scenario")["value"].agg(np.ptp)
    assert beside[tables.KEPT] == np.ptp(ours) and beside.drop(tables.KEPT).iloc[0] == np.ptp(plain)


# ---------------------------------------------------------------------------------- past error


def inside(table, errors):
    """Which cells of a back-test by age (or, without one, of totals) lie in the 80% band of that year."""
    group = table["age_group"].iloc[0] if "age_group" in table else "all ages"
    bands = population.bands(Scenario(basis="ons-2018"), list(table["place_code"]), group, errors=errors)
    bands = bands[bands["year"] == table["year"].iloc[0]].set_index("place_code").loc[table["place_code"]]
    return ((bands["low"] <= table["estimate"].to_numpy()) & (table["estimate"].to_numpy() <= bands["high"])).tolist()


def cells(kind, errors):
    table = population.back_test("age").query("place_type == @kind")
    return [hit for _, group in table.groupby("age_group") for hit in inside(group, errors)]


def test_with_past_error_the_band_holds_about_eighty_in_a_hundred_cells_of_the_back_test():
    districts = cells("district", errors=True)
    assert len(districts) == 40 and 0.7 <= np.mean(districts) <= 0.9
    totals = inside(population.back_test().query("place_type == 'district'"), errors=True)
    assert len(totals) == 8 and 5 <= sum(totals) <= 8
    assert sum(cells("footprint", errors=True)) >= 4


def test_without_past_error_it_held_hardly_any():
    assert np.mean(cells("district", errors=False)) < 0.2 and sum(cells("footprint", errors=False)) == 0
    assert sum(inside(population.back_test().query("place_type == 'district'"), errors=False)) == 1


def test_past_error_grows_in_proportion_to_the_years_and_starts_from_nothing():
    still = dict.fromkeys(population.LEVERS, (0, 0))
    table = population.bands(places="footprint", age_group="85+", ranges=still).set_index("year")
    spread = np.log(table["high"] / table["low"])
    assert spread[2024] == pytest.approx(0, abs=1e-6)
    assert spread[2044] == pytest.approx(2 * spread[2034], rel=0.01)
    wider = population.bands(places="E07000147", age_group="85+", ranges=still).set_index("year")
    assert np.log(wider["high"] / wider["low"])[2034] > spread[2034], "a district is less sure than the footprint"


def test_the_back_test_by_age_adds_up_to_that_in_total_and_says_what_is_modelled():
    by_age, by_place = population.back_test("age"), population.back_test().set_index("place_code")
    assert len(by_age) == 14 * 5 and set(by_age.loc[by_age["place_type"] == "district", "kind"]) == {"modelled"}
    summed = by_age.groupby("place_code")[["projected", "estimate"]].sum()
    for code, row in by_place.iterrows():
        assert summed.loc[code, "estimate"] == pytest.approx(row["estimate"])
        assert summed.loc[code, "projected"] == pytest.approx(row["projected"], rel=1e-3)
    footprint = by_age.query("place_type == 'footprint'").set_index("age_group")["percent"].round(1)
    assert (footprint["85+"], footprint["0-14"]) == (4.3, 3.4)
    with pytest.raises(population.PopulationError, match="by:.*place or age"):
        population.back_test("sex")


# ------------------------------------------------------------------------------- draws by name, kept


def test_a_new_lever_without_effect_leaves_every_band_as_it_was(monkeypatch):
    def every_band():
        for function in (draws._draws, track_record.error_factors):
            function.kept.clear()
        return population.bands(Scenario(fertility=-5), "footprint", "85+", draws=100)[["low", "high"]]

    before = every_band()
    plain = {"new_lever": replace(REGISTER["fertility"], id="new_lever", observed_low=0.0, observed_high=0.0)}
    known, groups = register._register()
    monkeypatch.setattr(register, "_register", lambda: (plain | dict(known), groups))
    assert list(scenario.levers())[0] == "new_lever"
    pd.testing.assert_frame_equal(every_band(), before)


# ------------------------------------------------------------------------------------------ baseline


def baseline_now() -> pd.DataFrame:
    """Broad ages, a few years, both bases, and each lever at both ends of its observed range."""
    chosen = [Scenario(), Scenario(basis="ons-2018")]
    chosen += [
        Scenario(**{i: value}) for i, lever in REGISTER.items() for value in (lever.observed_low, lever.observed_high)
    ]
    rows = []
    for s in chosen:
        for group in population.BROAD_AGES:
            table = population.totals(s, PLACES, group).query("year in (2024, 2030, 2040, 2043, 2047)")
            rows.append(table.assign(scenario=repr(s))[["scenario", "place_code", "age_group", "year", "population"]])
    return pd.concat(rows, ignore_index=True).round({"population": 1})


def bands_now() -> pd.DataFrame:
    """Edges of the bands of all ages and 85 and over, of these assumptions alone and with past error."""
    rows = []
    for s in (Scenario(), Scenario(basis="ons-2018"), MOVED[0]):
        for group in ("all ages", "85+"):
            for errors in (False, True):
                table = population.bands(s, PLACES, group, errors=errors).query("year in (2030, 2043)")
                rows.append(table.assign(scenario=repr(s), errors=errors))
    columns = ["scenario", "errors", "place_code", "age_group", "year", "low", "high"]
    return pd.concat(rows, ignore_index=True)[columns].round({"low": 1, "high": 1})


@pytest.mark.parametrize(("path", "now"), [(BASELINE, baseline_now), (BANDS, bands_now)], ids=["lines", "bands"])
def test_results_are_those_of_the_baseline(path, now):
    kept, now = pd.read_csv(path), now()
    values = [column for column in ("population", "low", "high") if column in kept]
    keys = [column for column in kept if column not in values]
    assert kept[keys].equals(now[keys].astype(kept[keys].dtypes)), (
        "the baseline covers other scenarios, places or years"
    )
    off = (kept[values] - now[values]).abs().max(axis=1)
    assert off.max() < 0.2, (
        f"results moved by up to {off.max():.1f} residents, first in {now[off >= 0.2].iloc[0].to_dict()}: "
        "see the top of this file"
    )


if __name__ == "__main__":
    for path, now in ((BASELINE, baseline_now), (BANDS, bands_now)):
        now().to_csv(path, index=False, lineterminator="\n")
        print(f"Wrote {path}")
