"""What the settings become: values that are checked once and never change."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from casework.council import Council
from procedures.terms import AlarmForm, AlarmRoute


class Tls(StrEnum):
    """How a connection to a mail server is protected."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    """Only for sending: a mailbox is opened over implicit TLS."""
    NONE = "none"
    """Only to this machine."""


class Auth(StrEnum):
    """What opens a mailbox or a mail server."""

    PASSWORD = "password"  # noqa: S105  # a name or a stand-in, and no secret
    XOAUTH2 = "xoauth2"
    """A token of [oauth]."""


class Provider(StrEnum):
    """Whose sign-in server gives the tokens."""

    MICROSOFT = "microsoft"
    GOOGLE = "google"
    OTHER = "other"


class Flow(StrEnum):
    """How one comes to a token."""

    DEVICE = "device"
    """A person types a code in any browser, once."""
    CODE = "code"
    """A person signs in in a browser, once, and pastes the address where it ended."""
    APPLICATION = "application"
    """Nobody signs in: the application has rights of its own."""


class Start(StrEnum):
    """Where a mailbox that was never read before begins."""

    NOW = "now"
    """What is there already stays unread by us: an old mailbox isn't a day's post."""
    BEGINNING = "beginning"


@dataclass(frozen=True)
class MailboxSettings:
    """The mailbox that people write to."""

    host: str
    user: str
    password: str = field(default="", repr=False)
    """Empty where a token opens it."""
    tls: Tls = Tls.IMPLICIT
    port: int = 993
    folder: str = "INBOX"
    poll_seconds: float = 10
    start: Start = Start.NOW
    authserv_id: str = ""
    """Whose Authentication-Results above the topmost Received are believed (RFC 8601, 2.5). Empty: nobody's."""
    boundary_hosts: tuple[str, ...] = ()
    """Servers of the boundary that a letter may have left for others of ours; then their Received counts, not the topmost."""
    auth: Auth = Auth.PASSWORD

    @property
    def boundary(self) -> str:
        """Whose verdicts are believed, and above whose Received, as the reader of letters takes it; empty for nobody's."""
        return " ".join((self.authserv_id, *self.boundary_hosts)) if self.authserv_id else ""


@dataclass(frozen=True)
class SmtpSettings:
    """The server that takes our letters."""

    host: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = Tls.STARTTLS
    port: int = 587
    auth: Auth = Auth.PASSWORD
    mails_a_day: int = 0
    """What the provider lets through in 24 hours; 0 where nobody said."""


@dataclass(frozen=True)
class OAuthSettings:
    """Where the tokens for mailbox and mail server come from."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    key: str = ""
    """A file: the certificate of an application with its private key, or Google's JSON file of a service account."""
    provider: Provider = Provider.MICROSOFT
    tenant: str = ""
    flow: Flow | None = None
    """None: a device code, or for Google a browser's address."""
    tokens: str = "oauth-tokens.json"
    """The file of a person's sign-in; its folder must be the service's to write to."""
    scope: str = ""
    token_url: str = ""
    device_url: str = ""
    authorize_url: str = ""
    """These four are known for Microsoft and Google; what is set here wins."""


@dataclass(frozen=True)
class NetworkSettings:
    """The way out of the council's network."""

    proxy: str = ""
    """`http://HOST:PORT` or `socks5://HOST:PORT`, for everything but this machine and `direct`."""
    proxy_user: str = ""
    proxy_password: str = field(default="", repr=False)
    direct: tuple[str, ...] = ()
    """Hosts, and with a dot before them whole domains, that are reached without the proxy."""
    certificates: str = ""
    """A file of authorities that are trusted beside the system's."""


@dataclass(frozen=True)
class TelegramSettings:
    """The bot that people write to."""

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    """`/bot<token>/<method>` and `/file/bot<token>/…` are appended."""
    poll_seconds: int = 20
    """How long one request for updates waits for one."""
    webhook_url: str = ""
    """Where Telegram finds us, for it to post each update there; empty: we ask it for them."""
    webhook_secret: str = field(default="", repr=False)
    """What Telegram shows with each."""
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8080
    """Where we listen, behind whatever ends TLS."""


@dataclass(frozen=True)
class OutboxSettings:
    """How sending goes on."""

    pause_seconds: float = 1
    """How long the outbox waits before it looks again by itself; a new message wakes it at once."""
    unknown_asker_seconds: float = 30
    """The one delay of every answer to somebody we cannot know: a quick answer would tell that there is a case."""


@dataclass(frozen=True)
class AlarmSettings:
    """When silence or an approaching end becomes trouble that staff are told of."""

    silent_after_seconds: int = 180
    """A door or the outbox whose last good turn is older than this is silent."""
    calendar_ends_within_days: int = 120
    """Tell staff when the bank holidays are known for fewer days than this."""
    repeat_after_hours: int = 24
    """Trouble that lasts is told again after this."""
    command: tuple[str, ...] = ()
    """A program that rings somebody, and its arguments."""
    webhook: str = field(default="", repr=False)
    """A web address that rings somebody. Whoever knows it can ring: a secret."""
    webhook_form: AlarmForm = AlarmForm.EVENT
    """What it understands: our own JSON, or a message for a chat of the staff's."""
    webhook_chat: str = ""
    """The number of the staff's group, where a bot of Telegram's writes into it."""
    timeout_seconds: float = 20
    """How long the program or the web address may take."""
    take_up_within_minutes: int = 30
    """A safety alert that nobody took up for so long, while someone is at work, is rung again."""
    disk_below_mb: int = 500
    """Staff are told when the disk of the database has less room than this."""

    @property
    def routes(self) -> tuple[AlarmRoute, ...]:
        """By what an alarm rings."""
        set_up: tuple[tuple[AlarmRoute, object], ...] = ((AlarmRoute.COMMAND, self.command), (AlarmRoute.WEBHOOK, self.webhook))
        return tuple(route for route, there in set_up if there)


class LogFormat(StrEnum):
    """How a line of the log is written."""

    TEXT = "text"
    JSON = "json"


class LogTo(StrEnum):
    """Where the log of `heard run` goes."""

    STDERR = "stderr"
    STDOUT = "stdout"


@dataclass(frozen=True)
class FilesSettings:
    """What is done with the files that people send, before staff get them."""

    clamd: str = ""
    """Where the virus scanner listens: the path of its socket, or host:port. Empty: none is asked."""


@dataclass(frozen=True)
class LogSettings:
    """How and where `heard run` writes what it does."""

    format: LogFormat = LogFormat.TEXT
    to: LogTo = LogTo.STDERR


@dataclass(frozen=True)
class ReadinessSettings:
    """What a council must have done before its doors open to children (practice.md §2, §4)."""

    safety_signed_off_by: str = ""
    safety_signed_off_on: date | None = None
    drill_on: date | None = None
    """When an alert was last rehearsed, out of hours too."""
    letters_tried_on: date | None = None
    """When test letters last came back, also to an address with a token."""
    dpia_reference: str = ""
    """The data protection impact assessment that covers the Telegram door."""
    bot_page: str = ""
    """The page of the council's own that names the bot: whoever looks for us there knows that it is real (practice.md §4)."""


@dataclass(frozen=True)
class Settings:
    """Everything that was set, checked. Lower rooms get the values in it, never this."""

    database_url: str = field(default="sqlite+aiosqlite:///heard.db", repr=False)
    """With an async driver."""
    erasure_key: str = field(default="", repr=False)
    """What the marks of what was erased are made with; empty where nothing ever was."""
    keep_loose_days: int = 30
    """How long letters that became no case are kept; 0 keeps them all. Without a key nothing is erased."""
    nation: str = "england"
    council: Council = field(default_factory=Council)
    mailbox: MailboxSettings | None = None
    smtp: SmtpSettings | None = None
    telegram: TelegramSettings | None = None
    oauth: OAuthSettings | None = None
    network: NetworkSettings = field(default_factory=NetworkSettings)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)
    alarms: AlarmSettings = field(default_factory=AlarmSettings)
    readiness: ReadinessSettings = field(default_factory=ReadinessSettings)
    log_level: str = "info"
    log: LogSettings = field(default_factory=LogSettings)
    files: FilesSettings = field(default_factory=FilesSettings)
    warnings: tuple[str, ...] = ()
    """What is allowed but unwise, for `heard check` to say."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret in use, for the log to hide."""
        given = [part.password for part in (self.mailbox, self.smtp) if part] + [part.token for part in (self.telegram,) if part]
        given += [self.telegram.webhook_secret if self.telegram else ""]
        given += [self.oauth.client_secret if self.oauth else "", self.network.proxy_password]
        given += [self.alarms.webhook, self.erasure_key]
        return tuple(secret for secret in given if secret)


class SettingsError(ValueError):
    """Every mistake in the settings, at once. Nothing was started."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        count = "There is a mistake" if len(mistakes) == 1 else f"There are {len(mistakes)} mistakes"
        super().__init__(
            "\n".join([f"{count} in the settings. Nothing was started.", *(f"  - {mistake}" for mistake in mistakes)])
        )
