"""The report as a workbook for Excel and LibreOffice: a sheet a table, with charts that can be changed there.

Words are written as words, never as formulas: a team called `=1+1` is a team called `=1+1`.
"""

import re
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.formats.charts import described, named
from reports.formats.native_charts import HEADS, native_chart
from reports.formats.prepared import Printed, prepared
from reports.formats.showing import drawn, holds_words, is_change, is_number, shown_alone, unit_of
from reports.values import Cell, Column, Report, Table, Unit
from templates.markup import cleaned

LONGEST_CELL = 32_767
"""Of one cell (Excel specifications and limits)."""
LONGEST_NAME = 31
LONGEST_DESCRIPTION = 2_000
"""Of a chart's words for those who do not see it; the table below says the rest."""
CUT = " […]"
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_PLAIN = {"font_name": "Arial", "font_size": 11, "valign": "top"}
_WIDE, _NARROW, _FIRST = 38, 15, 42

Looks = dict[str, Format]


def write_workbook(report: Report, language: str = "en") -> bytes:
    """The XLSX file."""
    printed = prepared(report, language)
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": safe(report.title), "author": safe(report.council), "subject": printed.subtitle})
        looks, names = _looks(book), sheet_names(printed)
        _front(book.add_worksheet(names[""]), printed, names, looks)
        for table in printed.tables:
            _table(book, book.add_worksheet(names[table.name]), table, printed, looks)
    return held.getvalue()


def sheet_names(printed: Printed) -> dict[str, str]:
    """The name of each table's sheet by the table's name; under the empty one that of the first sheet, with the notes."""
    front = printed.words["about"][:LONGEST_NAME]
    names, taken = {"": front}, {front.lower(), "history"}  # Excel keeps the last for itself
    for table in printed.tables:
        base = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", cleaned(table.title)).split()) or table.name
        name, number = base[:LONGEST_NAME].strip(), 2
        while name.lower() in taken:
            name = f"{base[: LONGEST_NAME - 3].strip()} {number}"
            number += 1
        names[table.name] = name
        taken.add(name.lower())
    return names


def safe(words: str) -> str:
    """What a cell can hold: no characters that XML forbids, and no more than fit."""
    text = cleaned(words)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def _looks(book: Workbook) -> Looks:
    head = {**_PLAIN, "bold": True, "text_wrap": True, "bottom": 2, "valign": "bottom"}
    none = {**_PLAIN, "align": "right", "font_color": "#4d5860"}
    return {
        "words": book.add_format({**_PLAIN, "text_wrap": True}),
        "title": book.add_format({**_PLAIN, "font_size": 16, "bold": True}),
        "bold": book.add_format({**_PLAIN, "bold": True, "text_wrap": True}),
        "note": book.add_format({**_PLAIN, "font_color": "#4d5860"}),
        "head": book.add_format({**head, "align": "right"}),
        "first": book.add_format(head),
        "none": book.add_format(none),
        "none total": book.add_format({**none, "top": 1}),
        "words total": book.add_format({**_PLAIN, "bold": True, "top": 1, "text_wrap": True}),
    }


def _front(sheet: Worksheet, printed: Printed, names: dict[str, str], looks: Looks) -> None:
    """What the report is, its first lines, where everything stands, and how it is counted."""
    report, words, row = printed.report, printed.words, 4
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    _words(sheet, 0, 0, report.title, looks["title"])
    for place, line in enumerate((report.council, printed.subtitle, printed.edition), start=1):
        sheet.write_string(place, 0, safe(line), looks["bold"] if place == 3 and not report.is_published else looks["note"])
    for title, lines in (
        (words["summary"], report.story),
        (words["notes"], printed.notes),
    ):
        row += 1
        _words(sheet, row, 0, title, looks["bold"])
        for line in lines or ("",):
            _words(sheet, row, 1, line, looks["words"])
            row += 1
    row += 1
    _words(sheet, row, 0, words["contents"], looks["bold"])
    for table in printed.tables:
        sheet.write_url(row, 1, f"internal:'{names[table.name]}'!A1", string=safe(table.title))
        row += 1
    row += 1
    for measure in printed.definitions:
        _words(sheet, row, 0, f"{measure.id} {measure.title}", looks["bold"])
        _words(sheet, row, 1, _definition(measure.definition, measure.numerator, measure.denominator, printed), looks["words"])
        row += 1
    row += 1
    for name, value in printed.facts:
        _words(sheet, row, 0, name, looks["bold"])
        _words(sheet, row, 1, value, looks["words"])
        row += 1


def _definition(definition: str, numerator: str, denominator: str, printed: Printed) -> str:
    counted = f" {printed.words['measure_numerator']}: {numerator}." if numerator else ""
    out_of = f" {printed.words['measure_denominator']}: {denominator}." if denominator else ""
    return f"{definition}{counted}{out_of}"


def _table(book: Workbook, sheet: Worksheet, table: Table, printed: Printed, looks: Looks) -> None:
    words = printed.words
    sheet.set_column(0, 0, _FIRST)
    sheet.set_column(1, max(len(table.columns) * 2, 1), _NARROW)
    _words(sheet, 0, 0, table.title, looks["title"])
    sheet.write_string(1, 0, safe(f"{printed.report.council}. {printed.subtitle}. {printed.edition}."), looks["note"])
    _words(sheet, HEADS, 0, table.row_title, looks["first"])
    places = _places(table)
    for column, place in zip(table.columns, places, strict=True):
        _head(sheet, column, place, looks)
    for place in (place + 1 for column, place in zip(table.columns, places, strict=True) if _has_parts(table, column)):
        _words(sheet, HEADS, place, words["measure_numerator"], looks["head"])
        _words(sheet, HEADS, place + 1, words["measure_denominator"], looks["head"])
    for line, row in enumerate(table.rows, start=HEADS + 1):
        suffix = " total" if row.is_total else ""
        _words(sheet, line, 0, row.title, looks[f"words{suffix}"])
        for cell, column, place in zip(row.cells, table.columns, places, strict=True):
            _cell(book, sheet, (line, place), cell, column, printed, looks, suffix)
    sheet.freeze_panes(HEADS + 1, 1)
    sheet.repeat_rows(HEADS)
    sheet.fit_to_pages(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    below = HEADS + len(table.rows) + 2
    empty = "" if table.rows else table.empty or words["nothing"]
    for note in (empty, table.summary, *table.footnotes, ", ".join(table.measures)):
        if note:
            sheet.write_string(below, 0, safe(note), looks["note"])
            below += 1
    if drawn(table):
        said = f"{named(table, words)} {described(table, words)}"[:LONGEST_DESCRIPTION]
        chart = native_chart(book, sheet.get_name(), table, places, words)
        sheet.insert_chart(below + 1, 0, chart, {"description": said})


def _places(table: Table) -> list[int]:
    """In which column of the sheet each column stands: behind a share there are two more, what was counted and out of what."""
    places, place = list[int](), 1
    for column in table.columns:
        places.append(place)
        place += 3 if _has_parts(table, column) else 1
    return places


def _has_parts(table: Table, column: Column) -> bool:
    here = table.columns.index(column)
    return any(row.cells[here].numerator is not None for row in table.rows)


def _head(sheet: Worksheet, column: Column, place: int, looks: Looks) -> None:
    if holds_words(column):
        sheet.set_column(place, place, _WIDE if column.unit is Unit.TEXT else _NARROW)
    _words(sheet, HEADS, place, column.title, looks["first"] if holds_words(column) else looks["head"])


def _cell(
    book: Workbook,
    sheet: Worksheet,
    at: tuple[int, int],
    cell: Cell,
    column: Column,
    printed: Printed,
    looks: Looks,
    suffix: str,
) -> None:
    line, place = at
    if is_number(cell):
        sheet.write_number(line, place, _in_units(cell, column), _look_of(book, cell, column, looks, suffix))
    else:
        look = looks[f"words{suffix}"] if holds_words(column) else looks[f"none{suffix}"]
        _words(sheet, line, place, shown_alone(cell, column, printed.words), look)
    if cell.numerator is not None and cell.denominator is not None and not cell.is_hidden:
        whole = _look(book, "#,##0", looks, suffix)
        sheet.write_number(line, place + 1, cell.numerator, whole)
        sheet.write_number(line, place + 2, cell.denominator, whole)


def _in_units(cell: Cell, column: Column) -> float:
    """The number of the cell; money in pounds."""
    number = float(cell.value)  # type: ignore[arg-type]  # is_number says that it is one
    return number / 100 if unit_of(cell, column) is Unit.PENCE else number


def _look_of(book: Workbook, cell: Cell, column: Column, looks: Looks, suffix: str) -> Format:
    """The number's format. Percentages are numbers like 49.0, as in the data: the sign is part of how they look."""
    unit, text = unit_of(cell, column), str(cell.value)
    decimals = len(text.partition(".")[2])
    shape = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    if unit is Unit.PERCENT:
        shape += '"%"'
    elif unit is Unit.PENCE:
        shape = '"£"#,##0.00'
    return _look(book, f"+{shape};\u2212{shape};{shape}" if is_change(cell, column) else shape, looks, suffix)


def _look(book: Workbook, shape: str, looks: Looks, suffix: str) -> Format:
    """A format for numbers, made once."""
    name = f"{shape}{suffix}"
    if name not in looks:
        more = {"bold": True, "top": 1} if suffix else {}
        looks[name] = book.add_format({**_PLAIN, "num_format": shape, **more})
    return looks[name]


def _words(sheet: Worksheet, row: int, column: int, words: str, look: Format) -> None:
    sheet.write_string(row, column, safe(words), look)
