"""One letter for several bodies: who leads, what each promised, and a clock that waits for nobody (practice.md §5.10).

Received on Monday 10 March 2025: our answer is due on Monday 24 March.
"""

from dataclasses import replace
from datetime import date

import pytest

from casework import actions
from casework.acting import Refused
from casework.answers import joint
from casework.answers.joint import Asking
from casework.issues import findings, issue_list
from casework.issues.numbered import why_not_alone
from procedures.terms import Event, Outcome, Procedure
from storage.filing import Filing, write
from storage.tables import JointPartRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER
from tests.stories.faults.desk import Desk

TRUST = Asking("Anytown NHS Trust", "she signed the form on 11 March", date(2025, 3, 19), "A. Clerk by mail", issues=(2,))


@pytest.fixture
async def desk(memory: Memory) -> Desk:
    """A complaint of two issues, found upon."""
    desk = await Desk(memory).opens(Procedure.STATUTORY)
    for words in ("Nobody calls back.", "The health assessment never came."):
        await desk.does(issue_list.add, words)
    for number in (1, 2):
        await desk.does(findings.find, number, Outcome.NOT_UPHELD, "We looked at the file and the calls.")
    return desk


async def settle(desk: Desk, how: str, *given: object) -> JointPartRow:
    async with desk.memory.unit_of_work() as uow:
        made: JointPartRow = await getattr(joint, how)(uow, *given, desk.acting())
        return made


async def test_their_part_is_a_task_for_the_day_that_they_promised_and_moves_no_date_of_ours(desk: Desk) -> None:
    before = await desk.due()
    made = await desk.does(joint.ask, TRUST)

    assert await desk.due() == before
    assert TaskKind.JOINT_PART in await desk.tasks()
    assert "joint_part" in (await desk.told_this_morning(date(2025, 3, 19)))["officer@council.example"]
    assert [joint.state_of(made, day) for day in (date(2025, 3, 19), date(2025, 3, 20))] == ["promised", "late"]


async def test_no_answer_goes_while_their_part_is_missing_and_goes_once_it_came(desk: Desk) -> None:
    made = await desk.does(joint.ask, TRUST)
    await desk.cannot("has not come, and one letter is to answer for both", actions.respond, "We looked.", None)
    await desk.cannot_record("has not come", Event.S1_REPLY_SENT)

    desk.today = date(2025, 3, 18)
    await settle(desk, "came", made.id, None)
    assert TaskKind.JOINT_PART not in await desk.tasks()
    await desk.does(actions.respond, "We and the trust looked.", None)
    assert (await desk.events())[Event.S1_REPLY_SENT] == date(2025, 3, 18)


async def test_a_part_that_does_not_come_is_no_reason_to_be_late(desk: Desk) -> None:
    made = await desk.does(joint.ask, TRUST)
    desk.today = date(2025, 3, 24)
    with pytest.raises(Refused, match="why the replies go apart"):
        await settle(desk, "apart", made.id, " ")
    await settle(desk, "apart", made.id, "they need two weeks more")
    await desk.does(actions.respond, "We looked. The trust writes to you itself.", None)

    assert (await desk.events())[Event.S1_REPLY_SENT] == (await desk.due())["s1_response"]
    with pytest.raises(Refused, match="settled: apart"):
        await settle(desk, "came", made.id, None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": " "}, "which body"),
        ({"consent": ""}, "before the person agreed"),
        ({"promised_for": None}, "for which day they promised"),
        ({"promised_how": ""}, "for which day they promised"),
        ({"promised_for": date(2025, 3, 7)}, "is over"),
        ({"promised_for": date(2025, 3, 25)}, r"due on Monday 24 March 2025 \(SI 2006/1738, reg. 14.*no clock waits"),
        ({"issues": (7,)}, "There is no issue 7"),
    ],
)
async def test_what_cannot_be_agreed_is_refused_with_its_rule(desk: Desk, change: dict[str, object], why: str) -> None:
    await desk.cannot(why, joint.ask, replace(TRUST, **change))  # type: ignore[arg-type]  # each is a field of Asking

    async with desk.memory.reading() as uow:
        assert await joint.parts(uow, desk.reference) == []
    assert TaskKind.JOINT_PART not in await desk.tasks()


@pytest.mark.parametrize("event", [Event.WITHDRAWN, Event.S1_RESOLVED, Event.CLOSED])
async def test_a_part_that_nobody_waits_for_any_more_ends_with_what_ended_its_case(desk: Desk, event: Event) -> None:
    """Nobody is reminded of it, and it holds up no answer of a later stage."""
    if event is Event.CLOSED:
        await desk.answers(date(2025, 3, 12))
    await desk.does(joint.ask, replace(TRUST, promised_for=date(2025, 3, 12)))
    if event is Event.CLOSED:
        await desk.does(actions.close, "answered")
    else:
        if event is Event.WITHDRAWN:
            asked = Filing()
            asked.add(desk.acting().event(desk.reference, Event.WITHDRAWAL_ASKED, "by phone"))
            async with desk.memory.unit_of_work() as uow:
                await write(uow, [asked])
        await desk.records(event, date(2025, 3, 12))

    async with desk.memory.reading() as uow:
        [part] = await joint.parts(uow, desk.reference)
        assert await why_not_alone(uow, desk.reference) == ""
    assert (part.ended_on, event.value in part.ended_why) == (desk.today, True)
    assert TaskKind.JOINT_PART not in await desk.tasks()


async def test_only_an_officer_agrees_one(desk: Desk) -> None:
    await desk.cannot("Only a complaints officer", joint.ask, TRUST, person=MANAGER)

    async with desk.memory.reading() as uow:
        assert await joint.parts(uow, desk.reference) == []


async def test_a_part_is_not_dated_before_it_was_asked_for_nor_ahead(desk: Desk) -> None:
    desk.today = date(2025, 3, 12)
    made = await desk.does(joint.ask, TRUST)
    told = {date(2025, 3, 11): "is before they were asked, on Wednesday 12 March 2025", date(2025, 3, 13): "has not come yet"}
    for day, words in told.items():
        with pytest.raises(Refused, match=words):
            await settle(desk, "came", made.id, day)
