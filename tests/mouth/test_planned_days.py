"""A day that is planned is known to the desk as it is to the case: who reminds counts from the same start as who writes."""

from datetime import date

from casework.progress import where_it_stands
from notifications.on_desk import Standings, load_desk
from notifications.reminders import remind
from procedures.terms import Event
from storage.unit_of_work import Memory
from tests.mouth.offices import OFFICE, REFERENCE, at, case, happened, keep, record

AGREED_ON, STARTS_ON, OLD_DUE = date(2026, 3, 24), date(2026, 4, 20), date(2026, 4, 2)
"""Received 19 March 2026; asked for a start after the exams: due Tuesday 5 May, over the bank holiday of the 4th."""


async def test_a_start_that_was_agreed_for_later_moves_the_reminders_with_the_date(memory: Memory) -> None:
    await keep(memory, case())
    await record(memory, happened(REFERENCE, Event.AGREED_START, STARTS_ON, at(AGREED_ON)))
    async with memory.reading() as uow:
        [on_desk] = await load_desk(uow, OLD_DUE, at(OLD_DUE, 8, 30))

    seen = Standings(OFFICE, OLD_DUE).of(on_desk)
    told = where_it_stands(on_desk.kind, on_desk.procedure, on_desk.form, on_desk.events, OFFICE, OLD_DUE)
    assert seen.answer_by == told.answer_by == date(2026, 5, 5)
    assert await remind(memory, OFFICE, at(OLD_DUE, 8, 30)) == []


async def test_before_it_was_agreed_the_desk_does_not_know_of_it(memory: Memory) -> None:
    await keep(memory, case())
    await record(memory, happened(REFERENCE, Event.AGREED_START, STARTS_ON, at(AGREED_ON)))
    async with memory.reading() as uow:
        [on_desk] = await load_desk(uow, date(2026, 3, 23), at(date(2026, 3, 23), 8, 30))

    assert Event.AGREED_START not in on_desk.events
    assert Standings(OFFICE, date(2026, 3, 23)).of(on_desk).answer_by == OLD_DUE
