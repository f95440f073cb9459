"""The report of the year is owed as soon as possible after 31 March (SI 2006/1738, reg. 13(3), (4)): a clock with a task."""

from datetime import UTC, date, datetime
from typing import Any

from notifications.reminders import plan_reminders
from procedures.terms import Event, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import CaseRow, ReportRow, TaskKind, TaskRow
from storage.unit_of_work import Memory
from tests.law.counting import due
from tests.stories.faults.desk import TOWN, Desk

LAST_OF_MARCH = date(2025, 3, 31)


async def owed(memory: Memory) -> list[TaskRow]:
    async with memory.reading() as uow:
        return [row for row in await cases.tasks(uow) if row.kind is TaskKind.ANNUAL_REPORT]


def test_its_day_follows_from_the_end_of_the_year() -> None:
    """Sixty working days from Monday 31 March 2025, over Easter and two bank holidays in May: Friday 27 June."""
    assert due(Procedure.STATUTORY, "annual_report", {Event.YEAR_ENDED: LAST_OF_MARCH}) == date(2025, 6, 27)


async def test_it_is_a_task_from_the_first_of_april_and_the_officers_are_reminded_of_it(memory: Memory) -> None:
    """A complaint came on Monday 10 March 2025."""
    desk = await Desk(memory).opens()
    await desk.morning(LAST_OF_MARCH)
    assert await owed(memory) == []
    await desk.morning(date(2025, 4, 1))
    await desk.morning(date(2025, 4, 2))

    [task] = await owed(memory)
    assert (task.case_reference, task.due_at, "reg. 13(3)" in task.detail) == (
        None,
        datetime(2025, 6, 27, 16, tzinfo=UTC),
        True,
    )
    bundles = plan_reminders([], [task], set(), TOWN, date(2025, 6, 27))
    assert {bundle.person.address for bundle in bundles} == {"officer@council.example"}


async def test_a_kept_report_of_the_whole_year_ends_it_and_one_of_a_quarter_or_a_directorate_does_not(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await desk.morning(date(2025, 4, 1))
    await keep(memory, date(2025, 1, 1), "")
    await keep(memory, date(2024, 4, 1), "children")
    await desk.morning(date(2025, 4, 14))
    assert len(await owed(memory)) == 1
    await keep(memory, date(2024, 4, 1), "")
    await desk.morning(date(2025, 4, 15))

    assert await owed(memory) == []


async def test_one_that_was_kept_before_the_year_was_over_does_not_end_it(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await keep(memory, date(2024, 4, 1), "", as_at=date(2025, 3, 30))
    await desk.morning(date(2025, 4, 15))

    assert len(await owed(memory)) == 1


async def test_a_year_in_which_nothing_came_but_what_staff_made_up_owes_none(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    async with memory.unit_of_work() as uow:
        filing = Filing()
        filing.change(CaseRow, {"reference": desk.reference}, is_training=True)
        await write(uow, [filing])
    await desk.morning(date(2025, 4, 1))

    assert await owed(memory) == []


async def keep(memory: Memory, from_on: date, directorate: str, as_at: date = date(2025, 4, 14)) -> None:
    """A report is kept as it was printed."""
    when = datetime(2025, 4, 14, 10, tzinfo=UTC)
    made: dict[str, Any] = {"as_at": as_at, "is_published": False, "software": "t", "rules": "t", "made_at": when}
    async with memory.unit_of_work() as uow:
        uow.add(ReportRow(from_on=from_on, until_on=LAST_OF_MARCH, directorate=directorate, **made))
