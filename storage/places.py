"""Named queries over places that people sent."""

from datetime import datetime

from sqlalchemy import delete, literal
from sqlmodel import col, or_, select

from storage.filing import table_of
from storage.tables import CaseRow, PartyRow, PlaceRow, TaskRow
from storage.unit_of_work import Memory, UnitOfWork


async def of_case(uow: UnitOfWork, reference: str, now: datetime) -> list[PlaceRow]:
    """The places of a case that are still there, newest first: sent to it, or by a chat that is on it."""
    chats = select(PartyRow.chat_id).where(PartyRow.case_reference == reference, col(PartyRow.chat_id).is_not(None))
    without_a_case = col(PlaceRow.case_reference).is_(None) & col(PlaceRow.chat_id).in_(chats)
    rows = select(PlaceRow).where(or_(PlaceRow.case_reference == reference, without_a_case), PlaceRow.gone_at > now)
    return list((await uow.exec(rows.order_by(col(PlaceRow.sent_at).desc(), col(PlaceRow.arrival_id)))).all())


async def of_task(uow: UnitOfWork, number: int, now: datetime) -> tuple[TaskRow, PlaceRow] | None:
    """The task with this number and the place that it is about, while that is still there."""
    rows = select(TaskRow, PlaceRow).where(
        TaskRow.id == number, TaskRow.key == literal("safety:").concat(col(PlaceRow.arrival_id)), PlaceRow.gone_at > now
    )
    found = (await uow.exec(rows)).one_or_none()
    return (found[0], found[1]) if found else None


async def case_of_chat(uow: UnitOfWork, chat_id: int) -> str:
    """The newest case that a chat is on; empty where there is none."""
    rows = select(CaseRow.reference).join(PartyRow, col(PartyRow.case_reference) == col(CaseRow.reference))
    rows = rows.where(PartyRow.chat_id == chat_id).order_by(col(CaseRow.received_at).desc(), col(CaseRow.reference)).limit(1)
    return (await uow.exec(rows)).first() or ""


async def without_a_case(uow: UnitOfWork, chat_id: int, now: datetime) -> list[PlaceRow]:
    """The places that a chat without a case has sent and that are still there, newest first."""
    rows = select(PlaceRow).where(PlaceRow.chat_id == chat_id, col(PlaceRow.case_reference).is_(None), PlaceRow.gone_at > now)
    return list((await uow.exec(rows.order_by(col(PlaceRow.sent_at).desc(), col(PlaceRow.arrival_id)))).all())


async def forget(memory: Memory, now: datetime) -> int:
    """Take away the places whose time is over; returns how many. Writes only where there is one."""
    over = table_of(PlaceRow).c.gone_at <= now
    async with memory.reading() as uow:
        there = (await uow.exec(select(PlaceRow.arrival_id).where(PlaceRow.gone_at <= now).limit(1))).first()
    if there is None:
        return 0
    async with memory.unit_of_work() as uow:
        connection = await uow.connection()
        return (await connection.execute(delete(table_of(PlaceRow)).where(over))).rowcount
