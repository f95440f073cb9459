"""What a rehearsal waits for: a memory that tells of every commit, and a service that tells when it has looked at the day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import PostOffice
from bot.rehearsal.waiting import Changes
from bot.service import Service
from storage.tables import DoorRow, OutboxRow, OutboxState
from storage.unit_of_work import Memory, UnitOfWork, open_memory

SOON = timedelta(seconds=5)
"""What leaves within this is waited for: an answer to a stranger is held back for a moment."""


@dataclass(frozen=True)
class WatchedMemory(Memory):
    """A memory that says when something was committed."""

    changes: Changes = field(default_factory=Changes)

    @classmethod
    def open(cls, url: str) -> "WatchedMemory":
        memory = open_memory(url)
        return cls(memory.url, memory.writer, memory.reader)

    @asynccontextmanager
    async def unit_of_work(self, *, alone: bool = True, is_small: bool = False) -> AsyncIterator[UnitOfWork]:
        async with super().unit_of_work(alone=alone, is_small=is_small) as uow:
            yield uow
        self.changes.tell()


@dataclass
class WatchedService(Service):
    """The service, which says up to which moment it has looked at the day."""

    looks: Changes = field(default_factory=Changes)
    _looked_at: datetime | None = None

    async def has_looked_at(self, moment: datetime, seconds: float) -> None:
        """Wait until a look that began at this moment or later is over; TimeoutError when none is."""
        await self.looks.until(lambda: True if self._looked_at and self._looked_at >= moment else None, seconds)

    async def _look_at_the_day(self) -> bool:
        began_at = self.clock.now()
        more = await super()._look_at_the_day()
        self._looked_at = began_at
        self.looks.tell()
        return more


async def everything_is_done(memory: Memory, api: BotApi, post: PostOffice, now: datetime) -> bool:
    """Whether both doors have stored all that waits at them, and nothing that is due soon waits in the outbox."""
    uids = await post.mailbox.uids()
    updates = [int(update["update_id"]) for update in api.updates.unconfirmed()]
    async with memory.reading() as uow:
        doors = {row.name.partition(":")[0]: row.position for row in await uow.exec(select(DoorRow))}
        waiting = (
            select(func.count())
            .select_from(OutboxRow)
            .where(
                (col(OutboxRow.state) == OutboxState.SENDING)
                | ((col(OutboxRow.state) == OutboxState.QUEUED) & (col(OutboxRow.due_at) <= now + SOON))
            )
        )
        is_silent = not (await uow.exec(waiting)).one()
    are_read = max(uids, default=0) <= doors.get("mailbox", 0) and max(updates, default=0) <= doors.get("telegram", 0)
    return are_read and is_silent
