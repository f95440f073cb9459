"""Grouped counts for reports, over the courses of cases that `storage.courses.put_courses` laid out for this reading.

Nothing here decides what is in time, formal or upheld: it counts what is alike together, and `reports.figures` makes sense of it.
Each function counts one period, both days included.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, null, or_, select, union_all
from sqlmodel import col
from sqlmodel import select as rows_of

from procedures.register_words import EnquiryKind, OmbudsmanBody
from procedures.terms import Event, Kind, Outcome
from storage.courses import COURSES, DIRECTORATE, ISSUES_OF_COURSES
from storage.filing import table_of
from storage.tables import (
    ActionRow,
    ActivityRow,
    CaseRow,
    EventRow,
    OmbudsmanRow,
    RegisterLearningRow,
)
from storage.training import is_real
from storage.unit_of_work import UnitOfWork

Period = tuple[date, date]
BEGINS = {1: "stage_1_started_on", 2: "stage_2_requested_on", 3: "stage_3_requested_on"}
C, ISSUE = COURSES.c, ISSUES_OF_COURSES.c


class Received(NamedTuple):
    """Representations that came in the period and are alike in all this."""

    kind: str
    procedure: str | None
    directorate: str
    channel: str | None
    raised_by: str | None
    on_behalf_of_child: bool | None
    is_informal: bool
    has_stage_1: bool
    has_stage_2: bool
    has_stage_3: bool
    is_withdrawn: bool
    outcome: str | None
    """Of the latest decided stage."""
    number: int


class Begun(NamedTuple):
    """Stages that began in the period and are alike in all this."""

    procedure: str
    directorate: str
    service: str
    """Of stage 1 alone; else empty."""
    outcome: str | None
    is_withdrawn: bool
    is_resolved: bool
    """Answered, and no next stage was asked for."""
    number: int


class Timed(NamedTuple):
    """Stages that began in the period and have the same dates."""

    procedure: str
    began_on: date
    recorded_on: date | None
    """The written record of stage 2, where the complaint was made by word of mouth."""
    extended_on: date | None
    panel_on: date | None
    answered_on: date | None
    is_decided: bool
    withdrawn_on: date | None
    number: int


class Issues(NamedTuple):
    procedure: str
    theme: str
    outcome: str | None
    number: int


class Learned(NamedTuple):
    due_on: date | None
    done_on: date | None
    number: int


@dataclass(frozen=True)
class Enquiries:
    """What came from an Ombudsman in the period, and what an Ombudsman decided in it."""

    received: Counter[tuple[str, str]]
    """By body and kind."""
    decided: Counter[tuple[str, str | None]]
    """By body and outcome."""


@dataclass(frozen=True)
class Tally:
    """Everything counted of one period."""

    received: list[Received]
    by_service: Counter[tuple[str, str]]
    """By kind and service."""
    by_team: Counter[tuple[str, date]]
    """By team and the day on which complaints came."""
    begun: dict[int, list[Begun]]
    timed: dict[int, list[Timed]]
    issues: list[Issues]
    enquiries: Enquiries
    learned: list[Learned]


async def count_period(uow: UnitOfWork, period: Period, as_at: date, directorate: str | None, *, with_times: bool) -> Tally:
    """Count a period. Of two at once `times_of_both` has the times."""
    of_complaints = C.kind == Kind.COMPLAINT
    by_service = await _rows(uow, _grouped((C.kind, C.service), C.received_on.between(*period)))
    by_team = await _rows(uow, _grouped((C.team, C.received_on), of_complaints, C.received_on.between(*period)))
    return Tally(
        received=[Received(*row) for row in await _rows(uow, _received(period))],
        by_service=Counter({(kind, service): count for kind, service, count in by_service}),
        by_team=Counter({(team, day): count for team, day, count in by_team}),
        begun={stage: [Begun(*row) for row in await _rows(uow, _begun(stage, period))] for stage in BEGINS},
        timed={stage: [Timed(*row) for row in await _rows(uow, _timed(stage, period))] for stage in BEGINS if with_times},
        issues=[Issues(*row) for row in await _rows(uow, _issues(period))],
        enquiries=await _enquiries(uow, period, as_at, directorate),
        learned=[Learned(*row) for row in await _rows(uow, _learned(period, as_at))],
    )


async def times_of_both(uow: UnitOfWork, now: Period, then: Period) -> tuple[dict[int, list[Timed]], dict[int, list[Timed]]]:
    """The stages that began in each of two periods, counted by their dates in one walk over the courses."""
    found = {stage: [Timed(*row) for row in await _rows(uow, _timed(stage, now, then))] for stage in BEGINS}
    first, second = (
        {stage: [row for row in rows if period[0] <= row.began_on <= period[1]] for stage, rows in found.items()}
        for period in (now, then)
    )
    return first, second


async def count_each(
    uow: UnitOfWork, period: Period, as_at: date, directorate: str | None, *, with_times: bool
) -> dict[str, Tally]:
    """The same counts, of each case alone: by its reference here, or of an Ombudsman's enquiry without one by theirs."""
    found: dict[str, Tally] = {}

    async def each(query: Select[Any]) -> list[tuple[Tally, Any]]:
        return [(found.setdefault(row[0], _nothing()), row[1:]) for row in await _rows(uow, query)]

    came, of_complaints = C.received_on.between(*period), C.kind == Kind.COMPLAINT
    for tally, row in await each(_received(period, C.case_reference)):
        tally.received.append(Received(*row))
    for tally, row in await each(_grouped((C.case_reference, C.kind, C.service), came)):
        tally.by_service[row[0], row[1]] += row[2]
    for tally, row in await each(_grouped((C.case_reference, C.team, C.received_on), came, of_complaints)):
        tally.by_team[row[0], row[1]] += row[2]
    for stage in BEGINS:
        for tally, row in await each(_begun(stage, period, C.case_reference)):
            tally.begun[stage].append(Begun(*row))
        for tally, row in await each(_timed(stage, period, by=(C.case_reference,))) if with_times else ():
            tally.timed[stage].append(Timed(*row))
    for tally, row in await each(_issues(period, ISSUE.case_reference)):
        tally.issues.append(Issues(*row))
    for tally, row in await each(_learned(period, as_at, C.case_reference)):
        tally.learned.append(Learned(*row))
    for is_decision, reference, body, word in await _each_enquiry(uow, period, as_at, directorate):
        enquiries = found.setdefault(reference, _nothing()).enquiries
        if is_decision:
            enquiries.decided[body, word] += 1
        else:
            enquiries.received[body, str(word)] += 1
    return found


def _nothing() -> Tally:
    enquiries = Enquiries(Counter(), Counter())
    return Tally([], Counter(), Counter(), {stage: [] for stage in BEGINS}, {stage: [] for stage in BEGINS}, [], enquiries, [])


async def upheld_in(uow: UnitOfWork, period: Period, themes: Collection[str], procedure: str | None = None) -> int:
    """Complaints received in the period with an issue of one of the themes that was upheld."""
    query = select(func.count(ISSUE.case_reference.distinct()))
    query = query.where(*_of_complaints(period), ISSUE.theme.in_(themes), ISSUE.outcome == Outcome.UPHELD)
    if procedure is not None:
        query = query.where(ISSUE.procedure == procedure)
    return int((await (await uow.connection()).execute(query)).scalar_one())


async def came_before(uow: UnitOfWork, day: date) -> bool:
    """Whether any case, of whatever kind and directorate, is on record from before a day."""
    cases = table_of(CaseRow).c
    query = select(cases.reference).where(cases.received_on < day, cases.is_training.is_(False)).limit(1)
    return (await (await uow.connection()).execute(query)).first() is not None


async def names_of_cases(uow: UnitOfWork) -> dict[str, str]:
    """What people call each case of the courses: the register's own reference, where it is a longer one."""
    rows = await _rows(uow, select(C.case_reference, C.reference))
    return {str(row[0]): str(row[1]) for row in rows}


async def activities(uow: UnitOfWork, directorate: str | None) -> list[ActivityRow]:
    """What services did, of one directorate or of all: the rows themselves, since which of them count is a rule."""
    rows = rows_of(ActivityRow).order_by(col(ActivityRow.measure), col(ActivityRow.directorate), col(ActivityRow.from_on))
    return list(await uow.exec(rows if directorate is None else rows.where(ActivityRow.directorate == directorate)))


def _of_complaints(period: Period) -> tuple[ColumnElement[bool], ...]:
    """Of the issues those of complaints that came in the period."""
    return ISSUE.kind == Kind.COMPLAINT, ISSUE.received_on.between(*period)


def _grouped(columns: tuple[ColumnElement[Any], ...], *where: ColumnElement[bool]) -> Select[Any]:
    return select(*columns, func.count()).where(*where).group_by(*columns)


def _received(period: Period, *by: ColumnElement[Any]) -> Select[Any]:
    has = [C[begins].is_not(None) for begins in BEGINS.values()]
    informal = and_(C.resolved_informally_on.is_not(None), *(C[begins].is_(None) for begins in BEGINS.values()))
    columns = (
        C.kind,
        C.procedure,
        C.directorate,
        C.channel,
        C.raised_by,
        C.on_behalf_of_child,
        informal,
        *has,
        C.withdrawn_on.is_not(None),
        func.coalesce(C.stage_3_outcome, C.stage_2_outcome, C.stage_1_outcome),
    )
    named = [column.label(name) for column, name in zip(columns, Received._fields, strict=False)]
    return _over([*by, *named], C.received_on.between(*period))


def _begun(stage: int, period: Period, *by: ColumnElement[Any]) -> Select[Any]:
    answered = C[f"stage_{stage}_responded_on"].is_not(None)
    goes_on = C[BEGINS[stage + 1]].is_(None) if stage + 1 in BEGINS else literal(True)
    columns = (
        C.procedure,
        C.directorate,
        C.service if stage == 1 else literal(""),
        C[f"stage_{stage}_outcome"],
        C.withdrawn_on.is_not(None),
        and_(answered, goes_on),
    )
    named = [column.label(name) for column, name in zip(columns, Begun._fields, strict=False)]
    return _over([*by, *named], C.kind == Kind.COMPLAINT, C[BEGINS[stage]].between(*period))


def _timed(stage: int, period: Period, *others: Period, by: tuple[ColumnElement[Any], ...] = ()) -> Select[Any]:
    is_oral = C.channel.in_(("phone", "in_person"))
    nothing = null()
    columns: tuple[Any, ...] = (
        C.procedure,
        C[BEGINS[stage]],
        case((is_oral, C.stage_2_started_on)) if stage == 2 else nothing,
        C.stage_1_extended_on if stage == 1 else nothing,
        C.stage_3_panel_on if stage == 3 else nothing,
        C[f"stage_{stage}_responded_on"],
        C[f"stage_{stage}_outcome"].is_not(None),
        C.withdrawn_on,
    )
    named = [column.label(name) for column, name in zip(columns, Timed._fields, strict=False)]
    return _over([*by, *named], C.kind == Kind.COMPLAINT, or_(*(C[BEGINS[stage]].between(*one) for one in (period, *others))))


def _over(columns: list[Any], *where: ColumnElement[bool]) -> Select[Any]:
    """Counts by columns, some of which are worked out first: PostgreSQL groups by what a subquery names."""
    named = select(*columns).where(*where).subquery("alike")
    return select(*named.c, func.count()).group_by(*named.c)


def _issues(period: Period, *by: ColumnElement[Any]) -> Select[Any]:
    return _grouped((*by, ISSUE.procedure, ISSUE.theme, ISSUE.outcome), *_of_complaints(period))


async def _enquiries(uow: UnitOfWork, period: Period, as_at: date, directorate: str | None) -> Enquiries:
    """A letter of the Ombudsman that was recorded on a case here asks for an answer: it is a full enquiry of the LGSCO."""
    o, e = table_of(OmbudsmanRow).c, table_of(EventRow).c
    of = () if directorate is None else (o.directorate == directorate,)
    came = _grouped((cast(o.body, String), cast(o.kind, String)), o.received_on.between(*period), o.received_on <= as_at, *of)
    ended = _grouped((cast(o.body, String), cast(o.outcome, String)), o.decided_on.between(*period), o.decided_on <= as_at, *of)
    received = Counter({(body, kind): count for body, kind, count in await _rows(uow, came)})
    decided = Counter({(body, outcome): count for body, outcome, count in await _rows(uow, ended)})
    if directorate in (None, DIRECTORATE):
        for event, add in ((Event.OMBUDSMAN_ENQUIRY, received), (Event.OMBUDSMAN_DECIDED, decided)):
            live = select(func.count(e.case_reference.distinct())).where(
                e.name == event,
                e.is_superseded.is_(False),
                e.happened_on.between(*period),
                e.happened_on <= as_at,
                is_real(e.case_reference),
            )
            count = (await (await uow.connection()).execute(live)).scalar_one()
            if count:
                add[OmbudsmanBody.LGSCO.value, EnquiryKind.FULL_ENQUIRY.value if add is received else None] += count
    return Enquiries(received, decided)


async def _each_enquiry(
    uow: UnitOfWork, period: Period, as_at: date, directorate: str | None
) -> list[tuple[bool, str, str, str | None]]:
    """Each enquiry (False) and decision (True) by the reference of its case, or else the Ombudsman's own."""
    o, e = table_of(OmbudsmanRow).c, table_of(EventRow).c
    known = func.coalesce(o.case_reference, o.body_reference)
    found: list[tuple[bool, str, str, str | None]] = []
    for is_decision, day, word in ((False, o.received_on, o.kind), (True, o.decided_on, o.outcome)):
        columns: tuple[Any, ...] = (known, cast(o.body, String), cast(word, String))
        query = select(*columns).where(day.between(*period), day <= as_at)
        of = query if directorate is None else query.where(o.directorate == directorate)
        found += [(is_decision, *row) for row in await _rows(uow, of)]
    of_letters = ((False, Event.OMBUDSMAN_ENQUIRY, EnquiryKind.FULL_ENQUIRY.value), (True, Event.OMBUDSMAN_DECIDED, None))
    for is_decision, event, kind in of_letters if directorate in (None, DIRECTORATE) else ():
        told = and_(e.name == event, e.is_superseded.is_(False), e.happened_on.between(*period), e.happened_on <= as_at)
        live: Select[Any] = select(e.case_reference).where(told, is_real(e.case_reference)).distinct()
        found += [(is_decision, row[0], OmbudsmanBody.LGSCO.value, kind) for row in await _rows(uow, live)]
    return found


def _learned(period: Period, as_at: date, *by: ColumnElement[Any]) -> Select[Any]:
    action, register = table_of(ActionRow).c, table_of(RegisterLearningRow).c
    both = union_all(
        select(action.case_reference, action.due_on, action.done_on),
        select(register.case_reference, register.due_on, register.done_on),
    ).subquery("promised")
    done_on = case((both.c.done_on <= as_at, both.c.done_on))
    query = select(*by, both.c.due_on, done_on.label("done_on")).join_from(
        COURSES, both, both.c.case_reference == C.case_reference
    )
    named = query.where(C.kind == Kind.COMPLAINT, C.received_on.between(*period)).subquery("learned")
    return select(*named.c, func.count()).group_by(*named.c)


async def _rows(uow: UnitOfWork, query: Select[Any]) -> list[Any]:
    return list((await (await uow.connection()).execute(query)).all())


__all__ = [
    "Begun",
    "Enquiries",
    "Issues",
    "Learned",
    "Period",
    "Received",
    "Tally",
    "Timed",
    "activities",
    "count_each",
    "count_period",
    "names_of_cases",
    "times_of_both",
    "upheld_in",
]
