"""Rows of a register are written many at a time: on both databases they are the same rows, and a bad one takes none along."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from reports.registers.writing import Ready
from storage.filing import table_of
from storage.tables import OmbudsmanRow
from storage.unit_of_work import Memory

ENQUIRY = {
    "body": "lgsco", "body_reference": "24 001", "case_reference": None, "received_on": date(2024, 5, 2), "kind": "assessment",
    "decided_on": None, "outcome": None, "directorate": "children", "service": "Fostering; \"East\", \\N\ttab",
}  # fmt: skip


async def enquiries(memory: Memory) -> list[OmbudsmanRow]:
    async with memory.reading() as uow:
        return list(await uow.exec(select(OmbudsmanRow).order_by(col(OmbudsmanRow.body_reference))))


async def written(memory: Memory, rows: list[dict[str, Any]]) -> list[int]:
    ready = Ready(table_of(OmbudsmanRow), rows, memory)
    async with memory.unit_of_work() as uow:
        return [some async for some in ready.write(uow)]


async def test_every_kind_of_cell_arrives_as_it_was_and_progress_is_told_by_the_group(memory: Memory) -> None:
    more = [ENQUIRY | {"body_reference": f"25 {number:05}"} for number in range(5_001)]

    assert await written(memory, [ENQUIRY, *more]) == [5_000, 2]
    first, *rest = await enquiries(memory)
    assert {name: getattr(first, name) for name in ENQUIRY} == ENQUIRY
    assert len(rest) == 5_001


async def test_one_row_that_the_database_refuses_takes_all_of_the_unit_back(memory: Memory) -> None:
    with pytest.raises(DBAPIError):
        await written(memory, [ENQUIRY, ENQUIRY | {"body_reference": "24 002"}, ENQUIRY | {"body": "nobody"}])

    assert await enquiries(memory) == []
    assert await written(memory, [ENQUIRY]) == [1]
