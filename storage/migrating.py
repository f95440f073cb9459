"""Bring a database to this version's schema, and tell which one it has.

A migration is one unit of work: it waits for the writer, another migration's too, and a failed one leaves nothing behind.
An SQLite file is copied first, under the same lock. Only `migrate` imports Alembic: the service looks and does not change.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from storage.unit_of_work import Memory, UnitOfWork, open_memory

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision, oldest first. A test holds this equal to the files in `migrations/versions`."""

HEAD = REVISIONS[-1]
"""The schema that this version of the program works with."""

VERSION_TABLE = "alembic_version"
SQLITE_MAGIC = b"SQLite format 3\0"
LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's SQLSTATE of a lock that was waited for too long."""

Progress = Callable[[str], None]
"""Is told in one line what is being done."""


class SchemaState(StrEnum):
    """How a database's schema stands to this version of the program."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


class SchemaTrouble(Exception):
    """The database cannot be used or migrated as it is; the message says what mends it."""


class SchemaBusy(SchemaTrouble):
    """Another process held the database for too long: try later."""


@dataclass(frozen=True)
class Migrated:
    """The revision before and after; `None` is a database without tables. `backup` is the copy made first, of SQLite files."""

    before: str | None
    after: str | None
    backup: Path | None = None


async def schema_state(memory: Memory) -> SchemaState:
    """Look which schema a database has. Nothing is created or changed."""
    file = sqlite_file(memory.url)
    if file is not None and not _holds_a_database(file):
        return SchemaState.MISSING
    async with memory.reading() as uow:
        revision = await _revision(uow)
    return state_of(revision)


def state_of(revision: str | None, revisions: tuple[str, ...] = REVISIONS) -> SchemaState:
    """How a revision stands to those that a program knows. What it does not know was made after it."""
    if revision is None:
        return SchemaState.MISSING
    if revision not in revisions:
        return SchemaState.NEWER
    return SchemaState.CURRENT if revision == revisions[-1] else SchemaState.OLDER


async def ensure_current(url: str) -> bool:
    """Make an SQLite database on first use; refuse, with SchemaTrouble, what another version has written.

    Returns whether the tables were made just now.
    """
    memory = open_memory(url)
    try:
        state = await schema_state(memory)
    finally:
        await memory.close()
    if state is SchemaState.MISSING and sqlite_file(url) is not None:
        return await _first_tables(url)
    require_current(state)
    return False


def require_current(state: SchemaState) -> None:
    """Refuse a schema that is not this version's, and say which command mends it."""
    match state:
        case SchemaState.MISSING:
            raise SchemaTrouble("The database has no tables of heard yet. Make them with: heard migrate")
        case SchemaState.OLDER:
            raise SchemaTrouble(
                "The database was made by an older version of heard. Nothing was changed. Bring it up to date with: heard migrate"
            )
        case SchemaState.NEWER:
            raise SchemaTrouble(
                "The database was made by a newer version of heard than this one. Nothing was changed. "
                "Install that version or a newer one, or restore the copy that `heard migrate` made beside the file."
            )
        case SchemaState.CURRENT:
            return


async def migrate(url: str, to: str = "head", *, now: datetime, progress: Progress | None = None) -> Migrated:
    """Bring a database to a revision: `head`, `base` (no tables) or a number, upwards or downwards.

    An SQLite file that has tables is copied to FILE.before-REVISION-MOMENT first. Raises SchemaBusy when another process
    holds the database for longer than a writer waits, SchemaTrouble when the database is not one of ours to change.
    """
    target = _target(to)
    file = sqlite_file(url)
    if file is not None:
        _create_private(file)
    tell = progress or _say_nothing
    async with migration_unit(url) as uow:
        before = await _revision(uow)
        await _refuse_strangers(uow, before)
        if before == target:
            return Migrated(before, target)
        backup = None
        if file is not None and before is not None:
            backup = await asyncio.to_thread(_copy, file, to if target is None else target, now)
            tell(f"Copied the database to {backup}")
        await (await uow.connection()).run_sync(_run, before, target, tell)
        await check_references(uow)
    return Migrated(before, target, backup)


def alembic_config(connection: Connection, **attributes: Any) -> "Config":
    """Alembic's configuration, in code: no alembic.ini is needed where the program is installed."""
    from alembic.config import Config  # noqa: PLC0415 - the running service never needs it

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes, connection=connection)
    return config


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for a database server."""
    parts = make_url(url)
    return Path(parts.database or "") if parts.get_backend_name() == "sqlite" else None


@asynccontextmanager
async def migration_unit(url: str) -> AsyncIterator[UnitOfWork]:
    """The unit of work that a migration runs in. On SQLite references are looked at only by `check_references`."""
    memory = open_memory(url)
    if memory.is_sqlite:
        # Building a table anew drops it first; with foreign keys on, that takes the rows that point at it along.
        # It cannot be said inside a transaction. Registered after the memory's own listener, so it runs after it.
        @event.listens_for(memory.writer.sync_engine, "connect")
        def look_at_references_later(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA foreign_keys=OFF").close()

    try:
        async with memory.unit_of_work() as uow:
            yield uow
    except DBAPIError as error:
        if _is_busy(error):
            raise SchemaBusy(
                "Another process holds the database. Nothing was changed. Stop `heard run` and other commands, "
                "then: heard migrate"
            ) from error
        raise
    finally:
        await memory.close()


def _is_busy(error: DBAPIError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", "")
    return sqlstate == LOCK_NOT_AVAILABLE or getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _run(connection: Connection, before: str | None, target: str | None, tell: Progress) -> None:
    from alembic import command  # noqa: PLC0415 - the running service never needs it

    def on_version_apply(step: Any, **_: Any) -> None:
        verb = "Applied" if step.is_upgrade else "Undid"
        tell(f"{verb} revision {step.up_revision_id}: {step.up_revision.doc}")

    config = alembic_config(connection, on_version_apply=on_version_apply)
    if _place(target) > _place(before):
        command.upgrade(config, target or "base")
    else:
        command.downgrade(config, target or "base")


def _place(revision: str | None) -> int:
    return REVISIONS.index(revision) if revision is not None else -1


def _target(to: str) -> str | None:
    if to == "base":
        return None
    if to != "head" and to not in REVISIONS:
        raise SchemaTrouble(f"There is no revision {to}. There are: base, {', '.join(REVISIONS)}, head.")
    return HEAD if to == "head" else to


async def _first_tables(url: str) -> bool:
    """Without a clock there can be no copy; an empty database needs none."""
    done = await migrate(url, now=datetime.min.replace(tzinfo=UTC))
    return done.before is None


async def _revision(uow: UnitOfWork) -> str | None:
    connection = await uow.connection()
    if not await connection.run_sync(lambda sync: inspect(sync).has_table(VERSION_TABLE)):
        return None
    found: str | None = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()
    return found


async def _refuse_strangers(uow: UnitOfWork, before: str | None) -> None:
    if before is not None and before not in REVISIONS:
        require_current(SchemaState.NEWER)
    connection = await uow.connection()
    names = set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))
    if before is None and names - {VERSION_TABLE}:
        raise SchemaTrouble(
            "The database holds tables that are not heard's. Nothing was changed. Name an empty database in database_url."
        )


async def check_references(uow: UnitOfWork) -> None:
    """On SQLite the references were not looked at meanwhile: look at them all before the commit."""
    if uow.get_bind().dialect.name == "sqlite":
        broken = (await (await uow.connection()).execute(text("PRAGMA foreign_key_check"))).all()
        if broken:
            tables = ", ".join(sorted({row[0] for row in broken}))
            raise SchemaTrouble(f"After the migration rows would point at nothing, in: {tables}. Nothing was changed.")


def _holds_a_database(file: Path) -> bool:
    if not file.exists() or file.stat().st_size == 0:
        return False
    with file.open("rb") as opened:
        if opened.read(len(SQLITE_MAGIC)) != SQLITE_MAGIC:
            raise SchemaTrouble(f"{file} is not an SQLite database. Nothing was changed. Name another file in database_url.")
    return True


def _create_private(file: Path) -> None:
    """An empty file is an empty database. Its journals get its permissions: nobody else on the machine reads them."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        _holds_a_database(file)
    except OSError as error:
        why = f"The database {file} cannot be made: {error.strerror}."
        raise SchemaTrouble(f"{why} Make its folder, or change database_url.") from error


def _copy(file: Path, target: str, now: datetime) -> Path:
    """Copy a database that others may be reading and, until now, writing."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in count(1):
        copy = file.with_name(f"{file.name}.before-{target}-{moment}" + (f"-{number}" if number > 1 else ""))
        try:
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        break
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as destination:
        source.backup(destination)
    with copy.open("rb+") as written:
        os.fsync(written.fileno())
    return copy


def _say_nothing(_line: str) -> None:
    return
