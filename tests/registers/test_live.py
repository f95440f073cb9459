"""Cases that were lived through here give the same figures as rows of a register that say the same."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from casework import actions
from casework.recording import record
from procedures.terms import Event, Outcome, Procedure
from reports.registers.giving import rows_of_register, write_folder
from storage.unit_of_work import Memory, open_memory
from tests.casework.rooms import MONDAY, a_case, acting
from tests.memory_fixtures import sqlite_url
from tests.registers.shelf import TODAY, bring_in, complaint, full, report, rows_of, write


async def live_through(memory: Memory) -> list[str]:
    """Three complaints received on Monday 10 March 2025: answered on Monday 24, on Wednesday 26, and never."""
    names = []
    for days, outcome in ((14, Outcome.NO_FINDING), (16, Outcome.NOT_UPHELD), (0, None)):
        reference = await a_case(memory)
        names.append(reference)
        async with memory.unit_of_work() as uow:
            await actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting())
            if outcome:
                await actions.respond(uow, reference, "We looked.", outcome, acting(at=MONDAY + timedelta(days=days)))
    async with memory.unit_of_work() as uow:
        await record(uow, names[1], Event.S2_REQUESTED, acting(at=MONDAY + timedelta(days=21)))
    return names


def as_register(names: list[str]) -> list[dict[str, Any]]:
    """The same, as a council would have written it down. Stage 2 was asked for on Monday 31 March."""
    more: tuple[dict[str, str], ...] = (
        {"stage_1_responded_on": "2025-03-24", "stage_1_outcome": "no_finding"},
        {"stage_1_responded_on": "2025-03-26", "stage_1_outcome": "not_upheld", "stage_2_requested_on": "2025-03-31"},
        {},
    )
    plain = {"directorate": "children", "channel": "email", "raised_by": "unknown"}
    return full([complaint(name, "2025-03-10", **plain, **one) for name, one in zip(names, more, strict=True)])


def without_notes(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "notes"}


async def test_a_story_gives_the_figures_of_the_register_that_tells_it(
    memory: Memory, tmp_path: Path, migrated_sqlite: Path
) -> None:
    """Day 10 is Monday 24 March, day 20 Monday 7 April: one of three in time, two by day 20; the third is overdue."""
    names = await live_through(memory)
    lived = await report(memory, "2025-03-01", "2025-03-31", as_at="2025-05-01")
    shutil.copy(migrated_sqlite, tmp_path / "other.db")
    other = open_memory(sqlite_url(tmp_path / "other.db"))
    await bring_in(other, write(tmp_path / "register", cases=as_register(names)))
    told = await report(other, "2025-03-01", "2025-03-31", as_at="2025-05-01")
    await other.close()

    found = lived["complaints"]
    assert found["received"]["count"] == 3
    assert found["outcomes"] == {"statutory": {"no_finding": 1, "not_upheld": 1}}
    assert found["timeliness"]["statutory"]["1"] == {
        "answered": 2,
        "within_10": 1,
        "within_10_percent": 33.3,
        "within_20": 2,
        "within_20_percent": 66.7,
        "within_permitted_percent": 33.3,
        "median_working_days": 11,
    }
    assert found["escalation"]["stage_1_to_2_percent"] == 33.3
    assert found["resolved_at_stage"] == {"1": 1, "2": 0, "3": 0}
    assert without_notes(lived) == without_notes(told)


async def test_live_cases_go_out_and_in_again(memory: Memory, tmp_path: Path, migrated_sqlite: Path) -> None:
    names = await live_through(memory)
    async with memory.reading() as uow:
        write_folder(tmp_path / "out", await rows_of_register(uow, TODAY))
    back = await bring_in(memory, tmp_path / "out")
    shutil.copy(migrated_sqlite, tmp_path / "other.db")
    other = open_memory(sqlite_url(tmp_path / "other.db"))
    first = await bring_in(other, tmp_path / "out")
    async with other.reading() as uow:
        write_folder(tmp_path / "again", await rows_of_register(uow, TODAY))
    await other.close()

    assert (back.mistakes, back.added, back.changed) == ([], 0, 0)
    assert (first.mistakes, first.added) == ([], 3)
    assert rows_of(tmp_path / "again", "cases") == rows_of(tmp_path / "out", "cases")
    assert {row["reference"] for row in rows_of(tmp_path / "out", "cases")} == set(names)


async def test_a_register_cannot_say_otherwise_than_a_case_of_this_service(memory: Memory, tmp_path: Path) -> None:
    names = await live_through(memory)

    done = await bring_in(memory, write(tmp_path, cases=[complaint(names[0], "2025-03-10")]))

    assert [(one.line, one.column, one.value) for one in done.mistakes] == [(2, "reference", names[0])]
    assert "case of this service" in done.mistakes[0].why
