"""A briefing as slides for PowerPoint and its like: 16 to 9, a figure each, charts that can be edited.

The finding is the title, so that the outline reads as the story. Nothing lies over anything else: each part has a
box of its own, and words that have no room in theirs go into the notes, which hold all of it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from textwrap import shorten, wrap
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from ics_core.area import AREA
from ics_core.figure import Number, in_words
from pages.components.briefing import native
from pages.components.briefing.drawn import WIDE, image
from pages.components.briefing.gathering import Briefing, Sheet, texts
from pages.components.charts import lines, theme

MOST_NUMBERS, MOST_ROWS, MOST_COLUMNS = 4, 9, 5  # on one slide
_WIDE, _HIGH, _EDGE = 13.333, 7.5, 0.55  # inches
_BODY = 2.2, 4.35  # inches: where the picture begins, and its height
_BESIDE = 3.3  # inches: the column of key numbers
_FONT = "Arial"  # on every machine, or with a twin of the same widths
_COLOURS = theme.LIGHT
_DASHES = {"solid": None, "dashed": MSO_LINE_DASH_STYLE.DASH, "dotted": MSO_LINE_DASH_STYLE.ROUND_DOT}


def pptx(briefing: Briefing) -> bytes:
    """The file: a first slide, one for each figure, and what to bear in mind."""
    deck = _deck(briefing)
    _first(deck, briefing)
    for sheet in briefing.sheets:
        _figure(deck, sheet)
    _last(deck, briefing)
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


# ------------------------------------------------------------------------------------------ slides


def _first(deck: Deck, briefing: Briefing) -> None:
    slide = _slide(deck, briefing.title, largest=40, top=2.0, height=1.5)
    frame = _box(slide, _EDGE, 3.7, _WIDE - 2 * _EDGE, 2.6)
    changed = _shared(briefing.sheets)
    _say(frame, briefing.about, 18, _COLOURS.muted)
    for line in [texts()["changed"] + ": " + " ".join(changed)] if changed else []:
        _say(frame, shorten(line, 420, placeholder=" …"), 18, _COLOURS.ink, before=12)
    _say(frame, texts()["unofficial"], 18, _COLOURS.ink, before=12)
    notes = [sheet.figure.finding + "." for sheet in briefing.sheets]
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _figure(deck: Deck, sheet: Sheet) -> None:
    figure = sheet.figure
    slide = _slide(deck, figure.finding)
    about = _box(slide, _EDGE, 1.5, _WIDE - 2 * _EDGE, 0.66)
    line = about.paragraphs[0]
    _run(line, sheet.kind + ". ", 13, _COLOURS.accent, bold=True)
    _run(line, _sentences(figure.subtitle, 260 - len(sheet.kind)), 13, _COLOURS.muted)
    beside = bool(sheet.numbers or sheet.changed)
    _picture(slide, sheet, _WIDE - 2 * _EDGE - (_BESIDE + 0.35 if beside else 0))
    if beside:
        _column(slide, sheet.numbers, sheet.changed)
    _foot(slide, figure.source, len(deck.slides))
    slide.notes_slide.notes_text_frame.text = "\n".join(sheet.notes())


def _last(deck: Deck, briefing: Briefing) -> None:
    said = texts()
    parts = [(said["cautions"], list(briefing.cautions))]
    parts += [(said["left_out"], list(briefing.left_out))] if briefing.left_out else []
    for title, points in parts:
        page: list[str] = []
        held = 0
        for point in points:
            takes = 0.4 + len(wrap(point, _letters(_WIDE - 2 * _EDGE, 15)))  # lines
            if held + takes > 20 and page:
                _points(deck, title, page)
                page, held, title = [], 0, said["cautions_more"] if title == said["cautions"] else title
            page.append(point)
            held += takes
        if page:
            _points(deck, title, page)


def _points(deck: Deck, title: str, points: Sequence[str]) -> None:
    slide = _slide(deck, title)
    frame = _box(slide, _EDGE, 1.5, _WIDE - 2 * _EDGE, 5.1)
    for point in points:
        _say(frame, point, 15, _COLOURS.ink, before=7)
    _foot(slide, "", len(deck.slides))


# ------------------------------------------------------------------------------- parts of a slide


def _picture(slide: Slide, sheet: Sheet, width: float) -> None:
    top, height = _BODY
    chart = native.chart(sheet.picture)
    if chart is not None:
        frame = _chart(slide, chart, width, top, height)
    elif (png := image(sheet.picture, "png", round(WIDE * height / width * 0.8), shrinks=True)) is not None:
        frame = slide.shapes.add_picture(io.BytesIO(png), Inches(_EDGE), Inches(top))
        scale = min(Inches(width) / frame.width, Inches(height) / frame.height)
        frame.width, frame.height = Emu(int(frame.width * scale)), Emu(int(frame.height * scale))
    else:
        frame = _table(slide, sheet, width, top)
    frame.name = "Picture"
    frame._element.xpath(".//p:cNvPr")[0].set("descr", sheet.figure.alt)


def _column(slide: Slide, numbers: Sequence[Number], changed: Sequence[str]) -> None:
    """The key numbers, large, and what was changed, in a column of their own."""
    top, height = _BODY
    frame = _box(slide, _WIDE - _EDGE - _BESIDE, top, _BESIDE, height)
    letters, room = _letters(_BESIDE, 12), height * 72

    def lines(text: str) -> float:
        return 14.4 * len(wrap(text, letters))  # points

    said = " ".join(changed)
    wanted = min(lines(said) + 30, 0.55 * room) if changed else 0
    for number in numbers[:MOST_NUMBERS]:
        under = ", ".join(filter(None, (number.change, number.note)))
        size = 24 if len(number.value) <= 16 else 17
        takes = 8 + 1.2 * size + lines(number.label) + lines(under)
        if takes > room - wanted:
            break
        room -= takes
        _say(frame, number.value, size, _COLOURS.accent, bold=True, before=8)
        _say(frame, number.label, 12, _COLOURS.ink)
        if under:
            _say(frame, under, 12, _COLOURS.muted)
    if changed:
        _say(frame, texts()["changed"], 12, _COLOURS.ink, bold=True, before=10)
        most = int((room - 28) / 14.4) * (letters - 2)
        _say(frame, shorten(said, max(80, most), placeholder=f" … ({texts()['whole']})"), 12, _COLOURS.ink, before=2)


def _foot(slide: Slide, source: str, place: int) -> None:
    """Source and date, whose this is, and the number of the slide."""
    frame = _box(slide, _EDGE, 6.66, _WIDE - 2 * _EDGE - 0.9, 0.7)
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    said = f"{AREA.title}. {texts()['unofficial']}"
    if source:
        _say(frame, _publications(source, 420), 10, _COLOURS.muted)
    _say(frame, said, 10, _COLOURS.muted)
    number = _box(slide, _WIDE - _EDGE - 0.8, 6.66, 0.8, 0.7)
    number.vertical_anchor = MSO_ANCHOR.BOTTOM
    _say(number, str(place), 10, _COLOURS.muted)
    number.paragraphs[0].alignment = 3  # right


def _publications(source: str, most: int) -> str:
    """As many publications of a source line as have room; the notes hold all of it."""
    if len(source) <= most:
        return source
    parts = source.rstrip(".").split("; ")
    kept: list[str] = []
    while len(kept) < len(parts) and len("; ".join([*kept, parts[len(kept)]])) < most - 30:
        kept.append(parts[len(kept)])
    if not kept:
        return shorten(parts[0], most - 30, placeholder=f" … ({texts()['whole']})")
    return f"{'; '.join(kept)}; {texts()['more'].format(count=len(parts) - len(kept))}"


def _sentences(text: str, most: int) -> str:
    """As many whole sentences as have room, or the beginning of the first."""
    parts = text.rstrip(".").split(". ")
    kept = parts[0]
    for part in parts[1:]:
        if len(kept) + len(part) + 2 > most:
            break
        kept += f". {part}"
    return shorten(kept, most, placeholder=" …").rstrip(".") + "."


def _table(slide: Slide, sheet: Sheet, width: float, top: float) -> Any:
    """As many rows of the figure's table as have room, in words, as a table that can be edited."""
    figure = sheet.figure
    shown = in_words(figure, MOST_ROWS).iloc[:, :MOST_COLUMNS].astype(str)
    longest = [min(60, max([len(name), *shown[name].str.len()])) for name in shown]
    shares = [max(9, length) ** 0.7 / sum(max(9, length) ** 0.7 for length in longest) for length in longest]
    letters = [_letters(width * share - 0.15, 12) for share in shares]
    rows = [[str(name) for name in shown.columns], *shown.to_numpy().tolist()]
    rows = [[shorten(text, max(8, 2 * room - 4), placeholder=" …") for text, room in zip(row, letters)] for row in rows]
    heights = [max(len(wrap(text, room)) or 1 for text, room in zip(row, letters)) * 0.205 + 0.1 for row in rows]
    while sum(heights) > _BODY[1] - 0.35:
        rows, heights = rows[:-1], heights[:-1]
    if len(rows) - 1 < len(figure.table):
        more = texts()["rows"].format(shown=len(rows) - 1, count=len(figure.table))
        _say(_box(slide, _EDGE, top + _BODY[1] - 0.25, width, 0.25), more, 11, _COLOURS.muted)
    frame = slide.shapes.add_table(
        len(rows), len(shares), Inches(_EDGE), Inches(top), Inches(width), Inches(sum(heights))
    )
    table = frame.table
    table.horz_banding = False
    for column, share in zip(table.columns, shares):
        column.width = Emu(int(Inches(width) * share))
    for place, (row, high) in enumerate(zip(rows, heights)):
        table.rows[place].height = Inches(high)
        for column, text in enumerate(row):
            cell = table.cell(place, column)
            cell.margin_top = cell.margin_bottom = Pt(2)
            cell.margin_left = cell.margin_right = Pt(5)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(_COLOURS.accent if place == 0 else _COLOURS.ground)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            colour = _COLOURS.ground if place == 0 else _COLOURS.ink
            _run(cell.text_frame.paragraphs[0], text, 12, colour, bold=place == 0)
    return frame


# ------------------------------------------------------------------------------------------ charts


def _chart(slide: Slide, chart: native.Chart, width: float, top: float, height: float) -> Any:
    data: Any
    if chart.kind == "curve":
        kind = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
        data = XyChartData(number_format=chart.format)
        for one in chart.series:
            points = data.add_series(one.name)
            for across, value in zip(one.across, one.values):
                points.add_data_point(across, value)
    else:
        kind = XL_CHART_TYPE.LINE_MARKERS if chart.kind == "lines" else XL_CHART_TYPE.BAR_CLUSTERED
        data = CategoryChartData(number_format=chart.format)
        # Years on an axis of time, whose labels never crowd.
        data.categories = [date(one, 1, 1) if isinstance(one, int) else one for one in chart.categories]
        for one in chart.series:
            data.add_series(one.name, one.values)
    frame = slide.shapes.add_chart(kind, Inches(_EDGE), Inches(top), Inches(width), Inches(height), data)
    made = frame.chart
    made.font.size, made.font.name, made.font.color.rgb = Pt(14), _FONT, _rgb(_COLOURS.ink)
    made.has_title = True
    _run(made.chart_title.text_frame.paragraphs[0], chart.above, 13, _COLOURS.muted)
    made.chart_title.include_in_layout = False
    made.has_legend = len(chart.series) > 1
    if made.has_legend:
        made.legend.position = XL_LEGEND_POSITION.BOTTOM
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(13)
        _leave_out_of_key(made.legend, [place for place, one in enumerate(chart.series) if not one.named])
    if chart.kind == "bars":
        _bars(made, chart)
    else:
        _lines(made, chart)
    return frame


def _lines(made: Any, chart: native.Chart) -> None:
    for series, one in zip(made.plots[0].series, chart.series):
        series.smooth = False
        series.format.line.color.rgb = _rgb(one.colours[0])
        series.format.line.width = Pt(1 if one.edge else 3)
        if _DASHES[one.dash] is not None:
            series.format.line.dash_style = _DASHES[one.dash]
        series.marker.style = XL_MARKER_STYLE.CIRCLE if one.dots else XL_MARKER_STYLE.NONE
        if one.dots:
            series.marker.size = 7
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = _rgb(one.colours[0])
            series.marker.format.line.color.rgb = _rgb(one.colours[0])
    value, across = made.value_axis, made.category_axis
    low, high = chart.ends or (0, 0)
    if chart.ends:
        value.minimum_scale, value.maximum_scale = low, high
    whole = "#,##0" if high - low >= 10 else chart.format
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = whole, False
    if chart.kind == "curve":
        known = [place for one in chart.series for place in one.across]
        across.minimum_scale, across.maximum_scale = lines.axis(min(known), max(known))
        across.tick_labels.number_format, across.tick_labels.number_format_is_linked = chart.across, False
        across.has_major_gridlines = False
    else:
        made._chartSpace.chart.find(qn("c:dispBlanksAs")).set("val", "span" if chart.joined else "gap")
        first, last = (one if isinstance(one, int) else one.year for one in (chart.categories[0], chart.categories[-1]))
        across.tick_labels.number_format, across.tick_labels.number_format_is_linked = "yyyy", False
        _years(across, max(1, round((last - first) / 7)), "years" if isinstance(chart.categories[0], int) else "days")
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _quiet(value)
    across.format.line.color.rgb = _rgb(_COLOURS.rule)


def _bars(made: Any, chart: native.Chart) -> None:
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    plot.has_data_labels = True
    size = 14 if len(chart.categories) * len(chart.series) <= 12 else 11 if len(chart.categories) <= 16 else 8
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = chart.format, False
    plot.data_labels.font.size = Pt(size)
    for series, one in zip(plot.series, chart.series):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(one.colours[0])
        for place, colour in enumerate(one.colours if len(set(one.colours)) > 1 else ()):
            point = series.points[place].format.fill
            point.solid()
            point.fore_color.rgb = _rgb(colour)
    made.category_axis.reverse_order = True  # the first on top
    made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    made.category_axis.tick_labels.font.size = Pt(size)
    made.category_axis.format.line.color.rgb = _rgb(_COLOURS.rule)
    made.category_axis.has_major_gridlines = False
    known = [value for one in chart.series for value in one.values if value is not None]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    room = 0.24 * (high - low or 1)  # for the values at the ends of the bars
    made.value_axis.minimum_scale = low - room if low < 0 else 0
    made.value_axis.maximum_scale = high + room if high > 0 else 0
    made.value_axis.visible = False  # each bar has its value
    made.value_axis.has_major_gridlines = False


def _quiet(axis: Any) -> None:
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _rgb(theme.mix(_COLOURS.rule, _COLOURS.ground, 0.5))
    axis.format.line.fill.background()


def _years(axis: Any, step: int, base: str) -> None:
    """A label at each so many years; ``base`` is what lies between two places of the axis."""
    known = {child.tag: child for child in axis._element}
    for name in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        if qn(name) in known:
            axis._element.remove(known[qn(name)])
        value = {"c:baseTimeUnit": base, "c:majorUnit": str(step)}.get(name, "years")
        axis._element.append(axis._element.makeelement(qn(name), {"val": value}))


def _leave_out_of_key(legend: Any, places: Sequence[int]) -> None:
    for place in reversed(places):
        entry = legend._element.makeelement(qn("c:legendEntry"), {})
        for name, value in (("c:idx", str(place)), ("c:delete", "1")):
            entry.append(entry.makeelement(qn(name), {"val": value}))
        legend._element.find(qn("c:legendPos")).addnext(entry)


# ------------------------------------------------------------------------------------------- words


def _deck(briefing: Briefing) -> Deck:
    deck = Presentation()
    stretch = Inches(_WIDE) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    for part in (deck.slide_master, *deck.slide_layouts):  # made for 4 to 3
        for shape in part.placeholders:
            shape.left, shape.top, shape.width, shape.height = (
                Emu(int(shape.left * stretch)),
                shape.top,
                Emu(int(shape.width * stretch)),
                shape.height,
            )
    # The look that slides added later take over as well.
    look = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    look._blob = look.blob.replace(b'typeface="Calibri"', f'typeface="{_FONT}"'.encode())
    deck.core_properties.title = briefing.title
    deck.core_properties.author = AREA.title
    deck.core_properties.language = "en-GB"
    return deck


def _slide(deck: Deck, title: str, largest: int = 28, top: float = 0.42, height: float = 1.05) -> Slide:
    """A slide with a thin rule of the one colour at its top and its title in two lines at most."""
    sizes = range(largest, 11, -2)
    size = next((size for size in sizes if len(wrap(title, _letters(_WIDE - 2 * _EDGE, size * 1.08))) <= 2), 12)
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title alone
    rule = slide.shapes.add_shape(1, 0, 0, Inches(_WIDE), Inches(0.1))
    rule.name = "Rule"
    rule.fill.solid()
    rule.fill.fore_color.rgb = _rgb(_COLOURS.accent)
    rule.line.fill.background()
    shape = slide.shapes.title
    shape.left, shape.top = Inches(_EDGE), Inches(top)
    shape.width, shape.height = Inches(_WIDE - 2 * _EDGE), Inches(height)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor, frame.word_wrap = MSO_ANCHOR.TOP, True
    _run(frame.paragraphs[0], title, size, _COLOURS.ink, bold=True)
    frame.paragraphs[0].alignment = 1  # left
    return slide


def _box(slide: Slide, left: float, top: float, width: float, height: float) -> Any:
    frame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _say(frame: Any, text: str, size: int, colour: str, bold: bool = False, before: int = 0) -> None:
    """One more paragraph."""
    first = not frame.paragraphs[0].runs and len(frame.paragraphs) == 1
    line = frame.paragraphs[0] if first else frame.add_paragraph()
    line.space_before = Pt(before)
    _run(line, text, size, colour, bold)


def _run(line: Any, text: str, size: int, colour: str, bold: bool = False) -> None:
    run = line.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
    run.font.color.rgb = _rgb(colour)
    run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK


def _letters(width: float, size: float) -> int:
    """How many letters a line so many inches wide has room for, by the middling width of one."""
    return int(width * 72 / (0.5 * size))


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))


def _shared(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """What was changed, where it is the same for all."""
    found = {sheet.changed for sheet in sheets}
    return found.pop() if len(found) == 1 else ()
