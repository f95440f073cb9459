"""What a letter does to a case that is already open. Machines never come here: they move no state and no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.clockwork import deadline_rows, events_of
from casework.office import Office
from casework.opening import task
from casework.progress import State, where_it_stands
from casework.representation import Writer, voice_of
from procedures.terms import Event, Notice
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage.filing import Filing
from storage.outbox import outgoing
from storage.tables import CaseRow, DeadlineRow, EventRow, TaskKind


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

    @property
    def today(self) -> date:
        return date_at_the_desk(self.received_at)

    def happened(self, name: Event, note: str = "") -> None:
        """An event of the complainant's making, dated the day it reached us."""
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
        by = self.office.calendar.add_working_days(date_at_the_desk(self.now), 1)
        due = moment_at_the_desk(by, self.office.council.closes_at)
        self.filing.add(task(f"{kind.value}:{self.token}", kind, self.case.reference, due, self.now, detail))
        return by


def status_facts(case: CaseRow, events: Sequence[EventRow], office: Office, today: date) -> dict[str, Any]:
    """What a person may hear of their own case: a word for where it stands, and the next date. Never why, never who."""
    progress = where_it_stands(case.kind, case.procedure, case.form, events_of(events), office, today)
    answer = progress.answer
    named = answer.deadline.due_on if answer and (answer.is_open or progress.state is State.LATE) else None
    return {
        "reference": case.reference,
        "voice": voice_of(case.raised_by),
        "state": progress.state.value,
        "read_by": office.council.read_by(case.received_on, office.calendar).isoformat(),
        "due_on": named.isoformat() if named else None,
        "reason": None,
    }


def tell_status(hearing: Hearing) -> None:
    """The person asks where their own case stands."""
    hearing.say(Notice.STATUS, status_facts(hearing.case, hearing.events, hearing.office, date_at_the_desk(hearing.now)))


def ask_to_stop(hearing: Hearing) -> None:
    """Someone asks to stop. Nothing stops: a person checks first that it is their choice (practice.md §3). Clocks run on."""
    hearing.happened(Event.WITHDRAWAL_ASKED)
    by = hearing.office.calendar.add_working_days(hearing.today, 5)
    due = moment_at_the_desk(by, hearing.office.council.closes_at)
    key = f"{TaskKind.WITHDRAWAL.value}:{hearing.case.reference}"
    hearing.filing.add(task(key, TaskKind.WITHDRAWAL, hearing.case.reference, due, hearing.now, "speak with them safely first"))
    hearing.say(Notice.WITHDRAWAL_ASKED, {})


def not_happy(hearing: Hearing) -> None:
    """ "Not happy", in any words, after the answer or once it is late: the next stage is asked for from that minute.

    SI 2006/1738, reg. 15(2): orally or in writing, no form, no time limit. Before there is an answer an officer speaks to them.
    """
    progress = where_it_stands(
        hearing.case.kind, hearing.case.procedure, hearing.case.form, events_of(hearing.events), hearing.office, hearing.today
    )
    if progress.stage == 1 and progress.state in (State.ANSWERED, State.LATE):
        before = {row.clock for row in _deadlines(hearing)}
        hearing.happened(Event.S2_REQUESTED)
        hearing.filing.add(*(row for row in _deadlines(hearing) if row.clock not in before))
    by = hearing.ask_staff(TaskKind.NOT_HAPPY)
    hearing.say(Notice.PASSED_TO_TEAM, {"what": "next_step", "by_date": by.isoformat()})


def ask_for_advocate(hearing: Hearing) -> None:
    """Children Act 1989, s. 26A: an advocate is asked for. The start moves only when one is appointed and an officer says so."""
    hearing.happened(Event.ADVOCATE_REQUESTED)
    by = hearing.ask_staff(TaskKind.ADVOCATE, "ask how the advocate can reach them")
    hearing.say(Notice.PASSED_TO_TEAM, {"what": "advocate", "by_date": by.isoformat()})


def call_back(hearing: Hearing) -> None:
    """They would rather talk."""
    by = hearing.ask_staff(TaskKind.CALL_BACK)
    hearing.say(Notice.PASSED_TO_TEAM, {"what": "call", "by_date": by.isoformat()})


def _deadlines(hearing: Hearing) -> list[DeadlineRow]:
    return deadline_rows(hearing.case, events_of(hearing.events), hearing.office, hearing.now)
