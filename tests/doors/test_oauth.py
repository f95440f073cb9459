"""Tokens: renewed before they end, spent by one process at a time, kept for their owner alone, and never shown."""

import asyncio
import json
import logging
import os
import stat
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from notifications.wires import Flow, OAuthAccess, Refused, Tokens, Unreachable, WireError, in_a_sentence
from notifications.wires.oauth import Grant, alone_with, kept
from tests.servers import free_port
from tests.servers.clock import Clock
from tests.servers.sign_in import SignIn, page, refusal, signing_in


@pytest.fixture
async def server() -> AsyncIterator[SignIn]:
    async with signing_in() as running:
        yield running


@pytest.fixture
def access(server: SignIn, tmp_path: Path) -> OAuthAccess:
    return OAuthAccess(
        token_url=f"{server.url}/token",
        device_url=f"{server.url}/device",
        authorize_url=f"{server.url}/authorize?prompt=consent",
        client_id=server.client_id,
        scope="mail offline_access",
        file=tmp_path / "tokens.json",
        timeout_seconds=5,
    )


@pytest.fixture
def signed_in(server: SignIn, access: OAuthAccess, clock: Clock) -> OAuthAccess:
    """Somebody signed in, an hour ago: what is kept is out of date, its refresh token is not."""
    keep(access, Grant("access-of-old", clock() - timedelta(minutes=1), "refresh-of-old"))
    server.good_refresh.add("refresh-of-old")
    return access


def keep(access: OAuthAccess, grant: Grant) -> None:
    with kept(access) as put:
        put(grant)


async def test_a_token_is_renewed_before_it_ends_and_not_sooner(server: SignIn, signed_in: OAuthAccess, clock: Clock) -> None:
    tokens = Tokens(signed_in, clock)
    first = await tokens.token()
    clock.goes_on(minutes=54)
    assert await tokens.token() == first

    clock.goes_on(minutes=2)
    second = await tokens.token()

    assert second != first
    assert server.kinds() == ["refresh_token", "refresh_token"]
    assert {first, second} <= server.good_tokens


async def test_a_short_life_is_lived_to_its_half(server: SignIn, signed_in: OAuthAccess, clock: Clock) -> None:
    """Five minutes before the end of a minute would be a renewal for every look at the mailbox."""
    server.life_seconds = 60
    tokens = Tokens(signed_in, clock)
    await tokens.token()

    clock.goes_on(seconds=29)
    await tokens.token()
    assert len(server.asked) == 1
    clock.goes_on(seconds=2)
    await tokens.token()
    assert len(server.asked) == 2


async def test_the_service_and_a_command_do_not_spend_the_same_refresh_token(
    server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    """Each has an object of its own; the file and its lock are all that they share."""
    both = await asyncio.gather(*(Tokens(signed_in, clock).token() for _ in range(8)))

    assert len(set(both)) == 1
    assert server.kinds() == ["refresh_token"]


async def test_who_holds_the_lock_is_waited_for(server: SignIn, signed_in: OAuthAccess, clock: Clock) -> None:
    async with alone_with(signed_in):
        waiting = asyncio.ensure_future(Tokens(signed_in, clock).token())
        keep(signed_in, Grant("access-by-another", clock() + timedelta(hours=1), "refresh-by-another"))

    assert await waiting == "access-by-another"
    assert server.asked == []


async def test_a_lock_that_is_never_let_go_of_is_said(
    signed_in: OAuthAccess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.wires.oauth.LOCK_SECONDS", 0.1)
    async with alone_with(signed_in):
        with pytest.raises(Unreachable, match="tokens in use"):
            await Tokens(signed_in, clock).token()


async def test_a_token_that_was_refused_is_renewed_once_and_then_left_alone(
    server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    tokens = Tokens(signed_in, clock)
    first = await tokens.token()

    second = await tokens.renewed(first)
    third = await tokens.renewed(second)

    assert second not in (first, "")
    assert third == ""
    assert len(server.asked) == 2


async def test_without_a_new_refresh_token_the_old_one_goes_on(server: SignIn, signed_in: OAuthAccess, clock: Clock) -> None:
    """RFC 6749, 6: the server may send one; Google does not."""
    server.says = lambda form: server.grant(refresh=False)

    await Tokens(signed_in, clock).token()

    assert json.loads(signed_in.file.read_text())["refresh_token"] == "refresh-of-old"


async def test_the_file_is_for_its_owner_alone_and_replaced_as_a_whole(
    server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    signed_in.file.chmod(0o644)
    before = signed_in.file.stat().st_ino

    await Tokens(signed_in, clock).token()

    assert stat.S_IMODE(signed_in.file.stat().st_mode) == 0o600
    assert signed_in.file.stat().st_ino != before
    assert sorted(path.name for path in signed_in.file.parent.iterdir()) == ["tokens.json", "tokens.json.lock"]
    assert stat.S_IMODE(signed_in.file.with_name("tokens.json.lock").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_what_root_writes_belongs_to_the_owner_of_the_folder(server: SignIn, signed_in: OAuthAccess, clock: Clock) -> None:
    os.chown(signed_in.file.parent, 65534, 65534)

    await Tokens(signed_in, clock).token()

    assert {path.stat().st_uid for path in signed_in.file.parent.iterdir()} == {65534}


async def test_nothing_is_asked_for_that_could_not_be_kept(server: SignIn, signed_in: OAuthAccess, clock: Clock) -> None:
    """A refresh token that rotates would be spent, and the new one lost."""
    lost = replace(signed_in, file=signed_in.file.parent / "nowhere" / "tokens.json")

    with pytest.raises(Refused) as refused:
        await Tokens(lost, clock).token()

    assert "oauth.tokens" in refused.value.words
    assert server.asked == []


@pytest.mark.parametrize("held", ["", "{}", "not json", "[]", "\x00", "ODD"])
async def test_a_damaged_file_is_said_and_login_mends_it(held: str, access: OAuthAccess, clock: Clock) -> None:
    odd = {"access_token": 3, "renew_at": "2026-01-01T00:00", "refresh_token": "x", "token_url": access.token_url}
    access.file.write_text(json.dumps({**odd, "client_id": access.client_id}) if held == "ODD" else held)

    with pytest.raises(Refused) as refused:
        await Tokens(access, clock).token()

    assert "is damaged: `heard login` mends it" in refused.value.words


async def test_nobody_signed_in_yet(server: SignIn, access: OAuthAccess, clock: Clock) -> None:
    with pytest.raises(Refused) as refused:
        await Tokens(access, clock).token()

    assert in_a_sentence(refused.value) == "there is no token: nobody has signed in yet: `heard login` mends it"
    assert server.asked == []


async def test_tokens_of_another_application_are_not_shown_to_this_one(
    server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    with pytest.raises(Refused, match="grant"):
        await Tokens(replace(signed_in, client_id="another"), clock).token()

    assert server.asked == []


REFUSALS: list[tuple[str, tuple[int, ...], str]] = [
    ("invalid_grant", (70008,), "the sign-in has expired or was revoked: `heard login` mends it"),
    ("invalid_grant", (), "the sign-in has expired or was revoked: `heard login` mends it"),
    ("invalid_client", (7000222,), "the client secret has expired: make a new one and set oauth.client_secret (AADSTS7000222)"),
    ("invalid_client", (7000215,), "the client secret is wrong"),
    ("invalid_scope", (70011,), "the scope is not accepted"),
    ("unauthorized_client", (700016,), "the application of oauth.client_id is not in this tenant"),
    ("interaction_required", (50076,), "somebody must sign in again: `heard login` mends it"),
    ("Something <odd> for c.officer@anytown.gov.uk", (), "the sign-in server says error: look at [oauth]"),
]


@pytest.mark.parametrize(("error", "numbers", "words"), REFUSALS)
async def test_a_no_says_what_mends_it_and_is_not_asked_for_again_at_once(
    error: str, numbers: tuple[int, ...], words: str, server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    server.says = lambda form: refusal(error, *numbers)
    tokens = Tokens(signed_in, clock)

    for _ in range(5):
        with pytest.raises(Refused) as refused:
            await tokens.token()

    assert words in refused.value.words
    assert (refused.value.at, refused.value.permanent) == ("grant", False)
    assert "officer" not in repr(refused.value) + str(refused.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("minutes", [60, -1])
async def test_after_login_the_service_goes_on_at_once(
    minutes: int, server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    """Also where the new token has ended meanwhile and only its refresh token is good."""
    refresh, server.good_refresh = "refresh-of-now", set()
    tokens = Tokens(signed_in, clock)
    with pytest.raises(Refused):
        await tokens.token()

    server.good_refresh.add(refresh)
    keep(signed_in, Grant("access-of-now", clock() + timedelta(minutes=minutes), refresh))

    assert await tokens.token() in {"access-of-now", *server.good_tokens}


TROUBLES: list[tuple[Callable[[], web.Response], str]] = [
    (lambda: web.Response(status=503, text="down"), "no sign-in"),
    (lambda: web.Response(status=429), "no sign-in"),
    (page, "sign-in garbled"),
    (lambda: web.json_response(["a", "list"]), "sign-in garbled"),
    (lambda: web.json_response({"token_type": "Bearer"}), "sign-in garbled"),
    (lambda: web.json_response({"access_token": "two\r\nlines"}), "sign-in garbled"),
    (lambda: web.json_response({"access_token": "x"}, status=302), "sign-in garbled"),
]


@pytest.mark.parametrize(("answer", "reason"), TROUBLES)
async def test_a_server_that_is_away_or_answers_nonsense_keeps_the_tokens(
    answer: Callable[[], web.Response], reason: str, server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    held = signed_in.file.read_text()
    server.says = lambda form: answer()
    tokens = Tokens(signed_in, clock)

    for _ in range(3):
        with pytest.raises(Unreachable) as told:
            await tokens.token()

    assert told.value.reason == reason
    assert "the tokens are kept" in in_a_sentence(told.value)
    assert signed_in.file.read_text() == held
    assert len(server.asked) == 1


async def test_a_server_that_is_not_there(signed_in: OAuthAccess, clock: Clock) -> None:
    gone = replace(signed_in, token_url=f"http://127.0.0.1:{free_port()}/token")
    keep(gone, Grant("old", clock() - timedelta(minutes=1), "refresh-of-old"))

    with pytest.raises(Unreachable, match="no sign-in"):
        await Tokens(gone, clock).token()


@pytest.mark.parametrize("life", ["3600", 3600.0, None, "soon", -5, 10**400])
async def test_a_life_of_any_form_is_borne(life: Any, server: SignIn, signed_in: OAuthAccess, clock: Clock) -> None:
    server.says = lambda form: web.json_response({"access_token": "fine", "expires_in": life})

    assert await Tokens(signed_in, clock).token() == "fine"


async def test_a_clock_that_was_set_back_costs_one_refusal_and_no_more(
    server: SignIn, signed_in: OAuthAccess, clock: Clock
) -> None:
    tokens = Tokens(signed_in, clock)
    first = await tokens.token()
    clock.goes_on(days=-3)
    assert await tokens.token() == first

    assert await tokens.renewed(first) in server.good_tokens


async def test_an_application_needs_nobody_and_no_file(server: SignIn, access: OAuthAccess, clock: Clock) -> None:
    server.client_secret = "secret-not-to-be-logged"
    own = replace(access, flow=Flow.APPLICATION, client_secret=server.client_secret, scope="https://outlook.example/.default")
    tokens = Tokens(own, clock)

    first = await tokens.token()
    again = await tokens.token()
    clock.goes_on(hours=1)
    later = await tokens.token()

    assert first == again != later
    assert server.kinds() == ["client_credentials", "client_credentials"]
    assert server.asked[0]["scope"] == "https://outlook.example/.default"
    assert list(access.file.parent.iterdir()) == []


async def test_nothing_secret_is_in_a_repr_or_in_the_log_at_debug(
    server: SignIn, access: OAuthAccess, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = replace(access, client_secret="secret-not-to-be-logged")
    server.client_secret = secret.client_secret
    grant = Grant("access-0-not-to-be-logged", clock() - timedelta(minutes=1), "refresh-0-not-to-be-logged")
    keep(secret, grant)
    server.good_refresh.add(grant.refresh_token)
    tokens = Tokens(secret, clock)
    await tokens.token()
    clock.goes_on(hours=1)
    server.says = lambda form: refusal("invalid_grant")
    with pytest.raises(WireError) as refused:
        await tokens.token()

    shown = caplog.text + repr(secret) + repr(grant) + repr(tokens) + repr(refused.value) + str(refused.value)
    assert "not-to-be-logged" not in shown


def test_tokens_go_only_where_nobody_on_the_way_can_read_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="https"):
        OAuthAccess("http://login.anytown.example/token", "client", "mail", tmp_path / "tokens.json")
