"""Signing in by a key: Microsoft's certificate, Google's service account. A scripted server looks at what is signed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bot.access import oauth_access
from bot.checking.wires import look_at_the_key
from bot.settings import SettingsError, load
from notifications.wires import Flow, MailboxAccess, OAuthAccess, Refused, Tls, Tokens, in_a_sentence, look_at_mailbox
from notifications.wires.signed import KeyTrouble, read_key
from tests.house.test_sign_in_settings import BY_TOKEN
from tests.servers.clock import Clock
from tests.servers.keys import ACCOUNT, NUMBER, certified, pem, rsa_key, service_account
from tests.servers.sign_in import SignIn, signing_in
from tests.servers.xoauth2 import token_post

COUNCIL = "yoursay@anytown.example"


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[SignIn]:
    async with signing_in() as running:
        running.now = clock
        running.accounts[ACCOUNT] = (NUMBER, rsa_key().public_key())
        running.mailboxes.add(COUNCIL)
        yield running


@pytest.fixture
def microsoft(server: SignIn, tmp_path: Path, clock: Clock) -> OAuthAccess:
    made = certified(rsa_key(), clock() + timedelta(days=300))
    server.certificate = made.certificate
    (tmp_path / "key.pem").write_bytes(made.file)
    return access_of(server, tmp_path / "key.pem")


@pytest.fixture
def google(server: SignIn, tmp_path: Path) -> OAuthAccess:
    (tmp_path / "account.json").write_bytes(service_account(rsa_key()))
    return replace(access_of(server, tmp_path / "account.json"), scope="https://mail.google.com/", client_id="")


def access_of(server: SignIn, key: Path) -> OAuthAccess:
    return OAuthAccess(
        f"{server.url}/token",
        server.client_id,
        "mail/.default",
        key.with_name("tokens.json"),
        Flow.APPLICATION,
        key=key,
        subject=COUNCIL,
        timeout_seconds=5,
    )


async def refusal_of(access: OAuthAccess, clock: Clock) -> str:
    with pytest.raises(Refused) as refused:
        await Tokens(access, clock).token()
    assert refused.value.at == "grant"
    return in_a_sentence(refused.value)


async def test_a_certificate_signs_in_and_nothing_secret_is_sent(server: SignIn, microsoft: OAuthAccess, clock: Clock) -> None:
    token = await Tokens(microsoft, clock).token()

    assert token in server.good_tokens
    [asked], [claims] = server.asked, server.signed
    assert (asked["grant_type"], asked["scope"], "client_secret" in asked) == ("client_credentials", "mail/.default", False)
    assert (claims["iat"], claims["exp"]) == (int(clock().timestamp()), int(clock().timestamp()) + 600)


async def test_no_assertion_is_shown_twice(server: SignIn, microsoft: OAuthAccess, clock: Clock) -> None:
    tokens = Tokens(microsoft, clock)
    await tokens.token()
    clock.goes_on(minutes=56)
    await tokens.token()

    assert len({claims["jti"] for claims in server.signed}) == 2


async def test_a_service_account_acts_for_the_one_mailbox(server: SignIn, google: OAuthAccess, clock: Clock) -> None:
    tokens = Tokens(google, clock)
    async with token_post(COUNCIL, server.good_tokens) as post:
        await look_at_mailbox(MailboxAccess("127.0.0.1", post.imap_port, COUNCIL, "", Tls.NONE, timeout_seconds=5, tokens=tokens))

    assert "client_id" not in server.asked[0]
    assert (server.signed[0]["iss"], server.signed[0]["sub"]) == (ACCOUNT, COUNCIL)
    assert post.tried == [await tokens.token()]


async def test_a_new_key_is_taken_up_without_a_restart(server: SignIn, microsoft: OAuthAccess, clock: Clock) -> None:
    """Certificates end; the next one is put in the place of the old."""
    tokens = Tokens(microsoft, clock)
    await tokens.token()
    new = certified(rsa_key(1), clock() + timedelta(days=400))
    server.certificate = new.certificate
    assert microsoft.key is not None
    microsoft.key.write_bytes(new.file)
    clock.goes_on(minutes=56)

    assert await tokens.token() in server.good_tokens


async def test_what_microsoft_says_no_to(server: SignIn, microsoft: OAuthAccess, clock: Clock) -> None:
    server.certificate = certified(rsa_key(1), clock() + timedelta(days=9)).certificate
    assert "the certificate is not one of the application's, or has ended" in await refusal_of(microsoft, clock)

    server.certificate = certified(rsa_key(), clock() + timedelta(days=300)).certificate
    assert "is not in this tenant" in await refusal_of(replace(microsoft, client_id="another"), clock)

    server.now = Clock(clock() + timedelta(hours=1))
    assert "look at this machine's clock" in await refusal_of(microsoft, clock)


async def test_what_google_says_no_to(server: SignIn, google: OAuthAccess, clock: Clock) -> None:
    assert "under domain-wide delegation" in await refusal_of(replace(google, subject="mayor@anytown.example"), clock)
    assert "under domain-wide delegation" in await refusal_of(replace(google, scope="https://other.example"), clock)

    server.accounts[ACCOUNT] = ("another-number", rsa_key().public_key())
    said = await refusal_of(google, clock)

    assert "whether the key of oauth.key was withdrawn" in said
    assert "heard login" not in said, "nobody can sign in there"


async def test_a_key_that_went_away_says_so_and_asks_nobody(server: SignIn, microsoft: OAuthAccess, clock: Clock) -> None:
    assert microsoft.key is not None
    microsoft.key.unlink()

    assert "oauth.key cannot be used: it cannot be read (No such file or directory)" in await refusal_of(microsoft, clock)
    assert server.asked == []


def test_a_file_that_is_no_key_is_told_plainly(tmp_path: Path, clock: Clock) -> None:
    one = certified(rsa_key(), clock())
    elliptic = pem(ec.generate_private_key(ec.SECP256R1()))
    damaged = {
        b"": "holds no private key",
        b"words": "holds no private key",
        one.certificate: "holds no private key",
        one.private: "holds no certificate",
        one.private + certified(rsa_key(1), clock()).certificate: "belongs to another private key",
        pem(rsa_key(), b"sesame") + one.certificate: "wants a passphrase",
        elliptic + one.certificate: "is not RSA",
        b"{": "not the JSON file of a service account",
        b"{}": "not the JSON file of a service account",
        service_account(rsa_key(), type="authorized_user"): "not the JSON file of a service account",
        service_account(rsa_key(), private_key=5): "not the JSON file of a service account",
        service_account(rsa_key(), private_key="words"): "holds no private key",
    }
    for held, told in damaged.items():
        (tmp_path / "key").write_bytes(held)
        with pytest.raises(KeyTrouble, match=told):
            read_key(tmp_path / "key")


def test_check_says_when_the_certificate_ends(tmp_path: Path, clock: Clock) -> None:
    def looked_at(days: int) -> tuple[str, str]:
        (tmp_path / "key.pem").write_bytes(certified(rsa_key(), clock() + timedelta(days=days)).file)
        signs = {**BY_TOKEN, "HEARD_OAUTH_FLOW": "application", "HEARD_OAUTH_KEY": str(tmp_path / "key.pem")}
        [found] = look_at_the_key(load(signs), clock())
        return found.result, found.words

    assert looked_at(300) == ("ok", "its certificate ends on 27 April 2027")
    assert looked_at(44)[0] == "warning"
    assert looked_at(-1)[0] == "failed"


def test_the_settings_say_what_does_not_go_together(tmp_path: Path, clock: Clock) -> None:
    certificate, account = tmp_path / "key.pem", tmp_path / "account.json"
    certificate.write_bytes(certified(rsa_key(), clock()).file)
    account.write_bytes(service_account(rsa_key()))
    signs = {**BY_TOKEN, "HEARD_OAUTH_FLOW": "application", "HEARD_OAUTH_KEY": str(certificate)}
    google = {**signs, "HEARD_OAUTH_PROVIDER": "google", "HEARD_OAUTH_KEY": str(account)}
    del google["HEARD_OAUTH_CLIENT_ID"], google["HEARD_OAUTH_TENANT"]

    assert oauth_access(load(signs)).key == certificate
    assert oauth_access(load(google)).subject == "yoursay@anytown.gov.uk"
    wrong = {
        "oauth.flow = application": {**signs, "HEARD_OAUTH_FLOW": "device"},
        "found beside oauth.client_secret": {**signs, "HEARD_OAUTH_CLIENT_SECRET": "sesame"},
        "another kind of key; google wants the JSON file": {**google, "HEARD_OAUTH_KEY": str(certificate)},
        "another kind of key; microsoft wants a certificate": {**signs, "HEARD_OAUTH_KEY": str(account)},
        "acts for one mailbox": {**google, "HEARD_SMTP_USER": "other@anytown.gov.uk"},
        "No such file or directory": {**signs, "HEARD_OAUTH_KEY": "/nowhere.pem"},
        "oauth.key (HEARD_OAUTH_KEY): nothing was found": {k: v for k, v in google.items() if k != "HEARD_OAUTH_KEY"},
    }
    for told, environ in wrong.items():
        with pytest.raises(SettingsError) as refused:
            load(environ)
        assert told in "\n".join(refused.value.mistakes)
    assert load({**signs, "HEARD_OAUTH_KEY": "/nowhere.pem"}, doors=False).oauth is not None


def test_a_key_that_every_user_can_read_is_warned_of(tmp_path: Path, clock: Clock) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(certified(rsa_key(), clock()).file)
    signs = {**BY_TOKEN, "HEARD_OAUTH_FLOW": "application", "HEARD_OAUTH_KEY": str(key)}

    key.chmod(0o644)
    open_to_all = load(signs).warnings
    key.chmod(0o600)

    warned = f"HEARD_OAUTH_KEY: {key} can be read by every user of this machine; chmod 600 is enough."
    assert warned in open_to_all
    assert load(signs).warnings == tuple(one for one in open_to_all if one != warned)
