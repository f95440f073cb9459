"""Reminders from a real memory, on both databases: told once, over restarts, days off and two processes at once."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from notifications.reminders import remind
from procedures.terms import Event, Kind, Procedure
from storage.tables import CaseRow, ClassificationRow, EventRow, ReminderRow
from storage.unit_of_work import Memory, open_memory
from tests.mouth.offices import (
    HEAD,
    MANAGER,
    OFFICE,
    OFFICER,
    OWNER,
    REFERENCE,
    at,
    case,
    happened,
    keep,
    outbox,
    record,
    rows_of,
)

DUE = date(2026, 4, 2)


async def told(memory: Memory) -> list[tuple[str, str]]:
    async with memory.reading() as uow:
        return sorted((row.person, row.rung) for row in await uow.exec(select(ReminderRow)))


async def test_a_morning_queues_a_letter_to_each_person_and_a_second_run_changes_nothing(memory: Memory) -> None:
    await keep(memory, case())

    first = await remind(memory, OFFICE, at(DUE, 8, 30))
    queued = await outbox(memory)
    again = await remind(memory, OFFICE, at(DUE, 8, 31))

    assert [bundle.person for bundle in first] == [OFFICER, OWNER]
    assert [row.key for row in queued] == [
        "reminders:olive@council.example:2026-04-02",
        "reminders:wim@council.example:2026-04-02",
    ]
    assert {row.recipient for row in queued} == {OFFICER.address, OWNER.address}
    assert again == [] and await outbox(memory) == queued
    assert await told(memory) == [
        (OFFICER.address, "due"),
        (OWNER.address, "T-2"),
        (OWNER.address, "day 5"),
        (OWNER.address, "due"),
    ]


@pytest.mark.parametrize(
    "moment",
    [
        at(DUE, 8, 29),
        at(DUE, 18, 0),
        at(DUE, 23, 30),
        at(date(2026, 4, 3), 9),  # Good Friday
        at(date(2026, 4, 4), 9),  # Saturday
    ],
)
async def test_nobody_is_written_to_outside_working_time(memory: Memory, moment: datetime) -> None:
    await keep(memory, case())

    assert await remind(memory, OFFICE, moment) == []
    assert await outbox(memory) == []


async def test_in_summer_half_past_eight_is_london_time(memory: Memory) -> None:
    """Received 1 June 2026: its answer is due on Monday 15 June."""
    await keep(memory, case(received=date(2026, 6, 1)))

    assert await remind(memory, OFFICE, datetime(2026, 6, 15, 7, 29, tzinfo=UTC)) == []
    assert len(await remind(memory, OFFICE, datetime(2026, 6, 15, 7, 30, tzinfo=UTC))) == 2


async def test_after_a_machine_that_was_off_one_bundle_says_how_it_stands_today(memory: Memory) -> None:
    """Off from before Tuesday 31 March until Friday 10 April, four working days late."""
    await keep(memory, case())

    bundles = await remind(memory, OFFICE, at(date(2026, 4, 10), 14))

    assert {bundle.person for bundle in bundles} == {OFFICER, OWNER, MANAGER, HEAD}
    assert {line.days for bundle in bundles for line in bundle.overdue} == {4}
    assert len(await outbox(memory)) == 4
    assert (OWNER.address, "T-2") in await told(memory) and (HEAD.address, "+1") not in await told(memory)
    assert await remind(memory, OFFICE, at(date(2026, 4, 10), 15)) == []
    assert await remind(memory, OFFICE, at(date(2026, 4, 13), 8, 30)), "five days late is the next rung"


async def test_a_line_that_comes_after_the_bundle_of_the_day_waits_for_the_next(memory: Memory) -> None:
    await keep(memory, case())
    await remind(memory, OFFICE, at(DUE, 8, 30))
    await keep(memory, case("4HX-C9Y-2RM8", date(2026, 3, 23)))  # due Wednesday 8 April, T-2 on Thursday 2 April

    assert await remind(memory, OFFICE, at(DUE, 10)) == []
    later = await remind(memory, OFFICE, at(date(2026, 4, 7), 8, 30))

    of_owner = next(bundle for bundle in later if bundle.person == OWNER)
    assert [line.reference for line in of_owner.due_soon] == ["4HX-C9Y-2RM8"]


async def test_two_processes_at_once_tell_nobody_twice_and_lose_no_line(memory: Memory) -> None:
    await keep(memory, *(case(reference) for reference in ("4HX-C9Y-2RM8", "8RC-2HK-47XW", "9FM-3KC-88RX")))
    other = open_memory(memory.url)

    async def one_process(own: Memory) -> int:
        return len(await remind(own, OFFICE, at(DUE, 8, 30)))

    counts = await asyncio.gather(*(one_process(own) for own in (memory, other) * 4))
    await other.close()

    assert sum(counts) == 2 and len(await outbox(memory)) == 2
    lines = Counter((row.recipient, item["reference"]) for row in await outbox(memory) for item in row.facts["due_today"])
    assert set(lines.values()) == {1} and len(lines) == 6


async def test_a_crash_before_the_commit_leaves_everything_to_the_next_run(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(memory, case())
    from notifications import reminders

    async def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reminders, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        await remind(memory, OFFICE, at(DUE, 8, 30))
    monkeypatch.undo()

    assert await outbox(memory) == [] and await told(memory) == []
    assert len(await remind(memory, OFFICE, at(DUE, 8, 31))) == 2


async def test_a_day_is_rebuilt_from_what_was_known_that_morning(memory: Memory) -> None:
    """Answered on the due day at eleven: the morning's bundle still named it. Nothing is queued."""
    await keep(memory, case())
    await record(memory, happened(REFERENCE, Event.S1_REPLY_SENT, DUE, at(DUE, 11)))

    morning = await remind(memory, OFFICE, at(date(2026, 6, 1)), day=DUE, queue=False)
    next_one = await remind(memory, OFFICE, at(date(2026, 6, 1)), day=date(2026, 4, 7), queue=False)

    assert {bundle.person for bundle in morning} == {OFFICER, OWNER}
    assert next_one == [] and await outbox(memory) == []
    assert await remind(memory, OFFICE, at(DUE, 12), day=date(2026, 4, 3), queue=False) == [], "Good Friday"


async def test_a_rebuilt_day_knows_what_was_told_before_it_and_not_what_was_told_on_it(memory: Memory) -> None:
    await keep(memory, case())
    sent = await remind(memory, OFFICE, at(DUE, 8, 30))

    rebuilt = await remind(memory, OFFICE, at(DUE, 15), day=DUE, queue=False)

    assert rebuilt == sent
    assert await remind(memory, OFFICE, at(DUE, 15), day=DUE) == [], "and sending it again sends nothing"


async def test_a_rebuilt_day_has_the_route_and_the_owner_of_that_day(memory: Memory) -> None:
    """Undecided that morning, so due by the statutory clock; corporate (due 13 April) and with another person since noon."""
    moved = case(procedure=Procedure.CORPORATE, owner=OWNER.address, events={Event.ACKNOWLEDGED: date(2026, 3, 26)})
    await keep(memory, moved)
    await record(
        memory,
        happened(REFERENCE, Event.ASSIGNED, date(2026, 3, 20), note=f"to {MANAGER.address}"),
        happened(REFERENCE, Event.ASSIGNED, DUE, at(DUE, 12), note=f"to {OWNER.address}"),
        *(
            ClassificationRow(case_reference=REFERENCE, made_at=made, made_by=by, kind=Kind.COMPLAINT, procedure=procedure)
            for made, by, procedure in (
                (at(date(2026, 3, 19)), "rules", Procedure.STATUTORY),
                (at(DUE, 12), OFFICER.address, Procedure.CORPORATE),
            )
        ),
    )

    bundles = await remind(memory, OFFICE, at(date(2026, 6, 1)), day=DUE, queue=False)

    assert {bundle.person for bundle in bundles} == {OFFICER, MANAGER}


async def test_a_letter_imported_later_counts_on_the_days_on_which_it_happened(memory: Memory) -> None:
    """Two cases whose every event was put on record in June: one imported, one taken down late by hand."""
    for one in (case("4HX-C9Y-2RM8", is_imported=True), case("8RC-2HK-47XW")):
        rows = rows_of(one)
        for row in rows.rows:
            if isinstance(row, EventRow):
                row.recorded_at = at(date(2026, 6, 1))
        await record(memory, *rows.rows)

    bundles = await remind(memory, OFFICE, at(date(2026, 6, 2)), day=DUE, queue=False)

    assert {line.reference for bundle in bundles for line in bundle.due_today} == {"4HX-C9Y-2RM8"}


async def look_of(memory: Memory, reference: str = REFERENCE) -> date | None:
    async with memory.reading() as uow:
        return (await uow.exec(select(CaseRow).where(CaseRow.reference == reference))).one().remind_from


async def test_a_sweep_takes_a_case_off_its_list_until_somebody_must_hear_and_an_event_puts_it_back(memory: Memory) -> None:
    await keep(memory, case(received=date(2026, 3, 19)))
    monday = date(2026, 3, 23)

    await remind(memory, OFFICE, at(monday, 8, 30))
    look = await look_of(memory)
    assert look is not None
    assert look > monday
    await record(memory, happened(REFERENCE, Event.S1_REPLY_SENT, monday))
    assert await look_of(memory) == monday  # what happened to it, nobody has looked at yet

    await remind(memory, OFFICE, at(monday + timedelta(days=1), 8, 30))
    assert await look_of(memory) is None  # answered: nobody waits


async def test_what_a_sweep_by_list_tells_is_what_a_sweep_of_every_case_tells(memory: Memory) -> None:
    """A morning of the list, and the same morning rebuilt from every case."""
    for number in range(40):
        reference = f"{number:03d}"
        await keep(memory, case(reference=reference, received=date(2026, 2, 2) + timedelta(days=number)))
        if number % 3 == 0:
            await record(memory, happened(reference, Event.S1_REPLY_SENT, date(2026, 3, 25)))
    day, queued = date(2026, 3, 2), 0
    while day < date(2026, 5, 1):
        every = await remind(memory, OFFICE, at(day, 8, 30), day=day, queue=False)
        by_list = await remind(memory, OFFICE, at(day, 8, 30))
        assert by_list == every, day
        queued += len(by_list)
        day += timedelta(days=1)
    assert queued > 40
