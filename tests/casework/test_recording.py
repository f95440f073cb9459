"""What an officer records on a case moves its dates, and what the law does not allow is refused, on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework import actions
from casework.acting import Refused
from casework.clockwork import events_of
from casework.decisions.acknowledging import Acknowledging
from casework.progress import Progress, State
from casework.recordable import what_may_be_recorded
from casework.recording import correct, record
from procedures.terms import Event, Form, Kind, Outcome, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import EventRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, MONDAY, OFFICE, a_case, acting


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


async def routed(memory: Memory, procedure: Procedure = Procedure.STATUTORY) -> str:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "read with the file", acting())
    return reference


async def recorded(memory: Memory, reference: str, event: Event, day: date, why: str = "because", **more: Any) -> Progress:
    async with memory.unit_of_work() as uow:
        return await record(uow, reference, event, acting(at=on(day)), why=why, **more)


async def due_of(memory: Memory, reference: str) -> dict[str, date]:
    async with memory.reading() as uow:
        return {row.clock: row.due_on for row in await cases.deadlines_of(uow, reference, standing_only=True)}


async def events_in(memory: Memory, reference: str) -> dict[Event, date]:
    async with memory.reading() as uow:
        return events_of((await cases.events_of(uow, [reference]))[reference])


async def open_tasks(memory: Memory, reference: str) -> set[TaskKind]:
    async with memory.reading() as uow:
        return {row.kind for row in await cases.tasks(uow, reference=reference)}


async def happened(memory: Memory, reference: str, *events: tuple[Event, date]) -> None:
    """What other rooms recorded."""
    filing = Filing()
    for event, day in events:
        filing.add(acting(at=on(day)).event(reference, event))
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


async def test_an_advocate_who_was_asked_for_and_appointed_moves_the_start_of_stage_1(memory: Memory) -> None:
    """SI 2006/1738, reg. 14(3)(b). Received Monday 10, appointed Friday 14: due Friday 28 March 2025."""
    reference = await routed(memory)
    await recorded(memory, reference, Event.ADVOCATE_REQUESTED, date(2025, 3, 11))
    await recorded(memory, reference, Event.ADVOCATE_APPOINTED, date(2025, 3, 14))

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 28)


async def test_who_had_asked_for_an_advocate_before_complaining_has_stage_1_from_the_appointment_too(memory: Memory) -> None:
    """SI 2006/1738, reg. 14(3)(b): asked on Friday 7 March 2025, received on Monday 10, appointed on Thursday 20: due 3 April."""
    reference = await routed(memory)
    await recorded(memory, reference, Event.ADVOCATE_REQUESTED, date(2025, 3, 10), on=date(2025, 3, 7))
    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 24)  # promised until somebody is appointed
    assert (await due_of(memory, reference))["advocate_appointed"] == date(2025, 3, 12)
    await recorded(memory, reference, Event.ADVOCATE_APPOINTED, date(2025, 3, 20))

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 3)
    async with memory.unit_of_work() as uow:
        officer = acting(at=on(date(2025, 3, 21)))
        await correct(uow, reference, Event.RECEIVED, officer, on=date(2025, 3, 11), why="the stamp says the 11th")
        progress = await correct(
            uow, reference, Event.ADVOCATE_REQUESTED, officer, on=date(2025, 3, 6), why="she rang the advocates on Thursday"
        )
    assert progress.answer_by == date(2025, 4, 3)


async def test_a_later_start_that_they_asked_for_counts_from_the_day_it_is_agreed_and_not_from_the_day_it_comes(
    memory: Memory,
) -> None:
    """Reg. 14(4). Until that day the person hears the agreed date, not the old one."""
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        officer = acting(at=on(date(2025, 3, 12)))
        progress = await record(uow, reference, Event.AGREED_START, officer, on=date(2025, 4, 7), why="exams, she wrote")

    assert progress.answer_by == date(2025, 4, 23)  # Good Friday 18 and Easter Monday 21 April between
    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 23)


async def test_a_complex_complaint_has_ten_days_more_once_and_only_before_its_day_ten_has_passed(memory: Memory) -> None:
    reference = await routed(memory)
    with pytest.raises(Refused, match="ended on"):
        await recorded(memory, reference, Event.COMPLEX_DECIDED, date(2025, 3, 25), "three agencies")  # day 11
    await recorded(memory, reference, Event.COMPLEX_DECIDED, date(2025, 3, 24), "three agencies")

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 7)
    with pytest.raises(Refused, match="on the case already"):
        await recorded(memory, reference, Event.COMPLEX_DECIDED, date(2025, 3, 24), "four agencies")


async def test_the_council_cannot_extend_a_statutory_stage_1_for_a_reason_of_its_own(memory: Memory) -> None:
    reference = await routed(memory)
    with pytest.raises(Refused, match="is no ground"):
        await recorded(memory, reference, Event.COMPLEX_DECIDED, date(2025, 3, 12), "staff leave")
    with pytest.raises(Refused, match="has no clock that extended"):
        await recorded(memory, reference, Event.EXTENDED, date(2025, 3, 12), "we are busy")
    with pytest.raises(Refused, match="leave --until out"):
        await recorded(memory, reference, Event.COMPLEX_DECIDED, date(2025, 3, 12), "complex", until=date(2025, 9, 1))
    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 24)


async def test_a_corporate_answer_may_take_ten_days_more_once(memory: Memory) -> None:
    """The Code, 6.4. Acknowledged Friday 14 March, due Friday 28, extended to Friday 11 April 2025."""
    reference = await routed(memory, Procedure.CORPORATE)
    with pytest.raises(Refused, match="does not run"):
        await recorded(memory, reference, Event.EXTENDED, date(2025, 3, 13), "files to read")
    async with memory.unit_of_work() as uow:
        await actions.acknowledge(uow, reference, Acknowledging(["a"]), acting(at=on(date(2025, 3, 14))))
    await recorded(memory, reference, Event.EXTENDED, date(2025, 3, 20), "files to read")

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 11)


async def at_stage_2(memory: Memory) -> str:
    """Answered Thursday 20, stage 2 asked for on Monday 24 March 2025: day 25 is Wednesday 30 April, day 65 Friday 27 June."""
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "No.", Outcome.NOT_UPHELD, acting(at=on(date(2025, 3, 20))))
    await recorded(memory, reference, Event.S2_REQUESTED, date(2025, 3, 24))
    return reference


async def test_a_delay_notice_names_a_date_within_day_65_and_is_a_breach_after_day_25(memory: Memory) -> None:
    """Reg. 17(6); V10, V11."""
    reference = await at_stage_2(memory)
    day_25 = (await due_of(memory, reference))["s2_response"]
    assert day_25 == date(2025, 4, 30)
    with pytest.raises(Refused, match="add --until"):
        await recorded(memory, reference, Event.DELAY_NOTICE, day_25, "many files")
    with pytest.raises(Refused, match="the last day is"):
        await recorded(memory, reference, Event.DELAY_NOTICE, day_25, "many files", until=date(2025, 6, 30))
    await recorded(memory, reference, Event.DELAY_NOTICE, day_25, "many files", until=date(2025, 6, 20))
    assert (await due_of(memory, reference))["s2_response"] == date(2025, 6, 27)

    late = await at_stage_2(memory)
    await recorded(memory, late, Event.DELAY_NOTICE, day_25 + timedelta(days=1), "many files", until=date(2025, 6, 20))
    assert (await due_of(memory, late))["s2_response"] == day_25
    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [late]))[late] if row.name is Event.DELAY_NOTICE]
    assert "a breach of SI 2006/1738, reg. 17(6)" in notes[0]


async def test_stage_2_is_answered_with_an_independent_person_or_not_at_all(memory: Memory) -> None:
    """Reg. 17(2)."""
    reference = await at_stage_2(memory)
    with pytest.raises(Refused, match="independent person appointed first"):
        await recorded(memory, reference, Event.S2_NOTICE_SENT, date(2025, 4, 10))
    await recorded(memory, reference, Event.IP_APPOINTED, date(2025, 3, 27), "B. Moss")
    progress = await recorded(memory, reference, Event.S2_NOTICE_SENT, date(2025, 4, 10))

    assert progress.answer is not None
    assert progress.answer.stopped_on == date(2025, 4, 10)
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "answered at stage 2", acting(at=on(date(2025, 4, 11))))


async def test_a_panel_is_asked_for_late_and_weighed_never_refused(memory: Memory) -> None:
    """V14, V15: the window runs from the day the notice was received, and a later request is a person's decision."""
    reference = await at_stage_2(memory)
    await recorded(memory, reference, Event.IP_APPOINTED, date(2025, 3, 27), "B. Moss")
    await recorded(memory, reference, Event.S2_NOTICE_SENT, date(2025, 8, 1))
    await recorded(memory, reference, Event.S2_NOTICE_RECEIVED, date(2025, 8, 4))
    due = await due_of(memory, reference)
    assert due["s3_request_window"] == date(2025, 9, 2)
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "nothing came", acting(at=on(date(2025, 9, 3))))
    await recorded(memory, reference, Event.S3_REQUESTED, date(2025, 9, 4))

    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
    assert case is not None
    assert case.closed_on is None
    assert TaskKind.LATE_PANEL in await open_tasks(memory, reference)
    assert (await due_of(memory, reference))["s3_panel_meets"] == date(2025, 10, 16)


async def test_the_papers_are_due_before_a_panel_that_is_still_to_come(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    await recorded(memory, reference, Event.IP_APPOINTED, date(2025, 3, 27), "B. Moss")
    await recorded(memory, reference, Event.S2_NOTICE_SENT, date(2025, 5, 1))
    await recorded(memory, reference, Event.S3_REQUESTED, date(2025, 5, 6))
    async with memory.unit_of_work() as uow:
        officer = acting(at=on(date(2025, 5, 8)))
        progress = await record(uow, reference, Event.PANEL, officer, on=date(2025, 6, 10))

    by = {one.deadline.clock: one for one in progress.open}
    assert by["s3_papers_out"].deadline.due_on == date(2025, 5, 27)
    assert by["s3_panel_meets"].is_open
    assert not by["s3_panel_meets"].working_days_late


async def test_a_withdrawal_dates_from_the_day_it_was_asked_for_ends_its_task_and_is_closed_after_its_letter(
    memory: Memory,
) -> None:
    """Reg. 7; practice.md §3."""
    reference = await routed(memory)
    await happened(memory, reference, (Event.WITHDRAWAL_ASKED, date(2025, 3, 12)))
    progress = await recorded(memory, reference, Event.WITHDRAWN, date(2025, 3, 18), "Jo rang; she is not pressed")

    assert progress.state is State.STOPPED
    assert (await events_in(memory, reference))[Event.WITHDRAWN] == date(2025, 3, 12)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="no letter has confirmed it"):
            await actions.close(uow, reference, "withdrawn", acting(at=on(date(2025, 3, 19))))
    await recorded(memory, reference, Event.WITHDRAWAL_CONFIRMED, date(2025, 3, 19))
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "withdrawn", acting(at=on(date(2025, 3, 19))))


async def test_who_wants_to_go_on_after_all_has_their_request_to_stop_taken_back(memory: Memory) -> None:
    reference = await routed(memory)
    await happened(memory, reference, (Event.WITHDRAWAL_ASKED, date(2025, 3, 12)))
    async with memory.unit_of_work() as uow:
        officer = acting(at=on(date(2025, 3, 13)))
        progress = await correct(uow, reference, Event.WITHDRAWAL_ASKED, officer, on=None, why="she wants an answer")

    assert progress.state is State.LOOKING
    assert Event.WITHDRAWAL_ASKED not in await events_in(memory, reference)


async def test_what_was_put_right_at_once_is_an_answer_and_its_terms_are_owed(memory: Memory) -> None:
    """Reg. 15(1)."""
    reference = await routed(memory)
    progress = await recorded(memory, reference, Event.S1_RESOLVED, date(2025, 3, 11), "the visit is on Friday again")

    assert progress.state is State.ANSWERED
    assert [one.deadline.clock for one in progress.open if one.deadline.stage == 1] == ["s1_terms_letter"]


async def test_a_corrected_day_moves_every_date_says_so_and_keeps_what_stood_before(memory: Memory) -> None:
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        await correct(uow, reference, Event.RECEIVED, acting(), on=date(2025, 3, 7), why="the post room held it back")

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 21)
    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        rows = (await cases.events_of(uow, [reference]))[reference]
    assert case is not None
    assert case.received_on == date(2025, 3, 7)
    said = " ".join(row.note for row in rows if isinstance(row, EventRow))
    assert "corrected from 2025-03-10" in said
    assert "deadline s1_response: from 2025-03-24 to 2025-03-21" in said


@pytest.mark.parametrize(
    ("event", "day", "why", "refusal"),
    [
        (Event.RECEIVED, None, "w", "cannot be taken back"),
        (Event.RECEIVED, date(2025, 3, 11), "w", "has not come yet"),
        (Event.NOTED, MONDAY.date(), "w", "moves no date"),
        (Event.PANEL, MONDAY.date(), "w", "moves no date"),
        (Event.RECEIVED, date(2025, 3, 7), "", "needs its reason"),
    ],
)
async def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(
    memory: Memory, event: Event, day: date | None, why: str, refusal: str
) -> None:
    reference = await routed(memory)
    before = await due_of(memory, reference), await events_in(memory, reference)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match=refusal):
            await correct(uow, reference, event, acting(), on=day, why=why)
    assert (await due_of(memory, reference), await events_in(memory, reference)) == before


async def test_nothing_was_received_after_it_was_answered(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="is after stage 1 reply sent"):
            await correct(uow, reference, Event.RECEIVED, acting(at=on(date(2025, 4, 1))), on=date(2025, 3, 21), why="w")


async def test_what_others_rest_on_is_not_taken_back_before_them(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    await recorded(memory, reference, Event.IP_APPOINTED, date(2025, 3, 27), "B. Moss")
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="independent person appointed rests on it"):
            await correct(uow, reference, Event.S2_REQUESTED, acting(at=on(date(2025, 4, 1))), on=None, why="it was a question")


async def test_only_an_officer_records_and_only_on_an_open_complaint(memory: Memory) -> None:
    thanks = await a_case(memory, kind=Kind.COMPLIMENT)
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="Only a complaints officer"):
            await record(uow, reference, Event.ADVOCATE_REQUESTED, acting(MANAGER))
        with pytest.raises(Refused, match="only a complaint has a procedure"):
            await record(uow, thanks, Event.ADVOCATE_REQUESTED, acting())
        with pytest.raises(Refused, match="follows from an action of its own"):
            await record(uow, reference, Event.ACKNOWLEDGED, acting())


async def test_the_list_of_steps_tells_what_may_be_recorded_now_and_why_the_rest_may_not(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    async with memory.reading() as uow:
        found = await what_may_be_recorded(uow, reference, OFFICE, date(2025, 3, 28))
    now = {one.step.event for one in found if not one.why_not}
    assert {Event.IP_APPOINTED, Event.IO_APPOINTED, Event.DELAY_NOTICE} <= now
    assert not {Event.S1_REPLY_SENT, Event.COMPLEX_DECIDED, Event.S2_NOTICE_SENT, Event.EXTENDED} & now
    assert all(one.why_not for one in found if one.step.event not in now)


async def test_an_oral_complaint_starts_stage_2_with_its_written_record(memory: Memory) -> None:
    """Reg. 17(5)."""
    reference = await a_case(memory, form=Form.ORAL)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "why", acting())
        await actions.respond(uow, reference, "No.", None, acting(at=on(date(2025, 3, 20))))
    await recorded(memory, reference, Event.S2_REQUESTED, date(2025, 3, 24))
    assert "s2_response" not in await due_of(memory, reference)
    await recorded(memory, reference, Event.RECORD_FINAL, date(2025, 3, 31))
    assert (await due_of(memory, reference))["s2_response"] == date(2025, 5, 8)


async def test_an_enquiry_of_the_ombudsman_takes_a_closed_case_up_again_and_is_answered_before_it_is_closed(
    memory: Memory,
) -> None:
    """practice.md §3: the day that their letter names is an event with its source. Closed on Friday 21 March 2025."""
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "No.", Outcome.NOT_UPHELD, acting(at=on(date(2025, 3, 20))))
        await actions.close(uow, reference, "answered", acting(at=on(date(2025, 3, 21))))
    await recorded(memory, reference, Event.OMBUDSMAN_ENQUIRY, date(2025, 9, 1), "24 001 002: the file")
    assert (await due_of(memory, reference))["ombudsman_enquiry"] == date(2025, 9, 29)
    async with memory.unit_of_work() as uow:
        officer = acting(at=on(date(2025, 9, 2)))
        where = "their letter of 1 September"
        progress = await record(uow, reference, Event.OMBUDSMAN_REPLY_BY, officer, on=date(2025, 9, 19), why=where)

    assert {one.deadline.clock: one.deadline.due_on for one in progress.open}["ombudsman_enquiry"] == date(2025, 9, 19)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="ombudsman enquiry runs until 19 September 2025"):
            await actions.close(uow, reference, "sent", acting(at=on(date(2025, 9, 3))))
    await recorded(memory, reference, Event.OMBUDSMAN_REPLIED, date(2025, 9, 18))
    await recorded(memory, reference, Event.OMBUDSMAN_DECIDED, date(2025, 10, 31), "fault; apologise within a month")
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="ombudsman recommendations runs until 30 November 2025"):
            await actions.close(uow, reference, "decided", acting(at=on(date(2025, 11, 3))))
    await recorded(memory, reference, Event.RECOMMENDATIONS_DONE, date(2025, 11, 20), "the apology of 14 November was sent")
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "all done", acting(at=on(date(2025, 11, 20))))


async def test_an_answer_to_an_adult_is_due_on_the_day_that_was_agreed_before_the_six_months_had_passed(memory: Memory) -> None:
    """SI 2009/309, reg. 14(3). Received 10 March: six months end on 9 September 2025."""
    reference, late = await routed(memory, Procedure.ADULTS), await routed(memory, Procedure.ADULTS)
    async with memory.unit_of_work() as uow:
        officer = acting(at=on(date(2025, 9, 9)))
        await record(uow, reference, Event.AGREED_END, officer, on=date(2025, 10, 6), why="she wrote: after the review")
    assert (await due_of(memory, reference))["response"] == date(2025, 10, 6)

    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="before a clock has ended and not after it"):
            await record(uow, late, Event.AGREED_END, acting(at=on(date(2025, 9, 10))), on=date(2025, 10, 6), why="she wrote")
    assert (await due_of(memory, late))["response"] == date(2025, 9, 9)


async def test_the_day_of_what_needs_a_reason_can_be_corrected(memory: Memory) -> None:
    reference = await routed(memory)
    await recorded(memory, reference, Event.COMPLEX_DECIDED, date(2025, 3, 24), "three agencies")
    async with memory.unit_of_work() as uow:
        officer = acting(at=on(date(2025, 3, 26)))
        await correct(uow, reference, Event.COMPLEX_DECIDED, officer, on=date(2025, 3, 20), why="it was on the Thursday")

    assert (await events_in(memory, reference))[Event.COMPLEX_DECIDED] == date(2025, 3, 20)
    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 7)
