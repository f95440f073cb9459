"""A letter that the law splits: an issue that goes another way than its case has its own dates, told beside the case's.

Received on Monday 10 March 2025 and acknowledged on the 11th: the statutory answer is due on Monday 24 March, the answer under
the Code, counted from the acknowledgement, on Tuesday 25 March.
"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from casework import actions
from casework.acting import Refused, progress_of, the_case
from casework.decisions.acknowledging import Acknowledging
from casework.issues import findings, issue_list
from casework.issues.issue_list import Mending
from casework.progress import Rank, rank
from casework.recording import record
from notifications.digest import queue_digests
from notifications.late_letters import tell_late
from notifications.reminders import plan_reminders, remind
from notifications.rendering import render
from procedures.terms import Event, Notice, Outcome, Procedure, Timeliness
from storage import cases
from storage.courses import courses
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import OFFICE, OFFICER, a_case, acting

TUESDAY = acting(at=datetime(2025, 3, 11, 10, tzinfo=UTC))
Due = list[tuple[str, str, date]]


async def split(memory: Memory, procedure: Procedure = Procedure.CORPORATE, of: Procedure = Procedure.STATUTORY) -> str:
    """A complaint, acknowledged, of which the second issue goes another way."""
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, of, "a looked-after child", acting())
        await issue_list.add(uow, reference, "Nobody calls back.", acting())
        await issue_list.add(uow, reference, "The website lost my form.", acting(), procedure=procedure)
        await actions.acknowledge(uow, reference, Acknowledging(()), TUESDAY)
    return reference


async def answers(uow: UnitOfWork, reference: str) -> Due:
    rows = await cases.deadlines_of(uow, reference, standing_only=True)
    return [(row.procedure.value, row.clock, row.due_on) for row in rows if row.clock == "s1_response"]


BOTH = [("statutory", "s1_response", date(2025, 3, 24)), ("corporate", "s1_response", date(2025, 3, 25))]


async def test_an_issue_that_goes_another_way_has_a_date_of_its_own_beside_that_of_its_case(memory: Memory) -> None:
    reference = await split(memory)
    async with memory.reading() as uow:
        progress = await progress_of(uow, await the_case(uow, reference), OFFICE, date(2025, 3, 25))

        assert await answers(uow, reference) == BOTH
    owed = [(one.deadline.procedure.value, one.deadline.due_on, one.timeliness) for one in progress.open]
    assert owed == [
        ("statutory", date(2025, 3, 24), Timeliness.OPEN_LATE),
        ("corporate", date(2025, 3, 25), Timeliness.OPEN_IN_TIME),
    ]
    assert progress.answer_by == date(2025, 3, 24)  # the case's own, and not that of an issue


async def test_both_dates_are_reminded_of(memory: Memory) -> None:
    reference = await split(memory)
    [bundle] = await remind(memory, OFFICE, datetime(2025, 3, 24, 9, tzinfo=UTC))

    told = [(line["reference"], line["due_on"]) for name in ("due_today", "due_soon") for line in bundle.facts[name]]
    assert told == [(reference, "2025-03-24"), (reference, "2025-03-25")]
    assert plan_reminders([], (), (), OFFICE, date(2025, 3, 24)) == []


async def test_one_answer_stops_both(memory: Memory) -> None:
    reference = await split(memory)
    by = acting(at=datetime(2025, 3, 21, 10, tzinfo=UTC))
    async with memory.unit_of_work() as uow:
        for number in (1, 2):
            await findings.find(uow, reference, number, Outcome.NOT_UPHELD, "We looked at the calls and the form.", by)
        progress = await actions.respond(uow, reference, "We looked into both.", None, by)

    assert {one.deadline.procedure: one.timeliness for one in progress.running if one.deadline.clock == "s1_response"} == {
        Procedure.STATUTORY: Timeliness.IN_TIME,
        Procedure.CORPORATE: Timeliness.IN_TIME,
    }


async def test_an_issue_that_comes_back_to_its_case_or_is_taken_out_owes_nothing_of_its_own(memory: Memory) -> None:
    reference, other = await split(memory), await split(memory)
    async with memory.unit_of_work() as uow:
        await issue_list.mend(uow, reference, 2, Mending(procedure=Procedure.STATUTORY), "it is about her plan", TUESDAY)
        await issue_list.withdraw(uow, other, 2, "spoke with her on the phone: her own choice", TUESDAY)

        assert await answers(uow, reference) == BOTH[:1]
        assert await answers(uow, other) == BOTH[:1]
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if row.name is Event.NOTED]
    assert any("s1_response: 2025-03-25 no longer runs" in note for note in notes)


async def test_a_data_protection_issue_is_acknowledged_within_its_thirty_days(memory: Memory) -> None:
    """30 days from Tuesday 23 June 2026: Wednesday 22 July."""
    monday = datetime(2026, 6, 22, 10, tzinfo=UTC)
    reference, by = await a_case(memory, received_at=monday), acting(at=monday)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", by)
        await issue_list.add(uow, reference, "My file was sent to a neighbour.", by, procedure=Procedure.DATA_PROTECTION)
        rows = await cases.deadlines_of(uow, reference, standing_only=True)

    assert [row.due_on for row in rows if row.procedure is Procedure.DATA_PROTECTION] == [date(2026, 7, 22)]


async def test_stage_2_of_such_an_issue_is_recorded_on_clocks_of_its_own(memory: Memory) -> None:
    """Asked for on Monday 24 March: the statutory day 25 is Wednesday 30 April; under the Code acknowledged by Monday 31 March,
    and twenty working days from the acknowledgement of Thursday 27 March are Monday 28 April.
    """
    reference = await answered_split(memory)
    by = acting(at=datetime(2025, 3, 27, 10, tzinfo=UTC))
    async with memory.unit_of_work() as uow:
        assert ("corporate", "s2_acknowledgement", date(2025, 3, 31)) in await of_stage_2(uow, reference)
        await record(uow, reference, Event.S2_ACKNOWLEDGED, by, why="the form is looked at anew", say={"outstanding": "the form"})
        due = await of_stage_2(uow, reference)
        [letter] = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.S2_ACKNOWLEDGEMENT][-1:]

    assert ("statutory", "s2_response", date(2025, 4, 30)) in due
    assert ("corporate", "s2_response", date(2025, 4, 28)) in due
    assert (letter.facts["procedure"], letter.facts["due_on"]) == ("corporate", "2025-04-28")


async def test_longer_time_for_such_an_issue_moves_its_own_date_and_not_that_of_its_case(memory: Memory) -> None:
    """Forty working days from Thursday 27 March 2025, over Easter and two bank holidays in May: Wednesday 28 May."""
    reference = await answered_split(memory)
    by = acting(at=datetime(2025, 3, 27, 10, tzinfo=UTC))
    async with memory.unit_of_work() as uow:
        await record(uow, reference, Event.S2_ACKNOWLEDGED, by, why="the form is looked at anew", say={"outstanding": "the form"})
        await record(uow, reference, Event.S2_EXTENDED, by, why="the supplier of the website answers in May")
        due = await of_stage_2(uow, reference)

    assert ("statutory", "s2_response", date(2025, 4, 30)) in due
    assert ("corporate", "s2_response", date(2025, 5, 28)) in due


async def test_a_case_of_one_way_knows_no_step_of_another(memory: Memory) -> None:
    reference, by = await a_case(memory), acting(at=datetime(2025, 3, 27, 10, tzinfo=UTC))
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", by)
        with pytest.raises(Refused, match="no clock that stage 2 acknowledged starts"):
            await record(uow, reference, Event.S2_ACKNOWLEDGED, by, why="as it happened")


async def test_a_part_that_is_late_is_told_and_counted_by_the_one_definition(memory: Memory) -> None:
    """Under the Code all is due on Tuesday 25 March, its statutory issue on Monday the 24th: on Tuesday that one is late."""
    reference = await split(memory, Procedure.STATUTORY, of=Procedure.CORPORATE)
    morning = datetime(2025, 3, 25, 9, tzinfo=UTC)
    [late] = await tell_late(memory, OFFICE, morning)
    again = await tell_late(memory, OFFICE, morning)
    digests = dict(await queue_digests(memory, OFFICE, morning, day=date(2025, 3, 25), queue=False))
    async with memory.reading() as uow:
        progress = await progress_of(uow, await the_case(uow, reference), OFFICE, date(2025, 3, 25))
        [letter] = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.LATE]
    [line] = (await remind(memory, OFFICE, morning))[0].facts["overdue"]
    words = render(Notice.LATE, letter.channel, "en", letter.facts, OFFICE.council).text

    assert (late.procedure, late.due_on, again) == (Procedure.STATUTORY, date(2025, 3, 24), [])
    assert "answer to one part of what you told us by Monday 24 March" in words
    assert "Two people from outside the team will look into it" in words  # its own next step
    assert rank(progress, OFFICE, date(2025, 3, 25)) is Rank.LATE
    assert (line["reference"], line["due_on"], line["days"]) == (reference, "2025-03-24", 1)
    assert [(duty.reference, duty.due_on) for duty in digests[OFFICER.address].late] == [(reference, date(2025, 3, 24))]


async def test_where_the_rest_is_late_first_one_letter_says_so_for_all_of_it(memory: Memory) -> None:
    reference = await split(memory)
    told = [await tell_late(memory, OFFICE, datetime(2025, 3, day, 9, tzinfo=UTC)) for day in (25, 26, 27)]

    assert [[(one.case.reference, one.procedure, one.due_on) for one in day] for day in told] == [
        [(reference, Procedure.STATUTORY, date(2025, 3, 24))],
        [],
        [],
    ]


async def test_a_report_counts_the_case_from_its_own_beginning_and_not_from_that_of_a_part(memory: Memory) -> None:
    """Under the Code stage 1 begins with the acknowledgement of the 11th; that of its statutory issue began on the 10th."""
    reference = await split(memory, Procedure.STATUTORY, of=Procedure.CORPORATE)
    async with memory.reading() as uow:
        found = courses()
        begun = select(found.c.stage_1_started_on).where(found.c.case_reference == reference)
        [(day,)] = await (await uow.connection()).execute(begun)

    assert day == date(2025, 3, 11)


async def answered_split(memory: Memory) -> str:
    """A split complaint, both issues answered on Friday 21 March; stage 2 was asked for on Monday the 24th."""
    reference = await split(memory)
    friday, monday = (acting(at=datetime(2025, 3, day, 10, tzinfo=UTC)) for day in (21, 24))
    async with memory.unit_of_work() as uow:
        for number in (1, 2):
            await findings.find(uow, reference, number, Outcome.NOT_UPHELD, "We looked at the calls and the form.", friday)
        await actions.respond(uow, reference, "We looked into both.", None, friday)
        await record(uow, reference, Event.S2_REQUESTED, monday, why="as they wrote")
    return reference


async def of_stage_2(uow: UnitOfWork, reference: str) -> Due:
    rows = await cases.deadlines_of(uow, reference, standing_only=True)
    return [(row.procedure.value, row.clock, row.due_on) for row in rows if row.stage == 2]
