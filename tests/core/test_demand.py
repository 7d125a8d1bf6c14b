"""The demand model: what it starts from, that its steps add up, and that every lever moves it the right way."""

import itertools
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue, demand, outlook, population
from ics_core.demand import draws as ranges
from ics_core.demand import model, record, tables
from ics_core.demand import steps as parts
from ics_core.population import FOOTPRINT
from ics_core.scenario import BASES, Scenario, ScenarioError, levers, presets
from ics_core.scenario import lever as register

BASELINE = Path(__file__).parent / "baseline" / "demand.csv"
BANDS = BASELINE.with_name("demand_bands.csv")
MEASURES = list(demand.measures())
ANCHORED = [i for i, m in demand.measures().items() if m.anchor != "none"]
DEMAND_LEVERS = list(demand.demand_levers())
NORTH_NORFOLK = "E07000147"


def value(measure_id, scenario=Scenario(), year=2047, place=FOOTPRINT):
    return demand.series(measure_id, scenario, place).set_index("year")["value"].loc[year]


def other_end(lever_id):
    lever = levers()[lever_id]
    return lever.high if lever.high != lever.default else lever.low


scenarios = st.fixed_dictionaries(
    {"basis": st.sampled_from(list(BASES))},
    optional={i: st.floats(levers()[i].low, levers()[i].high) for i in (*DEMAND_LEVERS, "migration", "mortality")},
).map(lambda chosen: Scenario(**chosen))


# ------------------------------------------------------------------------------------ where it starts


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("measure_id", ANCHORED)
def test_the_base_year_equals_what_was_published(measure_id, basis):
    record = demand.history(measure_id).iloc[-1]
    assert value(measure_id, Scenario(basis=basis), demand.measure(measure_id).anchor_year) == pytest.approx(
        record["value"], rel=1e-12
    )


def test_two_publications_give_the_same_ae_level():
    table = catalogue.table("local_activity")
    rows = table[(table["measure"] == "ae_attendances_total") & table["period"].str.startswith("2025-26")]
    assert demand.history("ae_attendances")["value"].iloc[-1] == rows["value"].sum()


def test_registers_worked_out_from_shares_agree_with_registers_counted():
    table = catalogue.table("local_activity").set_index(["topic", "measure", "period"])["value"]
    counted = [
        ("diabetes", "diabetes_17plus"),
        ("chd", "coronary_heart_disease"),
        ("stroke", "stroke_tia"),
        ("hypertension", "hypertension"),
    ]
    for measure_id, name in counted:
        ours = demand.history(measure_id).set_index("year")["value"].loc[2021]
        assert ours == pytest.approx(table["qof_register", name, "2020-21"], rel=0.003), measure_id


def test_bed_days_are_the_beds_occupied_on_every_day_of_the_year():
    rows = demand.observed("ga_bed_occupancy")
    beds = rows[rows["year"] == 2024]["numerator"]
    assert demand.history("bed_days")["value"].iloc[-1] / 365 == pytest.approx(beds.mean(), rel=0.002)


def test_rates_reach_every_age_and_their_open_top_band():
    ages = record.rates()[record.order()["ae_attendances"]]
    assert (
        ages[0, 90] == pytest.approx(0.76481)
        and ages[1, 0] == pytest.approx(0.83760)
        and ages[0, 4] == pytest.approx(0.38747)
    )
    assert (ages > 0).all()
    dementia = record.rates()[record.order()["dementia"]]
    assert (dementia[:, :65] == 0).all() and dementia[0, 65] == 0.018 and dementia[1, 90] == 0.171


def test_rates_of_a_measure_cover_each_age_once():
    for measure_id in MEASURES:
        for _, bands in demand.rate_table(measure_id).groupby("sex"):
            edges = list(zip(bands["age_from"], bands["age_to"]))
            assert edges[-1][1] == 90, measure_id
            assert all(nxt[0] == last[1] + 1 for last, nxt in itertools.pairwise(edges)), measure_id


def test_the_figure_for_all_women_is_not_taken_for_the_oldest_women():
    rates = demand.rate_table("diabetes").set_index(["sex", "age_from"])["rate"]
    assert rates["female", 75] == rates["female", 65] == 0.15
    assert rates["male", 75] == 0.18


def test_one_figure_can_be_worked_out_by_hand():
    """Dementia in North Norfolk in 2040: people of each band times the study's share, times recorded over expected."""
    people = population.ages(NORTH_NORFOLK, 2040).set_index(["sex", "age"])["population"]
    start = population.ages(FOOTPRINT, 2025).set_index(["sex", "age"])["population"]
    table = catalogue.table("demand_rates")
    table = table[(table["category"] == "dementia") & (table["measure"] == "prevalence")]

    def expected(counts):
        return sum(
            r.value * counts[r.sex].loc[r.age_from : (90 if math.isnan(r.age_to) else r.age_to)].sum()
            for r in table.itertuples()
        )

    listed = demand.observed("gp_registered").set_index("period_start")["value"]["2025-03-01"]
    recorded = demand.recorded_shares("dementia")["2024-25"] / 100 * listed
    ours = value("dementia", year=2040, place=NORTH_NORFOLK)
    assert ours == pytest.approx(expected(people) * recorded / expected(start), rel=1e-9)
    assert tables.example()["expected"].sum() == pytest.approx(expected(people))


# ------------------------------------------------------------------------------------------- it adds up


@pytest.mark.parametrize("basis", BASES)
def test_places_sum_to_the_footprint(basis):
    frame = demand.project(Scenario(basis=basis, falls=60, ae_trend=1.3, migration=700))
    kinds = population.places().set_index("place_code")["place_type"]
    sums = frame.groupby(["measure_id", "year", frame["place_code"].map(kinds)])["value"].sum().unstack()
    assert np.allclose(sums["district"], sums["footprint"], rtol=1e-9)
    assert np.allclose(sums["locality"], sums["footprint"], rtol=1e-9)


@given(scenarios, st.sampled_from(MEASURES), st.sampled_from([FOOTPRINT, NORTH_NORFOLK, "E38000063"]), st.data())
@settings(max_examples=40, deadline=None)
def test_the_steps_sum_to_the_change(scenario, measure_id, place, data):
    years = population.run(Scenario(basis=scenario.basis)).years
    first, last = sorted(
        data.draw(st.lists(st.sampled_from(list(map(int, years))), min_size=2, max_size=2, unique=True))
    )
    steps = demand.drivers(measure_id, scenario, first, last, place)
    change = value(measure_id, scenario, last, place) - value(measure_id, scenario, first, place)
    assert steps["change"].sum() == pytest.approx(change, abs=1e-6 * max(1.0, abs(change)))


@pytest.mark.parametrize("measure_id", MEASURES)
def test_without_levers_only_growth_and_ageing_change_demand(measure_id):
    steps = demand.drivers(measure_id).set_index("step")["change"]
    per_person = demand.PER_PERSON[demand.measure(measure_id).kind]
    assert list(steps.index) == [demand.GROWTH, demand.AGEING, per_person]
    assert steps[per_person] == 0
    people = population.totals(places="footprint").set_index("year")["population"]
    start = demand.measure(measure_id).anchor_year
    assert steps[demand.GROWTH] == pytest.approx(value(measure_id, year=start) * (people[2047] / people[start] - 1))


def test_a_rate_that_is_the_same_at_every_age_knows_no_ageing():
    assert demand.drivers("gp_appointments").set_index("step")["change"][demand.AGEING] == pytest.approx(0, abs=1e-3)


def test_ageing_adds_more_where_older_people_count_for_more():
    def share(measure_id):
        steps = demand.drivers(measure_id).set_index("step")["change"]
        return steps[demand.AGEING] / value(measure_id, year=demand.measure(measure_id).anchor_year)

    assert share("dementia") > share("admitted_episodes") > share("ae_attendances") > 0


def test_each_lever_that_is_moved_keeps_a_step_of_its_own():
    moved = Scenario(smoking=40, falls=30, virtual_wards=50, admissions_trend=0.5)
    steps = demand.drivers("bed_days", moved)
    named = [
        "Population growth",
        "Ageing",
        "Use per person",
        *(levers()[i].label for i in ("smoking", "falls", "virtual_wards")),
    ]
    assert list(steps["step"]) == named
    assert list(steps["group"]) == ["people", "people", "trends", "prevention", "prevention", "care"]
    assert (steps["change"].iloc[3:] < 0).all() and steps["change"].iloc[2] > 0


@pytest.mark.parametrize("measure_id", MEASURES)
def test_age_groups_sum_to_the_total(measure_id):
    moved = Scenario(falls=80, same_day_care=30, conditions_trend=1.0)
    ages = demand.by_age(measure_id, moved, (2025, 2047)).groupby("year")["value"].sum()
    assert ages[2025] == pytest.approx(value(measure_id, moved, 2025)) and ages[2047] == pytest.approx(
        value(measure_id, moved)
    )


def test_project_series_and_the_arrays_agree():
    moved = Scenario(ae_trend=0.7, falls=50, migration=300)
    frame = demand.project(moved).set_index(["measure_id", "place_code", "year"])["value"]
    for measure_id, place in itertools.product(("ae_attendances", "dementia"), (FOOTPRINT, NORTH_NORFOLK)):
        assert frame[measure_id, place, 2040] == pytest.approx(value(measure_id, moved, 2040, place))


# ------------------------------------------------------------------------------------- levers and effects


@pytest.mark.parametrize("lever_id", DEMAND_LEVERS)
def test_every_demand_lever_moves_its_measure_the_way_the_register_says(lever_id):
    lever = levers()[lever_id]
    before, after = value(lever.moves), value(lever.moves, Scenario(**{lever_id: lever.high}))
    assert (after > before) if lever.direction == "up" else (after < before)
    assert lever_id in demand.levers_of(lever.moves)


@pytest.mark.parametrize("effect", demand.effects(), ids=lambda e: f"{e.lever}-{e.measure}")
def test_every_effect_is_as_large_as_stated_once_its_lever_is_at_full_reach(effect):
    moved = Scenario(**{effect.lever: 100})
    if effect.age_from == 0:
        assert value(effect.measure, moved) / value(effect.measure) - 1 == pytest.approx(effect.at_full)
    else:
        ages = [demand.by_age(effect.measure, s, (2047,)).set_index("age_group")["value"] for s in (Scenario(), moved)]
        assert ages[1]["18 to 64"] == pytest.approx(ages[0]["18 to 64"])
        assert ages[1]["75 to 84"] / ages[0]["75 to 84"] - 1 == pytest.approx(effect.at_full)


def test_effects_start_in_the_base_year_and_grow_evenly():
    moved = demand.series("copd", Scenario(smoking=100))["value"] / demand.series("copd")["value"] - 1
    assert moved.iloc[0] == moved.iloc[1] == 0
    assert np.allclose(np.diff(moved.iloc[1:]), moved.iloc[-1] / 22)


def test_every_effect_is_in_the_register_and_says_where_its_size_comes_from():
    for e in demand.effects():
        assert e.lever in DEMAND_LEVERS and e.measure in MEASURES
        assert 0 < abs(e.low) <= abs(e.at_full) <= abs(e.high) < 1
        assert np.sign(e.low) == np.sign(e.high) == (1 if levers()[e.lever].direction == "up" else -1)
        assert (
            e.basis in {"published", "derived", "assumption"} and bool(e.source) == (e.basis != "assumption") and e.how
        )
    assert {e.lever for e in demand.effects()} | {m.trend for m in demand.measures().values()} == set(DEMAND_LEVERS)


def test_effect_sizes_that_follow_from_local_figures_still_do():
    sizes = {(e.lever, e.measure): e.at_full for e in demand.effects()}
    smokers = demand.observed("smoking_gpps").sort_values("period_end")["value"].iloc[-1]
    fewer = 1 - 5 / smokers
    assert sizes["smoking", "copd"] == pytest.approx(-0.22 * fewer, abs=0.002)
    assert sizes["smoking", "bed_days"] == pytest.approx(-0.04 * fewer, abs=0.001)
    survey = catalogue.table("demand_rates").query("source == 'hse_2022' and sex == 'persons' and age_from >= 65")
    without = survey[survey["category"].isin(["hypertension_untreated", "hypertension_uncontrolled"])]
    reached = without.groupby("age_from")["value"].sum().mean() / 2
    assert sizes["blood_pressure", "stroke"] == pytest.approx(-0.27 * reached, abs=0.001)
    assert sizes["blood_pressure", "chd"] == pytest.approx(-0.17 * reached, abs=0.001)
    falls = catalogue.table("observations").query(
        "indicator_id == 'falls_65' and period_label == '2017/18' and area_code != 'E92000001'"
    )
    older = (
        catalogue.table("base_population").query("year == 2019 and age >= 65").groupby("area_code")["population"].sum()
    )
    local = catalogue.table("local_activity")
    admitted = local[(local["measure"] == "ae_admissions") & local["period"].str.startswith("2017-18")]["value"].sum()
    ages = demand.by_age("emergency_admissions", years=(2025,)).set_index("age_group")["value"]
    share = (falls.set_index("area_code")["value"] / 1e5 * older).sum() / (admitted * ages.iloc[2:].sum() / ages.sum())
    assert sizes["falls", "emergency_admissions"] == pytest.approx(-0.23 * share, abs=0.002)
    wards = demand.observed("vw_capacity_rate").sort_values("period_start")
    # The aim counted people of 16 and over, the published rate counts all ages: places, not rates, are compared.
    people = catalogue.table("base_population").query("year == 2024 and area_code == 'E54000022'")
    adults = people.loc[people["age"] >= 16, "population"].sum() / people["population"].sum()
    more = 50 / 1e5 * adults * wards["denominator"].iloc[-1] - wards["numerator"].iloc[-1]
    bed_days = demand.history("bed_days")["value"].iloc[-1]
    assert sizes["virtual_wards", "bed_days"] == pytest.approx(-more * 0.8 * 0.4 * 365 / bed_days, abs=0.002)


@pytest.mark.parametrize("lever_id", ["ae_trend", "gp_trend", "admissions_trend"])
def test_the_observed_range_of_a_trend_is_what_the_record_shows(lever_id):
    lever = levers()[lever_id]
    low, high = demand.trend_range(lever.moves)
    assert (lever.observed_low, lever.observed_high) == pytest.approx((low, high), abs=0.051)


def test_the_words_about_the_recent_past_are_true():
    for lever_id in ("ae_trend", "gp_trend", "admissions_trend"):
        recent = demand.past(levers()[lever_id].moves).per_year
        assert f"{abs(recent):.1f}% a year" in levers()[lever_id].background, lever_id
        crude = demand.past(levers()[lever_id].moves).crude
        assert f"{abs(crude):.1f}% a year" in levers()[lever_id].background, lever_id
    shares = {i: demand.past(i).per_year for i in ("dementia", "diabetes", "hypertension", "chd", "stroke", "copd")}
    lever = levers()["conditions_trend"]
    assert (lever.observed_low, lever.observed_high) == pytest.approx(
        (min(shares.values()), max(shares.values())), abs=0.051
    )


# ------------------------------------------------------------------------------- holding it level, capacity


@given(
    st.sampled_from(MEASURES),
    st.sampled_from(["official", "prevention-first", "longer-lives"]),
    st.integers(2030, 2047),
)
@settings(max_examples=30, deadline=None)
def test_the_value_that_holds_demand_level_does(measure_id, preset, year):
    scenario = next(p.scenario for p in presets() if p.id == preset)
    for lever_id in demand.levers_of(measure_id):
        held = demand.hold_level(measure_id, scenario, lever_id, year)
        lever = levers()[lever_id]
        ends = [
            value(measure_id, scenario.replace(**{lever_id: end}), year) - held.level for end in (lever.low, lever.high)
        ]
        if held.value is None:
            assert ends[0] * ends[1] > 0 and held.beyond != 0 and "not on its own" in held.words
        else:
            factor = model.factor(lever_id, held.value, population.run().years)[
                record.order()[measure_id], :, year - 2024
            ]
            rest = demand.by_age(measure_id, scenario.replace(**{lever_id: lever.default}), (year,)).set_index(
                "age_group"
            )["value"]
            assert (rest.iloc[:2].sum() * factor[0] + rest.iloc[2:].sum() * factor[1]) == pytest.approx(
                held.level, rel=1e-7
            )


def test_holding_level_refuses_a_lever_that_does_not_act():
    with pytest.raises(demand.DemandError, match="does not act on GP appointments.*gp_trend"):
        demand.hold_level("gp_appointments", Scenario(), "falls")


def test_capacity_is_the_change_in_plain_units():
    beds = demand.capacity("bed_days").set_index("what")
    change = value("bed_days") - value("bed_days", year=2024)
    assert beds["value"].iloc[0] == pytest.approx(change)
    assert beds["value"].iloc[-1] == pytest.approx(change / 365 / 0.92)
    assert beds["value"].iloc[-2] < beds["value"].iloc[-1]  # wards are fuller than the aim
    gp = demand.capacity("gp_appointments", year=2035).set_index("what")["value"]
    more = value("gp_appointments", year=2035) - value("gp_appointments", year=2025)
    assert gp["For each practice and week"] == pytest.approx(more / 52 / 103)


def test_practices_of_districts_and_localities_sum_to_those_of_the_footprint():
    places = population.places()
    for kind in ("district", "locality"):
        assert (
            sum(demand.practices(code) for code in places.loc[places["place_type"] == kind, "place_code"])
            == demand.practices()
        )


# --------------------------------------------------------------------------------------------- ranges


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    one, again, other = (demand.draw("ae_attendances", draws=200, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_levers_held_still_leave_no_band():
    still = dict.fromkeys((*population.LEVERS, "ae_trend"), (0.0, 0.0))
    band = demand.bands("ae_attendances", draws=50, ranges=still)
    assert np.allclose(band["low"], band["value"]) and np.allclose(band["high"], band["value"])


@given(st.sampled_from(["ae_attendances", "bed_days", "dementia"]), st.data())
@settings(max_examples=20, deadline=None)
def test_a_range_made_longer_at_one_end_moves_every_draw_that_way_or_not_at_all(measure_id, data):
    lever_id = data.draw(st.sampled_from([*demand.levers_of(measure_id), "migration"]))
    lever = levers()[lever_id]
    low, high = sorted(data.draw(st.tuples(*[st.floats(lever.low, lever.high)] * 2)))
    s = Scenario(**{lever_id: data.draw(st.floats(lever.low, lever.high))})
    up = 1 if lever.direction == "up" else -1
    usual, lower, higher = (
        demand.draw(measure_id, s.with_range(lever_id, limits), draws=200)
        for limits in (
            (low, high),
            (data.draw(st.floats(lever.low, low)), high),
            (low, data.draw(st.floats(high, lever.high))),
        )
    )
    allowed = 1e-6 * usual
    assert (up * (usual - lower) >= -allowed).all() and (up * (higher - usual) >= -allowed).all()


def test_ranges_set_in_the_scenario_are_those_drawn_from():
    s = Scenario(falls=20, ranges={"migration": (0, 2000), "ae_trend": (0, 1), "falls": (0, 60), "smoking": (0, 50)})
    asked = demand.draw(
        "emergency_admissions",
        Scenario(falls=20),
        draws=200,
        ranges={"migration": (0, 2000), "falls": (0, 60), "smoking": (0, 50)},
    )
    assert np.array_equal(demand.draw("emergency_admissions", s, draws=200), asked)
    limits = demand.default_ranges("emergency_admissions", s)
    assert limits["falls"] == (0, 60) and limits["migration"] == (0, 2000) and "ae_trend" not in limits, (
        "only levers that act on the measure"
    )
    assert limits["admissions_trend"] == demand.default_ranges("emergency_admissions")["admissions_trend"]


def test_a_lever_outside_the_range_set_for_its_trend_is_still_drawn_to():
    assert demand.default_ranges("ae_attendances", Scenario(ae_trend=3, ranges={"ae_trend": (0, 1)}))["ae_trend"] == (
        0,
        3,
    )


@pytest.mark.parametrize("measure_id", ["ae_attendances", "dementia"])
def test_levers_held_still_by_the_scenario_leave_no_band(measure_id):
    s = Scenario(migration=500, ae_trend=1, conditions_trend=1)
    held = s.replace(ranges={i: (s[i], s[i]) for i in levers()})
    band, steps = demand.bands(measure_id, held, draws=50), demand.driver_bands(measure_id, held, draws=50)
    assert np.allclose(band["low"], band["value"]) and np.allclose(band["high"], band["value"])
    assert np.allclose(steps["low"], steps["change"]) and np.allclose(steps["high"], steps["change"])
    assert np.ptp(demand.distribution(measure_id, held, draws=50)["value"]) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("measure_id", ["ae_attendances", "dementia", "gp_appointments"])
def test_the_edges_of_a_band_are_the_tenth_and_the_ninetieth_percentile_of_the_draws(measure_id):
    drawn, band = demand.draw(measure_id, draws=300), demand.bands(measure_id, draws=300)
    for edge, below in (("low", 0.1), ("high", 0.9)):
        assert np.abs((drawn < band[edge].to_numpy()).mean(axis=0)[3:] - below).max() < 0.01, edge
    ours = tables.lines(measure_id, draws=300).query("kind == 'projected'").set_index("year")
    band = band.set_index("year").loc[ours.index]
    assert np.allclose(ours[["value", "low", "high"]], band[["value", "low", "high"]])


def test_a_new_lever_without_effect_leaves_every_band_as_it_was(monkeypatch):
    moved = Scenario(falls=50, ae_trend=0.5)

    def every_band():
        ranges._drawn.kept.clear()
        return [demand.bands(i, moved, draws=100)[["low", "high"]] for i in ("bed_days", "ae_attendances", "dementia")]

    before = every_band()
    known, groups = register._register()
    plain = {"new_lever": replace(known["falls"], id="new_lever")}
    monkeypatch.setattr(register, "_register", lambda: (plain | dict(known), groups))
    monkeypatch.setattr(record, "demand_levers", record.demand_levers.__wrapped__)
    assert record.demand_levers()[0] == "new_lever"
    for now, then in zip(every_band(), before):
        pd.testing.assert_frame_equal(now, then)


def test_a_lever_that_is_drawn_but_not_moved_makes_a_step_with_a_band_of_its_own():
    s = Scenario(ranges={"falls": (0, 60)})
    frame = demand.driver_bands("bed_days", s).set_index("step")
    assert (
        frame.loc["Fewer falls", "change"] == 0
        and frame.loc["Fewer falls", "low"] < frame.loc["Fewer falls", "high"] < 0
    )
    assert frame["change"].sum() == pytest.approx(value("bed_days") - value("bed_days", year=2024))
    table = tables.drivers("bed_days", scenario=s, kept=Scenario(virtual_wards=50)).set_index("step")
    assert table.loc["Fewer falls", "change_a"] == 0 and table.loc["Virtual wards", "change"] == 0
    held = Scenario(ranges=dict.fromkeys((*population.LEVERS, "admissions_trend"), (0, 0)))
    spread = [
        np.ptp(demand.draw("bed_days", one, draws=200)[:, -1]) for one in (held, held.with_range("falls", (0, 60)))
    ]
    assert spread[0] == pytest.approx(0, abs=1e-6) and spread[1] > 1000


def test_every_table_with_a_band_follows_the_range_of_the_scenario():
    usual, wide = Scenario(), Scenario(ranges={"ae_trend": (-3, 5)})
    spans = []
    for s in (usual, wide):
        line = tables.lines("ae_attendances", scenario=s).query("kind == 'projected'").iloc[-1]
        step = tables.drivers("ae_attendances", scenario=s).set_index("step").loc["Use per person"]
        curve = tables.likelihood("ae_attendances", scenario=s)["value"]
        spans.append((line["high"] - line["low"], step["high"] - step["low"], np.ptp(curve)))
    assert all(wider > 1.5 * narrower for narrower, wider in zip(*spans))


def test_the_ranges_of_all_levers_can_be_read_with_the_usual_ones_beside():
    table = demand.lever_ranges(
        Scenario(fertility=-20, ae_trend=1, falls=30, ranges={"smoking": (0, 50), "fertility": (-10, 0)})
    ).set_index("lever_id")
    assert list(table.index) == [*population.LEVERS, *demand.demand_levers()]
    assert table.loc["fertility", ["low", "high", "usual_low", "usual_high", "usual"]].to_list() == [
        -10,
        0,
        -30,
        -14,
        "observed",
    ]
    assert table.loc["ae_trend", ["low", "high", "chosen", "usual"]].to_list() == [0.5, 3.5, False, "record"]
    assert table.loc["falls", ["usual_low", "usual_high", "usual"]].to_list() == [30, 30, "held"]
    assert table.loc["smoking", ["low", "high", "chosen"]].to_list() == [0, 50, True]
    lows, highs = zip(*(demand.trend_range(i) for i, m in demand.measures().items() if m.trend == "conditions_trend"))
    assert table.loc["conditions_trend", "usual"] == "records"
    assert (table.loc["conditions_trend", "usual_low"], table.loc["conditions_trend", "usual_high"]) == (
        round(min(lows), 1),
        round(max(highs), 1),
    )


def test_the_size_of_an_effect_is_uncertain_only_when_its_lever_is_moved():
    still = dict.fromkeys((*population.LEVERS, "admissions_trend"), (0.0, 0.0))
    width = [
        np.ptp(demand.draw("bed_days", s, draws=200, ranges=still)[:, -1])
        for s in (Scenario(), Scenario(virtual_wards=80))
    ]
    assert width[0] == pytest.approx(0, abs=1e-6) and width[1] > 1000


def test_bands_of_the_steps_hold_the_steps_of_every_draw():
    moved = Scenario(same_day_care=50, ae_trend=0.5)
    frame = demand.driver_bands("ae_attendances", moved)
    assert (frame["low"] <= frame["high"]).all()
    assert frame[["step", "change"]].equals(demand.drivers("ae_attendances", moved)[["step", "change"]])
    drawn = ranges._draw("ae_attendances", moved, FOOTPRINT, 1000, 1, None)
    pairs = [(f[..., 1], f[..., -1]) for f in drawn.factors.values()]
    steps = parts.split(drawn.base[..., 1], drawn.base[..., -1], drawn.people[:, -1] / drawn.people[:, 1], pairs)
    assert np.allclose(np.sum(steps, axis=0), drawn.values[:, -1] - drawn.values[:, 1])


def test_past_use_is_taken_at_the_same_ages_before_it_becomes_a_range():
    dementia = demand.past("dementia")
    assert dementia.crude == pytest.approx(1.35, abs=0.01) and dementia.ageing == pytest.approx(0.83, abs=0.01)
    assert (1 + dementia.per_year / 100) * (1 + dementia.ageing / 100) == pytest.approx(1 + dementia.crude / 100)
    assert demand.trend_range("dementia") == pytest.approx((-0.5, dementia.per_year + 0.5))
    assert demand.past("gp_appointments").ageing == pytest.approx(0), "one rate for all ages"
    edges = {i: demand.bands(i).iloc[-1] for i in MEASURES}
    for measure_id, edge, about in (
        ("dementia", "high", 21_145),
        ("stroke", "high", 43_577),
        ("hypertension", "high", 309_822),
        ("diabetes", "high", 167_915),
        ("emergency_admissions", "low", 100_605),
        ("bed_days", "low", 708_119),
    ):
        assert edges[measure_id][edge] == pytest.approx(about, rel=0.01), measure_id


def test_where_the_line_lies_far_off_the_middle_the_words_say_which_way_and_why():
    last = {i: demand.draw(i)[:, -1] for i in MEASURES}
    for measure_id in MEASURES:
        below = 100 * (last[measure_id] < value(measure_id)).mean()
        said = demand.range_words(measure_id)
        assert said.startswith("Band: the range of these assumptions") and not said.endswith(".")
        assert ("leans up" in said) == (below < 39.5) and ("leans down" in said) == (below > 60.5), measure_id
    said = demand.range_words("ae_attendances")
    assert "82 of 100 draws above the line in 2047" in said
    assert "use per person is drawn from −0.5 to 2.5% a year and the line takes 0.0% a year" in said
    assert "leans" not in demand.range_words("ae_attendances", Scenario(ranges={"ae_trend": (-1, 1)}))
    assert "leans down" in demand.range_words("ae_attendances", Scenario(ranges={"ae_trend": (-2, 0.5)}))


def test_the_s_curve_climbs_and_meets_the_band():
    curve = demand.distribution("bed_days", year=2040).set_index("share")["value"]
    band = demand.bands("bed_days").set_index("year").loc[2040]
    assert curve.is_monotonic_increasing
    assert (curve[0.1], curve[0.9]) == pytest.approx((band["low"], band["high"]))


# ---------------------------------------------------------------------------------- growth, outlook, errors


def test_weights_of_the_growth_index_sum_to_one_and_split_hospital_costs_whole():
    table = demand.weights()
    assert table["weight"].sum() == pytest.approx(1)
    shares = [m.weight_share for m in demand.measures().values() if m.weight_spend == "icb_spend_acute"]
    assert sum(shares) == pytest.approx(1)
    assert shares == pytest.approx([4.5 / 56.5, 35 / 56.5, 17 / 56.5], abs=0.005)


def test_growth_follows_the_measures_it_weighs():
    plain, more = demand.growth(), demand.growth(Scenario(gp_trend=1.0))
    assert plain["index"].iloc[0] == 100 and np.isnan(plain["growth"].iloc[0])
    rise = (more["index"] - plain["index"]).iloc[-1] / 100
    weight = demand.weights().set_index("measure_id")["weight"]["gp_appointments"]
    assert rise == pytest.approx(
        weight * value("gp_appointments") / value("gp_appointments", year=2024) * (1.01**22 - 1)
    )


def test_the_outlook_of_2018_holds_eight_figures_to_the_record():
    table = outlook.compare().set_index("projection_id")
    assert list(table.index) == [f"PRJ-0{n}" for n in range(1, 9)]
    assert (
        table["verdict"].isin([outlook.MORE, outlook.LESS, outlook.DEPENDS, outlook.NOT_DUE, outlook.NO_RECORD]).all()
    )
    ae = table.loc["PRJ-02"]
    months = catalogue.table("observations").query("indicator_id == 'ae_attendances' and area_code == 'QMM'")
    spring = months[months["period_start"].between("2018-04-01", "2019-03-01")]["value"].sum()
    assert ae["record_from"] == spring and ae["record_to"] == 446_982 and ae["verdict"] == outlook.DEPENDS
    assert ae["record_change"] > ae["said_change"] > ae["like_for_like"] > ae["model_change"] > 0
    assert (table["record_change"].dropna() == (table["record_to"] - table["record_from"]).dropna()).all()
    assert (
        table.loc[["PRJ-05", "PRJ-06", "PRJ-07", "PRJ-08"], "record_change"]
        .lt(table.loc["PRJ-05":, "said_change"])
        .all()
    )


def test_lines_of_the_outlook_run_through_the_figures_stated():
    dementia = outlook.lines("PRJ-04").set_index(["line", "year"])["value"]
    assert dementia["As said in 2018", 2015] == 13_586 and dementia["As said in 2018", 2036] == pytest.approx(24_671)
    ae = outlook.lines("PRJ-02").set_index(["line", "year"])["value"]
    assert ae["As said in 2018", 2025] - ae["As said in 2018", 2017] == 92_000
    with pytest.raises(demand.DemandError, match="PRJ-02, PRJ-04"):
        outlook.lines("PRJ-01")


def test_errors_name_what_there_is():
    with pytest.raises(demand.DemandError, match="Did you mean ae_attendances"):
        demand.series("ae_attendence")
    with pytest.raises(demand.DemandError, match="E07000147"):
        demand.series("dementia", place_code="E07000999")
    with pytest.raises(demand.DemandError, match="from 2024 to 2047"):
        demand.drivers("dementia", to_year=2060)
    with pytest.raises(demand.DemandError, match="'smoking' does not act on"):
        demand.bands("dementia", ranges={"smoking": (0, 10)})
    with pytest.raises(demand.DemandError, match="above high"):
        demand.bands("dementia", ranges={"conditions_trend": (1, -1)})
    with pytest.raises(ScenarioError, match="allowed range"):
        demand.bands("dementia", ranges={"conditions_trend": (-50, 1)})


# -------------------------------------------------------------------------------------------- tables


def test_the_line_on_screen_runs_from_the_record_into_the_projection():
    table = tables.lines("ae_attendances")
    record, ours = table[table["kind"] == "published"], table[table["kind"] == "projected"]
    assert record["year"].iloc[-1] == ours["year"].iloc[0] == 2025
    assert record["value"].iloc[-1] == pytest.approx(ours["value"].iloc[0])
    joined = record.groupby("stretch")["year"].agg(list)
    assert all(np.diff(years).tolist() == [1] * (len(years) - 1) for years in joined)
    assert {2020, 2021, 2023} <= {years[0] for years in joined}  # counted otherwise from then


def test_steps_of_both_scenarios_stand_side_by_side():
    ours, kept = Scenario(falls=50), Scenario(virtual_wards=60, falls=20)
    table = tables.drivers("bed_days", scenario=ours, kept=kept).set_index("step")
    assert table["change"].sum() == pytest.approx(demand.drivers("bed_days", ours)["change"].sum())
    assert table["change_a"].sum() == pytest.approx(demand.drivers("bed_days", kept)["change"].sum())
    assert table["change"]["Virtual wards"] == 0 > table["change_a"]["Virtual wards"]


def test_the_overview_and_the_plain_units_say_what_the_measures_say():
    moved = Scenario(same_day_care=30)
    table = tables.overview(NORTH_NORFOLK, moved).set_index("measure_id")
    assert len(table) == len(MEASURES) and table["percent"].is_monotonic_decreasing
    assert table["after"]["chd"] == pytest.approx(value("chd", moved, place=NORTH_NORFOLK))
    plain = tables.capacities(NORTH_NORFOLK, scenario=moved).set_index("measure_id")
    assert plain["value"]["ae_attendances"] == pytest.approx(table["change"]["ae_attendances"] / 365)
    assert set(plain.index) == {i for i, m in demand.measures().items() if m.kind == "service"}


def test_the_method_is_filled_in_from_data():
    words = tables.method()
    assert "{" not in words and "nan" not in words.lower().split()
    assert "446,982" in words and all(m.label in words for m in demand.measures().values())


# ------------------------------------------------------------------------------------------- the record


def results():
    """What the model says for the footprint and every place, on both bases and with prevention first."""
    chosen = {p.id: p.scenario for p in presets() if p.id in {"official", "prevention-first", "as-in-2018"}}
    frames = [demand.project(scenario).assign(scenario=name) for name, scenario in chosen.items()]
    frame = pd.concat(frames)
    frame = frame[
        frame["year"].isin([2025, 2035, 2043]) & (frame["place_code"].eq(FOOTPRINT) | frame["scenario"].eq("official"))
    ]
    by = ["scenario", "measure_id", "place_code", "year"]
    return frame[[*by, "value"]].sort_values(by).round(1)


def bands():
    """Edges of every measure's band with no lever moved and with prevention first, and of the draws' middle."""
    rows = []
    for scenario in (Scenario(), next(p.scenario for p in presets() if p.id == "prevention-first")):
        for measure_id in MEASURES:
            table = demand.bands(measure_id, scenario).query("year in (2035, 2047)")
            rows.append(table.assign(scenario=repr(scenario), measure_id=measure_id))
    return pd.concat(rows, ignore_index=True)[["scenario", "measure_id", "year", "low", "high"]].round(1)


@pytest.mark.parametrize(("path", "now"), [(BASELINE, results), (BANDS, bands)], ids=["lines", "bands"])
def test_results_are_those_on_record(path, now):
    """A change must be meant: write the record anew (``python -m tests.core.test_demand``), say why in the changelog."""
    pd.testing.assert_frame_equal(now().reset_index(drop=True), pd.read_csv(path), rtol=1e-6, check_dtype=False)


@pytest.mark.parametrize("measure_id", ["ae_attendances", "dementia", "bed_days"])
def test_the_published_base_year_stays_as_it_is_whatever_is_moved(measure_id):
    moved = Scenario(migration=4000, mortality=-20, fertility=10)
    year = demand.measure(measure_id).anchor_year
    official, ours = (demand.bands(measure_id, s).set_index("year") for s in (Scenario(), moved))
    assert ours["value"][year] == official["value"][year] == ours["low"][year] == ours["high"][year]
    assert ours["value"].iloc[-1] != pytest.approx(official["value"].iloc[-1])
    steps, ages = demand.drivers(measure_id, moved), demand.by_age(measure_id, moved)
    assert steps["change"].sum() == pytest.approx(ours["value"].iloc[-1] - official["value"][year])
    assert ages.groupby("year")["value"].sum()[year] == pytest.approx(official["value"][year])


if __name__ == "__main__":
    for path, now in ((BASELINE, results), (BANDS, bands)):
        now().to_csv(path, index=False, lineterminator="\n")


@pytest.mark.parametrize("measure_id", ["ae_attendances", "dementia"])
def test_rates_at_every_age_times_the_people_of_that_age_give_the_level_the_model_starts_from(measure_id):
    m = demand.measures()[measure_id]
    people = population.ages(FOOTPRINT, m.anchor_year).set_index(["sex", "age"])["population"]
    rates = tables.rates(measure_id).set_index(["sex", "age"])["rate"]
    in_all = (rates * people).sum() / (100 if m.kind == "condition" else 1)
    assert in_all == pytest.approx(value(measure_id, year=m.anchor_year), rel=1e-6)


def test_what_each_lever_did_is_told_of_the_last_year_and_sums_to_the_difference():
    one, both = Scenario(mortality=-10), Scenario(mortality=-10, falls=50)
    did = demand.moved.levers_did("emergency_admissions", NORTH_NORFOLK, both)
    before, after = (value("emergency_admissions", s, place=NORTH_NORFOLK) for s in (Scenario(), both))
    assert did["lever_id"].tolist() == ["mortality", "falls"]
    assert did["change"].sum() == pytest.approx(after - before)
    assert did["change"].iloc[0] == pytest.approx(value("emergency_admissions", one, place=NORTH_NORFOLK) - before)


def test_the_table_of_effects_has_each_in_per_cent():
    table = record.effect_table()
    for column in ("at_full", "low", "high"):
        assert table[column].tolist() == pytest.approx([100 * getattr(e, column) for e in record.effects()])


def test_a_curve_of_likelihood_is_of_the_last_year_until_another_is_asked_for():
    last = tables.likelihood("dementia", draws=50)
    assert set(last["year"]) == {2047} and set(tables.likelihood("dementia", year=2036, draws=50)["year"]) == {2036}
    own = ranges.distribution("dementia", Scenario(), 2047, FOOTPRINT, 50)["value"]
    assert (last["value"].min(), last["value"].max()) == (own.min(), own.iloc[:: tables._EVERY_NTH_POINT].max())


@pytest.mark.parametrize("measure_id", MEASURES)
def test_a_published_line_stops_where_a_year_is_missing(measure_id):
    published = tables.lines(measure_id, draws=50).query("kind == 'published'")
    for _, stretch in published.groupby("stretch"):
        assert (stretch["year"].diff().dropna() == 1).all()


def test_only_the_last_ages_of_the_worked_example_are_open():
    rows = re.findall(r"^\| ([\w ]+?) \|", tables._method_numbers()["example"], re.M)
    ages = [row for row in rows if row[0].isdigit()]
    assert len(ages) > 3 and [row.endswith("and over") for row in ages] == [False] * (len(ages) - 1) + [True]
    assert all(int(one.split(" to ")[1]) + 1 == int(other.split()[0]) for one, other in zip(ages, ages[1:]))
