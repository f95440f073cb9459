"""Delivers updates to a webhook as Telegram does: again until somebody says 200, several at once, with the secret."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.rehearsal.errors import ApiError
from bot.rehearsal.updates import Hook, Json, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a name or a stand-in, and no secret
AGAIN_AFTER_SECONDS = 0.3
"""Telegram waits longer each time; a rehearsal has no time for that."""
ANSWERS_WITHIN_SECONDS = 30.0

A_LONG_TIME = 1e6
HERE = ("127.0.0.1", "localhost", "::1")
"""A rehearsal posts to this machine only."""


class Deliveries:
    """Runs as long as the server does; does something only while a webhook is set."""

    def __init__(self, updates: Updates, do: Callable[[str, Json], Any]) -> None:
        self._updates = updates
        self._do = do
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self.posts = 0
        """How often something was posted, repeats among them."""

    async def run(self, stopping: asyncio.Event) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWERS_WITHIN_SECONDS)) as session:
            try:
                while not stopping.is_set():
                    for update in self._due():
                        self._in_hand[id(update)] = asyncio.ensure_future(self._deliver(session, update))
                    await self._updates.changes.until(lambda: True if stopping.is_set() or self._due() else None, A_LONG_TIME)
            finally:
                for task in self._in_hand.values():
                    task.cancel()
                await asyncio.gather(*self._in_hand.values(), return_exceptions=True)

    def _due(self) -> list[Json]:
        hook = self._updates.hook
        if not hook.url or urlsplit(hook.url).hostname not in HERE:
            return []
        waiting = [update for update in self._updates.unconfirmed() if id(update) not in self._in_hand]
        return waiting[: max(hook.at_once - len(self._in_hand), 0)]

    async def _deliver(self, session: aiohttp.ClientSession, update: Json) -> None:
        hook = self._updates.hook
        try:
            if await self._is_taken(session, hook, update):
                self._updates.take_away(update)
            else:
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
        finally:
            self._in_hand.pop(id(update), None)
            self._updates.changes.tell()

    async def _is_taken(self, session: aiohttp.ClientSession, hook: Hook, update: Json) -> bool:
        self.posts += 1
        try:
            headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
            async with session.post(hook.url, json=update, headers=headers) as answer:
                said = await answer.read()
                if not answer.ok:
                    self._updates.failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                    return False
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._updates.failed(f"Connection failed: {type(error).__name__}")
            return False
        self._carry_out(said)
        return True

    def _carry_out(self, said: bytes) -> None:
        """One call may stand in the answer; nobody hears whether it worked."""
        try:
            call = json.loads(said) if said else {}
            if method := call.pop("method", ""):
                self._do(method, call)
        except (ValueError, AttributeError, ApiError):
            return
