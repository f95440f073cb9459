"""What was closed, stopped or passed on goes on where an officer says why, and the letter says what is true (law.md §1.14)."""

from datetime import date

import pytest

from casework import actions
from casework.decisions import course, discretions
from notifications.rendering import render
from procedures.terms import Event, Notice, Outcome, Procedure
from storage import cases
from storage.unit_of_work import Memory
from tests.casework.test_decided_anew import GONE, ILL
from tests.stories.faults.desk import TOWN, Desk

WHY = "The trust says that it is not theirs, and sent it back to us."
PASSED_ON = ("Anytown NHS Trust", "she said yes on the phone", "by encrypted mail", "It is about the trust's nurse.")


async def told(desk: Desk) -> str:
    """The newest letter that says that it is open again."""
    letter = (await desk.letters(Notice.REOPENED))[-1]
    return " ".join(render(Notice.REOPENED, letter.channel, "en", letter.facts, TOWN.council).text.split())


async def passed_on(memory: Memory, procedure: Procedure) -> tuple[Desk, dict[str, date]]:
    """Received on Monday 10 March 2025, passed on that Wednesday; and what was due before."""
    desk = await Desk(memory).opens(procedure)
    due = await desk.due()
    desk.today = date(2025, 3, 12)
    await desk.does(course.transfer, *PASSED_ON)
    return desk, due


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("procedure", [Procedure.STATUTORY, Procedure.CORPORATE])
async def test_what_the_other_body_sends_back_is_taken_up_again(memory: Memory, procedure: Procedure, is_closed: bool) -> None:
    """Its steps and dates are there again, those of its first day; that it was passed on stays on record."""
    desk, due = await passed_on(memory, procedure)
    await desk.cannot_record("passed to the body", Event.S1_REPLY_SENT)
    if is_closed:
        await desk.does(actions.close, "passed on to the trust")
    desk.today = date(2025, 3, 17)
    await desk.does(course.reopen, WHY)

    assert Event.TRANSFERRED not in await desk.events()
    assert await desk.due() == due
    async with memory.reading() as uow:
        rows = (await cases.events_of(uow, [desk.reference]))[desk.reference]
    assert [(row.happened_on, row.is_superseded) for row in rows if row.name is Event.TRANSFERRED] == [(date(2025, 3, 12), True)]

    letter = await told(desk)
    assert "On 12 March 2025 we passed this on to someone else. Now it is with us again, and we look into it." in letter
    assert f"This is why: {WHY}" in letter and "Ask for Ravi Shah" in letter
    # Ten working days from Monday 10 March; those of the Code run from the acknowledgement (6.3), which was not sent.
    by = {
        Procedure.STATUTORY: "You will get our answer by 24 March 2025.",
        Procedure.CORPORATE: "There is no day yet for our answer.",
    }
    assert by[procedure] in letter

    await desk.cannot("is open", course.reopen, WHY)
    await desk.answers(date(2025, 3, 20))
    await desk.records(Event.S2_REQUESTED)
    assert {"s2_response", "s2_acknowledgement"} & (await desk.due()).keys()


async def test_a_request_to_stop_outlives_that_it_came_back(memory: Memory) -> None:
    """They asked to stop, and nobody has spoken with them yet (SI 2006/1738, reg. 7)."""
    desk = await Desk(memory).opens()
    async with memory.unit_of_work() as uow:
        uow.add(desk.acting().event(desk.reference, Event.WITHDRAWAL_ASKED))
    await desk.does(course.transfer, *PASSED_ON)
    await desk.does(course.reopen, WHY)

    assert Event.WITHDRAWAL_ASKED in await desk.events()


async def test_what_they_stopped_goes_on_and_what_ran_out_meanwhile_is_said_to_be_late(memory: Memory) -> None:
    """Ten working days from Monday 10 March 2025 end on Monday 24 March."""
    desk = await Desk(memory).opens()
    async with memory.unit_of_work() as uow:
        uow.add(desk.acting().event(desk.reference, Event.WITHDRAWAL_ASKED))
    await desk.does(course.decide_withdrawal, course.Choice("Ravi Shah spoke with her by phone", is_theirs=True))
    desk.today = date(2025, 4, 1)
    await desk.does(course.reopen, "You wrote that it has begun again.")

    letter = await told(desk)
    assert "This stopped on 10 March 2025, as you had asked. It is open again now." in letter
    assert "as if it had never stopped. You were due an answer by 24 March 2025. It is late, and we are sorry." in letter
    assert "You can ask for the next step now. It is called stage 2." in letter


async def test_what_was_answered_is_open_again_and_no_day_is_made_up(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await desk.answers(date(2025, 3, 14), Outcome.NOT_UPHELD)
    await desk.does(actions.close, "answered, and they are content")
    await desk.does(course.reopen, "You told us something new about the visits.")

    letter = await told(desk)
    assert "This was finished on 14 March 2025. It is open again now." in letter
    assert "We gave you an answer on 14 March 2025. What it says about your next step is still true." in letter
    assert "There is no day for this." in letter and "never stopped" not in letter


async def test_a_refusal_that_is_looked_at_again_is_said_with_its_day(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await desk.records(Event.GROUNDS_AROSE, date(2024, 1, 15))
    await desk.does(discretions.decide_late, accept=False, sooner=ILL, fairly=GONE, why="nobody could say what happened")
    await desk.does(actions.close, "it was made too late")
    await desk.does(course.reopen, "You told us that one worker is back.")

    letter = await told(desk)
    async with memory.reading() as uow:
        [task] = [row for row in await cases.tasks(uow, reference=desk.reference) if row.key.startswith("anew:")]
    assert f"A person will think about that again by {task.due_at.day} {task.due_at:%B %Y}. Then we will write to you." in letter


async def test_where_no_route_is_decided_no_day_is_promised(memory: Memory) -> None:
    desk = await Desk(memory).opens(Procedure.UNDECIDED)
    await desk.does(course.transfer, *PASSED_ON)
    await desk.does(course.reopen, WHY)

    assert "There is no day yet for our answer." in await told(desk)
