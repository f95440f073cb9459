"""`import-register`, `export-register` and `exports`: the spreadsheets of the past, in and out, and who took what."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot import __version__
from bot.cli.accounts import account
from bot.cli.common import AS, JSON, Answer, err, local, print_json, run, safe

if TYPE_CHECKING:
    from bot.cli.at_work import At
    from reports.exporting import Content, Export
    from reports.registers.importing import Imported
    from reports.registers.reading import Mistake

SHOWN = 200
"""Mistakes told in full; of the others only their number."""


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(name="import-register", epilog="Example: heard import-register registers/2024-25/ --json")(import_register)
    app.command(name="export-register", epilog="Example: heard export-register out/")(export_register)
    app.command(epilog="Example: heard exports --json")(exports)


FOLDER = typer.Argument(metavar="DIR", help="A folder with cases.csv, and with what else there is of the register.")


def import_register(folder: Path = FOLDER, json: bool = JSON) -> None:
    """Take a register of past complaints in: all of it or, with any mistake, nothing. Nobody is written to.

    Taking the same folder in again changes nothing; what changed in it is changed here, with an event in the case's history.
    """
    if not folder.is_dir():
        raise Answer(f"{safe(str(folder))} is not a folder. Nothing was stored.")
    done = run(lambda: _import(folder, folder.resolve().name))
    tell_mistakes(done.mistakes, json=json)
    if json:
        print_json({"summary": {"cases": done.cases, "added": done.added, "changed": done.changed, "errors": len(done.mistakes)}})
    if done.mistakes:
        raise Answer(f"{counted(len(done.mistakes), 'mistake')} in the register. Nothing was stored.")
    if not json:
        typer.echo(f"{done.cases:,} cases read: {done.added:,} added, {done.changed:,} changed.")


def tell_mistakes(mistakes: "Sequence[Mistake]", *, json: bool = False) -> None:
    """The first of them in full, of the others only how many there are."""
    for mistake in mistakes[:SHOWN]:
        if json:
            found = {"file": mistake.file, "line": mistake.line, "column": mistake.column, "value": mistake.shown}
            print_json(found | {"why": mistake.why})
        else:
            line = f'{mistake.file}:{mistake.line}: {mistake.column}: "{mistake.shown}": {mistake.why}'
            typer.echo(safe(line).replace("\n", " "), err=True)
    if len(mistakes) > SHOWN:
        err().print(f"… and {len(mistakes) - SHOWN:,} more.")


def counted(number: int, thing: str) -> str:
    """`1 mistake`, `2 mistakes`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def export_register(
    folder: Path = typer.Argument(metavar="DIR", help="Where the files are written; made if it is not there."),
    who: str = AS,
) -> None:
    """Write every case, imported and our own, as a register: CSV files that `heard import-register` reads again.

    Who took it, when, how many rows and a digest of them stand beside it in exported.json, and in `heard exports`.
    """
    export = run(_export)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in export.files.items():
            (folder / name).write_bytes(content.held)
        (folder / "exported.json").write_bytes(export.manifest)
    except OSError as problem:
        raise Answer(f"{safe(str(folder))} cannot be written: {problem.strerror or problem}.") from None
    typer.echo(f"{export.files['cases.csv'].rows:,} cases written to {safe(str(folder))}.")


def exports(json: bool = JSON) -> None:
    """List what left as rows: registers, tables of reports, references. Who took it, when, how many rows, and their digest."""
    found = run(_exports)
    if json:
        print_json(found)
        return
    for one in found:
        which = f", {one['which']}" if one["which"] else ""
        when = local(datetime.fromisoformat(one["exported_at"]))
        line = f"{when}  {one['exported_by']}: {one['what']}{which}; {one['rows']:,} rows, {one['sha256']}"
        typer.echo(safe(line))


async def _import(folder: Path, name: str) -> "Imported":
    from bot.cli.at_work import at_work
    from bot.cli.bar import Bar
    from reports.registers.importing import import_folder

    async with at_work() as at:
        try:
            return await import_folder(at.memory, folder, name, at.office, at.now, Bar)
        except OSError as problem:
            said = safe(str(problem.filename or folder))
            raise Answer(f"{said} cannot be read: {problem.strerror}. Nothing was stored.") from None


async def _export() -> "Export":
    from bot.cli.at_work import at_work
    from procedures.working_days import date_at_the_desk
    from reports.registers.giving import files_of, rows_of_register

    async with at_work() as at:
        async with at.memory.reading() as uow:
            rows = await rows_of_register(uow, date_at_the_desk(at.now))
        return await noted(at, "register", "", files_of(rows))


async def noted(at: "At", what: str, which: str, files: "Mapping[str, Content]") -> "Export":
    """Note who takes these files before they are written: nothing leaves that is not on record."""
    from reports.exporting import Export, note

    by = at.memory.person or f"account {account(os.environ)}"
    export = Export(what, which, by, at.now, f"heard {__version__}", files)
    async with at.memory.unit_of_work() as uow:
        note(uow, export)
    return export


async def _exports() -> list[dict[str, Any]]:
    from bot.cli.at_work import at_work
    from reports.exporting import exports

    async with at_work() as at, at.memory.reading() as uow:
        return await exports(uow)
