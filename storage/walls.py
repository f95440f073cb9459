"""Walls in the memory: who is kept from which case, and the gate that every filing passes.

Whatever makes a mail, a line of a bundle or an entry of a history, and in whatever order: what would tell a walled person of
the case is not queued, and what a walled member of staff would do to it is refused (practice.md §3).
"""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, update
from sqlmodel import SQLModel, col, select

from procedures.people import WallKind
from procedures.terms import Channel
from storage.tables import EventRow, OutboxRow, OutboxState, WallRow
from storage.unit_of_work import UnitOfWork

AT_ONCE = 500
LEAVES_YET = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.HELD, OutboxState.FAILED, OutboxState.AMBIGUOUS)
"""What may still leave, by itself or because somebody sends it again."""

Walled = dict[str, set[str]]
"""A folded address, or a chat's number in digits, and the references of the cases that are kept from it."""


class BehindAWall(Exception):
    """This case is kept from that person. Nothing was changed."""

    def __init__(self, person: str, reference: str) -> None:
        self.person, self.reference = person, reference
        if not person:
            super().__init__(
                f"{reference} is kept from somebody, so say who looks: --as ADDRESS, or HEARD_PERSON. Nothing was changed."
            )
            return
        super().__init__(
            f"{person} is walled from {reference}: named in it, or with a conflict of interest. Whoever is complained about does "
            "not decide, answer or see it (Getting the Best from Complaints, 2006). Nothing was changed. Another officer may "
            "lift the wall, with a reason."
        )


def stands() -> ColumnElement[bool]:
    """A wall that nobody has lifted."""
    return col(WallRow.lifted_at).is_(None)


async def walls_of(uow: UnitOfWork, references: Collection[str], *, also_lifted: bool = False) -> dict[str, list[WallRow]]:
    """The walls around each of these cases, oldest first."""
    found: dict[str, list[WallRow]] = {reference: [] for reference in references}
    every = list(found)
    for start in range(0, len(every), AT_ONCE):
        rows = select(WallRow).where(col(WallRow.case_reference).in_(every[start : start + AT_ONCE])).order_by(col(WallRow.id))
        for row in await uow.exec(rows if also_lifted else rows.where(stands())):
            found[row.case_reference].append(row)
    return found


async def walled_from(uow: UnitOfWork, address: str) -> set[str]:
    """The references of the cases that are kept from this address."""
    folded = address.strip().lower()
    rows = await uow.exec(select(WallRow.case_reference).where(WallRow.address == folded, stands())) if folded else ()
    return set(rows)


async def all_walls(uow: UnitOfWork, references: Collection[str] | None = None) -> dict[str, frozenset[str]]:
    """The cases with a wall (among these, or of all), and the folded addresses of the staff whom each is kept from."""
    rows = select(WallRow.case_reference, WallRow.address).where(stands(), WallRow.kind == WallKind.STAFF)
    if references is not None:
        rows = rows.where(col(WallRow.case_reference).in_(references))
    found: dict[str, set[str]] = {}
    for reference, address in await uow.exec(rows):
        found.setdefault(reference, set()).add(address)
    return {reference: frozenset(addresses) for reference, addresses in found.items()}


async def kept_from_reader(uow: UnitOfWork) -> frozenset[str]:
    """The cases that must not be shown to who reads: what is kept from them; to nobody named, all that have a wall.

    The service itself, which is nobody at a keyboard, reads everything.
    """
    reader = uow.info.get("person")
    if reader is None:
        return frozenset()
    return frozenset(await walled_from(uow, reader) if reader else await all_walls(uow))


async def may_be_seen(uow: UnitOfWork, reference: str) -> None:
    """Raises BehindAWall where a case is kept from who reads; one with a wall is shown to nobody unnamed."""
    person = uow.info.get("person")
    if person is not None and reference in await kept_from_reader(uow):
        raise BehindAWall(person, reference)


def task_key(reference: str, address: str) -> str:
    """The key of the task to confirm or lift a wall that the words of a complaint put up."""
    return f"wall:{reference}:{address.strip().lower()}"


async def walled_among(uow: UnitOfWork, people: Collection[str]) -> Walled:
    """What is kept from each of these (folded addresses, or chats in digits)."""
    addresses = sorted(one for one in people if "@" in one)
    chats = [int(one) for one in people if one.lstrip("-").isdigit()]
    found: Walled = {}
    for start in range(0, max(len(addresses), len(chats)), AT_ONCE):
        some, those = addresses[start : start + AT_ONCE], chats[start : start + AT_ONCE]
        for address, chat, reference in await uow.exec(_standing(), params={"addresses": some, "chats": those}):
            for who in (address, str(chat) if chat else ""):
                if who:
                    found.setdefault(who, set()).add(reference)
    return found


@cache
def _standing() -> Any:
    """The walls around some people. Asked at every filing, and so put together once."""
    theirs = col(WallRow.address).in_(bindparam("addresses", expanding=True))
    chats = col(WallRow.chat_id).in_(bindparam("chats", expanding=True))
    return select(WallRow.address, WallRow.chat_id, WallRow.case_reference).where(stands(), or_(theirs, chats))


async def gate(
    uow: UnitOfWork, rows: Iterable[SQLModel], owners: Collection[tuple[str, str]] = ()
) -> tuple[list[OutboxRow], list[WallRow]]:
    """The mails of a filing that must not be queued, and the walls in it that are new; lines of bundles are taken out in place.

    Raises BehindAWall where a walled member of staff acted on the case, or (`owners`: address, reference) would be given it.
    """
    mails, acted, new = list[OutboxRow](), list[tuple[str, str]](), list[WallRow]()
    for row in rows:
        if isinstance(row, OutboxRow) and row.channel is not Channel.ALARM:
            mails.append(row)
        elif isinstance(row, EventRow) and "@" in row.recorded_by:
            acted.append((row.recorded_by.lower(), row.case_reference))
        elif isinstance(row, WallRow) and row.lifted_at is None:
            new.append(row)
    acted += [(address.lower(), reference) for address, reference in owners if address]
    if not mails and not acted and not new:
        return [], []
    walled = await walled_among(uow, {mail.recipient.lower() for mail in mails} | {address for address, _ in acted})
    for address, reference in acted:
        if reference in walled.get(address, ()):
            raise BehindAWall(address, reference)
    if new:
        known = set(await uow.exec(select(WallRow.key).where(col(WallRow.key).in_([wall.key for wall in new]))))
        new = [wall for wall in new if wall.key not in known]
    for wall in new:
        for who in (wall.address, str(wall.chat_id or "")):
            walled.setdefault(who, set()).add(wall.case_reference)
    return [mail for mail in mails if not may_leave(mail, walled.get(mail.recipient.lower(), set()))], new


async def drop_what_waits(uow: UnitOfWork, wall: WallRow) -> list[OutboxRow]:
    """Take from the outbox what would still tell somebody walled of the case; returns what was to tell of nothing else.

    What is on its way just now is marked too: it may have arrived, and is not tried again.
    """
    people = [one for one in (wall.address, str(wall.chat_id or "")) if one]
    waiting = select(OutboxRow).where(col(OutboxRow.state).in_(LEAVES_YET), func.lower(OutboxRow.recipient).in_(people))
    dropped: list[OutboxRow] = []
    table = OutboxRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it to every table
    connection = await uow.connection()
    for mail in (await uow.exec(waiting.order_by(col(OutboxRow.id)))).all():
        was = mail.facts
        uow.expunge(mail)
        if not may_leave(mail, {wall.case_reference}):
            problem = "walled; it was on its way" if mail.state is OutboxState.SENDING else "walled"
            await connection.execute(
                update(table).where(table.c.id == mail.id).values(state=OutboxState.CANCELLED, problem=problem)
            )
            dropped.append(mail)
        elif mail.facts is not was:
            await connection.execute(update(table).where(table.c.id == mail.id).values(facts=mail.facts))
    return dropped


def may_leave(mail: OutboxRow, references: set[str]) -> bool:
    """Whether a mail may be queued once what is kept from its reader was taken out of it."""
    if not references:
        return True
    if mail.case_reference in references:
        return False
    if mentions(mail.facts, references):
        facts = without(mail.facts, references)
        if facts is None:
            return False
        mail.facts = facts
    return True


def mentions(value: Any, references: Collection[str]) -> bool:
    """Whether one of the references stands anywhere in this JSON value."""
    if isinstance(value, str):
        return any(reference in value for reference in references)
    if isinstance(value, dict):
        return any(mentions(one, references) for one in value.values())
    return isinstance(value, list | tuple) and any(mentions(one, references) for one in value)


def without(facts: dict[str, Any], references: Collection[str]) -> dict[str, Any] | None:
    """The facts of a bundle without the lines about these cases; None where nothing of it would be left to say."""
    left = {name: _without(value, references) for name, value in facts.items()}
    had = any(isinstance(value, list) and value for value in facts.values())
    has = any(isinstance(value, list) and value for value in left.values())
    return None if mentions(left, references) or (had and not has) else left


def _without(value: Any, references: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(one, references) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, references) for one in value if not _is_about(one, references)]
    return value


def _is_about(line: Any, references: Collection[str]) -> bool:
    """Whether a line of a bundle is itself about one of the cases, and not only a list inside it."""
    if isinstance(line, dict):
        return any(isinstance(one, str) and mentions(one, references) for one in line.values())
    return isinstance(line, str) and mentions(line, references)
