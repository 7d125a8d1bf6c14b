"""Briefings: slides, document and page to print hold what the figures hold, and read back as what they should be."""

import io
import re
from datetime import date

import pytest
from docx import Document
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from ics_core import catalogue
from ics_core.errors import CatalogueError, FigureError
from ics_core.running_order import RunningOrder, Step
from ics_core.workshop import session, store
from pages.components import briefing
from pages.components.briefing import native
from pages.components.briefing.drawn import image
from pages.components.briefing.room import of_workshop
from pages.components.charts import theme
from pages.figures import registry

TODAY = date(2026, 11, 28)
CHOICES = "ages=85%2B&migration=500&fertility=-10&kept=official"
ORDER = RunningOrder(
    "Growing older",
    (
        Step("population", "over-time", CHOICES, question="How many?", expect="Far fewer."),
        Step("demand", "overview", "migration=500"),
        Step("home", "area"),
        Step("places", "place-compared"),
        Step("ambition-1-prevention", "measure"),
    ),
)


@pytest.fixture(scope="module")
def made() -> briefing.Briefing:
    return briefing.gather(ORDER, TODAY)


@pytest.fixture(scope="module")
def deck(made):
    return Presentation(io.BytesIO(briefing.file(made, "pptx")))


def words_of(slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_a_figure_is_one_slide_with_its_finding_as_title_between_what_it_is_and_what_to_bear_in_mind(made, deck):
    titles = [slide.shapes.title.text for slide in deck.slides]
    findings = [sheet.figure.finding for sheet in made.sheets]
    assert titles[0] == "Growing older" and titles[1:6] == findings and titles[6].startswith("Bear in mind")
    assert all(title.startswith("Bear in mind") for title in titles[6:])
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
    first = words_of(deck.slides[0])
    assert catalogue.release() in first and "28 November 2026" in first and "Not an official NHS site" in first


def test_each_slide_says_on_what_ground_it_stands_what_was_changed_and_where_it_comes_from(made, deck):
    for sheet, slide in zip(made.sheets, list(deck.slides)[1:6], strict=True):
        said = words_of(slide)
        assert sheet.kind in said and sheet.figure.source[:40] in said and "Not an official NHS site" in said
        assert ("Illustrative" in said) == (sheet.figure.kind == "projected")
        assert all(number.value in said for number in sheet.numbers[:2])
    moved, untouched = words_of(deck.slides[1]), words_of(deck.slides[3])
    assert "500 more people a year moving in" in moved and "Birth rates 10% lower" in moved
    assert "Compared with A, Official projection: no lever moved" in moved
    assert "What was changed" not in untouched


def test_the_notes_hold_all_that_a_speaker_is_asked(made, deck):
    for sheet, slide in zip(made.sheets, list(deck.slides)[1:6], strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert sheet.figure.finding in notes and sheet.figure.source in notes and sheet.figure.subtitle[:30] in notes
        assert all(caution in notes for caution in sheet.cautions) and "How this is worked out" in notes
    notes = deck.slides[1].notes_slide.notes_text_frame.text
    assert "Ask the room: How many?" in notes and "What people tend to say: Far fewer." in notes
    assert "population?ages=85%2B" in notes and "figure=over-time" in notes


def test_the_numbers_of_a_native_line_chart_are_those_of_the_table(made, deck):
    chart = next(shape.chart for shape in deck.slides[1].shapes if shape.has_chart)
    table = made.sheets[0].figure.table
    ours = table[table["kind"] == "projected"].set_index("year")
    drawn = {one.name: one.values for one in chart.plots[0].series}
    (name,) = (name for name in drawn if name.endswith("projected"))
    assert [value for value in drawn[name] if value is not None] == pytest.approx(ours["value"].tolist())
    low = next(values for name, values in drawn.items() if "low end" in name)
    assert [value for value in low if value is not None] == pytest.approx(ours["low"].tolist())
    published = next(values for name, values in drawn.items() if name.startswith("Published"))
    assert [v for v in published if v is not None] == table[table["kind"] == "published"]["value"].tolist()


def test_the_numbers_of_native_bars_are_those_of_the_table(made, deck):
    chart = next(shape.chart for shape in deck.slides[2].shapes if shape.has_chart)
    table = made.sheets[1].figure.table
    (bars,) = chart.plots[0].series
    assert list(bars.values) == pytest.approx(table["percent"].tolist())
    assert len(list(chart.plots[0].categories)) == len(table)


def test_a_map_is_a_picture_a_list_a_table_and_both_say_what_they_show(made, deck):
    kinds = [[shape.shape_type for shape in slide.shapes] for slide in deck.slides]
    assert any("PICTURE" in str(kind) for kind in kinds[3]) and any("TABLE" in str(kind) for kind in kinds[4])
    for sheet, slide in zip(made.sheets, list(deck.slides)[1:6], strict=True):
        shown = next(shape for shape in slide.shapes if shape.name == "Picture")
        assert shown._element.xpath(".//p:cNvPr")[0].get("descr") == sheet.figure.alt


def test_nothing_on_a_slide_lies_over_anything_else_or_beyond_its_edge(deck):
    for slide in deck.slides:
        boxes = [
            (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height, shape.name)
            for shape in slide.shapes
        ]
        assert all(
            0 <= x and 0 <= y and x2 <= deck.slide_width and y2 <= deck.slide_height for x, y, x2, y2, _ in boxes
        )
        for place, (x, y, x2, y2, name) in enumerate(boxes):
            for a, b, a2, b2, other in boxes[place + 1 :]:
                assert x2 <= a or a2 <= x or y2 <= b or b2 <= y, (slide.shapes.title.text, name, other)


def test_every_figure_that_follows_levers_stays_a_chart_or_has_to_be_a_picture():
    pictures = set()
    for page in ("population", "demand", "money"):
        for entry in registry.figures(page):
            if entry.moves and native.chart(entry.make(entry.view())[1]) is None:
                pictures.add(entry.id)
    assert pictures <= {"pyramid", "capacity"}


def test_plain_lines_stay_lines_with_the_numbers_of_the_table_and_a_control_chart_stays_a_picture():
    figure, picture = registry.make("travel", "by-minutes")
    chart = native.chart(picture)
    for one in chart.series:
        rows = figure.table[figure.table["group"] == one.name]
        assert list(one.across) == rows["minutes"].tolist() and list(one.values) == pytest.approx(
            rows["share"].tolist()
        )
    figure, picture = registry.make("outlook_2018", "ae-lines")
    said = next(one for one in native.chart(picture).series if one.name == "As said in 2018")
    ours = figure.table[figure.table["line"] == said.name]
    assert [value for value in said.values if value is not None] == ours["value"].tolist() and said.dash == "dashed"
    figure, picture = registry.make("then-and-now", "follow-up")
    assert dict(zip(native.chart(picture).categories, native.chart(picture).series[0].values)) == dict(
        zip(figure.table["link_label"], figure.table["figures"])
    )
    _, picture = registry.make("ambition", "measure", {"ambition": "6"})  # its data have gaps
    assert native.chart(picture) is None and image(picture, "svg", 300).startswith(b"<svg")


def test_a_briefing_is_on_white_whatever_theme_its_reader_uses(made, monkeypatch):
    monkeypatch.setattr(theme, "_dark", lambda: True)
    again = briefing.gather(ORDER, TODAY)
    assert native.chart(again.sheets[0].picture) == native.chart(made.sheets[0].picture)
    assert theme.palette() is theme.DARK


def test_the_page_to_print_has_all_of_it_and_asks_nobody_for_anything(made):
    page = briefing.file(made, "html").decode()
    text = re.sub(r'src="data:[^"]*"', "", page)
    assert not re.search(r'(src|href)="|https?://', text) and '<html lang="en-GB">' in text
    plain = text.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"')
    for sheet in made.sheets:
        assert sheet.figure.finding in plain and sheet.figure.source in plain and sheet.kind in plain
        assert all(caution in plain for caution in sheet.cautions)
        assert all(number.value in plain for number in sheet.numbers)
    assert "500 more people a year moving in" in plain and "break-before: page" in page
    assert page.count('<img alt="') == sum(1 for sheet in made.sheets if sheet.figure.id != "place-compared")
    assert 'alt=""' not in page


def test_the_document_reads_back(made):
    document = Document(io.BytesIO(briefing.file(made, "docx")))
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads == [sheet.figure.finding for sheet in made.sheets]
    text = "\n".join(one.text for one in document.paragraphs)
    for sheet in made.sheets:
        assert sheet.figure.source in text and sheet.kind in text and all(one in text for one in sheet.cautions)
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {number.value for sheet in made.sheets for number in sheet.numbers} <= cells
    assert len(document.inline_shapes) == 4 and "Compared with A" in text


# ------------------------------------------------------------------------------------------- bad input


def test_nothing_chosen_or_too_much_is_said_in_words():
    with pytest.raises(FigureError, match="Choose one at least"):
        briefing.gather(RunningOrder("Empty"), TODAY)
    with pytest.raises(FigureError, match=f"{briefing.MOST} figures at most; {briefing.MOST + 1} are chosen"):
        briefing.gather(RunningOrder("Full", (Step("home"),) * (briefing.MOST + 1)), TODAY)


def test_a_figure_that_is_not_known_is_left_out_and_named_and_alone_it_is_refused():
    steps = (Step("population", "over-tme"), Step("workshop"), Step("indicators", "measure"))
    with pytest.raises(FigureError, match="(?s)no figure 'over-tme'.*over-time.*workshop.*no such figure for these"):
        briefing.gather(RunningOrder("Odd", steps), TODAY)
    made = briefing.gather(RunningOrder("Odd", (*steps, Step("home", "area"))), TODAY)
    assert len(made.sheets) == 1 and len(made.left_out) == 3
    deck = Presentation(io.BytesIO(briefing.file(made, "pptx")))
    assert deck.slides[-1].shapes.title.text == "Left out of this briefing"
    assert "over-tme" in words_of(deck.slides[-1]) and "over-tme" in briefing.file(made, "html").decode()


def test_a_figure_whose_table_is_missing_is_left_out_and_the_table_named(monkeypatch):
    def gone(name: str):
        raise CatalogueError(f"There is no table {name!r}.")

    monkeypatch.setattr(catalogue, "table", gone)
    steps = (Step("home", "area", "nothing=cached"), Step("then-and-now", "follow-up"))
    with pytest.raises(FigureError, match="None of the figures chosen can be made.*There is no table"):
        registry.made.cache_clear()
        briefing.gather(RunningOrder("Gone", steps), TODAY)


def test_a_step_without_a_figure_stands_for_the_first_of_its_page():
    (sheet,) = briefing.gather(RunningOrder("One", (Step("travel"),)), TODAY).sheets
    assert sheet.figure.id == "beyond" and sheet.address.endswith("figure=beyond")


def test_words_that_markup_would_act_on_stay_words(made):
    name = "<script>alert(1)</script> & {{ 7 * 7 }}"
    choices = "migration=500&name=%3Cb%3Ebold%3C%2Fb%3E"
    order = RunningOrder(name, (Step("population", "levers-did", choices, question="Why\x00\x0b?"),))
    odd = briefing.gather(order, TODAY)
    page = briefing.file(odd, "html").decode()
    assert "<script>" not in page and "<b>bold" not in page and "&lt;script&gt;" in page and "{{ 7 * 7 }}" in page
    assert Presentation(io.BytesIO(briefing.file(odd, "pptx"))).slides[0].shapes.title.text == name
    assert "Ask the room: Why" in [one.text[:17] for one in Document(io.BytesIO(briefing.file(odd, "docx"))).paragraphs]


# ------------------------------------------------------------------------------------------- in the app


def _share() -> None:
    import streamlit as st

    from pages.components.frame import take_away

    take_away.this_page()
    st.divider()
    take_away.order(st.session_state["order"], "own")


def test_figures_are_chosen_and_taken_away_where_a_page_is_shared_and_on_the_page_of_running_orders():
    page = AppTest.from_function(_share, default_timeout=60)
    page.session_state["order"] = RunningOrder("Mine", (Step("population", "over-time"), Step("workshop", "[x](y)")))
    page.run()
    assert not page.exception
    (figures,) = page.get("button_group")
    assert figures.value == [entry.id for entry in registry.figures("home")]
    assert [one.label for one in page.get("download_button")] == ["PowerPoint", "Word", "Page to print"] * 2
    assert any("2. workshop [x](y): There is no page 'workshop'" in one.value for one in page.text)
    figures.set_value([]).run()
    assert any("Choose one at least" in one.value for one in page.caption)
    page.session_state["order"] = RunningOrder("Nothing", (Step("workshop"),))
    page.run()
    assert not page.get("download_button") and not page.exception


# ------------------------------------------------------------------------------------------ a workshop


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setenv(store.PLACE, str(tmp_path))
    yield store.shared()
    store.shared().close()
    store.at.cache_clear()


def test_a_workshop_becomes_a_briefing_of_what_was_said_and_where_it_leads(room):
    questions = session.sessions()["growing-older-here"].questions
    workshop, _ = room.create("Growing older here", "Cromer", questions, "growing-older-here")
    with pytest.raises(FigureError, match="Nobody has answered"):
        of_workshop(workshop, [], TODAY)
    tokens = [room.join(workshop.code, "A") for _ in range(5)]
    places = {str(ambition): ambition for ambition in range(1, 9)}
    values = {"guess": 10, "lever": 50, "statement": 4, "comment": "a bus", "ranking": places}
    for question in questions:
        room.act(workshop.code, "forward")
        for token in tokens:
            room.answer(workshop.code, token, question.id, values.get(question.kind, {"1": 60, "5": 40}))
        room.act(workshop.code, "forward")
    made = of_workshop(workshop, room.given(workshop.code), TODAY)
    assert made.title == "Growing older here, Cromer"
    asked = [sheet.question for sheet in made.sheets if sheet.question]
    assert asked == [question.text for question in questions if question.kind != "comment"]  # none was let through
    assert {sheet.figure.id for sheet in made.sheets[-2:]} == {"workshop-future", "workshop-over-time"}
    assert made.sheets[-1].changed and "not a forecast" in made.sheets[-1].cautions[0]
    deck = Presentation(io.BytesIO(briefing.file(made, "pptx")))
    assert [slide.shapes.title.text for slide in deck.slides][1:-1] == [one.figure.finding for one in made.sheets]
    assert "the answers of this workshop" in words_of(deck.slides[1])
