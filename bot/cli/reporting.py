"""`report`: the quarterly and the annual report, from the memory, in every format."""

import json
import sys
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot import __version__
from bot.cli.common import AS, Answer, as_day, err, flag, run, safe
from bot.cli.registers import counted, noted, tell_mistakes

if TYPE_CHECKING:
    from bot.cli.at_work import At
    from reports.comparing import Comparison
    from reports.figures.periods import Period
    from reports.layouts.reading import Layout
    from reports.reckoning import Wanted


class Format(StrEnum):
    """How a report is written down."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


_AS_ROWS = (Format.CSV, Format.XLSX)
"""What other programs take rows from."""


@dataclass(frozen=True)
class _Kept:
    """Whether the print is kept, why it is stated anew, and by whom."""

    is_wanted: bool
    restated: str
    by: str


def add_to(app: typer.Typer) -> None:
    """Put this command on the command line."""
    app.command(epilog="Example: heard report --year 2024-25 --format json")(report)


REFERENCES = typer.Option(
    "",
    "--references",
    metavar="FIGURE",
    help="List the cases behind a measure (M8), a figure by its path in the JSON, or all: for staff.",
    show_default=False,
)
FORGET = typer.Option(
    "", "--forget", metavar="CASE", help="Take the words of this case out of the reports that were kept.", show_default=False
)


def report(
    begins: str = typer.Option("", "--from", metavar="YYYY-MM-DD", help="The first day of the period.", show_default=False),
    ends: str = typer.Option("", "--to", metavar="YYYY-MM-DD", help="Its last day.", show_default=False),
    year: str = typer.Option("", "--year", metavar="2024-25", help="A financial year, April to March.", show_default=False),
    quarter: str = typer.Option("", "--quarter", metavar="2021-22Q2", help="A quarter of one.", show_default=False),
    directorate: str = typer.Option("", "--directorate", help="Only this directorate.", show_default=False),
    as_at: str = typer.Option(
        "", "--as-at", metavar="YYYY-MM-DD", help="As it was known on this day; today by default.", show_default=False
    ),
    form: Format = typer.Option(Format.JSON, "--format", help="How it is written."),
    published: bool = flag("--published", "For everybody: small numbers are hidden."),
    arranged: str = typer.Option(
        "",
        "--layout",
        help="Arranged for somebody: quarterly_board, annual_statutory or annual_children, or one of your own.",
        show_default=False,
    ),
    layouts: Path = typer.Option(None, "--layouts", help="A folder of the council's own layouts.", show_default=False),
    compare: Path = typer.Option(
        None, "--compare", metavar="FILE.csv", help="Other councils' figures beside ours, with their sources.", show_default=False
    ),
    out: Path = typer.Option(None, "--out", help="The file it is written to; of CSV a folder.", show_default=False),
    keep: bool = flag("--keep", "Keep it with its measures and promises: with the same --as-at it is printed so from then on."),
    restate: str = typer.Option(
        "", "--restate", metavar="WHY", help="State a kept report anew, for this reason.", show_default=False
    ),
    references: str = REFERENCES,
    forget: str = FORGET,
    who: str = AS,
) -> None:
    """Count a period against the same dates one year earlier: complaints, stages, times, outcomes, themes, learning."""
    if forget:
        run(lambda: _forget(forget.strip(), who))
        return
    period = _period(begins, ends, year, quarter)
    if references:
        if published:
            raise typer.BadParameter("References are for staff: --references goes without --published. Nothing was written.")
        run(lambda: _list_references(period, directorate, as_day(as_at) if as_at else None, references.strip()))
        return
    if form is not Format.JSON and out is None and form is not Format.HTML:
        raise typer.BadParameter(f"{form.value} is written to a file: add --out.")
    day = as_day(as_at) if as_at else None
    layout = _layout(arranged, layouts) if arranged else None
    kept = _Kept(keep, restate.strip(), who)
    _load(form)
    made = run(lambda: _make(period, directorate, day, form, published, layout, compare, kept))
    _write(made, form, out)
    if published and directorate:
        err().print(
            "Publish this in place of the whole council's report of these days, not beside it: together they would give small "
            "numbers away. Once one is kept (--keep), heard refuses to publish the other."
        )
    if published and not keep and not restate:
        err().print(
            "This is a draft: it is not kept, so no later report knows what it told. For publication print it with --keep; heard "
            "then refuses what would give away, beside it, the small numbers that it withholds."
        )


def _write(made: bytes, form: Format, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return
    try:
        if form is Format.CSV:
            _unpack(made, out)
        else:
            out.write_bytes(made)
    except OSError as problem:
        raise Answer(f"{safe(str(out))} cannot be written: {problem.strerror or problem}. Nothing else was changed.") from None
    typer.echo(f"Written to {safe(str(out))}.", err=True)


def _unpack(made: bytes, folder: Path) -> None:
    import io
    import zipfile

    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        for name in packed.namelist():
            (folder / Path(name).name).write_bytes(packed.read(name))


def _period(begins: str, ends: str, year: str, quarter: str) -> "Period":
    from reports.figures.periods import Period, quarter_of, year_of

    if sum(map(bool, (begins or ends, year, quarter))) != 1 or bool(begins) != bool(ends):
        raise typer.BadParameter("Give --from and --to, or --year, or --quarter.")
    try:
        if year:
            return year_of(year)
        return quarter_of(quarter) if quarter else Period(as_day(begins), as_day(ends))
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None


def _layout(name: str, folder: Path | None) -> "Layout":
    from reports.layouts.reading import LayoutError, read_layout

    try:
        return read_layout(name, folder)
    except LayoutError as problem:
        raise Answer(f"{problem} Nothing was written.") from None


async def _forget(name: str, who: str) -> None:
    from bot.cli.acting import acting
    from bot.cli.at_work import at_work
    from casework.acting import only_officers
    from procedures.terms import Event
    from reports.keeping import forget
    from reports.promising import words_promised
    from reports.registers.dates import case_reference
    from storage.cases import find

    async with at_work() as at:
        officer = acting(at, who)
        only_officers(officer, "take words out of kept reports")
        async with at.memory.unit_of_work() as uow:
            reference = case_reference(name)
            changed = await forget(uow, reference, await words_promised(uow, reference))
            if changed and await find(uow, reference):
                note = f"its words were taken out of {counted(changed, 'kept report')}; their figures stay"
                uow.add(officer.event(reference, Event.NOTED, note))
    if not changed:
        raise Answer(f"No kept report has words of {safe(name)}. Nothing was changed.")
    err().print(f"The words of {safe(name)} were taken out of {counted(changed, 'kept report')}. Their figures stay.")


async def _list_references(period: "Period", directorate: str, as_at: date | None, asked: str) -> None:
    from bot.cli.at_work import at_work
    from bot.cli.listing import say_what_is_kept
    from reports.exporting import Content, which_report
    from reports.reckoning import Wanted
    from reports.references import NoSuchFigure, references_behind
    from storage.walls import kept_from_reader

    async with at_work() as at:
        wanted = Wanted(period, _day_known(at, as_at), directorate or None)
        async with at.memory.reading() as uow:
            say_what_is_kept(at.memory.person, len(await kept_from_reader(uow)))
        try:
            found = await references_behind(at.memory, wanted, at.office.calendar, asked)
        except NoSuchFigure as problem:
            raise Answer(str(problem)) from None
        lines = "".join(f"{json.dumps(behind.as_json(), ensure_ascii=False)}\n" for behind in found)
        told = Content(sum(len(behind.references) for behind in found), lines.encode())
        await noted(at, "references", f"{asked}, {which_report(wanted)}", {"references": told})
    sys.stdout.write(lines)


def _comparison(file: Path, today: date) -> "Comparison":
    from reports.comparing import read_comparison

    try:
        return read_comparison(file, today)
    except OSError as problem:
        raise Answer(f"{safe(str(file))} cannot be read: {problem.strerror or problem}. Nothing was written.") from None


def _day_known(at: "At", as_at: date | None) -> date:
    """The data date: not one that has not come."""
    from procedures.working_days import date_at_the_desk

    today = date_at_the_desk(at.now)
    if as_at is not None and as_at > today:
        raise Answer(f"{as_at.isoformat()} has not come: what will be known then is not known. Nothing was counted.")
    return as_at or today


def _load(form: Format) -> None:
    """Import what a report is made with before `run` begins to look for garbage: imports leave hardly any."""
    for name in ("bot.cli.acting", "bot.cli.at_work", "reports.making"):
        import_module(name)
    if form is not Format.JSON:
        import_module("reports.formats").FORMATS[form.value].load()


async def _make(
    period: "Period",
    directorate: str,
    as_at: date | None,
    form: Format,
    published: bool,
    layout: "Layout | None",
    compare: Path | None,
    kept: _Kept,
) -> bytes:
    from bot.cli.acting import acting
    from bot.cli.at_work import at_work
    from reports.comparing import NotComparable
    from reports.formats import NotWritten
    from reports.layouts.reading import LayoutError
    from reports.making import NotKept, NotPublished, Printing, make
    from reports.reckoning import Wanted

    async with at_work() as at:
        wanted = Wanted(period, _day_known(at, as_at), directorate or None, published)
        by = acting(at, kept.by).person.address if kept.is_wanted or kept.restated else ""
        software = f"heard {__version__}"
        comparison = _comparison(compare, _day_known(at, None)) if compare else None
        printing = Printing(at.office, at.now, form.value, software, layout, by, kept.is_wanted, comparison, kept.restated)
        try:
            made = await make(at.memory, wanted, printing)
        except NotComparable as problem:
            tell_mistakes(problem.mistakes)
            raise Answer(
                f"{counted(len(problem.mistakes), 'mistake')} in the figures of other councils. Nothing was written."
            ) from None
        except (NotKept, NotPublished, NotWritten) as problem:
            raise Answer(str(problem)) from None
        except LayoutError as problem:
            raise Answer(f"{problem} Nothing was written.") from None
        return await _noted(at, wanted, form, made) if form in _AS_ROWS else made


async def _noted(at: "At", wanted: "Wanted", form: Format, made: bytes) -> bytes:
    """Note who takes the rows; beside CSV files stands who it was, but beside none that are for everybody."""
    from reports.exporting import packed_with, rows_in, unpacked, which_report

    files = unpacked(made) if form is Format.CSV else {f"report.{form.value}": rows_in(made)}
    export = await noted(at, f"report {form.value}", which_report(wanted), files)
    return packed_with(made, export.manifest) if form is Format.CSV and not wanted.is_published else made
