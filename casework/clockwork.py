"""Deadlines follow from events and from nothing else: no due date is typed, none is shifted."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from sqlmodel import col, select

from casework.office import Office
from procedures.clocks import ClockRule, Deadline, last_day
from procedures.steps import HOME, OWN_RULE, ends, events_of_rule, here, steps
from procedures.targets import clock_of, within
from procedures.terms import Event, Form, Kind, Procedure
from storage.filing import Change, Filing
from storage.issues import parts_of
from storage.tables import CaseRow, DeadlineRow, EventRow
from storage.unit_of_work import UnitOfWork

LATE_LIMIT = "late_limit"
S3_WINDOW = "s3_request_window"
_ENDS_IT_ALL = {Event.WITHDRAWN, Event.TRANSFERRED, Event.CLOSED, Event.INTEREST_REFUSED, Event.LATE_REFUSED}


def events_of(rows: Iterable[EventRow]) -> dict[Event, date]:
    """The events that stand, by name. Of several of one name the first counts: a second request starts no second clock."""
    standing = sorted((row for row in rows if not row.is_superseded), key=lambda row: (row.happened_on, row.recorded_at))
    dates: dict[Event, date] = {}
    for row in standing:
        dates.setdefault(row.name, row.happened_on)
    return dates


def deadlines_of(
    kind: Kind,
    procedure: Procedure,
    form: Form,
    events: Mapping[Event, date],
    office: Office,
    parts: Collection[Procedure] = (),
    not_counted: list[str] | None = None,
) -> tuple[Deadline, ...]:
    """Every deadline that the events imply. Only a complaint has any, and what a member of parliament or a councillor asks.

    `parts` are the procedures of issues that go another way than their case (a letter that the law splits): their clocks run
    beside its own, of every stage, where they say another day. Their steps are recorded on the case like its own.

    What ends beyond the calendar raises UnknownDates, so that nothing is recorded without its dates. Who only looks gives
    `not_counted`: then it is left out, and said there why.
    """
    if kind is not Kind.COMPLAINT and procedure is not Procedure.MEMBER_ENQUIRY:
        return ()
    found = office.deadlines(procedure, events, oral=form is Form.ORAL, not_counted=not_counted)
    return (*found, *_of_parts(procedure, found, form, events, office, parts, not_counted)) if parts else found


def _of_parts(
    procedure: Procedure,
    own: tuple[Deadline, ...],
    form: Form,
    events: Mapping[Event, date],
    office: Office,
    parts: Collection[Procedure],
    not_counted: list[str] | None,
) -> Iterator[Deadline]:
    """The clocks of other procedures that run for single issues; what falls on the same day is told once."""
    told = {(one.clock, one.due_on) for one in own}
    for part in sorted(set(parts) - {procedure, Procedure.UNDECIDED}):
        for one in office.deadlines(part, events, oral=form is Form.ORAL, not_counted=not_counted):
            can_stop = not _ENDS_IT_ALL.issuperset(one.stops_on)
            if can_stop and not one.rule.theirs and not one.rule.keeps_open and (one.clock, one.due_on) not in told:
                told.add((one.clock, one.due_on))
                yield one


def rules_of(case: CaseRow, office: Office) -> tuple[ClockRule, ...]:
    """The clocks of a case's procedure in this nation, in force on the day of its receipt."""
    return office.rulebook.rules(case.procedure, case.received_on, office.calendar.nation)


def law_of(event: Event, case: CaseRow, office: Office) -> str:
    """What the law of the case's procedure and nation says of an event, for a refusal: never another nation's as if it held."""
    return here(steps().get(event) or ends()[event], case.procedure, rules_of(case, office)).authority


def law_for(at_home: str, office: Office, procedure: Procedure, on: date, event: Event | None = None) -> str:
    """The rule for a refusal that no step makes: `at_home` where it holds, in a statutory complaint of England.

    Elsewhere it is what the law of the procedure and nation, in force on `on`, says of the step on which it hangs (`event`);
    where that knows no such step, or none is given, the council's own rule.
    """
    if office.nation == HOME and procedure in (Procedure.STATUTORY, Procedure.UNDECIDED):
        return at_home
    rules = office.rulebook.rules(procedure, on, office.nation)
    if event is None or not any(event in events_of_rule(rule) for rule in rules):
        return OWN_RULE
    return here(steps()[event], procedure, rules).authority


def rule_of(case: CaseRow, office: Office, clock: str) -> ClockRule | None:
    """One of them by its name; none where the law of this nation has no such clock."""
    return next((rule for rule in rules_of(case, office) if rule.name == clock), None)


def begun_on(rule: ClockRule, day: date, office: Office) -> date:
    """The last day of a clock that begins on `day`, as its rule counts."""
    return last_day(rule, day, office.open_days if rule.council_closures else office.calendar)


def deadline_of(case: CaseRow, events: Mapping[Event, date], office: Office, clock: str) -> Deadline | None:
    """One deadline of a case by the name of its clock, or none if that does not run."""
    found = deadlines_of(case.kind, case.procedure, case.form, events, office)
    return next((one for one in found if one.clock == clock), None)


def decided_by(case: CaseRow, office: Office, target: str, today: date) -> date:
    """The day by which a person decides: that of the clock that the target names, where it runs here, or the target's own."""
    begun = rule_of(case, office, clock_of(target))
    return begun_on(begun, today, office) if begun else office.calendar.add_working_days(today, within(target))


def deadline_rows(
    case: CaseRow, events: Mapping[Event, date], office: Office, now: datetime, parts: Collection[Procedure] = ()
) -> list[DeadlineRow]:
    """The same as rows."""
    found = deadlines_of(case.kind, case.procedure, case.form, events, office, parts)
    return [_row(case.reference, deadline, now) for deadline in found]


async def recount(
    uow: UnitOfWork, case: CaseRow, office: Office, now: datetime, filing: Filing, why: str = ""
) -> list[tuple[DeadlineRow, DeadlineRow | None]]:
    """Count a case's deadlines again from its events, and file what moved: (the old row, the new one or None) each.

    Call it after the events are written, and say what moved them. Doing it twice changes nothing. What was counted before
    stays on record, with what superseded it.
    """
    rows = await uow.exec(select(EventRow).where(EventRow.case_reference == case.reference))
    parts = (await parts_of(uow, [case.reference])).get(case.reference, frozenset())
    found = deadline_rows(case, events_of(rows), office, now, parts)
    standing = await uow.exec(
        select(DeadlineRow).where(DeadlineRow.case_reference == case.reference, col(DeadlineRow.is_superseded).is_(False))
    )
    pairs = settled(standing, found, parts, filing, now, why)
    return [(old, new) for old, new in pairs if old is not None]


def settled(
    standing: Iterable[DeadlineRow],
    found: Iterable[DeadlineRow],
    parts: Collection[Procedure],
    filing: Filing,
    now: datetime,
    why: str,
) -> list[tuple[DeadlineRow | None, DeadlineRow | None]]:
    """File what takes the place of what stands: (the old row, the new one) each. None: there was none, or there is none now."""
    wanted = {_name(row.clock, row.procedure, parts): row for row in found}
    moved: list[tuple[DeadlineRow | None, DeadlineRow | None]] = []
    for old in standing:
        new = wanted.pop(_name(old.clock, old.procedure, parts), None)
        if new is not None and _same(old, new):
            continue
        gone = {"is_superseded": True, "superseded_at": now, "superseded_why": why}
        filing.changes.append(Change(DeadlineRow, {"id": old.id}, gone))
        if new is not None:
            new.supersedes = old.id
            filing.add(new)
        moved.append((old, new))
    filing.add(*wanted.values())
    return [*moved, *((None, new) for new in wanted.values())]


def stands(standing: Iterable[DeadlineRow], found: Iterable[Deadline], parts: Collection[Procedure]) -> bool:
    """Whether what was counted before is what is found now: then `settled` would file nothing."""
    wanted = {_name(one.clock, one.procedure, parts): one for one in found}
    kept = {_name(row.clock, row.procedure, parts): row for row in standing}
    return kept.keys() == wanted.keys() and all(_same(row, wanted[name]) for name, row in kept.items())


def _name(clock: str, procedure: Procedure, parts: Collection[Procedure]) -> str:
    """What a deadline is known by when it is counted again: its clock; that of a part with the part's procedure."""
    return f"{procedure.value} {clock}" if procedure in parts else clock


def _same(old: DeadlineRow, new: DeadlineRow | Deadline) -> bool:
    return (old.due_on, old.rule_id, old.base_event, old.base_on) == (new.due_on, new.rule_id, new.base_event, new.base_on)


def _row(reference: str, deadline: Deadline, now: datetime) -> DeadlineRow:
    return DeadlineRow(
        case_reference=reference,
        clock=deadline.clock,
        procedure=deadline.procedure,
        stage=deadline.stage,
        kind=deadline.kind,
        rule_id=deadline.rule_id,
        base_event=deadline.base_event,
        base_on=deadline.base_on,
        due_on=deadline.due_on,
        authority=deadline.authority,
        calendar_version=deadline.calendar_version,
        trace=list(deadline.trace),
        explanation=deadline.explanation,
        made_at=now,
    )
