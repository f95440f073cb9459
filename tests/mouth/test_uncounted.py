"""One case whose dates lie beyond the calendar silences no other in letters, digest and status, on both databases.

A later start of 27 December 2035 was recorded, a year too many: ten working days after it is in 2036, which no calendar knows.
"""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from casework.acting import progress_of
from casework.clockwork import deadline_rows
from casework.decisions.duties import see_to_duties
from casework.progress import Rank, State, rank
from casework.receiving import status_facts
from notifications.digest import queue_digests
from notifications.late_letters import tell_late
from notifications.reminders import remind
from notifications.rendering import render
from procedures.terms import Channel, Event, Notice
from procedures.working_days import UnknownDates
from storage import cases
from storage.tables import TaskKind, TaskRow
from storage.unit_of_work import Memory
from tests.mouth.offices import COUNCIL, OFFICE, OFFICER, REFERENCE, at, case, happened, keep, outbox, party, record

ODD = "AAA-AAA-AAAT"
BEYOND = date(2035, 12, 27)
WHY = (
    f"10 working days after {BEYOND} lies outside the calendar {OFFICE.calendar.version}, which knows bank holidays "
    f"from 2006-01-01 to {OFFICE.calendar.known_until}"
)
DUE = date(2026, 4, 2)
"""Of what was received on Thursday 19 March 2026."""


@pytest.fixture
async def both(memory: Memory) -> Memory:
    """Two complaints alike, but that the first (in any order by reference) cannot be counted."""
    await keep(memory, case(ODD), case())
    await record(memory, happened(ODD, Event.AGREED_START, BEYOND, at(date(2026, 3, 19))))
    return memory


async def about(memory: Memory, notice: Notice) -> str:
    """Every letter of a kind, as its readers get it."""
    rows = [row for row in await outbox(memory) if row.notice == notice]
    return "\n".join(render(Notice(row.notice), Channel.EMAIL, "en", row.facts, COUNCIL).text for row in rows)


async def test_others_are_reminded_of(both: Memory) -> None:
    bundles = await remind(both, OFFICE, at(DUE, 8, 30))

    assert OFFICER in [bundle.person for bundle in bundles]
    assert REFERENCE in await about(both, Notice.REMINDERS)


async def test_what_can_be_counted_of_it_is_reminded_of(memory: Memory) -> None:
    """Of the Ombudsman's day in 2036 nobody can say how far off it is; its answer of 2 April 2026 is owed all the same."""
    asked = date(2026, 3, 20)
    await keep(memory, case(ODD, events={Event.OMBUDSMAN_ENQUIRY: asked}))
    await record(memory, happened(ODD, Event.OMBUDSMAN_REPLY_BY, date(2036, 1, 14), at(asked)))

    await remind(memory, OFFICE, at(DUE, 8, 30))

    assert ODD in await about(memory, Notice.REMINDERS)
    async with memory.reading() as uow:
        row = await cases.find(uow, ODD)
        assert row is not None
        progress = await progress_of(uow, row, OFFICE, DUE)
    assert progress.answer_by == DUE
    assert progress.uncounted.startswith("2036-01-14 lies outside the calendar")


async def test_the_digest_names_it_and_counts_the_others(both: Memory) -> None:
    """On Monday 13 April 2026 the other is late by six working days: 7, 8, 9, 10 and 13 April are five, and Good Friday none."""
    await queue_digests(both, OFFICE, at(date(2026, 4, 13), 8, 30))

    text = await about(both, Notice.DIGEST)
    assert f"# {REFERENCE}" in text and f"? {ODD}" in text
    assert "Some dates of these cannot be counted" in text
    [facts] = [row.facts for row in await outbox(both) if row.notice == Notice.DIGEST and row.recipient == OFFICER.address]
    assert (facts["late_count"], facts["on_track"], facts["uncounted"]) == (1, 0, [ODD])


async def test_who_waits_for_a_late_answer_hears(both: Memory) -> None:
    await record(both, party(address="mum@family.example"), party(ODD, address="dad@family.example"))

    await tell_late(both, OFFICE, at(date(2026, 4, 7), 9, 30))

    assert [row.recipient for row in await outbox(both) if row.notice == Notice.LATE] == ["mum@family.example"]


async def test_the_tasks_of_a_morning_are_made_for_others(memory: Memory) -> None:
    """Both at stage 2 since Monday 16 February 2026. Day 24 is Friday 20 March, day 25 Monday 23 March."""
    at_stage_2 = {Event.S1_REPLY_SENT: date(2026, 2, 13), Event.S2_REQUESTED: date(2026, 2, 16)}
    for reference in (ODD, REFERENCE):
        await keep(memory, case(reference, date(2026, 2, 2), events=at_stage_2))
        async with memory.reading() as uow:
            row = await cases.find(uow, reference)
        assert row is not None
        known = {Event.RECEIVED: date(2026, 2, 2), **at_stage_2}
        await record(memory, *deadline_rows(row, known, OFFICE, at(date(2026, 2, 16))))
    await record(memory, happened(ODD, Event.AGREED_START, BEYOND, at(date(2026, 2, 17))))

    await see_to_duties(memory, OFFICE, at(date(2026, 3, 20)))

    async with memory.reading() as uow:
        tasks = (await uow.exec(select(TaskRow).where(TaskRow.kind == TaskKind.DELAY_NOTICE))).all()
    assert {task.case_reference for task in tasks} == {ODD, REFERENCE}


async def test_who_asks_for_the_status_of_it_hears_what_is_known(both: Memory) -> None:
    async with both.reading() as uow:
        row = await cases.find(uow, ODD)
        assert row is not None
        events = (await cases.events_of(uow, [ODD]))[ODD]
        progress = await progress_of(uow, row, OFFICE, DUE)

    facts = status_facts(row, events, OFFICE, DUE)

    assert (facts["state"], facts["due_on"]) == (State.LOOKING.value, None)
    assert render(Notice.STATUS, Channel.EMAIL, "en", facts, COUNCIL).text
    assert (progress.uncounted, rank(progress, OFFICE, DUE)) == (WHY, Rank.UNCOUNTED)


async def test_a_calendar_that_was_shortened_stops_only_what_lies_beyond_it(memory: Memory) -> None:
    """Known until Friday 10 April 2026: of 19 March the answer is due on 2 April, of 30 March on 15 April."""
    await keep(memory, case(ODD, date(2026, 3, 30)), case())
    short = replace(OFFICE, calendar=replace(OFFICE.calendar, known_until=date(2026, 4, 10)), open_days=OFFICE.calendar)

    await remind(memory, short, at(DUE, 8, 30))

    told = await about(memory, Notice.REMINDERS)
    assert REFERENCE in told and ODD not in told


async def test_nothing_is_recorded_of_a_case_without_its_dates(both: Memory) -> None:
    async with both.reading() as uow:
        row = await cases.find(uow, ODD)
    assert row is not None

    with pytest.raises(UnknownDates, match=str(BEYOND)):
        deadline_rows(row, {Event.RECEIVED: date(2026, 3, 19), Event.AGREED_START: BEYOND}, OFFICE, at(DUE))
