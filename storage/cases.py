"""Named queries over cases and what hangs on them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import TypeVar

from sqlalchemy import or_, update
from sqlmodel import col, select

from storage.tables import (
    ArrivalRow,
    AttachmentRow,
    CalendarDayRow,
    CaseRow,
    ClassificationRow,
    DeadlineRow,
    EventRow,
    LetterRow,
    OutboxRow,
    PartyRow,
    ReminderRow,
    TaskKind,
    TaskRow,
)
from storage.training import among
from storage.unit_of_work import UnitOfWork
from storage.walls import kept_from_reader

OF_DANGER = (TaskKind.SAFETY, TaskKind.LOOK_FOR_HARM)
AT_ONCE = 500
"""References asked for in one query: SQLite takes 32,766 values, a plan stays good with fewer."""

OfCase = TypeVar("OfCase", PartyRow, EventRow)
_NUMBER = attrgetter("id")


async def find(uow: UnitOfWork, reference: str) -> CaseRow | None:
    return (await uow.exec(select(CaseRow).where(CaseRow.reference == reference))).one_or_none()


async def find_all(uow: UnitOfWork, *, received_until: date | None = None, open_only: bool = False) -> list[CaseRow]:
    """Cases in the order in which they came, without those that are kept from who reads."""
    cases = select(CaseRow).order_by(col(CaseRow.received_at), col(CaseRow.reference))
    kept = await kept_from_reader(uow)
    if received_until is not None:
        cases = cases.where(CaseRow.received_on <= received_until)
    if open_only:
        cases = cases.where(col(CaseRow.closed_on).is_(None))
    return [case for case in await uow.exec(cases) if case.reference not in kept]


async def events_of(uow: UnitOfWork, references: Collection[str]) -> dict[str, list[EventRow]]:
    """The events of many cases, by reference: each one's in the order in which they were recorded."""
    return await _by_case(uow, EventRow, references)


async def parties_of(uow: UnitOfWork, references: Collection[str]) -> dict[str, list[PartyRow]]:
    return await _by_case(uow, PartyRow, references)


async def deadlines_of(uow: UnitOfWork, reference: str, *, standing_only: bool = False) -> list[DeadlineRow]:
    rows = select(DeadlineRow).where(DeadlineRow.case_reference == reference)
    if standing_only:
        rows = rows.where(col(DeadlineRow.is_superseded).is_(False))
    return list((await uow.exec(rows.order_by(col(DeadlineRow.due_on), col(DeadlineRow.id)))).all())


async def standing_deadlines(uow: UnitOfWork, references: Collection[str]) -> dict[str, list[DeadlineRow]]:
    """The deadlines of many cases that nothing has superseded, by reference."""
    found: dict[str, list[DeadlineRow]] = {reference: [] for reference in references}
    for some in in_groups(references):
        rows = select(DeadlineRow).where(col(DeadlineRow.case_reference).in_(some), col(DeadlineRow.is_superseded).is_(False))
        for row in await uow.exec(rows.order_by(col(DeadlineRow.id))):
            found[row.case_reference].append(row)
    return found


async def letters_of(uow: UnitOfWork, reference: str) -> list[LetterRow]:
    rows = select(LetterRow).where(LetterRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(LetterRow.received_at), col(LetterRow.message_number)))).all())


async def attachments_of(uow: UnitOfWork, arrival_ids: Collection[str]) -> list[AttachmentRow]:
    rows = select(AttachmentRow).where(col(AttachmentRow.arrival_id).in_(arrival_ids))
    return list((await uow.exec(rows.order_by(col(AttachmentRow.arrival_id), col(AttachmentRow.number)))).all())


async def readings_of(uow: UnitOfWork, reference: str) -> list[ClassificationRow]:
    rows = select(ClassificationRow).where(ClassificationRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(ClassificationRow.id)))).all())


async def sent_of(uow: UnitOfWork, reference: str) -> list[OutboxRow]:
    rows = select(OutboxRow).where(OutboxRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(OutboxRow.id)))).all())


async def tasks(
    uow: UnitOfWork, *, reference: str | None = None, open_only: bool = True, training: bool | None = None
) -> list[TaskRow]:
    """What a member of staff must look at, first due first; nothing of a case that is kept from who reads.

    `training`: those of cases to learn on alone, or none of them.
    To who is unnamed only danger is shown of a case that is kept from somebody: it is never lost.
    """
    kept = await kept_from_reader(uow)
    rows = select(TaskRow).order_by(col(TaskRow.due_at), col(TaskRow.id))
    if reference is not None:
        rows = rows.where(TaskRow.case_reference == reference)
    if open_only:
        rows = rows.where(col(TaskRow.done_at).is_(None))
    rows = rows.where(among(col(TaskRow.case_reference), training=training))
    is_named = bool(uow.info.get("person"))
    found = list((await uow.exec(rows)).all())
    return [row for row in found if row.case_reference not in kept or (row.kind in OF_DANGER and not is_named)]


async def told(uow: UnitOfWork, references: Collection[str]) -> set[tuple[str, str, date, str, str]]:
    """Which rungs of the ladder have been told: (reference, clock, due, rung, person)."""
    found: set[tuple[str, str, date, str, str]] = set()
    for some in _some_at_a_time(references):
        rows = await uow.exec(select(ReminderRow).where(col(ReminderRow.case_reference).in_(some)))
        found |= {(row.case_reference, row.clock, row.due_on, row.rung, row.person) for row in rows}
    return found


async def raw_of(uow: UnitOfWork, arrival: str) -> ArrivalRow | None:
    """The arrival as it came, bytes and all."""
    return (await uow.exec(select(ArrivalRow).where(ArrivalRow.id == arrival))).one_or_none()


async def case_of(uow: UnitOfWork, arrival: str) -> str | None:
    """The case in which the letter of an arrival lies."""
    return (await uow.exec(select(LetterRow.case_reference).where(LetterRow.arrival_id == arrival))).one_or_none()


async def waiting_attachments(uow: UnitOfWork, now: datetime, limit: int) -> list[AttachmentRow]:
    """Files that are still to be fetched from Telegram."""
    rows = (
        select(AttachmentRow).where(col(AttachmentRow.next_try_at) <= now).order_by(col(AttachmentRow.next_try_at)).limit(limit)
    )
    return list((await uow.exec(rows)).all())


async def calendar_days(uow: UnitOfWork, nation: str) -> list[CalendarDayRow]:
    """The council's own changes to the calendar."""
    return list((await uow.exec(select(CalendarDayRow).where(CalendarDayRow.nation == nation))).all())


async def _by_case(uow: UnitOfWork, table: type[OfCase], references: Collection[str]) -> dict[str, list[OfCase]]:
    found: dict[str, list[OfCase]] = {reference: [] for reference in references}
    for some in _some_at_a_time(references):
        for row in await uow.exec(select(table).where(col(table.case_reference).in_(some))):
            found[row.case_reference].append(row)
    for rows in found.values():
        rows.sort(key=_NUMBER)  # PostgreSQL gives them as they lie, and a row that was changed lies elsewhere
    return found


def _some_at_a_time(references: Iterable[str]) -> Iterable[Sequence[str]]:
    every = list(references)
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


def in_groups(references: Collection[str]) -> Iterator[list[str]]:
    """References as one query takes them."""
    every = sorted(references)
    yield from (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


async def due_a_look(uow: UnitOfWork, day: date) -> list[str]:
    """The open cases of which somebody may have to be reminded by `day` (`CaseRow.remind_from`)."""
    rows = await uow.exec(select(CaseRow.reference).where(col(CaseRow.closed_on).is_(None), col(CaseRow.remind_from) <= day))
    return list(rows.all())


async def look_at_every_case(uow: UnitOfWork, day: date) -> None:
    """Put every open case on the list of `due_a_look` by `day`: the rules or the days that they count may have changed."""
    later = or_(col(CaseRow.remind_from).is_(None), col(CaseRow.remind_from) > day)
    rows = update(CaseRow).where(col(CaseRow.closed_on).is_(None), later)
    await (await uow.connection()).execute(rows.values(remind_from=day))


async def looked_at(uow: UnitOfWork, next_looks: Mapping[str, date | None]) -> None:
    """Note when each case that was looked at wants its next look."""
    by_day: dict[date | None, list[str]] = {}
    for reference, day in next_looks.items():
        by_day.setdefault(day, []).append(reference)
    for day, references in by_day.items():
        for some in in_groups(references):
            rows = update(CaseRow).where(col(CaseRow.reference).in_(some))
            await (await uow.connection()).execute(rows.values(remind_from=day))
