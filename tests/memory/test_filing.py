"""Filings: a group in one commit; what is already there is passed over; a chat's last state stands."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from procedures.terms import Event, Kind, Procedure
from storage.cases import events_of, find, letters_of, parties_of, sent_of, tasks, told
from storage.filing import _ORDER, Filing, table_of, write
from storage.tables import METADATA, CaseRow, ConversationRow, LetterRow, OutboxRow, TaskRow
from storage.unit_of_work import Memory
from tests.memory import rows
from tests.memory.rows import NOW, put

WRITTEN_ELSEWHERE = {
    *("door", "heartbeat", "calendar_day", "counted_by", "leader", "hold"),
    *("advocacy", "behaviour_plan", "call", "cover", "pool_appointment", "pool_hours", "pool_person"),
    *("activity", "erased", "export", "ombudsman", "register", "register_issue", "register_learning", "report"),
}
"""Tables whose rows no filing holds."""


def complaint(number: int) -> Filing:
    """A case with everything that hangs on it, its rows in the wrong order."""
    reference, identity = f"CSF-{number:04}", f"letter {number}"
    filing = Filing()
    filing.add(
        rows.message(
            f"receipt:{reference}", f"kit{number}@example.org", case_reference=reference, facts={"reference": reference}
        ),
        rows.event(reference),
        rows.party(reference, address=f"kit{number}@example.org"),
        rows.letter(identity, reference, words=f"Words {number}"),
        rows.arrival(identity, case_reference=reference),
        rows.case(reference),
    )
    return filing


async def file(memory: Memory, *filings: Filing) -> None:
    async with memory.unit_of_work() as uow:
        await write(uow, filings)


async def conversations(memory: Memory) -> dict[int, dict[str, Any]]:
    async with memory.reading() as uow:
        return {row.chat_id: row.state for row in await uow.exec(select(ConversationRow))}


async def keys(memory: Memory, table: type[OutboxRow] | type[TaskRow]) -> list[str]:
    async with memory.reading() as uow:
        return list((await uow.exec(select(table.key).order_by(col(table.id)))).all())


async def test_a_group_is_written_with_everything_in_its_place(memory: Memory) -> None:
    await file(memory, *(complaint(number) for number in range(1, 65)))

    references = [f"CSF-{number:04}" for number in range(1, 65)]
    async with memory.reading() as uow:
        events, parties = await events_of(uow, references), await parties_of(uow, references)
        letters, sent = await letters_of(uow, "CSF-0042"), await sent_of(uow, "CSF-0042")
    assert all(len(events[reference]) == 1 for reference in references)
    assert [party.address for party in parties["CSF-0064"]] == ["kit64@example.org"]
    assert [letter.words for letter in letters] == ["Words 42"]
    assert [(row.recipient, row.facts) for row in sent] == [("kit42@example.org", {"reference": "CSF-0042"})]


async def test_one_that_cannot_be_written_takes_its_group_back(memory: Memory) -> None:
    orphan = Filing()
    orphan.add(rows.event("CSF-9999"))

    with pytest.raises(IntegrityError):
        await file(memory, complaint(1), orphan)

    async with memory.reading() as uow:
        assert await find(uow, "CSF-0001") is None


def test_the_order_of_writing_knows_every_table_and_puts_what_is_pointed_at_first() -> None:
    order = [table_of(model).name for model in _ORDER]

    assert set(order) == set(METADATA.tables) - WRITTEN_ELSEWHERE
    for place, model in enumerate(_ORDER):
        pointed_at = {key.column.table.name for key in table_of(model).foreign_keys}
        assert pointed_at <= set(order[:place]), table_of(model).name


@pytest.mark.parametrize("at_once", [True, False], ids=["in one group", "one after another"])
async def test_the_same_message_is_queued_once_and_the_first_stands(memory: Memory, at_once: bool) -> None:
    first, second = Filing(), Filing()
    first.add(rows.message("receipt:1", facts={"said": "first"}))
    second.add(rows.message("receipt:1", facts={"said": "second"}), rows.message("receipt:2"))

    for group in ([first, second],) if at_once else ([first], [second]):
        await file(memory, *group)

    assert await keys(memory, OutboxRow) == ["receipt:1", "receipt:2"]
    async with memory.reading() as uow:
        assert (await uow.exec(select(OutboxRow.facts).where(OutboxRow.key == "receipt:1"))).one() == {"said": "first"}


@pytest.mark.parametrize("at_once", [True, False], ids=["in one group", "one after another"])
async def test_the_same_task_is_made_once(memory: Memory, at_once: bool) -> None:
    first, second = Filing(), Filing()
    first.add(rows.task("safety:1", detail="first"))
    second.add(rows.task("safety:1", detail="second"), rows.task("safety:2"))

    for group in ([first, second],) if at_once else ([first], [second]):
        await file(memory, *group)

    async with memory.reading() as uow:
        assert [(task.key, task.detail) for task in await tasks(uow)] == [("safety:1", "first"), ("safety:2", "")]


@pytest.mark.parametrize("at_once", [True, False], ids=["in one group", "one after another"])
async def test_the_same_rung_is_told_to_a_person_once(memory: Memory, at_once: bool) -> None:
    await put(memory, rows.case())
    first, second = Filing(), Filing()
    first.add(rows.reminder())
    second.add(rows.reminder(told_on=NOW.date() + timedelta(days=1)), rows.reminder(person="deputy@council.example"))

    for group in ([first, second],) if at_once else ([first], [second]):
        await file(memory, *group)

    async with memory.reading() as uow:
        assert {person for *_, person in await told(uow, ["CSF-0001"])} == {"officer@council.example", "deputy@council.example"}


@pytest.mark.parametrize("at_once", [True, False], ids=["in one group", "one after another"])
async def test_of_two_turns_of_a_chat_the_last_one_stands(memory: Memory, at_once: bool) -> None:
    big = 7_123_456_789_012  # more than 32 bits hold
    first, second = Filing(), Filing()
    first.add(ConversationRow(chat_id=big, state={"screen": "start"}, updated_at=NOW))
    second.add(
        ConversationRow(chat_id=big, state={"screen": "sent"}, updated_at=NOW),
        ConversationRow(chat_id=8, state={}, updated_at=NOW),
    )

    for group in ([first, second],) if at_once else ([first], [second]):
        await file(memory, *group)

    assert await conversations(memory) == {big: {"screen": "sent"}, 8: {}}


async def test_changes_come_after_the_rows_that_they_change_and_in_their_order(memory: Memory) -> None:
    filing = Filing()
    filing.change(CaseRow, {"reference": "CSF-0001"}, procedure=Procedure.CORPORATE)
    filing.change(CaseRow, {"reference": "CSF-0001"}, procedure=Procedure.STATUTORY, kind=Kind.COMPLIMENT)
    filing.add(rows.case("CSF-0001"), rows.case("CSF-0002"))

    await file(memory, filing)

    async with memory.reading() as uow:
        changed, other = await find(uow, "CSF-0001"), await find(uow, "CSF-0002")
    assert changed is not None
    assert other is not None
    assert (changed.procedure, changed.kind) == (Procedure.STATUTORY, Kind.COMPLIMENT)
    assert (other.procedure, other.kind) == (Procedure.UNDECIDED, Kind.COMPLAINT)


async def test_a_change_holds_only_where_all_of_it_holds(memory: Memory) -> None:
    await put(memory, rows.case(), rows.event(name=Event.RECEIVED), rows.event(name=Event.READ))
    filing = Filing()
    filing.change(table_class("event"), {"case_reference": "CSF-0001", "name": Event.READ}, is_superseded=True)

    await file(memory, filing)

    async with memory.reading() as uow:
        events = (await events_of(uow, ["CSF-0001"]))["CSF-0001"]
    assert {event.name: event.is_superseded for event in events} == {Event.RECEIVED: False, Event.READ: True}


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Please\0help", "Please\ufffdhelp"),
        ("half a \ud83d heart", "half a ? heart"),
        ("Bardzo dziękuję 💛 diolch", "Bardzo dziękuję 💛 diolch"),
        ("plain\r\n\ttext", "plain\r\n\ttext"),
    ],
)
async def test_words_that_a_database_would_refuse_do_not_lose_a_letter(memory: Memory, words: str, kept: str) -> None:
    filing = Filing()
    filing.add(rows.case(), rows.arrival("a"), rows.letter("a", words=words), rows.message("m", facts={"said": words}))
    filing.change(LetterRow, {"arrival_id": "a"}, subject=words)

    await file(memory, filing)

    async with memory.reading() as uow:
        letters = await letters_of(uow, "CSF-0001")
        facts = (await uow.exec(select(OutboxRow.facts))).one()
    assert [(letter.words, letter.subject) for letter in letters] == [(kept, kept)]
    assert facts == {"said": words}


async def test_an_empty_group_writes_nothing(memory: Memory) -> None:
    await file(memory)
    await file(memory, Filing(), Filing())

    assert await keys(memory, OutboxRow) == []


def table_class(name: str) -> type[SQLModel]:
    return next(model for model in _ORDER if table_of(model).name == name)
