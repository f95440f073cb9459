"""Loops that stop when asked and go on when hurt."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot.doors import DoorTrouble, Unread
from bot.leading import Seat
from bot.logs import where
from storage import heartbeats
from storage.unit_of_work import Memory

log = logging.getLogger(__name__)

T = TypeVar("T")
Turn = Callable[[], Awaitable[bool]]
"""One turn of a loop; it says whether there is more to do at once."""

LONGEST_PAUSE_SECONDS = 60.0
FOLLOWS_FOR_SECONDS = 1.0
"""How soon a loop that another process turns asks again whether it may."""
BEAT_EVERY = timedelta(seconds=5)
"""A heartbeat is written at most this often: each is a commit."""


class Stopped(Exception):
    """The service is asked to stop; what was being waited for is let go."""


async def unless_stopped(waiting: Awaitable[T], stop: asyncio.Event) -> T:
    """Wait for something, but not past the stop. Only for what may be let go: a fetch, never a commit."""
    work = asyncio.ensure_future(waiting)
    asked = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Stopped
        return work.result()
    finally:
        for future in (work, asked):
            future.cancel()
        await asyncio.gather(work, asked, return_exceptions=True)


async def pause(stop: asyncio.Event, seconds: float, bell: asyncio.Event | None = None) -> None:
    """Wait until it is time, the bell rings, or the stop comes."""
    waits = [asyncio.ensure_future(stop.wait())]
    if bell is not None:
        waits.append(asyncio.ensure_future(bell.wait()))
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        if bell is not None:
            bell.clear()


async def each(jobs: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """Do one job after the other, each whatever became of those before it; what failed is raised at the end, together."""
    failed = []
    for job in jobs:
        [end] = await asyncio.gather(job(), return_exceptions=True)
        if isinstance(end, Exception):
            failed.append(end)
        elif isinstance(end, BaseException):
            raise end
    if failed:
        raise ExceptionGroup("jobs failed", failed)


@dataclass
class Loop:
    """One thing that the service does again and again."""

    name: str
    turn: Turn
    pause_seconds: float
    bell: asyncio.Event | None = None
    may_turn: Seat | None = None
    """Where several processes share the work: whether this one turns it. None: always."""
    leads: bool = False
    """Whether it turned here when it was last its turn."""
    has_turned: asyncio.Event = field(default_factory=asyncio.Event)
    """Had a good turn, or knows that another process has the turn."""
    unread: Unread | None = None
    """Of a door: what it saw that is not stored yet."""
    on_ailing: Callable[[datetime], Awaitable[None]] | None = None
    """Is told after each turn that failed, and since when they do, where the memory may be what is wrong. Raises nothing."""
    _beaten_at: datetime | None = None
    _ailing_since: datetime | None = None

    async def supervise(self, stop: asyncio.Event, memory: Memory, now: Callable[[], datetime]) -> None:
        """Turn until the stop. A turn that fails is logged, backed off from, and tried again: it silences no other loop."""
        failures = 0
        while not stop.is_set():
            try:
                wait = await self._turn_once(memory, now)
                failures = 0
            except Stopped:
                return
            except Exception as problem:  # noqa: BLE001  # one of the two places: a loop goes on when hurt
                failures += 1
                wait = await self._ail(problem, failures, memory, now())
            if wait:
                await pause(stop, wait, self.bell if not failures else None)
            else:
                await asyncio.sleep(0)

    async def _turn_once(self, memory: Memory, now: Callable[[], datetime]) -> float:
        """One turn, if it is ours to take; return how long to wait before the next."""
        self.leads = self.may_turn is None or await self.may_turn()
        if not self.leads:
            self._ailing_since = self._beaten_at = None  # whoever turns it now says how it is
            self.has_turned.set()
            return FOLLOWS_FOR_SECONDS
        more = await self.turn()
        await self._beat(memory, now())
        self.has_turned.set()
        return 0.0 if more else self.pause_seconds

    async def _beat(self, memory: Memory, now: datetime) -> None:
        if self._ailing_since is None and self._beaten_at is not None and now - self._beaten_at < BEAT_EVERY:
            return
        async with memory.unit_of_work(is_small=True) as uow:
            await heartbeats.beat(uow, self.name, now, *self._waiting)
        if self._ailing_since is not None:
            log.info("loop well again loop=%s", self.name)
        self._beaten_at, self._ailing_since = now, None

    async def _ail(self, problem: Exception, failures: int, memory: Memory, now: datetime) -> float:
        """Say what is wrong, without a word of anybody's; return how long to wait before the next try."""
        asked = problem.after_seconds if isinstance(problem, DoorTrouble) else 0.0
        reason = problem.reason if isinstance(problem, DoorTrouble) else where(problem)
        wait = max(asked, min(LONGEST_PAUSE_SECONDS, 0.5 * float(2 ** min(failures, 10))))
        log.warning("loop hurt loop=%s failures=%d wait=%.1f problem=%s", self.name, failures, wait, reason)
        self._ailing_since = self._ailing_since or now
        try:
            async with memory.unit_of_work() as uow:
                await heartbeats.ail(uow, self.name, reason, self._ailing_since, *self._waiting)
        except Exception as second:  # noqa: BLE001  # the memory itself may be what is wrong; the log has said it
            # Without the trace: its words would be the database's, with what it was given.
            log.error(  # noqa: TRY400  # the words of an error stay out of the log
                "heartbeat not kept loop=%s problem=%s", self.name, type(second).__name__
            )
        if self.on_ailing is not None:
            await self.on_ailing(self._ailing_since)
        return wait

    @property
    def _waiting(self) -> tuple[int, datetime | None]:
        return (self.unread.waiting, self.unread.since) if self.unread else (0, None)
