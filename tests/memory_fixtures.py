"""The memory for tests, on SQLite and on PostgreSQL: `memory`, `database_url`, `new_database`.

Every test that asks for one of them runs on both; on PostgreSQL it is skipped where none is installed.
"""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]  # the library has no types
import pytest

from storage.migrating import migrate
from storage.unit_of_work import Memory, open_memory
from tests.servers.postgres import Postgres

T = TypeVar("T")
NewDatabase = Callable[[], str]
"""Makes an empty database, without tables, and gives its URL."""

_numbers = itertools.count(1)

SHAPE = """
SELECT md5(string_agg(one, ',' ORDER BY one)) FROM (
    SELECT concat_ws(' ', 'schema', oid, nspname) FROM pg_namespace WHERE nspname !~ 'temp'
    UNION ALL SELECT concat_ws(' ', 'relation', oid, relname, relkind, relnamespace, array_to_string(reloptions, ','))
        FROM pg_class WHERE oid >= 16384 AND relkind <> 't' AND relpersistence <> 't'
    UNION ALL SELECT concat_ws(' ', 'column', attrelid, attname, atttypid, atttypmod, attnotnull, attisdropped)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attrelid >= 16384 AND attnum > 0 AND relkind = 'r' AND relpersistence <> 't'
    UNION ALL SELECT concat_ws(' ', 'rule', oid, conname, conrelid) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'code', oid, proname) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgname, tgenabled) FROM pg_trigger WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'setting', setrole, array_to_string(setconfig, ',')) FROM pg_db_role_setting
    UNION ALL SELECT concat_ws(' ', 'revision', version_num) FROM alembic_version
) AS everything(one)
"""
"""What a test may not leave otherwise than it found it, in one word."""
EMPTY = """
DO $$
DECLARE one record; has_rows boolean;
BEGIN
    SET LOCAL session_replication_role = replica;  -- in whatever order, whatever points at whatever
    FOR one IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one.name) INTO has_rows;
        IF has_rows THEN EXECUTE format('DELETE FROM %s', one.name); END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


class Shelf:
    """Databases with this version's tables and no rows, emptied and used again: a new one costs the server ten times as much.

    One whose tables are not what they were is thrown away.
    """

    def __init__(self, postgres: Postgres, template: str) -> None:
        self.postgres = postgres
        self._template = template
        self._empty: list[str] = []
        self._shapes: dict[str, str] = {}

    def take(self) -> str:
        if self._empty:
            return self._empty.pop()
        name = _create(self.postgres, self._template)
        _apart(self._note(name))
        return name

    def give_back(self, name: str) -> None:
        if _apart(self._is_whole(name)):
            self._empty.append(name)
        else:
            _drop(self.postgres, name)

    async def _note(self, name: str) -> None:
        connection = await _connected(self.postgres, name)
        self._shapes[name] = await connection.fetchval(SHAPE)
        await connection.close()

    async def _is_whole(self, name: str) -> bool:
        """Whether it is as it was taken: nobody is connected any more, no row is left, and its tables are the same."""
        try:
            connection = await _connected(self.postgres, name)
        except asyncpg.PostgresError:  # a test may drop a database, too
            return False
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if await connection.fetchval(SHAPE) != self._shapes[name]:
                return False
            await connection.execute(EMPTY)
            return True
        except asyncpg.UndefinedTableError:
            return False
        finally:
            await connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    """Makes empty databases; they are gone after the test."""
    if backend == "sqlite":
        numbers = itertools.count(1)
        yield lambda: sqlite_url(tmp_path / f"empty{next(numbers)}.db")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    made: list[str] = []

    def new() -> str:
        made.append(_create(postgres, "template0"))
        return postgres.url(made[-1])

    yield new
    for name in made:
        _drop(postgres, name)


@pytest.fixture
def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with this version's tables and no rows."""
    if backend == "sqlite":
        file = tmp_path / "heard.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield sqlite_url(file)
        return
    shelf: Shelf = request.getfixturevalue("shelf")
    name = shelf.take()
    yield shelf.postgres.url(name)
    shelf.give_back(name)


@pytest.fixture
async def memory(database_url: str) -> AsyncIterator[Memory]:
    """An open, empty memory."""
    opened = open_memory(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once for the whole run, and copied for each test."""
    file = tmp_path_factory.mktemp("template") / "heard.db"
    _migrate(sqlite_url(file))
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The same, as the name of a template database."""
    name = _create(postgres, "template0")
    _migrate(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def shelf(postgres: Postgres, migrated_postgres: str) -> Shelf:
    return Shelf(postgres, migrated_postgres)


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _migrate(url: str) -> None:
    _apart(migrate(url, now=datetime.now(UTC)))


def _create(postgres: Postgres, template: str) -> str:
    """A new database; by a statement, since a program for each test takes three times as long."""
    name = f"heard_{os.getpid()}_{next(_numbers)}"
    _apart(_administer(postgres, f"CREATE DATABASE {name} TEMPLATE {template}"))
    return name


def _drop(postgres: Postgres, name: str) -> None:
    _apart(_administer(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _administer(postgres: Postgres, statement: str) -> None:
    connection = await _connected(postgres, "postgres")
    await connection.execute(statement)
    await connection.close()


async def _connected(postgres: Postgres, name: str) -> Any:
    return await asyncpg.connect(postgres.url(name).replace("+asyncpg", ""))


def _apart(work: Coroutine[Any, Any, T]) -> T:
    """Do it in a thread of its own, so that no test's event loop is touched."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
