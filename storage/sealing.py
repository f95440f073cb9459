"""Named queries over files that are sealed."""

from collections.abc import Collection

from sqlmodel import col, select

from storage.tables import SealRow
from storage.unit_of_work import UnitOfWork


async def seals_on(uow: UnitOfWork, arrival_ids: Collection[str]) -> dict[str, dict[int, SealRow]]:
    """The seals that stand on these messages, by message and by the number of the file; 0 is the whole message."""
    rows = select(SealRow).where(col(SealRow.arrival_id).in_(arrival_ids), col(SealRow.lifted_at).is_(None))
    found: dict[str, dict[int, SealRow]] = {}
    for row in (await uow.exec(rows)).all():
        found.setdefault(row.arrival_id, {})[row.number] = row
    return found


async def seal_of(uow: UnitOfWork, arrival_id: str, number: int) -> SealRow | None:
    """The row of one file, also where its seal was lifted."""
    rows = select(SealRow).where(SealRow.arrival_id == arrival_id, SealRow.number == number)
    return (await uow.exec(rows)).one_or_none()
