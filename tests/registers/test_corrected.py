"""A report says how many dates were corrected by hand in its period (people-and-safety.md §9.5, R20)."""

from datetime import date

import pytest

from casework.recording import correct, record
from procedures.terms import Event
from reports.figures.periods import Period
from reports.making import counted_now
from reports.reckoning import Wanted
from storage.unit_of_work import Memory
from tests.casework.rooms import acting
from tests.casework.test_recording import on, routed
from tests.registers.shelf import OFFICE

_THEIR_OWN = "corrected from 2025-03-01: not so"
MARCH, APRIL = (Period(date(2025, month, 1), date(2025, month, last)) for month, last in ((3, 31), (4, 30)))


async def told(memory: Memory, period: Period, *, as_at: date = date(2025, 5, 6), is_published: bool = False) -> list[str]:
    figures = await counted_now(memory, Wanted(period, as_at, None, is_published), OFFICE.calendar)
    return [note for note in figures["notes"] if "corrected" in note]


async def test_dates_that_were_corrected_in_the_period_are_counted_in_a_note(memory: Memory) -> None:
    """On Friday 21 March the day of receipt; on the last of March a request that was none is taken back; one in April."""
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        early = acting(at=on(date(2025, 3, 12)))
        await record(
            uow, reference, Event.ADVOCATE_REQUESTED, early, on=date(2025, 3, 11), why="corrected from 2025-03-01: not so"
        )
    assert await told(memory, MARCH) == []  # an officer's own words are no correction

    async with memory.unit_of_work() as uow:
        await correct(uow, reference, Event.RECEIVED, acting(at=on(date(2025, 3, 21))), on=date(2025, 3, 11), why="the stamp")
    [one] = await told(memory, MARCH)
    assert one.startswith("In the period 1 date of a case was corrected by hand")

    async with memory.unit_of_work() as uow:
        last = acting(at=on(date(2025, 3, 31)))
        await correct(uow, reference, Event.ADVOCATE_REQUESTED, last, on=None, why="she had not asked")
        await correct(uow, reference, Event.RECEIVED, acting(at=on(date(2025, 4, 1))), on=date(2025, 3, 10), why="the 10th")
    [both] = await told(memory, MARCH)
    assert both.startswith("In the period 2 dates of cases were corrected by hand")
    assert (await told(memory, APRIL))[0].startswith("In the period 1 date")
    assert (await told(memory, MARCH, as_at=date(2025, 3, 30)))[0].startswith("In the period 1 date")


@pytest.mark.parametrize("days", [0, 1])
async def test_a_published_report_says_that_there_were_some_and_not_how_many(memory: Memory, days: int) -> None:
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        for number in range(days):
            officer = acting(at=on(date(2025, 3, 21)))
            await correct(uow, reference, Event.RECEIVED, officer, on=date(2025, 3, 11 + number), why="the stamp")

    found = await told(memory, MARCH, is_published=True)

    assert len(found) == days
    assert not [note for note in found if any(sign.isdigit() for sign in note)]
