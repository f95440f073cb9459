"""Named queries over the daily work: what was taken down, calls, members' enquiries, advocates, cover, the pool, plans."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import col, or_, select

from procedures.terms import Event
from storage.cases import AT_ONCE
from storage.tables import (
    AdvocacyRow,
    BehaviourPlanRow,
    CallRow,
    CaseRow,
    CoverRow,
    EqualityRow,
    EventRow,
    LetterRow,
    MemberEnquiryRow,
    PoolAppointmentRow,
    PoolHoursRow,
    PoolPersonRow,
    TakenDownRow,
)
from storage.training import among
from storage.unit_of_work import UnitOfWork
from storage.walls import kept_from_reader


async def taken_down(uow: UnitOfWork, letters: Iterable[LetterRow]) -> dict[str, TakenDownRow]:
    """Who took these letters down by hand, by arrival."""
    arrivals = [letter.arrival_id for letter in letters]
    rows = await uow.exec(select(TakenDownRow).where(col(TakenDownRow.arrival_id).in_(arrivals)))
    return {row.arrival_id: row for row in rows}


async def calls_of(uow: UnitOfWork, reference: str) -> list[CallRow]:
    """The calls of a case, in their order."""
    rows = select(CallRow).where(CallRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(CallRow.called_at), col(CallRow.id)))).all())


async def enquiries_of(uow: UnitOfWork, references: Collection[str]) -> dict[str, MemberEnquiryRow]:
    """For whom a member of parliament or a councillor asked, by case."""
    found: dict[str, MemberEnquiryRow] = {}
    every = list(references)
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        rows = await uow.exec(select(MemberEnquiryRow).where(col(MemberEnquiryRow.case_reference).in_(some)))
        found |= {row.case_reference: row for row in rows}
    return found


async def advocacy_of(uow: UnitOfWork, reference: str) -> AdvocacyRow | None:
    return (await uow.exec(select(AdvocacyRow).where(AdvocacyRow.case_reference == reference))).one_or_none()


async def advocacy_log(uow: UnitOfWork, *, training: bool = False) -> list[tuple[CaseRow, AdvocacyRow | None]]:
    """Every case on which an advocate was offered, asked for or appointed, in the order in which they came; `training` those to
    learn on alone."""
    events = (Event.ADVOCACY_OFFERED, Event.ADVOCATE_REQUESTED, Event.ADVOCATE_APPOINTED)
    with_events = select(EventRow.case_reference).where(col(EventRow.name).in_(events), col(EventRow.is_superseded).is_(False))
    rows = (
        select(CaseRow, AdvocacyRow)
        .join(AdvocacyRow, col(AdvocacyRow.case_reference) == col(CaseRow.reference), isouter=True)
        .where(or_(col(CaseRow.reference).in_(with_events), col(AdvocacyRow.case_reference).is_not(None)))
        .where(col(CaseRow.is_training).is_(training))
        .order_by(col(CaseRow.received_at), col(CaseRow.reference))
    )
    kept = await kept_from_reader(uow)
    return [(case, row) for case, row in await uow.exec(rows) if case.reference not in kept]


async def equality_answers(uow: UnitOfWork, year: int) -> list[EqualityRow]:
    return list((await uow.exec(select(EqualityRow).where(EqualityRow.year == year))).all())


async def cover_on(uow: UnitOfWork, day: date) -> list[CoverRow]:
    """Who is away on a day, and who stands in."""
    rows = select(CoverRow).where(CoverRow.from_on <= day, CoverRow.until_on >= day)
    return list((await uow.exec(rows.order_by(col(CoverRow.person), col(CoverRow.id)))).all())


async def cover_from(uow: UnitOfWork, day: date) -> list[CoverRow]:
    """Cover that has not ended before a day, first to begin first."""
    rows = select(CoverRow).where(CoverRow.until_on >= day)
    return list((await uow.exec(rows.order_by(col(CoverRow.from_on), col(CoverRow.id)))).all())


async def pool(uow: UnitOfWork) -> list[PoolPersonRow]:
    """Everybody of the pool, by name."""
    return list((await uow.exec(select(PoolPersonRow).order_by(col(PoolPersonRow.name), col(PoolPersonRow.id)))).all())


async def pool_person(uow: UnitOfWork, number: int) -> PoolPersonRow | None:
    return (await uow.exec(select(PoolPersonRow).where(PoolPersonRow.id == number))).one_or_none()


async def appointments(uow: UnitOfWork, *, reference: str = "", person: int = 0) -> list[PoolAppointmentRow]:
    """Appointments of a case or of a person, oldest first; of everybody without either."""
    rows = select(PoolAppointmentRow).order_by(col(PoolAppointmentRow.appointed_on), col(PoolAppointmentRow.id))
    if reference:
        rows = rows.where(PoolAppointmentRow.case_reference == reference)
    if person:
        rows = rows.where(PoolAppointmentRow.person_id == person)
    return list((await uow.exec(rows)).all())


async def hours(uow: UnitOfWork, *, training: bool = False) -> list[tuple[PoolHoursRow, PoolAppointmentRow]]:
    """All time and expenses, each with its appointment: those of real cases, or of cases to learn on alone."""
    rows = (
        select(PoolHoursRow, PoolAppointmentRow)
        .join(PoolAppointmentRow, col(PoolAppointmentRow.id) == col(PoolHoursRow.appointment_id))
        .where(among(col(PoolAppointmentRow.case_reference), training=training))
        .order_by(col(PoolHoursRow.worked_on), col(PoolHoursRow.id))
    )
    return [(hours, appointment) for hours, appointment in await uow.exec(rows)]


async def plans(uow: UnitOfWork, *, reference: str = "") -> list[BehaviourPlanRow]:
    """Behaviour plans and the warnings before them, oldest first."""
    rows = select(BehaviourPlanRow).order_by(col(BehaviourPlanRow.warned_on), col(BehaviourPlanRow.id))
    kept = await kept_from_reader(uow)
    wanted = await uow.exec(rows.where(BehaviourPlanRow.case_reference == reference) if reference else rows)
    return [row for row in wanted if row.case_reference not in kept]


async def plan(uow: UnitOfWork, number: int) -> BehaviourPlanRow | None:
    return (await uow.exec(select(BehaviourPlanRow).where(BehaviourPlanRow.id == number))).one_or_none()
