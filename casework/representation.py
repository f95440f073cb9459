"""A representation: what someone tells the council, once it has been read. Casework opens a case from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procedures.terms import Channel, Form, Kind, Procedure, Risk, Role


def fold_address(address: str) -> str:
    """An email address as it is compared: lower case, no spaces around. Nobody's mailbox tells case apart."""
    return address.strip().lower()


@dataclass(frozen=True)
class Writer:
    """Who wrote, and the route by which we answer. Exactly one of address and chat is set, or neither for a call."""

    address: str = ""
    chat_id: int = 0
    name: str = ""
    phone: str = ""

    @property
    def channel(self) -> Channel:
        return Channel.TELEGRAM if self.chat_id else Channel.EMAIL

    @property
    def recipient(self) -> str:
        """Where an answer goes; empty when we have no route."""
        return str(self.chat_id) if self.chat_id else self.address


@dataclass(frozen=True)
class Representation:
    """What the words are and what reading them suggests. A person confirms it."""

    writer: Writer
    channel: Channel
    received_at: datetime
    kind: Kind
    suggested: Procedure
    form: Form = Form.WRITTEN
    raised_by: Role = Role.UNKNOWN
    risk: Risk = Risk.NONE
    is_about_to_change: bool = False
    """Its words say that something changes for them within days: whether that waits is decided the next working day."""
    tier: str = ""
    """harm, suicide, threat, look (a person must look for harm) or empty: what the duty address is told of."""
    reasons: Sequence[dict[str, Any]] = ()
    language: str = "en"
    needs_translation: bool = False
    has_attachments: bool = False
    in_reply_to: str = ""
    references: Sequence[str] = ()
    may_belong_to: Sequence[str] = ()
    """References that the letter names or its writer has: for an officer to link, never told to the writer."""
    is_imported: bool = False
    answer: bool = True
    """Whether the writer gets a receipt: not for imports, machines or an address over its brake."""
    recorded_by: str = "service"
    team: str = ""
    is_of_a_member: bool = False
    """A member of parliament or a councillor asks: no complaint, with a clock of the council's own."""
    is_training: bool = False
    """Made up, to learn on: nothing of it leaves, and nothing counts it."""
    is_locked: bool = False
    """It is encrypted: the receipt asks for it once more (hard-cases.md 39)."""


def voice_of(raised_by: Role) -> str:
    """Which words a person gets: child, adult, or unknown while nobody said."""
    if raised_by in (Role.CHILD, Role.CARE_LEAVER):
        return "child"
    return "unknown" if raised_by is Role.UNKNOWN else "adult"
