"""An answer from its first draft to the day on which it was opened, on both databases and on a real mail server.

Received Wednesday 1 July 2026; day 10 is Wednesday 15 July. Day 7 is Friday 10, day 8 Monday 13, day 9 Tuesday 14 July.
"""

import io
import re
from datetime import date
from email.message import EmailMessage

import pytest
from docx import Document

from casework import actions
from casework.acting import Refused
from casework.answers import drafts, redacting, sending_drafts, writing_drafts
from casework.answers.checking_drafts import Found, Rule
from casework.answers.sending_drafts import Reached
from casework.council import Person
from casework.decisions.acknowledging import Acknowledging
from casework.issues import findings, issue_list, remedies
from casework.issues.remedies import Deciding
from procedures.terms import Event, Notice, Outcome, Procedure, Remedy, Role
from storage.tables import CaseRow, DeadlineRow, DraftCheckRow, DraftRow, EventRow, SentLetterRow, TaskKind, TaskRow, Way
from tests.stories.letters import mail, plain, text_of
from tests.stories.town import HEAD, MANAGER, OFFICER, Town

MUM = "r.green@family.example"
SAM = 70_010_001
WORDS = "Short breaks were agreed for my disabled son and we have had none. I want to complain."
ISSUES = {
    "The short breaks did not happen.": Outcome.UPHELD,
    "Nobody rang back.": Outcome.NOT_UPHELD,
    "The plan was changed.": Outcome.NO_FINDING,
}
TURNS = {kind.value for kind in (TaskKind.DRAFT_ANSWER, TaskKind.CHECK_ANSWER, TaskKind.SIGN_ANSWER, TaskKind.SEND_ANSWER)}


async def acknowledged(town: Town, case: CaseRow) -> str:
    """Routed, its issues listed, acknowledged on the day after."""
    await town.goes_on(days=1)
    await town.route(case.reference, Procedure.STATUTORY, "short breaks: section 17")
    async with town.memory.unit_of_work() as uow:
        for words in ISSUES:
            await issue_list.add(uow, case.reference, words, await town.acting())
    async with town.memory.unit_of_work() as uow:
        await actions.acknowledge(uow, case.reference, Acknowledging((), answerer_name="Jo Field"), await town.acting())
    town.looks()
    await town.at_rest()
    return case.reference


async def found_out(town: Town, reference: str) -> None:
    """What was found on each issue, and what puts right what was upheld."""
    async with town.memory.unit_of_work() as uow:
        for number, outcome in enumerate(ISSUES.values(), start=1):
            why = "We read the plan of May and spoke to the team."
            await findings.find(uow, reference, number, outcome, why, await town.acting())
        breaks = Deciding(Remedy.SERVICE_PUT_RIGHT, "The breaks start on 18 July 2026.")
        await remedies.decide(uow, reference, 1, breaks, await town.acting())


async def first_draft(town: Town, reference: str) -> writing_drafts.Blank:
    async with town.memory.reading() as uow:
        case = await writing_drafts.answerable(uow, reference)
        return await writing_drafts.blank(uow, case, 1, await town.acting(MANAGER), b"")


def edited(content: bytes, *changes: tuple[str, str]) -> bytes:
    """The Word file after somebody worked on it: brackets filled in, and each pattern replaced, paragraph by paragraph."""
    document = Document(io.BytesIO(content))
    for paragraph in document.paragraphs:
        words = re.sub(r"\[[^\[\]]*\]", "We let you down for two months.", paragraph.text)
        for pattern, instead in changes:
            words = re.sub(pattern, instead, words)
        if words != paragraph.text:
            paragraph.text = words
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


async def take(town: Town, reference: str, letter: bytes, who: Person = MANAGER, child: bytes = b"") -> int:
    async with town.memory.unit_of_work() as uow:
        taken = await drafts.take(uow, reference, await town.acting(who), letter=letter, child_letter=child)
    return taken.row.version


async def check(town: Town, reference: str, who: Person = OFFICER) -> list[Found]:
    async with town.memory.unit_of_work() as uow:
        _, found = await drafts.check(uow, reference, await town.acting(who), {})
    return found


async def sign(town: Town, reference: str, who: Person = HEAD) -> None:
    async with town.memory.unit_of_work() as uow:
        await drafts.sign(uow, reference, await town.acting(who))


async def send(town: Town, reference: str) -> None:
    async with town.memory.unit_of_work() as uow:
        await sending_drafts.send(uow, reference, await town.acting())
    town.looks()
    await town.at_rest()


async def turn(town: Town, reference: str) -> tuple[str, date]:
    """Whose turn it is, and by when."""
    [task] = [
        row for row in await town.rows(TaskRow, case_reference=reference) if row.done_at is None and row.kind.value in TURNS
    ]
    return task.kind.value, task.due_at.date()


def attached(letter: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): bytes(part.get_payload(decode=True) or b"") for part in letter.iter_attachments()}


async def test_day_8_the_check_stops_a_draft_that_leaves_an_issue_and_stage_2_out_and_what_is_mended_signed_and_sent_arrives(
    town: Town,
) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, WORDS, subject="A complaint"))
    await town.filed(1)
    reference = await acknowledged(town, await town.case(address=MUM))
    assert await turn(town, reference) == ("draft_answer", date(2026, 7, 10))
    await found_out(town, reference)
    blank = await first_draft(town, reference)

    await town.goes_on(days=8)  # Friday 10 July
    spoiled = edited(blank.letter, (r"Why: We read the plan.*", "Why:"), (r"You can ask for stage 2\.", "Thank you."))
    assert await take(town, reference, spoiled) == 1
    assert await turn(town, reference) == ("check_answer", date(2026, 7, 13))

    await town.goes_on(days=3)  # Monday 13 July, day 8
    with pytest.raises(Refused, match="wrote this version: somebody else checks it"):
        await check(town, reference, MANAGER)
    stopped = [one for one in await check(town, reference) if one.stops]
    assert {one.rule for one in stopped} == {Rule.ISSUE, Rule.NEXT_STEP}
    assert "Issue 3: it gives no reasons after “Why:”." in {one.words for one in stopped}
    [no_right] = [one for one in stopped if one.rule is Rule.NEXT_STEP]
    assert no_right.words == ("It does not offer the right to stage 2. It names the Ombudsman instead: they are named beside it.")
    assert no_right.authority == "SI 2006/1738, regs. 15(2), 17(1)"
    with pytest.raises(Refused, match="did not pass its check"):
        await sign(town, reference)
    with pytest.raises(Refused, match="is not signed"):
        await send(town, reference)
    assert await turn(town, reference) == ("draft_answer", date(2026, 7, 10))

    good = edited(blank.letter)
    assert await take(town, reference, good) == 2
    assert not [one for one in await check(town, reference) if one.stops]
    assert await turn(town, reference) == ("sign_answer", date(2026, 7, 14))
    await town.goes_on(days=1)
    await sign(town, reference)
    with pytest.raises(Refused, match="is signed by"):
        await check(town, reference)
    assert await turn(town, reference) == ("send_answer", date(2026, 7, 15))
    sent_before = len(town.letters_to(MUM))
    await send(town, reference)

    [answer] = town.letters_to(MUM)[sent_before:]
    [(name, content)] = attached(answer).items()
    kept = await town.rows(DraftRow, case_reference=reference)
    assert (name, content) == (f"Answer {reference}.docx", kept[-1].letter)
    said = text_of(answer)
    for words in ("3. The plan was changed", "We let you down for two months.", "The breaks start on 18 July 2026.", "stage 2"):
        assert words in said
    assert "Petra" not in said and answer["Auto-Submitted"] is None
    events = {row.name: row.happened_on for row in await town.rows(EventRow, case_reference=reference)}
    assert events[Event.S1_REPLY_SENT] == date(2026, 7, 14)
    [letter] = await town.rows(SentLetterRow, case_reference=reference)
    assert (letter.way, letter.recipient, letter.sent_on, letter.delivered_on) == (Way.EMAIL, MUM, date(2026, 7, 14), None)
    assert letter.left_at is not None
    assert not [row for row in await town.rows(TaskRow, done_at=None) if row.kind.value in TURNS]
    with pytest.raises(Refused, match="was sent on 14 July 2026"):
        await send(town, reference)
    with pytest.raises(Refused, match="What was sent stays as it is"):
        await take(town, reference, good)
    assert [row.has_passed for row in await town.rows(DraftCheckRow)] == [False, True]
    await it_reaches_them(town, reference)


async def it_reaches_them(town: Town, reference: str) -> None:
    await town.goes_on(days=3)
    async with town.memory.unit_of_work() as uow:
        officer = await town.acting()
        with pytest.raises(Refused, match="is before it was sent"):
            await sending_drafts.reached(uow, reference, Reached.OPENED, date(2026, 7, 13), officer)
        with pytest.raises(Refused, match="has not come yet"):
            await sending_drafts.reached(uow, reference, Reached.OPENED, date(2026, 7, 18), officer)
        await sending_drafts.reached(uow, reference, Reached.RECEIVED, date(2026, 7, 15), officer)
        await sending_drafts.reached(uow, reference, Reached.OPENED, date(2026, 7, 17), officer)
    [letter] = await town.rows(SentLetterRow, case_reference=reference)
    assert (letter.delivered_on, letter.received_on, letter.opened_on) == (
        date(2026, 7, 15),
        date(2026, 7, 15),
        date(2026, 7, 17),
    )
    # The twenty working days of the advisory window count from the day on which it reached them: 12 August 2026.
    rows = await town.rows(DeadlineRow, case_reference=reference, is_superseded=False, clock="s2_request_window")
    assert [(row.base_event, row.due_on) for row in rows] == [(Event.S1_REPLY_RECEIVED, date(2026, 8, 12))]


async def test_a_young_person_in_the_chat_reads_their_own_version_and_is_asked_after_when_they_do_not_open_it(town: Town) -> None:
    await town.opens()
    sam = town.person(SAM)
    sam.says("my short breaks never happened and no one called back. i want to complain")
    await town.filed(1)
    case = await town.case(chat=SAM)
    async with town.memory.unit_of_work() as uow:
        found = await uow.get(CaseRow, case.reference)
        assert found is not None
        found.raised_by = Role.CHILD
        uow.add(found)
    reference = await acknowledged(town, case)
    await found_out(town, reference)
    blank = await first_draft(town, reference)
    await take(town, reference, edited(blank.letter))
    assert [one.rule for one in await check(town, reference) if one.stops] == [Rule.CHILD]
    await take(town, reference, b"", child=edited(blank.child_letter))
    assert [one for one in await check(town, reference) if one.stops] == []
    await sign(town, reference)
    await send(town, reference)

    [letter] = await town.rows(SentLetterRow, case_reference=reference)
    assert (letter.way, letter.delivered_on) == (Way.TELEGRAM, date(2026, 7, 2))
    [unopened] = [row for row in await town.rows(TaskRow, case_reference=reference) if row.kind is TaskKind.UNOPENED]
    assert (unopened.due_at.date(), unopened.done_at) == (date(2026, 7, 6), None)
    await town.goes_on(days=1)
    assert sam.sees()[-1].text == "You have a new message."
    sam.presses("Read it")
    await town.filed(2)
    said = "\n".join(plain(shown.text) for shown in town.api.ever_sent_to(SAM))
    assert "You were right." in said and "It is called stage 2." in said
    assert "You raised 3 points" not in said
    [letter] = await town.rows(SentLetterRow, case_reference=reference)
    assert (letter.received_on, letter.opened_on) == (date(2026, 7, 3), date(2026, 7, 3))
    received = await town.rows(EventRow, case_reference=reference, name=Event.S1_REPLY_RECEIVED)
    assert [(row.happened_on, row.recorded_by) for row in received] == [(date(2026, 7, 3), "complainant")]
    # Twenty working days from Friday 3 July: Friday 31 July. What counted from the sending counts no more.
    windows = await town.rows(DeadlineRow, case_reference=reference, clock="s2_request_window", is_superseded=False)
    assert [(row.base_event, row.due_on) for row in windows] == [(Event.S1_REPLY_RECEIVED, date(2026, 7, 31))]
    sam.presses("I have read this")
    await town.filed(3)
    assert "It is not right yet" in [label for shown in town.api.ever_sent_to(SAM)[-1:] for label in shown.labels()]
    [letter] = await town.rows(SentLetterRow, case_reference=reference)
    assert letter.opened_on == date(2026, 7, 3)
    assert len(await town.rows(EventRow, case_reference=reference, name=Event.S1_REPLY_RECEIVED)) == 1
    [unopened] = [row for row in await town.rows(TaskRow, case_reference=reference) if row.kind is TaskKind.UNOPENED]
    assert unopened.done_at is not None


async def test_without_a_way_to_write_nothing_is_sent_and_a_person_takes_the_letter_to_the_post(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, WORDS, subject="A complaint"))
    await town.filed(1)
    reference = await acknowledged(town, await town.case(address=MUM))
    await found_out(town, reference)
    await take(town, reference, edited((await first_draft(town, reference)).letter))
    await check(town, reference)
    await sign(town, reference)
    from storage.filing import Filing, write
    from storage.tables import PartyRow

    closed = Filing()
    closed.change(PartyRow, {"case_reference": reference}, is_closed=True)
    async with town.memory.unit_of_work() as uow:
        await write(uow, [closed])

    with pytest.raises(Refused, match="no way to write to anybody"):
        await send(town, reference)
    events = {row.name for row in await town.rows(EventRow, case_reference=reference)}
    assert Event.S1_REPLY_SENT not in events
    await town.goes_on(days=1)
    async with town.memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="before it was signed"):
            await sending_drafts.sent_by_hand(uow, reference, Way.POST, date(2026, 7, 1), "", await town.acting())
    async with town.memory.unit_of_work() as uow:
        await sending_drafts.sent_by_hand(uow, reference, Way.POST, date(2026, 7, 2), "tracked, GB 12", await town.acting())
    [event] = await town.rows(EventRow, case_reference=reference, name=Event.S1_REPLY_SENT)
    assert event.happened_on == date(2026, 7, 2)
    assert event.note == f"by post; version 1, signed by {HEAD.address}; tracked, GB 12"
    assert not await town.sent(reference, Notice.LETTER)


async def test_what_leaves_redacted_is_confirmed_by_a_second_person_and_word_for_word_otherwise(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, "My son Tobias waits.\nRing me on 07700 900123 or r.green@family.example.", subject="Short breaks"))
    await town.filed(1)
    reference = (await town.case(address=MUM)).reference
    async with town.memory.unit_of_work() as uow:
        officer, manager = await town.acting(), await town.acting(MANAGER)
        words = await redacting.words_to_mark(uow, reference, officer)
        for text, why_not in (
            (words, "Nothing in it is marked"),
            (words.replace("waits", "waited").replace("Tobias", "[[Tobias|a child]]"), "is not what was written"),
            (words.replace("Tobias", "[[Tobias|]]"), "marked without a reason"),
            (words.replace("Tobias", "[[Tobias"), "not complete"),
            (words.replace("Tobias", "[[Tobias|a child's name]]"), "It still says how to reach somebody"),
        ):
            with pytest.raises(Refused, match=why_not):
                await redacting.take(uow, reference, text, "J Field, team manager", officer)
        marked = words.replace("Tobias", "[[Tobias|a child's name]]")
        marked = marked.replace(
            "07700 900123 or r.green@family.example", "[[07700 900123 or r.green@family.example|how to reach her]]"
        )
        kept, _ = await redacting.take(uow, reference, marked, "J Field, team manager", officer)
        assert [one["why"] for one in kept.removed] == ["a child's name", "how to reach her"]
        with pytest.raises(Refused, match="Nobody has confirmed redaction 1"):
            await redacting.export(uow, reference, 1, officer)
        with pytest.raises(Refused, match="a second person reads it"):
            await redacting.confirm(uow, reference, 1, officer)
        await redacting.confirm(uow, reference, 1, manager)
        uow.expire_all()
        extract = await redacting.export(uow, reference, 1, officer)

    assert "My son [taken out] waits.\nRing me on [taken out]." in extract
    assert words.startswith("Message 1, ") and "Tobias" not in extract and "07700" not in extract
