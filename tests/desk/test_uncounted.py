"""What somebody writes about a case whose dates lie beyond the calendar is kept on it and answered; a person does the rest.

A later start of 27 December 2035 was recorded, a year too many: ten working days after it is in 2036, which no calendar knows.
"""

from datetime import date, timedelta

import pytest

from procedures.terms import Event, Notice, Role
from storage import cases, inbound
from storage.filing import Filing, write
from storage.tables import CaseRow, EventRow, LedgerResult, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICER
from tests.desk.test_afterwards import FRIDAY_WEEK, answered, standing, the_answer
from tests.desk.test_chat_filed import WORDS, Chats
from tests.desk.test_reception import count, letter, post, queued

BEYOND = date(2035, 12, 27)
SAYS = "nothing that this message asks for was recorded: dates of the case cannot be counted (10 working days after 2035-12-27"


async def starts_too_late(memory: Memory, reference: str) -> None:
    """As a service with a longer calendar would have recorded it."""
    filing = Filing()
    filing.add(
        EventRow(
            case_reference=reference,
            name=Event.AGREED_START,
            happened_on=BEYOND,
            recorded_at=MONDAY + timedelta(hours=1),
            recorded_by=OFFICER.address,
        )
    )
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


async def asked_of_a_person(memory: Memory, reference: str) -> list[str]:
    async with memory.reading() as uow:
        rows = await cases.tasks(uow, reference=reference)
    return [row.detail for row in rows if row.kind is TaskKind.PLACE_LETTER and row.detail.startswith("nothing that")]


async def nothing_is_shelved(memory: Memory) -> None:
    async with memory.reading() as uow:
        assert not await inbound.quarantined(uow)


@pytest.mark.parametrize(("words", "subject"), [("stop", "stop"), ("advocate", "advocate"), ("Not happy.", "Your answer")])
async def test_a_letter_that_asks_for_something_gets_the_plain_receipt_and_a_person_does_it(
    memory: Memory, words: str, subject: str
) -> None:
    reference = await answered(memory)
    await starts_too_late(memory, reference)
    _, before, due = await standing(memory, reference)
    said = len(await queued(memory))

    [admitted] = await post(
        memory, letter(words, subject=subject, In_Reply_To=await the_answer(memory)), start=2, now=FRIDAY_WEEK
    )

    assert (admitted.result, admitted.reference) == (LedgerResult.ADDED, reference)
    [receipt] = (await queued(memory))[said:]
    assert (receipt.notice, sorted(receipt.facts)) == (Notice.ADDED, ["reference", "voice"])
    [detail] = await asked_of_a_person(memory, reference)
    assert detail.startswith(SAYS) and f"`heard case steps {reference}`" in detail
    _, after, due_after = await standing(memory, reference)
    assert (after, due_after) == (before, due)
    await nothing_is_shelved(memory)


async def test_a_word_without_a_thread_finds_it_too(memory: Memory) -> None:
    reference = await answered(memory, is_closed=True)
    await starts_too_late(memory, reference)

    [admitted] = await post(memory, letter("Not happy.", subject="Your answer"), start=2, now=FRIDAY_WEEK)

    assert (admitted.result, admitted.reference) == (LedgerResult.ADDED, reference)
    assert len(await asked_of_a_person(memory, reference)) == 1
    case, events, _ = await standing(memory, reference)
    assert case.closed_on is not None and Event.S2_REQUESTED not in events


async def test_more_of_the_same_is_added_as_ever(memory: Memory) -> None:
    [first] = await post(memory, letter())
    reference = first.reference or ""
    await starts_too_late(memory, reference)
    [receipt] = await queued(memory)

    await post(memory, letter("They lost his papers.", In_Reply_To=receipt.message_id), start=2, now=FRIDAY_WEEK)

    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT, Notice.ADDED]
    assert await asked_of_a_person(memory, reference) == []


async def test_whoever_cannot_be_known_is_told_nothing_and_a_person_reads_it(memory: Memory) -> None:
    reference = await answered(memory)
    await starts_too_late(memory, reference)
    said = len(await queued(memory))

    stranger, thread = "x@y.example", await the_answer(memory)
    await post(memory, letter("Not happy.", subject="Your answer", In_Reply_To=thread, sender=stranger), start=2, now=FRIDAY_WEEK)

    assert len(await queued(memory)) == said
    assert {row.notice for row in await queued(memory, stranger)} <= {Notice.NOTHING}
    await nothing_is_shelved(memory)


async def test_in_the_chat_the_screens_answer_and_a_person_does_it(memory: Memory) -> None:
    chats = Chats(memory)
    [first] = await chats.hears(chats.says(WORDS))
    reference = first.reference or ""
    async with memory.unit_of_work() as uow:
        row = await uow.get(CaseRow, reference)
        assert row is not None
        row.raised_by = Role.CHILD
        uow.add(row)
    await starts_too_late(memory, reference)
    shown = len(await chats.screens())

    await chats.hears(chats.says("/advocate", at=MONDAY + timedelta(hours=2)))
    last = (await chats.screens())[-1]
    if "advocate_yes" in str(last.facts["buttons"]):
        await chats.hears(chats.presses(last, "advocate_yes", at=MONDAY + timedelta(hours=2)))

    assert len(await chats.screens()) > shown
    assert len(await asked_of_a_person(memory, reference)) == 1
    assert await count(memory, CaseRow) == 1
    await nothing_is_shelved(memory)
