"""What waits for an officer's decision, in the digest: how much of it is overdue, and which routes are in doubt.

Nothing decides itself: what lies undecided is found nowhere else than in a list of tasks (practice.md §3).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from casework.decisions.by_an_officer import DECIDED_BY_AN_OFFICER
from storage.filing import table_of
from storage.tables import TaskKind, TaskRow
from storage.training import is_real
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A decision that waits."""

    reference: str
    kind: TaskKind
    is_late: bool


@dataclass(frozen=True)
class Decisions:
    """How many decisions wait, how many of them should have been taken, and how many routes are in doubt."""

    open: int
    late: int
    route_doubts: int


def counted(waiting: Iterable[ToDecide], without: Collection[str]) -> Decisions:
    """The numbers for a reader from whom the cases `without` are kept."""
    shown = [one for one in waiting if one.reference not in without]
    doubts = sum(one.kind is TaskKind.ROUTE_DOUBT for one in shown)
    return Decisions(len(shown), sum(one.is_late for one in shown), doubts)


async def load_to_decide(uow: UnitOfWork, until: datetime) -> list[ToDecide]:
    """What waited to be decided at `until`."""
    tasks = table_of(TaskRow).c
    query = select(tasks.case_reference, tasks.kind, tasks.due_at).where(
        tasks.kind.in_(DECIDED_BY_AN_OFFICER),
        tasks.made_at <= until,
        or_(tasks.done_at.is_(None), tasks.done_at > until),
        is_real(tasks.case_reference),
    )
    found = await (await uow.connection()).execute(query)
    return [ToDecide(reference or "", TaskKind(kind), due_at < until) for reference, kind, due_at in found]
