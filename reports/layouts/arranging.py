"""A report rearranged by a layout: the same figures in other chapters, with other sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from reports.formats.extras import MEASURES, extras
from reports.formats.showing import Words, shown_alone, words_in
from reports.layouts.figures import Figures, is_ours
from reports.layouts.reading import ChapterPlan, Layout, LayoutError, RowPlan, TablePlan
from reports.values import Cell, Column, Report, Row, Section, Table, Unit


def arranged(report: Report, layout: Layout, language: str = "en") -> Report:
    """The report in this layout. Notes, definitions and changed figures stay. Raises LayoutError, naming the chapter.

    Where a figure in a title is withheld or not there, the report keeps its own title, and a chapter has its number.
    """
    words, figures = words_in(language), Figures(report)
    facts = {
        "council": report.council,
        "period": words.period(report.period_from, report.period_to),
        "compared": words.period(report.compared_from, report.compared_to),
        "as_at": words.day(report.as_at),
        "figure": lambda path: _said(figures.cell(path), path, words),
        "change": lambda path: _said(figures.cell(path), "change", words),
    }
    sentences = _Sentences(facts)
    chapters = tuple(_chapters(report, layout, figures, sentences, words))
    title = sentences.filled(layout.title, layout.name) or report.title
    return replace(report, title=title, sections=chapters)


class _Untold(Exception):
    """A figure of a sentence is withheld, or there is none."""


class _Sentences:
    """Fills figures into a layout's sentences. A layout is a council's file: it may print figures, and nothing else."""

    def __init__(self, facts: dict[str, object]) -> None:
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)  # each format escapes
        self._facts = facts

    def filled(self, sentence: str, where: str) -> str:
        """The sentence; empty if a figure in it is withheld, or not there."""
        try:
            return " ".join(self._environment.from_string(sentence).render(self._facts).split())
        except _Untold:
            return ""
        except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, LayoutError):
                raise LayoutError(f"{where}: {error}") from error
            raise LayoutError(f"{where}: a sentence cannot be filled in: {error}") from error


def _said(cell: Cell, name: str, words: Words) -> str:
    if cell.is_hidden or cell.value is None:
        raise _Untold
    return shown_alone(cell, Column(name.rpartition(".")[2], "", cell.unit), words)


def _chapters(report: Report, layout: Layout, figures: Figures, sentences: _Sentences, words: Words) -> Iterator[Section]:
    placed, every = set[str](), (*report.tables, *extras(report, words).values())
    taken_names = {table.name for table in every} | {MEASURES}
    for place, plan in enumerate(layout.chapters, start=1):
        if plan.needs and not figures.has(plan.needs):
            continue
        where = f"the layout {layout.name}, chapter {place} ({plan.title})"
        _check_without(plan, figures, where)
        if twice := [one.name for one in plan.own if one.name in taken_names]:
            raise LayoutError(f"{where}: the report has a table called {twice[0]} already: give yours another name.")
        lines = [sentences.filled(one, where) for one in plan.text]
        own = tuple(_table(one, report, figures, words) for one in plan.own)
        taken = tuple(table for table in _named(plan, every, where) if table.name not in placed)
        placed |= {table.name for table in taken}
        told = [line for name in plan.sentences_of for line in _lines_of(report, name, where)]
        title = sentences.filled(plan.title, where) or f"{place}"
        said, tables = tuple(line for line in (*lines, *told) if line), (*own, *taken)
        if said or tables:
            yield Section(f"{place}", title, said, tables)


def _lines_of(report: Report, name: str, where: str) -> tuple[str, ...]:
    section = report.section(name)
    if section is None:
        raise LayoutError(
            f'{where}: the report has no chapter "{name}". It has: {", ".join(one.name for one in report.sections)}.'
        )
    return section.lines


def _named(plan: ChapterPlan, every: tuple[Table, ...], where: str) -> Iterator[Table]:
    """The report's tables that the chapter names. A name with a star may find none; a plain one must be there."""
    for name in plan.tables:
        found = [table for table in every if fnmatchcase(table.name, name)]
        if not found and "*" not in name:
            raise LayoutError(f'{where}: there is no table "{name}". There are: {", ".join(one.name for one in every)}.')
        yield from (table for table in found if not _is_under(table, plan.without))


def _check_without(plan: ChapterPlan, figures: Figures, where: str) -> None:
    """A path that nothing can stand under is a slip of the pen. A word of heard's own may be missing from one report."""
    for path in plan.without:
        of, _, word = path.rpartition(".")
        known = [key for key, _ in figures.keys(of)] if of and figures.has(of) else []
        if not figures.has(path) and not (figures.has(of) and is_ours(word)):
            there = ", ".join(known) or "none: see the paths in the JSON"
            raise LayoutError(
                f"{where}, without: there is no {path} in this report. Under {of or 'its beginning'} there are: {there}."
            )


def _is_under(table: Table, paths: tuple[str, ...]) -> bool:
    return any(cell.path.startswith(f"{path}.") for row in table.rows for cell in row.cells for path in paths)


def _table(plan: TablePlan, report: Report, figures: Figures, words: Words) -> Table:
    columns = (
        Column("count", words.period(report.period_from, report.period_to)),
        Column("previous", words.period(report.compared_from, report.compared_to)),
        Column("change", words["change"]),
    )
    rows = tuple(row for one in plan.rows for row in _rows(one, report, figures))
    footnotes, measures = _how(plan, report, rows)
    if plan.without_zeros:
        left = tuple(row for row in rows if not _is_zero(row))
        footnotes = (*footnotes, words["zeros_left_out"]) if 0 < len(left) < len(rows) else footnotes
        if not left:
            return Table(plan.name, plan.title, plan.row_title, columns, (), footnotes, measures, empty=words["all_zero"])
        rows = left
    if all(row.cells[1].value is None and not row.cells[1].is_hidden for row in rows):
        alone = tuple(replace(row, cells=row.cells[:1]) for row in rows)
        return Table(
            plan.name, plan.title, plan.row_title, columns[:1], alone, footnotes, measures, empty=_why_empty(plan, report)
        )
    return Table(plan.name, plan.title, plan.row_title, columns, rows, footnotes, measures)


def _is_zero(row: Row) -> bool:
    """Whether it says 0 now, and 0 or nothing of the period before, with nothing withheld."""
    now, before = row.cells[:2]
    return now.value == 0 and not before.value and not any(cell.is_hidden for cell in row.cells)


def _how(plan: TablePlan, report: Report, rows: Iterable[Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How a table is counted, in the layout's words or in those of the report's tables with the same figures; its measures."""
    paths = {cell.path for row in rows for cell in row.cells if cell.path}
    alike = [
        one for one in report.tables if any(cell.path in paths for row in one.rows if not row.is_total for cell in row.cells)
    ]
    said = plan.footnotes or tuple(dict.fromkeys(footnote for one in alike for footnote in one.footnotes))
    measures = (*(one.measure for one in plan.rows if one.measure), *(known for one in alike for known in one.measures))
    return said, tuple(dict.fromkeys(measures))


def _why_empty(plan: TablePlan, report: Report) -> str:
    wanted = {one.measure for one in plan.rows}
    return " ".join(one.why_empty for one in report.measures if one.id in wanted)


def _rows(plan: RowPlan, report: Report, figures: Figures) -> Iterator[Row]:
    if plan.measure:
        for measure in (one for one in report.measures if one.id == plan.measure):
            for place, line in enumerate(measure.lines):
                yield Row(
                    f"{measure.id}.{place}",
                    f"{measure.title}: {_within(line.title)}",
                    (line.now, line.before or Cell(None), Cell(None)),
                )
        return
    if plan.title:
        yield Row(plan.path, plan.title, figures.compared(plan.path))
        return
    rows = [Row(key, title, figures.compared(f"{plan.path}.{key}")) for key, title in figures.keys(plan.path)]
    rows.sort(key=lambda row: (-_size(row.cells[0]), row.title))
    yield from rows[: plan.top or None]


def _within(title: str) -> str:
    """Our own words within a sentence; what has a name in it keeps its capitals."""
    return title.lower() if title[1:].islower() else title


def _size(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) and cell.unit is Unit.COUNT else 0
