"""Our places and Getting to hospital: what a reader does, and what a link restores."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import geography
from tests.pages.headings import headings

ROOT = Path(__file__).resolve().parents[2]
PLACES, TRAVEL = (str(ROOT / "pages" / name) for name in ("places.py", "travel.py"))


def opened(path, **query):
    page = AppTest.from_file(path, default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def first_title(page):
    return headings(page, 2)[0]


def test_the_finding_names_the_oldest_and_youngest_district():
    frame = geography.measure("share_65", "district").set_index("name")["value"]
    title = first_title(opened(PLACES))
    assert frame.idxmax() in title and frame.idxmin() in title and f"{frame.max():.1f}%" in title


@pytest.mark.parametrize("measure", list(geography.MEASURES))
def test_every_measure_can_be_shown_by_every_level_it_has(measure):
    page = opened(PLACES, measure=measure, level=geography.MEASURES[measure].levels[-1])
    assert page.selectbox(key="measure").value == measure
    assert page.radio(key="level").value == geography.MEASURES[measure].levels[-1]
    for level in geography.MEASURES[measure].levels:
        page.radio(key="level").set_value(level).run()
        assert first_title(page) == geography.finding(measure, geography.measure(measure, level))


def test_a_measure_not_known_by_the_level_chosen_before_moves_to_a_level_it_has():
    page = opened(PLACES, level="locality")
    page.selectbox(key="measure").set_value("imd_decile").run()
    assert not page.exception
    assert page.radio(key="level").value == "lsoa"


@pytest.mark.parametrize("code", ["E54000022", "E07000206", "E38000124", "E02005572", "E01026741", "U31420", "U13557", "D82001"])
def test_a_link_to_a_place_of_any_level_opens_its_profile(code):
    page = opened(PLACES, place=code)
    assert headings(page, 3)[0] == geography.place(code)["name"]
    assert any(geography.profile(code).basis in caption.value for caption in page.caption)


def test_a_network_in_both_sets_shows_the_members_of_the_set_chosen():
    now, before = (opened(PLACES, place="U10602", pcns=one) for one in geography.PCN_SETS)
    titles = [next(words for words in headings(page, 3) if "belong to the network" in words) for page in (now, before)]
    counts = [len(geography.pcn("U10602", one).practices) for one in geography.PCN_SETS]
    assert [title.split()[0] for title in titles] == [str(count) for count in counts]
    assert counts[0] != counts[1]


def test_the_ages_slider_changes_the_shares():
    page = opened(PLACES, measure="age_band")
    before = first_title(page)
    page.slider(key="ages").set_value((0, 17)).run()
    assert first_title(page) != before
    assert any("aged 0 to 17" in caption.value for caption in page.caption)


@pytest.mark.parametrize("path", [PLACES, TRAVEL], ids=["places", "travel"])
def test_nonsense_in_the_address_is_named_and_left_out(path):
    nonsense = "<script>alert(1)</script>"
    page = opened(path, measure=nonsense, level=nonsense, place=nonsense, over=nonsense, pcns=nonsense, off=nonsense, minutes="9e9", ages="x")
    assert any("not known here" in warning.value for warning in page.warning)
    assert all("`" in warning.value for warning in page.warning)


def big_numbers(page):
    return [float(share) for share in re.findall(r"<b class="now">([\d.]+)%</b>", next(one.proto.body for one in page.get("html") if 'class="big"' in one.proto.body))]


def test_more_minutes_leave_fewer_people_beyond():
    page = opened(TRAVEL)
    near = big_numbers(page)
    page.slider(key="minutes").set_value(45).run()
    assert len(near) == 4 and all(far < close for far, close in zip(big_numbers(page), near, strict=True))


def test_the_numbers_are_those_of_the_core():
    page = opened(TRAVEL, minutes="40", off="jpuh")
    whole = geography.beyond(40, without=["jpuh"]).query("level == 'footprint'")
    assert big_numbers(page) == whole["share"].round(1).tolist()


def test_switching_a_hospital_off_is_said_to_be_a_question_not_a_plan():
    page = opened(TRAVEL, off="qehkl")
    assert any("Queen Elizabeth Hospital King's Lynn" in caption.value and "not a plan" in caption.value for caption in page.caption)


def test_at_least_one_hospital_stays():
    page = opened(TRAVEL, off=list(geography.ACUTE), border="false")
    assert any("has to stay" in warning.value for warning in page.warning)


def test_sites_without_evidence_are_named_as_left_out():
    page = opened(PLACES)
    note = next(caption.value for caption in page.caption if "evidence of use after 2020" in caption.value)
    assert "Carlton Court" in note
