"""Places, measures and distances: parts sum to wholes, and wrong questions are answered kindly."""

import doctest
import sys
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue, geography
from ics_core.geography import GeographyError


def total(frame, group="All residents", level="footprint", column="beyond"):
    return frame.query("group == @group and level == @level")[column].sum()


def test_the_examples_in_the_docstrings_are_true():
    rooms = [module for name, module in sys.modules.items() if name.startswith("ics_core.geography.")]
    examined = [doctest.testmod(room) for room in rooms]
    assert sum(found.attempted for found in examined) >= 5 and not any(found.failed for found in examined)


def test_every_level_has_the_places_it_should_have():
    assert {level: len(geography.places(level)) for level in geography.LEVELS} == {
        "footprint": 1,
        "locality": 5,
        "district": 8,
        "msoa": 128,
        "lsoa": 624,
        "pcn": 20,
        "practice": 103,
    }
    assert len(geography.places("pcn", "original_17")) == 17


@pytest.mark.parametrize("level", ["footprint", "locality", "district", "msoa", "lsoa"])
def test_areas_have_the_codes_of_their_shapes(level):
    assert set(geography.places(level)["code"]) == set(catalogue.geometry(geography.GEOMETRIES[level])["code"])


@pytest.mark.parametrize("level", ["district", "locality", "msoa", "lsoa"])
def test_residents_of_every_level_sum_to_the_footprint(level):
    assert geography.measure("residents", level)["value"].sum() == 1_058_014


def test_residents_of_districts_equal_the_official_estimate():
    official = (
        catalogue.table("population_totals")
        .query("sex == 'persons' and year == 2024")
        .set_index("area_code")["population"]
    )
    ours = geography.measure("residents", "district").set_index("code")["value"]
    norfolk = ours.index.intersection(official.index)
    assert len(norfolk) == 7
    assert (ours[norfolk] == official[norfolk]).all()


def test_every_measure_knows_a_value_for_every_area_of_its_levels():
    for measure in geography.measures().itertuples():
        for level in measure.levels:
            frame = geography.measure(measure.id, level)
            assert list(frame.columns) == ["code", "name", "value", "unit", "period"]
            assert frame["value"].notna().all(), (measure.id, level)
            assert all(catalogue.source(name) for name in measure.sources)


def test_shares_of_ages_that_cover_all_make_the_whole():
    parts = sum(geography.measure("age_band", "district", ages=ages)["value"] for ages in [(0, 17), (18, 64), (65, 90)])
    assert np.allclose(parts, 100)


def test_the_nearest_hospital_is_the_one_in_the_published_merge():
    ours = geography.drive_times().set_index("code")
    table = catalogue.table("lsoas").set_index("lsoa_code")
    assert (ours["minutes"] - table["nearest_acute_min"]).abs().max() <= 0.051  # the table is rounded to a tenth
    same = ours["hospital"] == table["nearest_acute"]
    tied = geography.drive_times(over_border=False).set_index("code")["minutes"] == ours["minutes"]
    assert (same | tied).all() and same.sum() > 615  # three areas are as far from one as from the other


def test_doubtful_times_are_left_out():
    flagged = catalogue.table("drive_times").query("flag.notna()")
    assert len(flagged) and set(flagged["destination_id"]) == {"addenbrookes"}
    only = geography.drive_times(without=[h for h in geography.ACUTE + geography.OVER_BORDER if h != "addenbrookes"])
    assert np.isinf(only.set_index("code").loc[flagged["lsoa11_code"], "minutes"]).all()


def test_districts_sum_to_the_footprint_in_every_group():
    frame = geography.beyond(27)
    for group in geography.GROUPS:
        for column in ("people", "beyond"):
            assert total(frame, group, "district", column) == pytest.approx(total(frame, group, "footprint", column))


def test_nobody_is_beyond_four_hours_and_everyone_beyond_nothing():
    assert total(geography.beyond(240)) == 0
    assert total(geography.beyond(0)) == 1_058_014


def test_who_lives_exactly_that_many_minutes_away_is_not_beyond_them():
    times = geography.drive_times().set_index("code")["minutes"]
    people = catalogue.table("lsoas").set_index("lsoa_code")["pop_mid2024"]
    for minutes in times.quantile([0.2, 0.5, 0.9], interpolation="nearest"):
        assert total(geography.beyond(float(minutes))) == people[times[times > minutes].index].sum()
        assert geography.further(times, minutes).sum() == (times > minutes).sum() < (times >= minutes).sum()


def test_density_is_people_of_the_latest_estimates_over_land():
    lsoas = catalogue.table("lsoas")
    districts = lsoas.groupby("lad_code")[["pop_mid2024", "pop_census2021", "area_km2"]].sum()
    shown = geography.measure("density", "district").set_index("code")["value"]
    pd.testing.assert_series_equal(shown, districts["pop_mid2024"] / districts["area_km2"], check_names=False)
    assert (districts["pop_mid2024"] != districts["pop_census2021"]).all()
    assert set(geography.measure("density", "district")["period"]) == {geography.dated("estimates")}


def test_values_are_said_with_the_unit_they_are_measured_in():
    drive, road = (geography.MEASURES[one] for one in ("drive_acute", "gp_road_km"))
    assert (geography.said(23.44, drive), geography.said(1.93, road)) == ("23.4 minutes", "1.9 km")
    assert geography.said(146_620, geography.MEASURES["residents"]) == "146,620"
    times = geography.measure("drive_acute", "lsoa")
    assert set(times["unit"]) == {"minutes"}
    nearest = geography.drive_times().set_index("code")["minutes"]
    assert (times.set_index("code")["value"] - nearest).abs().max() < 0.06


def test_people_are_said_to_the_nearest_hundred():
    assert [geography.hundreds(people) for people in (224_561, 1_049, 1_051, 49)] == ["224,600", "1,000", "1,100", "0"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100), st.integers(0, 30), st.sets(st.sampled_from(geography.ACUTE)))
def test_more_minutes_never_leave_more_people_beyond_and_a_closure_never_fewer(minutes, more, closed):
    here = total(geography.beyond(minutes))
    assert total(geography.beyond(minutes + more)) <= here
    assert total(geography.beyond(minutes, without=closed)) >= here


def test_without_hospitals_over_the_border_some_live_further_away():
    own, every = geography.drive_times(over_border=False), geography.drive_times()
    assert set(own["hospital_id"]) == set(geography.ACUTE)
    assert (own["minutes"] >= every["minutes"]).all()
    assert (own["minutes"] > every["minutes"]).equals(~every["hospital_id"].isin(geography.ACUTE))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: geography.beyond(-1), "from 0 to 240"),
        (lambda: geography.beyond("soon"), "from 0 to 240"),
        (lambda: geography.beyond(30, without=["nnhu"]), "nnuh"),
        (lambda: geography.beyond(30, without=geography.ACUTE, over_border=False), "keep at least one"),
        (lambda: geography.measure("share_56", "district"), "share_65"),
        (lambda: geography.measure("imd_decile", "district"), "lsoa"),
        (lambda: geography.measure("age_band", "district", ages=(70, 60)), "the first not above the last"),
        (lambda: geography.places("county"), "district"),
        (lambda: geography.place("E0700014"), "Breckland"),
        (lambda: geography.small_areas("U31420"), "code of an area"),
        (lambda: geography.value("imd_decile", "E07000148"), "lsoa"),
        (lambda: geography.value("age_band_", "E07000148"), "age_band"),
        (lambda: geography.places("pcn", "all"), "current_20"),
        (lambda: geography.classes(pd.Series([1.0, 2.0]), "jenks"), "natural breaks"),
    ],
)
def test_a_wrong_question_is_answered_with_what_would_be_right(call, said):
    with pytest.raises(GeographyError, match=said):
        call()


def test_classes_hold_exactly_the_values_their_words_say():
    for level in ("district", "msoa", "lsoa"):
        values = geography.measure("share_65", level).set_index("code")["value"]
        found = geography.classes(values, decimals=1)
        for number, words in enumerate(found.words):
            low, high = (float(part) for part in (words.split(" to ") * 2)[:2])
            inside = values[found.numbers == number].round(1)
            assert (inside.min(), inside.max()) == (low, high)
    assert set(found.numbers.index) == set(values.index)


def test_natural_breaks_leave_least_spread_of_all_ways_to_part_the_values():
    values = pd.Series(np.random.default_rng(7).gamma(1.5, 10, 11).round(1))
    ordered = values.sort_values().to_numpy()

    def spread(ends: tuple[int, ...]) -> float:
        return sum(((part - part.mean()) ** 2).sum() for part in np.split(ordered, ends))

    best = min(spread(ends) for ends in combinations(range(1, len(values)), 3))
    numbers = geography.classes(values, "natural breaks", k=4, decimals=1).numbers
    assert spread(tuple(np.bincount(numbers).cumsum()[:-1])) == pytest.approx(best)


def test_a_value_at_the_edge_of_a_quantile_belongs_to_the_lower_class():
    values = pd.Series([0.1, 0.2, 0.3, 3.9, 4.0, 4.1, 4.2])
    assert geography.classes(values, "quantiles", k=2, decimals=1).words == ("0.1 to 3.9", "4.0 to 4.2")


def test_missing_values_get_no_class():
    assert geography.classes(pd.Series({"a": 1.0, "b": np.nan, "c": 3.0})).numbers.index.tolist() == ["a", "c"]


def test_deciles_and_words_keep_their_own_classes():
    assert geography.classes(geography.measure("imd_decile", "lsoa")["value"]).words == tuple(
        str(n) for n in range(1, 11)
    )
    assert geography.classes(geography.measure("rural_urban", "lsoa")["value"]).words == ("Rural", "Urban")


def test_each_set_of_networks_adds_up_to_the_same_patients_and_only_one_set_is_ever_added():
    sums = {one: geography.pcns(one)["list_size_2026"].sum() for one in geography.PCN_SETS}
    assert set(sums.values()) == {int(geography.practices()["list_size"].sum())}


def test_practices_belong_to_the_district_their_postcode_says():
    practices = geography.practices()
    lsoas = catalogue.table("lsoas").set_index("lsoa_code")
    assert (practices["lsoa_code"].map(lsoas["lad_current_code"]) == practices["district_code"]).mean() > 0.98


def test_sites_without_good_evidence_of_use_are_not_shown_as_open():
    shown = geography.hospitals()
    assert len(shown) < len(geography.hospitals(shown=False))
    assert not set(shown["name"]) & {
        "Carlton Court",
        "Julian Hospital",
        "Swaffham Community Hospital",
        "The Fermoy Unit, King's Lynn",
    }
    assert shown["code"].is_unique


def test_search_puts_names_that_begin_with_the_words_first_and_bears_a_slip():
    assert geography.find("great yar")["name"].iloc[0].startswith("Great Yarmouth")
    assert "Gorleston PCN" in set(geography.find("gorlston pcn")["name"])
    assert set(geography.find("norwich", levels=["pcn"])["level"]) == {"pcn"}
    assert len(geography.find("", limit=7)) == 7
    assert geography.find("\x00'; drop table").empty


def test_small_areas_nest_in_neighbourhoods_districts_and_the_footprint():
    assert list(geography.nest("E01026741")["level"]) == ["lsoa", "msoa", "district", "locality", "footprint"]
    assert list(geography.nest("D82001")["code"])[-1] == "E54000022"
    assert list(geography.nest("E54000022")["level"]) == ["footprint"]


def test_the_directory_names_every_place_once_and_no_two_alike():
    for pcn_set in geography.PCN_SETS:
        found = geography.directory(pcn_set)
        assert found["code"].is_unique and found["label"].is_unique and found["label"].notna().all()
        assert set(found["code"]) >= {"U13557", "U00000"}


def test_the_curve_by_minutes_goes_through_the_points_of_each_number_of_minutes():
    curve = geography.beyond_by_minutes(without=["jpuh"], minutes=[20, 45])
    for minutes in (20, 45):
        whole = geography.beyond(minutes, without=["jpuh"]).query("level == 'footprint'").set_index("group")["share"]
        assert curve.query("minutes == @minutes").set_index("group")["share"].to_dict() == pytest.approx(
            whole.to_dict()
        )


def test_half_of_a_group_lives_within_the_minutes_said():
    curve = geography.beyond_by_minutes()
    for group, minutes in geography.half_beyond(curve).items():
        shares = curve[curve["group"] == group].set_index("minutes")["share"]
        assert shares[minutes] <= 50 < shares[minutes - 1]


def test_the_value_of_one_area_is_that_of_the_measure_and_the_footprint_has_one_too():
    for measure_id in ("residents", "share_65", "imd_score", "drive_acute"):
        frame = geography.measure(measure_id, "district").set_index("code")["value"]
        assert geography.value(measure_id, "E07000147") == frame["E07000147"]
        assert isinstance(geography.value(measure_id, geography.FOOTPRINT), float)


def test_the_small_areas_of_the_districts_are_those_of_the_footprint():
    parts = [set(geography.small_areas(code).index) for code in geography.places("district")["code"]]
    assert set().union(*parts) == set(geography.small_areas().index) and sum(map(len, parts)) == 624


def test_a_degree_of_latitude_is_111_kilometres():
    assert geography.kilometres(52, 1, pd.Series([53.0, 52.0]), pd.Series([1.0, 1.0])).tolist() == pytest.approx(
        [111.2, 0], abs=0.1
    )
