"""A routed case, and what waits on it, for the tests of the daily work."""

from datetime import date, timedelta
from typing import Any

from casework import actions
from procedures.terms import Procedure, Role
from storage import cases
from storage.tables import TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, a_case, acting

FRIDAY = MONDAY + timedelta(days=4)


async def waiting(memory: Memory, reference: str, *kinds: TaskKind) -> list[tuple[TaskKind, date]]:
    async with memory.reading() as uow:
        rows = await cases.tasks(uow, reference=reference)
    return [(row.kind, row.due_at.date()) for row in rows if row.kind in kinds]


async def routed(memory: Memory, procedure: Procedure = Procedure.STATUTORY, **changes: Any) -> str:
    reference = await a_case(memory, **{"raised_by": Role.PARENT, **changes})
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "a looked-after child", acting())
    return reference
