"""What the settings become: values that are checked once and never change."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from casework.council import Council


class Tls(StrEnum):
    """How a connection to a mail server is protected."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    """Only for sending: a mailbox is opened over implicit TLS."""
    NONE = "none"
    """Only to this machine."""


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
    password: str = field(repr=False)
    tls: Tls = Tls.IMPLICIT
    port: int = 993
    folder: str = "INBOX"
    poll_seconds: float = 10
    start: Start = Start.NOW
    authserv_id: str = ""
    """Whose Authentication-Results above the topmost Received are believed (RFC 8601, 2.5). Empty: nobody's."""


@dataclass(frozen=True)
class SmtpSettings:
    """The server that takes our letters."""

    host: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = Tls.STARTTLS
    port: int = 587


@dataclass(frozen=True)
class TelegramSettings:
    """The bot that people write to."""

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    """`/bot<token>/<method>` and `/file/bot<token>/…` are appended."""
    poll_seconds: int = 20
    """How long one request for updates waits for one."""


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


@dataclass(frozen=True)
class Settings:
    """Everything that was set, checked. Lower rooms get the values in it, never this."""

    database_url: str = field(default="sqlite+aiosqlite:///heard.db", repr=False)
    """With an async driver."""
    nation: str = "england"
    council: Council = field(default_factory=Council)
    mailbox: MailboxSettings | None = None
    smtp: SmtpSettings | None = None
    telegram: TelegramSettings | None = None
    outbox: OutboxSettings = field(default_factory=OutboxSettings)
    alarms: AlarmSettings = field(default_factory=AlarmSettings)
    readiness: ReadinessSettings = field(default_factory=ReadinessSettings)
    log_level: str = "info"
    warnings: tuple[str, ...] = ()
    """What is allowed but unwise, for `heard check` to say."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret in use, for the log to hide."""
        given = [part.password for part in (self.mailbox, self.smtp) if part] + [part.token for part in (self.telegram,) if part]
        return tuple(secret for secret in given if secret)


class SettingsError(ValueError):
    """Every mistake in the settings, at once. Nothing was started."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        count = "There is a mistake" if len(mistakes) == 1 else f"There are {len(mistakes)} mistakes"
        super().__init__(
            "\n".join([f"{count} in the settings. Nothing was started.", *(f"  - {mistake}" for mistake in mistakes)])
        )
