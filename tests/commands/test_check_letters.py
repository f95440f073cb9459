"""`check --letters` and a look at the mailbox: letters go round, answers come back, nobody forges, old post stays."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.checking import check_everything
from bot.checking.wires import look_at_the_mailbox
from bot.rehearsal.post_office import MailFault, PostOffice
from bot.settings import MailboxSettings, Settings, Start, Tls
from notifications.wires import MailboxAccess
from tests.commands.hearing import Heard, Said
from tests.servers.dovecot import Dovecot, DovecotMailbox
from tests.servers.scripted_imap import Poison, scripted, spoiled

BOUNDARY = "mx.anytown.example"
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def the_time() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """A mail server and a mailbox that go by this machine's clock."""
    async with PostOffice(the_time) as office:
        office.boundary = BOUNDARY
        yield office


async def tried(heard: Heard, office: PostOffice, wait: str = "20", **more: str) -> dict[str, tuple[str, str]]:
    heard.settings |= {
        "HEARD_MAILBOX_HOST": "127.0.0.1",
        "HEARD_MAILBOX_PORT": str(office.imap_port),
        "HEARD_MAILBOX_USER": office.user,
        "HEARD_MAILBOX_PASSWORD": office.password,
        "HEARD_MAILBOX_TLS": "none",
        "HEARD_MAILBOX_AUTHSERV_ID": BOUNDARY,
        "HEARD_SMTP_HOST": "127.0.0.1",
        "HEARD_SMTP_PORT": str(office.smtp_port),
        "HEARD_SMTP_TLS": "none",
        "HEARD_FROM_ADDRESS": office.council_address,
    } | {f"HEARD_{name}": value for name, value in more.items()}
    said: Said = await asyncio.to_thread(heard, "check", "--letters", "--wait", wait, "--json")
    assert said.err == ""
    return {one["what"]: (one["result"], one["words"]) for one in said.json if one["group"] in ("post", "wires")}


async def test_letters_go_round_and_answers_come_back(heard_here: Heard, office: PostOffice) -> None:
    found = await tried(heard_here, office)

    assert found["letters"] == ("ok", f"a letter to from_address came back; {BOUNDARY} signed what it thinks of the sender")
    assert found["addresses with a token"] == ("ok", "answers to them arrive")
    assert found["mail boundary"] == ("ok", f"a verdict forged in the name of {BOUNDARY} was taken away")
    assert found["clock"] == ("ok", "within a minute of the mailbox's")
    assert len(office.posted) == 3
    assert all(b"Auto-Submitted: auto-generated" in letter.raw and b"X-Heard: trial" in letter.raw for letter in office.posted)


async def test_a_forged_verdict_that_arrives_is_a_failure(heard_here: Heard, office: PostOffice) -> None:
    office.takes_forged_away = False

    result, words = (await tried(heard_here, office))["mail boundary"]

    assert result == "failed"
    assert "anybody could pass for anybody" in words


async def test_answers_that_would_not_come_back_are_a_failure(heard_here: Heard, office: PostOffice) -> None:
    office.knows_tokens = False

    found = await tried(heard_here, office, wait="6")

    assert found["letters"][0] == found["mail boundary"][0] == "ok"
    assert found["addresses with a token"][0] == "failed"
    assert "plus addressing" in found["addresses with a token"][1]


async def test_a_letter_that_is_refused_is_told_and_the_others_go_on(heard_here: Heard, office: PostOffice) -> None:
    office.next_letters(MailFault.NO_SUCH_PERSON)

    found = await tried(heard_here, office)

    assert found["letters"][0] == "failed"
    assert "550" in found["letters"][1]
    assert found["addresses with a token"][0] == "ok"


async def test_without_a_boundary_no_letter_is_forged(heard_here: Heard, office: PostOffice) -> None:
    found = await tried(heard_here, office, MAILBOX_AUTHSERV_ID="")

    assert found["mail boundary"][0] == "warning"
    assert len(office.posted) == 2
    assert not any(b"dmarc=pass" in letter.raw for letter in office.posted)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"MAILBOX_PASSWORD": "wrong"}, "sign-in is refused"),
        ({"MAILBOX_FOLDER": "Nowhere"}, "mailbox.folder"),
        ({"SMTP_USER": "office", "SMTP_PASSWORD": "wrong"}, "sign-in is refused (535"),
    ],
)
async def test_with_a_wrong_password_or_folder_no_letter_is_sent(
    heard_here: Heard, office: PostOffice, more: dict[str, str], words: str
) -> None:
    found = await tried(heard_here, office, **more)

    assert found["letters"][0] == "failed"
    assert found["letters"][1].startswith("no test letter was sent: ")
    assert any(words in said for result, said in found.values() if result == "failed")
    assert "wrong" not in found["letters"][1].partition(":")[0]
    assert office.posted == []


async def test_check_alone_sends_nothing(heard_here: Heard, office: PostOffice) -> None:
    await tried(heard_here, office)
    before = len(office.posted)

    said = await asyncio.to_thread(heard_here, "check", "--json")

    assert len(office.posted) == before
    assert [one["result"] for one in said.json if one["what"] == "letters"] == ["warning"]


async def test_the_mailboxs_clock_shows_that_ours_is_wrong(
    heard_here: Heard, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tried(heard_here, office)
    for name, value in heard_here.environment.items():
        if name.startswith("HEARD_"):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(heard_here.folder)

    found = await check_everything(lambda: the_time() + timedelta(minutes=6), letters_for=20)

    (clock,) = [one for one in found if one.what == "clock"]
    assert clock.result == "failed"
    assert "ahead of the mailbox's" in clock.words


def settings_of(access: MailboxAccess, start: Start = Start.NOW) -> Settings:
    mailbox = MailboxSettings(access.host, access.user, access.password, Tls.NONE, access.port, access.folder, start=start)
    return Settings(mailbox=mailbox)


OLD_POST = 50_000


@pytest.fixture
def old_mailbox(dovecot_server: Dovecot | None) -> DovecotMailbox:
    """A mailbox that nobody has tidied for years."""
    if dovecot_server is None:
        pytest.skip("dovecot is not installed")
    user = "old@anytown.example"
    folder = dovecot_server.folder / "mail" / user
    if folder.exists():
        return DovecotMailbox(dovecot_server, user)
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    first = folder / "cur" / "1000000000.M0.old:2,S"
    first.write_text("From: a@family.example\nSubject: Long ago\n\nHello\n")
    for number in range(1, OLD_POST):
        os.link(first, folder / "cur" / f"1000000000.M{number}.old:2,S")
    for path in (folder, *(folder / name for name in ("cur", "new", "tmp")), first):
        _give(path, Path(dovecot_server.folder / "mail"))
    return DovecotMailbox(dovecot_server, user)


def _give(path: Path, like: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, like.stat().st_uid, like.stat().st_gid)


async def test_fifty_thousand_old_letters_are_counted_and_none_is_looked_at(old_mailbox: DovecotMailbox) -> None:
    async with spoiled(old_mailbox.access(timeout_seconds=60), Poison.NO) as between:
        found = await look_at_the_mailbox(settings_of(between.access), {}, the_time)

    assert [(one.what, one.result) for one in found] == [("mailbox", "ok"), ("new letters", "ok")]
    assert found[0].words == "the folder opens; 50,000 letters lie there"
    assert "50,000 letters lie there now, and none is taken" in found[1].words
    assert not [command for command in between.commands if "FETCH" in command or "SEARCH" in command]


async def test_old_letters_that_would_be_taken_are_a_warning(old_mailbox: DovecotMailbox) -> None:
    access = replace(old_mailbox.access(timeout_seconds=60))

    found = await look_at_the_mailbox(settings_of(access, Start.BEGINNING), {}, the_time)

    assert found[1].result == "warning"
    assert "50,000 letters lie there and would be taken as new" in found[1].words


@pytest.mark.parametrize(
    ("greeting", "answer"),
    [("HTTP/1.1 400 Bad Request", ""), ("* OK ready", "* 99999999999999999999 EXISTS\r\n)(*&^ %$\r\n"), ("* OK ready", "BYE")],
)
async def test_a_mail_server_that_answers_nonsense_is_told_in_a_sentence(greeting: str, answer: str) -> None:
    def script(command: str) -> str:
        return answer if command.startswith("SELECT") and answer else ""

    async with scripted(script, greeting) as access:
        found = await look_at_the_mailbox(settings_of(access), {}, the_time)

    assert [one.what for one in found][:1] == ["mailbox"]
    assert found[0].result == "failed" or "letters lie there" in found[0].words
