"""What a council's registers held, in their own words: the past that reports count beside what happened here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Text
from sqlmodel import Field

from procedures.register_words import Activity, EnquiryKind, OmbudsmanBody, OmbudsmanOutcome
from procedures.terms import Channel, Kind, Outcome, Procedure, Role, Theme
from storage.columns import Row, stored, words


def _outcome(name: str) -> Any:
    return words(Outcome, name, default=None, nullable=True)


class RegisterRow(Row, table=True):
    """A row of a register as it stood there. What has happened here since is in the case's events, and goes before it."""

    __tablename__ = "register"

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    reference: str = Field(max_length=200, unique=True)
    """The register's own; the case's is the same where it is short enough."""
    kind: Kind = words(Kind, "register_kind")
    procedure: Procedure | None = words(Procedure, "register_procedure", default=None, nullable=True)
    directorate: str = Field(default="", sa_type=Text)
    service: str = Field(default="", sa_type=Text)
    team: str = Field(default="", sa_type=Text)
    channel: Channel | None = Field(default=None, sa_type=stored(Channel, "register_channel"), nullable=True)
    received_on: date
    raised_by: Role | None = words(Role, "register_raised_by", default=None, nullable=True)
    on_behalf_of_child: bool | None = None
    resolved_informally_on: date | None = None
    stage_1_started_on: date | None = None
    stage_1_extended_on: date | None = None
    stage_1_responded_on: date | None = None
    stage_1_outcome: Outcome | None = _outcome("stage_1_outcome")
    stage_2_requested_on: date | None = None
    stage_2_started_on: date | None = None
    stage_2_responded_on: date | None = None
    stage_2_outcome: Outcome | None = _outcome("stage_2_outcome")
    stage_3_requested_on: date | None = None
    stage_3_panel_on: date | None = None
    stage_3_responded_on: date | None = None
    stage_3_outcome: Outcome | None = _outcome("stage_3_outcome")
    withdrawn_on: date | None = None
    closed_on: date | None = None
    source: str = Field(default="", sa_type=Text)


class RegisterIssueRow(Row, table=True):
    """An issue of a complaint of a register: what it was about and what was found, without its words."""

    __tablename__ = "register_issue"

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    number: int = Field(primary_key=True, sa_type=BigInteger)
    theme: Theme = words(Theme, "register_theme")
    outcome: Outcome | None = words(Outcome, "register_issue_outcome", default=None, nullable=True)


class RegisterLearningRow(Row, table=True):
    """What was promised because of a complaint of a register. Nobody is chased for it."""

    __tablename__ = "register_learning"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    action: str = Field(sa_type=Text)
    owner: str = Field(default="", sa_type=Text)
    due_on: date | None = None
    done_on: date | None = None


class OmbudsmanRow(Row, table=True):
    """An enquiry of an Ombudsman, with or without a case of ours."""

    __tablename__ = "ombudsman"

    body: OmbudsmanBody = Field(sa_type=stored(OmbudsmanBody, "ombudsman_body"), primary_key=True)
    body_reference: str = Field(primary_key=True, max_length=200)
    case_reference: str | None = Field(default=None, foreign_key="cases.reference", index=True, max_length=20)
    received_on: date
    kind: EnquiryKind = words(EnquiryKind, "enquiry_kind")
    decided_on: date | None = None
    outcome: OmbudsmanOutcome | None = words(OmbudsmanOutcome, "ombudsman_outcome", default=None, nullable=True)
    directorate: str = Field(default="", sa_type=Text)
    service: str = Field(default="", sa_type=Text)


class ActivityRow(Row, table=True):
    """What a service did in a period, both days included: what complaints are set against."""

    __tablename__ = "activity"
    __table_args__ = (CheckConstraint("from_on <= until_on", name="in_order"), CheckConstraint("count >= 0", name="count"))

    id: int | None = Field(default=None, primary_key=True)
    measure: Activity = words(Activity, "activity_measure")
    from_on: date
    until_on: date
    count: int = Field(sa_type=BigInteger)
    directorate: str = Field(default="", sa_type=Text)


class ReportRow(Row, table=True):
    """A report as it was printed. It never changes: a later restatement is the next row, with its reason."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_period", "from_on", "until_on", "as_at"),)

    id: int | None = Field(default=None, primary_key=True)
    from_on: date
    until_on: date
    directorate: str = Field(default="", sa_type=Text)
    """Empty for all of them together."""
    as_at: date
    is_published: bool
    software: str = Field(max_length=80)
    rules: str = Field(max_length=200)
    """By which rules and calendar time was judged."""
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    why: str = Field(default="", sa_type=Text)
    """Why figures that were printed before are stated anew; empty for the first print."""
    made_at: datetime
    made_by: str = Field(default="", max_length=320)


class ExportRow(Row, table=True):
    """Rows that left as files: who took which, when, how many, and their digest. It never changes."""

    __tablename__ = "export"

    id: int | None = Field(default=None, primary_key=True)
    made_at: datetime
    made_by: str = Field(max_length=320)
    """The address of a person in the settings, or the account of the machine."""
    what: str = Field(max_length=40)
    which: str = Field(default="", sa_type=Text)
    """The period, the directorate and the edition; empty for all there is."""
    row_count: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    software: str = Field(max_length=80)
