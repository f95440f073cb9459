"""A loopback post office for rehearsals and tests: an SMTP server that takes every letter, and the council's own mailbox.

What is addressed to the council lands in its mailbox; every other letter is kept for whoever wants to read it.
"""

import asyncio
import email
import email.policy
import email.utils
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.rehearsal.council_mailbox import CouncilMailbox
from bot.rehearsal.waiting import Changes

COUNCIL_ADDRESS = "yoursay@anytown.example"
PASSWORD = "rehearsal"  # noqa: S105 - it opens nothing but this


class MailFault(StrEnum):
    """How the next letter goes wrong."""

    TRY_LATER = "451"
    NO_SUCH_PERSON = "550"
    """Refused at the recipient."""
    REFUSED_AS_CONTENT = "554"
    """Refused after the letter was read."""
    SILENT_AFTER_DATA = "silent"
    """The letter is kept, and no answer ever comes."""
    DROPPED_AFTER_DATA = "dropped"
    """The letter is kept, and the connection is cut without an answer."""
    DROPPED_AND_LOST = "lost"
    """The connection is cut without an answer, and the letter is gone."""
    DROPPED_BEFORE_DATA = "dropped-early"
    """The connection is cut when the recipient is named."""


@dataclass(frozen=True)
class PostedLetter:
    """A letter that the post office took."""

    sender: str
    """Of the envelope; empty for `<>`."""
    recipient: str
    raw: bytes
    posted_at: datetime

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)


class PostOffice:
    """Both servers. Any address of `council_address`, also with `+something`, is the council's mailbox."""

    def __init__(self, now: Callable[[], datetime], *, council_address: str = COUNCIL_ADDRESS, password: str = PASSWORD) -> None:
        self.council_address = council_address
        self.user = council_address
        self.password = password
        self.mailbox = CouncilMailbox(self.user, self.password)
        self.posted: list[PostedLetter] = []
        """Every letter that was kept, in order, those to the council too."""
        self.attempts = 0
        """How often somebody named a recipient."""
        self.connections = 0
        """How often somebody connected."""
        self.boundary = ""
        """The name in which verdicts on senders are signed; without one none are."""
        self.takes_forged_away = True
        """Whether verdicts in that name are removed from what comes in (RFC 8601, 5)."""
        self.knows_tokens = True
        """Whether an address with `+something` is the council's too; else nobody has it."""
        self.lets_nobody_send_as_another = False
        """Whether a letter may come from the very address of the mailbox only, as with Microsoft 365."""
        self.says_of_other_senders = ""
        """What is answered where the recipient is named and another address sends, as Postfix does; empty: nothing."""
        self.changes = Changes()
        # aiosmtpd's log writes every address down, and complains about itself at each login.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._now = now
        self._faults: list[MailFault] = []
        self._smtp: asyncio.Server | None = None
        self._smtp_port = 0
        self._wires: set[asyncio.Transport] = set()
        self._stopping = asyncio.Event()

    @property
    def imap_port(self) -> int:
        return self.mailbox.port

    @property
    def smtp_port(self) -> int:
        return self._smtp_port

    async def start(self) -> None:
        await self.mailbox.open()
        await self.open_smtp()

    async def stop(self) -> None:
        await self.close_smtp()
        await self.mailbox.close()

    async def __aenter__(self) -> "PostOffice":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def open_smtp(self) -> None:
        """Listen on a free port, or on the same as before."""
        self._stopping = asyncio.Event()
        loop = asyncio.get_running_loop()

        def wire() -> SMTP:
            return _Wire(
                self, enable_SMTPUTF8=True, hostname="post.rehearsal", loop=loop, auth_require_tls=False,
                authenticator=self._authenticate, data_size_limit=60_000_000,
            )  # fmt: skip

        # aiosmtpd's own Controller refuses port 0.
        self._smtp = await loop.create_server(wire, "127.0.0.1", self._smtp_port)
        self._smtp_port = int(self._smtp.sockets[0].getsockname()[1])

    async def close_smtp(self) -> None:
        """Stop listening and cut every connection: from now on connecting is refused."""
        if self._smtp is None:
            return
        self._stopping.set()
        self._smtp.close()
        for transport in list(self._wires):
            transport.abort()
        await self._smtp.wait_closed()
        self._smtp = None

    # what a rehearsal does with it

    def next_letters(self, fault: MailFault, count: int = 1) -> None:
        """Let the next `count` letters go wrong in this way."""
        self._faults += [fault] * count

    async def deliver(self, raw: bytes, *, at: datetime | None = None, folder: str = "INBOX") -> int:
        """Put a letter into the council's mailbox as it is; INTERNALDATE is `at`, else now. Gives the UID."""
        uid = await self.mailbox.deliver(raw, at or self._now(), folder)
        self.changes.tell()
        return uid

    def letters_to(self, address: str) -> list[PostedLetter]:
        return [letter for letter in self.posted if letter.recipient.lower() == address.lower()]

    async def wait_for(self, address: str, count: int = 1, seconds: float = 60) -> list[PostedLetter]:
        """Wait until `address` has at least `count` letters, and give them."""

        def look() -> list[PostedLetter] | None:
            letters = self.letters_to(address)
            return letters if len(letters) >= count else None

        return await self.changes.until(look, seconds)

    def is_the_councils(self, address: str) -> bool:
        local, _, domain = address.lower().rpartition("@")
        name = local.split("+")[0] if self.knows_tokens else local
        return f"{name}@{domain}" == self.council_address.lower()

    # aiosmtpd calls these

    # Allowed below: aiosmtpd's name for it
    async def handle_MAIL(  # noqa: N802
        self, server: "_Wire", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.lets_nobody_send_as_another and address.lower() != self.council_address.lower():
            return "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    # Allowed below: aiosmtpd's name for it
    async def handle_RCPT(self, server: "_Wire", session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        self.attempts += 1
        self.changes.tell()
        if self.says_of_other_senders and str(envelope.mail_from).lower() != self.council_address.lower():
            return self.says_of_other_senders
        fault = self._faults[0] if self._faults else None
        if fault in (MailFault.NO_SUCH_PERSON, MailFault.DROPPED_BEFORE_DATA):
            self._faults.pop(0)
            if fault is MailFault.NO_SUCH_PERSON:
                return "550 5.1.1 No such person here"
            server.cut()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    # Allowed below: aiosmtpd's name for it
    async def handle_DATA(self, server: "_Wire", session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self._faults.pop(0) if self._faults else None
        if fault is MailFault.TRY_LATER:
            return "451 4.3.0 Try again later"
        if fault is MailFault.REFUSED_AS_CONTENT:
            return "554 5.7.1 Refused"
        if fault is not MailFault.DROPPED_AND_LOST:
            await self._keep(envelope)
        if fault is MailFault.SILENT_AFTER_DATA:
            await self._stopping.wait()
        if fault is not None:
            server.cut()
        return "250 2.0.0 OK: kept"

    async def _keep(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        for recipient in envelope.rcpt_tos:
            sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
            letter = PostedLetter(sender, recipient, envelope.content, self._now())
            self.posted.append(letter)
            if self.is_the_councils(recipient):
                await self.mailbox.deliver(self._as_delivered(letter), letter.posted_at)
        self.changes.tell()

    def _as_delivered(self, letter: PostedLetter) -> bytes:
        """The letter with the trace lines that a mail server puts on top, and its verdict above them."""
        date = email.utils.format_datetime(letter.posted_at)
        verdict = f"Authentication-Results: {self.boundary}; dmarc=none\r\n" if self.boundary else ""
        trace = (
            f"Return-Path: <{letter.sender}>\r\nDelivered-To: {letter.recipient}\r\n{verdict}"
            f"Received: from sender.rehearsal by post.rehearsal for <{letter.recipient}>; {date}\r\n"
        )
        raw = letter.raw
        if self.boundary and self.takes_forged_away:
            forged = rf"(?im)^Authentication-Results:[ \t]*{re.escape(self.boundary)}\b.*\r?\n(?:[ \t].*\r?\n)*"
            head, gap, body = raw.partition(b"\r\n\r\n")
            raw = re.sub(forged.encode(), b"", head + b"\r\n") + gap[2:] + body
        return trace.encode("utf-8", "surrogateescape") + raw

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, auth_data: Any) -> AuthResult:
        is_known = isinstance(auth_data, LoginPassword) and auth_data.password.decode(errors="replace") == self.password
        return AuthResult(success=is_known, handled=False)  # else a wrong password is met with silence

    def wire_opened(self, transport: asyncio.Transport) -> None:
        self.connections += 1
        self._wires.add(transport)

    def wire_closed(self, transport: asyncio.Transport) -> None:
        self._wires.discard(transport)


class _Wire(SMTP):
    """One connection, which its post office can cut."""

    _wire: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = cast(asyncio.Transport, transport)
        self.event_handler.wire_opened(self._wire)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._wire is not None:
            self.event_handler.wire_closed(self._wire)
        super().connection_lost(error)

    def cut(self) -> None:
        if self._wire is not None:
            self._wire.abort()
