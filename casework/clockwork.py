"""Deadlines follow from events and from nothing else: no due date is typed, none is shifted."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlmodel import col, select

from casework.office import Office
from procedures.clocks import Deadline
from procedures.terms import Event, Form, Kind, Procedure
from storage.filing import Change, Filing
from storage.tables import CaseRow, DeadlineRow, EventRow
from storage.unit_of_work import UnitOfWork


def events_of(rows: Iterable[EventRow]) -> dict[Event, date]:
    """The events that stand, by name. Of several of one name the first counts: a second request starts no second clock."""
    standing = sorted((row for row in rows if not row.is_superseded), key=lambda row: (row.happened_on, row.recorded_at))
    dates: dict[Event, date] = {}
    for row in standing:
        dates.setdefault(row.name, row.happened_on)
    return dates


def deadlines_of(
    kind: Kind, procedure: Procedure, form: Form, events: Mapping[Event, date], office: Office
) -> tuple[Deadline, ...]:
    """Every deadline that the events imply. Only a complaint has any, and what a member of parliament or a councillor asks."""
    if kind is not Kind.COMPLAINT and procedure is not Procedure.MEMBER_ENQUIRY:
        return ()
    return office.deadlines(procedure, events, oral=form is Form.ORAL)


def deadline_rows(case: CaseRow, events: Mapping[Event, date], office: Office, now: datetime) -> list[DeadlineRow]:
    """The same as rows."""
    return [
        _row(case.reference, deadline, now) for deadline in deadlines_of(case.kind, case.procedure, case.form, events, office)
    ]


async def recount(
    uow: UnitOfWork, case: CaseRow, office: Office, now: datetime, filing: Filing, why: str = ""
) -> list[tuple[DeadlineRow, DeadlineRow | None]]:
    """Count a case's deadlines again from its events, and file what moved: (the old row, the new one or None) each.

    Call it after the events are written, and say what moved them. Doing it twice changes nothing. What was counted before
    stays on record, with what superseded it.
    """
    rows = await uow.exec(select(EventRow).where(EventRow.case_reference == case.reference))
    wanted = {row.clock: row for row in deadline_rows(case, events_of(rows), office, now)}
    standing = await uow.exec(
        select(DeadlineRow).where(DeadlineRow.case_reference == case.reference, col(DeadlineRow.is_superseded).is_(False))
    )
    moved: list[tuple[DeadlineRow, DeadlineRow | None]] = []
    for old in standing:
        new = wanted.pop(old.clock, None)
        if new is not None and _same(old, new):
            continue
        gone = {"is_superseded": True, "superseded_at": now, "superseded_why": why}
        filing.changes.append(Change(DeadlineRow, {"id": old.id}, gone))
        if new is not None:
            new.supersedes = old.id
            filing.add(new)
        moved.append((old, new))
    filing.add(*wanted.values())
    return moved


def _same(old: DeadlineRow, new: DeadlineRow) -> bool:
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
