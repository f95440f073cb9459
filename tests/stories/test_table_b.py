"""The whole cases of law.md §9.4, table B: from a letter in the council's mailbox to the last one in the person's.

The service runs on real wires, officers type on the real command line, and the dates are the table's. One row plays with every
change; each row, with every working day between its dates looked at, plays with the long proofs, and so does the second database.
"""

from datetime import date
from pathlib import Path

import pytest

from casework.acting import progress_of, the_case
from casework.progress import State
from procedures.terms import Event, Timeliness
from storage.tables import EventRow, OutboxState
from tests.law.tables import dated_rows
from tests.stories.counter import counter_of
from tests.stories.town import Town
from tests.stories.whole_case import INDEPENDENT, WholeCase

ROWS = dated_rows("whole_cases.csv")
PLAYED = [pytest.param(ROWS[0], False, False, id="B1")] + [
    pytest.param(row, True, number in (5, 6), id=f"B{number}-every-morning", marks=pytest.mark.prove)
    for number, row in enumerate(ROWS, start=1)
]
"""B1 is answered late at stage 1 unless it was extended in time: it has every letter that there is. B5 and B6 lie ahead."""


@pytest.mark.parametrize(("row", "mornings", "lies_ahead"), PLAYED)
async def test_a_whole_case_is_played_from_a_letter_to_the_final_answer_in_the_persons_mailbox(
    town: Town, row: dict[str, date], mornings: bool, lies_ahead: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = WholeCase(counter_of(town, tmp_path, monkeypatch), row, tmp_path, mornings, lies_ahead)

    await played.is_played()

    assert played.has() == [(subject, on) for subject, on, _ in played.expected], "every letter once, in order, and none else"
    assert played.is_missing() == []
    [report] = town.letters_to(INDEPENDENT)
    assert report["Subject"] == f"A report for you ({played.reference})", "SI 2006/1738, reg. 20(2)"
    await nothing_is_left(town, played.reference)


async def nothing_is_left(town: Town, reference: str) -> None:
    """The case is over, each duty was done in time, nobody owes anything, and nothing waits to be sent."""
    acting = await town.acting()
    async with town.memory.reading() as uow:
        stands = await progress_of(uow, await the_case(uow, reference), acting.office, acting.today)
    assert (stands.state, stands.stage) == (State.FINISHED, 3)
    assert {one.deadline.clock for one in stands.running if one.timeliness is not Timeliness.IN_TIME} == set()
    assert await town.tasks(reference) == {}
    assert {row.state for row in await town.sent(reference)} == {OutboxState.SENT}
    events = {row.name: row.recorded_by for row in await town.rows(EventRow, case_reference=reference)}
    assert (events[Event.S2_REQUESTED], events[Event.S3_REQUESTED]) == ("complainant", "complainant")
