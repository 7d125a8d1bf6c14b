"""The card of a place: the same numbers as the core's own answers, for whatever somebody types."""

import pytest

from ics_core import catalogue, geography, profiles, words
from ics_core.errors import GeographyError
from ics_core.geography import gazetteer
from ics_core.population import tables

ASKED = ("Cley", "norwich", "NR27 0HT", "NR27", "D82001", "U31420", "E02005572", "East Suffolk", "E54000022")


@pytest.mark.parametrize("asked", ASKED)
def test_a_card_has_hospital_lists_ages_and_a_projection_and_says_each(asked):
    card = profiles.card(asked)
    hospital, *lists, ages, projected = card.sentences
    assert hospital == f"Nearest A&E: {card.hospital}, about {words.number(card.minutes)} minutes by car."
    assert card.hospital in set(geography.acute_hospitals()["name"]) and 0 < card.minutes < 120
    assert 1 <= len(lists) == card.practices["code"].nunique() <= 3
    assert card.ages["share"].sum() == pytest.approx(100, abs=0.1) and "65 or over" in ages
    assert projected.startswith(card.projected["place"].iloc[0]) and "2047" in projected
    assert card.notes[0].startswith("Drive times include a fixed start")


@pytest.mark.parametrize("village", ["Cley next the Sea", "Wymondham", "Hickling", "Southwold"])
def test_a_village_is_told_from_its_own_small_area_and_the_practices_nearest_to_it(village):
    card, point = profiles.card(village), gazetteer.village(village)
    drive = geography.drive_times().set_index("code").loc[point["lsoa_code"]]
    assert (card.hospital, card.minutes) == (drive["hospital"], drive["minutes"])
    active = geography.practices().query("status == 'active'").set_index("practice_code")
    away = geography.kilometres(point["lat"], point["lon"], active["lat"], active["lon"]).nsmallest(3)
    assert list(dict.fromkeys(card.practices["code"])) == list(away.index)
    assert card.practices["km"].iloc[0] == pytest.approx(away.iloc[0])
    assert any("may be a kilometre off" in note for note in card.notes)


def test_lists_are_those_published_at_their_two_dates():
    card = profiles.card("D82001")
    row = catalogue.table("practices").set_index("practice_code").loc["D82001"]
    assert dict(zip(card.practices["date"], card.practices["patients"])) == {
        geography.dated("first_lists"): row["list_size_2022"],
        geography.dated("lists"): row["list_size"],
    }
    change = words.number(row["list_size"] - row["list_size_2022"], signed=True)
    assert f"{words.number(row['list_size'])} patients, {change} since May 2022." in card.sentences[1]


def test_what_is_projected_is_the_projection_of_the_district_around():
    card = profiles.card("Cromer")
    headline = tables.headline("E07000147").set_index("age_group")
    shown = card.projected.set_index("age_group")
    assert shown["after"].equals(headline["after"]) and set(shown["place"]) == {"North Norfolk"}
    assert words.about(headline.at["85+", "after"]) in card.sentences[-1]


def test_ages_and_minutes_of_an_area_are_those_of_its_profile():
    card, told = profiles.card("E07000147"), profiles.profile("E07000147")
    assert card.minutes == told.nearest["minutes"] and card.hospital == told.nearest["hospital"]
    assert card.ages["people"].equals(told.ages["people"])
    assert words.percent(told.fact("share_65")["value"], 0) in card.sentences[-2]


@pytest.mark.parametrize(
    ("asked", "said"),
    [("zzzz", "There is no place called 'zzzz'"), ("SW1A 1AA", "no postcode of Norfolk and Waveney"), ("", "no place")],
)
def test_a_place_that_is_nowhere_here_is_said_to_be(asked, said):
    with pytest.raises(GeographyError, match=said):
        profiles.card(asked)
