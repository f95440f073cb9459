"""Named queries over whether people felt listened to."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import col, func, select

from procedures.terms import Event, Felt
from storage.tables import CaseRow, EventRow, ListenedRow, PartyRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

ANSWERED = (Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED, Event.S2_NOTICE_SENT)
"""The answer of a stage: after it somebody may say how it was."""


async def tally(uow: UnitOfWork, first: date, last: date) -> dict[Felt, int]:
    """How many said yes, a bit and no on the days from `first` to `last`, both included. Small numbers are not hidden here."""
    counted = select(ListenedRow.felt, func.count()).where(ListenedRow.said_on >= first, ListenedRow.said_on <= last)
    found = {Felt(felt): count for felt, count in await uow.exec(counted.group_by(col(ListenedRow.felt)))}
    return {felt: found.get(felt, 0) for felt in Felt}


async def with_open_alerts(uow: UnitOfWork, references: Collection[str]) -> frozenset[str]:
    """Which of these cases have a safety alert that is not closed."""
    alerts = select(TaskRow.case_reference).where(
        col(TaskRow.case_reference).in_(references), TaskRow.kind == TaskKind.SAFETY, col(TaskRow.done_at).is_(None)
    )
    return frozenset(reference for reference in await uow.exec(alerts) if reference)


async def answered_chats(uow: UnitOfWork, first: date, last: date) -> Sequence[tuple[str, int, date]]:
    """Cases that were answered on the days from `first` to `last`, with a chat that may be written to: reference, chat, the
    newest such day. Not where a safety alert is open: that comes before any question."""
    is_open = TaskRow.case_reference == CaseRow.reference
    alert = select(TaskRow.id).where(is_open, TaskRow.kind == TaskKind.SAFETY, col(TaskRow.done_at).is_(None)).exists()
    rows = (
        select(CaseRow.reference, PartyRow.chat_id, func.max(EventRow.happened_on))
        .join(EventRow, col(EventRow.case_reference) == col(CaseRow.reference))
        .join(PartyRow, col(PartyRow.case_reference) == col(CaseRow.reference))
        .where(
            col(EventRow.name).in_(ANSWERED),
            col(EventRow.is_superseded).is_(False),
            EventRow.happened_on >= first,
            EventRow.happened_on <= last,
            col(CaseRow.is_imported).is_(False),
            col(PartyRow.chat_id).is_not(None),
            col(PartyRow.is_closed).is_(False),
            ~alert,
        )
        .group_by(col(CaseRow.reference), col(PartyRow.chat_id))
        .order_by(col(CaseRow.reference), col(PartyRow.chat_id))
    )
    return [(reference, chat or 0, answered_on) for reference, chat, answered_on in await uow.exec(rows)]
