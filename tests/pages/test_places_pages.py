"""Our places and Getting to hospital: what a reader does, and what a link restores."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import geography, profiles
from pages.components.map import services
from tests.pages.big_numbers import big_numbers

ROOT = Path(__file__).resolve().parents[2]
PLACES, TRAVEL = (str(ROOT / "pages" / name) for name in ("places.py", "travel.py"))


def opened(path, **query):
    page = AppTest.from_file(path, default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def finding(page):
    """The finding of the figure on the stage."""
    return next(
        unescape(found[1])
        for element in page.get("html")
        if (found := re.search(r"<h2[^>]*>(.*?)</h2>", element.proto.body))
    )


def read(path, **query):
    """The long page, all of it drawn."""
    return opened(path, read="print", **query)


def compared(page):
    return next(table.value for table in page.table if "England" in table.value.columns)


def test_the_finding_names_the_oldest_and_youngest_district():
    frame = geography.measure("share_65", "district").set_index("name")["value"]
    title = finding(opened(PLACES))
    assert frame.idxmax() in title and frame.idxmin() in title and f"{frame.max():.1f}%" in title


@pytest.mark.parametrize("measure", list(geography.MEASURES))
def test_every_measure_can_be_shown_by_every_level_it_has(measure):
    page = opened(PLACES, measure=measure, level=geography.MEASURES[measure].levels[-1])
    assert page.selectbox(key="measure").value == measure
    for level in geography.MEASURES[measure].levels:
        page.segmented_control(key="level").set_value(level).run()
        assert finding(page) == geography.finding(measure, geography.measure(measure, level))


def test_a_measure_not_known_by_the_level_chosen_before_moves_to_a_level_it_has():
    page = opened(PLACES, level="locality")
    page.selectbox(key="measure").set_value("imd_decile").run()
    assert not page.exception
    assert finding(page) == geography.finding("imd_decile", geography.measure("imd_decile", "lsoa"))


@pytest.mark.parametrize(
    "code", ["E54000022", "E07000206", "E38000124", "E02005572", "E01026741", "U31420", "U13557", "D82001"]
)
def test_a_link_to_a_place_of_any_level_opens_its_profile(code):
    page = opened(PLACES, place=code, figure="place-compared")
    assert finding(page).startswith(f"{geography.place(code)['name']}: ")
    assert profiles.profile(code).basis in finding(page)


@pytest.mark.parametrize("code", ["E07000147", "E02005572", "E01026741", "U10602", "D82001"])
def test_footprint_and_england_stand_beside_every_measure(code):
    table = compared(opened(PLACES, place=code, figure="place-compared"))
    facts = profiles.profile(code).facts
    assert list(table.columns) == ["Measure", "Here", "Footprint", "England"] and len(table) == len(facts)
    assert (table["England"].str.startswith("No published figure found") == facts["england"].isna()).all()
    assert not table["Footprint"].str.contains("No published").any()


def test_a_drive_is_shown_in_minutes_and_a_road_in_kilometres():
    facts = profiles.profile("E02005572").facts.set_index("id")
    shown = compared(opened(PLACES, place="E02005572", figure="place-compared")).set_index("Measure").iloc[:, 0]
    for fact, unit in (("drive_acute", "min"), ("gp_road_km", "km")):
        [said] = shown[shown.index.str.startswith(facts.at[fact, "fact"])]
        assert said.split("\u00a0")[1] == unit


def test_the_whole_footprint_is_not_set_beside_itself():
    assert list(compared(opened(PLACES, figure="place-compared")).columns) == ["Measure", "Here", "England"]


@pytest.mark.parametrize("code", ["U10602", "D82001"])
def test_what_was_not_found_for_england_comes_with_the_official_dataset(code):
    notes = [caption.value for caption in read(PLACES, place=code).caption]
    notes = [note for note in notes if "no published figure was found" in note]
    assert any("80 and over" in note and "Patients Registered at a GP Practice" in note for note in notes)
    assert any("Journey time statistics" in note for note in notes)


@pytest.mark.parametrize("pcn_set", geography.PCN_SETS)
def test_a_network_says_that_its_point_is_a_mean_weighted_by_lists(pcn_set):
    page = read(PLACES, place="U10602", pcns=pcn_set)
    assert any("weighted by their lists; it is not a building" in caption.value for caption in page.caption)


def test_a_network_in_both_sets_shows_the_members_of_the_set_chosen():
    counts = [len(profiles.pcn("U10602", one).practices) for one in geography.PCN_SETS]
    titles = [finding(opened(PLACES, place="U10602", pcns=one, figure="place-practices")) for one in geography.PCN_SETS]
    assert counts[0] != counts[1]
    assert all(f"lists of {count} practices" in words for count, words in zip(counts, titles, strict=True))


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("place-compared", "are 65 or over"),
        ("place-ages", "Aged"),
        ("place-hospitals", "nearest of the acute hospitals"),
        ("place-practices", "grew by"),
    ],
)
@pytest.mark.parametrize("room", ["true", "false"])
def test_a_link_to_a_figure_restores_it_with_its_place_on_the_stage_and_in_a_room(named, words, room):
    page = opened(PLACES, present=room, place="D82001", figure=named)
    assert words in finding(page) and finding(page).startswith("Holt Medical Practice")


def test_another_place_can_be_chosen_in_present_mode_and_the_map_keeps_its_measure():
    page = opened(PLACES, present="true", place="U10602", measure="drive_acute", figure="place-ages")
    page.selectbox(key="place").set_value("E07000148").run()
    assert finding(page).startswith("Norwich:")
    page.segmented_control(key="figure").set_value("places-map").run()
    assert finding(page).startswith(geography.MEASURES["drive_acute"].label)


def test_the_ages_slider_changes_the_shares():
    page = opened(PLACES, measure="age_band")
    before = finding(page)
    page.slider(key="aged").set_value((0, 17)).run()
    assert finding(page) != before
    assert any("aged 0 to 17" in element.proto.body for element in page.get("html"))


@pytest.mark.parametrize("path", [PLACES, TRAVEL], ids=["places", "travel"])
def test_nonsense_in_the_address_is_named_and_left_out(path):
    nonsense = "<script>alert(1)</script>"
    page = opened(
        path,
        measure=nonsense,
        level=nonsense,
        place=nonsense,
        over=nonsense,
        pcns=nonsense,
        off=nonsense,
        minutes="9e9",
        aged="x",
    )
    assert any("not known here" in warning.value for warning in page.warning)
    assert all("`" in warning.value for warning in page.warning)


def shares(page):
    return [float(share.rstrip("%")) for share in big_numbers(page).values()]


def test_more_minutes_leave_fewer_people_beyond():
    near, far = shares(opened(TRAVEL)), shares(opened(TRAVEL, minutes="45"))
    assert len(near) >= 3 and all(less < more for less, more in zip(far, near, strict=True))


def test_the_numbers_are_those_of_the_core():
    page = opened(TRAVEL, minutes="40", off="jpuh")
    whole = geography.beyond(40, without=["jpuh"]).query("level == 'footprint'")
    assert shares(page) == whole["share"].round(1).tolist()
    people = int(re.search(r"about ([\d,]+) people", finding(page))[1].replace(",", ""))
    assert people % 100 == 0 and abs(people - whole["beyond"].iloc[0]) <= 50


def test_switching_a_hospital_off_is_said_to_be_a_question_not_a_plan():
    page = opened(TRAVEL, off="qehkl")
    assert any(
        "Queen Elizabeth Hospital King's Lynn" in caption.value and "not a plan" in caption.value
        for caption in page.caption
    )


def test_at_least_one_hospital_stays():
    page = opened(TRAVEL, off=list(geography.ACUTE), border="false")
    assert any("has to stay" in warning.value for warning in page.warning)


def test_sites_without_evidence_are_named_as_left_out():
    page = read(PLACES)
    note = next(caption.value for caption in page.caption if "evidence of use after 2020" in caption.value)
    assert "Carlton Court" in note


def test_each_of_eight_districts_has_its_own_value_in_the_key_of_the_map():
    frame = geography.measure("share_65", "district")
    areas = services.shaded("share_65", "district", frame)
    assert len(frame) == 8 and len(areas.words) == len(set(areas.colours)) == len(set(frame["value"].round(1)))
    for row in frame.itertuples():
        [said] = [words for words in areas.words if row.name in words]
        assert said.endswith(f" {row.value:.1f}%")
