"""V17: a holiday that is added inside an open clock moves its date, is noted, and its owner hears; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlmodel import select

from casework import actions
from casework.recounting import recount_open_cases
from procedures.terms import Event, Notice, Outcome, Procedure
from storage import cases
from storage.tables import OutboxRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, OFFICE, OFFICER, a_case, acting

LATER = acting(at=datetime(2025, 3, 12, 9, tzinfo=UTC))
PROCLAIMED = replace(LATER, office=OFFICE.with_days({date(2025, 3, 20): "Proclaimed holiday"}, frozenset()))


async def due_of(memory: Memory, reference: str) -> dict[str, date]:
    async with memory.reading() as uow:
        return {row.clock: row.due_on for row in await cases.deadlines_of(uow, reference, standing_only=True)}


async def mails(memory: Memory) -> list[tuple[str, str]]:
    async with memory.reading() as uow:
        rows = (await uow.exec(select(OutboxRow).where(OutboxRow.notice == Notice.TROUBLE.value))).all()
    return [(row.recipient, str(row.facts["detail"])) for row in rows]


async def test_a_holiday_added_inside_an_open_clock_moves_its_date_notes_it_and_tells_the_owner(memory: Memory) -> None:
    reference, unowned = await a_case(memory), await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.assign(uow, reference, MANAGER.address, LATER)

    async with memory.unit_of_work() as uow:
        moved = await recount_open_cases(uow, PROCLAIMED, "2025-03-20 is a bank holiday")

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 25)
    assert {one.case.reference for one in moved} == {reference, unowned}
    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if row.name is Event.NOTED]
    assert "2025-03-20 is a bank holiday: s1 response from 2025-03-24 to 2025-03-25" in notes
    told = dict(await mails(memory))
    assert reference in told[MANAGER.address]
    assert unowned not in told[MANAGER.address]
    assert unowned in told[OFFICER.address]


async def test_counting_again_without_a_change_moves_nothing_and_tells_nobody(memory: Memory) -> None:
    reference = await a_case(memory)
    before = await due_of(memory, reference)

    async with memory.unit_of_work() as uow:
        assert await recount_open_cases(uow, LATER, "nothing") == []

    assert await due_of(memory, reference) == before
    assert await mails(memory) == []


async def test_a_closed_case_keeps_the_dates_it_was_judged_by(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "why", acting())
        await actions.respond(uow, reference, "Sorry.", Outcome.UPHELD, acting())
        await actions.close(uow, reference, "answered", acting())
    before = await due_of(memory, reference)

    async with memory.unit_of_work() as uow:
        assert await recount_open_cases(uow, PROCLAIMED, "2025-03-20 is a bank holiday") == []

    assert await due_of(memory, reference) == before
