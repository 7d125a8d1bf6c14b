"""How the NHS was reshaped: waves, stages and boards add up, and time only goes forward."""

import itertools

import pytest

from ics_core import systems
from ics_core.systems import SystemsError, reshaping


@pytest.mark.parametrize(
    ("day", "count"), [("2022-06-30", 0), ("2022-07-01", 42), ("2026-03-31", 42), ("2026-04-01", 36), ("2026", 42)]
)
def test_the_number_of_boards_on_a_day(day, count):
    assert len(reshaping.boards(day)) == count


def test_the_boards_of_2026_cover_every_system_once_or_in_parts():
    after = reshaping.boards("2026-04-01")
    origins = [origin for text in after["formed_from"] for origin in text.split("; ")]
    whole = [origin for origin in origins if not origin.startswith("part of ")]
    parts = {origin.removeprefix("part of ") for origin in origins if origin.startswith("part of ")}
    assert sorted([*whole, *parts]) == sorted(systems.names().values())
    assert (after["since"] == "2026-04-01").sum() == 6


def test_the_waves_add_up_to_the_forty_two():
    waves = reshaping.waves()
    assert waves["systems"].sum() == 42
    assert waves.set_index("wave")["systems"].to_dict()["December 2020"] == 11


def test_an_area_never_goes_back_a_stage():
    order = {stage: place for place, stage in enumerate(reshaping.STAGES)}
    days = list(reshaping.moments()["date"])
    history = [reshaping.areas(day).set_index("icb_code")["stage"].map(order) for day in days]
    for before, after in itertools.pairwise(history):
        assert (after >= before).all()
    assert set(history[0]) == {0} and min(history[-1]) >= 2


def test_from_june_2019_the_areas_named_equal_the_published_count():
    counted = reshaping.stages().query("stage == @reshaping.STAGES[1]").set_index("date")["areas"]
    published = reshaping.moments().set_index("date")["published_total"]
    for day in counted.index:
        if "2019-06" <= day < "2022":
            assert counted[day] == published[day], day


def test_a_day_that_is_no_day_is_refused():
    for wrong in ("soon", "2026-13-01", "", None):
        with pytest.raises(SystemsError, match="is not a day"):
            reshaping.boards(wrong)
