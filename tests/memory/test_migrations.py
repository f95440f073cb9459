"""Migrations: both ways on both databases, never over what they do not know, and what they lead to is what the tables say."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Text, inspect, text

from storage import unit_of_work
from storage.filing import Filing, write
from storage.migrating import (
    HEAD,
    REVISIONS,
    Migrated,
    SchemaBusy,
    SchemaState,
    SchemaTrouble,
    alembic_config,
    check_references,
    ensure_current,
    migrate,
    migration_unit,
    require_current,
    state_of,
)
from storage.tables import METADATA, CaseRow
from storage.unit_of_work import Memory, open_memory
from tests.memory import rows
from tests.memory.rows import state
from tests.memory_fixtures import NewDatabase, sqlite_url

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


async def tables(url: str) -> set[str]:
    memory = open_memory(url)
    async with memory.reading() as uow:
        names = await (await uow.connection()).run_sync(lambda sync: inspect(sync).get_table_names())
    await memory.close()
    return set(names) - {"alembic_version"}


async def pretend_revision(url: str, revision: str) -> None:
    memory = open_memory(url)
    async with memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    await memory.close()


def _in_words(index: Any) -> dict[str, Any]:
    """An index with the condition of a partial one as text."""
    return {**index, "dialect_options": {name: str(option) for name, option in index.get("dialect_options", {}).items()}}


def describe(connection: Connection) -> dict[str, Any]:
    """Everything that a schema says, in an order of its own."""
    found = inspect(connection)
    description: dict[str, Any] = {}
    for name in sorted(set(found.get_table_names()) - {"alembic_version"}):
        columns = [
            (c["name"], str(c["type"]), c["nullable"], c["default"], c.get("autoincrement")) for c in found.get_columns(name)
        ]
        description[name] = {
            "columns": sorted(columns),
            "key": found.get_pk_constraint(name),
            "references": sorted(found.get_foreign_keys(name), key=str),
            "unique": sorted(found.get_unique_constraints(name), key=str),
            "indexes": sorted((_in_words(index) for index in found.get_indexes(name)), key=str),
            "checks": sorted(found.get_check_constraints(name), key=str),
        }
    return description


async def test_migrations_run_up_and_down_and_up_again(new_database: NewDatabase) -> None:
    url = new_database()

    assert await migrate(url, now=NOW) == Migrated(None, HEAD)
    assert await tables(url) == set(METADATA.tables)
    assert (await migrate(url, "base", now=NOW)).after is None
    assert await tables(url) == set()
    assert await state(url) is SchemaState.MISSING
    assert await migrate(url, now=NOW) == Migrated(None, HEAD)
    assert await tables(url) == set(METADATA.tables)


async def test_a_second_migration_has_nothing_to_do(new_database: NewDatabase) -> None:
    url, lines = new_database(), list[str]()
    await migrate(url, now=NOW, progress=lines.append)
    assert lines[0] == "Applied revision 0001: First tables."

    assert await migrate(url, now=NOW, progress=lines.append) == Migrated(HEAD, HEAD)

    assert len(lines) == len(REVISIONS)


async def test_alembic_sees_no_difference_between_the_migrated_schema_and_the_tables(memory: Memory) -> None:
    async with memory.reading() as uow:
        connection = await uow.connection()
        differences = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), METADATA))

    assert differences == []


async def test_the_migrated_schema_is_the_tables_down_to_every_check_and_index(memory: Memory, new_database: NewDatabase) -> None:
    """Alembic compares checks by name only: a word added to an enum would pass it."""
    made = open_memory(new_database())
    async with made.unit_of_work() as uow:
        connection = await uow.connection()
        await connection.run_sync(METADATA.create_all)
        wanted = await connection.run_sync(describe)
    await made.close()

    async with memory.reading() as uow:
        migrated = await (await uow.connection()).run_sync(describe)

    assert migrated.keys() == wanted.keys()
    for name, table in wanted.items():
        assert migrated[name] == table, name
    assert migrated["cases"]["checks"], "the words of a case are not checked"


def test_the_revisions_named_in_the_code_are_the_ones_that_ship() -> None:
    # Allowed below: another kind of thing than it takes, or a test knows it better
    script = ScriptDirectory.from_config(alembic_config(None))  # type: ignore[arg-type]

    assert script.get_heads() == [HEAD]
    assert tuple(revision.revision for revision in reversed(list(script.walk_revisions()))) == REVISIONS


def test_looking_at_the_schema_does_not_import_alembic(tmp_path: Path) -> None:
    code = """
import asyncio, sys
from storage.migrating import ensure_current, schema_state
from storage.unit_of_work import open_memory
state = asyncio.run(schema_state(open_memory(sys.argv[1])))
print(state.value, "alembic" in sys.modules)
"""
    command = [sys.executable, "-W", "error", "-c", code, sqlite_url(tmp_path / "none.db")]

    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "missing False\n"


def test_a_revision_is_older_current_or_newer() -> None:
    known = ("0001", "0002")

    assert state_of(None, known) is SchemaState.MISSING
    assert state_of("0001", known) is SchemaState.OLDER
    assert state_of("0002", known) is SchemaState.CURRENT
    assert state_of("0003", known) is SchemaState.NEWER


@pytest.mark.parametrize(
    ("found", "mends"), [("missing", "heard migrate"), ("older", "heard migrate"), ("newer", "newer version")]
)
def test_a_refusal_names_what_mends_it(found: str, mends: str) -> None:
    with pytest.raises(SchemaTrouble, match=mends):
        require_current(SchemaState(found))


async def test_a_migrated_database_is_current(database_url: str) -> None:
    assert await state(database_url) is SchemaState.CURRENT
    assert await ensure_current(database_url) is False


async def test_a_newer_schema_is_refused_and_left_alone(database_url: str) -> None:
    await pretend_revision(database_url, "9999")

    assert await state(database_url) is SchemaState.NEWER
    for use in (ensure_current(database_url), migrate(database_url, now=NOW), migrate(database_url, "base", now=NOW)):
        with pytest.raises(SchemaTrouble, match="newer version"):
            await use
    assert await tables(database_url) == set(METADATA.tables)
    assert await state(database_url) is SchemaState.NEWER


async def test_an_unknown_revision_is_no_target(database_url: str) -> None:
    with pytest.raises(SchemaTrouble, match="There is no revision 0815"):
        await migrate(database_url, "0815", now=NOW)


async def test_tables_of_something_else_are_left_alone(new_database: NewDatabase) -> None:
    url = new_database()
    stranger = open_memory(url)
    async with stranger.unit_of_work() as uow:
        await (await uow.connection()).execute(text("CREATE TABLE cases (wine TEXT)"))
    await stranger.close()

    with pytest.raises(SchemaTrouble, match="not heard's"):
        await migrate(url, now=NOW)
    assert await tables(url) == {"cases"}


async def test_going_down_with_rows_in_every_corner_does_not_fail(database_url: str) -> None:
    memory = open_memory(database_url)
    await rows.put(
        memory,
        rows.case(),
        rows.arrival("a", case_reference="CSF-0001"),
        rows.letter("a"),
        rows.party(),
        rows.event(),
        rows.message("receipt:1", case_reference="CSF-0001"),
        rows.task("t", case_reference="CSF-0001"),
        rows.reminder(),
    )
    await memory.close()

    assert (await migrate(database_url, "base", now=NOW)).before == HEAD

    assert await tables(database_url) == set()


async def test_a_case_to_learn_on_is_not_made_a_real_one_by_going_down(database_url: str) -> None:
    """Before revision 0013 nothing tells it from a complaint."""
    memory = open_memory(database_url)
    made_up = rows.case()
    made_up.is_training = True
    await rows.put(memory, made_up)
    await memory.close()

    with pytest.raises(SchemaTrouble, match=r"Cases to learn on: 1\..*Nothing was changed"):
        await migrate(database_url, "0012", now=NOW)
    assert await state(database_url) is SchemaState.CURRENT

    assert (await migrate(database_url, "0013", now=NOW)).after == "0013"


async def test_a_migration_that_fails_leaves_nothing_behind(new_database: NewDatabase) -> None:
    url = new_database()

    def fail(_line: str) -> None:
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await migrate(url, now=NOW, progress=fail)

    assert await tables(url) == set()
    assert await state(url) is SchemaState.MISSING


async def test_of_two_migrations_at_once_one_waits_and_finds_it_done(new_database: NewDatabase) -> None:
    url = new_database()

    done = await asyncio.gather(migrate(url, now=NOW), migrate(url, now=NOW))

    assert sorted(done, key=str) == [Migrated(HEAD, HEAD), Migrated(None, HEAD)]


async def test_a_migration_gives_up_on_a_writer_that_does_not_end(
    memory: Memory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "BUSY_MILLISECONDS", 50)

    async with memory.unit_of_work() as uow:
        await uow.get(CaseRow, "CSF-0001")
        with pytest.raises(SchemaBusy, match="Nothing was changed"):
            await migrate(database_url, "base", now=NOW)


async def test_a_table_built_anew_keeps_the_rows_that_point_at_it(database_url: str) -> None:
    """SQLite changes a table by making another and dropping the first: with foreign keys on that fails."""
    memory = open_memory(database_url)
    await rows.put(memory, rows.case(), rows.event())
    await memory.close()

    def add_a_column(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("cases", recreate="auto") as table:
            table.alter_column("team", existing_type=Text(), nullable=True)
            table.add_column(Column("nickname", Text()))

    async with migration_unit(database_url) as uow:
        await (await uow.connection()).run_sync(add_a_column)
        await check_references(uow)

    memory = open_memory(database_url)
    async with memory.reading() as uow:
        assert (await (await uow.connection()).execute(text("SELECT case_reference FROM event"))).scalars().all() == ["CSF-0001"]
        assert await uow.get(CaseRow, "CSF-0001") is not None
    await memory.close()


async def test_a_migration_that_would_leave_a_row_pointing_at_nothing_is_refused(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "heard.db")
    await ensure_current(url)
    memory = open_memory(url)
    await rows.put(memory, rows.case(), rows.event())
    await memory.close()

    with pytest.raises(SchemaTrouble, match="point at nothing, in: event"):
        async with migration_unit(url) as uow:
            await (await uow.connection()).execute(text("DELETE FROM cases"))
            await check_references(uow)


async def test_a_unit_that_writes_finds_the_memory_again_after_a_migration(memory: Memory, database_url: str) -> None:
    """Connections stay open across a migration, with statements that were prepared before it."""
    await rows.put(memory, rows.case("CSF-0001"))
    await migrate(database_url, "base", now=NOW)
    await migrate(database_url, now=NOW)

    filing = Filing()
    filing.add(rows.case("CSF-0002"))
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])

    async with memory.reading() as uow:
        assert await uow.get(CaseRow, "CSF-0002") is not None
