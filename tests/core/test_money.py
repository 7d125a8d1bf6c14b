"""The money model is a sum that can be checked by hand, and each rate moves it the right way."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue, money
from ics_core.money import model
from ics_core.scenario import Scenario, levers
from ics_core.scenario import lever as register

STILL = Scenario(resource_growth=0, price_inflation=0, efficiency=0)
ALL_STARTS = list(money.starts().start_id)


def gap(frame):
    return frame[frame.measure == "gap"].set_index("year").value


@pytest.mark.parametrize("start", ALL_STARTS)
def test_without_growth_inflation_or_demand_the_gap_stays_at_its_start(start):
    gaps = gap(money.project(STILL, demand_growth=0, start=start))
    opening = money.starts().set_index("start_id").gap[start]
    assert np.allclose(gaps, opening)


def test_the_first_year_is_the_sum_done_by_hand():
    scenario = Scenario(resource_growth=4, price_inflation=3, efficiency=1, demand_growth=0.5)
    opening = money.starts().set_index("start_id").loc["bid-2018"]
    costs = (2600 + 66.2) * 1.03 * (1 + 0.01 + 0.005) * 0.99
    assert gap(money.project(scenario, demand_growth=1.0, start="bid-2018"))[2018] == pytest.approx(costs - 2600 * 1.04)
    assert (opening.resources, opening.gap) == (2600, 66.2)


def test_the_gap_is_costs_less_resources_in_every_year():
    wide = money.project(demand_growth=1.2).pivot(index="year", columns="measure", values="value")
    assert np.allclose(wide.gap, wide.costs - wide.resources)
    assert len(wide) == 11


@pytest.mark.parametrize("lever_id", money.LEVERS)
def test_raising_a_lever_moves_the_gap_the_way_its_record_says(lever_id):
    lever = levers()[lever_id]
    last = [
        gap(money.project(Scenario(**{lever_id: v}), demand_growth=1)).iloc[-1]
        for v in (lever.low, lever.default, lever.high)
    ]
    changes = np.diff([v for v, at in zip(last, (lever.low, lever.default, lever.high), strict=True)])
    changes = changes[changes != 0]  # a lever whose default is its lowest value moves one way only
    assert len(changes) and (np.sign(changes) == (1 if lever.direction == "up" else -1)).all()


rates = st.fixed_dictionaries({name: st.floats(levers()[name].low, levers()[name].high) for name in money.LEVERS})


@settings(max_examples=40, deadline=None)
@given(rates, st.floats(-3, 5), st.sampled_from(ALL_STARTS))
def test_the_steps_add_up_to_the_change_in_the_gap(values, demand, start):
    scenario = Scenario(**values)
    gaps = gap(money.project(scenario, demand_growth=demand, start=start))
    assert money.steps(scenario, demand, start).change.sum() == pytest.approx(gaps.iloc[-1] - gaps.iloc[0], abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(rates, st.floats(-3, 5), st.integers(2026, 2035))
def test_the_efficiency_to_balance_closes_the_gap_in_that_year(values, demand, year):
    scenario = Scenario(**values)
    needed = money.efficiency_to_balance(scenario, demand, year=year) / 100
    wide = (
        money.project(scenario.replace(efficiency=0), demand_growth=demand)
        .pivot(index="year", columns="measure", values="value")
        .loc[year]
    )
    assert wide.costs * (1 - needed) ** (year - 2025) == pytest.approx(wide.resources)


def test_a_point_of_efficiency_in_the_first_year_is_a_hundredth_of_its_costs():
    table = money.value_of_a_point(STILL, demand_growth=0).set_index("lever_id")
    opening = money.starts().set_index("start_id").loc[money.DEFAULT_START]
    assert table.first_year["efficiency"] == pytest.approx(-(opening.resources + opening.gap) / 100)
    assert table.first_year["resource_growth"] == pytest.approx(-opening.resources / 100)


def test_prevention_costs_nothing_at_first_and_helps_only_after_its_delay():
    delay = int(money.assumptions().set_index("assumption_id").value["prevention_delay"])
    without, with_shift = (gap(money.project(Scenario(prevention_shift=v), demand_growth=1)) for v in (0, 10))
    change = (with_shift - without).to_numpy()
    assert np.allclose(change[: delay + 1], 0)
    assert (np.diff(change[delay:]) < 0).all()


def test_the_year_of_balance_is_the_first_without_a_gap():
    gaps = gap(money.project(demand_growth=1, start="bbc-280"))
    year = money.balance_year(demand_growth=1, start="bbc-280")
    assert gaps[year] <= 0 < gaps[year - 1]
    assert money.balance_year(Scenario(efficiency=0), demand_growth=3) is None


def test_the_band_holds_the_path_and_widens():
    path = money.project(demand_growth=1).set_index(["measure", "year"]).value
    band = money.band(demand_growth=1).set_index(["measure", "year"])
    assert ((band.lower <= path + 1e-9) & (path <= band.upper + 1e-9)).all()
    width = (band.upper - band.lower).loc["gap"]
    assert width.iloc[0] == pytest.approx(0) and (width.diff().iloc[1:] > 0).all()
    assert money.band(demand_growth=1).equals(money.band(demand_growth=1))


def test_the_opening_gaps_are_the_published_ones_and_conflict():
    reported = catalogue.table("reported_values").set_index("metric_id").value
    starts = money.starts().set_index("start_id")
    assert starts.figure["bbc-280"] == reported["PROD_ICB_GAP"] == 280
    assert starts.figure["bid-2018"] == pytest.approx(66.2)
    assert starts.figure["board-2025"] == 160
    assert list(money.conflicting().value) == [150, 160, 280]


def test_each_opening_figure_says_what_it_is_and_savings_needed_are_no_deficit():
    starts = money.starts().set_index("start_id")
    assert starts.meaning.to_dict() == {
        "board-2025": "savings plan",
        "bbc-280": "gap before savings",
        "bbc-150": "savings plan",
        "bid-2018": "result",
    }
    assert starts.gap.to_dict() == {"board-2025": 0, "bbc-280": 280, "bbc-150": 0, "bid-2018": pytest.approx(66.2)}
    assert starts.reading.str.len().gt(20).all()
    assert set(money.conflicting().meaning) == {"savings plan", "gap before savings"}


def test_what_is_saved_in_the_opening_year_is_not_saved_again():
    gaps = {e: gap(money.project(Scenario(efficiency=e), demand_growth=1, start="board-2025")) for e in (0, 2)}
    costs = money.project(Scenario(efficiency=0), demand_growth=1).query("measure == 'costs'").set_index("year").value
    assert gaps[0][2025] == gaps[2][2025] == 0, "the opening year has the plan's savings and no others"
    assert gaps[0][2026] - gaps[2][2026] == pytest.approx(0.02 * costs[2026]), "one year's saving in the first year"


def test_opening_resources_are_the_published_parts_and_say_what_was_not_found():
    parts = money.resources().set_index("part")
    found, whole = parts[parts.published.notna()], parts.loc["All parts found"]
    board = catalogue.table("observations").query("area_code == 'QMM'").set_index("indicator_id").value
    assert found.published["Hospital services, the board's spending"] == board["icb_spend_acute"] == 1275.5
    spent = 1.044**2 * found.published[:4].sum() + 700
    assert whole.opening == pytest.approx(spent) and whole.opening == pytest.approx(found.opening.sum())
    starts = money.starts().set_index("start_id")
    assert (starts.resources.drop("bid-2018") == whole.opening).all() and 2900 < whole.opening < 3100
    assert starts.resources_basis["bid-2018"] == "published" and starts.resources["bid-2018"] == 2600
    assert (starts.resources_basis.drop("bid-2018") == "published parts carried forward").all()
    missing = parts[parts.published.isna() & (parts.index != "All parts found")]
    assert len(missing) == 2 and missing.source.str.startswith("No published figure found. Official dataset: ").all()
    assert missing.opening.sum() == 0 and "3,669: not used" in whole.note


def test_every_assumption_is_called_one_and_says_why():
    assumptions = money.assumptions()
    assert {"carry_forward", "prevention_effect", "prevention_delay", "uncertainty"} <= set(assumptions.assumption_id)
    assert assumptions.source.str.startswith("Assumption").all() and assumptions.why.str.len().gt(30).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: money.project(demand_growth=1, start="2018"), "bid-2018"),
        (lambda: money.project(demand_growth=float("nan")), "demand_growth"),
        (lambda: money.project(demand_growth=[1, 2]), "one for each of the 10 years"),
        (lambda: money.efficiency_to_balance(demand_growth=1, year=2025), "2026 to 2035"),
    ],
)
def test_bad_input_is_refused_with_the_fix(call, says):
    with pytest.raises(money.MoneyError, match=says):
        call()


@pytest.mark.parametrize("end", ["low", "high"])
def test_levers_at_their_ends_give_finite_money(end):
    scenario = Scenario(**{name: getattr(levers()[name], end) for name in money.LEVERS})
    assert np.isfinite(money.project(scenario, demand_growth=0).value).all()
    assert np.isfinite(money.efficiency_to_balance(scenario, demand_growth=0))


def test_demand_growth_by_year_is_used_year_by_year():
    growth = list(range(10))
    costs = money.project(STILL, demand_growth=growth).query("measure == 'costs'").value.to_numpy()
    assert np.allclose(costs[1:] / costs[:-1], 1 + np.array(growth) / 100)


def test_the_money_of_2018_is_on_hand_as_written():
    founding = money.founding().set_index("ref")
    assert founding.value[["FIN-01", "FIN-02", "FIN-03", "FIN-04"]].tolist() == [2600, -66.2, -17.7, 6.7]
    assert set(money.since().ref) == set(founding.index)


def test_demand_comes_from_the_demand_model_and_follows_its_levers():
    official = money.modelled_demand_growth()
    healthier = money.modelled_demand_growth(Scenario(gp_trend=-1))
    assert len(official) == 10 and official.growth.between(-1, 4).all()
    assert (healthier.growth < official.growth).all()
    assert money.project().equals(money.project(demand_growth=official.growth))
    assert money.modelled_demand_growth(Scenario(efficiency=0)).equals(official)


def test_every_opening_position_has_demand_for_each_of_its_years():
    for start in ALL_STARTS:
        assert money.modelled_demand_growth(start=start).growth.notna().all()


def test_the_finding_says_what_the_numbers_say():
    assert money.finding(Scenario(resource_growth=8), "bid-2018").endswith("closes by 2018/19")
    assert money.finding(Scenario(resource_growth=-2, efficiency=0), "bbc-280").startswith(
        "If no costs are saved, the gap of £280 million grows to £"
    )
    planned = "If the £160 million of 2025/26 is saved in full and "
    assert money.finding().startswith(planned + "2% of costs every year after, £")
    assert money.finding().endswith("is left over in 2035/36")
    assert money.finding(Scenario(efficiency=0)).startswith(planned + "nothing after, a gap of £")
    still = money.steps(STILL, demand_growth=0)
    assert money.steps_finding(still) == "Nothing widens the gap; nothing narrows it"
    assert money.steps_finding(money.steps(demand_growth=1)).startswith(
        "Prices and pay would widen the gap most, by £1."
    )


@pytest.mark.parametrize(
    ("millions", "words"),
    [
        (160, "£160 million"),
        (66.2, "£66.2 million"),
        (-27.3, "−£27.3 million"),
        (3669.25, "£3.7 billion"),
        (0, "£0 million"),
    ],
)
def test_amounts_are_written_as_people_say_them(millions, words):
    assert money.pounds(millions) == words


def drawn(scenario, measure):
    resources, costs = model._drawn_paths(scenario, 1.0, money.DEFAULT_START, draws=200, seed=1)
    return {"resources": resources, "costs": costs, "gap": costs - resources}[measure]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(money.LEVERS), st.data())
def test_a_range_made_longer_at_one_end_moves_every_draw_that_way_or_not_at_all(lever_id, data):
    lever, ends = levers()[lever_id], st.floats(levers()[lever_id].low, levers()[lever_id].high)
    low, high = sorted(data.draw(st.tuples(ends, ends)))
    scenario = Scenario(**{lever_id: data.draw(ends)})
    up = 1 if lever.direction == "up" else -1
    usual, lower, higher = (
        drawn(scenario.with_range(lever_id, limits), "gap")
        for limits in (
            (low, high),
            (data.draw(st.floats(lever.low, low)), high),
            (low, data.draw(st.floats(high, lever.high))),
        )
    )
    assert (up * (usual - lower) >= -1e-6).all() and (up * (higher - usual) >= -1e-6).all()


def test_a_range_set_for_a_rate_is_drawn_from():
    def width(scenario, measure="costs"):
        table = money.band(scenario, demand_growth=1).query("measure == @measure")
        return np.log(table["upper"] / table["lower"]).to_numpy()[1:]

    usual = Scenario()
    same = Scenario(
        ranges={i: (usual[i] - 0.5, usual[i] + 0.5) for i in ("efficiency", "resource_growth", "demand_growth")}
    )
    assert np.allclose(width(same), width(usual))
    held = usual.replace(ranges={i: (usual[i], usual[i]) for i in money.LEVERS})
    assert np.allclose(width(held), 0) and np.allclose(width(held, "resources"), 0)
    assert (width(held.with_range("efficiency", (0, 4))) > 1.9 * width(held.with_range("efficiency", (1, 3)))).all()


def test_the_edges_of_the_band_are_the_tenth_and_the_ninetieth_percentile_of_the_paths():
    for measure in ("resources", "costs", "gap"):
        paths = drawn(Scenario(), measure)
        table = money.band(demand_growth=1, draws=200).query("measure == @measure")
        assert np.abs((paths < table["lower"].to_numpy()).mean(axis=0)[1:] - 0.1).max() < 0.01, measure
        assert np.abs((paths < table["upper"].to_numpy()).mean(axis=0)[1:] - 0.9).max() < 0.01, measure


def test_a_line_with_its_band_is_the_line_and_the_band():
    table = money.with_band(measures=("costs", "gap"), draws=200)
    line = money.project().query("measure in ('costs', 'gap')").sort_values(["measure", "year"])
    band = money.band(draws=200).query("measure in ('costs', 'gap')").sort_values(["measure", "year"])
    assert table["measure"].tolist() == line["measure"].tolist() and table["year"].tolist() == line["year"].tolist()
    assert np.allclose(table["value"], line["value"]) and table["projected"].tolist() == line["projected"].tolist()
    assert np.allclose(table[["lower", "upper"]], band[["lower", "upper"]])


def test_a_new_lever_without_effect_leaves_the_band_as_it_was(monkeypatch):
    before = money.band(Scenario(efficiency=1), demand_growth=1)
    known, groups = register._register()
    plain = {"new_lever": replace(known["efficiency"], id="new_lever", moves="nothing")}
    monkeypatch.setattr(register, "_register", lambda: (plain | dict(known), groups))
    assert money.band(Scenario(efficiency=1), demand_growth=1).equals(before)
