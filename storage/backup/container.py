"""The file of a backup: a ZIP archive with the copy and, behind it, `manifest.json` that says what it is a copy of.

Anybody can open it: `unzip -p FILE heard.db > heard.db` gives back an SQLite database, without this program.
A file that was cut short has no directory at its end, so it is never taken for a whole one.
"""

import hashlib
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from storage.migrating import SQLITE_MAGIC

FORMAT = 1
"""The shape of the archive; a later shape is refused."""
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 1_000_000
PIECE = 1 << 20
ZIP_MAGIC = b"PK\x03\x04"
DATA_NAMES = {"sqlite": "heard.db", "postgresql": "heard.pgdump"}

Share = Callable[[float], None]
"""Is told from time to time how much is done, from 0 to 1."""


class BackupTrouble(Exception):
    """A backup or a restore cannot be done as it was asked for; the message says what is safe and what to do."""


class NotABackup(BackupTrouble):
    """The file is none of ours, or damaged."""


@dataclass(frozen=True)
class Manifest:
    """What a copy is a copy of. What a bare SQLite copy does not say is empty."""

    database: str
    """`sqlite` or `postgresql`."""
    revision: str
    """The schema that it has."""
    rows: dict[str, int]
    """How many rows each table holds."""
    council: str = ""
    service: str = ""
    program: str = ""
    """The version of heard that made it."""
    made_at: datetime | None = None
    size: int = 0
    """Bytes of the copy within."""
    digest: str = field(default="", repr=False)
    """SHA-256 of the copy within."""

    @property
    def is_bare(self) -> bool:
        """An SQLite file by itself, as `heard migrate` leaves one: it does not say whose it is."""
        return not self.digest

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"made_at": self.made_at.isoformat() if self.made_at else None}


def write(target: IO[bytes], data: Path, manifest: Manifest, tell: Share) -> Manifest:
    """Write a backup. Gives the manifest with the size and digest of what was written."""
    digest, size, whole = hashlib.sha256(), 0, data.stat().st_size or 1
    # pg_dump has compressed already.
    packing: dict[str, Any] = {"compression": zipfile.ZIP_STORED}
    if manifest.database == "sqlite":
        packing = {"compression": zipfile.ZIP_DEFLATED, "compresslevel": 1}
    with zipfile.ZipFile(target, "w", **packing) as archive:
        with data.open("rb") as held, archive.open(DATA_NAMES[manifest.database], "w", force_zip64=True) as packed:
            while piece := held.read(PIECE):
                packed.write(piece)
                digest.update(piece)
                size += len(piece)
                tell(size / whole)
        said = Manifest(**{**asdict(manifest), "size": size, "digest": digest.hexdigest()})
        archive.writestr(MANIFEST, json.dumps({"heard_backup": FORMAT} | said.as_json(), indent=1))
    return said


def look_into(file: Path, tell: Share | None = None) -> Manifest:
    """Read a backup from end to end and give what it says of itself. Raises NotABackup; nothing is changed."""
    return extract(file, None, tell)


def look_at(file: Path) -> Manifest:
    """What a backup says of itself, before it is read through. Raises NotABackup."""
    if _is_bare(file):
        return _extract_bare(file, None)
    with _damage_told(file), zipfile.ZipFile(file) as archive:
        return _manifest(file, archive)


def extract(file: Path, into: Path | None, tell: Share | None = None) -> Manifest:
    """Read the copy out of a backup, compare it with its manifest on the way, and write it into a new file if one is named."""
    if _is_bare(file):
        return _extract_bare(file, into)
    with _damage_told(file), zipfile.ZipFile(file) as archive, _new(into) as written:
        manifest = _manifest(file, archive)
        digest, size = hashlib.sha256(), 0
        with archive.open(DATA_NAMES[manifest.database]) as packed:
            while piece := packed.read(PIECE):
                digest.update(piece)
                size += len(piece)
                if written is not None:
                    written.write(piece)
                if tell:
                    tell(size / (manifest.size or 1))
        if (digest.hexdigest(), size) != (manifest.digest, manifest.size):
            raise NotABackup(f"{file.name} is damaged: what it holds is not what was put into it. {_ANOTHER}")
    return manifest


_ANOTHER = "Nothing was changed. Take another backup."


@contextmanager
def _new(into: Path | None) -> Iterator[IO[bytes] | None]:
    """A new file for its owner alone."""
    if into is None:
        yield None
        return
    with os.fdopen(os.open(into, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        yield opened


def _is_bare(file: Path) -> bool:
    """Whether it is an SQLite file by itself and no archive; NotABackup if it is neither."""
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(SQLITE_MAGIC))
    except OSError as problem:
        raise NotABackup(f"{file} cannot be read: {problem.strerror}. Nothing was changed.") from problem
    if not magic.startswith((SQLITE_MAGIC, ZIP_MAGIC)):
        raise NotABackup(f"{file.name} is not a backup of heard. Nothing was changed.")
    return magic.startswith(SQLITE_MAGIC)


@contextmanager
def _damage_told(file: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as problem:
        raise NotABackup(f"{file.name} is damaged, or was cut short. {_ANOTHER}") from problem


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    stranger = NotABackup(f"{file.name} is an archive, but not a backup of heard. Nothing was changed.")
    try:
        entry = archive.getinfo(MANIFEST)
        if entry.file_size > LONGEST_MANIFEST:
            raise stranger
        said = json.loads(archive.read(entry))
        shape = said.pop("heard_backup")
        if not isinstance(shape, int) or shape > FORMAT:
            raise NotABackup(
                f"{file.name} was made by a newer version of heard ({said.get('program')}). Nothing was changed. "
                "Install that version or a newer one."
            )
        made_at = said.pop("made_at")
        manifest = Manifest(**said, made_at=datetime.fromisoformat(made_at) if made_at else None)
        archive.getinfo(DATA_NAMES[manifest.database])
    except (KeyError, ValueError, TypeError, AttributeError) as problem:
        raise stranger from problem
    return manifest


def _extract_bare(file: Path, into: Path | None) -> Manifest:
    """A copy that is an SQLite file by itself. Only SQLite can read it whole: what is in its journal belongs to it."""
    try:
        with closing(sqlite3.connect(file.absolute().as_uri() + "?mode=ro", uri=True)) as copy:
            manifest = describe_sqlite(copy)
            if into is not None:
                with _new(into), closing(sqlite3.connect(into)) as whole:
                    copy.backup(whole)
    except sqlite3.DatabaseError as problem:
        raise NotABackup(f"{file.name} is damaged, or is not a database of heard. {_ANOTHER}") from problem
    return manifest


def describe_sqlite(database: sqlite3.Connection) -> Manifest:
    """Look at an SQLite database as a whole: is it sound, which schema has it, how many rows. Raises NotABackup."""
    wrong = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if wrong != "ok":
        raise NotABackup(f"The copy is damaged inside ({str(wrong)[:80]}). {_ANOTHER}")
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    if "alembic_version" not in names:
        raise NotABackup("It is a database, but not one of heard. Nothing was changed.")
    (revision,) = database.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    rows = {name: _count(database, name) for name in names if name != "alembic_version" and not name.startswith("sqlite_")}
    return Manifest("sqlite", revision, rows)


def _count(database: sqlite3.Connection, table: str) -> int:
    found: int = database.execute(_COUNT.format(table.replace('"', '""'))).fetchone()[0]
    return found


_COUNT = 'SELECT count(*) FROM "{}"'


def sync(path: Path) -> None:
    """Have a file, or what a folder lists, on the disk and not only on its way there."""
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
