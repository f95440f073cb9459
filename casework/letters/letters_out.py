"""A letter that a decision owes the person, queued in the same unit of work as the decision itself."""

from collections.abc import Mapping
from typing import Any

from casework.acting import Acting
from casework.letters.of_steps import Saying, put, queue_for
from procedures.terms import Event, Notice
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
    """Queue `notice` to everyone who gets the letters of the case, once for `key`; nothing for a case from the past."""
    if not case.is_imported:
        key = key or f"{notice.value}:{case.reference}:{acting.now.isoformat()}"
        await put(uow, case, notice, key, facts, acting, filing)


async def tell_what_was_decided(
    uow: UnitOfWork, case: CaseRow, event: Event, why: str, acting: Acting, filing: Filing, **say: str
) -> None:
    """Queue the letter of a decision that `filing` writes, with the officer's reason, as procedures/letters.toml has it.

    Decided anew on the same day, it is told anew.
    """
    await queue_for(uow, case, event, Saying(acting.today, why, say=say), acting, filing, token=acting.now.isoformat())
