"""Many rows into PostgreSQL at once, by COPY, inside the unit of work that asks for it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from storage.unit_of_work import UnitOfWork


async def copy_in(uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of a table, each with its values in the order of `columns`, as the driver takes them.

    The server checks them as it checks any other row: an error is a DBAPIError with its SQLSTATE, and ends the unit. The
    unit must have begun, as every unit has: the library's begin is sent with the first statement, and a COPY is not one of its.
    """
    import asyncpg  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types, and SQLite does without it

    raw = await (await uow.connection()).get_raw_connection()
    client: Any = raw.driver_connection
    try:
        await client.copy_records_to_table(table.name, columns=columns, records=rows)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DBAPIError(f"COPY {table.name}", None, error) from error
