"""Other councils' figures beside our own: a CSV file that the council fills in, each figure with its period and its source.

They are printed as they were given: heard has not counted them, and says so beside each.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from reports.composing.data import Data, data_of
from reports.composing.wording import wording
from reports.formats.showing import words_in
from reports.registers.columns import Column as Cells
from reports.registers.columns import File, NotAllowed, day, text
from reports.registers.reading import Mistake, read_file
from reports.values import Cell, Chart, Column, Report, Row, Section, Table, Unit

SECTION = "comparison"
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_BLOCKS = ("complaints", "compliments", "comments", "enquiries", "ombudsman", "learning")
_OWN_CHANGE = ("change", "change_percent")


class NotComparable(Exception):
    """The file of other councils' figures has mistakes: all of them, and nothing was written."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes in the figures of other councils")
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True)
class Theirs:
    """A figure as another council printed it."""

    line: int
    council: str
    figure: str
    """Where our report has the same: `complaints.received.count`."""
    value: Decimal
    begins: date
    ends: date
    source: str


@dataclass(frozen=True)
class Comparison:
    """The file as it was read; with a mistake it is used for nothing."""

    file: str
    figures: tuple[Theirs, ...]
    mistakes: tuple[Mistake, ...] = ()


def _number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise NotAllowed("a number like 301 or 49.5, without signs and commas")
    return Decimal(cell)


def columns_of(name: str) -> File:
    """The file, by its own name: its columns, all of them required, in any order."""
    days = (Cells(one, day, is_required=True, is_a_day=True) for one in ("from", "to"))
    words = (Cells(one, text, is_required=True) for one in ("council", "figure"))
    return File(name, (*words, Cells("value", _number, is_required=True), *days, Cells("source", text, is_required=True)))


def read_comparison(path: Path, today: date) -> Comparison:
    """Read and check the file, cell by cell and row by row. Raises OSError where it cannot be read.

    A row with a mistake in one cell is read on for the mistakes of the others; `check` refuses the file.
    """
    file = columns_of(path.name)
    read = read_file(file, path.read_bytes(), today)
    found, mistakes, seen = list[Theirs](), list(read.mistakes), set[tuple[str, ...]]()
    for entry in read.of(file):
        council, figure, value, begins, ends, source = entry.values
        if not figure:
            continue
        if not (council and begins and ends):
            found.append(Theirs(entry.line, council, figure, value or Decimal(), begins, ends, source))
            continue
        key = (council.casefold(), figure, begins.isoformat())
        if begins > ends:
            mistakes.append(Mistake(path.name, entry.line, "from", begins.isoformat(), "this day lies after the one in `to`"))
        if key in seen:
            mistakes.append(Mistake(path.name, entry.line, "figure", figure, "this council has this figure already"))
        seen.add(key)
        found.append(Theirs(entry.line, council, figure, value or Decimal(), begins, ends, source))
    return Comparison(path.name, tuple(found), tuple(mistakes))


def check(comparison: Comparison, figures: Mapping[str, Any]) -> None:
    """Raises NotComparable with everything that is wrong with the file, what it says of our own figures included."""
    data, mistakes = data_of(figures), list(comparison.mistakes)
    for one in comparison.figures:
        why = _why_not(one, data)
        if why:
            mistakes.append(Mistake(comparison.file, one.line, "figure", one.figure, why))
    if mistakes:
        raise NotComparable(sorted(mistakes, key=lambda one: one.line))


def _why_not(one: Theirs, data: Data) -> str:
    steps = one.figure.split(".")
    if steps[-1] in _OWN_CHANGE:
        return "a change is not compared: give the figure itself"
    if isinstance(data.at(*steps), Mapping | list):
        return f"this is more than one figure: add what of it is meant, like {one.figure[:60]}.count"
    if steps[0] not in _BLOCKS or not isinstance(data.at(*steps[:-1]), Mapping) or isinstance(data.at(*steps), str):
        return "our report has no such figure: give its path in the JSON, like complaints.received.count"
    cell = data.cell(*steps)
    if cell.unit is Unit.PERCENT and one.value > 100:
        return "a share is at most 100"
    if cell.unit is Unit.COUNT and one.value % 1:
        return f"a count has no decimals: {one.value}"
    return ""


def beside(report: Report, comparison: Comparison, language: str = "en") -> Report:
    """The report with a chapter of tables, one a figure: ours first, then theirs, the most first, each with its source."""
    said = wording(language).tables["comparison"]
    tables = tuple(_tables(report, comparison, said, language))
    return (
        replace(report, sections=(*report.sections, Section(SECTION, said["title"], (said["line"],), tables)))
        if tables
        else report
    )


def _tables(report: Report, comparison: Comparison, said: Mapping[str, str], language: str) -> Iterator[Table]:
    words, data = words_in(language), data_of(report.figures)
    taken = {table.name for table in report.tables}
    names = (name for number in count(1) if (name := f"{SECTION}_{number}") not in taken)
    for path in dict.fromkeys(one.figure for one in comparison.figures):
        own = data.cell(*path.split("."))
        theirs = sorted(
            (one for one in comparison.figures if one.figure == path), key=lambda one: (-one.value, one.council, one.begins)
        )
        columns = (
            Column("value", said["value"], own.unit, is_drawn=True),
            Column("period", said["period"], Unit.TEXT),
            Column("source", said["source"], Unit.TEXT),
        )
        period = words.period(report.period_from, report.period_to)
        rows = [Row("own", report.council, (own, _text(period), _text(said["own"])))]
        for number, one in enumerate(theirs, start=1):
            value = Cell(int(one.value) if own.unit is Unit.COUNT else one.value, own.unit)
            cells = (value, _text(words.period(one.begins, one.ends)), _text(one.source))
            rows.append(Row(f"council_{number}", one.council, cells))
        how = (said["how"].format(file=comparison.file),)
        yield Table(next(names), titled(report, path), said["row"], columns, tuple(rows), how, chart=Chart.BARS)


def titled(report: Report, path: str) -> str:
    """What our report calls a figure: its table and its row."""
    for table in report.tables:
        for row in table.rows:
            if any(cell.path == path for cell in row.cells):
                return f"{table.title}: {row.title}"
    return path.removesuffix(".count").replace("_", " ").replace(".", ", ").capitalize()


def as_json(comparison: Comparison, figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same as data, beside the figures."""
    data = data_of(figures)
    return [
        {
            "council": one.council,
            "figure": one.figure,
            "value": int(one.value) if one.value % 1 == 0 else float(one.value),
            "from": one.begins.isoformat(),
            "to": one.ends.isoformat(),
            "source": one.source,
            "own": data.at(*one.figure.split(".")),
        }
        for one in comparison.figures
    ]


def _text(words: str) -> Cell:
    return Cell(words, Unit.TEXT)
