"""XmR charts: worked examples by hand, bad input, and properties that must hold for any series."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import spc

SERIES = st.lists(st.integers(-500, 500).map(lambda n: n / 10), min_size=2, max_size=45)


def signals(values, **options):
    return list(spc.xmr(values, **options).points["signal"])


def test_limits_are_the_mean_and_2_66_mean_moving_ranges():
    # Moving ranges 2, 1, 2, 2, 1, 2, 2: mean 12/7. Mean of the values 43/8.
    points = spc.xmr([4, 6, 5, 7, 5, 6, 4, 6]).points
    assert points["mean"].tolist() == pytest.approx([5.375] * 8)
    assert points["lower"].tolist() == pytest.approx([5.375 - 2.66 * 12 / 7] * 8)
    assert points["upper"].tolist() == pytest.approx([5.375 + 2.66 * 12 / 7] * 8)


def test_a_large_moving_range_is_left_out_once():
    # Ranges 1 x 8, 20, 20, 1 x 4: mean 52/14 = 3.71; 20 is over 3.267 times that, so the mean becomes 1.
    values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 30, 10, 11, 10, 11, 10]
    screened, plain = spc.xmr(values).phases, spc.xmr(values, screen=False).phases
    assert screened["mean_range"].iloc[0] == pytest.approx(1)
    assert plain["mean_range"].iloc[0] == pytest.approx(52 / 14)


def test_a_moving_range_of_exactly_3_267_times_the_mean_is_left_out():
    # Nine ranges of 1 and one of r with r = 3.267 (9 + r) / 10: r = 29.403 / 6.733.
    values = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1 + 29.403 / 6.733 + 1e-9]
    assert spc.xmr(values).phases["mean_range"].iloc[0] == pytest.approx(1)


def test_screening_happens_once_only():
    # The first pass drops 100; 5 would fall to a second pass over the eleven that are left.
    values = np.cumsum([0, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 5, -100])
    assert spc.xmr(values).phases["mean_range"].iloc[0] == pytest.approx((10 + 5) / 11)


def test_a_point_outside_a_limit_is_marked():
    values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 30, 10, 11, 10, 11, 10]
    assert signals(values)[9] == "above upper limit"
    assert signals([-v for v in values])[9] == "below lower limit"


def test_a_point_on_the_limit_is_not_outside():
    # Baseline of ten: mean 0.5, mean range 1, upper limit 3.16.
    baseline = [0, 1] * 5
    assert signals([*baseline, 3.16], fix_after=10)[10] is None
    assert signals([*baseline, 3.161], fix_after=10)[10] == "above upper limit"


@pytest.mark.parametrize(("apart", "expected"), [(0.0, None), (0.001, "two of three high")])
def test_a_point_on_the_near_limit_is_not_close_to_the_limit(apart, expected):
    # Baseline of twelve: mean 0.5, mean range 1, near limit two thirds of 2.66 above the mean.
    near = 0.5 + 2 / 3 * 2.66 + apart
    assert signals([*[0, 1] * 6, near, near, near - 1, 0], fix_after=12)[12:14] == [expected] * 2


@pytest.mark.parametrize("improvement", ["increase", "decrease"])
def test_a_target_on_a_limit_is_neither_always_met_nor_always_missed(improvement):
    upper = spc.xmr([0, 1] * 6).points["upper"].iloc[-1]
    assert spc.xmr([0, 1] * 6, improvement, target=upper).assurance == "inconsistent"
    assert spc.xmr([0, 1] * 6, improvement, target=upper + 0.001).assurance != "inconsistent"


def test_every_point_of_a_trend_of_seven_is_marked():
    values = [5, 1, 9, 1, 2, 3, 4, 5, 6, 7, 1, 9, 1, 9, 1]
    assert [s == "trend up" for s in signals(values)] == [False] * 3 + [True] * 7 + [False] * 5
    assert [s == "trend down" for s in signals([-v for v in values])] == [False] * 3 + [True] * 7 + [False] * 5


def test_six_rising_points_or_a_tie_make_no_trend():
    assert "trend up" not in signals([9, 1, 2, 3, 4, 5, 6, 1, 9, 1, 9])
    assert "trend up" not in signals([9, 1, 2, 3, 3, 4, 5, 6, 1, 9, 1, 9])


def test_a_turning_point_belongs_to_the_trend_it_starts():
    values = [4, 5, 6, 7, 8, 9, 10, 9, 8, 7, 6, 5, 4]
    assert signals([*[20, -6] * 6, *values], fix_after=12)[12:] == ["trend up"] * 6 + ["trend down"] * 7


def test_the_last_point_of_a_trend_keeps_its_direction_when_another_trend_follows():
    down, up = [13, 12, 11, 10, 9, 8, 7], [7, 8, 9, 10, 11, 12, 13]
    assert signals([*[20, 0] * 6, *down, *up], fix_after=12)[12:] == ["trend down"] * 7 + ["trend up"] * 7


def test_two_of_three_near_a_limit_are_marked_and_the_third_is_not():
    # Mean 0.5, limits at 2.66 away, near limits at 1.773: 2.6 lies between, 0.6 does not.
    found = signals([*[0, 1] * 6, 2.6, 0.6, 2.6, 0, 1], fix_after=12)
    assert found[12:15] == ["two of three high", None, "two of three high"]


def test_two_of_three_must_lie_on_one_side_of_the_mean():
    assert signals([*[0, 1] * 6, 2.6, 0.4, 2.6, 0, 1], fix_after=12)[12:15] == [None] * 3
    assert signals([*[0, 1] * 6, 2.6, -1.6, 0, 1], fix_after=12)[12:14] == [None] * 2


def test_every_point_of_a_run_of_seven_is_marked():
    found = signals([*[0, 1] * 6, 0.9, 0.7, 0.8, 0.7, 0.9, 0.6, 0.8, 0], fix_after=12)
    # The 1 before the run is above the mean as well, so eight points make the run.
    assert found[11:20] == ["run above mean"] * 8 + [None]


def test_a_point_on_the_mean_breaks_a_run():
    found = signals([*[0, 1] * 6, 0, 0.9, 0.7, 0.8, 0.5, 0.9, 0.6, 0.8, 0], fix_after=12)
    assert found[13:] == [None] * 8


def test_the_first_rule_that_applies_names_the_point():
    # A run of eight, of which one point is outside the limit.
    found = signals([*[1, 0] * 6, 0.9, 0.7, 0.8, 5, 0.9, 0.6, 0.8, 0], fix_after=12)
    assert found[15] == "above upper limit"
    assert found[12:15] == ["run above mean"] * 3


def test_a_point_on_the_mean_breaks_a_run_below_it_as_one_above():
    found = signals([*[0, 1] * 6, 1, 0.1, 0.3, 0.2, 0.5, 0.1, 0.4, 0.2, 1], fix_after=12)
    assert found[13:] == [None] * 8


def test_phases_have_their_own_limits_and_rules_do_not_cross_them():
    result = spc.xmr([1, 2, 3, 4, 5, 6, 7, 8], rebase=[4])
    assert result.points["phase"].tolist() == [1] * 4 + [2] * 4
    assert result.points["mean"].tolist() == pytest.approx([2.5] * 4 + [6.5] * 4)
    assert list(result.points["signal"]) == [None] * 8


def test_the_table_of_phases_has_the_limits_of_its_points():
    result = spc.xmr([1, 3, 2, 4, 12, 11, 14, 12], rebase=[4])
    assert result.phases["start"].tolist() == [0, 4] and result.phases["points"].tolist() == [4, 4]
    for column in ("mean", "lower", "upper"):
        assert result.phases[column].tolist() == result.points[column].iloc[[0, 4]].tolist()


def test_two_points_are_baseline_enough():
    assert spc.xmr([0, 1, 9], fix_after=2).points["mean"].tolist() == [0.5] * 3


def test_numbers_that_come_as_objects_are_judged_as_numbers():
    mixed = pd.Series([4, np.float64(6), None, 5.0, 7], dtype=object)
    pd.testing.assert_frame_equal(spc.xmr(mixed).points, spc.xmr([4, 6, None, 5, 7]).points)


def test_limits_can_be_fixed_after_a_baseline():
    result = spc.xmr([*[0, 1] * 6, 50, 60], fix_after=12)
    assert result.phases["mean"].iloc[0] == pytest.approx(0.5)
    assert result.points["upper"].iloc[-1] == pytest.approx(3.16)


def test_a_gap_keeps_its_row_and_changes_nothing_else():
    whole = [4, 6, 5, 7, 5, 6, 4, 6, 9, 9, 9, 9]
    gappy = [4, None, 6, 5, 7, float("nan"), 5, 6, 4, 6, 9, 9, 9, 9]
    kept = spc.xmr(gappy).points.drop(index=[1, 5])
    assert list(kept["signal"]) == signals(whole)
    assert kept["upper"].tolist() == spc.xmr(whole).points["upper"].tolist()
    assert spc.xmr(gappy).points["signal"].iloc[1] is None


def test_fewer_than_twelve_points_give_trial_limits():
    assert spc.xmr([1, 2] * 5).trial
    assert not spc.xmr([1, 2] * 6).trial
    assert spc.xmr([1, 2] * 12, rebase=[20]).trial
    assert spc.xmr([1, 2] * 12, rebase=[20]).trial_words == "Trial limits: 4 points, fewer than twelve"
    assert spc.xmr([1, 2] * 6).trial_words == ""


@pytest.mark.parametrize("values", [[], [5], [None, 5, None], [float("nan")]])
def test_too_few_points_are_said_to_be_too_few(values):
    result = spc.xmr(values, target=3)
    assert (result.variation, result.assurance) == (None, None)
    assert "Not enough points" in result.message
    assert len(result.points) == len(values)


def test_a_last_phase_of_one_point_is_not_judged():
    assert spc.xmr([1, 2] * 8, rebase=[15]).variation is None


def test_a_constant_series_has_no_signals_and_no_assurance():
    result = spc.xmr([0.1] * 30, target=5)
    assert result.points["signal"].isna().all()
    assert result.variation == "common cause"
    assert result.assurance == "not enough variation to judge"


def test_screening_never_removes_all_variation():
    # Five equal values and a jump: limits lying on the mean would flag all six points.
    assert signals([10, 10, 10, 10, 10, 15]) == [None] * 5 + ["above upper limit"]


@pytest.mark.parametrize(
    ("improvement", "target", "expected"),
    [
        ("increase", 20, "consistently failing"),
        ("increase", -20, "consistently passing"),
        ("decrease", 20, "consistently passing"),
        ("decrease", -20, "consistently failing"),
        ("increase", 5, "inconsistent"),
        ("neutral", 20, None),
        ("increase", None, None),
    ],
)
def test_assurance_compares_the_target_with_the_latest_limits(improvement, target, expected):
    assert spc.xmr([4, 6, 5, 7, 5, 6, 4, 6] * 2, improvement=improvement, target=target).assurance == expected


@pytest.mark.parametrize(
    ("last", "improvement", "expected"),
    [
        (50, "increase", "special cause improving"),
        (50, "decrease", "special cause concerning"),
        (50, "neutral", "special cause neutral high"),
        (-50, "increase", "special cause concerning"),
        (-50, "neutral", "special cause neutral low"),
        (0, "increase", "common cause"),
    ],
)
def test_variation_is_judged_on_the_last_point(last, improvement, expected):
    assert spc.xmr([*[0, 1] * 8, last, None], improvement=improvement).variation == expected


@pytest.mark.parametrize("bad", [[1, "2"], ["x", "y"], [1, float("inf")], [True, False], [1, object()]])
def test_values_that_are_no_numbers_are_refused_with_their_position(bad):
    with pytest.raises(ValueError, match=r"values\[\d\]"):
        spc.xmr(bad)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("improvement", "up"),
        ("fix_after", 1),
        ("fix_after", 2.5),
        ("fix_after", True),
        ("rebase", [3]),
        ("rebase", [True]),
        ("rebase", [1.0]),
        ("rebase", [-1]),
        ("target", "ten"),
        ("target", float("inf")),
    ],
)
def test_options_out_of_range_are_refused_by_name(option, value):
    with pytest.raises(ValueError, match=option) as refused:
        spc.xmr([1, 2, 3], **{option: value})
    assert option != "rebase" or "from 0 to 2." in str(refused.value)


@settings(max_examples=50, deadline=None)
@given(SERIES, st.integers(-1000, 1000), st.integers(1, 50))
def test_shifting_and_scaling_move_the_limits_and_leave_the_signals_alone(values, shift, scale):
    before, after = spc.xmr(values).points, spc.xmr([v * scale + shift for v in values]).points
    assert list(before["signal"]) == list(after["signal"])
    for column in ("mean", "lower", "upper"):
        assert after[column].to_numpy() == pytest.approx(before[column].to_numpy() * scale + shift, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(SERIES, st.integers(-60, 60))
def test_flipping_the_direction_swaps_improving_and_concerning(values, target):
    swap = {"improving": "concerning", "concerning": "improving", "passing": "failing", "failing": "passing"}
    up, down = spc.xmr(values, "increase", target), spc.xmr(values, "decrease", target)
    for ours, theirs in ((up.variation, down.variation), (up.assurance, down.assurance)):
        *stem, last = ours.split(" ")
        assert " ".join([*stem, swap.get(last, last)]) == theirs


@settings(max_examples=50, deadline=None)
@given(SERIES)
def test_turning_a_series_upside_down_swaps_high_and_low(values):
    above, below = signals(values), signals([-v for v in values])
    assert [spc.direction(s) for s in above] == [
        {"high": "low", "low": "high", None: None}[spc.direction(s)] for s in below
    ]
