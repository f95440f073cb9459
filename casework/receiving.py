"""What a letter does to a case that is already open. Machines never come here: they move no state and no clock."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.clockwork import S3_WINDOW, deadline_of, deadline_rows, deadlines_of, decided_by, events_of, law_of
from casework.decisions.by_an_officer import how_it_is_decided
from casework.office import Office
from casework.opening import task
from casework.people.advocate_alarm import watch
from casework.progress import State, where_it_stands
from casework.representation import Writer, voice_of
from procedures.clocks import is_in_time
from procedures.terms import Event, Kind, Notice, Procedure, Timeliness
from procedures.working_days import UnknownDates, date_at_the_desk, moment_at_the_desk
from storage.filing import Filing
from storage.outbox import outgoing
from storage.tables import CaseRow, DeadlineRow, EventRow, TaskKind

_ANSWERS = frozenset({Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED})
_OF_TWO_STAGES = (Procedure.STATUTORY, Procedure.CORPORATE, Procedure.UNDECIDED)


@dataclass(frozen=True)
class Hearing:
    """A letter about a case, heard at a moment in an office, with the filing that it goes into.

    `token` makes what follows from this very letter unique: its arrival id.
    """

    case: CaseRow
    events: list[EventRow]
    writer: Writer
    token: str
    received_at: datetime
    office: Office
    now: datetime
    filing: Filing
    in_reply_to: str = ""
    references: Sequence[str] = ()
    answer: bool = True
    parts: Collection[Procedure] = ()
    """The procedures by which single issues go another way (`storage.issues.parts_of`)."""

    @property
    def today(self) -> date:
        return date_at_the_desk(self.received_at)

    def happened(self, name: Event, note: str = "") -> None:
        """An event of the complainant's making, dated the day it reached us. Asked for again, it starts no second clock."""
        is_first = name not in events_of(self.events)
        row = EventRow(
            case_reference=self.case.reference,
            name=name,
            happened_on=self.today,
            recorded_at=self.now,
            recorded_by="complainant",
            note=note,
        )
        self.filing.add(row)
        self.events.append(row)
        if is_first and self.case.closed_on is None:
            self.filing.add(*(clock for clock in _deadlines(self) if clock.base_event is name))

    def say(self, notice: Notice, facts: dict[str, Any], *, urgency: int = 4) -> None:
        """Answer the writer, once for this letter."""
        if not self.answer or not self.writer.recipient:
            return
        self.filing.add(
            outgoing(
                key=f"{notice.value}:{self.token}",
                notice=notice,
                channel=self.writer.channel,
                recipient=self.writer.recipient,
                now=self.now,
                domain=self.office.domain,
                facts={"reference": self.case.reference, "voice": voice_of(self.case.raised_by)} | facts,
                case_reference=self.case.reference,
                in_reply_to=self.in_reply_to,
                references=self.references,
                urgency=urgency,
            )
        )

    def start_clocks(self) -> None:
        """It has turned out to be a complaint: its clocks run from the day it came."""
        self.filing.add(*_deadlines(self))

    def ask_staff(self, kind: TaskKind, detail: str = "") -> date:
        """Put it on the officers' list for the next working day, and return that day."""
        by = self.office.open_days.add_working_days(date_at_the_desk(self.now), 1)
        due = moment_at_the_desk(by, self.office.council.closes_at)
        self.filing.add(task(f"{kind.value}:{self.token}", kind, self.case.reference, due, self.now, detail))
        return by


@contextmanager
def kept_where_uncounted(hearing: Hearing) -> Iterator[None]:
    """Hear a letter in this: where dates of the case lie beyond the calendar, nothing of what it asks for is recorded half.

    The letter stays on its case and goes to a person, who records what it asks for with the day on which it came: no request
    for the next stage may be lost for a date that nobody can count (SI 2006/1738, reg. 15(2)). The desk says what they hear.
    """
    filing, case = hearing.filing, hearing.case
    rows, changes, events, closed_on = len(filing.rows), len(filing.changes), list(hearing.events), case.closed_on
    try:
        yield
    except UnknownDates as problem:
        del filing.rows[rows:], filing.changes[changes:]
        hearing.events[:] = events
        case.closed_on = closed_on
        why = str(problem).partition(". ")[0]
        detail = (
            f"nothing that this message asks for was recorded: dates of the case cannot be counted ({why}). Read it, put right "
            f"the event that is wrong (`heard case steps {case.reference}` lists them, `heard case correct` gives one its true "
            "day), then record what they ask for with the day it came"
        )
        key = f"uncounted:{hearing.token}"
        filing.add(task(key, TaskKind.PLACE_LETTER, case.reference, hearing.now, hearing.now, detail))


def status_facts(
    case: CaseRow, events: Sequence[EventRow], office: Office, today: date, parts: Collection[Procedure] = ()
) -> dict[str, Any]:
    """What a person may hear of their own case: a word for where it stands, and the next date. Never why, never who.

    `parts` are the procedures by which single issues go another way than the case: each has a date of its own.
    """
    progress = where_it_stands(case.kind, case.procedure, case.form, events_of(events), office, today, parts)
    answer = progress.answer
    named = answer.deadline.due_on if answer and (answer.is_open or progress.state is State.LATE) else None
    return {
        "reference": case.reference,
        "voice": voice_of(case.raised_by),
        "state": progress.state.value,
        "read_by": office.council.read_by(case.received_on, office.open_days).isoformat(),
        "due_on": named.isoformat() if named else None,
        "reason": None,
        "parts": [
            {"due_on": part.deadline.due_on.isoformat(), "is_late": part.timeliness is Timeliness.OPEN_LATE}
            for part in progress.open
            if part.deadline.rule.answers and progress.is_a_part(part)
        ],
    }


def tell_status(hearing: Hearing) -> None:
    """The person asks where their own case stands."""
    today = date_at_the_desk(hearing.now)
    hearing.say(Notice.STATUS, status_facts(hearing.case, hearing.events, hearing.office, today, hearing.parts))


def ask_to_stop(hearing: Hearing) -> None:
    """Someone asks to stop. Nothing stops: a person checks first that it is their choice (practice.md §3). Clocks run on."""
    hearing.happened(Event.WITHDRAWAL_ASKED)
    by = decided_by(hearing.case, hearing.office, TaskKind.WITHDRAWAL.value, hearing.today)
    due = moment_at_the_desk(by, hearing.office.council.closes_at)
    key = f"{TaskKind.WITHDRAWAL.value}:{hearing.case.reference}"
    hearing.filing.add(task(key, TaskKind.WITHDRAWAL, hearing.case.reference, due, hearing.now, "speak with them safely first"))
    hearing.say(Notice.WITHDRAWAL_ASKED, {})


def not_happy(hearing: Hearing) -> None:
    """ "Not happy", in any words, after the answer or once it is late: the next stage is asked for from that minute.

    SI 2006/1738, reg. 15(2): orally or in writing, no form, no time limit; so neither that the case was closed meanwhile nor
    that they once asked to stop takes it away. Before there is an answer, or where the law has no second stage, an officer
    speaks to them.
    """
    asked = stage_asked_for(hearing.case, hearing.events, hearing.office, hearing.received_at)
    if asked is not None and next_stage(hearing.case, hearing.events, hearing.office, hearing.received_at, hearing.now):
        is_late = asked is Event.S3_REQUESTED and _panel_is_late(hearing)
        reopen(hearing)
        hearing.happened(asked)
        if asked is Event.S3_REQUESTED:  # they no longer agree to go to the Ombudsman without a panel (law.md 1.9)
            agreed = {"case_reference": hearing.case.reference, "name": Event.EARLY_REFERRED}
            hearing.filing.change(EventRow, agreed, is_superseded=True)
        if is_late:
            law = law_of(Event.S3_REQUESTED, hearing.case, hearing.office)
            how = how_it_is_decided(TaskKind.LATE_PANEL, hearing.case.reference)
            hearing.ask_staff(TaskKind.LATE_PANEL, f"asked for after its window: weigh it, {how} ({law})")
    by = hearing.ask_staff(TaskKind.NOT_HAPPY)
    has_next = hearing.case.procedure in _OF_TWO_STAGES
    facts = {"what": "next_step" if has_next else "look", "by_date": by.isoformat(), **_when_they_hear(hearing)}
    hearing.say(Notice.PASSED_TO_TEAM, facts)


def _when_they_hear(hearing: Hearing) -> dict[str, Any]:
    """Day 25 and day 65 of a stage 2 asked for today (practice.md §3); promised only where the route is decided."""
    case, events = hearing.case, events_of(hearing.events)
    if case.procedure is not Procedure.STATUTORY or events.get(Event.S2_REQUESTED) != hearing.today:
        return {"due_on": None, "longest_on": None}
    found = deadlines_of(case.kind, case.procedure, case.form, events, hearing.office)
    clock = next((one for one in found if one.rule.answers and one.stage == 2), None)
    due, longest = (clock.first_due_on, clock.longest_on) if clock else (None, None)
    return {"due_on": due.isoformat() if due else None, "longest_on": longest.isoformat() if longest else None}


def stage_asked_for(case: CaseRow, rows: Sequence[EventRow], office: Office, asked_at: datetime) -> Event | None:
    """Which stage "not happy" asks for at `asked_at`; none where it is too early, was asked for, or there is no such stage.

    The second after the first answer or once it is late, a panel after the second answer of the statutory procedure
    (SI 2006/1738, regs. 15(2), 18).
    """
    events, today = events_of(rows), date_at_the_desk(asked_at)
    if Event.WITHDRAWN in events:
        return None
    progress = where_it_stands(case.kind, case.procedure, case.form, events, office, today)
    if progress.stage == 2:
        is_answered = case.procedure is Procedure.STATUTORY and Event.S2_NOTICE_SENT in events
        return Event.S3_REQUESTED if is_answered else None
    is_late = progress.answer is not None and progress.answer.timeliness is Timeliness.OPEN_LATE
    return Event.S2_REQUESTED if progress.stage == 1 and (is_late or _ANSWERS & events.keys()) else None


def next_stage(case: CaseRow, rows: Sequence[EventRow], office: Office, asked_at: datetime, now: datetime) -> list[DeadlineRow]:
    """The clocks that asking for the next stage at `asked_at` begins; none where it is too early, was asked for, or is none."""
    asked = stage_asked_for(case, rows, office, asked_at)
    if asked is None:
        return []
    begun = deadline_rows(case, {**events_of(rows), asked: date_at_the_desk(asked_at)}, office, now)
    return [row for row in begun if row.base_event is asked]


def _panel_is_late(hearing: Hearing) -> bool:
    """Whether a panel is asked for after the window of its procedure: a person weighs it (SI 2006/1738, reg. 18(2))."""
    window = deadline_of(hearing.case, events_of(hearing.events), hearing.office, S3_WINDOW)
    return window is not None and not is_in_time(window.due_on, hearing.today)


def reopen(hearing: Hearing) -> None:
    """A closed case goes on: what it owes is looked after again. That it was closed stays on record."""
    case = hearing.case
    if case.closed_on is None:
        return
    hearing.filing.change(CaseRow, {"reference": case.reference}, closed_on=None)
    hearing.filing.change(EventRow, {"case_reference": case.reference, "name": Event.CLOSED}, is_superseded=True)
    hearing.events[:] = [row for row in hearing.events if row.name is not Event.CLOSED]
    hearing.happened(Event.NOTED, f"goes on; it was closed on {case.closed_on}")
    case.closed_on = None


def hear_more(hearing: Hearing, *, is_not_happy: bool = False) -> bool:
    """More for a case; returns whether it was taken for the request of the next stage, which it is after the answer in any words.

    After the answer or the close nobody has it in hand, and it may still ask for the next stage: a person reads it. What has
    no clock and may hold a problem is read by a person too.
    """
    if is_not_happy and next_stage(hearing.case, hearing.events, hearing.office, hearing.received_at, hearing.now):
        not_happy(hearing)
        return True
    events = events_of(hearing.events)
    is_answered = Event.S2_NOTICE_SENT in events and Event.S3_REQUESTED not in events
    is_over = hearing.case.closed_on is not None or is_answered or (_ANSWERS & events.keys() and Event.S2_REQUESTED not in events)
    if is_over:
        hearing.ask_staff(TaskKind.PLACE_LETTER, "written after the answer or the close: it may ask for the next step")
    elif hearing.case.kind in (Kind.COMMENT, Kind.ENQUIRY):
        hearing.ask_staff(TaskKind.PLACE_LETTER, "added to what is no complaint: it may be one")
    return False


def ask_for_advocate(hearing: Hearing) -> None:
    """Children Act 1989, s. 26A: an advocate is asked for. The start moves only when one is appointed and an officer says so."""
    hearing.happened(Event.ADVOCATE_REQUESTED)
    by = hearing.ask_staff(TaskKind.ADVOCATE, "ask how the advocate can reach them")
    watch(hearing.filing, hearing.case.reference, hearing.today, hearing.office, hearing.now)
    hearing.say(Notice.PASSED_TO_TEAM, {"what": "advocate", "by_date": by.isoformat()})


def call_back(hearing: Hearing) -> None:
    """They would rather talk."""
    by = hearing.ask_staff(TaskKind.CALL_BACK)
    hearing.say(Notice.PASSED_TO_TEAM, {"what": "call", "by_date": by.isoformat()})


def _deadlines(hearing: Hearing) -> list[DeadlineRow]:
    return deadline_rows(hearing.case, events_of(hearing.events), hearing.office, hearing.now)
