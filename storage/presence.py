"""Processes at work on one PostgreSQL database know of each other by locks that the server keeps for them.

Each keeps a connection of its own for as long as it works. On it the server holds an advisory lock with the process's name, and
one for each role that it leads: what dies, freezes or vanishes loses all of them at once, without anybody's clock.
A frozen process and a vanished machine say nothing any more: the server ends a connection that was idle for too long.
"""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import col, select

from storage.tables import LeaderRow
from storage.unit_of_work import LeadLost, UnitOfWork

PROCESSES = 0x68656172
"""The first half of the locks that name a process; the second is its own number."""
ROLES = 0x68656173
"""The first half of the locks that name a role."""

SILENT_FOR_SECONDS = 15
"""The server ends a connection that said nothing for so long, and gives its locks to others (PostgreSQL 14 and later)."""
SURE_FOR_SECONDS = 9.0
"""How long after its last word a process may still believe in its locks: less than the server would let it be silent."""
ANSWERS_WITHIN_SECONDS = 4.0

_SET_UP = text(
    "SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '5', false),"
    " set_config('tcp_keepalives_count', '2', false), set_config('lock_timeout', '0', false)"
)
_END_ME_WHEN_SILENT = text(
    "SELECT set_config('idle_session_timeout', :silent, false) WHERE current_setting('server_version_num')::int >= 140000"
)
_TAKE = text("SELECT pg_try_advisory_lock(:kind, :number)")
_LET_GO = text("SELECT pg_advisory_unlock(:kind, :number)")
_AT_WORK = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = :kind AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@cache
def _gone() -> tuple[type[BaseException], ...]:
    """What a connection ends with; on the way in the driver's own errors come as they are. Only PostgreSQL's users load it."""
    from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types

    return (SQLAlchemyError, PostgresError, InterfaceError, OSError, TimeoutError)


class NotPresent(Exception):
    """The database does not answer: nobody can tell whose the locks are. Nothing was begun."""


def role_number(role: str) -> int:
    """The number of a role's lock. Two roles with one number would only be led by one process at a time."""
    return int.from_bytes(hashlib.sha256(role.encode()).digest()[:4], "big", signed=True)


class Presence:
    """This process, as the others see it."""

    def __init__(self, url: str) -> None:
        self._number = secrets.randbelow(2**31 - 1) + 1
        self.name = f"{self._number:08x}"
        self._engine = create_async_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": ANSWERS_WITHIN_SECONDS, "command_timeout": ANSWERS_WITHIN_SECONDS},
        )
        self._connection: AsyncConnection | None = None
        self._held: set[str] = set()
        self._spoke_at = 0.0
        self._speaking = asyncio.Lock()

    @property
    def is_sure(self) -> bool:
        """Whether the server holds our locks, for certain. False after a freeze, until it was asked again."""
        return self._connection is not None and _since_boot() - self._spoke_at < SURE_FOR_SECONDS

    def leads(self, role: str) -> bool:
        """Whether the role is ours, for certain."""
        return role in self._held and self.is_sure

    async def keep(self) -> None:
        """Say that we are here; come back if the connection was lost. NotPresent when the database does not answer."""
        async with self._speaking:
            if self._connection is None:
                await self._come()
            else:
                await self._ask(text("SELECT 1"))

    async def take(self, role: str) -> bool:
        """Take a role if it is free. Whether it is ours now."""
        async with self._speaking:
            if self._connection is None:
                return False
            if role not in self._held and (await self._ask(_TAKE, kind=ROLES, number=role_number(role)))[0][0]:
                self._held.add(role)
            return role in self._held

    async def give_back(self, role: str) -> None:
        """Let another have it."""
        async with self._speaking:
            if role in self._held:
                self._held.discard(role)
                await self._ask(_LET_GO, kind=ROLES, number=role_number(role))

    async def go(self) -> None:
        """Leave: all locks are free for others at once."""
        async with self._speaking:
            await self._part()
        await self._engine.dispose()

    async def _come(self) -> None:
        began = _since_boot()
        try:
            async with asyncio.timeout(2 * ANSWERS_WITHIN_SECONDS):
                self._connection = await self._engine.connect()
                await self._connection.execute(_SET_UP)
                await self._connection.execute(_END_ME_WHEN_SILENT, {"silent": str(SILENT_FOR_SECONDS * 1000)})
                taken = await self._connection.execute(_TAKE, {"kind": PROCESSES, "number": self._number})
        except _gone() as error:
            await self._part()
            raise NotPresent(type(error).__name__) from None
        if not taken.scalar_one():
            # Our own older connection, which the server has not missed yet.
            await self._part()
            raise NotPresent("the connection before this one is still there")
        self._spoke_at = began

    async def _ask(self, question: Any, **given: object) -> Sequence[Any]:
        assert self._connection is not None
        began = _since_boot()
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                answer = (await self._connection.execute(question, given)).all()
        except _gone() as error:
            await self._part()
            raise NotPresent(type(error).__name__) from None
        self._spoke_at = began
        return answer

    async def _part(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                    await connection.invalidate()
                    await connection.close()
            except _gone():
                return  # it is gone already, or the server will miss it


def _since_boot() -> float:
    """Seconds that go on while a process, or its machine, sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


async def at_work(uow: UnitOfWork) -> frozenset[str]:
    """The names of the processes whose connection stands, on PostgreSQL."""
    rows = await (await uow.connection()).execute(_AT_WORK, {"kind": PROCESSES})
    return frozenset(f"{number:08x}" for (number,) in rows)


async def enter(uow: UnitOfWork, role: str, process: str, now: datetime) -> None:
    """Note who leads from now on. Whoever led before stores nothing more for this role."""
    row = (await uow.exec(select(LeaderRow).where(col(LeaderRow.role) == role))).one_or_none()
    if row is None:
        uow.add(LeaderRow(role=role, process=process, since=now))
    else:
        row.process, row.since = process, now
    await uow.flush()


async def require_lead(uow: UnitOfWork, role: str, process: str) -> None:
    """LeadLost unless this process is the last that entered. Asked inside the writers' lock, so nobody enters meanwhile."""
    leader = (await uow.exec(select(LeaderRow.process).where(col(LeaderRow.role) == role))).one_or_none()
    if leader != process:
        raise LeadLost(role)
