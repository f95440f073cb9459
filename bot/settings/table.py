"""Every setting, one a line: its path in the file (and, in capitals after HEARD_, in the environment) and its kind."""

from dataclasses import dataclass

from bot.settings import kinds
from bot.settings.kinds import ANY_TEXT, Kind, member, one_of, seconds, whole
from bot.settings.values import Auth, Flow, LogFormat, LogTo, Provider, Start, Tls
from procedures.terms import AlarmForm


@dataclass(frozen=True)
class Setting:
    """One thing that can be set."""

    path: str
    kind: Kind
    is_secret: bool = False
    """Never in the settings file: in the environment, or in a file of its own that `<path>_file` names."""

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return "HEARD_" + self.path.replace(".", "_").upper()


MAILBOX_TLS = Kind(
    "implicit, or none on this machine (a mailbox is not opened with starttls)", "implicit", one_of("implicit", "none")
)

AUTH = Kind("password or xoauth2", "xoauth2", member(Auth))

SETTINGS = (
    Setting("nation", kinds.NATION),
    Setting("duty_address", kinds.ADDRESSES),
    Setting("from_address", kinds.ADDRESS_KIND),
    Setting("log_level", kinds.LEVEL),
    Setting("database.url", kinds.DATABASE),
    Setting("council.name", ANY_TEXT),
    Setting("council.service_name", Kind("a line of text", "Your Say", kinds.text)),
    Setting("council.environment", Kind("a word that marks a trial", "test", kinds.text)),
    Setting("council.opens_at", kinds.TIME),
    Setting("council.closes_at", Kind("a time of day", "17:00", kinds.time_of_day)),
    Setting("council.closure_days", Kind("dates in a list", '["2026-12-29", "2026-12-30", "2026-12-31"]', kinds.days)),
    Setting(
        "council.own_clocks",
        Kind("clocks with their periods", '["corporate.s1_response = 20 + 10 from received"]', kinds.own_clocks),
    ),
    Setting("council.read_by_working_days", Kind("working days, 1 to 5", "1", whole(1, 5))),
    Setting("council.reminders_at", Kind("a time of day", "08:30", kinds.time_of_day)),
    Setting("council.digest_at", Kind("a time of day", "08:00", kinds.time_of_day)),
    Setting("council.digest_weekday", kinds.WEEKDAY),
    Setting("council.automatic_answers_an_hour", Kind("a number from 1 to 20", "2", whole(1, 20))),
    Setting("council.automatic_answers_a_day", Kind("a number from 1 to 100", "10", whole(1, 100))),
    Setting("council.plus_addressing", kinds.YES_OR_NO),
    Setting("council.monitoring_officer", kinds.ADDRESS_KIND),
    Setting("council.inbox_rota", kinds.ADDRESSES),
    Setting("council.address_lines", kinds.LINES),
    Setting("council.logo", Kind("the path of a PNG or JPEG picture", "/etc/heard/logo.png", kinds.text)),
    Setting("council.answers_signed_by", kinds.ROLES),
    Setting("contacts.phone", kinds.PHONE),
    Setting("contacts.hours", Kind("the hours in words", "Monday to Friday, 9am to 5pm", kinds.text)),
    Setting("contacts.email", kinds.ADDRESS_KIND),
    Setting("contacts.night_phone", kinds.PHONE),
    Setting("contacts.advocate_name", Kind("a line of text", "Coram Voice", kinds.text)),
    Setting("contacts.advocate_phone", kinds.PHONE),
    Setting("contacts.ombudsman_phone", kinds.PHONE),
    Setting("contacts.ombudsman_name", Kind("a line of text", "Local Government and Social Care Ombudsman", kinds.text)),
    Setting("contacts.policy_url", kinds.PAGE),
    Setting("contacts.checked_on", kinds.DAY),
    Setting("database.erasure_key", kinds.ERASURE_KEY, is_secret=True),
    Setting("database.keep_loose_days", Kind("a number of days, 0 to 3650", "30", whole(0, 3650))),
    Setting("mailbox.host", kinds.HOST_KIND),
    Setting("mailbox.port", kinds.PORT),
    Setting("mailbox.user", Kind("the name to log in with", "yoursay@anytown.gov.uk", kinds.text)),
    Setting("mailbox.password", kinds.SECRET, is_secret=True),
    Setting("mailbox.auth", AUTH),
    Setting("mailbox.tls", MAILBOX_TLS),
    Setting("mailbox.folder", Kind("the name of a folder", "INBOX", kinds.text)),
    Setting("mailbox.poll_seconds", Kind("seconds, 0.1 to 3600", "10", seconds(0.1, 3600))),
    Setting("mailbox.start", Kind("now or beginning", "now", member(Start))),
    Setting("mailbox.authserv_id", Kind("the name your mail boundary signs its checks with", "mx.anytown.gov.uk", kinds.text)),
    Setting("mailbox.boundary_hosts", Kind("names of servers", '["mx1.anytown.gov.uk"]', kinds.several(kinds.host))),
    Setting("smtp.host", kinds.HOST_KIND),
    Setting("smtp.port", Kind("a port from 1 to 65535", "587", whole(1, 65535))),
    Setting("smtp.user", Kind("the name to log in with", "yoursay@anytown.gov.uk", kinds.text)),
    Setting("smtp.password", kinds.SECRET, is_secret=True),
    Setting("smtp.auth", AUTH),
    Setting("smtp.mails_a_day", Kind("a number from 10 to 1000000", "2000", whole(10, 1_000_000))),
    Setting("smtp.tls", Kind("implicit, starttls, or none on this machine", "starttls", member(Tls))),
    Setting("oauth.provider", Kind("microsoft, google or other", "microsoft", member(Provider))),
    Setting("oauth.tenant", Kind("the tenant's id, or a domain of it", "anytown.onmicrosoft.com", kinds.host)),
    Setting("oauth.client_id", Kind("the id of the application", "11111111-2222-3333-4444-555555555555", kinds.text)),
    Setting("oauth.client_secret", Kind("the application's secret, in one line", "its-value", kinds.secret), is_secret=True),
    Setting("oauth.key", Kind("the path of a file with the key that signs", "/etc/heard/oauth-key.pem", kinds.text)),
    Setting("oauth.flow", Kind("device, code or application", "device", member(Flow))),
    Setting(
        "oauth.tokens", Kind("the path of a file that the service may write", "/var/lib/heard/oauth-tokens.json", kinds.text)
    ),
    Setting("oauth.scope", Kind("scopes with blanks between them", "https://mail.google.com/", kinds.text)),
    Setting("oauth.token_url", kinds.PRIVATE_URL),
    Setting("oauth.device_url", kinds.PRIVATE_URL),
    Setting("oauth.authorize_url", kinds.PRIVATE_URL),
    Setting("network.proxy", kinds.PROXY),
    Setting("network.proxy_user", Kind("the name that the proxy knows", "heard", kinds.text)),
    Setting("network.proxy_password", kinds.SECRET, is_secret=True),
    Setting("network.direct", kinds.DIRECT),
    Setting("network.certificates", Kind("the path of a file with certificates", "/etc/heard/authorities.pem", kinds.text)),
    Setting("telegram.token", kinds.TOKEN, is_secret=True),
    Setting("telegram.api_url", kinds.API_URL),
    Setting("telegram.poll_seconds", Kind("seconds, 1 to 50", "20", whole(1, 50))),
    Setting("telegram.webhook_url", kinds.WEBHOOK_URL),
    Setting("telegram.webhook_secret", kinds.WEBHOOK_SECRET, is_secret=True),
    Setting("telegram.webhook_host", Kind("the name or number to listen on", "127.0.0.1", kinds.host)),
    Setting("telegram.webhook_port", Kind("a port from 1 to 65535", "8080", whole(1, 65535))),
    Setting("outbox.pause_seconds", Kind("seconds, 0.05 to 60", "1", seconds(0.05, 60))),
    Setting("outbox.unknown_asker_seconds", Kind("seconds, 0 to 3600", "30", seconds(0, 3600))),
    Setting("alarms.silent_after_seconds", Kind("seconds, 10 to 86400", "180", whole(10, 86400))),
    Setting("alarms.calendar_ends_within_days", Kind("days, 30 to 730", "120", whole(30, 730))),
    Setting("alarms.repeat_after_hours", Kind("hours, 1 to 168", "24", whole(1, 168))),
    Setting("alarms.command", kinds.COMMAND),
    Setting("alarms.webhook", kinds.WEBHOOK, is_secret=True),
    Setting("alarms.webhook_form", Kind("event, chat, teams or telegram", "teams", member(AlarmForm))),
    Setting("alarms.webhook_chat", Kind("the number of a Telegram group", "-1001234567890", kinds.chat_number)),
    Setting("alarms.timeout_seconds", Kind("seconds, 1 to 120", "20", seconds(1, 120))),
    Setting("alarms.take_up_within_minutes", Kind("minutes, 5 to 240", "30", whole(5, 240))),
    Setting("alarms.disk_below_mb", Kind("megabytes, 50 to 1000000", "500", whole(50, 1_000_000))),
    Setting("files.clamd", Kind("a socket's path, or host:port", "/run/clamav/clamd.ctl", kinds.socket_or_port)),
    Setting("log.format", Kind("text or json", "text", member(LogFormat))),
    Setting("log.to", Kind("stderr or stdout", "stderr", member(LogTo))),
    Setting("readiness.safety_signed_off_by", Kind("a name and job", "A. Person, designated safeguarding lead", kinds.text)),
    Setting("readiness.safety_signed_off_on", kinds.DAY),
    Setting("readiness.drill_on", kinds.DAY),
    Setting("readiness.letters_tried_on", kinds.DAY),
    Setting("readiness.dpia_reference", Kind("the reference of the assessment", "DPIA-2026-014", kinds.text)),
    Setting("readiness.bot_page", kinds.PAGE),
)
LISTS = ("people", "teams")
"""Given as tables in the file; in the environment as JSON (HEARD_PEOPLE, HEARD_TEAMS)."""
SECTIONS = tuple(dict.fromkeys(setting.path.partition(".")[0] for setting in SETTINGS if "." in setting.path))
BY_PATH = {setting.path: setting for setting in SETTINGS}
