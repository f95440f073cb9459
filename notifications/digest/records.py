"""What the digests of a morning are made from, read in a few grouped queries: no letter, no name, no note."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, or_, select, type_coerce

from casework.office import Office
from notifications.digest.decisions import load_to_decide
from notifications.digest.figures import WEEK, YEAR, Records, Safety, ServiceState, Weighed, late_on, weigh
from notifications.digest.passages import Passage
from notifications.on_desk import CASES, EVENTS, CaseOnDesk, Standings, decided_later, happened_by, load_desk
from notifications.promises import load_promises
from procedures.terms import Event, Kind, Outcome, Role
from procedures.working_days import moment_at_the_desk
from storage import loose
from storage.filing import table_of
from storage.tables import ArrivalRow, HeartbeatRow, LedgerResult, OutboxRow, OutboxState, TaskKind, TaskRow
from storage.training import is_real
from storage.unit_of_work import UnitOfWork

AT_ONCE = 5_000
DAY = timedelta(days=1)
SILENT_AFTER = timedelta(minutes=30)
CALENDAR_ENDS_WITHIN = timedelta(days=180)
SAFETY_TASKS = (TaskKind.SAFETY, TaskKind.LOOK_FOR_HARM)

STEPS: dict[str, tuple[Event, ...]] = {
    "received": (Event.RECEIVED,),
    "answered": (Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED),
    "s2_requested": (Event.S2_REQUESTED, Event.SKIP_S1_AGREED),
    "s2_answered": (Event.S2_NOTICE_SENT,),
    "s3_requested": (Event.S3_REQUESTED,),
    "s3_answered": (Event.S3_RESPONSE,),
    "closed": (Event.CLOSED,),
    "withdrawn": (Event.WITHDRAWN,),
}


async def load_records(uow: UnitOfWork, office: Office, today: date, until: datetime, *, is_live: bool) -> Records:
    """Everything known at `until`. How the service itself is, is only known now: it is left out of a rebuilt day."""
    anchor = today - timedelta(days=(today.weekday() - office.council.digest_weekday) % 7)
    first = moment_at_the_desk(anchor - WEEK, office.council.digest_at)
    passages = await load_passages(uow, today, until, anchor=anchor, corrected_since=first)
    open_then_or_now = {one.reference for one in passages if one.is_open(today) or one.is_open(today - WEEK)}
    desk = await load_desk(uow, today, until, since=today - WEEK, only=open_then_or_now)
    # in a thread: counting the clocks of thousands of cases takes a second, and the chat should not wait for it
    weighed, late_before = await asyncio.to_thread(_weighed, desk, office, today)
    return Records(
        passages,
        weighed,
        late_before,
        corrected=await _corrected(uow, first, until),
        safety=await _safety(uow, first, until),
        promises=await load_promises(uow, until, done_since=anchor - WEEK),
        service=await _service(uow, office, first, until) if is_live else None,
        to_decide=await load_to_decide(uow, until),
    )


def _weighed(desk: list[CaseOnDesk], office: Office, today: date) -> tuple[list[Weighed], frozenset[str]]:
    now = Standings(office, today)
    return weigh(desk, now), late_on(desk, Standings(office, today - WEEK), now)


async def load_passages(uow: UnitOfWork, day: date, until: datetime, *, anchor: date, corrected_since: datetime) -> list[Passage]:
    """The cases that the digest of `day` counts, each with the days of its steps, as known at `until`.

    Those are: who waited for an answer on one of its three days, who came a step further in one of its three weeks, and those
    of which an event was corrected since. `anchor` is the day on which the last digest was due.
    """
    c, e, weeks = CASES.c, EVENTS.c, [anchor - WEEK, anchor - 2 * WEEK, anchor - WEEK - YEAR]
    steps = [func.min(case((e.name.in_(names), e.happened_on))).label(step) for step, names in STEPS.items()]
    wanted = or_(c.closed_on.is_(None), c.closed_on >= weeks[-1], c.received_on >= weeks[-1])
    named = [event for names in STEPS.values() for event in names]
    every = (
        select(c.reference, c.kind, c.raised_by, c.team, c.outcome, *steps)
        .join_from(EVENTS, CASES, e.case_reference == c.reference)
        .where(wanted, c.is_training.is_(False), happened_by(day, until), e.name.in_(named))
        .group_by(c.reference)
        .subquery()
    )
    waited = (_may_wait(every.c, on) for on in (day, day - WEEK, day - YEAR))
    moved = (every.c[step].between(first, first + WEEK - DAY) for step in STEPS for first in weeks)
    was_corrected = every.c.reference.in_(_corrections(corrected_since, until))
    query = select(*(_bare(column) for column in every.c)).where(or_(*waited, *moved, was_corrected))
    decided, found, days = await decided_later(uow, until), list[Passage](), _Days()
    rows = await (await uow.connection()).stream(query)
    async for some in rows.partitions(AT_ONCE):
        found += [
            Passage(reference, _KINDS[kind], _ROLES[by], team, _OUTCOMES[outcome], *[days[day] for day in (received, *others)])
            for reference, kind, by, team, outcome, received, *others in some
            if received is not None
        ]
    return [one._replace(kind=decided[one.reference][0]) if one.reference in decided else one for one in found]


def _may_wait(passage: Any, on: date) -> ColumnElement[bool]:
    """Whether an answer may have been owed at the end of that day; `Passage.is_open` then looks closely."""
    went_on = or_(passage.s2_requested.is_not(None), passage.s3_requested.is_not(None))
    return and_(passage.received <= on, or_(passage.answered.is_(None), passage.answered > on, went_on))


def _bare(column: ColumnElement[Any]) -> ColumnElement[str]:
    """As the driver gives it: of a hundred thousand cases the library's reading of words and days takes longer than the query."""
    return type_coerce(column, String)


_KINDS = {kind.value: kind for kind in Kind}
_ROLES = {role.value: role for role in Role}
_OUTCOMES: dict[str | None, Outcome | None] = {None: None, **{outcome.value: outcome for outcome in Outcome}}


class _Days(dict[Any, date]):
    """Days by how a driver gives them: SQLite as text. The same few hundred come again and again."""

    def __missing__(self, given: Any) -> Any:
        self[given] = day = date.fromisoformat(given) if isinstance(given, str) else given
        return day


def _corrections(first: datetime, until: datetime) -> Select[str]:
    """Cases with an event that was put in another's place since `first`; one entry an event."""
    old = EVENTS.alias("old")
    return (
        select(EVENTS.c.case_reference)
        .join_from(old, EVENTS, and_(old.c.case_reference == EVENTS.c.case_reference, old.c.name == EVENTS.c.name))
        .where(old.c.is_superseded, EVENTS.c.is_superseded.is_(False), old.c.id < EVENTS.c.id)
        .where(EVENTS.c.recorded_at > first, EVENTS.c.recorded_at <= until, is_real(EVENTS.c.case_reference))
        .group_by(EVENTS.c.id, EVENTS.c.case_reference)
    )


async def _corrected(uow: UnitOfWork, first: datetime, until: datetime) -> list[str]:
    return list((await (await uow.connection()).execute(_corrections(first, until))).scalars())


async def _safety(uow: UnitOfWork, first: datetime, until: datetime) -> Safety:
    """Alerts and looks for harm: those of the week, those of them dealt with, and all that are open."""
    tasks = table_of(TaskRow).c
    is_done = and_(tasks.done_at.is_not(None), tasks.done_at <= until)
    of_the_week = tasks.made_at > first
    query = select(_count(of_the_week), _count(and_(of_the_week, is_done)), _count(~is_done))
    query = query.where(tasks.kind.in_(SAFETY_TASKS), tasks.made_at <= until, is_real(tasks.case_reference))
    alerts, dealt_with, open_in_all = (await (await uow.connection()).execute(query)).one()
    return Safety(alerts, dealt_with, open_in_all)


async def _service(uow: UnitOfWork, office: Office, first: datetime, until: datetime) -> ServiceState:
    arrivals, beats, mails = table_of(ArrivalRow).c, table_of(HeartbeatRow).c, table_of(OutboxRow).c
    connection = await uow.connection()
    shelf = select(func.count()).where(arrivals.result == LedgerResult.QUARANTINED)
    silent = select(beats.loop).where(or_(beats.turned_at.is_(None), beats.turned_at < until - SILENT_AFTER)).order_by(beats.loop)
    failed = and_(mails.state == OutboxState.FAILED, mails.queued_at > first)
    sendings = select(_count(failed), _count(mails.state == OutboxState.AMBIGUOUS))
    undelivered, unsure = (await connection.execute(sendings)).one()
    ends = office.calendar.known_until
    return ServiceState(
        quarantined=(await connection.execute(shelf)).scalar_one(),
        staying=await loose.count_staying(uow),
        # the name before the colon: after it stands whose mailbox it is
        silent=tuple(dict.fromkeys(loop.partition(":")[0] for (loop,) in await connection.execute(silent))),
        undelivered=undelivered,
        unsure=unsure,
        calendar_ends=ends if moment_at_the_desk(ends, office.council.digest_at) - until < CALENDAR_ENDS_WITHIN else None,
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
