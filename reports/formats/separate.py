"""The report's tables as CSV, each a file, in a folder or in one zip: for other programs, and for spreadsheets.

A spreadsheet runs what begins like a formula, quoted or not (ASVS 5.0.0, 1.2.10): such words get an apostrophe before them. A
number of ours that has a minus stays a number.
"""

import csv
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO, StringIO

from reports.formats.prepared import Printed, prepared
from reports.formats.showing import Words, unit_of
from reports.values import Cell, Column, Report, Table, Unit
from templates.markup import cleaned

BYTE_ORDER_MARK = "\ufeff"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""What a cell may not begin with, in whatever width it is written (NFKC makes `＝` an `=`)."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
NOTES = "00_notes.csv"


def write_zip(report: Report, language: str = "en") -> bytes:
    """All files in one zip, the same bytes for the same report."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, content in files(report, language).items():
            packed.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def files(report: Report, language: str = "en") -> dict[str, bytes]:
    """Each file's name and bytes: the notes, then the tables in their order."""
    printed = prepared(report, language)
    made = {NOTES: _file(_notes(printed))}
    for place, table in enumerate(printed.tables, start=1):
        made[f"{place:02}_{table.name}.csv"] = _file(_rows(table, printed.words))
    return made


def _rows(table: Table, words: Words) -> Iterator[list[str]]:
    """The headings, then the rows. A share is followed by what was counted and out of what."""
    parts = [any(row.cells[place].numerator is not None for row in table.rows) for place in range(len(table.columns))]
    more = [words["measure_numerator"], words["measure_denominator"]]
    heads = [[column.title, *(more if has_parts else [])] for column, has_parts in zip(table.columns, parts, strict=True)]
    yield [table.row_title, *(name for group in heads for name in group)]
    for row in table.rows:
        cells = zip(row.cells, table.columns, parts, strict=True)
        yield [
            row.title,
            *(value for cell, column, has_parts in cells for value in _values(cell, column, words, has_parts=has_parts)),
        ]


def _values(cell: Cell, column: Column, words: Words, *, has_parts: bool) -> list[str]:
    """Numbers as programs read them, money in pounds. A figure that there is none of is empty."""
    if cell.is_hidden:
        return [words["withheld_mark"], *(["", ""] if has_parts else [])]
    value = "" if cell.value is None else str(cell.value)
    if isinstance(cell.value, int | Decimal):
        value = (
            f"{Decimal(cell.value) / 100:.2f}"
            if unit_of(cell, column) is Unit.PENCE
            else f"{cell.value:f}"
            if isinstance(cell.value, Decimal)
            else value
        )
    return [value, *(["" if part is None else str(part) for part in (cell.numerator, cell.denominator)] if has_parts else [])]


def _notes(printed: Printed) -> Iterator[list[str]]:
    report, words = printed.report, printed.words
    yield [words["about"], ""]
    for line in (report.title, report.council, printed.subtitle, printed.edition):
        yield ["", line]
    for name, lines in ((words["summary"], report.story), (words["notes"], printed.notes)):
        yield from ([name, line] for line in lines)
    for table in printed.counted:
        yield from ([table.title, line] for line in table.footnotes)
    for one in printed.definitions:
        yield [f"{one.id} {one.title}", " ".join(part for part in (one.definition, one.numerator, one.denominator) if part)]
    yield from map(list, printed.facts)


def _file(rows: Iterable[list[str]]) -> bytes:
    held = StringIO()
    csv.writer(held, lineterminator="\r\n").writerows([inert(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + held.getvalue()).encode()


def inert(words: str) -> str:
    """The words with an apostrophe before them where a spreadsheet would run them."""
    text = cleaned(words)
    if _is_number(text):
        return text
    begins = unicodedata.normalize("NFKC", text).lstrip(" \u00a0")
    return f"'{text}" if begins.startswith(_RUNS) else text


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").replace(".", "", 1).isdecimal()
