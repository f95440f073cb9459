"""Bring a database to this version's schema, and tell which one it has.

A migration is one unit of work: it waits for the writer, another migration's too, and a failed one leaves nothing behind.
A copy is made first, under the same lock. Only `migrate` imports Alembic: the service looks and does not change.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, closing
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

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
)
"""Every revision, oldest first. A test holds this equal to the files in `migrations/versions`."""

HEAD = REVISIONS[-1]
"""The schema that this version of the program works with."""

VERSION_TABLE = "alembic_version"
HALF_RESTORED = "half-restored"
"""Stands in the place of the revision while a copy is being put back on PostgreSQL: nobody works with it meanwhile."""
SQLITE_MAGIC = b"SQLite format 3\0"
LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's SQLSTATE of a lock that was waited for too long."""

_NEVER_IDLE = text("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")

Progress = Callable[[str], None]
"""Is told in one line what is being done."""

Copying = Callable[[str], Awaitable[Path]]
"""Makes a copy of the database before it is changed to the revision that is named, and says where it is."""


class SchemaState(StrEnum):
    """How a database's schema stands to this version of the program."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    HALF_RESTORED = "half-restored"


class SchemaTrouble(Exception):
    """The database cannot be used or migrated as it is; the message says what mends it."""


class SchemaBusy(SchemaTrouble):
    """Another process held the database for too long: try later."""


@dataclass(frozen=True)
class Migrated:
    """The revision before and after; `None` is a database without tables. `backup` is the copy made first."""

    before: str | None
    after: str | None
    backup: Path | None = None


async def schema_state(memory: Memory) -> SchemaState:
    """Look which schema a database has. Nothing is created or changed."""
    return state_of(await revision_of(memory))


async def revision_of(memory: Memory) -> str | None:
    """The revision that stands in a database, whether this version knows it or not; None without tables."""
    file = sqlite_file(memory.url)
    if file is not None and not _holds_a_database(file):
        return None
    async with memory.reading() as uow:
        return await _revision(uow)


def state_of(revision: str | None, revisions: tuple[str, ...] = REVISIONS) -> SchemaState:
    """How a revision stands to those that a program knows. What it does not know was made after it."""
    if revision is None:
        return SchemaState.MISSING
    if revision == HALF_RESTORED:
        return SchemaState.HALF_RESTORED
    if revision not in revisions:
        return SchemaState.NEWER
    return SchemaState.CURRENT if revision == revisions[-1] else SchemaState.OLDER


async def ensure_current(url: str) -> bool:
    """Make an SQLite database on first use; refuse, with SchemaTrouble, what another version has written.

    Returns whether the tables were made just now.
    """
    memory = open_memory(url)
    try:
        revision = await revision_of(memory)
    finally:
        await memory.close()
    if revision is None and sqlite_file(url) is not None:
        return await _first_tables(url)
    require_current(state_of(revision), revision)
    return False


def require_current(state: SchemaState, revision: str | None = None) -> None:
    """Refuse a schema that is not this version's, and say which command mends it. `revision` is the one that was found."""
    match state:
        case SchemaState.MISSING:
            raise SchemaTrouble("The database has no tables of heard yet. Make them with: heard migrate")
        case SchemaState.OLDER:
            raise SchemaTrouble(
                "The database was made by an older version of heard. Nothing was changed. Bring it up to date with: heard migrate"
            )
        case SchemaState.NEWER:
            found = f": it is at {revision}, and this one knows up to {HEAD}" if revision else ""
            raise SchemaTrouble(
                f"The database was made by a newer version of heard than this one{found}. Nothing was changed. "
                "Install that version or a newer one, or put the copy back that `heard migrate` made: heard restore FILE"
            )
        case SchemaState.HALF_RESTORED:
            raise SchemaTrouble(
                "A copy was being put back into this database, and that was not finished. Nothing was changed. "
                "Give the command again: heard restore FILE"
            )
        case SchemaState.CURRENT:
            return


async def migrate(
    url: str,
    to: str = "head",
    *,
    now: datetime,
    progress: Progress | None = None,
    copying: Copying | None = None,
    makes_copy: bool = True,
) -> Migrated:
    """Bring a database to a revision: `head`, `base` (no tables) or a number, upwards or downwards.

    What has tables is copied first: an SQLite file to FILE.before-REVISION-MOMENT, a server's database by `copying`. Raises
    SchemaBusy when another process holds the database for longer than a writer waits, SchemaTrouble when the database is
    not one of ours to change. What `copying` raises leaves everything as it was.
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
        if before is not None and makes_copy:
            backup = await _copied(file, target or "base", now, copying)
        if backup:
            tell(f"Copied the database to {backup}")
        await bring(uow, before, target, tell)
    return Migrated(before, target, backup)


async def bring(uow: UnitOfWork, before: str | None, target: str | None, tell: Progress) -> None:
    """Bring a database from one revision to another, inside a `migration_unit`."""
    await _keep_what_older_programs_do_not_know(uow, before, target)
    await (await uow.connection()).run_sync(_run, before, target, tell)
    await check_references(uow)


_KEPT = (
    (
        "0013",
        "SELECT count(*) FROM cases WHERE is_training",
        "Cases to learn on: {count}. Before revision 0013 they would be taken for real complaints. Nothing was changed. "
        "Restore a backup that was made before them, or keep this version.",
    ),
    (
        "0015",
        "SELECT count(*) FROM seal WHERE lifted_at IS NULL",
        "Sealed: {count}. Before revision 0015 what is sealed would be given out to anybody. Nothing was changed. Keep this "
        "version while a seal stands.",
    ),
    ("0018", "SELECT count(*) FROM erased", "Marks of erased cases: {count}. They would come in again. Nothing was changed."),
)
"""What an older program would not know: since which revision it is known, how much of it there is, why nobody goes back."""


async def _keep_what_older_programs_do_not_know(uow: UnitOfWork, before: str | None, target: str | None) -> None:
    for revision, counting, why in _KEPT if target is not None else ():
        if not _place(target) < _place(revision) <= _place(before):
            continue
        if count := (await (await uow.connection()).execute(text(counting))).scalar_one():
            raise SchemaTrouble(why.format(count=count))


async def _copied(file: Path | None, target: str, now: datetime, copying: Copying | None) -> Path | None:
    if file is not None:
        aside = free_name(file, f"before-{target}", now)
        with ExitStack() as undo:
            undo.callback(aside.unlink)
            await asyncio.to_thread(copy_sqlite, file, aside)
            undo.pop_all()
        return aside
    return await copying(target) if copying else None


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
            if not memory.is_sqlite:
                # A copy that is made meanwhile may take an hour, in which this unit says nothing.
                await (await uow.connection()).execute(_NEVER_IDLE)
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
        require_current(state_of(before), before)
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


def free_name(file: Path, why: str, now: datetime) -> Path:
    """Make an empty file beside another, for its owner alone: FILE.WHY-MOMENT, with a number if there is one already."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in count(1):
        name = file.with_name(f"{file.name}.{why}-{moment}" + (f"-{number}" if number > 1 else ""))
        try:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        return name
    raise AssertionError  # numbers do not end


def copy_sqlite(file: Path, copy: Path) -> None:
    """Copy a database that others may be reading and writing, into a file that is there and empty."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as destination:
        source.backup(destination, progress=stop_when_busy)
    with copy.open("rb+") as written:
        os.fsync(written.fileno())


def stop_when_busy(status: int, _left: int, _whole: int) -> None:
    """For `sqlite3.Connection.backup`, which tries for ever: whoever holds the database for so long does not let go of it."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise SchemaBusy("Another process holds the database. Nothing was changed. Stop it, then give the command again.")


def _say_nothing(_line: str) -> None:
    return
