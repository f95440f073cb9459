"""Who is on a case: who is told, who may hold an office, by what right somebody speaks. Nothing crosses between cases."""

from datetime import date

import pytest

from bot.rehearsal.putting_right import put_right
from casework import actions
from casework.acting import Acting, Refused
from casework.decisions.acknowledging import Acknowledging
from casework.people import appointing, authority, families
from casework.people.appointing import Newcomer
from casework.people.authority import Authority, MayBeTold
from casework.people.on_case import OnCase, people_of
from casework.recording import record
from casework.representation import Writer
from procedures.people import Basis, CaseRole, LinkKind, Standing
from procedures.terms import Channel, Event, Kind, Outcome, Procedure
from storage import cases
from storage.tables import OutboxRow, TaskKind
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MANAGER, MONDAY, a_case, acting

ADA = Newcomer(CaseRole.ADVOCATE, "Ada Poole", "ada@advocates.example")
AUNT = "aunt@family.example"


async def acknowledged(uow: UnitOfWork, reference: str, by: Acting) -> None:
    await actions.route(uow, reference, Procedure.CORPORATE, "a service for a family", by)
    await actions.acknowledge(uow, reference, Acknowledging(["Nobody calls back."]), by)


async def letters(uow: UnitOfWork, reference: str) -> list[OutboxRow]:
    return [row for row in await cases.sent_of(uow, reference) if row.notice in ("acknowledgement", "response")]


def found(there: list[OnCase], role: CaseRole) -> OnCase:
    (one,) = [one for one in there if one.role is role]
    return one


async def test_an_advocate_hears_nothing_before_an_officer_confirms_them_and_every_letter_after(memory: Memory) -> None:
    reference, by = await a_case(memory), acting()
    async with memory.unit_of_work() as uow:
        ada = await appointing.add(uow, reference, ADA, by)
        await acknowledged(uow, reference, by)
        before = {row.recipient for row in await letters(uow, reference)}
        tasks = [task.kind for task in await cases.tasks(uow, reference=reference)]
        await appointing.appoint(uow, reference, ada.number, by)
        await put_right(uow, reference, Outcome.UPHELD, "It was so.", "We are sorry.", by)
        await actions.respond(uow, reference, "We are sorry.", Outcome.UPHELD, by)
        after = [row for row in await letters(uow, reference) if row.notice == "response"]

    assert ada.waits_to_be_confirmed and before == {"mum@family.example"} and TaskKind.AUTHORITY in tasks
    assert sorted(row.recipient for row in after) == ["ada@advocates.example", "mum@family.example"]
    assert all(row.channel is Channel.EMAIL for row in after)


async def test_an_advocate_who_left_hears_nothing_more_and_their_number_stays(memory: Memory) -> None:
    reference, by = await a_case(memory), acting()
    async with memory.unit_of_work() as uow:
        ada = await appointing.add(uow, reference, ADA, by)
        await appointing.appoint(uow, reference, ada.number, by)
        await appointing.end(uow, reference, ada.number, "somebody else took over", by)
        await acknowledged(uow, reference, by)
        heard = {row.recipient for row in await letters(uow, reference)}
        there = await people_of(uow, reference)
        routes = [actions.route_of(party)[1] for party in (await cases.parties_of(uow, [reference]))[reference]]

    assert (heard, routes) == ({"mum@family.example"}, ["mum@family.example", ""])
    assert [(one.number, one.role, one.is_on_it, one.address) for one in there] == [
        (1, CaseRole.COMPLAINANT, True, "mum@family.example"),
        (2, CaseRole.ADVOCATE, False, "ada@advocates.example"),
    ]


async def test_a_solicitor_without_authority_is_told_nothing_and_the_complaint_goes_on(memory: Memory) -> None:
    reference, by = await a_case(memory), acting()
    async with memory.unit_of_work() as uow:
        one = await appointing.add(uow, reference, Newcomer(CaseRole.SOLICITOR, "P Law", "p@law.example"), by)
        with pytest.raises(Refused, match="Nothing shows that the solicitor may act"):
            await appointing.appoint(uow, reference, one.number, by)
        await acknowledged(uow, reference, by)
        await appointing.appoint(uow, reference, one.number, by, evidence="signed form of 3 March, in the file")
        there = await people_of(uow, reference)

    assert found(there, CaseRole.SOLICITOR).route == (Channel.EMAIL, "p@law.example")


async def test_missing_authority_limits_what_is_told_and_holds_up_neither_stage_2_nor_its_clock(memory: Memory) -> None:
    """Fault 9: no consent of the child is asked for, at any stage."""
    reference, by = await a_case(memory), acting()
    async with memory.unit_of_work() as uow:
        await authority.record_authority(uow, reference, 1, Authority(Basis.ON_BEHALF), by)
        there = await people_of(uow, reference)
        may = await authority.told_what(uow, reference, there, MONDAY.date())
        await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", by)
        await actions.acknowledge(uow, reference, Acknowledging(["Nobody calls back."]), by)
        await actions.respond(uow, reference, "We are sorry.", None, by)
        progress = await record(uow, reference, Event.S2_REQUESTED, by)
        asked = [task.key for task in await cases.tasks(uow, reference=reference) if task.kind is TaskKind.AUTHORITY]

    assert may == {1: MayBeTold.THEIR_OWN} and asked == [f"authority:{there[0].row_id}"]
    assert (progress.stage, progress.answer is not None) == (2, True)


async def test_evidence_closes_the_task_and_the_childs_view_says_who_asked_and_when(memory: Memory) -> None:
    reference, by = await a_case(memory), acting()
    view = "wants to stay at school"
    async with memory.unit_of_work() as uow:
        await authority.record_authority(uow, reference, 1, Authority(Basis.ON_BEHALF), by)
        with pytest.raises(Refused, match="who asked the child"):
            await authority.record_authority(uow, reference, 1, Authority(Basis.ON_BEHALF, child_view=view), by)
        whole = Authority(Basis.ON_BEHALF, "the child said so", "", view, "Ms Okoro, IRO", date(2025, 3, 7), date(2025, 9, 1))
        await authority.record_authority(uow, reference, 1, whole, by)
        there = await people_of(uow, reference)
        may = await authority.told_what(uow, reference, there, MONDAY.date())
        open_now = [task.detail for task in await cases.tasks(uow, reference=reference) if task.kind is TaskKind.AUTHORITY]

    assert may == {1: MayBeTold.EVERYTHING}
    assert open_now == ["an authority ends on 01 September 2025: renew it, or end the entry so that nothing more goes there"]


@pytest.mark.parametrize(
    ("comer", "why_not"),
    [
        (Newcomer(CaseRole.INDEPENDENT_PERSON, "Ann Bo", "ann@own.example"), "Ask first"),
        (Newcomer(CaseRole.INDEPENDENT_PERSON, "Jo Field", MANAGER.address, is_independent=True), "belongs to the council"),
        (Newcomer(CaseRole.PANEL_CHAIR, "X Y", "x.y@council.example", is_independent=True), "belongs to the council"),
        (Newcomer(CaseRole.INVESTIGATING_OFFICER, "Jo Field", MANAGER.address), "belongs to the service"),
        (Newcomer(CaseRole.ADVOCATE), "Say who"),
    ],
)
async def test_an_office_is_refused_to_who_is_not_independent_of_it(memory: Memory, comer: Newcomer, why_not: str) -> None:
    reference = await a_case(memory, team="Team North")
    with pytest.raises(Refused, match=why_not):
        async with memory.unit_of_work() as uow:
            await appointing.add(uow, reference, comer, acting())
    async with memory.reading() as uow:
        assert [one.role for one in await people_of(uow, reference)] == [CaseRole.COMPLAINANT]


async def test_a_panel_is_three_and_the_independent_person_of_stage_2_is_none_of_them(memory: Memory) -> None:
    reference, by = await a_case(memory), acting()
    async with memory.unit_of_work() as uow:
        await appointing.add(
            uow, reference, Newcomer(CaseRole.INDEPENDENT_PERSON, "Ann Bo", "ann@own.example", is_independent=True), by
        )
        with pytest.raises(Refused, match=r"reg\. 19\(3\)"):
            await appointing.add(uow, reference, Newcomer(CaseRole.PANEL_CHAIR, "ann bo", is_independent=True), by)
        for role, name in ((CaseRole.PANEL_CHAIR, "C"), (CaseRole.PANEL_MEMBER, "D"), (CaseRole.PANEL_MEMBER, "E")):
            await appointing.add(uow, reference, Newcomer(role, name, is_independent=True), by)
        with pytest.raises(Refused, match="three persons"):
            await appointing.add(uow, reference, Newcomer(CaseRole.PANEL_MEMBER, "F", is_independent=True), by)


async def test_whoever_is_complained_about_is_walled_and_holds_no_office(memory: Memory) -> None:
    reference, by = await a_case(memory), acting()
    async with memory.unit_of_work() as uow:
        await appointing.add(uow, reference, Newcomer(CaseRole.RESPONSIBLE_MANAGER, "Jo Field", MANAGER.address), by)
        await appointing.add(uow, reference, Newcomer(CaseRole.COMPLAINED_ABOUT, "Jo Field"), by)
        uow.expire_all()
        there = await people_of(uow, reference)
        with pytest.raises(Refused, match="neither decides nor answers"):
            await actions.assign(uow, reference, MANAGER.address, by)
        with pytest.raises(Refused, match="does not answer, look into or"):
            await appointing.add(uow, reference, Newcomer(CaseRole.ADJUDICATOR, "Jo Field", MANAGER.address), by)

    assert not found(there, CaseRole.RESPONSIBLE_MANAGER).is_on_it


async def test_who_complains_together_gets_each_their_own_letter_and_one_leads(memory: Memory) -> None:
    reference, by = await a_case(memory), acting()
    dad = Newcomer(CaseRole.COMPLAINANT, "D Green", "dad@family.example", relation="dad", standing=Standing.S2, is_lead=True)
    async with memory.unit_of_work() as uow:
        await appointing.add(uow, reference, dad, by)
        await acknowledged(uow, reference, by)
        uow.expire_all()
        there, sent = await people_of(uow, reference), await letters(uow, reference)

    assert [(one.address, one.is_lead) for one in there] == [("mum@family.example", False), ("dad@family.example", True)]
    assert sorted(row.recipient for row in sent) == ["dad@family.example", "mum@family.example"]


async def test_the_only_complainant_is_not_simply_taken_off(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match=r"reg\. 7"):
            await appointing.end(uow, reference, 1, "no more", acting())


async def test_an_aunt_whose_case_is_linked_never_gets_mums_words(memory: Memory) -> None:
    mums, aunts = await a_case(memory), await a_case(memory, writer=Writer(address=AUNT))
    by = acting()
    async with memory.unit_of_work() as uow:
        await families.link(uow, mums, aunts, LinkKind.FAMILY, "mum and aunt of the same child", by)
        await appointing.add(uow, mums, Newcomer(CaseRole.FAMILY, "Aunt", AUNT, relation="aunt"), by)
        await acknowledged(uow, mums, by)
        await put_right(uow, mums, Outcome.UPHELD, "It was so.", "We are sorry.", by)
        await actions.respond(uow, mums, "What mum told us was right.", Outcome.UPHELD, by)
        all_of_mums = await cases.sent_of(uow, mums)
        with pytest.raises(Refused, match="linked already"):
            await families.link(uow, aunts, mums, LinkKind.DUPLICATE, "again", by)
        linked = await families.linked_with(uow, aunts)
        history = [event.note for event in (await cases.events_of(uow, [aunts]))[aunts]]

    assert not [row for row in all_of_mums if row.recipient == AUNT]
    assert [one.reference for one in linked] == [mums] and not [note for note in history if mums in note]


async def test_only_an_officer_says_who_is_on_a_case(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.COMPLAINT)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="Only a complaints officer"):
            await appointing.add(uow, reference, ADA, acting(MANAGER))
