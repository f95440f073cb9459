"""PostgreSQL's own programs copy a database and put a copy back. No password stands where others on the machine could read it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, inspect, make_url, select, table, text

from storage.backup.container import BackupTrouble, Manifest
from storage.migrating import HALF_RESTORED, VERSION_TABLE, SchemaBusy
from storage.unit_of_work import BUSY_MILLISECONDS, WRITERS_LOCK, UnitOfWork, open_memory

SCHEMA = "public"
_NOT_KNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
"""A newer pg_restore writes it for any server, and an older server refuses it."""


async def dump(url: str, data: Path) -> Manifest:
    """Copy what stands at one moment, and count it at the same moment."""
    pg_dump = program("pg_dump")
    memory = open_memory(url)
    try:
        async with memory.reading() as uow:
            tables = await tables_of(uow)
            connection = await uow.connection()
            # A reading that says nothing while pg_dump works must not be ended by the server.
            await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            snapshot = (await connection.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
            manifest = await describe(uow, tables)
            command = [pg_dump, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={data}"]
            command += [f"--table={SCHEMA}.{_quoted(name)}" for name in tables]
            await asyncio.to_thread(_run, command, environment(url))
    finally:
        await memory.close()
    return manifest


async def describe(uow: UnitOfWork, tables: list[str]) -> Manifest:
    """Which schema stands there, and how many rows each table has."""
    connection = await uow.connection()
    revision = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    counted = [name for name in tables if name != VERSION_TABLE]
    rows = {name: (await connection.execute(select(func.count()).select_from(table(name)))).scalar_one() for name in counted}
    return Manifest("postgresql", revision, rows)


async def put_back(url: str, data: Path, now: datetime) -> str | None:
    """Move the tables that are there into a schema of their own, and restore a dump, in one transaction.

    In the end the revision says `half-restored`, so that nobody works with it before `restore` has looked at it. Gives the
    name of the schema that holds what was there; None if nothing was. Raises BackupTrouble: then nothing was changed.
    """
    pg_restore, psql = program("pg_restore"), program("psql")
    memory = open_memory(url)
    try:
        async with memory.reading() as uow:
            tables = await tables_of(uow)
            aside = await _free_schema(uow, now) if tables else None
    finally:
        await memory.close()
    await asyncio.to_thread(_pump, pg_restore, psql, data, _before(tables, aside), environment(url))
    return aside


def _before(tables: list[str], aside: str | None) -> str:
    """What goes before the dump, in the same transaction."""
    lines = [_ALONE.format(wait=BUSY_MILLISECONDS, lock=WRITERS_LOCK)]
    if aside:
        lines.append(_ASIDE.format(aside=_quoted(aside)))
        lines += [_MOVE.format(schema=SCHEMA, table=_quoted(name), aside=_quoted(aside)) for name in tables]
    return "\n".join(lines) + "\n"


# For psql, which takes no parameters where a name stands; the names are quoted.
_ALONE = "SET lock_timeout = {wait};\nSELECT pg_advisory_xact_lock({lock});"
_ASIDE = "CREATE SCHEMA {aside};"
_MOVE = "ALTER TABLE {schema}.{table} SET SCHEMA {aside};"
# Allowed below: braces of SQL would be doubled in it
_AFTER = "\nUPDATE {}.{} SET version_num = '{}';\n".format(SCHEMA, VERSION_TABLE, HALF_RESTORED)  # noqa: UP032


def _pump(pg_restore: str, psql: str, data: Path, before: str, surroundings: Mapping[str, str]) -> None:
    """Have pg_restore write the statements, and psql do them."""
    alone = [psql, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"]
    write = [pg_restore, "--no-owner", "--no-privileges", "--file=-", str(data)]
    with (
        # Allowed below: words of ours, and no shell
        subprocess.Popen(write, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings) as writer,  # noqa: S603
        # Allowed below: words of ours, and no shell
        subprocess.Popen(alone, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings) as doer,  # noqa: S603
    ):
        assert writer.stdout is not None and doer.stdin is not None
        assert writer.stderr is not None and doer.stderr is not None
        try:
            doer.stdin.write(before.encode())
            head = writer.stdout.read(4096)
            doer.stdin.write(head.replace(_NOT_KNOWN_BEFORE_17, b""))
            shutil.copyfileobj(writer.stdout, doer.stdin)
            # A dump that could not be read to its end must not be committed: this ends a COPY and fails outside of one.
            doer.stdin.write(_AFTER.encode() if writer.wait() == 0 else b"\n\\.\nSELECT 1/0;\n")
            doer.stdin.close()
        except BrokenPipeError:
            writer.kill()
            with suppress(BrokenPipeError):
                doer.stdin.close()
        said = doer.stderr.read().decode("utf-8", "replace")
        doer.wait()
        writer_said = writer.stderr.read().decode("utf-8", "replace")
    if writer.returncode not in (0, -9):
        raise BackupTrouble(f"pg_restore could not read the dump: {_short(writer_said)} Nothing was changed.")
    if "lock timeout" in said:
        raise SchemaBusy("Another process holds the database. Nothing was changed. Stop every `heard run`, then give it again.")
    if doer.returncode:
        raise BackupTrouble(f"psql could not put the dump back: {_short(said)} Nothing was changed.")


async def _free_schema(uow: UnitOfWork, now: datetime) -> str:
    name = f"heard_before_{now.astimezone(UTC):%Y%m%dt%H%M%Sz}"
    connection = await uow.connection()
    taken = set(await connection.run_sync(lambda sync: inspect(sync).get_schema_names()))
    return next(one for one in (name, *(f"{name}_{number}" for number in range(2, 1000))) if one not in taken)


async def set_revision(uow: UnitOfWork, revision: str) -> None:
    """What `half-restored` stood for."""
    await (await uow.connection()).execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


async def tables_of(uow: UnitOfWork) -> list[str]:
    """Every table, that of the revision too."""
    connection = await uow.connection()
    schema = (await connection.execute(text("SELECT current_schema()"))).scalar_one()
    if schema != SCHEMA:
        raise BackupTrouble(
            f"heard's tables stand in the schema {schema}; only {SCHEMA} can be backed up by this command. Use pg_dump."
        )
    return sorted(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


def environment(url: str) -> dict[str, str]:
    """Where the database is, for PostgreSQL's programs."""
    parts = make_url(url)
    ssl = parts.query.get("sslmode") or parts.query.get("ssl")
    said = {
        "PGHOST": parts.host or parts.query.get("host"),
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": parts.username,
        "PGPASSWORD": str(parts.password) if parts.password else None,
        "PGDATABASE": parts.database,
        "PGSSLMODE": {"true": "require"}.get(str(ssl), str(ssl)) if ssl else None,
        "PGCONNECT_TIMEOUT": "15",
        "PGAPPNAME": "heard",
    }
    return {**os.environ, **{name: str(value) for name, value in said.items() if value}}


def program(name: str) -> str:
    """One of PostgreSQL's client programs; of several versions the newest, since an older one refuses a newer server."""
    by_version = [path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}") if path.parts[4].isdigit()]
    if by_version:
        return str(max(by_version, key=lambda path: int(path.parts[4])))
    found = shutil.which(name)
    if found is None:
        raise BackupTrouble(
            f"{name} is not on this machine. Nothing was changed. Install PostgreSQL's client programs "
            "(Debian: apt-get install postgresql-client), of the server's version or a newer one."
        )
    return found


def _run(command: list[str], surroundings: Mapping[str, str]) -> None:
    # Allowed below: words of ours, and no shell
    done = subprocess.run(command, env=surroundings, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupTrouble(
            f"{Path(command[0]).name} failed: {_short(done.stderr.decode('utf-8', 'replace'))} There is no backup."
        )


def _short(said: str) -> str:
    """What a program said of itself, without the rows that it may quote (DETAIL, CONTEXT)."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if "ERROR" in line or "error" in line), lines[0] if lines else "it said nothing")
    return f"{told[:300]}."


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
