"""Letters that became no case: what a machine sent, what a stranger asked.

They are kept for the council's own number of days and then erased, marks in their place (`storage.erasing`; people-and-safety.md
7.3, raw inbox rows). What lies in quarantine is none of them, nor is what a person took off that shelf: its bytes may be the
original of a letter that was logged by hand.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, not_, or_
from sqlalchemy.orm import defer
from sqlmodel import col, select

from storage.erasing import NOWHERE, Eraser, Of, erased_at, mark_of, own_mark
from storage.filing import table_of
from storage.inbound import already_received, arrival_id
from storage.tables import ArrivalRow, DoorRow, ErasedRow, LedgerResult, LetterRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

ERASED_BY = "kept long enough"
"""Who erased it, in the marks: no person, but the council's number of days."""
STAYS = "stays: "
"""The beginning of the problem of one that is not erased without a person's word; why stands behind it."""
_EMAIL = "email"
"""Chats are not among them: what was said in one before there was a case may be the beginning of a case to come."""
_IMPORT = "import"
"""The door of letters from files; it has no row, since nothing is fetched from it."""
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
    was_heard = rows.result.in_((LedgerResult.AUTOMATIC, LedgerResult.ASKED))
    has_letter = exists().where(table_of(LetterRow).c.arrival_id == rows.id)
    return and_(rows.wire == _EMAIL, rows.case_reference.is_(None), or_(was_heard, _may_go()), not_(has_letter))


def _was_found_to_stay() -> ColumnElement[bool]:
    return table_of(ArrivalRow).c.problem.startswith(STAYS, autoescape=True)


def _may_go() -> ColumnElement[bool]:
    """It was found to stay, and then a person said that it may go. Of the quarantine shelf nobody said so."""
    return and_(table_of(ArrivalRow).c.result == LedgerResult.RELEASED, _was_found_to_stay())


def _stays() -> ColumnElement[bool]:
    return and_(_was_found_to_stay(), table_of(ArrivalRow).c.result != LedgerResult.RELEASED)


def _is_due(until: datetime) -> ColumnElement[bool]:
    """Its time was over by then: nobody need look at it, nor did so since."""
    rows, tasks = table_of(ArrivalRow).c, table_of(TaskRow).c
    was_heard = and_(rows.result != LedgerResult.RELEASED, rows.stored_at <= until)
    was_dealt_with = and_(rows.result == LedgerResult.RELEASED, rows.dealt_with_at <= until)
    keys = tasks.key.in_([literal(f"{begins}:").concat(rows.id) for begins in _TASKS])
    is_looked_at = exists().where(keys, or_(tasks.done_at.is_(None), tasks.done_at > until))
    # What has no bytes holds nothing, and nothing to know it by.
    has_bytes = func.length(rows.raw) > 0
    return and_(_is_loose(), not_(_stays()), or_(was_heard, was_dealt_with), not_(is_looked_at), has_bytes)


async def due(uow: UnitOfWork, until: datetime, limit: int) -> list[str]:
    """The ids of those whose time was over by then, oldest first. It looks at every letter: never ask it while others wait."""
    rows = table_of(ArrivalRow).c
    query = select(ArrivalRow.id).where(_is_due(until)).order_by(rows.stored_at, rows.id).limit(limit)
    return list((await uow.exec(query)).all())


async def still_due(uow: UnitOfWork, ids: Collection[str], until: datetime) -> list[ArrivalRow]:
    """Of these, found by their key, those that are due now as well; oldest first, with their bytes."""
    rows = table_of(ArrivalRow).c
    query = select(ArrivalRow).where(rows.id.in_(ids), _is_due(until)).order_by(rows.stored_at, rows.id)
    return list((await uow.exec(query)).all())


async def staying(uow: UnitOfWork) -> list[ArrivalRow]:
    """Those that are not erased without a person's word, oldest first; their bytes stay where they are."""
    query = select(ArrivalRow).where(_is_loose(), _stays()).order_by(col(ArrivalRow.stored_at), col(ArrivalRow.id))
    # Allowed below: to SQLModel a column has the type of its value
    return list((await uow.exec(query.options(defer(ArrivalRow.raw)))).all())  # type: ignore[arg-type]


async def count_staying(uow: UnitOfWork) -> int:
    """How many are not erased without a person's word."""
    return (await uow.exec(select(func.count()).select_from(ArrivalRow).where(_is_loose(), _stays()))).one()


async def count(uow: UnitOfWork) -> Loose:
    """How they stand. It looks at every letter: only for whoever reads it."""
    letters = select(func.count()).select_from(ArrivalRow)
    marks = select(func.count()).select_from(ErasedRow).where(ErasedRow.erased_by == ERASED_BY, ErasedRow.door != "")
    return Loose(
        kept=(await uow.exec(letters.where(_is_loose()))).one(),
        stay=await count_staying(uow),
        erased=(await uow.exec(marks)).one(),
    )


async def erase_loose(uow: UnitOfWork, rows: Sequence[ArrivalRow], identities: Mapping[str, str], eraser: Eraser) -> int:
    """Erase these and leave marks; returns how many went. `identities`: what makes each itself, by its id.

    Another arrival may be the same letter: it was imported as well, or lay on the shelf until it could be read. As long as that
    one is kept the letter is not erased, so no mark says so; where this copy lay is noted all the same.
    """
    arrivals = table_of(ArrivalRow)
    kept = await _kept_elsewhere(uow, rows, identities)
    there = await erased_at(uow, [mark_of(eraser.key, Of.LETTER, one) for one in identities.values()])
    lying: dict[str, tuple[str, str, int]] = {own_mark(eraser.key): NOWHERE}
    for row in rows:
        place = (row.door, row.validity, row.position)
        letter, arrival = (mark_of(eraser.key, of, what) for of, what in ((Of.LETTER, identities[row.id]), (Of.ARRIVAL, row.id)))
        if identities[row.id] in kept or letter in there or letter in lying:
            lying[arrival] = place
        else:
            lying[letter], lying[arrival] = place, NOWHERE
    there = await erased_at(uow, lying)
    for mark, (door, validity, position) in lying.items():
        if mark not in there:
            one = ErasedRow(mark=mark, erased_at=eraser.now, erased_by=eraser.by)
            one.door, one.validity, one.position = door, validity, position
            uow.add(one)
    gone = delete(arrivals).where(arrivals.c.id.in_([row.id for row in rows]), _is_loose())
    return (await (await uow.connection()).execute(gone)).rowcount


async def _kept_elsewhere(uow: UnitOfWork, rows: Sequence[ArrivalRow], identities: Mapping[str, str]) -> set[str]:
    """The identities that an arrival which is not among these has too, at whatever door, read or shelved."""
    doors = {_IMPORT, *(row.door for row in rows), *(await uow.exec(select(DoorRow.name))).all()}
    named = {(door, begins, one) for door in doors for begins in ("", "shelved:") for one in identities.values()}
    others = {arrival_id(door, f"{begins}{one}"): one for door, begins, one in named}
    for row in rows:
        others.pop(row.id, None)
    return {others[one] for one in await already_received(uow, others)}
