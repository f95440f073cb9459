"""What every door has in common: it gives what came in since a position, and says where it then stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from intake.arrival import Arrival


@dataclass(frozen=True)
class Position:
    """How far a door has been read: everything up to `number` is stored."""

    number: int
    """A UID or an update id."""
    validity: str
    """What `number` means: only the door reads it. Under another mailbox or another bot a number means nothing."""
    since: datetime
    """When the door was first opened: what was in the mailbox before then is not a day's post."""
    moved_at: datetime
    """When the position last moved."""


@dataclass(frozen=True)
class Batch:
    """What came in, oldest first, and the position to store with it in the same commit.

    `position` may have moved although nothing came: a letter was deleted, a mailbox opened for the first time.
    """

    arrivals: tuple[Arrival, ...]
    position: Position | None
    """None where the door stands nowhere yet."""
    waiting: int = 0
    """How many more the door saw behind these."""


@dataclass
class Unread:
    """What a door saw that is not stored yet, as of its last look. What came since, nobody has seen."""

    waiting: int = 0
    since: datetime | None = None
    """When the oldest of them came, or a little earlier: of those that were not fetched yet the door knows no hour."""

    def seen(self, batch: Batch) -> None:
        """The door has looked."""
        self.waiting = len(batch.arrivals) + batch.waiting
        if batch.arrivals:
            self.since = min(arrival.received_at for arrival in batch.arrivals)

    def stored(self, batch: Batch) -> None:
        """What it gave is stored: what is behind it came after it."""
        self.waiting = batch.waiting
        if not batch.waiting:
            self.since = None
        elif batch.arrivals:
            self.since = max(arrival.received_at for arrival in batch.arrivals)


@dataclass(eq=False)
class DoorTrouble(Exception):
    """The door could not be read this time; nothing was lost. Try again, with patience."""

    reason: str
    """Constant words for the log: no address, no name, no token."""
    after_seconds: float = 0
    """How long the other side asked us to wait, where it did."""

    def __str__(self) -> str:
        return self.reason


class CannotOpen(Exception):
    """A door cannot be opened at all as it is set up; the message says what mends it."""


class Door(Protocol):
    """A way in. What `fetch` gave comes again until it is called with a position beyond it: store first, then ask for more."""

    name: str

    async def fetch(self, after: Position | None) -> Batch:
        """What came in after a position; DoorTrouble when that could not be learnt."""
        ...

    async def close(self) -> None:
        """Let go of the wire."""
        ...
