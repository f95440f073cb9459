"""What `run` does once the settings are read. It imports all that runs, so that nothing is left to be made after the start."""

import asyncio
import os
import signal
import threading

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot.alone import NotAlone, alone_with
from bot.cli.common import Answer, Exit
from bot.doors import CannotOpen
from bot.logs import uncaught_in_loop
from bot.office import office_of
from bot.service import Service, WallClock
from bot.settings import Settings
from storage import heartbeats, presence
from storage.erasing import require_key
from storage.migrating import ensure_current, sqlite_file
from storage.presence import NotPresent
from storage.unit_of_work import Memory, open_memory

FORGET_WITHIN_SECONDS = 1.0
LEAVE_WITHIN_SECONDS = 9.0
"""After SIGTERM, when the service has let go of its work already: a server that does not say goodbye is left standing."""


async def serve(settings: Settings) -> None:
    """Run the service until it is told to stop."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(uncaught_in_loop)
    await _require_own_sessions(settings.database_url)
    await ensure_current(settings.database_url)
    memory = open_memory(settings.database_url)
    try:
        async with memory.reading() as uow:
            await require_key(uow, settings.erasure_key)
        with alone_with(sqlite_file(settings.database_url)):
            service = Service(settings, memory, await office_of(settings, memory), WallClock())
            for name in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(name, _stop, service.stop)
            await service.run()
            await _forget_heartbeats(memory)
    except (NotAlone, CannotOpen) as problem:
        raise Answer(str(problem)) from None
    except NotPresent:
        raise Answer("The database does not answer. Nothing was started. `heard check` says more.", Exit.TRY_LATER) from None
    finally:
        await memory.close()


async def _require_own_sessions(url: str) -> None:
    if make_url(url).get_backend_name() != "postgresql":
        return  # PostgreSQL's driver takes as long to load as a tenth of a start
    from storage.pooling import SessionsShared, require_own_sessions

    try:
        await require_own_sessions(url)
    except SessionsShared as problem:
        raise Answer(f"The database cannot be used: {problem}. Nothing was started.") from None


def _stop(stop: asyncio.Event) -> None:
    """Ask the service to end, and see to it that it does. What is still open then is as safe as after a crash."""
    if not stop.is_set():
        stop.set()
        watchdog = threading.Timer(LEAVE_WITHIN_SECONDS, os._exit, [Exit.DONE])
        watchdog.daemon = True
        watchdog.start()


async def _forget_heartbeats(memory: Memory) -> None:
    """What has stopped is not well: `health` should say so at once, not when the last turn has grown old."""
    try:
        async with asyncio.timeout(FORGET_WITHIN_SECONDS), memory.unit_of_work() as uow:
            if memory.is_sqlite or not await presence.at_work(uow):
                await heartbeats.forget(uow)
    except (TimeoutError, OSError, DBAPIError):
        return  # the database is busy or gone: the heartbeats grow old by themselves
