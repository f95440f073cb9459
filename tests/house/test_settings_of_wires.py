"""Settings of the wires: TLS, ports, what is half set, what Telegram could not use, and commands that open no door."""

from pathlib import Path

import pytest

from bot.settings import (
    MailboxSettings,
    TelegramSettings,
    Tls,
    load,
)
from intake.arrival import Arrival, Wire
from intake.letters import read_letter
from tests.casework.rooms import MONDAY
from tests.house.giving import LOOPBACK, mistakes


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without settings, so that those of the machine do not matter."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("host", ["mail.anytown.gov.uk", "10.0.0.1", "localhost.anytown.gov.uk"])
def test_a_connection_without_tls_is_only_allowed_to_this_machine(host: str) -> None:
    told = mistakes({**LOOPBACK, "HEARD_MAILBOX_HOST": host})

    assert told == (
        f"HEARD_MAILBOX_TLS: found none for {host}; wanted TLS, such as implicit: without it, only localhost is allowed.",
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_this_machine_needs_no_tls(host: str) -> None:
    mailbox = load({**LOOPBACK, "HEARD_MAILBOX_HOST": host}).mailbox

    assert mailbox is not None
    assert mailbox.tls == Tls.NONE


def test_a_mailbox_is_not_opened_with_starttls() -> None:
    (told,) = mistakes({**LOOPBACK, "HEARD_MAILBOX_TLS": "starttls"})

    assert told.startswith("HEARD_MAILBOX_TLS: found 'starttls'; wanted implicit, or none on this machine")


@pytest.mark.parametrize(
    ("wire", "tls", "port"),
    [
        ("mailbox", "none", 143),
        ("mailbox", "implicit", 993),
        ("smtp", "none", 25),
        ("smtp", "starttls", 587),
        ("smtp", "implicit", 465),
    ],
)
def test_a_port_that_is_not_given_belongs_to_the_tls(wire: str, tls: str, port: int) -> None:
    settings = load({**LOOPBACK, f"HEARD_{wire.upper()}_TLS": tls, f"HEARD_{wire.upper()}_PORT": ""})

    assert getattr(settings, wire).port == port


def test_a_wire_that_is_half_set_is_a_mistake_for_the_service() -> None:
    told = mistakes({"HEARD_MAILBOX_HOST": "localhost", "HEARD_TELEGRAM_POLL_SECONDS": "5", "HEARD_SMTP_USER": "me"})

    assert [line.partition(":")[0] for line in told] == [
        "mailbox.user (HEARD_MAILBOX_USER)",
        "mailbox.password (HEARD_MAILBOX_PASSWORD)",
        "smtp.host (HEARD_SMTP_HOST)",
        "telegram.token (HEARD_TELEGRAM_TOKEN)",
        "smtp.password (HEARD_SMTP_PASSWORD)",
    ]


def test_a_webhook_needs_a_secret_and_a_secret_its_webhook() -> None:
    url = {"HEARD_TELEGRAM_WEBHOOK_URL": "https://yoursay.anytown.gov.uk/telegram"}
    secret = {"HEARD_TELEGRAM_WEBHOOK_SECRET": "3f9a8c0e5b7d2f4a6c8e0b1d"}

    assert [line.partition(" ")[0] for line in mistakes({**LOOPBACK, **url})] == ["telegram.webhook_secret"]
    assert [line.partition(" ")[0] for line in mistakes({**LOOPBACK, **secret})] == ["telegram.webhook_url"]
    telegram = load({**LOOPBACK, **url, **secret}).telegram
    assert telegram is not None
    assert telegram.webhook_url == url["HEARD_TELEGRAM_WEBHOOK_URL"]
    assert "3f9a8c" not in repr(telegram)
    assert "3f9a8c0e5b7d2f4a6c8e0b1d" in load({**LOOPBACK, **url, **secret}).secrets


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("URL", "https://yoursay.anytown.gov.uk"),
        ("URL", "http://yoursay.anytown.gov.uk/telegram"),
        ("URL", "https://yoursay.anytown.gov.uk/tele gram"),
        ("SECRET", "short"),
        ("SECRET", "with a blank and long enough for it"),
        ("PORT", "0"),
    ],
)
def test_a_webhook_that_telegram_could_not_use_is_a_mistake(name: str, given: str) -> None:
    variable = f"HEARD_TELEGRAM_WEBHOOK_{name}"

    assert any(line.startswith(variable) for line in mistakes({**LOOPBACK, variable: given}))


def test_a_command_that_only_opens_the_database_needs_no_secret_of_the_doors() -> None:
    environ = {
        "HEARD_MAILBOX_HOST": "localhost",
        "HEARD_MAILBOX_USER": "me",
        "HEARD_SMTP_HOST": "localhost",
        "HEARD_SMTP_USER": "me",
    }

    settings = load({**environ, "HEARD_MAILBOX_PASSWORD_FILE": "/nowhere"}, doors=False)

    assert settings.mailbox == MailboxSettings("localhost", "me", "")


def test_a_door_whose_secret_this_user_cannot_read_is_there_all_the_same(elsewhere: Path) -> None:
    """`heard health` must not forget a door because a monitor may not read its token."""
    assert load({"HEARD_TELEGRAM_TOKEN_FILE": "/nowhere"}, doors=False).telegram == TelegramSettings("")

    (elsewhere / "token").write_text("123456:loopback\n")
    assert load({"HEARD_TELEGRAM_TOKEN_FILE": str(elsewhere / "token")}, doors=False).telegram == TelegramSettings(
        "123456:loopback"
    )


def test_a_live_mail_server_is_not_given_an_example_address() -> None:
    environ = {"HEARD_SMTP_HOST": "smtp.anytown.gov.uk", "HEARD_DUTY_ADDRESS": "duty@anytown.gov.uk"}

    (told,) = mistakes(environ)

    assert told.startswith("from_address (HEARD_FROM_ADDRESS): found yoursay@council.example, which is for examples only")
    assert load({**environ, "HEARD_FROM_ADDRESS": "yoursay@anytown.gov.uk"}).council.contacts.email == "yoursay@anytown.gov.uk"


def test_an_alarm_in_a_chat_of_telegrams_has_a_group_and_a_bot_of_its_own() -> None:
    address = "https://api.telegram.org/bot{}:AAE-alarm/sendMessage"
    ours = {**LOOPBACK, "HEARD_TELEGRAM_TOKEN": "11:AAE-people", "HEARD_ALARMS_WEBHOOK": address.format(22)}
    rings = {**ours, "HEARD_ALARMS_WEBHOOK_FORM": "telegram", "HEARD_ALARMS_WEBHOOK_CHAT": "-1001234567890"}

    alarms = load(rings).alarms
    assert (alarms.webhook_form, alarms.webhook_chat) == ("telegram", "-1001234567890")
    assert "AAE-alarm" not in repr(load(rings))
    assert "wanted another" in mistakes({**rings, "HEARD_ALARMS_WEBHOOK": address.format(11)})[0]
    assert "sendMessage" in mistakes({**rings, "HEARD_ALARMS_WEBHOOK": "https://chat.example/hook"})[0]
    assert "wanted the number of the group" in mistakes({**ours, "HEARD_ALARMS_WEBHOOK_FORM": "telegram"})[0]
    assert "wanted the number of the group" in mistakes({**ours, "HEARD_ALARMS_WEBHOOK_CHAT": "-1"})[0]
    assert load({**ours, "HEARD_ALARMS_WEBHOOK_FORM": "teams"}).alarms.webhook_form == "teams"


def test_behind_the_boundarys_own_servers_its_verdict_is_read_as_the_settings_say() -> None:
    behind = {**LOOPBACK, "HEARD_MAILBOX_BOUNDARY_HOSTS": "mx1.anytown.example, mx2.anytown.example"}
    mailbox = load({**behind, "HEARD_MAILBOX_AUTHSERV_ID": "mx.anytown.example"}).mailbox
    assert mailbox is not None
    raw = b"""Received: from mx1.anytown.example by store.anytown.example with LMTP
Authentication-Results: mx.anytown.example; dmarc=pass header.from=post.example
Received: from out.example.org by mx1.anytown.example with ESMTPS
From: Dilys <dilys@post.example>

Nobody came.
"""

    letter = read_letter(Arrival("mailbox:t", Wire.EMAIL, raw, MONDAY), boundary=mailbox.boundary)

    assert letter.authentication == "pass"
    (told,) = mistakes(behind)
    assert told.startswith("mailbox.authserv_id (HEARD_MAILBOX_AUTHSERV_ID): nothing was found")
    assert "mailbox.boundary_hosts" in told
