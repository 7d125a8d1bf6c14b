"""A briefing as a document for Word and its like, to go on writing in."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from ics_core.area import AREA
from pages.components.briefing.drawn import image
from pages.components.briefing.gathering import Briefing, Sheet, texts
from pages.components.briefing.paper import rows
from pages.components.charts import theme

MOST_ROWS, MOST_COLUMNS = 16, 6
_WIDE, _HIGH = 17.0, 21.0  # centimetres of a picture at most
_COLOURS = theme.LIGHT


def docx(briefing: Briefing) -> bytes:
    """The file: a heading for each finding, with key numbers, what was changed, picture, table, cautions, source."""
    said = texts()
    document = _document(briefing)
    document.add_heading(briefing.title, 0)
    document.add_paragraph(briefing.about)
    document.add_paragraph(said["unofficial"])
    for sheet in briefing.sheets:
        _sheet(document, sheet)
    if briefing.left_out:
        document.add_heading(said["left_out"], 1)
        for line in briefing.left_out:
            document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _sheet(document: Any, sheet: Sheet) -> None:
    said, figure = texts(), sheet.figure
    document.add_heading(figure.finding, 1)
    about = document.add_paragraph()
    _coloured(about.add_run(f"{sheet.kind}. "), _COLOURS.accent).bold = True
    _coloured(about.add_run(f"{figure.subtitle.rstrip('.')}."), _COLOURS.muted)
    for name in ("question", "expect"):
        if getattr(sheet, name):
            document.add_paragraph(said[name].format(**{name: getattr(sheet, name)}))
    if sheet.numbers:
        document.add_heading(said["results"], 2)
        body = [[n.label, n.value, ", ".join(filter(None, (n.change, n.note)))] for n in sheet.numbers]
        _table(document, [], body)
    if sheet.changed:
        document.add_heading(said["changed"], 2)
        document.add_paragraph(" ".join(sheet.changed))
    png = image(sheet.picture, "png", 330)
    if png:
        shape = document.add_picture(io.BytesIO(png))
        scale = min(Cm(_WIDE) / shape.width, Cm(_HIGH) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape._inline.docPr.set("descr", figure.alt)
    heads, body, more = rows(sheet, bool(png), MOST_ROWS)
    if body:
        document.add_heading(said["table"], 2)
        _table(document, heads[:MOST_COLUMNS], [row[:MOST_COLUMNS] for row in body])
    if more:
        document.add_paragraph(more)
    if sheet.cautions:
        document.add_heading(said["cautions"], 2)
        for caution in sheet.cautions:
            document.add_paragraph(caution, style="List Bullet")
    _coloured(document.add_paragraph().add_run(figure.source), _COLOURS.muted).font.size = Pt(9)


def _table(document: Any, heads: list[str], body: list[list[str]]) -> None:
    lines = [heads, *body] if heads else body
    table = document.add_table(len(lines), len(lines[0]), style="Table Grid")
    for place, (row, line) in enumerate(zip(table.rows, lines)):
        for cell, text in zip(row.cells, line):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.font.bold = Pt(9), bool(heads) and place == 0
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    if heads:  # again at the top of each page
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)


def _document(briefing: Briefing) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (("Normal", 10.5), ("Title", 24), ("Heading 1", 15), ("Heading 2", 11)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        fonts.set(qn("w:hAnsi"), "Arial")
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(_COLOURS.ink.removeprefix("#"))
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    document.core_properties.title = briefing.title
    document.core_properties.author = AREA.title
    document.core_properties.language = "en-GB"
    section.footer.paragraphs[0].text = f"{AREA.title}. {texts()['unofficial']}"
    return document


def _coloured(run: Any, colour: str) -> Any:
    run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    return run
