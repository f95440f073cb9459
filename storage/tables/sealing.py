"""Files that two people open together."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from storage.columns import Row


class SealRow(Row, table=True):
    """A file of a message, or the whole message as it came: nobody sees it alone. Its bytes stay where they are."""

    __tablename__ = "seal"

    arrival_id: str = Field(primary_key=True, foreign_key="arrival.id", max_length=64)
    number: int = Field(primary_key=True)
    """Which of the message's files; 0 is the message as it came, with all of them."""
    case_reference: str = Field(foreign_key="cases.reference", index=True, max_length=20)
    sealed_at: datetime
    sealed_by: str = Field(max_length=320)
    why: str = Field(sa_type=Text)
    asked_at: datetime | None = None
    asked_by: str = Field(default="", max_length=320)
    """The first of the two: who wants to look, and why."""
    asked_why: str = Field(default="", sa_type=Text)
    seen_at: datetime | None = None
    seen_by: str = Field(default="", max_length=320)
    """The second, who agreed. From then on both may look."""
    seen_why: str = Field(default="", sa_type=Text)
    lifted_at: datetime | None = None
    """When one of the two who looked said that it need not be sealed. Until then it stands."""
    lifted_by: str = Field(default="", max_length=320)
    lifted_why: str = Field(default="", sa_type=Text)
