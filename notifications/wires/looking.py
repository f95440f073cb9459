"""A look at each wire, for `heard check` and `heard init`: what is there, and how far our clock is from theirs."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from telegram import BotCommand
from telegram.error import TelegramError

from notifications.wires.access import MailboxAccess, SmtpAccess, TelegramAccess
from notifications.wires.chat import Bot, open_bot
from notifications.wires.errors import Unreachable
from notifications.wires.mailbox import open_mailbox
from notifications.wires.post import Post
from notifications.wires.sentences import told_in_a_sentence
from notifications.wires.web import client_for, trouble_of

NONSENSE = (LookupError, TypeError, AttributeError, ValueError)
"""What the library raises on JSON that is no answer of a Bot API."""


@dataclass(frozen=True)
class MailboxSeen:
    """A folder that opened."""

    letters: int
    """How many lie there, read or not, as the server counts: 50,000 cost no more than one."""


@dataclass(frozen=True)
class Profile:
    """What people see of a bot before they write to it."""

    name: str
    short_description: str
    description: str
    commands: Mapping[str, str]


@dataclass(frozen=True)
class HookSeen:
    """Where Telegram posts what people write, and how that goes (Bot API, WebhookInfo)."""

    url: str
    """Empty: it waits to be asked."""
    waiting: int
    """Updates that nobody has taken yet."""
    failed_at: datetime | None
    """When a post was last refused or lost."""

    @property
    def host(self) -> str:
        """The server of the address, which may be said; its path may be a secret."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True)
class BotSeen:
    """A bot that answered."""

    username: str
    joins_groups: bool
    reads_groups: bool
    is_inline: bool
    hook: HookSeen
    profile: Profile | None
    """None where the server does not tell."""


async def look_at_mailbox(access: MailboxAccess) -> MailboxSeen:
    """Log in, open the folder. WireError, whose words say what mends it, when that does not work."""
    with told_in_a_sentence():
        async with open_mailbox(access) as mailbox:
            return MailboxSeen(mailbox.letters)


async def look_at_smtp(access: SmtpAccess) -> None:
    """Connect and log in; no letter is sent. WireError, whose words say what mends it, when that does not work."""
    post = Post(access)
    with told_in_a_sentence():
        try:
            await post.connect()
        finally:
            await post.close()


async def look_at_bot(access: TelegramAccess) -> BotSeen:
    """Ask the bot who it is. WireError, whose words say what mends it, when that does not work."""
    with told_in_a_sentence():
        try:
            async with open_bot(access) as bot:
                me, hook = await bot.get_me(), await bot.get_webhook_info()
                return BotSeen(
                    me.username or "",
                    joins_groups=bool(me.can_join_groups),
                    reads_groups=bool(me.can_read_all_group_messages),
                    is_inline=bool(me.supports_inline_queries),
                    hook=HookSeen(hook.url or "", hook.pending_update_count, hook.last_error_date),
                    profile=await _profile_of(bot),
                )
        except NONSENSE:
            raise Unreachable("garbled") from None


async def _profile_of(bot: Bot) -> Profile | None:
    try:
        name, short, long, commands = await asyncio.gather(
            bot.get_my_name(), bot.get_my_short_description(), bot.get_my_description(), bot.get_my_commands()
        )
    except TelegramError:
        return None
    told = {command.command: command.description for command in commands}
    return Profile(name.name, short.short_description, long.description, told)


async def set_up_bot(access: TelegramAccess, profile: Profile) -> None:
    """Give the bot these words. WireError when it does not take them."""
    with told_in_a_sentence():
        async with open_bot(access) as bot:
            if (await bot.get_my_name()).name != profile.name:  # Telegram takes only a few changes of a name a day
                await bot.set_my_name(profile.name)
            await bot.set_my_short_description(profile.short_description)
            await bot.set_my_description(profile.description)
            await bot.set_my_commands([BotCommand(command, words) for command, words in profile.commands.items()])


async def ahead_of_bot_api(access: TelegramAccess, now: Callable[[], datetime]) -> timedelta:
    """How far our clock is ahead of the Bot API's, by the Date of its answer. WireError when it tells none."""
    with told_in_a_sentence():
        try:
            async with client_for(access.api_url, access.ca_file, access.proxy, access.timeout_seconds) as client:
                before = now()
                answer = await client.head(access.api_url)
                return off(parsedate_to_datetime(answer.headers["Date"]), before, now())
        except httpx.HTTPError as error:
            raise Unreachable(trouble_of(error, otherwise="no connection")) from None
        except (LookupError, ValueError, TypeError):
            raise Unreachable("garbled") from None


def off(theirs: datetime, before: datetime, after: datetime) -> timedelta:
    """How far our clock is ahead of theirs, which showed `theirs` at some moment between two of ours; below zero: behind."""
    if theirs < before:
        return before - theirs
    return after - theirs if theirs > after else timedelta()
