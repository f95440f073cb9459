"""The hold that a restore puts on the outbox, and its release.

After a restore the memory is older than the world: what it wants to say may have been said. So nothing leaves until a person
has looked at what waits and lets it go. Only what tells of help (urgency 1: an alert to the duty address, the numbers to ring in
a chat) and was queued since the restore does not wait: said twice it is a nuisance, unsaid it is harm (docs/decisions/032).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, update
from sqlmodel import col, func, select

from procedures.terms import Channel, Notice
from storage.filing import table_of
from storage.inbound import AUTOMATIC_NOTICES
from storage.tables import ArrivalRow, CaseRow, HoldRow, OutboxRow, OutboxState
from storage.unit_of_work import UnitOfWork

HELP = 1
"""The urgency of what does not wait behind a hold."""
PLANNED = (Notice.LATE, Notice.REMINDERS, Notice.DIGEST)
"""Made by the day from how the cases stand, and so from how they stood in the copy."""
ABOUT_AN_ARRIVAL = (*AUTOMATIC_NOTICES, Notice.NEW_CASE_FOR_STAFF, Notice.SAFETY_ALERT)


class Origin(StrEnum):
    """Why something waits, and how sure it is that it was not said before."""

    COPY = "copy"
    """It waited when the copy was made: very likely it left soon after."""
    EARLIER = "earlier"
    """Queued since the restore about what came before it: perhaps said by the service whose memory was lost."""
    PLANNED = "planned"
    """Queued since the restore from how the cases stood in the copy."""
    NEW = "new"


@dataclass(frozen=True)
class Waiting:
    """Something that the hold keeps back."""

    number: int
    notice: str
    channel: Channel
    reference: str | None
    about_at: datetime
    """When what it answers came; else when it was queued."""
    origin: Origin


def is_free() -> ColumnElement[bool]:
    """What of the outbox may leave: all of it without a hold, under one only what tells of help and is newer."""
    standing = select(HoldRow.id).where(col(HoldRow.released_at).is_(None)).exists()
    newest = select(func.max(HoldRow.outbox_up_to)).where(col(HoldRow.released_at).is_(None)).scalar_subquery()
    return ~standing | ((col(OutboxRow.urgency) <= HELP) & (col(OutboxRow.id) > newest))


async def standing_hold(uow: UnitOfWork) -> HoldRow | None:
    """The hold that stands, the newest if there are several; None when the outbox is free."""
    rows = select(HoldRow).where(col(HoldRow.released_at).is_(None)).order_by(col(HoldRow.id).desc()).limit(1)
    return (await uow.exec(rows)).one_or_none()


async def hold(uow: UnitOfWork, *, since: datetime, held_by: str, made_at: datetime | None) -> int:
    """Hold the outbox of a copy that was put back. Returns how many messages wait in it."""
    table = table_of(OutboxRow)
    connection = await uow.connection()
    waits = table.c.state.in_((OutboxState.QUEUED, OutboxState.SENDING))
    half_way = update(table).where(table.c.state == OutboxState.SENDING).values(may_repeat=True)
    await connection.execute(half_way)
    held = await connection.execute(update(table).where(waits).values(state=OutboxState.HELD, claimed_at=None))
    up_to = (await uow.exec(select(func.max(OutboxRow.id)))).one() or 0
    uow.add(HoldRow(since=since, held_by=held_by[:320], made_at=made_at, outbox_up_to=up_to))
    await uow.flush()
    return held.rowcount


async def what_waits(uow: UnitOfWork) -> list[Waiting]:
    """Everything that the hold keeps back, the oldest first."""
    standing = await standing_hold(uow)
    rows = select(OutboxRow, ArrivalRow.received_at, CaseRow.received_at)
    is_answer = (col(ArrivalRow.message_id) == OutboxRow.in_reply_to) & (col(OutboxRow.in_reply_to) != "")
    rows = rows.join(ArrivalRow, is_answer, isouter=True)
    rows = rows.join(CaseRow, col(CaseRow.reference) == OutboxRow.case_reference, isouter=True)
    is_held = (col(OutboxRow.state) == OutboxState.HELD) | ((col(OutboxRow.state) == OutboxState.QUEUED) & ~is_free())
    found = {
        row.id: _waiting(row, answered or (opened if row.notice in ABOUT_AN_ARRIVAL else None), standing)
        for row, answered, opened in await uow.exec(rows.where(is_held).order_by(col(OutboxRow.id)))
    }
    return sorted(found.values(), key=lambda one: (one.about_at, one.number))


def _waiting(row: OutboxRow, answers: datetime | None, standing: HoldRow | None) -> Waiting:
    assert row.id is not None
    is_automatic = row.notice in ABOUT_AN_ARRIVAL
    about_at = min(answers, row.queued_at) if answers and is_automatic else row.queued_at
    if standing is None or row.id <= standing.outbox_up_to:
        origin = Origin.COPY
    elif row.notice in PLANNED:
        origin = Origin.PLANNED
    else:
        origin = Origin.EARLIER if about_at < standing.since else Origin.NEW
    return Waiting(row.id, row.notice, row.channel, row.case_reference, about_at, origin)


async def release(uow: UnitOfWork, now: datetime, by: str, drops: Callable[[Waiting], bool]) -> tuple[int, int]:
    """End every hold: what `drops` names is cancelled, the rest may leave. Returns how many were let go and how many dropped."""
    waiting = await what_waits(uow)
    dropped = [one.number for one in waiting if drops(one)]
    let_go = [one.number for one in waiting if not drops(one)]
    table = table_of(OutboxRow)
    connection = await uow.connection()
    for numbers in _in_hundreds(dropped):
        problem = f"dropped at the release by {by}"[:200]
        ends = update(table).where(table.c.id.in_(numbers)).values(state=OutboxState.CANCELLED, problem=problem)
        await connection.execute(ends)
    for numbers in _in_hundreds(let_go):
        goes = update(table).where(table.c.id.in_(numbers)).values(state=OutboxState.QUEUED, tries=0, due_at=now, problem="")
        await connection.execute(goes)
    holds = table_of(HoldRow)
    ended = {"released_at": now, "released_by": by[:320], "released": len(let_go), "dropped": len(dropped)}
    await connection.execute(update(holds).where(holds.c.released_at.is_(None)).values(**ended))
    return len(let_go), len(dropped)


def _in_hundreds(numbers: list[int]) -> list[list[int]]:
    """A statement takes only so many values."""
    return [numbers[start : start + 100] for start in range(0, len(numbers), 100)]
