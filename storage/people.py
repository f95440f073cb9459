"""Named queries over the people of a case, their authority and the cases that belong together."""

from collections.abc import Collection
from datetime import date

from sqlmodel import col, or_, select

from procedures.people import REPRESENTS
from storage.tables import AccessNeedRow, AuthorityRow, CasePersonRow, LinkRow, PartyRow
from storage.unit_of_work import UnitOfWork

AT_ONCE = 500


async def on_cases(uow: UnitOfWork, references: Collection[str]) -> dict[str, list[CasePersonRow]]:
    """The people that were put on each of these cases, also those who are no longer on it."""
    found: dict[str, list[CasePersonRow]] = {reference: [] for reference in references}
    every = list(found)
    for start in range(0, len(every), AT_ONCE):
        rows = select(CasePersonRow).where(col(CasePersonRow.case_reference).in_(every[start : start + AT_ONCE]))
        for row in await uow.exec(rows.order_by(col(CasePersonRow.id))):
            found[row.case_reference].append(row)
    return found


async def authorities_of(uow: UnitOfWork, reference: str) -> list[AuthorityRow]:
    rows = select(AuthorityRow).where(AuthorityRow.case_reference == reference).order_by(col(AuthorityRow.id))
    return list((await uow.exec(rows)).all())


async def ended_routes(uow: UnitOfWork, references: Collection[str], today: date) -> dict[str, frozenset[str]]:
    """By case, how those wrote who spoke for somebody and whose newest authority ended before `today`: addresses, and chats in
    digits. Nothing is told to them any more (`casework.people.told`)."""
    newest = dict[int, tuple[AuthorityRow, PartyRow]]()
    every = list(references)
    for start in range(0, len(every), AT_ONCE):
        rows = (
            select(AuthorityRow, PartyRow)
            .join(CasePersonRow, col(CasePersonRow.id) == col(AuthorityRow.person_id))
            .join(PartyRow, col(PartyRow.id) == col(CasePersonRow.party_id))
            .where(col(AuthorityRow.case_reference).in_(every[start : start + AT_ONCE]), col(CasePersonRow.role).in_(REPRESENTS))
            .order_by(col(AuthorityRow.id))
        )
        newest |= {row.person_id: (row, party) for row, party in await uow.exec(rows)}
    found: dict[str, frozenset[str]] = {}
    for row, party in newest.values():
        if row.ends_on is not None and row.ends_on < today:
            routes = {party.address, str(party.chat_id or "")} - {""}
            found[row.case_reference] = found.get(row.case_reference, frozenset()) | routes
    return found


async def links_of(uow: UnitOfWork, reference: str) -> list[LinkRow]:
    """The cases that belong with this one."""
    is_in_it = or_(LinkRow.one_reference == reference, LinkRow.other_reference == reference)
    return list((await uow.exec(select(LinkRow).where(is_in_it).order_by(col(LinkRow.id)))).all())


async def needs_of(uow: UnitOfWork, reference: str) -> list[AccessNeedRow]:
    """What was said that somebody needs, in its order; ended ones too, so that a number stays its own."""
    rows = select(AccessNeedRow).where(AccessNeedRow.case_reference == reference).order_by(col(AccessNeedRow.id))
    return list((await uow.exec(rows)).all())
