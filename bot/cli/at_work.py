"""Where a command works: the settings, the open memory and the office."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.cli.accounts import NotTheirAccount, account, who_acts
from bot.cli.common import Answer, who_is_there
from bot.office import office_of
from bot.settings import Settings, load
from casework.office import Office
from storage.migrating import ensure_current
from storage.unit_of_work import Memory, open_memory


@dataclass(frozen=True)
class At:
    """Where and when a command works."""

    settings: Settings
    memory: Memory
    office: Office
    now: datetime


@asynccontextmanager
async def at_work(settings: Settings | None = None) -> AsyncIterator[At]:
    """Open what the settings name, on behalf of who runs the command: what is kept from them is not shown (`storage.walls`).

    A fresh SQLite file is made and migrated on first use; another schema is refused.
    """
    settings = settings or load(doors=False)
    await ensure_current(settings.database_url)
    try:
        person = who_acts(settings.council, who_is_there(), account(), account(os.environ))
    except NotTheirAccount as problem:
        raise Answer(str(problem)) from None
    memory = replace(open_memory(settings.database_url), person=person.address.lower() if person else "")
    try:
        yield At(settings, memory, await office_of(settings, memory), datetime.now(UTC))
    finally:
        await memory.close()
