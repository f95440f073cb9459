"""Three hard cases of other systems (docs/hard-cases.md) that no other test holds by itself."""

import pytest
from sqlmodel import select

from procedures.terms import Notice
from storage.tables import CaseRow, EventRow, LedgerResult, OutboxRow, TaskKind
from storage.unit_of_work import Memory
from tests.desk.test_reception import MUM, letter, post, queued, tasks


@pytest.mark.parametrize("words", ["close", "upheld", "SEEN", "status", "stop"])
async def test_a_member_of_staff_does_nothing_to_a_case_by_answering_a_notice_of_it(memory: Memory, words: str) -> None:
    """C58: nor does their out-of-office. Whatever staff do, they do by command, as a person of the settings."""
    [first] = await post(memory, letter())
    async with memory.reading() as uow:
        notice = next(row for row in await uow.exec(select(OutboxRow)) if row.recipient != MUM)
        before = (await uow.exec(select(EventRow.id).where(EventRow.case_reference == first.reference))).all()

    answer = letter(words, sender=notice.recipient, subject="Re: a new case", In_Reply_To=notice.message_id)
    [admitted] = await post(memory, answer, start=2)

    assert admitted.result is not LedgerResult.ADDED
    async with memory.reading() as uow:
        after = (await uow.exec(select(EventRow.id).where(EventRow.case_reference == first.reference))).all()
    assert after == before


async def test_a_second_matter_of_a_known_person_is_a_case_of_its_own_and_staff_are_told_of_the_first(memory: Memory) -> None:
    """C60: all of a person's letters glued to one case lose the second complaint."""
    [first] = await post(memory, letter())

    [second] = await post(
        memory, letter("The bus to school never comes and nobody answers. I complain.", subject="School bus"), start=2
    )

    assert second.result is LedgerResult.OPENED
    assert second.reference != first.reference
    assert (TaskKind.PLACE_LETTER, second.reference) in await tasks(memory)
    async with memory.reading() as uow:
        assert len((await uow.exec(select(CaseRow))).all()) == 2
    receipts = [row.case_reference for row in await queued(memory, MUM) if row.notice == Notice.RECEIPT]
    assert set(receipts) == {first.reference, second.reference}
    assert len(receipts) == 2


async def test_a_letter_by_another_ticket_system_with_an_odd_id_is_answered_to_its_sender_alone(memory: Memory) -> None:
    """C55: Jira and ServiceNow write ids that are none, and name everybody in Cc."""
    raw = letter(
        sender="desk@school.example", message_id="JIRA.13.1772442000000@Atlassian.JIRA", Cc="head@school.example, x@press.example"
    )

    [admitted] = await post(memory, raw)

    assert admitted.result is LedgerResult.OPENED
    async with memory.reading() as uow:
        told = {row.recipient for row in await uow.exec(select(OutboxRow))}
    assert "desk@school.example" in told
    assert not told & {"head@school.example", "x@press.example"}
