"""`check`: everything that must be right before the doors open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.checking.finding import Finding
from bot.checking.wires import look_at_the_bot
from bot.profile import wanted_profile
from bot.rehearsal.bot_api import BotApi
from bot.settings import Settings, TelegramSettings
from casework.council import Council
from notifications.wires import TelegramAccess, set_up_bot
from tests.commands.hearing import Heard
from tests.commands.serving import pretend, running
from tests.servers import free_port
from tests.servers.clock import Clock


def findings(heard: Heard) -> dict[str, tuple[str, str]]:
    said = heard("check", "--json")
    assert said.err == ""
    assert all(set(one) == {"group", "what", "result", "words"} for one in said.json)
    assert said.code == (1 if any(one["result"] == "failed" for one in said.json) else 0)
    return {one["what"]: (one["result"], one["words"]) for one in said.json}


@asynccontextmanager
async def a_web_page(answer: str) -> AsyncIterator[str]:
    """Something that answers everything with this."""

    async def says(_: web.Request) -> web.Response:
        return web.Response(text=answer, content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", says)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def test_check_looks_at_every_wire_for_real(served: Heard) -> None:
    found = findings(served)

    assert {found[what][0] for what in ("database", "law book", "calendar", "mailbox", "mail server", "Telegram", "people")} == {
        "ok"
    }
    assert "council.monitoring_officer" in found["monitoring officer"][1] and "contacts.policy_url" in found["procedure page"][1]
    assert {found[what][0] for what in ("safety words", "drill", "DPIA", "numbers", "night number")} == {"warning"}
    assert found["clock"] == ("ok", "within a minute of the Bot API's")
    assert found["new letters"][0] == "ok"
    assert served("check").code == 0
    assert "+ ok" in served("check").out


def test_check_names_what_practice_wants_done_before_the_doors_open(served: Heard) -> None:
    served.settings |= {
        "HEARD_READINESS_SAFETY_SIGNED_OFF_BY": "A. Person, designated safeguarding lead",
        "HEARD_READINESS_SAFETY_SIGNED_OFF_ON": "2026-01-05",
        "HEARD_READINESS_DRILL_ON": "2026-01-12",
        "HEARD_READINESS_DPIA_REFERENCE": "DPIA-2026-014",
        "HEARD_CONTACTS_NIGHT_PHONE": "01632 960 111",
    }

    assert findings(served)["bot's page"][0] == "warning"
    served.settings |= {"HEARD_READINESS_BOT_PAGE": "https://www.anytown.gov.uk/your-say"}

    found = findings(served)

    assert {found[what][0] for what in ("safety words", "drill", "DPIA", "night number", "bot's page")} == {"ok"}


@pytest.mark.parametrize(
    ("more", "what", "words"),
    [
        ({"HEARD_READINESS_SAFETY_SIGNED_OFF_BY": "A. Person"}, "safety words", "nobody says when"),
        ({"HEARD_READINESS_DRILL_ON": "2999-01-01"}, "drill", "still to come"),
        ({"HEARD_CONTACTS_CHECKED_ON": "2025-01-01", "HEARD_CONTACTS_PHONE": "0300 1"}, "numbers", "last checked on 2025-01-01"),
        ({"HEARD_READINESS_LETTERS_TRIED_ON": "2025-01-01"}, "letters", "last tried on 2025-01-01"),
    ],
)
def test_check_does_not_take_half_of_it(served: Heard, more: dict[str, str], what: str, words: str) -> None:
    served.settings |= more

    result, said = findings(served)[what]

    assert result == "warning"
    assert words in said


def test_check_says_what_it_comes_to(heard_bare: Heard) -> None:
    said = heard_bare("check")

    assert said.out.splitlines()[0] == "Settings"
    assert {"Wires", "People", "Safety"} <= set(said.out.splitlines())
    assert said.out.splitlines()[-1].startswith("Not ready: 3 to mend first")


def test_check_says_which_settings_file_it_looks_at(heard_bare: Heard) -> None:
    """The fault: whoever had forgotten HEARD_SETTINGS read "no mistakes", of settings that are nobody's."""
    nowhere = findings(heard_bare)["file"]
    heard_bare.settings["HEARD_NATION"] = "wales"
    variables = findings(heard_bare)["file"]
    (heard_bare.folder / "heard.toml").write_text("", "utf-8")
    here = findings(heard_bare)["file"]

    assert nowhere[0] == "warning"
    assert "HEARD_SETTINGS names none, and no heard.toml lies in the current folder" in nowhere[1]
    assert variables == ("ok", "there is none: settings are read from the environment alone")
    assert here == ("ok", f"settings are read from {heard_bare.folder / 'heard.toml'}")


LIVE = {
    "HEARD_MAILBOX_HOST": "imap.invalid",
    "HEARD_MAILBOX_USER": "yoursay",
    "HEARD_MAILBOX_PASSWORD": "letmein",
    "HEARD_TELEGRAM_TOKEN": "123456:loopback",
    "HEARD_TELEGRAM_API_URL": "http://127.0.0.1:9",
}


def test_check_fails_a_live_service_for_what_is_a_look_in_a_trial(heard_here: Heard) -> None:
    heard_here.settings |= LIVE
    asked = ("safety words", "drill", "DPIA", "night number")

    live = findings(heard_here)
    heard_here.settings["HEARD_COUNCIL_ENVIRONMENT"] = "test"
    trial = findings(heard_here)

    assert [live[what][0] for what in asked] == ["failed"] * 4
    assert [trial[what][0] for what in asked] == ["warning"] * 4


@pytest.mark.parametrize("word", ["", "live"])
def test_run_keeps_the_doors_of_an_unready_live_service_shut(heard_here: Heard, word: str) -> None:
    heard_here.settings |= LIVE | {"HEARD_COUNCIL_ENVIRONMENT": word}

    said = heard_here.alone("run")

    assert (said.code, said.out) == (1, "")
    for what in ("safety words", "night number", "drill", "DPIA"):
        assert f"  - {what}: " in said.err
    assert "Nothing was started." in said.err
    assert "heard run --open-anyway" in said.err


def test_run_opens_them_when_the_operator_says_so_and_says_so_too(heard_here: Heard) -> None:
    heard_here.settings |= LIVE

    with running(heard_here, "--open-anyway") as service:
        service.says("opened without what=safety-words")
        service.says("opened without what=DPIA")
        service.says("hurt")
        assert service.ends() == 0


async def test_check_sees_what_botfather_was_told(bot_api: BotApi) -> None:
    access = TelegramAccess(bot_api.token, bot_api.url)
    await set_up_bot(access, wanted_profile(Council()))
    before = await bot_words(bot_api)
    bot_api.methods.told_botfather["can_join_groups"] = False
    after = await bot_words(bot_api)

    assert [words for words in before if "/setjoingroups" in words]
    assert after == ["neutral, outside groups, with its commands"]


@pytest.mark.parametrize(
    ("told", "words"),
    [({"can_read_all_group_messages": True}, "/setprivacy"), ({"supports_inline_queries": True}, "/setinline")],
)
async def test_check_names_the_command_that_mends_it(bot_api: BotApi, told: dict[str, bool], words: str) -> None:
    bot_api.methods.told_botfather |= told

    assert any(words in said for said in await bot_words(bot_api))


async def test_check_knows_a_name_that_tells_too_much(bot_api: BotApi) -> None:
    bot_api.chats.bot_user["first_name"] = "Anytown Complaints"

    assert any("'complain'" in said for said in await bot_words(bot_api))


async def bot_words(api: BotApi) -> list[str]:
    settings = Settings(telegram=TelegramSettings(api.token, api.url))
    found = await look_at_the_bot(settings, lambda: datetime.now(UTC))
    assert {one.result for one in found} <= {"ok", "warning"}
    return [one.words for one in found if one.what == "bot"]


@pytest.mark.parametrize(
    ("theirs", "ours", "result", "words"),
    [
        ("", "", "ok", "there is none"),
        ("https://other.example/t0p-s3cret", "", "warning", "other.example, while telegram.webhook_url is empty"),
        ("", "https://heard.example/hook", "ok", "not told to Telegram yet"),
        ("https://heard.example/hook", "https://heard.example/hook", "ok", "where telegram.webhook_url says"),
        (
            "https://other.example/t0p-s3cret",
            "https://heard.example/hook",
            "warning",
            "other.example, not to telegram.webhook_url",
        ),
    ],
)
async def test_check_sees_where_telegram_posts(bot_api: BotApi, theirs: str, ours: str, result: str, words: str) -> None:
    bot_api.updates.webhook = theirs

    hook = await the_hook(bot_api, ours)

    assert hook.result == result and words in hook.words
    assert "s3cret" not in hook.words


async def test_check_sees_that_telegram_could_not_post(bot_api: BotApi, clock: Clock) -> None:
    """Ten minutes ago; two hours later nobody knows whether it still is so."""
    bot_api.updates.webhook = "https://heard.example/hook"
    bot_api.updates.failed("Connection refused")

    of_late = await the_hook(bot_api, "https://heard.example/hook", clock() + timedelta(minutes=10))
    long_ago = await the_hook(bot_api, "https://heard.example/hook", clock() + timedelta(hours=2))

    assert (of_late.result, long_ago.result) == ("warning", "ok")
    assert "could not post there" in of_late.words


async def the_hook(api: BotApi, ours: str, now: datetime | None = None) -> Finding:
    settings = Settings(telegram=TelegramSettings(api.token, api.url, webhook_url=ours))
    found = await look_at_the_bot(settings, lambda: now or datetime.now(UTC))
    return next(one for one in found if one.what == "webhook")


@pytest.mark.parametrize(
    ("ahead", "result", "way"),
    [(0, "ok", ""), (50, "ok", ""), (90, "warning", "ahead of"), (-90, "warning", "behind"), (400, "failed", "ahead of")],
)
async def test_check_holds_our_clock_against_telegrams(bot_api: BotApi, ahead: int, result: str, way: str) -> None:
    settings = Settings(telegram=TelegramSettings(bot_api.token, bot_api.url))

    found = await look_at_the_bot(settings, lambda: datetime.now(UTC) + timedelta(seconds=ahead))

    (clock,) = [one for one in found if one.what == "clock"]
    assert clock.result == result
    assert way in clock.words


@pytest.mark.parametrize("answer", ["<html>Blocked by policy</html>", "{}", '{"ok": true, "result": "fine"}', "[]"])
async def test_check_of_a_bot_api_that_is_none_says_so(answer: str) -> None:
    async with a_web_page(answer) as url:
        found = await look_at_the_bot(Settings(telegram=TelegramSettings("123456:loopback", url)), lambda: datetime.now(UTC))

    assert [(one.what, one.result) for one in found] == [("Telegram", "failed")]
    assert "it does not answer" in found[0].words


def test_check_with_a_broken_wire_looks_at_the_others_too(served: Heard) -> None:
    served.settings |= {"HEARD_MAILBOX_PORT": str(free_port())}

    found = findings(served)

    assert found["mailbox"][0] == "failed"
    assert (found["mail server"][0], found["Telegram"][0]) == ("ok", "ok")


def test_check_with_a_refused_password_does_not_show_it(served: Heard) -> None:
    served.settings |= {"HEARD_MAILBOX_PASSWORD": "not-the-password", "HEARD_TELEGRAM_TOKEN": "123456:not-the-token"}

    said = served("check")

    assert said.code == 1
    assert said.out.count("# no") == 2
    assert "not-the-" not in said.out + said.err


def test_check_names_missing_secrets_and_looks_at_the_rest(heard_here: Heard) -> None:
    heard_here.settings |= {"HEARD_MAILBOX_HOST": "127.0.0.1", "HEARD_MAILBOX_USER": "office", "HEARD_MAILBOX_TLS": "none"}

    said = heard_here("check", "--json")

    assert said.code == 1
    mistakes = [one["words"] for one in said.json if (one["what"], one["result"]) == ("settings", "failed")]
    assert len(mistakes) == 1
    assert "HEARD_MAILBOX_PASSWORD" in mistakes[0]
    assert {"database", "calendar", "people"} <= {one["what"] for one in said.json}


def test_check_tells_each_mistake_in_the_settings_as_a_finding(heard_here: Heard) -> None:
    heard_here.settings |= {"HEARD_NATION": "atlantis", "HEARD_LOG_LEVEL": "loud"}

    said = heard_here("check", "--json")

    assert (said.code, said.err) == (1, "")
    assert [one["result"] for one in said.json] == ["failed", "failed"]


def test_check_makes_and_changes_nothing(heard_bare: Heard) -> None:
    found = findings(heard_bare)

    assert found["database"] == ("ok", "it is made on first use")
    assert found["doors"][0] == found["people"][0] == found["duty address"][0] == "failed"
    assert list(heard_bare.folder.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite:///nowhere/heard.db", "postgresql://heard@127.0.0.1:1/heard", "sqlite:///no.db"])
def test_check_with_a_database_that_cannot_be_used_looks_at_the_rest(heard_here: Heard, url: str) -> None:
    (heard_here.folder / "no.db").write_text("this is no database")
    heard_here.settings["HEARD_DATABASE_URL"] = url

    found = findings(heard_here)

    assert found["database"][0] == "failed"
    assert found["calendar"][0] == "ok"


@pytest.mark.parametrize("revision", ["9999"])
def test_check_with_another_schema_says_what_mends_it(heard_here: Heard, revision: str) -> None:
    pretend(heard_here, revision)

    result, words = findings(heard_here)["database"]

    assert result == "failed"
    assert "newer version of heard" in words
