"""Put a backup back: looked through before anything is touched, what is there kept aside, and the outbox held.

On SQLite everything is made ready in a file beside the database, hold and all; then it takes the database's place in one
transaction, so that a command that works beside it is not cut off. On PostgreSQL the tables that are there move into a schema
of their own in the transaction that puts the copy back. Whoever runs this sees to it that no service is at work.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from storage import erasing, holding
from storage.backup import postgres
from storage.backup.container import BackupTrouble, Manifest, NotABackup, Share, describe_sqlite, extract, look_at
from storage.backup.making import parent_of, put, room_told
from storage.migrating import (
    HEAD,
    Progress,
    SchemaBusy,
    SchemaState,
    bring,
    copy_sqlite,
    free_name,
    migrate,
    migration_unit,
    sqlite_file,
    state_of,
    stop_when_busy,
)
from storage.unit_of_work import BUSY_MILLISECONDS, UnitOfWork, open_memory

WHY = "before-restore"


@dataclass(frozen=True)
class Restored:
    """What was put back. `aside` is the file, or the schema, that keeps what was there; None if nothing was."""

    manifest: Manifest
    aside: str | None
    held: int
    """How many messages waited in it; all of them are held."""
    erased: int = 0
    """Cases in it that were erased since it was made, and are erased again."""


@dataclass(frozen=True)
class Restoring:
    """A restore as it was asked for."""

    backup: Path
    council: str
    """Whose memory it is to become."""
    now: datetime
    by: str
    """Who puts it back: a person's address, or the account on the machine."""
    other_council: bool = False
    """Said explicitly: it may be another council's."""
    erasure_key: str = ""
    """What the marks of what was erased were made with: it is erased again in what is put back."""
    before_erasing: Callable[[UnitOfWork, str], Awaitable[object]] | None = None
    """Reaches what stands elsewhere of a case that is erased again: its words in kept reports."""


async def restore(url: str, asked: Restoring, *, tell: Progress, share: Share | None = None) -> Restored:
    """Put a backup back. Raises BackupTrouble or SchemaBusy: then the database is as it was, or the message says otherwise."""
    file = sqlite_file(url)
    marks = await _marks_there(url, file)
    erasing.refuse_other_key([mark["mark"] for mark in marks], asked.erasure_key)
    if file is None:
        return await _into_postgres(url, asked, marks, tell, share)
    with room_told(file):
        return await _into_sqlite(file, asked, marks, tell, share)


Marks = Sequence[Mapping[str, Any]]
"""Marks of what was erased, as rows."""


def _is_nothing(file: Path) -> bool:
    return not file.exists() or file.stat().st_size == 0


async def _marks_there(url: str, file: Path | None) -> Marks:
    """The marks of the database that is to be replaced; none where there is none yet, or none that can be read."""
    if file is not None and await asyncio.to_thread(_is_nothing, file):
        return []
    memory = open_memory(url)
    try:
        async with memory.reading() as uow:
            return await erasing.marks_in(await uow.connection())
    except DBAPIError:
        if file is None:
            raise
        return []  # what is there is damaged, which may be why it is replaced
    finally:
        await memory.close()


def refuse_strangers(asked: Restoring, manifest: Manifest, wanted: str) -> None:
    """Another council's, another kind of database's, or one of a newer version."""
    name = asked.backup.name
    if manifest.council and manifest.council != asked.council and not asked.other_council:
        raise BackupTrouble(
            f"{name} is a backup of {manifest.council}; the settings are those of {asked.council}. Nothing was changed. "
            "If it is right all the same, say --other-council."
        )
    if manifest.database != wanted:
        raise BackupTrouble(
            f"{name} is a copy of a database of the kind {manifest.database}, and database.url names one of the kind {wanted}. "
            "Nothing was changed. Name a database of the same kind in database.url."
        )
    match state_of(manifest.revision):
        case SchemaState.NEWER:
            version = f" ({manifest.program})" if manifest.program else ""
            raise BackupTrouble(
                f"{name} was made by a newer version of heard{version}: it is at {manifest.revision}, and this one knows up to "
                f"{HEAD}. Nothing was changed. Install that version or a newer one."
            )
        case SchemaState.MISSING | SchemaState.HALF_RESTORED:
            raise NotABackup(f"{name} holds no whole database of heard. Nothing was changed.")


async def _into_sqlite(file: Path, asked: Restoring, marks: Marks, tell: Progress, share: Share | None) -> Restored:
    with tempfile.TemporaryDirectory(prefix=".heard-restore-", dir=parent_of(file)) as folder:
        ready = Path(folder, "heard.db")
        manifest = await asyncio.to_thread(_unpack, asked, ready, share)
        url = f"sqlite+aiosqlite:///{ready}"
        if manifest.revision != HEAD:
            await migrate(url, now=asked.now, progress=tell, makes_copy=False)
        memory = open_memory(url)
        try:
            async with memory.unit_of_work() as uow:
                erased = await _erase_again(uow, asked, marks)
                held = await holding.hold(uow, since=asked.now, held_by=asked.by, made_at=manifest.made_at)
        finally:
            await memory.close()
        aside = await asyncio.to_thread(_take_its_place, ready, file, asked.now)
    return Restored(manifest, str(aside) if aside else None, held, erased)


def _unpack(asked: Restoring, ready: Path, share: Share | None) -> Manifest:
    refuse_strangers(asked, look_at(asked.backup), "sqlite")
    manifest = extract(asked.backup, ready, share)
    refuse_strangers(asked, manifest, "sqlite")
    try:
        with closing(sqlite3.connect(ready)) as copy:
            found = describe_sqlite(copy)
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as problem:
        raise NotABackup(f"{asked.backup.name} does not hold a sound database. Nothing was changed.") from problem
    if (found.rows, found.revision) != (manifest.rows, manifest.revision) or broken:
        raise NotABackup(f"{asked.backup.name} does not hold the rows that it says it holds. Nothing was changed.")
    return manifest


def _take_its_place(ready: Path, file: Path, now: datetime) -> Path | None:
    """Put the file that is ready in the place of the database; keep what was there, whatever state it is in."""
    if not file.exists() or file.stat().st_size == 0:
        put(ready, file)
        return None
    aside = free_name(file, WHY, now)
    try:
        _overwrite(ready, file, aside)
    except (SchemaBusy, sqlite3.OperationalError):
        aside.unlink()
        raise
    except sqlite3.DatabaseError:
        # What is there is damaged, which may be why it is replaced. SQLite can neither copy it nor write into it: it is moved.
        for journal in ("", "-wal", "-shm", "-journal"):
            if (part := file.with_name(file.name + journal)).exists():
                part.replace(aside.with_name(aside.name + journal))
        put(ready, file)
    return aside


def _overwrite(ready: Path, file: Path, aside: Path) -> None:
    """Copy what is there, then overwrite it in one transaction. What somebody wrote in between is copied, too."""
    with closing(sqlite3.connect(file, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None)) as there:
        while True:
            version = there.execute("PRAGMA data_version").fetchone()
            there.execute("SELECT count(*) FROM sqlite_master").fetchone()
            aside.write_bytes(b"")
            copy_sqlite(file, aside)
            if there.execute("PRAGMA data_version").fetchone() == version:
                break
        with closing(sqlite3.connect(ready)) as new:
            new.backup(there, progress=stop_when_busy)
        describe_sqlite(there)


async def _into_postgres(url: str, asked: Restoring, marks: Marks, tell: Progress, share: Share | None) -> Restored:
    with tempfile.TemporaryDirectory(prefix="heard-restore-") as folder:
        data = Path(folder, "dump")
        refuse_strangers(asked, await asyncio.to_thread(look_at, asked.backup), "postgresql")
        with room_told(data):
            manifest = await asyncio.to_thread(extract, asked.backup, data, share)
        aside = await postgres.put_back(url, data, asked.now)
    try:
        held, erased = await _finish(url, asked, manifest, marks, tell)
    except (NotABackup, erasing.WrongKey) as problem:
        kept = f" What was there before is in the schema {aside}." if aside else ""
        raise BackupTrouble(
            f"{problem}{kept} The service does not start on it. Give another backup: heard restore FILE"
        ) from problem
    return Restored(manifest, aside, held, erased)


async def _finish(url: str, asked: Restoring, manifest: Manifest, marks: Marks, tell: Progress) -> tuple[int, int]:
    """Count it, bring it up to date and hold its outbox, in one unit: before that nobody can work with it."""
    async with migration_unit(url) as uow:
        found = await postgres.describe(uow, await postgres.tables_of(uow))
        if found.rows != manifest.rows:
            raise NotABackup("What was put back does not have the rows that the backup says it holds.")
        await postgres.set_revision(uow, manifest.revision)
        await bring(uow, manifest.revision, HEAD, tell)
        erased = await _erase_again(uow, asked, marks)
        return await holding.hold(uow, since=asked.now, held_by=asked.by, made_at=manifest.made_at), erased


async def _erase_again(uow: UnitOfWork, asked: Restoring, marks: Marks) -> int:
    """Put the marks of what was there beside what was put back, and erase what they mark. Returns how many cases went."""
    return len(await erasing.again(uow, marks, asked.erasure_key, asked.before_erasing))
