"""The one client of each wire (mailbox, post, Telegram), shared by the doors, the senders and `heard check`."""

from notifications.wires.access import MailboxAccess, SmtpAccess, TelegramAccess, Tls, is_loopback
from notifications.wires.chat import Bot, asked_to_wait, open_bot
from notifications.wires.errors import Ambiguous, Refused, Unreachable, WireError
from notifications.wires.looking import look_at_bot, look_at_mailbox, look_at_smtp
from notifications.wires.mailbox import Mailbox, MailboxLetter, open_mailbox
from notifications.wires.post import Post, open_smtp, send_mail

__all__ = [
    "Ambiguous",
    "Bot",
    "Mailbox",
    "MailboxAccess",
    "MailboxLetter",
    "Post",
    "Refused",
    "SmtpAccess",
    "TelegramAccess",
    "Tls",
    "Unreachable",
    "WireError",
    "asked_to_wait",
    "is_loopback",
    "look_at_bot",
    "look_at_mailbox",
    "look_at_smtp",
    "open_bot",
    "open_mailbox",
    "open_smtp",
    "send_mail",
]
