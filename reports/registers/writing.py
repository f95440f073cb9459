"""Rows of a register on their way into a table: made ready while nobody waits for the writer, then written many at a time."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from sqlalchemy import Table, insert

from storage.copying_in import copy_in
from storage.unit_of_work import Memory, UnitOfWork

AT_ONCE = 5_000
"""Rows a statement."""


class Ready:
    """Rows of a table as the driver of the memory takes them.

    The library makes them one by one inside the unit, which takes three times as long as SQLite's writing; and it has PostgreSQL
    do one INSERT a row, which costs its server six times what a COPY does.
    """

    def __init__(self, table: Table, rows: list[dict[str, Any]], memory: Memory) -> None:
        self.table, self._is_sqlite = table, memory.is_sqlite
        self._words, self._names = "", tuple[str, ...]()
        self.rows: list[tuple[Any, ...]] = []
        if not rows:
            return
        dialect = memory.writer.dialect
        compiled = insert(table).compile(dialect=dialect, column_keys=list(rows[0]))
        self._words, self._names = str(compiled), tuple(getattr(compiled, "positiontup", ()))
        makers = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._names]
        columns = list(zip(self._names, makers, strict=True))
        # what a row leaves out has its plain default, as the library would fill it in
        plain = {name: getattr(table.c[name].default, "arg", None) for name in self._names if name not in rows[0]}
        full = ({**plain, **row} for row in rows) if plain else rows
        self.rows = [tuple(make(row[name]) if make else row[name] for name, make in columns) for row in full]

    async def write(self, uow: UnitOfWork) -> AsyncIterator[int]:
        """Write them; tells how many more are written after each statement."""
        connection = await uow.connection()
        for some in _groups(self.rows):
            if self._is_sqlite:
                await connection.exec_driver_sql(self._words, some)
            else:
                await copy_in(uow, self.table, self._names, some)
            yield len(some)


def _groups(rows: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    yield from (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
