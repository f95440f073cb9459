"""The outbox: claimed and committed before the wire is touched, in order, by one program only, and settled after."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from procedures.terms import Channel
from storage import outbox
from storage.outbox import Left, claim
from storage.tables import OutboxRow, OutboxState
from storage.unit_of_work import Memory, UnitOfWork
from tests.memory import rows
from tests.memory.plans import steps_of
from tests.memory.rows import NOW, minutes, put

BOTH = (Channel.EMAIL, Channel.TELEGRAM)
LATER = NOW + minutes(5)


def keys(claimed: Sequence[OutboxRow]) -> list[str]:
    return [row.key for row in claimed]


async def claimed(memory: Memory, now: datetime = NOW, limit: int = 50, channels: Sequence[Channel] = BOTH) -> list[OutboxRow]:
    """Claim and commit, as the dispatch does."""
    async with memory.unit_of_work(alone=False) as uow:
        return await claim(uow, now, limit, channels)


async def stored(memory: Memory, key: str) -> OutboxRow:
    async with memory.reading() as uow:
        every = await outbox.in_states(uow, list(OutboxState))
    return next(row for row in every if row.key == key)


def number(row: OutboxRow) -> int:
    assert row.id is not None
    return row.id


async def test_a_claim_is_on_record_once_it_is_committed(memory: Memory) -> None:
    await put(memory, rows.message("receipt:1"))

    taken = await claimed(memory, LATER)

    assert keys(taken) == ["receipt:1"]
    row = await stored(memory, "receipt:1")
    assert (row.state, row.claimed_at) == (OutboxState.SENDING, LATER)


async def test_what_is_claimed_is_not_claimed_again(memory: Memory) -> None:
    await put(memory, rows.message("receipt:1"))
    await claimed(memory)

    assert await claimed(memory, LATER) == []


async def test_a_claim_that_is_rolled_back_was_none(memory: Memory) -> None:
    await put(memory, rows.message("receipt:1"))

    with pytest.raises(RuntimeError):
        async with memory.unit_of_work(alone=False) as uow:
            await claim(uow, NOW, 50, BOTH)
            raise RuntimeError("the power went")

    assert keys(await claimed(memory)) == ["receipt:1"]


async def test_what_is_claimed_can_be_read_and_sent_after_the_unit(memory: Memory) -> None:
    await put(memory, rows.message("receipt:1", facts={"reference": "CSF-0001"}))

    (row,) = await claimed(memory)

    assert (row.recipient, row.facts, row.references) == ("kit@example.org", {"reference": "CSF-0001"}, [])
    assert row.message_id.endswith("@council.example>")


async def test_what_is_not_due_yet_waits_for_its_moment(memory: Memory) -> None:
    await put(memory, rows.message("late", due_at=LATER))

    assert await claimed(memory, LATER - timedelta(microseconds=1)) == []
    assert keys(await claimed(memory, LATER)) == ["late"]


async def test_the_most_urgent_go_first_then_the_oldest_due(memory: Memory) -> None:
    await put(
        memory,
        rows.message("digest", "a@example.org", urgency=9),
        rows.message("second", "b@example.org", due_at=NOW - minutes(1)),
        rows.message("first", "c@example.org", due_at=NOW - minutes(2)),
        rows.message("alert", "d@example.org", urgency=1),
    )

    assert keys(await claimed(memory, limit=3)) == ["alert", "first", "second"]
    assert keys(await claimed(memory, limit=3)) == ["digest"]


async def test_only_the_channels_that_are_set_up_are_claimed(memory: Memory) -> None:
    await put(memory, rows.message("mail"), rows.message("chat", "7"))

    assert keys(await claimed(memory, channels=[Channel.TELEGRAM])) == ["chat"]
    assert await claimed(memory, channels=[]) == []
    assert keys(await claimed(memory)) == ["mail"]


async def test_of_one_chat_only_the_oldest_is_claimed_however_urgent_the_next(memory: Memory) -> None:
    await put(memory, rows.message("7 first", "7"), rows.message("7 second", "7", urgency=1), rows.message("8 first", "8"))

    taken = await claimed(memory)
    assert sorted(keys(taken)) == ["7 first", "8 first"]
    assert await claimed(memory) == [], "the first is still on its way"

    async with memory.unit_of_work() as uow:
        await outbox.settle_sent(uow, [Left(number(await stored(memory, "7 first")), "", "one", 1)], NOW)
    assert keys(await claimed(memory)) == ["7 second"]


async def test_a_first_message_that_must_wait_keeps_the_second_of_its_chat_waiting(memory: Memory) -> None:
    await put(memory, rows.message("first", "7", due_at=LATER), rows.message("second", "7"))

    assert await claimed(memory) == []
    assert keys(await claimed(memory, LATER)) == ["first"]


@pytest.mark.parametrize("ended", [OutboxState.FAILED, OutboxState.AMBIGUOUS, OutboxState.CANCELLED, OutboxState.HELD])
async def test_a_message_that_ended_does_not_keep_the_next_of_its_chat_waiting(memory: Memory, ended: OutboxState) -> None:
    await put(memory, rows.message("first", "7"), rows.message("second", "7"))
    (first,) = await claimed(memory)

    async with memory.unit_of_work() as uow:
        await outbox.settle_ended(uow, number(first), ended, "blocked by the person")

    assert keys(await claimed(memory)) == ["second"]
    row = await stored(memory, "first")
    assert (row.state, row.problem) == (ended, "blocked by the person")


async def test_mails_to_one_address_do_not_wait_for_each_other(memory: Memory) -> None:
    await put(memory, rows.message("first"), rows.message("second"))

    assert keys(await claimed(memory)) == ["first", "second"]


async def test_programs_that_claim_at_once_take_every_row_once(memory: Memory) -> None:
    await put(memory, *(rows.message(f"{n}", f"kit{n}@example.org") for n in range(60)))

    taken = await asyncio.gather(*(claimed(memory, limit=7) for _ in range(8)))
    taken.append(await claimed(memory, limit=60))

    assert sorted(key for some in taken for key in keys(some)) == sorted(str(n) for n in range(60))


async def test_on_postgresql_a_second_program_takes_other_rows_without_waiting(memory: Memory, backend: str) -> None:
    """While the first has not committed. On SQLite the second waits its turn: the test above."""
    if backend == "sqlite":
        return
    await put(memory, *(rows.message(f"{n}", f"kit{n}@example.org") for n in range(4)))

    async with asyncio.timeout(5), memory.unit_of_work(alone=False) as one:
        first = await claim(one, NOW, 2, BOTH)
        async with memory.unit_of_work(alone=False) as other:
            second = await claim(other, NOW, 10, BOTH)

    assert (keys(first), keys(second)) == (["0", "1"], ["2", "3"])


async def test_on_postgresql_a_second_program_does_not_overtake_within_a_chat(memory: Memory, backend: str) -> None:
    """The first of the chat is claimed and not committed: to the other program it still looks queued, and it is locked."""
    if backend == "sqlite":
        return
    await put(memory, rows.message("7 first", "7"), rows.message("7 second", "7"), rows.message("8 first", "8"))

    async with asyncio.timeout(5), memory.unit_of_work(alone=False) as one:
        first = await claim(one, NOW, 1, BOTH)
        async with memory.unit_of_work(alone=False) as other:
            second = await claim(other, NOW, 10, BOTH)

    assert (keys(first), keys(second)) == (["7 first"], ["8 first"])
    assert await claimed(memory) == []


async def test_claiming_goes_on_while_a_writer_is_alone_on_postgresql(memory: Memory, backend: str) -> None:
    if backend == "sqlite":
        return
    await put(memory, rows.message("receipt:1"))

    async with asyncio.timeout(5), memory.unit_of_work() as uow:
        await outbox.count_by_state(uow)
        assert keys(await claimed(memory)) == ["receipt:1"]


async def test_what_was_sent_keeps_its_words_and_forgets_its_problem(memory: Memory) -> None:
    await put(memory, rows.message("receipt:1", "7"))
    (row,) = await claimed(memory)
    async with memory.unit_of_work() as uow:
        await outbox.settle_later(uow, number(row), tries=1, due_at=LATER, problem="try later", may_repeat=False)
    await claimed(memory, LATER)

    async with memory.unit_of_work() as uow:
        await outbox.settle_sent(uow, [Left(number(row), "We have it", "Thank you.", 7_000_000_001)], LATER)

    sent = await stored(memory, "receipt:1")
    assert (sent.state, sent.sent_at, sent.problem, sent.tries) == (OutboxState.SENT, LATER, "", 1)
    assert (sent.subject, sent.body, sent.wire_number) == ("We have it", "Thank you.", 7_000_000_001)


async def test_what_is_tried_later_is_due_then_and_remembers_that_it_may_have_arrived(memory: Memory) -> None:
    await put(memory, rows.message("receipt:1"))
    (row,) = await claimed(memory)
    message_id = row.message_id
    for may_repeat in (True, False):
        async with memory.unit_of_work() as uow:
            await outbox.settle_later(uow, number(row), tries=2, due_at=LATER, problem="lost connection", may_repeat=may_repeat)

    assert await claimed(memory) == []
    (again,) = await claimed(memory, LATER)
    assert (again.tries, again.problem, again.may_repeat) == (2, "lost connection", True)
    assert again.message_id == message_id, "the same at every try: the reader's mailbox folds it"


async def test_what_a_crash_left_half_way_is_found_by_the_next_start(memory: Memory) -> None:
    await put(memory, rows.message("crashed", "a@example.org"), rows.message("waiting", "b@example.org", due_at=LATER))
    await claimed(memory)
    await put(memory, rows.message("just now", "c@example.org"))
    await claimed(memory, NOW + minutes(1))

    async with memory.reading() as uow:
        left = await outbox.left_in_sending(uow, NOW + minutes(1))
        every = await outbox.left_in_sending(uow, NOW + minutes(2))

    assert keys(left) == ["crashed"]
    assert keys(every) == ["crashed", "just now"]


async def test_what_left_together_keeps_its_own_words_each(memory: Memory) -> None:
    await put(memory, rows.message("one", "7"), rows.message("two", "8"), rows.message("on its way", "9"))
    one, two, other = await claimed(memory, limit=3)

    async with memory.unit_of_work() as uow:
        await outbox.settle_sent(uow, [Left(number(one), "", "for seven", 71), Left(number(two), "", "for eight", 81)], LATER)

    found = [await stored(memory, key) for key in ("one", "two", "on its way")]
    assert [(row.state, row.body, row.wire_number) for row in found] == [
        (OutboxState.SENT, "for seven", 71),
        (OutboxState.SENT, "for eight", 81),
        (OutboxState.SENDING, "", 0),
    ]
    assert other.key == "on its way"


async def test_of_several_only_what_nobody_else_has_taken_up_is_still_ours(memory: Memory) -> None:
    await put(memory, rows.message("kept", "7"), rows.message("taken", "8"))
    kept, taken = await claimed(memory, limit=2)

    async with memory.unit_of_work() as uow:
        await outbox.put_back(uow, number(taken))
        ours = await outbox.still_ours(uow, [kept, taken])

    assert ours == {kept.id}


async def test_the_longest_wait_is_told_of_what_is_due_and_has_not_left(memory: Memory) -> None:
    async def oldest(now: datetime) -> datetime | None:
        async with memory.reading() as uow:
            return await outbox.oldest_unsent(uow, now)

    assert await oldest(LATER) is None
    await put(memory, rows.message("a"), rows.message("b", due_at=NOW - minutes(3)), rows.message("c", due_at=LATER + minutes(1)))

    assert await oldest(LATER) == NOW - minutes(3)
    for row in await claimed(memory, limit=1):
        async with memory.unit_of_work() as uow:
            await outbox.settle_sent(uow, [Left(number(row), "", "")], NOW)
    assert await oldest(LATER) == NOW


async def test_a_closed_route_takes_back_what_still_waits_for_it(memory: Memory) -> None:
    await put(
        memory,
        rows.message("on its way", "7"),
        rows.message("waits", "7"),
        rows.message("another chat", "8", due_at=LATER),
        rows.message("a mail"),
    )
    await claimed(memory, limit=10, channels=[Channel.TELEGRAM])

    async with memory.unit_of_work() as uow:
        assert await outbox.cancel_for_route(uow, Channel.TELEGRAM, "7", "blocked by the person") == 1

    async with memory.reading() as uow:
        assert await outbox.count_by_state(uow) == {OutboxState.SENDING: 1, OutboxState.CANCELLED: 1, OutboxState.QUEUED: 2}
        assert keys(await outbox.in_states(uow, [OutboxState.CANCELLED])) == ["waits"]


async def test_one_row_is_found_by_its_number(memory: Memory) -> None:
    await put(memory, rows.message("a"))

    async def found(uow: UnitOfWork, row_id: int) -> str | None:
        row = await outbox.one(uow, row_id)
        return row.key if row else None

    row_id = number(await stored(memory, "a"))
    async with memory.reading() as uow:
        assert (await found(uow, row_id), await found(uow, row_id + 1)) == ("a", None)


def test_the_token_of_a_message_is_the_unguessable_part_of_its_id() -> None:
    first, second = outbox.new_message_id("council.example"), outbox.new_message_id("council.example")

    assert first != second
    assert first == f"<{outbox.token_of(first)}@council.example>"
    assert re.fullmatch(r"[a-z2-7]{26}", outbox.token_of(first))  # 128 bits; folding its case changes nothing


def test_a_token_that_makes_an_address_longer_than_addresses_may_be_is_left_out() -> None:
    """RFC 5321, 4.5.3.1.1: 64 octets before the @."""
    message_id = outbox.new_message_id("council.example")
    token = outbox.token_of(message_id)

    assert outbox.address_with_token(f"{'a' * 35}@council.example", "b", message_id) == f"{'a' * 35}+b.{token}@council.example"
    assert outbox.address_with_token(f"{'a' * 36}@council.example", "b", message_id) == ""


def test_a_chat_message_has_no_message_id() -> None:
    assert rows.message("a", "7", now=datetime(2026, 3, 2, tzinfo=UTC)).message_id == ""


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_what_goes_to_one_chat_is_looked_up_by_it_and_not_among_all_that_waits(memory: Memory) -> None:
    """PostgreSQL counts what it holds and finds that out by itself; SQLite does as the statement has it."""

    async def claims(uow: UnitOfWork) -> None:
        await claim(uow, NOW, 50, [Channel.TELEGRAM], recipients={"4242"})

    steps = await steps_of(memory, "outbox", claims)

    assert "SEARCH outbox USING INDEX ix_outbox_recipient (channel=? AND recipient=?)" in steps[0]
    assert [step for step in steps if "ix_outbox_due" in step or step.startswith("SCAN")] == []
