"""To whom an answer may go: nobody whose authority has ended or is not shown hears more than what they told us."""

from datetime import UTC, date, datetime

import pytest

from casework.acting import Refused
from casework.answers import drafts, sending_drafts, writing_drafts
from casework.answers.checking_drafts import Found, Rule
from casework.people import appointing, authority
from casework.people.appointing import Newcomer
from casework.people.authority import Authority
from casework.people.on_case import OnCase
from casework.people.told import MayBeTold, may_be_told
from procedures.people import Basis, CaseRole
from procedures.terms import Notice
from storage import cases
from storage.tables import AuthorityRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, MONDAY, OFFICER, acting
from tests.casework.test_drafts import at_stage_2, filled_in

MUM, ADA = "mum@family.example", "ada@advocates.example"


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


TAKEN, CHECKED = acting(MANAGER, on(date(2025, 3, 25))), acting(at=on(date(2025, 3, 26)))


async def drafted(memory: Memory) -> str:
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        case = await writing_drafts.answerable(uow, reference)
        blank = await writing_drafts.blank(uow, case, 2, TAKEN, b"")
        await drafts.take(uow, reference, TAKEN, letter=filled_in(blank.letter))
    return reference


async def checked(memory: Memory, reference: str, reasons: dict[Rule, str]) -> list[Found]:
    async with memory.unit_of_work() as uow:
        _, found = await drafts.check(uow, reference, CHECKED, reasons)
    return [one for one in found if one.rule is Rule.AUTHORITY]


async def recipients(memory: Memory, reference: str) -> set[str]:
    async with memory.reading() as uow:
        return {row.recipient for row in await cases.sent_of(uow, reference) if row.notice == Notice.LETTER}


async def test_a_draft_to_who_has_not_shown_that_they_may_act_is_stopped_until_somebody_has_looked_at_it(memory: Memory) -> None:
    reference = await drafted(memory)
    async with memory.unit_of_work() as uow:
        await authority.record_authority(uow, reference, 1, Authority(Basis.ON_BEHALF), acting())

    [stopped] = await checked(memory, reference, {})
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="did not pass its check"):
            await drafts.sign(uow, reference, CHECKED)
    [accepted] = await checked(memory, reference, {Rule.AUTHORITY: "nothing in it comes from the child's file"})
    async with memory.unit_of_work() as uow:
        await drafts.sign(uow, reference, CHECKED)
        await sending_drafts.send(uow, reference, CHECKED)

    assert stopped.holds_it_up and "nothing shows that they may act" in stopped.words and "art. 5(1)(f)" in stopped.authority
    assert not accepted.holds_it_up
    assert await recipients(memory, reference) == {MUM}


async def test_an_authority_that_ended_after_the_check_stops_the_sending(memory: Memory) -> None:
    reference = await drafted(memory)
    until = Authority(Basis.ON_BEHALF, "a form in the file", until=date(2025, 3, 27))
    async with memory.unit_of_work() as uow:
        await authority.record_authority(uow, reference, 1, until, acting())
    assert not await checked(memory, reference, {})
    async with memory.unit_of_work() as uow:
        await drafts.sign(uow, reference, CHECKED)

    with pytest.raises(Refused, match="the authority ended on 2025-03-27"):
        async with memory.unit_of_work() as uow:
            await sending_drafts.send(uow, reference, acting(at=on(date(2025, 3, 28))))
    assert await recipients(memory, reference) == set()


async def test_an_advocate_whose_authority_has_ended_gets_no_letter_and_the_check_says_so(memory: Memory) -> None:
    reference = await drafted(memory)
    async with memory.unit_of_work() as uow:
        ada = await appointing.add(uow, reference, Newcomer(CaseRole.ADVOCATE, "Ada Poole", ADA), acting())
        await appointing.appoint(uow, reference, ada.number, acting())
        one_day = Authority(Basis.ADVOCATE, "a letter", until=date(2025, 3, 25))
        await authority.record_authority(uow, reference, ada.number, one_day, acting())

    [left_out] = await checked(memory, reference, {})
    async with memory.unit_of_work() as uow:
        await drafts.sign(uow, reference, CHECKED)
        await sending_drafts.send(uow, reference, CHECKED)

    assert (left_out.words, left_out.stops) == ("Ada Poole does not get it: the authority ended on 2025-03-25.", False)
    assert await recipients(memory, reference) == {MUM}


async def test_whoever_wrote_a_version_does_not_sign_it_and_a_third_signs_where_there_is_one(memory: Memory) -> None:
    reference = await drafted(memory)
    await checked(memory, reference, {})

    with pytest.raises(Refused, match="wrote this version: one writes, a second checks, a third signs"):
        async with memory.unit_of_work() as uow:
            await drafts.sign(uow, reference, TAKEN)
    async with memory.unit_of_work() as uow:
        signed = await drafts.sign(uow, reference, CHECKED)
    assert signed.row.signed_by == OFFICER.address  # nobody else is there who could


RIGHT = AuthorityRow(
    case_reference="K7M-W92-RXHC",
    person_id=3,
    basis=Basis.ON_BEHALF,
    evidence="a form",
    begins_on=date(2025, 3, 10),
    ends_on=date(2025, 3, 31),
    recorded_at=MONDAY,
    recorded_by=OFFICER.address,
)


@pytest.mark.parametrize(
    ("role", "today", "may"),
    [
        (CaseRole.COMPLAINANT, date(2025, 3, 31), MayBeTold.EVERYTHING),
        (CaseRole.COMPLAINANT, date(2025, 4, 1), MayBeTold.THEIR_OWN),
        (CaseRole.SOLICITOR, date(2025, 3, 31), MayBeTold.EVERYTHING),
        (CaseRole.SOLICITOR, date(2025, 4, 1), MayBeTold.NOTHING),
    ],
)
def test_an_authority_holds_to_the_end_of_its_last_day(role: CaseRole, today: date, may: MayBeTold) -> None:
    one = OnCase(1, role, "P", "p@law.example", is_told=True, appointed_on=date(2025, 3, 10), row_id=3)

    assert may_be_told([RIGHT], one, today) is may
