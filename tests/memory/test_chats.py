"""What of a chat that was emptied may be rung again: what we started there, however it was shown, and the newest of it."""

from datetime import UTC, datetime
from typing import Any

from notifications.rendering import MANNERS
from procedures.terms import Channel, Notice
from storage.chats import MOST_BELLS, bells_of
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


async def test_of_many_letters_the_newest_come_back_in_their_order(memory: Memory) -> None:
    found = await rung_again(memory, *(in_chat(number) for number in range(1, MOST_BELLS + 3)))

    assert found[SAM] == list(range(3, MOST_BELLS + 3))
