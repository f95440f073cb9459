"""A mediation and a provider's own answer: on the record, beside our answer, which is due as it was; on both databases."""

from datetime import date

import pytest

from casework.recordable import what_may_be_recorded
from procedures.terms import Event
from storage.unit_of_work import Memory
from tests.stories.faults.desk import TOWN, Desk


@pytest.mark.parametrize(
    ("begun", "why", "ended", "says"),
    [
        (Event.MEDIATION_AGREED, "on the telephone; Anytown Mediation", Event.MEDIATION_ENDED, "no agreement on the visits"),
        (Event.PROVIDER_ASKED, "Hill House, by 31 March", Event.PROVIDER_ANSWERED, "it says sorry; its letter is in the file"),
    ],
)
async def test_what_runs_beside_our_answer_stands_on_record_and_stops_no_clock(
    memory: Memory, begun: Event, why: str, ended: Event, says: str
) -> None:
    desk = await Desk(memory).opens()
    due = await desk.due()
    assert due["s1_response"] == date(2025, 3, 24)
    await desk.records(begun, date(2025, 3, 12), why=why)
    assert await desk.due() == due
    await desk.records(ended, date(2025, 3, 14), why=says)

    assert await desk.due() == due
    events = await desk.events()
    assert (events[begun], events[ended]) == (date(2025, 3, 12), date(2025, 3, 14))
    async with memory.reading() as uow:
        left = {one.step.event: one.why_not for one in await what_may_be_recorded(uow, desk.reference, TOWN, date(2025, 3, 14))}
    assert not left[Event.SKIP_S1_AGREED], "they may go on to stage 2 as before"
