"""The one shape that both doors produce, a message as it came, unread; and what a reader makes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.classification import Classification

OVERSIZED = "oversized"
"""The problem of a letter of which only the header was fetched: it is read as far as that goes."""


class Wire(StrEnum):
    """How an arrival travelled; it says how its bytes are to be read."""

    EMAIL = "email"
    """RFC 5322 bytes as the mailbox holds them."""
    TELEGRAM = "telegram"
    """One Update of the Bot API as JSON, UTF-8."""
    HAND = "hand"
    """A call, letter or visit that a member of staff took down: JSON, UTF-8 (`heard log`)."""


@dataclass(frozen=True)
class Arrival:
    """A message as it came through a door, unread.

    `door` names the way in and is part of the message's identity: `mailbox:<user>@<host>/<folder>`, `telegram:<bot id>`,
    `import`, `hand`. `position` is where the door stands once this one is stored: a UID, an update id, 0 where it has none.
    `validity` is UIDVALIDITY or the bot's id: a position means nothing under another one. `received_at` is aware:
    INTERNALDATE, `message.date`, or what the import worked out. `problem` is set when the door could not fetch the
    bytes: the arrival is then kept in quarantine with what is known; with OVERSIZED and a header it is a letter all the same.
    """

    door: str
    wire: Wire
    raw: bytes
    received_at: datetime
    position: int = 0
    validity: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that came with a letter. Its bytes stay in the raw letter (email) or behind `file_id` (Telegram) until fetched."""

    name: str
    """As the sender named it, made safe to show: no path, no control or direction characters, at most 200 characters."""
    media_type: str
    size: int
    """In bytes as sent, decoded; 0 where it is not known."""
    file_id: str = ""
    kind: str = "file"
    """file, photo, voice, video, or unreadable (a sticker, a poll, a place on a map: named, not kept)."""


@dataclass(frozen=True)
class Letter:
    """An arrival read. Nothing in it is trusted: every field is what the sender wrote.

    `identity` is the SHA-256, in hexadecimal, of what makes this message itself and no other. Email: body and headers
    without trace headers. Telegram: chat and message id with the edit's date, or the button press's id.
    """

    arrival: Arrival
    identity: str
    words: str = ""
    """What the person wrote now, quoted text cut; the whole text when in doubt. Never shortened."""
    quoted: str = ""
    said: str = ""
    """With `may_be_quoted`: what of `words` is surely new."""
    may_be_quoted: str = ""
    """What of `words` looks quoted and may hold answers ("see below"): people read it, nothing is done because of it."""
    sent_on: str = ""
    """Of this a letter of ours that is sent on, with whatever stands below it: that may be theirs, and may tell of danger."""
    subject: str = ""
    # email
    sender: str = ""
    """The one address in From, lower-cased domain; empty when there is none or more than one."""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    """Addresses of To, Cc, Delivered-To and X-Original-To: where a reply token may stand. Never written to."""
    message_id: str = ""
    """As it stands, brackets and all."""
    references: tuple[str, ...] = ()
    """Ids of In-Reply-To, then of References from last to first, as they stand, at most 50."""
    piece: str = ""
    """"piece 2 of 3" where one letter was sent in several (RFC 2046, 5.2.2): `message_id` is then what they have in common."""
    is_locked: bool = False
    """It says little itself, and what came with it is encrypted: nobody here can read it."""
    is_automatic: bool = False
    automatic_reason: str = ""
    says_it_failed: bool = False
    """A mail system says that a letter did not arrive, or not yet; whose, it may not say."""
    failed_message_id: str = ""
    """For a bounce: the Message-ID of the letter of ours that failed, where it can be found."""
    failed_recipient: str = ""
    failure_is_permanent: bool = False
    is_still_tried: bool = False
    """The letter of ours has not arrived yet, and is still being tried: nothing has come back."""
    authentication: str = ""
    """`pass` or `fail` for DMARC as said by the council's own boundary, `none` when it says nothing of this sender; empty
    where the settings name no boundary."""
    # telegram
    chat_id: int = 0
    message_number: int = 0
    album: str = ""
    """What the photos and videos that were sent together have in common."""
    button: str = ""
    """The callback data of a pressed button."""
    button_press: str = ""
    """The callback query's id, which wants an answer."""
    is_edit: bool = False
    is_private: bool = True
    blocked: bool | None = None
    """True when the person blocked the bot, False when they let it in again, None otherwise."""
    language_code: str = ""
    # by hand
    hand: "Hand | None" = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def acted_on(self) -> str:
        """The words by which something is done: a letter of ours, quoted in theirs, asks for nothing."""
        return self.said if self.may_be_quoted else self.words


@dataclass(frozen=True)
class Hand:
    """What an officer took down of a call, a letter or a visit."""

    taken_by: str
    channel: str
    oral: bool
    name: str = ""
    email: str = ""
    phone: str = ""
    raised_by: str = "unknown"
    wants: str = ""
    procedure: str = ""
    send_receipt: bool = True
    means: str = "letter"
    """How it reached them: a word of `storage.columns.Means`."""
    is_hour_known: bool = True
    member: str = ""
    """mp or councillor, where one asks for somebody; then `name` is the member's."""
    constituent: str = ""
    has_consent: bool = False
    is_training: bool = False
    """Made up, to learn on."""
    files: tuple["HandFile", ...] = ()


@dataclass(frozen=True)
class HandFile:
    """A scan that was put beside what was taken down. Its bytes stay in the arrival, as an email's do."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Reading:
    """A letter and what its words show."""

    letter: Letter
    shown: "Classification"
    is_danger_quoted: bool = False
    """Words of danger stand in what the letter answers or quotes. Our own letters have such words, too."""
    may_ask_in_quote: bool = False
    """Words of danger, or that something is not right, stand where the letter may quote or answer between the lines."""


@dataclass(frozen=True)
class NotRead:
    """An arrival that nobody here can read: it is kept, shown to staff, and blocks nothing."""

    arrival: Arrival
    problem: str
