"""From an SQLite file to PostgreSQL: every row as it was, or nothing."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from procedures.terms import Channel
from storage import copying, outbox
from storage.copying import CopyRefused, copy_database, digest_of
from storage.filing import table_of
from storage.migrating import HEAD, SchemaBusy, SchemaTrouble, migrate
from storage.tables import (
    METADATA,
    AttachmentRow,
    CalendarDayRow,
    ConversationRow,
    DoorRow,
    HeartbeatRow,
    OutboxRow,
    PlaceRow,
)
from storage.unit_of_work import Memory, open_memory
from tests.memory import rows
from tests.memory.rows import NOW, put
from tests.memory_fixtures import NewDatabase, sqlite_url

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)

ODD = "Ærøskøbing 🙂 \u2028 Zoë'); DROP TABLE cases;--"
LETTERS = 1203
"""More than two batches."""


@pytest.fixture
async def source(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """An SQLite file with rows in every kind of column."""
    file = tmp_path / "heard.db"
    shutil.copy(migrated_sqlite, file)
    memory = open_memory(sqlite_url(file))
    await put(
        memory,
        rows.case(team=ODD),
        rows.arrival("a", case_reference="CSF-0001", raw=bytes(range(256)) * 5000, position=2**62),
        *(rows.arrival(f"{number}") for number in range(LETTERS)),
        rows.letter("a", words=ODD, chat_id=-(2**50)),
        rows.party(name=ODD),
        rows.event(note=ODD),
        rows.message("receipt:1", facts={"words": ODD, "none": None, "deep": [1, 2.5, {"yes": True}]}, case_reference="CSF-0001"),
        rows.message("receipt:2", "7"),
        rows.task("t", case_reference="CSF-0001"),
        rows.reminder(),
    )
    async with memory.unit_of_work() as uow:
        uow.add(AttachmentRow(arrival_id=rows.arrival("a").id, number=1, kind="voice", name=ODD, content=b"\0\1\2"))
        uow.add(DoorRow(name="mailbox", since=NOW, moved_at=NOW, position=7))
        uow.add(HeartbeatRow(loop="outbox", turned_at=None))
        place = PlaceRow(
            arrival_id=rows.arrival("a").id, chat_id=-5, sent_at=NOW, gone_at=NOW, latitude=52.4862, longitude=-1.8904
        )
        uow.add(place)
        uow.add(ConversationRow(chat_id=-5, state={"at": ODD}, updated_at=NOW))
        uow.add(
            CalendarDayRow(
                nation="england", day=date(2027, 5, 14), name=ODD, is_working=True, added_at=NOW, added_by="an officer"
            )
        )
        await uow.flush()
    await memory.close()
    return file


async def everything(url: str) -> dict[str, list[int]]:
    """What a database holds, a number for each row."""
    memory = open_memory(url)
    found = {}
    async with memory.reading() as uow:
        connection = await uow.connection()
        for table in METADATA.sorted_tables:
            found[table.name] = sorted(digest_of(dict(row._mapping)) for row in await connection.execute(select(table)))
    await memory.close()
    return found


def hash_of(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


async def names_in(url: str) -> list[str]:
    memory = open_memory(url)
    async with memory.reading() as uow:
        named = await (await uow.connection()).execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        names = [name for (name,) in named]
    await memory.close()
    return names


async def test_every_row_of_every_table_arrives_as_it_was(source: Path, new_database: NewDatabase) -> None:
    target, told = new_database(), list[tuple[str, int, int]]()
    before = hash_of(source)

    copied = await copy_database(sqlite_url(source), target, lambda *step: told.append(step))

    assert await everything(target) == await everything(sqlite_url(source))
    assert copied.tables["arrival"] == LETTERS + 1
    assert copied.rows == sum(copied.tables.values()) == told[-1][1] == told[-1][2]
    assert copied.revision == HEAD
    assert hash_of(source) == before


async def test_what_is_numbered_next_comes_after_what_was_copied(source: Path, new_database: NewDatabase) -> None:
    target = new_database()
    await copy_database(sqlite_url(source), target)
    memory = open_memory(target)

    await put(memory, rows.message("receipt:3"), rows.task("another", case_reference="CSF-0001"), rows.party(), rows.event())

    async with memory.reading() as uow:
        table = table_of(OutboxRow)
        numbers = (await (await uow.connection()).execute(select(table.c.id).order_by(table.c.id))).scalars().all()
    assert numbers == [1, 2, 3]
    await memory.close()


async def test_the_service_goes_on_with_what_waited(source: Path, new_database: NewDatabase) -> None:
    target = new_database()
    await copy_database(sqlite_url(source), target)
    memory = open_memory(target)

    async with memory.unit_of_work(alone=False) as uow:
        claimed = await outbox.claim(uow, NOW, 10, [Channel.EMAIL, Channel.TELEGRAM])

    assert [row.key for row in claimed] == ["receipt:1", "receipt:2"]
    assert claimed[0].facts == {"words": ODD, "none": None, "deep": [1, 2.5, {"yes": True}]}
    await memory.close()


async def test_a_target_that_heard_migrate_made_ready_will_do(source: Path, database_url: str) -> None:
    await copy_database(sqlite_url(source), database_url)

    assert await everything(database_url) == await everything(sqlite_url(source))


async def test_a_target_with_a_single_row_is_refused_and_left_as_it_was(source: Path, database_url: str, memory: Memory) -> None:
    await put(memory, rows.task("ours", case_reference=None))
    before = await everything(database_url)

    with pytest.raises(CopyRefused, match="there are rows in its table task"):
        await copy_database(sqlite_url(source), database_url)

    assert await everything(database_url) == before


async def test_a_second_copy_is_refused(source: Path, new_database: NewDatabase) -> None:
    target = new_database()
    await copy_database(sqlite_url(source), target)

    with pytest.raises(CopyRefused, match="not empty"):
        await copy_database(sqlite_url(source), target)


async def test_a_target_of_another_revision_is_refused(source: Path, new_database: NewDatabase) -> None:
    target = new_database()
    await migrate(target, "0001", now=NOW)

    with pytest.raises(CopyRefused, match="revision 0001"):
        await copy_database(sqlite_url(source), target)


async def test_tables_of_something_else_are_left_alone(source: Path, new_database: NewDatabase) -> None:
    target = new_database()
    memory = open_memory(target)
    async with memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("CREATE TABLE theirs (id integer)"))
    await memory.close()

    with pytest.raises(CopyRefused, match="not heard's"):
        await copy_database(sqlite_url(source), target)

    assert await names_in(target) == ["theirs"]


async def test_a_source_of_an_older_version_is_refused(source: Path, new_database: NewDatabase) -> None:
    target = new_database()
    await migrate(sqlite_url(source), "0001", now=NOW)

    with pytest.raises(SchemaTrouble, match="heard migrate"):
        await copy_database(sqlite_url(source), target)

    assert await names_in(target) == []


async def test_a_failure_half_way_leaves_the_target_empty(source: Path, new_database: NewDatabase) -> None:
    """SQLite takes a text that is longer than its column; PostgreSQL does not."""
    target = new_database()
    with closing(sqlite3.connect(source)) as memory, memory:
        memory.execute("UPDATE task SET detail = ?", ("x" * 5000,))

    with pytest.raises(CopyRefused, match="A row of the table task does not fit"):
        await copy_database(sqlite_url(source), target)

    assert await names_in(target) == []


async def test_a_row_that_arrives_changed_is_noticed_and_nothing_is_kept(
    source: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = new_database()
    wanted = table_of(OutboxRow)

    async def changes_one(connection: object, table: object) -> None:
        if table is wanted:
            # Allowed below: what is here has it, whatever its type says
            await connection.execute(wanted.update().where(wanted.c.id == 2).values(tries=1))  # type: ignore[attr-defined]

    monkeypatch.setattr(copying, "_set_sequence", changes_one)

    with pytest.raises(CopyRefused, match="outbox did not arrive as it was"):
        await copy_database(sqlite_url(source), target)

    assert await names_in(target) == []


async def test_while_somebody_writes_into_the_source_nothing_is_copied(
    source: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.unit_of_work.BUSY_MILLISECONDS", 50)
    target = new_database()
    with closing(sqlite3.connect(source)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SchemaBusy):
            await copy_database(sqlite_url(source), target)

    assert await names_in(target) == []


async def test_nobody_writes_into_the_source_meanwhile(source: Path, new_database: NewDatabase) -> None:
    refused = []

    def look(*_: object) -> None:
        with closing(sqlite3.connect(source, timeout=0)) as other, pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        refused.append(True)

    await copy_database(sqlite_url(source), new_database(), look)

    assert refused


@pytest.mark.parametrize("turned", [True, False])
async def test_only_sqlite_is_copied_and_only_to_postgresql(source: Path, new_database: NewDatabase, turned: bool) -> None:
    urls = (new_database(), sqlite_url(source)) if turned else (sqlite_url(source), sqlite_url(source.with_name("new.db")))

    with pytest.raises(CopyRefused, match="Nothing was copied"):
        await copy_database(*urls)


async def test_the_source_of_these_tests_has_a_row_for_every_kind_of_column(source: Path, backend: str) -> None:
    memory = open_memory(sqlite_url(source))
    async with memory.reading() as uow:
        connection = await uow.connection()
        kinds = set()
        for table in METADATA.sorted_tables:
            if (await connection.execute(select(func.count()).select_from(table))).scalar_one():
                kinds |= {type(column.type) for column in table.columns}
    await memory.close()

    assert kinds == {type(column.type) for table in METADATA.sorted_tables for column in table.columns}
