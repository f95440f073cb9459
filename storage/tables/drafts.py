"""An answer on its way out: its versions, who checked and signed, how it reached the person; and what left redacted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from storage.columns import Row, words


class Way(StrEnum):
    """How a letter went to a person."""

    EMAIL = "email"
    TELEGRAM = "telegram"
    POST = "post"
    IN_PERSON = "in_person"


class Whose(StrEnum):
    """Whose report goes with the answer of stage 2."""

    OFFICER = "officer"
    INDEPENDENT = "independent"


class DraftRow(Row, table=True):
    """One version of an answer. Its bytes never change: who mends it makes the next version, which is checked and signed anew."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("case_reference", "stage", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    stage: int
    version: int
    made_at: datetime
    made_by: str = Field(max_length=320)
    letter: bytes = Field(sa_type=LargeBinary)
    """The Word file, as it was taken in."""
    child_letter: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The child's version of it, a Word file too."""
    officer_report: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The report of the investigating officer, which goes with the answer of stage 2; a Word file."""
    independent_report: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The report of the independent person, as well."""
    signed_at: datetime | None = None
    signed_by: str = Field(default="", max_length=320)


class DraftCheckRow(Row, table=True):
    """A second person's look at one version. What was found stays on record, also where it was accepted with a reason."""

    __tablename__ = "draft_check"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    made_at: datetime
    made_by: str = Field(max_length=320)
    has_passed: bool
    found: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """Each with its rule, its words, whether it stops, and why it was accepted."""


class SentLetterRow(Row, table=True):
    """A signed answer on its way to one person, by one route; each day as far as it is known."""

    __tablename__ = "sent_letter"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    way: Way = words(Way, "way")
    recipient: str = Field(default="", max_length=320)
    """The address or the chat; empty where it went by post or by hand."""
    outbox_key: str = Field(default="", max_length=300, index=True)
    """What in the outbox carries it; empty where it went by post or by hand."""
    sent_on: date
    sent_by: str = Field(max_length=320)
    left_at: datetime | None = None
    """When the mail server or the chat took it from us."""
    delivered_on: date | None = None
    received_on: date | None = None
    opened_on: date | None = None


class RedactionRow(Row, table=True):
    """What was taken out of a text before somebody may have it, by whom and why. It leaves only after a second person agreed."""

    __tablename__ = "redaction"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    for_whom: str = Field(max_length=300)
    made_at: datetime
    made_by: str = Field(max_length=320)
    source: str = Field(sa_type=Text)
    """The words before."""
    removed: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """Each passage: where it begins and ends in `source` (code points), and why it was taken out."""
    extract: str = Field(sa_type=Text)
    """The words after."""
    confirmed_at: datetime | None = None
    confirmed_by: str = Field(default="", max_length=320)
    given_at: datetime | None = None
    given_by: str = Field(default="", max_length=320)
