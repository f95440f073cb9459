"""Somebody signs in once by a browser: the code is shown, the polls keep their distance, and nothing half is kept."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web

from notifications.wires import Flow, Invitation, OAuthAccess, Refused, Tokens, Unreachable, in_a_sentence, sign_in
from notifications.wires.oauth import Grant, kept
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


class Person:
    """Who signs in: sees what is shown, pastes what the browser ends at, and has all the time in the world."""

    def __init__(self, browse: Callable[[str], str] = lambda url: "") -> None:
        self.shown: list[Invitation] = []
        self.waited: list[float] = []
        self._browse = browse

    async def paste(self) -> str:
        return self._browse(self.shown[-1].url)

    async def rest(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def signs_in(self, access: OAuthAccess, clock: Clock) -> None:
        await sign_in(access, clock, self.shown.append, self.paste, self.rest)


async def test_a_code_is_shown_and_the_polls_keep_the_distance_that_is_asked_for(
    server: SignIn, access: OAuthAccess, clock: Clock
) -> None:
    server.codes = ["authorization_pending", "slow_down", "authorization_pending", "yes"]
    person = Person()

    await person.signs_in(access, clock)

    assert person.shown == [Invitation(f"{server.url}/go", "ABCD-EFGH")]
    assert person.waited == [5, 5, 10, 10]
    assert await Tokens(access, clock).token() in server.good_tokens
    assert server.asked[0]["scope"] == "mail offline_access"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("access_denied", "the sign-in was declined"),
        ("expired_token", "the code was not used in time"),
        ("invalid_client", "the application is not known"),
        ("bad_verification_code", "says bad_verification_code"),
    ],
)
async def test_a_sign_in_that_comes_to_nothing_changes_nothing(
    word: str, told: str, server: SignIn, access: OAuthAccess, clock: Clock
) -> None:
    before = Grant("access-before", clock() + timedelta(hours=1), "refresh-before")
    with kept(access) as keep:
        keep(before)
    server.codes = ["authorization_pending", word]

    with pytest.raises(Refused) as refused:
        await Person().signs_in(access, clock)

    assert told in in_a_sentence(refused.value)
    assert await Tokens(access, clock).token() == "access-before"
    assert [path.name for path in access.file.parent.iterdir()] == ["tokens.json"]


async def test_a_code_that_nobody_uses_ends_by_itself(server: SignIn, access: OAuthAccess, clock: Clock) -> None:
    server.codes = ["authorization_pending"] * 1000
    person = Person()

    with pytest.raises(Refused, match="grant"):
        await person.signs_in(access, clock)

    assert sum(person.waited) < 900
    assert len(person.waited) == 179


async def test_a_server_that_is_away_meanwhile_is_asked_more_and_more_seldom(
    server: SignIn, access: OAuthAccess, clock: Clock
) -> None:
    """RFC 8628, 3.5."""
    server.codes = ["yes"]
    answers = iter([web.Response(status=503), page()])
    server.says = lambda form: next(answers, None) if "device_code" in form else None
    person = Person()

    await person.signs_in(access, clock)

    assert person.waited == [5, 10, 20]


async def test_a_server_without_device_codes_says_so(server: SignIn, access: OAuthAccess, clock: Clock) -> None:
    server.says = lambda form: refusal("unauthorized_client", 7000218)

    with pytest.raises(Refused) as refused:
        await Person().signs_in(access, clock)

    assert "Allow public client flows" in in_a_sentence(refused.value)


@pytest.mark.parametrize("answer", [page, lambda: web.json_response({"device_code": "x"})])
async def test_a_page_in_place_of_a_code(
    answer: Callable[[], web.Response], server: SignIn, access: OAuthAccess, clock: Clock
) -> None:
    server.says = lambda form: answer()

    with pytest.raises(Unreachable, match="sign-in garbled"):
        await Person().signs_in(access, clock)


async def test_a_sign_in_without_a_refresh_token_would_last_an_hour_and_is_refused(
    server: SignIn, access: OAuthAccess, clock: Clock
) -> None:
    server.says = lambda form: server.grant(refresh=False) if "device_code" in form else None

    with pytest.raises(Refused) as refused:
        await Person().signs_in(access, clock)

    assert "offline_access" in in_a_sentence(refused.value)
    assert not access.file.exists()


async def test_nobody_signs_in_for_what_could_not_be_kept(server: SignIn, access: OAuthAccess, clock: Clock) -> None:
    with pytest.raises(Refused):
        await Person().signs_in(replace(access, file=access.file.parent / "nowhere" / "tokens.json"), clock)

    assert server.asked == []


def browser(server: SignIn, **changed: str) -> Callable[[str], str]:
    """Gives the address that the browser ends at, and remembers the proof key as the server would."""

    def browse(url: str) -> str:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        server.challenge = asked["code_challenge"]
        answer = {"code": "the-code", "state": asked["state"], **changed}
        return f"{asked['redirect_uri']}/?{urlencode({name: value for name, value in answer.items() if value})}\n"

    return browse


async def test_an_address_is_shown_and_where_the_browser_ended_is_pasted(
    server: SignIn, access: OAuthAccess, clock: Clock
) -> None:
    """For Google, whose device codes are not good for mail. The proof key (RFC 7636) makes a seen address useless to others."""
    person = Person(browser(server))

    await person.signs_in(replace(access, flow=Flow.CODE), clock)

    asked = parse_qs(urlsplit(person.shown[0].url).query)
    verifier = server.asked[-1]["code_verifier"]
    proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert (asked["prompt"], asked["code_challenge_method"], asked["code_challenge"]) == (["consent"], ["S256"], [proof])
    assert server.asked[-1]["redirect_uri"] == asked["redirect_uri"][0]
    assert json.loads(access.file.read_text())["refresh_token"] in server.good_refresh


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"state": "of-another"}, "not the address at which this sign-in ended"),
        ({"code": "", "error": "access_denied"}, "declined"),
        ({"code": ""}, "sign-in server says error"),
        ({"code": "another-code"}, "expired or was revoked"),
    ],
)
async def test_a_wrong_address_is_no_sign_in(
    changed: dict[str, str], told: str, server: SignIn, access: OAuthAccess, clock: Clock
) -> None:
    with pytest.raises(Refused) as refused:
        await Person(browser(server, **changed)).signs_in(replace(access, flow=Flow.CODE), clock)

    assert told in in_a_sentence(refused.value)
    assert not access.file.exists()


@pytest.mark.parametrize("pasted", ["", "\n", "the-code", "http://localhost:47135/", "http://[", "?state=&code=x"])
async def test_what_is_no_address_is_said(pasted: str, access: OAuthAccess, clock: Clock) -> None:
    with pytest.raises(Refused) as refused:
        await Person(lambda url: pasted).signs_in(replace(access, flow=Flow.CODE), clock)

    assert "not the address" in in_a_sentence(refused.value)
