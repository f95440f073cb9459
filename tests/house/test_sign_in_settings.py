"""Signing in by tokens and the way out of the network, as the settings have them."""

from pathlib import Path

import pytest

from bot.access import mailbox_access, oauth_access, proxy_to, smtp_access, telegram_access
from bot.settings import Settings, SettingsError, load
from notifications.wires import Flow, Proxy
from tests.servers import missing
from tests.servers.certificate import make_certificate
from tests.servers.clock import Clock

BY_TOKEN = {
    "HEARD_MAILBOX_HOST": "outlook.office365.com",
    "HEARD_MAILBOX_USER": "yoursay@anytown.gov.uk",
    "HEARD_MAILBOX_AUTH": "xoauth2",
    "HEARD_SMTP_HOST": "smtp.office365.com",
    "HEARD_SMTP_USER": "yoursay@anytown.gov.uk",
    "HEARD_SMTP_AUTH": "xoauth2",
    "HEARD_FROM_ADDRESS": "yoursay@anytown.gov.uk",
    "HEARD_DUTY_ADDRESS": "duty@anytown.gov.uk",
    "HEARD_OAUTH_TENANT": "anytown.onmicrosoft.com",
    "HEARD_OAUTH_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def without(*names: str, **more: str) -> dict[str, str]:
    return {name: value for name, value in BY_TOKEN.items() if name not in names} | more


def mistakes(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        load(environ)
    return "\n".join(refused.value.mistakes)


def test_microsoft_needs_a_tenant_and_a_client_and_no_password() -> None:
    access = oauth_access(load(BY_TOKEN))

    assert access.flow is Flow.DEVICE
    assert access.token_url == "https://login.microsoftonline.com/anytown.onmicrosoft.com/oauth2/v2.0/token"
    assert access.device_url == "https://login.microsoftonline.com/anytown.onmicrosoft.com/oauth2/v2.0/devicecode"
    assert access.scope.split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ]


def test_an_application_of_microsofts_has_the_scope_of_all_that_it_was_given() -> None:
    settings = load({**BY_TOKEN, "HEARD_OAUTH_FLOW": "application", "HEARD_OAUTH_CLIENT_SECRET": "sesame-sesame"})

    assert oauth_access(settings).scope == "https://outlook.office365.com/.default"
    assert "sesame" not in repr(settings) + repr(oauth_access(settings))
    assert "sesame-sesame" in settings.secrets


def test_google_is_signed_in_to_by_an_address() -> None:
    """Its device codes are good for few scopes, and mail is none of them."""
    google = without("HEARD_OAUTH_TENANT", HEARD_OAUTH_PROVIDER="google", HEARD_OAUTH_CLIENT_SECRET="sesame-sesame")
    access = oauth_access(load(google))

    assert (access.flow, access.scope) == (Flow.CODE, "https://mail.google.com/")
    assert "access_type=offline" in access.authorize_url
    assert "oauth.flow: found device; wanted code" in mistakes({**google, "HEARD_OAUTH_FLOW": "device"})


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        (without("HEARD_OAUTH_TENANT"), "oauth.tenant (HEARD_OAUTH_TENANT): nothing was found"),
        (without("HEARD_OAUTH_CLIENT_ID"), "oauth.client_id (HEARD_OAUTH_CLIENT_ID): nothing was found"),
        (without(HEARD_OAUTH_FLOW="application"), "oauth.client_secret (HEARD_OAUTH_CLIENT_SECRET): nothing was found"),
        (without(HEARD_OAUTH_PROVIDER="google"), "oauth.client_secret"),
        (without(HEARD_OAUTH_PROVIDER="other"), "oauth.token_url"),
        (without(HEARD_OAUTH_PROVIDER="other"), "oauth.scope"),
        (without(HEARD_OAUTH_PROVIDER="other"), "oauth.device_url"),
        (without(HEARD_OAUTH_PROVIDER="other", HEARD_OAUTH_FLOW="code"), "oauth.authorize_url"),
        (without("HEARD_SMTP_USER"), "smtp.user (HEARD_SMTP_USER): nothing was found"),
        (without(HEARD_OAUTH_TOKEN_URL="http://login.anytown.gov.uk/token"), "wanted an https address"),
        (without(HEARD_MAILBOX_AUTH="oauth"), "wanted password or xoauth2"),
        (without(HEARD_NETWORK_PROXY="http://heard:sesame@proxy:3128"), "without user and password"),
        (without(HEARD_NETWORK_PROXY="socks4://proxy:1080"), "wanted http://HOST:PORT or socks5://HOST:PORT"),
        (without(HEARD_NETWORK_PROXY_USER="heard"), "network.proxy_password"),
        (without(HEARD_NETWORK_CERTIFICATES="/nowhere.pem"), "No such file or directory"),
        (without(HEARD_COUNCIL_PLUS_ADDRESSING="perhaps"), "wanted true or false"),
    ],
)
def test_what_is_missing_or_wrong_is_named(environ: dict[str, str], told: str) -> None:
    assert told in mistakes(environ)


def test_a_file_without_a_certificate_is_a_mistake(elsewhere: Path) -> None:
    (elsewhere / "empty.pem").write_text("nothing\n")

    told = mistakes({**BY_TOKEN, "HEARD_NETWORK_CERTIFICATES": "empty.pem"})

    assert "empty.pem cannot be used (it holds no certificate)" in told


def test_one_file_of_authorities_is_for_every_wire(elsewhere: Path, clock: Clock) -> None:
    made = make_certificate(elsewhere)
    if made is None:
        missing("openssl")
        pytest.skip("openssl is not installed")
    settings = load(
        {**BY_TOKEN, "HEARD_NETWORK_CERTIFICATES": str(made.certificate), "HEARD_TELEGRAM_TOKEN": "1234567890:a-token"}
    )

    files = (mailbox_access(settings, clock), smtp_access(settings, clock), telegram_access(settings), oauth_access(settings))
    assert {access.ca_file for access in files} == {str(made.certificate)}


def proxied(**more: str) -> Settings:
    return load({**BY_TOKEN, "HEARD_NETWORK_PROXY": "http://proxy.anytown.gov.uk:3128", **more})


def test_the_proxy_is_for_every_wire_that_leaves_this_machine(clock: Clock) -> None:
    settings = proxied(
        HEARD_NETWORK_PROXY_USER="heard",
        HEARD_NETWORK_PROXY_PASSWORD="sesame-sesame",
        HEARD_TELEGRAM_TOKEN="1234567890:a-token",
    )
    way = Proxy("proxy.anytown.gov.uk", 3128, "heard", "sesame-sesame")

    accesses = (mailbox_access(settings, clock), smtp_access(settings, clock), telegram_access(settings), oauth_access(settings))
    assert [access.proxy for access in accesses] == [way] * 4
    assert "sesame" not in repr(settings) + repr(accesses)
    assert "sesame-sesame" in settings.secrets


def test_a_proxy_may_speak_socks() -> None:
    settings = load({**BY_TOKEN, "HEARD_NETWORK_PROXY": "socks5://[2001:db8::1]:1080/"})

    way = proxy_to(settings, "imap.example")
    assert way == Proxy("2001:db8::1", 1080, is_socks=True)
    assert way.url == "socks5://[2001:db8::1]:1080"


@pytest.mark.parametrize(
    ("host", "goes_through"),
    [
        ("localhost", False),
        ("127.0.0.1", False),
        ("mail.anytown.gov.uk", False),
        ("MAIL.anytown.gov.uk.", False),
        ("deep.down.internal", False),
        ("internal", True),
        ("notmail.anytown.gov.uk", True),
        ("api.telegram.org", True),
    ],
)
def test_what_is_named_is_reached_without_the_proxy(host: str, goes_through: bool) -> None:
    settings = proxied(HEARD_NETWORK_DIRECT="mail.anytown.gov.uk, .internal")

    assert (proxy_to(settings, host) is not None) == goes_through


def test_a_proxy_may_be_a_number() -> None:
    assert proxy_to(load({**BY_TOKEN, "HEARD_NETWORK_PROXY": "http://[2001:db8::1]:3128"}), "x.example") == Proxy(
        "2001:db8::1", 3128
    )
