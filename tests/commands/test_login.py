"""`heard login`: what a person at a terminal sees, and what is kept."""

import asyncio
import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.commands.hearing import Heard
from tests.servers.sign_in import SignIn, signing_in
from tests.servers.xoauth2 import TokenPost, token_post

COUNCIL = "yoursay@anytown.example"


@dataclass
class Away:
    """The sign-in server and the mailbox, in a thread of their own: a command has the loop of this one."""

    server: SignIn
    post: TokenPost


@pytest.fixture
def away() -> Iterator[Away]:
    loop = asyncio.new_event_loop()
    made: list[Away] = []
    is_there, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with signing_in() as server, token_post(COUNCIL, server.good_tokens) as post:
            server.interval = 1
            made.append(Away(server, post))
            is_there.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert is_there.wait(10)
    yield made[0]
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


@pytest.fixture
def by_token(heard_here: Heard, away: Away) -> Heard:
    heard_here.settings |= {
        "HEARD_MAILBOX_HOST": "127.0.0.1",
        "HEARD_MAILBOX_PORT": str(away.post.imap_port),
        "HEARD_MAILBOX_TLS": "none",
        "HEARD_MAILBOX_USER": COUNCIL,
        "HEARD_MAILBOX_AUTH": "xoauth2",
        "HEARD_SMTP_HOST": "127.0.0.1",
        "HEARD_SMTP_PORT": str(away.post.smtp_port),
        "HEARD_SMTP_TLS": "none",
        "HEARD_SMTP_USER": COUNCIL,
        "HEARD_SMTP_AUTH": "xoauth2",
        "HEARD_OAUTH_PROVIDER": "other",
        "HEARD_OAUTH_CLIENT_ID": away.server.client_id,
        "HEARD_OAUTH_TOKEN_URL": f"{away.server.url}/token",
        "HEARD_OAUTH_DEVICE_URL": f"{away.server.url}/device",
        "HEARD_OAUTH_AUTHORIZE_URL": f"{away.server.url}/authorize",
        "HEARD_OAUTH_SCOPE": "mail",
        "HEARD_OAUTH_TOKENS": "kept.json",
    }
    return heard_here


def test_login_shows_where_to_go_and_opens_both_with_one_sign_in(by_token: Heard, away: Away) -> None:
    away.server.codes = ["authorization_pending", "yes"]

    said = by_token("login")

    assert said.code == 0
    assert said.out == "mailbox: it opens\nmail server: it opens\n"
    assert f"Open {away.server.url}/go in any browser" in said.err
    assert "ABCD-EFGH" in said.err
    kept = by_token.folder / "kept.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())["refresh_token"] in away.server.good_refresh
    assert "not-to-be-logged" not in said.out + said.err


def test_login_that_was_declined_says_so_and_keeps_nothing(by_token: Heard, away: Away) -> None:
    away.server.codes = ["access_denied"]

    said = by_token("login")

    assert (said.code, said.out) == (1, "")
    assert "Not signed in: there is no token: the sign-in was declined. What was kept before is unchanged." in said.err
    assert not (by_token.folder / "kept.json").exists()


def test_login_as_somebody_who_may_not_open_the_mailbox(by_token: Heard, away: Away) -> None:
    """The sign-in is good, the mailbox is another's."""
    away.server.codes = ["yes"]
    away.post.user = "somebody.else@anytown.example"

    said = by_token("login")

    assert said.code == 1
    assert "mailbox: the sign-in is refused: a fresh token is refused: look at mailbox.user" in said.out
    assert "mail server: the sign-in is refused (535 5.7.3)" in said.out


def test_login_by_an_address_without_anybody_to_paste_it(by_token: Heard, away: Away) -> None:
    by_token.settings["HEARD_OAUTH_FLOW"] = "code"

    said = by_token("login")

    assert said.code == 1
    assert f"{away.server.url}/authorize?response_type=code" in said.err
    assert "not the address at which this sign-in ended" in said.err


def test_login_for_an_application_only_looks_whether_it_may(by_token: Heard, away: Away) -> None:
    away.server.client_secret = "secret-not-to-be-logged"
    by_token.settings |= {"HEARD_OAUTH_FLOW": "application", "HEARD_OAUTH_CLIENT_SECRET": away.server.client_secret}

    said = by_token("login")

    assert (said.code, said.out) == (0, "mailbox: it opens\nmail server: it opens\n")
    assert "Nobody needs to sign in" in said.err
    assert "not-to-be-logged" not in said.err


def test_login_where_passwords_are_used(heard_here: Heard) -> None:
    said = heard_here("login")

    assert (said.code, said.out) == (1, "")
    assert "neither mailbox.auth nor smtp.auth is xoauth2" in said.err


def test_check_says_that_nobody_signed_in(by_token: Heard) -> None:
    found = {one["what"]: one["words"] for one in by_token("check", "--json").json}

    assert "`heard login` mends it" in found["mailbox"]
    assert "`heard login` mends it" in found["mail server"]
