"""Where does this case stand today? One pure answer, for chat, mail, reminder, digest and report alike."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from casework.clockwork import deadlines_of
from casework.office import Office
from procedures.clocks import Deadline, judge, working_days_late
from procedures.steps import steps
from procedures.terms import ClockKind, Event, Form, Kind, Procedure, Timeliness
from procedures.working_days import UnknownDates, WorkingCalendar


class State(StrEnum):
    """Where a case stands, as people are told it."""

    RECEIVED = "received"
    READING = "reading"
    LOOKING = "looking"
    MORE_TIME = "more_time"
    LATE = "late"
    ANSWERED = "answered"
    STEP_2 = "step_2"
    STEP_3 = "step_3"
    WAITING = "waiting"
    """All of it waits for other proceedings (SI 2006/1738, reg. 8). Nobody is told which by a status word."""
    STOPPING = "stopping"
    STOPPED = "stopped"
    THANKED = "thanked"
    FINISHED = "finished"


class Rank(StrEnum):
    """How urgent it is to staff: always shown as a word with a shape, never as a colour alone."""

    LATE = "late"
    DUE_SOON = "due_soon"
    UNCOUNTED = "uncounted"
    """A date of it lies beyond the calendar: a person must look."""
    ON_TRACK = "on_track"
    DONE = "done"


_DUTIES = (ClockKind.STATUTORY, ClockKind.GUIDANCE, ClockKind.LOCAL)
DUE_SOON_WORKING_DAYS = 5
PLANNED = frozenset(event for event, step in steps().items() if step.may_lie_ahead)
"""Days that may lie ahead and that other dates are counted from as soon as they are fixed; they stop a clock when they come."""


@dataclass(frozen=True)
class Running:
    """A deadline of the council's, and how it stands on a day."""

    deadline: Deadline
    stopped_on: date | None
    timeliness: Timeliness
    working_days_late: int

    @property
    def is_open(self) -> bool:
        return self.timeliness in (Timeliness.OPEN_IN_TIME, Timeliness.OPEN_LATE)


@dataclass(frozen=True)
class Progress:
    """A case on a day."""

    state: State
    stage: int
    procedure: Procedure
    running: tuple[Running, ...]
    """Every duty of the council's that has begun, earliest due first."""
    is_closed: bool
    uncounted: str = ""
    """Why some of its dates cannot be counted, where they lie beyond the calendar: no date was guessed. The rest stands above."""

    @property
    def open(self) -> tuple[Running, ...]:
        """What is still owed. A case that ended owes nothing but what keeps it open, like an Ombudsman's enquiry."""
        return tuple(one for one in self.running if one.is_open and (not self.is_closed or one.deadline.rule.keeps_open))

    @property
    def next_due(self) -> Running | None:
        """The next thing that the council owes."""
        return min(self.open, key=lambda running: running.deadline.due_on, default=None)

    @property
    def answer(self) -> Running | None:
        """The clock whose end is the answer to the person, of the stage that the case is in."""
        of_the_stage = (one for one in self.running if self.stage and one.deadline.stage == self.stage)
        return next((one for one in of_the_stage if one.deadline.rule.answers and not self.is_a_part(one)), None)

    def is_a_part(self, running: Running) -> bool:
        """Whether it runs for single issues, by another procedure than the case's."""
        return self.procedure is not Procedure.UNDECIDED and running.deadline.procedure is not self.procedure

    @property
    def answer_by(self) -> date | None:
        """When the person should hear; None once they have, or where there is no such clock."""
        answer = self.answer
        return answer.deadline.due_on if answer and answer.is_open and not self.is_closed else None

    @property
    def working_days_late(self) -> int:
        """By how much the worst open duty is late; 0 if none is."""
        return max((running.working_days_late for running in self.open), default=0)


def where_it_stands(
    kind: Kind,
    procedure: Procedure,
    form: Form,
    events: Mapping[Event, date],
    office: Office,
    today: date,
    parts: Collection[Procedure] = (),
) -> Progress:
    """How a case stands on `today`. Events dated later are not known yet.

    `parts` are the procedures of issues that go another way: what they owe stands beside what the case owes.
    """
    known = {event: on for event, on in events.items() if on <= today}
    is_closed = Event.CLOSED in known or Event.WITHDRAWN in known
    counted = {event: on for event, on in events.items() if on <= today or event in PLANNED}
    beyond: list[str] = []
    found = deadlines_of(kind, procedure, form, counted, office, parts, beyond) if Event.RECEIVED in known else ()
    running = tuple(
        sorted(
            (_running(deadline, known, office, today) for deadline in _our_duties(found, office.calendar, beyond)),
            key=lambda one: (one.deadline.due_on, one.deadline.clock),
        )
    )
    stage = _stage(kind, known)
    uncounted = beyond[0].partition(". ")[0] if beyond and not is_closed else ""
    without_state = Progress(State.RECEIVED, stage, procedure, running, is_closed, uncounted)
    return replace(without_state, state=_state(kind, known, without_state))


def _our_duties(found: Iterable[Deadline], calendar: WorkingCalendar, beyond: list[str]) -> Iterator[Deadline]:
    """What the council owes. To a day that was set beyond the calendar no working days can be counted: it is said so."""
    for deadline in found:
        if not is_our_duty(deadline):
            continue
        if calendar.knows(deadline.due_on):
            yield deadline
        else:
            beyond.append(str(UnknownDates(calendar, str(deadline.due_on))))


def is_our_duty(deadline: Deadline) -> bool:
    return deadline.kind in _DUTIES and not deadline.rule.theirs


def rank(progress: Progress, office: Office, today: date) -> Rank:
    """Late, due within five working days, with dates that cannot be counted, or on track."""
    if progress.is_closed or not (progress.open or progress.uncounted):
        return Rank.DONE
    if any(running.timeliness is Timeliness.OPEN_LATE for running in progress.open):
        return Rank.LATE
    due = progress.next_due
    if due and is_due_soon(due.deadline.due_on, today, office.calendar):
        return Rank.DUE_SOON
    return Rank.UNCOUNTED if progress.uncounted else Rank.ON_TRACK


def is_due_soon(due_on: date, today: date, calendar: WorkingCalendar) -> bool:
    """Whether a day of the calendar lies within five working days; in the last week of the calendar every one does."""
    return due_on <= calendar.look_ahead(today, DUE_SOON_WORKING_DAYS)


def _running(deadline: Deadline, events: Mapping[Event, date], office: Office, today: date) -> Running:
    stopped_on = deadline.stopped_on(events)
    return Running(
        deadline,
        stopped_on,
        judge(deadline.due_on, stopped_on, today),
        working_days_late(deadline.due_on, stopped_on, today, office.calendar),
    )


def _stage(kind: Kind, events: Collection[Event]) -> int:
    if kind is not Kind.COMPLAINT:
        return 0
    if Event.S3_REQUESTED in events:
        return 3
    return 2 if Event.S2_REQUESTED in events or Event.SKIP_S1_AGREED in events else 1


def _state(kind: Kind, events: Collection[Event], progress: Progress) -> State:
    if Event.WITHDRAWN in events:
        return State.STOPPED
    if kind is Kind.COMPLIMENT:
        return State.THANKED
    if Event.CLOSED in events:
        return State.FINISHED
    return State.STOPPING if Event.WITHDRAWAL_ASKED in events else _state_of_an_open_one(events, progress)


def _state_of_an_open_one(events: Collection[Event], progress: Progress) -> State:
    answer = progress.answer
    if Event.WHOLLY_HELD in events and not (answer and answer.is_open):
        return State.WAITING
    if answer and answer.timeliness is Timeliness.OPEN_LATE:
        return State.LATE
    if progress.stage > 1:
        return State.STEP_2 if progress.stage == 2 else State.STEP_3
    return _state_of_stage_1(events)


def _state_of_stage_1(events: Collection[Event]) -> State:
    if Event.S1_REPLY_SENT in events or Event.S1_RESOLVED in events or Event.RESPONDED in events:
        return State.ANSWERED
    if Event.COMPLEX_DECIDED in events or Event.EXTENDED in events:
        return State.MORE_TIME
    if Event.ACKNOWLEDGED in events or Event.ROUTE in events:
        return State.LOOKING
    return State.READING if Event.READ in events or Event.ASSIGNED in events else State.RECEIVED
