"""Letters that the service sends to itself to see that they come back: plain, to a token, and with a forged verdict.

They say of themselves that no person wrote them, so a service that runs meanwhile keeps them and answers nobody.
"""

import asyncio
import email
import email.policy
import email.utils
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage, Message
from enum import StrEnum

from notifications.wires import Ambiguous, MailboxAccess, MailboxLetter, Refused, SmtpAccess, off, open_mailbox, open_smtp

LOOK_EVERY_SECONDS = 1.0
READ_AT_MOST = 100


class Trial(StrEnum):
    """What a test letter is to show."""

    PLAIN = "plain"
    """That a letter leaves and arrives at all, and what the mail boundary says of it."""
    TOKEN = "token"  # noqa: S105  # a name or a stand-in, and no secret
    """That an address with `+c.TOKEN` reaches the same mailbox: answers come back to such a one."""
    FORGED = "forged"
    """That the boundary takes away a verdict forged in its own name (RFC 8601, 5; people-and-safety.md 6.2)."""


@dataclass(frozen=True)
class Came:
    """A test letter as it arrived."""

    clock_ahead: timedelta
    """How far our clock is ahead of the mailbox's; behind it: below zero."""
    boundaries: tuple[str, ...]
    """Who signed a verdict above the topmost Received, in order."""
    signed_below: tuple[str, ...]
    """Who signed one further down, where nobody is believed."""
    is_still_forged: bool
    """The forged verdict is still there, wherever."""


@dataclass(frozen=True)
class DidNotCome:
    """Why a test letter did not arrive: `refused`, with what the server said, or `not seen` in the time that was given."""

    why: str


Outcome = Came | DidNotCome


@dataclass(frozen=True)
class TrialLetters:
    """From where to where they go."""

    mailbox: MailboxAccess
    smtp: SmtpAccess
    address: str
    """The service's own: sender and recipient."""
    now: Callable[[], datetime]
    wait_seconds: float = 60

    async def send(self, trials: Collection[Trial], boundary: str = "") -> dict[Trial, Outcome]:
        """Send these, wait for them, and say what became of each. WireError when mailbox or mail server cannot be used at all.

        The mailbox is opened first: nothing is sent that nobody could see arriving.
        """
        async with open_mailbox(self.mailbox) as mailbox:
            before = mailbox.uid_next - 1
        marks = {trial: secrets.token_hex(8) for trial in trials}
        sent_at = self.now()
        outcomes: dict[Trial, Outcome] = {}
        async with open_smtp(self.smtp) as post:
            await post.connect()
            for trial, mark in marks.items():
                recipient = with_token(self.address, mark) if trial is Trial.TOKEN else self.address
                letter = self._letter(recipient, mark, boundary if trial is Trial.FORGED else "")
                try:
                    await post.send(self.address, recipient, letter)
                except Refused as problem:
                    outcomes[trial] = DidNotCome(f"refused ({problem})")
                except Ambiguous:
                    pass  # it may have been taken: the mailbox will show
        wanted = {trial: mark for trial, mark in marks.items() if trial not in outcomes}
        return outcomes | await self._arrived(wanted, before, sent_at)

    async def _arrived(self, marks: dict[Trial, str], before: int, sent_at: datetime) -> dict[Trial, Outcome]:
        outcomes: dict[Trial, Outcome] = {}
        deadline = asyncio.get_running_loop().time() + self.wait_seconds
        while len(outcomes) < len(marks):
            for letter in await self._new_letters(before):
                before = max(before, letter.uid)
                for trial, mark in marks.items():
                    if letter.raw is not None and mark.encode() in letter.raw:
                        outcomes[trial] = self._came(letter, mark, sent_at)
            if asyncio.get_running_loop().time() >= deadline:
                break
            await asyncio.sleep(min(LOOK_EVERY_SECONDS, self.wait_seconds))
        return {trial: outcomes.get(trial, DidNotCome("not seen")) for trial in marks}

    async def _new_letters(self, after: int) -> list[MailboxLetter]:
        """Only their headers: what people wrote meanwhile is none of a trial's business."""
        async with open_mailbox(self.mailbox) as mailbox:
            uids = (await mailbox.uids_after(after))[:READ_AT_MOST]
            found = [await mailbox.fetch_headers(uid) for uid in uids]
        return [letter for letters in found for letter in letters.values()]

    def _came(self, letter: MailboxLetter, mark: str, sent_at: datetime) -> Came:
        headers = email.message_from_bytes(letter.raw or b"", policy=email.policy.compat32)
        seen_at = self.now()
        above, below = _signed(headers, mark)
        return Came(
            off(letter.received_at, sent_at, seen_at) if letter.received_at else timedelta(),
            boundaries=above,
            signed_below=below,
            is_still_forged=any(_is_forged(str(value), mark) for name, value in headers.items() if _is_verdict(name)),
        )

    def _letter(self, recipient: str, mark: str, boundary: str) -> bytes:
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"] = self.address
        mail["To"] = recipient
        mail["Subject"] = f"Test letter {mark}"
        mail["Date"] = self.now()
        mail["Message-ID"] = f"<trial.{mark}@{self.address.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Heard"] = "trial"
        mail.set_content("heard sent this letter to itself, to see that letters arrive. It can be deleted.\n")
        forged = f"{boundary}; dmarc=pass (forged {mark}) header.from={self.address.rpartition('@')[2]}"
        head = f"Authentication-Results: {forged}\r\n".encode() if boundary else b""
        return head + mail.as_bytes()


def with_token(address: str, token: str) -> str:
    """The address that answers to one letter come back to."""
    local, _, domain = address.rpartition("@")
    return f"{local}+c.{token}@{domain}"


def quick(access: MailboxAccess | SmtpAccess, seconds: float) -> MailboxAccess | SmtpAccess:
    """The same, with less patience: somebody is sitting in front of it."""
    return replace(access, timeout_seconds=min(seconds, access.timeout_seconds))


def _is_verdict(name: str) -> bool:
    return name.lower() == "authentication-results"


def _is_forged(value: str, mark: str) -> bool:
    return f"forged {mark}" in value


def _signed(headers: Message, mark: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    above: list[str] = []
    below: list[str] = []
    signers = above
    for name, value in headers.items():
        if name.lower() == "received":
            signers = below
        elif _is_verdict(name) and not _is_forged(str(value), mark) and (signer := _signer(str(value))):
            signers.append(signer)
    return tuple(dict.fromkeys(above)), tuple(dict.fromkeys(below))


def _signer(value: str) -> str:
    """The name that a verdict is signed with (authserv-id), without comments and version."""
    words = re.sub(r"\([^()]*\)", " ", value).partition(";")[0].split()
    return words[0] if words and re.fullmatch(r"[\w.:-]{1,255}", words[0]) else ""
