# ruff: noqa: ASYNC240 - small files of the tests
"""Backups: what is put back is what was copied, on both databases; a bad file changes nothing; what was there is kept."""

import asyncio
import fcntl
import os
import sqlite3
import stat
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # the library has no types
import pytest
from sqlalchemy import text

from storage import holding
from storage.backup import BackupTrouble, Manifest, NotABackup, Origin, Restored, Restoring, look_into, make_backup, restore
from storage.backup.making import PART
from storage.migrating import (
    HEAD,
    SchemaState,
    SchemaTrouble,
    sqlite_file,
)
from storage.tables import OutboxState
from storage.unit_of_work import Memory, open_memory
from tests.memory import rows
from tests.memory.rows import state
from tests.memory_fixtures import NewDatabase, sqlite_url

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
ANYTOWN = Origin("Anytown Council", "Your Say", "0.1.0")


def quiet(_share: float) -> None:
    """Nobody watches."""


async def backed_up(url: str, target: Path, origin: Origin = ANYTOWN, **more: bool) -> Manifest:
    return await make_backup(url, target, origin, NOW, tell=quiet, **more)


async def put_back(url: str, backup: Path, council: str = "Anytown Council", *, other_council: bool = False) -> Restored:
    return await restore(url, Restoring(backup, council, LATER, "root", other_council), tell=lambda _line: None)


async def references(url: str) -> set[str]:
    memory = open_memory(url)
    async with memory.reading() as uow:
        found = set((await (await uow.connection()).execute(text("SELECT reference FROM cases"))).scalars().all())
    await memory.close()
    return found


async def adds(url: str, reference: str) -> None:
    memory = open_memory(url)
    await rows.put(memory, rows.case(reference))
    await memory.close()


async def test_a_backup_says_what_it_is_and_is_for_its_owner_alone(filled: str, backend: str, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"

    made = await backed_up(filled, file)

    assert look_into(file) == made
    assert (made.council, made.service, made.program, made.made_at) == ("Anytown Council", "Your Say", "0.1.0", NOW)
    assert (made.database, made.revision) == (backend, HEAD)
    assert {name: count for name, count in made.rows.items() if count} == dict.fromkeys(
        ("cases", "arrival", "letter", "event", "outbox", "reminder"), 1
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(PART)] == []


async def test_anybody_can_open_a_copy_of_sqlite_without_this_program(tmp_path: Path, migrated_sqlite: Path) -> None:
    await backed_up(sqlite_url(migrated_sqlite), tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extract("heard.db", tmp_path)

    with closing(sqlite3.connect(tmp_path / "heard.db")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


async def test_a_restore_puts_back_what_was_copied_keeps_what_was_there_and_holds_the_outbox(filled: str, tmp_path: Path) -> None:
    await backed_up(filled, tmp_path / "b.zip")
    await adds(filled, "CSF-0002")

    done = await put_back(filled, tmp_path / "b.zip")

    assert await references(filled) == {"CSF-0001"}
    assert await state(filled) is SchemaState.CURRENT
    assert done.held == 1
    memory = open_memory(filled)
    async with memory.reading() as uow:
        hold = await holding.standing_hold(uow)
        states = (await (await uow.connection()).execute(text("SELECT state FROM outbox"))).scalars().all()
    await memory.close()
    assert hold is not None
    assert (hold.since, hold.held_by, hold.made_at) == (LATER, "root", NOW)
    assert states == [OutboxState.HELD.value]
    assert await _kept_in(filled, done.aside) == {"CSF-0001", "CSF-0002"}


async def _kept_in(url: str, aside: str | None) -> set[str]:
    """What stands where the restore says that it kept what was there."""
    assert aside is not None
    if sqlite_file(url) is not None:
        assert stat.S_IMODE(Path(aside).stat().st_mode) == 0o600
        return await references(sqlite_url(Path(aside)))
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    found = await connection.fetch(f'SELECT reference FROM "{aside}".cases')
    await connection.close()
    return {row["reference"] for row in found}


async def test_a_restored_memory_can_be_written_and_backed_up_again(filled: str, tmp_path: Path) -> None:
    await backed_up(filled, tmp_path / "b.zip")
    await put_back(filled, tmp_path / "b.zip")

    await adds(filled, "CSF-0003")
    memory = open_memory(filled)
    await rows.put(memory, rows.message("m"), rows.event())  # numbers go on where the copy's ended
    await memory.close()
    again = await backed_up(filled, tmp_path / "c.zip")
    await put_back(filled, tmp_path / "c.zip")

    assert again.rows["cases"] == 2
    assert await references(filled) == {"CSF-0001", "CSF-0003"}


async def test_a_backup_beside_a_writer_is_of_one_moment(memory: Memory, database_url: str, tmp_path: Path) -> None:
    """Each unit writes a case with its event: a copy of one moment has as many of the one as of the other."""
    stop = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            number += 1
            await rows.put(memory, rows.case(f"CSF-{number}"), rows.event(f"CSF-{number}"))
        return number

    writing = asyncio.create_task(write())
    made = [await backed_up(database_url, tmp_path / f"{number}.zip") for number in range(3)]
    stop.set()
    written = await writing

    assert all(one.rows["cases"] == one.rows["event"] for one in made)
    assert made[0].rows["cases"] < made[-1].rows["cases"] <= written


async def test_a_backup_is_not_overwritten_unless_that_is_said(filled: str, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    await backed_up(filled, file)
    before = file.read_bytes()

    with pytest.raises(BackupTrouble, match="is there already"):
        await backed_up(filled, file)
    assert file.read_bytes() == before

    await adds(filled, "CSF-0002")
    assert (await backed_up(filled, file, overwrite=True)).rows["cases"] == 2


async def test_half_a_backup_of_a_process_that_was_killed_is_taken_away_and_one_in_hand_is_not(
    database_url: str, tmp_path: Path
) -> None:
    left, in_hand, just_made = (tmp_path / f"{PART}{name}" for name in ("left", "in-hand", "just-made"))
    for folder in (left, in_hand, just_made):
        folder.mkdir()
        (folder / "copy").write_text("what people wrote")
    for folder in (left, in_hand):
        os.utime(folder, (NOW.timestamp(), NOW.timestamp()))
    handle = os.open(in_hand, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)

    await backed_up(database_url, tmp_path / "backup.zip")
    os.close(handle)

    assert not left.exists()
    assert (in_hand / "copy").exists() and (just_made / "copy").exists()


async def test_there_is_nothing_to_copy_from_a_database_without_tables(new_database: NewDatabase, tmp_path: Path) -> None:
    with pytest.raises(SchemaTrouble, match="no tables"):
        await backed_up(new_database(), tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


async def test_a_backup_of_another_council_is_refused_unless_that_is_meant(filled: str, tmp_path: Path) -> None:
    await backed_up(filled, tmp_path / "b.zip", Origin("Othertown Council", "Speak up", "0.1.0"))
    await adds(filled, "CSF-0002")

    with pytest.raises(BackupTrouble, match="a backup of Othertown Council; the settings are those of Anytown Council"):
        await put_back(filled, tmp_path / "b.zip")
    assert await references(filled) == {"CSF-0001", "CSF-0002"}

    await put_back(filled, tmp_path / "b.zip", other_council=True)
    assert await references(filled) == {"CSF-0001"}


async def test_a_backup_of_a_newer_version_is_refused_and_the_version_is_named(filled: str, tmp_path: Path) -> None:
    memory = open_memory(filled)
    async with memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await memory.close()
    await backed_up(filled, tmp_path / "b.zip", Origin("Anytown Council", "Your Say", "7.0.0"))

    with pytest.raises(
        BackupTrouble, match=rf"newer version of heard \(7\.0\.0\): it is at 9999, and this one knows up to {HEAD}"
    ):
        await put_back(filled, tmp_path / "b.zip")


async def test_a_backup_of_the_other_kind_of_database_is_refused(
    filled: str, backend: str, tmp_path: Path, migrated_sqlite: Path
) -> None:
    other = tmp_path / "b.zip"
    if backend == "sqlite":
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("heard.pgdump", "PGDMP")
            archive.writestr(
                "manifest.json",
                f'{{"heard_backup": 1, "database": "postgresql", "revision": "{HEAD}", "rows": {{}}, "made_at": null}}',
            )
    else:
        await backed_up(sqlite_url(migrated_sqlite), other)

    with pytest.raises(BackupTrouble, match=f"names one of the kind {backend}"):
        await put_back(filled, other)
    assert await references(filled) == {"CSF-0001"}


def _cut(whole: bytes) -> list[bytes]:
    return [whole[: len(whole) * share // 100] for share in (1, 20, 50, 90, 99)]


def _spoiled(whole: bytes) -> list[bytes]:
    return [whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :] for at in (len(whole) // 3, len(whole) // 2)]


async def test_a_damaged_file_changes_nothing(filled: str, tmp_path: Path) -> None:
    await backed_up(filled, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()

    for number, damaged in enumerate([*_cut(whole), *_spoiled(whole), b""]):
        file = tmp_path / f"damaged{number}"
        file.write_bytes(damaged)
        with pytest.raises(NotABackup, match=r"(is damaged|is not a backup)"):
            look_into(file)
        with pytest.raises(NotABackup, match=r"(is damaged|is not a backup)"):
            await put_back(filled, file)
    assert await references(filled) == {"CSF-0001"}
    assert await state(filled) is SchemaState.CURRENT


async def test_a_file_that_is_not_ours_changes_nothing(filled: str, tmp_path: Path) -> None:
    letter, archive, wine = tmp_path / "letter.txt", tmp_path / "holiday.zip", tmp_path / "wine.db"
    letter.write_text("Dear Sir or Madam")
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("photo.jpg", b"a beach")
    with closing(sqlite3.connect(wine)) as made_too, made_too:
        made_too.execute("CREATE TABLE wine (name TEXT)")

    for file in (letter, archive, wine, tmp_path / "nowhere", tmp_path):
        with pytest.raises(NotABackup):
            await put_back(filled, file)
    assert await references(filled) == {"CSF-0001"}


@pytest.mark.parametrize(
    "said", ["[]", "{}", "null", "{", '{"heard_backup": 1}', '{"heard_backup": "x", "made_at": null}', "\ud800"]
)
async def test_a_manifest_that_says_nonsense_is_refused(filled: str, tmp_path: Path, said: str) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("heard.db", b"SQLite format 3\0")
        archive.writestr("manifest.json", said.encode("utf-8", "surrogatepass"))

    with pytest.raises(NotABackup):
        await put_back(filled, tmp_path / "b.zip")


async def test_a_later_shape_of_the_file_asks_for_a_newer_version(filled: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("manifest.json", '{"heard_backup": 2, "program": "3.0.0"}')

    with pytest.raises(NotABackup, match=r"newer version of heard \(3\.0\.0\)"):
        look_into(tmp_path / "b.zip")
