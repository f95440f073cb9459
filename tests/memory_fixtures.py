"""The memory for tests, on SQLite and on PostgreSQL: `memory`, `database_url`, `new_database`.

Every test that asks for one of them runs on both; on PostgreSQL it is skipped where none is installed.
"""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.migrating import migrate
from storage.unit_of_work import Memory, open_memory
from tests.servers.postgres import Postgres

NewDatabase = Callable[[], str]
"""Makes an empty database, without tables, and gives its URL."""

TEMPLATE = f"heard_{os.getpid()}"


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
        made.append(postgres.create())
        return postgres.url(made[-1])

    yield new
    for name in made:
        postgres.drop(name)


@pytest.fixture
def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with this version's tables and no rows."""
    if backend == "sqlite":
        file = tmp_path / "heard.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield sqlite_url(file)
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.create(template=request.getfixturevalue("migrated_postgres"))
    yield postgres.url(name)
    postgres.drop(name)


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
    name = postgres.create(name=TEMPLATE)
    _migrate(postgres.url(name))
    return name


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _migrate(url: str) -> None:
    """In a thread of its own, so that no test's event loop is touched."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate(url, now=datetime.now(UTC))).result()
