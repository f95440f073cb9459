"""Letters that became no case: what a machine sent, what a stranger asked, what a person took off the shelf.

They are kept for the council's own number of days and then erased, marks in their place (`storage.erasing`; people-and-safety.md
7.3, raw inbox rows). What still lies in quarantine is none of them, nor is one with an open task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, not_, or_
from sqlalchemy.orm import defer
from sqlmodel import col, select

from storage.erasing import NOWHERE, Eraser, Of, erased_at, mark_of, own_mark
from storage.filing import table_of
from storage.tables import ArrivalRow, ErasedRow, LedgerResult, LetterRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

ERASED_BY = "kept long enough"
"""Who erased it, in the marks: no person, but the council's number of days."""
STAYS = "stays: "
"""The beginning of the problem of one that is not erased without a person's word; why stands behind it."""
_EMAIL = "email"
"""Chats are not among them: what was said in one before there was a case may be the beginning of a case to come."""
_TASKS = ("asked", "piece", "safety", *(kind.value for kind in TaskKind))
"""What the keys of tasks about a letter begin with."""


@dataclass(frozen=True)
class Loose:
    """How many there are, how many of them stay until a person says otherwise, and how many were erased."""

    kept: int
    stay: int
    erased: int


def _is_loose() -> ColumnElement[bool]:
    rows = table_of(ArrivalRow).c
    heard = (LedgerResult.AUTOMATIC, LedgerResult.ASKED, LedgerResult.RELEASED)
    has_letter = exists().where(table_of(LetterRow).c.arrival_id == rows.id)
    return and_(rows.wire == _EMAIL, rows.case_reference.is_(None), rows.result.in_(heard), not_(has_letter))


def _stays() -> ColumnElement[bool]:
    rows = table_of(ArrivalRow).c
    return and_(rows.problem.startswith(STAYS, autoescape=True), rows.result != LedgerResult.RELEASED)


async def due(uow: UnitOfWork, until: datetime, limit: int) -> list[ArrivalRow]:
    """Those whose time was over by then, oldest first, with their bytes: nobody need look at them, nor did so since."""
    rows, tasks = table_of(ArrivalRow).c, table_of(TaskRow).c
    was_heard = and_(rows.result != LedgerResult.RELEASED, rows.stored_at <= until)
    was_dealt_with = and_(rows.result == LedgerResult.RELEASED, rows.dealt_with_at <= until)
    keys = tasks.key.in_([literal(f"{begins}:").concat(rows.id) for begins in _TASKS])
    is_looked_at = exists().where(keys, or_(tasks.done_at.is_(None), tasks.done_at > until))
    query = select(ArrivalRow).where(_is_loose(), not_(_stays()), or_(was_heard, was_dealt_with), not_(is_looked_at))
    # What has no bytes holds nothing, and nothing to know it by.
    query = query.where(func.length(rows.raw) > 0).order_by(rows.stored_at, rows.id).limit(limit)
    return list((await uow.exec(query)).all())


async def staying(uow: UnitOfWork) -> list[ArrivalRow]:
    """Those that are not erased without a person's word, oldest first; their bytes stay where they are."""
    query = select(ArrivalRow).where(_is_loose(), _stays()).order_by(col(ArrivalRow.stored_at), col(ArrivalRow.id))
    # Allowed below: to SQLModel a column has the type of its value
    return list((await uow.exec(query.options(defer(ArrivalRow.raw)))).all())  # type: ignore[arg-type]


async def count(uow: UnitOfWork) -> Loose:
    """How they stand."""
    letters = select(func.count()).select_from(ArrivalRow)
    marks = select(func.count()).select_from(ErasedRow).where(ErasedRow.erased_by == ERASED_BY, ErasedRow.door != "")
    return Loose(
        kept=(await uow.exec(letters.where(_is_loose()))).one(),
        stay=(await uow.exec(letters.where(_is_loose(), _stays()))).one(),
        erased=(await uow.exec(marks)).one(),
    )


async def erase_loose(uow: UnitOfWork, rows: Sequence[ArrivalRow], identities: Mapping[str, str], eraser: Eraser) -> int:
    """Erase these and leave marks; returns how many went. `identities`: what makes each itself, by its id."""
    arrivals = table_of(ArrivalRow)
    lying: dict[str, tuple[str, str, int]] = {own_mark(eraser.key): NOWHERE}
    for row in rows:
        lying[mark_of(eraser.key, Of.LETTER, identities[row.id])] = (row.door, row.validity, row.position)
        lying[mark_of(eraser.key, Of.ARRIVAL, row.id)] = NOWHERE
    there = await erased_at(uow, lying)
    for mark, (door, validity, position) in lying.items():
        if mark not in there:
            one = ErasedRow(mark=mark, erased_at=eraser.now, erased_by=eraser.by)
            one.door, one.validity, one.position = door, validity, position
            uow.add(one)
    gone = delete(arrivals).where(arrivals.c.id.in_([row.id for row in rows]), _is_loose())
    return (await (await uow.connection()).execute(gone)).rowcount
