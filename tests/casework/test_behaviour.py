"""Behaviour plans: what they need, whom they are never for, and what they never keep out; on both databases."""

from datetime import UTC, date, datetime

import pytest

from casework import actions, recording
from casework.acting import Refused
from casework.daily import behaviour
from casework.letters.of_steps import readers_of
from casework.people import appointing
from casework.people.appointing import Newcomer
from casework.representation import Writer
from notifications.rendering import render
from procedures.people import CaseRole, Standing
from procedures.terms import Event, Notice, Role
from storage import cases, daily
from storage.filing import Filing, write
from storage.tables import CaseRow, PartyRole, PartyRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.daily_desk import FRIDAY, routed, waiting
from tests.casework.rooms import MONDAY, OFFICE, OFFICER, a_case, acting


async def plan_of(memory: Memory, reference: str) -> int:
    async with memory.unit_of_work() as uow:
        warned = await behaviour.warn(uow, reference, "threats by telephone", acting())
    assert warned.id is not None
    async with memory.unit_of_work() as uow:
        await behaviour.begin(
            uow, warned.id, "calls on Tuesdays", OFFICER.address, acting(at=FRIDAY), told_of_ombudsman_on=FRIDAY.date()
        )
    return warned.id


async def written(memory: Memory, reference: str) -> list[tuple[str, str]]:
    """Which letters about behaviour are queued, and to whom."""
    async with memory.reading() as uow:
        return [
            (row.facts["what"], row.recipient) for row in await cases.sent_of(uow, reference) if row.notice == Notice.BEHAVIOUR
        ]


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


async def test_each_letter_says_what_happened_what_changes_until_when_and_that_nothing_else_is_limited(memory: Memory) -> None:
    """Begun on 14 March 2025, reviewed by 14 September; the Ombudsman stands in each."""
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        plan = await behaviour.warn(uow, reference, "You shouted at Ada.", acting(), asks="Please do not shout.")
    assert plan.id is not None
    async with memory.unit_of_work() as uow:
        about = (uow, plan.id, "You can call on Tuesdays.", OFFICER.address, acting(at=FRIDAY))
        await behaviour.begin(*about, told_of_ombudsman_on=None, writes=True)
    for at, ends in ((datetime(2025, 9, 12, 9, tzinfo=UTC), False), (datetime(2026, 3, 12, 9, tzinfo=UTC), True)):
        async with memory.unit_of_work() as uow:
            await behaviour.review(uow, plan.id, "It was quieter.", acting(at=at), ends=ends, writes=True)

    async with memory.reading() as uow:
        sent = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.BEHAVIOUR]
    assert [(row.facts["what"], row.recipient) for row in sent] == [
        (what, "mum@family.example") for what in ("warning", "plan", "goes_on", "ends")
    ]
    words = [" ".join(render(Notice.BEHAVIOUR, row.channel, "en", row.facts, OFFICE.council).text.split()) for row in sent]
    for one in words:
        assert "Call 0300 061 0614" in one and "You can always tell us about something new" in one
    assert "You shouted at Ada." in words[0] and "Please do not shout." in words[0]
    assert "You can call on Tuesdays." in words[1] and "by 14 September 2025" in words[1] and "Ravi Shah" in words[1]
    assert "by 12 March 2026" in words[2]
    assert "There are no limits any more." in words[3]


async def test_a_letter_that_leaves_now_is_of_today(memory: Memory) -> None:
    reference = await routed(memory)
    for asks, on in ((" ", None), ("Please do not shout.", MONDAY.date())):
        with pytest.raises(Refused, match="what you ask of them"):
            async with memory.unit_of_work() as uow:
                await behaviour.warn(uow, reference, "You shouted.", acting(at=FRIDAY), on=on, asks=asks)

    async with memory.reading() as uow:
        assert await daily.plans(uow) == []
        assert [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.BEHAVIOUR] == []


async def test_no_letter_about_behaviour_goes_to_a_child_whose_advocate_wrote_nor_to_who_speaks_for_somebody(
    memory: Memory,
) -> None:
    """What limits an advocate limits the child; a letter about the parent is the parent's, whoever else hears of the case."""
    of_a_child = await routed(memory, raised_by=Role.ADVOCATE)
    of_a_parent = await routed(memory)
    together = Filing()
    for reference in (of_a_child, of_a_parent):
        together.add(PartyRow(case_reference=reference, role=PartyRole.CHILD, name="Sam", address="sam@child.example"))
        together.add(PartyRow(case_reference=reference, role=PartyRole.ADVOCATE, name="Di", address="di@advocates.example"))
    async with memory.unit_of_work() as uow:
        await write(uow, [together])

    with pytest.raises(Refused, match="limits whom they speak for"):
        async with memory.unit_of_work() as uow:
            await behaviour.warn(uow, of_a_child, "You shouted.", acting(), asks="Please do not shout.")
    async with memory.unit_of_work() as uow:
        await behaviour.warn(uow, of_a_parent, "You shouted.", acting(), asks="Please do not shout.")
    assert await written(memory, of_a_child) == []
    assert await written(memory, of_a_parent) == [("warning", "mum@family.example")]
    async with memory.reading() as uow:
        case = await cases.find(uow, of_a_child)
        assert case is not None
        assert [one.recipient for one in await readers_of(uow, case, Notice.BEHAVIOUR, MONDAY.date())] == ["mum@family.example"]


@pytest.mark.parametrize("turned_out", [Role.CHILD, Role.CARE_LEAVER, Role.UNKNOWN, Role.ADVOCATE])
async def test_a_plan_of_who_turned_out_to_be_young_only_ends(memory: Memory, turned_out: Role) -> None:
    reference = await routed(memory)
    number = await plan_of(memory, reference)
    put_right, later = Filing(), datetime(2025, 9, 12, 9, tzinfo=UTC)
    put_right.change(CaseRow, {"reference": reference}, raised_by=turned_out)
    async with memory.unit_of_work() as uow:
        await write(uow, [put_right])

    with pytest.raises(Refused, match="End this one, with --end"):
        async with memory.unit_of_work() as uow:
            await behaviour.review(uow, number, "It was quieter.", acting(at=later), ends=False, writes=True)
    assert await waiting(memory, reference, TaskKind.PLAN_REVIEW) == [(TaskKind.PLAN_REVIEW, date(2025, 9, 14))]
    async with memory.unit_of_work() as uow:
        await behaviour.review(uow, number, "It was quieter.", acting(at=later), ends=True, writes=True)
    assert await written(memory, reference) == [("ends", "mum@family.example")]


async def test_no_letter_is_promised_where_nobody_who_complained_can_be_written_to(memory: Memory) -> None:
    """With every route closed nothing is noted and no plan begins; a letter by another route is, and says so."""
    reference, closed = await routed(memory), Filing()
    async with memory.unit_of_work() as uow:
        plan = await behaviour.warn(uow, reference, "You shouted at Ada.", acting(), asks="Please do not shout.")
    assert plan.id is not None
    closed.change(PartyRow, {"case_reference": reference}, is_closed=True)
    async with memory.unit_of_work() as uow:
        await write(uow, [closed])
    about = (plan.id, "You can call on Tuesdays.", OFFICER.address, acting(at=FRIDAY))

    with pytest.raises(Refused, match="Write by another route, then give its day with --on"):
        async with memory.unit_of_work() as uow:
            await behaviour.warn(uow, reference, "You shouted.", acting(at=FRIDAY), asks="Please do not shout.")
    with pytest.raises(Refused, match="Write by another route, then give its day with --letter-on"):
        async with memory.unit_of_work() as uow:
            await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True)
    async with memory.reading() as uow:
        assert [one.begins_on for one in await daily.plans(uow)] == [None]
    async with memory.unit_of_work() as uow:
        await behaviour.begin(uow, *about, told_of_ombudsman_on=FRIDAY.date())
    with pytest.raises(Refused, match="Write by another route, and leave --send out"):
        async with memory.unit_of_work() as uow:
            await behaviour.review(uow, plan.id, "It was quieter.", acting(at=FRIDAY), ends=True, writes=True)
    assert await waiting(memory, reference, TaskKind.CANNOT_REACH) == []
    async with memory.reading() as uow:
        said = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if "behaviour" in (row.note or "")]
    assert said == [
        "behaviour: a warning letter is queued on 2025-03-10: You shouted at Ada.",
        f"behaviour plan {plan.id} begins: You can call on Tuesdays.; letter of 2025-03-14 by another route",
    ]


async def test_a_second_letter_of_one_day_goes_too_and_the_same_words_do_not(memory: Memory) -> None:
    reference = await routed(memory)
    number, later = await plan_of(memory, reference), acting(at=datetime(2025, 9, 12, 9, tzinfo=UTC))
    for why in ("It was qiuet.", "It was quiet.", "It was quiet, and we thank you."):
        async with memory.unit_of_work() as uow:
            await behaviour.review(uow, number, why, later, ends=False, writes=True)
    with pytest.raises(Refused, match="A letter of today says so already"):
        async with memory.unit_of_work() as uow:
            await behaviour.review(uow, number, "It was quiet.", later, ends=False, writes=True)

    async with memory.reading() as uow:
        sent = [row.facts["reason"] for row in await cases.sent_of(uow, reference) if row.notice == Notice.BEHAVIOUR]
        said = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if "goes on until" in (row.note or "")]
    assert (sent, len(said)) == (["It was qiuet.", "It was quiet.", "It was quiet, and we thank you."], 3)


async def test_of_two_who_complained_together_only_who_behaved_so_is_written_to(memory: Memory) -> None:
    """Dad's letter is Dad's: Mum complained with him, and is limited in nothing (practice.md 5.3, 5.8)."""
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        dad = Newcomer(CaseRole.COMPLAINANT, "D Green", "dad@family.example", relation="dad", standing=Standing.S2)
        await appointing.add(uow, reference, dad, acting())
    for to, why in (((), "Several complained together"), ((7,), "by their number: 1 R Green, 2 D Green")):
        with pytest.raises(Refused, match=why):
            async with memory.unit_of_work() as uow:
                await behaviour.warn(uow, reference, "You shouted.", acting(), asks="Please do not shout.", to=to)
    async with memory.unit_of_work() as uow:
        plan = await behaviour.warn(uow, reference, "You shouted.", acting(), asks="Please do not shout.", to=(2,))
    assert plan.id is not None
    about = (plan.id, "You can call on Tuesdays.", OFFICER.address, acting(at=FRIDAY))
    with pytest.raises(Refused, match="went to somebody else"):
        async with memory.unit_of_work() as uow:
            await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True, to=(1,))
    async with memory.unit_of_work() as uow:
        await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True)
        assert await behaviour.reaches(uow, plan, acting(at=FRIDAY)) == 1

    assert await written(memory, reference) == [("warning", "dad@family.example"), ("plan", "dad@family.example")]


async def together(memory: Memory, other: str = "dad@family.example", standing: Standing = Standing.S2) -> str:
    """A complaint of Mum (1) and of somebody who complains with her (2)."""
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        await appointing.add(
            uow, reference, Newcomer(CaseRole.COMPLAINANT, "D Green", other, relation="with her", standing=standing), acting()
        )
    return reference


async def leaves(memory: Memory, reference: str, how: str) -> None:
    """Number 2 is on the case no more, or cannot be written to."""
    if how == "left":
        async with memory.unit_of_work() as uow:
            await appointing.end(uow, reference, 2, "he asked for it", acting())
        return
    closed = Filing()
    closed.change(PartyRow, {"case_reference": reference, "address": "dad@family.example"}, is_closed=True)
    async with memory.unit_of_work() as uow:
        await write(uow, [closed])


@pytest.mark.parametrize("how", ["left", "closed"])
@pytest.mark.parametrize("to", [(), (1,)])
async def test_who_is_left_on_a_case_does_not_get_the_letters_of_another_persons_plan(
    memory: Memory, how: str, to: tuple[int, ...]
) -> None:
    reference = await together(memory)
    async with memory.unit_of_work() as uow:
        plan = await behaviour.warn(uow, reference, "You shouted.", acting(), asks="Please do not shout.", to=(2,))
    assert plan.id is not None
    await leaves(memory, reference, how)
    about = (plan.id, "You can call on Tuesdays.", OFFICER.address, acting(at=FRIDAY))

    with pytest.raises(Refused, match=r"went to 2 D Green, who cannot be written to.*Write by another route.*--letter-on"):
        async with memory.unit_of_work() as uow:
            await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True, to=to)
    async with memory.unit_of_work() as uow:
        await behaviour.begin(uow, *about, told_of_ombudsman_on=FRIDAY.date())
    with pytest.raises(Refused, match=r"went to 2 D Green, who cannot be written to.*leave --send out"):
        async with memory.unit_of_work() as uow:
            await behaviour.review(uow, plan.id, "It was quiet.", acting(at=FRIDAY), ends=True, writes=True, to=to)
    assert await written(memory, reference) == [("warning", "dad@family.example")]


@pytest.mark.parametrize("how", ["left", "closed"])
async def test_the_one_route_that_is_left_is_not_taken_for_who_was_warned_by_another_route(memory: Memory, how: str) -> None:
    """Nobody knows whom the warning was for: whoever is meant is named, also where one alone can be written to."""
    reference = await together(memory)
    async with memory.unit_of_work() as uow:
        plan = await behaviour.warn(uow, reference, "You shouted.", acting())
    assert plan.id is not None
    await leaves(memory, reference, how)
    about = (plan.id, "You can call on Tuesdays.", OFFICER.address, acting(at=FRIDAY))

    with pytest.raises(Refused, match=r"Say with --to whom it is for: 1 R Green.*by another route, then give its day"):
        async with memory.unit_of_work() as uow:
            await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True)
    assert await written(memory, reference) == []
    async with memory.unit_of_work() as uow:
        await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True, to=(1,))
    assert await written(memory, reference) == [("plan", "mum@family.example")]


async def test_where_the_last_letter_went_to_both_the_next_asks_whom_it_is_for(memory: Memory) -> None:
    """So it is with plans of before one could say whom they are for. Once one is named the later letters are that one's."""
    reference = await together(memory)
    async with memory.unit_of_work() as uow:
        plan = await behaviour.warn(uow, reference, "You shouted.", acting(), asks="Please do not shout.", to=(1, 2))
        assert await behaviour.reaches(uow, plan, acting()) == 2
    assert plan.id is not None
    about = (plan.id, "You can call on Tuesdays.", OFFICER.address, acting(at=FRIDAY))

    with pytest.raises(Refused, match="Say with --to whom it is for: 1 R Green, 2 D Green"):
        async with memory.unit_of_work() as uow:
            await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True)
    async with memory.unit_of_work() as uow:
        await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True, to=(2,))
    async with memory.unit_of_work() as uow:
        await behaviour.review(uow, plan.id, "It was quiet.", acting(at=FRIDAY), ends=True, writes=True)

    assert await written(memory, reference) == [
        *(("warning", f"{who}@family.example") for who in ("mum", "dad")),
        *((what, "dad@family.example") for what in ("plan", "ends")),
    ]


@pytest.mark.parametrize("standing", [Standing.S1, Standing.S10])
async def test_of_a_parent_and_a_child_who_complain_together_the_child_gets_no_letter_about_behaviour(
    memory: Memory, standing: Standing
) -> None:
    reference = await together(memory, "kid@child.example", standing)
    for to in ((2,), (1, 2)):
        with pytest.raises(Refused, match="2 D Green: There is no behaviour plan for a child"):
            async with memory.unit_of_work() as uow:
                await behaviour.warn(uow, reference, "You shouted.", acting(), asks="Please do not shout.", to=to)
    async with memory.unit_of_work() as uow:
        await behaviour.warn(uow, reference, "You shouted.", acting(), asks="Please do not shout.", to=(1,))
    assert await written(memory, reference) == [("warning", "mum@family.example")]


async def test_a_plan_of_who_turned_out_to_be_a_child_beside_a_parent_only_ends(memory: Memory) -> None:
    reference = await together(memory)
    async with memory.unit_of_work() as uow:
        plan = await behaviour.warn(uow, reference, "You shouted.", acting(), asks="Please do not shout.", to=(2,))
    assert plan.id is not None
    about = (plan.id, "You can call on Tuesdays.", OFFICER.address, acting(at=FRIDAY))
    async with memory.unit_of_work() as uow:
        await behaviour.begin(uow, *about, told_of_ombudsman_on=None, writes=True)
        await appointing.set_standing(uow, reference, 2, Standing.S1, acting())

    for writes in (True, False):
        with pytest.raises(Refused, match="End this one, with --end"):
            async with memory.unit_of_work() as uow:
                await behaviour.review(uow, plan.id, "It was quiet.", acting(at=FRIDAY), ends=False, writes=writes)
    async with memory.unit_of_work() as uow:
        await behaviour.review(uow, plan.id, "It was quiet.", acting(at=FRIDAY), ends=True, writes=True)
    assert await written(memory, reference) == [(what, "dad@family.example") for what in ("warning", "plan", "ends")]
