"""An answer in a chat leaves at once: it is claimed in the unit of work that files what it answers.

The rule stays: marked and committed, then sent. What has left meanwhile is settled in the same unit, so that a reply costs one
commit while people write, and not three. Where nobody writes, or that unit is refused, the settling is done by itself as ever.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import SQLModel

from notifications.dispatch import BATCH, Dispatch
from procedures.terms import Channel
from storage import outbox
from storage.tables import OutboxRow
from storage.unit_of_work import UnitOfWork

Along = Callable[[UnitOfWork, Iterable[SQLModel]], Awaitable[bool]]
"""Called in a unit of work with the rows that were filed in it; says whether the outbox's own loop has something to look at."""


@dataclass
class AtOnce:
    """What `Reception` takes along. `start` begins a task that the service waits for; `ring` has the outbox's loop look."""

    dispatch: Dispatch
    start: Callable[[Coroutine[object, object, None]], object]
    ring: Callable[[], None]
    _behind: set[str] = field(default_factory=set)
    """Chats in which something waits for the message that is in our hands."""

    @asynccontextmanager
    async def joining(self) -> AsyncIterator[Along]:
        """Around a unit of work: once it is committed, what was claimed in it leaves, and what was settled in it is settled."""
        claimed: list[OutboxRow] = []
        at = self.dispatch.now()
        async with self.dispatch.settling.joining() as settle:

            async def along(uow: UnitOfWork, filed: Iterable[SQLModel]) -> bool:
                queued = [row for row in filed if isinstance(row, OutboxRow)]
                await settle(uow)
                if chats := {row.recipient for row in queued if row.channel is Channel.TELEGRAM}:
                    claimed.extend(await self._claim(uow, at, chats))
                    return self._is_left(queued, claimed)
                return True

            yield along
        for row in claimed:
            self.start(self._to_its_end(row, at))
            self.dispatch.in_hand[row.id] = row.recipient  # now: what could not be started is in nobody's hands

    async def _claim(self, uow: UnitOfWork, at: datetime, chats: set[str]) -> list[OutboxRow]:
        """The rows of these chats that may leave now, by the outbox's own rules; we hold no more than a batch of them."""
        room = BATCH - len(self.dispatch.in_hand)
        if room <= 0 or Channel.TELEGRAM not in self.dispatch.senders or not self.dispatch.may_send():
            return []
        return await outbox.claim(uow, at, room, (Channel.TELEGRAM,), self.dispatch.process, chats)

    def _is_left(self, queued: list[OutboxRow], claimed: list[OutboxRow]) -> bool:
        """Whether the loop should look now. What waits in its chat for a message in our hands is looked for after that."""
        taken = {row.key for row in claimed}
        chats = {row.recipient for row in claimed} | set(self.dispatch.in_hand.values())
        left = [row for row in queued if row.key not in taken]
        behind = [row for row in left if row.channel is Channel.TELEGRAM and row.recipient in chats]
        self._behind.update(row.recipient for row in behind)
        return len(left) > len(behind)

    async def _to_its_end(self, row: OutboxRow, claimed_at: datetime) -> None:
        """One row, whatever becomes of it. What the memory has against it is told by the outbox's loop, in its next turn."""
        try:
            turn = self.dispatch.in_turn(row, claimed_at, lingers=lambda: row.recipient not in self._behind)
            [end] = await asyncio.gather(turn, return_exceptions=True)
        finally:
            self.dispatch.in_hand.pop(row.id, None)
        if isinstance(end, Exception):
            self.dispatch.hurts.append(end)
        if isinstance(end, Exception) or row.recipient in self._behind:
            self._behind.discard(row.recipient)
            self.ring()
