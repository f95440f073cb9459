"""One writes an answer, a second checks it, a third signs it; who decided stage 1 decides no stage 2."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework import actions
from casework.acting import Acting, Refused
from casework.answers import drafts as work
from casework.answers.hands import Hands, answer, decided_stage_1, went_elsewhere, why_not_signed_by
from casework.council import Council, Person, StaffRole
from casework.decisions.discretions import decisions_of
from casework.people.appointing import Newcomer, add
from casework.people.walls import Whom, put_up
from casework.recording import record
from procedures.people import CaseRole
from procedures.terms import Event, Kind, Matter, Outcome, Procedure
from storage import cases
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, MONDAY, OFFICE, OFFICER, a_case

HEAD = Person("head@council.example", "Ama Owusu", StaffRole.HEAD_OF_SERVICE)
DEPUTY = Person("deputy@council.example", "Ann Bell", StaffRole.OFFICER)
OTHER = Person("other@council.example", "Kim North", StaffRole.HEAD_OF_SERVICE)
TOWN = replace(OFFICE, council=replace(OFFICE.council, people=(OFFICER, MANAGER, HEAD, DEPUTY, OTHER)))
THREE = Hands(MANAGER.address, HEAD.address)
"""The officer writes, the manager checks, the head of service signs."""


def by(person: Person = OFFICER, days: int = 0) -> Acting:
    return Acting(person, TOWN, MONDAY + timedelta(days=days))


async def a_complaint(memory: Memory, procedure: Procedure = Procedure.CORPORATE) -> str:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "what it is about", by())
    return reference


async def test_an_answer_in_words_of_its_own_is_sent_with_who_checked_and_who_signed_it(memory: Memory) -> None:
    reference = await a_complaint(memory)
    async with memory.unit_of_work() as uow:
        await answer(uow, reference, "It was right.", Outcome.NOT_UPHELD, THREE, by())
    async with memory.reading() as uow:
        [kept] = await decisions_of(uow, reference)
        done = await decided_stage_1(uow, reference)

    assert (kept.matter, kept.decided_by) == (Matter.ANSWER, OFFICER.address)
    assert {one["test"]: one["weighed"] for one in kept.weighed} == {
        "stage": "1",
        "written by": OFFICER.address,
        "checked by": MANAGER.address,
        "signed by": HEAD.address,
    }
    assert done == {OFFICER.address: "wrote", HEAD.address: "signed"}


@pytest.mark.parametrize(
    ("hands", "why_not"),
    [
        (Hands(), "add --checked-by ADDRESS --signed-by ADDRESS"),
        (Hands(MANAGER.address), "add --checked-by ADDRESS --signed-by ADDRESS"),
        (Hands("nobody@council.example", HEAD.address), "nobody@council.example is not one of the people"),
        (Hands(OFFICER.address, HEAD.address), "somebody else checks it"),
        (Hands(MANAGER.address, OFFICER.address), "wrote this version"),
        (Hands(MANAGER.address, MANAGER.address), "checked this version"),
        (Hands(MANAGER.address, HEAD.address, "stranger@else.example"), "not one of the people"),
    ],
)
async def test_an_answer_that_was_not_the_work_of_three_is_not_sent(memory: Memory, hands: Hands, why_not: str) -> None:
    reference = await a_complaint(memory)
    with pytest.raises(Refused, match=why_not):
        async with memory.unit_of_work() as uow:
            await answer(uow, reference, "It was right.", Outcome.NOT_UPHELD, hands, by())
    with pytest.raises(Refused, match=why_not):
        async with memory.unit_of_work() as uow:
            await went_elsewhere(uow, reference, Event.S1_REPLY_SENT, hands, by(), why="by post")
    async with memory.reading() as uow:
        assert await decisions_of(uow, reference) == []
        assert Event.S1_REPLY_SENT not in {row.name for row in (await cases.events_of(uow, [reference]))[reference]}


async def test_whoever_it_is_about_neither_checked_nor_signed(memory: Memory) -> None:
    reference = await a_complaint(memory)
    async with memory.unit_of_work() as uow:
        await put_up(uow, reference, Whom(address=MANAGER.address), "the complaint is about them", by())
    with pytest.raises(Refused, match="walled"):
        async with memory.unit_of_work() as uow:
            await answer(uow, reference, "It was right.", Outcome.NOT_UPHELD, THREE, by())


async def test_what_is_no_complaint_is_answered_by_one_person(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.ENQUIRY, suggested=Procedure.UNDECIDED)
    async with memory.unit_of_work() as uow:
        await answer(uow, reference, "We are open until five.", None, Hands(), by(MANAGER))
    async with memory.reading() as uow:
        assert await decisions_of(uow, reference) == []


async def at_stage_2(memory: Memory) -> str:
    """A corporate complaint: the officer wrote its stage 1 answer, the head of service signed it."""
    reference = await a_complaint(memory)
    async with memory.unit_of_work() as uow:
        await answer(uow, reference, "It was right.", Outcome.NOT_UPHELD, THREE, by())
        await record(uow, reference, Event.S2_REQUESTED, by(days=1), why="by phone")
        await record(uow, reference, Event.S2_ACKNOWLEDGED, by(days=1), why="by phone")
    return reference


async def test_who_decided_stage_1_neither_drafts_nor_signs_nor_judges_stage_2_of_the_code(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    same = "somebody else considers stage 2 .LGSCO Complaint Handling Code 2024"
    with pytest.raises(Refused, match=f"{OFFICER.address} wrote the answer of stage 1: {same}"):
        async with memory.unit_of_work() as uow:
            await work.take(uow, reference, by(days=2), letter=b"anything")
    with pytest.raises(Refused, match=f"{HEAD.address} signed the answer of stage 1: {same}"):
        async with memory.unit_of_work() as uow:
            gone = Hands(MANAGER.address, HEAD.address, DEPUTY.address)
            await went_elsewhere(uow, reference, Event.S2_NOTICE_SENT, gone, by(days=2), why="by post")
    for role in (CaseRole.ADJUDICATOR, CaseRole.INVESTIGATING_OFFICER):
        with pytest.raises(Refused, match=same):
            async with memory.unit_of_work() as uow:
                await add(uow, reference, Newcomer(role, address=HEAD.address), by(days=2))

    async with memory.unit_of_work() as uow:
        await add(uow, reference, Newcomer(CaseRole.ADJUDICATOR, address=OTHER.address), by(days=2))
        gone = Hands(MANAGER.address, OTHER.address, DEPUTY.address)
        await went_elsewhere(uow, reference, Event.S2_NOTICE_SENT, gone, by(days=2), why="by post")


async def test_what_is_no_answer_is_recorded_without_them(memory: Memory) -> None:
    reference = await a_complaint(memory)
    with pytest.raises(Refused, match="is no answer"):
        async with memory.unit_of_work() as uow:
            await went_elsewhere(uow, reference, Event.FREEZE_ASKED, THREE, by())
    async with memory.unit_of_work() as uow:
        await went_elsewhere(uow, reference, Event.FREEZE_ASKED, Hands(), by())


def test_two_people_are_enough_where_no_third_may_sign() -> None:
    """The checker signs where nobody else may; the writer never does."""
    small = Council(people=(OFFICER, MANAGER), answers_signed_by=(StaffRole.MANAGER,))
    assert why_not_signed_by(MANAGER, OFFICER.address, MANAGER.address, small, ()) == ""
    assert "nobody else who may sign" in why_not_signed_by(MANAGER, MANAGER.address, OFFICER.address, small, ())
    assert "an answer is signed by: manager" in why_not_signed_by(OFFICER, "", "", small, ())
