"""`copy-database`: from one SQLite file to PostgreSQL, where several processes can share the work."""

from typing import TYPE_CHECKING

import typer

from bot.cli.common import JSON, Answer, err, print_json, run

if TYPE_CHECKING:
    from storage.copying import Copied


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command(epilog="Example: heard copy-database postgresql://heard@db.anytown.gov.uk/heard")(copy_database)


def copy_database(
    url: str = typer.Argument(metavar="URL", help="An empty PostgreSQL database. A password: PGPASSWORD or ~/.pgpass."),
    json: bool = JSON,
) -> None:
    """Copy the database of the settings, an SQLite file, to an empty PostgreSQL database, and compare them row for row.

    The service must be stopped. The old file stays as it is; a failure leaves the new database empty.
    """
    from bot.alone import NotAlone, alone_with
    from bot.settings import database_url, load
    from storage.migrating import sqlite_file

    try:
        target = database_url(url)
    except ValueError as mistake:
        raise typer.BadParameter(str(mistake)) from None
    source = load(doors=False).database_url
    file = sqlite_file(source)
    if file is not None and not file.exists():
        raise Answer("There is no database to copy: the settings name a file that is not there. Nothing was copied.")
    try:
        with alone_with(file):
            copied = _with_a_bar(source, target)
    except NotAlone:
        raise Answer("The service is at work on this database. Nothing was copied. Stop it first: nothing may come in.") from None
    if json:
        print_json({"revision": copied.revision, "tables": copied.tables})
    err().print(
        f"Copied {copied.rows} rows of {len(copied.tables)} tables, each compared with its original.\n"
        "Now set HEARD_DATABASE_URL (or database.url) to the new database, try `heard check`, and start `heard run`.\n"
        f"{file} is as it was. Do not run the service on it any more; when all is well, delete it: it holds the same words."
    )


def _with_a_bar(source: str, target: str) -> "Copied":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from storage.copying import copy_database as copy

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("Copying", total=None)
        return run(
            lambda: copy(
                source, target, lambda table, done, total: bar.update(task, description=table, completed=done, total=total)
            )
        )
