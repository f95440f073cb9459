"""What is done here on an imported case goes before its register, however often the folder comes in again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from casework.acting import Acting
from casework.actions import close, respond
from casework.council import Council, Person, StaffRole
from casework.decisions.course import reopen
from casework.decisions.second_look import decide_route
from casework.office import Office
from casework.recording import record
from procedures.terms import Event, Outcome, Procedure
from storage.tables import CaseRow, DeadlineRow, EventRow, RegisterRow
from storage.unit_of_work import Memory, UnitOfWork
from tests.registers.shelf import NOW, OFFICE, bring_in, complaint, write

OFFICER = Person("officer@council.example", "Ravi Shah", StaffRole.OFFICER)
ACTING = Acting(OFFICER, Office(Council(people=(OFFICER,)), OFFICE.rulebook, OFFICE.calendar), NOW)
OPEN = complaint("C-1", "2026-11-16", procedure="statutory", team="Team North")
ANSWERED = OPEN | {"stage_1_responded_on": "2026-11-18", "stage_1_outcome": "not_upheld", "closed_on": "2026-11-18"}


async def stage_2_asked_for(uow: UnitOfWork) -> Any:
    return await record(uow, "C-1", Event.S2_REQUESTED, ACTING)


async def opened_again(uow: UnitOfWork) -> Any:
    return await reopen(uow, "C-1", "they wrote again about the same visit", ACTING)


async def closed(uow: UnitOfWork) -> Any:
    await respond(uow, "C-1", "We looked into it and found nothing wrong.", Outcome.NOT_UPHELD, ACTING)
    return await close(uow, "C-1", "answered, and they are content", ACTING)


async def routed(uow: UnitOfWork) -> Any:
    return await decide_route(uow, "C-1", Procedure.CORPORATE, "it is about a planning matter and no child", ACTING)


Done = Callable[[UnitOfWork], Awaitable[Any]]
DONE_HERE = [(ANSWERED, stage_2_asked_for), (ANSWERED, opened_again), (OPEN, closed), (OPEN, routed)]
IDS = ["stage 2", "opened again", "closed", "routed"]


async def standing(memory: Memory) -> tuple[Any, ...]:
    """What the case is, which of its events but notes stand, and when what is due."""
    async with memory.reading() as uow:
        case = (await uow.exec(select(CaseRow))).one()
        events = (await uow.exec(select(EventRow))).all()
        deadlines = (await uow.exec(select(DeadlineRow))).all()
    return (
        case.model_dump(exclude={"remind_from"}),
        sorted((one.name, one.happened_on) for one in events if not one.is_superseded and one.name is not Event.NOTED),
        sorted((one.clock, one.due_on) for one in deadlines if not one.is_superseded),
    )


async def noted(memory: Memory) -> tuple[str, str]:
    """The service that the register has, and the last note of the case."""
    async with memory.reading() as uow:
        row = (await uow.exec(select(RegisterRow))).one()
        events = (await uow.exec(select(EventRow).where(EventRow.name == Event.NOTED))).all()
    return row.service, max(events, key=lambda one: one.id or 0).note


@pytest.mark.parametrize(("register", "done"), DONE_HERE, ids=IDS)
async def test_a_changed_cell_undoes_nothing_that_was_done_here(
    memory: Memory, tmp_path: Path, register: dict[str, Any], done: Done
) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[register]))
    async with memory.unit_of_work() as uow:
        await done(uow)
    before = await standing(memory)

    again = await bring_in(memory, write(tmp_path / "second", cases=[register | {"service": "Fostering"}]))

    assert (again.changed, await standing(memory)) == (1, before)
    assert await noted(memory) == ("Fostering", "import of second: service: empty to Fostering")
    assert (await bring_in(memory, tmp_path / "second")).changed == 0


@dataclass(frozen=True)
class Slow(Memory):
    """A memory in which an officer acts while somebody waits for the writer."""

    async def act(self) -> None:
        async with super().unit_of_work() as uow:
            await opened_again(uow)

    @asynccontextmanager
    async def unit_of_work(self, *, alone: bool = True, is_small: bool = False) -> AsyncIterator[UnitOfWork]:
        await self.act()
        async with super().unit_of_work(alone=alone, is_small=is_small) as uow:
            yield uow


async def test_what_an_officer_does_while_the_import_waits_for_the_writer_stands_too(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[ANSWERED]))

    await bring_in(
        Slow(memory.url, memory.writer, memory.reader), write(tmp_path / "second", cases=[ANSWERED | {"service": "Fostering"}])
    )

    case, events, _ = await standing(memory)
    assert case["closed_on"] is None and {name for name, _ in events} == {Event.RECEIVED, Event.S1_REPLY_SENT, Event.REOPENED}
    assert (await noted(memory))[0] == "Fostering"
