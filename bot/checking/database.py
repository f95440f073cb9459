"""How the database stands, and where each door would read on."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError

from bot.checking.finding import Finding, failed, ok, warning
from bot.logs import where
from bot.office import office_of
from bot.settings import Settings
from casework.office import Office
from casework.recounting import those_not_counted
from procedures.working_days import LONDON, WorkingCalendar
from storage import inbound, pooling
from storage.holding import standing_hold
from storage.migrating import SchemaState, SchemaTrouble, require_current, schema_state, sqlite_file
from storage.unit_of_work import Memory, open_memory
from storage.walls import all_walls

REFUSALS = {
    "3D000": "there is no such database on the server: make it, or change database.url",
    "28000": "the server does not let this user in: look at the user in database.url and at pg_hba.conf",
    "28P01": "the server does not accept this user's password",
    "42P05": pooling.WORDS,
    "26000": pooling.WORDS,
    "42501": "this user may not use the tables",
}
"""What PostgreSQL says by SQLSTATE that no second try mends."""
NAMED = 10
"""Cases that one line names."""
DAMAGED = "the file is damaged, or is no database: put back a copy (docs/operating.md, Backup)"


@dataclass(frozen=True)
class Stands:
    """What was found of the database."""

    finding: Finding
    calendar: WorkingCalendar | None = None
    """With the council's own days, if they can be read."""
    cases: Finding | None = None
    """Open cases whose dates cannot be counted; none where all can."""
    read_until: dict[str, int] | None = field(default_factory=dict)
    """How far each door that was opened before has been read, by its name; None when nobody can say."""


async def look_at_database(settings: Settings) -> Stands:
    """Open it, as `run` would, and change nothing."""
    file = sqlite_file(settings.database_url)
    memory = open_memory(settings.database_url)
    try:
        if file is not None and (trouble := _no_place_for(file)):
            return Stands(failed("database", trouble), read_until=None)
        await pooling.require_own_sessions(settings.database_url)
        state = await schema_state(memory)
        if state is SchemaState.MISSING and file is not None:
            return Stands(ok("database", "it is made on first use"))
        require_current(state)
        office = await office_of(settings, memory)
        finding = await _hold(memory) or ok("database", "its tables are those of this version")
        return Stands(finding, office.calendar, await _uncounted(memory, office), await _read_until(settings, memory))
    except (SchemaTrouble, pooling.SessionsShared) as problem:
        return Stands(failed("database", str(problem)), read_until=None)
    except (SQLAlchemyError, OSError) as problem:
        words = why_refused(problem) or f"it cannot be used just now: {where(problem)}"
        return Stands(failed("database", words), read_until=None)
    finally:
        await memory.close()


async def _hold(memory: Memory) -> Finding | None:
    async with memory.reading() as uow:
        standing = await standing_hold(uow)
    if standing is None:
        return None
    since = f"{standing.since.astimezone(LONDON):%d %B %Y %H:%M}"
    return warning("database", f"a restore holds the outbox since {since}, nothing leaves: heard outbox release --show")


async def _uncounted(memory: Memory, office: Office) -> Finding | None:
    """Open cases that no recount reaches, each with why: a day of theirs lies beyond the calendar."""
    found = await those_not_counted(memory, office)
    if not found:
        return None
    async with memory.reading() as uow:
        around = await all_walls(uow)
    # Nobody says here who they are: a case that is kept from somebody is counted, and not named.
    named = [f"{one.case.reference}: {one.words}" for one in found if not around.get(one.case.reference)][:NAMED]
    more = [f"and {len(found) - len(named)} more"] if len(found) > len(named) else []
    return warning(
        "open cases", f"the dates of {len(found)} cannot be counted, and stay as they are: {'; '.join([*named, *more])}"
    )


async def _read_until(settings: Settings, memory: Memory) -> dict[str, int]:
    async with memory.reading() as uow:
        rows = {name: await inbound.door(uow, name) for name in door_names(settings).values()}
    return {name: row.position for name, row in rows.items() if row is not None}


def door_names(settings: Settings) -> dict[str, str]:
    """The name under which the memory knows each door that is set up."""
    mailbox, telegram = settings.mailbox, settings.telegram
    names = {}
    if mailbox is not None:
        names["mailbox"] = f"mailbox:{mailbox.user}@{mailbox.host}/{mailbox.folder}"
    if telegram is not None:
        names["telegram"] = f"telegram:{telegram.token.partition(':')[0]}"
    return names


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
