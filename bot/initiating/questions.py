"""What is asked, chapter by chapter. Why it is asked stands in heard.example.toml."""

from bot.initiating.asking import Question
from casework.council import Contacts, Council

_COUNCIL = Council()
_CONTACTS = Contacts()

COUNCIL = (
    Question("council.name", "Name of the council"),
    Question("council.service_name", "Name of the service, neutral: it is seen on locked screens", _COUNCIL.service_name),
    Question("nation", "Nation", "england"),
    Question("council.environment", "Word that marks a trial", "test", is_optional=True),
)
HOURS = (
    Question("from_address", "Address of the service"),
    Question("council.opens_at", "Somebody is at work from", f"{_COUNCIL.opens_at:%H:%M}"),
    Question("council.closes_at", "until", f"{_COUNCIL.closes_at:%H:%M}"),
    Question("council.read_by_working_days", "A person reads within so many working days", str(_COUNCIL.read_by_working_days)),
    Question("council.reminders_at", "Reminders to staff at", f"{_COUNCIL.reminders_at:%H:%M}"),
    Question("council.digest_weekday", "Weekly digest on", "monday"),
    Question("council.digest_at", "at", f"{_COUNCIL.digest_at:%H:%M}"),
)
NUMBERS = (
    Question("contacts.phone", "Telephone by day"),
    Question("contacts.hours", "Its hours, in words", _CONTACTS.hours),
    Question("contacts.night_phone", "Telephone at night, at weekends, on bank holidays"),
)
HELPLINES = (
    Question("contacts.advocate_name", "Who gives an advocate", _CONTACTS.advocate_name),
    Question("contacts.advocate_phone", "Their telephone", _CONTACTS.advocate_phone),
    Question("contacts.ombudsman_phone", "Telephone of the Ombudsman", _CONTACTS.ombudsman_phone),
)
CHECKED = Question("contacts.checked_on", "All these numbers were last rung on (YYYY-MM-DD)", is_optional=True)
POLICY = Question("contacts.policy_url", "Page on which everybody can read the complaints procedure", is_optional=True)
MONITORING_OFFICER = Question(
    "council.monitoring_officer",
    "Who decides where every officer is complained about (the monitoring officer: one of these addresses)",
    is_optional=True,
)
DUTY = Question("duty_address", "Who hears of an alert, at any hour (addresses, with commas)")
SECOND_ROUTE = (
    Question("alarms.command", "Command that alerts by another route", is_optional=True),
    Question("alarms.webhook", "or an address to call (webhook)", is_optional=True),
)
DATABASE = Question("database.url", "Database", "sqlite:///heard.db")
MAILBOX = (
    Question("mailbox.host", "Server of the mailbox (IMAP)"),
    Question("mailbox.tls", "TLS", "implicit"),
)
SIGN_IN = (
    Question("oauth.provider", "Who signs in", "microsoft"),
    Question("oauth.tenant", "Tenant", is_optional=True),
    Question("oauth.client_id", "Number of the application"),
)
MAILBOX_FOLDER = Question("mailbox.folder", "Folder", "INBOX")
BOUNDARY = Question("mailbox.authserv_id", "Whose verdict on senders is believed", is_optional=True)
DPIA = Question("readiness.dpia_reference", "Reference of the assessment", is_optional=True)
BOT_PAGE = Question("readiness.bot_page", "Page of your site that names the bot (16 and over)", is_optional=True)
SIGNED_BY = Question("readiness.safety_signed_off_by", "Signed off by (name and job)", is_optional=True)
SIGNED_ON = Question("readiness.safety_signed_off_on", "on (YYYY-MM-DD)", is_optional=True)
DRILL = Question("readiness.drill_on", "An alert was last rehearsed on (YYYY-MM-DD)", is_optional=True)

FIRST_TIME_DEFAULTS = (*COUNCIL, *HOURS, DATABASE)
"""What `--defaults` takes where nothing else is said."""
