"""Files that came through the chat are fetched after the commit that stored their message, and kept."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.downloads import NotDownloaded, TooBig, download
from casework.opening import task
from notifications.wires import Bot
from storage import cases
from storage.filing import Filing, write
from storage.tables import AttachmentRow, TaskKind
from storage.unit_of_work import Memory

log = logging.getLogger(__name__)

SOME = 4
TRIES = 8
"""Over about four hours; then a person asks for the file in another way."""


class FileKeeper:
    """Fetches what waits, a few files at a time."""

    def __init__(self, memory: Memory, bot: Callable[[], Awaitable[Bot]], now: Callable[[], datetime]) -> None:
        self._memory = memory
        self._bot = bot
        self._now = now

    async def fetch_some(self) -> bool:
        """One turn; says whether there may be more."""
        async with self._memory.reading() as uow:
            waiting = await cases.waiting_attachments(uow, self._now(), SOME)
        for row in waiting:
            await self._fetch(row)
        return len(waiting) == SOME

    async def _fetch(self, row: AttachmentRow) -> None:
        try:
            content = await download(await self._bot(), row.file_id)
        except TooBig:
            await self._keep(row, problem="too big to fetch", next_try_at=None)
        except NotDownloaded as error:
            tries = row.tries + 1
            is_over = error.permanent or tries >= TRIES
            later = self._now() + max(timedelta(seconds=error.after_seconds), timedelta(minutes=2 ** min(tries, 7)))
            problem = "could not be fetched" if is_over else ""
            await self._keep(row, tries=tries, problem=problem, next_try_at=None if is_over else later)
        else:
            await self._keep(row, content=content, size=len(content), problem="", next_try_at=None)

    async def _keep(self, row: AttachmentRow, **values: object) -> None:
        filing = Filing()
        filing.change(AttachmentRow, {"arrival_id": row.arrival_id, "number": row.number}, **values)
        async with self._memory.unit_of_work() as uow:
            if values.get("problem"):
                reference, now = await cases.case_of(uow, row.arrival_id), self._now()
                detail = f"a {row.kind} in the chat could not be fetched: ask for it again, another way if need be"
                key = f"file:{row.arrival_id}:{row.number}"
                filing.add(task(key, TaskKind.CANNOT_REACH, reference, now, now, detail))
            await write(uow, [filing])
        log.info("file kept kind=%s problem=%s", row.kind, values.get("problem") or "none")
