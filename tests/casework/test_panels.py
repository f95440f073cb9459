"""Without its people no panel has met (SI 2006/1738, reg. 19); who was appointed is on the case, by name."""

from datetime import date

from casework.people import appointing
from casework.people.appointing import Newcomer
from casework.people.on_case import people_of
from casework.recordable import what_may_be_recorded
from casework.recording import record
from procedures.people import CaseRole
from procedures.terms import Event, Procedure
from storage.filing import Filing, write
from storage.tables import CaseRow
from storage.unit_of_work import Memory
from tests.casework.rooms import a_panel
from tests.stories.faults.desk import Desk
from tests.stories.faults.test_faults_01_to_05 import at_stage_2
from tests.stories.faults.test_faults_06_to_10 import after_stage_2

SAID = {"summary": "They moved three times.", "recommendations": "Say sorry."}


async def asked(memory: Memory) -> Desk:
    """A panel was asked for on Monday 2 June 2025, in time."""
    desk = Desk(memory)
    await after_stage_2(desk)
    await desk.records(Event.S3_REQUESTED, date(2025, 6, 2), why="the report left out the school")
    return desk


async def joins(desk: Desk, role: CaseRole, name: str) -> None:
    async with desk.memory.unit_of_work() as uow:
        await appointing.add(uow, desk.reference, Newcomer(role, name, is_independent=True), desk.acting())


async def test_no_panel_has_met_without_a_chair_and_three_people(memory: Memory) -> None:
    desk = await asked(memory)
    await desk.cannot_record(r"reg\. 19\).*has 0 of its 3 people, and no chair.*heard case person add", Event.PANEL)
    for name in ("D. Drew", "E. Eden"):
        await joins(desk, CaseRole.PANEL_MEMBER, name)
    await desk.cannot_record("has 2 of its 3 people, and no chair", Event.PANEL)
    await joins(desk, CaseRole.PANEL_CHAIR, "C. Chair")
    await desk.records(Event.PANEL, date(2025, 6, 24))

    assert (await desk.events())[Event.PANEL] == date(2025, 6, 24)


async def not_yet(desk: Desk) -> dict[Event, str]:
    """What of a panel may not be recorded yet, and why."""
    async with desk.memory.reading() as uow:
        found = await what_may_be_recorded(uow, desk.reference, desk.acting().office, desk.today)
    return {one.step.event: one.why_not for one in found if one.step.event in (Event.PANEL, Event.PANEL_REPORT) and one.why_not}


async def test_what_may_be_recorded_has_no_panel_before_its_people_are_there(memory: Memory) -> None:
    desk = await asked(memory)
    assert "has 0 of its 3 people, and no chair" in (await not_yet(desk))[Event.PANEL]
    assert (await not_yet(desk))[Event.PANEL].endswith("A day that is still to come can be fixed before, with --on.")
    await joins(desk, CaseRole.PANEL_CHAIR, "C. Chair")
    for name in ("D. Drew", "E. Eden"):
        await joins(desk, CaseRole.PANEL_MEMBER, name)
    assert Event.PANEL not in await not_yet(desk)


async def test_what_may_be_recorded_has_no_report_of_a_panel_without_its_people(memory: Memory) -> None:
    desk = await asked(memory)
    async with memory.unit_of_work() as uow:
        await record(uow, desk.reference, Event.PANEL, desk.acting(), on=date(2025, 6, 24))
    desk.today = date(2025, 6, 27)
    assert "has 0 of its 3 people, and no chair" in (await not_yet(desk))[Event.PANEL_REPORT]
    async with memory.unit_of_work() as uow:
        await a_panel(uow, desk.reference, desk.acting())
    assert await not_yet(desk) == {}


async def test_three_members_are_no_panel_while_nobody_chairs(memory: Memory) -> None:
    desk = await asked(memory)
    for name in ("C. Chair", "D. Drew", "E. Eden"):
        await joins(desk, CaseRole.PANEL_MEMBER, name)

    await desk.cannot_record("has 3 of its 3 people, and no chair", Event.PANEL)


async def test_the_day_of_a_panel_is_fixed_before_all_are_found_and_its_report_waits_for_them(memory: Memory) -> None:
    desk = await asked(memory)
    async with memory.unit_of_work() as uow:
        await record(uow, desk.reference, Event.PANEL, desk.acting(), on=date(2025, 6, 24))
    desk.today = date(2025, 6, 27)
    await desk.cannot_record("one of whom chairs", Event.PANEL_REPORT, say=SAID)
    async with memory.unit_of_work() as uow:
        await a_panel(uow, desk.reference, desk.acting())
    await desk.records(Event.PANEL_REPORT, say=SAID)

    assert Event.PANEL_REPORT in await desk.events()


async def leaves(desk: Desk, role: CaseRole) -> None:
    async with desk.memory.unit_of_work() as uow:
        one = next(one for one in await people_of(uow, desk.reference) if one.role is role)
        await appointing.end(uow, desk.reference, one.number, "her part is done", desk.acting())


async def test_who_left_after_the_panel_was_on_it(memory: Memory) -> None:
    desk = await asked(memory)
    async with memory.unit_of_work() as uow:
        await a_panel(uow, desk.reference, desk.acting())
    await desk.records(Event.PANEL, date(2025, 6, 24))
    desk.today = date(2025, 6, 26)
    await leaves(desk, CaseRole.PANEL_MEMBER)
    desk.today = date(2025, 6, 27)
    await desk.records(Event.PANEL_REPORT, say=SAID)

    assert Event.PANEL_REPORT in await desk.events()


async def test_who_left_before_the_panel_was_not_on_it(memory: Memory) -> None:
    desk = await asked(memory)
    async with memory.unit_of_work() as uow:
        await a_panel(uow, desk.reference, desk.acting())
    desk.today = date(2025, 6, 23)
    await leaves(desk, CaseRole.PANEL_CHAIR)
    desk.today = date(2025, 6, 24)

    await desk.cannot_record("has 2 of its 3 people, and no chair", Event.PANEL)


async def test_a_panel_of_an_older_register_names_nobody(memory: Memory) -> None:
    desk = await asked(memory)
    filing = Filing()
    filing.change(CaseRow, {"reference": desk.reference}, is_imported=True)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
    await desk.records(Event.PANEL, date(2025, 6, 24))

    assert Event.PANEL in await desk.events()


async def test_who_is_appointed_is_on_the_case_by_name_or_already(memory: Memory) -> None:
    desk = Desk(memory)
    await at_stage_2(desk)
    hold = appointing.hold_the_office

    async def given(event: Event, name: str = "", *, independent: bool = False) -> None:
        who = Newcomer(CaseRole.INVESTIGATING_OFFICER, name, is_independent=independent)
        async with memory.unit_of_work() as uow:
            await hold(uow, desk.reference, event, who, desk.acting())

    nobody = Newcomer(CaseRole.INVESTIGATING_OFFICER)
    async with memory.reading() as uow:
        assert not [one for one in await people_of(uow, desk.reference) if one.role is CaseRole.INVESTIGATING_OFFICER]
    before = await desk.everything()
    for event, who, why in (
        (Event.IO_APPOINTED, nobody, "Say who the investigating officer is, with --name"),
        (Event.IP_APPOINTED, nobody, "Say who the independent person is, with --name"),
        (Event.IP_APPOINTED, Newcomer(CaseRole.INVESTIGATING_OFFICER, "B. Moss"), "with --independent"),
        (Event.S2_NOTICE_SENT, Newcomer(CaseRole.INVESTIGATING_OFFICER, "B. Moss"), "appoints nobody"),
    ):
        await desk.cannot(why, lambda uow, _reference, by, event=event, who=who: hold(uow, desk.reference, event, who, by))
    assert await desk.everything() == before

    await given(Event.IO_APPOINTED, "A. Bell")
    await given(Event.IO_APPOINTED)
    await given(Event.IP_APPOINTED, "B. Moss", independent=True)
    async with memory.reading() as uow:
        found = {one.role: one.name for one in await people_of(uow, desk.reference)}
    assert found[CaseRole.INVESTIGATING_OFFICER] == "A. Bell" and found[CaseRole.INDEPENDENT_PERSON] == "B. Moss"
    other = Newcomer(CaseRole.INVESTIGATING_OFFICER, "C. Other")
    await desk.cannot("end that first", lambda uow, _reference, by: hold(uow, desk.reference, Event.IO_APPOINTED, other, by))


async def test_corporate_complaints_have_no_panel_to_fill(memory: Memory) -> None:
    desk = await Desk(memory).opens(Procedure.CORPORATE)

    await desk.cannot_record("no clock that panel", Event.PANEL)
