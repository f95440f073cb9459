"""The way out of a council's network: through a proxy, and trusting the council's own authority. On every wire."""

import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.doors import DoorTrouble
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import PostOffice
from bot.telegram_door import TelegramDoor
from notifications.wires import (
    MailboxAccess,
    OAuthAccess,
    Proxy,
    SmtpAccess,
    TelegramAccess,
    Tls,
    Tokens,
    Unreachable,
    WireError,
    in_a_sentence,
    look_at_bot,
    look_at_mailbox,
    look_at_smtp,
    send_mail,
)
from notifications.wires.oauth import Grant, kept
from notifications.wires.trust import tls_context
from tests.servers import free_port, missing
from tests.servers.certificate import Certificate, make_certificate
from tests.servers.clock import Clock
from tests.servers.proxy import TestProxy, a_proxy
from tests.servers.sign_in import signing_in
from tests.servers.xoauth2 import token_post

COUNCIL = "yoursay@anytown.example"
PROJECT = Path(__file__).parents[2]
GUEST = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<html>Log in</html>\r\n\r\n"


@pytest.fixture
async def proxy() -> AsyncIterator[TestProxy]:
    async with a_proxy() as running:
        yield running


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    made = make_certificate(tmp_path)
    if made is None:
        missing("openssl")
        pytest.skip("openssl is not installed")
    return made


def mailbox(post_office: PostOffice, proxy: Proxy | None) -> MailboxAccess:
    return MailboxAccess(
        "127.0.0.1", post_office.imap_port, post_office.user, post_office.password, Tls.NONE, timeout_seconds=5, proxy=proxy
    )


def smtp(post_office: PostOffice, proxy: Proxy | None) -> SmtpAccess:
    return SmtpAccess(
        "127.0.0.1", post_office.smtp_port, post_office.user, post_office.password, tls=Tls.NONE, timeout_seconds=5, proxy=proxy
    )


async def test_letters_come_and_go_through_the_proxy(post_office: PostOffice, proxy: TestProxy) -> None:
    proxy.user, proxy.password = "heard", "wörd with blanks"

    await look_at_mailbox(mailbox(post_office, proxy.way))
    await send_mail(smtp(post_office, proxy.way), COUNCIL, "sam@home.example", b"Subject: Hello\r\n\r\nWords.\r\n")

    assert proxy.targets == [f"127.0.0.1:{post_office.imap_port}", f"127.0.0.1:{post_office.smtp_port}"]
    assert len(post_office.letters_to("sam@home.example")) == 1


async def test_the_mailbox_speaks_tls_within_the_tunnel_and_the_own_authority_is_trusted(
    proxy: TestProxy, certificate: Certificate, tmp_path: Path, clock: Clock
) -> None:
    """The name in the certificate is the server's, not the proxy's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    oauth = OAuthAccess("http://127.0.0.1:9/token", "client", "mail", tmp_path / "tokens.json")
    with kept(oauth) as keep:
        keep(Grant("a-token", clock() + timedelta(hours=1), "x"))
    async with token_post(COUNCIL, {"a-token"}, context) as post:
        trusting = MailboxAccess(
            "localhost",
            post.imap_port,
            COUNCIL,
            timeout_seconds=5,
            password="",
            proxy=proxy.way,
            tokens=Tokens(oauth, clock),
            ca_file=str(certificate.certificate),
        )

        await look_at_mailbox(trusting)
        with pytest.raises(WireError, match=r"not trusted.*network\.certificates"):
            await look_at_mailbox(replace(trusting, ca_file=""))

    assert proxy.targets == [f"localhost:{post.imap_port}"] * 2


PROXIES = [
    (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "network.proxy_user"),
    (b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>no</html>", "does not let us through"),
    (b"HTTP/1.0 502 Bad Gateway\r\n\r\n", "does not let us through"),
    (GUEST, "answers with a web page"),
    (b"<html>Log in to the guest network</html>\r\n\r\n", "answers with a web page"),
    (b"220 smtp.anytown.example ready\r\n\r\n", "not answer in the words of this wire"),
    (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000, "not answer in the words of this wire"),
    (b"HTTP/1.1 2", "does not let us through"),
]


@pytest.mark.parametrize(("says", "told"), PROXIES)
async def test_a_proxy_that_opens_no_tunnel_is_told_plainly(
    says: bytes, told: str, post_office: PostOffice, proxy: TestProxy
) -> None:
    proxy.says = says

    for look in (look_at_mailbox(mailbox(post_office, proxy.way)), look_at_smtp(smtp(post_office, proxy.way))):
        with pytest.raises(WireError, match=told):
            await look


async def test_a_wrong_password_for_the_proxy(post_office: PostOffice, bot_api: BotApi, proxy: TestProxy) -> None:
    proxy.user, proxy.password = "heard", "right"
    wrong = replace(proxy.way, password="wrong-not-to-be-logged")

    with pytest.raises(WireError, match="407") as told:
        await look_at_mailbox(mailbox(post_office, wrong))

    assert "wrong-not" not in str(told.value) + repr(wrong) + repr(mailbox(post_office, wrong))


async def test_a_proxy_that_is_not_there(post_office: PostOffice) -> None:
    nobody = Proxy("127.0.0.1", free_port())

    with pytest.raises(WireError, match=r"the proxy of network\.proxy cannot be reached"):
        await look_at_mailbox(mailbox(post_office, nobody))


async def test_the_bot_and_the_sign_in_go_through_the_proxy_too(
    bot_api: BotApi, proxy: TestProxy, tmp_path: Path, clock: Clock, certificate: Certificate
) -> None:
    """Over plain http a proxy is asked for the address itself; it need only be seen that it is asked."""
    proxy.says = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with signing_in() as server:
        oauth = OAuthAccess("https://login.anytown.example/token", "client", "mail", tmp_path / "tokens.json", proxy=proxy.way)
        with kept(oauth) as keep:
            keep(Grant("old", clock() - timedelta(hours=1), "refresh"))
        with pytest.raises(Unreachable) as told:
            await Tokens(oauth, clock).token()
        assert in_a_sentence(told.value).startswith("the proxy wants a user and a password (407)")
        assert server.asked == []
    with pytest.raises(WireError, match=r"proxy wants a user and a password \(407\)"):
        await look_at_bot(TelegramAccess("7:x", "https://api.telegram.example", proxy=proxy.way, timeout_seconds=5))

    assert proxy.targets == ["login.anytown.example:443", "api.telegram.example:443"]


async def test_a_chat_door_that_the_proxy_shuts_says_so(proxy: TestProxy, clock: Clock) -> None:
    proxy.says = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    access = TelegramAccess("7:x", "https://api.telegram.example", proxy=proxy.way, timeout_seconds=5)
    door = TelegramDoor(access, now=clock, poll_seconds=0)
    try:
        with pytest.raises(
            DoorTrouble, match=r"^telegram unreachable: the proxy does not let us through.*network\.direct$"
        ) as told:
            await door.fetch(None)
    finally:
        await door.close()

    assert len(told.value.reason) <= 200


def test_there_is_one_context_for_all_wires_and_it_announces_no_protocol() -> None:
    """Reading the system's authorities takes a tenth of a second; the HTTP library would make a mail server think of http."""
    context = tls_context("")
    context.set_alpn_protocols(["http/1.1"])
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(here, there, server_hostname="localhost").do_handshake()

    assert tls_context("") is context
    assert b"http/1.1" not in there.read()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_the_http_library_reads_the_systems_authorities_no_second_time() -> None:
    """In a process of its own, since the library makes its contexts as it is imported."""
    said = subprocess.run([sys.executable, "-c", _CONTEXTS], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert said.stdout.split() == ["True", "0", "True", "True"]


_CONTEXTS = """
import ssl
theirs = ssl.create_default_context, ssl.SSLContext.set_default_verify_paths
import notifications.wires
from aiohttp import connector
from notifications.wires.trust import tls_context
print(connector._SSL_CONTEXT_VERIFIED is tls_context(""), connector._SSL_CONTEXT_UNVERIFIED.cert_store_stats()["x509"])
print(theirs == (ssl.create_default_context, ssl.SSLContext.set_default_verify_paths))
print(tls_context("").cert_store_stats() == ssl.create_default_context().cert_store_stats())
"""
"""Says whether the one that checks is ours, how many authorities the other one holds, that everything is as it was before, and
that ours trusts whom the system trusts."""
