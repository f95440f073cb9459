"""What only a chat brings: places on a map, and whether somebody felt listened to."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from procedures.terms import Felt
from storage.columns import Row, words


class PlaceRow(Row, table=True):
    """A place that somebody sent. Sealed: two people look at it, with a reason; after `gone_at` the row is no more."""

    __tablename__ = "place"

    arrival_id: str = Field(primary_key=True, foreign_key="arrival.id", max_length=64)
    case_reference: str | None = Field(default=None, foreign_key="cases.reference", index=True, max_length=20)
    chat_id: int = Field(sa_type=BigInteger, index=True)
    """Where there was no case yet, the chat leads to it."""
    sent_at: datetime
    gone_at: datetime = Field(index=True)
    latitude: float
    longitude: float
    within_metres: float | None = None
    """How exact the phone says it is."""
    asked_at: datetime | None = None
    asked_by: str = Field(default="", max_length=320)
    """The first of the two: who wants to look, and why."""
    asked_why: str = Field(default="", sa_type=Text)
    seen_at: datetime | None = None
    seen_by: str = Field(default="", max_length=320)
    """The second, who agreed. From then on both may look."""
    seen_why: str = Field(default="", sa_type=Text)


class ListenedRow(Row, table=True):
    """Whether somebody felt listened to, some days after the answer. Their last word on it stands."""

    __tablename__ = "listened"

    case_reference: str = Field(primary_key=True, foreign_key="cases.reference", max_length=20)
    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    felt: Felt = words(Felt, "felt")
    said_on: date = Field(index=True)
