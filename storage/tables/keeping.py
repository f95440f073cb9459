"""The service itself: its loops, its processes, its restores, its calendar."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.columns import Row


class HeartbeatRow(Row, table=True):
    """The last good turn of each loop, and what is wrong since."""

    __tablename__ = "heartbeat"

    loop: str = Field(primary_key=True, max_length=60)
    turned_at: datetime | None = None
    trouble: str = Field(default="", max_length=200)
    trouble_since: datetime | None = None
    waiting: int = 0
    """Of a door: how many it saw at its last look that are not stored yet."""
    waiting_since: datetime | None = None
    """When the oldest of them came, as far as the door knows."""


class LeaderRow(Row, table=True):
    """Which process turns a loop that only one may turn. What another still holds in its hands is not stored any more."""

    __tablename__ = "leader"

    role: str = Field(primary_key=True, max_length=320)
    """A door's name, or a loop's."""
    process: str = Field(max_length=40)
    since: datetime


class HoldRow(Row, table=True):
    """A restore, and the hold that it puts on the outbox: what may have been said already is not said again by itself.

    While one is not released, nothing leaves but what tells of help; afterwards it is the record of who let go what.
    """

    __tablename__ = "hold"

    id: int | None = Field(default=None, primary_key=True)
    since: datetime
    """When the copy was put back."""
    held_by: str = Field(max_length=320)
    """Who put it back: a person's address, or the account on the machine."""
    made_at: datetime | None = None
    """When the copy was made; unknown of a copy that does not say."""
    outbox_up_to: int = Field(default=0, sa_type=BigInteger)
    """The last number of the outbox in the copy: what is above it was queued since."""
    released_at: datetime | None = None
    released_by: str = Field(default="", max_length=320)
    released: int = 0
    dropped: int = 0


class ErasedRow(Row, table=True):
    """A mark of what was erased: no word of it, and nothing by which a guess could be tried without the council's key."""

    __tablename__ = "erased"

    mark: str = Field(primary_key=True, max_length=64)
    """HMAC-SHA-256, in hexadecimal (`storage.erasing`)."""
    erased_at: datetime
    erased_by: str = Field(max_length=320)
    """A member of staff."""
    door: str = Field(default="", max_length=300, index=True)
    """Of a letter: the door at which its copy lies, which heard does not delete."""
    validity: str = Field(default="", max_length=40)
    position: int = Field(default=0, sa_type=BigInteger)


class CalendarDayRow(Row, table=True):
    """A council's or a proclamation's change to the calendar that the program ships with."""

    __tablename__ = "calendar_day"

    nation: str = Field(primary_key=True, max_length=40)
    day: date = Field(primary_key=True)
    name: str = Field(max_length=200)
    is_working: bool = False
    added_at: datetime
    added_by: str = Field(max_length=320)


class CountedByRow(Row, table=True):
    """By what the dates of open cases were counted last: one row for the rules of each procedure, and one for the days."""

    __tablename__ = "counted_by"

    part: str = Field(primary_key=True, max_length=60)
    """A procedure, or `days`."""
    version: str = Field(max_length=64)
    """SHA-256, in hexadecimal (`casework.counted_by`)."""
    since: datetime
