"""`heard check`: everything that must be right before the doors open, looked at for real. Nothing is made or changed.

Only with `letters` something leaves: test letters of the service to itself.
"""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.access import mailbox_access, smtp_access
from bot.checking.database import look_at_database, why_refused
from bot.checking.finding import Finding, failed, grouped, ok, warning
from bot.checking.letters import look_at_outcomes, not_tried
from bot.checking.wires import look_at_the_scanner, look_at_wires
from bot.readiness import demands, is_live
from bot.settings import Settings, SettingsError, load
from bot.settings.reading import unwise
from bot.settings.sources import NO_FILE, VARIABLES, settings_file
from bot.trial_letters import Trial, TrialLetters
from casework.council import Contacts, Council
from notifications.wires import WireError, in_a_sentence
from procedures.rulebook import RulebookError, read_rulebook
from procedures.working_days import WorkingCalendar, date_at_the_desk

__all__ = ["Finding", "check_everything", "why_refused"]

NUMBERS_AGE = timedelta(days=60)
"""A telephone number that nobody looked at for longer is to be checked (people-and-safety.md D20)."""
HOURS_AGE = timedelta(days=90)
"""After this the hours are not to be said any more."""


async def check_everything(now: Callable[[], datetime], *, letters_for: float | None = None) -> list[Finding]:
    """Look at each thing; one that fails does not keep the next from being looked at.

    `letters_for`: send test letters, and wait so many seconds for them.
    """
    found, settings = _settings()
    if settings is None:
        return found
    today = date_at_the_desk(now())
    database = await look_at_database(settings)
    calendar = database.calendar or WorkingCalendar.of(settings.nation)
    law = [database.finding, _law_book(), _calendar(settings, calendar, today)]
    found += grouped("memory and law", [*law, database.cases] if database.cases else law)
    found += grouped("wires", await look_at_wires(settings, database.read_until, now))
    found += grouped("files", await look_at_the_scanner(settings.files.clamd))
    found += grouped("post", await _letters(settings, now, letters_for))
    found += grouped("people", [*_people(settings), *_about_us(settings.council)])
    found += grouped(
        "safety",
        [*_safety(settings, today), *_routes(settings), *_bot_page(settings), _numbers(settings.council.contacts, today)],
    )
    return found


def _settings() -> tuple[list[Finding], Settings | None]:
    """The settings as `run` would read them, secrets and all; with a mistake in the secrets only, the rest is looked at too."""
    try:
        settings = load()
    except SettingsError as problem:
        mistakes = grouped("settings", [failed("settings", mistake) for mistake in problem.mistakes])
        try:
            return mistakes, load(doors=False)
        except SettingsError:
            return mistakes, None
    elsewhere = unwise(settings)  # said below, with what to do
    warnings = [warning("settings", words) for words in settings.warnings if words not in elsewhere]
    return grouped("settings", [_file(), *(warnings or [ok("settings", "no mistakes")]), _trial_or_live(settings)]), settings


def _file() -> Finding:
    """Whoever forgot HEARD_SETTINGS looks at settings that are nobody's."""
    file = settings_file(os.environ)
    if file is not None:
        return ok("file", f"settings are read from {file.absolute()}")
    if VARIABLES.keys() & os.environ.keys():
        return ok("file", "there is none: settings are read from the environment alone")
    return warning("file", NO_FILE)


def _trial_or_live(settings: Settings) -> Finding:
    if is_live(settings):
        return ok("live", "people are really served: `heard run` opens the doors only when nothing under `safety` is missing")
    return ok("trial", "nobody is really served: council.environment says so, or every wire ends on this machine")


def _law_book() -> Finding:
    try:
        return ok("law book", f"{len(read_rulebook().clocks)} clocks, each with its authority")
    except RulebookError as problem:
        return failed("law book", str(problem))


def _calendar(settings: Settings, calendar: WorkingCalendar, today: date) -> Finding:
    words = f"bank holidays known until {calendar.known_until:%d %B %Y}"
    if (calendar.known_until - today).days >= settings.alarms.calendar_ends_within_days:
        return ok("calendar", words)
    return failed("calendar", f"{words}: upgrade before deadlines reach that day")


async def _letters(settings: Settings, now: Callable[[], datetime], letters_for: float | None) -> list[Finding]:
    if settings.mailbox is None:
        return []
    if letters_for is None or settings.smtp is None:
        return not_tried(settings, date_at_the_desk(now()))
    boundary = settings.mailbox.authserv_id
    with_token = [Trial.TOKEN] if settings.council.plus_addressing else []
    trials = [Trial.PLAIN, *with_token, *([Trial.FORGED] if boundary else [])]
    post = TrialLetters(
        mailbox_access(settings, now), smtp_access(settings, now), settings.council.from_address, now, letters_for
    )
    try:
        return look_at_outcomes(await post.send(trials, boundary), boundary)
    except WireError as problem:
        return [failed("letters", f"no test letter was sent: {in_a_sentence(problem)}")]


def _people(settings: Settings) -> list[Finding]:
    council, usual, found = settings.council, Council(), []
    if not council.officers:
        found.append(failed("people", "no complaints officer: nobody can confirm a route. Add [[people]] with role officer"))
    led = [team.name for team in council.teams if not team.manager]
    if led:
        found.append(warning("teams", f"nobody leads {', '.join(led)}: name a manager in [[teams]]"))
    if is_live(settings) and council.name == usual.name:
        found.append(warning("council", f"people would read {usual.name}: set council.name"))
    return found or [ok("people", f"{len(council.people)} people, {len(council.teams)} teams")]


def _about_us(council: Council) -> list[Finding]:
    """Who decides where every officer is named (practice.md §3); where everybody can read the procedure (Suffolk, 23 015 464)."""
    found = []
    if not council.monitoring_officer:
        words = "nobody decides where every officer is complained about: set council.monitoring_officer to one of [[people]]"
        found.append(warning("monitoring officer", words))
    if council.contacts.policy_url in ("", Contacts().policy_url):
        words = "the procedure is not published: acknowledgements name a made-up page. Set contacts.policy_url"
        found.append(warning("procedure page", words))
    return found


def _safety(settings: Settings, today: date) -> list[Finding]:
    """What practice asks for before the doors open to children (practice.md §2, §4)."""
    must = failed if is_live(settings) else warning
    found = []
    for one in demands(settings, today):
        missing = failed if one.what == "duty address" else must  # an alert that reaches nobody is broken in a trial, too
        found.append(ok(one.what, one.words) if one.is_met else missing(one.what, one.words))
    return found


def _bot_page(settings: Settings) -> list[Finding]:
    """A young person must be able to see that the bot is the council's (practice.md §4). A person looks: we fetch no page."""
    if settings.telegram is None:
        return []
    if page := settings.readiness.bot_page:
        return [ok("bot's page", f"{page} (look: it names the bot, and says 16 and over)")]
    words = "nobody can see that the bot is real: name it on a page of your own site (16 and over), and set readiness.bot_page"
    return [warning("bot's page", words)]


def _routes(settings: Settings) -> list[Finding]:
    """An alert goes by two routes (practice.md §2): email, and one that does not need the mail server."""
    names = [name for name in ("command", "webhook") if hasattr(settings.alarms, name)]
    if not names:
        return []
    if any(getattr(settings.alarms, name) for name in names):
        return [ok("second route", "alerts go by another route than email, too")]
    words = "alerts go by email only: set alarms.command or alarms.webhook, such as a phone rota's"
    return [warning("second route", words)]


def _numbers(contacts: Contacts, today: date) -> Finding:
    looked = contacts.checked_on
    if contacts.phone == Contacts().phone:
        return warning("numbers", "contacts.phone is a made-up number: people are told to call it")
    if looked is None or looked > today:
        return warning("numbers", "ring each telephone number, then set contacts.checked_on")
    if today - looked <= NUMBERS_AGE:
        return ok("numbers", f"checked on {looked}")
    hours = "; the hours may be wrong by now, too: contacts.hours" if today - looked > HOURS_AGE else ""
    return warning("numbers", f"last checked on {looked}: ring each, then set contacts.checked_on{hours}")
