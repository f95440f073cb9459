"""Small pieces of work share a commit, and no failure."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import event, text

from notifications.settling import Together
from storage import heartbeats
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MONDAY

Job = Callable[[UnitOfWork], Awaitable[bool]]


def together_in(memory: Memory) -> Together[Job]:
    """Jobs of every kind, one after the other in a unit."""

    async def write(uow: UnitOfWork, jobs: list[Job]) -> list[bool]:
        return [await job(uow) for job in jobs]

    return Together(memory, write)


class Refused(Exception):
    """A job that cannot be done."""


def beat(name: str) -> Job:
    async def job(uow: UnitOfWork) -> bool:
        await heartbeats.beat(uow, name, MONDAY)
        await uow.flush()
        return True

    return job


async def refuse(uow: UnitOfWork) -> bool:
    await uow.exec(text("select 1"))  # type: ignore[call-overload]  # plain SQL goes the same way
    raise Refused


async def loops(memory: Memory) -> set[str]:
    async with memory.reading() as uow:
        # Allowed below: plain SQL goes the same way
        return set((await uow.exec(text("select loop from heartbeat"))).scalars())  # type: ignore[call-overload]


async def test_what_comes_while_one_is_written_shares_the_next_commit(memory: Memory) -> None:
    commits: list[object] = []
    event.listen(memory.writer.sync_engine, "commit", commits.append)
    together = together_in(memory)

    done = await asyncio.gather(*(together.do(beat(f"loop {number}")) for number in range(20)))

    assert done == [True] * 20
    assert await loops(memory) == {f"loop {number}" for number in range(20)}
    assert len(commits) <= 2


async def test_one_that_fails_takes_no_other_with_it(memory: Memory) -> None:
    together = together_in(memory)

    first, bad, last = await asyncio.gather(
        together.do(beat("first")), together.do(refuse), together.do(beat("last")), return_exceptions=True
    )

    assert (first, last) == (True, True)
    assert isinstance(bad, Refused)
    assert await loops(memory) == {"first", "last"}


async def test_who_is_stopped_in_the_middle_leaves_nobody_waiting(memory: Memory) -> None:
    together, reached = together_in(memory), asyncio.Event()

    async def never(uow: UnitOfWork) -> bool:
        reached.set()
        await asyncio.Event().wait()
        return True

    stopped, behind = asyncio.create_task(together.do(never)), asyncio.create_task(together.do(beat("behind")))
    await reached.wait()
    stopped.cancel()

    ends = await asyncio.wait_for(asyncio.gather(stopped, behind, return_exceptions=True), 10)

    assert isinstance(ends[0], asyncio.CancelledError)
    assert ends[1] is True or isinstance(ends[1], asyncio.CancelledError)


@pytest.mark.parametrize("count", [1, 3])
async def test_each_hears_its_own_answer(memory: Memory, count: int) -> None:
    async def answer(number: int) -> bool:
        async def job(_: UnitOfWork) -> bool:
            return bool(number % 2)

        return await together_in(memory).do(job)

    assert await asyncio.gather(*(answer(number) for number in range(count))) == [bool(n % 2) for n in range(count)]
