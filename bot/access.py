"""From the settings to each wire: how the mailbox, the mail server and the Bot API are reached."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.settings import Auth, Flow, OAuthSettings, Provider, Settings
from bot.settings.sign_in import usual_flow
from notifications.wires import Flow as WireFlow
from notifications.wires import MailboxAccess, OAuthAccess, Proxy, SmtpAccess, TelegramAccess, Tokens, is_loopback
from notifications.wires import Tls as WireTls
from notifications.wires.alarm import AlarmAccess

Now = Callable[[], datetime]


def mailbox_access(settings: Settings, now: Now) -> MailboxAccess:
    """The mailbox as its wire wants it."""
    mailbox = settings.mailbox
    assert mailbox is not None
    return MailboxAccess(
        mailbox.host,
        mailbox.port,
        mailbox.user,
        mailbox.password,
        tls=WireTls(mailbox.tls.value),
        folder=mailbox.folder,
        ca_file=settings.network.certificates,
        proxy=proxy_to(settings, mailbox.host),
        tokens=tokens_of(settings, now) if mailbox.auth is Auth.XOAUTH2 else None,
    )


def smtp_access(settings: Settings, now: Now) -> SmtpAccess:
    """The server that takes our letters, as its wire wants it."""
    smtp = settings.smtp
    assert smtp is not None
    return SmtpAccess(
        smtp.host,
        smtp.port,
        smtp.user,
        smtp.password,
        tls=WireTls(smtp.tls.value),
        ca_file=settings.network.certificates,
        proxy=proxy_to(settings, smtp.host),
        tokens=tokens_of(settings, now) if smtp.auth is Auth.XOAUTH2 else None,
    )


def telegram_access(settings: Settings) -> TelegramAccess:
    """The bot, as its wire wants it."""
    telegram = settings.telegram
    assert telegram is not None
    return TelegramAccess(
        telegram.token,
        telegram.api_url,
        ca_file=settings.network.certificates,
        proxy=proxy_to(settings, host_of(telegram.api_url)),
    )


def alarm_access(settings: Settings) -> AlarmAccess:
    """The council's own ways to ring somebody."""
    alarms = settings.alarms
    return AlarmAccess(
        alarms.command,
        alarms.webhook,
        alarms.webhook_form,
        alarms.webhook_chat,
        alarms.timeout_seconds,
        ca_file=settings.network.certificates,
        proxy=proxy_to(settings, host_of(alarms.webhook)) if alarms.webhook else None,
    )


def tokens_of(settings: Settings, now: Now) -> Tokens:
    """What gives tokens to mailbox and mail server."""
    return Tokens(oauth_access(settings), now)


def oauth_access(settings: Settings) -> OAuthAccess:
    """The sign-in server. What the settings say wins over what is known of Microsoft and Google."""
    oauth = settings.oauth
    assert oauth is not None
    flow = oauth.flow or usual_flow(oauth.provider)
    known = known_of(oauth, flow)
    token_url = oauth.token_url or known.token_url
    wire = settings.mailbox or settings.smtp
    return OAuthAccess(
        token_url=token_url,
        client_id=oauth.client_id,
        scope=oauth.scope or known.scope,
        file=Path(oauth.tokens),
        flow=WireFlow(flow.value),
        client_secret=oauth.client_secret,
        key=Path(oauth.key) if oauth.key else None,
        subject=wire.user if wire else "",
        device_url=oauth.device_url or known.device_url,
        authorize_url=oauth.authorize_url or known.authorize_url,
        ca_file=settings.network.certificates,
        proxy=proxy_to(settings, host_of(token_url)),
    )


@dataclass(frozen=True)
class Known:
    """What is known of a sign-in server."""

    token_url: str = ""
    device_url: str = ""
    authorize_url: str = ""
    scope: str = ""


def known_of(oauth: OAuthSettings, flow: Flow) -> Known:
    """Addresses and scope, as Microsoft's and Google's pages on IMAP and SMTP give them."""
    if oauth.provider is Provider.MICROSOFT:
        place = f"https://login.microsoftonline.com/{oauth.tenant}/oauth2/v2.0"
        delegated = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
        scope = "https://outlook.office365.com/.default" if flow is Flow.APPLICATION else delegated
        return Known(f"{place}/token", f"{place}/devicecode", f"{place}/authorize", scope)
    if oauth.provider is Provider.GOOGLE:
        # Only so does Google give a refresh token.
        authorize = "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent"
        return Known("https://oauth2.googleapis.com/token", authorize_url=authorize, scope="https://mail.google.com/")
    return Known()


def proxy_to(settings: Settings, host: str) -> Proxy | None:
    """The proxy on the way to a host, if it is to be used."""
    network = settings.network
    name = host.rstrip(".").lower()
    is_direct = any(name == one or (one.startswith(".") and name.endswith(one)) for one in network.direct)
    if not network.proxy or is_direct or is_loopback(host):
        return None
    scheme, _, place = network.proxy.partition("://")
    where, _, port = place.rpartition(":")
    return Proxy(where.strip("[]"), int(port), network.proxy_user, network.proxy_password, is_socks=scheme == "socks5")


def host_of(url: str) -> str:
    """The host in an address that the settings have checked."""
    place = url.partition("://")[2].partition("/")[0].partition("?")[0]
    return place[1:].partition("]")[0] if place.startswith("[") else place.partition(":")[0]
