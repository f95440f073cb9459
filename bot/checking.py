"""`heard check`: everything that must be right before the doors open, looked at for real. Nothing is made or changed."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError

from bot.access import mailbox_access, smtp_access, telegram_access
from bot.logs import where
from bot.office import office_of
from bot.settings import Settings, SettingsError, load
from casework.council import Contacts
from notifications.wires import WireError, look_at_bot, look_at_mailbox, look_at_smtp
from procedures.rulebook import RulebookError, read_rulebook
from procedures.working_days import WorkingCalendar, date_at_the_desk
from storage.migrating import SchemaState, SchemaTrouble, require_current, schema_state, sqlite_file
from storage.unit_of_work import open_memory

NUMBERS_AGE = timedelta(days=60)
"""A telephone number that nobody looked at for longer is to be checked (people-and-safety.md D20)."""


REFUSALS = {
    "3D000": "there is no such database on the server: make it, or change database.url",
    "28000": "the server does not let this user in: look at the user in database.url and at pg_hba.conf",
    "28P01": "the server does not accept this user's password",
    "42501": "this user may not use the tables",
}
"""What PostgreSQL says by SQLSTATE that no second try mends."""
DAMAGED = "the file is damaged, or is no database: put back a copy (docs/operating.md, Backup)"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: ok, warning or failed, and in words what to do."""

    what: str
    result: str
    words: str


async def check_everything(now: datetime) -> list[Finding]:
    """Look at each thing; one that fails does not keep the next from being looked at."""
    found, settings = _settings()
    if settings is None:
        return found
    calendar = WorkingCalendar.of(settings.nation)
    async for finding, ours in _database(settings):
        found.append(finding)
        calendar = ours or calendar
    found += [_law_book(), _calendar(settings, calendar, now)]
    found += [finding async for finding in _wires(settings)]
    found += _people(settings)
    found += _readiness(settings, now)
    return found


def _settings() -> tuple[list[Finding], Settings | None]:
    """The settings as `run` would read them, secrets and all; with a mistake in the secrets only, the rest is looked at too."""
    try:
        settings = load()
    except SettingsError as problem:
        mistakes = [Finding("settings", "failed", mistake) for mistake in problem.mistakes]
        try:
            return mistakes, load(doors=False)
        except SettingsError:
            return mistakes, None
    warnings = [Finding("settings", "warning", warning) for warning in settings.warnings]
    return warnings or [Finding("settings", "ok", "no mistakes")], settings


async def _database(settings: Settings) -> AsyncIterator[tuple[Finding, WorkingCalendar | None]]:
    """How the database stands, and the calendar with the council's own days if they can be read."""
    file = sqlite_file(settings.database_url)
    memory = open_memory(settings.database_url)
    try:
        if file is not None and (trouble := _no_place_for(file)):
            yield Finding("database", "failed", trouble), None
            return
        state = await schema_state(memory)
        if state is SchemaState.MISSING and file is not None:
            yield Finding("database", "ok", "it is made on first use"), None
            return
        require_current(state)
        office = await office_of(settings, memory)
        yield Finding("database", "ok", "its tables are those of this version"), office.calendar
    except SchemaTrouble as problem:
        yield Finding("database", "failed", str(problem)), None
    except (SQLAlchemyError, OSError) as problem:
        yield Finding("database", "failed", why_refused(problem) or f"it cannot be used just now: {where(problem)}"), None
    finally:
        await memory.close()


def why_refused(problem: BaseException) -> str:
    """Why a database cannot be used, where trying again would not help; else nothing."""
    if not isinstance(problem, DBAPIError):
        return ""
    if type(problem) is DatabaseError and hasattr(problem.orig, "sqlite_errorname"):
        return DAMAGED
    return REFUSALS.get(str(getattr(problem.orig, "sqlstate", None)), "")


def _no_place_for(file: Path) -> str:
    """Why the service could not write to an SQLite file, or nothing. Its journals stand beside it."""
    if not file.absolute().parent.is_dir():
        return f"the folder of {file} does not exist: make it, or change database.url"
    places = [file.absolute().parent, *([file] if file.exists() else [])]
    shut = [place for place in places if not os.access(place, os.W_OK)]
    return f"this user may not write to {shut[0]}" if shut else ""


def _law_book() -> Finding:
    try:
        return Finding("law book", "ok", f"{len(read_rulebook().clocks)} clocks, each with its authority")
    except RulebookError as problem:
        return Finding("law book", "failed", str(problem))


def _calendar(settings: Settings, calendar: WorkingCalendar, now: datetime) -> Finding:
    left = (calendar.known_until - date_at_the_desk(now)).days
    words = f"bank holidays known until {calendar.known_until:%d %B %Y}"
    if left >= settings.alarms.calendar_ends_within_days:
        return Finding("calendar", "ok", words)
    return Finding("calendar", "failed", f"{words}: upgrade before deadlines reach that day")


async def _wires(settings: Settings) -> AsyncIterator[Finding]:
    looks: list[tuple[str, object, str, Callable[[], Awaitable[str]]]] = [
        ("mailbox", settings.mailbox, "email is not read", lambda: look_at_mailbox(mailbox_access(settings))),
        ("mail server", settings.smtp, "no letter and no alert leaves", lambda: look_at_smtp(smtp_access(settings))),
        ("Telegram", settings.telegram, "there is no chat", lambda: look_at_bot(telegram_access(settings))),
    ]
    if settings.mailbox is None and settings.telegram is None:
        yield Finding("doors", "failed", "there is none: set a mailbox or a bot, or `heard run` will not start")
    for name, there, without, look in looks:
        if there is None:
            yield Finding(name, "warning", f"not set up: {without}")
            continue
        try:
            yield Finding(name, "ok", await look())
        except WireError as problem:
            yield Finding(name, "failed", str(problem))


def _people(settings: Settings) -> list[Finding]:
    council = settings.council
    found = []
    if not council.officers:
        found.append(
            Finding("people", "failed", "no complaints officer: nobody can confirm a route. Add [[people]] with role officer")
        )
    if not council.duty_addresses:
        found.append(Finding("duty address", "failed", "a safety alert would reach nobody: set duty_address"))
    return found or [Finding("people", "ok", f"{len(council.people)} people, {len(council.duty_addresses)} duty addresses")]


def _readiness(settings: Settings, now: datetime) -> list[Finding]:
    """What practice asks for before the doors open to children (practice.md §2, §4)."""
    ready, contacts = settings.readiness, settings.council.contacts
    wanted = [
        (
            "safety words",
            bool(ready.safety_signed_off_by),
            "signed off",
            "the safeguarding lead has not signed the safety words off",
        ),
        (
            "drill",
            ready.drill_on is not None,
            f"last on {ready.drill_on}",
            "no alert was ever rehearsed: do it, out of hours too",
        ),
        (
            "night number",
            contacts.night_phone not in ("", Contacts().night_phone),
            contacts.night_phone,
            "who answers at night? Set contacts.night_phone",
        ),
    ]
    if settings.telegram is not None:
        wanted.append(
            ("DPIA", bool(ready.dpia_reference), ready.dpia_reference, "the chat needs a data protection impact assessment")
        )
    looked = contacts.checked_on
    is_fresh = looked is not None and date_at_the_desk(now) - looked <= NUMBERS_AGE
    wanted.append(("numbers", is_fresh, f"checked on {looked}", "ring each telephone number, then set contacts.checked_on"))
    return [Finding(what, "ok" if done else "warning", yes if done else no) for what, done, yes, no in wanted]
