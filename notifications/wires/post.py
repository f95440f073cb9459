"""The SMTP wire: one letter to one recipient, and an honest word about what became of it."""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

import aiosmtplib

from notifications.wires import meaning
from notifications.wires.access import SmtpAccess, Tls
from notifications.wires.errors import Ambiguous, Refused, Unreachable
from notifications.wires.trust import tls_context
from notifications.wires.tunnel import tunnel

_BROKEN = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)

NO_ADDRESS = 553
"""SMTP's own code for a mailbox name that is not allowed."""


@asynccontextmanager
async def open_smtp(access: SmtpAccess) -> AsyncIterator["Post"]:
    """A connection kept for several letters. It is made with the first, and made anew after an error."""
    post = Post(access)
    try:
        yield post
    finally:
        await post.close()


async def send_mail(access: SmtpAccess, sender: str, recipient: str, message: bytes | EmailMessage) -> None:
    """One letter over a connection of its own; as `Post.send`."""
    async with open_smtp(access) as post:
        await post.send(sender, recipient, message)


class Post:
    """A mail server that takes our letters, one after another."""

    def __init__(self, access: SmtpAccess) -> None:
        self._access = access
        self._client: aiosmtplib.SMTP | None = None

    async def connect(self) -> None:
        """Connect and log in now, to see whether that works. Unreachable or Refused when not."""
        await self._connected()

    async def send(self, sender: str, recipient: str, message: bytes | EmailMessage) -> None:
        """Hand one letter over. Returns once the server has taken it on.

        `sender` is the envelope's, "" for none. Refused: the server said no. Unreachable: it never got it. Ambiguous: it got
        it and did not answer.
        """
        if not _is_one_address(recipient) or (sender and not _is_one_address(sender)):
            raise Refused(NO_ADDRESS, permanent=True, at="recipient", status="5.1.3")
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP_POLICY)
        was_kept = self._client is not None
        try:
            client = await self._open_envelope(sender, recipient, raw)
        except Unreachable:
            if not was_kept:
                raise
            # The kept connection had gone stale; nothing of this letter was sent yet.
            client = await self._open_envelope(sender, recipient, raw)
        await self._hand_over(client, raw)

    async def close(self) -> None:
        """Say goodbye if the server still listens."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if client.is_connected:
                await client.quit(timeout=5)
        except (aiosmtplib.SMTPException, OSError):
            pass
        finally:
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        tokens = self._access.tokens
        token = await tokens.token() if tokens else ""
        try:
            self._client = await self._logged_in(token)
        except Refused as error:
            # A token may be taken back before its time; a fresh one is tried once.
            fresh = await tokens.renewed(token) if tokens and error.at == "login" else ""
            if not fresh:
                raise
            self._client = await self._logged_in(fresh)
        return self._client

    async def _logged_in(self, token: str) -> aiosmtplib.SMTP:
        access = self._access
        client = await self._client_for(token)
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            words = meaning.of_smtp("login", error.message, by_token=access.tokens is not None)
            raise Refused(error.code, permanent=False, at="login", status=_status(error.message), words=words) from None
        except aiosmtplib.SMTPResponseException as error:
            raise Refused(error.code, permanent=False, at="connection", status=_status(error.message)) from None
        except aiosmtplib.SMTPTimeoutError:
            raise Unreachable("silent") from None
        except aiosmtplib.SMTPConnectError as error:
            raise Unreachable("not trusted" if isinstance(error.__cause__, ssl.SSLError) else "no connection") from None
        except ssl.SSLError:
            raise Unreachable("not trusted") from None
        except (aiosmtplib.SMTPServerDisconnected, OSError):
            raise Unreachable("closed") from None
        except aiosmtplib.SMTPException as error:
            client.close()
            if "XOAUTH2" in str(error):
                raise Refused(0, permanent=False, at="login", words=meaning.NO_XOAUTH2) from None
            # STARTTLS or AUTH isn't offered: go no further.
            raise Unreachable("not trusted") from None
        return client

    async def _client_for(self, token: str) -> aiosmtplib.SMTP:
        access = self._access

        async def given() -> str:
            return token

        try:
            context = None if access.tls is Tls.NONE else tls_context(access.ca_file)
        except OSError:
            raise Unreachable("not trusted") from None
        proxy = access.proxy
        return aiosmtplib.SMTP(
            hostname=access.host,
            port=None if proxy else access.port,
            sock=await tunnel(proxy, access.host, access.port, access.timeout_seconds) if proxy else None,
            username=access.user or None,
            password=access.password if access.user and not access.tokens else None,
            oauth_token_generator=given if access.tokens else None,
            local_hostname=access.local_hostname,
            timeout=access.timeout_seconds,
            use_tls=access.tls is Tls.IMPLICIT,
            # Both said outright: left to itself the library would go on in clear where the server offers no TLS.
            start_tls=access.tls is Tls.STARTTLS,
            tls_context=context,
        )

    async def _open_envelope(self, sender: str, recipient: str, raw: bytes) -> aiosmtplib.SMTP:
        client = await self._connected()
        try:
            options, encoding = await self._options(client, sender, recipient, raw)
            await client.mail(sender, options=options, encoding=encoding)
            await client.rcpt(recipient, encoding=encoding)
        except aiosmtplib.SMTPSenderRefused as error:
            await self._forget(client)
            raise _refusal(error, "sender") from None
        except aiosmtplib.SMTPResponseException as error:
            await self._forget(client)
            raise _refusal(error, "recipient") from None
        except aiosmtplib.SMTPTimeoutError:
            await self.close()
            raise Unreachable("silent") from None
        except _BROKEN:
            await self.close()
            raise Unreachable("closed") from None
        return client

    async def _options(self, client: aiosmtplib.SMTP, sender: str, recipient: str, raw: bytes) -> tuple[list[str], str]:
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        options = [f"SIZE={len(raw)}"] if client.supports_extension("size") else []
        options += ["BODY=8BITMIME"] if not raw.isascii() and client.supports_extension("8bitmime") else []
        if (sender + recipient).isascii():
            return options, "ascii"
        if not client.supports_extension("smtputf8"):
            raise Refused(NO_ADDRESS, permanent=True, at="recipient", status="5.6.7")
        return [*options, "SMTPUTF8"], "utf-8"

    async def _hand_over(self, client: aiosmtplib.SMTP, raw: bytes) -> None:
        try:
            await client.data(raw)
        except aiosmtplib.SMTPResponseException as error:
            if not 400 <= error.code < 600:
                await self.close()
                raise Ambiguous("garbled") from None
            await self._forget(client)
            raise _refusal(error, "letter") from None
        except aiosmtplib.SMTPTimeoutError:
            await self.close()
            raise Ambiguous("silent") from None
        except _BROKEN:
            await self.close()
            raise Ambiguous("closed") from None

    async def _forget(self, client: aiosmtplib.SMTP) -> None:
        """Clear the envelope after a refusal, so that the connection is good for the next letter."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            await self.close()


def _refusal(error: aiosmtplib.SMTPResponseException, at: str) -> Refused | Unreachable:
    if not 400 <= error.code < 600:
        return Unreachable("garbled")
    if meaning.is_a_limit(error.message):
        return Refused(error.code, permanent=False, at=at, status=_status(error.message), words=meaning.AT_ITS_LIMIT)
    words = meaning.of_smtp(at, error.message, by_token=False)
    return Refused(error.code, permanent=error.code >= 500, at=at, status=_status(error.message), words=words)


def _status(words: str) -> str:
    found = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", words)
    return found[0] if found else ""


def _is_one_address(address: str) -> bool:
    """True for exactly one plain address; the library would take the first of several, and only that."""
    local, at, domain = address.rpartition("@")
    return bool(local and at and domain) and not re.search(r'[\s<>,;:"\\()\[\]@\x00-\x1f\x7f]', local + domain)
