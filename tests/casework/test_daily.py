"""The daily work beside the procedure: calls, advocates, equality, cover, the pool and behaviour plans, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework import actions, recording
from casework.acting import Refused
from casework.clockwork import events_of
from casework.council import Person, StaffRole
from casework.daily import behaviour, calls, cover, equality
from casework.daily.calls import Called
from casework.people import advocacy, pool
from casework.people.on_case import people_of
from casework.people.pool import Candidate
from casework.representation import Writer
from procedures.people import CaseRole
from procedures.terms import Event, Kind, Procedure, Role
from storage import cases, daily
from storage.columns import CallOutcome, OfferAnswer, PoolRole, Question, Tie
from storage.tables import EqualityRow, PoolAppointmentRow, PoolHoursRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, MONDAY, OFFICER, a_case, acting

FRIDAY = MONDAY + timedelta(days=4)
DEPUTY = Person("deputy@council.example", "Ann Bell", StaffRole.OFFICER)


async def waiting(memory: Memory, reference: str, *kinds: TaskKind) -> list[tuple[TaskKind, date]]:
    async with memory.reading() as uow:
        rows = await cases.tasks(uow, reference=reference)
    return [(row.kind, row.due_at.date()) for row in rows if row.kind in kinds]


async def routed(memory: Memory, procedure: Procedure = Procedure.STATUTORY, **changes: Any) -> str:
    reference = await a_case(memory, **{"raised_by": Role.PARENT, **changes})
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "a looked-after child", acting())
    return reference


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


# The pool


PERSON = Candidate("P Person", [PoolRole.INDEPENDENT_PERSON], "p@pool.example", dbs_on=date(2023, 5, 1), hourly_pence=3550)


async def at_stage_2(memory: Memory) -> str:
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We are sorry.", None, acting())
    async with memory.unit_of_work() as uow:
        await recording.record(uow, reference, Event.S2_REQUESTED, acting())
    return reference


async def test_nobody_tied_to_the_council_is_independent() -> None:
    """SI 2006/1738, reg. 2, 17(2): neither member nor officer, nor the spouse or civil partner of one."""
    for role in (PoolRole.INDEPENDENT_PERSON, PoolRole.CHAIR, PoolRole.PANEL_MEMBER):
        assert [bool(pool.not_independent(role, tie)) for tie in Tie] == [False, True, True, True]
    assert not any(pool.not_independent(PoolRole.INVESTIGATOR, tie) for tie in Tie)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tie": Tie.OFFICER}, "An officer of the council cannot be"),
        ({"tie": Tie.SPOUSE}, "spouse or civil partner"),
        ({"address": MANAGER.address}, "An officer of the council cannot be"),
        ({"address": "somebody.else@council.example"}, "An officer of the council cannot be"),
        ({"name": " "}, "Give a name"),
        ({"roles": []}, "at least one role"),
        ({"dbs_on": date(2025, 3, 11)}, "has not come yet"),
    ],
)
async def test_who_cannot_serve_does_not_join_the_pool(memory: Memory, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        async with memory.unit_of_work() as uow:
            await pool.join(uow, replace(PERSON, **changes), acting())
    async with memory.reading() as uow:
        assert await daily.pool(uow) == []


async def test_an_appointment_is_the_step_of_the_procedure_and_its_cost_is_counted(memory: Memory) -> None:
    """6 h 30 at 35.50 an hour is 230.75; with 12.40 of expenses 243.15. 31 March lies in the year before."""
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        person = await pool.join(uow, PERSON, acting())
        assert person.id is not None
        number = person.id
        made = await pool.appoint(uow, number, reference, PoolRole.INDEPENDENT_PERSON, "knows nobody of it", acting())
        appointment = made.id or 0
    async with memory.reading() as uow:
        events = events_of((await cases.events_of(uow, [reference]))[reference])
        [there] = [one for one in await people_of(uow, reference) if one.role is CaseRole.INDEPENDENT_PERSON]
    assert events[Event.IP_APPOINTED] == date(2025, 3, 10)
    assert (there.name, there.why, there.is_on_it) == ("P Person", "knows nobody of it", True)

    later = acting(at=datetime(2025, 4, 2, 10, tzinfo=UTC))
    async with memory.unit_of_work() as uow:
        await pool.note_hours(uow, appointment, 390, later, on=date(2025, 3, 31), expenses_pence=1240)
        await pool.note_hours(uow, appointment, 1, later, on=date(2025, 4, 1))
    async with memory.reading() as uow:
        found = pool.costs(await daily.hours(uow))
    assert [(one.year, one.minutes, one.fees_pence, one.pence) for one in found] == [(2024, 390, 23075, 24315), (2025, 1, 59, 59)]

    async with memory.unit_of_work() as uow:
        await pool.stand_down(uow, appointment, "has moved away", later)
    async with memory.reading() as uow:
        assert [one.is_on_it for one in await people_of(uow, reference) if one.name == "P Person"] == [False]


@pytest.mark.parametrize(
    ("candidate", "role", "declared", "why"),
    [
        (PERSON, PoolRole.INVESTIGATOR, "none", "not as investigator"),
        (PERSON, PoolRole.INDEPENDENT_PERSON, " ", "Say what they declared"),
        (Candidate("Q", [PoolRole.INDEPENDENT_PERSON]), PoolRole.INDEPENDENT_PERSON, "none", "was never seen"),
        (
            Candidate("Q", [PoolRole.INDEPENDENT_PERSON], dbs_on=date(2022, 3, 9)),
            PoolRole.INDEPENDENT_PERSON,
            "none",
            "the council's rule is 3 years",
        ),
        (
            Candidate("Q", [PoolRole.INDEPENDENT_PERSON], dbs_on=date(2025, 1, 1), until_on=date(2025, 3, 9)),
            PoolRole.INDEPENDENT_PERSON,
            "none",
            "is available from",
        ),
    ],
)
async def test_who_cannot_serve_now_is_not_appointed(
    memory: Memory, candidate: Candidate, role: PoolRole, declared: str, why: str
) -> None:
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        person = await pool.join(uow, candidate, acting())
    with pytest.raises(Refused, match=why):
        async with memory.unit_of_work() as uow:
            assert person.id is not None
            await pool.appoint(uow, person.id, reference, role, declared, acting())
    async with memory.reading() as uow:
        assert await daily.appointments(uow) == []
        assert Event.IP_APPOINTED not in events_of((await cases.events_of(uow, [reference]))[reference])


async def test_one_person_holds_one_office_of_a_case(memory: Memory) -> None:
    """Who took part in stage 2 sits on no panel of it (reg. 19(3))."""
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        both = replace(PERSON, roles=[PoolRole.INDEPENDENT_PERSON, PoolRole.PANEL_MEMBER])
        number = (await pool.join(uow, both, acting())).id
        assert number is not None
        await pool.appoint(uow, number, reference, PoolRole.INDEPENDENT_PERSON, "none", acting())
    with pytest.raises(Refused, match="nobody holds two offices"):
        async with memory.unit_of_work() as uow:
            await pool.appoint(uow, number, reference, PoolRole.PANEL_MEMBER, "none", acting())


def test_a_cost_is_rounded_to_the_nearest_penny() -> None:
    """10 minutes at 35.50: 5.9166…, which is 5.92."""
    appointment = PoolAppointmentRow(
        person_id=1,
        case_reference="X",
        role=PoolRole.CHAIR,
        appointed_on=date(2025, 5, 1),
        hourly_pence=3550,
        made_at=MONDAY,
        made_by="",
    )
    worked = PoolHoursRow(appointment_id=1, worked_on=date(2025, 5, 1), minutes=10, recorded_at=MONDAY, recorded_by="")

    assert pool.costs([(worked, appointment)])[0].pence == 592


# Behaviour


async def plan_of(memory: Memory, reference: str) -> int:
    async with memory.unit_of_work() as uow:
        warned = await behaviour.warn(uow, reference, "threats by telephone", acting())
    assert warned.id is not None
    async with memory.unit_of_work() as uow:
        await behaviour.begin(
            uow, warned.id, "calls on Tuesdays", OFFICER.address, acting(at=FRIDAY), told_of_ombudsman_on=FRIDAY.date()
        )
    return warned.id


async def test_a_plan_has_a_warning_a_contact_a_letter_and_a_review(memory: Memory) -> None:
    """Begun on 14 March 2025: looked at again by 14 September 2025."""
    reference = await routed(memory)
    number = await plan_of(memory, reference)

    assert await waiting(memory, reference, TaskKind.PLAN_REVIEW) == [(TaskKind.PLAN_REVIEW, date(2025, 9, 14))]
    async with memory.unit_of_work() as uow:
        await behaviour.review(uow, number, "quiet since", acting(at=datetime(2025, 9, 12, 9, tzinfo=UTC)), ends=True)
    assert await waiting(memory, reference, TaskKind.PLAN_REVIEW) == []
    async with memory.reading() as uow:
        plans = await daily.plans(uow)
    counted = [
        len(behaviour.in_force(plans, first, last))
        for first, last in (
            (date(2025, 1, 1), date(2025, 3, 13)),
            (date(2025, 1, 1), date(2025, 3, 14)),
            (date(2025, 9, 12), date(2025, 12, 31)),
            (date(2025, 9, 13), date(2025, 12, 31)),
        )
    ]
    assert counted == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("limits", "contact", "told_on", "at", "why"),
    [
        ("", OFFICER.address, FRIDAY.date(), FRIDAY, "Say what is limited"),
        ("calls", "nobody@council.example", FRIDAY.date(), FRIDAY, "names one contact"),
        ("calls", OFFICER.address, None, FRIDAY, "Ombudsman"),
        ("calls", OFFICER.address, date(2025, 3, 9), FRIDAY, "Ombudsman"),
        ("calls", OFFICER.address, MONDAY.date(), MONDAY, "must have had its chance"),
    ],
)
async def test_a_plan_without_what_it_needs_is_refused(
    memory: Memory, limits: str, contact: str, told_on: date | None, at: datetime, why: str
) -> None:
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        warned = await behaviour.warn(uow, reference, "threats by telephone", acting())
    with pytest.raises(Refused, match=why):
        async with memory.unit_of_work() as uow:
            assert warned.id is not None
            await behaviour.begin(uow, warned.id, limits, contact, acting(at=at), told_of_ombudsman_on=told_on)
    async with memory.reading() as uow:
        assert behaviour.in_force(await daily.plans(uow), date.min, date.max) == []


@pytest.mark.parametrize("raised_by", [Role.CHILD, Role.CARE_LEAVER, Role.UNKNOWN])
async def test_there_is_no_plan_for_a_child_nor_for_whom_nobody_knows(memory: Memory, raised_by: Role) -> None:
    reference = await routed(memory, raised_by=raised_by)
    with pytest.raises(Refused, match="no behaviour plan for a child"):
        async with memory.unit_of_work() as uow:
            await behaviour.warn(uow, reference, "shouted", acting())
    async with memory.reading() as uow:
        assert await daily.plans(uow) == []


async def test_a_plan_keeps_no_stage_from_anybody(memory: Memory) -> None:
    reference = await routed(memory)
    await plan_of(memory, reference)
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We are sorry.", None, acting(at=FRIDAY))
    async with memory.unit_of_work() as uow:
        progress = await recording.record(uow, reference, Event.S2_REQUESTED, acting(at=FRIDAY))

    assert progress.stage == 2


async def test_a_plan_keeps_no_new_matter_and_no_alert_out(memory: Memory) -> None:
    """The same person writes of harm: a case is opened, they are answered, and the duty address hears of it."""
    await plan_of(memory, await routed(memory))
    again = await a_case(memory, writer=Writer(address="mum@family.example", name="R Green"), tier="harm")

    async with memory.reading() as uow:
        sent = {row.notice for row in await cases.sent_of(uow, again)}
    assert {"receipt", "safety_alert", "new_case_for_staff"} <= sent
    assert [kind for kind, _ in await waiting(memory, again, TaskKind.SAFETY)] == [TaskKind.SAFETY]
