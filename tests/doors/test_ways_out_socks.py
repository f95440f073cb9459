"""The way out through a SOCKS5 proxy, for mailbox, mail server, sign-in, chat and alarm: a real one, and one that says no."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from telegram.error import NetworkError

from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import PostOffice
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
    send_mail,
)
from notifications.wires.alarm import AlarmAccess, call_webhook
from notifications.wires.http import Request
from notifications.wires.oauth import Grant, kept
from tests.servers import free_port, missing
from tests.servers.certificate import make_certificate
from tests.servers.clock import Clock
from tests.servers.sign_in import signing_in
from tests.servers.socks import (
    A_PAGE,
    NO_WAY_IN,
    NOT_ALLOWED,
    OUT_OF_REACH,
    WRONG_PASSWORD,
    microsocks,
    program,
    scripted,
)

COUNCIL = "yoursay@anytown.example"
REFUSALS = [
    (NO_WAY_IN, "", r"network\.proxy_user"),
    (WRONG_PASSWORD, "wrong-not-to-be-logged", r"network\.proxy_user"),
    (NOT_ALLOWED, "", "does not let us through"),
    (OUT_OF_REACH, "", "does not let us through"),
    (A_PAGE, "", "does not speak SOCKS5"),
    (b"", "", "does not speak SOCKS5"),
]


@pytest.fixture
async def real() -> AsyncIterator[Proxy]:
    if program() is None:
        missing("microsocks")
        pytest.skip("microsocks is not installed")
    async with microsocks("heard", "sesame with blanks") as proxy:
        yield proxy


def mailbox(office: PostOffice, proxy: Proxy) -> MailboxAccess:
    return MailboxAccess("127.0.0.1", office.imap_port, office.user, office.password, Tls.NONE, timeout_seconds=5, proxy=proxy)


def smtp(office: PostOffice, proxy: Proxy) -> SmtpAccess:
    return SmtpAccess("127.0.0.1", office.smtp_port, office.user, office.password, Tls.NONE, timeout_seconds=5, proxy=proxy)


async def test_letters_come_and_go_through_a_real_one(post_office: PostOffice, real: Proxy) -> None:
    await look_at_mailbox(mailbox(post_office, real))
    await send_mail(smtp(post_office, real), COUNCIL, "sam@home.example", b"Subject: Hello\r\n\r\nWords.\r\n")

    assert len(post_office.letters_to("sam@home.example")) == 1


async def test_the_bot_the_sign_in_and_an_alarm_go_through_a_real_one(
    bot_api: BotApi, real: Proxy, tmp_path: Path, clock: Clock
) -> None:
    bot = TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5, proxy=real)
    heard: list[bytes] = []

    async def rings(request: web.Request) -> web.Response:
        heard.append(await request.read())
        return web.Response()

    await look_at_bot(bot)
    async with signing_in() as server:
        oauth = OAuthAccess(f"{server.url}/token", server.client_id, "mail", tmp_path / "tokens.json", proxy=real)
        server.good_refresh.add("refresh")
        with kept(oauth) as keep:
            keep(Grant("old", clock() - timedelta(hours=1), "refresh"))
        token = await Tokens(oauth, clock).token()
        assert token in server.good_tokens
    app = web.Application()
    app.router.add_post("/ring", rings)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", free_port())
    await site.start()
    await call_webhook(AlarmAccess(webhook=f"{site.name}/ring", timeout_seconds=5, proxy=real), b"{}")
    await runner.cleanup()

    assert heard == [b"{}"]


async def test_a_wrong_password_for_a_real_one(post_office: PostOffice, real: Proxy) -> None:
    wrong = replace(real, password="wrong-not-to-be-logged")

    with pytest.raises(WireError, match=r"wants a user and a password, or others than these") as told:
        await look_at_mailbox(mailbox(post_office, wrong))

    assert "wrong-not" not in str(told.value) + repr(wrong)


async def test_the_proxy_looks_names_up_and_the_certificate_is_the_servers(tmp_path: Path) -> None:
    """A council's own name server may know nothing of the world."""
    async with scripted(NOT_ALLOWED) as (proxy, heard):
        with pytest.raises(WireError):
            await look_at_mailbox(MailboxAccess("imap.far-away.example", 993, "x", "y", timeout_seconds=5, proxy=proxy))
        with pytest.raises(WireError):
            await look_at_bot(TelegramAccess("7:x", "https://api.far-away.example", proxy=proxy, timeout_seconds=5))

    assert b"\x15imap.far-away.example\x03\xe1" in heard.heard
    assert b"\x14api.far-away.example\x01\xbb" in heard.heard


async def test_a_certificate_that_nobody_vouches_for_is_refused_behind_it(real: Proxy, tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    assert made is not None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    runner = web.AppRunner(web.Application(), access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
    chat = Request(TelegramAccess("7:x", f"https://127.0.0.1:{port}", timeout_seconds=5, proxy=real), 1)
    alarm = AlarmAccess(webhook=f"https://127.0.0.1:{port}/ring", timeout_seconds=5, proxy=real)
    try:
        with pytest.raises(NetworkError) as told:
            await chat.do_request(f"https://127.0.0.1:{port}/", "POST")
        with pytest.raises(Unreachable) as rung:
            await call_webhook(alarm, b"{}")
    finally:
        await chat.shutdown()
        await runner.cleanup()

    assert in_a_sentence(told.value).startswith("its certificate is not trusted")
    assert str(rung.value) == "not trusted"


@pytest.mark.parametrize(("says", "password", "told"), REFUSALS)
async def test_one_that_opens_no_way_is_told_plainly_on_every_wire(
    says: bytes, password: str, told: str, tmp_path: Path, clock: Clock, post_office: PostOffice
) -> None:
    async with scripted(says, "heard" if password else "", password) as (proxy, _):
        oauth = OAuthAccess("https://login.anytown.example/token", "client", "mail", tmp_path / "tokens.json", proxy=proxy)
        with kept(oauth) as keep:
            keep(Grant("old", clock() - timedelta(hours=1), "refresh"))

        with pytest.raises(WireError, match=told):
            await look_at_mailbox(mailbox(post_office, proxy))
        with pytest.raises(WireError, match=told):
            await look_at_bot(TelegramAccess("7:x", "https://api.telegram.example", proxy=proxy, timeout_seconds=5))
        with pytest.raises(Unreachable) as renewing:
            await Tokens(oauth, clock).token()

    import re

    said = in_a_sentence(renewing.value)
    assert re.search(told, said)
    assert "wrong-not" not in said


async def test_one_that_is_not_there(post_office: PostOffice) -> None:
    nobody = Proxy("127.0.0.1", free_port(), is_socks=True)

    with pytest.raises(WireError, match=r"the proxy of network\.proxy cannot be reached"):
        await look_at_mailbox(mailbox(post_office, nobody))
    with pytest.raises(WireError, match=r"the proxy of network\.proxy cannot be reached"):
        await look_at_bot(TelegramAccess("7:x", "https://api.telegram.example", proxy=nobody, timeout_seconds=5))
