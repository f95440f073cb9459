"""Each loop's last good turn, and what is wrong with it since."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import select

from storage.filing import table_of
from storage.tables import HeartbeatRow
from storage.unit_of_work import UnitOfWork


async def forget(uow: UnitOfWork) -> None:
    """A service that starts has not turned yet."""
    await (await uow.connection()).execute(delete(table_of(HeartbeatRow)))


async def expect(uow: UnitOfWork, loop: str) -> None:
    """A loop that is to turn. Where another process turns it already, its beats stand."""
    if await uow.get(HeartbeatRow, loop) is None:
        uow.add(HeartbeatRow(loop=loop))
        await uow.flush()


async def beat(uow: UnitOfWork, loop: str, now: datetime, waiting: int = 0, waiting_since: datetime | None = None) -> None:
    """A good turn: whatever was wrong is over. Of a door: how many it saw that are not stored yet."""
    await _set(uow, loop, turned_at=now, trouble="", trouble_since=None, waiting=waiting, waiting_since=waiting_since)


async def ail(
    uow: UnitOfWork, loop: str, trouble: str, since: datetime, waiting: int = 0, waiting_since: datetime | None = None
) -> None:
    """Turns fail since then."""
    await _set(uow, loop, trouble=trouble[:200], trouble_since=since, waiting=waiting, waiting_since=waiting_since)


async def every(uow: UnitOfWork) -> list[HeartbeatRow]:
    return list((await uow.exec(select(HeartbeatRow))).all())


async def _set(uow: UnitOfWork, loop: str, **values: object) -> None:
    row = await uow.get(HeartbeatRow, loop)
    if row is None:
        row = HeartbeatRow(loop=loop)
        uow.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    await uow.flush()
