"""Results that are kept: once for all, no more than so many bytes, and nobody can spoil them."""

import threading
import time

import numpy as np
import pandas as pd
import pytest

from ics_core import chance, demand, money, population, scenario
from ics_core.kept import Kept, kept, read_only, size_of
from ics_core.population import implied
from ics_core.scenario import Scenario


def test_a_result_is_worked_out_once_and_handed_out_again():
    found, made = Kept(10_000), []
    for _ in range(3):
        assert found.get("a", lambda: made.append(1) or len(made)) == 1
    assert made == [1] and found.made == 1


def test_no_more_is_kept_than_so_many_bytes_and_what_was_used_last_stays():
    found = Kept(3 * 8_000)
    for key in "abc":
        found.get(key, lambda: np.zeros(1000))
    found.get("a", lambda: pytest.fail("still kept"))
    found.get("d", lambda: np.zeros(1000))
    assert found.held <= found.most
    for key in "acd":
        found.get(key, lambda: pytest.fail("still kept"))
    found.get("b", lambda: np.zeros(1000))
    assert found.made == 5, "b had to go, as it was used longest ago"


def test_a_result_larger_than_all_there_may_be_is_handed_out_and_not_kept():
    found = Kept(1000)
    assert found.get("big", lambda: np.zeros(1000)).sum() == 0 and found.held == 0


def test_bytes_are_counted_however_arrays_are_packed():
    array, frame = np.zeros(1000), pd.DataFrame({"a": np.zeros(1000)})
    assert size_of(array) == 8000 and size_of((array, {"b": [array]})) == 16_000
    assert 8000 <= size_of(frame) < 9000 and size_of("text") > 0


def test_the_same_question_at_the_same_time_is_worked_out_once():
    asked, answers, made = threading.Barrier(8), [], []

    @kept(10_000)
    def slow(key):
        made.append(key)
        time.sleep(0.05)
        return len(made)

    def ask():
        asked.wait()
        answers.append(slow("a"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["a"] and answers == [1] * 8


def test_different_questions_do_not_wait_for_each_other():
    found, inside = Kept(10_000), threading.Barrier(2, timeout=10)
    threads = [threading.Thread(target=found.get, args=(key, inside.wait)) for key in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not inside.broken, "both were at work at once"


def test_an_error_is_not_kept_and_the_next_in_line_tries_anew():
    found = Kept(10_000)
    with pytest.raises(ZeroDivisionError):
        found.get("a", lambda: 1 // 0)
    assert found.get("a", lambda: 2) == 2


def test_read_only_arrays_cannot_be_changed():
    array = np.zeros(3)
    read_only(array)
    with pytest.raises(ValueError):
        array[0] = 1


MOVED = Scenario(fertility=-5, ae_trend=0.5)
HANDED_OUT = {
    "population.places": population.places,
    "population.project": lambda: population.project(MOVED),
    "population.totals": lambda: population.totals(MOVED),
    "population.ages": population.ages,
    "population.components": population.components,
    "population.shares": population.shares,
    "population.growth": population.growth,
    "population.bands": lambda: population.bands(MOVED, draws=50),
    "population.official": population.official,
    "population.estimates": population.estimates,
    "population.back_test": population.back_test,
    "population.back_test by age": lambda: population.back_test("age"),
    "population.calibration": population.calibration,
    "population.tables.lines": lambda: population.tables.lines(scenario=MOVED, draws=50),
    "population.tables.headline": population.tables.headline,
    "population.tables.pyramid": population.tables.pyramid,
    "population.tables.drivers": population.tables.drivers,
    "population.tables.proportions": population.tables.proportions,
    "population.tables.growth": population.tables.growth,
    "population.tables.likelihood": lambda: population.tables.likelihood(draws=50),
    "demand.project": lambda: demand.project(MOVED),
    "demand.series": lambda: demand.series("dementia", MOVED),
    "demand.by_age": lambda: demand.by_age("dementia"),
    "demand.drivers": lambda: demand.drivers("dementia"),
    "demand.hold_levels": lambda: demand.hold_levels("dementia"),
    "demand.bands": lambda: demand.bands("dementia", draws=50),
    "demand.driver_bands": lambda: demand.driver_bands("dementia", draws=50),
    "demand.distribution": lambda: demand.distribution("dementia", draws=50),
    "demand.lever_ranges": demand.lever_ranges,
    "demand.history": lambda: demand.history("ae_attendances"),
    "demand.observed": lambda: demand.observed("ae_attendances"),
    "demand.rate_table": lambda: demand.rate_table("dementia"),
    "demand.effect_table": demand.effect_table,
    "demand.recorded_shares": lambda: demand.recorded_shares("dementia").to_frame(),
    "demand.major_departments": lambda: demand.major_departments().to_frame(),
    "demand.levels": demand.levels,
    "demand.weights": demand.weights,
    "demand.growth": demand.growth,
    "demand.capacity": lambda: demand.capacity("dementia"),
    "demand.tables.lines": lambda: demand.tables.lines("dementia", draws=50),
    "demand.tables.drivers": lambda: demand.tables.drivers("dementia", draws=50),
    "demand.tables.ages": lambda: demand.tables.ages("dementia"),
    "demand.tables.overview": demand.tables.overview,
    "demand.tables.rates": lambda: demand.tables.rates("dementia"),
    "money.starts": money.starts,
    "money.conflicting": money.conflicting,
    "money.resources": money.resources,
    "money.assumptions": money.assumptions,
    "money.founding": money.founding,
    "money.since": money.since,
    "money.project": money.project,
    "money.band": lambda: money.band(draws=50),
    "money.with_band": lambda: money.with_band(draws=50),
    "money.steps": money.steps,
    "money.value_of_a_point": money.value_of_a_point,
    "money.modelled_demand_growth": money.modelled_demand_growth,
}


@pytest.mark.parametrize("ask", HANDED_OUT.values(), ids=list(HANDED_OUT))
def test_whoever_spoils_a_table_spoils_their_own(ask):
    mine = ask()
    before = mine.copy(deep=True)
    for column in mine.columns:
        mine.loc[mine.index[:1], column] = mine[column].iloc[-1]
        mine[column] = mine[column].iloc[::-1].to_numpy()
    mine.drop(mine.index[1:], inplace=True)
    pd.testing.assert_frame_equal(ask(), before)


def test_arrays_and_mappings_that_are_kept_cannot_be_changed():
    run, draws = population.run(MOVED), population.project_draws(MOVED, draws=50)
    arrays = [run.years, run.people, run.births, run.deaths, run.migration, draws.weights, *draws.levers.values()]
    arrays += [demand.draw("dementia", draws=50), demand.rates(), implied.inputs("ons-2022").start]
    for array in arrays:
        with pytest.raises(ValueError):
            array[...] = 0
    mappings = (population.place_names(), demand.measures(), demand.order(), scenario.levers(), scenario.groups())
    for mapping in (*mappings, draws.levers, draws.ranges, demand.measure("dementia").rate):
        with pytest.raises(TypeError):
            mapping["x"] = 0
    scenario.json_schema()["properties"].clear()
    assert scenario.json_schema()["properties"]


# ---------------------------------------------------------------------------------- chance with names


def test_a_stream_is_that_of_its_name_and_seed_for_all_time():
    assert chance.stream(1, "smoking").random() == pytest.approx(chance.stream(1, "smoking").random())
    first = [chance.stream(*name).random() for name in ((1, "a"), (2, "a"), (1, "b"), (1, "a", "b"), (1, "ab"))]
    assert len(set(first)) == len(first)
    assert chance.ranks(3, 1, "fertility").round(6).tolist() == RANKS


def test_ranks_hold_one_chance_in_each_equal_part():
    ranks = chance.ranks(200, 1, "a")
    assert sorted((ranks * 200).astype(int)) == list(range(200)) and (np.diff(ranks) < 0).any()


def test_the_normal_quantiles_are_those_of_the_tables():
    assert chance.normal(np.array([0.1, 0.5, 0.975])) == pytest.approx([-1.2816, 0, 1.96], abs=1e-4)


RANKS = [0.404268, 0.216859, 0.859311]  # moves only if the stream of a name does, and then every band
