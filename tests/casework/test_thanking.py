"""Whoever praises is thanked within a working day: by the service where it can write, else by a person."""

from datetime import datetime

import pytest

from casework import actions
from casework.representation import Writer
from procedures.terms import Channel, Kind, Notice
from procedures.working_days import LONDON
from storage import cases
from storage.tables import OutboxRow, TaskKind, TaskRow
from storage.unit_of_work import Memory
from tests.casework.rooms import a_case, acting

PHONED = {"writer": Writer(name="R Green", phone="01632 960 111"), "channel": Channel.PHONE}


async def what_follows(memory: Memory, reference: str) -> tuple[list[OutboxRow], list[TaskRow]]:
    """Their thanks, and the tasks to reach them."""
    async with memory.reading() as uow:
        sent = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.THANKS]
        return sent, [row for row in await cases.tasks(uow, reference=reference) if row.kind is TaskKind.CANNOT_REACH]


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.LETTER, Channel.IN_PERSON])
async def test_who_left_no_address_is_thanked_by_a_person_the_next_working_day(memory: Memory, channel: Channel) -> None:
    """It came on Monday 10 March 2025."""
    sent, tasks = await what_follows(memory, await a_case(memory, kind=Kind.COMPLIMENT, **{**PHONED, "channel": channel}))

    assert sent == [] and len(tasks) == 1
    assert tasks[0].due_at.astimezone(LONDON) == datetime(2025, 3, 11, 17, tzinfo=LONDON)
    assert "thank them by telephone or post" in tasks[0].detail


async def test_whom_the_service_can_thank_is_no_task_and_neither_is_a_complaint_by_telephone(memory: Memory) -> None:
    sent, tasks = await what_follows(memory, await a_case(memory, kind=Kind.COMPLIMENT))
    _, others = await what_follows(memory, await a_case(memory, **PHONED))

    assert len(sent) == 1 and tasks == [] and others == []


async def test_what_an_officer_says_is_praise_is_thanked_once(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.ENQUIRY)
    for kind in (Kind.COMPLIMENT, Kind.ENQUIRY, Kind.COMPLIMENT):
        async with memory.unit_of_work() as uow:
            await actions.change_kind(uow, reference, kind, "read once more", acting())

    sent, tasks = await what_follows(memory, reference)
    assert len(sent) == 1 and tasks == []


async def test_praise_of_the_past_is_thanked_by_nobody(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.COMPLIMENT, is_imported=True, answer=False, **PHONED)

    assert await what_follows(memory, reference) == ([], [])
