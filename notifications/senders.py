"""Hand one message to the wire and say what became of it: sent, or one of three errors. Knows no storage.

The three are all that dispatch has to tell apart: TryLater, nothing arrived and it may go again; Undeliverable, it never will;
MayHaveArrived, nobody knows, and it must not be said twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from notifications.rendering import MANNERS, Attached, CannotRender, Rendered, build_mail
from notifications.wires import AT_ITS_LIMIT, Ambiguous, Bot, Post, Refused, SmtpAccess, Unreachable, asked_to_wait
from procedures.domains import as_servers_know_it
from procedures.terms import Channel, Notice

log = logging.getLogger(__name__)

LONGEST_TEXT = 4096
"""Telegram's limit for one message, in UTF-16 units."""
MOST_DELETED = 100
"""Messages in one deleteMessages."""
FADED = "·"
MOST_MESSAGES = 20
"""A text that needs more than these is not for a chat."""
PATIENCE = timedelta(seconds=30)
"""How long we wait in the middle of a text of several messages; before the first one, dispatch waits."""

IDLE_SECONDS = 20.0
HELD_BACK_SECONDS = 3600.0
"""How long staff's bundles wait once a provider's limit was met, so that what it still lets through is for people."""

# httpx could not even reach the other side: nothing was written.
_NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

PLAIN_ENVELOPES_SECONDS = 3600.0
"""How long no token is put into the envelope once a mail server has refused one and taken the letter without."""

MAILBOX_FULL = "5.2.2"
NOT_ALLOWED_TO_SEND_AS = ("5.7.60", "5.2.252")
"""What Exchange says, some of it after the letter, to who may not send from that address."""
ABOUT_ANYBODY = ("5.1.0", "5.1.7", "5.1.8", "5.1.9")
"""What is said at the recipient and may mean the sender (RFC 3463, 3.2), as every 5.7 may, and a no without a status."""
TOO_BIG = 552
NO_SUCH_ADDRESS = (550, 551, 553)


@dataclass(eq=False)
class TryLater(Exception):
    """Nothing arrived; the same may go again. `after`: how long the other side asked us to wait, if it said."""

    after: timedelta | None = None
    reason: str = ""


@dataclass(eq=False)
class Undeliverable(Exception):
    """It will not arrive this way, however often it is tried. `closes_route`: nothing else will, either."""

    reason: str
    closes_route: bool = False


@dataclass(eq=False)
class MayHaveArrived(Exception):
    """It was handed over and the answer was lost: it may have arrived or not."""

    reason: str


@dataclass(frozen=True)
class Outgoing:
    """A message ready for the wire. What only mail needs is empty for a chat."""

    notice: Notice
    channel: Channel
    recipient: str
    """One address, or one chat id in digits."""
    rendered: Rendered
    date: datetime
    """The moment of this try, aware."""
    message_id: str = ""
    """With its angle brackets; the same at every try."""
    service_name: str = ""
    from_address: str = ""
    reply_to: str = ""
    envelope_from: str = ""
    """Where what cannot be delivered comes back to, with a token that names this letter; empty: to `from_address`."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[Attached, ...] = ()
    is_silent: bool = False
    """It rings nowhere, whatever its kind: nobody has asked for it just now."""
    edits: int = 0
    """The message of ours that the words are put into; 0: they are a new message."""
    clears: tuple[int, ...] = ()
    """Messages to delete first."""
    fades: tuple[int, ...] = ()
    """Messages of ours that are too old to be deleted: their words go."""
    is_tidying: bool = False
    """It may have no words: it takes others away."""


@dataclass(frozen=True)
class Sent:
    """It was taken on."""

    wire_number: int = 0
    """Telegram's id of the (last) message; 0 for a mail."""
    earlier_numbers: tuple[int, ...] = ()
    """The ids of the messages before the last, where a text needed several."""


class Sender(Protocol):
    """What dispatch needs of a channel."""

    async def send(self, outgoing: Outgoing) -> Sent:
        """Raises TryLater, Undeliverable or MayHaveArrived, and nothing else."""


class EmailSender:
    """Sends mail. The connection is kept while letters follow one another, and closed once it has stood idle."""

    def __init__(self, access: SmtpAccess, idle_seconds: float = IDLE_SECONDS) -> None:
        self._post = Post(access)
        self._idle_seconds = idle_seconds
        self._one_at_a_time = asyncio.Lock()
        self._last_used = 0.0
        self._held_back_until = 0.0
        self._plain_envelopes_until = 0.0

    async def close(self) -> None:
        """Say goodbye to the server."""
        async with self._one_at_a_time:
            await self._post.close()

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand one mail over. Bounces come back to the mailbox that people write to, by an address that names the letter.

        The address has our own domain, so SPF passes for the domain of From, too (RFC 7489, 3.1.2).
        """
        clock = asyncio.get_running_loop()
        if MANNERS[outgoing.notice].is_bulk and clock.time() < self._held_back_until:
            raise TryLater(timedelta(seconds=HELD_BACK_SECONDS), "held back: the provider's limit was met")
        try:
            outgoing = replace(outgoing, recipient=as_servers_know_it(outgoing.recipient))
            raw = mail_of(outgoing).as_bytes()
            async with self._one_at_a_time:
                await self._hand_over(outgoing, raw)
        except CannotRender as error:
            raise Undeliverable(str(error)) from error
        except Refused as error:
            if error.words == AT_ITS_LIMIT:
                self._held_back_until = clock.time() + HELD_BACK_SECONDS
            if error.words:
                log.warning("post refused at=%s code=%d status=%s because=%r", error.at, error.code, error.status, error.words)
            raise _refusal(error) from error
        except Unreachable as error:
            raise TryLater(reason=str(error)) from error
        except Ambiguous as error:
            raise MayHaveArrived(str(error)) from error
        return Sent()

    async def _hand_over(self, outgoing: Outgoing, raw: bytes) -> None:
        clock = asyncio.get_running_loop()
        if clock.time() - self._last_used > self._idle_seconds:
            await self._post.close()  # a server that grew tired of waiting says 421, and a receipt would be late for it
        with_token = outgoing.envelope_from if clock.time() >= self._plain_envelopes_until else ""
        try:
            if with_token and await self._went(with_token, outgoing.recipient, raw):
                return
            await self._post.send(outgoing.from_address, outgoing.recipient, raw)
            if with_token:
                self._plain_envelopes_until = clock.time() + PLAIN_ENVELOPES_SECONDS
                log.warning("post takes no token in the envelope: a bounce that quotes nothing will find no letter")
        finally:
            self._last_used = clock.time()

    async def _went(self, envelope_from: str, recipient: str, raw: bytes) -> bool:
        """Hand it over with that sender; False where the server takes no letter from such an address, though it may take
        the letter. Microsoft 365 says so of every address that is not a mailbox's own (SendAsDenied).

        Postfix says what it thinks of a sender where the recipient is named (smtpd_delay_reject): a no at that place that is not
        plainly about the recipient means nothing before the plain address was tried, too.
        """
        try:
            await self._post.send(envelope_from, recipient, raw)
        except Refused as error:
            if error.permanent and _may_be_about_the_sender(error):
                return False
            raise
        return True


def _may_be_about_the_sender(error: Refused) -> bool:
    if error.at == "recipient":
        by_status = error.status in ABOUT_ANYBODY or error.status.startswith("5.7.")
        return by_status if error.status else error.code != TOO_BIG
    return error.at == "sender" or error.status in NOT_ALLOWED_TO_SEND_AS


def mail_of(outgoing: Outgoing) -> EmailMessage:
    """The mail as it goes out. Raises CannotRender."""
    manner = MANNERS[outgoing.notice]
    return build_mail(
        outgoing.rendered,
        message_id=outgoing.message_id,
        date=outgoing.date,
        service_name=outgoing.service_name,
        from_address=outgoing.from_address,
        recipient=outgoing.recipient,
        auto=manner.auto,
        reply_to=outgoing.reply_to,
        in_reply_to=outgoing.in_reply_to,
        references=outgoing.references,
        is_bulk=manner.is_bulk,
        files=outgoing.files,
    )


def _refusal(error: Refused) -> TryLater | Undeliverable:
    """What a mail server's no means for the next try. 550 and 451 come as one exception: only the codes tell."""
    if not error.permanent or error.status == MAILBOX_FULL:  # a full mailbox may be emptied (RFC 3463, 3.3)
        return TryLater(reason=str(error))
    if error.code == TOO_BIG:
        return Undeliverable(f"too big: {error}")
    # 5.7 is a matter of policy, and may be about this letter or about us; 5.1 and 5.2 are about the mailbox
    about_the_mailbox = error.status.startswith(("5.1.", "5.2.")) if error.status else error.code in NO_SUCH_ADDRESS
    return Undeliverable(str(error), closes_route=error.at == "recipient" and about_the_mailbox)


class TelegramSender:
    """Sends chat messages as plain text: a stray symbol in a parse mode would leave the person with silence."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, outgoing: Outgoing) -> Sent:
        """Send every bubble in order, the buttons under the last. What breaks off in the middle may have arrived."""
        texts = [text for part in outgoing.rendered.parts or (outgoing.rendered.text,) for text in pieces(part)]
        if not outgoing.recipient.lstrip("-").isdecimal():
            raise Undeliverable("not a chat", closes_route=True)
        await self._tidy(outgoing)
        if not texts and outgoing.is_tidying:
            return Sent()
        if not texts or len(texts) > MOST_MESSAGES:
            raise Undeliverable("no words" if not texts else "too long for a chat")
        numbers: list[int] = []
        for text in texts:
            is_last = len(numbers) == len(texts) - 1
            try:
                numbers.append(await self._say(outgoing, text, with_buttons=is_last, is_first=not numbers))
            except TryLater as error:
                if not numbers:
                    raise
                raise MayHaveArrived(f"{len(numbers)} of {len(texts)} messages arrived") from error
        return Sent(numbers[-1], tuple(numbers[:-1]))

    async def _say(self, outgoing: Outgoing, text: str, *, with_buttons: bool, is_first: bool) -> int:
        try:
            return await self._call(outgoing, text, with_buttons, is_first)
        except TryLater as error:
            if is_first or error.after is None or error.after > PATIENCE:
                raise
            await asyncio.sleep(error.after.total_seconds())
            return await self._call(outgoing, text, with_buttons, is_first)

    async def _tidy(self, outgoing: Outgoing) -> None:
        """Take out of the chat what can be taken out. To do it twice changes nothing; what is gone or too old is passed over."""
        chat, numbers = int(outgoing.recipient), outgoing.clears
        for start in range(0, len(numbers), MOST_DELETED):
            await self._remove(chat, numbers[start : start + MOST_DELETED])
        for number in outgoing.fades:
            await self._try(self._bot.change(chat, number, FADED, buttons=()))

    async def _remove(self, chat: int, numbers: Sequence[int]) -> None:
        """One call; where Telegram refuses it because of some, by halves, so that one too old costs a dozen calls and not a
        hundred."""
        if not await self._try(self._bot.remove(chat, numbers)) and len(numbers) > 1:
            middle = len(numbers) // 2
            await self._remove(chat, numbers[:middle])
            await self._remove(chat, numbers[middle:])

    async def _try(self, asking: Awaitable[None]) -> bool:
        """False where Telegram will not: the message is gone, too old, or says that already."""
        try:
            await asking
        except BadRequest:
            return False
        except TelegramError as error:
            told = _telling(error)
            # What may have been done may be done again.
            raise TryLater(reason=told.reason) if isinstance(told, MayHaveArrived) else told from error
        return True

    async def _call(self, outgoing: Outgoing, text: str, with_buttons: bool, is_first: bool) -> int:
        chat, number = int(outgoing.recipient), outgoing.edits if is_first else 0
        buttons = _labels_and_payloads(outgoing.rendered) if with_buttons else ()
        try:
            if number and await self._changed(chat, number, text, buttons):
                return number
            if number and outgoing.is_tidying:  # it only takes words away: where they are gone, nothing is said anew
                return number
            is_silent = outgoing.is_silent or MANNERS[outgoing.notice].is_started_by_us or bool(outgoing.edits)
            return await self._bot.say(chat, text, buttons=buttons, is_silent=is_silent)
        except TelegramError as error:
            raise _telling(error) from error
        except (ValueError, TypeError, LookupError, OverflowError, OSError) as error:
            # the library reads the answer after the message has arrived; an odd refusal in it is enough
            raise MayHaveArrived(f"unreadable answer: {type(error).__name__}") from error

    async def _changed(self, chat: int, number: int, text: str, buttons: Sequence[Sequence[tuple[str, str]]]) -> bool:
        """Put the words into a message that stands; False where it does not any more. What it says already is said."""
        try:
            await self._bot.change(chat, number, text, buttons=buttons)
        except BadRequest as error:
            return "not modified" in error.message.lower()
        return True


def _telling(error: TelegramError) -> TryLater | Undeliverable | MayHaveArrived:
    """What Telegram's no, or its silence, means for the next try."""
    match error:
        case RetryAfter():
            return TryLater(timedelta(seconds=asked_to_wait(error)), "asked to wait")
        case Forbidden() | ChatMigrated():
            return Undeliverable(type(error).__name__, closes_route=True)
        case BadRequest():  # a NetworkError in this library: asked first
            return Undeliverable("BadRequest", closes_route="chat not found" in error.message.lower())
        case InvalidToken() | Conflict():  # ours to mend, and then it goes
            return TryLater(reason=type(error).__name__)
        case NetworkError():
            return _wire_trouble(error)
        case _:  # the server's answer could not be read
            return MayHaveArrived(type(error).__name__)


def _wire_trouble(error: NetworkError) -> TryLater | MayHaveArrived:
    """The library says NetworkError (or TimedOut) for a line that broke and for a server that said 5xx: its cause tells."""
    cause = error.__cause__
    if isinstance(cause, _NOT_REACHED):
        return TryLater(reason=type(cause).__name__)
    if cause is None or isinstance(cause, TelegramError):
        return TryLater(reason="server error")  # it answered, and the answer was no
    return MayHaveArrived(type(cause).__name__)


def _labels_and_payloads(rendered: Rendered) -> list[list[tuple[str, str]]]:
    return [[(button.label, button.data) for button in row] for row in rendered.buttons]


def pieces(text: str, longest: int = LONGEST_TEXT) -> Iterator[str]:
    """The text in messages of at most `longest` UTF-16 units, cut between paragraphs where it can be, else lines, else words."""
    rest = text.strip()
    while rest:
        fits = _fitting(rest, longest)
        if fits < len(rest):
            cuts = (rest.rfind(mark, 1, fits + 1) for mark in ("\n\n", "\n", " "))
            # a cut in the first half would make many short messages: the next finer one is better
            fits = next((cut for cut in cuts if cut > fits // 2), fits)
        piece, rest = rest[:fits].rstrip(), rest[fits:].lstrip()
        yield piece


def _fitting(text: str, longest: int) -> int:
    """How many of the first symbols fit into so many UTF-16 units."""
    head = text[:longest]
    while len(head.encode("utf-16-le")) // 2 > longest:
        over = len(head.encode("utf-16-le")) // 2 - longest
        head = head[: -max(over // 2, 1)]
    return len(head)
