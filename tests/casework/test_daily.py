"""The daily work beside the procedure: calls, enquiries, advocates, equality and cover, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework import actions
from casework.acting import Refused
from casework.clockwork import events_of
from casework.council import Person, StaffRole
from casework.daily import calls, cover, equality
from casework.daily.calls import Called
from casework.people import advocacy
from procedures.terms import Event, Kind, Procedure, Role
from storage import cases, daily
from storage.columns import CallOutcome, OfferAnswer, Question
from storage.tables import EqualityRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.daily_desk import FRIDAY, routed, waiting
from tests.casework.rooms import MANAGER, MONDAY, OFFICER, a_case, acting

DEPUTY = Person("deputy@council.example", "Ann Bell", StaffRole.OFFICER)


# Calls


async def test_who_was_not_reached_is_called_again_on_the_next_working_day(memory: Memory) -> None:
    """Tried on Friday 14 March and again on Monday 17: one call to make, on Tuesday 18 March 2025."""
    reference = await a_case(memory)
    for day in (FRIDAY, MONDAY + timedelta(days=7)):
        async with memory.unit_of_work() as uow:
            again = await calls.note_call(uow, reference, Called(CallOutcome.NO_ANSWER), acting(at=day))

    assert again == date(2025, 3, 18)
    assert await waiting(memory, reference, TaskKind.CALL_BACK) == [(TaskKind.CALL_BACK, date(2025, 3, 18))]

    async with memory.unit_of_work() as uow:
        spoke = Called(CallOutcome.SPOKE, agreed="a letter by Friday", at=MONDAY + timedelta(days=8))
        await calls.note_call(uow, reference, spoke, acting(at=MONDAY + timedelta(days=8, hours=1)))
    assert await waiting(memory, reference, TaskKind.CALL_BACK) == []
    async with memory.reading() as uow:
        assert [call.outcome for call in await daily.calls_of(uow, reference)] == ["no_answer", "no_answer", "spoke"]


async def test_who_asks_for_a_day_is_called_on_that_day_and_a_wrong_number_needs_a_safe_way(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await calls.note_call(uow, reference, Called(CallOutcome.NOT_NOW, again_on=date(2025, 3, 20)), acting())
        await calls.note_call(uow, reference, Called(CallOutcome.WRONG_NUMBER), acting())

    assert await waiting(memory, reference, TaskKind.CALL_BACK) == [(TaskKind.CALL_BACK, date(2025, 3, 20))]
    assert await waiting(memory, reference, TaskKind.CANNOT_REACH) == [(TaskKind.CANNOT_REACH, date(2025, 3, 10))]


@pytest.mark.parametrize(
    "called",
    [
        Called(CallOutcome.SPOKE),
        Called(CallOutcome.SPOKE, agreed="x", at=MONDAY + timedelta(minutes=1)),
        Called(CallOutcome.NOT_NOW, again_on=date(2025, 3, 9)),
    ],
)
async def test_a_call_that_cannot_have_been_is_refused(memory: Memory, called: Called) -> None:
    reference = await a_case(memory)
    with pytest.raises(Refused, match="Nothing was changed"):
        async with memory.unit_of_work() as uow:
            await calls.note_call(uow, reference, called, acting())

    async with memory.reading() as uow:
        assert await daily.calls_of(uow, reference) == []


# Enquiries of members


async def test_an_enquiry_of_a_member_has_its_own_clock_and_a_complaint_made_of_it_keeps_its_day(memory: Memory) -> None:
    """Received Monday 10 March 2025: ten working days for the member, and for stage 1, end on Monday 24 March."""
    reference = await a_case(memory, kind=Kind.ENQUIRY, is_of_a_member=True, raised_by=Role.PROFESSIONAL)

    async def due() -> dict[str, date]:
        async with memory.reading() as uow:
            return {row.clock: row.due_on for row in await cases.deadlines_of(uow, reference, standing_only=True)}

    assert await due() == {"member_response": date(2025, 3, 24)}
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We have looked at it.", None, acting(at=FRIDAY))
    async with memory.unit_of_work() as uow:
        await actions.change_kind(uow, reference, Kind.COMPLAINT, "the mother wants to complain", acting(at=FRIDAY))
    async with memory.unit_of_work() as uow:
        progress = await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", acting(at=FRIDAY))

    assert (await due())["s1_response"] == date(2025, 3, 24)
    assert progress.answer_by == date(2025, 3, 24)
    assert "member_response" not in await due()
    async with memory.reading() as uow:
        events = events_of((await cases.events_of(uow, [reference]))[reference])
    assert Event.RESPONDED not in events  # what the member was told was no answer to the complaint
    assert events[Event.RECEIVED] == date(2025, 3, 10)


async def test_no_complaint_is_routed_as_an_enquiry_of_a_member(memory: Memory) -> None:
    reference = await a_case(memory)
    with pytest.raises(Refused, match="no way to handle a complaint"):
        async with memory.unit_of_work() as uow:
            await actions.route(uow, reference, Procedure.MEMBER_ENQUIRY, "an MP wrote", acting())


# Advocates


async def test_an_advocate_who_is_not_appointed_in_three_working_days_is_an_alarm(memory: Memory) -> None:
    """Asked for on Friday 14 March 2025: the third working day is Wednesday 19."""
    reference = await routed(memory, raised_by=Role.CHILD)
    async with memory.unit_of_work() as uow:
        await advocacy.offer(uow, reference, OfferAnswer.ACCEPTED, acting(at=FRIDAY))
    assert await waiting(memory, reference, TaskKind.ADVOCATE_LATE) == [(TaskKind.ADVOCATE_LATE, date(2025, 3, 19))]

    async def line(day: date) -> advocacy.Logged:
        async with memory.reading() as uow:
            [found] = await advocacy.log(uow, day, acting().office.calendar)
        return found

    assert not (await line(date(2025, 3, 18))).is_alarm
    assert (await line(date(2025, 3, 19))).is_alarm

    thursday = MONDAY + timedelta(days=10)
    async with memory.unit_of_work() as uow:
        days = await advocacy.appoint(uow, reference, "Coram Voice", acting(at=thursday), advocate="A Person")
    found = await line(date(2025, 4, 1))
    assert (days, found.working_days, found.provider, found.is_alarm) == (4, 4, "Coram Voice", False)
    assert await waiting(memory, reference, TaskKind.ADVOCATE_LATE, TaskKind.ADVOCATE) == []


async def test_where_no_clock_knows_an_advocate_the_log_does(memory: Memory) -> None:
    reference = await routed(memory, Procedure.CORPORATE)
    async with memory.unit_of_work() as uow:
        await advocacy.ask(uow, reference, acting(), provider="Coram Voice")
    async with memory.unit_of_work() as uow:
        assert await advocacy.appoint(uow, reference, "Coram Voice", acting(at=FRIDAY)) == 4

    assert await waiting(memory, reference, TaskKind.ADVOCATE_LATE) == []


async def test_where_no_clock_knows_it_an_advocate_may_have_been_asked_for_before_the_complaint_came_too(memory: Memory) -> None:
    """Asked for on Friday 7 March 2025, received on Monday 10, appointed on Friday 14."""
    reference = await routed(memory, Procedure.CORPORATE)
    async with memory.unit_of_work() as uow:
        await advocacy.ask(uow, reference, acting(), on=date(2025, 3, 7))
        with pytest.raises(Refused, match="before it was received"):
            await advocacy.appoint(uow, reference, "Coram Voice", acting(), on=date(2025, 3, 7))
        assert await advocacy.appoint(uow, reference, "Coram Voice", acting(at=FRIDAY)) == 5


async def test_an_appointment_needs_a_request_and_a_provider_and_happens_once(memory: Memory) -> None:
    reference = await routed(memory)
    for provider, why in (("Coram Voice", "Nobody has asked"), ("", "by which provider")):
        with pytest.raises(Refused, match=why):
            async with memory.unit_of_work() as uow:
                await advocacy.appoint(uow, reference, provider, acting())
    async with memory.unit_of_work() as uow:
        await advocacy.ask(uow, reference, acting())
        await advocacy.appoint(uow, reference, "Coram Voice", acting())
    with pytest.raises(Refused, match="One was appointed"):
        async with memory.unit_of_work() as uow:
            await advocacy.appoint(uow, reference, "Coram Voice", acting())
    with pytest.raises(Refused, match="Only a complaints officer"):
        async with memory.unit_of_work() as uow:
            await advocacy.offer(uow, reference, OfferAnswer.DECLINED, acting(MANAGER))


# Equality


async def test_equality_answers_come_after_the_reply_and_lead_back_to_nobody(memory: Memory) -> None:
    reference = await routed(memory)
    answers = {Question.AGE: "26 to 64", Question.DISABILITY: "yes"}
    with pytest.raises(Refused, match="no reply yet"):
        async with memory.unit_of_work() as uow:
            await equality.keep_answers(uow, reference, answers, acting())
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We are sorry.", None, acting())
    with pytest.raises(Refused, match="is none of"):
        async with memory.unit_of_work() as uow:
            await equality.keep_answers(uow, reference, {Question.AGE: "44"}, acting())
    async with memory.reading() as uow:
        before = [row.model_dump() for row in (await cases.events_of(uow, [reference]))[reference]]

    async with memory.unit_of_work() as uow:
        assert await equality.keep_answers(uow, reference, answers, acting()) == 2

    async with memory.reading() as uow:
        kept = await daily.equality_answers(uow, 2024)  # 10 March 2025 lies in 2024/25
        after = [row.model_dump() for row in (await cases.events_of(uow, [reference]))[reference]]
    assert sorted(row.answer for row in kept) == ["26 to 64", "yes"]
    assert after == before
    assert set(EqualityRow.model_fields) == {"id", "year", "question", "answer"}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 0, "b": 0}, {"a": 0, "b": 0}),
        ({"a": 5, "b": 9, "c": 0}, {"a": 5, "b": 9, "c": 0}),
        ({"a": 4, "b": 9, "c": 20}, {"a": None, "b": None, "c": 20}),  # alone it would follow from the total
        ({"a": 1, "b": 2, "c": 9, "d": 30}, {"a": None, "b": None, "c": None, "d": 30}),  # three of two: who is one?
        ({"a": 3, "b": 4, "c": 9}, {"a": None, "b": None, "c": 9}),
        ({"a": 1}, {"a": None}),
    ],
)
def test_small_numbers_are_hidden_and_cannot_be_worked_out(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert equality.with_small_numbers_hidden(counts) == shown


# Cover


def among(*more: Person) -> Any:
    """Acting in an office with more people."""
    here = acting()
    return replace(here, office=replace(here.office, council=replace(here.office.council, people=(OFFICER, MANAGER, *more))))


async def test_a_deputy_stands_in_from_the_first_day_to_the_last(memory: Memory) -> None:
    here = among(DEPUTY)
    async with memory.unit_of_work() as uow:
        await cover.stand_in(uow, OFFICER.address, DEPUTY.address, date(2025, 3, 17), date(2025, 3, 21), here)

    async with memory.reading() as uow:
        on = {day: cover.deputies(await daily.cover_on(uow, date(2025, 3, day)), here.office.council) for day in (16, 17, 21, 22)}
    assert [bool(on[day]) for day in (16, 17, 21, 22)] == [False, True, True, False]
    assert cover.with_deputies([OFFICER, MANAGER], on[17]) == (OFFICER, DEPUTY, MANAGER)
    assert cover.with_deputies([OFFICER, DEPUTY], on[17]) == (OFFICER, DEPUTY)

    async with memory.unit_of_work() as uow:
        back = acting(at=datetime(2025, 3, 19, 9, tzinfo=UTC))
        await cover.come_back(uow, OFFICER.address, back)
    async with memory.reading() as uow:
        assert [len(await daily.cover_on(uow, date(2025, 3, day))) for day in (18, 19)] == [1, 0]


@pytest.mark.parametrize(
    ("away", "deputy", "first", "last", "why"),
    [
        (OFFICER.address, MANAGER.address, 17, 21, "is no complaints officer"),
        (OFFICER.address, OFFICER.address, 17, 21, "stands in for themselves"),
        (OFFICER.address, "nobody@council.example", 17, 21, "is not one of the people"),
        (OFFICER.address, DEPUTY.address, 21, 17, "is before"),
        (OFFICER.address, DEPUTY.address, 3, 7, "has passed"),
    ],
)
async def test_cover_that_covers_nothing_is_refused(
    memory: Memory, away: str, deputy: str, first: int, last: int, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        async with memory.unit_of_work() as uow:
            await cover.stand_in(uow, away, deputy, date(2025, 3, first), date(2025, 3, last), among(DEPUTY))
    async with memory.reading() as uow:
        assert await daily.cover_from(uow, date.min) == []
