"""What the service does when one of its jobs fails, and who hears of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.health import look_at_health
from bot.loops import each
from bot.service import Service
from bot.settings import MailboxSettings, Settings, Tls
from bot.watch import Watch
from procedures.terms import Notice
from storage import heartbeats
from storage.tables import OutboxRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.servers.clock import Clock
from tests.stories.town import Now


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


async def test_the_watch_counts_no_letters_and_a_person_who_asks_is_told(memory: Memory) -> None:
    """It looks three times a minute, and for that count each letter is looked at."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        made.append(statement)

    event.listen(memory.reader.sync_engine, "before_cursor_execute", note)
    try:
        await Watch(memory, Settings(), lambda: OFFICE, Clock(MONDAY), ("outbox",)).look()
        by_the_watch = [one for one in made if "arrival.problem LIKE" in one]
        asked = await look_at_health(memory, OFFICE, ("outbox",), MONDAY, timedelta(minutes=3), counts_loose=True)
    finally:
        event.remove(memory.reader.sync_engine, "before_cursor_execute", note)

    assert made and by_the_watch == []
    assert [one for one in made if "arrival.problem LIKE" in one]
    assert asked.as_json()["loose"] == {"kept": 0, "stay": 0, "erased": 0}


async def test_a_door_that_stays_shut_holds_up_nothing_else(memory: Memory) -> None:
    nowhere = MailboxSettings("127.0.0.1", "complaints", "letmein", tls=Tls.NONE, port=9)
    service = Service(Settings(database_url=memory.url, mailbox=nowhere), memory, OFFICE, Now(Clock(MONDAY)))
    running = asyncio.get_running_loop().create_task(service.run())
    others = {"mail rounds", "office", "mornings", "watch"}

    turned = set[str]()
    async with asyncio.timeout(60):
        while not others <= turned:
            await asyncio.sleep(0.05)
            async with memory.reading() as uow:
                turned = {row.loop for row in await heartbeats.every(uow)}

    assert not service.ready.is_set()
    service.stop.set()
    await running


async def test_a_loop_that_is_well_again_is_no_trouble(memory: Memory) -> None:
    clock = Clock(MONDAY)
    watch = Watch(memory, Settings(), lambda: OFFICE, clock, ())
    async with memory.unit_of_work() as uow:
        await heartbeats.ail(uow, "mornings", "OSError at digest.py:1", MONDAY)
        await heartbeats.beat(uow, "mornings", MONDAY + timedelta(minutes=2))
    clock.goes_on(minutes=30)

    await watch.look()

    assert not await trouble(memory)
