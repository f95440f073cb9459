"""What the service does when one of its jobs fails, and who hears of it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.loops import each
from bot.settings import Settings
from bot.watch import Watch
from procedures.terms import Notice
from storage import heartbeats
from storage.tables import OutboxRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.servers.clock import Clock


async def test_a_job_that_fails_keeps_none_of_the_others_back_and_is_heard_of() -> None:
    done: list[str] = []

    async def digest() -> None:
        raise OSError("no disk")

    async def reminders() -> None:
        done.append("reminders")

    with pytest.raises(ExceptionGroup) as failed:
        await each([digest, reminders])

    assert done == ["reminders"]
    assert [type(one) for one in failed.value.exceptions] == [OSError]


async def trouble(memory: Memory) -> list[str]:
    async with memory.reading() as uow:
        rows = (await uow.exec(select(OutboxRow).where(OutboxRow.notice == Notice.TROUBLE))).all()
    return [f"{row.facts['what']} {row.facts['detail']}" for row in rows]


async def test_a_loop_that_fails_for_long_is_told_although_it_is_no_door(memory: Memory) -> None:
    """Reminders, late letters and the digest are one: that they stop coming is noticed by nobody."""
    clock = Clock(MONDAY)
    watch = Watch(memory, Settings(), lambda: OFFICE, clock, ("outbox",))
    async with memory.unit_of_work() as uow:
        await heartbeats.beat(uow, "outbox", MONDAY)
        await heartbeats.ail(uow, "mornings", "OSError at digest.py:1", MONDAY)
    await watch.look()
    assert not await trouble(memory)

    clock.goes_on(minutes=4)
    async with memory.unit_of_work() as uow:
        await heartbeats.beat(uow, "outbox", clock())
    await watch.look()
    await watch.look()

    assert await trouble(memory) == ["loop_fails mornings: OSError at digest.py:1"]


async def test_a_loop_that_is_well_again_is_no_trouble(memory: Memory) -> None:
    clock = Clock(MONDAY)
    watch = Watch(memory, Settings(), lambda: OFFICE, clock, ())
    async with memory.unit_of_work() as uow:
        await heartbeats.ail(uow, "mornings", "OSError at digest.py:1", MONDAY)
        await heartbeats.beat(uow, "mornings", MONDAY + timedelta(minutes=2))
    clock.goes_on(minutes=30)

    await watch.look()

    assert not await trouble(memory)
