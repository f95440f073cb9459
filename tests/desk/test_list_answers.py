"""What people answer to the numbered list of their issues: by button, in the chat and by mail. On both databases."""

import pytest

from casework import actions
from casework.issues import issue_list
from casework.issues.answering import says_yes
from casework.issues.issue_list import Mending
from casework.issues.numbered import issues_of
from intake.arrival import Arrival
from notifications.rendering import render
from procedures.terms import Channel, Notice, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import OutboxRow, OutboxState, PartyRole, PartyRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE, acting
from tests.desk.test_chat_filed import SAM, Chats, chats
from tests.desk.test_reception import letter, post, queued, tasks

__all__ = ["chats"]
ISSUES = ("Nobody called.", "I was moved.")


async def listed(memory: Memory, reference: str) -> None:
    """Its route is decided, its issues are listed, and the list is sent."""
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "looked after", acting())
    async with memory.unit_of_work() as uow:
        for words in ISSUES:
            await issue_list.add(uow, reference, words, acting())
    async with memory.unit_of_work() as uow:
        await issue_list.ask(uow, reference, acting())
    await left(memory, OutboxState.SENT)


async def left(memory: Memory, state: OutboxState) -> None:
    """What became of the list on its way."""
    filing = Filing()
    filing.change(OutboxRow, {"notice": Notice.ISSUES_FOR_YOU}, state=state)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


async def in_the_chat(chats: Chats, memory: Memory) -> str:
    await chats.hears(chats.says("My social worker never calls me back."))
    [case] = await chats.cases()
    await listed(memory, case.reference)
    return case.reference


async def confirmed(memory: Memory, reference: str) -> list[str]:
    async with memory.reading() as uow:
        return [one.confirmed_how for one in await issues_of(uow, reference)]


def beneath(row: OutboxRow, label: str) -> str:
    """What the button beneath a letter sends back."""
    rendered = render(Notice(row.notice), Channel.TELEGRAM, "en", row.facts, OFFICE.council)
    return next(button.data for line in rendered.buttons for button in line if button.label == label)


def press(chats: Chats, data: str) -> Arrival:
    return chats.presses_data(data)


async def test_a_yes_by_button_is_theirs_on_record(chats: Chats, memory: Memory) -> None:
    reference = await in_the_chat(chats, memory)
    sent = (await chats.screens())[-1]
    yes = beneath(sent, "Yes, that is right")
    assert len(yes.encode()) <= 64

    await chats.hears(press(chats, yes))

    assert await confirmed(memory, reference) == ["their button in the chat"] * 2
    assert (await chats.screens())[-1].facts["screen"] == "list_right"
    await chats.hears(press(chats, yes))
    assert await chats.tasks(TaskKind.PLACE_LETTER) == []


async def test_a_yes_to_an_older_list_confirms_nothing_and_an_officer_sends_the_new_one(chats: Chats, memory: Memory) -> None:
    reference = await in_the_chat(chats, memory)
    old = beneath((await chats.screens())[-1], "Yes, that is right")
    async with memory.unit_of_work() as uow:
        await issue_list.mend(uow, reference, 1, Mending(words="Nobody called in May."), "she said so", acting())
    async with memory.unit_of_work() as uow:
        await issue_list.ask(uow, reference, acting())

    await chats.hears(press(chats, old))

    assert await confirmed(memory, reference) == ["", ""]
    [told] = await chats.tasks(TaskKind.PLACE_LETTER)
    assert "a list that has changed since" in told.detail
    assert (await chats.screens())[-1].facts["screen"] == "list_changed"


async def test_what_is_wrong_with_it_comes_in_their_words_and_is_an_officers_task(chats: Chats, memory: Memory) -> None:
    reference = await in_the_chat(chats, memory)
    await chats.hears(press(chats, beneath((await chats.screens())[-1], "Something is wrong")))
    assert (await chats.screens())[-1].facts["screen"] == "list_mend"
    [pressed] = await chats.tasks(TaskKind.PLACE_LETTER)
    assert "something is wrong" in pressed.detail

    await chats.hears(chats.says("you left out that they took my phone"))

    assert await confirmed(memory, reference) == ["", ""]
    [_, told] = await chats.tasks(TaskKind.PLACE_LETTER)
    assert told.case_reference == reference
    assert "heard case issue mend" in told.detail
    assert "phone" not in told.detail


async def test_a_typed_yes_is_heard_too_and_only_once(chats: Chats, memory: Memory) -> None:
    reference = await in_the_chat(chats, memory)
    await chats.hears(chats.says("Yes, that's right!"), chats.says("yes"))

    assert await confirmed(memory, reference) == ["their yes in the chat"] * 2
    assert [row.facts["screen"] for row in (await chats.screens())[-2:]] == ["list_right", "added"]
    assert await chats.tasks(TaskKind.PLACE_LETTER) == []


async def test_a_yes_to_another_question_is_none_to_the_list(chats: Chats, memory: Memory) -> None:
    reference = await in_the_chat(chats, memory)
    await chats.hears(chats.says("/check"))
    await chats.hears(chats.says("yes"))

    assert await confirmed(memory, reference) == ["", ""]
    assert (await chats.screens())[-1].facts["screen"] == "added"
    assert len(await chats.tasks(TaskKind.PLACE_LETTER)) == 1


async def test_a_yes_after_something_is_wrong_confirms_nothing_and_is_a_task(chats: Chats, memory: Memory) -> None:
    reference = await in_the_chat(chats, memory)
    await chats.hears(press(chats, beneath((await chats.screens())[-1], "Something is wrong")))
    await chats.hears(chats.says("yes"))

    assert await confirmed(memory, reference) == ["", ""]
    assert len(await chats.tasks(TaskKind.PLACE_LETTER)) == 2


@pytest.mark.parametrize("state", [OutboxState.HELD, OutboxState.FAILED])
async def test_a_list_that_never_left_is_not_confirmed_by_words(chats: Chats, memory: Memory, state: OutboxState) -> None:
    reference = await in_the_chat(chats, memory)
    await left(memory, state)
    await chats.hears(chats.says("yes"))

    assert await confirmed(memory, reference) == ["", ""]


async def test_by_mail_a_yes_to_another_letter_confirms_nothing_and_a_person_reads_it(memory: Memory) -> None:
    [first] = await post(memory, letter())
    reference = first.reference or ""
    await listed(memory, reference)
    receipt = next(row.message_id for row in await queued(memory) if row.notice == Notice.RECEIPT)

    await post(memory, letter("Yes please", In_Reply_To=receipt), start=2, now=MONDAY)

    assert await confirmed(memory, reference) == ["", ""]
    assert (TaskKind.PLACE_LETTER, reference) in await tasks(memory)


async def test_who_is_beside_them_on_the_case_cannot_say_yes_for_them(memory: Memory) -> None:
    dad = "Dad <dad@family.example>"
    [first] = await post(memory, letter())
    reference = first.reference or ""
    async with memory.unit_of_work() as uow:
        uow.add(PartyRow(case_reference=reference, role=PartyRole.COMPLAINANT, address="dad@family.example"))
    await listed(memory, reference)
    theirs = next(row.message_id for row in await queued(memory, "dad@family.example"))

    await post(memory, letter("Yes", sender=dad, In_Reply_To=theirs), start=2, now=MONDAY)

    assert await confirmed(memory, reference) == ["", ""]
    async with memory.reading() as uow:
        assert any("not whose list it is" in row.detail for row in await cases.tasks(uow))


async def test_a_yes_from_another_chat_confirms_nothing(chats: Chats, memory: Memory) -> None:
    reference = await in_the_chat(chats, memory)
    yes = beneath((await chats.screens(SAM))[-1], "Yes, that is right")

    await chats.hears(chats.presses_data(yes, chat=88), chats.says("yes", chat=88))

    assert await confirmed(memory, reference) == ["", ""]


@pytest.mark.parametrize(
    ("words", "how", "is_asked"),
    [
        ("Yes.\n\nThank you, Kim Green", "their yes", False),
        ("Yes\nbut not number 2", "their yes", True),
        ("You left out the taxi.", "", True),
    ],
)
async def test_by_mail_a_yes_in_the_first_line_is_theirs_and_the_rest_is_an_officers(
    memory: Memory, words: str, how: str, *, is_asked: bool
) -> None:
    [first] = await post(memory, letter())
    reference = first.reference or ""
    await listed(memory, reference)
    ours = next(row.message_id for row in await queued(memory) if row.notice == Notice.ISSUES_FOR_YOU)

    await post(memory, letter(words, In_Reply_To=ours), start=2, now=MONDAY)

    assert await confirmed(memory, reference) == [how] * 2
    assert ((TaskKind.PLACE_LETTER, reference) in await tasks(memory)) is is_asked


@pytest.mark.parametrize("words", ["yes", "Yes, it is.", "that's right", "That is all correct", "yep\n\nMum"])
def test_what_is_a_yes(words: str) -> None:
    assert says_yes(words)


@pytest.mark.parametrize("words", ["", "no", "yes but", "that is not right", "is", "thanks", "ok", "not yes", "Is it right?"])
def test_what_is_no_yes(words: str) -> None:
    assert not says_yes(words)
