"""Charts in a Word file as Word draws them, each with the little workbook that an officer changes it in.

XlsxWriter writes the chart as a part of that workbook; Word wants the same part (ECMA-376, part 1, 21.2) with a link to the
workbook.
"""

import zipfile
from io import BytesIO

import xlsxwriter
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Cm
from markupsafe import escape

from reports.formats.charts import described, named
from reports.formats.native_charts import HEADS, native_chart
from reports.formats.showing import Words, charted, drawn, is_number
from reports.values import Chart, Table
from templates.markup import cleaned

LONGEST_DESCRIPTION = 2_000
_INSIDE = "xl/charts/chart1.xml"
_SHEET = "Chart"
_WIDTH = Cm(16)
_VALUE = b'<c:showVal val="1"/>'
_ONLY_VALUE = b'<c:showLegendKey val="0"/><c:showVal val="1"/>' + b"".join(
    b'<c:show%s val="0"/>' % name for name in (b"CatName", b"SerName", b"Percent", b"BubbleSize")
)
"""Programs differ on what stands on a bar where nothing is said of it."""
_NAMESPACES = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def add_chart(document: WordDocument, table: Table, words: Words) -> str:
    """Make the chart of the table a part of the document. Gives the drawing that shows it, for a run."""
    workbook, chart = _chart_of(table, words)
    number = 1 + sum(one.reltype == RELATIONSHIP_TYPE.CHART for one in document.part.rels.values())
    package = document.part.package
    held = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, workbook, package)
    drawn_by_word = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, chart, package)
    link = drawn_by_word.relate_to(held, RELATIONSHIP_TYPE.PACKAGE)
    drawn_by_word._blob = _linked(chart, link)  # the link's name is known only now
    here = document.part.relate_to(drawn_by_word, RELATIONSHIP_TYPE.CHART)
    return _drawing(table, words, here, number)


def _chart_of(table: Table, words: Words) -> tuple[bytes, bytes]:
    """A workbook with the drawn columns of the table, and the chart of it."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_SHEET)
        sheet.write_string(HEADS, 0, cleaned(table.row_title))
        for place, column in enumerate(table.columns, start=1):
            sheet.write_string(HEADS, place, cleaned(column.title))
        for line, row in enumerate(charted(table), start=HEADS + 1):
            sheet.write_string(line, 0, cleaned(row.title))
            for place in drawn(table):
                if is_number(row.cells[place]):
                    sheet.write_number(line, place + 1, float(row.cells[place].value))  # type: ignore[arg-type]  # a number
        sheet.insert_chart(0, len(table.columns) + 2, native_chart(book, _SHEET, table, range(1, len(table.columns) + 1), words))
    with zipfile.ZipFile(held) as packed:
        return held.getvalue(), packed.read(_INSIDE)


def _linked(chart: bytes, link: str) -> bytes:
    """The chart with the link to its workbook, which stands before the settings for printing."""
    data = f'<c:externalData r:id="{link}"><c:autoUpdate val="0"/></c:externalData>'.encode()
    before, mark, after = chart.replace(_VALUE, _ONLY_VALUE).partition(b"<c:printSettings>")
    return before + data + mark + after


def _drawing(table: Table, words: Words, link: str, number: int) -> str:
    said = escape(cleaned(f"{named(table, words)} {described(table, words)}")[:LONGEST_DESCRIPTION])
    rows = len(charted(table)) * (1 if table.chart is Chart.SHARES else len(drawn(table)))
    high = Cm(8) if table.chart is Chart.MONTHS else Cm(min(max(5.5, 3 + 0.65 * rows), 20))
    return (
        f'<w:drawing {_NAMESPACES}><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{_WIDTH}" cy="{high}"/>'
        f'<wp:docPr id="{1000 + number}" name="{escape(words["chart"])} {number}" descr="{said}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{link}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
