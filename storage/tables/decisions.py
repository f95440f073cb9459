"""What an officer decided where the law gives a choice, and what waits for other proceedings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Text
from sqlmodel import Field

from procedures.terms import Ground, Matter
from storage.columns import Row, words


class DecisionRow(Row, table=True):
    """A discretion that was used: each test with what was weighed, the reason, the day and whose decision it was.

    Never changed: the newest of a matter stands.
    """

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_case", "case_reference", "matter"),)

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", max_length=20)
    matter: Matter = words(Matter, "matter")
    is_yes: bool
    weighed: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """Each with its test, what was weighed, and whether it holds, where it can."""
    why: str = Field(sa_type=Text)
    decided_on: date
    decided_by: str = Field(max_length=320)
    recorded_at: datetime


class HeldIssueRow(Row, table=True):
    """An issue that waits because considering it now would prejudice other proceedings (SI 2006/1738, reg. 8)."""

    __tablename__ = "held_issue"
    __table_args__ = (
        Index("ix_held_issue_case", "case_reference", "number"),
        Index("ix_held_issue_ended", "resubmitted_on", "ended_on"),
        CheckConstraint("number >= 0", name="number_or_all"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", max_length=20)
    number: int
    """The issue's; 0 for the whole complaint, where nobody has listed its issues."""
    ground: Ground = words(Ground, "ground")
    proceedings: str = Field(sa_type=Text)
    """Which: the letter names them to the person (reg. 8(3)), and nothing else does."""
    prejudice: str = Field(sa_type=Text)
    """How considering it now would prejudice them."""
    decided_on: date
    decided_by: str = Field(max_length=320)
    recorded_at: datetime
    ended_on: date | None = None
    """When the proceedings were discontinued or completed."""
    resubmitted_on: date | None = None
    continued_in: str = Field(default="", max_length=20)
    """The case in which it was taken up again."""
