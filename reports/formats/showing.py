"""How one value is written for people, and the words that stand around a report's own. The same in every format."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reports.values import Cell, Chart, Column, Report, Row, Table, Unit
from templates.words import read_words

WORDS = "report/words.toml"
SPOKEN = {"en": "en-GB"}
"""The language in which a report is read aloud, where the folder's name says less."""
MINUS = "\u2212"
CHANGES = ("change", "change_percent")
"""The columns of values that always have their sign."""


@dataclass(frozen=True)
class Words:
    """The words of one language, and how it writes a day."""

    texts: Mapping[str, str]
    months: tuple[str, ...]
    day_pattern: str

    def __getitem__(self, name: str) -> str:
        """The words of this name. Raises KeyError: unknown is an error, never a default."""
        return self.texts[name]

    def day(self, day: date) -> str:
        """`12 May 2025`."""
        return self.day_pattern.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def period(self, first: date, last: date) -> str:
        """Both days of a period."""
        return self["period"].format(first=self.day(first), last=self.day(last))


def words_in(language: str) -> Words:
    """The words around a report in this language, or in English."""
    dates: dict[str, Any] = read_words("dates.toml", language)
    return Words(read_words(WORDS, language), tuple(dates["months"]), dates["day_year"])


def shown(cell: Cell, column: Column, words: Words) -> str:
    """A value with what it was divided from: `49.0% (24/49)`. What the figures rounded is not rounded again."""
    if cell.is_hidden:
        return words["withheld_mark"]
    bare = shown_alone(cell, column, words)
    if cell.numerator is None or cell.denominator is None:
        return bare
    return f"{bare} ({cell.numerator:,}/{cell.denominator:,})"


def shown_alone(cell: Cell, column: Column, words: Words) -> str:
    """The value itself, without what it was divided from."""
    if cell.is_hidden:
        return words["withheld_mark"]
    match cell.value:
        case None:
            return words[_why_none(cell, column)]
        case str():
            return cell.value
        case date():
            return words.day(cell.value)
        case number:
            return _number(number, unit_of(cell, column), is_change=is_change(cell, column))


def _why_none(cell: Cell, column: Column) -> str:
    """The words for a place without a value: never 0, and in words that can be heard."""
    if is_change(cell, column):
        return "no_change"
    return "no_date" if unit_of(cell, column) is Unit.DAY else "no_value"


def is_change(cell: Cell, column: Column) -> bool:
    """Whether a value is a change, in a column of changes or in any other: it always has its sign."""
    return column.name in CHANGES or cell.is_change


def _number(number: int | Decimal, unit: Unit, *, is_change: bool) -> str:
    size = f"{abs(number):,}"
    match unit:
        case Unit.PERCENT:
            size += "%"
        case Unit.PENCE:
            size = f"£{abs(Decimal(number)) / 100:,.2f}"
        case _:
            pass
    if number < 0:
        return f"{MINUS}{size}"
    return f"+{size}" if is_change and number > 0 else size


def unit_of(cell: Cell, column: Column) -> Unit:
    """What a value is counted in: a cell knows better than its column, where it says anything but a count."""
    return cell.unit if cell.unit is not Unit.COUNT else column.unit


def is_number(cell: Cell) -> bool:
    """Whether there is a number to print, to draw or to add up."""
    return not cell.is_hidden and isinstance(cell.value, int | Decimal)


def holds_words(column: Column) -> bool:
    """Whether a column is read from the left, as words are."""
    return column.unit in (Unit.TEXT, Unit.DAY)


MOST_BARS = 12
"""A picture of more rows is no picture: it shows the first ones, the table all of them."""


def charted(table: Table) -> tuple[Row, ...]:
    """The rows that a chart shows: not the total, and of many only the first."""
    rows = tuple(row for row in table.rows if not row.is_total)
    return rows[:MOST_BARS] if table.chart is Chart.BARS else rows


def drawn(table: Table) -> tuple[int, ...]:
    """Which columns the chart shows, from 0. Nothing where there is nothing to draw, or too much of it is withheld."""
    columns = _to_draw(table)
    cells = _cells_to_draw(table, columns)
    return columns if any(is_number(cell) and cell.value for cell in cells) and not _is_too_withheld(table, cells) else ()


def is_left_undrawn(table: Table) -> bool:
    """Whether the table has no picture because of what is withheld in it."""
    return _is_too_withheld(table, _cells_to_draw(table, _to_draw(table)))


def _to_draw(table: Table) -> tuple[int, ...]:
    return tuple(place for place, column in enumerate(table.columns) if column.is_drawn and table.chart is not None)


def _cells_to_draw(table: Table, columns: tuple[int, ...]) -> list[Cell]:
    return [row.cells[place] for row in charted(table) for place in columns]


def _is_too_withheld(table: Table, cells: list[Cell]) -> bool:
    """Parts of a whole of which one is withheld: the others would fill its place and say what is not so.

    Of bars two in three: the picture would be the word alone, again and again.
    """
    withheld = sum(cell.is_hidden for cell in cells)
    return bool(withheld) and (table.chart is Chart.SHARES or withheld * 3 >= len(cells) * 2)


def edition(report: Report, words: Words) -> str:
    """For whom the report is: every format says it on every page."""
    if report.is_draft:
        return words["draft"]
    return words["published"] if report.is_published else words["internal"]


def facts(report: Report, words: Words) -> tuple[tuple[str, str], ...]:
    """What the report was made of, with what: pairs of name and value."""
    pairs = (
        ("fact_period", words.period(report.period_from, report.period_to)),
        ("fact_compared", words.period(report.compared_from, report.compared_to)),
        ("fact_as_at", words.day(report.as_at)),
        ("fact_directorate", report.directorate or words["all_directorates"]),
        ("fact_edition", edition(report, words)),
        ("fact_software", report.software),
        ("fact_rules", report.rules),
    )
    return tuple((words[name], value) for name, value in pairs)
