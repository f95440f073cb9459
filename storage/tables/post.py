"""What comes in and what leaves: the ledger, the letters, the doors, the outbox, the chats."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, Text, UniqueConstraint, false
from sqlmodel import Field

from procedures.terms import Channel
from storage.columns import LedgerResult, OutboxState, Row, arrived_by, stored, words


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


class DoorRow(Row, table=True):
    """How far a door has been read: everything up to `position` is stored. Moves in the commit that stores it."""

    __tablename__ = "door"

    name: str = Field(primary_key=True, max_length=300)
    validity: str = Field(default="", max_length=40)
    position: int = Field(default=0, sa_type=BigInteger)
    since: datetime
    """What came before this moment is not a day's post: a reset of the mailbox does not bring it in."""
    moved_at: datetime


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
    """Telegram's id of the (last) message that was sent."""
    earlier_numbers: list[int] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """Telegram's ids of those before it, where it took several."""
    is_bell: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """It left as a doorbell: its words are shown by a row of their own, once it is tapped."""


class ConversationRow(Row, table=True):
    """Where a chat stands. One row a chat, saved in the same commit as what was said."""

    __tablename__ = "conversation"

    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    state: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    updated_at: datetime
    is_blocked: bool = False
