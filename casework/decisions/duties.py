"""What must be looked at on a morning though nobody asked: tasks that follow from where a case stands, before it is too late.

The stage 2 delay notice blocks: from day 25 on nothing but it, the answer and what is safety may be done to the case, and the
head of service is told (law.md §6, fault 5; SI 2006/1738, reg. 17(6)).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from casework.acting import Acting
from casework.clockwork import deadlines_of, events_of
from casework.council import Person, StaffRole
from casework.decisions.blocking import DELAY_NOTICE
from casework.decisions.holds import remind_of_what_waited
from casework.office import Office
from casework.opening import task
from casework.people.behind_walls import write_behind_walls
from casework.telling_staff import tell_staff
from procedures.clocks import Deadline, deadlines
from procedures.targets import within
from procedures.terms import Event, Kind, Notice, Procedure
from procedures.working_days import moment_at_the_desk
from storage import cases
from storage.filing import Filing
from storage.tables import CaseRow, DeadlineRow, ReportRow, TaskKind, TaskRow
from storage.unit_of_work import Memory, UnitOfWork

STATEMENT_CHASED = "statement_chased"
"""The working days after stage 2 was asked for on which an unsettled statement of complaint is chased, and chased again."""
LOOKS_AHEAD = 1
ANNUAL_REPORT = "annual_report"
SERVICE = Person("service", "the service", StaffRole.OFFICER)
"""Who makes tasks in the morning."""


@dataclass(frozen=True)
class Open:
    """An open case at stage 2, with what happened to it."""

    case: CaseRow
    events: Mapping[Event, date]
    due: Deadline


async def see_to_duties(memory: Memory, office: Office, now: datetime) -> int:
    """Make the tasks that this morning needs, each once; return how many things were looked at. Call it before the reminders."""
    acting = Acting(SERVICE, office, now)
    filing = Filing()
    async with memory.unit_of_work() as uow:
        found = await _at_stage_2(uow, acting)
        for one in found:
            _notice(one, acting, filing)
            _statement(one, acting, filing)
        told = await remind_of_what_waited(uow, acting, filing)
        await _annual_report(uow, acting, filing)
        await write_behind_walls(uow, [filing], office, now)
    return len(found) + told


async def _annual_report(uow: UnitOfWork, acting: Acting, filing: Filing) -> None:
    """From the day after the year the report of it is owed where a complaint came in it, until one of the whole year is kept."""
    rules = acting.office.rulebook.rules(Procedure.STATUTORY, acting.today, acting.office.nation)
    rule = next((one for one in rules if one.name == ANNUAL_REPORT), None)
    if rule is None or rule.each_year_on is None:
        return  # the law of this nation has no such clock
    ended = _last_before(acting.today, *rule.each_year_on)
    begun = ended.replace(year=ended.year - 1) + timedelta(days=1)
    key = f"annual_report:{ended}"
    kept = select(ReportRow.id).where(
        # one that was made before the year was over tells of a part of it only
        ReportRow.from_on <= begun,
        ReportRow.until_on >= ended,
        ReportRow.as_at >= ended,
        ReportRow.directorate == "",
    )
    if (await uow.exec(kept.limit(1))).first() is not None:
        filing.change(TaskRow, {"key": key, "done_at": None}, done_at=acting.now, done_by=acting.person.address)
        return
    came = select(CaseRow.reference).where(
        col(CaseRow.received_on).between(begun, ended), CaseRow.kind == Kind.COMPLAINT, col(CaseRow.is_training).is_(False)
    )
    found = deadlines((rule,), {Event.YEAR_ENDED: ended}, acting.office.open_days, not_counted=[])
    if not found or (await uow.exec(came.limit(1))).first() is None:
        return
    due = moment_at_the_desk(found[0].due_on, acting.office.council.closes_at)
    filing.add(task(key, TaskKind.ANNUAL_REPORT, None, due, acting.now, f"the year to {ended} ({found[0].authority})"))


def _last_before(today: date, month: int, day: int) -> date:
    """The last such day before today."""
    this_year = date(today.year, month, day)
    return this_year if this_year < today else this_year.replace(year=today.year - 1)


async def _at_stage_2(uow: UnitOfWork, acting: Acting) -> list[Open]:
    """Open cases whose delay notice is not sent, found by their standing deadlines."""
    rows = await uow.exec(
        select(CaseRow)
        .join(DeadlineRow, col(DeadlineRow.case_reference) == col(CaseRow.reference))
        .where(
            DeadlineRow.clock == DELAY_NOTICE,
            col(DeadlineRow.is_superseded).is_(False),
            col(CaseRow.closed_on).is_(None),
            col(CaseRow.is_imported).is_(False),
        )
    )
    standing = {case.reference: case for case in rows}
    events = await cases.events_of(uow, list(standing))
    return list(_unsent(standing, {one: events_of(events[one]) for one in standing}, acting))


def _unsent(standing: Mapping[str, CaseRow], events: Mapping[str, Mapping[Event, date]], acting: Acting) -> Iterable[Open]:
    for reference, case in standing.items():
        known = events[reference]
        found = deadlines_of(case.kind, case.procedure, case.form, known, acting.office, not_counted=[])
        due = next((one for one in found if one.clock == DELAY_NOTICE), None)
        if due is not None and due.stopped_on(known) is None:
            yield Open(case, known, due)


def _notice(one: Open, acting: Acting, filing: Filing) -> None:
    """On day 24 a task that blocks from the next day on; from then the head of service knows."""
    calendar, council, reference = acting.office.calendar, acting.office.council, one.case.reference
    day_24 = calendar.subtract_working_days(one.due.due_on, LOOKS_AHEAD)
    if acting.today < day_24:
        return
    key = f"delay_notice:{reference}:{one.due.due_on}"
    detail = (
        f"answer stage 2, or send the delay notice, by {one.due.due_on}; from then on it blocks the case ({one.due.authority})"
    )
    filing.add(task(key, TaskKind.DELAY_NOTICE, reference, moment_at_the_desk(day_24, council.closes_at), acting.now, detail))
    if acting.today < one.due.due_on:
        return
    heads = [person for person in council.with_role(StaffRole.HEAD_OF_SERVICE) if person.team in ("", one.case.team)]
    tell_staff(
        filing,
        [person.address for person in (*heads, *council.officers)] or council.duty_addresses,
        key=key,
        notice=Notice.TROUBLE,
        facts={"what": "delay_notice", "detail": reference, "since": one.due.due_on.isoformat(), "do": ""},
        now=acting.now,
        domain=acting.office.domain,
        urgency=3,
        reference=reference,
    )


def _statement(one: Open, acting: Acting, filing: Filing) -> None:
    """The statement of complaint is chased; the clock does not wait for it (Somerset, 23 013 837)."""
    if Event.RECORD_FINAL in one.events:
        return
    asked = one.events.get(Event.S2_REQUESTED) or one.events.get(Event.SKIP_S1_AGREED)
    if asked is None:
        return
    gone = acting.office.calendar.count_working_days(asked, acting.today)
    for days in (within(STATEMENT_CHASED), 2 * within(STATEMENT_CHASED)):
        if gone >= days:
            due = moment_at_the_desk(acting.today, acting.office.council.closes_at)
            detail = f"{days} working days after stage 2 was asked for; its clock runs since {asked}"
            key = f"statement:{one.case.reference}:{asked}:{days}"
            filing.add(task(key, TaskKind.STATEMENT, one.case.reference, due, acting.now, detail))
