"""What is counted over the whole service goes on in the last week that the calendar knows, and with cases of before its first.

The calendar of these tests ends on Friday 10 April 2026. Good Friday was 3 April, Easter Monday 6 April. On both databases.
"""

from dataclasses import replace
from datetime import date

import pytest

from bot.mornings import jobs
from casework.people.advocacy import log
from casework.progress import Rank, rank
from notifications.digest import queue_digests
from notifications.ladder import rungs_until
from notifications.on_desk import Standings
from notifications.reminders import remind
from notifications.rendering import render
from procedures.terms import ActionSource, Channel, Event, Notice
from procedures.working_days import UnknownDates
from storage.tables import ActionRow
from storage.unit_of_work import Memory
from tests.mouth.offices import COUNCIL, OFFICE, OFFICER, REFERENCE, at, case, keep, outbox, party, record

LAST = date(2026, 4, 10)
CALENDAR = replace(OFFICE.calendar, known_until=LAST)
SHORT = replace(OFFICE, calendar=CALENDAR, open_days=CALENDAR)
SOON, ANSWERED, OLD = "AAA-AAA-AAAT", "BBB-BBB-BBBV", "CCC-CCC-CCCX"
BEFORE_THE_CALENDAR = date(2005, 11, 1)


async def told_of(memory: Memory, notice: Notice) -> str:
    rows = [row for row in await outbox(memory) if row.notice == notice]
    return "\n".join(render(Notice(row.notice), Channel.EMAIL, "en", row.facts, COUNCIL).text for row in rows)


@pytest.mark.parametrize("day", [7, 8, 9, 10])
async def test_every_job_of_a_morning_is_done(memory: Memory, day: int) -> None:
    """Received on 19 March, due on 2 April and late; the answer of the other on 31 March is five working days old on 9 April."""
    await keep(memory, case(), case(ANSWERED, events={Event.S1_REPLY_SENT: date(2026, 3, 31)}))
    await record(memory, party(address="mum@family.example"), party(ANSWERED, chat_id=7))
    now = at(date(2026, 4, day), 10, 30)

    async def what_the_desk_does() -> None:
        """Letting go of loose letters asks for the desk and counts days of every kind: `tests/desk/test_letting_go.py`."""

    for _, _, job in jobs(memory, SHORT, now, what_the_desk_does):
        await job()

    notices = {row.notice for row in await outbox(memory)}
    assert {Notice.DIGEST, Notice.REMINDERS, Notice.LATE} <= notices
    assert (Notice.SCREEN in notices) is (day >= 9)


async def test_what_is_due_in_it_is_due_soon() -> None:
    """Received on Wednesday 25 March: ten working days end on Thursday 9 April."""
    on = Standings(SHORT, date(2026, 4, 8))

    assert rank(on.of(case(received=date(2026, 3, 25))), SHORT, on.today) is Rank.DUE_SOON
    with pytest.raises(UnknownDates):
        CALENDAR.add_working_days(on.today, 5)


async def test_a_digest_names_what_was_answered_and_cannot_be_timed_and_counts_the_others(memory: Memory) -> None:
    """Both were answered on Wednesday 1 April 2026; the imported one had come before any calendar that we have."""
    answered = {Event.S1_REPLY_SENT: date(2026, 4, 1)}
    await keep(
        memory,
        case(OLD, BEFORE_THE_CALENDAR, events=answered, is_imported=True),
        case(ANSWERED, date(2026, 3, 24), events=answered),
    )

    await queue_digests(memory, OFFICE, at(date(2026, 4, 7), 8, 30))

    [facts] = [row.facts for row in await outbox(memory) if row.notice == Notice.DIGEST and row.recipient == OFFICER.address]
    this_week = {row["name"]: row["cells"][0]["count"] for row in facts["rows"]}
    assert facts["uncounted"] == [OLD]
    assert (this_week["answered"], this_week["in_10"], this_week["in_20"]) == (2, 1, 1)
    assert f"? {OLD}" in await told_of(memory, Notice.DIGEST)


def test_what_is_due_in_the_first_days_of_the_calendar_has_its_rungs() -> None:
    """Monday 2 January 2006 was a holiday: Wednesday the 4th was the second working day that is known."""
    due_on = date(2006, 1, 4)

    assert rungs_until(due_on, due_on, OFFICE.calendar) == ("T-2", "due")
    assert rungs_until(due_on, date(2006, 1, 5), OFFICE.calendar) == ("T-2", "due", "+1")


async def test_an_action_that_is_due_beyond_the_calendar_silences_nobody(memory: Memory) -> None:
    """As one that was promised under a longer calendar."""
    await keep(memory, case())
    due_on = date(2026, 5, 29)
    row = ActionRow(
        case_reference=REFERENCE,
        source=ActionSource.LESSON,
        words="Call first.",
        owner=OFFICER.address,
        due_on=due_on,
        first_due_on=due_on,
        made_at=at(date(2026, 3, 19)),
        made_by=OFFICER.address,
    )
    await record(memory, row)

    await remind(memory, SHORT, at(date(2026, 4, 8), 8, 30))

    assert REFERENCE in await told_of(memory, Notice.REMINDERS)


async def test_the_advocacy_log_shows_what_was_imported_from_before_it(memory: Memory) -> None:
    asked = {Event.ADVOCATE_REQUESTED: date(2005, 12, 1), Event.ADVOCATE_APPOINTED: date(2006, 1, 5)}
    await keep(memory, case(OLD, BEFORE_THE_CALENDAR, events=asked, is_imported=True))

    async with memory.reading() as uow:
        [line] = await log(uow, date(2026, 4, 7), OFFICE.calendar)

    assert (line.asked_on, line.working_days, line.is_alarm) == (date(2005, 12, 1), None, False)
