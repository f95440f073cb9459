"""One way to write and one way to read.

`unit_of_work` commits on a clean exit and rolls back on any exception. On SQLite it says BEGIN IMMEDIATE and there is one
writer: with the library's own deferred transactions 20 tasks that read and then add leave a counter at 1 of 20, without
an error. `reading` says BEGIN DEFERRED: in WAL mode a report reads on while a writer writes.

On PostgreSQL the same holds by other means: a unit takes the writers' advisory lock before it reads, since what two units
read and then write would be lost there too (20 at once ended between 3 and 6), and a reading is REPEATABLE READ.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.one_turn import driver

BUSY_MILLISECONDS = 15_000
"""How long the command line waits for the running service's writer, and the other way round."""

WAL_TRIES = 20
IDLE_MILLISECONDS = 20_000
"""After how long PostgreSQL ends a unit that does nothing: a process that froze must not hold the others up for longer."""

WRITERS_LOCK = int.from_bytes(b"heard", "big")
"""PostgreSQL's advisory lock that a unit of work holds until it ends."""

_BEGIN_BESIDE_OTHERS = text(
    "SELECT set_config('lock_timeout', :wait, true), set_config('idle_in_transaction_session_timeout', :idle, true)"
)
_BEGIN_ALONE = text(f"{_BEGIN_BESIDE_OTHERS.text}, pg_advisory_xact_lock(:lock)")

_SMALL = {"is_small": True}

UnitOfWork = AsyncSession
"""What a function that reads or writes the memory is given. It is already begun, and somebody else ends it."""


@dataclass(frozen=True)
class Memory:
    """An open database: one engine that writes, one that reads."""

    url: str
    writer: AsyncEngine
    reader: AsyncEngine
    person: str | None = None
    """On whose behalf it is read and written: a person's address, empty for somebody unnamed; None is the service itself."""

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    @asynccontextmanager
    async def unit_of_work(self, *, alone: bool = True, is_small: bool = False) -> AsyncIterator[UnitOfWork]:
        """Everything done inside commits together on a clean exit, or not at all.

        Nobody else writes meanwhile. `alone=False` lets PostgreSQL run it beside other units: only for work that locks
        the rows it reads (`outbox.claim`) or writes without having read (`outbox.settle_…`). `is_small`: it has a few short
        statements, each by a key or an index; SQLite then does them on the spot (`storage/one_turn.py`).
        """
        async with self._session(self.writer) as session, session.begin():
            if not self.is_sqlite:
                await _begin(session, alone)
            elif is_small:
                await session.connection(execution_options=_SMALL)
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """One consistent view to read from; what is changed inside is thrown away. The rows can be read afterwards too."""
        # Closed, not rolled back: a rollback would empty the rows that were read.
        async with self._session(self.reader) as session:
            yield session

    def _session(self, engine: AsyncEngine) -> AsyncSession:
        return AsyncSession(engine, expire_on_commit=False, autoflush=False, info={"person": self.person})

    async def close(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()


class LeadLost(Exception):
    """Another process leads by now. What this one held in its hands is not stored; the other has it, too."""


PASSING = ("08", "53", "55", "57")
"""Classes of SQLSTATE that say that the database is away, full, locked or being shut down (PostgreSQL, appendix A)."""


def is_the_databases_trouble(error: BaseException) -> bool:
    """Whether the database is the trouble and not what was written: then nothing is shelved, and it is tried again later.

    So it is when another process has taken the lead meanwhile.

    asyncpg's errors arrive as a plain DBAPIError; only their SQLSTATE tells a lock that was waited for too long from a bad row.
    """
    if isinstance(error, OperationalError | InterfaceError | NoConnectionFree | OSError | LeadLost):
        return True
    state = str(getattr(getattr(error, "orig", None), "sqlstate", "") or "")
    return isinstance(error, DBAPIError) and state.startswith(PASSING)


def open_memory(url: str) -> Memory:
    """Open a database by its URL (`sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`). Nothing is created."""
    if make_url(url).get_backend_name() == "sqlite":
        return Memory(url, _sqlite(url, begin="BEGIN IMMEDIATE", pool_size=1), _sqlite(url, begin="BEGIN DEFERRED", pool_size=4))
    # Two pools, so that units that wait for each other do not keep a reading waiting with them.
    writer = create_async_engine(url, pool_size=8, max_overflow=0, pool_pre_ping=True)
    reader = create_async_engine(url, pool_size=4, max_overflow=0, pool_pre_ping=True, isolation_level="REPEATABLE READ")
    return Memory(url, writer, reader)


async def _begin(session: AsyncSession, alone: bool) -> None:
    connection = await session.connection()
    limits: dict[str, Any] = {"wait": str(BUSY_MILLISECONDS), "idle": str(IDLE_MILLISECONDS)}
    if alone:
        await connection.execute(_BEGIN_ALONE, limits | {"lock": WRITERS_LOCK})
    else:
        await connection.execute(_BEGIN_BESIDE_OTHERS, limits)


def _keep_a_log_of_writes(cursor: Any) -> None:
    """Switch to WAL, once for a file. SQLite does not wait for who else opens a new file just then: it says locked at once."""
    for _ in range(WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            # To begin does wait; then the other has switched, or is done.
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _sqlite(url: str, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, module=driver(), pool_size=pool_size, max_overflow=0, pool_timeout=60)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin by itself: it would say a plain BEGIN, and only before a write.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        _keep_a_log_of_writes(cursor)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_as_told(connection: Any) -> None:
        driver = connection.connection.dbapi_connection
        driver.has_ended = False
        is_small = connection.get_execution_options().get("is_small", False)
        if not is_small or not driver.begun_at_once(begin):
            connection.exec_driver_sql(begin)
        driver.is_asked_here = is_small

    return engine
