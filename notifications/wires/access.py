"""Where each wire leads and what opens it. Secrets stay out of every repr."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from notifications.wires.ways import Proxy, is_loopback, is_private

if TYPE_CHECKING:
    from notifications.wires.oauth import Tokens


class Tls(StrEnum):
    """How a connection is kept private."""

    IMPLICIT = "implicit"
    """TLS from the first byte."""
    STARTTLS = "starttls"
    """TLS after a word in clear; without it nothing is sent."""
    NONE = "none"
    """No TLS: only on loopback."""


@dataclass(frozen=True)
class MailboxAccess:
    """An IMAP mailbox. ValueError when it would send the password in clear over a network."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: Tls = Tls.IMPLICIT
    folder: str = "INBOX"
    timeout_seconds: float = 60
    """How long the server may be silent."""
    ca_file: str = ""
    """Authorities that are trusted beside the system's, where a file is named."""
    proxy: Proxy | None = None
    tokens: "Tokens | None" = field(default=None, repr=False)
    """Where there are any, XOAUTH2 opens the mailbox, and no password."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tls", Tls(self.tls))
        if self.tls is Tls.STARTTLS:
            raise ValueError("the mailbox knows no starttls: use implicit")
        _refuse_in_clear(self.tls, self.host)


@dataclass(frozen=True)
class SmtpAccess:
    """A mail server that takes letters from us. ValueError when it would send them in clear over a network."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = Tls.STARTTLS
    timeout_seconds: float = 60
    ca_file: str = ""
    local_hostname: str = "localhost"
    """How we name ourselves in EHLO; without it the library would ask the network."""
    proxy: Proxy | None = None
    tokens: "Tokens | None" = field(default=None, repr=False)
    """Where there are any, XOAUTH2 logs in, and no password."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tls", Tls(self.tls))
        _refuse_in_clear(self.tls, self.host)


@dataclass(frozen=True)
class TelegramAccess:
    """A bot. ValueError for what cannot be a token, and for plain http beyond loopback."""

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    timeout_seconds: float = 20
    ca_file: str = ""
    proxy: Proxy | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", self.token, re.ASCII):
            raise ValueError("the Telegram token is not of the form number:letters")
        if not is_private(self.api_url):
            raise ValueError("the Telegram address must begin with https://")

    @property
    def bot_id(self) -> str:
        """The bot's own number, which its token begins with."""
        return self.token.partition(":")[0]


def _refuse_in_clear(tls: Tls, host: str) -> None:
    if tls is Tls.NONE and not is_loopback(host):
        raise ValueError("without TLS only on loopback (127.0.0.1, ::1, localhost)")
