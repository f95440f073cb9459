"""A look at each wire, for `heard check`: it connects, says what it found in a few words, and changes nothing."""

from telegram.error import TelegramError

from notifications.wires.access import MailboxAccess, SmtpAccess, TelegramAccess
from notifications.wires.chat import open_bot
from notifications.wires.errors import Unreachable
from notifications.wires.mailbox import open_mailbox
from notifications.wires.post import Post


async def look_at_mailbox(access: MailboxAccess) -> str:
    """Log in, open the folder. WireError when that does not work."""
    async with open_mailbox(access) as mailbox:
        return f"the folder opens; the next letter will be number {mailbox.uid_next}"


async def look_at_smtp(access: SmtpAccess) -> str:
    """Connect and log in; no letter is sent. WireError when that does not work."""
    post = Post(access)
    try:
        await post.connect()
    finally:
        await post.close()
    return "it takes our letters"


async def look_at_bot(access: TelegramAccess) -> str:
    """Ask the bot who it is. WireError when that does not work."""
    try:
        async with open_bot(access) as bot:
            me = await bot.get_me()
    except TelegramError as error:
        raise Unreachable(type(error).__name__) from None
    groups = "; it can be added to groups: turn that off with BotFather" if me.can_join_groups else ""
    return f"it answers as @{me.username}{groups}"
