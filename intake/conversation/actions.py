"""What the desk does because of a turn, in the unit of work that stores what was said.

An empty `reference` means the case that this very turn opens; `Turn.settled` writes it in once the desk knows it.
"""

from dataclasses import dataclass
from datetime import datetime

from procedures.terms import Felt, Kind, Role, Wish


@dataclass(frozen=True)
class OpenCase:
    """Open a case for what was just said. `kind` is the person's word or the reading's suggestion: an officer confirms it."""

    kind: Kind
    role: Role = Role.UNKNOWN
    """Who they said they are, earlier in this chat."""


@dataclass(frozen=True)
class AddToCase:
    """Add what was just said to a case. An edit is a new version beside the old one."""

    reference: str
    is_edit: bool = False


@dataclass(frozen=True)
class SetRole:
    """The person says who they are."""

    reference: str
    role: Role


@dataclass(frozen=True)
class Wishes:
    """The person answers one of the questions that come after the receipt. What they typed for it is added to the case."""

    reference: str
    wish: Wish


@dataclass(frozen=True)
class AskStatus:
    """Someone asked how a case is going. One that is not this chat's own is kept for staff to see; nobody on it is told."""

    reference: str


@dataclass(frozen=True)
class AskAdvocate:
    """The person wants an advocate: a task for staff."""

    reference: str


@dataclass(frozen=True)
class AskWithdrawal:
    """The person asks to stop. Nothing closes: a person speaks with them first (practice.md §3)."""

    reference: str
    is_pressed: bool = False
    """They say that someone is making them stop: an alert, and no withdrawal."""


@dataclass(frozen=True)
class NotHappy:
    """It is not right yet after an answer: the next step is asked for this minute (practice.md §3)."""

    reference: str


@dataclass(frozen=True)
class NotSafe:
    """The person says that they are not safe: an alert, at once."""

    reference: str
    cannot_call: bool = False


@dataclass(frozen=True)
class NewMatter:
    """What was added to `reference` from the moment `since` on is something new: it opens its own case, received then."""

    reference: str
    since: datetime


@dataclass(frozen=True)
class MarkProblem:
    """What was read as a thank-you says that something is wrong. There is no way back by button: whoever holds the phone
    could then make a complaint disappear."""

    reference: str


@dataclass(frozen=True)
class KeepPlace:
    """A place on a map was sent: it is locked away for three days, and two people look at it only with a reason."""

    reference: str
    """The case in hand; empty where there is none, and then the chat leads to it."""
    is_in_danger: bool = False
    """They said before that they are not safe: whoever has the alert is told that there is a place."""


@dataclass(frozen=True)
class Listened:
    """Whether somebody felt listened to, some days after the answer (people-and-safety.md §1.6)."""

    reference: str
    felt: Felt


@dataclass(frozen=True)
class AboutThem:
    """A press at the questions about the person. What it answers is kept as nobody's; empty where it answers nothing."""

    question: str = ""
    answer: str = ""


@dataclass(frozen=True)
class HideChat:
    """Take what can be taken out of the chat: our own words, and those of theirs with these numbers."""

    theirs: tuple[int, ...] = ()


@dataclass(frozen=True)
class RingAgain:
    """The chat was emptied, and they ask how it goes: the letters that they have not read come back, as doorbells."""


@dataclass(frozen=True)
class CloseRoute:
    """The person blocked the bot, or let it in again. A block is not a withdrawal, and no other route is chosen."""

    is_closed: bool


@dataclass(frozen=True)
class LeaveGroup:
    """Leave the group or channel, and keep nothing of it."""


Action = (
    OpenCase
    | AddToCase
    | SetRole
    | Wishes
    | AskStatus
    | AskAdvocate
    | AskWithdrawal
    | NotHappy
    | NotSafe
    | NewMatter
    | MarkProblem
    | KeepPlace
    | Listened
    | AboutThem
    | HideChat
    | RingAgain
    | CloseRoute
    | LeaveGroup
)
