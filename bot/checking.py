"""`heard check`: everything that must be right before the doors open, looked at for real."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.service import mailbox_access, office_of, smtp_access, telegram_access
from bot.settings import Settings
from notifications.wires import WireError, look_at_bot, look_at_mailbox, look_at_smtp
from procedures.rulebook import read_rulebook
from procedures.working_days import date_at_the_desk
from storage.migrating import SchemaState, SchemaTrouble, ensure_current, schema_state
from storage.unit_of_work import open_memory

NUMBERS_AGE = timedelta(days=60)
"""A telephone number that nobody looked at for longer is to be checked (people-and-safety.md D20)."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: ok, warning or failed, and in words what to do."""

    what: str
    result: str
    words: str


async def check_everything(settings: Settings, now: datetime) -> list[Finding]:
    """Look at each thing; one that fails does not keep the next from being looked at."""
    found = [Finding("settings", "warning", warning) for warning in settings.warnings] or [
        Finding("settings", "ok", "no mistakes")
    ]
    found += [finding async for finding in _database(settings, now)]
    found += [finding async for finding in _wires(settings)]
    found += _people(settings)
    found += _readiness(settings, now)
    return found


async def _database(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    try:
        await ensure_current(settings.database_url)
    except SchemaTrouble as problem:
        yield Finding("database", "failed", str(problem))
        return
    memory = open_memory(settings.database_url)
    try:
        state = await schema_state(memory)
        yield Finding("database", "ok" if state is SchemaState.CURRENT else "failed", f"schema is {state.value}")
        office = await office_of(settings, memory)
    finally:
        await memory.close()
    yield Finding("law book", "ok", f"{len(read_rulebook().clocks)} clocks, each with its authority")
    left = (office.calendar.known_until - date_at_the_desk(now)).days
    is_enough = left >= settings.alarms.calendar_ends_within_days
    words = f"bank holidays known until {office.calendar.known_until:%d %B %Y}"
    yield Finding(
        "calendar", "ok" if is_enough else "failed", words if is_enough else f"{words}: upgrade before deadlines reach that day"
    )


async def _wires(settings: Settings) -> AsyncIterator[Finding]:
    looks: list[tuple[str, object, Callable[[], Awaitable[str]]]] = [
        ("mailbox", settings.mailbox, lambda: look_at_mailbox(mailbox_access(settings))),
        ("mail server", settings.smtp, lambda: look_at_smtp(smtp_access(settings))),
        ("Telegram", settings.telegram, lambda: look_at_bot(telegram_access(settings))),
    ]
    for name, there, look in looks:
        if there is None:
            yield Finding(name, "warning", "not set up")
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
        ("night number", bool(contacts.night_phone), contacts.night_phone, "there is no night number"),
    ]
    if settings.telegram is not None:
        wanted.append(
            ("DPIA", bool(ready.dpia_reference), ready.dpia_reference, "the chat needs a data protection impact assessment")
        )
    looked = contacts.checked_on
    is_fresh = looked is not None and date_at_the_desk(now) - looked <= NUMBERS_AGE
    wanted.append(("numbers", is_fresh, f"checked on {looked}", "ring each telephone number, then set contacts.checked_on"))
    return [Finding(what, "ok" if done else "warning", yes if done else no) for what, done, yes, no in wanted]
