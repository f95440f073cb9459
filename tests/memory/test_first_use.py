"""First use and the copy before a migration: what becomes of files and servers that a command finds, or does not find."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.migrating import (
    HEAD,
    SchemaState,
    SchemaTrouble,
    ensure_current,
    migrate,
    sqlite_file,
)
from storage.unit_of_work import open_memory
from tests.memory import rows
from tests.memory.rows import state
from tests.memory_fixtures import NewDatabase, sqlite_url

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def modes(folder: Path) -> dict[str, int]:
    """The files in a folder and who may read them."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_an_sqlite_file_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    file = tmp_path / "heard.db"
    url = sqlite_url(file)
    await migrate(url, now=NOW)
    memory = open_memory(url)
    await rows.put(memory, rows.case())
    # Still open, so what was written is in the journal beside the file and not in the file.

    done = await migrate(url, "base", now=NOW)

    await memory.close()
    assert done.backup == tmp_path / "heard.db.before-base-20260302T093000Z"
    assert stat.S_IMODE(done.backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(done.backup)) as copy:
        assert copy.execute("SELECT reference FROM cases").fetchall() == [("CSF-0001",)]
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    assert await state(sqlite_url(done.backup)) is SchemaState.CURRENT


async def test_a_second_copy_in_the_same_second_does_not_overwrite_the_first(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "heard.db")
    copies = []
    for _ in range(2):
        await migrate(url, now=NOW)
        copies.append((await migrate(url, "base", now=NOW)).backup)

    assert [copy and copy.name for copy in copies] == [
        "heard.db.before-base-20260302T093000Z",
        "heard.db.before-base-20260302T093000Z-2",
    ]


async def test_a_new_file_is_for_its_owner_alone_and_needs_no_copy(tmp_path: Path) -> None:
    file = tmp_path / "heard.db"

    assert await ensure_current(sqlite_url(file)) is True

    memory = open_memory(sqlite_url(file))
    await rows.put(memory, rows.case())
    assert modes(tmp_path) == {"heard.db": 0o600, "heard.db-wal": 0o600, "heard.db-shm": 0o600}
    await memory.close()


async def test_looking_for_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    assert await state(sqlite_url(tmp_path / "heard.db")) is SchemaState.MISSING

    assert modes(tmp_path) == {}


async def test_first_use_of_a_server_asks_for_the_migration(new_database: NewDatabase, backend: str) -> None:
    url = new_database()

    if backend == "sqlite":
        assert await ensure_current(url) is True
        assert await state(url) is SchemaState.CURRENT
    else:
        with pytest.raises(SchemaTrouble, match="heard migrate"):
            await ensure_current(url)


async def test_first_use_by_two_commands_at_once_makes_the_tables_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "heard.db")

    assert sorted(await asyncio.gather(ensure_current(url), ensure_current(url))) == [False, True]


async def test_who_opens_a_new_file_while_another_writes_its_first_table_waits_for_it(tmp_path: Path) -> None:
    """SQLite switches a file to WAL without waiting: `database is locked`, said at once to the second of two first users."""
    file = tmp_path / "heard.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE held (id INTEGER)")

    using = asyncio.create_task(ensure_current(sqlite_url(file)))
    await asyncio.wait({using}, timeout=0.5)
    assert not using.done()
    other.execute("ROLLBACK")
    other.close()

    assert await using is True


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, this is not a database.")

    for use in (ensure_current(sqlite_url(file)), migrate(sqlite_url(file), now=NOW)):
        with pytest.raises(SchemaTrouble, match="not an SQLite database"):
            await use
    assert file.read_text().startswith("Dear")


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaTrouble, match=r"No such file or directory\. Make its folder"):
        await ensure_current(sqlite_url(tmp_path / "nowhere" / "heard.db"))


def test_only_sqlite_has_a_file() -> None:
    assert sqlite_file("sqlite+aiosqlite:////var/lib/heard.db") == Path("/var/lib/heard.db")
    assert sqlite_file("postgresql+asyncpg://heard@db/heard") is None
