"""Profiles of places: what is said of a place is the sum of its parts, and stands beside the footprint and England."""

import doctest
import sys

import numpy as np
import pytest

from ics_core import catalogue, geography, profiles
from ics_core.geography import FOOTPRINT, GeographyError

ENGLAND = profiles.ENGLAND


def england(code):
    return profiles.profile(code).facts.set_index("id")["england"]


def test_the_examples_in_the_docstrings_are_true():
    rooms = [module for name, module in sys.modules.items() if name.startswith("ics_core.profiles")]
    examined = [doctest.testmod(room) for room in rooms]
    assert sum(found.attempted for found in examined) >= 2 and not any(found.failed for found in examined)


def test_census_shares_of_the_footprint_equal_those_worked_out_apart():
    apart = catalogue.table("system_observations").query("icb_code == 'E54000022'").set_index("metric_id")["value"]
    facts = profiles.profile("E54000022").facts.set_index("id")["value"]
    for age in (65, 75, 85):
        assert facts[f"share_{age}"] == pytest.approx(apart[f"census_share_{age}"], abs=0.01)
    assert facts["rural_share"] == pytest.approx(apart["rural_share_2021"], abs=0.01)


def test_lists_of_a_network_are_those_of_its_members():
    for pcn_set in geography.PCN_SETS:
        table = geography.pcns(pcn_set).set_index("pcn_code")
        for code in table.index:
            profile = profiles.pcn(code, pcn_set)
            assert profile.practices["list_size_2026"].sum() == table.at[code, "list_size_2026"]
            assert profile.practices["list_size_2022"].sum() == table.at[code, "list_size_2022"]
            assert profile.ages["people"].sum() == table.at[code, "list_size_2026"]


def test_a_network_of_the_old_set_is_found_and_says_which_set_it_is_from():
    profile = profiles.profile("U13557")
    assert profile.name == "Norwich PCN" and any("17 networks, to March 2024" in note for note in profile.notes)


@pytest.mark.slow
def test_every_place_of_every_level_has_a_profile():
    codes = [
        code
        for level in ("footprint", "locality", "district", "pcn", "practice")
        for code in geography.places(level)["code"]
    ]
    codes += list(geography.places("msoa")["code"][::16]) + list(geography.places("lsoa")["code"][::80])
    for code in codes:
        profile = profiles.profile(code)
        assert profile.code == code and profile.basis in {"residents", "registered patients"}
        assert profile.facts["value"].notna().all(), code
        assert profile.ages["share"].sum() == pytest.approx(100, abs=0.02)
        assert (
            len(profile.practices) and len(profile.hospitals) == 5 and profile.hospitals["minutes"].notna().sum() == 3
        )
        assert any(profile.basis.split()[0].lower() in note.lower() for note in profile.notes)


def test_an_unknown_network_is_answered_with_codes_of_known_ones():
    with pytest.raises(GeographyError, match="U31420"):
        profiles.pcn("U99999")


@pytest.mark.parametrize("code", ["E54000022", "E07000147", "E38000124", "E02005572", "E01026741"])
def test_every_measure_of_an_area_has_a_figure_for_the_footprint_and_for_england(code):
    facts = profiles.profile(code).facts
    assert facts["footprint"].notna().all() and facts["england"].notna().all()
    assert (facts["england_source"] != "").all()
    for name in {*facts["source"], *facts["england_source"]}:
        assert catalogue.source(name).publisher


@pytest.mark.parametrize("code", ["U10602", "U13557", "D82001"])
def test_patients_stand_beside_england_but_for_what_was_not_found(code):
    profile = profiles.profile(code)
    assert set(profile.without_england) == {"share_0_14", "share_80", "drive_acute"}
    assert profile.facts["footprint"].notna().all()


def test_englands_figures_are_those_of_the_tables_they_are_taken_from():
    observed = catalogue.table("system_observations").query("icb_code == @ENGLAND").set_index("metric_id")["value"]
    patients, residents = england("D82001"), england("E07000147")
    assert (
        patients["share_65"] == observed["reg_share_65p"] and patients["imd_score"] == observed["imd2025_reg_avg_score"]
    )
    assert patients["list_change"] == pytest.approx(100 * (patients["list_size"] / patients["list_size_2022"] - 1))
    assert (
        residents["residents"]
        == catalogue.table("population_totals")
        .query("area_code == @ENGLAND and sex == 'persons' and year == 2024")["population"]
        .item()
    )
    assert (
        residents["share_85"] == observed["census_share_85"]
        and residents["drive_acute"] == observed["drive_acute_mean"]
    )


def test_england_is_measured_as_the_footprint_is():
    """The same sources give the footprint what we work out for it, so the column for England is like for like."""
    observed = (
        catalogue.table("system_observations").query("icb_code == @FOOTPRINT").groupby("metric_id")["value"].last()
    )
    areas, patients = (
        profiles.profile(FOOTPRINT).facts.set_index("id")["value"],
        profiles.profile("D82001").facts.set_index("id")["footprint"],
    )
    for fact, metric, near in [
        ("drive_acute", "drive_acute_mean", 0.1),
        ("gp_road_km", "gp_road_km", 0.01),
        ("deprived_fifth", "imd2025_pop_d12", 0.01),
    ]:
        assert areas[fact] == pytest.approx(observed[metric], abs=near)
    for fact, metric, near in [
        ("share_65", "reg_share_65p", 0.5),
        ("share_75", "reg_share_75p", 0.3),
        ("imd_score", "imd2025_reg_avg_score", 0.1),
    ]:
        assert patients[fact] == pytest.approx(observed[metric], abs=near)  # January beside July


@pytest.mark.parametrize("code", ["E07000147", "E54000022"])
def test_englands_shares_by_age_make_the_whole(code):
    assert profiles.profile(code).ages["england_share"].sum() == pytest.approx(100)


@pytest.mark.parametrize("code", ["U10602", "D82001", "E02005572", "E01026741"])
def test_englands_shares_by_age_from_65_are_those_of_its_facts(code):
    profile = profiles.profile(code)
    assert profile.ages["england_share"].sum() == pytest.approx(profile.fact("share_65")["england"])
    assert profile.ages.loc[profile.ages["england_share"].notna(), "share"].sum() == pytest.approx(
        profile.fact("share_65")["value"], abs=0.01
    )


def test_the_age_that_stands_out_is_furthest_from_the_footprint_in_proportion():
    profile = profiles.profile("E02005572")
    times = np.log(profile.ages["share"] / profile.ages["footprint_share"]).abs()
    assert profile.standout["band"] == profile.ages["band"][times.argmax()] == "85 and over"
    assert profiles.profile(FOOTPRINT).standout["band"] == "90 and over"


def test_the_values_of_a_network_are_means_of_its_practices_weighted_by_their_lists():
    profile = profiles.pcn("U10602")
    members = geography.practices().query("pcn_code == 'U10602'")
    weights = members["list_size"] / members["list_size"].sum()
    assert profile.fact("imd_score")["value"] == pytest.approx((members["imd_2025_score"] * weights).sum())
    minutes = profile.hospitals.set_index("hospital")["minutes"]
    assert minutes["Queen Elizabeth Hospital King's Lynn"] == pytest.approx((members["qehkl"] * weights).sum())
    assert any("weighted by their lists" in note for note in profile.notes)


def test_a_network_says_how_its_members_changed_between_the_sets():
    def said(code, pcn_set="current_20"):
        return " ".join(profiles.pcn(code, pcn_set).notes)

    assert "Joined since January 2022: Wells Health Centre (from North Norfolk 1 PCN)." in said("U10602")
    assert "Left since January 2022: Wells Health Centre (to West Norfolk Coastal PCN)." in said("U94681")
    assert all(name in said("U13557") for name in ("Central Norwich", "Norwich East", "Norwich North", "West Norwich"))
    assert "when Norwich PCN was divided" in said("U55887")


def test_hospitals_over_the_border_count_where_they_are_nearest():
    table = geography.drive_times().set_index("code")
    beyond = table.index[table["hospital_id"] == "wsh"][0]
    assert profiles.profile(beyond).nearest["hospital"] == "West Suffolk Hospital"


@pytest.mark.parametrize("code", ["E54000022", "E02005572", "U10602", "D82001"])
def test_hospitals_are_three_acute_ones_by_minutes_and_two_others_by_distance(code):
    table = profiles.profile(code).hospitals
    assert table["kind"].eq("Acute hospital").tolist() == [True] * 3 + [False] * 2
    assert table["minutes"][:3].is_monotonic_increasing and table["km"][3:].is_monotonic_increasing
    assert table["minutes"][3:].isna().all() and table["km"].between(0, 200).all()


def test_cromer_is_a_short_walk_from_its_hospital():
    table = profiles.profile("E02005572").hospitals.set_index("hospital")
    assert table.at["Cromer and District Hospital", "km"] < 1.5


def test_a_drive_is_told_in_minutes_and_a_road_in_kilometres():
    facts = profiles.profile("E02005572").facts.set_index("id")
    assert facts.at["drive_acute", "unit"] == "minutes" and facts.at["gp_road_km", "unit"] == "km"
    assert facts.at["drive_acute", "value"] == geography.value("drive_acute", "E02005572")
    near = profiles.profile("E02005572").nearest
    assert near["minutes"] == pytest.approx(facts.at["drive_acute", "value"], abs=0.1) != near["km"]
