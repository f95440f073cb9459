# ruff: noqa: ASYNC240 - small files of the tests
"""Backups of one kind of database: bare copies of SQLite and who has it open; dumps of PostgreSQL."""

import gzip
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.backup import BackupTrouble, look_into
from storage.backup.container import write
from storage.migrating import (
    HALF_RESTORED,
    HEAD,
    SchemaBusy,
    SchemaState,
    SchemaTrouble,
    migrate,
    require_current,
)
from storage.tables import CaseRow
from storage.unit_of_work import open_memory
from tests.memory import rows
from tests.memory.make_released import RELEASED
from tests.memory.rows import state
from tests.memory.test_backup import NOW, backed_up, put_back, quiet, references
from tests.memory_fixtures import sqlite_url

# only SQLite


@pytest.fixture
def oldest(tmp_path: Path) -> Path:
    """A database as the first version left it: also what `heard migrate` leaves beside a file."""
    file = tmp_path / "heard.db.before-0002"
    file.write_bytes(gzip.decompress((RELEASED / "0001.db.gz").read_bytes()))
    return file


async def test_a_bare_copy_of_an_older_version_is_put_back_and_brought_up_to_date(oldest: Path, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "heard.db")
    wanted = await references(sqlite_url(oldest))
    before = oldest.read_bytes()

    done = await put_back(url, oldest)

    assert wanted
    assert await references(url) == wanted
    assert await state(url) is SchemaState.CURRENT
    assert (done.manifest.revision, done.manifest.is_bare, done.aside) == ("0001", True, None)
    assert oldest.read_bytes() == before


async def test_last_months_backup_by_an_older_version_is_brought_up_to_date(oldest: Path, tmp_path: Path) -> None:
    await backed_up(sqlite_url(oldest), tmp_path / "b.zip")
    url = sqlite_url(tmp_path / "heard.db")

    await put_back(url, tmp_path / "b.zip")

    assert await state(url) is SchemaState.CURRENT
    assert await references(url) == await references(sqlite_url(oldest))


@pytest.mark.parametrize("damage", ["no database", "half a database", "pages of nothing"])
async def test_what_is_there_may_be_damaged_and_is_kept_as_it_is(tmp_path: Path, migrated_sqlite: Path, damage: str) -> None:
    await backed_up(sqlite_url(migrated_sqlite), tmp_path / "b.zip")
    file, whole = tmp_path / "heard.db", migrated_sqlite.read_bytes()
    spoiled = {
        "no database": b"x" * 5000,
        "half a database": whole[: len(whole) // 2],
        "pages of nothing": whole[:4096] + bytes(len(whole) - 4096),
    }
    file.write_bytes(spoiled[damage])

    done = await put_back(sqlite_url(file), tmp_path / "b.zip")

    assert await state(sqlite_url(file)) is SchemaState.CURRENT
    assert await references(sqlite_url(file)) == set()
    assert done.aside is not None
    assert Path(done.aside).stat().st_size == len(spoiled[damage])


async def test_a_command_that_has_the_database_open_goes_on_with_what_was_put_back(tmp_path: Path, migrated_sqlite: Path) -> None:
    file = tmp_path / "heard.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    await backed_up(sqlite_url(file), tmp_path / "b.zip")
    memory = open_memory(sqlite_url(file))
    await rows.put(memory, rows.case("CSF-0001"))

    await put_back(sqlite_url(file), tmp_path / "b.zip")
    await rows.put(memory, rows.case("CSF-0002"))

    async with memory.reading() as uow:
        assert await uow.get(CaseRow, "CSF-0001") is None
    await memory.close()
    assert await references(sqlite_url(file)) == {"CSF-0002"}
    with closing(sqlite3.connect(file)) as sound:
        assert sound.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_writer_that_does_not_end_keeps_a_restore_out(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.backup.restoring.BUSY_MILLISECONDS", 50)
    file = tmp_path / "heard.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    await backed_up(sqlite_url(file), tmp_path / "b.zip")
    memory = open_memory(sqlite_url(file))

    async with memory.unit_of_work() as uow:
        await uow.get(CaseRow, "CSF-0001")
        with pytest.raises(SchemaBusy, match="Nothing was changed"):
            await put_back(sqlite_url(file), tmp_path / "b.zip")

    await memory.close()
    assert list(tmp_path.glob("heard.db.before-*")) == []


# only PostgreSQL


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_database_that_is_half_restored_is_worked_with_by_nobody(filled: str, tmp_path: Path) -> None:
    await backed_up(filled, tmp_path / "b.zip")
    memory = open_memory(filled)
    async with memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("UPDATE alembic_version SET version_num = :half"), {"half": HALF_RESTORED})
    await memory.close()

    assert await state(filled) is SchemaState.HALF_RESTORED
    for use in (migrate(filled, now=NOW), backed_up(filled, tmp_path / "c.zip")):
        with pytest.raises(SchemaTrouble, match="was not finished"):
            await use
    with pytest.raises(SchemaTrouble, match="heard restore FILE"):
        require_current(SchemaState.HALF_RESTORED)

    await put_back(filled, tmp_path / "b.zip")
    assert await state(filled) is SchemaState.CURRENT


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_dump_that_postgresql_cannot_read_changes_nothing(filled: str, tmp_path: Path) -> None:
    """Its digest is right, so only pg_restore sees it."""
    await backed_up(filled, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        dump = archive.read("heard.pgdump")
    (tmp_path / "cut").write_bytes(dump[: len(dump) * 9 // 10])
    with (tmp_path / "c.zip").open("wb") as target:
        write(target, tmp_path / "cut", look_into(tmp_path / "b.zip"), quiet)

    with pytest.raises(BackupTrouble, match="pg_restore could not read the dump"):
        await put_back(filled, tmp_path / "c.zip")

    assert await references(filled) == {"CSF-0001"}
    assert await state(filled) is SchemaState.CURRENT


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_migration_on_a_server_is_copied_by_whoever_asks_for_it(filled: str, tmp_path: Path) -> None:
    async def copying(target: str) -> Path:
        file = tmp_path / f"before-{target}.zip"
        await backed_up(filled, file)
        return file

    done = await migrate(filled, "0001", now=NOW, copying=copying)

    assert done.backup == tmp_path / "before-0001.zip"
    assert look_into(done.backup).revision == HEAD
    await put_back(filled, done.backup)
    assert await references(filled) == {"CSF-0001"}
