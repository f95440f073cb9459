"""The whole cases of law.md §9.4, table B, from the letter to the final answer, on both databases; the dates are the table's."""

from datetime import date

import pytest

from casework import actions
from casework.acting import progress_of, the_case
from casework.progress import State
from procedures.terms import Event, Notice
from storage.unit_of_work import Memory
from tests.casework.rooms import a_panel
from tests.law.tables import dated_rows
from tests.stories.faults.desk import TOWN, Desk, at

ROWS = dated_rows("whole_cases.csv")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["received"]))
async def test_a_whole_case_has_the_dates_of_the_table_from_the_letter_to_the_final_answer(
    memory: Memory, row: dict[str, date]
) -> None:
    desk = Desk(memory, today=row["received"])
    await desk.opens(received_at=at(row["received"]))
    assert (await desk.due())["s1_response"] == row["s1_due"]
    if row["s1_reply_received"] > row["s1_due"]:
        await desk.records(Event.COMPLEX_DECIDED, row["s1_due"], why="three agencies and two moves")
        assert (await desk.due())["s1_response"] == row["s1_extended"]

    await desk.answers(row["s1_reply_received"])
    await desk.records(Event.S1_REPLY_RECEIVED, row["s1_reply_received"])
    assert (await desk.due())["s2_request_window"] == row["s2_advice"]

    await stage_2(desk, row)
    await stage_3(desk, row)

    await desk.does(actions.close, "all three stages are answered")
    async with memory.reading() as uow:
        case = await the_case(uow, desk.reference)
        assert (await progress_of(uow, case, TOWN, desk.today)).state is State.FINISHED
    assert Notice.S2_ACKNOWLEDGEMENT in {row.notice for row in await desk.letters()}


async def stage_2(desk: Desk, row: dict[str, date]) -> None:
    await desk.records(Event.S2_REQUESTED, row["s2_requested"])
    due = await desk.due()
    assert (due["s2_response"], due["s2_delay_notice"]) == (row["s2_25"], row["s2_25"])
    await desk.records(Event.IO_APPOINTED, why="A. Bell")
    await desk.records(Event.IP_APPOINTED, why="B. Moss")
    if row["s2_notice_received"] > row["s2_25"]:
        await desk.records(Event.DELAY_NOTICE, row["s2_25"], why="many files to read", until=row["s2_65"])
        assert (await desk.due())["s2_response"] == row["s2_65"]
    await desk.records(Event.S2_NOTICE_SENT, row["s2_notice_received"])
    await desk.records(Event.S2_NOTICE_RECEIVED, row["s2_notice_received"])
    assert (await desk.due())["s3_request_window"] == row["s3_request_by"]


async def stage_3(desk: Desk, row: dict[str, date]) -> None:
    await desk.records(Event.S3_REQUESTED, row["s3_requested"], why="the report left out the school")
    due = await desk.due()
    assert (due["s3_ack"], due["s3_panel_meets"]) == (row["s3_ack"], row["panel_by"])
    await desk.records(Event.S3_ACKNOWLEDGED, row["s3_ack"])
    await desk.records(Event.CHAIR_APPOINTED)
    await desk.records(Event.PAPERS_OUT)
    async with desk.memory.unit_of_work() as uow:
        await a_panel(uow, desk.reference, desk.acting())
    await desk.records(Event.PANEL, row["panel_by"])
    report_by = TOWN.calendar.add_working_days(row["panel_by"], 5)
    await desk.records(Event.PANEL_REPORT, report_by, say={"summary": "They moved three times.", "recommendations": "Say sorry."})
    await desk.records(Event.RECOMMENDATIONS_RECEIVED, report_by)
    await desk.records(Event.S3_RESPONSE, (await desk.due())["s3_la_response"])
