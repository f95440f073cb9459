"""What an import stores, what it changes, what it leaves alone: and that an open case is a case like any other."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from notifications.on_desk import Standings, load_desk
from procedures.register_words import IMPORTED_BY
from procedures.terms import Event
from reports.registers.giving import rows_of_register, write_folder
from storage import cases
from storage.tables import CaseRow, DeadlineRow, EventRow, OutboxRow, RegisterRow
from storage.unit_of_work import Memory
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, report, rows_of, write

CLOSED = complaint("OLD-1", "2024-05-01", stage_1_responded_on="2024-05-10", stage_1_outcome="upheld", closed_on="2024-05-10")
OPEN = complaint("OPEN-1", "2026-11-16", procedure="statutory", team="Team North", channel="phone")
"""Received on Monday 16 November 2026: ten working days later is Monday 30 November."""


async def rows(memory: Memory, table: Any, *order: Any) -> list[Any]:
    async with memory.reading() as uow:
        return list(await uow.exec(select(table).order_by(*order)))


async def test_a_closed_case_has_its_history_and_no_clock(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path, cases=[CLOSED]))

    events = await rows(memory, EventRow, col(EventRow.happened_on), col(EventRow.id))
    assert [(one.name, one.happened_on) for one in events] == [
        (Event.RECEIVED, date(2024, 5, 1)),
        (Event.S1_REPLY_SENT, date(2024, 5, 10)),
        (Event.CLOSED, date(2024, 5, 10)),
    ]
    assert {one.recorded_by for one in events} == {IMPORTED_BY}
    assert await rows(memory, DeadlineRow) == []
    assert await rows(memory, OutboxRow) == []


async def test_an_open_case_gets_the_clocks_of_its_dates_and_waits_on_the_desk(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path, cases=[CLOSED, OPEN]))

    clocks = {row.clock: row.due_on for row in await rows(memory, DeadlineRow)}
    assert clocks["s1_response"] == date(2026, 11, 30)
    async with memory.reading() as uow:
        assert await cases.due_a_look(uow, TODAY) == ["OPEN-1"]
        [on_desk] = await load_desk(uow, TODAY, NOW, is_now=True)
    assert (on_desk.reference, on_desk.team) == ("OPEN-1", "Team North")
    assert date(2026, 11, 30) in {one.deadline.due_on for one in Standings(OFFICE, TODAY).owed(on_desk)}
    assert await rows(memory, OutboxRow) == []


async def test_a_changed_row_is_an_update_with_an_event_that_says_which_import_changed_what(
    memory: Memory, tmp_path: Path
) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[CLOSED, OPEN]))
    answered = OPEN | {"stage_1_responded_on": "2026-11-20", "stage_1_outcome": "not_upheld"}

    done = await bring_in(memory, write(tmp_path / "november", cases=[CLOSED, answered]))

    assert (done.cases, done.added, done.changed) == (2, 0, 1)
    events = [one for one in await rows(memory, EventRow, col(EventRow.id)) if one.case_reference == "OPEN-1"]
    assert [one.note for one in events if one.name is Event.NOTED] == [
        "import of november: stage_1_responded_on: empty to 2026-11-20; stage_1_outcome: empty to not_upheld"
    ]
    [case] = [one for one in await rows(memory, CaseRow) if one.reference == "OPEN-1"]
    assert case.closed_on == date(2026, 11, 20)
    assert all(one.is_superseded for one in await rows(memory, DeadlineRow))
    again = await bring_in(memory, tmp_path / "november")
    assert (again.added, again.changed) == (0, 0)


async def test_a_changed_issue_is_told_in_the_history_too(memory: Memory, tmp_path: Path) -> None:
    issue = {"reference": "OLD-1", "number": 1, "theme": "delay", "outcome": ""}
    await bring_in(memory, write(tmp_path / "first", cases=[CLOSED], issues=[issue]))

    done = await bring_in(memory, write(tmp_path / "second", cases=[CLOSED], issues=[issue | {"outcome": "upheld"}]))

    assert done.changed == 1
    notes = [one.note for one in await rows(memory, EventRow) if one.name is Event.NOTED]
    assert notes == ["import of second: issue 1: delay, empty to delay, upheld"]


async def test_what_is_no_longer_in_the_folder_stays(memory: Memory, tmp_path: Path) -> None:
    await bring_in(memory, write(tmp_path / "first", cases=[CLOSED, OPEN]))

    await bring_in(memory, write(tmp_path / "second", cases=[OPEN]))

    assert [row.reference for row in await rows(memory, RegisterRow, col(RegisterRow.reference))] == ["OLD-1", "OPEN-1"]


async def test_one_mistake_and_nothing_is_stored(memory: Memory, tmp_path: Path) -> None:
    done = await bring_in(memory, write(tmp_path, cases=[CLOSED, OPEN | {"procedure": "statutary"}]))

    assert [(one.file, one.line, one.column, one.value) for one in done.mistakes] == [("cases.csv", 3, "procedure", "statutary")]
    assert await rows(memory, CaseRow) == []


async def test_a_long_reference_is_kept_and_the_case_gets_a_short_one(memory: Memory, tmp_path: Path) -> None:
    name = "CHILDREN'S SERVICES/2024-25/STAGE 1/000017"
    await bring_in(memory, write(tmp_path / "in", cases=[CLOSED | {"reference": name}]))
    async with memory.reading() as uow:
        write_folder(tmp_path / "out", await rows_of_register(uow, TODAY))

    assert [row["reference"] for row in rows_of(tmp_path / "out", "cases")] == [name]
    [case] = await rows(memory, CaseRow)
    assert len(case.reference) == 20
    assert (await bring_in(memory, tmp_path / "out")).changed == 0


async def test_what_happens_here_after_the_import_goes_before_the_register(memory: Memory, tmp_path: Path) -> None:
    """An open case of the register is answered here on 20 November: four working days after 16 November."""
    await bring_in(memory, write(tmp_path, cases=[OPEN]))
    reply = EventRow(
        case_reference="OPEN-1",
        name=Event.S1_REPLY_SENT,
        happened_on=date(2026, 11, 20),
        recorded_at=datetime(2026, 11, 20, 15, tzinfo=UTC),
        recorded_by="officer@anytown.example",
    )
    async with memory.unit_of_work() as uow:
        uow.add(reply)

    found = await report(memory, "2026-11-01", "2026-11-30")

    times = found["complaints"]["timeliness"]["statutory"]["1"]
    assert (times["answered"], times["within_10"], times["median_working_days"]) == (1, 1, 4)
    async with memory.reading() as uow:
        exported = await rows_of_register(uow, TODAY)
    [row] = next(iter(exported.values()))
    assert row[13] == date(2026, 11, 20)


@pytest.mark.parametrize("received_on", ["1998-02-02", "2005-12-31"])
async def test_an_open_case_from_before_the_calendar_stops_no_morning(memory: Memory, tmp_path: Path, received_on: str) -> None:
    await bring_in(memory, write(tmp_path, cases=[complaint("ANCIENT", received_on)]))

    async with memory.reading() as uow:
        assert await cases.due_a_look(uow, TODAY) == []
    year = received_on[:4]
    found = await report(memory, f"{year}-01-01", f"{year}-12-31")
    assert found["complaints"]["received"]["count"] == 1
    assert any("outside the calendar" in note for note in found["notes"])
