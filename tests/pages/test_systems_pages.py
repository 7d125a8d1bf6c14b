"""The pages on the 42 systems: what they show at first, by link, and when asked for the impossible."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ics_core import systems
from ics_core.figure import Figure
from tests.pages.big_numbers import big_numbers
from tests.pages.headings import headings, prose

PAGES = Path(__file__).resolve().parents[2] / "pages"
SUSSEX, SOUTH_YORKSHIRE, DEVON = "E54000064", "E54000061", "E54000037"


def visit(page: str, **query: str) -> AppTest:
    script = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    script.query_params.update(query)
    script.run()
    assert not script.exception, script.exception
    return script


def words(script: AppTest) -> str:
    return "\n".join(
        [
            *headings(script, 1, 2),
            *prose(script),
            *(element.value for kind in (script.caption, script.warning) for element in kind),
        ]
    )


def assert_code_gives_table(one: Figure) -> None:
    names = {}
    exec(compile(one.code, one.id, "exec"), names)  # noqa: S102 - our own lines, the point of the test
    pd.testing.assert_frame_equal(
        names["table"].reset_index(drop=True), one.table.reset_index(drop=True), check_dtype=False, obj=one.id
    )


FIRST = {"systems": "rank", "system_profile": "profile", "nearest_systems": "nearest"}  # a figure that names it


@pytest.mark.parametrize("page", FIRST)
def test_norfolk_and_waveney_is_shown_at_first_and_sussex_by_name_or_code(page, shown):
    for asked, name in (({}, "Norfolk and Waveney"), ({"system": "Sussex"}, "Sussex"), ({"system": SUSSEX}, "Sussex")):
        visit(page, read="print", **asked)
        assert name in shown[FIRST[page]].finding


@pytest.mark.parametrize("page", FIRST)
def test_an_unknown_system_in_the_address_is_named_and_norfolk_and_waveney_shown(page, shown):
    script = visit(page, system="Atlantis", read="print")
    assert "Atlantis" in script.warning[0].value
    assert "Norfolk and Waveney" in shown[FIRST[page]].finding


@pytest.mark.parametrize(
    ("system", "figures_written"),
    [
        ("Sussex", ["1.2 per cent", "2.4 per cent"]),
        ("South West London", ["140 schools", "6 further education colleges", "around 80,000"]),
        ("Humber and North Yorkshire", ["more than 300"]),
        ("Herefordshire and Worcestershire", ["350,000", "1 April 2021"]),
        ("Norfolk and Waveney", ["1.1m", "Seventeen", "20 integrated teams"]),
    ],
)
def test_what_the_documents_say_of_a_system_is_on_its_page(system, figures_written):
    text = words(visit("system_profile", system=system))
    assert all(written in text for written in figures_written)


def test_every_system_the_documents_name_is_one_press_away():
    script = visit("system_profile")
    for code in systems.named_in_documents():
        script.button(key=f"named-{code}").click().run()
        assert [systems.name(code) in title for title in headings(script, 1)] == [True]
        assert big_numbers(script)["Registered patients"] == f"{systems.profile(code)['value'].iloc[0]:,.0f}"


def test_a_measure_and_a_system_by_link_give_its_rank(shown):
    visit("systems", metric="qof_dementia", system=DEVON)
    standing = systems.rank("qof_dementia", DEVON)
    assert f"Devon is {standing.position}" in shown["rank"].finding
    for one in shown.values():
        assert_code_gives_table(one)


@pytest.mark.parametrize(
    "measure",
    ["need_index", "ae_type1_over4h", "imd2025_health_score", "imd2025_rank_avg_score", "imd2025_lsoa_d1", "reg_pop"],
)
def test_a_measure_with_gaps_models_negative_values_or_ties_is_shown_with_its_cautions(shown, measure):
    text = words(visit("systems", metric=measure))
    assert set(shown) == {"map", "rank", "all"}
    assert all(caution in text for caution in systems.cautions(measure))


def test_a_system_without_a_figure_is_said_to_have_none(shown):
    visit("systems", metric="need_index", system=SOUTH_YORKSHIRE)
    assert "No published figure found for South Yorkshire" in shown["rank"].finding


def test_another_period_can_be_chosen(shown):
    script = visit("systems", metric="qof_dementia")
    script.selectbox(key="period-qof_dementia").set_value("2024-25").run()
    assert set(shown["rank"].table["period"]) == {"2024-25"}


def test_the_table_of_all_systems_sorts_by_any_column(shown):
    script = visit("systems")
    for column in ("name", "resident", "announced"):
        script.selectbox(key="sort").set_value(column).run()
        assert shown["all"].table[column].is_monotonic_decreasing
    script.toggle(key="down").set_value(False).run()
    assert shown["all"].table["announced"].is_monotonic_increasing


def test_three_nearest_stand_beside_the_system_until_others_are_named(shown):
    visit("system_profile")
    nearest = list(systems.nearest(n=3)["name"])
    assert list(shown["compare"].table["name"].unique()) == ["Norfolk and Waveney", *nearest]
    visit("system_profile", with1="Sussex", with2="No system", with3="none")
    assert list(shown["compare"].table["name"].unique()) == ["Norfolk and Waveney", "Sussex"]
    assert_code_gives_table(shown["compare"])


def test_weights_in_the_link_change_list_marks_and_map(shown):
    visit("nearest_systems", read="print")
    before = {name: one.table for name, one in shown.items()}
    visit("nearest_systems", read="print", weigh_rural="3", weigh_ethnic_group="0", neighbours="7")
    assert len(shown["nearest"].table) == 7
    for name, one in shown.items():
        assert not one.table.equals(before[name]), name
        assert_code_gives_table(one)


def test_all_weights_zero_is_answered_with_a_plain_sentence(shown):
    zero = {f"weigh_{key}": "0" for key in systems.default_weights()}
    script = visit("nearest_systems", read="print", **zero)
    assert "All weights are zero" in script.warning[0].value
    assert shown["nearest"].table.equals(systems.nearest())


@pytest.mark.parametrize("hostile", ["-1", "99", "nan", "much", ""])
def test_a_weight_that_is_no_weight_leaves_the_default_list(shown, hostile):
    visit("nearest_systems", read="print", weigh_rural=hostile)
    assert shown["nearest"].table.equals(systems.nearest(n=5))


@pytest.mark.parametrize(
    ("moment", "boards", "says"),
    [
        ("March 2016", 0, "no boards by law yet"),
        ("July 2022", 42, "one area"),
        ("April 2026", 36, "Norfolk and Suffolk"),
    ],
)
def test_the_slider_tells_how_many_boards_there_were(shown, moment, boards, says):
    script = visit("reshaped", when=moment)
    assert len(shown["boards"].table) == boards and f"{boards} boards" in shown["boards"].finding
    assert says in words(script)
    assert_code_gives_table(shown["areas"])


def test_the_count_of_may_2020_is_explained():
    text = words(visit("reshaped"))
    assert (
        "4 new systems beside 14 announced before and 2 devolved ones, which would make 20. Counting names gives 18"
        in text
    )
