"""What reminders and the digest look at: the cases that are not finished, their events as known at a moment, and what is owed.

Only the columns that a date depends on are read: no letter, no name, no note.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from casework.council import QUIET_FROM, Council, Person, StaffRole
from casework.office import Office
from casework.progress import PLANNED, Progress, Running, where_it_stands
from casework.representation import fold_address
from procedures.terms import Event, Form, Kind, Procedure, Role
from procedures.working_days import LONDON, WorkingCalendar, date_at_the_desk
from storage.cases import in_groups
from storage.filing import table_of
from storage.issues import parts_of
from storage.tables import CaseRow, ClassificationRow, EventRow
from storage.unit_of_work import UnitOfWork
from storage.walls import all_walls

CASES, EVENTS, READINGS = table_of(CaseRow), table_of(EventRow), table_of(ClassificationRow)

ENDS_OF_STAGES: Mapping[int, frozenset[Event]] = {
    1: frozenset({Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED, Event.SKIP_S1_AGREED}),
    2: frozenset({Event.S2_NOTICE_SENT}),
    3: frozenset({Event.S3_RESPONSE}),
}
"""What answers a stage. A stage that was skipped by agreement is owed no answer."""
_MOVES_NO_CLOCK = frozenset({Event.RECEIPT_SENT, Event.READ, Event.ASSIGNED, Event.NOTED, Event.ROUTE, Event.ADVOCACY_OFFERED})


@dataclass(frozen=True, slots=True)
class CaseOnDesk:
    """A case as far as its dates depend on it, with the first day of each event that is known."""

    reference: str
    kind: Kind
    procedure: Procedure
    form: Form
    events: Mapping[Event, date]
    team: str = ""
    owner: str = ""
    raised_by: Role = Role.UNKNOWN
    is_imported: bool = False
    walled: frozenset[str] = frozenset()
    """Folded addresses of the staff whom it is kept from: they hear nothing of it (`storage.walls`)."""
    parts: frozenset[Procedure] = frozenset()
    """The procedures of issues that go another way: their dates are reminded of beside the case's."""


@dataclass
class Standings:
    """Where cases stand on a day. Cases with the same dates stand alike, so each kind of past is counted once."""

    office: Office
    today: date

    def __post_init__(self) -> None:
        self._found: dict[tuple[Any, ...], tuple[Progress, tuple[Running, ...]]] = {}

    def of(self, case: CaseOnDesk) -> Progress:
        """How the case stands; its state may say less than `where_it_stands`, its dates and stage say the same."""
        return self._look(case)[0]

    def owed(self, case: CaseOnDesk) -> tuple[Running, ...]:
        """The duties that a person is reminded of, earliest due first."""
        return self._look(case)[1]

    def _look(self, case: CaseOnDesk) -> tuple[Progress, tuple[Running, ...]]:
        events = {event: on for event, on in case.events.items() if event not in _MOVES_NO_CLOCK}
        key = (case.kind, case.procedure, case.form, case.parts, frozenset(events.items()))
        if key not in self._found:
            stands = where_it_stands(case.kind, case.procedure, case.form, events, self.office, self.today, case.parts)
            self._found[key] = stands, owed(stands, {event: on for event, on in events.items() if on <= self.today})
        return self._found[key]


def owed(progress: Progress, events: Mapping[Event, date]) -> tuple[Running, ...]:
    """The open duties, without those that an answer has overtaken: nobody is chased to acknowledge what was answered.

    What the answer itself began (written terms) and what was asked for after it is still owed.
    """
    answered = max((stage for stage, ends in ENDS_OF_STAGES.items() if ends & events.keys()), default=0)
    if not answered:
        return progress.open
    last = min(events[event] for event in ENDS_OF_STAGES[answered] & events.keys())
    return tuple(running for running in progress.open if _outlives(running, answered, last))


def _outlives(running: Running, answered: int, last: date) -> bool:
    """Whether the clock still matters once this stage was answered on `last`."""
    deadline = running.deadline
    if deadline.base_event in ENDS_OF_STAGES[answered]:
        return True
    if deadline.stage:
        return deadline.stage > answered
    return deadline.base_on >= last and deadline.base_event is not Event.RECEIVED


def in_working_time(council: Council, calendar: WorkingCalendar, now: datetime, at: time) -> date | None:
    """The day, if staff may be written to at `now`: a working day, from `at` until the quiet hours."""
    day = date_at_the_desk(now)
    if not calendar.is_working_day(day) or not at <= now.astimezone(LONDON).time() < QUIET_FROM:
        return None
    return day


def officers(council: Council, walled: Collection[str] = ()) -> tuple[Person, ...]:
    """The complaints officers from whom a case is not kept, or who stands in; with none at all, whoever is on duty.

    Somebody always hears.
    """
    on_duty = (address for address in council.duty_addresses if fold_address(address) not in walled)
    found = council.officers_for(walled) if council.officers else ()
    return found or tuple(Person(address, address, StaffRole.OFFICER) for address in on_duty)


def managers_of(council: Council, team: str) -> tuple[Person, ...]:
    """Who manages the team: as the team says, or managers who belong to it."""
    named = [council.person(one.manager) for one in council.teams if one.name == team and one.manager]
    return tuple(person for person in named if person) or tuple(
        person for person in council.with_role(StaffRole.MANAGER) if team and person.team == team
    )


def heads_over(council: Council, team: str) -> tuple[Person, ...]:
    """Heads of service for a team: those of that team, and those who are over all."""
    return tuple(person for person in council.with_role(StaffRole.HEAD_OF_SERVICE) if person.team in ("", team))


async def load_desk(
    uow: UnitOfWork,
    day: date,
    until: datetime,
    *,
    since: date | None = None,
    only: Collection[str] | None = None,
    is_now: bool = False,
    made_up_too: bool = False,
) -> list[CaseOnDesk]:
    """The cases (`only` these) not closed before `since` (or `day`), with what was known at `until` of events up to `day`.

    Owner, route and kind are taken back to what they were then, unless that is now; who is walled is walled from every day. An
    imported case counts by the days its events happened, not by the day it was imported. Cases to learn on are left out.
    """
    is_open = or_(CASES.c.closed_on.is_(None), CASES.c.closed_on >= (since or day))
    if not made_up_too:
        is_open = and_(is_open, CASES.c.is_training.is_(False))
    if only is None:
        known, rows = await _read(uow, is_open, happened_by(day, until))
    else:
        known, rows = {}, []
        for some in in_groups(only):
            known_of_some, some_rows = await _read(uow, and_(CASES.c.reference.in_(some), is_open), happened_by(day, until))
            known |= known_of_some
            rows += some_rows
    decided, owners = ({}, {}) if is_now else (await decided_later(uow, until), await _assigned_later(uow, until))
    around, parts = await all_walls(uow), await parts_of(uow, only)
    return [
        _as_it_was(
            CaseOnDesk(
                reference,
                *(kind, procedure, form),
                known[reference],
                *(team, owner, raised_by, is_imported),
                around.get(reference, frozenset()),
                parts.get(reference, frozenset()),
            ),
            decided,
            owners,
        )
        for reference, kind, procedure, form, team, owner, raised_by, is_imported in rows
        if Event.RECEIVED in known.get(reference, ())
    ]


async def _read(
    uow: UnitOfWork, which: ColumnElement[bool], known: ColumnElement[bool]
) -> tuple[dict[str, dict[Event, date]], list[Any]]:
    """The events of some cases, and of each case what is on its row."""
    events = await _events(uow, and_(which, known))
    # In the order of `CaseOnDesk`: of thousands of rows to name each value takes as long as to read it.
    columns = (CASES.c[name] for name in ("reference", "kind", "procedure", "form", "team", "owner", "raised_by", "is_imported"))
    return events, list((await (await uow.connection()).execute(select(*columns).where(which))).all())


def happened_by(day: date, until: datetime) -> ColumnElement[bool]:
    """Events (joined with their case) that had happened by `day`, or are planned, and were on record at `until`."""
    on_record = or_(EVENTS.c.recorded_at <= until, and_(CASES.c.is_imported, EVENTS.c.happened_on < day))
    is_known = or_(EVENTS.c.happened_on <= day, EVENTS.c.name.in_(PLANNED))
    return and_(EVENTS.c.is_superseded.is_(False), is_known, on_record)


async def _events(uow: UnitOfWork, which: ColumnElement[bool]) -> dict[str, dict[Event, date]]:
    """The first day of each event, by case."""
    e = EVENTS.c
    query = (
        select(e.case_reference, e.name, func.min(e.happened_on).label("happened_on"))
        .join_from(EVENTS, CASES, e.case_reference == CASES.c.reference)
        .where(which, e.name != Event.NOTED)
        .group_by(e.case_reference, e.name)
    )
    found: dict[str, dict[Event, date]] = {}
    for reference, name, on in (await (await uow.connection()).execute(query)).all():
        found.setdefault(reference, {})[name] = on
    return found


async def decided_later(uow: UnitOfWork, until: datetime) -> dict[str, tuple[Kind, Procedure]]:
    """Cases whose kind or route a person decided after `until`: what had been decided by then."""
    r = READINGS.c
    later = select(r.case_reference).where(r.made_by != "rules", r.made_at > until)
    query = select(r.case_reference, r.made_by, r.made_at, r.kind, r.procedure).where(r.case_reference.in_(later))
    rows = (await (await uow.connection()).execute(query.order_by(r.case_reference, r.id))).all()
    found: dict[str, tuple[Kind, Procedure]] = {}
    for reference, of_case in groupby(rows, attrgetter("case_reference")):
        read, decided = None, None
        for row in of_case:
            if row.made_by == "rules":
                read = (row.kind, Procedure.UNDECIDED)
            elif row.made_at <= until:
                decided = (row.kind, row.procedure)
        if was := decided or read:
            found[reference] = was
    return found


async def _assigned_later(uow: UnitOfWork, until: datetime) -> dict[str, str]:
    """Cases given to someone after `until`: who had them then. The event's note says `to ADDRESS` (casework.actions.assign)."""
    e = EVENTS.c
    assigned = and_(e.name == Event.ASSIGNED, e.is_superseded.is_(False))
    later = select(e.case_reference).where(assigned, e.recorded_at > until)
    query = select(e.case_reference, e.recorded_at, e.note).where(assigned, e.case_reference.in_(later)).order_by(e.id)
    owners: dict[str, str] = {}
    for reference, recorded_at, note in (await (await uow.connection()).execute(query)).all():
        owners.setdefault(reference, "")
        if recorded_at <= until:
            given_to = fold_address(note.removeprefix("to "))
            owners[reference] = given_to if "@" in given_to else ""  # to nobody: who had it was walled
    return owners


def _as_it_was(case: CaseOnDesk, decided: Mapping[str, tuple[Kind, Procedure]], owners: Mapping[str, str]) -> CaseOnDesk:
    if case.reference in decided:
        kind, procedure = decided[case.reference]
        case = replace(case, kind=kind, procedure=procedure)
    return replace(case, owner=owners[case.reference]) if case.reference in owners else case


def once_each(people: Iterable[Person]) -> tuple[Person, ...]:
    """The people without repeats; who someone is, is their address."""
    return tuple({fold_address(person.address): person for person in people}.values())
