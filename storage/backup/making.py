"""Make a backup while the service works: a copy of one moment, looked through, packed, read again, and only then named."""

import asyncio
import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from storage.backup import postgres
from storage.backup.container import BackupTrouble, Manifest, Share, describe_sqlite, look_into, sync, write
from storage.migrating import SchemaState, require_current, revision_of, sqlite_file, state_of, stop_when_busy
from storage.unit_of_work import open_memory

PAGES_AT_ONCE = 4000
PART = ".heard-backup-"
"""What is not finished begins with this; what a crash left behind is taken away by the next backup into the same folder."""
SURELY_LEFT_SECONDS = 60.0
"""Between making such a folder and taking it in hand lies an instant; what is so much older is in hand, or left."""


@dataclass(frozen=True)
class Origin:
    """Whose backup it is, and which program makes it."""

    council: str
    service: str
    program: str


async def make_backup(url: str, target: Path, origin: Origin, now: datetime, *, overwrite: bool = False, tell: Share) -> Manifest:
    """Copy a database into a backup file. Either the whole file is there in the end, read again and found good, or none.

    Raises BackupTrouble: there is nothing to copy, the file is there already, no room, no permission, no pg_dump.
    """
    _refuse_to_overwrite(target, overwrite)
    memory = open_memory(url)
    try:
        revision = await revision_of(memory)
    finally:
        await memory.close()
    if revision is None or state_of(revision) is SchemaState.HALF_RESTORED:
        require_current(state_of(revision), revision)
    with room_told(target), _folder_beside(target) as folder:
        manifest = await _make(url, folder, origin, now, tell)
        _refuse_to_overwrite(target, overwrite)
        put(folder / "backup", target)
    return manifest


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A folder for its owner alone, beside the target: so that the last step is one rename. It is locked while it is used."""
    with tempfile.TemporaryDirectory(prefix=PART, dir=parent_of(target)) as folder:
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # not every file system has locks
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _take_away_what_was_left(Path(folder))
            yield Path(folder)
        finally:
            os.close(handle)


def _take_away_what_was_left(ours: Path) -> None:
    """Half a backup of a process that was killed: it holds what people wrote. One that still works holds its lock."""
    for left in ours.parent.glob(f"{PART}*"):
        with suppress(OSError):
            if left == ours or left.stat().st_mtime > ours.stat().st_mtime - SURELY_LEFT_SECONDS:
                continue
            handle = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
            finally:
                os.close(handle)


def put(ready: Path, target: Path) -> None:
    """Give a file that is ready its name, and have both on the disk."""
    ready.replace(target)
    sync(target)
    sync(parent_of(target))


def parent_of(file: Path) -> Path:
    return file.absolute().parent


def _refuse_to_overwrite(target: Path, overwrite: bool) -> None:
    if target.exists() and not overwrite:
        raise BackupTrouble(f"{target} is there already. It was left as it is. Give another name, or say --overwrite.")


async def _make(url: str, folder: Path, origin: Origin, now: datetime, tell: Share) -> Manifest:
    data, packed = folder / "copy", folder / "backup"
    file = sqlite_file(url)
    if file is not None:
        manifest = await asyncio.to_thread(_copy_sqlite, file, data, lambda share: tell(share / 3))
    else:
        manifest = await postgres.dump(url, data)
    manifest = replace(
        manifest, council=origin.council, service=origin.service, program=origin.program, made_at=now.replace(microsecond=0)
    )
    return await asyncio.to_thread(_pack, data, packed, manifest, tell)


def _pack(data: Path, packed: Path, manifest: Manifest, tell: Share) -> Manifest:
    with os.fdopen(os.open(packed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        written = write(target, data, manifest, lambda share: tell((1 + share) / 3))
    data.unlink()
    sync(packed)
    if look_into(packed, lambda share: tell((2 + share) / 3)) != written:
        raise BackupTrouble("What was written could not be read again as it was. The disk may be failing. There is no backup.")
    return written


def _copy_sqlite(file: Path, data: Path, tell: Share) -> Manifest:
    """Copy what stands at this moment. A writer beside it goes on, and what it writes is not in the copy."""
    os.close(os.open(data, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(file, isolation_level=None)) as source, closing(sqlite3.connect(data)) as copy:
        # Held through all the steps: without it each writer in between would make the copy begin again.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        copy.execute("PRAGMA synchronous=OFF")
        source.backup(copy, pages=PAGES_AT_ONCE, progress=partial(_copied, tell))
        copy.execute("PRAGMA journal_mode=DELETE")
        return describe_sqlite(copy)


def _copied(tell: Share, status: int, left: int, whole: int) -> None:
    stop_when_busy(status, left, whole)
    tell(1 - left / (whole or 1))


@contextmanager
def room_told(target: Path) -> Iterator[None]:
    """Say in words why something could not be written. What was begun is gone again."""
    folder = target.absolute().parent
    try:
        yield
    except sqlite3.OperationalError as problem:
        if getattr(problem, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise BackupTrouble(_no_room(folder)) from problem
        raise
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise BackupTrouble(_no_room(folder)) from problem
        if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise BackupTrouble(f"This user may not write to {folder}. Nothing was changed.") from problem
        if problem.errno in (errno.ENOENT, errno.ENOTDIR):
            raise BackupTrouble(f"There is no folder {folder}. Nothing was changed. Make it first.") from problem
        raise


def _no_room(folder: Path) -> str:
    try:
        free = f" ({shutil.disk_usage(folder).free // 1_000_000} MB are free)"
    except OSError:
        free = ""
    return f"There is no room in {folder}{free}; it takes twice the size of the database. Nothing was changed."
