"""The report as a Word file that an officer edits: real headings, tables whose heads repeat, charts that Word itself draws."""

import re
from collections.abc import Iterable
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markupsafe import escape

from reports.formats.prepared import Printed, prepared
from reports.formats.showing import SPOKEN, drawn, holds_words, shown
from reports.formats.word_charts import add_chart
from reports.values import Report, Row, Section, Table, Unit
from templates.markup import cleaned

_INK, _SOFT = RGBColor(0x1C, 0x22, 0x26), RGBColor(0x4D, 0x58, 0x60)
_FACE = "Arial"
_SIZES = (("Normal", 11), ("Title", 24), ("Heading 1", 16), ("Heading 2", 13), ("Caption", 11), ("List Bullet", 11))
_PAGE_WIDTH = 17.0
"""In centimetres, between the margins."""
_RIGHT, _OFF = '<w:jc w:val="right"/>', ' w:val="0"'
_WIDE_TABLE = 6
"""A table of more columns than this gets smaller letters."""


def write_word(report: Report, language: str = "en") -> bytes:
    """The DOCX file."""
    printed = prepared(report, language)
    document = Document()
    _look(document, SPOKEN.get(language, language))
    _about(document, printed, SPOKEN.get(language, language))
    _front(document, printed)
    chapters = [*_titles(printed)]
    _contents(document, printed.words["contents"], chapters)
    marks = iter(range(len(chapters)))
    for section in printed.sections:
        _chapter(document, section, printed, next(marks))
    _back(document, printed, marks)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _titles(printed: Printed) -> Iterable[str]:
    """The chapters as the contents list them."""
    words = printed.words
    yield from (section.title for section in printed.sections)
    if printed.notes:
        yield words["notes"]
    if printed.measures:
        yield words["measures"]
    yield words["about"]


def _look(document: WordDocument, spoken: str) -> None:
    """A4 and a plain face, readable on paper, on a screen and enlarged."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in _SIZES:
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FACE, Pt(size), _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for old in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(old), None)  # the theme's face would win over ours
    document.styles["Caption"].font.bold = True
    document.styles["Caption"].paragraph_format.keep_with_next = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), spoken)
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _about(document: WordDocument, printed: Printed, spoken: str) -> None:
    about = document.core_properties
    about.title, about.subject = cleaned(printed.report.title)[:255], printed.subtitle[:255]
    about.author = about.last_modified_by = cleaned(printed.report.council)[:255]
    about.comments, about.keywords, about.language = "", "", spoken
    foot = document.sections[0].footer.paragraphs[0]
    _small(foot, f"{printed.report.council}: {printed.report.title}. {printed.edition}. {printed.words['page']} ")
    _field(foot, "PAGE", "1")


def _front(document: WordDocument, printed: Printed) -> None:
    report = printed.report
    _small(document.add_paragraph(), report.council).bold = True
    _styled(document, report.title, "Title")
    document.add_paragraph(cleaned(f"{printed.subtitle}."))
    edition = document.add_paragraph().add_run(f"{printed.edition}.")
    edition.bold = not report.is_published
    _styled(document, printed.words["summary"], "Heading2")
    _points(document, report.story)


def _contents(document: WordDocument, title: str, chapters: list[str]) -> None:
    """A contents list that Word can renew (F9 adds the page numbers), with its links already there."""
    _styled(document, title, "Heading2")
    for place, chapter in enumerate(chapters):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        if place == 0:
            _mark(line, "begin")
            _instruction(line, 'TOC \\o "1-1" \\h \\z \\u')
            _mark(line, "separate")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"_chapter{place}")
        link.set(qn("w:history"), "1")
        line.add_run(cleaned(chapter))
        link.append(line.runs[-1]._r)  # the library has no links inside a file: the run is moved into one
        line._p.append(link)
        if place == len(chapters) - 1:
            _mark(line, "end")


def _heading(document: WordDocument, title: str, place: int) -> None:
    """A chapter's heading, with the bookmark that the contents lead to."""
    heading = _styled(document, title, "Heading1")
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(place))
    start.set(qn("w:name"), f"_chapter{place}")
    heading._p.insert(1 if heading._p.pPr is not None else 0, start)
    heading._p.append(end)


def _chapter(document: WordDocument, section: Section, printed: Printed, place: int) -> None:
    _heading(document, section.title, place)
    for line in section.lines:
        document.add_paragraph(cleaned(line)).paragraph_format.keep_with_next = bool(section.tables)
    for table in section.tables:
        _shown(document, table, printed)


def _shown(document: WordDocument, table: Table, printed: Printed) -> None:
    """A table with its picture before it and how it is counted behind it."""
    if not table.rows:
        document.add_paragraph().add_run(f"{cleaned(table.title)}. ").bold = True
        document.paragraphs[-1].add_run(cleaned(table.empty or printed.words["nothing"]))
        return
    _styled(document, table.title, "Caption")
    if table.summary:
        document.add_paragraph(cleaned(table.summary)).paragraph_format.keep_with_next = True
    if drawn(table):
        add_chart(document, table, printed.words)
    _table(document, table, printed)
    counted = " ".join(table.footnotes)
    ids = ", ".join(table.measures)
    said = f"{counted} ({ids})" if counted and ids else counted or ids
    after = document.add_paragraph()
    after.paragraph_format.space_before, after.paragraph_format.space_after = Pt(4), Pt(16)
    if said:
        _small(after, f"{printed.words['method_link']}: {said}")


def _table(document: WordDocument, table: Table, printed: Printed) -> None:
    widths = [int(Cm(_PAGE_WIDTH * weight / sum(_weights(table)))) for weight in _weights(table)]
    made = document.add_table(rows=0, cols=len(widths))
    made.autofit = False
    _lines(made, table)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Emu(width)
    heads = [table.row_title, *(column.title for column in table.columns)]
    rows = [_row(heads, table, widths, "tblHeader", is_bold=True)]
    rows += [_row(_values(row, table, printed), table, widths, "cantSplit", is_bold=row.is_total) for row in table.rows]
    for row in parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(rows)}</w:tbl>"):
        made._tbl.append(row)


def _values(row: Row, table: Table, printed: Printed) -> list[str]:
    cells = zip(row.cells, table.columns, strict=True)
    return [row.title, *(shown(cell, column, printed.words) for cell, column in cells)]


def _weights(table: Table) -> list[float]:
    """The rows' titles and words get more room than numbers."""
    return [2.4, *(2.0 if column.unit is Unit.TEXT else 1.2 if column.unit is Unit.DAY else 1.0 for column in table.columns)]


def _row(values: list[str], table: Table, widths: list[int], mark: str, *, is_bold: bool) -> str:
    """A row as WordprocessingML: cell by cell through the library's objects a report took a second more."""
    half_points = 18 if len(values) > _WIDE_TABLE else 20
    cells = []
    for place, (value, width) in enumerate(zip(values, widths, strict=True)):
        is_number = place and not holds_words(table.columns[place - 1])
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{Emu(width).twips}"/></w:tcPr>'
            f'<w:p><w:pPr><w:spacing w:before="40" w:after="40"/>{_RIGHT if is_number else ""}</w:pPr>'
            f'<w:r><w:rPr><w:b{"" if is_bold else _OFF}/><w:sz w:val="{half_points}"/></w:rPr>{_words(value)}</w:r></w:p></w:tc>'
        )
    return f"<w:tr><w:trPr><w:{mark}/></w:trPr>{''.join(cells)}</w:tr>"


def _words(value: str) -> str:
    """Words of a run: a break or a tab is an element of its own."""
    pieces = re.split(r"(\r\n|[\t\n\r])", cleaned(value))
    return "".join(
        ("<w:tab/>" if piece == "\t" else "<w:br/>") if place % 2 else f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for place, piece in enumerate(pieces)
        if piece
    )


def _lines(made: WordTable, table: Table) -> None:
    """Thin lines between the rows, and the words that a screen reader says of the table."""
    properties = made._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "9AA5AC")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    layout = properties.find(qn("w:tblLayout"))
    look = properties.find(qn("w:tblLook"))
    before = layout if layout is not None else look
    if before is None:
        properties.append(borders)
    else:
        before.addprevious(borders)
    for name, said in (("w:tblCaption", table.title), ("w:tblDescription", table.summary)):
        if said:
            words = OxmlElement(name)
            words.set(qn("w:val"), cleaned(said))
            properties.append(words)


def _back(document: WordDocument, printed: Printed, marks: Iterable[int]) -> None:
    """What to know, every measure, and what the report was made of."""
    words, places = printed.words, iter(marks)
    if printed.notes:
        _heading(document, words["notes"], next(places))
        _points(document, printed.notes)
    if printed.measures:
        _heading(document, words["measures"], next(places))
        _table(document, printed.measures, printed)
        document.add_paragraph()
        for one in printed.definitions:
            line = document.add_paragraph()
            line.add_run(f"{one.id} {cleaned(one.title)}. ").bold = True
            line.add_run(cleaned(_definition(one.definition, one.numerator, one.denominator, printed)))
    _heading(document, words["about"], next(places))
    for name, value in printed.facts:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{name}: ").bold = True
        line.add_run(cleaned(value))


def _definition(definition: str, numerator: str, denominator: str, printed: Printed) -> str:
    counted = f" {printed.words['measure_numerator']}: {numerator}." if numerator else ""
    out_of = f" {printed.words['measure_denominator']}: {denominator}." if denominator else ""
    return f"{definition}{counted}{out_of}"


def _points(document: WordDocument, lines: Iterable[str]) -> None:
    for line in lines:
        _styled(document, line, "ListBullet")


def _styled(document: WordDocument, words: str, style: str) -> Paragraph:
    """A paragraph in a style by its id: the library would look through all of them for each."""
    made = document.add_paragraph(cleaned(words))
    made._p.style = style
    return made


def _small(paragraph: Paragraph, words: str) -> Run:
    run = paragraph.add_run(cleaned(words))
    run.font.size, run.font.color.rgb = Pt(9), _SOFT
    return run


def _field(paragraph: Paragraph, instruction: str, value: str) -> None:
    """A field that Word fills in, such as the number of the page."""
    _mark(paragraph, "begin")
    _instruction(paragraph, instruction)
    _mark(paragraph, "separate")
    _small(paragraph, value)
    _mark(paragraph, "end")


def _mark(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    _in_a_run(paragraph, mark)


def _instruction(paragraph: Paragraph, words: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {words} "
    _in_a_run(paragraph, instruction)


def _in_a_run(paragraph: Paragraph, element: BaseOxmlElement) -> None:
    run = OxmlElement("w:r")
    run.append(element)
    paragraph._p.append(run)
