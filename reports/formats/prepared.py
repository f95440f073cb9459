"""A report as it is printed: its chapters in order, and in them every table that a reader gets."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.formats.extras import PROMISES, SAID, chapter, extras, measures
from reports.formats.showing import Words, edition, facts, is_left_undrawn, words_in
from reports.values import Measure, Report, Section, Table

LEARNING = "learning"


@dataclass(frozen=True)
class Printed:
    """What every writer writes: the same chapters, tables, notes and words."""

    report: Report
    words: Words
    subtitle: str
    """Both periods and the data date."""
    edition: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    """The report's notes, and why cells are withheld."""
    measures: Table | None
    """Every value of every measure; the definitions stand in `definitions`."""
    facts: tuple[tuple[str, str], ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table in the order of the pages; its name is its own in the whole report."""
        inside = tuple(table for section in self.sections for table in section.tables)
        return (*inside, self.measures) if self.measures else inside

    @property
    def definitions(self) -> tuple[Measure, ...]:
        """The measures in their order: what each one counts, and of what."""
        return self.report.measures

    @property
    def counted(self) -> tuple[Table, ...]:
        """The tables that say how they are counted."""
        return tuple(table for table in self.tables if table.footnotes or table.measures)


def prepared(report: Report, language: str) -> Printed:
    """The report with the words of a language around it."""
    words = words_in(language)
    subtitle = ", ".join(
        (
            words.period(report.period_from, report.period_to),
            words["compared"].format(period=words.period(report.compared_from, report.compared_to)),
            words["as_at"].format(day=words.day(report.as_at)),
        )
    )
    return Printed(
        report,
        words,
        subtitle,
        edition(report, words),
        tuple(_chapters(report, words)),
        (*((report.withheld,) if report.withheld else ()), *report.notes),
        measures(report, words),
        facts(report, words),
    )


def _chapters(report: Report, words: Words) -> Iterator[Section]:
    """The report's own chapters; what was promised and done stands in the one on learning, if there is one."""
    more = extras(report, words)
    placed = {table.name for table in report.tables}
    for section in report.sections:
        if section.name == LEARNING:
            own = tuple(more.pop(name) for name in (PROMISES, SAID) if name in more and name not in placed)
        else:
            own = ()
        yield replace(section, tables=tuple(_said(table, words) for table in (*section.tables, *own)))
    yield from (chapter(table) for name, table in more.items() if name not in placed)


def _said(table: Table, words: Words) -> Table:
    """The table; where what is withheld leaves no picture, a sentence in its place says so."""
    if not is_left_undrawn(table):
        return table
    return replace(table, summary=f"{table.summary} {words['chart_withheld']}".strip())
