"""What people answer to the questions of the chat, at the real desk: what is kept, what is a task, what nobody is told."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from casework import actions
from casework.council import Person, StaffRole
from casework.decisions.acknowledging import Acknowledging
from casework.letters.of_steps import readers_of
from casework.people import needs
from casework.people.needs import needs_on
from intake.conversation import Conversation, Step
from intake.reception import Reception
from procedures.people import Need
from procedures.terms import Event, Notice, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import ConversationRow, EventRow, LetterRow, OutboxRow, OutboxState, TaskKind, WallRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE, OFFICER, acting
from tests.desk.test_chat_filed import SAM, Chats, chats
from tests.desk.test_reception import queued

__all__ = ["chats"]
TOLD = "My social worker never calls me back."


async def test_what_a_young_person_answers_is_kept_on_the_case_and_what_must_be_done_is_a_task(
    chats: Chats, memory: Memory
) -> None:
    await chats.hears(chats.says(TOLD))
    for button in ("i_am_child", "advocate_no", "soon_week", "not_tell_yes"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))
    await chats.hears(chats.says("my foster carer Pat"))
    await chats.hears(chats.presses((await chats.screens())[-1], "who_any"))
    await chats.hears(chats.presses((await chats.screens())[-1], "talk_call"))

    [case] = await chats.cases()
    async with memory.reading() as uow:
        events = (await cases.events_of(uow, [case.reference]))[case.reference]
        letters = await cases.letters_of(uow, case.reference)
    assert [row.words for row in letters] == [TOLD, "my foster carer Pat"]
    said = [row.note for row in events if row.name is Event.NOTED and row.recorded_by == "complainant"]
    assert said == [
        "says that something changes for them this week",
        "says that there is somebody who should not be told that they wrote",
        "says who should not be told that they wrote: their message of that moment",
        "says that anybody may talk to them about it",
        "would like to be called",
    ]
    [freeze] = await chats.tasks(TaskKind.FREEZE)
    assert Event.FREEZE_ASKED in {row.name for row in events}
    assert freeze.due_at.date() == date(2025, 3, 11)
    not_told = await chats.tasks(TaskKind.CONFIRM_WALL)
    assert [row.due_at for row in not_told] == [MONDAY] * 2, "one when they say that there is somebody, one when they say who"
    assert all("heard case wall up" in row.detail for row in not_told)
    waited, mail = [row for row in await queued(memory, OFFICER.address) if row.notice == Notice.TROUBLE]
    assert (mail.recipient, mail.case_reference, mail.facts["what"]) == (OFFICER.address, case.reference, "not_told")
    assert (mail.due_at, mail.state, waited.state) == (MONDAY, OutboxState.QUEUED, OutboxState.CANCELLED), "one mail, at once"
    assert len(await chats.tasks(TaskKind.CALL_BACK)) == 1


async def test_what_helps_them_stands_on_the_case_as_a_need_until_a_person_has_read_which_it_is(
    chats: Chats, memory: Memory
) -> None:
    """Equality Act 2010, s. 20. Received on Monday 10 March 2025."""
    await chats.hears(chats.says(TOLD))
    for button in ("i_am_child", "advocate_no", "soon_no", "not_tell_no", "who_any", "talk_here", "helps_yes"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))
    await chats.hears(chats.says("read it out to me please"))

    [case] = await chats.cases()
    async with memory.reading() as uow:
        needed = await needs_on(uow, case.reference)
    assert [(one.row.need, one.row.words, one.row.recorded_by) for one in needed] == [
        (Need.OTHER, "in their own words, in their message of Monday 10 March 2025", "complainant")
    ]
    async with memory.unit_of_work() as uow:
        await needs.add(uow, case.reference, Need.AUDIO, acting())
        await needs.end(uow, case.reference, 1, "read: it is audio", acting())
    async with memory.reading() as uow:
        assert [one.row.need for one in await needs_on(uow, case.reference)] == [Need.AUDIO]


async def test_words_typed_to_the_questions_themselves_are_tasks_each_time(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(TOLD))
    for button in ("i_not_say", "ask_me"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))
    await chats.hears(chats.says("yes"))
    await chats.hears(chats.says("my dad"))
    [case] = await chats.cases()
    async with memory.reading() as uow:
        events = (await cases.events_of(uow, [case.reference]))[case.reference]
        letters = await cases.letters_of(uow, case.reference)
    assert [row.words for row in letters] == [TOLD, "yes", "my dad"]
    assert len(await chats.tasks(TaskKind.FREEZE)) == 1
    assert len(await chats.tasks(TaskKind.CONFIRM_WALL)) == 1
    assert Event.FREEZE_ASKED in {row.name for row in events}


async def test_who_is_named_after_the_first_task_was_done_is_a_task_again(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(TOLD))
    for button in ("i_not_say", "ask_me", "soon_no", "not_tell_yes"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))
    [first] = await chats.tasks(TaskKind.CONFIRM_WALL)
    async with memory.unit_of_work() as uow:
        await actions.finish_task(uow, first.id or 0, "asked them", acting())

    await chats.hears(chats.says("my dad"))

    [again] = await chats.tasks(TaskKind.CONFIRM_WALL)
    assert again.id != first.id


async def not_told(memory: Memory) -> list[tuple[str, datetime]]:
    """The mails that somebody must not be told, and when each leaves."""
    async with memory.reading() as uow:
        rows = (await uow.exec(select(OutboxRow).where(OutboxRow.notice == Notice.TROUBLE).order_by(col(OutboxRow.id)))).all()
    return [(row.recipient, row.due_at) for row in rows if row.facts["what"] == "not_told" and row.state is OutboxState.QUEUED]


async def is_asked(chats: Chats) -> None:
    """They have said that there is somebody, and are asked who."""
    await chats.hears(chats.says(TOLD))
    for button in ("i_not_say", "ask_me", "soon_no", "not_tell_yes"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))


async def test_the_officer_whom_they_name_is_not_told_and_who_stands_in_is(chats: Chats, memory: Memory) -> None:
    """Until a quarter of an hour has passed without a name nobody is mailed: who is feared may be the only officer."""
    head = Person("head@council.example", "Kit Marsh", StaffRole.HEAD_OF_SERVICE)
    council = replace(OFFICE.council, people=(*OFFICE.council.people, head), monitoring_officer=head.address)
    chats.reception = Reception(memory, lambda: replace(OFFICE, council=council))
    await is_asked(chats)
    assert await not_told(memory) == [(OFFICER.address, MONDAY + timedelta(minutes=15))]

    await chats.hears(chats.says(OFFICER.name, at=MONDAY + timedelta(minutes=1)))

    assert await not_told(memory) == [(head.address, MONDAY + timedelta(minutes=1))]


async def test_each_whom_they_name_is_mailed_also_a_week_later(chats: Chats, memory: Memory) -> None:
    await is_asked(chats)
    await chats.hears(chats.says("my dad", at=MONDAY + timedelta(minutes=1)))
    [case] = await chats.cases()
    week = MONDAY + timedelta(days=7)
    later = Conversation(SAM, step=Step.NOT_TELLING, reference=case.reference, nonce="n", screen="not_tell_who")
    changed = Filing()
    changed.change(ConversationRow, {"chat_id": SAM}, state=later.to_state())
    async with memory.unit_of_work() as uow:
        await write(uow, [changed])

    await chats.hears(chats.says("and my uncle Lee", at=week))

    assert await not_told(memory) == [(OFFICER.address, MONDAY + timedelta(minutes=1)), (OFFICER.address, week)]


async def test_whom_they_do_not_want_told_stands_in_their_words_and_nowhere_else(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(TOLD))
    for button in ("i_not_say", "ask_me", "soon_no", "not_tell_yes"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))
    await chats.hears(chats.says("Patricia Wetherby"))

    everything = [
        *(row.detail for row in await chats.tasks(TaskKind.CONFIRM_WALL)),
        *(str(row.facts) for row in await chats.screens()),
    ]
    async with memory.reading() as uow:
        everything += [row.note for row in (await uow.exec(select(EventRow))).all()]
        everything += [str(row.facts) for row in await cases.sent_of(uow, (await chats.cases())[0].reference)]
    assert everything
    assert not [one for one in everything if "Wetherby" in one]


async def test_who_is_named_in_full_among_staff_is_walled_the_moment_it_is_typed(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(TOLD))
    for button in ("i_not_say", "ask_me", "soon_later", "not_tell_yes"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))
    named = OFFICE.council.people[0].name
    await chats.hears(chats.says(f"it is {named}"))

    async with memory.reading() as uow:
        [wall] = (await uow.exec(select(WallRow))).all()
    assert wall.name == named


async def test_skipping_everything_leaves_nothing_but_what_was_sent(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(TOLD))
    before = await chats.tasks(TaskKind.CONFIRM_ROUTE)
    for button in ("i_am_child", "advocate_no", "skip", "skip", "skip", "skip", "skip", "skip", "skip"):
        await chats.hears(chats.presses((await chats.screens())[-1], button))

    assert (await chats.screens(SAM))[-1].facts["screen"] == "asked_all"
    async with memory.reading() as uow:
        letters = (await uow.exec(select(LetterRow))).all()
        notes = [row for row in (await uow.exec(select(EventRow))).all() if row.recorded_by == "complainant"]
    assert len(letters) == 1
    assert notes == []
    assert [row.key for row in await chats.tasks(TaskKind.CONFIRM_ROUTE)] == [row.key for row in before]


OF_LATER_STAGES = (
    *(Notice.LETTER, Notice.RESPONSE, Notice.CLOSURE, Notice.WITHDRAWAL_CONFIRMED),
    *(Notice.S2_ACKNOWLEDGEMENT, Notice.S2_DELAY, Notice.S2_RESPONSE),
    *(Notice.S3_ACKNOWLEDGEMENT, Notice.PANEL_REPORT, Notice.S3_RESPONSE),
)


@pytest.mark.parametrize(
    ("who", "words", "voice"),
    [
        ("i_am_child", "words_plain", "young"),
        ("i_am_child", "words_easy", "child"),
        ("i_am_parent", "words_more", "professional"),
        ("i_am_parent", "words_easy", "adult"),
        ("i_am_parent", "", "adult"),
    ],
)
async def test_letters_come_in_the_words_that_they_asked_for(
    chats: Chats, memory: Memory, who: str, words: str, voice: str
) -> None:
    await chats.hears(chats.says(TOLD))
    await chats.hears(chats.presses((await chats.screens())[-1], who))
    if words:
        await chats.hears(chats.says("/words"))
        await chats.hears(chats.presses((await chats.screens())[-1], words))
    [case] = await chats.cases()
    async with memory.unit_of_work() as uow:
        await actions.route(uow, case.reference, Procedure.STATUTORY, "looked after", acting())
    async with memory.unit_of_work() as uow:
        await actions.acknowledge(uow, case.reference, Acknowledging(["Nobody called."]), acting())

    [letter] = [row for row in await chats.screens() if row.notice == Notice.ACKNOWLEDGEMENT]
    assert letter.facts["voice"] == voice
    async with memory.reading() as uow:
        later = {one: await readers_of(uow, case, one, MONDAY.date()) for one in OF_LATER_STAGES}
    assert {one: [reader.voice for reader in readers] for one, readers in later.items()} == {
        one: [voice] for one in OF_LATER_STAGES
    }
