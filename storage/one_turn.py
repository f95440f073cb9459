"""SQLite's driver asked once a statement.

aiosqlite keeps a thread for a connection, and SQLAlchemy asks it four times a statement: open a cursor, execute, fetch, close.
Each asking wakes a thread and comes back through the event loop, which costs more than most statements here. So all four are one.
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
        async with self._adapt_connection._execute_mutex:
            driver: Any = self._connection
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
    __slots__ = ()
    _cursor_cls = _Cursor


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *given: Any, **named: Any) -> AsyncAdapt_aiosqlite_connection:
        """A connection whose cursors are asked once a statement."""
        connection = self.aiosqlite.connect(*given, **named)
        connection._thread.daemon = True
        return _Connection(self, await_(connection))


def driver() -> ModuleType:
    """What `create_async_engine` takes for `module`."""
    return _Driver(aiosqlite, sqlite3)  # type: ignore[return-value]  # an object with a module's names, as the library's own
