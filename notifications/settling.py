"""What was sent is settled together: one commit for all that came while the last one was being written.

With a commit each, half the time of a reply went into it. Nothing waits longer for this: who comes alone is written at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from storage.unit_of_work import Memory, UnitOfWork

Job = Callable[[UnitOfWork], Awaitable[bool]]
"""Writes something small, without having read what another may change; says whether it was still to be done."""


@dataclass
class Together:
    """Jobs that share a unit of work. One that fails takes none of the others with it: they are done again, each alone."""

    memory: Memory
    _waiting: list[tuple[Job, "asyncio.Future[bool]"]] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def do(self, job: Job) -> bool:
        """Do it in the next unit of work, and return once that is committed. Raises what the job or the commit raised."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, done))
        async with self._turn:
            if not done.done():
                some, self._waiting = self._waiting, []
                await self._settle(some)
        return await done

    async def _settle(self, some: list[tuple[Job, "asyncio.Future[bool]"]]) -> None:
        try:
            ends: list[Any] = await asyncio.gather(self._write([job for job, _ in some]), return_exceptions=True)
            end = ends[0]
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

    async def _write(self, jobs: list[Job]) -> list[Any]:
        async with self.memory.unit_of_work(alone=False) as uow:
            return [await job(uow) for job in jobs]
