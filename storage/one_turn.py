"""SQLite's driver asked once a statement, and in a small unit of work not even that.

aiosqlite keeps a thread for a connection, and SQLAlchemy asks it four times a statement: open a cursor, execute, fetch, close.
Each asking wakes a thread and comes back through the event loop, which costs more than most statements here. So all four are one.

The statements of a small unit take less time than a thread needs to be woken: they are done on the spot, in the event loop's own
thread. What may take long goes to the driver's thread there too: a BEGIN that has to wait for another writer, and the COMMIT,
which waits for the disk.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A statement and all its rows. It is closed as soon as it was fetched: nothing of it is left at the driver."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: Any) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor: Any = None
        self._rows: deque[Any] = deque()
        self._soft_closed_memoized: Any = {}

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        return await self._ask(_execute, operation, parameters or ())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        return await self._ask(_execute_many, operation, seq_of_parameters)

    async def _ask(self, what: Any, operation: Any, parameters: Any) -> Any:
        here: Any = self._adapt_connection
        async with here._execute_mutex:
            driver: Any = self._connection
            if here.is_asked_here:
                self._cursor, rows = what(driver._conn, operation, parameters)
            else:
                self._cursor, rows = await driver._execute(what, driver._conn, operation, parameters)
            self._rows = deque(rows)
            return self

    @property
    def description(self) -> Any:
        return self._cursor.description if self._cursor else None

    def close(self) -> None:
        """Forget the rows."""
        self._rows.clear()


def _execute(connection: sqlite3.Connection, operation: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Any]]:
    cursor = connection.execute(operation, parameters)
    return cursor, cursor.fetchall() if cursor.description else []


def _execute_many(
    connection: sqlite3.Connection, operation: str, parameters: Sequence[Sequence[Any]]
) -> tuple[sqlite3.Cursor, list[Any]]:
    return connection.executemany(operation, parameters), []


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("has_ended", "is_asked_here")
    _cursor_cls = _Cursor

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.is_asked_here = False
        """Whether the statements of the unit in hand are done here: its transaction is begun, and neither ends nor waits."""
        self.has_ended = False
        """Whether the last transaction was committed, and none was begun or tried to begin since."""

    def begun_at_once(self, statement: str) -> bool:
        """Begin on the spot, without waiting; False when another writer is at work."""
        driver = self._connection._conn
        [[patience]] = driver.execute("PRAGMA busy_timeout")
        driver.execute("PRAGMA busy_timeout=0")
        try:
            driver.execute(statement)
        except sqlite3.OperationalError:
            return False
        finally:
            driver.execute(f"PRAGMA busy_timeout={patience}")
        return True

    def commit(self) -> None:
        """Commit in the driver's thread."""
        self.is_asked_here = False
        super().commit()
        self.has_ended = True

    def rollback(self) -> None:
        """Roll back, in the driver's thread too. A connection that is handed back after its commit has nothing to ask."""
        self.is_asked_here = False
        if not self.has_ended:
            super().rollback()


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *given: Any, **named: Any) -> AsyncAdapt_aiosqlite_connection:
        """A connection whose cursors are asked once a statement."""
        # From two threads, but never at once: what is asked here is asked while the driver's thread has nothing to do.
        connection = self.aiosqlite.connect(*given, **named | {"check_same_thread": False})
        connection._thread.daemon = True
        return _Connection(self, await_(connection))


def driver() -> ModuleType:
    """What `create_async_engine` takes for `module`."""
    return _Driver(aiosqlite, sqlite3)  # type: ignore[return-value]  # an object with a module's names, as the library's own
