"""A look at every wire: whether it works, what would be read, and whether the bot shows what it should."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.access import mailbox_access, smtp_access, telegram_access
from bot.checking.database import door_names
from bot.checking.finding import Finding, failed, ok, warning
from bot.checking.letters import clock_finding
from bot.profile import differs, told_by_name, told_wrongly_to_botfather, wanted_profile
from bot.scanner import Held, answers
from bot.settings import Settings, Start
from bot.settings.kinds import is_loopback
from casework.council import Council
from notifications.wires import (
    BotSeen,
    HookSeen,
    MailboxSeen,
    WireError,
    ahead_of_bot_api,
    look_at_bot,
    look_at_mailbox,
    look_at_smtp,
)
from notifications.wires.signed import KeyTrouble, read_key

T = TypeVar("T")
KEY_ENDS_WITHIN = timedelta(days=45)
FAILED_OF_LATE = timedelta(hours=1)
"""A post that failed longer ago is history: Telegram goes on telling of the last one."""


async def look_at_wires(settings: Settings, read_until: dict[str, int] | None, now: Callable[[], datetime]) -> list[Finding]:
    """Every wire that is set up, and what is missing of the others."""
    found = []
    if settings.mailbox is None and settings.telegram is None:
        found.append(failed("doors", "there is none: set a mailbox or a bot, or `heard run` will not start"))
    found += look_at_the_key(settings, now())
    found += await look_at_the_mailbox(settings, read_until, now)
    found += await look_at_the_mail_server(settings, now)
    found += await look_at_the_bot(settings, now)
    return found


def look_at_the_key(settings: Settings, now: datetime) -> list[Finding]:
    """How long the certificate that signs us in is good. That it can be read, the settings have seen."""
    if settings.oauth is None or not settings.oauth.key:
        return []
    try:
        ends_at = read_key(Path(settings.oauth.key)).ends_at
    except KeyTrouble as trouble:
        return [failed("oauth.key", f"it cannot be used: {trouble}")]
    if ends_at is None:
        return [ok("oauth.key", "it signs for a service account, and does not end by itself")]
    words = f"its certificate ends on {ends_at:%d %B %Y}"
    if ends_at <= now:
        return [failed("oauth.key", f"{words}: make a new one, upload it, and put it in the place of this file")]
    make = warning if ends_at - now < KEY_ENDS_WITHIN else ok
    return [make("oauth.key", words)]


async def look_at_the_mailbox(
    settings: Settings, read_until: dict[str, int] | None, now: Callable[[], datetime]
) -> list[Finding]:
    """Whether it opens, and where reading begins."""
    if settings.mailbox is None:
        return [warning("mailbox", "not set up: email is not read")]
    seen = await _tried("mailbox", lambda: look_at_mailbox(mailbox_access(settings, now)))
    if isinstance(seen, Finding):
        return [seen]
    found = [ok("mailbox", f"the folder opens; {letters(seen.letters)} there")]
    if read_until is not None:
        found.append(_where_it_begins(settings, seen, door_names(settings)["mailbox"] in read_until))
    return found


def _where_it_begins(settings: Settings, seen: MailboxSeen, was_opened: bool) -> Finding:
    assert settings.mailbox is not None
    if was_opened:
        return ok("new letters", "it reads on where it stopped")
    if settings.mailbox.start is Start.BEGINNING and seen.letters:
        words = f"this mailbox was never read: {letters(seen.letters)} there and would be taken as new, each with an answer"
        return warning("new letters", f"{words}. For what comes from now on: mailbox.start = now")
    return ok(
        "new letters", f"it begins with what comes after its first start; {letters(seen.letters)} there now, and none is taken"
    )


def letters(count: int) -> str:
    """So many letters, with the verb that belongs to them."""
    return "1 letter lies" if count == 1 else f"{count:,} letters lie"


async def look_at_the_mail_server(settings: Settings, now: Callable[[], datetime]) -> list[Finding]:
    """Whether it takes our letters. None is sent."""
    if settings.smtp is None:
        return [warning("mail server", "not set up: no letter and no alert leaves")]
    trouble = await _tried("mail server", lambda: look_at_smtp(smtp_access(settings, now)))
    return [trouble if isinstance(trouble, Finding) else ok("mail server", "it takes our letters")]


async def look_at_the_scanner(clamd: str) -> list[Finding]:
    """Whether the virus scanner answers, where one is set."""
    if not clamd:
        return []
    try:
        found = [ok("scanner", f"{await answers(clamd)} answers; files leave once it has looked")]
    except Held as held:
        found = [failed("scanner", f"{held.why}: no file is given out until it does (files.clamd)")]
    if not clamd.startswith("/") and not is_loopback(clamd.rpartition(":")[0]):
        words = "files travel to another machine unencrypted (files.clamd): a socket of this machine is safe"
        found.append(warning("scanner's wire", words))
    return found


async def look_at_the_bot(settings: Settings, now: Callable[[], datetime]) -> list[Finding]:
    """Whether it answers, how it is shown, and how our clock stands to Telegram's."""
    if settings.telegram is None:
        return [warning("Telegram", "not set up: there is no chat")]
    seen = await _tried("Telegram", lambda: look_at_bot(telegram_access(settings)))
    if isinstance(seen, Finding):
        return [seen]
    found = [ok("Telegram", f"it answers as @{seen.username}"), *look_at_manners(seen, settings.council)]
    found.append(look_at_hook(seen.hook, settings.telegram.webhook_url, now()))
    ahead = await _tried("clock", lambda: ahead_of_bot_api(telegram_access(settings), now))
    found.append(ahead if isinstance(ahead, Finding) else clock_finding("the Bot API's", ahead))
    return found


def look_at_hook(seen: HookSeen, ours: str, now: datetime) -> Finding:
    """Whether what people write comes to us: `ours` is where Telegram should post it, empty where it waits to be asked.

    Of another's address only the server is said: its path may be what keeps others out.
    """
    waiting = f"; {seen.waiting} wait" if seen.waiting else ""
    if seen.url == ours:
        if not ours:
            return ok("webhook", "there is none: the service asks for what people wrote")
        if seen.failed_at and now - seen.failed_at < FAILED_OF_LATE:
            return warning("webhook", f"Telegram could not post there of late{waiting}: look at what stands before the service")
        return ok("webhook", "Telegram posts where telegram.webhook_url says")
    if not seen.url:
        return ok("webhook", f"not told to Telegram yet{waiting}: the service does it when it starts")
    elsewhere = f"Telegram posts what people write to {seen.host or 'another address'}{waiting}"
    if not ours:
        words = "while telegram.webhook_url is empty. `heard run` takes it down; if it is yours, this bot is in use: make another"
        return warning("webhook", f"{elsewhere}, {words}")
    return warning(
        "webhook", f"{elsewhere}, not to telegram.webhook_url. `heard run` changes it; if that is yours, make another bot"
    )


def look_at_manners(seen: BotSeen, council: Council) -> list[Finding]:
    """Whether the bot is shown as it should be (people-and-safety.md 2.1)."""
    found = [warning("bot", words) for words in told_wrongly_to_botfather(seen)]
    if seen.profile is not None:
        if word := told_by_name(seen.profile.name, council):
            found.append(warning("bot", f"its name is seen on a locked screen and holds {word!r}: choose a neutral one"))
        if parts := differs(seen.profile, wanted_profile(council)):
            found.append(warning("bot", f"not as heard would have it: {', '.join(parts)}. `heard init` offers to set them"))
    return found or [ok("bot", "neutral, outside groups, with its commands")]


async def _tried(what: str, look: Callable[[], Awaitable[T]]) -> T | Finding:
    try:
        return await look()
    except WireError as problem:
        return failed(what, str(problem))
    except ValueError as problem:
        return failed(what, f"its settings do not go together: {problem}")
