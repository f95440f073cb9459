"""Where each wire leads and what opens it. Secrets stay out of every repr."""

import ipaddress
import re
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit


class Tls(StrEnum):
    """How a connection is kept private."""

    IMPLICIT = "implicit"
    """TLS from the first byte."""
    STARTTLS = "starttls"
    """TLS after a word in clear; without it nothing is sent."""
    NONE = "none"
    """No TLS: only on loopback."""


def is_loopback(host: str) -> bool:
    """True for this machine itself, by name or by number."""
    if host.lower() in {"localhost", "localhost."}:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


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
    """The only authority that is trusted, where one is named."""

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

    def __post_init__(self) -> None:
        object.__setattr__(self, "tls", Tls(self.tls))
        _refuse_in_clear(self.tls, self.host)


@dataclass(frozen=True)
class TelegramAccess:
    """A bot. ValueError for what cannot be a token, and for plain http beyond loopback."""

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    timeout_seconds: float = 20

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", self.token, re.ASCII):
            raise ValueError("the Telegram token is not of the form number:letters")
        address = urlsplit(self.api_url)
        if address.scheme != "https" and not (address.scheme == "http" and is_loopback(address.hostname or "")):
            raise ValueError("the Telegram address must begin with https://")

    @property
    def bot_id(self) -> str:
        """The bot's own number, which its token begins with."""
        return self.token.partition(":")[0]


def tls_context(ca_file: str) -> ssl.SSLContext:
    """TLS 1.2 or newer, the certificate and its name checked."""
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _refuse_in_clear(tls: Tls, host: str) -> None:
    if tls is Tls.NONE and not is_loopback(host):
        raise ValueError("without TLS only on loopback (127.0.0.1, ::1, localhost)")
