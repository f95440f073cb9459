"""The values of a turn: where the chat stands, what was said, what the desk knows, what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from intake.conversation.actions import AboutThem, Action, CloseRoute, HideChat, LeaveGroup, NewMatter, OpenCase, RingAgain
from procedures.terms import Kind, Role

Word = TypeVar("Word", bound=StrEnum)


DELETABLE_FOR = timedelta(hours=47, minutes=50)
"""How long a bot may delete what was written in a private chat: 48 hours by Telegram's clock (Bot API, deleteMessages)."""
MOST_HEARD = 300


class Step(StrEnum):
    """What the next words are."""

    IDLE = "idle"
    """More about the matter in hand, or a new one."""
    TELLING = "telling"
    """Something is wrong: they open a case."""
    THANKING = "thanking"
    """A thank-you: they open a compliment."""
    ADDING = "adding"
    """More about the case in hand, even a finished one."""
    MENDING = "mending"
    """What is wrong with the numbered list of the case in hand."""
    SOON = "soon"
    """Whether something is about to change: the question itself, answered in words."""
    NOT_TELL = "not_tell"
    """Whether there is anyone not to be told that they wrote: the question itself, answered in words."""
    NOT_TELLING = "not_telling"
    """Who is not to be told that they wrote."""
    CHOOSING = "choosing"
    """Who should talk to them."""
    CALLING = "calling"
    """On which number, and when it is safe to call."""
    HELPING = "helping"
    """What helps them to read, hear or talk."""


class ListYes(StrEnum):
    """What became of a yes by button to the numbered list."""

    TAKEN = "taken"
    CHANGED = "changed"
    """The list has changed since."""
    KEPT = "kept"
    """It is for a person to weigh: not whose list it is."""


@dataclass(frozen=True)
class Said:
    """One thing that came through the chat: words, files, a button, a block."""

    at: datetime
    text: str = ""
    button: str = ""
    """The raw data of a pressed button: `nonce.id`, or whatever someone forged."""
    attachments: tuple[str, ...] = ()
    """Their kinds: voice, photo, video, file, too_big (named, not kept), place (on a map), unreadable (a sticker, a poll)."""
    number: int = 0
    """Telegram's number of the message that they wrote; 0 for a button."""
    album: str = ""
    """What the photos that were sent together have in common: they come one by one, and are answered once."""
    is_edit: bool = False
    is_private: bool = True
    blocked: bool | None = None
    """True when the person blocked the bot, False when they let it in again, None otherwise."""
    tier: str = ""
    """What the words may show about danger: "", harm, suicide, threat or worry. It adds help, and gates nothing."""
    suggests_thanks: bool = False
    """The reading finds a compliment and no problem."""
    not_english: bool = False
    """Written in a language whose words nobody here has reviewed."""
    is_not_happy: bool = False
    """The words, all of them, say that it is not right yet or ask for the next step."""
    asks_about: str = ""
    """A well-formed reference that is all there is in the words."""
    says_yes: bool = False
    """The first line is a yes and nothing else."""
    about_list: str = ""
    """The case beneath whose numbered list a button was pressed; `says_yes` tells which one."""
    list_yes: ListYes = ListYes.TAKEN


@dataclass(frozen=True)
class KnownCase:
    """A case of this chat, as far as the chat needs it."""

    reference: str
    kind: Kind = Kind.COMPLAINT
    is_open: bool = True
    is_answered: bool = False
    is_stopping: bool = False
    """A withdrawal was asked for, and a person has not decided."""
    has_ended: bool = False
    """They spoke for somebody on it, and their authority has ended: how it goes is not for them to hear."""
    has_list: bool = False
    """The numbered list of what we understood was sent, and they have not said whether it is right."""
    may_ask_about_them: bool = False
    """It had its answer, and no case of this chat has an open safety alert: then they may be asked who they are."""


@dataclass(frozen=True)
class Surroundings:
    """What the desk knows and the chat does not."""

    nonce: str
    """Random, for the screen that this turn may show; at most 24 characters, without a full stop."""
    is_staffed: bool = True
    """`Council.is_staffed` at the moment it was said."""
    cases: tuple[KnownCase, ...] = ()
    """This chat's own, newest first, finished ones too."""
    is_blocked: bool = False
    edited_reference: str = ""
    """For an edit: the case that the first version belongs to."""

    def case(self, reference: str) -> KnownCase | None:
        return next((case for case in self.cases if case.reference == reference), None)


@dataclass(frozen=True)
class Reply:
    """A screen to show. The desk fills in its facts; empty `reference` is the case that this turn opens, or none."""

    screen: str
    nonce: str = ""
    reference: str = ""
    buttons: tuple[str, ...] | None = None
    """None: the screen's own."""
    is_night: bool = False
    """Outside staffed hours: say that no one sees it until then, and who answers at night."""
    voice: str = "unknown"
    """child, adult or unknown: only who said they are the young person is spoken to as one."""
    is_receipt: bool = False
    """It says that the case which this turn opens was received: once a case, and never shown again as that."""


@dataclass(frozen=True)
class Conversation:
    """Where a chat stands. Kept as one JSON value in the commit that stores what was said."""

    chat_id: int
    step: Step = Step.IDLE
    screen: str = ""
    """The screen in hand, shown again when an old button is pressed."""
    nonce: str = ""
    """Its buttons carry it; another one is an old button's."""
    buttons: tuple[str, ...] = ()
    """Its own buttons."""
    beside: tuple[str, ...] = ()
    """Buttons of bubbles that came with or after it and are as good as its own."""
    numbered: tuple[str, ...] = ()
    """The buttons that a typed number means: those of the last bubble that had any, help before all."""
    reference: str = ""
    """The case that loose words are added to."""
    role: Role = Role.UNKNOWN
    last_said_at: datetime | None = None
    words_in_a_row: int = 0
    """Additions with less than a minute between them."""
    added_since: datetime | None = None
    """When the words came that the last `added` answered: from here on they may be something new."""
    album: str = ""
    """The one whose first photo was answered."""
    bell: str = ""
    """How what we start comes: as a doorbell, also one that hides again ("hidden"), or at once ("plain", for adults only)."""
    heard: tuple[tuple[int, int], ...] = ()
    """Their messages that can still be deleted: number, and the second at which it came."""
    emptied: bool = False
    """It was hidden, and what they had not read has not come back: asking how it goes brings it."""
    wording: str = ""
    """Which words they asked for: easy, plain, more; their letters follow it (`storage.chats`)."""
    asked: tuple[str, ...] = ()
    """The questions that were asked, each with its case where it is about one."""
    pressed: str = ""
    """The button that last took effect."""
    pressed_at: datetime | None = None
    shown: Mapping[str, datetime] = field(default_factory=dict)
    """When a screen that is not to be repeated at once was last shown."""

    def to_state(self) -> dict[str, Any]:
        """The conversation as JSON; the chat's id stands beside it."""
        return {
            "step": self.step.value,
            "screen": self.screen,
            "nonce": self.nonce,
            "buttons": list(self.buttons),
            "beside": list(self.beside),
            "numbered": list(self.numbered),
            "reference": self.reference,
            "role": self.role.value,
            "last_said_at": _iso(self.last_said_at),
            "words_in_a_row": self.words_in_a_row,
            "added_since": _iso(self.added_since),
            "album": self.album,
            "bell": self.bell,
            "heard": [list(one) for one in self.heard],
            "emptied": self.emptied,
            "wording": self.wording,
            "asked": list(self.asked),
            "pressed": self.pressed,
            "pressed_at": _iso(self.pressed_at),
            "shown": {screen: at.isoformat() for screen, at in self.shown.items()},
        }

    @classmethod
    def from_state(cls, chat_id: int, state: Mapping[str, Any]) -> "Conversation":
        """Read a stored state. What another version wrote and this one does not know is left out, never an error:
        a chat that cannot be read must still be able to take words in."""
        start = cls(chat_id)
        count = state.get("words_in_a_row")
        shown = state.get("shown")
        return cls(
            chat_id=chat_id,
            step=_member(Step, state.get("step"), start.step),
            screen=_text(state.get("screen")),
            nonce=_text(state.get("nonce")),
            buttons=_texts(state.get("buttons")),
            beside=_texts(state.get("beside")),
            numbered=_texts(state.get("numbered")),
            reference=_text(state.get("reference")),
            role=_member(Role, state.get("role"), start.role),
            last_said_at=_moment(state.get("last_said_at")),
            words_in_a_row=count if isinstance(count, int) else 0,
            added_since=_moment(state.get("added_since")),
            album=_text(state.get("album")),
            bell=_text(state.get("bell")),
            heard=_numbers(state.get("heard")),
            emptied=state.get("emptied") is True,
            wording=_text(state.get("wording")),
            asked=_texts(state.get("asked")),
            pressed=_text(state.get("pressed")),
            pressed_at=_moment(state.get("pressed_at")),
            shown={screen: at for screen, iso in shown.items() if (at := _moment(iso))} if isinstance(shown, dict) else {},
        )


@dataclass(frozen=True)
class Turn:
    """What comes of one thing said: the next conversation, what the desk does, and at most two replies, the safety one first."""

    conversation: Conversation
    actions: tuple[Action, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether the desk opens a case: it then calls `settled` with the new reference, before it stores and answers."""
        return any(isinstance(action, OpenCase | NewMatter) for action in self.actions)

    def settled(self, reference: str) -> "Turn":
        """The same turn with the new case's reference wherever it was still to come."""
        return Turn(
            conversation=replace(self.conversation, reference=reference),
            actions=tuple(_settled(action, reference) for action in self.actions),
            replies=tuple(replace(reply, reference=reply.reference or reference) for reply in self.replies),
        )


def button_data(nonce: str, button: str) -> str:
    """What a button sends back when it is pressed; Telegram allows 64 bytes."""
    return f"{nonce}.{button}"


def voice_of(role: Role) -> str:
    """How to speak to someone: `child` only to who said so."""
    if role in (Role.CHILD, Role.CARE_LEAVER):
        return "child"
    return "unknown" if role is Role.UNKNOWN else "adult"


def _settled(action: Action, reference: str) -> Action:
    match action:
        case OpenCase() | CloseRoute() | LeaveGroup() | HideChat() | RingAgain() | AboutThem():
            return action
        case _:
            return replace(action, reference=action.reference or reference)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # A moment without a zone could not be compared with the next one.
    return moment if moment and moment.tzinfo else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _numbers(value: object) -> tuple[tuple[int, int], ...]:
    pairs = value if isinstance(value, list) else []
    return tuple((one[0], one[1]) for one in pairs if isinstance(one, list) and [type(each) for each in one] == [int, int])


def _member(words: type[Word], value: object, default: Word) -> Word:
    try:
        return words(str(value))
    except ValueError:
        return default
