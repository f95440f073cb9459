"""Copies an SQLite memory into an empty PostgreSQL database, and proves that every row arrived.

Everything happens in one unit of work of the target: a failure leaves it empty. The source is held by its writer's lock
meanwhile, so that nothing comes in half-way, and is only read.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.migrating import HEAD, SchemaBusy, SchemaTrouble, bring, migration_unit, require_current, schema_state, sqlite_file
from storage.tables import METADATA
from storage.unit_of_work import UnitOfWork, open_memory

ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 8_000_000
"""A batch ends with the row that passes this: a letter may have fifty million."""
VERSION_TABLE = "alembic_version"

Progress = Callable[[str, int, int], None]
"""Is told the table, how many rows of all are copied, and how many there are."""


class CopyRefused(SchemaTrouble):
    """Nothing was copied, and the target is as it was; the message says why and what to do."""


@dataclass(frozen=True)
class Proof:
    """What a table holds: as many rows, and a digest of all of them in whatever order."""

    rows: int = 0
    digest: int = 0

    def with_row(self, row: dict[str, Any]) -> "Proof":
        return Proof(self.rows + 1, (self.digest + digest_of(row)) % 2**256)


@dataclass(frozen=True)
class Copied:
    """What was copied: rows of each table."""

    tables: dict[str, int]
    revision: str = HEAD

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


async def copy_database(source_url: str, target_url: str, tell: Progress = lambda *_: None) -> Copied:
    """Copy the memory at `source_url` (SQLite) to `target_url` (PostgreSQL), both read back and compared.

    Raises CopyRefused, SchemaTrouble (another schema) or SchemaBusy (somebody writes), and the target stays empty.
    """
    if sqlite_file(source_url) is None:
        raise CopyRefused("The settings name a database that is no SQLite file. Only such a file is copied. Nothing was copied.")
    if sqlite_file(target_url) is not None:
        raise CopyRefused("The target must be PostgreSQL, such as postgresql://heard@HOST/heard. Nothing was copied.")
    source = open_memory(source_url)
    try:
        require_current(await schema_state(source))
        async with source.unit_of_work() as held, migration_unit(target_url) as uow:
            copied = await _copy(await held.connection(), await uow.connection(), tell, uow)
            await held.rollback()
            return copied
    except SchemaBusy:
        raise SchemaBusy(
            "Somebody is writing into the old database, or at work on the new one. Nothing was copied. Try again in a minute."
        ) from None
    finally:
        await source.close()


async def _copy(source: AsyncConnection, target: AsyncConnection, tell: Progress, uow: UnitOfWork) -> Copied:
    await _make_ready(target, uow)
    tables = METADATA.sorted_tables
    total = sum([(await source.execute(select(func.count()).select_from(table))).scalar_one() for table in tables])
    done = 0
    proofs: dict[str, Proof] = {}
    for table in tables:
        proof = Proof()
        async for batch in _batches(source, table):
            try:
                await target.execute(insert(table), batch)
            except DBAPIError as error:
                raise CopyRefused(
                    f"A row of the table {table.name} does not fit into PostgreSQL ({type(error.orig).__name__}). Nothing was "
                    "copied. Please report it: the old file is as it was, and can be used on."
                ) from None
            for row in batch:
                proof = proof.with_row(row)
            done += len(batch)
            tell(table.name, done, total)
        proofs[table.name] = proof
        await _set_sequence(target, table)
    for table in tables:
        await _compare(target, table, proofs[table.name])
    return Copied({name: proof.rows for name, proof in proofs.items()})


async def _make_ready(target: AsyncConnection, uow: UnitOfWork) -> None:
    """An empty database gets the tables; one that has them already must have no rows and this version's schema."""
    names = set(await target.run_sync(lambda sync: inspect(sync).get_table_names()))
    if not names:
        await bring(uow, None, HEAD, lambda _line: None)
        return
    if VERSION_TABLE not in names:
        raise CopyRefused("The target holds tables that are not heard's. Nothing was copied. Name an empty database.")
    revision = (await target.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()
    if revision != HEAD:
        raise CopyRefused(
            f"The target has the tables of revision {revision}, this program's are {HEAD}. Nothing was copied. "
            "Name an empty database."
        )
    for table in METADATA.sorted_tables:
        if (await target.execute(select(select(table).exists()))).scalar_one():
            raise CopyRefused(
                f"The target is not empty: there are rows in its table {table.name}. Nothing was copied. Name an empty database."
            )


async def _batches(connection: AsyncConnection, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
    """Every row of a table, some at a time: neither a hundred thousand rows nor many large letters at once."""
    batch: list[dict[str, Any]] = []
    size = 0
    async with connection.stream(select(table), execution_options={"yield_per": 20}) as rows:
        async for row in rows:
            values = dict(row._mapping)
            batch.append(values)
            size += sum(len(value) for value in values.values() if isinstance(value, str | bytes))
            if len(batch) >= ROWS_AT_ONCE or size >= BYTES_AT_ONCE:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


async def _set_sequence(target: AsyncConnection, table: Table) -> None:
    """The next row that PostgreSQL numbers by itself comes after those that were copied."""
    column = table.autoincrement_column
    if column is None:
        return
    newest = (await target.execute(select(func.max(column)))).scalar_one()
    if newest is not None:
        await target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), newest)))


async def _compare(target: AsyncConnection, table: Table, expected: Proof) -> None:
    found = Proof()
    async for batch in _batches(target, table):
        for row in batch:
            found = found.with_row(row)
    if found != expected:
        raise CopyRefused(
            f"The table {table.name} did not arrive as it was ({found.rows} rows of {expected.rows}, or another content). "
            "Nothing was copied. The old file is as it was; please report this."
        )


def digest_of(row: dict[str, Any]) -> int:
    """A number for a row's values, the same whichever database they were read from."""
    said = json.dumps({name: _plain(value) for name, value in row.items()}, sort_keys=True, ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(said.encode()).digest(), "big")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return ["bytes", hashlib.sha256(value).hexdigest()]
    if isinstance(value, datetime):
        return ["moment", value.astimezone(UTC).isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    if isinstance(value, Enum):
        return value.value
    return value
