"""The answers of stage 2 and stage 3 of the children's procedure are drafted, checked, signed and sent as that of stage 1 is."""

from datetime import date

import pytest

from casework import actions
from casework.acting import Refused
from casework.answers import drafts, sending_drafts, writing_drafts
from casework.clockwork import events_of
from casework.decisions.acknowledging import Acknowledging
from casework.issues import findings, issue_list
from casework.progress import Progress
from casework.recording import record
from procedures.terms import Event, Notice, Outcome, Procedure
from storage import cases
from storage.tables.drafts import Whose
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MANAGER, MONDAY, a_case, a_panel, a_report, acting
from tests.casework.test_drafts import SAID, filled_in
from tests.casework.test_recording import on

PANEL = {"summary": "They moved three times.", "recommendations": "Say sorry."}


async def at_stage_2(memory: Memory) -> str:
    """Answered at stage 1 on 18 March 2025; asked for on the 20th, with an investigating officer and an independent person."""
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", acting())
        await issue_list.add(uow, reference, "Nobody calls back.", acting())
        await actions.acknowledge(uow, reference, Acknowledging(()), acting(at=on(date(2025, 3, 11))))
        officer = acting(at=on(date(2025, 3, 18)))
        await findings.find(uow, reference, 1, Outcome.NOT_UPHELD, SAID, officer)
        await actions.respond(uow, reference, "It was right.", None, officer)
        for event, why in ((Event.S2_REQUESTED, ""), (Event.IO_APPOINTED, "A. Bell"), (Event.IP_APPOINTED, "B. Moss, no tie")):
            await record(uow, reference, event, acting(at=on(date(2025, 3, 20))), why=why)
    return reference


async def answered(uow: UnitOfWork, reference: str, stage: int, day: date) -> Progress:
    """Found, drafted by the manager, checked and signed and sent by the officer, on one day."""
    manager, officer = acting(MANAGER, on(day)), acting(at=on(day))
    await findings.find(uow, reference, 1, Outcome.NOT_UPHELD, SAID, officer, stage=stage)
    case = await writing_drafts.answerable(uow, reference)
    blank = await writing_drafts.blank(uow, case, stage, manager, b"")
    await drafts.take(uow, reference, manager, letter=filled_in(blank.letter))
    for whose in Whose if stage == 2 else ():
        await drafts.take(uow, reference, manager, report=(whose, a_report(SAID)))
    _, found = await drafts.check(uow, reference, officer, {})
    assert [one.words for one in found if one.stops] == []
    await drafts.sign(uow, reference, officer)
    return await sending_drafts.send(uow, reference, officer)


async def letters(uow: UnitOfWork, reference: str, stage: int) -> list[str]:
    """What of a stage's answer went to the person."""
    rows = await cases.sent_of(uow, reference)
    told = (Notice.LETTER, Notice.S2_RESPONSE, Notice.S3_RESPONSE)
    return [row.notice for row in rows if row.notice in told and row.facts["stage"] == stage]


async def test_the_adjudication_and_the_answer_to_the_panel_are_each_one_signed_letter_that_stops_its_clock(
    memory: Memory,
) -> None:
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        after_2 = await answered(uow, reference, 2, date(2025, 4, 10))
        await record(uow, reference, Event.S2_NOTICE_RECEIVED, acting(at=on(date(2025, 4, 11))))
        asked = acting(at=on(date(2025, 4, 14)))
        await record(uow, reference, Event.S3_REQUESTED, asked, why="the report left out the school")
        for event in (Event.S3_ACKNOWLEDGED, Event.CHAIR_APPOINTED, Event.PAPERS_OUT):
            await record(uow, reference, event, asked)
        await a_panel(uow, reference, asked)
        await record(uow, reference, Event.PANEL, acting(at=on(date(2025, 5, 6))))
        panel = acting(at=on(date(2025, 5, 7)))
        await record(uow, reference, Event.PANEL_REPORT, panel, say=PANEL)
        await record(uow, reference, Event.RECOMMENDATIONS_RECEIVED, panel)
        after_3 = await answered(uow, reference, 3, date(2025, 5, 8))
        events = events_of((await cases.events_of(uow, [reference]))[reference])

        assert [await letters(uow, reference, stage) for stage in (2, 3)] == [["letter"], ["letter"]]
    assert (events[Event.S2_NOTICE_SENT], events[Event.S3_RESPONSE]) == (date(2025, 4, 10), date(2025, 5, 8))
    assert "s2_response" not in {one.deadline.clock for one in after_2.open}
    assert "s3_la_response" not in {one.deadline.clock for one in after_3.open}


async def test_a_stage_2_answer_without_an_independent_person_does_not_leave(memory: Memory) -> None:
    """SI 2006/1738, reg. 17(2): whatever was signed."""
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", acting())
        await issue_list.add(uow, reference, "Nobody calls back.", acting())
        await findings.find(uow, reference, 1, Outcome.NOT_UPHELD, SAID, acting())
        await actions.respond(uow, reference, "It was right.", None, acting())
        await record(uow, reference, Event.S2_REQUESTED, acting())
    with pytest.raises(Refused, match="independent person appointed first"):
        async with memory.unit_of_work() as uow:
            await answered(uow, reference, 2, MONDAY.date())

    async with memory.reading() as uow:
        assert await letters(uow, reference, 2) == []
