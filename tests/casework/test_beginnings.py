"""Stage 1 begins in a register where the clock of its answer does, whatever the nation's law calls that clock."""

from datetime import date

import pytest
from sqlalchemy import select

from casework import actions
from casework.decisions.acknowledging import Acknowledging
from procedures.rulebook import shipped_rulebook
from procedures.terms import Event, Procedure
from storage.courses import courses
from storage.unit_of_work import Memory
from tests.casework.test_other_nations import Elsewhere

MONDAY, TUESDAY, THURSDAY = date(2025, 3, 10), date(2025, 3, 11), date(2025, 3, 13)


async def begun(memory: Memory, reference: str) -> date | None:
    async with memory.reading() as uow:
        found = courses()
        query = select(found.c.stage_1_started_on).where(found.c.case_reference == reference)
        [(day,)] = await (await uow.connection()).execute(query)
    return day if day is None else date.fromisoformat(str(day))


async def acknowledged(memory: Memory, nation: str, procedure: Procedure) -> Elsewhere:
    """Received on Monday 10 March 2025, acknowledged on the 11th."""
    desk = Elsewhere(memory, nation=nation)
    await desk.opens(procedure)
    desk.today = TUESDAY
    await desk.does(actions.acknowledge, Acknowledging(["Nobody called."]))
    return desk


@pytest.mark.parametrize(
    ("nation", "procedure", "day"),
    [
        ("wales", Procedure.STATUTORY, TUESDAY),
        ("scotland", Procedure.STATUTORY, MONDAY),
        ("northern_ireland", Procedure.STATUTORY, MONDAY),
        ("england", Procedure.STATUTORY, MONDAY),
        ("england", Procedure.CORPORATE, TUESDAY),
        ("england", Procedure.ADULTS, MONDAY),
    ],
)
async def test_a_register_says_when_stage_1_began_in_every_nation(
    memory: Memory, nation: str, procedure: Procedure, day: date
) -> None:
    """SI 2014/1795 (W), reg. 17 and the Code, 6.3: from the acknowledgement. The others: from the day it came."""
    desk = await acknowledged(memory, nation, procedure)

    assert await begun(memory, desk.reference) == day


async def test_in_wales_it_begins_later_where_an_advocate_is_waited_for(memory: Memory) -> None:
    """SI 2014/1795 (W), reg. 17, as its clock counts: from the latest of what it waits for."""
    desk = await acknowledged(memory, "wales", Procedure.STATUTORY)
    await desk.records(Event.ADVOCATE_REQUESTED, TUESDAY)
    await desk.records(Event.ADVOCATE_APPOINTED, THURSDAY)

    assert await begun(memory, desk.reference) == THURSDAY


def test_of_two_clocks_that_one_answer_stops_the_first_counts() -> None:
    assert shipped_rulebook().answer_clocks(1) == {"s1_response", "s1_discussion", "response"}
    assert shipped_rulebook().answer_clocks(2) == {"s2_response"}
    assert shipped_rulebook().answer_clocks(3) == {"s3_la_response"}
