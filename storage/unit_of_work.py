"""One way to write and one way to read.

`unit_of_work` commits on a clean exit and rolls back on any exception. On SQLite it says BEGIN IMMEDIATE and there is one
writer: with the library's own deferred transactions 20 tasks that read and then add leave a counter at 1 of 20, without
an error. `reading` says BEGIN DEFERRED: in WAL mode a report reads on while a writer writes.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

BUSY_MILLISECONDS = 15_000
"""How long the command line waits for the running service's writer, and the other way round."""

UnitOfWork = AsyncSession
"""What a function that reads or writes the memory is given. It is already begun, and somebody else ends it."""


@dataclass(frozen=True)
class Memory:
    """An open database: one engine that writes, one that reads (the same on PostgreSQL)."""

    url: str
    writer: AsyncEngine
    reader: AsyncEngine

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """Everything done inside commits together on a clean exit, or not at all."""
        async with AsyncSession(self.writer, expire_on_commit=False, autoflush=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """One consistent view to read from; what is changed inside is thrown away."""
        async with AsyncSession(self.reader, expire_on_commit=False, autoflush=False) as session:
            try:
                yield session
            finally:
                await session.rollback()

    async def close(self) -> None:
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def open_memory(url: str) -> Memory:
    """Open a database by its URL (`sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`). Nothing is created."""
    if make_url(url).get_backend_name() == "sqlite":
        return Memory(url, _sqlite(url, begin="BEGIN IMMEDIATE", pool_size=1), _sqlite(url, begin="BEGIN DEFERRED", pool_size=4))
    engine = create_async_engine(url, pool_size=8, max_overflow=0, pool_pre_ping=True)
    return Memory(url, engine, engine)


def _sqlite(url: str, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=60)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin by itself: it would say a plain BEGIN, and only before a write.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_as_told(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
