"""Reminders: one bundle a person a working day, planned from where the cases stand, and each rung of the ladder told once.

The ladder (practice.md §7, people-and-safety.md §4.2): two working days before, on the day, then 1, 3 and 5 working days late,
then every fifth; a long clock is told of on the way (law.md §1.15). No reminder names anybody, nor invites an extension.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import and_, or_, select

from casework.council import Council, Person
from casework.daily.cover import deputies, reads_today, with_deputies
from casework.office import Office
from casework.progress import Running
from casework.representation import fold_address
from notifications.hearers import Hearers
from notifications.ladder import next_look, rungs_on_the_way, rungs_until
from notifications.on_desk import (
    CASES,
    CaseOnDesk,
    Standings,
    in_working_time,
    load_desk,
    officers,
)
from notifications.promises import CLOCK, Promise, load_promises, told_of_promises
from notifications.rendering import render
from procedures.clocks import is_in_time
from procedures.terms import Channel, Notice
from procedures.working_days import WorkingCalendar, date_at_the_desk, moment_at_the_desk
from storage import cases as case_queries
from storage import daily
from storage.filing import Filing, table_of, write
from storage.outbox import outgoing
from storage.tables import ActionReminderRow, OutboxRow, ReminderRow, TaskKind, TaskRow
from storage.training import is_real
from storage.unit_of_work import Memory, UnitOfWork

TASKS_FIRST = (TaskKind.SAFETY, TaskKind.LOOK_FOR_HARM)

Told = tuple[str, str, date, str, str]
"""What was told to whom: reference, clock, due date, rung, address."""


@dataclass(frozen=True)
class Line:
    """One duty of one case, as a bundle names it."""

    reference: str
    clock: str
    stage: int
    due_on: date
    days: int
    """Working days late, or left; 0 on the day."""
    team: str
    rungs: tuple[str, ...] = ()
    """The rungs that are told with this line: the one reached, and those that were missed before it."""
    action: int = 0
    """The number of an action that was promised; 0 for a duty of the case itself."""

    @property
    def facts(self) -> dict[str, Any]:
        named = {"reference": self.reference, "clock": self.clock, "stage": self.stage, "days": self.days, "team": self.team}
        of_an_action = {"action": self.action} if self.action else {}
        return {**named, "due_on": self.due_on.isoformat(), "what": "", **of_an_action}


@dataclass(frozen=True)
class Bundle:
    """What one person is told on one working day."""

    person: Person
    day: date
    overdue: tuple[Line, ...] = ()
    due_today: tuple[Line, ...] = ()
    due_soon: tuple[Line, ...] = ()
    tasks: tuple[Line, ...] = ()
    reads_inbox: bool = False
    """It is their turn to read what comes in."""

    @property
    def key(self) -> str:
        return f"reminders:{fold_address(self.person.address)}:{self.day}"

    @property
    def facts(self) -> dict[str, Any]:
        groups = {"overdue": self.overdue, "due_today": self.due_today, "due_soon": self.due_soon, "tasks": self.tasks}
        listed = {name: [line.facts for line in lines] for name, lines in groups.items()}
        turn = {"reads_inbox": True} if self.reads_inbox else {}
        return {"person_name": self.person.name, "day": self.day.isoformat(), **turn, **listed}

    @property
    def told(self) -> tuple[ReminderRow, ...]:
        """The rows that make each rung of a case told once."""
        return tuple(
            ReminderRow(
                case_reference=line.reference,
                clock=line.clock,
                due_on=line.due_on,
                rung=rung,
                person=fold_address(self.person.address),
                told_on=self.day,
            )
            for line, rung in self._rungs
            if not line.action
        )

    @property
    def told_of_actions(self) -> tuple[ActionReminderRow, ...]:
        """The same for actions."""
        person = fold_address(self.person.address)
        return tuple(
            ActionReminderRow(action_id=line.action, due_on=line.due_on, rung=rung, person=person, told_on=self.day)
            for line, rung in self._rungs
            if line.action
        )

    @property
    def _rungs(self) -> Iterable[tuple[Line, str]]:
        return ((line, rung) for line in (*self.overdue, *self.due_today, *self.due_soon) for rung in line.rungs)


# What is told, to whom: pure


def plan_reminders(
    cases: Iterable[CaseOnDesk],
    tasks: Iterable[TaskRow],
    told: Collection[Told],
    office: Office,
    today: date,
    standing_in: Mapping[str, Person] | None = None,
    promises: Iterable[Promise] = (),
) -> list[Bundle]:
    """One bundle for each person who has something to hear on `today`; none on a day without work.

    Who stands in (`casework.daily.cover.deputies`) hears what they hear who are away.

    Of several rungs that were missed only the latest is told, with today's facts; the earlier ones count as told with it.
    """
    if not office.calendar.is_working_day(today):
        return []
    lines: dict[str, list[Line]] = {}
    people: dict[str, Person] = {}
    standings, known = Standings(office, today), list(cases)
    hearers = Hearers(office.council, standing_in or {})
    of_cases = (_lines(case, running, told, office, today, hearers) for case in known for running in standings.owed(case))
    of_promises = (_lines_of_a_promise(promise, told, office, today, hearers) for promise in promises)
    for address, person, line in chain.from_iterable(chain(of_cases, of_promises)):
        people[address] = person
        lines.setdefault(address, []).append(line)
    by_reference = {case.reference: case for case in known}
    to_do: dict[str, list[Line]] = {}
    for line in _to_do(tasks, {case.reference: case.team for case in known}, office.calendar, today):
        case_of_it = by_reference.get(line.reference)
        of_officers = officers(office.council, case_of_it.walled if case_of_it else ())
        walled = case_of_it.walled if case_of_it else ()
        theirs = with_deputies([*_whose_own(line, case_of_it, office.council), *of_officers], standing_in or {})
        for person in (one for one in theirs if fold_address(one.address) not in walled):
            people[fold_address(person.address)] = person
            to_do.setdefault(fold_address(person.address), []).append(line)
    reader = reads_today(office.council, today, standing_in or {})
    people |= {fold_address(reader.address): reader} if reader else {}
    return [
        _bundle(one, today, lines.get(address, ()), tuple(to_do.get(address, ())), reads_inbox=one == reader)
        for address, one in sorted(people.items())
    ]


def _whose_own(line: Line, case: CaseOnDesk | None, council: Council) -> tuple[Person, ...]:
    """Who drafts an answer: the case's owner hears of it too. The other turns are the officers' to give out."""
    owner = council.person(case.owner) if case is not None and case.owner and line.clock == TaskKind.DRAFT_ANSWER else None
    return (owner,) if owner and case is not None and fold_address(owner.address) not in case.walled else ()


def _lines(
    case: CaseOnDesk,
    running: Running,
    told: Collection[Told],
    office: Office,
    today: date,
    hearers: Hearers,
) -> Iterable[tuple[str, Person, Line]]:
    """Who hears today of this duty of this case, by folded address, and what."""
    deadline, calendar = running.deadline, office.calendar
    rungs = rungs_until(deadline.due_on, today, calendar, rungs_on_the_way(deadline, calendar))
    if not rungs:
        return
    days = _days(deadline.due_on, today, calendar)
    key = (case.reference, deadline.clock, deadline.due_on)
    for address, person, new in _new_rungs(case, key, rungs, told, hearers):
        yield address, person, Line(*key[:2], deadline.stage, deadline.due_on, days, case.team, new)


def _lines_of_a_promise(
    promise: Promise, told: Collection[Told], office: Office, today: date, hearers: Hearers
) -> Iterable[tuple[str, Person, Line]]:
    """The same for an action: it has the ladder of a duty, whether its case is open or closed (law.md §6, fault 12)."""
    if not promise.is_open(today) or not office.calendar.knows(promise.due_on):
        return  # how far off a day beyond the calendar is, nobody can count: it is reminded of once the calendar is longer
    rungs = rungs_until(promise.due_on, today, office.calendar)
    if not rungs:
        return
    days, of = _days(promise.due_on, today, office.calendar), promise.on_desk
    key = (promise.reference, f"{CLOCK} {promise.action}", promise.due_on)
    for address, person, new in _new_rungs(of, key, rungs, told, hearers):
        yield address, person, Line(promise.reference, CLOCK, 0, promise.due_on, days, promise.team, new, promise.action)


def _days(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Working days late, or left."""
    return calendar.count_working_days(due_on, today) or calendar.count_working_days(today, due_on)


def _new_rungs(
    case: CaseOnDesk,
    key: tuple[str, str, date],
    rungs: tuple[str, ...],
    told: Collection[Told],
    hearers: Hearers,
) -> Iterable[tuple[str, Person, tuple[str, ...]]]:
    """Who has not been told the rung that is reached, by folded address, with those that they missed before it."""
    for address, person in hearers.of(rungs[-1], case).items():
        if (*key, rungs[-1], address) in told:
            continue
        missed = (rung for rung in rungs[:-1] if hearers.of(rung, case).get(address) == person)
        yield address, person, (*(rung for rung in missed if (*key, rung, address) not in told), rungs[-1])


def _to_do(tasks: Iterable[TaskRow], teams: dict[str, str], calendar: WorkingCalendar, today: date) -> tuple[Line, ...]:
    """Tasks that are due by the end of today, what is safety first, then the oldest. What they say stays on the case."""
    due = [task for task in tasks if date_at_the_desk(task.due_at) <= today]
    due.sort(key=lambda task: (task.kind not in TASKS_FIRST, task.due_at, task.key))
    return tuple(
        Line(
            task.case_reference or "",
            task.kind.value,
            0,
            day := date_at_the_desk(task.due_at),
            calendar.count_working_days(day, today),
            teams.get(task.case_reference or "", ""),
        )
        for task in due
    )


def _bundle(person: Person, today: date, lines: Sequence[Line], tasks: tuple[Line, ...], *, reads_inbox: bool) -> Bundle:
    oldest_first = sorted(lines, key=lambda line: (line.due_on, line.reference, line.clock))
    return Bundle(
        person,
        today,
        overdue=tuple(line for line in oldest_first if line.days and not is_in_time(line.due_on, today)),
        due_today=tuple(line for line in oldest_first if not line.days),
        due_soon=tuple(line for line in oldest_first if line.days and is_in_time(line.due_on, today)),
        tasks=tasks,
        reads_inbox=reads_inbox,
    )


# From memory to outbox


async def remind(memory: Memory, office: Office, now: datetime, *, day: date | None = None, queue: bool = True) -> list[Bundle]:
    """Plan the bundles of today and put them in the outbox, in one unit of work; return those that are new.

    Without `day`: nothing outside working time or before `council.reminders_at`; after a missed run, one bundle when the
    machine wakes. Who has had today's bundle gets no other today. It looks at the cases whose time has come
    (`CaseRow.remind_from`) and notes when each wants its next look. With `day`: what the morning of that day would send, from
    the events up to then; it reads every case.
    """
    today = day or in_working_time(office.council, office.calendar, now, office.council.reminders_at)
    if today is None:
        return []
    until = moment_at_the_desk(today, office.council.reminders_at) if day else now
    if not queue:
        async with memory.reading() as uow:
            return (await _planned(uow, office, today, until, by_list=day is None))[1]
    async with memory.unit_of_work() as uow:
        cases, bundles = await _planned(uow, office, today, until, by_list=day is None)
        if day is None:
            await case_queries.looked_at(uow, await asyncio.to_thread(_next_looks, cases, office, today))
        rows = {bundle.key: _outgoing(bundle, office, now) for bundle in bundles}
        new = await put_new(uow, rows)
        filing = Filing()
        filing.add(*(row for bundle in bundles if bundle.key in new for row in (*bundle.told, *bundle.told_of_actions)))
        await write(uow, [filing])
    return [bundle for bundle in bundles if bundle.key in new]


def as_text(bundles: Iterable[Bundle], council: Council) -> str:
    """The bundles as their readers get them, one after the other."""
    mails = ((bundle, render(Notice.REMINDERS, Channel.EMAIL, "en", bundle.facts, council)) for bundle in bundles)
    return "\n\n".join(f"To: {bundle.person.address}\nSubject: {mail.subject}\n\n{mail.text}\n" for bundle, mail in mails)


async def put_new(uow: UnitOfWork, rows: dict[str, OutboxRow]) -> set[str]:
    """Put mails in the outbox by key; return the keys that were not there before.

    Two processes may plan the same bundle from different states. What the other one did not send must not count as told,
    so we ask the database whose mail stands: its Message-ID is ours or it is not.
    """
    filing = Filing()
    filing.add(*rows.values())
    await write(uow, [filing])
    outbox, keys, standing = table_of(OutboxRow).c, list(rows), dict[str, str]()
    connection = await uow.connection()
    for start in range(0, len(keys), 500):
        query = select(outbox.key, outbox.message_id).where(outbox.key.in_(keys[start : start + 500]))
        standing.update({row.key: row.message_id for row in await connection.execute(query)})
    return {key for key, row in rows.items() if standing.get(key) == row.message_id}


def _outgoing(bundle: Bundle, office: Office, now: datetime) -> OutboxRow:
    return outgoing(
        key=bundle.key,
        notice=Notice.REMINDERS,
        channel=Channel.EMAIL,
        recipient=bundle.person.address,
        now=now,
        domain=office.domain,
        facts=bundle.facts,
    )


async def _planned(
    uow: UnitOfWork, office: Office, today: date, until: datetime, *, by_list: bool
) -> tuple[list[CaseOnDesk], list[Bundle]]:
    """The cases that were looked at, and the bundles."""
    if not office.calendar.is_working_day(today):
        return [], []
    tasks, promises = await open_tasks(uow, until), await load_promises(uow, until, done_since=today)
    only: set[str] | None = None
    if by_list:
        only = {*await case_queries.due_a_look(uow, today), *(one.case_reference for one in tasks if one.case_reference)}
    cases = await load_desk(uow, today, until, only=only, is_now=by_list)
    told = await told_before(uow, today, only=only) | await told_of_promises(uow, today)
    standing_in = deputies(await daily.cover_on(uow, today), office.council)
    # in a thread: with thousands of cases it takes a second, and the chat should not wait for it
    bundles = await asyncio.to_thread(plan_reminders, cases, tasks, told, office, today, standing_in, promises)
    return cases, bundles


def _next_looks(cases: Iterable[CaseOnDesk], office: Office, today: date) -> dict[str, date | None]:
    """When each case wants its next look, where that is not today."""
    standings = Standings(office, today)
    looks = {case.reference: next_look(standings.owed(case), office.calendar) for case in cases}
    return {reference: look for reference, look in looks.items() if look is None or look > today}


async def open_tasks(uow: UnitOfWork, until: datetime) -> list[TaskRow]:
    """What had to be looked at by a member of staff at that moment."""
    tasks, t = table_of(TaskRow), table_of(TaskRow).c
    query = select(tasks).where(t.made_at <= until, or_(t.done_at.is_(None), t.done_at > until), is_real(t.case_reference))
    return [TaskRow(**row._mapping) for row in await (await uow.connection()).execute(query)]


async def told_before(uow: UnitOfWork, day: date, *, only: Collection[str] | None = None) -> set[Told]:
    """What had been told about cases that are open (`only` these), on the days before."""
    told = table_of(ReminderRow).c
    is_open = or_(CASES.c.closed_on.is_(None), CASES.c.closed_on >= day)
    query = (
        select(told.case_reference, told.clock, told.due_on, told.rung, told.person)
        .join_from(table_of(ReminderRow), CASES, told.case_reference == CASES.c.reference)
        .where(and_(told.told_on < day, is_open))
    )
    some = [query] if only is None else [query.where(told.case_reference.in_(refs)) for refs in case_queries.in_groups(only)]
    return {tuple(row) for one in some for row in await (await uow.connection()).execute(one)}
