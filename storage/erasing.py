"""Erasure: every row that hangs on a case goes, and marks stay that outlive it.

A mark is a keyed digest (HMAC-SHA-256, RFC 2104) of a letter's identity, an arrival's id or a case's reference, and holds no
word. The key is the council's own and stands outside the database: who has the database alone can try no guess. By the marks
a letter that is fetched or imported again, and a backup that is put back, are known for what was erased.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, inspect, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.filing import table_of
from storage.tables import METADATA, ArrivalRow, CaseRow, ConversationRow, ErasedRow, PartyRow
from storage.unit_of_work import UnitOfWork

_AT_ONCE = 500
NOWHERE = ("", "", 0)
"""The door, validity and position of what is no letter."""


class Of(StrEnum):
    """What a mark is of."""

    LETTER = "letter"
    """Its identity, whatever door it comes through."""
    ARRIVAL = "arrival"
    """The ledger's id of it: looked up in a backup that is put back, without reading a letter."""
    CASE = "case"
    KEY = "key"
    """The key itself, so that another key is noticed."""


class WrongKey(Exception):
    """There are marks, and they were not made with this key: what was erased would not be known."""

    def __init__(self) -> None:
        super().__init__(
            "Cases were erased here, and database.erasure_key is not the key that their marks were made with: what was erased "
            "would come in again unnoticed. Nothing was changed. Put the key of then into HEARD_DATABASE_ERASURE_KEY, or into "
            "the file that database.erasure_key_file names."
        )


@dataclass(frozen=True)
class Eraser:
    """Who erases, when, and the council's key."""

    key: str
    now: datetime
    by: str


@dataclass(frozen=True)
class Erased:
    """What was erased, in numbers: rows of all tables, and by door how many copies of its letters lie there still."""

    rows: int
    copies: Mapping[str, int]


def mark_of(key: str, of: Of, what: str) -> str:
    """The mark, in hexadecimal."""
    return hmac.new(key.encode(), f"{of.value}\n{what}".encode(), hashlib.sha256).hexdigest()


def own_mark(key: str) -> str:
    """The mark of a key."""
    return mark_of(key, Of.KEY, "")


async def require_key(uow: UnitOfWork, key: str) -> None:
    """Raise WrongKey where there are marks that this key did not make."""
    if (await uow.exec(select_rows(ErasedRow.mark).limit(1))).first() is None:
        return
    if not key or (await uow.exec(select_rows(ErasedRow.mark).where(ErasedRow.mark == own_mark(key)))).first() is None:
        raise WrongKey


def refuse_other_key(marks: Collection[str], key: str) -> None:
    """Raise WrongKey where there are marks, and none of them is this key's own."""
    if marks and (not key or own_mark(key) not in marks):
        raise WrongKey


async def erased_at(uow: UnitOfWork, marks: Collection[str]) -> dict[str, datetime]:
    """Which of these marks stand, and since when."""
    found = await uow.exec(select_rows(ErasedRow).where(col(ErasedRow.mark).in_(marks)))
    return {row.mark: row.erased_at for row in found}


async def lies_at(uow: UnitOfWork, mark: str, door: str, validity: str, position: int) -> None:
    """Note where a copy of an erased letter lies: the door has read it, and the daily count knows it."""
    row = (await uow.exec(select_rows(ErasedRow).where(ErasedRow.mark == mark))).one()
    row.door, row.validity, row.position = door[:300], validity[:40], position
    uow.add(row)


def rows_of_a_case(reference: str) -> list[tuple[Table, ColumnElement[bool]]]:
    """Every table that hangs on a case, directly or by another, and which of its rows: what hangs on others first."""
    hanging: dict[str, tuple[Table, ColumnElement[bool]]] = {}
    cases = table_of(CaseRow)
    for table in METADATA.sorted_tables:
        conditions: list[ColumnElement[bool]] = [table.c.reference == reference] if table is cases else []
        for key in table.foreign_keys:
            parent = key.column.table
            if parent is cases:
                conditions.append(key.parent == reference)
            elif parent.name in hanging:
                conditions.append(key.parent.in_(select(key.column).where(hanging[parent.name][1])))
        if conditions:
            hanging[table.name] = (table, or_(*conditions))
    return list(reversed(hanging.values()))


async def erase(uow: UnitOfWork, reference: str, identities: Mapping[str, str], eraser: Eraser) -> Erased:
    """Erase a case, its letters and whatever hangs on it, and leave marks. `identities`: of its arrivals, by their ids."""
    rows = await uow.exec(
        select_rows(ArrivalRow.id, ArrivalRow.door, ArrivalRow.validity, ArrivalRow.position).where(
            ArrivalRow.case_reference == reference
        )
    )
    lying: dict[str, tuple[str, str, int]] = {mark_of(eraser.key, Of.CASE, reference): NOWHERE, own_mark(eraser.key): NOWHERE}
    copies: dict[str, int] = {}
    for arrival, door, validity, position in rows:
        lying[mark_of(eraser.key, Of.LETTER, identities[arrival])] = (door, validity, position)
        lying[mark_of(eraser.key, Of.ARRIVAL, arrival)] = NOWHERE
        if door.startswith("mailbox:"):
            copies[door] = copies.get(door, 0) + 1
    gone = await _delete(uow, reference)
    there = await erased_at(uow, lying)
    for mark, (door, validity, position) in lying.items():
        if mark not in there:
            row = ErasedRow(mark=mark, erased_at=eraser.now, erased_by=eraser.by)
            row.door, row.validity, row.position = door, validity, position
            uow.add(row)
    return Erased(gone, copies)


async def _delete(uow: UnitOfWork, reference: str) -> int:
    """Delete every row of a case, and where its chats stand if they have no other. Returns how many rows went."""
    chats = select_rows(PartyRow.chat_id).where(PartyRow.case_reference == reference, col(PartyRow.chat_id).is_not(None))
    own = set((await uow.exec(chats)).all())
    connection = await uow.connection()
    gone = 0
    for table, which in rows_of_a_case(reference):
        gone += (await connection.execute(delete(table).where(which))).rowcount
    if own:
        left = set((await uow.exec(select_rows(PartyRow.chat_id).where(col(PartyRow.chat_id).in_(own)))).all())
        talks = table_of(ConversationRow)
        gone += (await connection.execute(delete(talks).where(talks.c.chat_id.in_(own - left)))).rowcount
    uow.expunge_all()
    return gone


async def marks_in(connection: AsyncConnection) -> list[dict[str, Any]]:
    """All marks of a database, as rows; none of one that is older than marks."""
    marks = table_of(ErasedRow)
    if marks.name not in await connection.run_sync(lambda sync: inspect(sync).get_table_names()):
        return []
    return [dict(row._mapping) for row in await connection.execute(select(marks))]


async def again(
    uow: UnitOfWork,
    marks: Sequence[Mapping[str, Any]],
    key: str,
    before: Callable[[UnitOfWork, str], Awaitable[object]] | None = None,
) -> tuple[str, ...]:
    """Put marks of another database beside this one's, and erase what they mark; returns the references of those cases.

    For a backup of before an erasure. `before` is told of each case first. Raises WrongKey.
    """
    there = await erased_at(uow, [mark["mark"] for mark in marks])
    for mark in marks:
        if mark["mark"] not in there:
            uow.add(ErasedRow(**mark))
    await uow.flush()
    await require_key(uow, key)
    if not key:
        return ()
    references = set((await uow.exec(select_rows(CaseRow.reference))).all())
    marked = await _marked(uow, key, Of.CASE, references)
    gone = sorted(reference for reference in references if reference in marked)
    for reference in gone:
        if before is not None:
            await before(uow, reference)
        await _delete(uow, reference)
    loose = set((await uow.exec(select_rows(ArrivalRow.id).where(col(ArrivalRow.case_reference).is_(None)))).all())
    arrivals = table_of(ArrivalRow)
    for arrival in await _marked(uow, key, Of.ARRIVAL, loose):
        await (await uow.connection()).execute(delete(arrivals).where(arrivals.c.id == arrival))
    return tuple(gone)


async def _marked(uow: UnitOfWork, key: str, of: Of, names: Collection[str]) -> set[str]:
    by_mark = {mark_of(key, of, name): name for name in names}
    every = list(by_mark)
    found: set[str] = set()
    for start in range(0, len(every), _AT_ONCE):
        found.update(by_mark[mark] for mark in await erased_at(uow, every[start : start + _AT_ONCE]))
    return found
