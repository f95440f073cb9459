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
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from storage.migrating import migrate
from storage.unit_of_work import Memory, open_memory
from tests.servers.postgres import Postgres

NewDatabase = Callable[[], str]
"""Makes an empty database, without tables, and gives its URL."""

_numbers = itertools.count(1)


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
    postgres: Postgres = request.getfixturevalue("postgres")
    name = _create(postgres, request.getfixturevalue("migrated_postgres"))
    yield postgres.url(name)
    _drop(postgres, name)


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
    connection = await asyncpg.connect(postgres.url("postgres").replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


def _apart(work: Coroutine[Any, Any, object]) -> None:
    """Do it in a thread of its own, so that no test's event loop is touched."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
