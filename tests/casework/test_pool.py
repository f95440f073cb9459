"""The pool for stages 2 and 3: who may serve, who is appointed, and what it costs; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework import actions, recording
from casework.acting import Refused
from casework.clockwork import events_of
from casework.people import pool
from casework.people.on_case import people_of
from casework.people.pool import Candidate
from procedures.people import CaseRole
from procedures.terms import Event
from storage import cases, daily
from storage.columns import PoolRole, Tie
from storage.tables import PoolAppointmentRow, PoolHoursRow
from storage.unit_of_work import Memory
from tests.casework.daily_desk import routed
from tests.casework.rooms import MANAGER, MONDAY, OFFICE, acting

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
        assert [bool(pool.not_independent(role, tie, OFFICE, MONDAY.date())) for tie in Tie] == [False, True, True, True]
    assert not any(pool.not_independent(PoolRole.INVESTIGATOR, tie, OFFICE, MONDAY.date()) for tie in Tie)


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
