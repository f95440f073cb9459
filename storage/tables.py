"""The tables, and nothing else. Queries are named functions beside them.

What identifies a row is what it is: a case its reference, an arrival the digest of what came through which door.
So a whole filing can be written at once, and a second delivery meets the first one's key.
Moments are stored in UTC (SQLModel refuses naive ones), legal days as dates in Europe/London.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from procedures.terms import Channel, ClockKind, Event, Form, Kind, Outcome, Procedure, Risk, Role
from storage.columns import METADATA, HarmBy, LedgerResult, OutboxState, PartyRole, Row, TaskKind, arrived_by, stored, words

__all__ = [
    "METADATA",
    "AlertRow",
    "ArrivalRow",
    "AttachmentRow",
    "CalendarDayRow",
    "CaseRow",
    "ClassificationRow",
    "ConversationRow",
    "DeadlineRow",
    "DoorRow",
    "EventRow",
    "HarmBy",
    "HeartbeatRow",
    "HoldRow",
    "LeaderRow",
    "LedgerResult",
    "LetterRow",
    "OutboxRow",
    "OutboxState",
    "PartyRole",
    "PartyRow",
    "ReminderRow",
    "TaskKind",
    "TaskRow",
]


class ArrivalRow(Row, table=True):
    """The ledger: one row for each distinct arrival, with its bytes, and what became of it."""

    __tablename__ = "arrival"
    __table_args__ = (Index("ix_arrival_result_received", "result", "received_at"),)

    id: str = Field(primary_key=True, max_length=64)
    """SHA-256 over door and identity."""
    door: str = Field(max_length=300)
    wire: str = Field(max_length=20)
    position: int = Field(default=0, sa_type=BigInteger)
    validity: str = Field(default="", max_length=40)
    received_at: datetime
    stored_at: datetime
    raw: bytes = Field(sa_type=LargeBinary)
    result: LedgerResult = words(LedgerResult, "result")
    case_reference: str | None = Field(default=None, foreign_key="cases.reference", index=True, max_length=20)
    message_id: str = Field(default="", max_length=1000, index=True)
    problem: str = Field(default="", max_length=200)
    dealt_with_by: str = Field(default="", max_length=320)
    dealt_with_at: datetime | None = None


class LetterRow(Row, table=True):
    """An arrival read: what a person wrote to us, as far as it belongs to a case."""

    __tablename__ = "letter"
    __table_args__ = (arrived_by("letter_channel"),)

    arrival_id: str = Field(primary_key=True, foreign_key="arrival.id", max_length=64)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    channel: Channel = Field(sa_type=stored(Channel, "letter_channel", is_checked=False))
    received_at: datetime
    subject: str = Field(default="", sa_type=Text)
    words: str = Field(default="", sa_type=Text)
    """What is new in it; the whole original is the arrival's."""
    sender: str = Field(default="", max_length=320)
    chat_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    message_number: int = Field(default=0, sa_type=BigInteger)
    is_unverified: bool = False
    """Added on a thread or reference alone: nothing is said back because of it."""
    is_edit: bool = False


class AttachmentRow(Row, table=True):
    """A file that came with a letter. Email: its bytes are in the arrival. Telegram: fetched after the commit, by `file_id`."""

    __tablename__ = "attachment"

    arrival_id: str = Field(primary_key=True, foreign_key="arrival.id", max_length=64)
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=200)
    media_type: str = Field(default="", max_length=200)
    size: int = Field(default=0, sa_type=BigInteger)
    file_id: str = Field(default="", max_length=300)
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    problem: str = Field(default="", max_length=200)
    """Why the bytes could not be fetched, once that is given up."""
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, index=True)
    """When to fetch it (again); empty when there is nothing to fetch."""


class CaseRow(Row, table=True):
    """Our file about one representation. Its dates are events, its due dates deadlines; here is only what it is."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_open", "closed_on", "team"), arrived_by("channel"))

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
    __table_args__ = (Index("ix_event_case", "case_reference", "happened_on"),)

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


class OutboxRow(Row, table=True):
    """Something that leaves, or has left. The key makes it unique: what is already there is not said again."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_recipient", "channel", "recipient"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=300)
    case_reference: str | None = Field(default=None, foreign_key="cases.reference", index=True, max_length=20)
    notice: str = Field(max_length=60)
    channel: Channel = words(Channel, "outbox_channel")
    """TELEGRAM, EMAIL or ALARM."""
    recipient: str = Field(max_length=320)
    """One address, one chat id in digits, or one of the alarm's routes."""
    language: str = Field(default="en", max_length=12)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What the template is given; JSON values, dates as ISO text."""
    in_reply_to: str = Field(default="", max_length=1000)
    references: list[str] = Field(default_factory=list, sa_type=JSON)
    message_id: str = Field(default="", max_length=300, index=True)
    """Made when it is queued, stored before it is sent, the same at every try."""
    urgency: int = 5
    """1 before 5: a safety alert does not wait behind a digest."""
    state: OutboxState = words(OutboxState, "outbox_state", default=OutboxState.QUEUED)
    queued_at: datetime
    due_at: datetime
    tries: int = 0
    may_repeat: bool = False
    """An earlier try may have arrived."""
    claimed_at: datetime | None = None
    claimed_by: str = Field(default="", max_length=40)
    """The process that took it up, by the name of its presence on PostgreSQL; empty where only one process can be at work."""
    sent_at: datetime | None = None
    problem: str = Field(default="", max_length=200)
    subject: str = Field(default="", sa_type=Text)
    """As sent."""
    body: str = Field(default="", sa_type=Text)
    """As sent, plain text."""
    wire_number: int = Field(default=0, sa_type=BigInteger)
    """Telegram's id of the message that was sent."""


class ConversationRow(Row, table=True):
    """Where a chat stands. One row a chat, saved in the same commit as what was said."""

    __tablename__ = "conversation"

    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    state: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    updated_at: datetime
    is_blocked: bool = False


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


class DoorRow(Row, table=True):
    """How far a door has been read: everything up to `position` is stored. Moves in the commit that stores it."""

    __tablename__ = "door"

    name: str = Field(primary_key=True, max_length=300)
    validity: str = Field(default="", max_length=40)
    position: int = Field(default=0, sa_type=BigInteger)
    since: datetime
    """What came before this moment is not a day's post: a reset of the mailbox does not bring it in."""
    moved_at: datetime


class HeartbeatRow(Row, table=True):
    """The last good turn of each loop, and what is wrong since."""

    __tablename__ = "heartbeat"

    loop: str = Field(primary_key=True, max_length=60)
    turned_at: datetime | None = None
    trouble: str = Field(default="", max_length=200)
    trouble_since: datetime | None = None
    waiting: int = 0
    """Of a door: how many it saw at its last look that are not stored yet."""
    waiting_since: datetime | None = None
    """When the oldest of them came, as far as the door knows."""


class LeaderRow(Row, table=True):
    """Which process turns a loop that only one may turn. What another still holds in its hands is not stored any more."""

    __tablename__ = "leader"

    role: str = Field(primary_key=True, max_length=320)
    """A door's name, or a loop's."""
    process: str = Field(max_length=40)
    since: datetime


class HoldRow(Row, table=True):
    """A restore, and the hold that it puts on the outbox: what may have been said already is not said again by itself.

    While one is not released, nothing leaves but what tells of help; afterwards it is the record of who let go what.
    """

    __tablename__ = "hold"

    id: int | None = Field(default=None, primary_key=True)
    since: datetime
    """When the copy was put back."""
    held_by: str = Field(max_length=320)
    """Who put it back: a person's address, or the account on the machine."""
    made_at: datetime | None = None
    """When the copy was made; unknown of a copy that does not say."""
    outbox_up_to: int = Field(default=0, sa_type=BigInteger)
    """The last number of the outbox in the copy: what is above it was queued since."""
    released_at: datetime | None = None
    released_by: str = Field(default="", max_length=320)
    released: int = 0
    dropped: int = 0


class CalendarDayRow(Row, table=True):
    """A council's or a proclamation's change to the calendar that the program ships with."""

    __tablename__ = "calendar_day"

    nation: str = Field(primary_key=True, max_length=40)
    day: date = Field(primary_key=True)
    name: str = Field(max_length=200)
    is_working: bool = False
    added_at: datetime
    added_by: str = Field(max_length=320)
