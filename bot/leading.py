"""Who may do what, where several `heard run` share one database: one leads each door, each morning's letters and the watch.

On SQLite there is one process, which leads everything. On PostgreSQL a role belongs to whoever holds its lock
(`storage.presence`): a leader that was frozen and does not know it yet stores nothing after another has entered.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from storage import presence
from storage.presence import NotPresent, Presence
from storage.unit_of_work import Memory

log = logging.getLogger(__name__)

SAYS_SO_EVERY_SECONDS = 3.0
COMES_BACK_AFTER_SECONDS = 1.0

Seat = Callable[[], Awaitable[bool]]
"""Whether a loop may turn here and now."""


class Leading(Protocol):
    """What the service asks before it does something."""

    name: str
    """This process among several; empty where it is the only one."""

    @property
    def is_sure(self) -> bool:
        """Whether the others know that this process is at work."""
        ...

    async def leads(self, role: str) -> bool:
        """Whether this process leads here and now; it takes the lead where nobody has it."""
        ...

    async def others(self) -> bool:
        """Whether another process is at work on the same database."""
        ...

    async def enter(self) -> None:
        """Begin; NotPresent when the database does not answer."""
        ...

    async def stay(self, stop: asyncio.Event) -> None:
        """Let the others know that we are here, until the stop."""
        ...

    async def leave(self) -> None:
        """End: what was ours is free for others at once."""
        ...


class Alone:
    """The only process: it leads everything."""

    name = ""
    is_sure = True

    async def leads(self, role: str) -> bool:
        return True

    async def others(self) -> bool:
        return False

    async def enter(self) -> None:
        return

    async def stay(self, stop: asyncio.Event) -> None:
        await stop.wait()

    async def leave(self) -> None:
        return


@dataclass
class AmongOthers:
    """One of several processes on PostgreSQL."""

    memory: Memory
    now: Callable[[], datetime]
    _presence: Presence = field(init=False)
    _entered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._presence = Presence(self.memory.url)
        self.name = self._presence.name

    @property
    def is_sure(self) -> bool:
        return self._presence.is_sure

    async def leads(self, role: str) -> bool:
        if role in self._entered and self._presence.leads(role):
            return True
        if role in self._entered:
            self._entered.discard(role)
            log.warning("lead lost role=%s", role.partition(":")[0])
        try:
            if not self._presence.is_sure or not await self._presence.take(role):
                return False
        except NotPresent:
            return False
        async with self.memory.unit_of_work() as uow:
            await presence.enter(uow, role, self.name, self.now())
        self._entered.add(role)
        log.info("lead taken role=%s process=%s", role.partition(":")[0], self.name)
        return True

    async def others(self) -> bool:
        async with self.memory.reading() as uow:
            return bool(await presence.at_work(uow) - {self.name})

    async def enter(self) -> None:
        await self._presence.keep()

    async def stay(self, stop: asyncio.Event) -> None:
        missing = False
        while not stop.is_set():
            try:
                await self._presence.keep()
            except NotPresent as problem:
                if not missing:
                    log.warning("presence lost problem=%s", problem)
                missing = True
            else:
                if missing:
                    log.info("presence is back")
                missing = False
            try:
                async with asyncio.timeout(COMES_BACK_AFTER_SECONDS if missing else SAYS_SO_EVERY_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue

    async def leave(self) -> None:
        await self._presence.go()


def leading_on(memory: Memory, now: Callable[[], datetime]) -> Leading:
    """How this process works with others on its database."""
    return Alone() if memory.is_sqlite else AmongOthers(memory, now)
