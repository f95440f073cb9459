"""A letter that a decision owes the person, queued in the same unit of work as the decision itself."""

from collections.abc import Mapping
from typing import Any

from casework.actions import Acting
from casework.letters import put
from procedures.terms import Notice
from storage.filing import Filing
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork


async def tell_the_person(
    uow: UnitOfWork,
    case: CaseRow,
    notice: Notice,
    facts: Mapping[str, Any],
    acting: Acting,
    filing: Filing,
    *,
    key: str = "",
) -> None:
    """Queue `notice` to everyone on the case whom we may write to; with no route left it is a task, never another route."""
    await put(uow, case, notice, key or f"{notice.value}:{case.reference}:{acting.now.isoformat()}", facts, acting, filing)
