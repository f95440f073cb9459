"""At the real desk: places that are sealed, thanks that may be shown, who felt listened to, parts, who is told nothing more."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from casework import actions, places
from casework.acting import Refused
from casework.council import Person, StaffRole
from casework.daily import compliments
from casework.decisions.acknowledging import Acknowledging
from casework.issues import issue_list
from casework.people import appointing, authority
from casework.people.appointing import Newcomer
from casework.people.authority import Authority
from intake.arrival import Arrival
from notifications.felt import ask_who_was_answered
from procedures.people import Basis, CaseRole
from procedures.terms import Felt, Notice, Procedure, Sharing
from storage import cases, listened
from storage.places import forget
from storage.tables import ArrivalRow, PlaceRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, MONDAY, OFFICE, OFFICER, acting
from tests.desk.test_chat_filed import ALEX, SAM, WORDS, Chats, answer
from tests.desk.test_reception import letter, post, queued

ON_DUTY = Person("duty@council.example", "Dee Uty", StaffRole.MANAGER, "Team North")
LATER = MONDAY + timedelta(minutes=5)


@pytest.fixture
def chats(memory: Memory) -> Chats:
    return Chats(memory)


def sends_place(chats: Chats, *, at: datetime = LATER, chat: int = SAM, kind: str = "message", **more: Any) -> Arrival:
    where = {"latitude": 52.4862, "longitude": -1.8904, "horizontal_accuracy": 12.0, **more}
    return chats._update(kind, {**chats._message(chat, at), "location": where}, at)


async def kept_places(memory: Memory) -> list[PlaceRow]:
    async with memory.reading() as uow:
        return list(await uow.exec(select(PlaceRow)))


async def only_case(chats: Chats) -> str:
    [case] = await chats.cases()
    return case.reference


async def look(memory: Memory, reference: str, by: Person, why: str, at: datetime = LATER) -> places.Sealed:
    async with memory.unit_of_work() as uow:
        return await places.look_at_places(uow, reference, why, acting(by, at))


async def test_a_place_is_sealed_for_72_hours_and_stands_nowhere_else(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(WORDS))
    await chats.hears(sends_place(chats))

    [place] = await kept_places(memory)
    assert (place.latitude, place.longitude, place.within_metres) == (52.4862, -1.8904, 12.0)
    assert (place.case_reference, place.gone_at) == (await only_case(chats), LATER + timedelta(hours=72))
    async with memory.reading() as uow:
        raw = [row.raw for row in await uow.exec(select(ArrivalRow))]
        history = (await cases.events_of(uow, [await only_case(chats)]))[await only_case(chats)]
    said = [json.dumps(row.facts) for row in await chats.screens()]
    assert not [one for one in (*raw, *said, *(row.note for row in history)) if "52.48" in str(one) or "1.89" in str(one)]
    assert [row.note for row in history if "sealed" in row.note]


async def test_after_72_hours_a_place_is_gone_to_the_minute(chats: Chats, memory: Memory) -> None:
    await chats.hears(sends_place(chats))

    assert await forget(memory, LATER + timedelta(hours=71, minutes=59)) == 0
    assert len(await kept_places(memory)) == 1
    assert await forget(memory, LATER + timedelta(hours=72)) == 1
    assert await kept_places(memory) == []


async def test_a_place_that_moves_is_kept_where_it_was_first(chats: Chats, memory: Memory) -> None:
    await chats.hears(sends_place(chats, live_period=900))
    said = len(await chats.screens())
    for minute in range(1, 4):
        moved = sends_place(chats, at=LATER + timedelta(minutes=minute), kind="edited_message", latitude=53.0 + minute)
        await chats.hears(moved)

    assert [row.latitude for row in await kept_places(memory)] == [52.4862]
    assert len(await chats.screens()) == said


@pytest.mark.parametrize("wrong", [{"latitude": 91.0}, {"longitude": "west"}, {"latitude": None}, {"longitude": 1e999}])
async def test_what_is_no_place_is_not_kept_and_is_answered(chats: Chats, memory: Memory, wrong: dict[str, Any]) -> None:
    await chats.hears(sends_place(chats, **wrong))

    assert await kept_places(memory) == []
    assert [row.facts["screen"] for row in await chats.screens()] == ["place"]


async def test_a_place_after_danger_rings_the_duty_again_and_two_people_open_it(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says("My foster carer hit me."))
    alerts = len(await chats.tasks(TaskKind.SAFETY))
    await chats.hears(sends_place(chats))
    reference = await only_case(chats)
    assert [row.facts["screen"] for row in await chats.screens()][-1] == "place_alert"
    assert len(await chats.tasks(TaskKind.SAFETY)) == alerts + 1

    asked = await look(memory, reference, ON_DUTY, "she said she is not safe")
    assert (asked.asked_by, asked.places) == (ON_DUTY.address, ())
    with pytest.raises(Refused, match="You have asked already"):
        await look(memory, reference, ON_DUTY, "again")
    opened = await look(memory, reference, OFFICER, "to tell the police where she is")
    assert [(one.latitude, one.longitude) for one in opened.places] == [(52.4862, -1.8904)]
    assert (await look(memory, reference, ON_DUTY, "to tell them again")).places
    await chats.hears(sends_place(chats, at=LATER + timedelta(minutes=9), latitude=52.5))
    newer = await look(memory, reference, ON_DUTY, "she moves", LATER + timedelta(minutes=10))
    assert [one.latitude for one in newer.places] == [52.5, 52.4862], "who agreed once sees what is sent later too"
    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if "place that was sent" in row.note]
    assert len(notes) == 4


async def test_nobody_else_opens_a_place_and_nobody_without_a_reason(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(WORDS))
    reference = await only_case(chats)
    with pytest.raises(Refused, match="There is no place"):
        await look(memory, reference, OFFICER, "to see")
    await chats.hears(sends_place(chats))

    with pytest.raises(Refused, match="Only a complaints officer"):
        await look(memory, reference, MANAGER, "curious")
    with pytest.raises(Refused, match="Say why"):
        await look(memory, reference, OFFICER, "  ")
    await look(memory, reference, OFFICER, "may not be safe")
    await look(memory, reference, ON_DUTY, "I agree")
    third = Person("second@council.example", "S Econd", StaffRole.OFFICER)
    with pytest.raises(Refused, match="have looked: ask them"):
        await look(memory, reference, third, "me too")
    with pytest.raises(Refused, match="three days are over"):
        await look(memory, reference, OFFICER, "again", LATER + timedelta(hours=72))


async def test_a_place_that_came_before_the_words_is_found_by_the_case_they_open(chats: Chats, memory: Memory) -> None:
    await chats.hears(sends_place(chats))
    await chats.hears(chats.says(WORDS, at=LATER))
    mine = await only_case(chats)
    await chats.hears(chats.says("My social worker never calls.", chat=ALEX, at=LATER))
    [others] = [case.reference for case in await chats.cases() if case.reference != mine]

    await look(memory, mine, OFFICER, "may not be safe")
    assert (await look(memory, mine, ON_DUTY, "I agree")).places
    with pytest.raises(Refused, match="There is no place"):
        await look(memory, others, OFFICER, "may not be safe")


async def test_words_that_were_not_to_be_shown_are_not_passed_on(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says("Thank you so much, Ade was brilliant and I am really grateful."))
    [thanks] = await chats.screens()
    await chats.hears(chats.presses(thanks, "share_tell", at=LATER))
    reference = await only_case(chats)

    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="may not see their words"):
            await compliments.pass_on(
                uow, reference, Sharing.PERSON_PRAISED, "in the chat", acting(), to="Ade", words="Ade was brilliant"
            )
        await compliments.pass_on(uow, reference, Sharing.PERSON_PRAISED, "in the chat", acting(), to="Ade")
    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference]]
    assert any("may not see their words" in note for note in notes)


async def test_five_working_days_after_the_answer_it_is_asked_once_and_the_last_word_counts(chats: Chats, memory: Memory) -> None:
    """Answered on Tuesday 11 March: five working days later is Tuesday 18 March."""
    await chats.hears(chats.says(WORDS))
    reference = await only_case(chats)
    await answer(memory, reference, MONDAY + timedelta(days=1))
    before = len(await chats.screens())
    assert await ask_who_was_answered(memory, OFFICE, datetime(2025, 3, 17, 11, tzinfo=UTC)) == 0
    tuesday = datetime(2025, 3, 18, 11, tzinfo=UTC)

    assert await ask_who_was_answered(memory, OFFICE, tuesday) == 1
    await ask_who_was_answered(memory, OFFICE, tuesday + timedelta(days=1))

    [asked] = (await chats.screens())[before:]
    assert (asked.facts["screen"], asked.case_reference) == ("feel", reference)
    await chats.hears(chats.presses(asked, "feel_no", at=tuesday))
    await chats.hears(chats.presses(asked, "feel_bit", at=tuesday + timedelta(minutes=2)))
    async with memory.reading() as uow:
        counted = await listened.tally(uow, date(2025, 3, 18), date(2025, 3, 18))
        none = await listened.tally(uow, date(2025, 3, 19), date(2025, 12, 31))
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference]]
    assert [note.rpartition(": ")[2] for note in notes if "felt listened to" in note] == ["no", "a bit"]
    assert counted == {Felt.YES: 0, Felt.A_BIT: 1, Felt.NO: 0}
    assert set(none.values()) == {0}


async def test_nobody_is_asked_how_it_was_while_a_safety_alert_is_open(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says("My foster carer hit me and nobody listens."))
    reference = await only_case(chats)
    await answer(memory, reference, MONDAY + timedelta(days=1))

    assert await ask_who_was_answered(memory, OFFICE, datetime(2025, 3, 18, 11, tzinfo=UTC)) == 0


async def test_the_status_in_chat_says_of_a_part_when_it_is_answered(chats: Chats, memory: Memory) -> None:
    """The case by the Act: Monday 24 March. Its second issue by the Code, counted from the 11th: Tuesday 25 March."""
    await chats.hears(chats.says(WORDS))
    reference = await only_case(chats)
    tuesday = acting(at=datetime(2025, 3, 11, 10, tzinfo=UTC))
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", acting())
        await issue_list.add(uow, reference, "Nobody calls back.", acting())
        await issue_list.add(uow, reference, "The website lost my form.", acting(), procedure=Procedure.CORPORATE)
        await actions.acknowledge(uow, reference, Acknowledging(()), tuesday)

    await chats.hears(chats.says("/check", at=datetime(2025, 3, 25, 10, tzinfo=UTC)))

    status = (await chats.screens())[-1].facts
    assert (status["state"], status["due_on"]) == ("late", "2025-03-24")
    assert status["parts"] == [{"due_on": "2025-03-25", "is_late": False}]


@pytest.mark.parametrize(("day", "screen"), [(14, "status"), (15, "ended")])
async def test_an_advocate_whose_authority_ended_is_told_nothing_more_from_the_next_day(
    chats: Chats, memory: Memory, day: int, screen: str
) -> None:
    """The authority ends on Friday 14 March: that day still counts."""
    await chats.hears(chats.says(WORDS))
    reference = await only_case(chats)
    async with memory.unit_of_work() as uow:
        one = await appointing.add(uow, reference, Newcomer(CaseRole.ADVOCATE, "A Dvocate", "a@advocates.example"), acting())
        await appointing.appoint(uow, reference, one.number, acting(), evidence="the provider's letter")
        await authority.record_authority(
            uow, reference, one.number, Authority(Basis.ADVOCATE, "letter", until=date(2025, 3, 14)), acting()
        )
        party = next(row for row in (await cases.parties_of(uow, [reference]))[reference] if row.address == "a@advocates.example")
        party.chat_id = ALEX
        uow.add(party)

    await chats.hears(chats.says("/check", chat=ALEX, at=datetime(2025, 3, day, 10, tzinfo=UTC)))

    [said] = await chats.screens(ALEX)
    assert said.facts["screen"] == screen
    assert (said.facts["read_by"] is None) is (screen == "ended")


@pytest.mark.parametrize(("day", "notice"), [(14, Notice.STATUS), (17, Notice.NOTHING)])
async def test_by_mail_too_the_status_is_told_only_while_the_authority_stands(memory: Memory, day: int, notice: Notice) -> None:
    await post(memory, letter())
    async with memory.unit_of_work() as uow:
        [reference] = [case.reference for case in await cases.find_all(uow)]
        one = await appointing.add(uow, reference, Newcomer(CaseRole.ADVOCATE, "A Dvocate", "a@advocates.example"), acting())
        await appointing.appoint(uow, reference, one.number, acting(), evidence="the provider's letter")
        until = Authority(Basis.ADVOCATE, "letter", until=date(2025, 3, 14))
        await authority.record_authority(uow, reference, one.number, until, acting())
    asked = letter("status", subject="status", sender="a@advocates.example")

    await post(memory, asked, start=2, now=datetime(2025, 3, day, 10, tzinfo=UTC))

    assert [row.notice for row in await queued(memory, "a@advocates.example")] == [notice]
    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT], "nothing rings at the complainant's"


async def test_by_mail_too_a_part_has_its_own_date(memory: Memory) -> None:
    await post(memory, letter())
    async with memory.unit_of_work() as uow:
        [case] = await cases.find_all(uow)
        await actions.route(uow, case.reference, Procedure.STATUTORY, "a looked-after child", acting())
        await issue_list.add(uow, case.reference, "The website lost my form.", acting(), procedure=Procedure.CORPORATE)
        tuesday = acting(at=datetime(2025, 3, 11, 10, tzinfo=UTC))
        await actions.acknowledge(uow, case.reference, Acknowledging(()), tuesday)

    await post(memory, letter("status", subject="status"), start=2, now=datetime(2025, 3, 12, 10, tzinfo=UTC))

    [status] = [row for row in await queued(memory) if row.notice == Notice.STATUS]
    assert (status.facts["due_on"], status.facts["parts"]) == ("2025-03-24", [{"due_on": "2025-03-25", "is_late": False}])


@pytest.mark.parametrize("is_finished", [None, False, True])
async def test_a_person_is_told_of_every_place_and_can_find_it(chats: Chats, memory: Memory, is_finished: bool | None) -> None:
    """With a case, with one that is finished, and with none: within two working hours, and without where it is."""
    if is_finished is not None:
        await chats.hears(chats.says(WORDS))
    if is_finished:
        async with memory.unit_of_work() as uow:
            [case] = await cases.find_all(uow)
            case.closed_on = MONDAY.date()
            uow.add(case)
    await chats.hears(sends_place(chats))

    [task] = await chats.tasks(TaskKind.LOOK_FOR_HARM)
    assert (task.due_at, task.case_reference) == (
        LATER + timedelta(hours=2),
        None if is_finished is None else await only_case(chats),
    )
    assert Notice.SAFETY_ALERT in [row.notice for row in await queued(memory, "duty@council.example")]
    assert "52.4" not in task.detail
    named = str(task.id)
    await look(memory, named, OFFICER, "may not be safe")
    assert [one.latitude for one in (await look(memory, named, ON_DUTY, "I agree")).places] == [52.4862]
    if is_finished is None:
        [task] = await chats.tasks(TaskKind.LOOK_FOR_HARM)
        assert "I agree" in task.detail, "who looked stays when the place is gone"


async def test_a_place_goes_by_its_tasks_number_only_and_by_its_case_once_there_is_one(chats: Chats, memory: Memory) -> None:
    await chats.hears(sends_place(chats))
    [task] = await chats.tasks(TaskKind.LOOK_FOR_HARM)
    with pytest.raises(Refused, match="There is no place on"):
        await look(memory, str((task.id or 0) + 1), OFFICER, "to see")
    await chats.hears(chats.says(WORDS, at=LATER))

    await look(memory, str(task.id), OFFICER, "may not be safe")

    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [await only_case(chats)]))[await only_case(chats)]]
    assert "asks to look at the place that was sent: may not be safe" in notes
