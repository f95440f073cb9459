"""What was sent is settled together: one commit for all that came while the last one was being written.

With a commit each, half the time of a reply went into it. Who comes alone is written at once, or waits a moment for a unit of
work that is to be committed anyway.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from storage.unit_of_work import Memory, UnitOfWork, is_the_databases_trouble

Thing = TypeVar("Thing")

Write = Callable[[UnitOfWork, list[Thing]], Awaitable[list[bool]]]
"""Writes several small things, without having read what another may change; says of each whether it was still to be done."""


@dataclass
class Together(Generic[Thing]):
    """Things that share a unit of work. One that fails takes none of the others with it: they are written again, each alone."""

    memory: Memory
    write: Write[Thing]
    lingers_seconds: float = 0.05
    """How long what was sent waits for somebody else's commit: so much longer a crash would have it said again as a repeat."""
    _waiting: list[tuple[Thing, "asyncio.Future[bool]"]] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def has_something(self) -> bool:
        """Whether something waits to be written."""
        return bool(self._waiting)

    async def do(self, thing: Thing, *, lingers: bool = False) -> bool:
        """Write it in the next unit of work, and return once that is committed. Raises what the writing or the commit raised.

        `lingers`: a unit of somebody else's may take it along first (`joining`).
        """
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, done))
        if lingers:
            await asyncio.wait([done], timeout=self.lingers_seconds)
        async with self._turn:
            if not done.done():
                some, self._waiting = self._waiting, []
                await self._settle(some)
        return await done

    @asynccontextmanager
    async def joining(self) -> AsyncIterator[Callable[[UnitOfWork], Awaitable[None]]]:
        """Around a unit of work of somebody else's: gives what writes in it all that waits here.

        If the unit fails, what waited is written by itself after all; and so it is if the writing does, while the unit goes on:
        whoever's unit it is has nothing to do with it. Only the database's own trouble is raised.
        """
        async with self._turn:
            some: list[tuple[Thing, asyncio.Future[bool]]] = []
            ends: list[bool] = []

            async def write(uow: UnitOfWork) -> None:
                some.extend(self._waiting)
                self._waiting = []
                if not some:
                    return
                [end] = await asyncio.gather(self._take_along(uow, [thing for thing, _ in some]), return_exceptions=True)
                if not isinstance(end, BaseException):
                    ends.extend(end)
                elif is_the_databases_trouble(end) or not isinstance(end, Exception):
                    raise end
                else:
                    self._waiting = some + self._waiting
                    some.clear()

            is_written = False
            try:
                yield write
                is_written = True
            finally:
                if not is_written:
                    self._waiting = some + self._waiting
            for (_, done), result in zip(some, ends, strict=True):
                if not done.done():
                    done.set_result(result)

    async def _settle(self, some: list[tuple[Thing, "asyncio.Future[bool]"]]) -> None:
        try:
            [end] = await asyncio.gather(self._write([thing for thing, _ in some]), return_exceptions=True)
            if not isinstance(end, BaseException):
                for (_, done), result in zip(some, end, strict=True):
                    done.set_result(result)
            elif len(some) == 1:
                some[0][1].set_exception(end)
            else:
                for one in some:
                    await self._settle([one])
        finally:
            for _, done in some:
                # Only when we are stopped in the middle: the others must not wait for ever.
                done.cancel()

    async def _take_along(self, uow: UnitOfWork, things: list[Thing]) -> list[bool]:
        """Write them within a unit of somebody else's: what fails leaves no trace in it."""
        async with uow.begin_nested():
            return await self.write(uow, things)

    async def _write(self, things: list[Thing]) -> list[bool]:
        async with self.memory.unit_of_work(alone=False, is_small=True) as uow:
            return await self.write(uow, things)
