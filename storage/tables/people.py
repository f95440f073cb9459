"""Who is on a case, by what right, from whom it is kept, and with which other cases it belongs."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from procedures.people import Basis, CaseRole, LinkKind, Need, Standing, WallKind
from storage.columns import Row, words


class CasePersonRow(Row, table=True):
    """A person on a case. Whom we write to are the parties; who somebody is, and since when, is here."""

    __tablename__ = "case_person"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    role: CaseRole = words(CaseRole, "case_role")
    name: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=320, index=True)
    """Where they are written to, folded; of staff it is who they are."""
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    phone: str = Field(default="", max_length=60)
    party_id: int | None = Field(default=None, foreign_key="party.id")
    """The route by which we write to them. Of who speaks for somebody there is none before an officer confirmed them."""
    is_lead: bool = False
    """Of several who complain together: with whom the words are agreed."""
    relation: str = Field(default="", max_length=100)
    """To the child, in the family's words: mum, aunt."""
    standing: Standing | None = words(Standing, "standing", default=None, nullable=True)
    why: str = Field(default="", sa_type=Text)
    added_at: datetime
    added_by: str = Field(max_length=320)
    appointed_on: date | None = None
    appointed_by: str = Field(default="", max_length=320)
    ended_on: date | None = None
    ended_by: str = Field(default="", max_length=320)
    ended_why: str = Field(default="", sa_type=Text)


class AuthorityRow(Row, table=True):
    """By what right somebody speaks on a case. What is missing limits what they are told, never acceptance or a clock."""

    __tablename__ = "authority"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    person_id: int = Field(foreign_key="case_person.id", index=True)
    basis: Basis = words(Basis, "basis")
    evidence: str = Field(default="", sa_type=Text)
    """What shows it, and where it is kept. Empty: it is missing."""
    scope: str = Field(default="", sa_type=Text)
    """What it covers; empty for all of the case."""
    child_view: str = Field(default="", sa_type=Text)
    """What the child thinks of it, where somebody complains for them."""
    child_view_by: str = Field(default="", max_length=320)
    child_view_on: date | None = None
    begins_on: date
    ends_on: date | None = None
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)


class AccessNeedRow(Row, table=True):
    """What somebody on a case needs to read, hear, talk or come (Equality Act 2010, s. 20). It stands until it is ended."""

    __tablename__ = "access_need"

    id: int | None = Field(default=None, primary_key=True)
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    need: Need = words(Need, "need")
    words: str = Field(default="", sa_type=Text)
    """More of it, for whoever writes or calls: which language, which size, at what hour."""
    who: str = Field(default="", max_length=300)
    """Whose it is, where it is not the complainant's."""
    recorded_at: datetime
    recorded_by: str = Field(max_length=320)
    ended_at: datetime | None = None
    ended_by: str = Field(default="", max_length=320)
    ended_why: str = Field(default="", sa_type=Text)


class LinkRow(Row, table=True):
    """Two cases that belong together. Nothing of the one is told to the people of the other."""

    __tablename__ = "case_link"
    __table_args__ = (
        UniqueConstraint("one_reference", "other_reference"),
        CheckConstraint("one_reference < other_reference", name="in_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    one_reference: str = Field(foreign_key="cases.reference", max_length=20)
    """The earlier of the two by alphabet, so that a pair is linked once."""
    other_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    kind: LinkKind = words(LinkKind, "link_kind")
    why: str = Field(default="", sa_type=Text)
    made_at: datetime
    made_by: str = Field(max_length=320)


class WallRow(Row, table=True):
    """A wall: this person does not see, handle or hear of this case. It stands until somebody lifts it with a reason."""

    __tablename__ = "wall"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_wall_address", "address", "lifted_at"),
        Index("ix_wall_case", "case_reference", "lifted_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=400)
    """What the service puts up, it puts up once for a person and a case: what an officer lifted stays lifted."""
    case_reference: str = Field(foreign_key="cases.reference", max_length=20)
    kind: WallKind = words(WallKind, "wall_kind")
    address: str = Field(default="", max_length=320)
    """Folded. Empty where only the name is known."""
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    name: str = Field(default="", max_length=300)
    why: str = Field(default="", sa_type=Text)
    made_at: datetime
    made_by: str = Field(max_length=320)
    """A person's address, or `service` where the words named somebody."""
    confirmed_at: datetime | None = None
    confirmed_by: str = Field(default="", max_length=320)
    confirmed_why: str = Field(default="", sa_type=Text)
    lifted_at: datetime | None = None
    lifted_by: str = Field(default="", max_length=320)
    lifted_why: str = Field(default="", sa_type=Text)
