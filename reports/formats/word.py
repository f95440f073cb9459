"""The report as a Word file that an officer edits: real headings, tables whose heads repeat, charts that Word itself draws."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from reports.formats.prepared import Printed, prepared
from reports.formats.showing import SPOKEN, drawn, holds_words, shown
from reports.formats.word_charts import add_chart
from reports.formats.word_markup import (
    BOLD,
    FIELD_END,
    KEPT_WITH_NEXT,
    SMALL,
    field,
    heading,
    link_to,
    named,
    paragraph,
    row,
    run,
    said,
    spaced,
    table,
)
from reports.values import Report, Row, Section, Table, Unit
from templates.markup import cleaned

_INK = RGBColor(0x1C, 0x22, 0x26)
_FACE = "Arial"
_SIZES = (("Normal", 11), ("Title", 24), ("Heading 1", 16), ("Heading 2", 13), ("Caption", 11), ("List Bullet", 11))
_PAGE_WIDTH = 17.0
"""In centimetres, between the margins."""
_WIDE_TABLE = 6
"""A table of more columns than this gets smaller letters."""


def write_word(report: Report, language: str = "en") -> bytes:
    """The DOCX file."""
    printed = prepared(report, language)
    document = Document()
    _look(document, SPOKEN.get(language, language))
    _about(document, printed, SPOKEN.get(language, language))
    pieces = "".join(_pieces(document, printed))
    end = document.element.body.find(qn("w:sectPr"))
    for piece in list(parse_xml(f"<w:body {nsdecls('w')}>{pieces}</w:body>")):
        end.addprevious(piece)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _pieces(document: WordDocument, printed: Printed) -> Iterator[str]:
    """Everything from top to bottom. Charts are parts of the document, and become it here."""
    chapters = [*_titles(printed)]
    marks = iter(range(len(chapters)))
    yield from _front(printed)
    yield from _contents(printed.words["contents"], chapters)
    for section in printed.sections:
        yield from _chapter(document, section, printed, next(marks))
    yield from _back(printed, marks)


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
    said_there = f"{printed.report.council}: {printed.report.title}. {printed.edition}. {printed.words['page']} "
    runs = run(said_there, SMALL) + field("PAGE") + run("1", SMALL) + FIELD_END
    for piece in list(parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>")):
        foot._p.append(piece)


def _front(printed: Printed) -> Iterator[str]:
    report = printed.report
    yield paragraph(run(report.council, BOLD + SMALL))
    yield said(report.title, "Title")
    yield said(f"{printed.subtitle}.")
    yield paragraph(run(f"{printed.edition}.", "" if report.is_published else BOLD))
    yield said(printed.words["summary"], "Heading2")
    yield from _points(report.story)


def _contents(title: str, chapters: list[str]) -> Iterator[str]:
    """A contents list that Word can renew (F9 adds the page numbers), with its links already there."""
    yield said(title, "Heading2")
    for place, chapter in enumerate(chapters):
        begin = field('TOC \\o "1-1" \\h \\z \\u') if place == 0 else ""
        end = FIELD_END if place == len(chapters) - 1 else ""
        yield paragraph(begin + link_to(place, chapter) + end, properties=spaced(after=2))


def _chapter(document: WordDocument, section: Section, printed: Printed, place: int) -> Iterator[str]:
    yield heading(section.title, place)
    for line in section.lines:
        yield said(line, properties=KEPT_WITH_NEXT if section.tables else "")
    for one in section.tables:
        yield from _shown(document, one, printed)


def _shown(document: WordDocument, one: Table, printed: Printed) -> Iterator[str]:
    """A table with its picture before it and how it is counted behind it."""
    if not one.rows:
        yield named(f"{one.title}. ", one.empty or printed.words["nothing"])
        return
    yield said(one.title, "Caption")
    if one.summary:
        yield said(one.summary, properties=KEPT_WITH_NEXT)
    if drawn(one):
        yield paragraph(f"<w:r>{add_chart(document, one, printed.words)}</w:r>", properties=KEPT_WITH_NEXT)
    yield _table(one, printed)
    counted = " ".join(one.footnotes)
    ids = ", ".join(one.measures)
    told = f"{counted} ({ids})" if counted and ids else counted or ids
    yield paragraph(run(f"{printed.words['method_link']}: {told}", SMALL) if told else "", properties=spaced(before=4, after=16))


def _table(one: Table, printed: Printed) -> str:
    weights = _weights(one)
    widths = [int(Cm(_PAGE_WIDTH * weight / sum(weights))) for weight in weights]
    are_numbers = [False, *(not holds_words(column) for column in one.columns)]
    half_points = 18 if len(widths) > _WIDE_TABLE else 20

    def made(values: list[str], mark: str, *, is_bold: bool) -> str:
        return row(zip(values, widths, are_numbers, strict=True), mark, half_points=half_points, is_bold=is_bold)

    heads = made([one.row_title, *(column.title for column in one.columns)], "tblHeader", is_bold=True)
    rows = (made(_values(line, one, printed), "cantSplit", is_bold=line.is_total) for line in one.rows)
    return table(one.title, one.summary, widths, (heads, *rows))


def _values(line: Row, one: Table, printed: Printed) -> list[str]:
    cells = zip(line.cells, one.columns, strict=True)
    return [line.title, *(shown(cell, column, printed.words) for cell, column in cells)]


def _weights(one: Table) -> list[float]:
    """The rows' titles and words get more room than numbers."""
    return [2.4, *(2.0 if column.unit is Unit.TEXT else 1.2 if column.unit is Unit.DAY else 1.0 for column in one.columns)]


def _back(printed: Printed, places: Iterator[int]) -> Iterator[str]:
    """What to know, every measure, and what the report was made of."""
    words = printed.words
    if printed.notes:
        yield heading(words["notes"], next(places))
        yield from _points(printed.notes)
    if printed.measures:
        yield heading(words["measures"], next(places))
        yield _table(printed.measures, printed)
        yield paragraph("")
        for one in printed.definitions:
            yield named(f"{one.id} {one.title}. ", _definition(one.definition, one.numerator, one.denominator, printed))
    yield heading(words["about"], next(places))
    for name, value in printed.facts:
        yield named(f"{name}: ", value, spaced(after=2))


def _definition(definition: str, numerator: str, denominator: str, printed: Printed) -> str:
    counted = f" {printed.words['measure_numerator']}: {numerator}." if numerator else ""
    out_of = f" {printed.words['measure_denominator']}: {denominator}." if denominator else ""
    return f"{definition}{counted}{out_of}"


def _points(lines: Iterable[str]) -> Iterator[str]:
    return (said(line, "ListBullet") for line in lines)
