"""The pages of the ambitions: every address, every measure, filters, deep links, nonsense in links."""

from html import escape
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ics_core import ambitions, catalogue
from pages.components.charts import marks, spc
from pages.components.frame import ambition_pages
from pages.figures import one_measure
from tests.pages.headings import headings, prose

PAGES = Path(__file__).resolve().parents[2] / "pages"
# One area of each kind; tests/core goes through every area of every measure, the explorer's draw each in its first.
KINDS = [
    (i, a)
    for i in catalogue.table("indicators")["indicator_id"]
    for a in ambitions.areas(i).drop_duplicates("area_type")["area_code"]
    if a != ambitions.first_area(i)
]


def page(name, **query):
    one = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=120)
    for key, value in query.items():
        one.query_params[key] = value
    one.run()
    assert not one.exception, one.exception
    return one


def words(one):
    return " ".join([*prose(one), *headings(one, 2, 3), *(h.value for h in one.get("html"))])


@pytest.mark.parametrize("number", range(1, 9))
def test_each_ambition_has_its_page_with_story_measures_milestones_and_gaps(number, monkeypatch, shown):
    monkeypatch.setattr(ambition_pages, "number", lambda: number)
    one = page("ambition")
    assert ambitions.ambition(number)["short_name"] in headings(one, 1)[0]
    said = words(one)
    for question in ("Better than a year ago?", "Is it real?", "Will the target be met?"):
        assert question in said
    for gap in ambitions.gaps(number).itertuples():
        assert escape(gap.dataset) in said
    for found in shown.values():
        names = {}
        exec(compile(found.code, found.id, "exec"), names)  # noqa: S102 - our own lines, the point of the test
        pd.testing.assert_frame_equal(
            names["table"].reset_index(drop=True), found.table.reset_index(drop=True), check_dtype=False
        )


def test_every_measure_can_be_drawn_in_every_further_kind_of_area():
    for indicator_id, area_code in KINDS:
        one = ambitions.status(indicator_id, area_code)
        found, picture = one_measure.course(one)
        assert "nan" not in f"{found.finding} {found.subtitle} {found.alt}".lower().split()
        assert len(picture.layer) > 0


def test_a_deep_link_opens_the_measure_and_area_it_names(monkeypatch):
    monkeypatch.setattr(ambition_pages, "number", lambda: 7)
    one = page("ambition", indicator="cwt_62d", area="RGP")
    assert one.selectbox(key="indicator").value == "cwt_62d"
    assert one.selectbox(key="area").value == "RGP"
    assert "Cancer treatment within 62 days" in words(one)


def test_a_deep_link_may_hold_the_words_on_the_controls(monkeypatch):
    monkeypatch.setattr(ambition_pages, "number", lambda: 7)
    name, place = ambitions.measures(7)["cwt_62d"], ambitions.area_name("RGP")
    one = page("ambition", indicator=name, area=place)
    assert (one.selectbox(key="indicator").value, one.selectbox(key="area").value) == ("cwt_62d", "RGP")
    assert not one.warning


@pytest.mark.parametrize("wrong", [{"indicator": "no_such"}, {"area": "E99999999"}])
def test_a_code_unknown_in_a_link_is_named_and_left_out(wrong, monkeypatch):
    monkeypatch.setattr(ambition_pages, "number", lambda: 7)
    one = page("ambition", **wrong)
    assert next(iter(wrong.values())) in one.warning[0].value
    assert one.selectbox(key="indicator").value == "rtt_18wk" and one.selectbox(key="area").value == "QMM"


def test_nonsense_in_a_link_opens_the_page_as_it_is(monkeypatch):
    monkeypatch.setattr(ambition_pages, "number", lambda: 7)
    one = page("ambition", indicator="<script>", area="XYZ", beside="nowhere", pace="endless")
    assert one.selectbox(key="indicator").value == "rtt_18wk"
    assert any("not known here" in w.value for w in one.warning)


def test_a_neutral_measure_has_no_slider(monkeypatch):
    monkeypatch.setattr(ambition_pages, "number", lambda: 8)
    assert "neither good nor bad" in words(page("ambition", indicator="workforce_fte"))


def test_bands_of_deprivation_are_shown_where_published(monkeypatch, shown):
    monkeypatch.setattr(ambition_pages, "number", lambda: 2)
    page("ambition", indicator="gpps_phone_iq")
    assert "bands" in shown


def test_the_overview_filters_by_state():
    everything = words(page("ambitions"))
    missing = words(page("ambitions", show="missing target"))
    assert everything.count("nw-value") > missing.count("nw-value") > 0
    assert missing.count('class="nw-row"') == len(ambitions.overview("missing target"))


def test_what_is_behind_its_publisher_bears_a_quiet_mark_and_what_is_old_no_verdict():
    table, said = ambitions.overview(), words(page("ambitions"))
    assert said.count('class="nw-old"') == int((table["age_words"] != "").sum())
    assert said.count(">No recent figure</span>") >= int((table["word"] == "no recent figure").sum()) > 0
    assert "newer monthly releases not brought in" in said


def test_each_row_bears_its_word_and_how_it_stands_to_its_target():
    table, said = ambitions.overview(), words(page("ambitions"))
    for word, (_, shown) in marks.WORDS.items():
        assert said.count(f">{shown}</span>") >= int((table["word"] == word).sum()), word
    assert "Will keep missing" not in said and "not rechecked" not in said
    assert "asked of England as a whole" in said and "Worse than England" in said


def test_trial_limits_have_a_broken_edge_and_a_word():
    row = SimpleNamespace(
        word="no clear change", reason="usual", better="up", trial=True, trial_words="Trial limits: 4"
    )
    sure = SimpleNamespace(**{**vars(row), "trial": False, "trial_words": ""})
    assert "Trial limits: 4" in marks.word_mark(row) and "Trial limits" not in marks.word_mark(sure)
    assert marks.icon("usual", trial=True) != marks.icon("usual")
    one = ambitions.status("chs_cyp_over18", "QMM")
    assert "trial limits: 4 points" in one_measure.course(one)[0].subtitle


def test_an_empty_filter_says_so():
    assert ambitions.overview("concerning").empty
    assert "None of the headline measures is in this state" in words(page("ambitions", show="concerning"))


def test_marks_never_rely_on_colour_alone():
    table = {**marks.WORDS, **marks.NEUTRAL}
    kinds = [kind for kind, _ in table.values()]
    told = [word for _, word in table.values()]
    assert len(set(kinds)) == len(kinds) == len(set(told))
    assert len({marks._SHAPES[kind] for kind in kinds}) == len(kinds)
    assert set(marks.WORDS) == set(ambitions.WORDS)
    assert len({shape for shape, _ in spc.MEANINGS.values()}) == len(spc.MEANINGS)


def test_each_ambition_has_an_address_of_its_own():
    slugs = [ambitions.slug(n) for n in range(1, 9)]
    assert slugs[0] == "ambition-1-prevention"
    assert len(set(slugs)) == 8


def test_a_story_has_no_blank_left_unfilled():
    for number in range(1, 9):
        story = ambitions.story(number)
        assert "{" not in story and "None" not in story and ambitions.NO_FIGURE not in story


@pytest.mark.parametrize(
    ("indicator", "area", "end"), [("cwt_31d", "RGP", "100%"), ("chs_compaed_over52", "RY3", "0%")]
)
def test_limits_end_where_no_value_can_lie_and_say_so(indicator, area, end):
    table = ambitions.chart(indicator, area)
    assert table["lower"].min() >= 0 and table["upper"].max() <= 100 and table.attrs["cut_at"] == (end,)
    assert f"cut at {end}" in one_measure.course(ambitions.status(indicator, area))[0].subtitle
