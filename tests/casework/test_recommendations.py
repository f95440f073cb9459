"""What a panel or the Ombudsman recommends is somebody's to do by a day, as it is recorded."""

from datetime import UTC, date, datetime

import pytest

from casework import actions
from casework.acting import Refused
from casework.issues import learning
from casework.issues.recommendations import Recommendation, record_with
from casework.recording import record
from procedures.terms import Event, Procedure
from storage import cases, issues
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, OFFICER, a_case, acting

LATER = acting(at=datetime(2025, 11, 3, 10, tzinfo=UTC))
UPHELD = "25 001 234: upheld, with two recommendations"
TRAIN = Recommendation("Train the team in day 25.", MANAGER.address, date(2025, 12, 1))
SORRY = Recommendation("Write an apology.", OFFICER.address, date(2025, 11, 14))


async def enquired(memory: Memory) -> str:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "a looked-after child", acting())
        await record(uow, reference, Event.OMBUDSMAN_ENQUIRY, LATER, on=date(2025, 9, 1), why="25 001 234: the file and a reply")
    return reference


async def test_each_recommendation_is_somebodys_and_the_case_is_not_done_before_they_are(memory: Memory) -> None:
    reference = await enquired(memory)
    async with memory.unit_of_work() as uow:
        _, numbers = await record_with(uow, reference, Event.OMBUDSMAN_DECIDED, [SORRY, TRAIN], LATER, why=UPHELD)
        made = [(one.id, one.source.value, one.owner, one.due_on) for one in await issues.actions(uow, reference=reference)]
        with pytest.raises(Refused, match=rf"action {numbers[0]} .*{numbers[1]} .*s\. 31"):
            await record(uow, reference, Event.RECOMMENDATIONS_DONE, LATER, why="the apology was sent")
        for number in numbers:
            await learning.finish(uow, number, "the letter and the list of who was there", LATER)
        progress = await record(uow, reference, Event.RECOMMENDATIONS_DONE, LATER, why="the apology and the list were sent")

    assert made == [
        (numbers[0], "ombudsman", OFFICER.address, date(2025, 11, 14)),
        (numbers[1], "ombudsman", MANAGER.address, date(2025, 12, 1)),
    ]
    assert "ombudsman_recommendations" not in {one.deadline.clock for one in progress.open}


async def test_what_cannot_be_charged_to_anybody_records_nothing(memory: Memory) -> None:
    reference = await enquired(memory)
    stranger = Recommendation("Train.", "nobody@elsewhere.example", date(2025, 12, 1))
    for event, recommended, why_not in (
        (Event.OMBUDSMAN_DECIDED, [SORRY, stranger], "not one of the people"),
        (Event.ADVOCACY_OFFERED, [SORRY], "brings no recommendations"),
    ):
        with pytest.raises(Refused, match=why_not):
            async with memory.unit_of_work() as uow:
                await record_with(uow, reference, event, recommended, LATER, why=UPHELD)

    async with memory.reading() as uow:
        names = {row.name for row in (await cases.events_of(uow, [reference]))[reference]}
        assert not {Event.OMBUDSMAN_DECIDED, Event.ADVOCACY_OFFERED} & names
        assert await issues.actions(uow, reference=reference) == []
