"""Telegram as a way in: our own loop over getUpdates, whose offset moves only after our commit.

The library's `Updater` confirms what it has only in memory, and loses it in a crash.
"""

import json
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.doors import Batch, DoorTrouble, Position
from intake.arrival import Arrival, Wire
from notifications.wires import Bot, TelegramAccess, asked_to_wait, open_bot, why_out_of_reach

logger = logging.getLogger(__name__)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""Said with every call: at Telegram it sticks from the last one."""

NUMBERS_LAST_FOR = timedelta(days=6)
"""After a quiet week Telegram begins its update ids anew, perhaps lower: an old offset would throw them away unseen."""

UPDATES_A_TURN = 100

UNREADABLE = "unreadable"


class TelegramDoor:
    """One bot's updates. A position of another bot, or an old one, is not used: the ledger knows what came before."""

    def __init__(
        self, access: TelegramAccess, *, now: Callable[[], datetime], poll_seconds: float = 25, looks_first: bool = False
    ) -> None:
        self.name = f"telegram:{access.bot_id}"
        self._access = access
        self._now = now
        self._poll_seconds = poll_seconds
        self._waits_for = 0.0 if looks_first else poll_seconds
        self._stack = AsyncExitStack()
        self._bot: Bot | None = None

    async def close(self) -> None:
        """Let go of the wire."""
        self._bot = None
        await self._stack.aclose()

    async def fetch(self, after: Position | None) -> Batch:
        """At most 100 updates after a position, waiting for the first at most `poll_seconds`; asking for more confirms these.

        With `looks_first` the first fetch waits for nothing: a service that starts knows at once whether its door opens.
        """
        try:
            updates = await self._poll(self._offset(after))
        except TelegramError as error:
            raise trouble_of(error) from None
        self._waits_for = self._poll_seconds
        arrivals = tuple(arrival_of(update, self.name, self._now()) for update in updates)
        numbers = [arrival.position for arrival in arrivals if arrival.position]
        if not numbers:
            return Batch(arrivals, after)
        waiting = await self._waiting() - len(updates) if len(updates) == UPDATES_A_TURN else 0
        now = self._now()
        since = after.since if after and after.validity == self._access.bot_id else now
        return Batch(arrivals, Position(numbers[-1], self._access.bot_id, since=since, moved_at=now), max(waiting, 0))

    async def answer_button(self, press_id: str) -> bool:
        """Tell the app that the press arrived. False when it could not be told: it was too old, and nothing hangs on it."""
        try:
            return await (await self.bot()).answer_callback_query(press_id)
        except TelegramError as error:
            logger.info("button not answered reason=%s", type(error).__name__)
            return False

    async def leave(self, chat_id: int) -> bool:
        """Leave a group. False when that did not work; the next message from there is another occasion."""
        try:
            return await (await self.bot()).leave_chat(chat_id)
        except TelegramError as error:
            logger.warning("group not left reason=%s", type(error).__name__)
            return False

    async def bot(self) -> Bot:
        """The bot behind this door."""
        if self._bot is None:
            self._bot = await self._stack.enter_async_context(open_bot(self._access))
        return self._bot

    async def _waiting(self) -> int:
        """How many updates Telegram holds, those among them that were given and not confirmed."""
        try:
            return (await (await self.bot()).get_webhook_info()).pending_update_count
        except TelegramError:
            return 0  # it is only asked to be told of

    def _offset(self, after: Position | None) -> int | None:
        if after is None or after.validity != self._access.bot_id:
            return None
        return after.number + 1 if self._now() - after.moved_at <= NUMBERS_LAST_FOR else None

    async def _poll(self, offset: int | None) -> list[Any]:
        bot = await self.bot()
        try:
            return await bot.updates_as_sent(offset=offset, seconds=self._waits_for, kinds=KINDS)
        except Conflict:
            if not (await bot.get_webhook_info()).url:
                raise
        # Somebody tried a webhook with this bot. What waits behind it was written to us.
        logger.warning("webhook removed")
        await bot.delete_webhook(drop_pending_updates=False)
        return await bot.updates_as_sent(offset=offset, seconds=self._waits_for, kinds=KINDS)


def arrival_of(update: Any, door: str, now: datetime) -> Arrival:
    """An update as it came, whichever way: the same through polling and webhook. `door` is the name of the bot's door."""
    number = update.get("update_id") if isinstance(update, dict) else None
    number = number if isinstance(number, int) and not isinstance(number, bool) else None
    sent_at = _sent_at(update, now)
    is_readable = number is not None and sent_at is not None
    if not is_readable:
        logger.error("update not read")
    return Arrival(
        door,
        Wire.TELEGRAM,
        json.dumps(update).encode(),
        sent_at or now,
        position=number or 0,
        validity=door.partition(":")[2],
        problem="" if is_readable else UNREADABLE,
    )


def pressed(update: object) -> str:
    """The number of the press that an update tells of."""
    press = update.get("callback_query") if isinstance(update, dict) else None
    return str(press.get("id") or "") if isinstance(press, dict) else ""


def group_of(update: object) -> int:
    """The group that an update comes from, which we leave; 0 when it comes from one person's chat."""
    about = (update.get("message") or update.get("my_chat_member")) if isinstance(update, dict) else None
    chat = about.get("chat") if isinstance(about, dict) else None
    is_group = isinstance(chat, dict) and chat.get("type") in ("group", "supergroup", "channel")
    number = chat.get("id") if is_group and isinstance(chat, dict) else 0
    return number if isinstance(number, int) else 0


def _sent_at(update: Any, now: datetime) -> datetime | None:
    """When it was written, changed or done; now for a pressed button, of which Telegram tells no time. None when unreadable."""
    kind = next((kind for kind in KINDS if kind in update), None) if isinstance(update, dict) else None
    content = update[kind] if kind else None
    if not isinstance(content, dict):
        return None
    if kind == "callback_query":
        return now
    stamp = content.get("edit_date") or content.get("date")
    if isinstance(stamp, bool) or not isinstance(stamp, int):
        return None
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def trouble_of(error: TelegramError) -> DoorTrouble:
    """What went wrong at Telegram, in constant words."""
    match error:
        case RetryAfter():
            return DoorTrouble("telegram asked to wait", after_seconds=asked_to_wait(error))
        case Conflict():
            return DoorTrouble("telegram has another poller")
        case InvalidToken():
            return DoorTrouble("telegram refused the token: ask BotFather for the right one and set telegram.token")
        case BadRequest() | Forbidden():  # BadRequest is a NetworkError in this library: ask it first
            return DoorTrouble("telegram refused the call")
        case NetworkError():
            why = why_out_of_reach(error)
            return DoorTrouble(f"telegram unreachable{f': {why}' if why else ''}")
        case _:
            return DoorTrouble("telegram answered nonsense")
