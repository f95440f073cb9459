"""`init` over real wires: the mailbox and its letters, the mail server, BotFather and what Telegram was really told."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.profile import wanted_profile
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import PostOffice
from bot.settings import load
from casework.council import Council
from procedures.working_days import date_at_the_desk
from tests.commands.hearing import Heard
from tests.commands.terminal import Sitting, at_a_terminal
from tests.commands.test_init import COUNCIL, DATABASE, NUMBERS, PEOPLE, SAFETY, SECOND_ROUTE

BEFORE = (*COUNCIL, *NUMBERS, *PEOPLE, *SECOND_ROUTE, *DATABASE)
BOUNDARY = "mx.anytown.example"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """A mail server and a mailbox that go by this machine's clock."""
    async with PostOffice(lambda: datetime.now(UTC)) as office:
        office.boundary = BOUNDARY
        yield office


async def sits(heard: Heard, does: Callable[[Sitting], None], *words: str) -> Sitting:
    """Somebody sits at a terminal, while the servers go on here."""

    def sit() -> Sitting:
        with at_a_terminal(heard, "init", "--wait", "3", *words) as sitting:
            does(sitting)
            return sitting

    return await asyncio.to_thread(sit)


def mailbox_of(office: PostOffice, password: str = "", folder: str = "") -> tuple[tuple[str, str], ...]:
    return (
        ("Server of the mailbox", "127.0.0.1"),
        ("TLS", "none"),
        ("Port", str(office.imap_port)),
        ("User [", ""),
        ("Signing in", ""),
        ("Password (not shown", password or office.password),
        ("which only you can read? [Y/n]", ""),
        ("Folder [", folder),
    )


def smtp_of(office: PostOffice) -> tuple[tuple[str, str], ...]:
    return (("(SMTP) [127.0.0.1]", ""), ("TLS [none]", ""), ("Port [25]", str(office.smtp_port)), ("User", "-"))


NO_CHAT = ("Shall there be a chat?", "n")
EMAIL = ("read a mailbox and answer by email?", "")


async def test_the_mailbox_and_a_letter_are_tried_and_the_boundary_is_what_was_seen(
    heard_bare: Heard, office: PostOffice
) -> None:
    for _ in range(3):
        await office.deliver(b"From: a@family.example\r\nSubject: Long ago\r\n\r\nHello\r\n")

    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, EMAIL, *mailbox_of(office))
        sitting.waits_for("3 letters lie there now, and none is taken")
        sitting.answers(*smtp_of(office))
        sitting.waits_for("mail server: it takes our letters")
        assert office.posted == []
        sitting.answers(("Send test letters from yoursay@anytown.example to itself", ""))
        sitting.waits_for("+ letters: a letter to from_address came back")
        sitting.waits_for("+ addresses with a token: answers to them arrive")
        sitting.answers((f"is believed [{BOUNDARY}]", ""), (f"forged in the name of {BOUNDARY}?", ""))
        sitting.waits_for("+ mail boundary: a verdict forged in the name of")
        sitting.answers(NO_CHAT, *SAFETY)
        assert sitting.ends() == 0

    sitting = await sits(heard_bare, does)

    settings = load({"HEARD_SETTINGS": str(heard_bare.folder / "heard.toml")})
    secret = heard_bare.folder / "mailbox-password"
    assert settings.mailbox is not None
    assert (settings.mailbox.password, settings.mailbox.authserv_id) == (office.password, BOUNDARY)
    assert settings.readiness.letters_tried_on == date_here()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert office.password not in (heard_bare.folder / "heard.toml").read_text() + sitting.seen
    assert [len(office.posted), len(await office.mailbox.uids())] == [3, 6]


def date_here() -> date:
    return date_at_the_desk(datetime.now(UTC))


async def test_a_boundary_that_lets_a_forger_in_is_left_out(heard_bare: Heard, office: PostOffice) -> None:
    office.takes_forged_away = False

    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, EMAIL, *mailbox_of(office), *smtp_of(office), ("Send test letters", ""))
        sitting.answers((f"is believed [{BOUNDARY}]", ""), ("forged in the name of", ""))
        sitting.waits_for("# mail boundary: it let a verdict in")
        sitting.answers(("Leave it out until that is mended? [Y/n]", ""), NO_CHAT, *SAFETY)
        assert sitting.ends() == 0

    await sits(heard_bare, does)

    settings = load({"HEARD_SETTINGS": str(heard_bare.folder / "heard.toml")})
    assert settings.mailbox is not None
    assert settings.mailbox.authserv_id == ""


async def test_answers_that_do_not_come_back_are_told(heard_bare: Heard, office: PostOffice) -> None:
    office.knows_tokens = False

    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, EMAIL, *mailbox_of(office), *smtp_of(office), ("Send test letters", ""))
        sitting.waits_for("# addresses with a token: a letter to one was not seen arriving")
        sitting.answers(("Do without addresses with a token? [y/N]", "y"), ("is believed", "-"), NO_CHAT, *SAFETY)
        assert sitting.ends() == 0

    await sits(heard_bare, does)

    settings = load({"HEARD_SETTINGS": str(heard_bare.folder / "heard.toml")}, doors=False)
    assert settings.readiness.letters_tried_on is None
    assert settings.council.plus_addressing is False


@pytest.mark.parametrize(
    ("password", "within", "words"), [("not-the-password", "", "the sign-in is refused"), ("", "Nowhere", "mailbox.folder")]
)
async def test_a_wrong_password_or_folder_is_told_and_nothing_is_sent(
    heard_bare: Heard, office: PostOffice, password: str, within: str, words: str
) -> None:
    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, EMAIL, *mailbox_of(office, password, within))
        sitting.waits_for("# mailbox: ")
        sitting.answers(("Answer these again? [Y/n]", "n"))
        assert words in sitting.seen
        sitting.answers(*smtp_of(office))
        sitting.waits_for("No test letter is sent.")
        sitting.answers(("is believed", "-"), NO_CHAT, *SAFETY)
        assert sitting.ends() == 0

    sitting = await sits(heard_bare, does)

    assert "not-the-password" not in sitting.seen
    assert office.posted == []


TOKEN_FILE = ("which only you can read? [Y/n]", "")
NO_EMAIL = ("read a mailbox and answer by email?", "n")


def api_of(folder: Path, api: BotApi) -> None:
    """Where the Bot API is, in a settings file to go on from: nobody is asked for that."""
    (folder / "heard.toml").write_text(f'[telegram]\napi_url = "{api.url}"\n')


async def test_the_way_through_botfather_and_what_telegram_was_told(heard_bare: Heard, bot_api: BotApi) -> None:
    api_of(heard_bare.folder, bot_api)

    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, NO_EMAIL, ("Shall there be a chat? [Y/n]", ""), ("Reference of the assessment", "DPIA-2026-014"))
        sitting.answers(("Page of your site that names the bot", ""))
        sitting.answers(("through BotFather, step by step?", "y"))
        for typed in ("/newbot", "YourSayAnytownBot", "/setuserpic", "/setjoingroups", "/setprivacy", "/setinline"):
            sitting.waits_for(typed)
        for typed in (
            "/setabouttext",
            "Say what you think.",
            "/setdescription",
            "Call 999.",
            "/setcommands",
            "help - Get help now",
        ):
            sitting.waits_for(typed)
        sitting.answers(("Token (not shown", bot_api.token), TOKEN_FILE)
        sitting.waits_for("+ Telegram: it answers as @YourSayAnytownBot")
        sitting.waits_for("^ bot: it can be added to groups: tell BotFather /setjoingroups")
        assert "setmycommands" not in bot_api.methods.remembered
        bot_api.methods.told_botfather["can_join_groups"] = False
        sitting.answers(("Set name, descriptions and commands of the bot now? [Y/n]", ""))
        sitting.waits_for("+ bot: neutral, outside groups, with its commands")
        sitting.answers(*SAFETY, ("Replace it?", "y"))
        assert sitting.ends() == 0

    sitting = await sits(heard_bare, does)

    wanted = wanted_profile(Council())
    told = bot_api.methods.remembered
    assert {one["command"]: one["description"] for one in told["setmycommands"]["commands"]} == wanted.commands
    assert told["setmydescription"]["description"] == wanted.description
    assert told["setmyshortdescription"]["short_description"] == wanted.short_description
    settings = load({"HEARD_SETTINGS": str(heard_bare.folder / "heard.toml")})
    assert settings.telegram is not None
    assert settings.telegram.token == bot_api.token
    assert settings.readiness.dpia_reference == "DPIA-2026-014"
    assert bot_api.token not in sitting.seen


async def test_a_wrong_token_is_told_and_nothing_is_set(heard_bare: Heard, bot_api: BotApi) -> None:
    api_of(heard_bare.folder, bot_api)

    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, NO_EMAIL, ("Shall there be a chat? [Y/n]", ""), ("Reference of the assessment", ""))
        sitting.answers(("Page of your site that names the bot", ""))
        sitting.answers(("step by step?", "n"), ("Token (not shown", "123456:not-the-token"), TOKEN_FILE)
        sitting.waits_for("# Telegram: Telegram does not know this token")
        sitting.answers(("Answer these again? [Y/n]", "n"), *SAFETY, ("Replace it?", "n"))
        assert sitting.ends() == 1

    sitting = await sits(heard_bare, does)

    assert "not-the-token" not in sitting.seen
    assert bot_api.methods.remembered == {}
    assert [path.name for path in heard_bare.folder.iterdir()] == ["heard.toml"]


async def test_a_secret_may_stay_out_of_every_file(heard_bare: Heard, bot_api: BotApi) -> None:
    api_of(heard_bare.folder, bot_api)

    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, NO_EMAIL, ("Shall there be a chat? [Y/n]", ""), ("Reference of the assessment", ""))
        sitting.answers(("Page of your site that names the bot", ""))
        sitting.answers(("step by step?", "n"), ("Token (not shown", bot_api.token), ("which only you can read? [Y/n]", "n"))
        sitting.waits_for("Set HEARD_TELEGRAM_TOKEN in the environment of the service.")
        sitting.answers(("commands of the bot now?", "n"), *SAFETY, ("Replace it?", "y"))
        assert sitting.ends() == 0

    await sits(heard_bare, does)

    assert {path.name for path in heard_bare.folder.iterdir()} == {"heard.toml", "heard.toml.before"}
    assert bot_api.methods.remembered == {}


async def test_a_secret_in_the_environment_may_stay_there(heard_bare: Heard, bot_api: BotApi) -> None:
    api_of(heard_bare.folder, bot_api)
    heard_bare.settings["HEARD_TELEGRAM_TOKEN"] = bot_api.token

    def does(sitting: Sitting) -> None:
        sitting.answers(*BEFORE, NO_EMAIL, ("Shall there be a chat? [Y/n]", ""), ("Reference of the assessment", ""))
        sitting.answers(("Page of your site that names the bot", ""))
        sitting.answers(("step by step?", "n"), ("it is in HEARD_TELEGRAM_TOKEN. Keep it there? [Y/n]", ""))
        sitting.waits_for("+ Telegram: it answers as")
        sitting.answers(("commands of the bot now?", "n"), *SAFETY, ("Replace it?", "y"))
        assert sitting.ends() == 0

    await sits(heard_bare, does)

    assert "token_file" not in settings_text(heard_bare)


def settings_text(heard: Heard) -> str:
    lines = (heard.folder / "heard.toml").read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))
