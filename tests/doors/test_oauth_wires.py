"""Mailbox and mail server opened by a token: the challenge answered, a refused one renewed once, and each no made plain."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.doors import DoorTrouble
from bot.mailbox_door import MailboxDoor
from notifications.wires import (
    MailboxAccess,
    OAuthAccess,
    Refused,
    SmtpAccess,
    Tls,
    Tokens,
    Unreachable,
    WireError,
    in_a_sentence,
    look_at_mailbox,
    look_at_smtp,
    open_mailbox,
    send_mail,
)
from notifications.wires.oauth import Grant, kept
from tests.servers.clock import Clock
from tests.servers.sign_in import SignIn, refusal, signing_in
from tests.servers.xoauth2 import Manner, TokenPost, token_post

COUNCIL = "yoursay@anytown.example"


@pytest.fixture
async def server() -> AsyncIterator[SignIn]:
    async with signing_in() as running:
        yield running


@pytest.fixture
async def post(server: SignIn) -> AsyncIterator[TokenPost]:
    """Opened by every token that the sign-in server gave and did not take back."""
    async with token_post(COUNCIL, server.good_tokens) as running:
        yield running


@pytest.fixture
def tokens(server: SignIn, clock: Clock, tmp_path: Path) -> Tokens:
    """Somebody has signed in, and the token is good for an hour yet."""
    access = OAuthAccess(f"{server.url}/token", server.client_id, "mail", tmp_path / "tokens.json", timeout_seconds=5)
    with kept(access) as keep:
        keep(Grant("access-0-not-to-be-logged", clock() + timedelta(hours=1), "refresh-0"))
    server.good_tokens.add("access-0-not-to-be-logged")
    server.good_refresh.add("refresh-0")
    return Tokens(access, clock)


def mailbox(post: TokenPost, tokens: Tokens) -> MailboxAccess:
    return MailboxAccess("127.0.0.1", post.imap_port, COUNCIL, "", Tls.NONE, timeout_seconds=5, tokens=tokens)


def smtp(post: TokenPost, tokens: Tokens) -> SmtpAccess:
    return SmtpAccess("127.0.0.1", post.smtp_port, COUNCIL, tls=Tls.NONE, timeout_seconds=5, tokens=tokens)


async def enter(post: TokenPost, tokens: Tokens) -> None:
    async with open_mailbox(mailbox(post, tokens)) as opened:
        assert opened.uid_validity == 7


async def send(post: TokenPost, tokens: Tokens) -> None:
    await send_mail(smtp(post, tokens), COUNCIL, "sam@home.example", b"Subject: Hello\r\n\r\nWords.\r\n")


@pytest.mark.parametrize("sasl_ir", [True, False])
async def test_a_token_opens_the_mailbox(sasl_ir: bool, post: TokenPost, tokens: Tokens, server: SignIn) -> None:
    """Without SASL-IR (RFC 4959) the token goes only where the server has asked for it."""
    post.sasl_ir = sasl_ir

    await enter(post, tokens)

    assert post.tried == ["access-0-not-to-be-logged"]
    assert server.asked == []


async def test_a_token_opens_the_mail_server(post: TokenPost, tokens: Tokens) -> None:
    await send(post, tokens)

    assert len(post.letters) == 1


@pytest.mark.parametrize("manner", list(Manner))
@pytest.mark.parametrize("wire", [enter, send])
async def test_a_token_that_was_taken_back_is_renewed_and_tried_once_more(
    wire: object, manner: Manner, post: TokenPost, tokens: Tokens, server: SignIn
) -> None:
    post.manner = manner
    server.good_tokens.clear()

    await (enter(post, tokens) if wire is enter else send(post, tokens))

    assert post.tried[0] == "access-0-not-to-be-logged"
    assert post.tried[1] in server.good_tokens
    assert post.answers == ([""] if manner is Manner.GOOGLE else [])
    assert server.kinds() == ["refresh_token"]


@pytest.mark.parametrize("manner", list(Manner))
@pytest.mark.parametrize("wire", [enter, send])
async def test_a_mailbox_that_wants_no_token_of_ours_is_told_and_not_besieged(
    wire: object, manner: Manner, post: TokenPost, tokens: Tokens, server: SignIn
) -> None:
    """A wrong audience or scope: the sign-in server is glad to give tokens, and none is any good."""
    post.manner, post.good = manner, ()

    for _ in range(3):
        with pytest.raises(Refused) as refused:
            await (enter(post, tokens) if wire is enter else send(post, tokens))

    assert "a fresh token is refused" in in_a_sentence(refused.value)
    assert (refused.value.at, refused.value.permanent) == ("login", False)
    assert len(server.asked) == 1
    assert len(post.tried) == 4


async def test_an_expired_grant_is_told_by_the_door_with_what_mends_it(
    post: TokenPost, tokens: Tokens, server: SignIn, clock: Clock
) -> None:
    clock.goes_on(hours=2)
    server.says = lambda form: refusal("invalid_grant", 70008)
    door = MailboxDoor(mailbox(post, tokens), now=clock)

    for _ in range(3):
        with pytest.raises(DoorTrouble) as trouble:
            await door.fetch(None)

    expired = "mailbox refused grant: the sign-in has expired or was revoked: `heard login` mends it"
    assert trouble.value.reason == expired
    assert len(trouble.value.reason) <= 200
    assert len(server.asked) == 1
    assert post.tried == []


IMAP_REFUSALS = [
    ("NO [ALERT] Your account is not enabled for IMAP use. Please visit c.officer@anytown.example", "IMAP is switched off"),
    ("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "a fresh token is refused"),
    ("NO AUTHENTICATE failed.", "a fresh token is refused"),
    ("NO [WEBALERT https://accounts.google.example] Web login required (Failure)", "sign in to this account in a browser once"),
    ("NO [UNAVAILABLE] Temporary authentication failure.", "out of order just now"),
    ("BAD Command received in Invalid state.", "a fresh token is refused"),
]


@pytest.mark.parametrize(("said", "words"), IMAP_REFUSALS)
async def test_what_a_mailbox_says_no_with(said: str, words: str, post: TokenPost, tokens: Tokens) -> None:
    post.good, post.imap_says = (), said

    with pytest.raises(WireError) as told:
        await look_at_mailbox(mailbox(post, tokens))

    assert words in str(told.value)
    assert "officer" not in str(told.value)


async def test_signed_in_and_not_let_into_the_mailbox(post: TokenPost, tokens: Tokens, server: SignIn) -> None:
    """Microsoft's words where the application has no right to this mailbox, or IMAP is off for it."""
    post.select_says = "BAD User is authenticated but not connected."

    with pytest.raises(WireError, match="Add-MailboxPermission"):
        await look_at_mailbox(mailbox(post, tokens))

    assert server.asked == []


SMTP_REFUSALS = [
    (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.example",
        "SMTP AUTH is switched off for the tenant",
    ),
    ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", "for this mailbox"),
    ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "smtp.auth = xoauth2"),
    ("535 5.7.139 Authentication unsuccessful, the request did not meet the criteria", "a policy of the tenant"),
    ("535 5.7.3 Authentication unsuccessful", "a fresh token is refused"),
    ("534 5.7.9 Application-specific password required", "app password"),
    ("454 4.7.0 Temporary authentication failure", "tried again later"),
]


@pytest.mark.parametrize(("said", "words"), SMTP_REFUSALS)
async def test_what_a_mail_server_says_no_with(said: str, words: str, post: TokenPost, tokens: Tokens) -> None:
    post.good, post.smtp_says = (), said

    with pytest.raises(WireError) as told:
        await look_at_smtp(smtp(post, tokens))

    assert words in str(told.value)
    assert said[:3] in str(told.value)


@pytest.mark.parametrize("wire", [look_at_mailbox, look_at_smtp])
async def test_a_server_that_knows_no_xoauth2_is_shown_no_token(wire: object, post: TokenPost, tokens: Tokens) -> None:
    post.offers = "PLAIN"

    with pytest.raises(WireError, match="offers no XOAUTH2"):
        await (look_at_mailbox(mailbox(post, tokens)) if wire is look_at_mailbox else look_at_smtp(smtp(post, tokens)))

    assert post.tried == []


async def test_a_sign_in_server_that_is_down_keeps_letters_for_later(
    post: TokenPost, tokens: Tokens, server: SignIn, clock: Clock
) -> None:
    clock.goes_on(hours=2)
    dead = Tokens(replace(tokens.access, token_url="http://127.0.0.1:9/token"), clock)
    with kept(dead.access) as keep:
        keep(Grant("old", clock() - timedelta(minutes=1), "refresh-0"))

    with pytest.raises(Unreachable, match="no sign-in"):
        await send(post, dead)

    assert post.letters == []


async def test_two_wires_renew_once_between_them(post: TokenPost, tokens: Tokens, server: SignIn, clock: Clock) -> None:
    clock.goes_on(hours=2)
    another = Tokens(tokens.access, clock)

    await asyncio.gather(enter(post, tokens), send(post, another))

    assert server.kinds() == ["refresh_token"]


async def test_no_token_is_in_the_log_at_debug_or_in_a_repr(
    post: TokenPost, tokens: Tokens, server: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    """The library writes the whole exchange at DEBUG, the token in base64."""
    caplog.set_level(logging.DEBUG)
    post.manner = Manner.GOOGLE
    server.good_tokens.clear()
    await enter(post, tokens)
    await send(post, tokens)

    shown = caplog.text + repr(mailbox(post, tokens)) + repr(smtp(post, tokens))
    assert "not-to-be-logged" not in shown
    assert "dXNlcj" not in shown
