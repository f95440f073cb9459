"""The one client of each wire (mailbox, post, Telegram), shared by the doors, the senders and `heard check`."""

import notifications.wires.lean  # noqa: F401  # first: the others import the same libraries, with all that they can hold

# isort: split
from notifications.wires.access import MailboxAccess, SmtpAccess, TelegramAccess, Tls
from notifications.wires.chat import Bot, asked_to_wait, open_bot
from notifications.wires.errors import Ambiguous, Refused, Unreachable, WireError
from notifications.wires.looking import (
    BotSeen,
    HookSeen,
    MailboxSeen,
    Profile,
    ahead_of_bot_api,
    look_at_bot,
    look_at_mailbox,
    look_at_smtp,
    off,
    set_up_bot,
)
from notifications.wires.mailbox import Mailbox, MailboxLetter, open_mailbox
from notifications.wires.meaning import AT_ITS_LIMIT
from notifications.wires.oauth import Flow, OAuthAccess, Tokens
from notifications.wires.post import Post, open_smtp, send_mail
from notifications.wires.sentences import in_a_sentence, why_out_of_reach
from notifications.wires.signing_in import Invitation, sign_in
from notifications.wires.ways import Proxy, is_loopback

__all__ = [
    "AT_ITS_LIMIT",
    "Ambiguous",
    "Bot",
    "BotSeen",
    "Flow",
    "HookSeen",
    "Invitation",
    "Mailbox",
    "MailboxAccess",
    "MailboxLetter",
    "MailboxSeen",
    "OAuthAccess",
    "Post",
    "Profile",
    "Proxy",
    "Refused",
    "SmtpAccess",
    "TelegramAccess",
    "Tls",
    "Tokens",
    "Unreachable",
    "WireError",
    "ahead_of_bot_api",
    "asked_to_wait",
    "in_a_sentence",
    "is_loopback",
    "look_at_bot",
    "look_at_mailbox",
    "look_at_smtp",
    "off",
    "open_bot",
    "open_mailbox",
    "open_smtp",
    "send_mail",
    "set_up_bot",
    "sign_in",
    "why_out_of_reach",
]
