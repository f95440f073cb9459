"""The answers of stages 2 and 3 from draft to doorbell: each has a child's version, on both databases, over the real chat.

Received Wednesday 1 July 2026 and answered on the next day; the dates below are counted over the calendar of England.
"""

import io
import zipfile
from datetime import date

import pytest

from casework.acting import Refused, progress_of, the_case
from casework.answers import drafts
from casework.answers.checking_drafts import Rule
from casework.answers.writing_drafts import Blank, answerable, blank
from casework.issues import findings, remedies
from casework.issues.remedies import Deciding
from casework.recording import record
from procedures.terms import Event, Notice, Remedy, Role
from storage.tables import CaseRow, DraftRow, EventRow, SentLetterRow, TaskKind, TaskRow, Way
from storage.tables.drafts import Whose
from tests.casework.rooms import a_panel, a_report
from tests.stories.letters import mail, plain, text_of
from tests.stories.test_drafts import ISSUES, MUM, SAM, WORDS, acknowledged, attached, check, edited, found_out, send, sign, take
from tests.stories.town import MANAGER, Town

SAID = "We read the report of the investigating officer and that of the independent person."
PANEL = {"summary": "The breaks stopped without a word.", "recommendations": "Say sorry, and start them again."}


async def a_child_was_answered(town: Town) -> str:
    """Sam wrote in the chat on 1 July; the answer of stage 1 was typed and sent on the 2nd."""
    await town.opens()
    town.person(SAM).says("my short breaks never happened and no one called back. i want to complain")
    await town.filed(1)
    case = await town.case(chat=SAM)
    async with town.memory.unit_of_work() as uow:
        found = await uow.get(CaseRow, case.reference)
        assert found is not None
        found.raised_by = Role.CHILD
        uow.add(found)
    reference = await acknowledged(town, case)
    await found_out(town, reference)
    await town.respond(reference, outcome=None)
    await town.at_rest()
    return reference


async def records(town: Town, reference: str, *steps: Event, why: str = "", **say: str) -> None:
    async with town.memory.unit_of_work() as uow:
        for step in steps:
            await record(uow, reference, step, await town.acting(), why=why, say=say)
    town.looks()
    await town.at_rest()


async def found_anew(town: Town, reference: str, stage: int) -> Blank:
    """What the stage found on each issue and what puts it right; then the first draft of its two letters."""
    async with town.memory.unit_of_work() as uow:
        officer = await town.acting()
        for number, outcome in enumerate(ISSUES.values(), start=1):
            await findings.find(uow, reference, number, outcome, SAID, officer, stage=stage)
        await remedies.decide(
            uow, reference, 1, Deciding(Remedy.SERVICE_PUT_RIGHT, "The breaks start on 1 August 2026."), officer
        )
    async with town.memory.reading() as uow:
        return await blank(uow, await answerable(uow, reference), stage, await town.acting(MANAGER), b"")


async def four_hands(town: Town, reference: str, stage: int) -> str:
    """Drafted, refused without the child's version, checked, signed and sent; what Sam then reads behind the doorbell."""
    made = await found_anew(town, reference, stage)
    await take(town, reference, edited(made.letter))
    wanting = [Rule.CHILD, Rule.REPORTS, Rule.REPORTS] if stage == 2 else [Rule.CHILD]
    assert sorted(one.rule for one in await check(town, reference) if one.stops) == wanting
    with pytest.raises(Refused, match="did not pass its check"):
        await sign(town, reference)
    await take(town, reference, b"", child=edited(made.child_letter))
    for whose in Whose if stage == 2 else ():
        async with town.memory.unit_of_work() as uow:
            await drafts.take(uow, reference, await town.acting(MANAGER), report=(whose, a_report("What we found.")))
    assert [one for one in await check(town, reference) if one.stops] == []
    await sign(town, reference)
    await send(town, reference)

    sam, before = town.person(SAM), len(town.api.ever_sent_to(SAM))
    assert sam.sees()[-1].text == "You have a new message."
    sam.presses("Read it")
    await town.until(lambda: _shown(town, before, "Someone on your side"))
    return "\n".join(plain(shown.text) for shown in town.api.ever_sent_to(SAM)[before - 1 :])


async def _shown(town: Town, before: int, words: str) -> bool:
    await town.at_rest()
    return any(words in plain(shown.text) for shown in town.api.ever_sent_to(SAM)[before - 1 :])


async def days_of(town: Town, reference: str) -> dict[Event, date]:
    return {row.name: row.happened_on for row in await town.rows(EventRow, case_reference=reference)}


async def open_clocks(town: Town, reference: str) -> set[str]:
    acting = await town.acting()
    async with town.memory.reading() as uow:
        progress = await progress_of(uow, await the_case(uow, reference), acting.office, acting.today)
    return {one.deadline.clock for one in progress.open}


async def test_a_child_reads_the_adjudication_and_the_answer_to_the_panel_in_their_own_version_of_a_signed_letter(
    town: Town,
) -> None:
    reference = await a_child_was_answered(town)
    await records(town, reference, Event.S2_REQUESTED)
    await records(town, reference, Event.IO_APPOINTED, Event.IP_APPOINTED, why="A. Bell and B. Moss, who have no tie to us")
    assert "s2_response" in await open_clocks(town, reference)
    await town.goes_on(days=5)
    said = await four_hands(town, reference, 2)

    assert "You were right." in said and "It is called stage 3." in said and "20 working days" in said
    assert "There are two reports, too" in said and "A person will ask you how you want to get them." in said
    asked = await town.rows(TaskRow, case_reference=reference, kind=TaskKind.CANNOT_REACH)
    assert [row.detail.startswith("the reports that belong to the answer do not go into the chat") for row in asked] == [True]
    assert "You raised 3 points" not in said and "Not upheld" not in said
    assert "s2_response" not in await open_clocks(town, reference)
    assert (await days_of(town, reference))[Event.S2_NOTICE_SENT] == date(2026, 7, 7)

    await town.goes_on(days=2)
    await records(town, reference, Event.S3_REQUESTED, why="the report left out the school")
    await records(town, reference, Event.S3_ACKNOWLEDGED, Event.CHAIR_APPOINTED, Event.PAPERS_OUT)
    async with town.memory.unit_of_work() as uow:
        await a_panel(uow, reference, await town.acting())
    await records(town, reference, Event.PANEL)
    await records(town, reference, Event.PANEL_REPORT, **PANEL)
    await records(town, reference, Event.RECOMMENDATIONS_RECEIVED)
    assert "s3_la_response" in await open_clocks(town, reference)
    said = await four_hands(town, reference, 3)

    assert "This was our last step." in said and "Ombudsman" in said and "stage 3" not in said
    assert (await days_of(town, reference))[Event.S3_RESPONSE] == date(2026, 7, 9)
    assert "s3_la_response" not in await open_clocks(town, reference)
    letters = await town.rows(SentLetterRow, case_reference=reference)
    versions = {row.id: row for row in await town.rows(DraftRow, case_reference=reference)}
    assert [(versions[one.draft_id].stage, one.way, one.recipient) for one in letters] == [
        (2, Way.TELEGRAM, str(SAM)),
        (3, Way.TELEGRAM, str(SAM)),
    ]
    notices = [row.notice for row in await town.sent(reference)]
    assert notices.count(Notice.LETTER) == 2 and not {Notice.S2_RESPONSE, Notice.S3_RESPONSE} & set(notices)
    assert not [row for row in await town.rows(TaskRow, case_reference=reference, kind=TaskKind.SEND_ANSWER) if not row.done_at]


async def test_a_parent_gets_the_reports_with_the_mail_as_they_were_signed(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, WORDS, subject="A complaint"))
    await town.filed(1)
    reference = await acknowledged(town, await town.case(address=MUM))
    await found_out(town, reference)
    await town.respond(reference, outcome=None)
    await town.at_rest()
    await records(town, reference, Event.S2_REQUESTED)
    await records(town, reference, Event.IO_APPOINTED, Event.IP_APPOINTED, why="A. Bell and B. Moss, who have no tie to us")
    made = await found_anew(town, reference, 2)
    await take(town, reference, edited(made.letter))
    for whose in Whose:
        async with town.memory.unit_of_work() as uow:
            await drafts.take(uow, reference, await town.acting(MANAGER), report=(whose, a_report(f"Read by the {whose.value}.")))
    assert [one.words for one in await check(town, reference) if one.stops] == []
    await sign(town, reference)
    sent_before = len(town.letters_to(MUM))
    await send(town, reference)

    [answer] = town.letters_to(MUM)[sent_before:]
    signed = (await town.rows(DraftRow, case_reference=reference))[-1]
    assert attached(answer) == {
        f"Answer {reference}.docx": signed.letter,
        f"Report {reference} by the investigating officer.docx": signed.officer_report,
        f"Report {reference} by the independent person.docx": signed.independent_report,
    }
    assert b"Read by the officer." in opened_file(signed.officer_report)
    assert "The reports of the people who looked into it are with this email, too." in " ".join(text_of(answer).split())
    assert not await town.rows(TaskRow, case_reference=reference, kind=TaskKind.CANNOT_REACH)


def opened_file(content: bytes | None) -> bytes:
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("word/document.xml")
