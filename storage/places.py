"""Named queries over places that people sent."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, or_, select

from storage.filing import table_of
from storage.tables import PartyRow, PlaceRow
from storage.unit_of_work import Memory, UnitOfWork


async def of_case(uow: UnitOfWork, reference: str, now: datetime) -> list[PlaceRow]:
    """The places of a case that are still there, newest first: sent to it, or by a chat that is on it."""
    chats = select(PartyRow.chat_id).where(PartyRow.case_reference == reference, col(PartyRow.chat_id).is_not(None))
    without_a_case = col(PlaceRow.case_reference).is_(None) & col(PlaceRow.chat_id).in_(chats)
    rows = select(PlaceRow).where(or_(PlaceRow.case_reference == reference, without_a_case), PlaceRow.gone_at > now)
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
