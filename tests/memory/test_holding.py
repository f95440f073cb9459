"""The hold of a restore: what it keeps back, what passes it, and what a release lets go."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from procedures.terms import Channel, Notice
from storage import holding, outbox
from storage.holding import Origin, Waiting
from storage.tables import HoldRow, OutboxRow, OutboxState
from storage.unit_of_work import Memory
from tests.memory import rows

NOW = rows.NOW
LATER = NOW + timedelta(days=30)
EVERY = (Channel.EMAIL, Channel.TELEGRAM, Channel.ALARM)


async def restored(memory: Memory, since: datetime = LATER) -> int:
    async with memory.unit_of_work() as uow:
        return await holding.hold(uow, since=since, held_by="root", made_at=NOW)


async def claimed(memory: Memory, now: datetime = LATER) -> list[str]:
    async with memory.unit_of_work(alone=False) as uow:
        return [row.key for row in await outbox.claim(uow, now, 50, EVERY)]


async def waiting(memory: Memory) -> dict[str, Waiting]:
    async with memory.reading() as uow:
        found = await holding.what_waits(uow)
        keys = {row.id: row.key for row in await outbox.in_states(uow, tuple(OutboxState))}
    return {keys[one.number]: one for one in found}


async def released(memory: Memory, drops: Callable[[Waiting], bool] = lambda _: False) -> tuple[int, int]:
    async with memory.unit_of_work() as uow:
        return await holding.release(uow, LATER, "officer@anytown.example", drops)


async def row(memory: Memory, key: str) -> OutboxRow:
    async with memory.reading() as uow:
        return next(row for row in await outbox.in_states(uow, tuple(OutboxState)) if row.key == key)


async def test_without_a_hold_everything_leaves(memory: Memory) -> None:
    await rows.put(memory, rows.message("a"))

    assert await waiting(memory) == {}
    assert await claimed(memory) == ["a"]


async def test_behind_a_hold_nothing_of_the_copy_leaves_and_nothing_new_either(memory: Memory) -> None:
    await rows.put(memory, rows.message("old"), rows.message("old help", urgency=1), rows.message("chat", "1001"))

    assert await restored(memory) == 3
    await rows.put(memory, rows.message("new", now=LATER), rows.message("new chat", "1001", now=LATER))

    assert await claimed(memory, LATER + timedelta(days=30)) == []
    assert set(await waiting(memory)) == {"old", "old help", "chat", "new", "new chat"}


@pytest.mark.parametrize("recipient", ["duty@anytown.example", "1001"])
async def test_help_that_is_newer_than_the_restore_passes(memory: Memory, recipient: str) -> None:
    """An alert, or the numbers to ring in a chat whose older messages are held: said twice is better than unsaid."""
    await rows.put(memory, rows.message("old", recipient), rows.message("old alert", recipient, urgency=1))
    await restored(memory)
    await rows.put(memory, rows.message("new", recipient, now=LATER), rows.message("help", recipient, now=LATER, urgency=1))

    assert await claimed(memory) == ["help"]
    assert "help" not in await waiting(memory)


async def test_what_was_on_its_way_when_the_copy_was_made_may_be_a_repeat(memory: Memory) -> None:
    await rows.put(memory, rows.message("a"))
    await claimed(memory, NOW)

    await restored(memory)

    held = await row(memory, "a")
    assert (held.state, held.may_repeat, held.claimed_at) == (OutboxState.HELD, True, None)


async def test_it_is_told_apart_what_was_said_before_perhaps_and_what_is_new(memory: Memory) -> None:
    before, since = LATER - timedelta(days=3), LATER + timedelta(hours=1)
    await rows.put(
        memory,
        rows.case("CSF-0001"),
        rows.case("CSF-0002", received_at=before),
        rows.case("CSF-0003", received_at=since),
        rows.arrival("a", received_at=before, message_id="<their.letter@family.example>"),
        rows.message("copy", case_reference="CSF-0001"),
    )
    await restored(memory)
    await rows.put(
        memory,
        rows.message("again", now=since, case_reference="CSF-0002"),
        rows.message(
            "status", now=since, notice=Notice.STATUS, case_reference="CSF-0001", in_reply_to="<their.letter@family.example>"
        ),
        rows.message("new", now=since, case_reference="CSF-0003"),
        rows.message("late", now=since, notice=Notice.LATE, case_reference="CSF-0001"),
        rows.message("answer", now=since, notice=Notice.RESPONSE, case_reference="CSF-0001"),
    )

    found = await waiting(memory)

    assert {key: one.origin for key, one in found.items()} == {
        "copy": Origin.COPY,
        "again": Origin.EARLIER,
        "status": Origin.EARLIER,
        "new": Origin.NEW,
        "late": Origin.PLANNED,
        "answer": Origin.NEW,
    }
    assert (found["again"].about_at, found["status"].about_at, found["answer"].about_at) == (before, before, since)


async def test_a_release_lets_go_and_drops_and_says_who(memory: Memory) -> None:
    await rows.put(memory, rows.message("stale"), rows.message("wanted"))
    await restored(memory)
    stale = (await waiting(memory))["stale"].number

    assert await released(memory, lambda one: one.number == stale) == (1, 1)

    assert await claimed(memory) == ["wanted"]
    dropped = await row(memory, "stale")
    assert (dropped.state, dropped.problem) == (OutboxState.CANCELLED, "dropped at the release by officer@anytown.example")
    async with memory.reading() as uow:
        assert await holding.standing_hold(uow) is None
        record = await uow.get(HoldRow, 1)
    assert record is not None
    assert (record.held_by, record.made_at, record.released_at, record.released_by) == (
        "root",
        NOW,
        LATER,
        "officer@anytown.example",
    )
    assert (record.released, record.dropped) == (1, 1)


async def test_after_a_second_restore_help_of_the_first_waits_too(memory: Memory) -> None:
    await restored(memory, NOW)
    await rows.put(memory, rows.message("help", urgency=1))
    await restored(memory)

    assert await claimed(memory) == []
    assert (await waiting(memory))["help"].origin is Origin.COPY
    assert await released(memory) == (1, 0)
    assert await claimed(memory) == ["help"]


async def test_many_hundreds_are_released(memory: Memory) -> None:
    await rows.put(memory, *(rows.message(f"m{number}") for number in range(450)))
    await restored(memory)

    assert await released(memory, lambda one: one.number % 2 == 0) == (225, 225)
