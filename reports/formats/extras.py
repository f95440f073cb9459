"""What a report has beside its chapters, as tables like any other: promises, you said we did, changed figures, measures."""

from datetime import date

from reports.formats.showing import Words
from reports.values import Cell, Column, Line, Measure, Report, Row, Section, Table, Unit

_TEXT = Unit.TEXT
PROMISES, SAID, RESTATED, MEASURES = "promises", "said_and_done", "restatements", "measures"


def extras(report: Report, words: Words) -> dict[str, Table]:
    """Those of them that have anything to show, by name, in the order in which a report shows them."""
    made = (_promises(report, words), _said_and_done(report, words), _restatements(report, words))
    return {table.name: table for table in made if table.rows}


def chapter(table: Table) -> Section:
    """A chapter that is one table."""
    return Section(table.name, table.title, (), (table,))


def measures(report: Report, words: Words) -> Table | None:
    """Every value of every measure, in one list."""
    columns = (
        Column("what", words["measure_what"], _TEXT),
        Column("now", words["measure_now"]),
        Column("before", words["measure_before"]),
    )
    rows = tuple(
        Row(f"{one.id}.{place}", f"{one.id} {one.title}", (_text(line.title), line.now, line.before or Cell(None)))
        for one in report.measures
        for place, line in enumerate(lines_of(one))
    )
    return Table(MEASURES, words["measures"], words["measure_title"], columns, rows) if rows else None


def lines_of(measure: Measure) -> tuple[Line, ...]:
    """Its values; where nothing was recorded, why."""
    return measure.lines or (Line(measure.why_empty, Cell(None)),)


def _promises(report: Report, words: Words) -> Table:
    """A column that nobody filled in is left out."""
    every = (
        (Column("theme", words["promise_theme"], _TEXT), [_text(one.theme) for one in report.promises]),
        (Column("owner", words["promise_owner"], _TEXT), [_text(one.owner) for one in report.promises]),
        (Column("due_on", words["promise_due"], Unit.DAY), [_day(one.due_on) for one in report.promises]),
        (Column("done_on", words["promise_done"], Unit.DAY), [_day(one.done_on) for one in report.promises]),
        (Column("state", words["promise_state"], _TEXT), [_text(words[one.state]) for one in report.promises]),
        (Column("evidence", words["promise_evidence"], _TEXT), [_text(one.evidence) for one in report.promises]),
    )
    filled = [(column, cells) for column, cells in every if column.unit is Unit.DAY or any(cell.value for cell in cells)]
    rows = tuple(
        Row(str(place), one.action, tuple(cells[place] for _, cells in filled)) for place, one in enumerate(report.promises)
    )
    return Table(PROMISES, words["promises"], words["promise_action"], tuple(column for column, _ in filled), rows)


def _said_and_done(report: Report, words: Words) -> Table:
    rows = tuple(Row(str(place), one.said, (_text(one.did),)) for place, one in enumerate(report.said_and_done))
    return Table(SAID, words["said_and_done"], words["said"], (Column("did", words["did"], _TEXT),), rows)


def _restatements(report: Report, words: Words) -> Table:
    columns = (
        Column("was", words["restated_was"]),
        Column("printed_on", words["restated_on"], Unit.DAY),
        Column("now", words["restated_now"]),
        Column("why", words["restated_why"], _TEXT),
    )
    rows = tuple(
        Row(one.figure, one.title, (one.was, _day(one.printed_on), one.now, _text(one.why))) for one in report.restatements
    )
    return Table(RESTATED, words["restatements"], words["restated_figure"], columns, rows)


def _text(words: str) -> Cell:
    return Cell(words, _TEXT)


def _day(day: date | None) -> Cell:
    return Cell(day, Unit.DAY)
