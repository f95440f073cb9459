"""What any released version wrote, this one takes up: every row, and a case that is followed to its end."""

import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, create_engine, insert, select

from storage.migrating import HEAD, REVISIONS, SchemaState, migrate, schema_state
from storage.unit_of_work import open_memory
from tests.commands.hearing import CHECKED, OFFICER, SETTINGS, Heard
from tests.memory.make_released import RELEASED
from tests.memory_fixtures import NewDatabase, sqlite_url

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


def unpack(revision: str, folder: Path) -> Path:
    file = folder / "heard.db"
    file.write_bytes(gzip.decompress((RELEASED / f"{revision}.db.gz").read_bytes()))
    return file


def counts(file: Path) -> dict[str, int]:
    """How many rows each table of this revision has."""
    with closing(sqlite3.connect(file)) as memory:
        names = [name for (name,) in memory.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: memory.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names if name != "alembic_version"}


def test_a_database_of_every_revision_is_kept() -> None:
    """Missing one? Before a release: python -m tests.memory.make_released"""
    assert sorted(path.name for path in RELEASED.glob("*")) == [f"{revision}.db.gz" for revision in REVISIONS]


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_has_rows_in_every_table_and_says_which_revision_it_is(revision: str, tmp_path: Path) -> None:
    file = unpack(revision, tmp_path)

    assert [name for name, count in counts(file).items() if not count] == []
    with closing(sqlite3.connect(file)) as memory:
        assert memory.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]
    assert file.stat().st_size < 1_000_000


@pytest.mark.parametrize("revision", REVISIONS)
async def test_an_upgrade_keeps_every_row(revision: str, tmp_path: Path) -> None:
    file = unpack(revision, tmp_path)
    before = counts(file)

    await migrate(sqlite_url(file), now=NOW)

    memory = open_memory(sqlite_url(file))
    assert await schema_state(memory) is SchemaState.CURRENT
    await memory.close()
    after = counts(file)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("backend", ["postgresql"])
async def test_an_upgrade_on_a_server_keeps_every_row(revision: str, new_database: NewDatabase, tmp_path: Path) -> None:
    """The same rows, at the same revision, on PostgreSQL."""
    file, url = unpack(revision, tmp_path), new_database()
    await migrate(url, revision, now=NOW)
    before = rows_of(file)
    memory = open_memory(url)
    async with memory.unit_of_work() as uow:
        connection = await uow.connection()
        there = MetaData()
        await connection.run_sync(there.reflect)
        for table, rows in before:
            await connection.execute(insert(there.tables[table.name]), rows)
    await memory.close()

    await migrate(url, now=NOW)

    memory = open_memory(url)
    async with memory.reading() as uow:
        connection = await uow.connection()
        for table, rows in before:
            assert len((await connection.execute(select(table))).all()) == len(rows), table.name
    await memory.close()


def rows_of(file: Path) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Every table of this revision with its rows, each after those that it points at; read as what the columns say."""
    engine = create_engine(f"sqlite:///{file}")
    there = MetaData()
    there.reflect(engine)
    with engine.connect() as connection:
        found = [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in there.sorted_tables
            if table.name != "alembic_version"
        ]
    engine.dispose()
    return [(table, [{name: _utc(value) for name, value in row.items()} for row in rows]) for table, rows in found]


def _utc(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@pytest.mark.parametrize(
    "revision", [pytest.param(one, marks=[pytest.mark.prove] * (one in REVISIONS[1:-2])) for one in REVISIONS]
)
def test_after_an_upgrade_a_case_goes_on_to_its_end(revision: str, tmp_path: Path) -> None:
    """As an operator does it: the new program refuses the old file, migrates it, and the officer works on."""
    file = unpack(revision, tmp_path)
    heard = Heard(tmp_path, settings=dict(SETTINGS))
    if revision != HEAD:
        refused = heard("case", "list")
        assert (refused.code, "heard migrate" in refused.err) == (1, True)

    migrated = heard("migrate")
    mum = _case_of(file, "r.green@family.example")
    assert (migrated.code, migrated.out) == (0, "")

    # Which case has the rows that were put in by hand is chance: this one may have a point, found and put right, already.
    added = heard("case", "issue", "add", mum, "Nobody telephoned.", person=OFFICER)
    assert added.code == 0, added.err
    number = str(heard.show(mum)["issues"][-1]["number"])
    for words in (
        ("issue", "find", mum, number, "upheld", "--why", "no call is on file"),
        ("remedy", mum, number, "apology", "--what", "We are sorry that nobody telephoned."),
        ("respond", mum, "--words", "We were wrong and have telephoned.", *CHECKED),
        ("close", mum, "--why", "answered"),
    ):
        said = heard("case", *words, person=OFFICER)
        assert said.code == 0, said.err
    shown = heard.show(mum)

    assert (shown["state"], shown["kind"]) == ("finished", "complaint")
    assert "response" in [row["notice"] for row in shown["outbox"]]
    # Whoever is in the chat, and every other case, can be shown as well.
    listed = heard("case", "list", "--json", person=OFFICER).json
    every = [json.dumps(heard.show(row["reference"], OFFICER)) for row in listed]
    assert len(every) == 3
    assert heard("quarantine", "list", "--json").json
    assert heard("digest", "--date", "2026-04-06").code == 0
    assert heard("health", "--json").code in (0, 1)


def _case_of(file: Path, address: str) -> str:
    with closing(sqlite3.connect(file)) as memory:
        found: str = memory.execute("SELECT case_reference FROM party WHERE address = ?", (address,)).fetchone()[0]
        return found
