"""The answer of stage 2 leaves as the signed letter does, and who may do what on the way, on both databases."""

import io
import re
from datetime import date

import pytest
from docx import Document

from casework import actions
from casework.acting import Refused
from casework.answers import drafts, sending_drafts, writing_drafts
from casework.answers.checking_drafts import Rule
from casework.clockwork import events_of
from casework.decisions.acknowledging import Acknowledging
from casework.issues import findings, issue_list
from casework.recording import record
from procedures.people import WallKind
from procedures.terms import Event, Notice, Outcome, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import CaseRow, WallRow
from storage.unit_of_work import Memory
from storage.walls import BehindAWall
from tests.casework.rooms import MANAGER, MONDAY, OFFICER, a_case, acting
from tests.casework.test_recording import on

SAID = "We read the file again and spoke to the team."


def filled_in(content: bytes) -> bytes:
    document = Document(io.BytesIO(content))
    for paragraph in document.paragraphs:
        if "[" in paragraph.text:
            paragraph.text = re.sub(r"\[[^\[\]]*\]", SAID, paragraph.text)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


async def at_stage_2(memory: Memory) -> str:
    """A corporate complaint, answered at stage 1, whose stage 2 found nothing to uphold."""
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.CORPORATE, "a website", acting())
        await issue_list.add(uow, reference, "The form does not work.", acting())
        await actions.acknowledge(uow, reference, Acknowledging(()), acting(at=on(date(2025, 3, 11))))
        officer = acting(at=on(date(2025, 3, 18)))
        await findings.find(uow, reference, 1, Outcome.NOT_UPHELD, SAID, officer)
        await actions.respond(uow, reference, "It works.", None, officer)
        await record(uow, reference, Event.S2_REQUESTED, acting(at=on(date(2025, 3, 20))))
        await findings.find(uow, reference, 1, Outcome.NOT_UPHELD, SAID, acting(at=on(date(2025, 3, 24))), stage=2)
    return reference


async def test_the_stage_2_answer_is_the_signed_letter_and_its_sending_stops_the_clock(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    manager, officer = acting(MANAGER, on(date(2025, 3, 25))), acting(at=on(date(2025, 3, 26)))
    async with memory.unit_of_work() as uow:
        case = await writing_drafts.answerable(uow, reference)
        blank = await writing_drafts.blank(uow, case, 2, manager, b"")
        await drafts.take(uow, reference, manager, letter=filled_in(blank.letter))
    async with memory.unit_of_work() as uow:
        taken, found = await drafts.check(uow, reference, officer, {})
        assert [one.words for one in found if one.stops] == []
        assert (taken.row.stage, taken.state) == (2, "checked")
        await drafts.sign(uow, reference, officer)
        await sending_drafts.send(uow, reference, officer)

    async with memory.reading() as uow:
        events = events_of((await cases.events_of(uow, [reference]))[reference])
        sent = [row for row in await cases.sent_of(uow, reference) if row.notice in (Notice.LETTER, Notice.S2_RESPONSE)]
        [went] = (await drafts.drafts_of(uow, reference))[-1].sent
    assert events[Event.S2_NOTICE_SENT] == date(2025, 3, 26)
    assert [(row.notice, row.facts["stage"], row.facts["files"][0]["draft"]) for row in sent] == [("letter", 2, went.draft_id)]
    assert went.outbox_key == sent[0].key


async def test_whoever_the_case_is_kept_from_neither_drafts_nor_checks_nor_signs_it(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    wall = Filing()
    about_them = WallRow(
        key="w", case_reference=reference, kind=WallKind.STAFF, address=MANAGER.address, made_at=MONDAY, made_by=OFFICER.address
    )
    wall.add(about_them)
    async with memory.unit_of_work() as uow:
        await write(uow, [wall])
    manager = acting(MANAGER)

    for work in (
        lambda uow: drafts.take(uow, reference, manager, letter=b"PK"),
        lambda uow: drafts.check(uow, reference, manager, {}),
        lambda uow: drafts.sign(uow, reference, manager),
        lambda uow: sending_drafts.send(uow, reference, manager),
    ):
        with pytest.raises(BehindAWall):
            async with memory.unit_of_work() as uow:
                await work(uow)


async def test_what_must_be_mended_is_not_accepted_and_a_closed_case_has_nothing_sent(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        case = await writing_drafts.answerable(uow, reference)
        blank = await writing_drafts.blank(uow, case, 2, acting(MANAGER), b"")
        await drafts.take(uow, reference, acting(MANAGER), letter=filled_in(blank.letter))
        for reasons in ({Rule.ISSUE: "no time"}, {Rule.NAMES: " "}):
            with pytest.raises(Refused, match="cannot be accepted so"):
                await drafts.check(uow, reference, acting(), reasons)
        closed = Filing()
        closed.change(CaseRow, {"reference": reference}, closed_on=date(2025, 3, 26))
        await write(uow, [closed])
        uow.expire_all()
        with pytest.raises(Refused, match="was closed on"):
            await sending_drafts.send(uow, reference, acting())
        assert not [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.LETTER]
