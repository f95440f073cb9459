"""From the settings to each wire: how the mailbox, the mail server and the Bot API are reached."""

from bot.settings import Settings
from notifications.wires import MailboxAccess, SmtpAccess, TelegramAccess
from notifications.wires import Tls as WireTls


def mailbox_access(settings: Settings) -> MailboxAccess:
    """The mailbox as its wire wants it."""
    mailbox = settings.mailbox
    assert mailbox is not None
    return MailboxAccess(
        mailbox.host, mailbox.port, mailbox.user, mailbox.password, tls=WireTls(mailbox.tls.value), folder=mailbox.folder
    )


def smtp_access(settings: Settings) -> SmtpAccess:
    """The server that takes our letters, as its wire wants it."""
    smtp = settings.smtp
    assert smtp is not None
    return SmtpAccess(smtp.host, smtp.port, smtp.user, smtp.password, tls=WireTls(smtp.tls.value))


def telegram_access(settings: Settings) -> TelegramAccess:
    """The bot, as its wire wants it."""
    assert settings.telegram is not None
    return TelegramAccess(settings.telegram.token, settings.telegram.api_url)
