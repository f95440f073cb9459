"""The daily work beside the procedure: calls, enquiries of members, advocates, cover, the pool and behaviour plans."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field

from storage.columns import CallOutcome, Means, Member, OfferAnswer, PoolRole, Question, Row, Tie, words


class TakenDownRow(Row, table=True):
    """Who took an arrival down by hand, and how it reached them. What was said stands in its letter."""

    __tablename__ = "taken_down"

    arrival_id: str = Field(primary_key=True, foreign_key="arrival.id", max_length=64)
    taken_by: str = Field(max_length=320)
    means: Means = words(Means, "taken_means")
    is_hour_known: bool = True
    """A letter on paper has a day only: its moment in the ledger is that day's noon, and is not shown as an hour."""


class CallRow(Row, table=True):
    """A call that was made or tried. It moves no clock."""

    __tablename__ = "call"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    called_at: datetime
    recorded_at: datetime
    called_by: str = Field(max_length=320)
    means: Means = words(Means, "call_means", default=Means.PHONE)
    outcome: CallOutcome = words(CallOutcome, "call_outcome")
    spoke_with: str = Field(default="", max_length=300)
    agreed: str = Field(default="", sa_type=Text)


class MemberEnquiryRow(Row, table=True):
    """A member of parliament or a councillor who asks about somebody. Kept when it turns out to be a complaint."""

    __tablename__ = "member_enquiry"

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    member: Member = words(Member, "member")
    name: str = Field(max_length=300)
    constituent: str = Field(default="", max_length=300)
    has_consent: bool = False
    """Whether the constituent's consent was seen. Without it nothing about a child is told to the member."""


class AdvocacyRow(Row, table=True):
    """What became of the offer of an advocate. Its dates are events of the case, and stand nowhere else."""

    __tablename__ = "advocacy"

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    answer: OfferAnswer = words(OfferAnswer, "offer_answer", default=OfferAnswer.NOT_YET)
    provider: str = Field(default="", max_length=300)
    advocate: str = Field(default="", max_length=300)
    changed_at: datetime
    changed_by: str = Field(max_length=320)


class EqualityRow(Row, table=True):
    """One voluntary answer to one question, of nobody: no case, no person, no day, and no link to the other answers."""

    __tablename__ = "equality"
    __table_args__ = (Index("ix_equality_year", "year", "question"),)

    id: str = Field(primary_key=True, max_length=32)
    """Random: the order in which answers came would lead back to the cases of that day."""
    year: int
    """The financial year, by the calendar year in which it begins (1 April)."""
    question: Question = words(Question, "equality_question")
    answer: str = Field(max_length=60)


class CoverRow(Row, table=True):
    """Somebody is away, both days included, and a deputy is reminded as well."""

    __tablename__ = "cover"

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(max_length=320, index=True)
    deputy: str = Field(max_length=320)
    from_on: date
    until_on: date
    made_at: datetime
    made_by: str = Field(max_length=320)


class PoolPersonRow(Row, table=True):
    """Somebody who investigates, stands by as independent person, or sits on panels."""

    __tablename__ = "pool_person"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=300)
    address: str = Field(default="", max_length=320)
    phone: str = Field(default="", max_length=60)
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    """Words of PoolRole."""
    tie: Tie = words(Tie, "tie", default=Tie.NONE)
    dbs_on: date | None = None
    """The day of the certificate that was seen."""
    from_on: date | None = None
    until_on: date | None = None
    """Available between these days; without a day, without an end."""
    hourly_pence: int = 0
    added_at: datetime
    added_by: str = Field(max_length=320)


class PoolAppointmentRow(Row, table=True):
    """A person of the pool on a case. The date is the case's event as well."""

    __tablename__ = "pool_appointment"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="pool_person.id", index=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    role: PoolRole = words(PoolRole, "pool_role")
    appointed_on: date
    declared: str = Field(default="", sa_type=Text)
    """What they said of their ties to the people of the case."""
    hourly_pence: int = 0
    """Their rate on that day: a later rate changes no earlier cost."""
    ended_on: date | None = None
    ended_why: str = Field(default="", max_length=1000)
    made_at: datetime
    made_by: str = Field(max_length=320)


class PoolHoursRow(Row, table=True):
    """Time and expenses of one appointment on one day."""

    __tablename__ = "pool_hours"

    id: int | None = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="pool_appointment.id", index=True)
    worked_on: date
    minutes: int = 0
    expenses_pence: int = 0
    what: str = Field(default="", max_length=1000)
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)


class BehaviourPlanRow(Row, table=True):
    """A limit on how somebody deals with the council, decided by a person. Nothing that comes in ever asks for it."""

    __tablename__ = "behaviour_plan"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    """The case out of which it came."""
    reason: str = Field(sa_type=Text)
    warned_on: date
    begins_on: date | None = None
    """Empty while there was only the warning."""
    limits: str = Field(default="", sa_type=Text)
    contact: str = Field(default="", max_length=320)
    """The one person whom they deal with."""
    review_on: date | None = None
    ended_on: date | None = None
    ended_why: str = Field(default="", max_length=1000)
    made_at: datetime
    made_by: str = Field(max_length=320)


class JointPartRow(Row, table=True):
    """What another body answers of a joint reply, and who leads. It moves no clock of ours (practice.md §5.10)."""

    __tablename__ = "joint_part"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    body: str = Field(max_length=300)
    they_lead: bool = False
    """They write the one letter; else we do."""
    consent: str = Field(sa_type=Text)
    """How the person agreed that both bodies see it."""
    issues: list[int] = Field(default_factory=list, sa_type=JSON)
    """The numbers of the issues that they answer; empty for the whole."""
    asked_on: date
    promised_for: date
    """The day that they agreed to, with `promised_how`: theirs, and no due date of ours."""
    promised_how: str = Field(sa_type=Text)
    came_on: date | None = None
    ended_on: date | None = None
    ended_why: str = Field(default="", sa_type=Text)
    """Why the replies go apart after all."""
    made_at: datetime
    made_by: str = Field(max_length=320)
