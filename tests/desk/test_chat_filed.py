"""What is said in a chat, filed at the real desk: several at once, late, after a close. On both databases."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from casework import actions
from intake.arrival import Arrival, Wire
from intake.reception import Admitted, Reception
from procedures.terms import Event, Kind, Procedure, Role
from storage import cases
from storage.tables import CaseRow, LetterRow, OutboxRow, TaskKind, TaskRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE, acting

SAM, ALEX = 77, 88
WORDS = "They are moving me on Friday and nobody asked me."


class Chats:
    """What people say and press, as Telegram brings it."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.number = 0
        self.reception = Reception(memory, lambda: OFFICE)

    def says(self, words: str, *, chat: int = SAM, at: datetime = MONDAY) -> Arrival:
        return self._update("message", {**self._message(chat, at), "text": words}, at)

    def presses(self, row: OutboxRow, button: str, *, chat: int = SAM, at: datetime = MONDAY) -> Arrival:
        return self.presses_data(f"{row.facts['nonce']}.{button}", chat=chat, at=at)

    def presses_data(self, data: str, *, chat: int = SAM, at: datetime = MONDAY) -> Arrival:
        press: dict[str, object] = {
            "id": f"press{self.number}",
            "from": {"id": chat, "is_bot": False, "first_name": "Sam"},
            "message": self._message(chat, at),
            "data": data,
        }
        return self._update("callback_query", press, at)

    def _message(self, chat: int, at: datetime) -> dict[str, object]:
        return {
            "message_id": self.number + 1,
            "date": int(at.timestamp()),
            "chat": {"id": chat, "type": "private", "first_name": "Sam"},
            "from": {"id": chat, "is_bot": False, "first_name": "Sam"},
        }

    def _update(self, kind: str, content: dict[str, object], at: datetime) -> Arrival:
        self.number += 1
        raw = json.dumps({"update_id": self.number, kind: content}).encode()
        return Arrival("telegram:1", Wire.TELEGRAM, raw, at, self.number, "1")

    async def hears(self, *arrivals: Arrival, now: datetime | None = None) -> list[Admitted]:
        return await self.reception.admit(arrivals, now or max(arrival.received_at for arrival in arrivals))

    async def screens(self, chat: int = SAM) -> list[OutboxRow]:
        async with self.memory.reading() as uow:
            # Allowed below: to SQLModel a column has the type of its value
            rows = await uow.exec(select(OutboxRow).where(OutboxRow.recipient == str(chat)).order_by(OutboxRow.id))  # type: ignore[arg-type]
            return list(rows)

    async def cases(self) -> list[CaseRow]:
        async with self.memory.reading() as uow:
            return await cases.find_all(uow)

    async def tasks(self, kind: TaskKind) -> list[TaskRow]:
        async with self.memory.reading() as uow:
            return [row for row in await cases.tasks(uow) if row.kind is kind]


@pytest.fixture
def chats(memory: Memory) -> Chats:
    return Chats(memory)


async def test_two_chats_in_one_group_keep_their_own_cases(chats: Chats, memory: Memory) -> None:
    await chats.hears(
        chats.says(WORDS),
        chats.says("My social worker never calls me back.", chat=ALEX),
        chats.says("And they took my phone."),
        chats.says("It has been six weeks.", chat=ALEX),
    )

    async with memory.reading() as uow:
        letters = (await uow.exec(select(LetterRow))).all()
    of = {chat: {row.case_reference for row in letters if row.chat_id == chat} for chat in (SAM, ALEX)}
    assert len(of[SAM]) == len(of[ALEX]) == 1
    assert of[SAM] != of[ALEX]
    assert len(letters) == 4


@pytest.mark.parametrize(
    ("said", "heard", "is_night"),
    [
        (datetime(2025, 3, 10, 14, tzinfo=UTC), datetime(2025, 3, 10, 22, tzinfo=UTC), True),
        (datetime(2025, 3, 9, 23, tzinfo=UTC), datetime(2025, 3, 10, 9, 5, tzinfo=UTC), False),
    ],
)
async def test_night_words_are_those_of_the_moment_they_are_read(
    chats: Chats, said: datetime, heard: datetime, is_night: bool
) -> None:
    """The machine was off in between: what it says is read now."""
    await chats.hears(chats.says("My foster carer hit me.", at=said), now=heard)

    assert {row.facts["is_night"] for row in await chats.screens()} == {is_night}


@pytest.mark.parametrize(
    ("at", "by"),
    [
        (datetime(2025, 3, 10, 10, tzinfo=UTC), datetime(2025, 3, 10, 12, tzinfo=UTC)),
        (datetime(2025, 3, 10, 16, tzinfo=UTC), datetime(2025, 3, 11, 10, tzinfo=UTC)),
        (datetime(2025, 3, 10, 7, tzinfo=UTC), datetime(2025, 3, 10, 11, tzinfo=UTC)),
        (datetime(2025, 3, 14, 23, tzinfo=UTC), datetime(2025, 3, 17, 11, tzinfo=UTC)),
        (datetime(2025, 3, 28, 16, 30, tzinfo=UTC), datetime(2025, 3, 31, 9, 30, tzinfo=UTC)),  # the clock goes forward
    ],
)
async def test_what_cannot_be_read_is_looked_at_within_two_working_hours(chats: Chats, at: datetime, by: datetime) -> None:
    await chats.hears(chats.says("Moja pracownica socjalna znowu odwołała wizytę i nikt nie dzwoni.", at=at))

    [task] = await chats.tasks(TaskKind.LOOK_FOR_HARM)
    assert task.due_at == by


async def test_who_said_that_they_are_the_child_is_one_in_their_next_case_too(chats: Chats) -> None:
    await chats.hears(chats.says(WORDS))
    [receipt] = await chats.screens()
    await chats.hears(chats.presses(receipt, "i_am_child", at=MONDAY + timedelta(minutes=1)))
    later = MONDAY + timedelta(minutes=5)
    await chats.hears(chats.says("Also my school bus never comes.", at=later))
    added = (await chats.screens())[-1]
    assert added.facts["screen"] == "added"

    await chats.hears(chats.presses(added, "new_matter", at=later + timedelta(minutes=1)))

    old, new = await chats.cases()
    assert (old.raised_by, new.raised_by) == (Role.CHILD, Role.CHILD)


async def close(memory: Memory, reference: str, at: datetime) -> None:
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "passed on", acting(at=at))


async def test_a_closed_thank_you_that_was_a_problem_is_open_again_with_its_clocks(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says("Thank you so much, Ade was brilliant and I am really grateful."))
    [thanks] = await chats.screens()
    [case] = await chats.cases()
    assert case.kind is Kind.COMPLIMENT
    await close(memory, case.reference, MONDAY + timedelta(hours=1))

    await chats.hears(chats.presses(thanks, "not_thanks", at=MONDAY + timedelta(hours=2)))

    [case] = await chats.cases()
    assert (case.kind, case.closed_on) == (Kind.COMPLAINT, None)
    async with memory.reading() as uow:
        due = {row.clock: row.due_on for row in await cases.deadlines_of(uow, case.reference, standing_only=True)}
    assert due["s1_response"] == date(2025, 3, 24)


async def answer(memory: Memory, reference: str, at: datetime) -> None:
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "looked after", acting(at=at))
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We should have asked you. We are sorry.", None, acting(at=at))


async def test_what_is_added_after_the_answer_is_put_before_a_person_until_the_next_step(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    await answer(memory, case.reference, MONDAY + timedelta(days=1))

    await chats.hears(chats.says("That is not what happened. You asked the wrong people.", at=MONDAY + timedelta(days=2)))
    [task] = await chats.tasks(TaskKind.PLACE_LETTER)
    assert task.case_reference == case.reference

    await chats.hears(chats.says("/check", at=MONDAY + timedelta(days=3)))
    status = (await chats.screens())[-1]
    await chats.hears(chats.presses(status, "not_right", at=MONDAY + timedelta(days=3)))
    await chats.hears(chats.says("Nobody asked my sister.", at=MONDAY + timedelta(days=3, minutes=2)))

    assert len(await chats.tasks(TaskKind.PLACE_LETTER)) == 1
    assert len(await chats.tasks(TaskKind.NOT_HAPPY)) == 1
    async with memory.reading() as uow:
        events = {row.name for row in (await cases.events_of(uow, [case.reference]))[case.reference]}
    assert Event.S2_REQUESTED in events


@pytest.mark.parametrize("words", ["i am not happy with this", "thats wrong u never asked me", "i wanna take it further"])
async def test_not_happy_in_any_words_after_the_answer_is_the_next_step_in_chat_too(
    chats: Chats, memory: Memory, words: str
) -> None:
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    await answer(memory, case.reference, MONDAY + timedelta(days=1))

    await chats.hears(chats.says(words, at=MONDAY + timedelta(days=2)))

    async with memory.reading() as uow:
        events = {row.name for row in (await cases.events_of(uow, [case.reference]))[case.reference]}
    assert Event.S2_REQUESTED in events
    assert len(await chats.tasks(TaskKind.NOT_HAPPY)) == 1


async def test_an_edit_in_the_group_of_its_first_version_joins_it(chats: Chats, memory: Memory) -> None:
    first = chats.says(WORDS)
    content = json.loads(first.raw)["message"] | {"text": f"{WORDS} Please help.", "edit_date": int(MONDAY.timestamp()) + 9}
    raw = json.dumps({"update_id": 99, "edited_message": content}).encode()

    await chats.hears(first, Arrival("telegram:1", Wire.TELEGRAM, raw, MONDAY, 99, "1"))

    async with memory.reading() as uow:
        letters = (await uow.exec(select(LetterRow))).all()
    assert len(letters) == 2
    assert len({row.case_reference for row in letters}) == 1


async def test_a_strangers_reference_in_a_chat_shows_nothing_and_is_seen_by_staff(chats: Chats) -> None:
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()

    await chats.hears(chats.says(case.reference, chat=ALEX))

    [screen] = await chats.screens(ALEX)
    assert (screen.facts["screen"], screen.facts["reference"], screen.case_reference) == ("none_here", "", None)
    assert len(await chats.screens(SAM)) == 1
    [task] = await chats.tasks(TaskKind.ASKED_BY_STRANGER)
    assert task.case_reference == case.reference


async def test_a_block_closes_the_route_of_this_chat_only(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(WORDS), chats.says("My social worker never calls.", chat=ALEX))
    change = {
        "chat": {"id": SAM, "type": "private"},
        "from": {"id": SAM, "is_bot": False},
        "date": int(MONDAY.timestamp()),
        "new_chat_member": {"status": "kicked"},
    }
    raw = json.dumps({"update_id": 50, "my_chat_member": change}).encode()
    await chats.hears(Arrival("telegram:1", Wire.TELEGRAM, raw, MONDAY, 50, "1"))

    every = await chats.cases()
    async with memory.reading() as uow:
        parties = await cases.parties_of(uow, [case.reference for case in every])
    assert {party.chat_id: party.is_closed for [party] in parties.values()} == {SAM: True, ALEX: False}


@pytest.mark.parametrize("words", ["I'm not happy", "stage 2", "Not good enough."])
@pytest.mark.parametrize("is_closed", [False, True])
async def test_not_happy_in_words_is_the_next_step_as_by_button(
    chats: Chats, memory: Memory, words: str, is_closed: bool
) -> None:
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    await answer(memory, case.reference, MONDAY + timedelta(days=1))
    if is_closed:
        await close(memory, case.reference, MONDAY + timedelta(days=1))

    await chats.hears(chats.says(words, at=MONDAY + timedelta(days=3)))

    [case] = await chats.cases()
    assert case.closed_on is None
    assert (await chats.screens())[-1].facts["screen"] == "not_happy"
    async with memory.reading() as uow:
        events = {row.name: row.happened_on for row in (await cases.events_of(uow, [case.reference]))[case.reference]}
        letters = await cases.letters_of(uow, case.reference)
    assert events[Event.S2_REQUESTED] == date(2025, 3, 13)
    assert [letter.words for letter in letters] == [WORDS, words]


async def test_not_happy_in_words_when_we_are_late_is_the_next_step_too(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()

    await chats.hears(chats.says("not happy", at=MONDAY + timedelta(days=16)))

    async with memory.reading() as uow:
        events = {row.name: row.happened_on for row in (await cases.events_of(uow, [case.reference]))[case.reference]}
    assert events[Event.S2_REQUESTED] == date(2025, 3, 26)
    assert len(await chats.tasks(TaskKind.NOT_HAPPY)) == 1


async def test_an_album_opens_one_case_and_is_answered_once(chats: Chats, memory: Memory) -> None:
    photo = {"photo": [{"file_id": "p", "file_size": 10, "width": 1}], "media_group_id": "13"}
    updates = [chats._update("message", {**chats._message(SAM, MONDAY), **photo}, MONDAY) for _ in range(10)]
    await chats.hears(*updates[:4])
    await chats.hears(*updates[4:])

    async with memory.reading() as uow:
        letters = (await uow.exec(select(LetterRow))).all()
    assert len(letters) == 10
    assert [row.facts["screen"] for row in await chats.screens()] == ["sent_photo"]
