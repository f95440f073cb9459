"""A report as an object: the figures, the tables and words made of them, and what a reader must know to trust them.

Pure values, and nothing that decides: `reports.figures` counts, `reports.composing` makes this, `reports.formats` prints it.
The JSON of a report is `figures`; a table shows the same numbers, so every format prints the same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Unit(StrEnum):
    """What a value is counted in."""

    COUNT = "count"
    PERCENT = "percent"
    """A number from 0 to 100, rounded half away from zero; a change may be below 0 or above 100."""
    WORKING_DAYS = "working_days"
    PENCE = "pence"
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table. `value` None: not known, or a share of nothing; a reader sees words that say so, never 0."""

    value: int | Decimal | str | date | None
    unit: Unit = Unit.COUNT
    path: str = ""
    """Where the figures hold it: `complaints.received.count`. Empty for words, and for what the figures do not hold."""
    is_hidden: bool = False
    """Withheld: it, or what could be worked out with it, is a small number. Then there is no numerator or denominator either."""
    numerator: int | None = None
    denominator: int | None = None
    """Of a share, wherever both are counts: printed with it, as "29% (2/7)"."""
    is_change: bool = False
    """How much more or fewer than the year before: it always has its sign."""


HIDDEN = Cell(None, is_hidden=True)
"""A withheld count."""


class Chart(StrEnum):
    """How a table is drawn. The table itself is always printed beside it."""

    BARS = "bars"
    """One bar a row and count column: this period beside the one before."""
    MONTHS = "months"
    """A line over the rows, which are months."""
    SHARES = "shares"
    """Of each row, its count columns stacked."""
    FUNNEL = "funnel"
    """How many reached each row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values. The rows' own titles stand before the first one, under `Table.row_title`."""

    name: str
    title: str
    unit: Unit = Unit.COUNT
    is_drawn: bool = False
    """Whether the chart shows it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its word in the figures (`staff_conduct`), what a reader calls it ("Staff conduct"), a cell for each column."""

    name: str
    title: str
    cells: tuple[Cell, ...]
    is_total: bool = False
    """The sum of the rows above it; the last row, and in no chart."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its name is unique in the report: a file name, a link, a sheet."""

    name: str
    title: str
    row_title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    """How it is counted: what is in the numerator, what in the denominator, and which rule says so."""
    measures: tuple[str, ...] = ()
    """The ids of the measures that it shows: M1 to M34."""
    chart: Chart | None = None
    summary: str = ""
    """What it shows, in a sentence: for a chart's description, and for who does not see the chart."""
    empty: str = ""
    """What is said in place of a table without rows."""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: `received`, `stages`, `timeliness`, `outcomes`, `themes`, `people`, `ombudsman`, `compliments`, `learning`, …"""

    name: str
    title: str
    lines: tuple[str, ...]
    """What it says first, in sentences. Nothing in them needs a table to be understood."""
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a measure, in this period and in the one before (None: there is none to compare with)."""

    title: str
    now: Cell
    before: Cell | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One of M1 to M34 with what it is made of. `lines` is empty where nothing was recorded; `why_empty` says why."""

    id: str
    title: str
    definition: str
    numerator: str
    denominator: str
    """Both in words; the denominator is empty for a plain count."""
    lines: tuple[Line, ...]
    why_empty: str = ""


@dataclass(frozen=True, slots=True)
class Restatement:
    """A figure that was printed before and is another one now."""

    figure: str
    """Its path in the figures: `complaints.received.count`."""
    title: str
    was: Cell
    printed_on: date
    now: Cell
    why: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What the council promised to change because of a complaint, and what became of it."""

    action: str
    theme: str
    owner: str
    """A job or a team; in a published report never a person."""
    due_on: date | None
    done_on: date | None
    state: str
    """done, overdue or open."""
    evidence: str = ""
    reference: str = ""
    """Of the case it follows from: printed nowhere, so that its words can be taken out of kept reports with the case."""


@dataclass(frozen=True, slots=True)
class SaidAndDone:
    """A line of "you said, we did"."""

    said: str
    did: str
    reference: str = ""
    """Of the case: printed nowhere."""


@dataclass(frozen=True)
class Report:
    """A report, ready to be printed in any format. Both periods include their first and last days."""

    title: str
    council: str
    period_from: date
    period_to: date
    compared_from: date
    compared_to: date
    as_at: date
    """What is dated later is not known to it."""
    directorate: str | None
    is_published: bool
    """Whether small numbers were hidden; if not, it is for staff only and every format says so on each page."""
    software: str
    rules: str
    """The versions of the clock rules and of the calendar that time was judged by."""
    story: tuple[str, ...]
    """What happened, in the first lines: sentences made by rules."""
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    notes: tuple[str, ...]
    """Every counting rule that a reader needs, every figure that is missing and why."""
    withheld: str = ""
    """Why cells are hidden and how they are marked; empty where none is."""
    is_draft: bool = False
    """Published, and not kept: nobody knows later what it told, so it is not for publication yet, and says so on each page."""
    restatements: tuple[Restatement, ...] = ()
    promises: tuple[Promise, ...] = ()
    said_and_done: tuple[SaidAndDone, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    """The figures as data: what `--format json` prints. A hidden one is null, and `hidden` lists where."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in the order of the report."""
        return tuple(table for section in self.sections for table in section.tables)

    def section(self, name: str) -> Section | None:
        """The chapter of that name: a layout takes those it wants, in its own order."""
        return next((one for one in self.sections if one.name == name), None)
