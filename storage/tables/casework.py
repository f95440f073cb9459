"""A case: its people, what happened, what is due, what staff must look at."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text, UniqueConstraint, false, text
from sqlmodel import Field

from procedures.terms import Channel, ClockKind, Event, Form, Kind, Outcome, Procedure, Risk, Role
from storage.columns import HarmBy, PartyRole, Row, TaskKind, arrived_by, index_where, stored, words

_IS_OPEN = text("closed_on IS NULL")
_IS_OURS = text("recorded_by <> 'register'")
"""An event that happened here, and was not taken from a register of the past (`procedures.register_words.IMPORTED_BY`)."""


class CaseRow(Row, table=True):
    """Our file about one representation. Its dates are events, its due dates deadlines; here is only what it is."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_open", "closed_on", "team"),
        # `closed_on` is empty in all of it, and stands first so that SQLite, which counts nothing, prefers it to the one above.
        index_where(_IS_OPEN, "ix_cases_remind", "closed_on", "remind_from"),
        arrived_by("channel"),
    )

    reference: str = Field(primary_key=True, max_length=20)
    kind: Kind = words(Kind, "kind")
    procedure: Procedure = words(Procedure, "procedure")
    """UNDECIDED until an officer confirms the route; `suggested` is what the reading suggests."""
    suggested: Procedure = words(Procedure, "suggested")
    channel: Channel = Field(sa_type=stored(Channel, "channel", is_checked=False))
    form: Form = words(Form, "form")
    received_at: datetime
    received_on: date = Field(index=True)
    """The legal day at the desk, Europe/London."""
    raised_by: Role = words(Role, "raised_by", default=Role.UNKNOWN)
    risk: Risk = words(Risk, "risk", default=Risk.NONE)
    language: str = Field(default="en", max_length=12)
    team: str = Field(default="", max_length=100)
    owner: str = Field(default="", max_length=320)
    closed_on: date | None = None
    outcome: Outcome | None = words(Outcome, "outcome", default=None, nullable=True)
    is_imported: bool = False
    """Came from the past: nothing is sent to anyone unless it was asked for."""
    is_training: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Made up, for staff to learn on: nothing of it leaves, and no report, digest or register knows of it (practice.md §5.10)."""
    remind_from: date | None = None
    """The first day on which somebody may have to be reminded of it: the sweep looks at no other. Empty where nothing is owed.
    Too early costs a look, too late a reminder: so each new event puts the case back on the list, and the sweep takes it off.
    """


class PartyRow(Row, table=True):
    """A person on a case and the one route by which we may write to them."""

    __tablename__ = "party"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    role: PartyRole = words(PartyRole, "party_role")
    name: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=320, index=True)
    """An email address, folded with `fold_address`; empty for a chat."""
    chat_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    phone: str = Field(default="", max_length=60)
    is_closed: bool = False
    """The route failed or was closed by the person: nothing more is sent by it."""


class ClassificationRow(Row, table=True):
    """A reading of a case, or a person's decision about it, with its reasons. The newest one by a person stands."""

    __tablename__ = "classification"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    made_at: datetime
    made_by: str = Field(max_length=320)
    """`rules` or a person's address."""
    kind: Kind = words(Kind, "classified_kind")
    procedure: Procedure = words(Procedure, "classified_procedure")
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class EventRow(Row, table=True):
    """Something that happened to a case, on a legal day. Never changed: a correction supersedes."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_case", "case_reference", "happened_on"),
        index_where(_IS_OURS, "ix_event_own", "case_reference"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", max_length=20)
    name: Event = words(Event, "event_name")
    happened_on: date
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)
    """A person's address, `complainant`, or `service`."""
    note: str = Field(default="", sa_type=Text)
    is_superseded: bool = False


class DeadlineRow(Row, table=True):
    """The last day of a clock, with its rule, its base event and the trace of how it was counted."""

    __tablename__ = "deadline"
    __table_args__ = (Index("ix_deadline_standing", "is_superseded", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    clock: str = Field(max_length=60)
    procedure: Procedure = words(Procedure, "deadline_procedure")
    stage: int
    kind: ClockKind = words(ClockKind, "clock_kind")
    rule_id: str = Field(max_length=120)
    base_event: Event = words(Event, "base_event")
    base_on: date
    due_on: date
    authority: str = Field(max_length=300)
    calendar_version: str = Field(max_length=80)
    trace: list[str] = Field(default_factory=list, sa_type=JSON)
    explanation: str = Field(default="", sa_type=Text)
    """How it was counted, in one sentence that a parent understands."""
    made_at: datetime
    is_superseded: bool = False
    supersedes: int | None = None
    """The row that stood before it, of the same clock."""
    superseded_at: datetime | None = None
    superseded_why: str = Field(default="", sa_type=Text)
    """What moved it, or ended it where no row supersedes it."""


class TaskRow(Row, table=True):
    """Something a member of staff must look at. The key makes it unique."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("key"), Index("ix_task_open", "done_at", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=300)
    kind: TaskKind = words(TaskKind, "task_kind")
    case_reference: str | None = Field(default=None, foreign_key="cases.reference", index=True, max_length=20)
    detail: str = Field(default="", max_length=1000)
    made_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    done_by: str = Field(default="", max_length=320)


class AlertRow(Row, table=True):
    """What a person did about a safety alert. It stands once somebody took the alert up; the alert itself is its task."""

    __tablename__ = "alert"

    task_key: str = Field(primary_key=True, foreign_key="task.key", max_length=300)
    taken_at: datetime
    taken_by: str = Field(max_length=320)
    closed_at: datetime | None = None
    closed_by: str = Field(default="", max_length=320)
    harm_by: HarmBy = words(HarmBy, "harm_by", default=HarmBy.UNKNOWN)
    referred_to: str = Field(default="", max_length=300)
    """Empty where it was decided, with `why`, that none is needed."""
    referred_at: datetime | None = None
    their_reference: str = Field(default="", max_length=100)
    designated_officer: str = Field(default="", max_length=300)
    """The LADO who was told, where staff or carers may have done harm."""
    child_told: str = Field(default="", sa_type=Text)
    decided_by: str = Field(default="", max_length=300)
    """Name and job of the qualified person who decided that no referral is needed."""
    why: str = Field(default="", sa_type=Text)


class ReminderRow(Row, table=True):
    """A rung of the ladder that was told to a person about one due date. Its key is what makes it told once."""

    __tablename__ = "reminder"

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    clock: str = Field(primary_key=True, max_length=60)
    due_on: date = Field(primary_key=True)
    rung: str = Field(primary_key=True, max_length=20)
    person: str = Field(primary_key=True, max_length=320)
    told_on: date
