"""Cases to learn on: made up by staff, handled like any other, and known to nobody outside the room (practice.md §5.10).

Nothing about one leaves, in whatever way it was queued: `keep_in` marks what a filing would send, and what slipped past it is not
claimed. No reminder, digest, report or register counts one: their queries ask `is_real`.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, exists, true
from sqlmodel import SQLModel, col, select

from storage.tables import ArrivalRow, CaseRow, OutboxRow, OutboxState
from storage.unit_of_work import UnitOfWork

KEPT_IN = "a case to learn on: nothing leaves"
"""Stands as the problem of what was not sent, so that whoever learns can read what would have been."""
RESERVED = (".example", ".test", ".invalid", "example.com", "example.org", "example.net")
"""Domains that belong to nobody (RFC 2606): who is made up has no other address, so that no real letter is taken for theirs."""


def is_real(reference: Any) -> ColumnElement[bool]:
    """Whether what names a case in this column is about no case to learn on. What names none is real."""
    table = CaseRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it to every table
    made_up = table.alias("made_up")
    return ~exists().where(made_up.c.reference == reference, made_up.c.is_training)


async def of_real_case(uow: UnitOfWork, reference: str) -> bool:
    """Whether what is about this case may leave."""
    made_up = select(CaseRow.reference).where(CaseRow.reference == reference, col(CaseRow.is_training).is_(True))
    return (await uow.exec(made_up)).first() is None


def among(reference: Any, *, training: bool | None) -> ColumnElement[bool]:
    """Which rows a list shows: those of no case to learn on (False), those of such cases alone (True), or all (None)."""
    if training is None:
        return true()
    return ~is_real(reference) if training else is_real(reference)


def is_nobodys(address: str) -> bool:
    """Whether an address is under a domain that is reserved for examples, or empty."""
    host = address.strip().lower().rpartition("@")[2]
    return not host or any(host == domain.lstrip(".") or host.endswith(f".{domain.lstrip('.')}") for domain in RESERVED)


async def keep_in(uow: UnitOfWork, rows: Iterable[SQLModel]) -> None:
    """Mark what these rows would send about a case to learn on as called off. Call it before they are written.

    The database is asked only about what staff do: of a letter or a call that comes in, its own rows say whether it is made up.
    """
    mails, opened, arrived = list[OutboxRow](), dict[str, bool](), False
    for row in rows:
        if isinstance(row, OutboxRow):
            mails.append(row)
        elif isinstance(row, CaseRow):
            opened[row.reference] = row.is_training
        arrived = arrived or isinstance(row, ArrivalRow)
    made_up = {reference for reference, is_training in opened.items() if is_training}
    asked = {mail.case_reference for mail in mails if mail.case_reference} - opened.keys()
    if asked and not arrived:
        found = select(CaseRow.reference).where(col(CaseRow.reference).in_(asked), col(CaseRow.is_training).is_(True))
        made_up |= set(await uow.exec(found))
    for mail in mails:
        if mail.case_reference in made_up:
            mail.state, mail.problem = OutboxState.CANCELLED, KEPT_IN
