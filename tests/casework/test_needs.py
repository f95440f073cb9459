"""What somebody needs stands on the case, in the task to draft and in the check, until it is ended; on both databases."""

from datetime import date

from casework.actions import acknowledge
from casework.answers.drafts import _known
from casework.decisions.acknowledging import Acknowledging
from casework.people import needs
from procedures.people import Need
from procedures.terms import Event
from storage import cases
from storage.tables import TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER
from tests.stories.faults.desk import Desk


async def drafting(desk: Desk) -> str:
    async with desk.memory.reading() as uow:
        [task] = [one for one in await cases.tasks(uow, reference=desk.reference) if one.kind is TaskKind.DRAFT_ANSWER]
    return task.detail


async def checked_for(desk: Desk) -> tuple[str, ...]:
    async with desk.memory.unit_of_work() as uow:
        case = await cases.find(uow, desk.reference)
        assert case is not None
        return (await _known(uow, case, 1, desk.acting())).needs


async def test_what_they_need_is_before_whoever_drafts_and_checks_until_it_is_ended_with_a_reason(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await desk.does(acknowledge, Acknowledging(("Sam was moved.",)))
    plain = await drafting(desk)

    await desk.does(needs.add, Need.LARGE_PRINT, person=MANAGER)
    await desk.does(needs.add, Need.INTERPRETER, words="Kurmanji; a woman", who="the mother")
    assert await drafting(desk) == f"{plain}; they need: large print, interpreter"
    assert await checked_for(desk) == ("large print", "interpreter: Kurmanji; a woman (the mother)")

    await desk.cannot("Equality Act 2010, s. 20", needs.end, 1, " ")
    await desk.cannot("No need of .* has number 3", needs.end, 3, "a slip")
    await desk.does(needs.end, 1, "she has new glasses, she says")
    assert await drafting(desk) == f"{plain}; they need: interpreter"
    assert await checked_for(desk) == ("interpreter: Kurmanji; a woman (the mother)",)
    await desk.does(needs.add, Need.LARGE_PRINT)

    async with memory.reading() as uow:
        every = await needs.needs_on(uow, desk.reference, also_ended=True)
        notes = [row.note for row in (await cases.events_of(uow, [desk.reference]))[desk.reference] if row.name is Event.NOTED]
    assert [(one.number, one.stands, one.row.ended_why) for one in every] == [
        (1, False, "she has new glasses, she says"),
        (2, True, ""),
        (3, True, ""),
    ]
    assert "needed no more: large print: she has new glasses, she says" in notes


async def test_a_need_says_what_it_is_and_stands_once(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    for vague in (Need.INTERPRETER, Need.MEETING_PLACE, Need.OTHER):
        await desk.cannot("Say more of it with --words", needs.add, vague)
    await desk.cannot("Say it shorter", needs.add, Need.CALL, words="x" * 1001)
    await desk.does(needs.add, Need.CALL, words="after school")
    await desk.cannot("It stands already, as number 1", needs.add, Need.CALL, words="After school ")


async def test_a_need_moves_no_date(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    before = await desk.due()
    await desk.does(needs.add, Need.MORE_TIME, words="two days to read what we send")
    assert await desk.due() == before and before["s1_response"] == date(2025, 3, 24)
