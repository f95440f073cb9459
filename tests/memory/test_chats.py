"""What of a chat that was emptied may be rung again: what we started there, however it was shown, and the newest of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import inspect

from notifications.rendering import MANNERS
from procedures.terms import Channel, Notice
from storage.chats import MOST_BELLS, MOST_LOOKED_AT, bells_of
from storage.outbox import outgoing
from storage.tables import OutboxRow, OutboxState
from storage.unit_of_work import Memory

SAM, ALEX = 70_010_001, 70_010_002
MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)


def in_chat(number: int, notice: Notice = Notice.LATE, chat: int = SAM, **more: Any) -> OutboxRow:
    """What stands in a chat; `number` is its own in the outbox."""
    facts = more.pop("facts", {})
    row = outgoing(
        key=f"kept:{number}",
        notice=notice,
        channel=Channel.TELEGRAM,
        recipient=str(chat),
        now=MONDAY,
        domain="council.example",
        facts=facts,
    )
    row.id, row.state, row.sent_at, row.wire_number = number, OutboxState.SENT, MONDAY, number
    for name, value in more.items():
        setattr(row, name, value)
    return row


async def rung_again(memory: Memory, *rows: OutboxRow) -> dict[int, list[int | None]]:
    async with memory.unit_of_work() as uow:
        uow.add_all(rows)
    async with memory.reading() as uow:
        return {chat: [row.id for row in found] for chat, found in (await bells_of(uow, [SAM, ALEX])).items()}


async def test_every_letter_that_we_start_may_be_rung_again_and_no_answer(memory: Memory) -> None:
    ours = [notice for notice, manner in MANNERS.items() if manner.is_started_by_us and not manner.is_for_staff]
    answers = [notice for notice, manner in MANNERS.items() if not manner.is_started_by_us]
    rows = [in_chat(number, notice) for number, notice in enumerate((*ours, *answers), start=1)]

    found = await rung_again(memory, *rows)

    assert found == {SAM: list(range(1, len(ours) + 1)), ALEX: []}


async def test_what_was_tapped_is_not_rung_again_but_for_the_newest(memory: Memory) -> None:
    read = [in_chat(number, Notice.SCREEN, facts={"read": {"of": number - 10}}) for number in (11, 13)]

    found = await rung_again(memory, in_chat(1, is_bell=True), in_chat(2), in_chat(3, is_bell=True), *read)

    assert found[SAM] == [2, 3]


async def test_what_may_have_arrived_is_rung_again_and_what_never_left_is_not(memory: Memory) -> None:
    """Whether a doorbell lay in the chat is not known: they may have it twice, and never not at all."""
    states = (OutboxState.AMBIGUOUS, OutboxState.FAILED, OutboxState.CANCELLED, OutboxState.QUEUED, OutboxState.SENT)

    found = await rung_again(memory, *(in_chat(number, state=state) for number, state in enumerate(states, start=1)))

    assert found[SAM] == [1, 5]


async def test_of_a_chat_that_holds_much_only_the_newest_is_looked_at(memory: Memory) -> None:
    said = [in_chat(number, Notice.SCREEN) for number in range(2, MOST_LOOKED_AT + 2)]

    found = await rung_again(memory, in_chat(1), *said, in_chat(2000), in_chat(2001, chat=ALEX))

    assert found == {SAM: [2000], ALEX: [2001]}


async def test_what_the_letters_say_is_not_fetched_with_them(memory: Memory) -> None:
    """Who hid the chat may never ask: until then this is looked up with each of their messages."""
    async with memory.unit_of_work() as uow:
        uow.add(in_chat(1, body="a long letter", facts={"opened": "K7M", "issues": ["long"]}))
    async with memory.reading() as uow:
        [rung] = (await bells_of(uow, [SAM]))[SAM]

    assert inspect(rung).unloaded >= {"body", "subject", "references"}
    assert (rung.key, rung.facts["opened"]) == ("kept:1", "K7M")


async def test_of_many_letters_the_newest_come_back_in_their_order(memory: Memory) -> None:
    found = await rung_again(memory, *(in_chat(number) for number in range(1, MOST_BELLS + 3)))

    assert found[SAM] == list(range(3, MOST_BELLS + 3))
