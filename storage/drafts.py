"""Named queries over drafts, their checks, the letters that were sent of them, and what left redacted."""

from collections.abc import Collection

from sqlmodel import col, select

from storage.tables import DraftCheckRow, DraftRow, OutboxRow, PartyRow, RedactionRow, SentLetterRow
from storage.tables.drafts import Whose
from storage.unit_of_work import UnitOfWork


async def versions_of(uow: UnitOfWork, reference: str) -> list[DraftRow]:
    """Every version of every stage, oldest first."""
    rows = select(DraftRow).where(DraftRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(DraftRow.stage), col(DraftRow.version)))).all())


async def draft(uow: UnitOfWork, draft_id: int) -> DraftRow | None:
    return (await uow.exec(select(DraftRow).where(DraftRow.id == draft_id))).one_or_none()


async def checks_of(uow: UnitOfWork, draft_ids: Collection[int]) -> list[DraftCheckRow]:
    """The checks of these versions, oldest first."""
    rows = select(DraftCheckRow).where(col(DraftCheckRow.draft_id).in_(draft_ids))
    return list((await uow.exec(rows.order_by(col(DraftCheckRow.id)))).all())


async def letters_sent(uow: UnitOfWork, reference: str) -> list[SentLetterRow]:
    """The answers of a case that went out, to whom and how."""
    rows = select(SentLetterRow).where(SentLetterRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(SentLetterRow.id)))).all())


async def queued_by_key(uow: UnitOfWork, reference: str, key: str) -> list[OutboxRow]:
    """What stands in the outbox of a case under this key, or under it with a recipient behind it."""
    rows = select(OutboxRow).where(OutboxRow.case_reference == reference, col(OutboxRow.key).startswith(key, autoescape=True))
    return [row for row in (await uow.exec(rows.order_by(col(OutboxRow.id)))).all() if row.key in (key, f"{key}:{row.recipient}")]


async def names_on_other_cases(uow: UnitOfWork, reference: str) -> list[str]:
    """The names of whoever wrote about another case."""
    rows = select(PartyRow.name).where(PartyRow.case_reference != reference, PartyRow.name != "").distinct()
    return sorted((await uow.exec(rows)).all())


async def redactions_of(uow: UnitOfWork, reference: str) -> list[RedactionRow]:
    rows = select(RedactionRow).where(RedactionRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(RedactionRow.id)))).all())


async def file_of(uow: UnitOfWork, draft_id: int, *, is_the_childs: bool, report: Whose | None = None) -> bytes | None:
    """The Word file of a version, the child's version of it, or a report that goes with it; None where there is none."""
    column = DraftRow.child_letter if is_the_childs else DraftRow.letter
    if report is not None:
        column = DraftRow.officer_report if report is Whose.OFFICER else DraftRow.independent_report
    return (await uow.exec(select(column).where(DraftRow.id == draft_id))).one_or_none()
