"""`import-register` and `export-register`: the spreadsheets of the past, in and out."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.common import JSON, Answer, err, print_json, run, safe

if TYPE_CHECKING:
    from reports.registers.reading import Mistake, Register

SHOWN = 200
"""Mistakes told in full; of the others only their number."""


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(name="import-register", epilog="Example: heard import-register registers/2024-25/ --json")(import_register)
    app.command(name="export-register", epilog="Example: heard export-register out/")(export_register)


FOLDER = typer.Argument(metavar="DIR", help="A folder with cases.csv, and with what else there is of the register.")


@dataclass(frozen=True)
class _Done:
    mistakes: "list[Mistake]"
    cases: int
    added: int = 0
    changed: int = 0


def import_register(folder: Path = FOLDER, json: bool = JSON) -> None:
    """Take a register of past complaints in: all of it or, with any mistake, nothing. Nobody is written to.

    Taking the same folder in again changes nothing; what changed in it is changed here, with an event in the case's history.
    """
    if not folder.is_dir():
        raise Answer(f"{safe(str(folder))} is not a folder. Nothing was stored.")
    done = run(lambda: _import(folder, folder.resolve().name))
    for mistake in done.mistakes[:SHOWN]:
        if json:
            found = {"file": mistake.file, "line": mistake.line, "column": mistake.column, "value": mistake.shown}
            print_json(found | {"why": mistake.why})
        else:
            line = f'{mistake.file}:{mistake.line}: {mistake.column}: "{mistake.shown}": {mistake.why}'
            typer.echo(safe(line).replace("\n", " "), err=True)
    if json:
        print_json({"summary": {"cases": done.cases, "added": done.added, "changed": done.changed, "errors": len(done.mistakes)}})
    if len(done.mistakes) > SHOWN:
        err().print(f"… and {len(done.mistakes) - SHOWN:,} more.")
    if done.mistakes:
        raise Answer(
            f"{len(done.mistakes):,} mistake{'s' if len(done.mistakes) > 1 else ''} in the register. Nothing was stored."
        )
    if not json:
        typer.echo(f"{done.cases:,} cases read: {done.added:,} added, {done.changed:,} changed.")


def export_register(
    folder: Path = typer.Argument(metavar="DIR", help="Where the files are written; made if it is not there."),
) -> None:
    """Write every case, imported and our own, as a register: CSV files that `heard import-register` reads again."""
    from reports.registers.giving import write_folder

    try:
        written = run(lambda: _export(folder, write_folder))
    except OSError as problem:
        raise Answer(f"{safe(str(folder))} cannot be written: {problem.strerror or problem}.") from None
    typer.echo(f"{written:,} cases written to {safe(str(folder))}.")


async def _import(folder: Path, name: str) -> _Done:
    from bot.cli.at_work import at_work
    from bot.cli.bar import Bar
    from procedures.working_days import date_at_the_desk
    from reports.registers.checking import check
    from reports.registers.columns import CASES
    from reports.registers.standing import what_stands
    from reports.registers.taking import Import, stage, take

    async with at_work() as at:
        today = date_at_the_desk(at.now)
        register = _read(folder, today)
        mistakes = check(register)
        if mistakes:
            return _Done(mistakes, len(register.of(CASES)))
        async with at.memory.reading() as uow:
            standing = await what_stands(uow, today)
        staged = stage(register, standing, Import(name, at.now, at.office))
        if staged.mistakes:
            return _Done(staged.mistakes, staged.cases)
        with Bar("Storing", staged.size) as bar:
            await take(at.memory, staged, bar.advance)
        return _Done([], staged.cases, staged.added, staged.changed)


def _read(folder: Path, today: Any) -> "Register":
    from bot.cli.bar import Bar
    from reports.registers.reading import read_folder

    try:
        with Bar("Reading", sum(path.stat().st_size for path in folder.glob("*.csv"))) as bar:
            return read_folder(folder, today, bar.advance)
    except OSError as problem:
        raise Answer(f"{safe(str(problem.filename or folder))} cannot be read: {problem.strerror}. Nothing was stored.") from None


async def _export(folder: Path, write: Any) -> int:
    from bot.cli.at_work import at_work
    from procedures.working_days import date_at_the_desk
    from reports.registers.columns import CASES
    from reports.registers.giving import rows_of_register

    async with at_work() as at:
        async with at.memory.reading() as uow:
            rows = await rows_of_register(uow, date_at_the_desk(at.now))
        write(folder, rows)
        return len(rows[CASES])
