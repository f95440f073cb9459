"""The Telegram wire: python-telegram-bot's `Bot`, kept from telling its token and what people wrote to the log."""

import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import telegram
from telegram.error import RetryAfter, TelegramError

from notifications.wires.access import TelegramAccess
from notifications.wires.http import Request

# httpx writes the address, and so the token, at INFO; the library writes whole updates at DEBUG.
for _logger in ("httpx", "httpcore", "telegram"):
    logging.getLogger(_logger).setLevel(logging.WARNING)

# Without it the library warns each time that somebody reads how long it was asked to wait.
os.environ.setdefault("PTB_TIMEDELTA", "true")

CALLS_AT_ONCE = 8


class Bot(telegram.Bot):
    """The library's bot, which asks and says what went wrong. `updates_as_sent` reads what comes, `say` sends what leaves."""

    def __repr__(self) -> str:
        return f"Bot({self.token.partition(':')[0]})"

    async def updates_as_sent(self, *, offset: int | None, seconds: float, kinds: Sequence[str], limit: int = 100) -> list[Any]:
        """One getUpdates, its answer as it came.

        The library's own `get_updates` reads them all as one: a single update that it cannot read loses the whole answer,
        and it writes that answer to the log.
        """
        asked = {"offset": offset, "limit": limit, "timeout": int(seconds), "allowed_updates": list(kinds)}
        given = await self._post("getUpdates", asked, read_timeout=seconds + 15)
        if not isinstance(given, list):
            raise TelegramError("Invalid server response")
        return given

    async def say(self, chat: int, text: str, *, buttons: Sequence[Sequence[tuple[str, str]]], is_silent: bool) -> int:
        """Send one message as plain text, with rows of buttons (label, payload); returns the number that Telegram gave it.

        Of the answer only that number is read: the library would make the whole message of it, which took as long as asking.
        """
        asked = _words(chat, text, buttons)
        asked |= {"disable_notification": True} if is_silent else {}
        given = await self._post("sendMessage", asked)
        number = given.get("message_id") if isinstance(given, dict) else None
        if not isinstance(number, int):
            raise TelegramError("Invalid server response")
        return number

    async def change(self, chat: int, number: int, text: str, *, buttons: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Put other words into a message of ours, with these buttons or none. An edit rings nowhere."""
        await self._post("editMessageText", {**_words(chat, text, buttons), "message_id": number})

    async def remove(self, chat: int, numbers: Sequence[int]) -> None:
        """Delete at most 100 messages of a private chat, theirs and ours; what is not there is passed over."""
        await self._post("deleteMessages", {"chat_id": chat, "message_ids": list(numbers)})


def _words(chat: int, text: str, buttons: Sequence[Sequence[tuple[str, str]]]) -> dict[str, Any]:
    rows = [[{"text": label, "callback_data": payload} for label, payload in row] for row in buttons]
    asked: dict[str, Any] = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
    return asked | ({"reply_markup": {"inline_keyboard": rows}} if rows else {})


@asynccontextmanager
async def open_bot(access: TelegramAccess) -> AsyncIterator[Bot]:
    """A bot ready for calls. Nothing is asked of Telegram yet, so that we can start while it is away."""
    polling, calls = Request(access, 2), Request(access, CALLS_AT_ONCE)
    address = access.api_url.rstrip("/")
    try:
        yield Bot(
            access.token,
            base_url=f"{address}/bot",
            base_file_url=f"{address}/file/bot",
            get_updates_request=polling,
            request=calls,
        )
    finally:
        await polling.shutdown()
        await calls.shutdown()


def asked_to_wait(error: RetryAfter) -> float:
    """How many seconds Telegram asked us to wait; the library gives a number or a timedelta."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
