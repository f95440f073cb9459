"""Named queries over joint replies: what other bodies answer of a case."""

from sqlmodel import col, select

from storage.tables import JointPartRow
from storage.unit_of_work import UnitOfWork


async def parts(uow: UnitOfWork, reference: str) -> list[JointPartRow]:
    """The parts of a case, in the order in which they were asked for."""
    rows = select(JointPartRow).where(JointPartRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(JointPartRow.id)))).all())


async def missing(uow: UnitOfWork, reference: str) -> list[JointPartRow]:
    """Those that have not come, while one letter is still to answer for all."""
    return [part for part in await parts(uow, reference) if part.came_on is None and part.ended_on is None]
