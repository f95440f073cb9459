"""Deadlines of the shipped law book, by the names of clock and events."""

from collections.abc import Mapping
from datetime import date

from procedures.clocks import (
    Deadline,
)
from procedures.rulebook import read_rulebook
from procedures.terms import Event, Procedure
from procedures.working_days import WorkingCalendar

ENGLAND = WorkingCalendar.of("england")
WALES = WorkingCalendar.of("wales")
SCOTLAND = WorkingCalendar.of("scotland")
NORTHERN_IRELAND = WorkingCalendar.of("northern_ireland")
BOOK = read_rulebook()
TODAY = date(2026, 11, 22)


def of(
    procedure: Procedure, clock: str, events: Mapping[Event, date], calendar: WorkingCalendar = ENGLAND, *, oral: bool = False
) -> Deadline:
    """The deadline of one clock, which must have started."""
    return next(one for one in BOOK.deadlines(procedure, events, calendar, oral=oral) if one.clock == clock)


def due(
    procedure: Procedure, clock: str, events: Mapping[Event, date], calendar: WorkingCalendar = ENGLAND, *, oral: bool = False
) -> date:
    return of(procedure, clock, events, calendar, oral=oral).due_on


def statutory(clock: str, **events: date) -> Deadline:
    """The deadline of a clock of England's statutory procedure; events by name."""
    return of(Procedure.STATUTORY, clock, {Event(name): day for name, day in events.items()})


def corporate(clock: str, **events: date) -> Deadline:
    return of(Procedure.CORPORATE, clock, {Event(name): day for name, day in events.items()})
