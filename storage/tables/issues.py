"""What a complaint consists of: its numbered issues, what was found on each, what puts it right, what the council learns."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from procedures.terms import ActionSource, Outcome, Procedure, Remedy, Sharing, Theme
from storage.columns import Row
from storage.columns import words as word_of


class IssueRow(Row, table=True):
    """One point of a complaint, in one wording. What is mended gets the next version: nothing that was agreed is lost."""

    __tablename__ = "issue"
    __table_args__ = (CheckConstraint("number > 0 AND version > 0", name="counted_from_one"),)

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    number: int = Field(primary_key=True)
    """Counted from 1 within the case, and never given twice: letters name it."""
    version: int = Field(primary_key=True)
    words: str = Field(sa_type=Text)
    theme: Theme = word_of(Theme, "theme", default=Theme.OTHER)
    procedure: Procedure | None = word_of(Procedure, "issue_procedure", default=None, nullable=True)
    """Its own, if the complaint was split; else it goes the way of the case."""
    wanted: str = Field(default="", sa_type=Text)
    """What the person would like for this point."""
    made_at: datetime
    made_by: str = Field(max_length=320)
    why: str = Field(default="", sa_type=Text)
    """Why it was mended, split off or taken out."""
    split_from: int | None = None
    """The number of the issue that it was a part of."""
    is_withdrawn: bool = False
    confirmed_on: date | None = None
    """The day on which the person said that this is what they mean."""
    confirmed_how: str = Field(default="", sa_type=Text)
    is_superseded: bool = False


class FindingRow(Row, table=True):
    """What was found on an issue at a stage. A correction supersedes."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_case", "case_reference", "number"),
        CheckConstraint("stage BETWEEN 1 AND 3", name="stage_of_three"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", max_length=20)
    number: int
    """The issue's."""
    stage: int
    outcome: Outcome = word_of(Outcome, "finding_outcome")
    reason: str = Field(sa_type=Text)
    found_on: date
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)
    is_superseded: bool = False


class RemedyRow(Row, table=True):
    """What was decided to put an issue right, or that nothing is and why; money in whole pence."""

    __tablename__ = "remedy"
    __table_args__ = (
        Index("ix_remedy_case", "case_reference", "number"),
        CheckConstraint("(kind = 'financial') = (amount_pence IS NOT NULL)", name="money_has_an_amount"),
        CheckConstraint("amount_pence > 0", name="amount"),
        CheckConstraint("stage BETWEEN 1 AND 3", name="stage_of_three"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", max_length=20)
    number: int
    stage: int
    kind: Remedy = word_of(Remedy, "remedy_kind")
    what: str = Field(sa_type=Text)
    """What is done; of NONE the reason why nothing is."""
    amount_pence: int | None = None
    agreed_by: str = Field(default="", max_length=300)
    """Name and job of who agreed to it, for money who may spend it."""
    decided_on: date
    decided_by: str = Field(max_length=320)
    recorded_at: datetime
    given_on: date | None = None
    given_by: str = Field(default="", max_length=320)
    is_superseded: bool = False


class LessonRow(Row, table=True):
    """What the council learned from a case."""

    __tablename__ = "lesson"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str | None = Field(default=None, foreign_key="cases.reference", index=True, max_length=20)
    """Empty once the case itself is no longer kept: what was learned stays."""
    number: int | None = None
    """The issue that taught it, if it was one."""
    words: str = Field(sa_type=Text)
    learned_on: date
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)


class ActionRow(Row, table=True):
    """What somebody in the council has to do because of a case. It outlives the case and is chased until it is done."""

    __tablename__ = "action"
    __table_args__ = (Index("ix_action_open", "done_on", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str | None = Field(default=None, foreign_key="cases.reference", index=True, max_length=20)
    lesson_id: int | None = Field(default=None, foreign_key="lesson.id")
    number: int | None = None
    source: ActionSource = word_of(ActionSource, "action_source")
    words: str = Field(sa_type=Text)
    owner: str = Field(max_length=320)
    """The address of who must do it."""
    team: str = Field(default="", max_length=100)
    due_on: date
    first_due_on: date
    """What was promised first: it stays, whatever was agreed later."""
    made_at: datetime
    made_by: str = Field(max_length=320)
    evidence: str = Field(default="", sa_type=Text)
    """What shows that it was done."""
    done_on: date | None = None
    done_by: str = Field(default="", max_length=320)
    told_at: datetime | None = None
    """When the person was told what changed."""


class ActionEventRow(Row, table=True):
    """What happened to an action: whose it became, until when, and why."""

    __tablename__ = "action_event"

    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)
    note: str = Field(sa_type=Text)


class ActionReminderRow(Row, table=True):
    """A rung of the ladder that was told to a person about an action. Its key is what makes it told once."""

    __tablename__ = "action_reminder"

    action_id: int = Field(primary_key=True, foreign_key="action.id")
    due_on: date = Field(primary_key=True)
    rung: str = Field(primary_key=True, max_length=20)
    person: str = Field(primary_key=True, max_length=320)
    told_on: date


class PraiseRow(Row, table=True):
    """What became of a compliment: how far the person lets it be told, and to whom it was passed on."""

    __tablename__ = "praise"

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    sharing: Sharing = word_of(Sharing, "sharing")
    said_how: str = Field(sa_type=Text)
    """How the person allowed it, or that they were asked and have not said."""
    passed_to: str = Field(default="", max_length=320)
    """Who was praised, or the team."""
    passed_on: date | None = None
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)
